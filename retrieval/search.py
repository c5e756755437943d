"""The work behind `Query → Evidence`: views of shops kept fresh, hard conditions first, then cosine and BM25 over what is left.

A revision serves from its publication on; vectors that are still being made are no reason to wait (retrieval/filling.py). What has none yet
is found by its words, embedded when it is found, and scored as it always will be.

Up to RESIDENT passages a shop's vectors are held in memory and every passage is scored exactly. Above that the vector index is asked:
few matches are scored exactly by id; many are found by nearest neighbours, checked against the view, and the window is widened until no
passage outside it could change the result.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog import LiveOffer, utc_now
from knowledge.localized import pick
from knowledge.store import Document, DocumentKind, KnowledgeStore, Shop
from retrieval.adaptation import Adaptation, adaptation_for
from retrieval.confidence import answerable, hit_confidence, rule_confidence
from retrieval.embedding import Embedder
from retrieval.facts import FactFinder
from retrieval.filling import Filler
from retrieval.fusion import ANSWER, EXACT, LEXICAL, LEXICAL_LEAST, SAME_LANGUAGE, SECOND, best_documents, fused
from retrieval.house import KINDS as HOUSE_KINDS
from retrieval.house import House, Ranked, house_of
from retrieval.index import VectorIndex, VectorIndexes
from retrieval.indexing import Progress, Texts, embed_missing
from retrieval.lexical import TermCounts
from retrieval.matching import Found, Matched, exact_products, in_order
from retrieval.ranking import TextVectors
from retrieval.recent_vectors import RecentVectors
from retrieval.reranking import SHORT, Reranker, reranked
from retrieval.retriever import DocumentHit, Evidence, Hit, Query, RuleRow, Sort
from retrieval.rule_rows import RowRanker, Ruled
from retrieval.titles import TITLE, WIDE, title_share
from retrieval.view import KINDS, ShopView, Tables, build_view, with_offers

log = logging.getLogger(__name__)

RESIDENT = 150_000
"""Passages up to which a shop's vectors stay in memory (1.5 kB each: 230 MB). At 100,000 a search takes 10 ms; through the index it takes
hundreds, since a window must be widened until nothing outside it could change the result."""
FEW = 400
"""Matching passages up to which the index scores them by id instead of searching."""
EARLY = 8
"""Passages without a vector that a query embeds for itself: one batch, about 50 ms. The best by words."""
_REFRESH = 4.0
"""Seconds until a view is given the vectors made meanwhile; doubled each time."""
_PATIENCE = 1.0
"""Seconds that a turn waits for a new revision before it is answered from the old one."""

ROWS_OF = 8
"""Sections and FAQ entries whose sentences are ranked, too."""
JOINED = 0.02
"""What a rule loses that is near only together with the question before, in cosines."""
RESOLVED = 0.05
"""What a rule loses that is near only to the text with references resolved, in cosines: "can it go to Spain" is seldom about the kettle."""

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


class Retriever:
    """Views and searches of all shops. One for each process; safe to use from many turns at once."""

    def __init__(
        self,
        store: KnowledgeStore,
        indexes: VectorIndexes,
        embedder: Embedder,
        *,
        clock: Callable[[], datetime] = utc_now,
        resident: int = RESIDENT,
        reranker: Reranker | None = None,
        progress: Progress | None = None,
        filler: Filler | None = None,
        read_ahead: Callable[[ShopView], None] | None = None,
    ) -> None:
        """`resident`: passages up to which a shop's vectors are held in memory. `reranker`: reads the best of each kind again. `filler`: makes
        vectors that are missing while the view is searched already; without it a view waits for them. `progress` is told where the first
        view of a shop lacks vectors, as after a change of the embedding model. `read_ahead` is given each view that begins to serve, in a thread
        beside it: what readers of messages would else make of it in a customer's turn."""
        self._store = store
        self._indexes = indexes
        self._embedder = embedder
        self._clock = clock
        self._resident = resident
        self._reranker = reranker
        self._progress = progress
        self._filler = filler
        self._read_ahead = read_ahead
        self._reading: set[asyncio.Task[None]] = set()
        self._early = RecentVectors(most=4096)
        self._completing: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, _Held] = {}
        self._loading: dict[str, asyncio.Task[ShopView]] = {}
        self._facts = FactFinder(embedder)
        self._adaptation = adaptation_for(embedder.name)
        self._rows = RowRanker(TextVectors(embedder), self._adaptation)

    # -- views -------------------------------------------------------------------------------------------------------------------------

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
            if held is not None and held.view.tables is not None and held.view.tables.bare is not None:
                view = await self._with_vectors(held.view, (), held.view, wait=False)
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
            return await self._with_vectors(view, documents, old, wait=wait)
        if wait:
            await self._filled_index(view, documents)
        return await self._with_house(view)

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
        return self._evidence(view, tables, query, matched, rows, dense, vector)

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
            return self._evidence(view, tables, query, matched, rows, dense, vector)
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
            evidence = self._evidence(view, tables, query, matched, some, dense, vector)
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

    def _evidence(
        self,
        view: ShopView,
        tables: Tables,
        query: Query,
        matched: Matched,
        rows: NDArray[np.int64],
        dense: NDArray[np.float32],
        vector: Vector,
    ) -> Evidence:
        """Ranks the passages named, whose cosines with `vector` are known, and all rules of the house."""
        exact = np.zeros(len(rows), dtype=bool)
        if matched.exact:
            exact = np.isin(tables.product_of[rows], list(matched.exact))
        base = query.language.split("-", maxsplit=1)[0]
        spoken = tables.in_language.get(base)
        same = spoken[rows] if spoken is not None else np.zeros(len(rows), dtype=bool)
        scores = fused(dense, matched.lexical[rows], exact, same, tables.roles, rows)
        kinds = tables.kind_of[rows]
        found: dict[DocumentKind, Found] = {}
        for number, kind in enumerate(KINDS):
            chosen = np.flatnonzero(kinds == number)
            if not len(chosen) or (tables.house is not None and kind in HOUSE_KINDS):
                continue
            if kind is DocumentKind.PRODUCT and query.sort is not Sort.RELEVANCE:
                best = in_order(view, tables, query, matched, rows[chosen], scores[chosen], self._clock())
            else:
                second = SECOND if kind is DocumentKind.FAQ else 0.0
                wide = max(query.top, WIDE) if kind is DocumentKind.PRODUCT else query.top
                best = best_documents(view.passages, rows[chosen], scores[chosen], wide, second=second)
                if kind is DocumentKind.PRODUCT:
                    best = _by_titles(view, query, best)[: query.top]
            found[kind] = best
        shown = np.array(sorted({row for best in found.values() for _, _, held in best for row in held}), dtype=np.int64)
        at = np.searchsorted(rows, shown)
        columns = (
            shown,
            scores[at],
            dense[at],
            matched.lexical[shown],
            exact[at],
            tables.lexical.coverage(query.text, shown.astype(np.int32)),
        )
        hits_of = {
            row: Hit(view.passages[row], score=score, dense=cosine, lexical=words, exact=named, coverage=covered)
            for row, score, cosine, words, named, covered in zip(*(column.tolist() for column in columns), strict=True)
        }

        def documents(kind: DocumentKind) -> tuple[DocumentHit, ...]:
            made = []
            for id, score, held in found.get(kind, ()):
                hits = tuple(hits_of[row] for row in held)
                sku = ""
                if kind is DocumentKind.PRODUCT:
                    sku = tables.catalog.best_variant(tables.catalog.index[id], matched.matching, self._clock())
                relevance = max((hit_confidence(hit) for hit in hits), default=0.0)
                made.append(DocumentHit(kind, id, score, hits, relevance=relevance, sku=sku))
            return tuple(made)

        rules = self._rules(view, tables.house, query, matched, vector) if tables.house is not None else {}
        evidence = Evidence(
            products=documents(DocumentKind.PRODUCT),
            faq=rules.get(DocumentKind.FAQ) or documents(DocumentKind.FAQ),
            policies=rules.get(DocumentKind.POLICY) or documents(DocumentKind.POLICY),
            reviews=documents(DocumentKind.REVIEW),
            promotions=rules.get(DocumentKind.PROMOTION) or documents(DocumentKind.PROMOTION),
            matching=matched.matching.count,
        )
        return replace(evidence, answerable=answerable(evidence), rows=self._rule_rows(view, query, evidence, vector))

    def _rule_rows(self, view: ShopView, query: Query, evidence: Evidence, vector: Vector) -> tuple[RuleRow, ...]:
        """What the rules found say, sentence by sentence, ranked for the question."""
        ruled: list[Ruled | None] = [_entry(view, hit.id, query.language) for hit in evidence.faq[:ROWS_OF]]
        ruled += [_section(view, hit.id) for hit in evidence.policies[:ROWS_OF]]
        asked = query.ruled or query.text
        own = vector if asked == query.text else self._embedder.embed_query(asked)
        for said in filter(None, (query.follows and f"{query.follows} {asked}", query.kinds_said and f"{asked} ({query.kinds_said})")):
            joined = own + self._embedder.embed_query(said)
            own = joined / np.linalg.norm(joined)
        return self._rows.rank([r for r in ruled if r is not None], asked, own, query.language)

    def _rules(
        self, view: ShopView, house: House, query: Query, matched: Matched, vector: Vector
    ) -> dict[DocumentKind, tuple[DocumentHit, ...]]:
        """FAQ entries, policies and promotions, all of them ranked."""
        assert view.tables is not None
        wanted = [kind for kind in HOUSE_KINDS if not query.kinds or kind in query.kinds]
        if not wanted or not len(house.rows):
            return {}
        spoken = view.tables.in_language.get(query.language.split("-", maxsplit=1)[0])
        same = spoken[house.rows] if spoken is not None else np.zeros(len(house.rows), dtype=bool)
        cosines = house.cosines(vector)
        if query.ruled and query.ruled != query.text:
            cosines = np.maximum(house.cosines(self._embedder.embed_query(query.ruled)), cosines - RESOLVED)
        if query.follows:
            together = house.cosines(self._embedder.embed_query(f"{query.follows} {query.ruled or query.text}"))
            promoted = np.array([kind is DocumentKind.PROMOTION for kind, _ in house.documents])[house.document]
            cosines = np.maximum(cosines, np.where(promoted, 0.0, together - JOINED))
        best = house.best(cosines, matched.lexical[house.rows], same, query.top)
        rows = np.array(sorted({row for kind in wanted for ranked in best.get(kind, ()) for row, _ in ranked.rows}), dtype=np.int32)
        covered = dict(zip(rows.tolist(), view.tables.lexical.coverage(query.text, rows).tolist(), strict=True))

        def document(kind: DocumentKind, ranked: Ranked) -> DocumentHit:
            hits = tuple(
                Hit(view.passages[row], score=ranked.score, dense=cosine, lexical=float(matched.lexical[row]), coverage=covered[row])
                for row, cosine in ranked.rows
            )
            return DocumentHit(kind, ranked.id, ranked.score, hits, relevance=rule_confidence(ranked.score))

        return {kind: tuple(document(kind, ranked) for ranked in best.get(kind, ())) for kind in wanted}

    async def facts(
        self, view: ShopView, product_ids: Sequence[str], question: str, language: str
    ) -> tuple[dict[str, tuple[Hit, ...]], float]:
        """For each product its own statements and reviews, ranked for the question, best first; and how likely any of them answers."""

        def index() -> Awaitable[VectorIndex]:
            return self._indexes.open(view.shop.id, self._embedder.name, self._embedder.dimensions)

        return await self._facts.find(view, index, product_ids, question, language)


