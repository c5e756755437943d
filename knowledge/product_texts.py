"""Attributes held against what the text of the same product says, and against the same attribute in another language."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from knowledge.attribute_names import concept_of, concepts_in
from knowledge.catalog import Attribute, Product
from knowledge.folding import fold
from knowledge.phrases import stem, tokens
from knowledge.said import Contradiction, Place
from knowledge.store import Document
from knowledge.units import Dimension, Quantity, quantities

SLACK = 0.03
"""Share by which two statements of an amount may differ: rounding between unit systems."""
_LINK = re.compile(
    r"[\s:：=,~≈-]*(?:(?:of|is|are|was|:|about|around|approx(?:imately)?\.?|approx\.|ca\.?|only|just|roughly|nearly|almost|a|an|mere|up to|at|大约|约为|约|仅为|仅|只有|为|是|达到|达|高达|有|重|左右)[\s:：~≈]*){0,3}",
    re.IGNORECASE,
)
_VERBS: tuple[tuple[str, str, Dimension], ...] = (
    ("weight", r"\b(?:weighs?|weighing|weighed)\b|净重|(?<![重承载负体限])重(?![量力要复新叠])", Dimension.MASS),
    ("capacity", r"\bholds\b|容量", Dimension.VOLUME),
    ("power", r"\brated at\b|功率", Dimension.POWER),
)
"""Ways to state a property without its name."""
_BOUND = re.compile(
    r"(?:under|less than|below|at most|over|more than|above|at least|up to|max\w*|min\w*|不到|不足|以内|超过|至少|以上|最[大高多长])\W*$",
    re.IGNORECASE,
)
_BOUND_BEHIND = re.compile(r"\s?(?:以内|以下|以上|或以上|or (?:less|more|under|over))")
_NOT_ITSELF = re.compile(
    r"\b(?:net|gross|shipping|package|packed|packaged|total|max|maximum|minimum|lid|base|cup|each|per|user|body|load|carton|gift|combined|fill|filling|case|spare|battery|cable)\W*$"
    r"|(?:毛|净|总|最大|单|每|盖|底座|包装|箱|人|体|承|载|负|填充|充电盒|电池|单只|单个)$",
    re.IGNORECASE,
)
"""Before a property's name: it is that of a part, a package or a load."""
_OWN_EN = frozenset(
    [
        "the",
        "its",
        "a",
        "an",
        "it",
        "this",
        "that",
        "which",
        "and",
        "has",
        "have",
        "with",
        "of",
        "at",
        "overall",
        "item",
        "product",
        "only",
        "whole",
        "is",
        "thing",
        "generous",
    ]
)
_OWN_ZH = re.compile(r"(?:其|的|它|整体|整机|本品|产品|商品|全|机身|额定|标称|而且|并且|仅|约|且|和)$")
"""What may stand before a property of the product itself."""
_TITLE = {"capacity": Dimension.VOLUME, "power": Dimension.POWER, "voltage": Dimension.VOLTAGE, "battery_capacity": Dimension.CHARGE}
"""Properties of which a title names only the product's own."""
_FIBRE = re.compile(
    r"100\s?%\s?(?P<en>organic\s|pure\s|merino\s|recycled\s|natural\s)*(?P<fibre>cotton|wool|polyester|linen|silk|cashmere|nylon|viscose|bamboo|hemp|acrylic|leather)\b"
    r"|100\s?%\s?(?:纯|优质|天然|有机|新疆|美利奴)*(?P<zh>棉|羊毛|聚酯纤维|涤纶|亚麻|真丝|桑蚕丝|蚕丝|羊绒|锦纶|尼龙|粘胶|腈纶|牛皮|真皮)",
    re.IGNORECASE,
)
_FIBRES = {"棉": "cotton", "羊毛": "wool", "聚酯纤维": "polyester", "涤纶": "polyester", "亚麻": "linen", "真丝": "silk", "桑蚕丝": "silk", "蚕丝": "silk", "羊绒": "cashmere",
           "锦纶": "nylon", "尼龙": "nylon", "粘胶": "viscose", "腈纶": "acrylic", "牛皮": "leather", "真皮": "leather"}  # fmt: skip
_COMPARED = frozenset(
    dimension for dimension in Dimension if dimension not in (Dimension.NUMBER, Dimension.SHARE, Dimension.TIME, Dimension.TEMPERATURE)
)


@dataclass(frozen=True, slots=True)
class _Said:
    concept: str
    amount: Quantity
    place: Place


def product_contradictions(document: Document) -> list[Contradiction]:
    """Of one product: attribute against title and description, fibre against fibre, one language against the other."""
    body = document.body
    if not isinstance(body, Product):
        return []
    statements = [*body.attributes, *(one for variant in body.variants for one in (*variant.attributes, *variant.options))]
    stated: dict[str, list[tuple[Attribute, tuple[Quantity, ...]]]] = defaultdict(list)
    everything: list[Quantity] = []
    for one in statements:
        amounts = quantities(one.value)
        everything.extend(amounts)
        if (concept := concept_of(one.name)) is not None and amounts:
            stated[concept].append((one, amounts))
    found: list[Contradiction] = []
    told = [*_said_in_texts(document, body), *_said_in_titles(document, body)]
    right = {
        said.concept for said in told for _, amounts in stated.get(said.concept, ()) if any(_agree(said.amount, other) for other in amounts)
    }
    for said in told:
        if said.concept in right:
            continue  # the text says it rightly, so what else it says is of a part or of another model
        of_concept = [
            (one, amounts) for one, amounts in stated.get(said.concept, ()) if any(_same_dimension(a, said.amount) for a in amounts)
        ]
        if of_concept and not any(_agree(said.amount, other) for other in everything):
            one = of_concept[0][0]
            found.append(Contradiction("attribute_text", said.concept, _place(document, one), said.place))
    found.extend(_between_languages(document, stated))
    found.extend(_fibres(document, body))
    return found


