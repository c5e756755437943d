"""Entries in forms: listed, written, deleted; two who edit at once; questions without an answer. Through the HTTP door."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import httpx
import pytest

from bot.conversation.records import Author
from knowledge.catalog import AvailabilityState, OfferPatch, Product
from knowledge.documents import document_of
from knowledge.faq import FaqEntry
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Body, DocumentKind
from tests.builders import a_product
from tests.unit.bot.consoles.conftest import Browser, House

ENTRIES = "/console/tea/entries"
SHIPPING = {
    "id": "ship-1",
    "question:en": "Do you ship abroad?",
    "also_asked:en": "Can you send it to France?\n\n Overseas delivery? \nOverseas delivery?",
    "answer:en": "Yes, everywhere.",
    "question:zh": "能寄到国外吗？",
    "answer:zh": "可以。",
    "category": "Shipping",
    "approved": "1",
    "owner": "Mei",
    "review_by": "2026-03-01",
    "effective_from": "2026-03-01T08:00",
}


def fields_of(page: str, action: str) -> dict[str, str]:
    """What the form that is sent to `action` would send untouched."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if f'action="{action}"' in one and 'name="expected"' in one)
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ("checkbox" not in tag or " checked" in tag):
            found[unescape(name[1])] = unescape(value[1])
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S):
        found[unescape(name)] = unescape(text)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        if chosen:
            found[name] = unescape(chosen[1])
    del found["csrf"]  # each browser sends its own
    return found


async def body_of(house: House, kind: DocumentKind, id: str) -> Body | None:
    found = await house.knowledge.document("s1", await house.knowledge.newest("s1"), kind, id)
    return found.body if found else None


async def saved(browser: Browser, path: str, **fields: str) -> httpx.Response:
    response = await browser.post(path, follow=True, **fields)
    assert response.status_code == 200, response.text
    return response


