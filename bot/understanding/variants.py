"""Which variants of a product the words mean: option by option ("the black M", "15 inch with 16GB", "24 or 27 inch").

Each option is read by itself: the values of it that the text names. A variant is meant when it has one of the values named of every option
that is spoken of, so that "XL, navy, full zip" is one variant or none, never the nearest one.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.lexicon import Value, lexicon, values
from bot.understanding.option_words import variant_words
from knowledge.attribute_names import concept_of, concepts_in
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.units import Dimension, quantities

_WHOLE = 2.0
"""From this score on a value is named as a whole, not by a part of its words."""
_SINGLE = re.compile(r"^[a-z0-9]{1,2}$")
_DENIED = re.compile(
    r"\b(?:not|without|except|non|no|anything but|all but|other than)\s+(?:(?:the|a|in|any)\s+)?[\w-]+(?:\s(?:g|kg|mg|mm|cm|m|ml|l|oz|lb|inch(?:es)?)\b)?|(?:不要|别要|不是|除了|非)[\u4e00-\u9fff]{1,3}",
    re.IGNORECASE,
)
"""What is not wanted names no variant."""
_YES, _NO = frozenset(["yes", "true", "有", "是", "带"]), frozenset(["no", "false", "none", "无", "没有", "否", "不带"])
_SIZES = frozenset(["xs", "xl", "2xl", "3xl", "4xl", "xxs", "xxl", "xxxl"])
_NUMBERED = re.compile(r"^(?:size\s*|eu\s*|us\s*|uk\s*)?\d+(?:\.\d+)?\s*[码号]?$")
_SIZE_SAID = re.compile(r"\bsize\s*\d+(?:\.\d+)?|(?<!\d)\d+(?:\.\d+)?\s*[码号]")
_HALF_SIZE = re.compile(r"(?<![\d.$€£¥])\d{1,2}\.5(?=\s*(?:$|[?,!]|in\b|please\b|available\b|码|号|的))")
"""Half a size said by itself, where there are whole ones: "do they do 10.5"."""
_BYTES = re.compile(r"^(\d{2,})\s?([gt])b$")
"""Of storage the letter of bytes, or the whole unit, is often left out: 128g, "the 256"."""
_LETTERED = re.compile(r"^(\d+[-/x×]\d+|\d{2,}[.]\d+)\s?[a-z]{1,2}$")
"""Figures that customers say without the letter: 11-32T."""
_LIMITED = re.compile(r"(?:under|below|over|above|than|about|around|to|max|within|不超过|低于|高于)\s*$")
_COUNTED = re.compile(
    r"\s*(?:dollars?|bucks|usd|eur|euros?|pounds?|quid|yuan|rmb|元|块|刀|pieces?|pcs|pairs?|sets?|packs?|of\b|days?|years?|个|件|%)"
)
_HAN = re.compile(r"[一-鿿]+")
_INCHES = re.compile(r"(?<=\d)\s?(?:\"|″|”|''|in\b|inches\b|-inch)")


@dataclass(frozen=True, slots=True)
class Meant:
    """`skus`: the variants that fit all that was said, () when no option is named or no variant fits; `named`: the option values named, one for
    each option, as the merchant writes them; `nearest`: where no variant has all of them, those that have most."""

    skus: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    concepts: frozenset[str] = frozenset()
    """The options that are spoken of by a value."""


def meant(text: str, product: Product, before: str = "") -> Meant:
    """The variants whose options stand in the text. `before`: the variant last spoken of, which holds for the options that are not named now."""
    if len(product.variants) < 2:
        return Meant()
    switched = _switched(text, product)
    titles = " ".join(fold(title) for title in product.title.values())
    denied = _Spoken.of(" ".join(_DENIED.findall(text)), titles)
    text = _DENIED.sub(" ", text)
    spoken = _Spoken.of(text, titles)
    rows = {variant.sku: {option.concept: option.words for option in variant_words(variant)} for variant in product.variants}
    options: dict[str, dict[tuple[str, ...], float]] = {}
    for row in rows.values():
        for concept, words in row.items():
            if words not in options.setdefault(concept, {}):
                options[concept][words] = max(spoken.score(word) for word in words)
    named: dict[str, list[tuple[str, ...]]] = {}
    for concept, scores in options.items():
        chosen = (
            [words for words in scores if fold(words[0]).strip() in switched[concept]] if concept in switched else _chosen(scores, spoken)
        )
        left = [words for words in scores if not any(denied.score(word) >= _WHOLE for word in words)]
        if not chosen and concept not in switched and 0 < len(left) < len(scores):
            chosen = left  # "not the 25 mm": all the others
        if chosen:
            named[concept] = chosen
    named |= _relative(text, options, named) | _plainest(text, options, named) | _next_to(text, rows.get(before, {}), options, named)
    named |= _by_beginning(spoken, options, named)
    concept_lacking, unknown = _unknown_amount(text, options, named)
    if not unknown:
        concept_lacking, unknown = _unknown_colour(text, product, options, named)
    if unknown:
        named[concept_lacking] = []
    if not named:
        return Meant()
    fitting = [sku for sku, row in rows.items() if all(row.get(concept) in chosen for concept, chosen in named.items())]
    values_named = tuple(chosen[0][0] for chosen in named.values() if chosen) + ((unknown,) if unknown else ())
    concepts = frozenset(named)
    if not fitting:
        shared = {sku: sum(row.get(concept) in chosen for concept, chosen in named.items()) for sku, row in rows.items()}
        best = max(shared.values())
        return Meant((), values_named, tuple(sku for sku, count in shared.items() if count == best), concepts)
    if len(fitting) > 1 and before in rows:
        kept = [sku for sku in fitting if all(rows[sku].get(c) == words for c, words in rows[before].items() if c not in named)]
        fitting = kept or fitting
    narrowed = len(fitting) < len(rows) or any(len(chosen) > 1 for chosen in named.values())
    return Meant(tuple(fitting) if narrowed else (), values_named, (), concepts)


_SMALLER = r"smaller|smallest|shorter|shortest|lower|lowest|lighter"
_LARGER = r"bigger|biggest|larger|largest|longer|longest|higher|highest"
_RELATIVE = re.compile(rf"\b(?:(?P<less>{_SMALLER})|{_LARGER})\s+(?P<of>[a-z]+)")
_RELATIVE_HAN = re.compile(r"(?:(?P<less>最?小)|最?大)(?P<of>的(?=$|[，,。？?呢吗那多有现])|号|瓶|包|罐|盒|袋|杯|份|款|规格|容量)")
_ANY_OPTION = frozenset(["one", "ones", "size", "version", "option", "model", "pack", "bottle", "bag", "box", "jar", "tin"])


def _relative(
    text: str, options: dict[str, dict[tuple[str, ...], float]], named: dict[str, list[tuple[str, ...]]]
) -> dict[str, list[tuple[str, ...]]]:
    """The smallest or largest value of an option that is an amount: "the smaller SSD", 大瓶."""
    folded = fold(text)
    said = _RELATIVE.search(folded) or _RELATIVE_HAN.search(folded)
    if said is None or re.search(r"\bthan\b|比", folded[: said.start()]):
        return {}  # "how much more than the smaller one" speaks of both
    word = said["of"]
    measured: dict[str, list[tuple[float, tuple[str, ...]]]] = {}
    for concept, held in options.items():
        amounts = [(quantities(fold(words[0])), words) for words in held]
        if concept not in named and len(held) > 1 and all(found and found[0].dimension is not Dimension.NUMBER for found, _ in amounts):
            measured[concept] = [(found[0].base_low, words) for found, words in amounts]
    general = not word.isascii() or word in _ANY_OPTION
    fitting = [
        concept
        for concept, rows in measured.items()
        if (general and len(measured) == 1) or concept_of(word) == concept or any(word in fold(words[0]).split() for _, words in rows)
    ]
    if len(fitting) != 1:
        return {}
    rows = sorted(measured[fitting[0]], key=lambda row: row[0])
    return {fitting[0]: [rows[0][1] if said["less"] else rows[-1][1]]}


_PLAINEST = re.compile(
    r"普通|标准|基础|常规|\b(?:regular|standard|basic|base|plain|normal|ordinary)\b|(?:不带|不是|非|not the|non)\s?-?(?:pro|plus|max)"
)


def _plainest(
    text: str, options: dict[str, dict[tuple[str, ...], float]], named: dict[str, list[tuple[str, ...]]]
) -> dict[str, list[tuple[str, ...]]]:
    """The value that all others only add to: "the standard one" of iPhone 16, 16 Pro and 16 Pro Max."""
    if not _PLAINEST.search(fold(text)):
        return {}
    found = {}
    for concept, held in options.items():
        least = min(held, key=lambda words: len(words[0]))
        if concept not in named and len(held) > 1 and all(_plain(fold(words[0])).startswith(_plain(fold(least[0]))) for words in held):
            found[concept] = [least]
    return found


_BEGINS = 2
"""Chinese characters that a value may be called by."""


def _by_beginning(
    spoken: "_Spoken", options: dict[str, dict[tuple[str, ...], float]], named: dict[str, list[tuple[str, ...]]]
) -> dict[str, list[tuple[str, ...]]]:
    """Chinese values called by how they begin, where no other one begins so: 骑行的 of 骑行套装 and 潜水套装, 明前多少 of 明前特级 and 雨前一级."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for concept, held in options.items():
        begins = {words: {w[:_BEGINS] for w in map(fold, words) if len(w) > _BEGINS and _HAN.fullmatch(w[:_BEGINS])} for words in held}
        for words, own in begins.items():
            others = {start for other, starts in begins.items() if other is not words for start in starts}
            if concept in named and words in named[concept]:
                continue
            if any(start not in others and start not in spoken.titles and _calls(start, spoken.folded) for start in own):
                found.setdefault(concept, list(named.get(concept, ()))).append(words)
    return found


