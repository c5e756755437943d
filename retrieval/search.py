"""The work behind `Query → Evidence`: hard conditions first, then cosine and BM25 over what is left.

A passage whose vector is still being made is found by its words, embedded when it is found, and scored as it always will be.

While a shop's vectors are held in memory (retrieval/serving.py) every passage is scored exactly. Above that the vector index is asked:
few matches are scored exactly by id; many are found by nearest neighbours, checked against the view, and the window is widened until no
passage outside it could change the result.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog import LiveOffer, utc_now
from knowledge.store import Document, DocumentKind, KnowledgeStore, Shop
from retrieval.adaptation import adaptation_for
from retrieval.embedding import Embedder
from retrieval.facts import FactFinder
from retrieval.filling import Filler
from retrieval.fusion import ANSWER, EXACT, LEXICAL, LEXICAL_LEAST, SAME_LANGUAGE
from retrieval.gathering import Gathering
from retrieval.index import VectorIndex, VectorIndexes
from retrieval.indexing import Progress
from retrieval.matching import Matched, exact_products
from retrieval.recent_vectors import RecentVectors
from retrieval.reranking import SHORT, Reranker, reranked
from retrieval.retriever import Evidence, Hit, Query, Sort
from retrieval.second_vectors import SecondVectors
from retrieval.serving import RESIDENT, ServingViews
from retrieval.titles import TITLE
from retrieval.view import KINDS, ShopView, Tables

FEW = 400
"""Matching passages up to which the index scores them by id instead of searching."""
EARLY = 8
"""Passages without a vector that a query embeds for itself: one batch, about 50 ms. The best by words."""
Vector = NDArray[np.float32]


class Retriever:
    """Views and searches of all shops. One for each process; safe to use from many turns at once."""

    def __init__(
        self,
        store: KnowledgeStore,
        indexes: VectorIndexes,
        embedder: Embedder,
        *,
        clock: Callable[[], datetime] = utc_now,
        second: Callable[[], Embedder] | None = None,
        resident: int = RESIDENT,
        reranker: Reranker | None = None,
        progress: Progress | None = None,
        filler: Filler | None = None,
        read_ahead: Callable[[ShopView], None] | None = None,
    ) -> None:
        """`second`: opens the model that reads rules along with `embedder`. `reranker`: reads the best of each kind again. The others: see ServingViews."""
        self._indexes = indexes
        self._embedder = embedder
        self._clock = clock
        self._reranker = reranker
        self._early = RecentVectors(most=4096)
        self._facts = FactFinder(embedder)
        adaptation = adaptation_for(embedder.name)
        reading = SecondVectors.of(indexes, embedder, second)
        self._gathering = Gathering(embedder, adaptation, clock, reading)
        self._views = ServingViews(
            store,
            indexes,
            embedder,
            adaptation,
            second=reading,
            clock=clock,
            resident=resident,
            progress=progress,
            filler=filler,
            read_ahead=read_ahead,
        )

    # -- views -------------------------------------------------------------------------------------------------------------------------

    async def view(self, shop: Shop) -> ShopView:
        """The shop at its serving revision with offers as of now. One cheap query when nothing changed; while a new revision loads for long,
        the old one is returned. Raises IndexUnavailable."""
        return await self._views.view(shop)

    async def view_of(self, shop: Shop, documents: Sequence[Document], offers: Sequence[LiveOffer]) -> ShopView:
        """A view of documents that do not serve, such as a draft's, with the offers given. Raises IndexUnavailable."""
        return await self._views.view_of(shop, documents, offers)

    async def whole(self, shop: Shop) -> ShopView:
        """The view once every passage has its vector: for who would rather wait than search by words. Raises IndexUnavailable."""
        return await self._views.whole(shop)

    async def freshen(self) -> int:
        """Brings the views of all published shops up to date before anybody asks, and takes up vectors that are missing; how many shops."""
        return await self._views.freshen()

    def forget(self, shop_id: str) -> None:
        """Drops what is held of a shop that was deleted."""
        self._views.forget(shop_id)

    async def stop(self) -> None:
        """Ends what runs beside the turns."""
        await self._views.stop()

    # -- searching ---------------------------------------------------------------------------------------------------------------------

    async def search(self, view: ShopView, query: Query, vector: Vector | None = None) -> Evidence:
        """What of the view fits the query, by kind. Every product satisfies the filters. `vector`: the text's, where it is known."""
        tables = view.tables
        if tables is None or not view.passages:
            return Evidence(answerable=0.0)
        took: dict[str, float] = {}
        began = perf_counter()
        if vector is None:
            vector = await asyncio.to_thread(self._embedder.embed_query, query.text)
        took["embed"] = _lap(began)
        began = perf_counter()
        matched = await asyncio.to_thread(self._match, view, tables, query)
        took["match"] = _lap(began)
        began = perf_counter()
        wide = query if self._reranker is None else replace(query, top=max(query.top, SHORT))
        if tables.vectors is not None:
            evidence = await asyncio.to_thread(self._rank_all, view, tables, wide, matched, vector)
        else:
            evidence = await self._rank_found(view, tables, wide, matched, vector)
        took["rank"] = _lap(began)
        if self._reranker is not None:
            began = perf_counter()
            evidence = await asyncio.to_thread(reranked, self._reranker, query, evidence)
            took["rerank"] = _lap(began)
        return replace(evidence, took_ms=took)

    def _match(self, view: ShopView, tables: Tables, query: Query) -> Matched:
        matching = tables.catalog.matching(query.filters, self._clock())
        lexical = tables.lexical.scores(query.text)
        allowed = np.ones(len(view.passages), dtype=bool)
        of_product = tables.product_of >= 0
        allowed[of_product] = matching.products[tables.product_of[of_product]]
        if query.kinds:
            wanted = [KINDS.index(kind) for kind in query.kinds]
            allowed &= np.isin(tables.kind_of, wanted)
        best = float(lexical[allowed].max(initial=0.0))
        share = lexical / np.float32(max(best, LEXICAL_LEAST))
        return Matched(matching, allowed, np.minimum(share, 1.0), exact_products(view, tables, query.text, lexical))

    def _rank_all(self, view: ShopView, tables: Tables, query: Query, matched: Matched, vector: Vector) -> Evidence:
        assert tables.vectors is not None
        rows = np.flatnonzero(matched.allowed)
        whole = len(rows) > len(view.passages) // 8
        dense = (tables.vectors @ vector)[rows] if whole else tables.vectors[rows] @ vector
        if tables.bare is not None:
            bare = np.flatnonzero(tables.bare[rows])
            chosen = bare[_strongest(tables, matched, rows[bare])]
            dense[chosen] = self._early_cosines(view, rows[chosen], vector)
        return self._gathering.of(view, tables, query, matched, rows, dense, vector)

    def _early_cosines(self, view: ShopView, rows: NDArray[np.int64], vector: Vector) -> NDArray[np.float32]:
        """Of a few passages that have no vector yet, by embedding them now. One small batch: it waits for no work that goes on beside it."""
        found = {passage.hash: self._early.get(passage.hash) for passage in (view.passages[row] for row in rows.tolist())}
        texts = {p.hash: p.embedded for p in (view.passages[row] for row in rows.tolist()) if found[p.hash] is None}
        if texts:
            made = self._embedder.embed(list(texts.values()))
            found.update({hash: self._early.keep(hash, one.copy()) for hash, one in zip(texts, made, strict=True)})
        vectors = [found[view.passages[row].hash] for row in rows.tolist()]
        return np.array([float(one @ vector) for one in vectors if one is not None], dtype=np.float32)

    async def _rank_found(self, view: ShopView, tables: Tables, query: Query, matched: Matched, vector: Vector) -> Evidence:
        index = await self._indexes.open(view.shop.id, self._embedder.name, self._embedder.dimensions)
        rows = np.flatnonzero(matched.allowed)
        passages = view.passages
        if len(rows) <= FEW:
            scores = await index.scores(vector, [passages[row].hash for row in rows.tolist()])
            scores = await self._with_early(view, tables, matched, rows, vector, scores)
            dense = np.array([scores.get(passages[row].hash, -1.0) for row in rows.tolist()], dtype=np.float32)
            return self._gathering.of(view, tables, query, matched, rows, dense, vector)
        total, limit = await index.count(), max(256, query.top * 16)
        strongest = rows[np.argsort(-matched.lexical[rows], kind="stable")[:FEW]]
        while True:
            matches = await index.nearest(vector, limit)
            found = {row: match.score for match in matches for row in tables.rows_of_hash.get(match.id, ()) if matched.allowed[row]}
            named = np.flatnonzero(np.isin(tables.product_of, list(matched.exact)) & matched.allowed) if matched.exact else strongest[:0]
            by_words = [row for row in strongest.tolist() if matched.lexical[row] > 0 and row not in found]
            by_words += [row for row in named.tolist() if row not in found and row not in by_words]
            scores = await index.scores(vector, [passages[row].hash for row in by_words])
            scores = await self._with_early(view, tables, matched, np.array(by_words, dtype=np.int64), vector, scores)
            found.update((row, scores[passages[row].hash]) for row in by_words if passages[row].hash in scores)
            some = np.array(sorted(found), dtype=np.int64)
            dense = np.array([found[row] for row in some.tolist()], dtype=np.float32)
            evidence = self._gathering.of(view, tables, query, matched, some, dense, vector)
            # Nothing outside the window is nearer than its last match, nor stronger by words than the last of `strongest`.
            nearest_outside = matches[-1].score if matches else -1.0
            words_outside = float(matched.lexical[strongest[-1]]) if len(strongest) == FEW else 0.0
            ceiling = nearest_outside + LEXICAL * words_outside + ANSWER + SAME_LANGUAGE + TITLE
            if limit >= total or _complete(evidence, query, matched, ceiling):
                return evidence
            limit = min(total, limit * 4)

    async def _with_early(
        self, view: ShopView, tables: Tables, matched: Matched, rows: NDArray[np.int64], vector: Vector, scores: dict[str, float]
    ) -> dict[str, float]:
        """The scores, with those of the best by words that the index does not hold yet."""
        bare = np.array([row for row in rows.tolist() if view.passages[row].hash not in scores], dtype=np.int64)
        chosen = bare[_strongest(tables, matched, bare)]
        if not len(chosen):
            return scores
        cosines = await asyncio.to_thread(self._early_cosines, view, chosen, vector)
        return {**scores, **{view.passages[row].hash: score for row, score in zip(chosen.tolist(), cosines.tolist(), strict=True)}}

    async def facts(
        self, view: ShopView, product_ids: Sequence[str], question: str, language: str
    ) -> tuple[dict[str, tuple[Hit, ...]], dict[str, float]]:
        """For each product its own statements and reviews, ranked for the question, best first; and how likely any of them answers."""

        def index() -> Awaitable[VectorIndex]:
            return self._indexes.open(view.shop.id, self._embedder.name, self._embedder.dimensions)

        return await self._facts.find(view, index, product_ids, question, language)


def _complete(evidence: Evidence, query: Query, matched: Matched, ceiling: float) -> bool:
    """Whether nothing outside the window can enter: every kind has its documents, all above what one outside could reach."""
    if query.sort is not Sort.RELEVANCE:
        last = evidence.products[-1].score if evidence.products else 0.0
        return len(evidence.products) >= min(query.top, matched.matching.count) and last > ceiling + EXACT
    kinds = query.kinds or (DocumentKind.PRODUCT,)
    for kind in kinds:
        hits = evidence.of(kind)
        wanted = min(query.top, matched.matching.count) if kind is DocumentKind.PRODUCT else min(query.top, 1)
        if len(hits) < wanted or (hits and hits[-1].score < ceiling):
            return False
    return True


def _strongest(tables: Tables, matched: Matched, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of the EARLY rows that words or an exact name find best."""
    named = np.isin(tables.product_of[rows], list(matched.exact)) if matched.exact else np.zeros(len(rows), dtype=bool)
    strength = matched.lexical[rows] + named
    best = np.argsort(-strength, kind="stable")[:EARLY]
    return best[strength[best] > 0]


def _lap(began: float) -> float:
    return round((perf_counter() - began) * 1000, 2)
