"""What things are called in Chinese and in English: two lists, and what of them a shop's own words are.

`bilingual_goods.txt` is ours, goods and their kinds first; `bilingual_names.tsv.gz` is made from the dictionary CC-CEDICT (see NOTICE.md).
"""

import gzip
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from knowledge.folding import fold
from knowledge.phrases import stem

_HAN = re.compile(r"[㐀-鿿]+")
_LONGEST = 6
"""Characters of the longest Chinese name that is looked for in a shop's words."""


@lru_cache(maxsize=1)
def own_names() -> dict[str, tuple[str, ...]]:
    """Chinese names of goods → English ones, the commonest first, from our list."""
    found: dict[str, dict[str, None]] = {}
    text = resources.files("bot.understanding.lexicon").joinpath("bilingual_goods.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if "=" not in line or line.startswith("#"):
            continue
        chinese, english = line.split("=")
        for name in chinese.split():
            found.setdefault(name, {}).update(dict.fromkeys(word.strip() for word in english.split("|")))
    return {name: tuple(words) for name, words in found.items()}


@lru_cache(maxsize=1)
def _dictionary() -> tuple[str, ...]:
    """Lines of the dictionary: "割草机\tlawn mower|mower"."""
    raw = resources.files("bot.understanding.lexicon").joinpath("bilingual_names.tsv.gz").read_bytes()
    return tuple(gzip.decompress(raw).decode("utf-8").splitlines())


def pairs() -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Every Chinese name with its English ones; True: from our own list. About 50,000, and 40 ms."""
    own = own_names()
    for name, words in own.items():
        yield name, words, True
    for line in _dictionary():
        name, _, words_ = line.partition("\t")
        if name not in own:
            yield name, tuple(words_.split("|")), False


@lru_cache(maxsize=4096)
def english_of(name: str) -> tuple[str, ...]:
    """The English names of a Chinese one, the commonest first; () where neither list holds it."""
    own = own_names().get(name)
    if own is not None:
        return own
    lines = _dictionary()
    at = bisect_left(lines, f"{name}\t")
    return tuple(lines[at].split("\t")[1].split("|")) if at < len(lines) and lines[at].startswith(f"{name}\t") else ()


def names_within(texts: Iterable[str]) -> dict[str, dict[str, bool]]:
    """English names → the Chinese names for them that stand in these texts; True: from our own list."""
    pieces: set[str] = set()
    for text in texts:
        for run in _HAN.findall(fold(text)):
            pieces.update(run[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(run) - size + 1))
    found: dict[str, dict[str, bool]] = {}
    for name, words, own in pairs():
        if name in pieces:
            for word in words:
                held = found.setdefault(word, {})
                held[name] = held.get(name, False) or own
    return found


@dataclass(frozen=True, slots=True)
class Glossed:
    """A word of a text and what it may be called in English: each name as its words without plural."""

    word: str
    glosses: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, ...]]:
    return {name: words for name, words, _ in pairs()}


@lru_cache(maxsize=4096)
def glossed(text: str) -> tuple[Glossed, ...]:
    """The words of the Chinese runs in a text, the longest known first at each place, unknown characters without English names."""
    names = _names()
    out: list[Glossed] = []
    for run in _HAN.findall(text):
        at = 0
        while at < len(run):
            word = next((run[at : at + n] for n in range(min(_LONGEST, len(run) - at), 1, -1) if run[at : at + n] in names), run[at])
            out.append(Glossed(word, tuple(tuple(stem(w) for w in re.findall(r"[a-z0-9]+", said.lower())) for said in names.get(word, ()))))
            at += len(word)
    return tuple(out)
