"""Entries in forms: listed, written, deleted; two who edit at once; questions without an answer. Through the HTTP door."""

import re
from html import unescape

import httpx

from bot.conversation.records import Author
from knowledge.catalog import Product
from knowledge.faq import FaqEntry
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.store import Body, DocumentKind
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
    for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', form, re.S):
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
    assert wrong.status_code == 422 and "after the start" in wrong.text
    wrong = await browser.post(f"{ENTRIES}/new/promotion", **{"id": "TEA", "title:en": "Tea", "minimum": "lots"})
    assert wrong.status_code == 422 and "Write amounts as digits" in wrong.text
    wrong = await browser.post(f"{ENTRIES}/new/promotion", **{"title:en": "Tea"})
    assert wrong.status_code == 422 and "Give it an id" in wrong.text
    wrong = await browser.post(f"{ENTRIES}/new/product", **{"title:en": "Cup", "new_sku": "k-1", "id": "cup"})
    assert wrong.status_code == 422 and "no other has" in wrong.text
    wrong = await browser.post(f"{ENTRIES}/new/policy", title="Returns", language="en", topic="returns")
    assert wrong.status_code == 422 and "at least one section" in wrong.text
    assert (await browser.get(f"{ENTRIES}/new/review")).status_code == 404
    assert (await browser.get(f"{ENTRIES}/faq/never")).status_code == 404
    assert await house.knowledge.draft("s1") is None


async def test_promotions_and_policies_keep_what_their_forms_do_not_show(house: House) -> None:
    browser = await house.signed_in("admin")
    given = {
        "id": "TEA/10 %", "title:en": "Tea week", "percent_off": "10%", "minimum": "50", "minimum:currency": "eur", "skus": "K-1\nK-2",
        "audience": "new customers", "starts": "2026-03-01T00:00", "ends": "2026-03-08T00:00",
    }  # fmt: skip
    page = await saved(browser, f"{ENTRIES}/new/promotion", **given)
    promotion = await body_of(house, DocumentKind.PROMOTION, "TEA/10 %")
    assert isinstance(promotion, Promotion) and str(promotion.percent_off) == "10" and promotion.skus == ("K-1", "K-2")
    assert promotion.minimum is not None and (promotion.minimum.minor, promotion.minimum.currency) == (5000, "EUR")
    assert promotion.audience == "new customers" and promotion.starts is not None and promotion.starts.day == 1
    path = f"{ENTRIES}/promotion/TEA%2F10%20%25"
    assert page.url.raw_path.decode().startswith(path)
    await saved(browser, path, **fields_of(page.text, path))
    assert await body_of(house, DocumentKind.PROMOTION, "TEA/10 %") == promotion

    page = await saved(
        browser,
        f"{ENTRIES}/new/policy",
        **{"id": "returns.en.md", "title": "Returns", "language": "en", "topic": "returns", "heading:0": "How long", "text:0": "30 days."},
    )
    path = f"{ENTRIES}/policy/returns.en.md"
    fields = fields_of(page.text, path)
    await saved(browser, path, **{**fields, "heading:1": "How long", "text:1": "## Not a heading", "text:0": "14 days."})
    policy = await body_of(house, DocumentKind.POLICY, "returns.en.md")
    assert isinstance(policy, Policy) and [one.anchor for one in policy.sections] == ["how-long", "how-long-2"]
    assert [one.text for one in policy.sections] == ["14 days.", "## Not a heading"]


async def test_a_product_is_described_in_the_draft_and_priced_at_once(house: House) -> None:
    browser, path = await house.signed_in("admin"), f"{ENTRIES}/product/k-1"
    before = await body_of(house, DocumentKind.PRODUCT, "k-1")
    fields = fields_of((await browser.get(path)).text, path)
    await saved(browser, path, **fields)
    assert await body_of(house, DocumentKind.PRODUCT, "k-1") == before, "what the form does not show stays"
    new = {"attributes:en": "Material: copper", "attributes:zh": "材质：铜", "goes_with": "CUP-1", "new_sku": "K-9", "new_price": "12.5"}
    await saved(browser, path, **{**fields_of((await browser.get(path)).text, path), **new})
    product = await body_of(house, DocumentKind.PRODUCT, "k-1")
    assert isinstance(product, Product) and isinstance(before, Product) and product.goes_with == ("CUP-1",)
    assert {(one.name, one.value, one.language) for one in product.attributes} == {("Material", "copper", "en"), ("材质", "铜", "zh")}
    assert [one.sku for one in product.variants] == [*(one.sku for one in before.variants), "K-9"]

    page = await saved(browser, path, do="offers", **{"price:K-1": "39.90", "was_price:K-1": "49.00", "stock:K-1": "3"})
    live = (await house.knowledge.offers("s1", ["K-1"]))["K-1"]
    paid = live.offer.paid(house.clock())
    assert paid and paid.text == "39.90" and live.availability.quantity == 3 and 'value="39.90"' in page.text
    wrong = await browser.post(path, do="offers", **{"price:K-1": "free", "was_price:K-1": "39.90"})
    assert wrong.status_code == 422 and "Write prices as digits" in wrong.text
    stale = await saved(browser, path, do="offers", **{"price:K-1": "49.00", "was_price:K-1": "49.00"})
    assert 'value="39.90"' in stale.text, "what was not touched is not written"


async def test_who_may_not_edit_reads_and_no_shop_reaches_another(house: House) -> None:
    admin, viewer = await house.signed_in("admin"), await house.signed_in("viewer", email="li@tea.example")
    await saved(admin, f"{ENTRIES}/new/faq", **SHIPPING)
    page = (await viewer.get(f"{ENTRIES}/faq/ship-1")).text
    assert "Yes, everywhere." in page and 'name="answer:en"' not in page and "Delete" not in page
    sent = {**SHIPPING, "csrf": await admin.csrf()}
    assert (await viewer.post(f"{ENTRIES}/new/faq", **SHIPPING)).status_code == 403
    assert (await viewer.post(f"{ENTRIES}/faq/ship-1", do="delete")).status_code == 403
    assert (await viewer.post(f"{ENTRIES}/product/k-1", do="offers", **{"price:K-1": "1"})).status_code == 403
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
