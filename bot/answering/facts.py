"""What the catalog states about a product: the attribute or option that was asked for, and what its value says to a yes/no question."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from bot.answering.answer import Citation
from bot.answering.speaking import holds
from bot.understanding.lexicon import values
from bot.understanding.question import Part
from knowledge.attribute_names import concept_of, names_of, near, same
from knowledge.catalog import Attribute, Product, Variant
from knowledge.folding import fold
from knowledge.units import Dimension, Quantity, quantities

_NO = re.compile(r"^(?:no|none|not|non|without|never|nil|否|无|無|不|没有|沒有|未|非)(?![a-z])")
_BARE_NO = re.compile(r"^(?:no|none|not|nil|n/?a|否|无|無|不|没有|沒有|不是|不支持|不可|不能|不带|不含|×|✗|false)[.。]?$")
_YES = re.compile(r"^(?:yes|true|included|allowed|supported|是|有|支持|可以|可|能|含|带|附|√|✓)(?![a-z])")
_BARE_YES = re.compile(r"^(?:yes|true|是|有|支持|可以|可|能|√|✓|y)[.。]?$")
_PARTLY = re.compile(r"\b(?:only|except|partly|partially|limited|some|but)\b|仅|只|除|部分|有限|但")
_AT_MOST = re.compile(r"\b(?:up to|max\.?|maximum|under|below|at most|within)\b|以内|以下|最大|最高|最多|不超过|可达|≤|<=")
_AT_LEAST = re.compile(r"\b(?:from|at least|min\.?|minimum|over|above|or more)\b|以上|至少|最低|起|不低于|≥|>=|\+")
_CLOSED = {"colour", "size", "pattern"}
"""Concepts whose option values are all there is: what is not among them is not sold."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of the catalog. `field`: "attribute:Weight" or "option:Colour"."""

    name: str
    value: str
    language: str
    sku: str
    field: str

    @property
    def cited(self) -> Citation:
        """Its source: the merchant's name and value."""
        return Citation("product", self.sku, self.field, f"{self.name}: {self.value}")

    @property
    def is_option(self) -> bool:
        """Something that tells variants apart."""
        return self.field.startswith("option:")


class Verdict(Enum):
    """What the data says to a yes/no question."""

    YES = "yes"
    NO = "no"
    OPEN = "open"
    """The value neither says yes nor no."""


def facts_of(product: Product, variants: Sequence[Variant] = (), asked: Sequence[str] = ()) -> list[Fact]:
    """Everything stated (of the properties asked for, where any are): the variants' own statements and options first, then the product's."""
    chosen = list(variants) or list(product.variants)

    def wanted(attribute: Attribute) -> bool:
        return not asked or any(means(attribute.name, word) for word in asked)

    out = [_fact(a, v.sku, "attribute") for v in chosen for a in v.attributes if wanted(a)]
    out += [_fact(a, v.sku, "option") for v in chosen for a in v.options if wanted(a)]
    out += [_fact(a, product.sku, "attribute") for a in product.attributes if wanted(a)]
    return out


def _fact(attribute: Attribute, sku: str, kind: str) -> Fact:
    return Fact(attribute.name, attribute.value, attribute.language, sku, f"{kind}:{attribute.name}")


def in_language(facts: Sequence[Fact], language: str) -> list[Fact]:
    """Those in the customer's language, else unmarked ones, else English ones, else all."""
    base = language.split("-", maxsplit=1)[0]
    for tag in (base, "und", "en"):
        chosen = [f for f in facts if f.language.split("-", maxsplit=1)[0] == tag]
        if chosen:
            return chosen
    return list(facts)


def stated(product: Product, asked: Sequence[str], language: str, variants: Sequence[Variant] = ()) -> list[Fact]:
    """What is stated of the property asked for (any of its names or its concept), in the customer's language where it is."""
    found = facts_of(product, variants, asked) if asked else []
    return in_language(found, language)


