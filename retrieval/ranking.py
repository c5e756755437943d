"""Which of these texts answers the question best, and does any? Serves `zhanggui rank` and the facts of a product alike.

A linear score over a few measures of question and candidate, and a logistic model over the best candidates for "any of them answers".
The weights were learnt by tests/bench/fit_ranking.py on ePQA, semiPQA, hetPQA and questions of our own; decision 13 has the figures on products
and properties that were left out while learning.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from knowledge.attribute_names import concept_of, concepts_in, near
from retrieval.adaptation import statement_maps_for
from retrieval.embedding import Embedder
from retrieval.question_forms import AnswerForm, QuestionForm
from retrieval.ranking_weights import PLAIN, WITH_MAPS
from retrieval.rarity import is_content, rarity
from retrieval.structured_text import readable, split_record
from retrieval.tokens import tokens, words

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]
Features = NDArray[np.float64]


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
    """Vectors of texts, plain and as statements, the most recent kept (3 kB each): attribute names and values repeat from product to product."""

    def __init__(self, embedder: Embedder, remembered: int = 8192) -> None:
        self.embedder = embedder
        self.maps = statement_maps_for(embedder.name)
        self._remembered = remembered
        self._held: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, vectors: dict[str, Vector]) -> None:
        """Keeps plain vectors that are known already, by text."""
        rows = self._both(vectors)
        with self._lock:
            self._held.update(rows)
            while len(self._held) > self._remembered:
                self._held.popitem(last=False)

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Texts without a vector here."""
        with self._lock:
            return [text for text in dict.fromkeys(texts) if text not in self._held]

    def of(self, texts: Sequence[str]) -> tuple[Matrix, Matrix]:
        """Plain, and as statements: (texts, dim) each, rows normalised; embeds what is not known. Without maps the second is all zeros. Blocks."""
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
            again = self._both(dict(zip(lost, self.embedder.embed(lost), strict=True)))
            rows = [again[text] if row is None else row for text, row in zip(texts, rows, strict=True)]
        size = self.embedder.dimensions
        found = np.stack([row for row in rows if row is not None]) if rows else np.zeros((0, 2 * size), dtype=np.float32)
        return found[:, :size], found[:, size:]

    def question(self, vector: Vector) -> Vector:
        """A question's plain vector as what statements are compared with; zeros without maps."""
        return self.maps.question.of(vector) if self.maps is not None else np.zeros_like(vector)

    def _both(self, vectors: dict[str, Vector]) -> dict[str, Vector]:
        if not vectors:
            return {}
        plain = np.stack(list(vectors.values()))
        told = self.maps.statement.of(plain) if self.maps is not None else np.zeros_like(plain)
        return dict(zip(vectors, np.hstack([plain, told]), strict=True))


FEATURES = (
    "dense",
    "name_dense",
    "lexical",
    "name_share",
    "record",
    "figure",
    "concept",
    "length",
    "statement",
    "told",
    "asked_dense",
    "answer_dense",
    "hedged",
    "says_so",
    "record_yes_no",
    "own",
    "asks",
)
"""Columns of `features`: cosine; what the name's cosine adds; BM25; share of the name's words in the question; is an attribute; holds a
figure where one is asked for; is the property asked for (1; 0.5 a near one); log of its words; cosine as a statement (retrieval/adaptation.py).
Of a text that holds question and answer: that it does, and what the cosine of each adds. Says that it isn't sure; says yes or no where that is
asked; is an attribute where that is asked; tells of the writer; asks back."""

CONCEPT = FEATURES.index("concept")
STATEMENT = FEATURES.index("statement")


