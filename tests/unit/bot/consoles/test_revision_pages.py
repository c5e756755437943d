"""Revisions in the console: what a draft changes, publishing that test questions can stop, and going back."""

import re

import pytest

from bot.consoles.merchant.shown_changes import compared, shown_change, value_text
from bot.consoles.shared.words import load_words
from knowledge.documents import document_of
from knowledge.pinned import Expected, PinnedQuestion
from knowledge.revision import EntryChange, field_changes
from knowledge.store import Document, DocumentKind
from tests.builders import a_product
from tests.unit.bot.consoles.conftest import Browser, House

DRAFT = "/console/tea/revisions/draft"


def kettle(price: str = "39.00 USD", title: str = "Tea Kettle") -> Document:
    return document_of(DocumentKind.PRODUCT, "k-1", "test", a_product(id="k-1", title=title, price=price))


async def stage(house: House, *documents: Document) -> None:
    await house.knowledge.stage("s1", "test", list(documents), by="bo@tea.example")


async def tag(browser: Browser, path: str = f"{DRAFT}/publish") -> str:
    found = re.search(r'name="tag" value="([^"]+)"', (await browser.get(path)).text)
    assert found
    return found[1].replace("&#34;", '"')


async def serving(house: House) -> int:
    return (await house.knowledge.state("s1")).revision


async def test_a_draft_shows_old_and_new_and_publishes_in_one_step(house: House) -> None:
    browser = await house.signed_in("admin")
    await stage(house, kettle())
    page = (await browser.get(DRAFT)).text
    assert "<del>49</del><ins>39</ins>" in page or "<del>49.00 USD</del><ins>39.00 USD</ins>" in page or re.search("<del>49.*<ins>39", page)
    assert "bo@tea.example" in page
    sent = {"tag": await tag(browser), "note": "Spring <prices>"}
    response = await browser.post(f"{DRAFT}/publish", **sent)
    assert "Published: revision 2 serves now." in response.text and "Spring &lt;prices&gt;" in response.text
    revision = next(one for one in await house.knowledge.revisions("s1") if one.current)
    assert (revision.number, revision.author, revision.note) == (2, "mei@tea.example", "Spring <prices>")
    assert (await browser.get(DRAFT)).status_code == 409, "there is no draft any more"
    back = await browser.post("/console/tea/revisions/1/roll-back")
    assert "with the contents of revision 1" in back.text and await serving(house) == 3
    assert {"knowledge.published", "knowledge.rolled_back"} <= {audit.what for audit in await house.staff.audits("s1")}


async def test_a_test_question_that_gets_worse_stops_publishing_until_confirmed(house: House) -> None:
    browser = await house.signed_in("admin")
    question = PinnedQuestion("p1", "How much is the Tea Kettle?", "en", (), Expected(("49.00",), (), "", (), ""), "mei")
    await house.knowledge.save_pinned("s1", question)
    await stage(house, kettle())
    sent = {"tag": await tag(browser), "note": "on purpose"}
    refused = await browser.post(f"{DRAFT}/publish", **sent)
    assert refused.status_code == 409 and await serving(house) == 1
    assert "How much is the Tea Kettle?" in refused.text and "should say “49.00”" in refused.text and 'value="on purpose"' in refused.text
    done = await browser.post(f"{DRAFT}/publish", **sent, confirm="1")
    assert done.status_code == 200 and await serving(house) == 2


async def test_nobody_publishes_or_discards_what_changed_since_they_looked(house: House) -> None:
    browser = await house.signed_in("admin")
    await stage(house, kettle())
    seen = await tag(browser)
    await stage(house, kettle("1.00 USD"))
    for action in ("publish", "discard"):
        assert (await browser.post(f"{DRAFT}/{action}", tag=seen)).status_code == 412
        assert (await browser.post(f"{DRAFT}/{action}")).status_code == 412
    assert await serving(house) == 1 and await house.knowledge.draft("s1") is not None
    await browser.post(f"{DRAFT}/discard", tag=await tag(browser, f"{DRAFT}/discard"))
    assert await house.knowledge.draft("s1") is None and await serving(house) == 1


