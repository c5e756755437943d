"""What Chinese words are called in English: 70,000 words of CC-CEDICT with their short glosses (words.tsv.xz, see NOTICE.md).

It is read at the first question that needs it, in about 0.1 s.
"""

import lzma
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_HAN = re.compile(r"[一-鿿]+")
LONGEST = 5


@dataclass(frozen=True, slots=True)
class Glossed:
    """A word of a text and what it may be called in English: each gloss as its words without plural."""

    word: str
    glosses: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    text = lzma.decompress(resources.files("knowledge.glosses").joinpath("words.tsv.xz").read_bytes()).decode()
    return dict(line.split("\t", maxsplit=1) for line in text.split("\n"))


@lru_cache(maxsize=4096)
def glossed(text: str) -> tuple[Glossed, ...]:
    """The words of the Chinese runs in a text, the longest known first at each place, unknown characters without glosses."""
    table = _table()
    out: list[Glossed] = []
    for run in _HAN.findall(text):
        at = 0
        while at < len(run):
            word = next((run[at : at + n] for n in range(min(LONGEST, len(run) - at), 1, -1) if run[at : at + n] in table), run[at])
            raw = table.get(word, "")
            out.append(Glossed(word, tuple(tuple(gloss.split(" ")) for gloss in raw.split("/") if gloss)))
            at += len(word)
    return tuple(out)
