"""Several measures of a passage into one score, and from passages to documents.

The cosine leads. BM25 adds a little, relative to the best of the query, and exact names add more: equal votes of both rankings (RRF) lost
a tenth of the mean reciprocal rank in our measurements, since people paraphrase. A document is as good as its best passage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.store import DocumentKind
from retrieval.retriever import Passage

Floats = NDArray[np.float32]
Rows = NDArray[np.integer[Any]]

LEXICAL = 0.06
"""What the best passage by BM25 gains over one that shares no word, in cosines. Phrasings of a FAQ question gain nothing: paraphrases share
no words, and short texts share the wrong ones."""
LEXICAL_LEAST = 5.0
"""BM25 under which even the best passage gains less: weak matches of an off-topic question are no evidence."""
ANSWER = 0.025
"""What a FAQ passage of question and answer gains over one of a phrasing: the model rates short texts nearer to short questions."""
EXACT = 0.15
"""What a passage gains whose product is named by SKU, model number or full title."""
SAME_LANGUAGE = 0.005
"""Decides between the same words in two languages."""
SECOND = 0.3
"""Weight of a FAQ entry's second best passage beside 1 for the best."""
ALONE = 0.02
"""How far under its best the second passage of a FAQ entry with a single one is taken to lie."""


@dataclass(frozen=True, slots=True)
class Roles:
    """What passages are to the fusion: (passages,) float32 weight of BM25, and constant gain."""

    lexical: Floats
    gain: Floats

    @staticmethod
    def of(passages: Sequence[Passage]) -> "Roles":
        """By kind and field; the same for every query."""
        phrasing = np.array([p.kind is DocumentKind.FAQ and p.field == "question" for p in passages], dtype=bool)
        answer = np.array([p.kind is DocumentKind.FAQ and p.field == "answer" for p in passages], dtype=bool)
        return Roles(np.where(phrasing, 0, LEXICAL).astype(np.float32), np.where(answer, ANSWER, 0).astype(np.float32))


def fused(dense: Floats, lexical: Floats, exact: NDArray[np.bool_], same_language: NDArray[np.bool_], roles: Roles, rows: Rows) -> Floats:
    """One score for each of the passages named by `rows`; `lexical` is BM25 as a share of the best, 0..1."""
    extra = roles.lexical[rows] * lexical + roles.gain[rows] + EXACT * exact + SAME_LANGUAGE * same_language
    total: Floats = (dense + extra).astype(np.float32)
    return total


def best_documents(
    passages: Sequence[Passage], rows: Rows, scores: Floats, top: int, hits: int = 4, second: float = 0.0
) -> list[tuple[str, float, list[int]]]:
    """The `top` documents of the passages named by `rows` (their scores beside them), best first: id, score and best rows. With `second`, a
    document's score is the weighted mean of its two best passages. Equal scores keep the order of the rows."""
    wide = top * 4 if second else top
    take = min(len(rows), max(64, wide * 8))
    while True:
        if take < len(rows):
            best = np.argpartition(-scores, take - 1)[:take]
            best.sort()
        else:
            best = np.arange(len(rows))
        order = best[np.argsort(-scores[best], kind="stable")]
        found: dict[str, list[tuple[float, int]]] = {}
        for score, row in zip(scores[order].tolist(), rows[order].tolist(), strict=True):
            held = found.setdefault(passages[row].document_id, [])
            if len(held) < hits:
                held.append((score, row))
        if len(found) >= wide or take >= len(rows):
            break
        take = min(len(rows), take * 4)
    ranked = [(id, _mean(held, second), [row for _, row in held]) for id, held in found.items()]
    if second:
        ranked.sort(key=lambda document: -document[1])
    return ranked[:top]


def _mean(held: list[tuple[float, int]], second: float) -> float:
    best = held[0][0]
    if not second:
        return best
    other = held[1][0] if len(held) > 1 else best - ALONE
    return (best + second * other) / (1 + second)
