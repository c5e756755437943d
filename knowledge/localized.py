"""Text as the merchant wrote it, by language."""

from collections.abc import Mapping

TRADITIONAL = "zh-Hant"
"""The tag of Chinese in Traditional characters, whatever place it is said for."""
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})

LocalText = dict[str, str]
"""Language tag (BCP 47: "zh", "en", ...) to text. "und": the merchant did not say and it could not be told."""


def canonical(tag: str) -> str:
    """A language tag in the form that we keep: "zh_TW", "zh-HK", "zh-Hant-TW" and "yue" are "zh-Hant"; other Chinese and everything else stays, with
    "-" for "_". Of a tag that says both, the script decides ("zh-Hans-HK" is no Traditional)."""
    tag = tag.strip().replace("_", "-")
    base, *rest = tag.lower().split("-")
    if base == "yue" or (base == "zh" and "hans" not in rest and _TRADITIONAL.intersection(rest)):
        return TRADITIONAL
    return tag


def pick(text: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in a language of the same family, else English, else any; "" if there is none."""
    if not text:
        return ""
    base = language.split("-", maxsplit=1)[0]
    if text.get(language):
        return text[language]
    wanted = canonical(language)
    for tag, value in text.items():
        if value and canonical(tag) == wanted:
            return value
    if text.get(base):
        return text[base]
    for tag, value in text.items():
        if value and tag.split("-", maxsplit=1)[0] == base:
            return value
    for tag in ("und", "en"):
        if text.get(tag):
            return text[tag]
    return next((value for value in text.values() if value), "")