async def test_a_question_is_written_found_and_changed_in_the_draft(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await saved(browser, f"{ENTRIES}/new/faq", **SHIPPING)
    assert "Saved in the draft" in page.text and "mei@tea.example" in page.text
    faq = await body_of(house, DocumentKind.FAQ, "ship-1")
    assert isinstance(faq, FaqEntry) and faq.approved and faq.category == "Shipping"
    assert faq.question == {"en": "Do you ship abroad?", "zh": "能寄到国外吗？"}
    assert faq.also_asked == {"en": ("Can you send it to France?", "Overseas delivery?")}
    assert (await house.knowledge.state("s1")).revision == 1, "nothing is published"
    listed = (await browser.get(f"{ENTRIES}?text=overseas&kind=faq")).text
    assert "ship-1" in listed and "ship-1" not in (await browser.get(f"{ENTRIES}?text=giraffe")).text

    path = f"{ENTRIES}/faq/ship-1"
    fields = fields_of(page.text, path)
    assert fields["effective_from"] == "2026-03-01T08:00" and fields["owner"] == "Mei"
    edits = (await house.knowledge.draft("s1")).edits  # type: ignore[union-attr]
    await saved(browser, path, **fields)
    assert (await house.knowledge.draft("s1")).edits == edits, "saved untouched, nothing was written"  # type: ignore[union-attr]
    assert await house.knowledge.document("s1", 1, DocumentKind.FAQ, "ship-1") is None
    await house.knowledge.publish("s1")
    page = await saved(browser, path, **{**fields, "answer:en": "Yes, to most countries."})
    assert "<ins>to most countries</ins>" in page.text or "<ins>Yes, to most countries.</ins>" in page.text
    assert "review due" in (await browser.get(f"{ENTRIES}?stale=1")).text
    assert "entry.put" in [one.what for one in await house.staff.audits("s1")]


async def test_two_who_edit_at_once_lose_nothing(house: House) -> None:
    first, second = await house.signed_in("admin"), await house.signed_in("admin", email="bo@tea.example", name="Bo")
    page, path = await saved(first, f"{ENTRIES}/new/faq", **SHIPPING), f"{ENTRIES}/faq/ship-1"
    fields = fields_of(page.text, path)
    await saved(second, path, **{**fields, "answer:en": "Bo says yes."})
    late = await first.post(path, **{**fields, "answer:en": "Mei says no."})
    assert late.status_code == 412 and "Somebody changed this entry" in late.text
    assert "Mei says no." in late.text and "bo@tea.example" in late.text and "<del>Bo" in late.text
    faq = await body_of(house, DocumentKind.FAQ, "ship-1")
    assert isinstance(faq, FaqEntry) and faq.answer["en"] == "Bo says yes."
    await saved(first, path, **fields_of(late.text, path))
    faq = await body_of(house, DocumentKind.FAQ, "ship-1")
    assert isinstance(faq, FaqEntry) and faq.answer["en"] == "Mei says no."

    assert (await second.post(path, do="delete", expected=fields["expected"])).status_code == 412
    fresh = fields_of((await second.get(path)).text, path)
    gone = await second.post(path, do="delete", expected=fresh["expected"])
    assert gone.status_code == 200 and await body_of(house, DocumentKind.FAQ, "ship-1") is None
    late = await first.post(path, **fresh)
    assert late.status_code == 412 and "deleted this entry" in late.text
    await saved(first, f"{ENTRIES}/new/faq", **fields_of(late.text, f"{ENTRIES}/new/faq"))
    assert await body_of(house, DocumentKind.FAQ, "ship-1") is not None
    taken = await first.post(f"{ENTRIES}/new/faq", **{**SHIPPING, "answer:en": "Overwritten?"})
    assert taken.status_code == 412 and "of this id already" in taken.text
    taken = await first.post(f"{ENTRIES}/new/faq", **fields_of(taken.text, f"{ENTRIES}/new/faq"))
    assert taken.status_code == 412, "an id that is taken is never overwritten by repeating"


async def test_what_is_wrong_is_said_and_what_was_typed_stays(house: House) -> None:
    browser = await house.signed_in("admin")
    wrong = await browser.post(f"{ENTRIES}/new/faq?lang=zh", **{"question:en": "A <b>question</b>?", "effective_from": "x"})
    assert wrong.status_code == 422 and "A &lt;b&gt;question&lt;/b&gt;?" in wrong.text
    assert "请至少用一种语言填写答案" in wrong.text
    until = {"question:en": "Q", "answer:en": "A", "effective_from": "2026-03-02T00:00", "effective_until": "2026-03-01T00:00"}
    wrong = await browser.post(f"{ENTRIES}/new/faq?lang=en", **until)
    assert wrong.status_code == 422 and "must come after the beginning" in wrong.text
    wrong = await browser.post(f"{ENTRIES}/new/promotion", **{"id": "TEA", "title:en": "Tea", "percent_off": "5", "minimum": "lots"})
    assert wrong.status_code == 422 and "Write one amount as digits" in wrong.text
    wrong = await browser.post(f"{ENTRIES}/new/promotion", **{"title:en": "Tea", "percent_off": "5"})
    assert wrong.status_code == 422 and "Give it an id" in wrong.text
    wrong = await browser.post(f"{ENTRIES}/new/product", **{"title:en": "Cup", "variant:0:sku": "k-1", "id": "cup"})
    assert wrong.status_code == 422 and "Another product has this SKU" in wrong.text
    wrong = await browser.post(f"{ENTRIES}/new/policy", title="Returns", language="en", topic="returns")
    assert wrong.status_code == 422 and "at least one section" in wrong.text
    assert (await browser.get(f"{ENTRIES}/faq/never")).status_code == 404
    assert await house.knowledge.draft("s1") is None


async def test_promotions_and_policies_keep_what_their_forms_do_not_show(house: House) -> None:
    browser = await house.signed_in("admin")
    given = {
        "id": "TEA/10 %", "title:en": "Tea week", "percent_off": "10%", "minimum": "50", "minimum:currency": "eur", "skus": "K-1",
        "audience": "new customers", "starts": "2026-03-01T00:00", "ends": "2026-03-08T00:00",
    }  # fmt: skip
    page = await saved(browser, f"{ENTRIES}/new/promotion", **given)
    promotion = await body_of(house, DocumentKind.PROMOTION, "TEA/10 %")
    assert isinstance(promotion, Promotion) and str(promotion.percent_off) == "10" and promotion.skus == ("K-1",)
    assert promotion.minimum is not None and (promotion.minimum.minor, promotion.minimum.currency) == (5000, "EUR")
    assert promotion.audience == "new customers" and promotion.starts is not None and promotion.starts.day == 1
    path = f"{ENTRIES}/promotion/TEA%2F10%20%25"
    assert page.url.raw_path.decode().startswith(path)
    await saved(browser, path, **fields_of(page.text, path))
    assert await body_of(house, DocumentKind.PROMOTION, "TEA/10 %") == promotion

    page = await saved(
        browser,
        f"{ENTRIES}/new/policy",
        **{
            "id": "returns.en.md",
            "title": "Returns",
            "language": "en",
            "topic": "returns",
            "section:0:heading": "How long",
            "section:0:text": "30 days.",
        },
    )
    path = f"{ENTRIES}/policy/returns.en.md"
    fields = fields_of(page.text, path)
    await saved(
        browser, path, **{**fields, "section:1:heading": "How long", "section:1:text": "## Not a heading", "section:0:text": "14 days."}
    )
    policy = await body_of(house, DocumentKind.POLICY, "returns.en.md")
    assert isinstance(policy, Policy) and [one.anchor for one in policy.sections] == ["how-long", "how-long-2"]
    assert [one.text for one in policy.sections] == ["14 days.", "## Not a heading"]


async def test_a_product_is_described_in_the_draft_and_priced_at_once(house: House) -> None:
    browser, path = await house.signed_in("admin"), f"{ENTRIES}/product/k-1"
    before = await body_of(house, DocumentKind.PRODUCT, "k-1")
    assert isinstance(before, Product)
    fields = fields_of((await browser.get(path)).text, path)
    assert "variant:0:price" not in fields, "what is on sale is priced at once, further down"
    await saved(browser, path, **fields)
    assert await body_of(house, DocumentKind.PRODUCT, "k-1") == before, "what the form does not show stays"
    new = {
        "attribute:0:language": "en", "attribute:0:name": "Material", "attribute:0:value": "copper",
        "attribute:1:language": "zh", "attribute:1:name": "材质", "attribute:1:value": "铜", "goes_with": "k-1",
        "variant:1:sku": "K-9", "variant:1:price": "¥12.5", "variant:1:stock": "2", "variant:1:options:en": "Size = L\nColour: red",
    }  # fmt: skip
    await saved(browser, path, **{**fields_of((await browser.get(path)).text, path), **new})
    product = await body_of(house, DocumentKind.PRODUCT, "k-1")
    assert isinstance(product, Product) and product.goes_with == ("k-1",)
    assert {(one.name, one.value, one.language) for one in product.attributes} == {("Material", "copper", "en"), ("材质", "铜", "zh")}
    assert [one.sku for one in product.variants] == [*(one.sku for one in before.variants), "K-9"]
    added = product.variants[-1]
    assert added.offer.regular is not None and (added.offer.regular.text, added.offer.regular.currency) == ("12.50", "CNY")
    assert [(one.name, one.value) for one in added.options] == [("Size", "L"), ("Colour", "red")] and added.availability.quantity == 2

    sent = fields_of_offers((await browser.get(path)).text)
    page = await saved(browser, path, do="offers", **{**sent, "offer:0:price": "39.90", "offer:0:stock": "3"})
    live = (await house.knowledge.offers("s1", ["K-1"]))["K-1"]
    paid = live.offer.paid(house.clock())
    assert paid and paid.text == "39.90" and live.availability.quantity == 3 and "A customer pays 39.90 USD now" in page.text
    wrong = await browser.post(path, do="offers", **{**sent, "offer:0:price": "dear"})
    assert wrong.status_code == 422 and "Write one amount as digits" in wrong.text and 'value="dear"' in wrong.text
    await saved(browser, path, do="offers", **sent)
    live = (await house.knowledge.offers("s1", ["K-1"]))["K-1"]
    assert live.offer.regular and live.offer.regular.text == "39.90", "what was not touched is not written, though the form is old"


def fields_of_offers(page: str) -> dict[str, str]:
    """What the form of prices and stock would send untouched."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if 'name="do" value="offers"' in one)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] != "csrf":
            found[unescape(name[1])] = unescape(value[1])
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


async def test_a_sale_begins_and_ends_by_itself(house: House) -> None:
    browser, path = await house.signed_in("admin"), f"{ENTRIES}/product/k-1"
    sent = fields_of_offers((await browser.get(path)).text)
    day = house.clock()
    sale = {
        "offer:0:sale": "35",
        "offer:0:sale_from": f"{day:%Y-%m-%dT00:00}",
        "offer:0:sale_until": f"{day + timedelta(days=2):%Y-%m-%dT00:00}",
    }
    await saved(browser, path, do="offers", **{**sent, **sale})
    offer = (await house.knowledge.offers("s1", ["K-1"]))["K-1"].offer
    now, after = offer.paid(day), offer.paid(day + timedelta(days=3))
    assert now and after and (now.text, after.text) == ("35.00", "49.00")
    sent = fields_of_offers((await browser.get(path)).text)
    assert sent["offer:0:sale"] == "35.00" and sent["offer:0:sale_until"] == sale["offer:0:sale_until"]
    await saved(browser, path, do="offers", **{**sent, "offer:0:stock": "7"})
    assert (await house.knowledge.offers("s1", ["K-1"]))["K-1"].offer == offer, "stock alone leaves the sale as it is"
    for wrong, told in (
        ({"offer:0:sale": "60"}, "must be below the price"),
        ({"offer:0:sale": ""}, "Write a sale price for these dates"),
        ({"offer:0:sale_until": f"{day - timedelta(days=1):%Y-%m-%dT00:00}"}, "must end after it begins"),
        ({"offer:0:price": ""}, "Write the price"),
        ({"offer:0:stock": "-1"}, "whole number"),
        ({"offer:0:state": "gone"}, "Choose one of the list"),
    ):
        refused = await browser.post(path, do="offers", **{**sent, **wrong})
        assert refused.status_code == 422 and told in refused.text, wrong
    assert (await house.knowledge.offers("s1", ["K-1"]))["K-1"].offer == offer
    none = {"offer:0:sale": "", "offer:0:sale_from": "", "offer:0:sale_until": ""}
    await saved(browser, path, do="offers", **{**sent, **none, "offer:0:state": "preorder"})
    live = (await house.knowledge.offers("s1", ["K-1"]))["K-1"]
    assert live.offer.sale is None and live.availability.state is AvailabilityState.PREORDER and live.availability.quantity == 7


CUP = {
    "title:en": "Cup", "title:zh": "茶杯", "description:en": "Thin rim.", "brand": "Kiln", "url": "https://tea.example/cup",
    "category:0:en": "Tea＞Cups", "category:0:zh": "茶 > 杯", "category:1:en": "Gifts", "tags": "new\nceladon\nnew",
    "images": "https://tea.example/1.jpg\n/pictures/2.jpg", "published": "1",
    "attribute:0:language": "en", "attribute:0:name": "Glaze", "attribute:0:value": "celadon", "attribute:1:language": "en",
    "variant:0:sku": "CUP-S", "variant:0:options:en": "Size=S", "variant:0:options:zh": "尺寸=小", "variant:0:price": "9,50",
    "variant:0:sale": "8", "variant:0:sale_from": "2026-03-01T00:00", "variant:0:sale_until": "2026-03-08T00:00", "variant:0:currency": "eur",
    "variant:0:stock": "5", "variant:1:sku": "", "variant:1:options:en": "Size=L", "variant:1:state": "preorder",
    "variant:1:image": "https://tea.example/l.jpg", "variant:1:attributes:en": "Volume: 0.3 l", "variant:7:sku": "",
    "review_by": "2027-01-01", "owner": "Mei", "effective_until": "2028-01-01T00:00",
}  # fmt: skip


async def test_a_product_is_written_whole(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await saved(browser, f"{ENTRIES}/new/product", **CUP)
    assert page.url.path == f"{ENTRIES}/product/CUP-S" and 'src="https://tea.example/1.jpg"' in page.text
    assert "https:" in page.headers["content-security-policy"].partition("img-src")[2].partition(";")[0]
    cup = await body_of(house, DocumentKind.PRODUCT, "CUP-S")
    assert isinstance(cup, Product)
    assert cup.categories == ({"en": "Tea > Cups", "zh": "茶 > 杯"}, {"en": "Gifts"}) and cup.tags == ("new", "celadon")
    assert cup.images == ("https://tea.example/1.jpg", "/pictures/2.jpg") and len(cup.attributes) == 1
    small, large = cup.variants
    assert small.offer.regular and small.offer.sale and small.offer.sale_until
    assert (small.offer.regular.minor, small.offer.sale.minor, small.offer.regular.currency) == (950, 800, "EUR")
    assert small.offer.sale_until.isoformat() == "2026-03-08T00:00:00+00:00" and small.availability.quantity == 5
    assert {(one.name, one.value, one.language) for one in small.options} == {("Size", "S", "en"), ("尺寸", "小", "zh")}
    assert large.sku and large.sku != "CUP-S" and large.offer.regular is None, "on request, under a number that was made"
    assert large.availability.state is AvailabilityState.PREORDER and large.attributes[0].value == "0.3 l"

    path = f"{ENTRIES}/product/CUP-S"
    fields = fields_of(page.text, path)
    edits = (await house.knowledge.draft("s1")).edits  # type: ignore[union-attr]
    await saved(browser, path, **fields)
    assert (await house.knowledge.draft("s1")).edits == edits, "saved untouched, nothing was written"  # type: ignore[union-attr]
    renamed = {**fields, "attribute:0:name": "Finish", "variant:0:price": "10"}
    page = await saved(browser, path, **{name: value for name, value in renamed.items() if not name.startswith("variant:1:")})
    cup = await body_of(house, DocumentKind.PRODUCT, "CUP-S")
    assert isinstance(cup, Product) and [one.name for one in cup.attributes] == ["Finish"] and len(cup.variants) == 1
    assert cup.variants[0].offer.regular and cup.variants[0].offer.regular.minor == 1000, "its price is still part of the draft"


async def test_addresses_that_a_file_brought_stay_as_they_are(house: House) -> None:
    mug = replace(a_product(id="mug", title="Mug"), images=("demo/mug.svg",), url="mug.html")
    await house.knowledge.stage("s1", "file", [document_of(DocumentKind.PRODUCT, "mug", "file", mug)])
    browser, path = await house.signed_in("admin"), f"{ENTRIES}/product/mug"
    page = (await browser.get(path)).text
    assert '<img src="/demo/mug.svg"' in page
    fields = fields_of(page, path)
    await saved(browser, path, **{**fields, "brand": "Kiln"})
    found = await body_of(house, DocumentKind.PRODUCT, "mug")
    assert isinstance(found, Product) and (found.images, found.url, found.brand) == (("demo/mug.svg",), "mug.html", "Kiln")
    fields = fields_of((await browser.get(path)).text, path)
    assert (await browser.post(path, **{**fields, "url": "other.html"})).status_code == 422


async def test_a_variant_under_a_new_number_keeps_what_is_paid_now(house: House) -> None:
    browser, path = await house.signed_in("admin"), f"{ENTRIES}/product/k-1"
    await house.knowledge.patch_offers("s1", [OfferPatch("K-1", price="41.00", stock=9)])
    fields = fields_of((await browser.get(path)).text, path)
    await saved(browser, path, **{**fields, "variant:0:sku": "KETTLE-1"})
    await house.knowledge.publish("s1")
    live = await house.knowledge.offers("s1", ["K-1", "KETTLE-1"])
    assert list(live) == ["KETTLE-1"] and live["KETTLE-1"].availability.quantity == 9
    assert live["KETTLE-1"].offer.regular and live["KETTLE-1"].offer.regular.text == "41.00"


async def test_rows_come_and_go_without_scripts_and_nothing_typed_is_lost(house: House) -> None:
    browser, path = await house.signed_in("admin"), f"{ENTRIES}/new/product"
    page = (await browser.get(path)).text
    fields = fields_of(page, path)
    assert "variant:0:sku" in fields and "attribute:0:name" in fields
    typed = {**fields, "title:en": "Cup <b>", "variant:0:price": "not yet", "attribute:0:name": "Glaze"}
    page = (await browser.post(path, **typed, do="add:variant")).text
    more = fields_of(page, path)
    assert "variant:1:sku" in more and re.search(r'name="variant:1:sku"[^>]*autofocus', page)
    assert (more["title:en"], more["variant:0:price"], more["attribute:0:name"]) == ("Cup <b>", "not yet", "Glaze")
    page = (await browser.post(path, **more, do="add:attribute:zh")).text
    more = fields_of(page, path)
    assert [more[f"attribute:{n}:language"] for n in range(4)] == ["en", "zh", "zh", "zh"]
    more["variant:1:sku"] = "B"
    page = (await browser.post(path, **more, do="remove:variant:0")).text
    left = fields_of(page, path)
    assert "variant:0:sku" not in left and left["variant:1:sku"] == "B" and left["title:en"] == "Cup <b>"
    more = fields_of((await browser.post(path, **left, do="add:category")).text, path)
    assert "category:1:en" in more and "category:1:zh" in more
    policy = f"{ENTRIES}/new/policy"
    section = {**fields_of((await browser.get(policy)).text, policy), "section:0:heading": "One", "title": "T"}
    more = fields_of((await browser.post(policy, **section, do="add:section")).text, policy)
    assert more["section:0:heading"] == "One" and "section:1:text" in more
    strange = await browser.post(path, **left, do="add:owner:0")
    assert strange.status_code == 200 and await house.knowledge.draft("s1") is None, "nothing was written by any of it"


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"title:en": ""}, "title:en", "请至少用一种语言填写标题"),
        ({"variant:0:price": "cheap"}, "variant:0:price", "请用数字填写一个金额"),
        ({"variant:0:price": "5-9"}, "variant:0:price", "请用数字填写一个金额"),
        ({"variant:0:currency": "YUANS"}, "variant:0:currency", "三个字母"),
        ({"variant:0:stock": "1.5"}, "variant:0:stock", "整数"),
        ({"variant:0:options:en": "red"}, "variant:0:options:en", "中间用 ="),
        ({"variant:1:sku": "cup-s", "variant:1:price": "5"}, "variant:1:sku", "另一款式已使用这个货号"),
        ({"variant:0:sku": "K-1"}, "variant:0:sku", "另一个商品已使用这个货号"),
        ({"variant:0:sale": "99", "variant:0:price": "5"}, "variant:0:sale", "促销价须低于价格"),
        ({"attribute:0:language": "en", "attribute:0:name": "Glaze"}, "attribute:0:value", "属性需要名称和值"),
        ({"images": "javascript:alert(1)"}, "images", "https://"),
        ({"url": "cup.html"}, "url", "https://"),
        ({"goes_with": "NOTHING-1"}, "goes_with", "不是本店商品的货号"),
        ({"replaces": "NOTHING-1"}, "replaces", "不是本店商品的货号"),
        ({"review_by": "soon"}, "review_by", "2026-12-31"),
        ({"effective_from": "2026-03-02T00:00", "effective_until": "2026-03-01T00:00"}, "effective_until", "结束须晚于开始"),
    ],
)
async def test_each_field_of_a_product_says_what_is_wrong_with_it(house: House, typed: dict[str, str], field: str, told: str) -> None:
    browser = await house.signed_in("admin")
    sent = {"title:en": "Cup", "description:en": "Kept <i>", "variant:0:sku": "CUP-S", "id": "cup", **typed}
    wrong = await browser.post(f"{ENTRIES}/new/product?lang=zh", **sent)
    assert wrong.status_code == 422 and await house.knowledge.draft("s1") is None
    place = re.search(
        rf'<(?:input|textarea|select)[^>]*name="{re.escape(field)}"[^>]*aria-invalid="true"[^>]*aria-describedby="([^"]*)"', wrong.text
    )
    assert place and f"w-{field}" in place[1]
    said = re.search(rf'<small class="wrong" id="w-{re.escape(field)}">([^<]*)</small>', wrong.text)
    assert said and told in said[1] and f'href="#f-{field}"' in wrong.text
    assert fields_of(wrong.text, f"{ENTRIES}/new/product").items() >= {k: v for k, v in sent.items() if k != "id"}.items()


async def test_all_that_is_wrong_is_said_at_once(house: House) -> None:
    browser = await house.signed_in("admin")
    wrong = await browser.post(f"{ENTRIES}/new/promotion", id="X", minimum="lots", starts="x", **{"amount_off:currency": "dollars"})
    assert wrong.status_code == 422
    for told in ("Write one amount", "Choose a date and time", "three letters", "Write the title", "Say what it takes off"):
        assert told in wrong.text
    both = await browser.post(f"{ENTRIES}/new/promotion", id="X", percent_off="5", amount_off="5", **{"title:en": "T", "skus": "GHOST"})
    assert "keep one" in both.text
    ghost = await browser.post(f"{ENTRIES}/new/promotion", id="X", percent_off="5", **{"title:en": "T", "skus": "GHOST"})
    assert ghost.status_code == 422 and "no product of the shop" in ghost.text


async def test_reviews_are_written_listed_and_shown_with_their_product(house: House) -> None:
    browser = await house.signed_in("admin")
    form = fields_of((await browser.get(f"{ENTRIES}/new/review?sku=K-1")).text, f"{ENTRIES}/new/review")
    assert form["sku"] == "K-1"
    said = {**form, "rating": "2,5", "text": "Lid <drips>.", "language": "en", "date": "2026-02-01"}
    page = await saved(browser, f"{ENTRIES}/new/review", **said)
    id = page.url.path.rpartition("/")[2]
    review = await body_of(house, DocumentKind.REVIEW, id)
    assert isinstance(review, Review) and (review.sku, review.rating, review.text) == ("K-1", 2.5, "Lid <drips>.")
    listed = (await browser.get(f"{ENTRIES}?kind=review")).text
    assert "Lid &lt;drips&gt;." in listed and "★ 2.5" in listed and "2026-02-01" in listed
    assert "Lid &lt;drips&gt;." in (await browser.get(f"{ENTRIES}/product/k-1")).text
    path = f"{ENTRIES}/review/{id}"
    fields = fields_of(page.text, path)
    await saved(browser, path, **fields)
    assert await body_of(house, DocumentKind.REVIEW, id) == review
    for wrong, told in (
        ({"sku": "GHOST"}, "SKU of a product of this shop"),
        ({"rating": "6"}, "from 1 to 5"),
        ({"text": "", "rating": ""}, "what the buyer said"),
        ({"date": "yesterday"}, "2026-12-31"),
    ):
        refused = await browser.post(path, **{**fields, **wrong})
        assert refused.status_code == 422 and told in refused.text
    assert (await browser.post(path, do="delete", expected=fields["expected"])).status_code == 200
    assert await body_of(house, DocumentKind.REVIEW, id) is None


async def test_who_may_not_edit_reads_and_no_shop_reaches_another(house: House) -> None:
    admin, viewer = await house.signed_in("admin"), await house.signed_in("viewer", email="li@tea.example")
    await saved(admin, f"{ENTRIES}/new/faq", **SHIPPING)
    page = (await viewer.get(f"{ENTRIES}/faq/ship-1")).text
    assert "Yes, everywhere." in page and 'name="answer:en"' not in page and "Delete" not in page
    sent = {**SHIPPING, "csrf": await admin.csrf()}
    assert (await viewer.post(f"{ENTRIES}/new/faq", **SHIPPING)).status_code == 403
    assert (await viewer.post(f"{ENTRIES}/faq/ship-1", do="delete")).status_code == 403
    assert (await viewer.post(f"{ENTRIES}/product/k-1", do="offers", **{"offer:0:sku": "K-1", "offer:0:price": "1"})).status_code == 403
    assert (await admin.http.post(f"{ENTRIES}/new/faq", data={**sent, "csrf": "0" * 64})).status_code == 403
    assert (await admin.get("/console/hats/entries")).status_code == 404
    assert (await admin.post("/console/hats/entries/new/faq", **SHIPPING)).status_code == 404
    stranger = await house.signed_in("admin", "s2", "eve@hats.example")
    assert (await stranger.get("/console/hats/entries/faq/ship-1")).status_code == 404


async def test_a_gap_is_drafted_from_what_staff_said(house: House) -> None:
    begun = await house.waiting(text="Is it vegan?")
    await house.knowledge.record_gap("s1", "Is it vegan?", "en", "not_stated", house.clock(), conversation_id=begun.id)
    browser = await house.signed_in("admin")
    await browser.post(f"/desk/conversations/{begun.id}/take")
    await browser.post(f"/desk/conversations/{begun.id}/say", kind="reply", text="Yes, all of it.", client_id="c1")
    said = [one.text for one in await house.conversations.messages(begun.id) if one.author is Author.AGENT]
    assert said == ["Yes, all of it."]
    gap = (await house.knowledge.gaps("s1"))[0]
    page = (await browser.get("/console/tea/gaps")).text
    assert "Is it vegan?" in page and f"/desk/conversations/{begun.id}" in page
    form = await browser.get(f"{ENTRIES}/new/faq?gap={gap.id}")
    fields = fields_of(form.text, f"{ENTRIES}/new/faq")
    assert fields["question:en"] == "Is it vegan?" and fields["answer:en"] == "Yes, all of it."
    page = await browser.post(f"{ENTRIES}/new/faq", **fields)
    assert "Saved in the draft" in page.text
    kept = await house.knowledge.gap("s1", gap.id)
    assert kept and kept.entry_id and isinstance(await body_of(house, DocumentKind.FAQ, kept.entry_id), FaqEntry)
    again = await browser.http.get(f"{ENTRIES}/new/faq?gap={gap.id}")
    assert again.status_code == 303 and again.headers["location"].endswith(kept.entry_id)
    assert "gap.drafted" in [one.what for one in await house.staff.audits("s1")]


async def test_gaps_are_joined_answered_dismissed_and_opened_again(house: House) -> None:
    for question in ("Is it <vegan>?", "Do you ship to Mars?", "Can I pay with shells?"):
        await house.knowledge.record_gap("s1", question, "en", "not_stated", house.clock())
    await house.knowledge.record_gap("s1", "What voltage is it?", "en", "not_stated", house.clock(), "k-1", attribute="voltage")
    browser = await house.signed_in("admin")
    gaps = {one.question: one.id for one in await house.knowledge.gaps("s1")}
    vegan, mars, shells = (gaps[one] for one in ("Is it <vegan>?", "Do you ship to Mars?", "Can I pay with shells?"))
    page = (await browser.get("/console/tea/gaps")).text
    assert "Is it &lt;vegan&gt;?" in page and "Tea Kettle" in page and "voltage" in page.lower()
    assert "asked 1" in (await browser.get(f"{ENTRIES}/product/k-1")).text
    for id, do in ((mars, "dismiss"), (shells, "answered")):
        assert (await browser.post(f"/console/tea/gaps/{id}", do=do)).status_code == 200
    await house.knowledge.record_gap("s1", "Do you ship to Mars?", "en", "not_stated", house.clock())
    page = (await browser.get("/console/tea/gaps")).text
    assert "Mars" not in page and "shells" not in page, "dismissed for good"
    assert "Mars" in (await browser.get("/console/tea/gaps?state=dismissed")).text
    assert (await browser.post(f"/console/tea/gaps/{mars}", do="reopen")).status_code == 200
    joined = await browser.post(f"/console/tea/gaps/{mars}", do="join", into=vegan)
    assert "asked 3" in joined.text and (await house.knowledge.gap("s1", mars)).id == vegan  # type: ignore[union-attr]
    assert (await browser.post(f"/console/tea/gaps/{vegan}", do="nonsense")).status_code == 422
    assert (await browser.post("/console/tea/gaps/none", do="dismiss")).status_code == 404
    support = await house.signed_in("support", email="bo@tea.example")
    assert (await support.post(f"/console/tea/gaps/{vegan}", do="dismiss")).status_code == 403
    stranger = await house.signed_in("admin", "s2", "eve@hats.example")
    assert (await stranger.post(f"/console/hats/gaps/{vegan}", do="dismiss")).status_code == 404


async def test_a_list_goes_on_page_by_page(house: House) -> None:
    browser = await house.signed_in("admin")
    for number in range(52):
        fields = {"question:en": f"Question {number:02}?", "answer:en": "Yes."}
        await house.parts.editing.put_entry(
            (await house.knowledge.shop("tea")),  # type: ignore[arg-type]
            DocumentKind.FAQ,
            f"q-{number:02}",
            {"question": {"en": fields["question:en"]}, "answer": {"en": fields["answer:en"]}},
        )
    page = (await browser.get(f"{ENTRIES}?kind=faq")).text
    assert "q-49" in page and "q-50" not in page
    following = re.search(r'href="([^"]+after=[^"]+)"', page)
    assert following
    rest = (await browser.get(unescape(following[1]))).text
    assert "q-50" in rest and "q-51" in rest and "q-49" not in rest
    assert (await browser.get(f"{ENTRIES}?after=nonsense")).status_code == 422
    assert (await browser.get(f"{ENTRIES}?kind=nonsense")).status_code == 404
