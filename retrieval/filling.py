"""Embeds what a revision that serves lacks. A large import is published first, found by its words at once, and its vectors follow.

Nothing here can make an answer wrong or mix revisions: the documents are the revision's own from the first moment, and a vector only says
how near a text is. What has none yet is found by its words, embedded when it is asked for, and scored as it always will be.

Of all the processes on one database one embeds a shop at a time; the others wait for it, and take over when it dies.
"""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from knowledge.store import Document, KnowledgeStore
from retrieval.embedding import Embedder
from retrieval.index import VectorIndex, VectorIndexes
from retrieval.indexing import STATEMENTS_MOST, Progress, Texts, embed_missing

log = logging.getLogger(__name__)

LEASE = 30.0
"""Seconds after which a process that fell silent is taken to be dead; a batch takes about one."""
RIVAL_EVERY = 0.5
"""Seconds between looks at whether another process is done."""


class Leases(Protocol):
    """Work that one process at a time does."""

    async def claim(self, name: str, holder: str, seconds: float) -> bool:
        """Takes or renews; False while another holds it."""

    async def release(self, name: str, holder: str) -> None:
        """Gives back."""


class Filler:
    """One for each process."""

    def __init__(
        self,
        store: KnowledgeStore,
        indexes: VectorIndexes,
        embedder: Embedder,
        leases: Leases,
        progress: Progress | None = None,
        *,
        second: Callable[[], Embedder] | None = None,
    ) -> None:
        """`second`: opens the model that rules get a further vector of."""
        self._store = store
        self._indexes = indexes
        self._embedder = embedder
        self._second = second
        self._leases = leases
        self._progress = progress
        self._holder = uuid.uuid4().hex
        self._filling: dict[str, asyncio.Task[int]] = {}

    async def check(self, shop_id: str, documents: Sequence[Document] = ()) -> None:
        """Raises IndexUnavailable if vectors could not be kept now: better known before a publication of `documents` than after it."""
        await self._open(shop_id)

    async def fill(self, shop_id: str, progress: Progress | None = None) -> int:
        """Returns once the serving revision has all its vectors; how many texts this process embedded. `progress`: told instead of its own,
        unless the work is under way already. Raises IndexUnavailable."""
        filling = self._filling.get(shop_id)
        if filling is None or filling.done():
            filling = self._filling[shop_id] = asyncio.create_task(self._fill(shop_id, progress or self._progress), name="embed")
            filling.add_done_callback(_seen)
        return await asyncio.shield(filling)

    async def stop(self) -> None:
        """Leaves the rest to the next start."""
        for filling in self._filling.values():
            filling.cancel()
        await asyncio.gather(*self._filling.values(), return_exceptions=True)

    async def _fill(self, shop_id: str, progress: Progress | None) -> int:
        index, second = await self._open(shop_id), self._second() if self._second is not None else None
        further = await self._indexes.open(shop_id, second.name, second.dimensions) if second is not None else None
        embedded = 0
        while True:
            revision = (await self._store.state(shop_id)).revision
            lacking = [kept for kept in (index, further) if kept is not None and await kept.whole() != revision]
            if not revision or not lacking:
                return embedded
            if not await self._claim(shop_id):
                await asyncio.sleep(RIVAL_EVERY)
                continue
            try:
                texts = await self._texts(shop_id, min([await kept.whole() for kept in lacking]), revision)
                if index in lacking:
                    small = await index.count() < 2 * STATEMENTS_MOST
                    for part in (texts.passages, texts.statements if small else {}):  # what is searched first
                        embedded += await embed_missing(index, self._embedder, part, progress, lambda: self._claim(shop_id))
                    await index.set_whole(revision)
                if second is not None and further is not None and further in lacking:
                    await embed_missing(further, second, texts.rules, between=lambda: self._claim(shop_id))
                    await further.set_whole(revision)
            finally:
                await self._leases.release(_lease(shop_id), self._holder)

    async def _texts(self, shop_id: str, whole: int, revision: int) -> Texts:
        """Texts of `revision` that may lack a vector: only what changed since a revision that lacked none."""
        texts = Texts()
        if whole:
            changed, _ = await self._store.changed_documents(shop_id, whole, revision)
            await asyncio.to_thread(texts.extend, changed)
            return texts
        async for document in self._store.documents(shop_id, revision):
            texts.add(document)
        return texts

    async def _claim(self, shop_id: str) -> bool:
        return await self._leases.claim(_lease(shop_id), self._holder, LEASE)

    async def _open(self, shop_id: str) -> VectorIndex:
        return await self._indexes.open(shop_id, self._embedder.name, self._embedder.dimensions)


def _lease(shop_id: str) -> str:
    return f"embed:{shop_id}"


def _seen(task: asyncio.Task[int]) -> None:
    """What nobody waits for may fail without a second report; the next look at the shop starts another."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("vectors could not be made: %s", error)


def following(filler: Filler, patience: float | None) -> Callable[[str], Awaitable[object]]:
    """What an import does after its publication: waits at most `patience` seconds (None: to the end) for the vectors."""

    async def follow(shop_id: str) -> None:
        filling = asyncio.create_task(filler.fill(shop_id))
        done, _ = await asyncio.wait({filling}, timeout=patience)
        if done and (error := filling.exception()) is not None:
            log.warning("the revision serves, but its vectors could not be made yet: %s", error)

    return follow
