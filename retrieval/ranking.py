"""Which of these texts answers the question best, and does any? Serves `zhanggui rank` and the facts of a product alike.

A linear score over a few measures of question and candidate, and a logistic model over the best candidates for "any of them answers".
The weights were learnt by tests/bench/fit_ranking.py on half of the questions of ePQA, semiPQA and hetPQA (split by hash of the question's
id); docs/benchmarks.md has the figures of the other half.
"""

import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from knowledge.attribute_names import concept_of, concepts_in, near
from knowledge.folding import fold
from retrieval.embedding import Embedder
from retrieval.rarity import is_content, rarity
from retrieval.structured_text import readable, split_record
from retrieval.tokens import tokens, words

Vector = NDArray[np.float32]
Features = NDArray[np.float64]

_AMOUNT_ASKED = re.compile(
    r"\b(?:how (?:many|much|long|big|tall|wide|high|deep|thick|heavy|large|far|fast|old|loud|small|hot|cold|bright)|size|sizes|dimensions?|measure\w*"
    r"|weigh\w*|length|width|height|depth|diameter|thickness|capacity|age|inch\w*|wattage|voltage)\b"
    r"|多少|多大|多重|多长|多高|多宽|多厚|多久|几[个只条件寸年天小分升克岁档]|尺寸|重量|容量|长度|宽度|高度|直径|功率|电压"
)
_FIGURE = re.compile(r"\d|[一二三四五六七八九十两]+[个年天小分升克厘毫米]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text to be ranked. `name`: the attribute's name where the text is "name: value" ("" lets a written record be recognised)."""

    id: Hashable
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place. `score`: fused, comparable inside one question; `dense`: cosine; `lexical`, `coverage`: 0..1."""

    id: Hashable
    score: float
    dense: float
    lexical: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates, best first, and how likely any of them answers (0..1)."""

    ranked: tuple[Ranked, ...]
    answerable: float

    @property
    def ranking(self) -> list[tuple[Hashable, float]]:
        """Id and score of every candidate, best first."""
        return [(r.id, r.score) for r in self.ranked]


class TextVectors:
    """Vectors of texts, the most recent kept (1.5 kB each): attribute names and values repeat from product to product."""

    def __init__(self, embedder: Embedder, remembered: int = 8192) -> None:
        self.embedder = embedder
        self._remembered = remembered
        self._held: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, vectors: dict[str, Vector]) -> None:
        """Keeps vectors that are known already, by text."""
        with self._lock:
            self._held.update(vectors)
            while len(self._held) > self._remembered:
                self._held.popitem(last=False)

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Texts without a vector here."""
        with self._lock:
            return [text for text in dict.fromkeys(texts) if text not in self._held]

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dim), rows normalised; embeds what is not known. Blocks."""
        unknown = self.missing(texts)
        if unknown:
            self.put(dict(zip(unknown, self.embedder.embed(unknown), strict=True)))
        with self._lock:
            rows = []
            for text in texts:
                vector = self._held.get(text)
                if vector is not None:
                    self._held.move_to_end(text)
                rows.append(vector)
        lost = [text for text, row in zip(texts, rows, strict=True) if row is None]
        if lost:  # more texts at once than are remembered
            again = dict(zip(lost, self.embedder.embed(lost), strict=True))
            rows = [again[text] if row is None else row for text, row in zip(texts, rows, strict=True)]
        return np.stack([row for row in rows if row is not None]) if rows else np.zeros((0, self.embedder.dimensions), dtype=np.float32)


FEATURES = ("dense", "name_dense", "lexical", "name_share", "record", "figure", "concept", "length", "asks")
"""Columns of `features`: cosine; what the name's cosine adds; BM25; share of the name's words in the question; is an attribute; holds a
figure where one is asked for; is the property asked for (1; 0.5 a near one); log of its words; asks back."""

CONCEPT = FEATURES.index("concept")

WEIGHTS = np.array([34.969, 11.552, 2.847, 1.569, -0.604, 1.891, 0.738, 0.433, -1.299])
"""Of the columns of `features`; logits of a softmax over the candidates of one question."""
ANSWERABLE = np.array([0.074, 23.465, 0.207, 0.098, 0.270, 0.460])
ANSWERABLE_AT = -21.222
"""Weights of `answerable_features`, and the constant; logits of "any candidate helps"."""
SCORE_MIDDLE = 31.5
"""Scores of the best answers of the learning half have their median at 33.1."""


