"""Server-sent events of one conversation: first what is stored after the last one seen, then live, with nothing lost or doubled.

It subscribes before it reads, so news that arrives while it reads is not missed; it sends stored events by their number alone, so none
comes twice. The bus may lose news (at most once): each heartbeat looks into the store as well. Passing signs (typing, token) carry no id.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson

from bot.answering.answer_json import named, time_json
from bot.conversation.events import EventBus, News
from bot.conversation.records import Author, Conversation, Event, Message
from bot.conversation.store import ConversationStore

HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2000
"""What a browser is told to wait before it connects again."""
PASSING = {"typing", "token"}
CLOSED = "closed"
"""The bus went away; the browser connects again, here or to another replica."""


def message_json(message: Message) -> dict[str, object]:
    """A message as customers see it. `client_id`: what the browser called it when it sent it; `agent`: the name of the person who wrote."""
    data: dict[str, object] = {
        "id": message.id,
        "seq": message.seq,
        "author": message.author.value,
        "text": message.text,
        "at": time_json(message.at),
    }
    if message.author is Author.CUSTOMER and message.external_id:
        data["client_id"] = message.external_id
    if message.author is Author.AGENT and message.agent_name:
        data["agent"] = message.agent_name
    if message.answer is not None:
        data["answer"] = named(message.answer, message.id, message.conversation_id)
    return data


def frame(type_: str, data: object, seq: int | None = None) -> bytes:
    """One event on the wire."""
    number = b"id: %d\n" % seq if seq is not None else b""
    return b"%sevent: %s\ndata: %s\n\n" % (number, type_.encode(), orjson.dumps(data))


async def stream(
    conversation: Conversation,
    after: int,
    conversations: ConversationStore,
    bus: EventBus,
    *,
    heartbeat: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[bytes]:
    """Frames from the stored event after `after` on, without end; ends when the conversation was erased."""
    async with bus.subscribe(f"conversation:{conversation.id}") as news:
        yield b"retry: %d\n\n" % RETRY_MS
        last = after
        # One pending read is kept across heartbeats: cancelling it could lose the news it was about to return.
        pending: asyncio.Task[News] | None = None
        try:
            while True:
                async for event in _stored(conversation, last, conversations):
                    last = event[0]
                    yield event[1]
                while True:
                    pending = pending or asyncio.ensure_future(_next(news))
                    done, _ = await asyncio.wait({pending}, timeout=heartbeat)
                    if not done:
                        if await conversations.conversation(conversation.shop_id, conversation.id) is None:
                            return
                        yield b": still here\n\n"
                        break
                    arrived = pending.result()
                    pending = None
                    if arrived.type in PASSING:
                        yield frame(arrived.type, arrived.data)
                    elif arrived.type == CLOSED:
                        return
                    else:
                        break
        finally:
            if pending is not None:
                pending.cancel()


async def _next(news: AsyncIterator[News]) -> News:
    return await anext(news, News("", CLOSED, {}))


async def _stored(conversation: Conversation, after: int, conversations: ConversationStore) -> AsyncIterator[tuple[int, bytes]]:
    while events := await conversations.events(conversation.id, after):
        for event in events:
            after = event.seq
            data = await _data(conversation, event, conversations)
            if data is not None:
                yield event.seq, frame(event.type, data, event.seq)


async def _data(conversation: Conversation, event: Event, conversations: ConversationStore) -> dict[str, Any] | None:
    """What the browser gets. A message is read from the store, so that stream and transcript can't differ; a staff note is nothing."""
    if event.type != "message":
        return event.data
    seq = event.data.get("seq")
    if not isinstance(seq, int):
        return None
    found = await conversations.messages(conversation.id, after_seq=seq - 1, limit=1)
    return message_json(found[0]) if found and found[0].seq == seq and found[0].author is not Author.NOTE else None
