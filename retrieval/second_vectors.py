"""The second model's vectors of the rules of the house: in an index of their own beside the first's, by the hash of their text.

Rules are few and their words decide, so that two models read them where the customer's language is not theirs; goods have one vector. Without an
adaptation for it (retrieval/adaptation.py) there is no second model. Decision 14 has what it gains.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.adaptation import Adaptation, adaptation_for
from retrieval.embedding import Embedder
from retrieval.house import House, with_second
from retrieval.index import VectorIndexes
from retrieval.indexing import embed_missing
from retrieval.retriever import Passage
from retrieval.view import ShopView

Vector = NDArray[np.float32]


class SecondVectors:
    """Of all shops. Safe to use from many turns at once."""

    def __init__(self, indexes: VectorIndexes, opened: Callable[[], Embedder], adaptation: Adaptation) -> None:
        """`opened`: opens the model. It takes 120 MB, so that one is kept for queries, from the first on, and those for rules are let go."""
        self._indexes = indexes
        self._opened = opened
        self._embedder = opened()
        self._adaptation = adaptation

    @staticmethod
    def of(indexes: VectorIndexes, first: Embedder, second: Callable[[], Embedder] | None) -> "SecondVectors | None":
        """None without a second model, or where nothing was learnt for one of the two."""
        adaptation = adaptation_for(second().name) if second is not None else None
        if second is None or adaptation is None or adaptation_for(first.name) is None:
            return None
        return SecondVectors(indexes, second, adaptation)

    async def given(self, view: ShopView, house: House, *, wait: bool) -> House:
        """The house with the vectors there are; with `wait` those that are missing are made first. Raises IndexUnavailable."""
        texts = texts_of(house, view.passages)
        if not texts:
            return house
        index = await self._indexes.open(view.shop.id, self._embedder.name, self._embedder.dimensions)
        if wait:
            await embed_missing(index, self._opened(), texts)
        vectors = await index.vectors(list(texts))
        return await asyncio.to_thread(with_second, house, view.passages, vectors, self._adaptation)

    def of_query(self, text: str) -> Vector:
        """A customer's words, adapted. About 2 ms; recent ones are remembered. Blocks."""
        return self._adaptation.of(self._embedder.embed_query(text))


def texts_of(house: House, passages: Sequence[Passage]) -> Mapping[str, str]:
    """Hash → text of the rules' passages."""
    return {passages[row].hash: passages[row].embedded for row in house.rows.tolist()}
