"""VectorIndex by full scan in memory: for tiny shops and tests, and the reference that Chroma is held against."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Entry, Match, VectorIndex

Vectors = NDArray[np.float32]


class ExactIndex:
    """Vectors of one shop and embedder in one array; every answer is exact. Nothing outlives the process."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._rows: dict[str, int] = {}
        self._names: list[str] = []
        self._matrix: Vectors = np.zeros((0, dimensions), dtype=np.float32)
        self._whole = 0

    async def add(self, entries: Sequence[Entry]) -> None:
        """Adds or replaces. Raises ValueError for a vector of another length."""
        for entry in entries:
            if entry.vector.shape != (self._dimensions,):
                raise ValueError(f"A vector of shape {entry.vector.shape} does not fit an index of {self._dimensions} dimensions.")
        latest = {entry.id: entry.vector for entry in entries}
        new = [id for id in latest if id not in self._rows]
        if new:
            first = len(self._names)
            self._matrix = np.vstack([self._matrix, np.stack([latest[id] for id in new]).astype(np.float32)])
            self._names.extend(new)
            self._rows.update((id, first + i) for i, id in enumerate(new))
        for id, vector in latest.items():
            self._matrix[self._rows[id]] = vector

    async def missing(self, ids: Sequence[str]) -> set[str]:
        """Those ids that it does not hold."""
        return {id for id in ids if id not in self._rows}

    async def nearest(self, vector: Vectors, limit: int) -> list[Match]:
        """The `limit` nearest entries, best first; exact."""
        if not self._names or limit <= 0:
            return []
        scores = self._matrix @ vector
        take = min(limit, len(scores))
        best = np.argpartition(-scores, take - 1)[:take]
        best = best[np.argsort(-scores[best], kind="stable")]
        return [Match(self._names[i], float(scores[i])) for i in best]

    async def scores(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Exact cosine of the entries named; unknown ids are left out."""
        known = [id for id in dict.fromkeys(ids) if id in self._rows]
        if not known:
            return {}
        scores = self._matrix[[self._rows[id] for id in known]] @ vector
        return dict(zip(known, map(float, scores), strict=True))

    async def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of the entries named; unknown ids are left out."""
        return {id: self._matrix[self._rows[id]].copy() for id in dict.fromkeys(ids) if id in self._rows}

    async def remove(self, ids: Sequence[str]) -> None:
        """Forgets the entries named; unknown ids are no error."""
        gone = {id for id in ids if id in self._rows}
        if not gone:
            return
        keep = [i for i, id in enumerate(self._names) if id not in gone]
        self._matrix = self._matrix[keep]
        self._names = [self._names[i] for i in keep]
        self._rows = {id: i for i, id in enumerate(self._names)}

    async def ids(self) -> set[str]:
        """Everything it holds."""
        return set(self._rows)

    async def count(self) -> int:
        """How many entries it holds."""
        return len(self._names)

    async def whole(self) -> int:
        """The revision that was last found to have every text in here."""
        return self._whole

    async def set_whole(self, revision: int) -> None:
        """Remembers that."""
        self._whole = revision


class ExactIndexes:
    """Opens one ExactIndex for each shop and embedder and keeps it for the life of the process."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], ExactIndex] = {}

    async def open(self, shop_id: str, embedder: str, dimensions: int) -> VectorIndex:
        """The index of this shop and embedder, empty at first."""
        return self._open.setdefault((shop_id, embedder), ExactIndex(dimensions))

    async def drop(self, shop_id: str) -> None:
        """All vectors of a shop, of every embedder."""
        for key in [key for key in self._open if key[0] == shop_id]:
            del self._open[key]

    async def ready(self) -> bool:
        """Always."""
        return True

    async def close(self) -> None:
        """Forgets everything."""
        self._open.clear()
