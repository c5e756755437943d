"""ConversationStore, the same on SQLite and PostgreSQL: exactly once, in order, nothing across shops, nothing left of who is forgotten."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from bot.conversation.records import (
    Author,
    ChannelKind,
    Contact,
    Conversation,
    Inbox,
    IncomingMessage,
    Message,
    Status,
    Turn,
    TurnState,
)
from bot.conversation.store import Finished, Received
from bot.errors import Conflict, InvalidInput, NotFound
from bot.storage import tables
from bot.storage.sql_conversations import SqlConversationStore
from bot.storage.sql_staff import SqlStaffStore
from knowledge.storage.engine import Engine, open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.storage.tables import metadata
from knowledge.store import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class World:
    """A store, a second one on the same database (another replica), two shops with an inbox each."""

    store: SqlConversationStore
    replica: SqlConversationStore
    engine: Engine
    clock: Clock
    tea: Inbox
    bikes: Inbox
    telegram: Inbox

    async def begin(self, inbox: Inbox | None = None, **options: str) -> Conversation:
        return await self.store.start(inbox or self.tea, **options)

    async def hear(self, conversation: Conversation, text: str = "Is it blue?", external_id: str = "") -> Received:
        return await self.store.receive(conversation, IncomingMessage(conversation.inbox_id, conversation.address, external_id, text))

    async def answer(self, turn: Turn, text: str = "It is blue.", worker: str = "w", **more: str) -> Message | None:
        return await self.store.finish_turn(turn.id, worker, finished(text, **more))

    async def now(self, conversation: Conversation) -> Conversation:
        found = await self.store.conversation(conversation.shop_id, conversation.id)
        assert found is not None
        return found

    async def told(self, conversation: Conversation) -> list[str]:
        """What the stream tells, one word an event."""
        return [str(e.data.get("text") or e.type) for e in await self.store.events(conversation.id, 0)]


def finished(text: str = "It is blue.", **more: str) -> Finished:
    return Finished(text, {"text": text, "outcome": "answered"}, {"question": "blue?"}, {"focus": "p"}, "en", **more)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    clock = Clock()
    engine, other = await open_engine(database_url), await open_engine(database_url)
    knowledge = SqlKnowledgeStore(engine, clock=clock)
    for slug in ("tea", "bikes"):
        await knowledge.create_shop(Shop(slug[0], slug, {"en": slug}))
    store, replica = (SqlConversationStore(e, clock=clock, sending_channels=frozenset({ChannelKind.TELEGRAM})) for e in (engine, other))
    inboxes = [
        await store.inbox("t", ChannelKind.WEB),
        await store.inbox("b", ChannelKind.WEB),
        await store.inbox("t", ChannelKind.TELEGRAM),
    ]
    yield World(store, replica, engine, clock, *inboxes)
    await engine.dispose()
    await other.dispose()


# ── inboxes, beginning ──


async def test_an_inbox_is_made_once(world: World):
    made = await asyncio.gather(*(store.inbox("t", ChannelKind.TERMINAL, "x") for store in (world.store, world.replica) * 3))
    assert len({inbox.id for inbox in made}) == 1
    await world.store.save_inbox(replace(made[0], settings={"bot": "Tea 茶"}, secret=b"\x00\xff"))
    kept = await world.store.inbox("t", ChannelKind.TERMINAL, "x")
    assert (kept.settings, kept.secret) == ({"bot": "Tea 茶"}, b"\x00\xff")
    assert [inbox.id for inbox in await world.store.inboxes(ChannelKind.TELEGRAM)] == [world.telegram.id]
    assert len(await world.store.inboxes()) == 4


async def test_an_inbox_is_never_taken_to_another_shop(world: World):
    with pytest.raises(Conflict):
        await world.store.save_inbox(replace(world.tea, shop_id="b", name="stolen"))
    assert (await world.store.inbox("t", ChannelKind.WEB)).id == world.tea.id


async def test_a_conversation_begins_with_a_new_customer_and_its_own_address(world: World):
    first, second = await world.begin(token_hash="h"), await world.begin()
    assert first.address == first.id
    assert first.contact_id != second.contact_id
    assert first == await world.now(first)
    assert (first.status, first.created_at, first.last_seq) == (Status.ASSISTANT, NOW, 0)
    third = await world.begin(contact_id=first.contact_id, language="zh")
    assert (third.contact_id, third.language) == (first.contact_id, "zh")
    assert await world.store.messages(first.id) == []


async def test_an_address_keeps_its_conversation_and_its_customer(world: World):
    first = await world.store.open_for(world.telegram, "chat-7", name="Li", language="zh")
    assert (await world.store.open_for(world.telegram, "chat-7")).id == first.id
    assert (await world.store.open_for(world.telegram, "chat-8")).contact_id != first.contact_id
    await world.store.move(first.id, [Status.ASSISTANT], Status.RESOLVED)
    again = await world.store.open_for(world.telegram, "chat-7")
    assert again.id != first.id
    assert again.contact_id == first.contact_id
    contact = await world.store.contact(first.contact_id)
    assert contact is not None
    assert (contact.name, contact.language) == ("Li", "zh")


async def test_two_first_messages_of_one_address_are_one_conversation(world: World):
    made = await asyncio.gather(*(store.open_for(world.telegram, "chat-7") for store in (world.store, world.replica) * 4))
    assert len({conversation.id for conversation in made}) == 1
    assert len(await world.store.find_contacts("chat-7")) == 1


# ── receiving ──


async def test_a_message_is_stored_and_opens_its_turn(world: World):
    conversation = await world.begin()
    received = await world.hear(conversation, "Is it blue? 蓝色 ☕\x00\ud800", "m1")
    assert (received.new, received.message.seq, received.turn.state) == (True, 1, TurnState.OPEN)
    stored = await world.store.message(received.message.id)
    assert stored is not None
    assert (stored.author, stored.text, stored.external_id, stored.at) == (Author.CUSTOMER, "Is it blue? 蓝色 ☕", "m1", NOW)
    assert await world.store.turn(received.turn.id) == received.turn == await world.store.turn_of_message(received.message.id)
    assert await world.store.last_event(conversation.id) == 1


async def test_the_same_external_id_is_the_same_message(world: World):
    conversation = await world.begin()
    several = await asyncio.gather(
        *(
            store.receive(conversation, IncomingMessage(conversation.inbox_id, conversation.address, "m1", "Hello"))
            for store in (world.store, world.replica) * 4
        )
    )
    assert sum(received.new for received in several) == 1
    assert len({(received.message.id, received.turn.id) for received in several}) == 1
    assert len(await world.store.messages(conversation.id)) == 1
    other = await world.begin()
    assert (await world.hear(other, "Hello", "m1")).new, "an external id is unique in its conversation, not beyond"
    assert (await world.hear(conversation, "Hello")).new
    assert (await world.hear(conversation, "Hello")).new, "without an external id nothing repeats"


async def test_messages_are_numbered_without_holes_whoever_writes(world: World):
    conversation = await world.begin()
    works: list[object] = []
    for number, store in enumerate((world.store, world.replica) * 8):
        if number % 3:
            works.append(store.say(conversation.id, Author.SYSTEM, f"notice {number}"))
        else:
            works.append(store.receive(conversation, IncomingMessage(conversation.inbox_id, "", f"m{number}", "hi")))
    await asyncio.gather(*works)  # type: ignore[call-overload]
    messages = await world.store.messages(conversation.id)
    assert [message.seq for message in messages] == list(range(1, 17))
    events = await world.store.events(conversation.id, 0)
    assert [event.seq for event in events] == list(range(1, 17))
    assert [event.data["seq"] for event in events] == [message.seq for message in messages]
    assert (await world.now(conversation)).last_seq == 16


async def test_a_greeting_goes_before_the_first_message_only(world: World):
    conversation = await world.begin()
    for text_ in ("Hello", "Again"):
        await world.store.receive(conversation, IncomingMessage(conversation.inbox_id, "", "", text_, language="zh"), greeting="Welcome")
    assert [(m.author, m.text) for m in await world.store.messages(conversation.id)] == [
        (Author.SYSTEM, "Welcome"),
        (Author.CUSTOMER, "Hello"),
        (Author.CUSTOMER, "Again"),
    ]
    assert (await world.now(conversation)).language == "zh"


async def test_writing_to_a_resolved_conversation_opens_it_again(world: World):
    conversation = await world.begin()
    await world.store.move(conversation.id, [Status.ASSISTANT], Status.RESOLVED)
    received = await world.hear(conversation)
    assert received.conversation.status is Status.ASSISTANT
    assert received.turn.state is TurnState.OPEN


async def test_while_an_agent_holds_it_the_assistant_is_silent(world: World):
    conversation = await world.begin()
    await world.store.move(conversation.id, [Status.ASSISTANT], Status.AGENT, agent_id="ann")
    received = await world.hear(conversation)
    assert received.turn.state is TurnState.SILENT
    assert await world.store.claim_turn("w", 10) is None


# ── turns ──


async def test_a_turn_has_one_worker_at_a_time(world: World):
    turn = (await world.hear(await world.begin())).turn
    claims = await asyncio.gather(*(store.claim_turn(f"w{n}", 10) for n, store in enumerate((world.store, world.replica) * 3)))
    assert [claim.id for claim in claims if claim] == [turn.id]
    world.clock.pass_(9)
    assert await world.store.claim_turn("late", 10) is None
    assert await world.store.claim_turn("late", 10, turn_id=turn.id) is None
    world.clock.pass_(2)
    taken = await world.replica.claim_turn("late", 10)
    assert taken is not None
    assert taken.attempts == 2


async def test_a_renewed_lease_lasts(world: World):
    turn = (await world.hear(await world.begin())).turn
    await world.store.claim_turn("w", 10)
    world.clock.pass_(9)
    assert await world.store.renew_turn(turn.id, "w", 10)
    assert not await world.store.renew_turn(turn.id, "thief", 10)
    world.clock.pass_(9)
    assert await world.store.claim_turn("late", 10) is None
    await world.answer(turn)
    assert not await world.store.renew_turn(turn.id, "w", 10)


async def test_turns_of_one_conversation_are_taken_in_order(world: World):
    conversation, other = await world.begin(), await world.begin()
    first, second = (await world.hear(conversation, "one")).turn, (await world.hear(conversation, "two")).turn
    world.clock.pass_(1)
    third = (await world.hear(other, "three")).turn
    assert await world.store.claim_turn("w", 10, turn_id=second.id) is None
    claimed = [await world.store.claim_turn("w", 10) for _ in range(3)]
    assert [turn and turn.id for turn in claimed] == [first.id, third.id, None]
    await world.answer(first)
    next_ = await world.store.claim_turn("w", 10)
    assert next_ is not None
    assert next_.id == second.id


async def test_an_answer_is_stored_once_and_only_by_who_holds_the_turn(world: World):
    conversation = await world.begin()
    turn = (await world.hear(conversation)).turn
    assert await world.answer(turn) is None, "nobody claimed it yet"
    await world.store.claim_turn("slow", 10)
    world.clock.pass_(11)
    await world.store.claim_turn("w", 10)
    assert await world.answer(turn, worker="slow") is None
    stored = await asyncio.gather(*(store.finish_turn(turn.id, "w", finished()) for store in (world.store, world.replica) * 2))
    assert len([message for message in stored if message]) == 1
    answers = [message for message in await world.store.messages(conversation.id) if message.author is Author.ASSISTANT]
    assert len(answers) == 1
    assert answers[0].answer == {"text": "It is blue.", "outcome": "answered"}
    done = await world.store.turn_of_message(answers[0].id)
    assert done is not None
    assert (done.id, done.state, done.answer_id, done.trace) == (turn.id, TurnState.ANSWERED, answers[0].id, {"question": "blue?"})
    assert await world.store.claim_turn("w", 10) is None
    kept = await world.now(conversation)
    assert (kept.memory, kept.language, kept.status) == ({"focus": "p"}, "en", Status.ASSISTANT)


async def test_an_agent_who_takes_over_during_a_turn_makes_it_silent(world: World):
    conversation = await world.begin()
    turn = (await world.hear(conversation)).turn
    await world.store.claim_turn("w", 10)
    await world.store.move(conversation.id, [Status.ASSISTANT], Status.AGENT, agent_id="ann")
    assert await world.answer(turn) is None
    await world.store.move(conversation.id, [Status.AGENT], Status.ASSISTANT)
    assert await world.answer(turn) is None, "given back, the old question stays the agent's"
    ended = await world.store.turn(turn.id)
    assert ended is not None
    assert ended.state is TurnState.SILENT
    assert [message.author for message in await world.store.messages(conversation.id)] == [Author.CUSTOMER]


async def test_an_answer_that_hands_off_lets_the_conversation_wait(world: World):
    conversation = await world.begin()
    turn = (await world.hear(conversation)).turn
    await world.store.claim_turn("w", 10)
    await world.answer(turn, "A colleague is coming.", handoff_reason="complaint", handoff_summary="Broken kettle")
    waiting = await world.now(conversation)
    assert (waiting.status, waiting.handoff_reason, waiting.handoff_summary) == (Status.WAITING, "complaint", "Broken kettle")
    assert waiting.waiting_since == NOW
    assert await world.told(conversation) == ["Is it blue?", "A colleague is coming.", "handoff"]
    world.clock.pass_(60)
    turn = (await world.hear(conversation, "Hello?")).turn
    await world.store.claim_turn("w", 10)
    assert await world.answer(turn, "Soon.", handoff_reason="customer_asked") is not None
    assert (await world.now(conversation)).waiting_since == NOW
    assert (await world.now(conversation)).handoff_reason == "complaint"


async def test_what_a_turn_needs_comes_in_one_read(world: World):
    conversation = await world.begin()
    for number in range(25):
        await world.store.say(conversation.id, Author.AGENT, f"reply {number}", agent_name="Ann")
    await world.store.say(conversation.id, Author.NOTE, "for staff")
    received = await world.hear(conversation, "Is it blue?")
    await world.store.say(conversation.id, Author.SYSTEM, "afterwards")
    found = await world.store.conversation_of_turn(received.turn)
    assert found is not None
    whole, message, history = found
    assert whole.id == conversation.id
    assert message == received.message
    assert [m.text for m in history] == [f"reply {n}" for n in range(5, 25)]
    await world.store.forget(conversation.contact_id)
    assert await world.store.conversation_of_turn(received.turn) is None


# ── saying, moving ──


async def test_staff_speak_and_a_note_stays_inside(world: World):
    conversation = await world.begin()
    await world.hear(conversation)
    await world.store.say(conversation.id, Author.NOTE, "a difficult one", agent_id="ann")
    reply = await world.store.say(conversation.id, Author.AGENT, "Hello", agent_id="ann", agent_name="Ann", external_id="r1")
    again = await world.store.say(conversation.id, Author.AGENT, "Hello", agent_id="ann", agent_name="Ann", external_id="r1")
    assert reply == again
    assert [m.text for m in await world.store.messages(conversation.id)] == ["Is it blue?", "Hello"]
    assert [m.text for m in await world.store.messages(conversation.id, notes=True)] == ["Is it blue?", "a difficult one", "Hello"]
    assert [m.text for m in await world.store.messages(conversation.id, after_seq=1, limit=1)] == ["Hello"]
    events = await world.store.events(conversation.id, 1)
    assert [(e.seq, e.type, e.data["agent_name"]) for e in events] == [(2, "message", "Ann")]
    assert set(events[0].data) == {"id", "seq", "author", "text", "at", "agent_name"}
    assert datetime.fromisoformat(str(events[0].data["at"])) == NOW
    await world.store.say(conversation.id, Author.NOTE, "last")
    assert (await world.store.last_messages([conversation.id, "nothing"]))[conversation.id].text == "Hello"
    with pytest.raises(NotFound):
        await world.store.say("nothing", Author.SYSTEM, "Hello")


async def test_the_holder_changes_only_from_where_it_is_expected(world: World):
    conversation = await world.begin()
    user = await SqlStaffStore(world.engine, clock=world.clock).create_user("ann@example.com", "Ann")
    moved = await world.store.move(
        conversation.id, [Status.ASSISTANT], Status.WAITING, reason="customer_asked", summary="s", notice="Soon."
    )
    assert (moved.status, moved.waiting_since, moved) == (Status.WAITING, NOW, await world.now(conversation))
    takers = [
        store.move(conversation.id, [Status.WAITING], Status.AGENT, agent_id=user.id)
        for store in (world.store, world.replica, world.store, world.replica)
    ]
    results = await asyncio.gather(*takers, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "Conflict", "Conversation"]
    with pytest.raises(Conflict):
        await world.store.move(conversation.id, [Status.ASSISTANT], Status.RESOLVED)
    await world.store.move(conversation.id, [Status.AGENT], Status.RESOLVED, notice="Goodbye.")
    assert await world.told(conversation) == ["Soon.", "handoff", "presence", "Goodbye.", "presence", "ended"]
    events = await world.store.events(conversation.id, 0)
    assert events[2].data == {"status": "agent", "present": True, "agent_name": "Ann"}
    assert events[4].data == {"status": "resolved", "present": False, "agent_name": ""}


async def test_lists_show_who_waits_longest_then_the_newest(world: World):
    made = []
    for _ in range(5):
        world.clock.pass_(10)
        made.append(await world.begin())
    a, b, c, d, e = made
    for conversation in (c, a):
        world.clock.pass_(10)
        await world.store.move(conversation.id, [Status.ASSISTANT], Status.WAITING, reason="rule")
    await world.store.move(d.id, [Status.ASSISTANT], Status.RESOLVED)
    everything = await world.store.conversations("t")
    assert [x.id for x in everything] == [x.id for x in (c, a, d, e, b)]
    assert [x.id for x in await world.store.conversations("t", [Status.WAITING])] == [c.id, a.id]
    older = await world.store.conversations("t", [Status.ASSISTANT], before=e.updated_at, limit=1)
    assert [x.id for x in older] == [b.id]
    assert await world.store.conversations("b") == []


async def test_who_waits_too_long_is_told_once(world: World):
    conversation, other = await world.begin(), await world.begin()
    for one in (conversation, other):
        await world.store.move(one.id, [Status.ASSISTANT], Status.WAITING, reason="rule")
    world.clock.pass_(121)
    assert [c.id for c in await world.store.overdue(world.clock.now, 3)] == []
    assert {c.id for c in await world.store.overdue(world.clock.now, 2)} == {conversation.id, other.id}
    told = await asyncio.gather(
        *(store.mark_told(conversation.id, world.clock.now, "Nobody.") for store in (world.store, world.replica) * 2)
    )
    assert sum(told) == 1
    assert [c.id for c in await world.store.overdue(world.clock.now, 2)] == [other.id]
    assert [m.text for m in await world.store.messages(conversation.id)] == ["Nobody."]
    await world.store.move(other.id, [Status.WAITING], Status.ASSISTANT)
    assert not await world.store.mark_told(other.id, world.clock.now, "Nobody.")
    assert not await world.store.mark_told("nothing", world.clock.now, "Nobody.")


# ── sending ──


async def say_on_telegram(world: World, address: str, *texts: str) -> Conversation:
    conversation = await world.store.open_for(world.telegram, address)
    for text_ in texts:
        await world.store.say(conversation.id, Author.AGENT, text_)
    return conversation


async def test_only_what_a_channel_must_send_is_queued(world: World):
    web = await world.begin()
    await world.store.say(web.id, Author.AGENT, "on the web")
    telegram = await say_on_telegram(world, "chat-7")
    turn = (await world.hear(telegram)).turn
    await world.store.say(telegram.id, Author.NOTE, "for staff")
    assert await world.store.claim_deliveries("w", 10) == []
    await world.store.claim_turn("w", 10)
    answer = await world.answer(turn)
    (delivery,) = await world.store.claim_deliveries("w", 10)
    assert answer is not None
    assert (delivery.message_id, delivery.address, delivery.inbox_id) == (answer.id, "chat-7", world.telegram.id)
    assert (delivery.shop_id, delivery.conversation_id, delivery.attempts) == ("t", telegram.id, 1)


async def test_deliveries_go_out_in_order_one_worker_each(world: World):
    await say_on_telegram(world, "chat-7", "one", "two")
    await say_on_telegram(world, "chat-8", "three")
    batches = await asyncio.gather(*(store.claim_deliveries(f"w{n}", 10) for n, store in enumerate((world.store, world.replica) * 3)))
    claimed = [delivery for batch in batches for delivery in batch]
    messages = [await world.store.message(delivery.message_id) for delivery in claimed]
    assert sorted(message.text for message in messages if message) == ["one", "three"]
    mine = next(d for d in claimed if d.address == "chat-7")
    worker = next(f"w{n}" for n, batch in enumerate(batches) if mine in batch)
    await world.store.delivery_done(mine.id, "thief", ["1"])
    assert await world.store.claim_deliveries("x", 10) == []
    await world.store.delivery_done(mine.id, worker, ["tg-1"])
    (second,) = await world.store.claim_deliveries("x", 10)
    assert (await world.store.message(second.message_id)).text == "two"  # type: ignore[union-attr]


async def test_a_delivery_is_tried_again_later_and_goes_on_where_it_was(world: World):
    await say_on_telegram(world, "chat-7", "one", "two")
    (first,) = await world.store.claim_deliveries("w", 10)
    await world.store.delivery_progress(first.id, "w", {"parts": 1})
    await world.store.delivery_failed(first.id, "w", "429", retry_in=30)
    assert await world.store.claim_deliveries("w", 10) == []
    world.clock.pass_(31)
    (again,) = await world.store.claim_deliveries("w", 10)
    assert (again.id, again.attempts, again.progress) == (first.id, 2, {"parts": 1})
    world.clock.pass_(11)
    (taken,) = await world.store.claim_deliveries("other", 10)
    assert taken.id == first.id, "its worker died"
    await world.store.delivery_failed(first.id, "other", "blocked", retry_in=None)
    (second,) = await world.store.claim_deliveries("w", 10)
    assert second.id != first.id, "one that failed for good holds up nothing"


async def test_an_update_is_seen_once(world: World):
    assert await world.store.update_offset(world.telegram.id) == 0
    seen = await asyncio.gather(*(store.seen_update(world.telegram.id, 5_000_000_000) for store in (world.store, world.replica) * 3))
    assert sorted(seen) == [False, True, True, True, True, True]
    assert await world.store.knows_update(world.telegram.id, 5_000_000_000)
    assert not await world.store.knows_update(world.bikes.id, 5_000_000_000)
    assert not await world.store.knows_update(world.bikes.id, 5_000_000_000), "asking records nothing"
    assert not await world.store.seen_update(world.bikes.id, 5_000_000_000)
    assert not await world.store.seen_update(world.telegram.id, 7)
    assert await world.store.update_offset(world.telegram.id) == 5_000_000_000
    world.clock.pass_(15 * 24 * 3600)
    assert not await world.store.seen_update(world.telegram.id, 256)
    assert await world.store.update_offset(world.telegram.id) == 256, "old numbers are swept away"


# ── customers, isolation, forgetting ──


async def test_only_the_token_opens_a_conversation(world: World):
    conversation, open_ = await world.begin(token_hash="secret"), await world.begin()
    assert await world.store.by_token(conversation.id, "secret") == conversation
    for id, hash in ((conversation.id, "wrong"), (open_.id, "secret"), (conversation.id, ""), (open_.id, ""), ("nothing", "secret")):
        assert await world.store.by_token(id, hash) is None


async def test_shops_do_not_see_each_other(world: World):
    conversation = await world.begin(world.tea)
    await world.hear(conversation)
    assert await world.store.conversation("b", conversation.id) is None
    assert await world.store.conversations("b") == []
    with pytest.raises(NotFound):
        await world.store.start(world.bikes, contact_id=conversation.contact_id)
    contact = await world.store.contact(conversation.contact_id)
    assert contact is not None
    await world.store.save_contact(replace(contact, shop_id="b", name="stolen"))
    assert (await world.store.contact(contact.id)).name == ""  # type: ignore[union-attr]
    same_address = [await world.store.open_for(inbox, "chat-7") for inbox in (world.tea, world.bikes)]
    assert same_address[0].contact_id != same_address[1].contact_id


async def test_a_deleted_shop_takes_its_conversations(world: World):
    mine, others = await say_on_telegram(world, "chat-7", "Hello"), await world.begin(world.bikes)
    await world.hear(mine)
    await world.store.seen_update(world.telegram.id, 1)
    await SqlKnowledgeStore(world.engine).delete_shop("t")
    async with world.engine.read() as connection:
        for table in metadata.sorted_tables:
            if "shop_id" in table.c:
                rows = (await connection.execute(select(table.c.shop_id))).scalars().all()
                assert "t" not in rows, table.name
    assert await world.store.conversation("b", others.id) is not None


async def test_a_customer_is_found_by_what_is_known(world: World):
    conversation = await world.store.open_for(world.telegram, "chat-7")
    contact = await world.store.contact(conversation.contact_id)
    assert contact is not None
    await world.store.save_contact(replace(contact, name="Li", reach="li@example.com"))
    for name in (contact.id, conversation.id, "chat-7", " li@example.com "):
        assert [found.name for found in await world.store.find_contacts(name)] == ["Li"]
    assert await world.store.find_contacts("chat-8") == []
    assert await world.store.find_contacts("") == []


async def test_thumbs_and_ratings_count_once(world: World):
    conversation = await world.begin()
    received = await world.hear(conversation)
    await world.store.claim_turn("w", 10)
    answer = await world.answer(received.turn)
    assert answer is not None
    assert await world.store.feedback(conversation.id, answer.id, -1, "wrong colour")
    assert not await world.store.feedback(conversation.id, answer.id, -1, "wrong colour"), "said twice, it is not two"
    assert await world.store.feedback(conversation.id, answer.id, 1)
    await world.store.rate(conversation.id, 2, "slow")
    await world.store.rate(conversation.id, 5)
    async with world.engine.read() as connection:
        assert [(r.value, r.comment, r.shop_id) for r in await connection.execute(select(tables.feedback))] == [(1, "", "t")]
        assert [(r.score, r.comment) for r in await connection.execute(select(tables.ratings))] == [(5, "")]
    assert await world.store.correct(conversation.id, answer.id, "It is red.", "Mei")
    assert not await world.store.correct(conversation.id, answer.id, "It is dark red.", "Bo")
    kept = await world.store.corrections(conversation.id)
    assert [(one.message_id, one.text, one.by) for one in kept.values()] == [(answer.id, "It is dark red.", "Bo")]
    other = await world.begin()
    assert await world.store.corrections(other.id) == {}
    for conversation_id, message_id in ((other.id, answer.id), (conversation.id, received.message.id), (conversation.id, "nothing")):
        with pytest.raises(NotFound):
            await world.store.feedback(conversation_id, message_id, 1)
        with pytest.raises(NotFound):
            await world.store.correct(conversation_id, message_id, "No.", "Mei")
    with pytest.raises(InvalidInput):
        await world.store.feedback(conversation.id, answer.id, 2)
    with pytest.raises(InvalidInput):
        await world.store.rate(conversation.id, 6)


SECRET = "my sister's knee is broken"


async def live_through(world: World, conversation: Conversation) -> None:
    """Leaves the secret in every place that a customer's words reach."""
    turn = (await world.hear(conversation, SECRET, "m1")).turn
    await world.store.claim_turn("w", 10, turn_id=turn.id)
    told = Finished(f"You said: {SECRET}", {"text": SECRET}, {"question": SECRET}, {"last": SECRET}, "en", "complaint", SECRET)
    answer = await world.store.finish_turn(turn.id, "w", told)
    assert answer is not None
    await world.store.say(conversation.id, Author.NOTE, f"note: {SECRET}")
    await world.store.feedback(conversation.id, answer.id, 1, SECRET)
    await world.store.rate(conversation.id, 5, SECRET)
    await world.store.correct(conversation.id, answer.id, SECRET, SECRET)
    contact = await world.store.contact(conversation.contact_id)
    assert contact is not None
    await world.store.save_contact(Contact(contact.id, contact.shop_id, SECRET, "en", SECRET))
    knowledge = SqlKnowledgeStore(world.engine, clock=world.clock)
    await knowledge.record_gap(conversation.shop_id, SECRET, "en", "no_fact", NOW, conversation_id=conversation.id)


