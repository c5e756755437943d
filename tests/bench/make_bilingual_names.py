"""Makes bot/understanding/lexicon/bilingual_names.tsv.gz, Chinese words for things and their English, from CC-CEDICT.

    python tests/bench/make_bilingual_names.py cedict_1_0_ts_utf-8_mdbg.txt.gz

The dictionary: https://www.mdbg.net/chinese/dictionary?page=cc-cedict (CC BY-SA 4.0). What names no thing and describes none is left out: verbs,
proper names, particles, long explanations.
"""

import gzip
import re
import sys
from pathlib import Path

import rjieba

OUT = Path(__file__).parents[2] / "bot" / "understanding" / "lexicon" / "bilingual_names.tsv.gz"
_LINE = re.compile(r"\S+ (\S+) \[([^\]]*)\] /(.*)/")
_HAN = re.compile(r"^[一-鿿]{2,6}$")
_MARKED = re.compile(r"\((?:fig|old|dialect|literary|slang|vulgar|archaic|derog|loanword for|idiom|Tw|Taiwan)[^)]*\)", re.I)
_LEFT_OUT = re.compile(
    r"^(?:to |CL:|see |see also|also |variant |old variant|abbr|surname|classifier|used |same as|erhua|Japanese|Kangxi|place |name of|one of|etc)"
    r"|\b(?:sb|sth|idiom|lit|County|Province|city|district|dynasty|pr)\b"
)
_GLOSS = re.compile(r"^[a-z][a-z' -]{1,28}$")
_WORDS_MOST, _GLOSSES_MOST = 3, 4
_KINDS = ("n", "a", "b", "v", "z", "i", "l", "j", "x")
"""Parts of speech of the segmenter that may name or describe a thing; "v" since its table calls many nouns so."""


def glosses(meaning: str) -> list[str]:
    """The English names in an entry, plain."""
    found: dict[str, None] = {}
    for sense in re.split(r"[/;]", meaning):
        if _MARKED.search(sense) or "[" in sense:
            continue
        plain = re.sub(r"\([^)]*\)", " ", sense).strip()
        for piece in re.split(r",\s*|\s+or\s+", plain):
            bare = re.sub(r"^(?:a|an|the) ", "", " ".join(piece.split()))
            if not _LEFT_OUT.search(bare) and _GLOSS.match(bare) and len(bare.split()) <= _WORDS_MOST:
                found[bare] = None
    return list(found)[:_GLOSSES_MOST]


def main() -> None:
    """Reads the dictionary named on the command line."""
    rows: dict[str, dict[str, None]] = {}
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as file:
        for line in file:
            entry = _LINE.match(line)
            if entry is None or not _HAN.match(entry[1]) or entry[2][:1].isupper():
                continue
            if rjieba.tag(entry[1])[-1][1][:1] not in _KINDS:
                continue
            rows.setdefault(entry[1], {}).update(dict.fromkeys(glosses(entry[3])))
    text = "".join(f"{word}\t{'|'.join(list(found)[:_GLOSSES_MOST])}\n" for word, found in sorted(rows.items()) if found)
    OUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(len(text), OUT.stat().st_size, text.count("\n"))


if __name__ == "__main__":
    main()
