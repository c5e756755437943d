""" "The lightest", "the longest battery life", "brighter than": extremes and comparisons of what the catalog measures."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.fact_table import FactTable, ProductFacts
from bot.answering.mentions import Sentence
from bot.answering.shop_table import figure_of

Bind = Callable[[int, int], tuple[frozenset[str], bool]]


@dataclass(frozen=True, slots=True)
class _Measure:
    concepts: frozenset[str]
    most: re.Pattern[str]
    least: re.Pattern[str]
    more: re.Pattern[str]
    fewer: re.Pattern[str]


def _measure(concepts: str, most: str, least: str, more: str, fewer: str) -> _Measure:
    return _Measure(frozenset(concepts.split()), *(re.compile(p) for p in (most, least, more, fewer)))


_NEVER = r"(?!x)x"
_MEASURES = (
    _measure(
        "weight",
        r"\bheaviest\b|最重(?!要)",
        r"\blightest\b|lightest[- ]weight|最轻",
        r"\bheavier than\b|比[^,。]{2,30}(?:更)?重",
        r"\blighter than\b|比[^,。]{2,30}(?:更)?轻",
    ),
    _measure(
        "battery_life",
        r"longest[- ](?:lasting|battery|run|playing|playtime)|lasts? (?:the )?longest|(?:the )?best battery|most battery|续航(?:时间)?(?:是)?最|最(?:持久|耐用|长续航|长的续航)|用得最久",
        r"shortest (?:battery|run|play)|续航(?:时间)?最短",
        r"lasts? longer than|longer battery life than|续航比[^,。]{2,30}(?:更)?长|比[^,。]{2,30}续航(?:更|时间)?(?:更)?长",
        r"shorter battery life than",
    ),
    _measure("brightness", r"\bbrightest\b|最亮", r"\bdimmest\b|最暗", r"\bbrighter than\b|比[^,。]{2,30}更?亮", r"\bdimmer than\b"),
    _measure(
        "noise",
        r"\bloudest\b|最吵",
        r"\bquietest\b|most silent|最(?:安静|静音)|噪音最[小低]",
        r"\bnoisier than\b|\blouder than\b",
        r"\bquieter than\b|比[^,。]{2,30}更?安静",
    ),
    _measure(
        "capacity",
        r"\b(?:largest|biggest|roomiest)\b(?! cube)|(?:largest|highest|most) capacity|容量最大|最大(?:的|容量)|最能装",
        r"\bsmallest\b|容量最小|最小的",
        r"\b(?:larger|bigger|roomier) than\b|比[^,。]{2,30}更?大(?!方)",
        r"\bsmaller than\b",
    ),
    _measure(
        "power",
        r"most powerful|strongest motor|highest power|功率最[大高]|最强劲",
        r"least powerful|功率最[小低]",
        r"more powerful than|比[^,。]{2,30}功率更?[大高]",
        r"less powerful than",
    ),
    _measure("warranty", r"longest warranty|保修(?:期)?最长", r"shortest warranty|保修(?:期)?最短", r"longer warranty than", _NEVER),
    _measure("thickness", r"\bthickest\b|最厚", r"\bthinnest\b|最薄", r"\bthicker than\b", r"\bthinner than\b"),
    _measure(
        "charging_time",
        r"slowest to charge|slowest charging|充电最慢",
        r"fastest to charge|fastest charging|charges? (?:the )?fastest|充电最快",
        r"charges? slower than",
        r"charges? faster than|充电比[^,。]{2,30}更?快",
    ),
    _measure("boil_time", _NEVER, r"boils? (?:the )?fastest|fastest to boil|烧水最快|烧得最快", _NEVER, r"boils? faster than"),
)
_ANY = re.compile("|".join(p.pattern for m in _MEASURES for p in (m.most, m.least, m.more, m.fewer)))
_NO = re.compile(r"\bnot\b|n't\b|\bno\b|不是|并非|不算|没有")
_IN_SHOP = re.compile(r"\bin (?:the|our) (?:shop|store|range)\b|\bwe (?:have|sell|carry|offer)\b|店里|店内|全店|本店")
_AMONG = re.compile(
    r"of (?:the|these|those|them|your)\b|\bamong\b|\bbetween\b|these (?:two|three)|two\b|three\b|其中|之中|里面|这[几两三]|两者|[两三]款"
)


def superlative_violations(sentence: Sentence, table: FactTable, bind: Bind) -> list[tuple[str, str]]:
    """(kind, words) of every extreme or comparison that what is stated does not bear out."""
    folded = sentence.folded
    if not _ANY.search(folded) or "?" in folded:
        return []
    found: list[tuple[str, str]] = []
    flat = [group for _, _, groups in sentence.units for group in groups]
    for measure in _MEASURES:
        for pattern, best in ((measure.most, max), (measure.least, min)):
            match = pattern.search(folded)
            if match is None or _NO.search(folded[max(0, match.start() - 16) : match.start()]):
                continue
            products, named = bind(match.start(), match.end())
            own = {p for p in products if p in table.products}
            if not own or len(own) > 3 or (not named and len(own) > 1):
                continue
            values = [v for p in own if (v := value_of(table.products[p], measure.concepts, best)) is not None]
            rivals = _rivals(own, sentence, table, measure, best)
            if not values or (rivals and best([best(values), *rivals]) != best(values)):
                found.append(("figure", match.group()))
        for pattern, more in ((measure.more, True), (measure.fewer, False)):
            match = pattern.search(folded)
            if match is None or len(flat) != 2 or _NO.search(folded[max(0, match.start() - 16) : match.start()]):
                continue
            one, other = (
                [v for p in group if p in table.products and (v := value_of(table.products[p], measure.concepts, max)) is not None]
                for group in flat
            )
            if one and other and not (max(one) > max(other) if more else max(one) < max(other)):
                found.append(("figure", match.group()))
    return found


def _rivals(own: set[str], sentence: Sentence, table: FactTable, measure: _Measure, best: Callable[..., float]) -> list[float]:
    """What the others are: those spoken of together where the words say so or the customer set conditions, else all of the kind."""
    among: set[str] = set()
    if not _IN_SHOP.search(sentence.folded) and (_AMONG.search(sentence.folded) or table.conditioned):
        among = {p for m in sentence.mentions if m.own for p in m.products} | set(table.asked) | set(table.found)
        kinds = {path for p in own for path in table.shop.paths_of(p)}
        among = {p for p in among if p in table.products and (p in own or kinds & set(table.shop.paths_of(p)))}
        return [v for p in among if (v := value_of(table.products[p], measure.concepts, best)) is not None]
    return [v for p in own for v in table.shop.measured(p, measure.concepts, best)]


def value_of(facts: ProductFacts, concepts: frozenset[str], best: Callable[..., float]) -> float | None:
    """The product's figure for a measure; None where it states none."""
    return figure_of(facts.product, concepts, best)
