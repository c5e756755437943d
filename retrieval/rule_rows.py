"""The sentences and list items of the house's rules, each ranked for a question: a section says several things, and one of them is asked for.

Read with their heading, in the plain embedding: it tells sentences of one topic apart, which the adapted one (retrieval/adaptation.py) was
learnt to bring together. On 77 questions about rules, on which the weights were chosen, the right sentence comes first for 83 % and
among the first two for 92 % (plain cosine alone 83 and 88, adapted alone 77 and 83, retrieval/ranking.py 77 and 88).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.store import DocumentKind
from retrieval.adaptation import Adaptation
from retrieval.passages import sentences
from retrieval.ranking import TextVectors
from retrieval.rarity import is_content, rarity
from retrieval.retriever import RuleRow
from retrieval.tokens import words

Vector = NDArray[np.float32]

ADAPTED = 0.15
COVERAGE = 0.10
"""What the adapted cosine and the share of the question's words add to the plain cosine."""
_BULLET = re.compile(r"\s*(?:[-*•·]|\d{1,2}[.)])\s+")
LEAST_WORDS = 3
"""A line of fewer belongs to the text around it: a phone number, a brand."""
_LATIN = re.compile(r"[A-Za-z]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of a text, or an item of a list in it, without its bullet."""

    text: str
    item: bool = False


@lru_cache(maxsize=4096)
def rows_of(text: str) -> tuple[Row, ...]:
    """The sentences and list items of a section, in order."""
    rows: list[Row] = []
    plain: list[str] = []
    for line in [*text.splitlines(), ""]:
        bullet = _BULLET.match(line)
        if bullet or not line.strip():
            rows += [Row(sentence) for piece in _paragraph(plain) for sentence in sentences(piece)]
            plain = []
        if bullet:
            rows.append(Row(line[bullet.end() :].strip(), item=True))
        elif rows and rows[-1].item and line[:1] == " " and line.strip() and not plain:
            rows[-1] = Row(f"{rows[-1].text} {line.strip()}", item=True)
        elif line.strip():
            plain.append(line.strip())
    return tuple(rows)


def _paragraph(lines: Sequence[str]) -> list[str]:
    """Lines as running text; one that ends a sentence or changes the script ends a piece."""
    pieces: list[str] = []
    for line in lines:
        if pieces and bool(_HAN.search(pieces[-1])) == bool(_HAN.search(line)):
            pieces[-1] = f"{pieces[-1]} {line}"
        else:
            pieces.append(line)
    return pieces


def spoken(rows: Sequence[Row], language: str) -> list[Row]:
    """Of a text in Chinese and English, the rows in the customer's language; else all."""
    if not any(_HAN.search(row.text) for row in rows):
        return list(rows)
    if language.startswith("zh"):
        own = [row for row in rows if _HAN.search(row.text)]
    else:
        own = [row for row in rows if not _HAN.search(row.text) and len(_LATIN.findall(row.text)) >= LEAST_WORDS]
    return own or list(rows)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A section whose rows are to be ranked (`id`: file#anchor), or a FAQ entry, whose answer is one row under its question."""

    kind: DocumentKind
    id: str
    heading: str
    text: str

    def rows(self, language: str) -> list[Row]:
        """What is ranked of it, in the customer's language where there is such."""
        if self.kind is DocumentKind.FAQ:
            return [Row(self.text.strip())]
        return spoken(rows_of(self.text), language)


@lru_cache(maxsize=4096)
def _held(text: str) -> frozenset[str]:
    return frozenset(words(text))


class RowRanker:
    """Ranks rows; keeps the vectors of those it has seen. Blocks and belongs in a thread."""

    def __init__(self, vectors: TextVectors, adaptation: Adaptation | None) -> None:
        self._vectors = vectors
        self._adaptation = adaptation

    def rank(self, sections: Sequence[Ruled], question: str, vector: Vector, language: str) -> tuple[RuleRow, ...]:
        """Every row of the sections, best first. `vector`: the question's, normalised."""
        held = [(s, n, row) for s in sections for n, row in enumerate(s.rows(language)) if row.text]
        if not held:
            return ()
        texts = [f"{s.heading}\n{row.text}" for s, _, row in held]
        matrix, _ = self._vectors.of(texts)
        scores = matrix @ vector
        if self._adaptation is not None:
            scores = scores + ADAPTED * (self._adaptation.of(matrix) @ self._adaptation.of(vector))
        asked = [term for term in dict.fromkeys(words(question)) if is_content(term)]
        weight = sum(rarity(term) for term in asked)
        if weight:
            said = [_held(text) for text in texts]
            scores = scores + COVERAGE * np.array([sum(rarity(t) for t in asked if t in s) / weight for s in said])
        order = np.argsort(-scores, kind="stable").tolist()
        return tuple(RuleRow(held[i][0].kind, held[i][0].id, held[i][1], held[i][2].text, held[i][2].item, float(scores[i])) for i in order)
