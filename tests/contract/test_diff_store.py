"""DiffStore, the same on SQLite and PostgreSQL; what a forgotten customer said leaves comparisons and joined gaps with them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.records import ChannelKind, Conversation
from bot.previewing.diff_store import AnswerDiff, DiffItem
from bot.storage.sql_conversations import SqlConversationStore
from bot.storage.sql_diffs import SqlDiffStore
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Stores:
    diffs: SqlDiffStore
    conversations: SqlConversationStore
    knowledge: SqlKnowledgeStore

    async def conversation(self) -> Conversation:
        return await self.conversations.start(await self.conversations.inbox("t", ChannelKind.WEB))


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    engine = await open_engine(database_url)
    made = Stores(SqlDiffStore(engine), SqlConversationStore(engine), SqlKnowledgeStore(engine))
    for slug in ("tea", "bikes"):
        await made.knowledge.create_shop(Shop(slug[0], slug, {"en": slug.title()}))
    yield made
    await engine.dispose()


def diff(id: str, shop: str = "t", minutes: int = 0) -> AnswerDiff:
    at = NOW + timedelta(minutes=minutes)
    return AnswerDiff(id, shop, 3, 2, 1, "running", 0, 9, "ann", at, at)


async def test_progress_and_pages(stores: Stores) -> None:
    await stores.diffs.start_diff(diff("d"), keep=5)
    kinds = ("same", "price_changed", "same", "text_changed")
    items = [DiffItem(number, change, {"question": f"q{number}"}) for number, change in enumerate(kinds)]
    done = replace(diff("d"), state="done", done=4, heard_at=NOW + timedelta(seconds=9))
    assert await stores.diffs.save_diff(done, items)
    assert await stores.diffs.diff("t", "d") == done
    assert await stores.diffs.diff("b", "d") is None
    assert await stores.diffs.diff_counts("d") == {"same": 2, "price_changed": 1, "text_changed": 1}
    assert await stores.diffs.diff_items("d", limit=3) == items[:3]
    assert await stores.diffs.diff_items("d", after=2) == items[3:]
    assert [item.number for item in await stores.diffs.diff_items("d", changes=["price_changed", "text_changed"])] == [1, 3]


async def test_a_shop_keeps_its_last_few(stores: Stores) -> None:
    await stores.diffs.start_diff(diff("theirs", "b"), keep=2)
    for number in range(4):
        await stores.diffs.start_diff(diff(f"d{number}", minutes=number), keep=2)
    assert [one.id for one in await stores.diffs.diffs("t")] == ["d3", "d2"]
    assert [one.id for one in await stores.diffs.diffs("b")] == ["theirs"]
    assert not await stores.diffs.save_diff(diff("d0"), [DiffItem(0, "same", {})])
    await stores.knowledge.delete_shop("t")
    assert await stores.diffs.diffs("t") == []


async def test_forgetting_a_customer_takes_their_questions_along(stores: Stores) -> None:
    mine, other = await stores.conversation(), await stores.conversation()
    await stores.diffs.start_diff(diff("d"), keep=5)
    items = [
        DiffItem(0, "same", {"question": "Zebulon asks"}, mine.id),
        DiffItem(1, "same", {"question": "Another asks"}, other.id),
        DiffItem(2, "same", {"question": "A test"}, None, "p1"),
    ]
    await stores.diffs.save_diff(diff("d"), items)
    await stores.conversations.forget(mine.contact_id)
    assert await stores.diffs.diff_items("d") == items[1:]
    await stores.diffs.save_diff(diff("d"), [DiffItem(3, "same", {"question": "Too late"}, mine.id)])  # erased while the comparison ran
    assert await stores.diffs.diff_items("d") == items[1:]


async def test_forgetting_a_customer_leaves_a_joined_question_to_the_others(stores: Stores) -> None:
    mine, other = await stores.conversation(), await stores.conversation()
    await stores.knowledge.record_gap("t", "Zebulon's kettle: BPA?", "en", "no_fact", NOW, conversation_id=mine.id)
    await stores.knowledge.record_gap("t", "Is it BPA free?", "en", "no_fact", NOW, conversation_id=other.id)
    ids = {gap.question: gap.id for gap in await stores.knowledge.gaps("t")}
    await stores.knowledge.join_gaps("t", {ids["Is it BPA free?"]: ids["Zebulon's kettle: BPA?"]})
    await stores.knowledge.set_gap_state("t", ids["Is it BPA free?"], "dismissed")
    await stores.conversations.forget(mine.contact_id)
    (left,) = await stores.knowledge.gaps("t", "dismissed")
    assert (left.question, left.count, left.wordings) == ("Is it BPA free?", 1, 1)
    assert [asked.question for asked in await stores.knowledge.gap_questions("t", left.id)] == ["Is it BPA free?"]
