"""Views of shops, kept fresh: what serves is the published revision with the offers of now.

A revision serves from its publication on; vectors that are still being made are no reason to wait (retrieval/filling.py) and are given to the
view as they come. Up to RESIDENT passages a shop's vectors are held in memory; above that the vector index is asked.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog import LiveOffer
from knowledge.store import Document, KnowledgeStore, Shop
from retrieval.adaptation import Adaptation
from retrieval.embedding import Embedder
from retrieval.filling import Filler
from retrieval.house import KINDS as HOUSE_KINDS
from retrieval.house import house_of
from retrieval.index import VectorIndex, VectorIndexes
from retrieval.indexing import Progress, Texts, embed_missing
from retrieval.lexical import TermCounts
from retrieval.second_vectors import SecondVectors
from retrieval.view import ShopView, build_view, with_offers

log = logging.getLogger(__name__)

RESIDENT = 150_000
"""Passages up to which a shop's vectors stay in memory (1.5 kB each: 230 MB). At 100,000 a search takes 10 ms; through the index it takes
hundreds, since a window must be widened until nothing outside it could change the result."""
_REFRESH = 4.0
"""Seconds until a view is given the vectors made meanwhile; doubled each time."""
_PATIENCE = 1.0
"""Seconds that a turn waits for a new revision before it is answered from the old one."""


Vector = NDArray[np.float32]

_VIEWS = itertools.count(1)
"""Numbers of views that do not serve."""


@dataclass(slots=True)
class _Held:
    """What is known of one shop."""

    view: ShopView
    offers_version: int
    counts: TermCounts
    changes_at: datetime | None
    """When an entry's time begins or ends: from then on the view is another, though the revision is the same."""


