"""What a property of goods is called: one concept for "weight", "Item weight", "重量", 毛重 and "how heavy is it".

Catalogs name the same thing differently, customers often do not name it at all, and question and catalog may be in two languages. The
table is attribute_names.toml; adding a name there is enough.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from knowledge.folding import fold
from knowledge.phrases import Phrases, Token, tokens

_BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")
_NEVER = frozenset(
    [
        "long",
        "use",
        "make",
        "look",
        "cut",
        "feel",
        "type",
        "year",
        "card",
        "label",
        "count",
        "style",
        "fit",
        "fits",
        "contents",
        "thick",
        "pack",
        "amp",
        "大小",
        "规格",
    ]
)
"""Names too common to be looked for even in a question about one product."""
_HAN = re.compile(r"[㐀-鿿]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_AFFIX = re.compile(
    r"^(?:the|item|product|total|overall|max|maximum|approx|approximate|产品|商品|总|本品|主要)\s*(?=\S{2})"
    r"|\s*(?:description|info|information|说明|信息|参数)$"
)


@dataclass(frozen=True, slots=True)
class Concept:
    """One property. `names`: as in catalogs, en and zh; `asks`: ways to ask without the name; `near`: concepts that may answer instead."""

    id: str
    names: tuple[str, ...]
    asks: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Tables:
    concepts: dict[str, Concept]
    by_name: dict[str, str]
    spoken: Phrases[str]
    all_names: Phrases[str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    raw = tomllib.loads(resources.files("knowledge").joinpath("attribute_names.toml").read_text(encoding="utf-8"))
    quiet = {_key(name) for names in raw.pop("_quiet").values() for name in names}
    concepts: dict[str, Concept] = {}
    by_name: dict[str, str] = {}
    spoken: list[tuple[str, str]] = []
    unspoken: set[str] = set()
    for concept, row in raw.items():
        names = tuple(dict.fromkeys((*row.get("en", ()), *row.get("zh", ()))))
        concepts[concept] = Concept(concept, names, tuple(row.get("ask", ())), tuple(row.get("near", ())))
        for name in names:
            by_name.setdefault(_key(name), concept)
        by_name.setdefault(_key(concept), concept)
        spoken.extend((ask, concept) for ask in row.get("ask", ()))
        if row.get("spoken") is False:
            unspoken.add(concept)
    for concept, row in concepts.items():
        for name in row.names:
            if len(name) > 1 and _key(name) not in quiet and concept not in unspoken and by_name[_key(name)] == concept:
                spoken.append((name, concept))
    every = [
        (name, concept)
        for concept, row in concepts.items()
        for name in row.names
        if len(name) > 1 and by_name[_key(name)] == concept and name not in _NEVER and concept not in unspoken
    ]
    return _Tables(concepts, by_name, Phrases(spoken), Phrases([*spoken, *every]))


def _key(name: str) -> str:
    return " ".join(token.word for token in tokens(name))


@lru_cache(maxsize=8192)
def concept_of(name: str) -> str | None:
    """The concept that an attribute's name means; None for a name that is not known. Case, script, plural, brackets ("Weight (kg)"),
    underscores and camelCase do not matter, and a name may stand there in two languages ("Weight / 重量")."""
    table = _tables().by_name
    plain = _BRACKETS.sub(" ", _CAMEL.sub(" ", name)).strip(" :：*-") or name
    key = _key(plain)
    if key in table:
        return table[key]
    shorter = _AFFIX.sub("", fold(plain).replace("_", " ").strip()).strip()
    for _ in range(2):
        key = _key(shorter)
        if key in table:
            return table[key]
        shorter = _AFFIX.sub("", shorter).strip()
    return next((concept for half in _in_two_languages(plain) if (concept := concept_of(half)) is not None), None)


def _in_two_languages(name: str) -> tuple[str, ...]:
    """Both names of one that stands in two languages: "Colour / 颜色", "尺码 Size"; () for one in a single script."""
    halves = (_HAN.sub(" ", name), " ".join(_HAN.findall(name)))
    return halves if all(re.search(r"[^\W\d_]", half) for half in halves) else ()


def names_of(concept: str) -> tuple[str, ...]:
    """Every name of a concept, en and zh; () for an unknown one."""
    found = _tables().concepts.get(concept)
    return found.names if found else ()


def near(concept: str) -> tuple[str, ...]:
    """Concepts that may hold the answer where the catalog states nothing under `concept`, nearest first."""
    found = _tables().concepts.get(concept)
    return found.near if found else ()


def concepts() -> tuple[str, ...]:
    """Every concept there is."""
    return tuple(_tables().concepts)


def concepts_in(text: str | list[Token], *, every_name: bool = False) -> list[tuple[str, int, int]]:
    """The concepts asked for or named in a text, left to right, with the characters [start, end) that say so; a concept once.

    Names that mean other things in running text ("lock", "organic") count only with `every_name`: for texts known to be about one product.
    """
    out: dict[str, tuple[str, int, int]] = {}
    tables = _tables()
    for found in (tables.all_names if every_name else tables.spoken).find(text):
        out.setdefault(found.value, (found.value, found.start, found.end))
    return list(out.values())


def same(a: str, b: str) -> bool:
    """Whether two attribute names mean the same property; unknown names only when they are spelt alike."""
    one, other = concept_of(a), concept_of(b)
    if one is None or other is None:
        return _key(a) == _key(b)
    return one == other