def _calls(start: str, folded: str) -> bool:
    return re.search(rf"{start}(?=\s*(?:$|[的款版那呢和跟与比差多有还要来贵便几啥什，,。？?!！]))", folded) is not None


_NEXT = re.compile(
    r"\b(?:next|one|a)\s+(?:one\s+|size\s+|step\s+)?(?:(?P<up>up|bigger|larger|heavier|longer)|(?P<down>down|smaller|lighter|shorter))\b|(?P<zh_up>[大重长高]一[号码档级])|(?P<zh_down>[小轻短低]一[号码档级])"
)
_LETTERS = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")


def says_next(text: str) -> bool:
    """Whether it asks for the size next to the one spoken of."""
    return bool(_NEXT.search(fold(text)))


def _next_to(
    text: str, now: dict[str, tuple[str, ...]], options: dict[str, dict[tuple[str, ...], float]], named: dict[str, list[tuple[str, ...]]]
) -> dict[str, list[tuple[str, ...]]]:
    """The value next to that of the variant spoken of, of the one option that can be put in order: "the next size up", 大一号."""
    said = _NEXT.search(fold(text))
    if said is None:
        return {}
    ordered: dict[str, list[tuple[str, ...]]] = {}
    for concept, held in options.items():
        places = {words: _place(fold(words[0])) for words in held}
        if concept not in named and concept in now and len(held) > 1 and all(place is not None for place in places.values()):
            ordered[concept] = sorted(held, key=lambda words: places[words] or 0.0)
    if len(ordered) != 1:
        return {}
    ((concept, row),) = ordered.items()
    at = row.index(now[concept]) + (1 if said["up"] or said["zh_up"] else -1)
    return {concept: [row[at]]} if 0 <= at < len(row) else {}


