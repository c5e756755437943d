"""Why a file cannot be read, as one sentence in each language that findings are worded in. The wording is refusals.toml."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TypeVar

from knowledge.errors import KnowledgeError, UnreadableFile
from knowledge.importing.problems import LANGUAGES

E = TypeVar("E", bound=KnowledgeError)


def refused(code: str, name: str, /, **details: object) -> UnreadableFile:
    """The refusal of the file `name`. A detail that begins with @ names a part of the wording ("@kind_faq")."""
    return worded(UnreadableFile, code, name, **details)


def worded(kind: type[E], code: str, name: str, /, **details: object) -> E:
    """An error of that kind whose message is the English sentence, with `code` and the sentence in every language."""
    sentences = {language: _sentence(code, language, {"name": name, **details}) for language in LANGUAGES}
    error = kind(sentences[LANGUAGES[0]])
    error.code, error.sentences = code, sentences
    return error


@lru_cache(maxsize=1)
def refusals() -> Mapping[str, Mapping[str, str]]:
    """Code to language to sentence; under "_parts" what stands inside them, by name."""
    return tomllib.loads(resources.files("knowledge.importing").joinpath("refusals.toml").read_text(encoding="utf-8"))


def _sentence(code: str, language: str, details: Mapping[str, object]) -> str:
    texts = refusals()
    parts = {name: said[language] for name, said in texts["_parts"].items()}  # type: ignore[index]
    filled = {
        name: parts[text[1:]] if (text := str(value)).startswith("@") and text[1:] in parts else text for name, value in details.items()
    }
    return texts[code][language].format_map({**parts, **filled})