async def everything(world: World) -> str:
    """All rows of all tables as text."""
    async with world.engine.read() as connection:
        rows = [row for table in metadata.sorted_tables for row in (await connection.execute(table.select())).all()]
    return json.dumps([[str(value) for value in row] for row in rows], ensure_ascii=False)


async def test_forgetting_leaves_nothing_anywhere(world: World, database_url: str):
    gone, stays = await world.store.open_for(world.telegram, "chat-7"), await world.store.open_for(world.telegram, "chat-8")
    await live_through(world, gone)
    await world.hear(stays, "Something else")
    assert (await everything(world)).count("knee") >= 9
    erased = await world.store.forget(gone.contact_id)
    assert erased == {
        "feedback": 1,
        "ratings": 1,
        "corrections": 1,
        "deliveries": 1,
        "events": 3,
        "turns": 1,
        "messages": 3,
        "gap_questions": 1,
        "conversations": 1,
        "identities": 1,
        "contacts": 1,
    }
    left = await everything(world)
    assert "knee" not in left
    assert "Something else" in left
    assert await world.store.conversation("t", gone.id) is None
    assert await world.store.contact(gone.contact_id) is None
    if world.engine.name == "sqlite":
        file = Path(str(make_url(database_url).database))
        for path in file.parent.glob(f"{file.name}*"):
            assert b"knee" not in path.read_bytes(), path.suffix
    assert (await world.store.forget(gone.contact_id))["contacts"] == 0


