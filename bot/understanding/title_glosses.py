"""Which titles hold what a Chinese name of goods is called in English: 割草机 and "Cordless Lawn Mower", by the words of a dictionary."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.understanding.bilingual import glossed
from knowledge.folding import fold
from knowledge.phrases import stem

HEAD = 1.5
"""Weight of a gloss' last word, which says what kind of thing it is: "mower" of "lawn mower"."""
ENDS = 1.15
"""What a title gains that ends in that word."""
NEAR_END = 2
"""Words at the end of a title of which one is what it is called: "Lawn Mower 36 cm" is seldom written."""
_WORD = re.compile(r"[a-z0-9]+")


class TitleGlosses:
    """English titles, ready to be compared with the glosses of Chinese words."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._count = len(titles)
        self._rows: dict[str, list[int]] = {}
        self._ends: dict[str, set[int]] = {}
        for number, title in enumerate(titles):
            words = [stem(word) for word in _WORD.findall(fold(title))]
            for word in dict.fromkeys(words):
                self._rows.setdefault(word, []).append(number)
            for word in words[-NEAR_END:]:
                self._ends.setdefault(word, set()).add(number)
        seen = Counter({word: len(rows) for word, rows in self._rows.items()})
        self._rarity = {word: math.log(1 + self._count / count) for word, count in seen.items()}
        self._unseen = math.log(1 + self._count / 0.5) if self._count else 0.0

    def scores(self, thing: str) -> NDArray[np.float32]:
        """(titles,): how much of a thing's name each title holds, 0 to 1.15."""
        words = glossed(thing)
        total = sum(len(word.word) for word in words)
        found = np.zeros(self._count, dtype=np.float32)
        for word in words:
            best = np.zeros(self._count, dtype=np.float32)
            for gloss in word.glosses:
                np.maximum(best, self._of(gloss), out=best)
            found += best * (len(word.word) / total)
        return found

    def _of(self, gloss: tuple[str, ...]) -> NDArray[np.float32]:
        weights = [self._rarity.get(word, self._unseen) for word in gloss]
        weights[-1] *= HEAD
        whole = sum(weights)
        held = np.zeros(self._count, dtype=np.float32)
        if len(gloss) > 1 and (joined := "".join(gloss)) in self._rows:
            held[self._rows[joined]] = 1.0  # "wild flower" and "wildflower"
            return held
        for word, weight in zip(gloss, weights, strict=True):
            if word in self._rows:
                held[self._rows[word]] += weight / whole
        if gloss[-1] in self._ends:
            held[list(self._ends[gloss[-1]])] *= ENDS
        return held
