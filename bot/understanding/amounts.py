"""Price limits in customers' words: "500以内", "两三百块", "under 50 bucks", "3k左右", "between 50 and 80", "¥100-200"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from knowledge.folding import fold
from knowledge.money import Money
from knowledge.units import number

Amount = Money
_ABOUT = Decimal("0.2")

_HAN = r"[零〇一二两三四五六七八九十百千万半]+"
_ENGLISH = {
    "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "a hundred": 100, "one hundred": 100, "two hundred": 200, "three hundred": 300, "four hundred": 400, "five hundred": 500,
    "a thousand": 1000, "one thousand": 1000, "two thousand": 2000,
}  # fmt: skip
_WORDS = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_FIGURE = rf"(?:(?:{_WORDS})(?![a-z])|(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s?(?:k(?![a-z])|千|万|w(?![a-z])))?|{_HAN})"
_SYMBOL = r"(?:us\$|usd|\$|€|eur|£|gbp|¥|cny|rmb|jpy)"
_UNIT = r"(?:元|块钱|块|圆|刀|美元|美金|美刀|人民币|欧元|欧(?!美|洲|式|码|规|标)|英镑|镑|日元|dollars?|bucks?|usd|us\$|\$|euros?|eur|€|quid|pounds?(?: sterling)?|gbp|£|yuan|rmb|cny|¥|yen|jpy)(?![a-z])"


def _money(mark: str) -> str:
    return rf"(?P<s{mark}>{_SYMBOL})?\s?(?P<n{mark}>{_FIGURE})(?:\s?(?P<u{mark}>{_UNIT}))?"


_ONE = re.compile(rf"(?<![a-z0-9.]){_money('')}")
_RANGES = (
    re.compile(rf"(?:between|from)\s+{_money('a')}\s*(?:and|to|-|–)\s*{_money('b')}"),
    re.compile(rf"(?:在|从|介于)?\s*(?<![a-z0-9.]){_money('a')}\s*(?:-|–|—|~|到|至|\bto\b)\s*{_money('b')}(?![\d%])(?:之间|元之间)?"),
)
_PAIR = re.compile(rf"(?P<x>[一二两三四五六七八])(?P<y>[二两三四五六七八九])(?P<z>[十百千万])(?P<zz>[十百千万])?\s?(?P<u>{_UNIT})?")
_HUNDREDS = re.compile(rf"(?P<x>几)(?P<z>[十百千万])\s?(?P<u>{_UNIT})?")

_MAX_BEFORE = re.compile(
    r"(?:under|below|less than|cheaper than|no more than|not more than|at most|up to|within|maximum(?: of)?|max(?:imum)?\.?|not over|not exceed(?:ing)?|never over"
    r"|budget(?: (?:is|of|around|about|up to))?:?|spend(?: up to)?|can't go over|don't want to spend (?:more than|over)|only have|i have|<=?|≤"
    r"|不超过|不高于|不大于|不要超过|别超过|不能超过|最多|至多|低于|小于|少于|不到|预算(?:是|在|(?:可以|能)?(?:再)?(?:加|提|涨|增|放宽|提高|增加|上调)到|大概|大约|约|只有|最多|差不多|不超过)?|控制在|只有|顶多|上限)\s*(?:a |an |the )?(?:budget of )?\s*$"
)
_MIN_BEFORE = re.compile(
    r"(?:over|above|more than|at least|no less than|not less than|minimum(?: of)?|min\.?|starting (?:at|from)|upwards of|exceeding|pricier than|>=?|≥"
    r"|不低于|不少于|至少|最少|高于|大于|超过|多于|起码)\s*$"
)
_MAX_AFTER = re.compile(
    r"^\s*(?:以内|之内|以下|及以下|或以下|封顶|内(?!胆|存|衬|置)|max(?:imum)?\b|or less|or under|or below|or cheaper|and under|and below|tops\b|at most|budget|"
    r"的预算|预算|就够|之下|左右以内)"
)
_MIN_AFTER = re.compile(r"^\s*(?:以上|及以上|或以上|往上|起步|起|or more|or above|and up|and above|or over|\+|minimum)")
_ABOUT_BEFORE = re.compile(
    r"(?:around|about|roughly|approximately|approx\.?|circa|somewhere near|in the region of|~|大概|大约|差不多|约|将近|接近)\s*$"
)
_ABOUT_AFTER = re.compile(r"^\s*(?:左右|上下|的样子|ish\b|or so\b|or thereabouts|-ish\b|价位|这个价位|的价位|附近)")
_ONE_YUAN = re.compile(r"\s*(?:$|[钱一二两三四五六七八九十\d,，。!?？以内左的])")
_A_LITTLE_OVER = Decimal("1.3")
"""一千出头: up to so many times as much."""
_PRICE_CONTEXT = re.compile(r"price|cost|budget|spend|价|预算|元|块|钱|贵|便宜|cheap|expensive|afford|\$|€|£|¥|dollar|buck|euro|pound")
_NOT_MONEY_AFTER = re.compile(
    r"^\s?(?:%|percent|折|[:：]\d|岁|个|件|款|种|号|码|天|月|年|日|小时|分钟|人|片|只|条|双|台|本|张|页|支|瓶|盒|包|袋|次|楼|层|倍|档|寸|点|星|分(?!之)|mm|cm|m\b|kg|g\b|lbs?\b|oz"
    r"|inch|in\b|l\b|ml|litres?|liters?|watts?|w\b|v\b|volts?|mah|gb|tb|mb|hz|hours?|hrs?|h\b|days?|years?|yrs?|yo\b|y/o|months?|weeks?|minutes?|mins?|seconds?|pieces?|pcs|people|persons?|players?"
    r"|stars?|pages?|pockets?|colou?rs?|cups?|of\b|options?|products?|items?|degrees?|°|st\b|nd\b|rd\b|th\b|x\b|am\b|pm\b|mph|rpm|lumens?|threads?|pack\b|-?inch|-?year|-?piece|-?person|-?litre|-?liter)"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds in major units of `currency`; None: open. `spans`: the characters that say so."""

    low: Decimal | None = None
    high: Decimal | None = None
    currency: str = ""
    spans: tuple[tuple[int, int], ...] = ()


