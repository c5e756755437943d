import asyncio
from collections.abc import AsyncIterator

import orjson

from bot.channels.web.stream import stream
from bot.conversation.events import News
from bot.conversation.records import Author, Conversation
from tests.unit.bot.channels.web.conftest import Door

Frame = tuple[int | None, str, dict[str, object]]


async def conversation_of(door: Door) -> Conversation:
    path, _ = await door.begin()
    found = await door.store.conversation("s1", path.rsplit("/", 1)[1])
    assert found is not None
    return found


def parsed(frame: bytes) -> Frame | None:
    lines = dict(line.split(": ", 1) for line in frame.decode().strip().split("\n") if not line.startswith(":"))
    if "data" not in lines:
        return None
    return int(lines["id"]) if "id" in lines else None, lines["event"], orjson.loads(lines["data"])


async def take(frames: AsyncIterator[bytes], count: int) -> list[Frame]:
    taken: list[Frame] = []
    async with asyncio.timeout(5):
        while len(taken) < count:
            frame = parsed(await anext(frames))
            if frame:
                taken.append(frame)
    return taken


async def test_stored_events_come_first_then_live_ones(door: Door) -> None:
    conversation = await conversation_of(door)
    frames = stream(conversation, 0, door.store, door.bus)
    [(number, type_, data)] = await take(frames, 1)
    assert (number, type_, data["text"]) == (1, "message", "Welcome to the tea house.")
    await door.store.say(conversation.id, Author.AGENT, "Hello", agent_id="m", agent_name="Mei")
    await door.assistant.announce(conversation.id)
    [(number, _, data)] = await take(frames, 1)
    assert (number, data["text"], data["agent"]) == (2, "Hello", "Mei")


async def test_resuming_gives_what_came_after_and_nothing_twice(door: Door) -> None:
    conversation = await conversation_of(door)
    for text in "abc":
        await door.store.say(conversation.id, Author.SYSTEM, text)
    frames = stream(conversation, 2, door.store, door.bus)
    assert [(number, data["text"]) for number, _, data in await take(frames, 2)] == [(3, "b"), (4, "c")]
    # The same news again, as a second publisher would send it: nothing is stored after it, so nothing comes.
    await door.assistant.announce(conversation.id)
    await door.bus.publish(News(f"conversation:{conversation.id}", "typing", {"on": True}))
    assert await take(frames, 1) == [(None, "typing", {"on": True})]


async def test_what_is_said_between_subscribing_and_reading_comes_once(door: Door) -> None:
    conversation = await conversation_of(door)
    frames = stream(conversation, 1, door.store, door.bus)
    await anext(frames)  # subscribed, nothing read yet
    await door.store.say(conversation.id, Author.SYSTEM, "between")
    await door.assistant.announce(conversation.id)
    await door.store.say(conversation.id, Author.SYSTEM, "after")
    await door.assistant.announce(conversation.id)
    assert [data["text"] for _, _, data in await take(frames, 2)] == ["between", "after"]


async def test_lost_news_costs_one_heartbeat_and_no_event(door: Door) -> None:
    conversation = await conversation_of(door)
    frames = stream(conversation, 1, door.store, door.bus, heartbeat=0.02)
    await anext(frames)
    await door.store.say(conversation.id, Author.SYSTEM, "nobody announced me")
    assert [data["text"] for _, _, data in await take(frames, 1)] == ["nobody announced me"]


async def test_tokens_pass_without_a_number(door: Door) -> None:
    conversation = await conversation_of(door)
    frames = stream(conversation, 1, door.store, door.bus)
    await anext(frames)
    token = {"message": "t1", "offset": 0, "text": "Yes"}
    await door.bus.publish(News(f"conversation:{conversation.id}", "token", token))
    assert await take(frames, 1) == [(None, "token", token)]


async def test_notes_are_not_streamed(door: Door) -> None:
    conversation = await conversation_of(door)
    await door.store.say(conversation.id, Author.NOTE, "difficult", agent_id="m")
    await door.store.say(conversation.id, Author.SYSTEM, "seen")
    frames = stream(conversation, 1, door.store, door.bus)
    assert [data["text"] for _, _, data in await take(frames, 1)] == ["seen"]


async def test_it_ends_when_the_customer_is_forgotten(door: Door) -> None:
    conversation = await conversation_of(door)
    frames = stream(conversation, 1, door.store, door.bus, heartbeat=0.02)
    await door.store.forget(conversation.contact_id)
    async with asyncio.timeout(5):
        assert [frame async for frame in frames if parsed(frame)] == []


async def test_it_ends_when_the_bus_closes(door: Door) -> None:
    conversation = await conversation_of(door)
    frames = stream(conversation, 1, door.store, door.bus)
    await anext(frames)
    await door.bus.close()
    async with asyncio.timeout(5):
        assert [frame async for frame in frames] == []
