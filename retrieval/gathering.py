"""Passages with their scores → Evidence: the best documents of each kind, and what the rules found say sentence by sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.localized import pick
from knowledge.policy_translations import translated
from knowledge.store import DocumentKind
from retrieval.adaptation import Adaptation
from retrieval.confidence import answerable, hit_confidence, rule_confidence
from retrieval.embedding import Embedder
from retrieval.fusion import SECOND, best_documents, fused
from retrieval.house import KINDS as HOUSE_KINDS
from retrieval.house import House, Ranked
from retrieval.matching import Found, Matched, in_order
from retrieval.ranking import TextVectors
from retrieval.retriever import DocumentHit, Evidence, Hit, Query, RuleRow, Sort
from retrieval.rule_rows import RowRanker, Ruled
from retrieval.second_vectors import SecondVectors
from retrieval.titles import TITLE, WIDE, title_share
from retrieval.view import KINDS, ShopView, Tables

ROWS_OF = 8
"""Sections and FAQ entries whose sentences are ranked, too."""
JOINED = 0.02
"""What a rule loses that is near only together with the question before, in cosines."""
RESOLVED = 0.05
"""What a rule loses that is near only to the text with references resolved, in cosines: "can it go to Spain" is seldom about the kettle."""


Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Scored:
    """Passages and, beside each, its cosine, its share of the best by words, whether it is named exactly, and all that in one score."""

    rows: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    exact: NDArray[np.bool_]
    scores: NDArray[np.float32]


class Gathering:
    """Gathers evidence from scored passages."""

    def __init__(
        self, embedder: Embedder, adaptation: Adaptation | None, clock: Callable[[], datetime], second: SecondVectors | None = None
    ) -> None:
        self._embedder = embedder
        self._second = second
        self._clock = clock
        self._rows = RowRanker(TextVectors(embedder), adaptation)

    def of(
        self,
        view: ShopView,
        tables: Tables,
        query: Query,
        matched: Matched,
        rows: NDArray[np.int64],
        dense: NDArray[np.float32],
        vector: Vector,
    ) -> Evidence:
        """Ranks the passages named by `rows`, whose cosines with `vector` are `dense`, and all rules of the house."""
        scored = _scored(tables, query, matched, rows, dense)
        found = self._found(view, tables, query, matched, scored)
        hits = _hits(view, tables, query, scored, found)
        documents = {kind: self._documents(tables, matched, kind, best, hits) for kind, best in found.items()}
        if tables.house is not None:
            documents |= {kind: ruled for kind, ruled in self._rules(view, tables.house, query, matched, vector).items() if ruled}
        evidence = Evidence(
            products=documents.get(DocumentKind.PRODUCT, ()),
            faq=documents.get(DocumentKind.FAQ, ()),
            policies=_in_language(view, documents.get(DocumentKind.POLICY, ()), query.language),
            reviews=documents.get(DocumentKind.REVIEW, ()),
            promotions=documents.get(DocumentKind.PROMOTION, ()),
            matching=matched.matching.count,
        )
        return replace(evidence, answerable=answerable(evidence), rows=self._rule_rows(view, query, evidence, vector))

    def _found(self, view: ShopView, tables: Tables, query: Query, matched: Matched, scored: _Scored) -> dict[DocumentKind, Found]:
        """The best documents of each kind; without those that the house ranks."""
        kinds = tables.kind_of[scored.rows]
        found: dict[DocumentKind, Found] = {}
        for number, kind in enumerate(KINDS):
            chosen = np.flatnonzero(kinds == number)
            if not len(chosen) or (tables.house is not None and kind in HOUSE_KINDS):
                continue
            rows, scores = scored.rows[chosen], scored.scores[chosen]
            if kind is not DocumentKind.PRODUCT:
                found[kind] = best_documents(view.passages, rows, scores, query.top, second=SECOND if kind is DocumentKind.FAQ else 0.0)
            elif query.sort is not Sort.RELEVANCE:
                found[kind] = in_order(view, tables, query, matched, rows, scores, self._clock())
            else:
                found[kind] = _by_titles(view, query, best_documents(view.passages, rows, scores, max(query.top, WIDE)))[: query.top]
        return found

    def _documents(
        self, tables: Tables, matched: Matched, kind: DocumentKind, best: Found, hits_of: Mapping[int, Hit]
    ) -> tuple[DocumentHit, ...]:
        made = []
        for id, score, held in best:
            hits = tuple(hits_of[row] for row in held)
            sku = ""
            if kind is DocumentKind.PRODUCT:
                sku = tables.catalog.best_variant(tables.catalog.index[id], matched.matching, self._clock())
            relevance = max((hit_confidence(hit) for hit in hits), default=0.0)
            made.append(DocumentHit(kind, id, score, hits, relevance=relevance, sku=sku))
        return tuple(made)

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
        same = _spoken(view.tables, query, house.rows)
        foreign = query.ruling and house.second is not None and not house.speaks(same)
        second = self._second if foreign else None

        def near(text: str) -> Vector:
            first = vector if text == query.text else self._embedder.embed_query(text)
            return house.cosines(first, second.of_query(text) if second is not None else None)

        cosines = near(query.text)
        if query.ruled and query.ruled != query.text:
            cosines = np.maximum(near(query.ruled), cosines - RESOLVED)
        if query.follows:
            together = near(f"{query.follows} {query.ruled or query.text}")
            promoted = np.array([kind is DocumentKind.PROMOTION for kind, _ in house.documents])[house.document]
            cosines = np.maximum(cosines, np.where(promoted, 0.0, together - JOINED))
        best = house.best(cosines, matched.lexical[house.rows], same, query.top, both=second is not None)
        rows = np.array(sorted({row for kind in wanted for ranked in best.get(kind, ()) for row, _ in ranked.rows}), dtype=np.int32)
        covered = dict(zip(rows.tolist(), view.tables.lexical.coverage(query.text, rows).tolist(), strict=True))

        def document(kind: DocumentKind, ranked: Ranked) -> DocumentHit:
            hits = tuple(
                Hit(view.passages[row], score=ranked.score, dense=cosine, lexical=float(matched.lexical[row]), coverage=covered[row])
                for row, cosine in ranked.rows
            )
            return DocumentHit(kind, ranked.id, ranked.score, hits, relevance=rule_confidence(ranked.score))

        return {kind: tuple(document(kind, ranked) for ranked in best.get(kind, ())) for kind in wanted}


def _scored(tables: Tables, query: Query, matched: Matched, rows: NDArray[np.int64], dense: NDArray[np.float32]) -> _Scored:
    exact = np.zeros(len(rows), dtype=bool)
    if matched.exact:
        exact = np.isin(tables.product_of[rows], list(matched.exact))
    lexical = matched.lexical[rows]
    return _Scored(rows, dense, lexical, exact, fused(dense, lexical, exact, _spoken(tables, query, rows), tables.roles, rows))


def _spoken(tables: Tables, query: Query, rows: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of the passages are in the language of the query."""
    spoken = tables.in_language.get(query.language.split("-", maxsplit=1)[0])
    return spoken[rows] if spoken is not None else np.zeros(len(rows), dtype=bool)