def _place(value: str) -> float | None:
    """Where a value stands among its like: by its amount, figure or letter size; None where it has none."""
    if value.strip() in _LETTERS:
        return float(_LETTERS.index(value.strip()))
    found = quantities(value)
    return found[0].base_low if found else None


def _unknown_amount(
    text: str, options: dict[str, dict[tuple[str, ...], float]], named: dict[str, list[tuple[str, ...]]]
) -> tuple[str, str]:
    """An amount asked of an option that has other ones: "32GB RAM" of a laptop with 8 or 16, "size 50" of a shoe up to 46."""
    for match in _MEASURE.finditer(fold(text)[:500]):
        for concept, held in options.items():
            if concept not in named and all(measures_in(fold(words[0])) for words in held):
                return concept, text[match.start() : match.end(5 if match[5] else 3)]  # 8x10 of a rug in 5x8
    if not quantities(fold(text)[:500]):
        return "", ""
    asked = {concept for concept, _, _ in concepts_in(text[:500], every_name=True)}
    for concept, held in options.items():
        numbered = all(_NUMBERED.match(fold(words[0])) for words in held)
        half = _HALF_SIZE.search(fold(text)) if numbered else None
        if half is not None and concept not in named:
            return concept, half.group()
        if concept in named or concept not in asked:
            continue
        said = _SIZE_SAID.search(fold(text)) if numbered else None
        if said:
            return concept, said.group().strip()
        kinds = {found[0].dimension if (found := quantities(fold(words[0]))) else Dimension.NUMBER for words in held}
        if len(kinds) == 1 and Dimension.NUMBER not in kinds:
            for q in quantities(fold(text)[:500]):
                if q.dimension in kinds:
                    return concept, text[q.start : q.end].strip()
    return "", ""