async def test_forgetting_during_a_turn_leaves_nothing_to_answer(world: World):
    conversation = await world.begin()
    turn = (await world.hear(conversation, SECRET)).turn
    await world.store.claim_turn("w", 10)
    await world.store.forget(conversation.contact_id)
    assert await world.answer(turn) is None
    with pytest.raises(NotFound):
        await world.hear(conversation, SECRET)
    assert "knee" not in await everything(world)


async def test_a_database_that_goes_away_is_one_sentence(world: World):
    async with world.engine.write() as connection:
        await connection.execute(text("DROP TABLE events"))
    conversation = await world.begin()
    with pytest.raises(Exception, match="events") as failed:
        await world.hear(conversation, SECRET)
    error: BaseException | None = failed.value
    while error is not None:
        assert "knee" not in str(error)
        error = error.__cause__


async def test_who_is_forgotten_takes_their_words_out_of_the_gaps(world: World):
    knowledge = SqlKnowledgeStore(world.engine, clock=world.clock)
    shop = world.tea.shop_id
    mine, other = await world.begin(), await world.begin()
    await knowledge.record_gap(shop, "Does Zebulon's kettle fit?", "en", "no_fact", NOW, conversation_id=mine.id)
    await knowledge.record_gap(shop, "IS IT BPA FREE", "en", "no_fact", NOW, conversation_id=mine.id)
    await knowledge.record_gap(shop, "Is it BPA-free?", "en", "no_fact", NOW + timedelta(hours=1), conversation_id=other.id)
    erased = await world.store.forget(mine.contact_id)
    assert erased["gap_questions"] == 2
    (left,) = await knowledge.gaps(shop)
    assert (left.question, left.count) == ("Is it BPA-free?", 1)


async def test_a_chosen_language_stays_in_the_memory(world: World):
    conversation = await world.begin()
    await world.store.set_language(conversation.id, "zh")
    kept = await world.now(conversation)
    assert (kept.language, kept.memory["chosen_language"]) == ("zh", "zh")
