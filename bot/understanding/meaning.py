"""What a sentence wants, from its embedding: a linear model over the packaged sentence model, beside the cue words of the lexicon.

Cue words are exact where they stand, and blind where people find others. The model was learnt on 6,700 messages and 3,900 phrasings of rules of
our own, in Chinese and English, from two dozen trades (tests/bench/fit_meaning.py); it tells near misses apart: "do people complain about it" from a complaint,
"what if it breaks" from "it broke". It costs nothing: the sentence is embedded for finding anyway.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Embed = Callable[[str], Vector]

FILE = Path(__file__).with_name("meaning.npz")

_RULES = ("shipping", "returns", "payment", "warranty", "service", "store_info", "promotion", "privacy")


@dataclass(frozen=True, slots=True)
class Meant:
    """Probabilities of the labels. Empty: no model for this embedding."""

    shares: Mapping[str, float] = field(default_factory=dict)

    def of(self, *labels: str) -> float:
        """How likely one of these is meant, 0..1."""
        return sum(self.shares.get(label, 0.0) for label in labels)

    @property
    def ruling(self) -> float:
        """How likely a rule of the house is asked for, 0..1; one half without a model."""
        return self.of(*_RULES) if self.shares else 0.5

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest label; ("", 0.0) without a model."""
        return max(self.shares.items(), key=lambda pair: pair[1], default=("", 0.0))


NOTHING = Meant()


class MeaningModel:
    """Reads sentences. `model`: the embedding's name; of another than the one learnt on, nothing is read."""

    def __init__(self, embed: Embed, model: str) -> None:
        self._embed = embed
        self._weights = _weights(model)

    def of(self, text: str) -> Meant:
        """What it wants; empty for blank text."""
        if self._weights is None or not text.strip():
            return NOTHING
        labels, mean, matrix, offset = self._weights
        logits = matrix @ (self._embed(text) - mean) + offset
        powers = np.exp(logits - logits.max())
        return Meant(dict(zip(labels, (powers / powers.sum()).tolist(), strict=True)))


@cache
def _weights(model: str) -> tuple[tuple[str, ...], Vector, Vector, Vector] | None:
    """Labels, mean (dim,), weights (labels, dim), offsets (labels,)."""
    with np.load(FILE) as held:
        if str(held["model"]) != model:
            return None
        return tuple(held["labels"].tolist()), *(held[name].astype(np.float32) for name in ("mean", "weights", "offsets"))