class ServingViews:
    """The views of all shops. One for each process; safe to use from many turns at once."""

    def __init__(
        self,
        store: KnowledgeStore,
        indexes: VectorIndexes,
        embedder: Embedder,
        adaptation: Adaptation | None,
        *,
        clock: Callable[[], datetime],
        second: SecondVectors | None = None,
        resident: int = RESIDENT,
        progress: Progress | None = None,
        filler: Filler | None = None,
        read_ahead: Callable[[ShopView], None] | None = None,
    ) -> None:
        """`resident`: passages up to which a shop's vectors are held in memory. `second`: gives rules a further vector. `filler`: makes vectors that are missing while the view is
        searched already; without it a view waits for them. `progress` is told where the first view of a shop lacks vectors, as after a change
        of the embedding model. `read_ahead` is given each view that begins to serve, in a thread beside it: what readers of messages would
        else make of it in a customer's turn."""
        self._store = store
        self._indexes = indexes
        self._embedder = embedder
        self._adaptation = adaptation
        self._second = second
        self._clock = clock
        self._resident = resident
        self._progress = progress
        self._filler = filler
        self._read_ahead = read_ahead
        self._reading: set[asyncio.Task[None]] = set()
        self._completing: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, _Held] = {}
        self._loading: dict[str, asyncio.Task[ShopView]] = {}

    async def view(self, shop: Shop) -> ShopView:
        """The shop at its serving revision with offers as of now. One cheap query when nothing changed; while a new revision loads for long,
        the old one is returned. Raises IndexUnavailable."""
        state = await self._store.state(shop.id)
        held = self._held.get(shop.id)
        present = held is not None and not self._over(held)
        if held is not None and present and (held.view.revision, held.offers_version) == (state.revision, state.offers_version):
            if held.view.shop != shop:
                held.view = replace(held.view, shop=shop)
            return held.view
        loading = self._loading.get(shop.id)
        if loading is None or loading.done():
            loading = self._loading[shop.id] = asyncio.create_task(self._load(shop))
            loading.add_done_callback(_seen)
        if held is None or held.view.revision == state.revision:
            return await asyncio.shield(loading)
        done, _ = await asyncio.wait({loading}, timeout=_PATIENCE)
        return loading.result() if done else held.view

    async def view_of(self, shop: Shop, documents: Sequence[Document], offers: Sequence[LiveOffer]) -> ShopView:
        """A view of documents that do not serve, such as a draft's, with the offers given. It is kept by the caller alone and has a revision
        number that no other view has, below 0. What the index lacks is embedded. Raises IndexUnavailable."""
        now = self._clock()
        inside = [document for document in documents if document.care.in_effect(now)]
        view = await asyncio.to_thread(build_view, shop, -next(_VIEWS), inside, offers)
        held = self._held.get(shop.id)
        return await self._searchable(view, inside, held.view if held is not None else None)

    async def whole(self, shop: Shop) -> ShopView:
        """The view once every passage has its vector: for who would rather wait than search by words. Raises IndexUnavailable."""
        await self.view(shop)
        if (completing := self._completing.get(shop.id)) is not None:
            await completing
        return await self.view(shop)

    async def freshen(self) -> int:
        """Brings the views of all published shops up to date before anybody asks, and takes up vectors that are missing; how many shops."""
        shops = await self._store.shops()
        for shop in shops:
            await self.view(shop)
            completing = self._completing.get(shop.id)
            if completing is not None and completing.done() and completing.exception() is not None:
                self._completing[shop.id] = asyncio.create_task(self._complete(shop.id))
        for shop_id in self._held.keys() - {shop.id for shop in shops}:
            self.forget(shop_id)
        return len(shops)

    def forget(self, shop_id: str) -> None:
        """Drops what is held of a shop that was deleted."""
        self._held.pop(shop_id, None)
        self._completing.pop(shop_id, None)

    async def stop(self) -> None:
        """Ends what runs beside the turns."""
        for completing in self._completing.values():
            completing.cancel()
        await asyncio.gather(*self._completing.values(), *self._reading, return_exceptions=True)

    async def _load(self, shop: Shop) -> ShopView:
        state = await self._store.state(shop.id)
        held = self._held.get(shop.id)
        if held is not None and held.view.revision == state.revision and not self._over(held):
            version, changed = await self._store.offers_since(shop.id, held.offers_version)
            before = held.view
            priced = await asyncio.to_thread(with_offers, before, changed)
            if held.view is not before:  # vectors came meanwhile
                priced = with_offers(held.view, changed)
            held.view = replace(priced, shop=shop)
            held.offers_version = version
            return held.view
        counts = held.counts if held is not None else TermCounts()
        # Offers are read after the revision's documents: a patch in between is in both or comes with the next version.
        documents = [document async for document in self._store.documents(shop.id, state.revision)] if state.revision else []
        version, offers = await self._store.offers_since(shop.id, 0)
        now = self._clock()
        inside = [document for document in documents if document.care.in_effect(now)]
        view = await asyncio.to_thread(build_view, shop, state.revision, inside, offers, counts)
        view = await self._searchable(view, inside, held.view if held is not None else None, wait=self._filler is None)
        counts.keep({passage.hash for passage in view.passages})
        changes = [moment for document in documents if (moment := document.care.next_change(now)) is not None]
        self._held[shop.id] = _Held(view, version, counts, min(changes, default=None))
        log.info("shop %s serves revision %d: %d products, %d passages", shop.slug, view.revision, len(view.products), len(view.passages))
        if self._read_ahead is not None:
            reading = asyncio.create_task(asyncio.to_thread(self._read_ahead, view), name="read ahead")
            self._reading.add(reading)
            reading.add_done_callback(self._reading.discard)
        if self._filler is not None and view.revision:
            told = self._progress if held is None else None
            self._completing[shop.id] = asyncio.create_task(self._complete(shop.id, told), name="complete the view")
            self._completing[shop.id].add_done_callback(_seen)
        return view

    async def _complete(self, shop_id: str, progress: Progress | None = None) -> None:
        """Has the vectors made that the held view lacks, and gives them to it as they come."""
        assert self._filler is not None
        filling = asyncio.create_task(self._filler.fill(shop_id, progress))
        pause = _REFRESH
        while True:
            await asyncio.wait({filling}, timeout=pause)
            ended, pause = filling.done(), pause * 2
            held = self._held.get(shop_id)
            if held is not None and held.view.tables is not None and held.view.tables.lacking:
                view = await self._searchable(held.view, (), held.view, wait=False)
                if held.view.revision == view.revision and held.view.tables is not None and view.tables is not None:
                    tables = replace(held.view.tables, vectors=view.tables.vectors, bare=view.tables.bare, house=view.tables.house)
                    held.view = replace(held.view, tables=tables)
            if ended:
                filling.result()
                return

    def _over(self, held: _Held) -> bool:
        return held.changes_at is not None and held.changes_at <= self._clock()

    async def _searchable(self, view: ShopView, documents: Sequence[Document], old: ShopView | None, *, wait: bool = True) -> ShopView:
        """With the vectors there are; with `wait` those that are missing are made first."""
        if len(view.passages) <= self._resident:
            view = await self._with_vectors(view, documents, old, wait=wait)
        else:
            if wait:
                await self._filled_index(view, documents)
            view = await self._with_house(view)
        assert view.tables is not None
        if self._second is None or view.tables.house is None:
            return view
        house = await self._second.given(view, view.tables.house, wait=wait)
        return replace(view, tables=replace(view.tables, house=house))

    async def _with_house(self, view: ShopView) -> ShopView:
        """Of a shop that is searched in the index: with the rules' vectors in memory."""
        assert view.tables is not None
        if self._adaptation is None:
            return view
        wanted = {row: passage.hash for row, passage in enumerate(view.passages) if passage.kind in HOUSE_KINDS}
        index = await self._indexes.open(view.shop.id, self._embedder.name, self._embedder.dimensions)
        found = await index.vectors(list(dict.fromkeys(wanted.values())))
        known = {row: found[hash] for row, hash in wanted.items() if hash in found}
        return replace(view, tables=replace(view.tables, house=house_of(view.passages, known, self._adaptation)))

    async def _filled_index(self, view: ShopView, documents: Sequence[Document]) -> None:
        """Of a shop that is searched in the index: whether that was embedded by this model. Counting costs next to nothing."""
        assert view.tables is not None
        index = await self._indexes.open(view.shop.id, self._embedder.name, self._embedder.dimensions)
        if view.revision < 0 or await index.count() < len(view.tables.rows_of_hash):
            await self._embed(index, documents)

    async def _embed(self, index: VectorIndex, documents: Sequence[Document]) -> None:
        wanted = Texts()
        for document in documents:
            wanted.add(document)
        await embed_missing(index, self._embedder, wanted.all(), self._progress)

    async def _with_vectors(self, view: ShopView, documents: Sequence[Document], old: ShopView | None, *, wait: bool) -> ShopView:
        assert view.tables is not None
        known = await asyncio.to_thread(_vectors_of, old)
        lacking = [hash for hash in view.tables.rows_of_hash if hash not in known]
        if lacking:
            index = await self._indexes.open(view.shop.id, self._embedder.name, self._embedder.dimensions)
            found = await index.vectors(lacking)
            if len(found) < len(lacking) and wait:  # the index was deleted or belongs to an older embedder
                await self._embed(index, documents)
                found |= await index.vectors([hash for hash in lacking if hash not in found])
            known |= found
        return await asyncio.to_thread(_given, view, known, self._embedder.dimensions, self._adaptation)


