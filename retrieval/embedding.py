"""Texts to vectors: the port, and the one function that opens an embedder by its setting.

Implementations: the packaged model (packaged_e5/), any model of sentence-transformers (sentence_models.py), and a second
vector for questions in another language than the text (cross_language.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import UnknownModel

_SENTENCE_TRANSFORMERS = "sentence-transformers:"


class Embedder(Protocol):
    """A vector space. Both methods block and belong in a thread; they may be called from several at once."""

    @property
    def name(self) -> str:
        """Identifies the vector space; kept with an index. Under another name everything is embedded anew."""

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Documents: (texts, dimensions) float32, rows L2-normalised, in the order given. Takes any text, "" included."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """A customer's words: (dimensions,) float32, L2-normalised, read-only; recent ones are remembered."""


def open_embedder(model: str = "", models_dir: Path | None = None, *, workers: int | None = None) -> Embedder:
    """The embedder that the setting EMBEDDING_MODEL names: "" the packaged one, "sentence-transformers:NAME-or-PATH" another.

    `models_dir`: where the packaged model is converted to (None: inside the environment); `workers`: calls at once when
    embedding documents. Raises UnknownModel for anything that can't be opened.
    """
    if not model:
        from retrieval.packaged_e5.embedder import PackagedE5

        return PackagedE5(models_dir, workers=workers)
    if model.startswith(_SENTENCE_TRANSFORMERS) and len(model) > len(_SENTENCE_TRANSFORMERS):
        from retrieval.sentence_models import SentenceModel

        return SentenceModel(model.removeprefix(_SENTENCE_TRANSFORMERS))
    raise UnknownModel(
        f'The embedding model "{model}" is unknown; leave ZHANGGUI_EMBEDDING_MODEL empty or write sentence-transformers:NAME-or-PATH.'
    )


def cross_language_embedder() -> Embedder:
    """The second vector, 512 numbers, for a question in another language than the shop's text. Opens at its first use."""
    from retrieval.cross_language import CrossLanguageEmbedder

    return CrossLanguageEmbedder()
