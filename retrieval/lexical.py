"""BM25 over a revision's passages, and how much of a question stands in a passage.

Plain inverted lists in numpy: for each term the passages that hold it and their finished weights, so that a query adds a few short arrays.
Robertson's BM25 with the never-negative idf, k1 = 1.2, b = 0.5 (titles and short texts dominate); each query term counts times its
general rarity (retrieval/rarity.py), so that function words do not decide in a small shop.
"""

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from retrieval.rarity import is_content, rarity
from retrieval.retriever import Passage
from retrieval.tokens import tokens, words

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

_K1 = 1.2
_B = 0.5


class TermCounts:
    """Terms of texts by content hash, kept across revisions so that a publication tokenises only what is new."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._names: list[str] = []
        self._texts: dict[str, tuple[Rows, Floats]] = {}

    def of(self, hash: str, text: str) -> tuple[Rows, Floats]:
        """Term numbers (sorted) and counts."""
        known = self._texts.get(hash)
        if known is None:
            counted = Counter(tokens(text))
            numbers = np.array([self._number(term) for term in counted], dtype=np.int32)
            counts = np.array(list(counted.values()), dtype=np.float32)
            order = np.argsort(numbers)
            known = self._texts[hash] = (numbers[order], counts[order])
        return known

    def number(self, term: str) -> int | None:
        """The number of a term that occurs; None for one that never did."""
        return self._vocabulary.get(term)

    def keep(self, hashes: set[str]) -> None:
        """Forgets texts that no revision in use holds."""
        for hash in [hash for hash in self._texts if hash not in hashes]:
            del self._texts[hash]

    @property
    def size(self) -> int:
        """Terms known."""
        return len(self._names)

    def _number(self, term: str) -> int:
        number = self._vocabulary.get(term)
        if number is None:
            number = self._vocabulary[term] = len(self._names)
            self._names.append(term)
        return number


class LexicalIndex:
    """Inverted lists over passages, in the order given. Never changes after it is built."""

    def __init__(self, passages: Sequence[Passage], counts: TermCounts | None = None) -> None:
        self._counts = counts if counts is not None else TermCounts()
        self.size = len(passages)
        rows = [self._counts.of(p.hash, p.embedded) for p in passages]
        terms = np.concatenate([r[0] for r in rows]) if rows else np.zeros(0, dtype=np.int32)
        frequencies = np.concatenate([r[1] for r in rows]) if rows else np.zeros(0, dtype=np.float32)
        lengths = np.array([r[1].sum() for r in rows], dtype=np.float32)
        holders = np.repeat(np.arange(len(rows), dtype=np.int32), [len(r[0]) for r in rows]) if rows else np.zeros(0, dtype=np.int32)
        mean = float(lengths.mean()) if len(lengths) else 1.0
        norm = _K1 * (1 - _B + _B * lengths / max(mean, 1e-6))
        order = np.argsort(terms, kind="stable")
        self._holders: Rows = holders[order]
        frequency = frequencies[order]
        self._weights: Floats = (frequency * (_K1 + 1) / (frequency + norm[self._holders])).astype(np.float32)
        self._starts = np.searchsorted(terms[order], np.arange(self._counts.size + 1)).astype(np.int64)

    def holders(self, term: str) -> Rows:
        """The passages that hold a term, ascending."""
        start, end = self._range(term)
        return self._holders[start:end]

    def idf(self, term: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)) for a term in n of N passages."""
        start, end = self._range(term)
        return log(1 + (self.size - (end - start) + 0.5) / (end - start + 0.5))

    def scores(self, text: str) -> Floats:
        """BM25 of every passage, (passages,) float32; 0 where no word is shared."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, times in Counter(tokens(text)).items():
            start, end = self._range(term)
            if end > start:
                weight = self.idf(term) * rarity(term) * min(times, 2)
                # A passage stands once in a term's list, so plain fancy indexing adds right.
                total[self._holders[start:end]] += self._weights[start:end] * np.float32(weight)
        return total

    def coverage(self, text: str, rows: Rows) -> Floats:
        """Share of the text's content words, weighted by rarity here and anywhere, that stand in each of the passages named, 0..1. Words
        that the shop never uses count in full against it. 0 for a text without content words."""
        terms = [term for term in dict.fromkeys(words(text)) if is_content(term)]
        held = np.zeros(len(rows), dtype=np.float32)
        total = 0.0
        for term in terms:
            weight = rarity(term) * self.idf(term)
            total += weight
            held += np.float32(weight) * self._share(term, rows)
        return held / np.float32(total) if total else held

    def _share(self, term: str, rows: Rows) -> Floats:
        """1 for passages that hold the term; for a longer Chinese word the share of its pairs, a little less sure."""
        whole = _member(rows, self.holders(term))
        if len(term) < 3 or not "㐀" <= term[0] <= "鿿":
            return whole
        pairs = [term[i : i + 2] for i in range(len(term) - 1)]
        part = np.mean([_member(rows, self.holders(pair)) for pair in pairs], axis=0, dtype=np.float32)
        best: Floats = np.maximum(whole, part * np.float32(0.85))
        return best

    def _range(self, term: str) -> tuple[int, int]:
        number = self._counts.number(term)
        if number is None or number + 1 >= len(self._starts):
            return 0, 0
        return int(self._starts[number]), int(self._starts[number + 1])


def _member(rows: Rows, holders: Rows) -> Floats:
    if not len(holders):
        return np.zeros(len(rows), dtype=np.float32)
    at = np.searchsorted(holders, rows)
    at[at == len(holders)] = 0
    held: Floats = (holders[at] == rows).astype(np.float32)
    return held