def _unknown_colour(
    text: str, product: Product, options: dict[str, dict[tuple[str, ...], float]], named: dict[str, list[tuple[str, ...]]]
) -> tuple[str, str]:
    """A colour in the text that is none of those it comes in, where all of these are known."""
    held = options.get("colour")
    if held is None or "colour" in named:
        return "", ""
    own = [values().by_word.get(fold(word).strip()) for words in held for word in words]
    titles = " ".join(fold(title) for title in product.title.values())
    for hit in values().phrases.find(text):
        if hit.value.kind == "colour" and all(own) and hit.value not in own and text[hit.start : hit.end].casefold() not in titles:
            return "colour", text[hit.start : hit.end]
    return "", ""


def variant_in(text: str, product: Product) -> str | None:
    """The SKU of the one variant whose options stand in the text ("the black M", "512GB"); None when none or several fit."""
    found = meant(text, product).skus
    return found[0] if len(found) == 1 else None


def _switched(text: str, product: Product) -> dict[str, frozenset[str]]:
    """Options that a variant has or has not, by their concept: "without logo" is No of Logo, "with logo" Yes."""
    found: dict[str, frozenset[str]] = {}
    folded = fold(text)
    for name in dict.fromkeys(option.name for variant in product.variants for option in variant.options):
        values_ = {fold(o.value).strip() for v in product.variants for o in v.options if o.name == name}
        if not values_ <= _YES | _NO:
            continue
        at = folded.find(fold(name).strip())
        if at < 0:
            # "water resistant" speaks of the option "water resistance".
            at = next((start for concept, start, _ in concepts_in(text[:500], every_name=True) if concept == concept_of(name)), -1)
        if at < 0:
            continue
        denied = re.search(r"(?:\b(?:without|no|not|non)\b[\s-]*(?:(?:a|an|the|any)\s+)?|不要|不带|没有?|无)$", folded[:at])
        found[concept_of(name) or fold(name)] = _NO if denied else _YES
    return found


def _chosen(scores: dict[tuple[str, ...], float], spoken: "_Spoken") -> list[tuple[str, ...]]:
    """The values of one option that are named: those named as a whole, without what only a part of a longer one says; else the best by parts."""
    whole = [words for words, score in scores.items() if score >= _WHOLE]
    if len(whole) > 1:
        return _told_apart(whole, spoken)
    if whole:
        return whole
    best = max(scores.values(), default=0.0)
    partly = [words for words, score in scores.items() if score == best]
    # A word that all values share ("screw base" of "E27 screw base") chooses none.
    return partly if best > 0 and len(partly) < len(scores) else []


def _told_apart(whole: Sequence[tuple[str, ...]], spoken: "_Spoken") -> list[tuple[str, ...]]:
    """Of several values named as a whole those that stand there word for word, the longest first, and those of the others that what is left of
    the text names, too: "blue and light blue" are two, "light blue" is one; of JJ级 2斤 and JJJ级 2斤 each is its own, though both weigh 2斤."""
    left, verbatim = spoken.folded, []
    for words in sorted(whole, key=lambda words: -len(_plain(fold(words[0])))):
        for word in words:
            pattern = _SPACED.join(map(re.escape, _plain(fold(word))))
            if pattern and _stands_whole(pattern, left):
                left = re.sub(_bounded(pattern), " | ", left)
                verbatim.append(words)
                break
    if verbatim:
        rest = _Spoken.of(left, spoken.titles)
        also = [words for words in whole if words not in verbatim and any(rest.score(word) >= _WHOLE for word in words)]
        return [words for words in whole if words in verbatim or words in also]
    return [words for words in whole if not any(other is not words and _within(words, other) for other in whole)]


