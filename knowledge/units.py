"""Quantities in merchants' and customers' words: "1.7 L", "850g", "5.5 英寸", "2斤", "IPX5", as numbers that can be compared.

Every unit belongs to one dimension and converts linearly to its base unit (g, mm, mL, s, W, ...), so that "1.7 L" and "1700ml", "2斤"
and "1 kg" are the same amount. Bare numbers have the dimension NUMBER. Conversion factors: the international yard and pound (1959),
US customary volumes, and the Chinese market units (斤 = 500 g, 两 = 50 g, 尺 = 1/3 m). "寸" is read as an inch, as it is used for screens
and bags; "码" is a size, not a yard.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Dimension(StrEnum):
    """What a unit measures."""

    NUMBER = "number"
    MASS = "mass"
    LENGTH = "length"
    VOLUME = "volume"
    AREA = "area"
    TIME = "time"
    TEMPERATURE = "temperature"
    COLOUR_TEMPERATURE = "colour_temperature"
    POWER = "power"
    ENERGY = "energy"
    CHARGE = "charge"
    VOLTAGE = "voltage"
    CURRENT = "current"
    FREQUENCY = "frequency"
    DATA = "data"
    LUMINOUS_FLUX = "luminous_flux"
    LOUDNESS = "loudness"
    PRESSURE = "pressure"
    SPEED = "speed"
    ROTATION = "rotation"
    AREAL_WEIGHT = "areal_weight"
    PIXELS = "pixels"
    SHARE = "share"
    WATER_PROTECTION = "water_protection"
    UV_PROTECTION = "uv_protection"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount as it was written, and the same in the dimension's base unit. A single amount has low == high; "60-100 °C" is a range."""

    low: float
    high: float
    unit: str
    """Canonical symbol of the unit as written: "L", "in", "斤" is "jin"; "" for a bare number."""
    dimension: Dimension
    base_low: float
    base_high: float
    start: int = 0
    end: int = 0
    """Where it stands in the text."""


