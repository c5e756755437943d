"""What one sentence is about: the products and variants that a claim in it speaks of, by its own words or by those of the sentences before."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.answering.claims import Claim, claims_of
from bot.answering.evidence_lines import Line
from bot.answering.fact_table import FactTable, ProductFacts, VariantFacts
from bot.answering.mentions import Sentence


@dataclass(frozen=True, slots=True)
class Violation:
    """A claim that the evidence does not hold. `kind`: figure, price, currency, stock, date, time, percent, code, url, email, phone, product,
    discount, free, promise, variant, material, feature, denied, unsupported."""

    kind: str
    value: str
    """The words of the claim. Customer-facing text: it goes to the trace, never to a log."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure with what it speaks of."""

    claim: Claim
    products: frozenset[str]
    named: bool
    """Its words name the products; else they are only likely."""
    facts: list[ProductFacts]
    before: str
    after: str
    """The folded sentence up to the figure, and from it."""


_AGAINST = re.compile(r"\d[^\d,;.]{0,10}\s(?:against|versus|vs\.?|compared (?:to|with))\s*[$€£¥]?$")


_APART = re.compile(r"[(),;:、]")
"""Marks between what is named side by side, in folded text."""

_IT = re.compile(r"\bit\b|\bits\b|\bit's\b|\bthis one\b|它|这款|该款|本品")


@dataclass
class Scope:
    """One sentence in its turn."""

    sentence: Sentence
    table: FactTable
    claims: tuple[Claim, ...]
    carried: frozenset[str]
    """Products that the sentence before spoke of."""
    carried_skus: frozenset[str]

    @cached_property
    def own(self) -> frozenset[str]:
        """Products that the sentence names."""
        return frozenset().union(*(m.products for m in self.sentence.mentions if m.own))

    @cached_property
    def names_one(self) -> bool:
        """Whether it names any."""
        return any(m.own for m in self.sentence.mentions)

    @property
    def talked(self) -> frozenset[str]:
        """Products that it, the sentence before or the question names."""
        return self.own | self.carried | self.table.asked

    def bound(self, claim: Claim) -> Bound:
        """The claim with what it speaks of."""
        products, named = self.bind(claim.start, claim.end)
        facts = [self.table.products[p] for p in products if p in self.table.products]
        if self.is_vague(products, named):
            facts = []
        return Bound(claim, products, named, facts, self.sentence.folded[: claim.start], self.sentence.folded[claim.end :])

    def is_vague(self, products: frozenset[str], named: bool) -> bool:
        """Whether the sentence says "it", and nobody knows of which of several."""
        return not named and len(products) > 2 and not self.names_one and _IT.search(self.sentence.folded) is not None

    def bind(self, start: int, end: int) -> tuple[frozenset[str], bool]:
        """Where a claim stands → the products it speaks of, and whether the words name them."""
        if _AGAINST.search(self.sentence.folded[:start]):
            # "168 g against 255 g": the second figure is the other's.
            mine = self.sentence.unit_for(start, end) or frozenset()
            if len(self.talked - mine) == 1:
                return self.talked - mine, True
        unit = self.sentence.unit_for(start, end)
        if unit is not None:
            return unit, True
        kinds: frozenset[str] = frozenset().union(*(m.products for m in self.sentence.mentions if not m.own))
        base = self.carried or self.table.asked
        if kinds and base & kinds:
            return base & kinds, bool(self.carried)
        if kinds:
            return kinds | base, False
        return (base, True) if base else (frozenset(self.table.products), False)

    def variants(self, products: Iterable[str], start: int, end: int) -> list[VariantFacts]:
        """The variants that the words around a claim tell: those whose options stand in its clause, else all of the products."""
        ids = [p for p in products if p in self.table.products]
        everything = [v for p in ids for v in self.table.products[p].variants]
        words = self.sentence.options_at(start, end, {value for v in everything for values in v.options.values() for value in values})
        if not words:
            kept = [v for v in everything if v.sku in self.carried_skus]
            return self._by_quantity(everything, start) or kept or everything
        having = [p for p in ids if any(words & values for v in self.table.products[p].variants for values in v.options.values())]
        chosen = []
        for variant in (v for p in having for v in self.table.products[p].variants):
            sibling = [v for p in ids for v in self.table.products[p].variants if variant in self.table.products[p].variants]
            fits = True
            for name, values in variant.options.items():
                said = {w for w in words for v in sibling if w in v.options.get(name, ())}
                if said and not said & values:
                    fits = False
            chosen += [variant] if fits else []
        return chosen or everything

    def calls_variant(self, claim: Claim, *, listed: bool) -> bool:
        """Whether a figure is what a variant is called by: all that stands between marks is its option values, in brackets after the product's
        name, or several of them; with `listed` also a value alone ("In stock: 38, 39")."""
        folded = self.sentence.folded
        start = max((m.end() for m in _APART.finditer(folded, 0, claim.start)), default=0)
        end = m.start() if (m := _APART.search(folded, claim.end)) else len(folded)
        values = [value.strip() for value in folded[start:end].strip(" .。!").split("·")]
        named = any(mention.own and folded[mention.end : start].strip() == "(" for mention in self.sentence.mentions if mention.end < start)
        if not (listed or named or len(values) > 1):
            return False
        variants = [v for p in self.talked if p in self.table.products for v in self.table.products[p].variants]
        return any(all(any(value in held for held in v.options.values()) for value in values) for v in variants)

    def _by_quantity(self, variants: list[VariantFacts], start: int) -> list[VariantFacts]:
        """The variants whose options state a quantity of the clause in another spelling ("1.0 升" for "1.0 L"); [] when that tells none apart."""
        left, right = self.sentence.clause(start)
        said = {(c.unit, round(c.low, 4)) for c in self.claims if c.kind == "quantity" and left <= c.start < right}
        if not said or len(variants) < 2:
            return []
        own = [
            {
                (c.unit, round(c.low, 4))
                for values in v.options.values()
                for value in values
                for c in claims_of(value)
                if c.kind == "quantity"
            }
            for v in variants
        ]
        chosen = [v for v, stated in zip(variants, own, strict=True) if said & stated]
        return chosen if len(chosen) < len(variants) else []


@dataclass(frozen=True, slots=True)
class Sought:
    """A figure that is looked for in lines."""

    scope: Scope
    claim: Claim
    clause: frozenset[str]
    """Content words of the clause around it."""
    named: bool
    """Its words name the products whose lines are read."""
    same: Callable[[Claim], bool]
    """Whether a figure of the evidence is equal."""

    def stands_in(self, line: Line) -> bool:
        """Whether a line has it."""
        return any(c.kind == self.claim.kind and self.same(c) for c in line.claims)

    def comparable(self, held: Claim) -> bool:
        """Whether a figure is of its kind and unit."""
        return held.kind == self.claim.kind and held.unit == self.claim.unit