def _within(words: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one value is a part of the other: "Wi-Fi" of "Wi-Fi + Cellular", "blue" of "light blue"."""
    return any(a != b and len(a) < len(b) and _plain(a) in _plain(b) for a, b in zip(map(fold, words), map(fold, other), strict=False))


_SPACED = r"[\s\-_/+&.,]*"


def _bounded(pattern: str) -> str:
    """The pattern with no further figure or Latin letter at either end: JJ级 not in JJJ级, 5斤 not in 15斤."""
    before = r"(?<![a-z0-9.])" if pattern[:1].isascii() else ""
    after = r"(?![a-z0-9])" if pattern[-1:].isascii() else ""
    return f"{before}{pattern}{after}"


def _stands_whole(pattern: str, text: str) -> bool:
    return re.search(_bounded(pattern), text) is not None


def _singular(part: str) -> str:
    return part[:-1] if re.search(r"[a-z]{2}s$", part) and not part.endswith("ss") else part


def _plain(text: str) -> str:
    return re.sub(r"[\s\-_/+&.,]+", "", text)


def _short_forms(value: str) -> set[str]:
    """How a value of Latin words and figures is said in short: 16pm and "pro max" for "iPhone 16 Pro Max", 12+256 for "12GB+256GB"."""
    words = re.findall(r"[a-z]+|\d+(?:\.\d+)?[a-z]*|[a-z]+\d+", value)
    out = {"".join(words[at:]) for at in range(1, len(words)) if len(words) - at > 1}
    for at, word in enumerate(words):
        following = list(itertools.takewhile(str.isalpha, words[at + 1 :]))
        if re.search(r"\d", word) and following:
            out.add(word + "".join(name[0] for name in following))
    figures = re.findall(r"(\d+)\s?[a-z]*(?=\s?\+|$)", value)
    return out | ({"+".join(figures)} if "+" in value and len(figures) > 1 else set())


def _shade(value: str) -> Value | None:
    """The colour that a Chinese shade is one of: 绿 of 抹茶绿, 棕 of 焦糖棕, 灰 of 深空灰色."""
    last = value.removesuffix("色")[-1:]
    known = values().by_word.get(last) if len(value) > 1 else None
    return known if known is not None and known.kind == "colour" else None


_LENGTHS = {"mm": 1.0, "毫米": 1.0, "cm": 10.0, "厘米": 10.0, "公分": 10.0, "m": 1000.0, "米": 1000.0, "in": 25.4, "inch": 25.4, "inches": 25.4,
            "英寸": 25.4, "ft": 304.8, "foot": 304.8, "feet": 304.8, "英尺": 304.8, "'": 304.8, '"': 25.4}  # fmt: skip
_SIDE = r"(\d+(?:\.\d+)?)(?:\s*(mm|毫米|cm|厘米|公分|m|米|inches|inch|in|英寸|ft|feet|foot|英尺|['\"])(?![a-z]))?"
_TIMES = r"\s*(?:x|×|\*|乘以?|\bby\b)\s*"
_MEASURE = re.compile(rf"(?<![\d.]){_SIDE}{_TIMES}{_SIDE}(?:{_TIMES}{_SIDE})?(?![\d.])")


def measures_in(folded: str) -> list[tuple[tuple[float, ...], ...]]:
    """What is measured by its sides in a folded text, "5 x 8 ft", "1.5米*2米", "150 by 200": of each the figures as written, and in
    millimetres where a unit stands there."""
    out: list[tuple[tuple[float, ...], ...]] = []
    for match in _MEASURE.finditer(folded):
        groups = match.groups()
        figures = tuple(float(figure) for figure in groups[::2] if figure)
        units = [unit for figure, unit in zip(groups[::2], groups[1::2], strict=True) if figure]
        last = next((unit for unit in reversed(units) if unit), None)
        real = tuple(round(f * _LENGTHS[unit or last], 1) for f, unit in zip(figures, units, strict=True)) if last else ()
        out.append((figures, real) if real and real != figures else (figures,))
    return out


_SIZE_FIRST = re.compile(r"(x{0,3}[sl]|m|[2-6]xl)(?=[\s(（:：/]|[㐀-鿿])")
"""A size with what it means: "M 60×40 cm"."""


_FIGURES = {
    word: 3 + place for place, word in enumerate(["three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])
} | {"twenty": 20}
_IN_WORDS = re.compile(
    rf"(?<=\bthe )(?:{'|'.join(_FIGURES)})\b|\b(?:{'|'.join(_FIGURES)})(?=[ -](?:inch|cups?|quarts?|qt|pounds?|lbs?|kg|kilos?|oz|ounces?|cm|mm|lit(?:re|er)s?|packs?|piece|person|slice)\b)"
)
"""Figures in words that stand for a size: "the twelve", "six quart"; not "a family of four"."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A text made ready to look option values up in."""

    text: str
    folded: str
    squeezed: str
    joined: frozenset[str]
    """Words, and neighbouring words written as one: "wi-fi", "wi fi" and "wifi" are the same."""
    known: frozenset[str]
    """Ids of the colours, materials and sizes named."""
    titles: str
    amounts: frozenset[tuple[Dimension, float]]
    """Amounts with a unit, in base units: "80毫升" and "80ml" are the same."""
    measures: frozenset[tuple[float, ...]]
    """Figures that are multiplied, "5x8", "150 by 200": as said, and in millimetres where a unit is."""

    @staticmethod
    def of(text: str, titles: str) -> "_Spoken":
        folded = _INCHES.sub(" inch", _IN_WORDS.sub(lambda m: str(_FIGURES[m[0]]), fold(text)))
        words = re.findall(r"[a-z0-9.]+", folded)
        joined = {"".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, min(a + 5, len(words) + 1))}
        hits = values().phrases.find(text)
        return _Spoken(
            text,
            folded,
            re.sub(r"\s+", "", folded),
            frozenset(joined),
            frozenset(hit.value.id for hit in hits),
            titles,
            frozenset((q.dimension, q.base_low) for q in quantities(folded[:500]) if q.dimension is not Dimension.NUMBER),
            frozenset(row for measure in measures_in(folded[:500]) for row in measure),
        )

    def score(self, word: str) -> float:
        """How surely the text names this option value; 0 when it does not."""
        value = fold(word).strip()
        if not value:
            return 0.0
        if (_SINGLE.match(value) and not value.isdigit()) or value in _SIZES:
            return self._size(value)
        known: Value | None = values().by_word.get(value)
        if known is not None and known.id in self.known:
            return 2.0
        lettered = _SIZE_FIRST.match(value)
        if lettered and self._size(lettered[1]):
            return 2.0
        said = self._latin(value) if value.isascii() else self._chinese(value)
        return said if said >= _WHOLE else max(said, self._amount(value))

    def _amount(self, value: str) -> float:
        sides = measures_in(value)
        if len(sides) == 1 and self.measures:
            return 2.5 if self.measures.intersection(sides[0]) else 0.0
        if len(sides) == 1:
            return 1.8 if self._stands_as_size(f"{sides[0][0][0]:g}") else 0.0  # "the 60" of 60 x 30 in
        held = [q for q in quantities(value) if q.dimension is not Dimension.NUMBER and q.base_low == q.base_high]
        if len(held) > 1:  # "6 cups, 300 ml"
            return 2.2 if any((q.dimension, q.base_low) in self.amounts for q in held) else 0.0
        if len(held) != 1:
            return 0.0
        if (held[0].dimension, held[0].base_low) in self.amounts:
            return 2.5
        figure = value[held[0].start : held[0].end].rstrip("abcdefghijklmnopqrstuvwxyz升克米毫千斤两 ")
        return 1.8 if self._stands_as_size(figure) else 0.0

    def _stands_as_size(self, figure: str) -> bool:
        alone = re.finditer(rf"(?<![\d.,$€£¥]){re.escape(figure)}(?![\d.,]*\d)", self.folded) if figure else ()
        return any(self._is_size(match) for match in alone)

    def _is_size(self, match: re.Match[str]) -> bool:
        """A figure without a unit that stands for a size: "the 160 in stock?", 150的. A small one counts pieces unless it is pointed at."""
        after = self.folded[match.end() :]
        if re.search(r"(?:under|below|over|above|less than|more than|within|up to|不超过|低于|高于)\s*$", self.folded[: match.start()]):
            return False
        if re.match(r"\s*(?:$|[的呢?？,，宽长高厚深床那这]|one\b|version\b)", after):
            return True
        large = len(match.group()) > 1 and not _LIMITED.search(self.folded[: match.start()])
        return large and bool(re.match(r"\s", after)) and not _COUNTED.match(after)

    def _size(self, value: str) -> float:
        if value in _SIZES and value in self.joined:
            return 2.0
        pattern = (
            rf"(?<![A-Za-z0-9'’-]){re.escape(value.upper())}(?![A-Za-z0-9'’-])|\bsize {re.escape(value)}\b|(?<![a-z]){re.escape(value)}码"
        )
        if re.search(pattern, self.text) or re.search(pattern, self.folded):
            return 2.0
        if value.isalpha() and len(value) == 1:
            # A letter in lower case stands alone, and not after a figure ("2 l") or before a verb ("i m looking").
            return 2.0 if value in "sml" and re.search(rf"(?<![\w'’-])(?<!\d\s)(?<!\bi\s){value}(?![\w'’-])", self.folded) else 0.0
        return 2.5 if value in self.joined and re.search(r"\d", value) else 0.0

    def _latin(self, value: str) -> float:
        if re.search(rf"(?<![a-z0-9.]){re.escape(value)}(?![a-z0-9]|\.\d)", self.folded):
            return 2.5
        bytes_ = _BYTES.match(value)
        if bytes_ and re.search(rf"(?<![0-9.-]){bytes_[1]}\s?{bytes_[2]}?(?![0-9a-z])", self.folded):
            return 2.2
        figures = _LETTERED.match(value)
        if figures and re.search(rf"(?<![0-9.-]){re.escape(figures[1])}(?![0-9a-z-])", self.folded):
            return 2.0
        value = _INCHES.sub(" inch", value)
        bare = _plain(value) if "." not in value else re.sub(r"[\s\-_/+&,]+", "", value)
        if len(bare) > 1 and bare in self.joined:
            return 2.5
        if re.search(r"\d", bare) and re.search(rf"(?<![0-9.]){re.escape(bare)}(?![a-z0-9])", self.squeezed):
            return 2.5
        if (short := _short_forms(value)) & self.joined or any(form in self.squeezed for form in short if "+" in form):
            return 2.2
        parts = [part for part in re.findall(r"[a-z]{2,}|\d+(?:\.\d+)?(?:\s?[a-z]+)?", value) if part not in self.titles]
        hits = sum(1 for part in parts if part not in lexicon().plain["fillers"] and self._holds(part))
        # Of "Pro" and "Pro Max" the one of which more was said.
        return 1.5 * hits / len(parts) + 0.01 * hits if parts else 0.0

    def _holds(self, part: str) -> bool:
        if re.search(rf"(?<![a-z0-9.]){re.escape(_singular(part))}s?(?![a-z0-9]|\.\d)", self.folded):
            return True
        bytes_ = _BYTES.match(part)
        return bool(bytes_ and re.search(rf"(?<![0-9.-]){bytes_[1]}\s?{bytes_[2]}?(?![0-9a-z])", self.folded))

    def _stands(self, part: str) -> bool:
        """Whether a part of a value stands in the text, its figures whole: 10 not in 100."""
        return bool(re.search(rf"(?<![\d.]){re.escape(part)}(?![\d.%])" if part[0].isdigit() else re.escape(part), self.folded))

    def _chinese(self, value: str) -> float:
        plain = re.sub(r"\s+", "", value)
        if plain in self.squeezed and _stands_whole(r"\s*".join(map(re.escape, plain)), self.folded):
            return 2.5
        stem = re.sub(r"[色码款]$", "", plain)
        if (shade := _shade(plain)) is not None and shade.id in self.known:
            return 1.7
        if stem and re.search(rf"{re.escape(stem)}[色码款的]", self.squeezed):
            return 2.0
        for piece in _HAN.findall(value):
            known = values().by_word.get(piece)
            own = re.sub(r"[色码款]$", "", piece)
            if len(piece) < 2 and re.search(r"\d", value):
                own = ""  # 宽 of 宽1.5米
            # "黑 black" is meant by 黑的 as by 黑色.
            if (known is not None and known.id in self.known) or (
                own and re.search(rf"(?<![一-鿿]){re.escape(own)}[色码款的]", self.squeezed)
            ):
                return 2.0
        parts = [part for part in re.split(r"[\s,，/、]+", value) if len(part) >= 2 and part not in self.titles]
        hits = sum(1 for part in parts if self._stands(part) or (re.sub(r"\s", "", part) in self.squeezed and not re.search(r"\d", part)))
        return 1.5 * hits / len(parts) if parts and hits else 0.0
