"""Makes words.tsv.xz out of CC-CEDICT: `python -m knowledge.glosses.build cedict_ts.u8`."""

import lzma
import re
import sys
from pathlib import Path

from knowledge.phrases import stem

LONGEST = 5
"""Characters of a word that is kept."""
MOST = 6
"""Glosses of a word."""
WORDS_MOST = 3
"""Words of a gloss: longer ones explain, they do not name."""
_LINE = re.compile(r"(\S+) (\S+) \[([^\]]*)\] /(.*)/")
_OTHER = re.compile(r"to |cl:|variant|old variant|see |abbr|surname|erhua")
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "to",
        "in",
        "on",
        "with",
        "and",
        "or",
        "type",
        "kind",
        "used",
        "esp",
        "form",
        "by",
        "from",
        "at",
        "as",
        "one",
        "sb",
        "sth",
        "etc",
        "also",
        "called",
    ]
)


def rows_of(lines: list[str]) -> list[str]:
    """ "word TAB gloss/gloss": what nouns and adjectives are called, without proper names and verbs."""
    held: dict[str, dict[str, None]] = {}
    for line in lines:
        match = _LINE.match(line)
        if match is None or not re.fullmatch(rf"[一-鿿]{{1,{LONGEST}}}", match[2]) or match[3][:1].isupper():
            continue
        for raw in match[4].split("/"):
            gloss = re.sub(r"\([^)]*\)", " ", raw).strip().lower()
            if _OTHER.match(gloss) or re.search(r"[一-鿿\[]", gloss):
                continue
            for piece in re.split(r"[;,]| or ", gloss):
                words = [stem(word) for word in re.findall(r"[a-z0-9]+", piece) if word not in _SMALL]
                if 0 < len(words) <= WORDS_MOST and all(len(word) > 1 or word.isdigit() for word in words):
                    held.setdefault(match[2], {})[" ".join(words)] = None
    return [f"{word}\t{'/'.join(list(glosses)[:MOST])}" for word, glosses in sorted(held.items())]


if __name__ == "__main__":
    text = "\n".join(rows_of(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()))
    Path(__file__).with_name("words.tsv.xz").write_bytes(lzma.compress(text.encode(), preset=9))
