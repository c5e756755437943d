"""Any model of sentence-transformers: larger multilingual ones, or a merchant's own fine-tune. Needs the extra `models`.

The library and torch take seconds and hundreds of megabytes to import, so that happens when a model is opened, never before.

Every figure that weighs a cosine (retrieval/fusion.py, ranking.py, the composer's thresholds) is set for the packaged model, whose texts about
unrelated things lie near .77. Other models put them near .04 or .6, so each is brought to that level: with one more number in each vector,
a cosine c becomes a * c + 1 - a, where a is chosen by the model's own level. The order of neighbours stays the same.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import UnknownModel
from retrieval.recent_vectors import RecentVectors

_BATCH = 16
_LONGEST = 20_000
"""Characters of a text that are read; models cut at 256 to 8192 tokens anyway."""
_SAMPLE = 1 << 20
_LEVEL = 0.766
"""Mean cosine of _UNRELATED (English) by the packaged model."""
_LEVELLING = "l1"
"""Part of the space's name: another way of levelling makes other vectors."""
_UNRELATED = (
    (
        "How do I boil an egg?",
        "The train to the coast leaves at noon.",
        "She plays the violin in a small orchestra.",
        "My computer restarts every few minutes.",
        "Mountains are covered with snow in winter.",
        "He paid his taxes before the deadline.",
        "The match ended without a goal.",
        "Plants need light and water to grow.",
    ),
    (
        "鸡蛋要煮多久？",
        "去海边的火车中午开。",
        "她在一个小乐团里拉小提琴。",
        "我的电脑每隔几分钟就重启。",
        "冬天山上盖满了雪。",
        "他在截止日期前交了税。",
        "比赛没有进球就结束了。",
        "植物生长需要阳光和水。",
    ),
)
"""Sentences that have nothing to do with each other. A model that does not know a language finds all of it alike; the other one counts."""


class SentenceModel:
    """Embedder (see retrieval/embedding.py). Prompts that the model defines for queries and documents are used."""

    def __init__(self, model: str, *, remembered: int = 512) -> None:
        """`model`: a folder, or a name that the library can find. Raises UnknownModel."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise UnknownModel(f'The embedding model "{model}" needs the extra `models`; run `make install-models`.') from error
        try:
            self._model: Any = SentenceTransformer(model, device="cpu", local_files_only=Path(model).is_dir())
            dimensions = self._model.get_embedding_dimension()
        except Exception as error:  # the library raises whatever its many loaders raise
            raise UnknownModel(
                f'The embedding model "{model}" can\'t be loaded ({type(error).__name__}); give a folder or a name that can be reached.'
            ) from error
        if not dimensions:
            raise UnknownModel(f'The model "{model}" gives no sentence vectors; choose an embedding model.')
        self.dimensions = int(dimensions) + 1
        self.name = f"{_name_of(model)}-{_LEVELLING}"
        # The tokenizers of the library refuse to be used by two threads at once.
        self._lock = threading.Lock()
        self._recent = RecentVectors(remembered)
        level = min(self._level(texts) for texts in _UNRELATED)
        self._share = min(1.0, (1 - _LEVEL) / max(1e-3, 1 - level))

    def _level(self, texts: Sequence[str]) -> float:
        """Mean cosine of a question with a document about something else."""
        queries, documents = (self._raw(encode, texts) for encode in (self._model.encode_query, self._model.encode_document))
        return float((queries @ documents.T)[~np.eye(len(texts), dtype=bool)].mean())

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dimensions), rows normalised, in the order given."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            # A query may slip in between two batches.
            with self._lock:
                vectors[batch] = self._encoded(self._model.encode_document, [texts[number] for number in batch])
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """(dimensions,), normalised, read-only."""
        known = self._recent.get(text)
        if known is not None:
            return known
        with self._lock:
            vector = self._encoded(self._model.encode_query, [text])[0]
        return self._recent.keep(text, vector)

    def _encoded(self, encode: Any, texts: Sequence[str]) -> NDArray[np.float32]:
        """At the common level: see the head of this file."""
        raw = self._raw(encode, texts)
        constant = np.full((len(texts), 1), np.sqrt(1 - self._share), dtype=np.float32)
        return np.hstack([raw * np.float32(np.sqrt(self._share)), constant])

    @staticmethod
    def _raw(encode: Any, texts: Sequence[str]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = encode(
            [plain(text) for text in texts], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        ).astype(np.float32)
        return found


def plain(text: str) -> str:
    """Without what tokenizers refuse: NUL and halves of surrogate pairs."""
    return text[:_LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _name_of(model: str) -> str:
    """Of the vector space: the model's name and, for a folder, a mark of what lies in it, so that a new training shows."""
    folder = Path(model)
    if not folder.is_dir():
        return f"sentence-transformers-{model}"
    mark = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".json", ".safetensors", ".bin", ".onnx", ".model"):
            size = path.stat().st_size
            mark.update(f"{path.relative_to(folder).as_posix()}:{size}".encode())
            with path.open("rb") as file:
                mark.update(file.read(_SAMPLE))
                file.seek(max(0, size - _SAMPLE))
                mark.update(file.read(_SAMPLE))
    return f"sentence-transformers-{folder.resolve().name}-{mark.hexdigest()[:12]}"
