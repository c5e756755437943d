"""Amounts of money, spans of time and percentages in running text, so that two sentences can be held against each other."""

import re
from dataclasses import dataclass

from knowledge.currencies import currency_in
from knowledge.folding import fold
from knowledge.units import Dimension, quantities

MONEY, TIME, SHARE = "money", "time", "share"


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount. `low` and `high` in days, major units of money, or percent; a single amount has low == high."""

    kind: str
    low: float
    high: float
    unit: str
    """The currency ("" where the text names none), "working" for working days, else ""."""
    start: int
    end: int
    """Where it stands in the text."""

    def agrees(self, other: "Figure") -> bool:
        """Whether both can be true: the same within a few per cent (a month is 30 days), or one lies within the other."""
        if self.kind != other.kind or (self.unit != other.unit and self.unit and other.unit):
            return True
        slack = 0.02 if self.kind == TIME else 0.001
        near = abs(self.low - other.low) <= slack * max(self.low, other.low) and abs(self.high - other.high) <= slack * max(
            self.high, other.high
        )
        return near or (self.low >= other.low and self.high <= other.high) or (other.low >= self.low and other.high <= self.high)


_DAY = 86400.0
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_CLOCK_OR_DATE = re.compile(
    rf"\d{{1,2}}[:：]\d{{2}}(?:\s?[ap]m)?|\d{{1,2}}\s?[ap]\.?m\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b(?:\s\d{{4}})?|\b{_MONTH}\s\d{{1,2}}\b(?:st|nd|rd|th)?"
    r"|\d{4}\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*[日号])?|\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\b24/7\b|\d+\s*月份?(?=[底初中起至到前]|\d)",
    re.IGNORECASE,
)
_WORKING = re.compile(r"(?:(?:business|working|work)[\s-]days?)|(?:个)?工作日", re.IGNORECASE)
_AMOUNT = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_SIGN = r"(?:US|CA|AU|A|C|HK|NT|S|NZ)?\$|[€£¥￥₹₩]|\b(?:USD|EUR|GBP|CNY|RMB|JPY|HKD|TWD|CAD|AUD|SGD)\b"
_UNIT = r"美元|美金|欧元|英镑|港币|港元|日元|加元|澳元|新台币|元|块钱|块|円|(?:US|Canadian|Australian)?\s?dollars?\b|euros?\b|pounds?\b|yuan\b|(?:USD|EUR|GBP|CNY|RMB|JPY|HKD|TWD|CAD|AUD|SGD)\b|€|£"
_MONEY = re.compile(rf"(?P<sign>{_SIGN})\s?(?P<a>{_AMOUNT})(?![\d%])|(?<![\d.,])(?P<b>{_AMOUNT})\s?(?P<unit>{_UNIT})", re.IGNORECASE)
_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "twelve": 12,
    "fourteen": 14,
    "thirty": 30,
    "sixty": 60,
    "ninety": 90,
}
_WORD_NUMBER = re.compile(
    rf"\b({'|'.join(_WORDS)})(?=[\s-](?:(?:or|to)\s\w+\s)?(?:(?:business|working|calendar)\s)?(?:days?|weeks?|months?|years?|hours?)\b)",
    re.IGNORECASE,
)


_COUNTS = re.compile(rf"[\d²³¹¼½¾⅐-⅞①-⑳零〇一二两兩三四五六七八九十百千万萬半]|\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)


def counts(text: str) -> bool:
    """Whether a number of any kind stands in the text; most texts hold none, and need no closer look."""
    return _COUNTS.search(text) is not None


def figures(text: str, currency: str = "") -> list[Figure]:
    """The amounts of a text, in order. `currency`: what "$" or "¥" means where it could be several (ISO 4217)."""
    found: list[Figure] = []
    if not counts(text):
        return found
    masked = list(text)
    for match in _MONEY.finditer(text):
        number = float((match["a"] or match["b"]).replace(",", "").replace("，", ""))
        code = currency_in(_spelled(match[0]), currency or "USD")
        found.append(Figure(MONEY, number, number, code, *match.span()))
        masked[match.start() : match.end()] = "#" * len(match[0])
    plain = "".join(masked)
    plain = _CLOCK_OR_DATE.sub(lambda match: "#" * len(match[0]), plain)
    plain = _WORD_NUMBER.sub(lambda match: str(_WORDS[match[1].lower()]).ljust(len(match[0])), plain)
    plain = re.sub(r"(?<=\d)(\s+)or(?=\s+\d)", lambda match: f"{match[1]}- ", plain)
    plain = re.sub(r"[一二两三四五六七八九]{2}(?=个?(?:天|年|月|周|日|小时|工作日|星期))", "##", plain)
    plain = re.sub(r"\b(?:calendar|natural|full)\s(?=days?\b)", lambda match: " " * len(match[0]), plain)
    plain = re.sub(r"(?<=\d)(\s*)个?(?:自然日|日历日)", lambda match: match[1] + "天".ljust(len(match[0]) - len(match[1])), plain)
    working = [match.span() for match in _WORKING.finditer(plain)]
    plain = _WORKING.sub(lambda match: ("days" if match[0].isascii() else "天").ljust(len(match[0])), plain)
    for one in quantities(plain):
        if one.dimension is Dimension.TIME:
            end = max((stop for start, stop in working if start < one.end + 2 and one.start < stop), default=0)
            unit = "working" if end else ""
            found.append(Figure(TIME, one.base_low / _DAY, one.base_high / _DAY, unit, one.start, max(end, min(one.end, len(text)))))
        elif one.dimension is Dimension.SHARE:
            found.append(Figure(SHARE, one.base_low, one.base_high, "", one.start, min(one.end, len(text))))
    return sorted(found, key=lambda figure: figure.start)


def _spelled(text: str) -> str:
    words = {"dollar": "US$", "euro": "€", "pound": "£", "yuan": "元"}
    return next((text + sign for word, sign in words.items() if word in fold(text)), text)
