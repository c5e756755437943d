"""Test questions in the console: written, run against either side, what they miss, out to a file and in again."""

import httpx
import pytest

from bot.consoles.shared.words import load_words
from knowledge.documents import document_of
from knowledge.pinned import Expected, PinnedQuestion
from knowledge.store import DocumentKind
from tests.builders import a_product
from tests.unit.bot.consoles.conftest import Browser, House

PINNED = "/console/tea/pinned"
PRICE = PinnedQuestion("p1", "How much is the Tea Kettle?", "en", (), Expected(("49.00",), ("39",), "answered", (), "K-1"), "mei")


async def upload(browser: Browser, content: bytes, name: str = "pinned.csv") -> httpx.Response:
    return await browser.http.post(f"{PINNED}/file", data={"csrf": await browser.csrf()}, files={"file": (name, content)})


async def draft(house: House) -> None:
    cheaper = a_product(id="k-1", title="Tea Kettle", price="39.00 USD")
    await house.knowledge.stage("s1", "test", [document_of(DocumentKind.PRODUCT, "k-1", "test", cheaper)])


async def test_written_changed_and_deleted(house: House) -> None:
    browser = await house.signed_in("admin")
    saved = await browser.post(
        f"{PINNED}/new", question="  How   much is it? ", turns="About the Tea Kettle\n\n", expect="49.00\n USD ", outcome="x"
    )
    assert "Saved." in saved.text and "How much is it?" in saved.text
    (kept,) = await house.knowledge.pinned("s1")
    assert (kept.turns, kept.expected.expect, kept.expected.outcome) == (("About the Tea Kettle",), ("49.00", "USD"), "")
    await browser.post(f"{PINNED}/{kept.id}", question="Price?", expect="49")
    assert (await house.knowledge.pinned_question("s1", kept.id)).question == "Price?"  # type: ignore[union-attr]
    for wrong in (
        {"question": "", "expect": "1"},
        {"question": "x"},
        {"question": "x", "expect": "y" * 501},
        {"question": "x", "expect": "1\n" * 21},
    ):
        refused = await browser.post(f"{PINNED}/{kept.id}", **wrong)
        assert refused.status_code == 422 and 'role="alert"' in refused.text
    assert (await browser.post(f"{PINNED}/{kept.id}", do="delete")).status_code == 200
    assert await house.knowledge.pinned("s1") == [] and (await browser.get(f"{PINNED}/{kept.id}")).status_code == 404


async def test_run_against_either_side_it_says_what_is_missing(house: House) -> None:
    browser = await house.signed_in("admin")
    await house.knowledge.save_pinned("s1", PRICE)
    await draft(house)
    for side in ("published", "draft"):
        begun = await browser.post(f"{PINNED}/run", follow=False, of=side)
        await house.parts.jobs.wait()
        page = (await browser.get(begun.headers["location"])).text
    assert "1 of 1 as expected" in page and "0 of 1 as expected" in page
    assert "should say “49.00”; must not say “39”" in page and "not as expected" in page
    assert PRICE.question in (await browser.get(f"{PINNED}?only=missed")).text
    assert await house.knowledge.gaps("s1") == []


async def test_a_run_that_goes_on_can_be_watched(house: House) -> None:
    browser = await house.signed_in("admin")
    await house.knowledge.save_pinned("s1", PRICE)
    begun = await browser.post(f"{PINNED}/run", follow=False, of="published")
    page = (await browser.get(begun.headers["location"])).text
    assert 'data-state="running"' in page or "as expected" in page
    await house.parts.jobs.wait()
    assert 'data-state="done"' in (await browser.get(begun.headers["location"])).text
    assert (await browser.post(f"{PINNED}/run", of="draft")).status_code == 409, "there is no draft"


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
async def test_out_to_a_file_and_in_again_changes_nothing(house: House, ending: str) -> None:
    browser = await house.signed_in("admin")
    await house.knowledge.save_pinned("s1", PRICE)
    file = await browser.get(f"{PINNED}/file.{ending}")
    assert "attachment" in file.headers["content-disposition"]
    before = await house.knowledge.pinned("s1")
    again = await upload(browser, file.content, f"x.{ending}")
    assert "1 test questions taken in" in again.text
    after = await house.knowledge.pinned("s1")
    assert [(one.id, one.question, one.turns, one.expected) for one in after] == [
        (one.id, one.question, one.turns, one.expected) for one in before
    ]
    assert (await browser.get(f"{PINNED}/file.exe")).status_code == 404


async def test_a_file_never_touches_the_questions_of_another_shop(house: House) -> None:
    theirs = PinnedQuestion("p-of-hats", "What is this?", expected=Expected(("hat",)))
    await house.knowledge.save_pinned("s2", theirs)
    browser = await house.signed_in("admin")
    for _ in range(2):
        await upload(browser, b'{"id": "p-of-hats", "question": "Mine?", "expect": ["tea"]}\n', "x.jsonl")
    assert (await house.knowledge.pinned_question("s2", "p-of-hats")).question == "What is this?"  # type: ignore[union-attr]
    assert [one.question for one in await house.knowledge.pinned("s1")] == ["Mine?"]


async def test_what_cannot_be_taken_is_told_by_line(house: House) -> None:
    browser = await house.signed_in("admin")
    told = await upload(browser, b"question,outcome\nWell?,answered\n,answered\nWhat?,maybe\n")
    assert "1 test questions taken in" in told.text and "Line 3:" in told.text and "“maybe” is no outcome" in told.text
    assert (await upload(browser, b"\xff\xfe\x00")).status_code == 422
    assert (await upload(browser, b"q" * (2 * 2**20 + 1))).status_code == 413
    assert (await browser.post(f"{PINNED}/file")).status_code == 422


async def test_changing_takes_the_right_and_the_token(house: House) -> None:
    await house.knowledge.save_pinned("s1", PRICE)
    viewer, stranger = await house.signed_in("viewer"), await house.signed_in("admin", "s2", "eve@hats.example")
    for path in (f"{PINNED}/new", f"{PINNED}/p1", f"{PINNED}/file"):
        assert (await viewer.post(path, question="x", expect="y")).status_code == 403
        assert (await stranger.post(path, question="x", expect="y")).status_code == 404
    assert (await viewer.get(f"{PINNED}/p1")).status_code == 403 and (await viewer.get(PINNED)).status_code == 200
    assert (await stranger.post(f"{PINNED}/run")).status_code == 404 and (await stranger.get(f"{PINNED}/file.csv")).status_code == 404
    assert [one.question for one in await house.knowledge.pinned("s1")] == [PRICE.question]


async def test_many_are_shown_by_page(house: House) -> None:
    for number in range(60):
        await house.knowledge.save_pinned("s1", PinnedQuestion(f"q{number:02}", f"Question {number:02}?", expected=Expected(("x",))))
    browser = await house.signed_in("viewer")
    first, second = (await browser.get(PINNED)).text, (await browser.get(f"{PINNED}?page=2")).text
    assert "Question 00?" in first and "Question 55?" not in first and "Page 1 of 2" in first
    assert "Question 55?" in second and "Question 00?" not in second
    assert (await browser.get(f"{PINNED}?page=99")).status_code == 200


def test_every_reason_has_its_sentence() -> None:
    reasons = ("unreadable", "no_question", "long_text", "many_texts", "unknown_outcome", "many_questions")
    for words in load_words().values():
        assert all(words(f"pinned.refused_{reason}", value="x") for reason in reasons)
