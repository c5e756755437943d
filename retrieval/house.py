"""The rules of the house (FAQ entries, policies, promotions) ranked for a question, in the adapted embeddings.

All their vectors stay in memory: a shop has hundreds of them, beside goods in the hundred thousands. A document is as near as its passages
together: one that is asked for in many ways must not win because one of them happens to sound alike, nor lose because only one does.

Where most rules lack the customer's language, a second model reads along (retrieval/second_vectors.py): it knows a question from another
language than the rule's better, and errs elsewhere. Their cosines are added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.store import DocumentKind
from retrieval.adaptation import Adaptation
from retrieval.retriever import Passage

Floats = NDArray[np.float32]

KINDS = (DocumentKind.FAQ, DocumentKind.POLICY, DocumentKind.PROMOTION)
SOFTNESS = 0.1
"""Temperature of the soft maximum over a document's passages, in cosines."""
ANSWER = 0.3
"""Weight of the best passage that holds the answer itself, beside 1 for all together."""
LEXICAL = 0.05
"""What a passage gains that shares the words, in cosines."""
LEXICAL_ALONE = 0.15
"""The same of a FAQ entry that holds an answer and no question: nothing else is near to how people ask."""
SAME_LANGUAGE = 0.005
"""Decides between the same words in two languages."""
LEXICAL_ALONE_BOTH = 0.10
"""The same where both models read."""
BY_WORDS = 0.7
"""What a passage that has no vector yet is taken for where it shares most with the question by words."""
FLOOR, SPREAD = 0.80, 0.16
"""From adapted cosines to the scale of plain ones with the fusion's extras, where goods and rules are listed together."""
FLOOR_BOTH, SPREAD_BOTH = 0.801, 0.1635
"""The same from the cosines of both models, so that retrieval/confidence.py says of both what it says of one: fitted on 325 phrasings of the demo
shop's entries (each hidden) and 700 messages that are no shop matter."""
SECOND = 0.5
"""Weight of the second model's cosine beside 1 for the first's. Chosen on texts/house_questions.jsonl of tests/bench, a third of its entries at
a time left out while learning the maps: .25 to 1 are within a hundredth of it, 0 is five hundredths below."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document with its score (on the scale of the fusion) and its best rows with their adapted cosines, best first."""

    id: str
    score: float
    rows: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class House:
    """The passages of a view's rules. Arrays are (passages of rules,)."""

    rows: NDArray[np.int64]
    """Their places among the view's passages, ascending."""
    vectors: Floats
    """(n, dim), adapted; zeros where none is known yet."""
    answers: NDArray[np.bool_]
    """Whether the passage holds the answer, not only a phrasing of the question."""
    lexical: Floats
    """What each gains that shares all words with the question."""
    document: NDArray[np.int64]
    """Index into `documents`."""
    documents: tuple[tuple[DocumentKind, str], ...]
    adaptation: Adaptation
    second: Floats | None = None
    """(n, dim of the second model), adapted, likewise; None where there is no second model."""

    def speaks(self, same_language: NDArray[np.bool_]) -> bool:
        """Whether half of the documents are in the language of these passages, at least."""
        spoken = np.zeros(len(self.documents), dtype=bool)
        spoken[self.document[same_language]] = True
        return bool(2 * spoken.sum() >= len(spoken))

    @property
    def lacking(self) -> bool:
        """Whether a passage has no vector yet."""
        return any(not held.any(axis=1).all() for held in (self.vectors, self.second) if held is not None)

    def cosines(self, query: Floats, second: Floats | None = None) -> Floats:
        """Of the rules' passages with a query's plain vector, and with its adapted one of the second model; 0 where a passage has none yet."""
        found: Floats = self.vectors @ self.adaptation.of(query)
        if second is None or self.second is None:
            return found
        both = (found + SECOND * (self.second @ second)) / (1 + SECOND)
        return np.where(self.second.any(axis=1), both, found).astype(np.float32, copy=False)

    def best(
        self, cosines: Floats, lexical: Floats, same_language: NDArray[np.bool_], top: int, hits: int = 4, *, both: bool = False
    ) -> dict[DocumentKind, list[Ranked]]:
        """The `top` documents of each kind, best first. `lexical`: of the rules' passages, BM25 as a share of the best; `both`: the cosines are of
        both models."""
        if not len(self.rows):
            return {}
        weight = np.minimum(self.lexical, np.float32(LEXICAL_ALONE_BOTH)) if both else self.lexical
        each = np.where(self.vectors.any(axis=1), cosines + weight * lexical, BY_WORDS * lexical) + SAME_LANGUAGE * same_language
        size = len(self.documents)
        together = np.bincount(self.document, weights=np.exp(each / SOFTNESS), minlength=size)
        soft = SOFTNESS * np.log(together / np.bincount(self.document, minlength=size))
        answer = np.full(size, -1.0)
        np.maximum.at(answer, self.document[self.answers], each[self.answers])
        total = (soft + ANSWER * np.where(answer > -1.0, answer, soft)) / (1 + ANSWER)
        kinds = len({kind for kind, _ in self.documents})
        floor, spread = (FLOOR_BOTH, SPREAD_BOTH) if both else (FLOOR, SPREAD)
        out: dict[DocumentKind, list[Ranked]] = {}
        for number in np.argsort(-total, kind="stable").tolist():
            kind, id = self.documents[number]
            ranked = out.setdefault(kind, [])
            if len(ranked) < top:
                own = np.flatnonzero(self.document == number)
                order = own[np.argsort(-each[own], kind="stable")[:hits]]
                ranked.append(
                    Ranked(id, floor + spread * float(total[number]), tuple((int(self.rows[n]), float(cosines[n])) for n in order))
                )
            elif all(len(held) >= top for held in out.values()) and len(out) == kinds:
                break
        return out


