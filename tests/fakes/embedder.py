"""A small deterministic embedder: hashed words and pairs of characters. Texts that share words are near, others are not."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.tokens import tokens


class HashingEmbedder:
    """(texts, 64). Counts how often it was asked, so that tests see what is embedded anew."""

    name = "hashing-64"
    dimensions = 64

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, self.dimensions), dtype=np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._one(text)

    def _one(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimensions, 0.05, dtype=np.float32)
        for token in tokens(text):
            digest = hashlib.sha256(token.encode()).digest()
            for byte in digest[:4]:
                vector[byte % self.dimensions] += 1.0
        return vector / np.linalg.norm(vector)
