"""Finding known phrases in free text, in any language, at word boundaries where the script has them.

A text becomes tokens: Latin words and numbers, single Chinese characters, single marks. A phrase is a row of tokens; "~" in a phrase
stands for up to five tokens of the same sentence. Words are compared without their plural ending.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from knowledge.folding import fold

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[^\s\w-]|[^\W_]")
_STOPS = frozenset(".!?;。！？；\n")
_UNCHANGED = frozenset(
    ["does", "this", "was", "has", "its", "yes", "always", "perhaps", "gas", "bus", "lens", "canvas", "goes", "series", "news"]
)
GAP = "~"
_GAP_TOKENS = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word, Chinese character or mark, with its place in the text."""

    word: str
    start: int
    end: int


def stem(word: str) -> str:
    """The word without an English plural ending; other words unchanged."""
    if len(word) < 4 or word in _UNCHANGED or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def tokens(text: str) -> list[Token]:
    """The tokens of a text: folded and stemmed, spans in the text as it is. Hyphens and underscores part words and vanish."""
    return [Token(stem(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(fold(text).replace("_", " "))]


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A phrase in a text. `start`, `end`: characters; `first`, `last`: tokens (end exclusive)."""

    value: T
    start: int
    end: int
    first: int
    last: int


class Phrases(Generic[T]):
    """A table phrase → value. The same phrase twice: the first stays."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._exact: dict[tuple[str, ...], T] = {}
        for phrase, value in entries:
            words = _words(phrase)
            if not words or words in self._exact:
                continue
            self._exact[words] = value
            self._by_first.setdefault(words[0], []).append((words, value))
        for rows in self._by_first.values():
            rows.sort(key=lambda row: -len(row[0]))

    def get(self, phrase: str) -> T | None:
        """The value of a phrase that is the whole text."""
        return self._exact.get(tuple(t.word for t in tokens(phrase)))

    def find(self, text: str | list[Token], *, overlapping: bool = False) -> list[Found[T]]:
        """The phrases in a text, longest first at each place, left to right; without `overlapping`, no token is used twice."""
        row = tokens(text) if isinstance(text, str) else text
        found: list[Found[T]] = []
        starting, at, last = self._by_first, 0, len(row) - 1
        while at <= last:
            step = 1
            following = row[at + 1].word if at < last else ""
            for words, value in starting.get(row[at].word, ()):
                if len(words) > 1 and words[1] != following and words[1] != GAP:
                    continue  # most rows of a table end here: a turn looks into some eighty
                end = _match(row, at, words)
                if end:
                    found.append(Found(value, row[at].start, row[end - 1].end, at, end))
                    if not overlapping:
                        step = (end - at) if GAP not in words else 1
                        break
            at += step
        return found

    def any(self, text: str | list[Token]) -> bool:
        """Whether a phrase stands in the text."""
        row = tokens(text) if isinstance(text, str) else text
        return any(_match(row, at, words) for at, token in enumerate(row) for words, _ in self._by_first.get(token.word, ()))


def _words(phrase: str) -> tuple[str, ...]:
    parts = [tuple(t.word for t in tokens(part)) for part in phrase.split(GAP)]
    out: list[str] = []
    for number, part in enumerate(parts):
        if number:
            out.append(GAP)
        out.extend(part)
    return tuple(out) if out and out[0] != GAP else ()


def _match(row: list[Token], at: int, words: tuple[str, ...]) -> int:
    """Index after the last token of `words` matched at `at`; 0: no match."""
    place = at
    for number, word in enumerate(words):
        if word == GAP:
            rest = words[number + 1 :]
            for skip in range(_GAP_TOKENS + 1):
                if place + skip > len(row):
                    return 0
                if skip and place + skip <= len(row) and row[place + skip - 1].word in _STOPS:
                    return 0
                end = _match(row, place + skip, rest)
                if end:
                    return end
            return 0
        if place >= len(row) or row[place].word != word:
            return 0
        place += 1
    return place