def price_limits(folded: str, currency: str, taken: tuple[tuple[int, int], ...] = ()) -> Limits:
    """The price limits in a folded text, in the shop's `currency` where none is named; nothing where `taken` (amounts with other units,
    product names) says that a number is something else."""
    text = folded[:2000]

    def free(start: int, end: int) -> bool:
        return all(end <= a or b <= start for a, b in taken)

    for pattern in _RANGES:
        for match in pattern.finditer(text):
            found = _range(match, text, currency, free)
            if found:
                return found
    pair = _PAIR.search(text)
    if (
        pair
        and free(*pair.span())
        and not _NOT_MONEY_AFTER.match(text[pair.end() :])
        and text[pair.end() : pair.end() + 1] not in tuple("个件天人岁")
    ):
        low, high = _han(pair["x"] + pair["z"] + (pair["zz"] or "")), _han(pair["y"] + pair["z"] + (pair["zz"] or ""))
        if low is not None and high is not None and low < high and (pair["u"] or high >= 100):
            return _closed(low, high, text, pair.start(), pair.end(), _currency(pair["u"], currency))
    some = _HUNDREDS.search(text)
    if some and some["u"] and not re.search(r"多少|是几|要几", text[max(0, some.start() - 2) : some.end()]):
        unit = _han("一" + some["z"])
        if unit is not None:
            return Limits(unit, unit * 10 - 1, _currency(some["u"], currency), (some.span(),))
    for match in _ONE.finditer(text):
        found = _single(match, text, currency, free)
        if found:
            return found
    return Limits()


def speaks_of_price(word: str) -> bool:
    """Whether a word says no more than that money is spoken of: "budget", 预算."""
    return bool(_PRICE_CONTEXT.search(word))


def _range(match: re.Match[str], text: str, currency: str, free: Callable[[int, int], bool]) -> Limits | None:
    if not free(*match.span()):
        return None
    said = match["sa"] or match["ua"] or match["sb"] or match["ub"]
    if not said and _NOT_MONEY_AFTER.match(text[match.end() :]):
        return None
    low, high = _value(match["na"]), _value(match["nb"])
    if low is None or high is None:
        return None
    if match["nb"].strip()[-1:] in "k千万w" and match["na"].strip()[-1:].isdigit() and low < high / 100:
        low *= 1000 if match["nb"].strip()[-1:] in "k千" else 10000
    if low >= high or (not said and low < 10 and not match.group().startswith(("between", "from")) and not _PRICE_CONTEXT.search(text)):
        return None
    if (
        not said
        and re.search(r"[a-z]$", text[: match.start()].rstrip()[-1:] or " ")
        and not re.search(
            r"(?:between|from|around|about|for|in|of|price|range|budget|cost|me|backpacks?|something|is)\s*$", text[: match.start()]
        )
        and not match.group().startswith(("between", "from"))
        and not _PRICE_CONTEXT.search(text)
    ):
        return None
    return Limits(low, high, _currency(said, currency), (match.span(),))