_DAY = 86400.0
_INCH = 25.4
_POUND = 453.59237
# (dimension, symbol, factor to base, spellings). Latin spellings match regardless of case unless listed in _CASED.
_UNITS: tuple[tuple[Dimension, str, float, str], ...] = (
    (Dimension.MASS, "mg", 1e-3, "mg|毫克"),
    (Dimension.MASS, "g", 1, "g|gr|gram|grams|gramme|grammes|克"),
    (Dimension.MASS, "kg", 1e3, "kg|kgs|kilo|kilos|kilogram|kilograms|公斤|千克"),
    (Dimension.MASS, "t", 1e6, "tonne|tonnes|吨"),
    (Dimension.MASS, "jin", 500, "斤|市斤"),
    (Dimension.MASS, "liang", 50, "两|兩"),
    (Dimension.MASS, "lb", _POUND, "lb|lbs|pound|pounds|磅"),
    (Dimension.MASS, "oz", _POUND / 16, "oz|ounce|ounces|盎司"),
    (Dimension.LENGTH, "um", 1e-3, "um|μm|µm|micron|microns|微米"),
    (Dimension.LENGTH, "mm", 1, "mm|millimeter|millimeters|millimetre|millimetres|毫米"),
    (Dimension.LENGTH, "cm", 10, "cm|centimeter|centimeters|centimetre|centimetres|厘米|公分|釐米"),
    (Dimension.LENGTH, "m", 1e3, "m|meter|meters|metre|metres|米|公尺"),
    (Dimension.LENGTH, "km", 1e6, "km|kms|kilometer|kilometers|kilometre|kilometres|公里|千米"),
    (Dimension.LENGTH, "in", _INCH, 'in|inch|inches|英寸|英吋|吋|寸|"|”|″'),
    (Dimension.LENGTH, "ft", 12 * _INCH, "ft|foot|feet|英尺|呎"),
    (Dimension.LENGTH, "yd", 36 * _INCH, "yd|yds|yard|yards"),
    (Dimension.LENGTH, "mi", 63360 * _INCH, "mile|miles|英里"),
    (Dimension.LENGTH, "chi", 1000 / 3, "尺|市尺"),
    (Dimension.VOLUME, "mL", 1, "ml|cc|milliliter|milliliters|millilitre|millilitres|毫升"),
    (Dimension.VOLUME, "cL", 10, "cl"),
    (Dimension.VOLUME, "dL", 100, "dl"),
    (Dimension.VOLUME, "L", 1e3, "l|ltr|liter|liters|litre|litres|升|公升"),
    (Dimension.VOLUME, "fl oz", 29.5735295625, "fl oz|fl. oz|fl.oz|floz|fluid ounce|fluid ounces|液盎司|液体盎司"),
    (Dimension.VOLUME, "cup", 236.5882365, "cup|cups"),
    (Dimension.VOLUME, "pt", 473.176473, "pint|pints|品脱"),
    (Dimension.VOLUME, "qt", 946.352946, "qt|quart|quarts|夸脱"),
    (Dimension.VOLUME, "gal", 3785.411784, "gal|gallon|gallons|加仑"),
    (Dimension.VOLUME, "m3", 1e6, "m³|m3|立方米"),
    (Dimension.AREA, "cm2", 1e-4, "cm²|cm2|平方厘米"),
    (Dimension.AREA, "m2", 1, "m²|m2|sqm|sq m|square meters|square metres|㎡|平方米|平米|平方"),
    (Dimension.AREA, "ft2", 0.09290304, "ft²|ft2|sqft|sq ft|square feet|平方英尺"),
    (Dimension.TIME, "ms", 1e-3, "ms|毫秒"),
    (Dimension.TIME, "s", 1, "s|sec|secs|second|seconds|秒|秒钟"),
    (Dimension.TIME, "min", 60, "min|mins|minute|minutes|分钟|分鐘"),
    (Dimension.TIME, "h", 3600, "h|hr|hrs|hour|hours|小时|小時|个小时|個小時|钟头|个钟头"),
    (Dimension.TIME, "d", _DAY, "d|day|days|天|日"),
    (Dimension.TIME, "wk", 7 * _DAY, "wk|wks|week|weeks|周|週|星期|个星期|个礼拜"),
    (Dimension.TIME, "mo", 365.25 / 12 * _DAY, "month|months|mo|个月|個月|月"),
    (Dimension.TIME, "yr", 365.25 * _DAY, "yr|yrs|year|years|yo|y/o|年|周年|岁|歲|周岁"),
    (Dimension.TEMPERATURE, "°C", 1, "°c|℃|ºc|° c|celsius|degrees celsius|摄氏度|攝氏度"),
    (Dimension.TEMPERATURE, "°F", 5 / 9, "°f|℉|ºf|° f|fahrenheit|degrees fahrenheit|华氏度"),
    (Dimension.COLOUR_TEMPERATURE, "K", 1, "K|kelvin|开尔文"),
    (Dimension.POWER, "mW", 1e-3, "mW|毫瓦"),
    (Dimension.POWER, "W", 1, "w|watt|watts|瓦|瓦特"),
    (Dimension.POWER, "kW", 1e3, "kw|kilowatt|kilowatts|千瓦"),
    (Dimension.POWER, "hp", 745.7, "hp|horsepower|匹|马力"),
    (Dimension.ENERGY, "Wh", 1, "wh|瓦时"),
    (Dimension.ENERGY, "kWh", 1e3, "kwh|度电|千瓦时"),
    (Dimension.CHARGE, "mAh", 1, "mah|毫安|毫安时"),
    (Dimension.CHARGE, "Ah", 1e3, "ah|安时"),
    (Dimension.VOLTAGE, "mV", 1e-3, "mV"),
    (Dimension.VOLTAGE, "V", 1, "v|volt|volts|伏|伏特"),
    (Dimension.CURRENT, "mA", 1e-3, "ma"),
    (Dimension.CURRENT, "A", 1, "A|amp|amps|ampere|amperes|安培"),
    (Dimension.FREQUENCY, "Hz", 1, "hz|hertz|赫兹"),
    (Dimension.FREQUENCY, "kHz", 1e3, "khz|千赫"),
    (Dimension.FREQUENCY, "MHz", 1e6, "mhz|兆赫"),
    (Dimension.FREQUENCY, "GHz", 1e9, "ghz"),
    (Dimension.DATA, "KB", 1e3, "kb"),
    (Dimension.DATA, "MB", 1e6, "mb"),
    (Dimension.DATA, "GB", 1e9, "gb"),
    (Dimension.DATA, "TB", 1e12, "tb"),
    (Dimension.LUMINOUS_FLUX, "lm", 1, "lm|lumen|lumens|流明"),
    (Dimension.LOUDNESS, "dB", 1, "db|dba|db(a)|decibel|decibels|分贝"),
    (Dimension.PRESSURE, "Pa", 1, "pa|帕"),
    (Dimension.PRESSURE, "kPa", 1e3, "kpa|千帕"),
    (Dimension.PRESSURE, "bar", 1e5, "bar|bars|巴"),
    (Dimension.PRESSURE, "psi", 6894.757, "psi"),
    (Dimension.SPEED, "km/h", 1, "km/h|kmh|kph|公里/小时|公里每小时"),
    (Dimension.SPEED, "mph", 1.609344, "mph"),
    (Dimension.SPEED, "m/s", 3.6, "m/s|米/秒"),
    (Dimension.ROTATION, "rpm", 1, "rpm|r/min|转/分|转/分钟|转每分钟"),
    (Dimension.AREAL_WEIGHT, "g/m2", 1, "g/m²|g/m2|gsm|g/㎡|克/平方米|克每平方米"),
    (Dimension.AREAL_WEIGHT, "oz/yd2", 33.9057, "oz/yd²|oz/yd2"),
    (Dimension.PIXELS, "MP", 1e6, "mp|megapixel|megapixels|百万像素"),
    (Dimension.PIXELS, "wpx", 1e4, "万像素"),
    (Dimension.SHARE, "%", 1, "%|％|percent|per cent|pct"),
)
_CASED = {"K", "mW", "mV", "A"}
_FAHRENHEIT_ZERO = -32 * 5 / 9