def stated_near(product: Product, asked: Sequence[str], language: str, variants: Sequence[Variant] = ()) -> list[Fact]:
    """What is stated of a neighbouring property that may hold the answer ("net weight" for "weight"), nearest first."""
    for word in asked:
        for concept in near(concept_of(word) or word):
            found = stated(product, (concept,), language, variants)
            if found:
                return found
    return []


@lru_cache(maxsize=65536)
def means(name: str, word: str) -> bool:
    """Whether an attribute's name means the property of that name or concept."""
    return concept_of(name) == word or same(name, word)


def label(fact: Fact, asked: Sequence[str], language: str) -> str:
    """The property's name in the customer's language: the merchant's, else the customer's own word for it, else a known name."""
    base = language.split("-", maxsplit=1)[0]
    if fact.language in (base, "und") and (base != "zh" or _han(fact.name) or fact.language == base):
        return fact.name
    for word in asked:
        if means(fact.name, word) and word not in {concept_of(word)} and _han(word) == (base == "zh"):
            return word
    concept = concept_of(fact.name)
    names = names_of(concept) if concept else ()
    return next((n for n in names if _han(n) == (base == "zh")), fact.name)


def concept_label(word: str, language: str) -> str:
    """A word for a property that was asked for, to be said back: a concept's id becomes its name."""
    concept = concept_of(word)
    zh = language.startswith("zh")
    if concept is None:
        return word.replace("_", " ")
    names = [name for name in names_of(concept) if _han(name) == zh]
    return word if word in names[:3] or not names else names[0]


def _han(text: str) -> bool:
    return any("㐀" <= c <= "鿿" for c in text)


def is_bare(value: str) -> bool:
    """A value that says no more than yes or no."""
    folded = fold(value).strip()
    return bool(_BARE_YES.match(folded) or _BARE_NO.match(folded))


def verdict(facts: Sequence[Fact], asked: Sequence[str], wanted: Iterable[str]) -> tuple[Verdict, Fact | None]:
    """What the statements say to "is it ...?", and the one that says it. `wanted`: the supposed value in all its words; () when the question
    is whether the property is there at all."""
    wants = [w for w in (fold(word).strip() for word in wanted) if w]
    own = [w for w in wants if not any(means(w, a) or fold(a) == w for a in asked)]
    if own:
        return _value_verdict(facts, own)
    for fact in facts:
        said = _presence(fact, asked)
        if said is not Verdict.OPEN:
            return said, fact
    return Verdict.OPEN, facts[0] if facts else None


def _presence(fact: Fact, asked: Sequence[str]) -> Verdict:
    value = fold(fact.value).strip()
    if _BARE_NO.match(value):
        return Verdict.NO
    if _PARTLY.search(value):
        return Verdict.OPEN
    if _NO.match(value):
        return Verdict.NO
    if _YES.match(value):
        return Verdict.YES
    measured = quantities(fact.value)
    if any(q.dimension is Dimension.WATER_PROTECTION for q in measured):
        # IEC 60529: from digit 4 on it stands splashing from every side; below, rain and showers still get in.
        return Verdict.YES if max(q.base_low for q in measured if q.dimension is Dimension.WATER_PROTECTION) >= 4 else Verdict.OPEN
    # "Noise cancelling: active, 3 levels": who states a kind of it states that it is there. "Weight: 1.1 kg" says nothing to "is it heavy?".
    concept = concept_of(fact.name)
    if concept is not None:
        return Verdict.YES if concept in _HAS else Verdict.OPEN
    spoken = any(holds(fold(fact.name), fold(word)) for word in asked)
    return Verdict.YES if spoken and not _GRADED.search(fold(fact.name)) and not measured else Verdict.OPEN


_GRADED = re.compile(r"rating|resistan|grade|level|class|性能|等级|级别|程度")
_HAS = {
    "noise_cancelling",
    "wireless_charging",
    "bluetooth",
    "multipoint",
    "dimmable",
    "rain_cover",
    "microwave_safe",
    "oven_safe",
    "stove_safe",
    "induction",
    "carry_on",
    "bpa_free",
    "leak_proof",
    "windproof",
    "uv_protection",
    "keep_warm",
    "timer",
    "gps",
    "heart_rate",
    "microphone",
    "rfid",
    "reflective",
    "rear_light",
    "vegan",
    "organic",
    "warranty",
    "lock",
    "strainer",
    "gift_wrap",
    "foldable",
    "adjustable",
    "pockets",
    "wheels",
    "strap",
    "lid",
    "handle",
    "lining",
    "memory",
    "camera",
    "certification",
    "alarms",
}
"""Concepts whose statement, unless it denies, says that the product has it."""


