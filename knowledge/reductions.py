"""How much a reduction takes off, read from its words: 满199减20, "3 for 2", 第二件半价, "20% off two or more", "£10 off orders over £80".

Amounts are in minor units of the goods' currency. What is not read with certainty gives no reduction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from knowledge.folding import fold

_N = r"(\d{1,6}(?:,\d{3})*(?:\.\d+)?)"
_SIGN = r"(?:[$€£¥￥]|(?:usd|eur|gbp|cny|rmb)\s)?\s?"
_UNIT = r"\s?(?:元|块|euros?|dollars?|pounds?|yuan|usd|eur|gbp|cny|bucks)?"
_COUNT = r"(\d|[一二两三四五六]|one|two|three|four|five)"
_WORDS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
}
_TIER = re.compile(rf"满\s?{_SIGN}{_N}{_UNIT}\s?(?:立?减|减去|优惠)\s?{_SIGN}{_N}(?!\s?[%％件个折])")
_OFF_OVER = (
    re.compile(rf"{_SIGN}{_N}{_UNIT} off\b[^.;]{{0,60}}?\b(?:of|over|from|above|at least|when you spend|if you spend)\s(?:an? |the )?{_SIGN}{_N}(?!\s?%)"),
    re.compile(rf"\bspend\s{_SIGN}{_N}{_UNIT}[^.;]{{0,24}}?\b(?:save|get|take)\s{_SIGN}{_N}(?!\s?%)"),
)  # fmt: skip
_SECOND_HALF = re.compile(
    r"第[二2][件个双份瓶盒本条只袋]?\s?半价|\b(?:second|2nd)(?: one| item| piece| pair| pillow| [a-z]+)?,? (?:is |at |for |comes at )?half[- ]price|\bhalf[- ]price (?:on )?(?:the |your )?(?:second|2nd)\b|\b(?:second|2nd)(?: one| item| piece| pair)? (?:is |at )?50 ?% off"
)
_SECOND_TENTHS = re.compile(r"第[二2][件个双份瓶盒本条只袋]?\s?([1-9](?:\.\d)?)\s?折")
_N_FOR_M = re.compile(rf"(?<![\d.]){_COUNT} for (?:the price of )?{_COUNT}\b(?!\s?[%€$£])")
_BUY_GET = re.compile(
    rf"\bbuy (?:any )?{_COUNT}(?: [a-z]+)?,? (?:and )?get (?:a|one|1|the [a-z]+)(?: [a-z]+)? (?:for )?free\b|买\s?{_COUNT}[件个双份盒瓶袋包]?\s?[送赠]\s?[一1](?![份个]?(?:小|赠品|礼))"
)
_PERCENT = re.compile(
    r"(?<![\d.])(\d{1,2}(?:\.\d)?)\s?(?:%|percent|per cent)\s?(?:off|discount|less|cheaper|reduction)\b|减\s?(\d{1,2}(?:\.\d)?)\s?%"
)
_TENTHS = re.compile(r"(?<![\d.第])([1-9](?:\.?[1-9])?)\s?折")
_MANY = r"(\d{1,3}|[一二两三四五六]|one|two|three|four|five|six|ten)"
_PIECES = re.compile(
    rf"(?<![$€£¥\d.,] )(?<![$€£¥\d.,]){_MANY} ?(?:or more\b|\+)|\b(?:from|at least|when you buy|if you buy) {_MANY}\b(?!\s?[%€$£\d.,])|(?<![\d.]){_MANY} (?:pieces|items|units|pcs|pairs|packs|bottles|boxes)\b"
    rf"|(?<![第\d]){_MANY}\s?[件个双份盒瓶条包袋](?!月)"
)
_SPENT = re.compile(
    rf"\b(?:over|above|from|spend|spending|at least|minimum(?: order)?(?: of)?|of)\s(?:an? )?(?:[$€£¥￥]|(?:usd|eur|gbp|cny)\s)\s?{_N}|满\s?{_SIGN}{_N}{_UNIT}(?!\s?[件个双])"
)


@dataclass(frozen=True, slots=True)
class Reduction:
    """One of: `percent` off all; `amount` off all; of every `group` pieces the cheapest at `percent` off. From `minimum` (minor units) and
    from `pieces` on."""

    percent: Decimal = Decimal(0)
    amount: int = 0
    group: int = 0
    minimum: int = 0
    pieces: int = 0

    def off(self, prices: Sequence[int]) -> int:
        """What is taken off these prices, one for each piece; minor units."""
        whole = sum(prices)
        if not prices or whole < self.minimum or len(prices) < self.pieces:
            return 0
        if self.group:
            if len(prices) // self.group > 1:
                return 0 if len(set(prices)) > 1 else _part(self.percent, prices[0]) * (len(prices) // self.group)
            return _part(self.percent, min(prices)) if len(prices) >= self.group else 0
        return min(self.amount, whole) if self.amount else _part(self.percent, whole)


def reductions_in(text: str, per_major: int = 100) -> tuple[Reduction, ...]:
    """The reductions that a text grants; several tiers (满199减20，满399减50) are several. () where it words none, or more than is surely read.
    `per_major`: minor units in one of the currency."""
    folded = fold(text)
    tiers = [Reduction(amount=_minor(less, per_major), minimum=_minor(least, per_major)) for least, less in _TIER.findall(folded)]
    tiers += [Reduction(amount=_minor(less, per_major), minimum=_minor(least, per_major)) for less, least in _OFF_OVER[0].findall(folded)]
    tiers += [Reduction(amount=_minor(less, per_major), minimum=_minor(least, per_major)) for least, less in _OFF_OVER[1].findall(folded)]
    grouped: list[Reduction] = []
    if _SECOND_HALF.search(folded):
        grouped.append(Reduction(percent=Decimal(50), group=2))
    grouped += [Reduction(percent=100 - Decimal(tenths) * 10, group=2) for tenths in _SECOND_TENTHS.findall(folded)]
    grouped += [
        Reduction(percent=Decimal(100), group=_count(take))
        for take, pay in _N_FOR_M.findall(folded)
        if _count(take) == _count(pay) + 1 and _count(pay)
    ]
    grouped += [Reduction(percent=Decimal(100), group=_count(a or b) + 1) for a, b in _BUY_GET.findall(folded)]
    percents = {Decimal(a or b) for a, b in _PERCENT.findall(folded)}
    if not grouped:
        percents |= {100 - (Decimal(said) if "." in said else Decimal(said.ljust(2, "0")) / 10) * 10 for said in _TENTHS.findall(folded)}
    plain = (
        [Reduction(percent=next(iter(percents)), minimum=_least(folded, per_major), pieces=_from_pieces(folded))]
        if len(percents) == 1
        else []
    )
    kinds = [found for found in (tiers, grouped, plain) if found]
    if len(kinds) != 1 or len(percents) > 1 or len(grouped) > 1:
        return ()
    return tuple(r for r in kinds[0] if r.amount < r.minimum or not r.amount)


def taken_off(reductions: Sequence[Reduction], prices: Sequence[int]) -> int:
    """The most that one of the tiers takes off the prices of these pieces."""
    return max((reduction.off(prices) for reduction in reductions), default=0)


def _part(percent: Decimal, amount: int) -> int:
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def _minor(said: str, per_major: int) -> int:
    return int(Decimal(said.replace(",", "")) * per_major)


def _count(said: str) -> int:
    return _WORDS.get(said) or (int(said) if said.isdigit() else 0)


def _least(folded: str, per_major: int) -> int:
    found = _SPENT.search(folded)
    return _minor(next(filter(None, found.groups())), per_major) if found is not None else 0


def _from_pieces(folded: str) -> int:
    found = _PIECES.search(folded)
    return _count(next(filter(None, found.groups()))) if found is not None else 0
