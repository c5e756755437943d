"""The test bench: several turns of one talk, the trace beside the answer, pinned as a test, and nothing of it counted anywhere."""

import html
import json
import re

import httpx
import pytest
from sqlalchemy import func, select

from bot.storage.tables import conversations, messages, turns
from knowledge.documents import document_of
from knowledge.storage.tables import gap_questions, gaps
from knowledge.store import DocumentKind
from tests.builders import a_product
from tests.unit.bot.consoles.conftest import Browser, House

BENCH = "/console/tea/bench"
PRICE = "How much is the Tea Kettle?"


def field(page: str, name: str) -> str:
    """What stands in a field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page) or re.search(rf'name="{name}"[^>]*>\n([^<]*)</textarea>', page)
    assert found, name
    return html.unescape(found[1])


async def ask(browser: Browser, text: str, before: str = "", **more: str) -> httpx.Response:
    talk = field(before, "talk") if before else ""
    return await browser.post(BENCH, text=text, talk=talk, **more)


async def counted(house: House) -> list[int]:
    """Rows that a customer's question leaves."""
    found = []
    async with house.knowledge._engine.read() as connection:
        for table in (conversations, messages, turns, gaps, gap_questions):
            found.append(int(await connection.scalar(select(func.count()).select_from(table)) or 0))
    return found


async def test_a_talk_goes_on_and_its_trace_stands_beside_it(house: House) -> None:
    browser = await house.signed_in("viewer")
    first = (await ask(browser, PRICE)).text
    assert "49.00" in first and "Understood as" in first and "Time by step" in first and "Sources" in first
    assert "as expected" not in first and "Pin this question" not in first, "a viewer changes nothing"
    second = (await ask(browser, "Is it in stock?", first)).text
    assert PRICE in second and second.count('class="asked"') == 2
    assert "k-1" in second.casefold(), "what it is was remembered"
    forgotten = (await ask(browser, "Is it in stock?")).text
    assert forgotten.count('class="asked"') == 1


async def test_nothing_that_is_asked_there_counts(house: House) -> None:
    browser = await house.signed_in("admin")
    for text in (PRICE, "Does it whistle?", "How do I reach a human?", "What is the voltage of the Tea Kettle?"):
        assert (await ask(browser, text)).status_code == 200
    assert await counted(house) == [0, 0, 0, 0, 0]


async def test_the_draft_is_asked_where_there_is_one(house: House) -> None:
    browser = await house.signed_in("admin")
    assert "As customers get it now" in (await browser.get(f"{BENCH}?of=draft")).text, "there is no draft"
    cheaper = a_product(id="k-1", title="Tea Kettle", price="39.00 USD")
    await house.knowledge.stage("s1", "test", [document_of(DocumentKind.PRODUCT, "k-1", "test", cheaper)])
    assert "39.00" in (await ask(browser, PRICE, of="draft")).text
    published = (await ask(browser, PRICE, of="published")).text
    assert "49.00" in published and "39.00" not in published


async def test_a_question_is_pinned_with_what_its_answer_held(house: House) -> None:
    browser = await house.signed_in("admin")
    first = (await ask(browser, PRICE)).text
    page = (await ask(browser, "Is it in stock?", first)).text
    names = ("question", "turns", "language", "expect", "avoid", "product_sku", "sources")
    typed = {name: field(page, name) for name in names}
    assert (typed["question"], typed["turns"], typed["product_sku"]) == ("Is it in stock?", PRICE, "K-1")
    done = await browser.post(f"{BENCH}/pin", **{**typed, "expect": "stock"}, outcome="answered")
    assert "Pinned." in done.text
    (kept,) = await house.knowledge.pinned("s1")
    assert (kept.question, kept.turns, kept.expected.expect, kept.expected.outcome) == ("Is it in stock?", (PRICE,), ("stock",), "answered")
    nothing = await browser.post(f"{BENCH}/pin", question=PRICE, expect="", outcome="")
    assert nothing.status_code == 422 and "Say what the answer must hold" in nothing.text and f'value="{PRICE}"' in nothing.text


@pytest.mark.parametrize(
    "talk",
    ["", "null", "[]", "{", '{"memory": 3, "past": 5, "history": 1}', '{"memory": {"filters": {"price_max": {"minor": "x"}}, "shown": ["?"], '
     '"pending": {"kind": "which"}}, "history": [1, ["a"], ["a", "b", "c"]], "past": [{"question": 1}, 2]}'],
)  # fmt: skip
async def test_a_talk_that_was_tampered_with_is_begun_anew_or_gone_on_with(house: House, talk: str) -> None:
    browser = await house.signed_in("admin")
    response = await browser.post(BENCH, text=PRICE, talk=talk)
    assert response.status_code == 200 and "49.00" in response.text


async def test_what_cannot_be_asked_is_told(house: House) -> None:
    browser = await house.signed_in("admin")
    assert (await ask(browser, "  ")).status_code == 422
    assert (await ask(browser, "x" * 2001)).status_code == 422
    assert (await browser.post(BENCH, text="x", talk="y" * 600_000)).status_code == 413
    long = json.dumps({"past": [{"question": "q", "text": "a", "outcome": "answered"}] * 20})
    full = await browser.post(BENCH, text="once more", talk=long)
    assert full.status_code == 422 and "20 questions" in full.text


async def test_strangers_see_no_bench(house: House) -> None:
    stranger = await house.signed_in("admin", "s2", "eve@hats.example")
    assert (await stranger.get(BENCH)).status_code == 404 and (await ask(stranger, PRICE)).status_code == 404
    support = await house.signed_in("support")
    assert (await support.post(f"{BENCH}/pin", question=PRICE, expect="49")).status_code == 403
    assert await house.knowledge.pinned("s1") == []


async def test_what_customers_and_catalogs_write_stays_text(house: House) -> None:
    browser = await house.signed_in("admin")
    page = (await ask(browser, "<script>alert(1)</script> how much is the Tea Kettle?")).text
    assert "<script>alert" not in page
