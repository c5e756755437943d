"""Text as the merchant wrote it, by language."""

from collections.abc import Mapping

LocalText = dict[str, str]
"""Language tag (BCP 47: "zh", "en", ...) to text. "und": the merchant did not say and it could not be told."""


def pick(text: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in a language of the same family, else English, else any; "" if there is none."""
    if not text:
        return ""
    base = language.split("-", maxsplit=1)[0]
    for tag in (language, base):
        if text.get(tag):
            return text[tag]
    for tag, value in text.items():
        if value and tag.split("-", maxsplit=1)[0] == base:
            return value
    for tag in ("und", "en"):
        if text.get(tag):
            return text[tag]
    return next((value for value in text.values() if value), "")