_BY_SPELLING: dict[str, tuple[Dimension, str, float]] = {}
for _dimension, _symbol, _factor, _spellings in _UNITS:
    for _spelling in _spellings.split("|"):
        _BY_SPELLING[_spelling] = (_dimension, _symbol, _factor)
    _BY_SPELLING.setdefault(_symbol, (_dimension, _symbol, _factor))

_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2, "〇": 0}
_CHINESE_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "萬": 10000}

_ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+\s\d+/\d+|\d+/\d+|\d+(?:[.,]\d+)?"
_HAN_NUMBER = r"[零〇一二两兩三四五六七八九十百千万萬半]+"
_NUMBER = rf"(?:{_ARABIC}|{_HAN_NUMBER})"
_SPELLINGS = "|".join(re.escape(s).replace(r"\ ", r"\s?") for s in sorted(_BY_SPELLING, key=len, reverse=True))
_RANGE = r"\s*(?:-|–|—|~|～|到|至|\bto\b)\s*"
_TIMES = r"\s*[x×*＊✕]\s*"
_MEASURE = re.compile(
    rf"(?<![A-Za-z0-9_.])(?P<sign>(?<![\w-])[-−–])?(?P<a>{_ARABIC})|(?P<han>{_HAN_NUMBER})",
)
_UNIT_AFTER = re.compile(rf"\s*-?(?P<unit>{_SPELLINGS})(?![A-Za-z0-9/²³])", re.IGNORECASE)
_NEXT_NUMBER = re.compile(rf"(?P<joint>{_RANGE}|{_TIMES})(?P<sign>[-−])?(?P<b>{_NUMBER})", re.IGNORECASE)
_TAIL = re.compile(r"(?P<half>半)|(?P<digit>[一二三四五六七八九])(?![一-鿿])")
_INGRESS = re.compile(r"\bIP\s?(?P<dust>[0-6X])\s?(?P<water>[0-9])K?\b", re.IGNORECASE)
_UV = re.compile(r"\b(?:UPF|SPF)\s?(?P<value>\d{1,3})\+?", re.IGNORECASE)
_MEMORY_SIZES = {4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0}


