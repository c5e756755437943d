"""Joins gaps that ask for the same, so that a merchant sees a question once, however many wordings and languages it came in."""

import asyncio
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.gaps import STATES, Gap, GapStore
from knowledge.store import KnowledgeStore
from retrieval.likeness import Likeness

_KNOWN_MOST = 700
"""Gaps of each state that new ones are compared with, the most asked."""


class Joining:
    """Compares each new gap once with those that stand for themselves; what a merchant decided of one holds for its like."""

    def __init__(self, store: KnowledgeStore, gaps: GapStore, likeness: Likeness) -> None:
        self._store = store
        self._gaps = gaps
        self._likeness = likeness
        self._locks: dict[str, asyncio.Lock] = {}

    async def join_new(self, shop_id: str) -> int:
        """Compares what was not compared yet; the number of gaps joined to another. Call it before gaps are shown."""
        async with self._locks.setdefault(shop_id, asyncio.Lock()):
            new = await self._gaps.unjoined_gaps(shop_id)
            if not new:
                return 0
            fresh = {gap.id for gap in new}
            known = [gap for state in STATES for gap in await self._store.gaps(shop_id, state, _KNOWN_MOST) if gap.id not in fresh]
            into = await self._joined(new, known)
            await self._gaps.join_gaps(shop_id, into, [gap.id for gap in new if gap.id not in into])
            return len(into)

    async def _joined(self, new: Sequence[Gap], known: Sequence[Gap]) -> dict[str, str]:
        """New gaps to those that stand for them. Each is compared with the known ones and with the new ones before it."""
        everything = [*known, *new]
        scores = await self._likeness.alike(
            [(gap.question, gap.language) for gap in new], [(gap.question, gap.language) for gap in everything]
        )
        return await asyncio.to_thread(_matched, new, everything, len(known), scores)


def _matched(new: Sequence[Gap], everything: Sequence[Gap], known: int, scores: NDArray[np.float32]) -> dict[str, str]:
    into: dict[str, str] = {}
    for row, gap in enumerate(new):
        before = everything[: known + row]
        liked = np.array([_score(gap, other, float(scores[row, at])) for at, other in enumerate(before)], dtype=np.float32)
        if len(liked) and liked.max() >= 0:
            best = before[int(liked.argmax())]
            into[gap.id] = into.get(best.id, best.id)
    return into


def _score(gap: Gap, other: Gap, score: float) -> float:
    """A fact of a product is the same question in any words; of another product or another fact it never is."""
    if gap.attribute and (gap.product_id, gap.attribute) == (other.product_id, other.attribute):
        return 2.0
    if gap.product_id != other.product_id or gap.attribute != other.attribute:
        return -1.0
    return score
