"""Loads the word lists: what customers say, in every language that has a file here, as one table each."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from knowledge.phrases import Phrases

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All languages together, since customers mix them."""

    intents: dict[str, Phrases[str]]
    topics: Phrases[str]
    words: dict[str, Phrases[str]]
    superlatives: Phrases[str]
    human: dict[str, Phrases[str]]
    plain: dict[str, frozenset[str]]
    """The same word lists as plain folded words, for tests of a whole word."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an option or attribute. `id`: its first English word; `words`: all spellings, en and zh, with those of what is a kind of it
    ("oak" of "wood")."""

    kind: str
    id: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """Colours, materials, sizes, for whom."""

    phrases: Phrases[Value]
    by_word: dict[str, Value]
    people: Phrases[str]
    compounds: Phrases[str]
    """Words in which a colour or material is a part of the name: "green tea"."""
    goods: Phrases[tuple[str, ...]]
    """A word for a kind of goods → all words for it, without itself."""
    person_gender: Phrases[tuple[str, ...]]
    """A person → "men", "women", "kids", where the word tells."""


def _read(name: str) -> dict[str, dict[str, list[str]]]:
    text = resources.files("bot.understanding.lexicon").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    files = [_read(language) for language in LANGUAGES]

    def tables(section: str) -> dict[str, Phrases[str]]:
        keys = dict.fromkeys(key for file in files for key in file[section])
        return {key: Phrases((word, word) for file in files for word in file[section].get(key, [])) for key in keys}

    def labelled(section: str) -> Phrases[str]:
        return Phrases((word, key) for file in files for key, words in file[section].items() for word in words)

    plain = {
        key: frozenset(word for file in files for word in file["words"].get(key, []))
        for key in dict.fromkeys(key for file in files for key in file["words"])
    }
    return Lexicon(
        intents=tables("intents"),
        topics=labelled("topics"),
        words=tables("words"),
        superlatives=labelled("superlatives"),
        human=tables("human"),
        plain=plain,
    )


@lru_cache(maxsize=8)
def lexicon_rows(section: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a section of the values, each with all words for one thing."""
    return tuple(tuple(row) for row in _read("values")[section]["rows"])


@lru_cache(maxsize=1)
def values() -> Values:
    """The values, read once."""
    file = _read("values")
    rows: list[tuple[str, Value]] = []
    by_word: dict[str, Value] = {}
    for kind in ("colour", "material", "size", "gender"):
        own = {words[0]: words for words in file[kind]["rows"]}
        for words in file[kind]["rows"]:
            narrower = [word for id in file["narrower"].get(words[0], []) for word in own.get(id, [])]
            value = Value(kind, words[0], (*words, *narrower))
            for word in words:
                by_word.setdefault(word, value)
                rows.append((word, value))
    people = Phrases((word, word) for words in file["people"].values() for word in words)
    compounds = Phrases((word, word) for row in file["compound"]["rows"] for word in row)
    told: dict[str, dict[str, None]] = {}
    for gender, persons in file["person_gender"].items():
        for word in persons:
            told.setdefault(word, {})[gender] = None
    gendered = Phrases((word, tuple(genders)) for word, genders in told.items())
    kinds: dict[str, dict[str, None]] = {}
    for row in file["goods"]["rows"]:
        for word in row:
            kinds.setdefault(word, {}).update(dict.fromkeys(other for other in row if other != word))
    goods = Phrases((word, tuple(others)) for word, others in kinds.items())
    return Values(Phrases(rows), by_word, people, compounds, goods, gendered)
