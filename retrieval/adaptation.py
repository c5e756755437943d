"""Linear maps on top of the packaged embedding that bring a customer's words nearer to what answers them.

A general sentence model puts "money back" as near to every question about returns as to the one about refunds. The map was learnt on
questions of our own in many phrasings, in Chinese and English (tests/bench/fit_adaptation.py): the same entry together, its neighbours apart.
It serves FAQ entries, policies and promotions alone; goods are described, not asked, and keep the plain embedding. Of the second, cross-language
embedding (retrieval/cross_language.py) there is one, too, learnt mostly between the languages.

A second pair of maps, one for the question and one for what is said, serves the ranking of statements about a known product
(retrieval/ranking.py, tests/bench/fit_ranking.py).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

FILE = Path(__file__).with_name("adaptation.npz")
SECOND = Path(__file__).with_name("adaptation_second.npz")
STATEMENTS = Path(__file__).with_name("statement_maps.npz")


@dataclass(frozen=True, slots=True)
class Adaptation:
    """x → normalised (x - mean) @ matrix."""

    mean: Vectors
    """(dim,) what the embedding says of any sentence."""
    matrix: Vectors
    """(dim, dim)"""

    def of(self, vectors: Vectors) -> Vectors:
        """(n, dim) or (dim,), normalised; a vector of zeros (none known yet) stays one."""
        moved = (vectors - self.mean) @ self.matrix
        length = np.linalg.norm(moved, axis=-1, keepdims=True)
        known = np.any(vectors, axis=-1, keepdims=True)
        adapted: Vectors = np.where(known, moved / np.maximum(length, 1e-9), 0).astype(np.float32)
        return adapted


@cache
def adaptation_for(model: str) -> Adaptation | None:
    """The map that was learnt for an embedding model, by its name; None for another: its vectors mean something else."""
    for file in (FILE, SECOND):
        with np.load(file) as held:
            if str(held["model"]) == model:
                return Adaptation(held["mean"].astype(np.float32), held["matrix"].astype(np.float32))
    return None


@dataclass(frozen=True, slots=True)
class StatementMaps:
    """How a question about a product and a statement that answers it are brought together."""

    question: Adaptation
    statement: Adaptation


@cache
def statement_maps_for(model: str) -> StatementMaps | None:
    """The pair that was learnt for an embedding model, by its name; None for another."""
    with np.load(STATEMENTS) as held:
        if str(held["model"]) != model:
            return None
        mean = held["mean"].astype(np.float32)
        return StatementMaps(*(Adaptation(mean, held[side].astype(np.float32)) for side in ("question", "statement")))
