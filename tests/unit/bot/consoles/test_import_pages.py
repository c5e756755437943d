"""Files brought in by the console: watched, reported row by row, asked about where columns are unsure, and safe from strangers."""

import io
import re
import zipfile
from datetime import timedelta

import httpx
import pytest

from bot.storage.sql_uploads import SqlUploadStore
from knowledge.catalog import Product
from knowledge.pinned import Expected, PinnedQuestion
from knowledge.store import DocumentKind
from tests.unit.bot.consoles.conftest import Browser, House

GOOD = b"sku,title,price,currency\nCUP-1,Blue Cup,12.00,USD\n"
BROKEN = b"sku,title,price,currency\nCUP-1,Blue Cup,12.00,USD\nCUP-2,<b>Red</b> Cup,soon,USD\n=CUP,,3,USD\n"
UNSURE = b"Numero;Nimike;Hinta\nA1;Teekanne Ton;12,50\nA2;Teekanne Glas;15,90\n"


async def bring(house: House, browser: Browser, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    """The import's page, once nothing runs any more."""
    data = {"csrf": await browser.csrf(), "kind": "auto", "mode": "draft", **fields}
    sent = [("files", (name, content, "text/csv")) for name, content in files]
    response = await browser.http.post("/console/tea/import", data=data, files=sent)
    assert response.status_code == 303, response.text
    await house.parts.uploads.wait()
    return await browser.http.get(response.headers["location"])


async def test_an_upload_is_reported_row_by_row_and_the_rest_goes_on(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await bring(house, browser, ("C:\\shop\\cups.csv", BROKEN), ("empty.csv", b""))
    assert page.status_code == 200 and "cups.csv" in page.text and "shop\\" not in page.text
    assert "“soon”" in page.text and "empty.csv is empty" in page.text and "<b>Red" not in page.text
    assert "knowledge.imported" in [audit.what for audit in await house.staff.audits("s1")]
    draft = await house.knowledge.draft("s1")
    assert draft is not None and draft.changes.added == 1
    assert (await house.knowledge.state("s1")).revision == 1, "a draft publishes nothing"


async def test_the_rows_left_out_are_a_file_to_mend(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await bring(house, browser, ("茶杯 2.csv", BROKEN))
    found = re.search(r'href="([^"]+/rejected/0)"', page.text)
    assert found
    file = await browser.get(found[1])
    assert file.content.startswith(b"\xef\xbb\xbf") and "UTF-8''%E8%8C%B6%E6%9D%AF%202.rejected.csv" in file.headers["content-disposition"]
    text = file.text
    assert "CUP-2" in text and "soon" in text and "'=CUP" in text and "CUP-1," not in text
    stranger = await house.signed_in("admin", "s2", "eve@hats.example")
    assert (await stranger.get(found[1])).status_code == 404
    assert (await stranger.get(found[1].replace("/tea/", "/hats/"))).status_code == 404
    assert (await browser.get(found[1].replace("/rejected/0", "/rejected/7"))).status_code == 404


async def test_a_dry_run_writes_nothing_and_is_brought_in_without_sending_it_again(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await bring(house, browser, ("cups.csv", GOOD), mode="check")
    assert "Nothing was written" in page.text and await house.knowledge.draft("s1") is None
    response = await browser.post(f"{page.url.path}/again", follow=False, mode="draft")
    await house.parts.uploads.wait()
    assert "Waits in the draft" in (await browser.get(response.headers["location"])).text
    draft = await house.knowledge.draft("s1")
    assert draft is not None and draft.changes.added == 1
    assert (await browser.post(f"{page.url.path}/again", mode="publish")).status_code == 409, "its files are not kept any longer"


async def test_unsure_columns_are_asked_for_and_remembered(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await bring(house, browser, ("kannen.csv", UNSURE))
    assert "Nimike" in page.text and "Teekanne Glas" in page.text and await house.knowledge.draft("s1") is None
    assert 'value="title" selected' in page.text
    faq = await browser.get(f"{page.url.path}?k-0-0=faq")
    assert '<option value="answer"' in faq.text and 'name="k-0-0" value="faq"' in faq.text
    said = {"k-0-0": "products", "m-0-0-0": "sku", "m-0-0-1": "title", "m-0-0-2": "price"}
    response = await browser.post(f"{page.url.path}/columns", follow=False, **said)
    await house.parts.uploads.wait()
    assert "Waits in the draft" in (await browser.get(response.headers["location"])).text
    again = await bring(house, browser, ("kannen.csv", UNSURE))
    assert "Waits in the draft" in again.text, "it was remembered for the source"


@pytest.mark.parametrize("meaning", ["nonsense", "price:<b>", "attribute:"])
async def test_a_meaning_that_there_is_not_is_refused(house: House, meaning: str) -> None:
    browser = await house.signed_in("admin")
    page = await bring(house, browser, ("kannen.csv", UNSURE))
    response = await browser.post(f"{page.url.path}/columns", **{"k-0-0": "products", "m-0-0-0": meaning})
    assert response.status_code == 422 and await house.knowledge.draft("s1") is None


async def test_publishing_at_once_waits_for_an_open_draft(house: House) -> None:
    browser = await house.signed_in("admin")
    await bring(house, browser, ("cups.csv", GOOD))
    page = await bring(house, browser, ("more.csv", GOOD.replace(b"CUP-1", b"CUP-9")), mode="publish")
    assert "A draft waits in this shop" in page.text
    response = await browser.post(f"{page.url.path}/again", follow=False, mode="draft")
    await house.parts.uploads.wait()
    assert "Waits in the draft" in (await browser.get(response.headers["location"])).text
    draft = await house.knowledge.draft("s1")
    assert draft is not None and draft.changes.added == 2


async def test_an_upload_whose_process_died_is_gone_on_with_once(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await bring(house, browser, ("cups.csv", GOOD), mode="check")
    id = page.url.path.rpartition("/")[2]
    store = SqlUploadStore(house.parts.uploads._store._engine)  # type: ignore[attr-defined]
    died = await store.upload("s1", id)
    assert died is not None and await store.claim_upload(id, died.heard_at, died.heard_at - timedelta(minutes=5))
    assert not await store.claim_upload(id, died.heard_at, house.clock()), "somebody else was quicker"
    assert "interrupted" in (await browser.get(page.url.path)).text
    response = await browser.post(f"{page.url.path}/again", follow=False, mode="draft")
    await house.parts.uploads.wait()
    assert "Waits in the draft" in (await browser.get(response.headers["location"])).text


async def test_an_upload_needs_the_right_the_token_and_a_file(house: House) -> None:
    files = {"files": ("tea.csv", GOOD, "text/csv")}
    support = await house.signed_in("support")
    admin = await house.signed_in("admin", email="bo@tea.example")
    assert (await support.http.post("/console/tea/import", data={"csrf": await support.csrf()}, files=files)).status_code == 403
    assert (await admin.http.post("/console/tea/import", data={"csrf": "0" * 64}, files=files)).status_code == 403
    assert (await admin.http.post("/console/hats/import", data={"csrf": await admin.csrf()}, files=files)).status_code == 404
    assert (await admin.http.post("/console/tea/import", data={"csrf": await admin.csrf()})).status_code == 422
    wrong = {"csrf": await admin.csrf(), "mode": "yes"}
    assert (await admin.http.post("/console/tea/import", data=wrong, files=files)).status_code == 422
    assert (await house.http.post("/console/tea/import", files=files)).status_code == 303
    tea = await house.knowledge.shop("tea")
    assert tea is not None and await house.parts.uploads.all(tea) == []


async def test_publishing_at_once_is_stopped_by_test_questions_that_get_worse(house: House) -> None:
    """What was to be published at once waits in the draft until somebody decides; where nothing gets worse, it serves."""
    browser = await house.signed_in("admin")
    question = PinnedQuestion("p1", "How much is the Tea Kettle?", "en", (), Expected(("49.00",)), "mei")
    await house.knowledge.save_pinned("s1", question)
    fine = await bring(house, browser, ("cups.csv", GOOD), mode="publish")
    assert (await house.knowledge.state("s1")).revision == 2 and "do not" not in fine.text
    dearer = b"sku,title,price,currency\nK-1,Tea Kettle,59.00,USD\n"
    page = await bring(house, browser, ("test", dearer), mode="publish", overwrite="1")
    assert "test questions get worse" in page.text
    assert (await house.knowledge.state("s1")).revision == 2, "customers see nothing of it"
    link = re.search(r'href="(/console/tea/revisions/work/[0-9a-f]+)"', page.text)
    assert link
    asked = await browser.get(link[1])
    assert question.question in asked.text and "should say “49.00”" in asked.text and 'name="confirm"' in asked.text
    tag = re.search(r'name="tag" value="([^"]+)"', asked.text)
    assert tag
    done = await browser.post("/console/tea/revisions/draft/publish", tag=tag[1].replace("&#34;", '"'), confirm="1")
    assert done.status_code == 200 and (await house.knowledge.state("s1")).revision == 3


TEA = "货号,品名,茶类,冲泡水温,售价,会员价,库存\nT1,正山小种,红茶,90-95℃,168,148,35\nT2,安吉白茶,绿茶,80℃,298,268,12\n".encode()


async def test_only_what_matters_is_asked_and_any_column_can_be_changed_afterwards(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await bring(house, browser, ("茶.csv", TEA))
    asked = page.text.partition('<details class="others"')[0]
    assert "会员价" in asked and "冲泡水温" not in asked, "a property of the trade holds nobody up"
    fields = dict(re.findall(r'<input type="hidden" name="(k-\d-\d)" value="(\w+)">', page.text))
    said = {**fields, "m-0-0-5": "ignore"}
    response = await browser.post(f"{page.url.path}/columns", follow=False, **said)
    await house.parts.uploads.wait()
    done = await browser.get(response.headers["location"])
    assert "Waits in the draft" in done.text and "冲泡水温" in done.text and "Bring in again with these meanings" in done.text
    mended = {**fields, "m-0-0-3": "attribute:水温", "m-0-0-5": "attribute:会员价"}
    response = await browser.post(f"{page.url.path}/columns", follow=False, **mended)
    await house.parts.uploads.wait()
    assert "Waits in the draft" in (await browser.get(response.headers["location"])).text
    tea = await house.knowledge.document("s1", await house.knowledge.newest("s1"), DocumentKind.PRODUCT, "T1")
    assert tea is not None and isinstance(tea.body, Product)
    assert {one.name: one.value for one in tea.body.attributes} == {"茶类": "红茶", "水温": "90-95℃", "会员价": "148"}
    assert (await browser.post(f"{page.url.path}/again", mode="publish")).status_code == 409, "it is done"
    later = await bring(house, browser, ("茶.csv", TEA.replace(b"35", b"36")))
    assert "Waits in the draft" in later.text, "what was said is remembered"
    assert (await browser.post(f"{page.url.path}/columns", **mended)).status_code == 409, "its files are kept until the next import alone"


async def test_refusals_are_read_in_the_language_of_the_one_who_looks(house: House) -> None:
    browser = await house.signed_in("admin")
    page = await bring(house, browser, ("logo.png", b"\x89PNG\r\n\x1a\n0000"), ("cups.csv", GOOD))
    assert "logo.png is a picture" in page.text
    chinese = await browser.get(f"{page.url.path}?lang=zh")
    assert "logo.png 是图片" in chinese.text and "is a picture" not in chinese.text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("cups.csv", GOOD)
        archive.writestr("empty.json", "5")
    page = await bring(house, browser, ("all.zip", packed.getvalue()))
    assert "没有记录" in page.text and "holds no records" not in page.text, "files inside an archive, too"
    wrong = await browser.post(f"{page.url.path}/columns?lang=zh", **{"k-0-0": "products", "m-0-0-0": "price:<b>"})
    assert wrong.status_code == 422 and "列不能是" in wrong.text


async def test_too_large_or_too_many_files_are_told_on_the_page(house: House) -> None:
    browser = await house.signed_in("admin")
    csrf = {"csrf": await browser.csrf()}
    big = {"files": ("big.csv", b"a" * (house.parts.uploads.max_file_bytes + 1), "text/csv")}
    told = await browser.http.post("/console/tea/import?lang=zh", data=csrf, files=big)
    assert told.status_code == 413 and "big.csv 超过 64 MB" in told.text
    many = [("files", (f"{number}.csv", GOOD, "text/csv")) for number in range(21)]
    told = await browser.http.post("/console/tea/import?lang=en", data=csrf, files=many)
    assert told.status_code == 422 and "At most 20 files" in told.text