def _vectors_of(view: ShopView | None) -> dict[str, Vector]:
    """By content hash, those that a view has."""
    if view is None or view.tables is None or view.tables.vectors is None:
        return {}
    bare = view.tables.bare
    rows = enumerate(zip(view.passages, view.tables.vectors, strict=True))
    return {passage.hash: vector for row, (passage, vector) in rows if bare is None or not bare[row]}


def _given(view: ShopView, known: Mapping[str, Vector], dimensions: int, adaptation: Adaptation | None) -> ShopView:
    """The view with these vectors; passages that have none are marked."""
    assert view.tables is not None
    matrix = np.zeros((len(view.passages), dimensions), dtype=np.float32)
    bare = np.zeros(len(view.passages), dtype=bool)
    for row, passage in enumerate(view.passages):
        vector = known.get(passage.hash)
        if vector is None:
            bare[row] = True
        else:
            matrix[row] = vector
    house = house_of(view.passages, matrix, adaptation) if adaptation is not None else None
    return replace(view, tables=replace(view.tables, vectors=matrix, bare=bare if bare.any() else None, house=house))


def _seen(task: asyncio.Task[Any]) -> None:
    """A load that nobody waits for any more may fail without a second report; the next caller starts another."""
    if not task.cancelled() and task.exception() is not None:
        log.warning("a view could not be loaded: %s", task.exception())