def number(text: str) -> float | None:
    """A number in Arabic or Chinese figures: "1,500", "1,7", "5 1/2", "两百五", "半". None if it is none."""
    text = text.strip()
    if not text:
        return None
    if text[0].isdigit():
        if "/" in text:
            whole, _, fraction = text.rpartition(" ")
            over, under = fraction.split("/")
            return (float(whole) if whole else 0.0) + float(over) / float(under) if float(under) else None
        if re.fullmatch(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?", text):
            return float(text.replace(",", "").replace("，", ""))
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return None
    return _chinese_number(text)


def _chinese_number(text: str) -> float | None:
    if text == "半":
        return 0.5
    half = 0.0
    if text.endswith("半"):
        text, half = text[:-1], 0.5
    total, section, digit, last = 0.0, 0.0, -1.0, 1.0
    for c in text:
        if c in _CHINESE_DIGITS:
            if digit > 0 and last == 1.0 and not section:
                digit = digit * 10 + _CHINESE_DIGITS[c]  # figures read one by one: 二五
            else:
                digit = float(_CHINESE_DIGITS[c])
        elif c in _CHINESE_TENS:
            unit = float(_CHINESE_TENS[c])
            if unit == 10000:
                total = (total + section + max(digit, 0.0)) * unit or unit
                section = 0.0
            else:
                section += (digit if digit >= 0 else 1.0) * unit
            digit, last = -1.0, unit
        else:
            return None
    if digit > 0:
        # "两百五" is 250: a last figure straight after a unit counts one place lower; "两百零五" is 205.
        section += digit * (last / 10 if last > 10 and "零" not in text and "〇" not in text else 1.0)
    elif digit < 0 and not section and not total:
        return None
    return total + section + half


@lru_cache(maxsize=4096)
def unit(name: str) -> tuple[Dimension, str, float] | None:
    """Dimension, canonical symbol and factor to the base unit of a unit in any spelling; None if unknown."""
    name = name.strip()
    found = _BY_SPELLING.get(name)
    if found is None and name.lower() not in {"k", "a"}:
        found = _BY_SPELLING.get(re.sub(r"\s+", " ", name.lower()))
        if found and found[1] in _CASED:
            found = None
    return found


def to_base(value: float, name: str) -> tuple[float, Dimension] | None:
    """`value` of unit `name` in the dimension's base unit; "" is a bare number, "ip" a water protection digit. None: unknown unit."""
    if not name:
        return value, Dimension.NUMBER
    if name.lower() in {"ip", "ipx"}:
        return value, Dimension.WATER_PROTECTION
    if name.lower() in {"upf", "spf"}:
        return value, Dimension.UV_PROTECTION
    found = unit(name)
    if found is None:
        return None
    dimension, symbol, factor = found
    return value * factor + (_FAHRENHEIT_ZERO if symbol == "°F" else 0.0), dimension


def convert(value: float, source: str, target: str) -> float | None:
    """`value` from one unit to another; None when they measure different things or one is unknown."""
    base, goal = to_base(value, source), to_base(0.0, target)
    if base is None or goal is None or base[1] != goal[1]:
        return None
    one = to_base(1.0, target)
    assert one is not None
    return (base[0] - goal[0]) / (one[0] - goal[0])


@lru_cache(maxsize=65536)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every amount in the text, in order. "30 x 20 x 15 cm" gives three lengths; "60–100 °C" one range; numbers without a unit are
    NUMBER; "IPX5", "IP67" give the water digit as WATER_PROTECTION, "UPF 50+" gives UV_PROTECTION."""
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for match in _INGRESS.finditer(text):
        water = float(match["water"])
        found.append(Quantity(water, water, "ip", Dimension.WATER_PROTECTION, water, water, *match.span()))
        taken.append(match.span())
    for match in _UV.finditer(text):
        value = float(match["value"])
        found.append(Quantity(value, value, "upf", Dimension.UV_PROTECTION, value, value, *match.span()))
        taken.append(match.span())
    position = 0
    while measure := _MEASURE.search(text, position):
        position = max(measure.end(), measure.start() + 1)
        if any(start < measure.end() and measure.start() < end for start, end in taken):
            continue
        got, position = _measure(text, measure)
        found.extend(got)
    found.sort(key=lambda q: q.start)
    return tuple(found)


def _measure(text: str, match: re.Match[str]) -> tuple[list[Quantity], int]:
    """The amounts that start at `match`, and where to go on."""
    han = match["han"]
    if han is not None and len(han) > 1 and han[-1] in "两兩":
        # "三两" is three liang: the last sign is the unit.
        value = number(han[:-1])
        if value is not None:
            return [_quantity([value], "两", "one", match.start(), match.end())], match.end()
    first = number(match["a"] or han)
    if first is None:
        return [], match.end()
    if match["sign"]:
        first = -first
    numbers, joint, end = [first], "", match.end()
    while (more := _NEXT_NUMBER.match(text, end)) and len(numbers) < 4:
        kind = "times" if re.fullmatch(_TIMES, more["joint"]) else "range"
        if (joint and kind != joint) or (kind == "range" and len(numbers) == 2):
            break
        value = number(more["b"])
        if value is None:
            break
        numbers.append(-value if more["sign"] else value)
        joint, end = kind, more.end()
    after = _UNIT_AFTER.match(text, end)
    spelling = after["unit"] if after else ""
    # "30cm x 20cm": each number has its own unit; "18-20cm" shares one.
    if after is None and han is not None:
        return [], match.end()
    if after is not None and not _plausible(spelling, numbers):
        after, spelling = None, ""
    if after is None and _letter_follows(text, end):
        return [], end
    if after is not None:
        end = after.end()
        tail = _TAIL.match(text, end)
        if tail and len(numbers) == 1 and unit(spelling) is not None and re.search(r"[一-鿿]", spelling):
            # "一升半", "一米八": what follows the unit is a part of it.
            numbers[0] += 0.5 if tail["half"] else (number(tail["digit"]) or 0.0) / 10
            end = tail.end()
    quantity = _quantity(numbers, spelling, joint, match.start(), end)
    if joint == "times":
        return [_quantity([n], spelling, "one", match.start(), end) for n in numbers], end
    return [quantity], end


def _letter_follows(text: str, end: int) -> bool:
    """A number glued to letters without being an amount ("KT-17E", "304L12"): part of a name."""
    return end < len(text) and (text[end].isascii() and text[end].isalpha())


def _plausible(spelling: str, numbers: list[float]) -> bool:
    if spelling == "G":
        return numbers[0] >= 10 and numbers[0] not in _MEMORY_SIZES  # 5G and 128G are no weights
    if spelling in {"M", "D", "S", "L"} and numbers[0].is_integer() and numbers[0] < 10 and spelling != "L":
        return False  # sizes
    return unit(spelling) is not None


def _quantity(numbers: list[float], spelling: str, joint: str, start: int, end: int) -> Quantity:
    low, high = numbers[0], numbers[-1] if joint == "range" else numbers[0]
    low, high = min(low, high), max(low, high)
    found = unit(spelling) if spelling else None
    if found is None:
        return Quantity(low, high, "", Dimension.NUMBER, low, high, start, end)
    dimension, symbol, _ = found
    first, last = to_base(low, symbol), to_base(high, symbol)
    assert first is not None
    assert last is not None
    return Quantity(low, high, symbol, dimension, first[0], last[0], start, end)


def within(quantity: Quantity, minimum: float | None, maximum: float | None, name: str, tolerance: float = 1e-3) -> bool | None:
    """Whether the quantity lies between the bounds (of unit `name`; None: open). None: it measures something else. A range fits an upper
    bound by its upper end and a lower bound by its lower end; `tolerance` is relative, for rounding between unit systems."""
    zero = to_base(0.0, name)
    if zero is None or zero[1] != quantity.dimension:
        return None
    if minimum is not None:
        bound = to_base(minimum, name)
        assert bound is not None
        if quantity.base_low < bound[0] - abs(bound[0]) * tolerance:
            return False
    if maximum is not None:
        bound = to_base(maximum, name)
        assert bound is not None
        if quantity.base_high > bound[0] + abs(bound[0]) * tolerance:
            return False
    return True
