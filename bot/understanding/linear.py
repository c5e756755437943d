"""A linear classifier over character n-grams: what kind of message this is, also with typing errors and words nobody listed.

Features: n-grams of 1 to 5 characters of the folded text, words framed by spaces, hashed by CRC-32 into 2^16 buckets, weighted
1 + log(count), row normalised. One weight row per class, int8 with a scale each; softmax. Weights are trained by tests/bench/train_intents.py
(data and licences in NOTICE.md).
"""

import math
import re
import zlib
from collections import Counter
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from knowledge.folding import fold

BUCKETS = 1 << 16
LONGEST = 240
"""Characters looked at: the beginning and the end of longer texts."""
_SPACE = re.compile(r"[\s\-_*~]+")
_DIGITS = re.compile(r"\d+")


def features(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Buckets and weights of a text; both empty for a text without characters. Weights have length 1 together."""
    plain = _DIGITS.sub("0", _SPACE.sub(" ", fold(text))).strip()
    if len(plain) > LONGEST:
        plain = plain[: LONGEST // 2] + " " + plain[-LONGEST // 2 :]
    counts: Counter[int] = Counter()
    body = f" {plain} "
    for size in (1, 2, 3, 4, 5):
        for at in range(len(body) - size + 1):
            counts[zlib.crc32(body[at : at + size].encode("utf-8", "replace"), size) & (BUCKETS - 1)] += 1
    if not plain:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    buckets = np.fromiter(counts, np.int64, len(counts))
    weights = np.fromiter((1.0 + math.log(n) for n in counts.values()), np.float32, len(counts))
    return buckets, weights / float(np.linalg.norm(weights))


class LinearIntents:
    """The trained classifier."""

    def __init__(self, classes: tuple[str, ...], weights: NDArray[np.int8], scales: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        self.classes = classes
        self._weights = weights
        self._scales = scales
        self._bias = bias

    def __call__(self, text: str) -> dict[str, float]:
        """Probability of each class, summing to 1; an even spread for an empty text."""
        buckets, values = features(text)
        if not len(buckets):
            return dict.fromkeys(self.classes, 1.0 / len(self.classes))
        scores = (self._weights[:, buckets].astype(np.float32) @ values) * self._scales + self._bias
        scores = np.exp(scores - scores.max())
        scores /= scores.sum()
        return {name: float(score) for name, score in zip(self.classes, scores, strict=True)}


@lru_cache(maxsize=1)
def linear_intents() -> LinearIntents:
    """The packaged classifier, loaded once (about 1 MB)."""
    with resources.files("bot.understanding").joinpath("intent_weights.npz").open("rb") as file, np.load(file) as held:
        return LinearIntents(tuple(str(name) for name in held["classes"]), held["weights"], held["scales"], held["bias"])
