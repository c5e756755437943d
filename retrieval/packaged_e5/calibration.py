"""How great the numbers inside the network get: one exact pass over sample texts, with numpy alone.

The result, `calibration.npz`, is committed; it has to be made again only when the texts or the weights change:
`python -m retrieval.packaged_e5 calibrate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import erf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.packaged_e5.tokenizer import Tokenizer
from retrieval.packaged_e5.weights import Weights, unpack

MAXIMA = Path(__file__).with_name("calibration.npz")
"""Array `maxima`, (layers, 3, width) float32."""
TEXTS = Path(__file__).with_name("calibration.txt")
"""One text a line, Chinese and English, written for this purpose."""

_erf: Callable[[NDArray[np.float32]], NDArray[np.float64]] = np.vectorize(erf, otypes=[np.float64])


def measure_maxima(weights: Weights, tokenizer: Tokenizer, texts: Iterable[str]) -> NDArray[np.float32]:
    """Greatest magnitude per channel of the three inputs that take a fixed scale: (layers, 3, width)."""
    maxima = np.zeros((weights.layers, 3, weights.width), dtype=np.float32)
    for text in texts:
        for layer, taps in enumerate(exact_pass(weights, tokenizer, text)[1]):
            for place, tap in enumerate(taps):
                np.maximum(maxima[layer, place], np.abs(tap).max(axis=0), out=maxima[layer, place])
    return maxima


def exact_pass(weights: Weights, tokenizer: Tokenizer, text: str) -> tuple[NDArray[np.float32], list[tuple[NDArray[np.float32], ...]]]:
    """The unrounded vector (width,) of one text that fits the network, and each layer's inputs (tokens, width)."""
    v = weights.vocabulary
    ids = [v.begin, *tokenizer.ids("query: " + text, weights.positions - 2), v.end]
    table = _Matrices.of(weights)
    state = unpack(weights.blocks("emb.word", weights.width)[ids]) + table.positions[: len(ids)]
    state = _normalised(state, *table.first)
    heads = weights.heads
    taps: list[tuple[NDArray[np.float32], ...]] = []
    for layer in table.layers:
        before = state
        joined = state @ layer["qkv"].T + layer["qkv.b"]
        queries, keys, values = joined.reshape(len(ids), 3, heads, -1).transpose(1, 2, 0, 3)
        likeness: NDArray[np.float32] = queries @ keys.transpose(0, 2, 1) * np.float32(queries.shape[-1] ** -0.5)
        share = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        mixed: NDArray[np.float32] = (share @ values).transpose(1, 0, 2).reshape(len(ids), -1)
        attended: NDArray[np.float32] = mixed @ layer["ao"].T + layer["ao.b"]
        state = _normalised(state + attended, layer["aln.w"], layer["aln.b"])
        taps.append((before, mixed, state))
        inner = state @ layer["fi"].T + layer["fi.b"]
        passed = (0.5 * inner * (1 + _erf(inner / np.sqrt(2)))).astype(np.float32)
        narrowed: NDArray[np.float32] = passed @ layer["fo"].T + layer["fo.b"]
        state = _normalised(state + narrowed, layer["oln.w"], layer["oln.b"])
    mean = state.mean(axis=0)
    vector: NDArray[np.float32] = mean / np.linalg.norm(mean)
    return vector, taps


def _normalised(state: NDArray[np.float32], gain: NDArray[np.float32], bias: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = state - state.mean(axis=-1, keepdims=True)
    even: NDArray[np.float32] = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-12)) * gain + bias
    return even


class _Matrices:
    """The unpacked network; kept for the last weights asked for, since unpacking takes longer than a pass."""

    _last: tuple[Weights, _Matrices] | None = None

    def __init__(self, weights: Weights) -> None:
        w = weights
        self.positions = w.vector("emb.pos").reshape(w.positions, w.width) + w.vector("emb.type")[: w.width]
        self.first = w.vector("emb.ln.w"), w.vector("emb.ln.b")
        self.layers: list[dict[str, NDArray[np.float32]]] = []
        for number in range(w.layers):
            name = f"l{number}."
            layer = {part: w.vector(name + part) for part in ("aln.w", "aln.b", "oln.w", "oln.b")}
            layer |= {part + ".b": w.vector(f"{name}{part}.b") for part in ("ao", "fi", "fo")}
            layer["qkv"] = np.concatenate([w.matrix(name + part + ".w", w.width) for part in "qkv"])
            layer["qkv.b"] = np.concatenate([w.vector(name + part + ".b") for part in "qkv"])
            layer["ao"], layer["fi"] = w.matrix(name + "ao.w", w.width), w.matrix(name + "fi.w", w.width)
            layer["fo"] = w.matrix(name + "fo.w", w.inner)
            self.layers.append(layer)

    @classmethod
    def of(cls, weights: Weights) -> _Matrices:
        if cls._last is None or cls._last[0] is not weights:
            cls._last = weights, cls(weights)
        return cls._last[1]
