"""Sizes and measures of a body in a message: "US men's 9", 42码, "my foot is 26.5 cm", 身高170体重65."""

import re
from dataclasses import dataclass

from knowledge.folding import fold
from knowledge.size_charts import MEASURES, SYSTEMS, key_of
from knowledge.units import Dimension, quantities

_SYSTEM = "|".join(f"(?P<{key}{{0}}>{pattern})" for key, pattern in SYSTEMS.items())
_WHO = r"(?:(?:wo)?men'?s?|ladies|male|female|w|m|男[士款]?|女[士款]?)"
_FIGURE = r"(?P<size>\d{1,3}(?:[.,]5)?)(?![\d%]|[.,]\d)"
_BEFORE = re.compile(rf"(?:{_SYSTEM.format('1')})\s*(?:{_WHO}\s*)?(?:size|shoe size|码|号)?\s*(?:{_WHO}\s*)?(?:size\s*)?{_FIGURE}")
_AFTER = re.compile(rf"(?<![\d.]){_FIGURE}\s*(?:码|号)?\s*(?:in\s)?(?:{_SYSTEM.format('2')})")
_BARE = re.compile(
    r"\bsize\s?(?P<size>(?:3\d|4\d|50|1[5-9]|2\d)(?:[.,]5)?)(?![\d.])|(?<![\d.])(?P<zh>(?:3\d|4\d|50|1[5-9]|2[0-9]{1,2})(?:\.5)?)\s?[码号]"
)
_SHOE = re.compile(
    r"\bshoes?\b|\bsneakers?\b|\btrainers?\b|\bboots?\b|\bsandals?\b|\bloafers?\b|\bheels\b|\bslippers?\b|\bfoot\b|\bfeet\b|鞋|靴|脚"
)
_CONTEXT = re.compile(r"\bsizes?\b|\bmen'?s?\b|\bwomen'?s?\b|\bwear\b|\bequal|\bconvert|码|号|穿|男|女")
_EARLIEST, _LATEST = 26, 14
"""Characters before and after an amount in which the measure's name is looked for."""
_METRES = re.compile(r"(?<![\d.十])(?P<m>[1一])\s?[米m]\s?(?P<cm>[\d一二三四五六七八九]{1,2})(?![\d.])")
_FEET = re.compile(r"(?<![\d.])(?P<ft>[4-7])\s?(?:['’′]|ft\.?|feet|foot)\s?(?P<in>\d{1,2}(?:\.\d)?)?\s?(?:\"|''|”|″|in(?:ch(?:es)?)?\b)?")
_NAMED_ZH = re.compile(
    r"(?P<what>身高|体重|脚长|胸围|腰围|臀围|头围|身长|高|重)\s?(?:是|为|约|大概|差不多)?\s?(?P<n>\d{2,3}(?:\.\d+)?)(?!\d|\s?(?:cm|mm|kg|公斤|斤|厘米|公分|毫米|千克|m\b|米|磅|lb))"
)
_BESIDE = re.compile(r"(?<![\d.])(?P<n>1[4-9]\d|20\d)(?=\s*[,，/、]?\s*\d{2,3}(?:\.\d)?\s*(?:kg|公斤|斤|千克))")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_HEIGHT = (1200.0, 2200.0)
"""A length in mm that can only be somebody's height."""
_JIN_FROM = 100
"""A bare 体重 from here on counts 斤."""


@dataclass(frozen=True, slots=True)
class SizeSaid:
    """A size in a system: `system` is a key of SYSTEMS, `value` as in charts ("9.5")."""

    system: str
    value: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MeasureSaid:
    """A measure of somebody: `measure` is a key of MEASURES or "", `value` in the dimension's base unit (mm, g)."""

    measure: str
    dimension: Dimension
    value: float
    words: str


