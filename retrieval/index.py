"""Port: a store of vectors. Implementations: Chroma embedded and Chroma server (chroma.py), full scan (exact.py).

An index holds the vectors of one shop made by one embedder. Its entries are content-addressed: the id is the hash of the text that was
embedded, so the same text is embedded once, and old and new revisions share one index. Which entries belong to the revision that
serves is not the index's business: the retriever checks each match against its view of that revision and widens the query until
the answer is provably complete. Publishing and rolling back therefore never touch vectors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Entry:
    """A vector to keep. `id`: content hash; `vector`: (dim,) float32, L2-normalised."""

    id: str
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and its cosine similarity to the query, -1 to 1."""

    id: str
    score: float


class VectorIndex(Protocol):
    """Vectors of one shop and embedder. All methods are async; blocking clients run in a thread."""

    async def add(self, entries: Sequence[Entry]) -> None:
        """Adds or replaces."""

    async def missing(self, ids: Sequence[str]) -> set[str]:
        """Those ids that it does not hold."""

    async def nearest(self, vector: NDArray[np.float32], limit: int) -> list[Match]:
        """The `limit` nearest entries, best first (approximate in Chroma)."""

    async def scores(self, vector: NDArray[np.float32], ids: Sequence[str]) -> dict[str, float]:
        """Exact cosine of the entries named; unknown ids are left out."""

    async def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of the entries named; unknown ids are left out."""

    async def remove(self, ids: Sequence[str]) -> None:
        """Forgets the entries named; unknown ids are no error."""

    async def ids(self) -> set[str]:
        """Everything it holds."""

    async def count(self) -> int:
        """How many entries it holds."""

    async def whole(self) -> int:
        """The revision that was last found to have every text in here; 0: none is known."""

    async def set_whole(self, revision: int) -> None:
        """Remembers that, beside the vectors and as long as they stay."""


class VectorIndexes(Protocol):
    """Opens the index of a shop and embedder; keeps it open."""

    async def open(self, shop_id: str, embedder: str, dimensions: int) -> VectorIndex:
        """Empty at first. Raises IndexUnavailable."""

    async def drop(self, shop_id: str) -> None:
        """All vectors of a shop, of every embedder."""

    async def ready(self) -> bool:
        """Whether it answers."""

    async def close(self) -> None:
        """Releases what is held open."""