def _value_verdict(facts: Sequence[Fact], wants: list[str]) -> tuple[Verdict, Fact | None]:
    for fact in facts:
        value = fold(fact.value)
        for want in wants:
            said = _measured(fact.value, want)
            if said is not Verdict.OPEN:
                return said, fact
            if holds(value, want):
                denied = re.search(
                    rf"(?:\b(?:no|not|non|without|free of)\b[\s-]*(?:\w+[\s-]+){{0,2}}|不含?|无|非|没有|仿){re.escape(want)}", value
                )
                free = re.search(rf"{re.escape(want)}[\s-]?free\b", value)
                return (Verdict.NO if denied or free else Verdict.YES), fact
    closed = [f for f in facts if f.is_option and (concept_of(f.name) in _CLOSED)]
    if closed:
        return Verdict.NO, closed[0]
    other = next((f for f in facts if _another(f.value, wants)), None)
    if other is not None:
        return Verdict.NO, other
    bare = next((f for f in facts if _BARE_NO.match(fold(f.value).strip())), None)
    if bare is not None:
        return Verdict.NO, bare
    return Verdict.OPEN, facts[0] if facts else None


def _another(value: str, wants: list[str]) -> bool:
    """Whether the value names other values of the same kind as the one wanted, and nothing that we do not know ("canvas", not "cowhide")."""
    wanted = {known.id: known.kind for want in wants if (known := values().by_word.get(want))}
    stated_ = [hit.value for hit in values().phrases.find(value)]
    return bool(wanted) and bool(stated_) and all(v.id not in wanted and v.kind in wanted.values() for v in stated_)


def _measured(value: str, want: str) -> Verdict:
    wanted = [q for q in quantities(want) if q.dimension is not Dimension.NUMBER]
    if not wanted:
        return Verdict.OPEN
    goal = wanted[0]
    for q in quantities(value):
        if q.dimension is not goal.dimension:
            continue
        near_enough = 0.005 * max(abs(q.base_high), 1e-9)
        if q.base_low != q.base_high:
            inside = q.base_low - near_enough <= goal.base_low and goal.base_high <= q.base_high + near_enough
            return Verdict.YES if inside else Verdict.NO
        if _AT_MOST.search(fold(value)):
            return Verdict.YES if goal.base_high <= q.base_high + near_enough else Verdict.NO
        if _AT_LEAST.search(fold(value)):
            return Verdict.YES if goal.base_low >= q.base_low - near_enough else Verdict.NO
        if abs(goal.base_low - q.base_low) <= near_enough:
            return Verdict.YES
    return Verdict.OPEN


def wanted_words(part: Part) -> list[str]:
    """The supposed value with the words that mean the same, as understanding put them into the conditions."""
    wanted = [part.asked_value] if part.asked_value else []
    known = values().by_word.get(fold(part.asked_value).strip())
    wanted += known.words if known else ()
    for condition in part.filters.attributes:
        meant = {fold(v) for v in condition.values}
        if part.asked_value and (fold(part.asked_value) in meant or any(holds(fold(part.asked_value), v) for v in meant)):
            wanted += condition.values
    return wanted


def measure(facts: Sequence[Fact], prefer: Dimension | None = None) -> tuple[Quantity, Fact] | None:
    """The first amount with a unit (else bare number) among the statements, to put products in order."""
    for fact in facts:
        for q in quantities(fact.value):
            if q.dimension is not Dimension.NUMBER and (prefer is None or q.dimension is prefer):
                return q, fact
    if prefer in (None, Dimension.NUMBER):
        for fact in facts:
            for q in quantities(fact.value):
                if q.dimension is Dimension.NUMBER:
                    return q, fact
    return None
