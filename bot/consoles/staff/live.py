"""The desk's event stream: says that something changed; what it is, the page reads for itself, through the gate."""

import asyncio
from collections.abc import AsyncIterator

import orjson

from bot.consoles.access import Access, Who
from bot.conversation.events import EventBus, News
from knowledge.store import Shop

HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2000
_END = News("", "end", {})


async def live(access: Access, bus: EventBus, who: Who, shop: Shop, *, heartbeat: float = HEARTBEAT_SECONDS) -> AsyncIterator[bytes]:
    """Frames without end; ends when the session has ended (told by "signed_out") or the bus goes away.

    A page that connects again reads everything anew, so nothing needs a number and nothing is lost."""
    async with bus.subscribe(f"desk:{shop.id}") as news:
        yield b"retry: %d\n\nevent: here\ndata: {}\n\n" % RETRY_MS
        pending: asyncio.Future[News] | None = None
        try:
            while True:
                pending = pending or asyncio.ensure_future(_next(news))
                done, _ = await asyncio.wait({pending}, timeout=heartbeat)
                if not await access.still_there(who):
                    yield b"event: signed_out\ndata: {}\n\n"
                    return
                if not done:
                    yield b": still here\n\n"
                    continue
                arrived = pending.result()
                pending = None
                if arrived is _END:
                    return
                yield b"event: changed\ndata: %s\n\n" % orjson.dumps({"conversation": arrived.data.get("conversation")})
        finally:
            if pending is not None:
                pending.cancel()


async def _next(news: AsyncIterator[News]) -> News:
    return await anext(news, _END)
