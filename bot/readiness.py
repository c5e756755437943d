"""Brings a process to the point where every published shop answers, and says how far it is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.assembly import Services
from bot.demo import load_demo
from retrieval.retriever import Query

log = logging.getLogger(__name__)


class Readiness:
    """Prepares in the background, so that /healthz and /readyz answer from the first moment."""

    def __init__(self) -> None:
        self._parts: Services | None = None
        self._task: asyncio.Task[None] | None = None
        self._shops: dict[str, str] = {}
        self._prepared = False
        self._failure = ""

    async def begin(self, parts: Services, *, demo: bool, on_ready: Callable[[Services], Awaitable[None]] | None = None) -> None:
        """Starts preparing; returns at once."""
        self._parts = parts
        self._task = asyncio.create_task(self._prepare(parts, demo, on_ready), name="prepare")

    async def stop(self) -> None:
        """Ends the preparation and the background loops."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._parts is not None:
            await self._parts.background.stop()
            await self._parts.telegram.stop()

    async def _prepare(self, parts: Services, demo: bool, on_ready: Callable[[Services], Awaitable[None]] | None) -> None:
        try:
            if demo and not await parts.knowledge.store.shops():
                self._shops["demo"] = "loading"
                await load_demo(parts)
            for shop in await parts.knowledge.store.shops():
                self._shops[shop.slug] = "loading"
                view = await parts.retriever.view(shop)
                if view.revision:
                    await parts.retriever.search(view, Query(text=next(iter(shop.name.values()), shop.slug), language=shop.languages[0]))
                self._shops[shop.slug] = "ready" if view.revision else "empty"
            await parts.telegram.start()
            await parts.background.start()
            self._prepared = True
            if on_ready is not None:
                await on_ready(parts)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._failure = str(error) or type(error).__name__
            log.exception("the start failed")

    async def state(self) -> dict[str, object]:
        """{"ready": bool, "parts": {name: state}}; each part is asked now."""
        states: dict[str, str] = {}
        if self._parts is None:
            return {"ready": False, "parts": {"app": "starting"}}
        states["start"] = self._failure or ("done" if self._prepared else "preparing")
        try:
            await self._parts.knowledge.store.shops()
            states["database"] = "ready"
        except Exception:
            states["database"] = "unreachable"
        states["index"] = "ready" if await self._parts.indexes.ready() else "unreachable"
        states.update({f"shop {slug}": state for slug, state in self._shops.items()})
        healthy = all(state in ("ready", "done", "empty") for state in states.values())
        return {"ready": self._prepared and healthy, "parts": states}
