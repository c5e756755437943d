"""What the consoles say, in the language of the one who reads: texts/<language>.toml and, for large parts, texts/<part>/<language>.toml, all with the
same keys."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from fastapi import Request

FOLDER = Path(__file__).parent / "texts"
FALLBACK = "en"
LANGUAGE_COOKIE = "zhanggui-language"


class Words:
    """The texts of one language; call it with a key ("queue.waiting") and the values of its placeholders."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, /, **values: object) -> str:
        """Raises KeyError for a key that is not there: a mistake in the program."""
        return self._texts[key].format(**values)

    def __contains__(self, key: object) -> bool:
        """Whether there is a text of that key."""
        return key in self._texts

    def named(self, group: str, key: str) -> str:
        """The name of a value in words (status, reason, language), else the value itself."""
        base = key.split("-", maxsplit=1)[0]
        return self._texts.get(f"{group}.{key.lower()}") or self._texts.get(f"{group}.{base.lower()}") or key

    def error(self, code: object, sentence: str, **details: object) -> str:
        """A refusal in this language, where there is a text for its code."""
        text = self._texts.get(f"error.{code}")
        try:
            return text.format(**details) if text else sentence
        except KeyError:
            return sentence


def load_words(folder: Path = FOLDER) -> dict[str, Words]:
    """By language."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(folder.rglob("*.toml")):
        texts.setdefault(path.stem, {}).update(_flat(path))
    return {language: Words(language, found) for language, found in texts.items()}


def language_of(request: Request, languages: Mapping[str, Words]) -> str:
    """?lang, else the cookie that remembers it, else the first of Accept-Language that we speak, else English."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in languages:
            return str(chosen)
    for _, tag in _preferences(request.headers.get("accept-language", "")):
        if tag in languages:
            return tag
    return FALLBACK


def _preferences(header: str) -> list[tuple[float, str]]:
    found = []
    for part in header.split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        try:
            found.append((-float(quality or 1), tag.split("-", maxsplit=1)[0].lower()))
        except ValueError:
            continue
    return sorted(found, key=lambda item: item[0])


def _flat(path: Path) -> dict[str, str]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{table}.{key}": text for table, texts in data.items() for key, text in texts.items()}