async def test_an_open_draft_is_not_lost_by_going_back(house: House) -> None:
    browser = await house.signed_in("admin")
    await stage(house, kettle())
    assert "Publish or discard it first" in (await browser.get("/console/tea/revisions/1/roll-back")).text
    assert (await browser.post("/console/tea/revisions/1/roll-back")).status_code == 422
    assert await house.knowledge.draft("s1") is not None
    assert (await browser.get("/console/tea/revisions/77")).status_code == 404


async def test_answers_are_compared_and_read_side_by_side(house: House) -> None:
    browser = await house.signed_in("admin")
    question = PinnedQuestion("p1", "How much is the Tea Kettle?", "en", (), Expected(("49.00",), (), "", (), ""), "mei")
    await house.knowledge.save_pinned("s1", question)
    await stage(house, kettle())
    begun = await browser.post("/console/tea/answers", follow=False, limit="50")
    await house.parts.diffs.wait()
    page = (await browser.get(begun.headers["location"])).text
    assert "1 with another price" in page and "gets worse" in page and "test question" in page
    assert "Nothing here." in (await browser.get(f"{begun.headers['location']}?change=same")).text
    for limit in ("-1", "x", "9999999"):
        assert (await browser.post("/console/tea/answers", limit=limit)).status_code == 422


async def test_contradictions_and_languages_are_told(house: House) -> None:
    browser = await house.signed_in("viewer")
    page = await browser.get(f"{DRAFT}/checks")
    assert page.status_code == 200 and "None found." in page.text and "Tea Kettle" in page.text


@pytest.mark.parametrize("path", [f"{DRAFT}/publish", f"{DRAFT}/discard", "/console/tea/revisions/1/roll-back", "/console/tea/answers"])
async def test_changing_takes_the_right_and_the_token(house: House, path: str) -> None:
    viewer, stranger = await house.signed_in("viewer"), await house.signed_in("admin", "s2", "eve@hats.example")
    admin = await house.signed_in("admin", email="bo@tea.example")
    await stage(house, kettle())
    assert (await viewer.post(path)).status_code == 403
    assert (await stranger.post(path)).status_code == 404
    assert (await admin.http.post(path, data={"csrf": "0" * 64})).status_code == 403
    assert await serving(house) == 1 and await house.knowledge.draft("s1") is not None
    page = (await viewer.get(DRAFT)).text
    assert "Publish …" not in page and "Compare the answers" not in page


def test_an_amount_is_one_field_and_names_are_words() -> None:
    was, now = kettle("49.00 USD"), kettle("41.50 EUR", "Tea Kettle, 1.7 l")
    change = EntryChange(DocumentKind.PRODUCT, "k-1", "changed", was, now, field_changes(was, now))
    shown = {field.label: field.pieces for field in shown_change(change, load_words()["en"]).fields}
    assert list(shown) == ["Title · English", "K-1 · Price"]
    assert shown["Title · English"] == (("", "Tea Kettle"), ("ins", ", 1.7 l"))
    assert "".join(text for kind, text in shown["K-1 · Price"] if kind != "ins") == "49.00 USD"
    assert "".join(text for kind, text in shown["K-1 · Price"] if kind != "del") == "41.50 EUR"


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "new", [("ins", "new")]),
        ("old", "", [("del", "old")]),
        ("退货7天", "退货30天", [("", "退货"), ("del", "7"), ("ins", "30"), ("", "天")]),
        ("no", "entirely different words", [("del", "no"), ("ins", "entirely different words")]),
    ],
)
def test_words_that_went_and_came_are_marked(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert list(compared(before, after)) == pieces


def test_values_read_like_people_write_them() -> None:
    assert value_text({"minor": 1990, "currency": "EUR"}) == "19.90 EUR"
    assert value_text([{"name": "Colour", "value": "red"}, {"name": "Size", "value": None}]) == "Colour: red\nSize: "
    assert value_text(None) == value_text({}) == value_text([]) == "" and value_text(0) == "0"
