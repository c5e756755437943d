"""Embeds with the converted model: a few milliseconds a query on one thread, about 90 MB in all.

`query: ` stands before queries and documents alike: that found more, in both languages and across them, than `passage: `
before documents. One session with one thread serves everything; documents go to several workers that call it at once,
which is faster than several threads inside one call and needs the weights in memory once.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from knowledge.folding import simplified
from retrieval.packaged_e5.build import GRAPHS, MANIFEST, NAME, POSITIONS, WORDS, ensure_built
from retrieval.packaged_e5.tokenizer import Tokenizer
from retrieval.packaged_e5.weights import unpack
from retrieval.recent_vectors import RecentVectors

_PREFIX = "query: "
_WINDOW = 510
"""Tokens that the network reads at once, without the marks at beginning and end."""
_WINDOWS_OF_A_DOCUMENT = 8
_BATCH_TEXTS = 8
_BATCH_TOKENS = 768
_CHARACTERS_PER_TOKEN = 12
"""More than any text of words needs: bounds the work that a hostile text can ask for."""
_KANA = re.compile(r"[\u3040-\u30ff]")
_TIDY_AFTER = 2048
"""Tokens of one call after which freed memory is handed back to the system."""

Vectors = NDArray[np.float32]


class PackagedE5:
    """Embedder (see retrieval/embedding.py) on the converted model. Safe to share between threads."""

    name = NAME
    dimensions = 384

    def __init__(self, models_dir: Path | None = None, *, workers: int | None = None, remembered: int = 512) -> None:
        """`workers`: calls at once for documents (default: two, or one on a single core); `remembered`: queries kept."""
        folder = ensure_built(models_dir)
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        self._begin, self._end = int(manifest["begin"]), int(manifest["end"])
        self._tokenizer = Tokenizer.load(folder)
        self._words = np.load(folder / WORDS, mmap_mode="r")
        self._positions: Vectors = np.load(folder / POSITIONS)
        self._session = _open_session(folder / GRAPHS[_needs_unsigned_weights()])
        self._workers = ThreadPoolExecutor(workers or min(2, os.cpu_count() or 1), thread_name_prefix="embed")
        self._recent = RecentVectors(remembered)
        _hand_back_memory()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(texts, 384), rows normalised, in the order given. A long text is the mean of its first eight windows."""
        windows: list[list[int]] = []
        owners: list[int] = []
        for owner, text in enumerate(texts):
            for window in self._windows_of(text, _WINDOWS_OF_A_DOCUMENT):
                windows.append(window)
                owners.append(owner)
        sums = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        batches = list(_batches(windows))
        if len(batches) < 2:
            results = [self._means([windows[n] for n in batch]) for batch in batches]
        else:
            results = list(self._workers.map(lambda batch: self._means([windows[n] for n in batch]), batches))
        for batch, means in zip(batches, results, strict=True):
            for number, mean in zip(batch, means, strict=True):
                sums[owners[number]] += mean * max(1, len(windows[number]))
        if sum(map(len, windows)) >= _TIDY_AFTER:
            _hand_back_memory()
        return _normalised(sums)

    def embed_query(self, text: str) -> Vectors:
        """(384,), normalised; of a long text the first window. The vector is shared: it can't be written to."""
        known = self._recent.get(text)
        if known is not None:
            return known
        return self._recent.keep(text, _normalised(self._means(list(self._windows_of(text, 1))))[0])

    def _windows_of(self, text: str, most: int) -> Iterator[list[int]]:
        limit = _WINDOW * most
        read = text[: limit * _CHARACTERS_PER_TOKEN]
        if not _KANA.search(read):
            # The model places the two scripts of Chinese apart; a question in one finds what is written in the other.
            read = simplified(read)
        ids = self._tokenizer.ids(_PREFIX + read, limit)
        for start in range(0, len(ids), _WINDOW):
            yield ids[start : start + _WINDOW]

    def _means(self, windows: Sequence[Sequence[int]]) -> Vectors:
        """The mean of the last layer over each window's tokens: (windows, 384), not normalised."""
        longest = max(len(window) for window in windows) + 2
        ids = np.full((len(windows), longest), self._end, dtype=np.int64)
        mask = np.zeros((len(windows), longest), dtype=np.float32)
        ids[:, 0] = self._begin
        for row, window in enumerate(windows):
            ids[row, 1 : len(window) + 1] = window
            mask[row, : len(window) + 2] = 1
        words = unpack(self._words[ids])
        words += self._positions[:longest]
        sums = self._session.run(["sums"], {"words": words, "mask": mask})[0]
        means: Vectors = sums / mask.sum(axis=1, keepdims=True)
        return means


def _batches(windows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Numbers of windows of about equal length, the longest first, so that little of a batch is padding."""
    batch: list[int] = []
    longest = 0
    for number in sorted(range(len(windows)), key=lambda number: -len(windows[number])):
        if batch and (len(batch) == _BATCH_TEXTS or (len(batch) + 1) * longest > _BATCH_TOKENS):
            yield batch
            batch = []
        longest = max(len(windows[number]), longest) if batch else len(windows[number])
        batch.append(number)
    if batch:
        yield batch


def _normalised(vectors: Vectors) -> Vectors:
    even: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    return even


def _open_session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # "All" joins Add and LayerNormalization into one node that is several times slower.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # The arena never gives memory back: 200 MB after the first long document.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _needs_unsigned_weights() -> bool:
    """True on x86 processors without VNNI, whose u8 x s8 products may overflow; False where it can't be told."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return "vnni" not in flags


def _hand_back_memory() -> None:
    """glibc keeps what onnxruntime frees after loading and after long batches: tens of megabytes."""
    if _runs_on_glibc():
        ctypes.CDLL(None).malloc_trim(0)


@lru_cache(maxsize=1)
def _runs_on_glibc() -> bool:
    return platform.libc_ver()[0] == "glibc"
