"""The draft's answers beside those of what serves: each kind of change is told, nothing is stored but the comparison itself."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.conversation.records import Conversation
from bot.errors import Conflict
from bot.previewing.answer_changes import Change, changes, now_unavailable
from bot.previewing.answer_diff import SILENT
from bot.previewing.expectations import failures
from bot.previewing.personal_data import without_personal_data
from bot.storage.tables import answer_diff_items, conversations, messages, turns
from knowledge.faq import FaqEntry
from knowledge.pinned import Expected, PinnedQuestion
from knowledge.storage.tables import gap_questions, gaps
from tests.builders import a_product
from tests.unit.bot.previewing.shopfront import Shopfront

GIFT = FaqEntry("gift", {"en": "Can I pay by bitcoin?"}, {"en": "Yes, we take bitcoin."})
HOURS = FaqEntry("hours", {"en": "What are your opening hours?"}, {"en": "We are open from nine to five."})


def kettle(price: str = "49.90 USD", stock: int = 7):
    return a_product("kettle", "Copper Kettle", price=price, stock=stock, attributes={"Weight": "850 g"})


async def compared(front: Shopfront, limit: int = 200) -> dict[str, tuple[str, dict[str, object]]]:
    """Question to kind of change and item."""
    diff = await front.parts.diffs.start(front.shop, by="ann", limit=limit)
    await front.parts.diffs.wait()
    done = await front.parts.diffs.get(front.shop, diff.id)
    assert (done.state, done.done, done.error) == ("done", done.total, "")
    return {str(item.item["question"]): (item.change, item.item) for item in await front.parts.diffs.items(done)}


async def test_each_kind_of_change_is_told(front: Shopfront) -> None:
    mug = a_product("mug", "Tea Mug", price="9.00 USD", stock=5)
    await front.publish(kettle(), mug, HOURS)
    for text in (
        "How much is the Copper Kettle?",
        "Is the Tea Mug in stock?",
        "What are your opening hours?",
        "Can I pay by bitcoin?",
        "Hello!",
    ):
        await front.ask(text)
    await front.stage(kettle("59.90 USD"), a_product("mug", "Tea Mug", price="9.00 USD", stock=0), GIFT)
    found = await compared(front)
    assert {text: change for text, (change, _) in found.items()} == {
        "How much is the Copper Kettle?": Change.PRICE_CHANGED,
        "Is the Tea Mug in stock?": Change.STOCK_CHANGED,
        "What are your opening hours?": Change.NO_LONGER_ANSWERABLE,
        "Can I pay by bitcoin?": Change.NEWLY_ANSWERABLE,
        "Hello!": Change.SAME,
    }
    price = found["How much is the Copper Kettle?"][1]
    assert "$49.90" in price["before"]["text"] and "$59.90" in price["after"]["text"]  # type: ignore[index]
    assert found["Is the Tea Mug in stock?"][1]["now_unavailable"] == ["MUG"]
    (diff,) = await front.parts.diffs.all(front.shop)
    assert await front.parts.diffs.notable(diff) == (1, 0)
    assert sum((await front.parts.diffs.counts(diff)).values()) == 5


async def test_what_a_patch_changed_live_is_the_same_on_both_sides(front: Shopfront) -> None:
    from knowledge.catalog import OfferPatch

    await front.publish(kettle(), HOURS)
    await front.ask("How much is the Copper Kettle?")
    await front.store.patch_offers("t", [OfferPatch("KETTLE", price="39.00")])
    await front.stage(kettle(), HOURS, GIFT)
    (found,) = (await compared(front)).values()
    assert found[0] == Change.SAME and "$39.00" in found[1]["after"]["text"]  # type: ignore[index]


async def test_a_comparison_stores_no_conversation_and_no_gap(front: Shopfront) -> None:
    await front.publish(kettle())
    await front.ask("Can I pay by bitcoin?", "Is the Copper Kettle BPA free?")

    async def rows() -> list[int]:
        async with front.engine.read() as connection:
            tables = (conversations, messages, turns, gaps, gap_questions)
            return [int(await connection.scalar(select(func.count()).select_from(table)) or 0) for table in tables]

    before = await rows()
    await front.stage(kettle("59.90 USD"))
    await compared(front)
    assert await rows() == before


async def test_a_later_question_is_asked_in_its_context(front: Shopfront) -> None:
    await front.publish(kettle(), a_product("mug", "Tea Mug", price="9.00 USD"))
    await front.ask("Tell me about the Copper Kettle", "How much is it?")
    await front.stage(kettle("59.90 USD"), a_product("mug", "Tea Mug", price="9.00 USD"))
    change, item = (await compared(front))["How much is it?"]
    assert change == Change.PRICE_CHANGED and item["turns"] == ["Tell me about the Copper Kettle"]


async def test_the_number_of_questions_is_bounded(front: Shopfront) -> None:
    await front.publish(kettle())
    for number in range(6):
        await front.ask(f"How much is the Copper Kettle, number {number}?")
    await front.stage(kettle("59.90 USD"))
    assert len(await compared(front, limit=3)) == 3


async def test_without_a_draft_there_is_nothing_to_compare(front: Shopfront) -> None:
    await front.publish(kettle())
    with pytest.raises(Conflict, match="no draft"):
        await front.parts.diffs.start(front.shop)


async def test_forgetting_a_customer_takes_their_words_out_of_comparisons(front: Shopfront) -> None:
    await front.publish(kettle())
    secret: Conversation = await front.ask("Does Zebulon's grandmother like the Copper Kettle?")
    await front.ask("How much is the Copper Kettle?")
    await front.stage(kettle("59.90 USD"))
    assert len(await compared(front)) == 2
    await front.conversations.forget(secret.contact_id)
    async with front.engine.read() as connection:
        left = (await connection.execute(select(answer_diff_items.c.item))).scalars().all()
    assert [item["question"] for item in left] == ["How much is the Copper Kettle?"]


async def test_a_comparison_whose_process_died_shows_as_interrupted(front: Shopfront) -> None:
    from dataclasses import replace

    from bot.storage.sql_diffs import SqlDiffStore

    await front.publish(kettle())
    await front.stage(kettle("59.90 USD"))
    diff = await front.parts.diffs.start(front.shop)
    await front.parts.diffs.wait()
    await SqlDiffStore(front.engine).save_diff(replace(diff, heard_at=diff.heard_at - 2 * SILENT - timedelta(seconds=1)))
    assert (await front.parts.diffs.get(front.shop, diff.id)).state == "interrupted"
    assert (await front.parts.diffs.start(front.shop)).id != diff.id


async def test_a_test_question_tells_what_it_misses(front: Shopfront) -> None:
    await front.publish(kettle(), HOURS)
    expected = Expected(expect=("nine to five",), outcome="answered", sources=("hours",))
    await front.store.save_pinned("t", PinnedQuestion("p1", "What are your opening hours?", expected=expected))
    await front.stage(kettle())
    _, item = (await compared(front, limit=0))["What are your opening hours?"]
    assert item["failures_before"] == [] and item["regressed"] is True
    assert [field for field, _ in item["failures_after"]] == ["expect", "outcome", "sources"]  # type: ignore[misc,attr-defined]


# ── the parts ──


def answer(text: str = "It costs $5.", outcome: str = "answered", **cards: tuple[str, str]) -> dict[str, object]:
    products = [{"sku": sku, "price": price, "availability": state} for sku, (price, state) in cards.items()]
    return {"text": text, "outcome": outcome, "products": products, "sources": []}


def test_an_answer_that_changed_in_several_ways_counts_as_the_worst() -> None:
    one, other = answer("a", A=("5", "in_stock"), B=("1", "in_stock")), answer("b", A=("6", "out_of_stock"), C=("1", "in_stock"))
    assert changes(one, other) == (Change.OTHER_PRODUCTS, Change.PRICE_CHANGED, Change.STOCK_CHANGED)
    assert now_unavailable(one, other) == ["A"]
    assert changes(one, one) == (Change.SAME,)
    assert changes(answer(), answer("Else.")) == (Change.TEXT_CHANGED,)
    assert changes(answer(), answer(outcome="abstained")) == (Change.NO_LONGER_ANSWERABLE,)
    assert changes(answer(outcome="asked_back"), answer()) == (Change.NEWLY_ANSWERABLE,)


def test_expectations_read_numbers_as_people_write_them() -> None:
    told = answer("It costs ¥1,299.00，包邮。")
    assert failures(Expected(expect=("1299.00", "包邮"), avoid=("free",)), told) == []
    assert failures(Expected(expect=("129",), avoid=("1299",)), told) == [("avoid", "1299")]


@pytest.mark.parametrize(
    "text",
    [
        "mail me at ann.lee@example.co.uk",
        "ring +49 (0)170 123-4567",
        "我的手机是13812345678",
        "order AB-20240117-33 please",
        "see https://x.example/me",
        "I am @ann_lee",
    ],
)
def test_personal_data_is_left_out(text: str) -> None:
    assert not set(without_personal_data(text).replace("…", " ").split()) & {"ann.lee@example.co.uk", "+49", "AB-20240117-33", "@ann_lee"}
    assert (
        "13812345678" not in without_personal_data(text)
        and "123" not in without_personal_data(text)
        and "x.example" not in without_personal_data(text)
    )


@pytest.mark.parametrize(
    "text", ["500块以内的双肩包", "Does the BP-22-BK fit a 16-inch laptop?", "between $1,000 and $2,500", "220-240 V, 50/60 Hz?"]
)
def test_what_a_question_is_about_stays(text: str) -> None:
    assert without_personal_data(text) == text
