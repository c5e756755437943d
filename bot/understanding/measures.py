"""Conditions with numbers and units: "at least 20 L", "under 2 lbs"."""

import re
from dataclasses import replace

from bot.understanding.words_read import WordsRead
from knowledge.attribute_names import concepts_in, names_of
from knowledge.units import Dimension, Quantity, quantities, to_base
from retrieval.filters import AttributeCondition

_NAMES_OF_DIMENSION = {
    Dimension.MASS: "weight",
    Dimension.VOLUME: "capacity",
    Dimension.LENGTH: "dimensions",
    Dimension.POWER: "power",
    Dimension.CHARGE: "battery_capacity",
    Dimension.DATA: "storage",
    Dimension.LOUDNESS: "noise",
    Dimension.LUMINOUS_FLUX: "brightness",
    Dimension.VOLTAGE: "voltage",
    Dimension.TEMPERATURE: "temperature_range",
    Dimension.COLOUR_TEMPERATURE: "colour_temperature",
    Dimension.TIME: "battery_life",
    Dimension.AREAL_WEIGHT: "fabric_weight",
    Dimension.PIXELS: "camera",
    Dimension.FREQUENCY: "frequency",
    Dimension.WATER_PROTECTION: "waterproof",
    Dimension.UV_PROTECTION: "uv_protection",
    Dimension.PRESSURE: "suction",
    Dimension.ENERGY: "battery_capacity",
}

_AT_LEAST = re.compile(
    r"(?:at least|no less than|not less than|minimum(?: of)?|min\.?|more than|over|above|from|exceeding|larger than|bigger than|heavier than|longer than"
    r"|greater than|upwards of|不低于|不少于|至少|最少|大于|超过|高于|多于|不小于|起码|>=?|≥)\s*(?:of\s+)?$"
)
_AT_MOST = re.compile(
    r"(?:at most|no more than|not more than|maximum(?: of)?|max\.?|less than|under|below|up to|within|lighter than|smaller than|shorter than|fewer than|not over"
    r"|not exceeding|不超过|不高于|不大于|不多于|至多|最多|小于|少于|低于|不到|不能超过|别超过|轻于|<=?|≤)\s*(?:of\s+)?$"
)
_OR_MORE = re.compile(r"^\s*(?:or more|or larger|or bigger|or above|or longer|and up|and above|plus\b|\+|minimum|以上|及以上|或以上|起)")
_OR_LESS = re.compile(
    r"^\s*(?:or less|or under|or lighter|or smaller|or below|max(?:imum)?\b|tops|以下|以内|之内|及以下|或以下|内(?!胆|存|衬))"
)
_ABOUT_BEFORE = re.compile(r"(?:around|about|roughly|approximately|approx\.?|circa|~|大概|大约|约|差不多)\s*$")
_ABOUT_AFTER = re.compile(r"^\s*(?:左右|上下|ish\b|or so\b)")


def amounts_spans(amounts: list[Quantity]) -> list[tuple[int, int]]:
    """Where amounts with a physical unit stand: no prices there."""
    return [(q.start, q.end) for q in amounts]


def measures_in(reading: WordsRead) -> list[Quantity]:
    """The amounts with a physical unit; "$100 in stock" has none."""
    folded = reading.folded[:2000]
    found = [q for q in quantities(folded) if q.dimension not in (Dimension.NUMBER, Dimension.SHARE)]
    return [q for q in found if not _PRICED.search(folded[: q.start]) and not (q.unit == "in" and _IN.search(folded[q.start :]))]


_PRICED = re.compile(r"[$€£¥]\s?$")
_IN = re.compile(
    r"^[\d.,]+ in (?!(?:wide|long|tall|high|deep|thick|screens?|displays?|laptops?|notebooks?|tvs?|monitors?|tablets?|or|and|by|x)\b)[a-z]"
)
"""The little word "in" after a figure."""


_DRINKS = re.compile(
    r"\b(?:bottle|mug|cup|flask|tumbler|thermos|jug|kettle|glass(?:es)?|pitcher|carafe|blender|holds?|capacity|bigger|larger|smaller|drinks?)\b|杯|壶|瓶|容量"
)


def _fluid(amount: Quantity, folded: str) -> Quantity:
    """Ounces of what holds liquids are fluid ounces."""
    if amount.unit != "oz" or not _DRINKS.search(folded):
        return amount
    one = to_base(1.0, "fl oz")
    assert one is not None
    return replace(amount, unit="fl oz", dimension=one[1], base_low=amount.low * one[0], base_high=amount.high * one[0])


def measured(reading: WordsRead, amounts: list[Quantity]) -> list[AttributeCondition]:
    """Conditions with numbers and units: "at least 20 L". An amount without "at least" or the like is no condition, only a word."""
    out: list[AttributeCondition] = []
    asked = [(c, a, b) for c, a, b in concepts_in(reading.row)]
    for measured_ in amounts:
        q = _fluid(measured_, reading.folded)
        if q.dimension is Dimension.TIME and q.unit in {"d", "wk", "yr", "mo"}:
            continue  # delivery times and ages
        before, after = reading.folded[max(0, q.start - 24) : q.start], reading.folded[q.end : q.end + 16]
        minimum = maximum = None
        least, most = _AT_LEAST.search(before), _AT_MOST.search(before)
        more, less = _OR_MORE.match(after), _OR_LESS.match(after)
        about = _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(after)
        if least and most:
            # "不低于" holds "低于", "no more than" holds "more than": the longer one was said.
            least, most = (least, None) if least.start() < most.start() else (None, most)
        if most or less:
            maximum = q.high
        elif least or more:
            minimum = q.low
        elif about and q.dimension not in (Dimension.TIME, Dimension.LENGTH):
            minimum, maximum = q.low * 0.8, q.high * 1.2
        elif q.high > q.low:
            minimum, maximum = q.low, q.high
        else:
            continue
        start = q.start - (len(before) - (most or least).start()) if (most or least) else q.start  # type: ignore[union-attr]
        end = q.end + (less or more).end() if (less or more) else q.end  # type: ignore[union-attr]
        nearest = min(asked, key=lambda c: min(abs(c[1] - q.end), abs(c[2] - q.start)), default=None)
        concept = nearest[0] if nearest and _measures(nearest[0], q.dimension) else _NAMES_OF_DIMENSION.get(q.dimension, "")
        if not concept:
            continue
        said = reading.text[start:end].strip()
        out.append(AttributeCondition(names_of(concept), (), False, minimum, maximum, q.unit, said))
        reading.take(start, end)
    return out


_LENGTHS = {"length", "width", "height", "depth", "thickness", "diameter", "screen_size", "cord_length", "seat_height", "folded_height", "packed_size",
            "blade_length", "laptop_size", "dimensions", "heel_height", "size", "waterproof"}  # fmt: skip
_TIMES = {
    "battery_life",
    "charging_time",
    "boil_time",
    "brewing_time",
    "insulation",
    "keeps_cold",
    "burning_time",
    "playing_time",
    "timer",
    "keep_warm",
}
_MASSES = {"weight", "maximum_load", "net_content", "fill_weight"}


def _measures(concept: str, dimension: Dimension) -> bool:
    if dimension is Dimension.LENGTH:
        return concept in _LENGTHS
    if dimension is Dimension.TIME:
        return concept in _TIMES
    if dimension is Dimension.MASS:
        return concept in _MASSES
    if dimension is Dimension.DATA:
        return concept in {"memory", "storage"}
    if dimension is Dimension.VOLUME:
        return concept in {"capacity", "net_content"}
    return _NAMES_OF_DIMENSION.get(dimension) == concept
