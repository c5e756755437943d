"""Properties that a thing looked for is to have, or not to have: "keeps warm", "without Bluetooth", 能放16英寸电脑的, "for a 3 year old"."""

import re
from collections.abc import Iterable

from bot.understanding.lexicon import lexicon, values
from bot.understanding.negation import denials, negated
from bot.understanding.words_read import WordsRead
from knowledge.attribute_names import concepts_in, names_of
from knowledge.phrases import Phrases, tokens
from knowledge.units import Dimension, Quantity, quantities
from knowledge.verdicts import GRADED, HAS, RATED, says_free
from retrieval.filters import AttributeCondition, Way

_TAKEN = {
    "laptop_size": {Dimension.LENGTH},
    "tablet_size": {Dimension.LENGTH},
    "maximum_load": {Dimension.MASS},
    "age": {Dimension.TIME},
}
"""Concepts of what a thing is for, with what they are measured in."""
_AGE_UNITS = {"yr", "mo"}
_AGED = re.compile(r"(?:岁|歲|\d\s?(?:yo|y/o))$")
_NEAR = 14
"""Characters between the words for a property and the amount that belongs to it."""


def wishes_in(
    reading: WordsRead, amounts: Iterable[Quantity], measured: Iterable[AttributeCondition], flags: Phrases[str]
) -> list[AttributeCondition]:
    """The wishes in a text, apart from those that `measured` holds already. Which of them count depends on the intent: a question about a
    product asks for the same properties. `flags`: the shop's own names of properties that it answers by yes or no."""
    known = {name for condition in measured for name in condition.names}
    goods = [(hit.start, hit.end) for hit in values().goods.find(reading.row)]  # 保温 of 保温杯
    out = []
    for concept, start, end in _concepts(reading):
        names = names_of(concept)
        if not reading.free(start, end) or set(names) & known:
            continue
        if any(a <= start and end <= b and (a, b) != (start, end) for a, b in goods):
            continue
        said = reading.text[start:end]
        absent = _unwanted(reading, start, end) != says_free(said)
        if concept in _TAKEN:
            amount = _amount(concept, start, end, amounts)
            if amount is not None:
                if concept == "age":
                    names = (*names, *names_of("size"))  # clothes "4-5 years"
                said = reading.text[min(start, amount.start) : max(end, amount.end)].strip()
                condition = AttributeCondition(names, (), absent, minimum=amount.low, unit=amount.unit, said=said, way=Way.TAKES)
                out.append(condition)
        elif concept in HAS or concept in GRADED:
            words = _words(names) + (RATED if concept == "waterproof" else ())
            out.append(AttributeCondition(names, words, absent, said=said, way=Way.HAS))
    for own in flags.find(reading.row):
        if reading.free(own.start, own.end):
            said = reading.text[own.start : own.end]
            absent = _unwanted(reading, own.start, own.end)
            out.append(AttributeCondition((own.value,), (own.value.casefold(),), absent, said=said, way=Way.HAS))
    return out


def _concepts(reading: WordsRead) -> list[tuple[str, int, int]]:
    """The properties named; those whose names mean other things elsewhere only right after "with", 带 and the like."""
    found = {concept: (start, end) for concept, start, end in concepts_in(reading.row)}
    for hit in lexicon().words["having"].find(reading.row):
        for concept, start, end in concepts_in(reading.row[hit.last : hit.last + 5], every_name=True):
            if start - hit.end <= 4:
                found.setdefault(concept, (start, end))
    for amount in quantities(reading.folded[:500]) if "age" not in found else ():
        if amount.unit == "yr" and _AGED.search(reading.folded[: amount.end]):
            found["age"] = (amount.start, amount.end)
    return [(concept, start, end) for concept, (start, end) in found.items()]


def _words(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that say enough by themselves to be looked for in a description."""
    return tuple(name for name in names if len(tokens(name)) > 1 or (len(name) > 4 and name.isascii()))


def _unwanted(reading: WordsRead, start: int, end: int) -> bool:
    at = [number for number, token in enumerate(reading.row) if token.start < end and start < token.end]
    if not at:
        return False
    if negated(reading.row, at[0], at[-1] + 1):
        return True
    window = reading.row[max(0, at[0] - 6) : at[-1] + 1]
    hits = denials("lacking", window)
    return any(hit.last >= len(window) - (at[-1] + 1 - at[0]) - 2 for hit in hits)


def _amount(concept: str, start: int, end: int, amounts: Iterable[Quantity]) -> Quantity | None:
    fitting = [q for q in amounts if q.dimension in _TAKEN[concept] and (concept != "age" or q.unit in _AGE_UNITS)]
    near = [q for q in fitting if q.start - end <= _NEAR and start - q.end <= _NEAR]
    return min(near, key=lambda q: max(q.start - end, start - q.end), default=None)
