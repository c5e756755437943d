"""Products by a few neighbouring words of their title: "the Aurora 60", "larch 5", air3, 云雀mini.

A title is taken apart into units: words, figures and Chinese characters. Two neighbours of which one is a word or a figure make a pair; what a
message says in a row is a chain of such pairs, and the products whose titles hold all of them are meant. A name that only one title holds so
is as sure as a whole title.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.lexicon import lexicon, values
from knowledge.attribute_names import concept_of, concepts_in
from knowledge.folding import fold
from knowledge.phrases import stem, tokens
from knowledge.units import unit
from retrieval.rarity import rarity

TITLES_MOST = 30_000
"""Products up to which pairs are kept: about eight a title, a hundred bytes each."""
MEANT_MOST = 3
"""More products than this share a kind, not a name."""
_UNIT = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[㐀-鿿]")
_BETWEEN = re.compile(r"[\s\-_./'’]{0,2}")
_EVERYDAY = 0.8
"""A word under this rarity (retrieval/rarity.py) is no name."""

Pairs = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Run:
    """A chain of units in a message and the numbers of the products whose titles hold it."""

    start: int
    end: int
    numbers: frozenset[int]


def pairs_of(titles: Iterable[tuple[int, str]]) -> Pairs:
    """Neighbouring units of titles (product number, title) → product numbers."""
    found: dict[str, dict[int, None]] = {}
    for number, title in titles:
        for (first, _, _), (second, _, _) in _neighbours(_units(title)):
            found.setdefault(f"{first} {second}", {})[number] = None
    return {pair: tuple(numbers) for pair, numbers in found.items()}


def runs_in(text: str, pairs: Pairs) -> list[Run]:
    """The names in a message, longest first where they overlap; none that is only a kind, an amount, a colour or everyday words."""
    if not pairs:
        return []
    units = _units(text[:1000])
    described = _described(text[:1000])
    found: list[Run] = []
    at = 0
    while at < len(units) - 1:
        numbers: frozenset[int] | None = None
        last = at
        for first, second in itertools.pairwise(units[at:]):
            held = pairs.get(f"{first[0]} {second[0]}") if _near(text, first, second) else None
            both = frozenset(held or ()) if numbers is None else numbers & frozenset(held or ())
            if not both:
                break
            numbers, last = both, last + 1
        if numbers is None:
            at += 1
            continue
        if len(numbers) <= MEANT_MOST and _names(
            [u for u in units[at : last + 1] if not any(a <= u[1] and u[2] <= b for a, b in described)]
        ):
            found.append(Run(units[at][1], units[last][2], numbers))
        at = last if last > at else at + 1
    return found


def _described(text: str) -> list[tuple[int, int]]:
    """Where properties, colours and kinds of goods stand."""
    row = tokens(text)
    said = [(hit.start, hit.end) for table in (values().phrases, values().goods) for hit in table.find(row)]
    return said + [(start, end) for _, start, end in concepts_in(row)]


def _units(text: str) -> list[tuple[str, int, int]]:
    return [(stem(m.group()) if m.group().isalpha() and m.group().isascii() else m.group(), *m.span()) for m in _UNIT.finditer(fold(text))]


def _neighbours(units: Sequence[tuple[str, int, int]]) -> Iterable[tuple[tuple[str, int, int], tuple[str, int, int]]]:
    """Neighbours of which at least one is a word or a figure."""
    return ((a, b) for a, b in itertools.pairwise(units) if a[0].isascii() or b[0].isascii())


def _near(text: str, first: tuple[str, int, int], second: tuple[str, int, int]) -> bool:
    return _BETWEEN.fullmatch(text[first[2] : second[1]]) is not None


def _names(units: Sequence[tuple[str, int, int]]) -> bool:
    """Whether they name something, and are not only an amount ("20 l"), a colour, a kind of goods or what everybody says."""
    words = [word for word, _, _ in units if word.isascii() and word.isalpha()]
    numbered = len(words) < len(units)
    return any(not _kind(word) and (numbered or rarity(word) >= _EVERYDAY) for word in words)


def _kind(word: str) -> bool:
    if len(word) == 1:
        return unit(word) is not None
    return (
        unit(word) is not None
        or word in lexicon().plain["fillers"]
        or word in values().by_word
        or bool(values().goods.get(word))
        or concept_of(word) is not None
    )