def features(query: str, candidates: Sequence[Candidate], vector: Vector, vectors: TextVectors) -> tuple[Features, NDArray[np.float64]]:
    """(candidates, len(FEATURES)) and the coverage of each candidate."""
    shown = [_Shown.of(c.text, c.name) for c in candidates]
    dense = vectors.of([s.text for s in shown]) @ vector
    names = [s.name for s in shown if s.name]
    by_name = dict(zip(names, vectors.of(names) @ vector, strict=True)) if names else {}
    asked = Counter(term for term in tokens(query) if is_content(term))
    whole = [term for term in dict.fromkeys(words(query)) if is_content(term)]
    weight_of_query = sum(rarity(term) for term in whole)
    wanted = {concept for concept, _, _ in concepts_in(query)}
    nearby = {other for concept in wanted for other in near(concept)}
    figure_asked = bool(_AMOUNT_ASKED.search(fold(query)))
    mean = sum(s.length for s in shown) / max(1, len(shown))
    matrix = np.zeros((len(shown), len(FEATURES)))
    covered = np.zeros(len(shown))
    for row, s in enumerate(shown):
        bm25 = 0.0
        for term in asked:
            times = s.counts.get(term, 0)
            if times:
                bm25 += 6.9 * rarity(term) * times * 2 / (times + 0.6 + 0.4 * s.length / max(mean, 1.0))
        name_terms = s.name_terms
        concept = 1.0 if s.concept in wanted else 0.5 if s.concept in nearby else 0.0
        matrix[row] = (
            dense[row],
            max(0.0, float(by_name[s.name]) - float(dense[row])) if s.name else 0.0,
            bm25 / (bm25 + 8),
            sum(term in asked for term in name_terms) / len(name_terms) if name_terms else 0.0,
            bool(s.name),
            figure_asked and s.has_figure,
            concept,
            log(1 + s.length),
            s.asks,
        )
        covered[row] = sum(rarity(term) for term in whole if term in s.counts) / weight_of_query if whole else 0.0
    return matrix, covered


def answerable_features(matrix: Features, scores: NDArray[np.float64], covered: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the logistic model sees: best score, best cosine, lead over the second, coverage and concept of the best, best coverage."""
    order = np.argsort(-scores, kind="stable")
    top = order[0]
    second = scores[order[1]] if len(order) > 1 else scores[top] - 2.0
    return np.array(
        [scores[top], matrix[:, 0].max(), min(scores[top] - second, 3.0), covered[top], matrix[:, CONCEPT].max(), covered.max()],
        dtype=np.float64,
    )


class Ranker:
    """Ranks candidates; keeps the vectors of texts it has seen. Methods block and belong in a thread."""

    def __init__(self, embedder: Embedder, vectors: TextVectors | None = None) -> None:
        self._embedder = embedder
        self._vectors = vectors if vectors is not None else TextVectors(embedder)

    def rank(self, query: str, candidates: Sequence[Candidate], vector: Vector | None = None, *, concept: float = 0.0) -> Ranking:
        """Every candidate exactly once, best first (ties in the order given). `vector`: the query's, where it is known already; `concept`:
        what an attribute of the very property asked for gains."""
        if not candidates:
            return Ranking((), 0.0)
        vector = self._embedder.embed_query(query) if vector is None else vector
        matrix, covered = features(query, candidates, vector, self._vectors)
        scores = matrix @ WEIGHTS + concept * (matrix[:, CONCEPT] == 1.0)
        order = np.argsort(-scores, kind="stable")
        seen = answerable_features(matrix, scores, covered)
        ranked = tuple(
            Ranked(candidates[i].id, _unit(float(scores[i])), float(matrix[i, 0]), float(matrix[i, 2]), float(covered[i])) for i in order
        )
        return Ranking(ranked, _logistic(float(seen @ ANSWERABLE) + ANSWERABLE_AT))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is measured of a candidate, once for each text."""

    text: str
    name: str
    counts: dict[str, int]
    length: int
    name_terms: tuple[str, ...]
    concept: str | None
    has_figure: bool
    asks: bool

    @staticmethod
    @lru_cache(maxsize=16384)
    def of(text: str, name: str) -> "_Shown":
        plain = readable(text)
        if not name:
            name = split_record(text)[0]
        counts = Counter(tokens(plain))
        terms = tuple(term for term in dict.fromkeys(tokens(name)) if is_content(term))
        concept = concept_of(name) if name else None
        asks = plain.rstrip().endswith(("?", "？"))
        return _Shown(plain, name, dict(counts), sum(counts.values()), terms, concept, bool(_FIGURE.search(plain)), asks)


def _unit(score: float) -> float:
    """The score between 0 and 1, order kept."""
    return _logistic((score - SCORE_MIDDLE) / 2)


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-max(-60.0, min(60.0, x))))
