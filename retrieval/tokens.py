"""Text to the terms that the lexical leg counts, the same for a shop's passages and a customer's words.

Chinese gives its words and every pair of neighbouring characters, so that a word cut differently on the two sides still
meets; other letters give words in lower case with light English stemming; a model number or SKU stays whole, and is also
given without its hyphens. Width, case, accents and Traditional characters are folded away first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import rjieba

from knowledge.folding import fold

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f\u3005\u3007"
_PAIRED = r"\u3040-\u30ff\uac00-\ud7a3\u1100-\u11ff\u0e00-\u0e7f"
"""Kana, Hangul and Thai: written without spaces, or with endings that change; pairs of characters serve for all."""

_RUNS = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<paired>[{_PAIRED}]+)"
    rf"|(?P<number>\d+(?:[.,]\d+)*(?![^\W_{_HAN}{_PAIRED}]|[-/+.]\d|-[^\W\d_{_HAN}{_PAIRED}]))"
    rf"|(?P<word>[^\W_{_HAN}{_PAIRED}]+(?:[-_./+'’&][^\W_{_HAN}{_PAIRED}]+)*[+#]*)"
)
_INNER = re.compile(r"[-_./+'’&#]+")
_WITH_UNIT = re.compile(r"(\d+(?:\.\d+)?)([a-z]{1,5})")
_CODE_JOINTS = re.compile(r"[-_./+#]")
_SPACED_CODE = re.compile(r"(?<![^\W_])([a-z]{1,5}) [-_]?(\d[0-9a-z]{1,11})(?![^\W_])")
_MONEY_COMMA = re.compile(r",(?=\d{3}(?!\d))")


def tokens(text: str) -> list[str]:
    """The terms of `text` in order, repeated as often as they occur. Any text is accepted; one without words gives []."""
    return list(_terms(text, pairs=True))


def words(text: str) -> list[str]:
    """The same without pairs of Chinese characters: what a person would call the words, model numbers included."""
    return list(_terms(text, pairs=False))


def codes(text: str) -> set[str]:
    """Model numbers and SKUs in `text`, in lower case without hyphens: "KT-17E" -> "kt17e".

    A code mixes letters and digits, or is a run of at least five digits. A number with a unit ("500ml") isn't one.
    """
    found = set()
    for run in _RUNS.finditer(_folded(text)):
        word = run.group()
        if (run.lastgroup == "word" and _is_code(word)) or (run.lastgroup == "number" and word.isdigit() and len(word) > 4):
            found.add(compact(word))
    return found


def spaced_codes(text: str) -> set[str]:
    """What could be a code written with a space: "kt 17e" -> "kt17e", but "size 10" -> "size10" too.

    Only good for looking up among the codes that a shop has.
    """
    return {letters + rest for letters, rest in _SPACED_CODE.findall(_folded(text))}


def compact(code: str) -> str:
    """A code in the form that `codes` gives."""
    return _CODE_JOINTS.sub("", _folded(code)).replace(" ", "")


def stem(word: str) -> str:
    """An English word without plural, -ing, -ed and final -e: "shipping", "ships", "shipped" -> "ship".

    Steps 1a to 1c of Porter (1980), with a final -e dropped everywhere instead of restored; words of up to three letters and
    words with digits stay as they are.
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("ies"):
        word = word[:-3] + "i" if len(word) > 4 else word[:-1]
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) > 2 and any(vowel in root for vowel in "aeiouy"):
            word = root
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y") and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    return word


def _terms(text: str, *, pairs: bool) -> Iterator[str]:
    for run in _RUNS.finditer(_folded(text)):
        found = run.group()
        match run.lastgroup:
            case "han":
                yield from _chinese(found, pairs=pairs)
            case "paired":
                yield from _pairs(found) if len(found) > 1 else (found,)
            case "number":
                yield _MONEY_COMMA.sub("", found)
            case _:
                yield from _letters(found)


def _folded(text: str) -> str:
    return fold(unicodedata.normalize("NFKC", text))


def _chinese(run: str, *, pairs: bool) -> Iterator[str]:
    cut = rjieba.cut(run)
    yield from cut
    if pairs:
        # A pair that is a word here was given already.
        taken = set()
        at = 0
        for word in cut:
            if len(word) == 2:
                taken.add(at)
            at += len(word)
        yield from (pair for at, pair in enumerate(_pairs(run)) if at not in taken)


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


@lru_cache(maxsize=16_384)
def _letters(run: str) -> tuple[str, ...]:
    """Remembered, since a shop's texts repeat their words: building a large view takes half the time."""
    return tuple(_letter_terms(run))


def _letter_terms(run: str) -> Iterator[str]:
    run = run.removesuffix("'s").removesuffix("’s")
    with_unit = _WITH_UNIT.fullmatch(run)
    if with_unit:
        yield run
        yield from with_unit.groups()
    elif _is_code(run):
        yield run
        bare = compact(run)
        if bare != run and not bare.isdigit():
            yield bare
    else:
        parts = [part for part in _INNER.split(run) if part]
        if len(parts) > 1 or parts[0] != run:
            # "t-shirt", "wi-fi", "c++": whole and without joints, for those who write them so.
            yield run
            yield from (stem(part) for part in parts)
            joined = "".join(parts)
            if joined != parts[0] and not joined.isdigit():
                yield stem(joined)
        else:
            yield stem(run)


def _is_code(run: str) -> bool:
    if not any(c.isdigit() for c in run) or _WITH_UNIT.fullmatch(run):
        return False
    return any(c.isalpha() for c in run) or sum(c.isdigit() for c in run) > 4
