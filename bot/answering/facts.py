"""What the catalog states about a product: the attribute or option that was asked for, and what its value says to a yes/no question."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.answer import Citation
from bot.answering.speaking import holds
from bot.understanding.lexicon import values
from bot.understanding.question import Part
from knowledge.attribute_names import concept_of, names_of, near, same
from knowledge.catalog import Attribute, Product, Variant
from knowledge.folding import fold
from knowledge.units import Dimension, Quantity, quantities
from knowledge.verdicts import Verdict, bare, presence, takes

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


def options_of(variants: Sequence[Variant]) -> list[Fact]:
    """What tells these variants apart."""
    return [_fact(option, variant.sku, "option") for variant in variants for option in variant.options]


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
    said = presence(fact.name, fact.value)
    if said is not Verdict.OPEN or concept_of(fact.name) is not None:
        return said
    # A property that we do not know by its name is there where the merchant says something of it; "Weight: 1.1 kg" says nothing to "is it heavy?".
    spoken = any(holds(fold(fact.name), fold(word)) for word in asked)
    return Verdict.YES if spoken and not _GRADED.search(fold(fact.name)) and not quantities(fact.value) else Verdict.OPEN


_GRADED = re.compile(r"rating|resistan|grade|level|class|性能|等级|级别|程度")


def _value_verdict(facts: Sequence[Fact], wants: list[str]) -> tuple[Verdict, Fact | None]:
    for fact in facts:
        value = fold(fact.value)
        for want in wants:
            said = _measured(fact, want)
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
    refusing = next((f for f in facts if bare(f.value) is Verdict.NO), None)
    if refusing is not None:
        return Verdict.NO, refusing
    return Verdict.OPEN, facts[0] if facts else None


def _another(value: str, wants: list[str]) -> bool:
    """Whether the value names other values of the same kind as the one wanted, and nothing that we do not know ("canvas", not "cowhide")."""
    wanted = {known.id: known.kind for want in wants if (known := values().by_word.get(want))}
    stated_ = [hit.value for hit in values().phrases.find(value)]
    related = any(want in v.words for v in stated_ for want in wants)  # leather may be suede
    return bool(wanted) and bool(stated_) and not related and all(v.id not in wanted and v.kind in wanted.values() for v in stated_)


def _measured(fact: Fact, want: str) -> Verdict:
    wanted = [q for q in quantities(want) if q.dimension is not Dimension.NUMBER]
    return takes(fact.name, fact.value, wanted[0]) if wanted else Verdict.OPEN


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