def _single(match: re.Match[str], text: str, currency: str, free: Callable[[int, int], bool]) -> Limits | None:
    value = _value(match["n"])
    start, end = match.span()
    if value is None or value <= 0 or not free(start, end):
        return None
    said = match["s"] or match["u"]
    before, after = text[max(0, start - 40) : start], text[end:]
    if not said and (_NOT_MONEY_AFTER.match(after) or (re.match(r"[\w-]", after) and not re.match(r"[\u4e00-\u9fff]", after))):
        return None
    if (
        not said
        and not match["n"].strip()[-1:].isdigit()
        and match["n"].strip()[-1:] not in "kw"
        and match["n"].strip() not in _ENGLISH
        and len(match["n"].strip()) < 2
    ):
        return None  # 一, 两, 半
    if match["n"].strip() == "一" and match["u"] == "块" and not _ONE_YUAN.match(after):
        return None  # 一块充: together
    if over := re.match(r"(?:块钱?|元)?(?:出头|冒头|多一点|挂零)", after):
        return Limits(value, value * _A_LITTLE_OVER, _currency(said, currency), ((start, end + over.end()),))
    more = re.match(r"(?:多|来)(?:块|元|块钱|刀)?", after)
    if more and re.search(r"[百千万十]$|0$", match["n"]):
        step = Decimal(10) ** (len(str(int(value))) - 1)
        return Limits(value, value + step, _currency(said, currency), ((start, end + more.end()),))
    most, least = _MAX_BEFORE.search(before), _MIN_BEFORE.search(before)
    if most and least:
        # "不低于" holds "低于", "no more than" holds "more than": the longer one was said.
        most, least = (None, least) if least.start() < most.start() else (most, None)
    checks = (
        (most, _MAX_AFTER.match(after), "max"),
        (least, _MIN_AFTER.match(after), "min"),
        (_ABOUT_BEFORE.search(before), _ABOUT_AFTER.match(after), "about"),
    )
    kinds = {kind: (left, right) for left, right, kind in checks if left or right}
    kind = "about" if "about" in kinds and "max" in kinds and re.search(r"预算|budget", before + after[:4]) else next(iter(kinds), "")
    if not kind:
        if not said:
            return None
        if re.search(r"(?:for|at|costs?|的|要|pay|花|spend|有)\s*$", before) or re.match(r"\s*(?:的|[a-z\u4e00-\u9fff]|$)", after):
            kind = "about"
        else:
            return None
    if not said and kind == "min" and not re.search(r"[百千万]|\d{2,}|[a-z]{3}", match["n"]):
        return None
    left = [m for m, _ in kinds.values() if m]
    right = [m for _, m in kinds.values() if m]
    span = (start - max((len(before) - m.start() for m in left), default=0), end + max((m.end() for m in right), default=0))
    code = _currency(said, currency)
    if kind == "max":
        return Limits(None, value, code, (span,))
    if kind == "min":
        return Limits(value, None, code, (span,))
    return Limits(value * (1 - _ABOUT), value * (1 + _ABOUT), code, (span,))


def _closed(low: Decimal, high: Decimal, text: str, start: int, end: int, currency: str) -> Limits:
    if _MAX_AFTER.match(text[end:]):
        return Limits(None, high, currency, ((start, end + 2),))
    # "两三百" is said loosely: up to the end of the higher hundred is still meant.
    return Limits(low, high, currency, ((start, end),))


def _han(text: str) -> Decimal | None:
    value = number(text)
    return Decimal(str(value)).quantize(Decimal(1)) if value is not None else None


def _value(text: str) -> Decimal | None:
    plain = text.strip().replace(",", "").replace(" ", "")
    factor = Decimal(1)
    if text.strip() in _ENGLISH:
        return Decimal(_ENGLISH[text.strip()])
    if plain and plain[0].isdigit():
        if plain[-1] in "k千":
            plain, factor = plain[:-1], Decimal(1000)
        elif plain[-1] in "w万":
            plain, factor = plain[:-1], Decimal(10000)
        try:
            value = Decimal(plain) * factor
        except InvalidOperation:
            return None
    else:
        found = number(plain)
        if found is None:
            return None
        value = Decimal(str(found))
    return value if value < Decimal(10) ** 12 else None


_CODES = (
    (re.compile(r"us\$|usd|美元|美金|美刀"), "USD"),
    (re.compile(r"€|eur|欧元?"), "EUR"),
    (re.compile(r"£|gbp|英镑|quid|镑|pounds?(?: sterling)?"), "GBP"),
    (re.compile(r"rmb|cny|yuan|人民币"), "CNY"),
    (re.compile(r"jpy|yen|日元"), "JPY"),
)
_DOLLARS = {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"}


def _currency(said: str | None, shop: str) -> str:
    """The ISO code meant. "$", "dollars" and "bucks" are the shop's own dollars where it has some; 元, 块, 刀 and nothing are the shop's."""
    if not said:
        return shop
    said = fold(said)
    for pattern, code in _CODES:
        if pattern.fullmatch(said) or (len(said) > 2 and pattern.search(said)):
            return code
    if "¥" in said:
        return shop if shop in {"CNY", "JPY"} else "CNY"
    if "$" in said or "dollar" in said:
        return shop if shop in _DOLLARS else "USD"
    return shop
