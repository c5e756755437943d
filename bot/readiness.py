"""Brings a process to the point where every published shop answers, and says how far it is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.assembly import Services
from bot.demo import SLUG, load_demo
from bot.errors import Unavailable
from knowledge.errors import StorageUnavailable
from retrieval.errors import IndexUnavailable
from retrieval.retriever import Query

log = logging.getLogger(__name__)

RETRY_SECONDS = 3.0
ASK_SECONDS = 2.0
"""How long a part may take to say that it is there."""

Hook = Callable[[], Awaitable[None]]


class Readiness:
    """Prepares in the background, so that /healthz and /readyz answer from the first moment.

    A database or an index that goes away meanwhile is waited for. Any other failure is ours: `failure` is its sentence, and `on_failure`
    is called, for the process to end, since a process that can't become ready is worth less than one that is started again.
    """

    def __init__(self, parts: Services, *, demo: bool, on_ready: Hook, on_failure: Callable[[], None]) -> None:
        self._parts = parts
        self._demo = demo
        self._on_ready = on_ready
        self._on_failure = on_failure
        self._task: asyncio.Task[None] | None = None
        self._shops: dict[str, str] = {}
        self._start = "preparing"
        self.failure = ""

    async def check_parts(self) -> None:
        """Raises Unavailable with the sentence that names the setting when a server that the settings name does not answer now."""
        settings = self._parts.settings
        if settings.redis_url and not await _answers(self._parts.bus.alive()):
            raise Unavailable("The Redis server of ZHANGGUI_REDIS_URL does not answer; check the address and that it runs.")
        if settings.chroma_url and not await _answers(self._parts.indexes.ready(), seconds=15.0):
            raise Unavailable("The Chroma server of ZHANGGUI_CHROMA_URL does not answer; check the address and that it runs.")

    def begin(self) -> None:
        """Starts preparing; returns at once."""
        self._task = asyncio.create_task(self._prepare(), name="prepare")

    async def stop(self) -> None:
        """Ends the preparation and the background loops."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._parts.background.stop()
        await self._parts.telegram.stop()

    async def _prepare(self) -> None:
        try:
            while True:
                try:
                    await self._open_shops()
                    break
                except (StorageUnavailable, IndexUnavailable) as error:
                    self._start = "waiting for a part that does not answer"
                    log.warning("the start waits: %s", error)
                    await asyncio.sleep(RETRY_SECONDS)
            await self._parts.telegram.start()
            await self._parts.background.start()
            self._start = "done"
            await self._on_ready()
        except Exception as error:
            log.exception("the start failed")
            self._start = "failed"
            self.failure = str(error) or type(error).__name__
            self._on_failure()

    async def _open_shops(self) -> None:
        store, retriever = self._parts.knowledge.store, self._parts.retriever
        if self._demo and all(shop.slug == SLUG for shop in await store.shops()):
            # Also where an earlier start died while it loaded.
            self._shops[SLUG] = "loading"
            await load_demo(self._parts)
        for shop in await store.shops():
            self._shops[shop.slug] = "loading"
            view = await retriever.view(shop)
            if view.revision:
                await retriever.search(view, Query(text=next(iter(shop.name.values()), shop.slug), language=shop.languages[0]))
            self._shops[shop.slug] = "ready" if view.revision else "empty"

    async def state(self) -> dict[str, object]:
        """{"ready": bool, "parts": {name: state}}; each part is asked now."""
        database, index, events = await asyncio.gather(
            _answers(self._parts.knowledge.store.shops()), _answers(self._parts.indexes.ready()), _answers(self._parts.bus.alive())
        )
        servers = {"database": database, "index": index, "events": events}
        states = {"start": self._start} | {name: "ready" if well else "unreachable" for name, well in servers.items()}
        states |= {f"shop {slug}": state for slug, state in self._shops.items()}
        return {"ready": all(state in ("ready", "done", "empty") for state in states.values()), "parts": states}


async def _answers(question: Awaitable[object], seconds: float = ASK_SECONDS) -> bool:
    """Whether it answers in time, and not with False."""
    try:
        async with asyncio.timeout(seconds):
            return (await question) is not False
    except Exception:
        return False