def _hits(view: ShopView, tables: Tables, query: Query, scored: _Scored, found: Mapping[DocumentKind, Found]) -> dict[int, Hit]:
    """By row, of the passages that are found."""
    shown = np.array(sorted({row for best in found.values() for _, _, held in best for row in held}), dtype=np.int64)
    at = np.searchsorted(scored.rows, shown)
    covered = tables.lexical.coverage(query.text, shown.astype(np.int32))
    columns = (shown, scored.scores[at], scored.dense[at], scored.lexical[at], scored.exact[at], covered)
    return {
        row: Hit(view.passages[row], score=score, dense=cosine, lexical=words, exact=named, coverage=coverage)
        for row, score, cosine, words, named, coverage in zip(*(column.tolist() for column in columns), strict=True)
    }


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


def _by_titles(view: ShopView, query: Query, found: Found) -> Found:
    """The products in their order once what their titles hold of the question is added. The scores are dealt out anew in that order: what
    compares them with each other and with other kinds keeps its scale."""
    added = [score + TITLE * title_share(query.text, view.products[id].title.values()) for id, score, _ in found]
    order = sorted(range(len(found)), key=lambda n: -added[n])
    return [(found[n][0], score, found[n][2]) for n, (_, score, _) in zip(order, found, strict=True)]


def _in_language(view: ShopView, found: tuple[DocumentHit, ...], language: str) -> tuple[DocumentHit, ...]:
    """Policy sections found in another language than the customer's, as the shop says them in the customer's; each once, in order."""
    spoken: dict[str, DocumentHit] = {}
    for hit in found:
        told = translated(view.policies, hit.id, language)
        id = f"{told[0].id}#{told[1].anchor}" if told else hit.id
        before = spoken.get(id)
        if before is None:
            spoken[id] = replace(hit, id=id)
        elif told is None:  # found in the customer's language too, but farther: its own passages say why
            spoken[id] = replace(before, hits=hit.hits)
    return tuple(spoken.values())
