"""Which unit a question wants an amount in ("in kg", "how many inches", 是多少斤), and amounts told in it.

Factors are those of knowledge/units.py. An ounce is read as a fluid one beside volumes, as labels of bottles and jars write it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.folding import fold
from knowledge.units import Dimension, Quantity, convert, quantities, unit

_DIMENSIONS = frozenset([Dimension.MASS, Dimension.LENGTH, Dimension.VOLUME, Dimension.TEMPERATURE, Dimension.AREA, Dimension.SPEED])
"""What customers convert."""
_WORD = r"(?P<{0}>fl\.? ?oz|fluid ounces?|(?:sq|square) (?:m|ft|feet|met(?:er|re)s?)|km/h|mph|kph|°? ?[cf]\b|[a-z]{{1,12}})"
_LATIN = re.compile(
    rf"\b(?:in|into|to|as)\s+(?:degrees\s+)?{_WORD.format('a')}(?![a-z0-9])"
    rf"|\bhow (?:many|much) (?:is (?:that|it|this) )?(?:in )?(?:degrees )?{_WORD.format('b')}(?![a-z0-9])"
)
_HAN = re.compile(
    r"(?:多少|几|幾)(?:个)?(?P<a>平方[米公英厘尺]?[尺分]?|[一-鿿]{1,3}|kg|g|lbs?|pounds?|oz|ounces?|ml|l|lit(?:re|er)s?|cm|mm|m|inch(?:es)?|feet|foot|ft|in)(?![a-z])"
    r"|(?:换算|换|折|转)(?:算)?(?:成|为|合)?(?P<b>[一-鿿]{1,3}|kg|g|lbs?|pounds?|oz|ounces?|ml|l|lit(?:re|er)s?|cm|mm|m|inch(?:es)?|feet|foot|ft|in)(?![a-z])"
    r"|(?:用|按)(?P<c>[一-鿿]{1,3}|kg|g|lbs?|pounds?|oz|ounces?|ml|l|lit(?:re|er)s?|cm|mm|m|inch(?:es)?|feet|foot|ft|in)(?:来)?(?:算|表示|说|是)"
)
_SPOKEN = {"c": "°C", "f": "°F", "°c": "°C", "°f": "°F", "° c": "°C", "° f": "°F", "degrees c": "°C", "华氏": "°F", "摄氏": "°C"}
_AMBIGUOUS = frozenset(["in", "m", "g", "l", "d", "s", "h", "a", "v", "w", "k", "t", "two", "bar"])
"""Written alone these are more often words or letters than units."""


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount as it stands in a text and in the unit wanted, ready to be said. `exact`: nothing was rounded."""

    said: str
    value: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit by its symbol, and as it is to be called: a Chinese customer's own word, else the symbol."""

    symbol: str
    called: str


@lru_cache(maxsize=4096)
def unit_wanted(text: str) -> Wanted | None:
    """The unit that a question wants amounts in; None where it asks for none."""
    folded = fold(text[:500])
    for match in (*_LATIN.finditer(folded), *_HAN.finditer(folded)):
        said = next((group for group in match.groups() if group), "").strip()
        for name in _shorter(said):
            if name in _AMBIGUOUS and not re.search(r"how many|多少|几", match.group()):
                continue
            if name in {"c", "f"} and not re.search(r"\d", folded):
                continue
            found = unit(_SPOKEN.get(name, name))
            if found is not None and found[0] in _DIMENSIONS:
                return Wanted(found[1], found[1] if name.isascii() else name)
    return None


def _shorter(said: str) -> list[str]:
    """A Chinese run may go on after the unit: 斤啊, 厘米高."""
    return [said] if said.isascii() else [said[:length] for length in range(len(said), 0, -1)]


def converted(text: str, wanted: Wanted) -> list[Converted]:
    """Every amount of the text that the unit can tell and that stands in another one; a size of several lengths as one."""
    goal = unit(wanted.symbol)
    if goal is None:
        return []
    out: list[Converted] = []
    groups: dict[tuple[int, int], list[Quantity]] = {}
    for quantity in quantities(text):
        groups.setdefault((quantity.start, quantity.end), []).append(quantity)
    for (start, end), held in groups.items():
        target = _told_in(held[0], wanted.symbol, goal[0])
        if not target or held[0].unit == target:
            continue
        values = [_figures(quantity, target) for quantity in held]
        if all(values):
            said = " × ".join(figure for figure, _ in values)
            out.append(Converted(text[start:end].strip(), f"{said} {wanted.called}", all(exact for _, exact in values)))
    return out


def _told_in(quantity: Quantity, wanted: str, dimension: Dimension) -> str:
    """The unit to convert to; "" where the amount measures something else."""
    if quantity.dimension is dimension:
        return wanted
    if quantity.unit == "oz" and dimension is Dimension.VOLUME:
        return wanted
    return "fl oz" if wanted == "oz" and quantity.dimension is Dimension.VOLUME else ""


def _figures(quantity: Quantity, target: str) -> tuple[str, bool]:
    source = "fl oz" if quantity.unit == "oz" and (found := unit(target)) is not None and found[0] is Dimension.VOLUME else quantity.unit
    ends = [convert(value, source, target) for value in dict.fromkeys((quantity.low, quantity.high))]
    rows = [_rounded(value, target) for value in ends if value is not None]
    return "–".join(row for row, _ in rows), all(exact for _, exact in rows)


def _rounded(value: float, target: str) -> tuple[str, bool]:
    """To the digits that are of use: 1.54, 35.3, 182; temperatures to the degree."""
    digits = 0 if target.startswith("°") or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    told = f"{value:.{digits}f}"
    told = told.rstrip("0").rstrip(".") if "." in told else told
    return told, abs(float(told) - value) < 1e-9


def is_conversion(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts in different units are the same but for the rounding of `_rounded`."""
    if one.unit == other.unit:
        return False
    told = _told_in(one, other.unit, other.dimension)
    if not told:
        return False
    return [_figures(one, told)[0]] == ["–".join(dict.fromkeys(_plain(v) for v in (other.low, other.high)))]


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


_ARITHMETIC = re.compile(r"^\W*(?:is|are|equals?|约合|等于|合|约|是)\W*(?:about|roughly|around|约|大约)?\W*$")


def is_arithmetic(sentence: str) -> bool:
    """Whether a sentence says nothing but that one amount is another: "16 kg is about 35.3 lb.", and rightly so."""
    groups: dict[tuple[int, int], list[Quantity]] = {}
    for quantity in quantities(sentence):
        groups.setdefault((quantity.start, quantity.end), []).append(quantity)
    if len(groups) != 2:
        return False
    (first, held), (second, told) = groups.items()
    rest = sentence[second[1] :].strip(" .。!！") or sentence[: first[0]].strip()
    if rest or not _ARITHMETIC.match(fold(sentence[first[1] : second[0]])) or len(held) != len(told):
        return False
    return all(is_conversion(a, b) for a, b in zip(held, told, strict=True))
