"""Whether a sentence of the merchant's tells what was asked: it names the property, or holds a value of its kind ("max. 4 persons", "wooden")."""

import re
from collections.abc import Sequence

from bot.answering.speaking import holds, sentences
from bot.understanding.lexicon import values
from knowledge.attribute_names import concept_of, concepts_in, names_of
from knowledge.catalog import Attribute
from knowledge.folding import fold
from knowledge.units import Dimension, quantities

_KINDS = {"material": "material", "fabric": "material", "composition": "material", "shell": "material", "colour": "colour", "size": "size"}
"""Concepts whose values the lexicon knows by heart."""
DIMENSIONS = {
    "weight": Dimension.MASS,
    "net_content": Dimension.MASS,
    "fill_weight": Dimension.MASS,
    "maximum_load": Dimension.MASS,
    "capacity": Dimension.VOLUME,
    "dimensions": Dimension.LENGTH,
    "length": Dimension.LENGTH,
    "width": Dimension.LENGTH,
    "height": Dimension.LENGTH,
    "depth": Dimension.LENGTH,
    "thickness": Dimension.LENGTH,
    "diameter": Dimension.LENGTH,
    "screen_size": Dimension.LENGTH,
    "cord_length": Dimension.LENGTH,
    "power": Dimension.POWER,
    "voltage": Dimension.VOLTAGE,
    "battery_life": Dimension.TIME,
    "charging_time": Dimension.TIME,
    "battery_capacity": Dimension.CHARGE,
    "storage": Dimension.DATA,
    "memory": Dimension.DATA,
}
"""Concepts that are an amount of one kind."""
_COUNTED = {
    "serves": re.compile(r"\d+\s*-?\s*(?:persons?|people|adults?|seats?|man\b)|(?:\d+|[一两二三四五六八十])\s*人"),
    "players": re.compile(r"\d+\s*players?|\d+\s*人"),
    "pieces": re.compile(r"\d+\s*(?:pieces?|pcs|pack)|(?:\d+|[一两二三四五六八十])\s*[件支只片个]装?"),
}
_NUMBERED = re.compile(r"\s*(?:^|(?<=[\s。；;]))\d{1,2}[.、．]\s*(?=\D)")


def tells(text: str, asked: Sequence[str], wanted: Sequence[str] = (), *, open_: bool = True) -> bool:
    """Whether the text tells of any property asked for. `wanted`: the value supposed in all its words; `open_`: an amount is asked for, so that
    its bare name is no answer."""
    folded = fold(text)
    if wanted and any(holds(folded, fold(word)) for word in wanted):
        return True
    said = {concept for concept, _, _ in concepts_in(text[:500], every_name=True)}
    for word in asked:
        concept = concept_of(word) or word
        if concept in _COUNTED:
            if _COUNTED[concept].search(folded):
                return True
            continue
        if concept in DIMENSIONS and open_:
            if any(q.dimension is DIMENSIONS[concept] for q in quantities(folded[:500])):
                return True
            continue
        if concept in _KINDS:
            if any(hit.value.kind == _KINDS[concept] for hit in values().phrases.find(text)):
                return True
            continue
        if concept in said or holds(folded, fold(word)):
            return True
    return False


_AMOUNT_ASKED = re.compile(
    r"\bhow (?:much|many|heavy|long|big|large|tall|wide|thick|far|high|deep)\b|\bwhat(?: is|'s)?\b|多少|几|多[重长大高宽厚久]"
)


def asks_amount(text: str) -> bool:
    """Whether it asks how much of something there is."""
    return bool(_AMOUNT_ASKED.search(fold(text)))


def names_one(text: str, asked: Sequence[str]) -> bool:
    """Whether the text names one of the properties asked for, whatever it says of it."""
    said = {concept for concept, _, _ in concepts_in(text[:500], every_name=True)}
    folded = fold(text)
    return any((concept_of(word) or word) in said or holds(folded, fold(word)) for word in asked)


def telling_part(text: str, asked: Sequence[str], wanted: Sequence[str] = (), *, open_: bool = True) -> str:
    """The sentences of a longer text that tell it; the text where none does by itself."""
    rows = [row for line in text.splitlines() for piece in _NUMBERED.split(line) if piece.strip() for row in sentences(piece.strip())]
    kept = [row for row in rows if tells(row, asked, wanted, open_=open_)]
    kept = [row for row in kept if names_one(row, asked)] or kept
    return " ".join(kept[:2]) if kept else text


def names_all(attribute: Attribute, asked: Sequence[str]) -> bool:
    """Whether an attribute's name holds every property asked for: 填充物重量 of "filling" and "weight"."""
    name = fold(attribute.name)
    return all(
        concept_of(attribute.name) == (concept := concept_of(word) or word)
        or any(len(n) > 1 and holds(name, fold(n)) for n in names_of(concept))
        for word in asked
    )