def sizes_said(text: str) -> list[SizeSaid]:
    """The sizes that name their system, or that only one system has (42码)."""
    folded = fold(text)
    systems = sum(bool(re.search(pattern, folded)) for pattern in SYSTEMS.values())
    sized = bool(
        systems > 1
        or _CONTEXT.search(folded)
        or speaks_of_shoes(folded)
        or re.search(r"(?<![A-Za-z])(?:US|UK|EU|EUR|CN|JP)(?![A-Za-z])", text)
    )
    found: list[SizeSaid] = []
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(folded) if sized else ():
            if any(match.start() < s.end and s.start < match.end() for s in found):
                continue
            groups = match.groupdict()
            system = next(key[:-1] for key, value in groups.items() if key[:-1] in SYSTEMS and value)
            value = key_of(groups["size"])
            if system == "mm" and float(value) < 60:
                system = "eu"  # CN 42
            found.append(SizeSaid(system, value, text[match.start() : match.end()].strip(), match.start(), match.end()))
    if not found:
        for match in _BARE.finditer(folded):
            value = key_of(match["size"] or match["zh"])
            found.append(SizeSaid("mm" if float(value) > 60 else "eu", value, match.group().strip(), match.start(), match.end()))
    return found


def system_asked(text: str, said: list[SizeSaid]) -> str:
    """The system that a size is wanted in ("which EU size is that?"); "" where none is named beside the sizes said."""
    rest = fold(text)
    for size in said:
        rest = rest[: size.start] + " " * (size.end - size.start) + rest[size.end :]
    return next((key for key, pattern in SYSTEMS.items() if re.search(pattern, rest)), "")


def measures_said(text: str) -> list[MeasureSaid]:
    """The measures of a body: with their names where these stand beside them, heights also by themselves."""
    plain = _in_units(fold(text)[:500])
    found: list[MeasureSaid] = []
    for q in quantities(plain):
        if q.dimension not in (Dimension.LENGTH, Dimension.MASS):
            continue
        measure = "weight" if q.dimension is Dimension.MASS else _named(plain, q.start, q.end)
        if not measure and _HEIGHT[0] <= q.base_low <= _HEIGHT[1]:
            measure = "height"
        found.append(MeasureSaid(measure, q.dimension, q.base_low, plain[q.start : q.end].strip()))
    return found


def speaks_of_shoes(text: str) -> bool:
    """Whether words speak of shoes or feet."""
    return bool(_SHOE.search(fold(text)))


def _in_units(folded: str) -> str:
    """The text with what has no unit as it is said given one: 一米七五, 5'10", 身高170体重65."""

    def metres(match: re.Match[str]) -> str:
        digits = match["cm"].translate(_DIGITS)
        return f"{100 + int(digits) * (10 if len(digits) == 1 else 1)} cm"

    def feet(match: re.Match[str]) -> str:
        return f"{round(int(match['ft']) * 30.48 + float(match['in'] or 0) * 2.54)} cm"

    def named(match: re.Match[str]) -> str:
        weight = match["what"] in ("体重", "重")
        unit = ("斤" if float(match["n"]) >= _JIN_FROM else "kg") if weight else "cm"
        return f"{match.group()}{unit}"

    plain = _NAMED_ZH.sub(named, _FEET.sub(feet, _METRES.sub(metres, folded)))
    return _BESIDE.sub(lambda m: f"{m['n']} cm", plain)


def _named(text: str, start: int, end: int) -> str:
    """The measure whose name stands nearest before an amount, else right behind it."""
    before, behind = text[max(0, start - _EARLIEST) : start], text[end : end + _LATEST]
    before = re.split(r"[,，;；。]|\band\b", before)[-1] or before
    nearest = [(m.end(), key) for key, pattern in MEASURES.items() for m in re.finditer(pattern, before)]
    if nearest:
        return max(nearest)[1]
    after = [(m.start(), key) for key, pattern in MEASURES.items() for m in re.finditer(pattern, behind)]
    return min(after)[1] if after else ""
