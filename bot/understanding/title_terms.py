"""The terms of titles and messages: how both are cut, so that one is found by the other."""

import re
from collections.abc import Iterator

from bot.understanding.lexicon import lexicon
from knowledge.folding import fold
from knowledge.phrases import stem
from knowledge.units import unit

WORD = re.compile(r"[a-z0-9]+(?:[.][0-9]+)?|[\u3400-\u9fff]+|[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff]+")
HAN = re.compile(r"[\u3400-\u9fff]")
DULL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "for",
        "and",
        "or",
        "with",
        "in",
        "on",
        "to",
        "by",
        "from",
        "set",
        "pack",
        "new",
        "mini",
        "pro",
        "plus",
        "max",
        "de",
        "la",
        "el",
        "und",
        "mit",
        "für",
        "size",
        "no",
        "men",
        "women",
        "the",
    ]
) | frozenset(["的", "和", "款", "套装", "新款", "用", "式", "型"])


def terms(text: str) -> Iterator[tuple[str, int, int]]:
    """The terms of a title or message with their places: Latin words without plural, numbers, pairs of Chinese characters."""
    folded = fold(text)
    for match in WORD.finditer(folded):
        word = match.group()
        if HAN.match(word):
            if len(word) == 1:
                yield word, match.start(), match.end()
            for at in range(len(word) - 1):
                yield word[at : at + 2], match.start() + at, match.start() + at + 2
        else:
            yield stem(word), match.start(), match.end()
            following = folded[match.end() : match.end() + 1]
            if len(word) <= 2 and word.isalpha() and HAN.match(following):
                yield word + following, match.start(), match.end() + 1  # a醇, t恤


def plain_title(title: str) -> str:
    """Its words in one form, for titles said whole."""
    return " ".join(match.group() for match in WORD.finditer(fold(title)))


def heads(title: str) -> Iterator[str]:
    """The last words of a title, without sizes and what stands in brackets or after a comma."""
    plain = re.split(r"[,，(（\[|]| - | (?:with|for|from|in) ", fold(title))[0]
    latin = [stem(word) for word in re.findall(r"(?<![a-z0-9.'’])[a-z]{3,}(?![a-z0-9])", plain) if unit(word) is None and word not in DULL]
    if latin:
        yield latin[-1]
    han = re.findall(r"[\u3400-\u9fff]{2,}", re.sub(r"\d[\d.]*\s*[\u3400-\u9fff]{1,2}", " ", plain))
    if han:
        yield han[-1][-2:]
        yield han[-1][-1]


def shortened(word: str) -> set[str]:
    """The word, and the word with each of its letters left out."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def common_word(word: str) -> bool:
    """A word that says nothing about which product is meant."""
    return word in lexicon().plain["fillers"] or word in DULL