def house_of(passages: Sequence[Passage], vectors: Mapping[int, Floats] | Floats, adaptation: Adaptation) -> House:
    """Of a view's passages; `vectors`: by row, plain. Rows that it lacks get zeros."""
    rows = [row for row, passage in enumerate(passages) if passage.kind in KINDS]
    numbers: dict[tuple[DocumentKind, str], int] = {}
    document = [numbers.setdefault((passages[row].kind, passages[row].document_id), len(numbers)) for row in rows]
    phrased = {passages[row].document_id for row in rows if passages[row].kind is DocumentKind.FAQ and passages[row].field == "question"}
    alone = [passages[row].kind is DocumentKind.FAQ and passages[row].document_id not in phrased for row in rows]
    plain = np.zeros((len(rows), len(adaptation.mean)), dtype=np.float32)
    for place, row in enumerate(rows):
        if not isinstance(vectors, Mapping) or row in vectors:
            plain[place] = vectors[row]
    return House(
        rows=np.array(rows, dtype=np.int64),
        vectors=adaptation.of(plain),
        answers=np.array([passages[row].kind is not DocumentKind.FAQ or passages[row].field == "answer" for row in rows], dtype=bool),
        lexical=np.where(alone, LEXICAL_ALONE, LEXICAL).astype(np.float32),
        document=np.array(document, dtype=np.int64),
        documents=tuple(numbers),
        adaptation=adaptation,
    )


def with_second(house: House, passages: Sequence[Passage], vectors: Mapping[str, Floats], adaptation: Adaptation) -> House:
    """The house with the second model's vectors; `vectors`: plain, by content hash. Passages that it lacks get zeros."""
    plain = np.zeros((len(house.rows), len(adaptation.mean)), dtype=np.float32)
    for place, row in enumerate(house.rows.tolist()):
        if (vector := vectors.get(passages[row].hash)) is not None:
            plain[place] = vector
    return replace(house, second=adaptation.of(plain))