def features(query: str, candidates: Sequence[Candidate], vector: Vector, vectors: TextVectors) -> tuple[Features, NDArray[np.float64]]:
    """(candidates, len(FEATURES)) and the coverage of each candidate."""
    shown = [_Shown.of(c.text, c.name) for c in candidates]
    plain, told = vectors.of([s.text for s in shown])
    dense, statement = plain @ vector, told @ vectors.question(vector)
    by_part = _cosines([part for s in shown for part in (s.name, *s.told)], vector, vectors)
    asked = Counter(term for term in tokens(query) if is_content(term))
    whole = [term for term in dict.fromkeys(words(query)) if is_content(term)]
    weight_of_query = sum(rarity(term) for term in whole)
    wanted = {concept for concept, _, _ in concepts_in(query)}
    nearby = {other for concept in wanted for other in near(concept)}
    wants = QuestionForm.of(query)
    mean = sum(s.length for s in shown) / max(1, len(shown))
    matrix = np.zeros((len(shown), len(FEATURES)))
    covered = np.zeros(len(shown))
    for row, s in enumerate(shown):
        bm25 = 0.0
        for term in asked:
            times = s.counts.get(term, 0)
            if times:
                bm25 += 6.9 * rarity(term) * times * 2 / (times + 0.6 + 0.4 * s.length / max(mean, 1.0))
        matrix[row] = (
            dense[row],
            max(0.0, by_part[s.name] - float(dense[row])) if s.name else 0.0,
            bm25 / (bm25 + 8),
            sum(term in asked for term in s.name_terms) / len(s.name_terms) if s.name_terms else 0.0,
            bool(s.name),
            wants.amount and s.form.figure,
            1.0 if s.concept in wanted else 0.5 if s.concept in nearby else 0.0,
            log(1 + s.length),
            statement[row],
            bool(s.told),
            by_part[s.told[0]] - float(dense[row]) if s.told else 0.0,
            by_part[s.told[1]] - float(dense[row]) if s.told else 0.0,
            s.form.hedged,
            wants.yes_or_no and s.form.says_so,
            wants.yes_or_no and bool(s.name),
            s.form.own,
            s.form.asks,
        )
        covered[row] = sum(rarity(term) for term in whole if term in s.counts) / weight_of_query if whole else 0.0
    return matrix, covered


def _cosines(texts: Sequence[str], vector: Vector, vectors: TextVectors) -> dict[str, float]:
    wanted = list(dict.fromkeys(filter(None, texts)))
    return dict(zip(wanted, (vectors.of(wanted)[0] @ vector).tolist(), strict=True)) if wanted else {}


def answerable_features(matrix: Features, scores: NDArray[np.float64], covered: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the logistic model sees: best score, best cosine, lead over the second, coverage and concept of the best, best coverage; best
    cosine as a statement, how far it stands out, and that of the best."""
    order = np.argsort(-scores, kind="stable")
    top = order[0]
    second = scores[order[1]] if len(order) > 1 else scores[top] - 2.0
    statement = matrix[:, STATEMENT]
    return np.array(
        [
            scores[top],
            matrix[:, 0].max(),
            min(scores[top] - second, 3.0),
            covered[top],
            matrix[:, CONCEPT].max(),
            covered.max(),
            statement.max(),
            statement.max() - statement.mean(),
            statement[top],
        ],
        dtype=np.float64,
    )


class Ranker:
    """Ranks candidates; keeps the vectors of texts it has seen. Methods block and belong in a thread."""

    def __init__(self, embedder: Embedder, vectors: TextVectors | None = None) -> None:
        self._embedder = embedder
        self._vectors = vectors if vectors is not None else TextVectors(embedder)
        self._learnt = WITH_MAPS if self._vectors.maps is not None else PLAIN

    def rank(self, query: str, candidates: Sequence[Candidate], vector: Vector | None = None, *, concept: float = 0.0) -> Ranking:
        """Every candidate exactly once, best first (ties in the order given). `vector`: the query's, where it is known already; `concept`:
        what an attribute of the very property asked for gains."""
        if not candidates:
            return Ranking((), 0.0)
        vector = self._embedder.embed_query(query) if vector is None else vector
        matrix, covered = features(query, candidates, vector, self._vectors)
        learnt = self._learnt
        scores = matrix @ learnt.weights + concept * (matrix[:, CONCEPT] == 1.0)
        order = np.argsort(-scores, kind="stable")
        seen = answerable_features(matrix, scores, covered)
        ranked = tuple(
            Ranked(candidates[i].id, _unit(float(scores[i]) - learnt.middle), float(matrix[i, 0]), float(matrix[i, 2]), float(covered[i]))
            for i in order
        )
        return Ranking(ranked, _logistic(float(seen @ learnt.answerable) + learnt.answerable_at))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is measured of a candidate, once for each text."""

    text: str
    name: str
    counts: dict[str, int]
    length: int
    name_terms: tuple[str, ...]
    concept: str | None
    told: tuple[str, str] | tuple[()]
    """Question and answer of a text that holds both."""
    form: AnswerForm

    @staticmethod
    @lru_cache(maxsize=16384)
    def of(text: str, name: str) -> "_Shown":
        plain = readable(text)
        if not name:
            name = split_record(text)[0]
        counts = Counter(tokens(plain))
        terms = tuple(term for term in dict.fromkeys(tokens(name)) if is_content(term))
        concept = concept_of(name) if name else None
        form = AnswerForm.of(plain)
        told = (form.question, form.answer) if form.question and not name else ()
        return _Shown(plain, name, dict(counts), sum(counts.values()), terms, concept, told, form)


def _unit(score: float) -> float:
    """A score around 0 between 0 and 1, order kept."""
    return _logistic(score / 2)


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-max(-60.0, min(60.0, x))))