def _place(document: Document, one: Attribute) -> Place:
    return Place(document.kind, document.id, document.source, f"attribute:{one.name}", one.language, f"{one.name}: {one.value}", one.value)


def _same_dimension(one: Quantity, other: Quantity) -> bool:
    return one.dimension == other.dimension and one.dimension in _COMPARED


def _agree(one: Quantity, other: Quantity) -> bool:
    """Whether both can be true: nearly equal at an end, or one inside the other's range."""
    if not _same_dimension(one, other):
        return False
    near = any(abs(a - b) <= SLACK * max(abs(a), abs(b)) for a in (one.base_low, one.base_high) for b in (other.base_low, other.base_high))
    return near or other.base_low <= one.base_low <= other.base_high or one.base_low <= other.base_low <= one.base_high


def _said_in_texts(document: Document, body: Product) -> Iterator[_Said]:
    itself = frozenset(token.word for title in body.title.values() for token in tokens(title))
    for language, text in body.description.items():
        place = Place(document.kind, document.id, document.source, "description", language, text)
        for sentence in re.finditer(r"[^.!?。！？\n;；]+(?:\.\d[^.!?。！？\n;；]*)*", text):
            amounts = [one for one in quantities(sentence[0]) if one.dimension in _COMPARED]
            if not amounts:
                continue
            for concept, amount in _linked(sentence[0], amounts, itself):
                start = sentence.start()
                yield _Said(concept, amount, place.quoting(start + amount.start, start + amount.end))


def _of_the_product(before: str, itself: frozenset[str]) -> bool:
    """Whether what stands before a property leaves it the product's own: nothing, a small word, or a word of its title."""
    if re.search(r"[\u3400-\u9fff]$", before):
        return bool(_OWN_ZH.search(before)) or before[-1] in itself
    word = re.search(r"([A-Za-z][\w'-]*)$", before)
    return word is None or word[1].lower() in _OWN_EN or stem(word[1].lower()) in itself


def _linked(sentence: str, amounts: Sequence[Quantity], itself: frozenset[str]) -> Iterator[tuple[str, Quantity]]:
    """Properties with the amount that stands right behind them. `itself`: words that name the product."""
    spans = [(concept, start, end, None) for concept, start, end in concepts_in(sentence)]
    folded = fold(sentence)
    verbs = [(concept, *match.span(), dimension) for concept, verb, dimension in _VERBS for match in re.finditer(verb, folded)]
    for concept, start, end, dimension in (*spans, *verbs):
        link = _LINK.match(sentence, end)
        behind = link.end() if link else end
        before = sentence[:start].rstrip()
        if (
            not _of_the_product(before, itself)
            or _NOT_ITSELF.search(before)
            or _BOUND.search(sentence[end:behind])
            or _BOUND.search(before)
        ):
            continue
        for amount in amounts:
            bound = _BOUND.search(sentence[: amount.start]) or _BOUND_BEHIND.match(sentence, amount.end)
            if amount.start == behind and (dimension is None or amount.dimension == dimension) and not bound:
                yield concept, amount


def _said_in_titles(document: Document, body: Product) -> Iterator[_Said]:
    for language, title in body.title.items():
        amounts = quantities(title)
        for concept, dimension in _TITLE.items():
            own = [one for one in amounts if one.dimension == dimension]
            if len(own) == 1:
                place = Place(document.kind, document.id, document.source, "title", language, title)
                yield _Said(concept, own[0], place.quoting(own[0].start, own[0].end))


def _between_languages(document: Document, stated: dict[str, list[tuple[Attribute, tuple[Quantity, ...]]]]) -> Iterator[Contradiction]:
    """A property stated once in each of two languages, with amounts that have nothing in common."""
    for concept, entries in stated.items():
        by_language: dict[str, list[tuple[Attribute, tuple[Quantity, ...]]]] = defaultdict(list)
        for one, amounts in entries:
            by_language[one.language].append((one, amounts))
        for first, second in combinations(by_language.values(), 2):
            if len(first) != 1 or len(second) != 1:
                continue
            (one, mine), (other, theirs) = first[0], second[0]
            pairs = [(a, b) for a in mine for b in theirs if _same_dimension(a, b)]
            if pairs and not any(_agree(a, b) for a, b in pairs):
                yield Contradiction("languages", concept, _place(document, one), _place(document, other))


def _fibres(document: Document, body: Product) -> Iterator[Contradiction]:
    """ "100 % cotton" as material and "100 % wool" in the text."""
    own = [
        (one, name)
        for one in body.attributes
        for name in _fibre_names(one.value)
        if concept_of(one.name) in ("material", "fabric", "composition")
    ]
    names = {name for _, name in own}
    every = {name for one in body.attributes for name in _fibre_names(one.value)}
    if len(names) != 1:
        return
    for language, text in body.description.items():
        for match in _FIBRE.finditer(text):
            told = _fibre(match)
            if told not in every:
                place = Place(document.kind, document.id, document.source, "description", language, text)
                yield Contradiction("attribute_text", "material", _place(document, own[0][0]), place.quoting(*match.span()))
                return


def _fibre_names(value: str) -> list[str]:
    return [_fibre(match) for match in _FIBRE.finditer(value)]


def _fibre(match: re.Match[str]) -> str:
    return match["fibre"].casefold() if match["fibre"] else _FIBRES[match["zh"]]