def _section(view: ShopView, id: str) -> Ruled | None:
    file, _, anchor = id.partition("#")
    policy = view.policies[file]
    section = next((s for s in policy.sections if s.anchor == anchor), None)
    if section is None:
        return None
    heading = section.heading if section.heading == policy.title else f"{policy.title} > {section.heading}"
    return Ruled(DocumentKind.POLICY, id, heading, section.text)


def _entry(view: ShopView, id: str, language: str) -> Ruled:
    entry = view.faq[id]
    return Ruled(DocumentKind.FAQ, id, pick(entry.question, language), pick(entry.answer, language))


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


def _by_titles(view: ShopView, query: Query, found: Found) -> Found:
    """The products in their order once what their titles hold of the question is added. The scores are dealt out anew in that order: what
    compares them with each other and with other kinds keeps its scale."""
    added = [score + TITLE * title_share(query.text, view.products[id].title.values()) for id, score, _ in found]
    order = sorted(range(len(found)), key=lambda n: -added[n])
    return [(found[n][0], score, found[n][2]) for n, (_, score, _) in zip(order, found, strict=True)]


def _strongest(tables: Tables, matched: Matched, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of the EARLY rows that words or an exact name find best."""
    named = np.isin(tables.product_of[rows], list(matched.exact)) if matched.exact else np.zeros(len(rows), dtype=bool)
    strength = matched.lexical[rows] + named
    best = np.argsort(-strength, kind="stable")[:EARLY]
    return best[strength[best] > 0]


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


def _lap(began: float) -> float:
    return round((perf_counter() - began) * 1000, 2)
