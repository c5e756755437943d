"""A catalog as columns, so that hard conditions are checked on every product and variant in a few milliseconds.

Conditions that tell variants apart (options, price, stock) must hold for one and the same variant: "red, size M, in stock" finds a product
only if its red M can be had. A variant's own statement goes before its product's. Values are compared once for each distinct value and
the result is remembered, since a catalog repeats its values and customers repeat their wishes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.attribute_names import concept_of
from knowledge.catalog import Attribute, LiveOffer, Product
from knowledge.folding import fold
from knowledge.money import Money
from knowledge.polarity import said_of
from knowledge.units import Quantity, quantities, to_base, within
from knowledge.verdicts import Verdict, presence, says_free, takes
from retrieval.filters import AttributeCondition, Filters, Way
from retrieval.lexical import LexicalIndex
from retrieval.tokens import tokens

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_NONE = -1
_FOREVER = np.inf
_DENIED = re.compile(r"(?:\b(?:non|not|no|without|faux|fake|imitation|vegan|un)[\s-]+|[不无非仿免假]含?|没有)$")

_NO = re.compile(r"(?:no|none|not|non|without|never|n/?a|false|否|无|不|没有|未|非|×|✗)(?![a-z])")


@lru_cache(maxsize=16384)
def key_of(name: str) -> str:
    """What an attribute's name is looked up under: its concept, else (and where it says the opposite, "caffeine-free") the folded name."""
    return (None if says_free(name) else concept_of(name)) or fold(name).strip()


@lru_cache(maxsize=8192)
def _word_pattern(word: str) -> re.Pattern[str]:
    folded = fold(word).strip()
    if folded.isascii():
        ending = r"(?:e?s)?" if folded.isalpha() and len(folded) > 2 else ""
        return re.compile(rf"(?<![a-z0-9.]){re.escape(folded)}{ending}(?![a-z0-9])")
    return re.compile(re.escape(folded))


def says(value: str, word: str) -> bool:
    """Whether a value states a word: as a whole word in scripts with spaces, anywhere in Chinese; "non-leather" does not state leather."""
    folded = fold(value)
    return any(not _DENIED.search(folded[: m.start()]) for m in _word_pattern(word).finditer(folded))


@dataclass(frozen=True, slots=True)
class Column:
    """All statements under one attribute name. Row i: `products[i]` (index) states `values[value_ids[i]]`; `variants[i]` is the variant
    index, -1 for the whole product."""

    products: Ints
    variants: Ints
    value_ids: Ints
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferColumns:
    """Live offers by variant index: amounts in minor units (-1: none), times as POSIX seconds."""

    regular: Ints
    sale: Ints
    up_to: Ints
    sale_from: Floats
    sale_until: Floats
    currency: Ints
    buyable: Mask

    def at(self, rows: Ints) -> "OfferColumns":
        """The same of these variants alone."""
        columns = (self.regular, self.sale, self.up_to, self.sale_from, self.sale_until, self.currency, self.buyable)
        return OfferColumns(*(column[rows] for column in columns))  # type: ignore[arg-type]

    def reduced(self, now: datetime) -> Mask:
        """Whether a sale price is in force; the rule of `Offer.paid`."""
        at = now.timestamp()
        lower = (self.regular == _NONE) | (self.sale < self.regular)
        mask: Mask = (self.sale != _NONE) & lower & (self.sale_from <= at) & (at < self.sale_until)
        return mask

    def paid(self, now: datetime) -> Ints:
        """Minor units paid now; -1: price on request."""
        amounts: Ints = np.where(self.reduced(now), self.sale, self.regular)
        return amounts

    def listed(self, now: datetime) -> Ints:
        """The price before reduction while one is in force; -1 otherwise."""
        amounts: Ints = np.where(self.reduced(now), self.regular, _NONE)
        return amounts


@dataclass(frozen=True, slots=True)
class Matching:
    """What satisfies the filters. `products`: mask over products; `variants`: mask over variants, each satisfying all conditions."""

    products: Mask
    variants: Mask

    @property
    def count(self) -> int:
        """Products that match."""
        return int(self.products.sum())


class CatalogFacts:
    """The columns of one revision; with other offers it is a cheap copy (`with_offers`)."""

    def __init__(self, products: Mapping[str, Product], offers: Mapping[str, LiveOffer]) -> None:
        self.ids: tuple[str, ...] = tuple(products)
        self.index: dict[str, int] = {id: i for i, id in enumerate(self.ids)}
        self.skus: tuple[str, ...] = tuple(v.sku for p in products.values() for v in p.variants)
        self.variant_of_sku: dict[str, int] = {sku: i for i, sku in enumerate(self.skus)}
        counts = [len(p.variants) for p in products.values()]
        self.product_of: Ints = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
        self.first_variant: Ints = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64) if counts else np.zeros(0, dtype=np.int64)
        self.rating: Floats = np.array([p.rating if p.rating is not None else -1.0 for p in products.values()], dtype=np.float64)
        self._brands, self._brand_of = _codes(fold(p.brand).strip() for p in products.values())
        self._categories = _categories(products.values())
        self._columns = _columns(products.values())
        self.titles: tuple[tuple[str, ...], ...] = tuple(
            tuple(" ".join(fold(t).split()) for t in p.title.values()) for p in products.values()
        )
        """By product: its titles in all languages, folded."""
        self._products = products
        self._currencies: dict[str, int] = {}
        self._conditions: dict[AttributeCondition, Mask] = {}
        self._lexical: LexicalIndex | None = None
        self._product_of_passage: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        own = (LiveOffer(v.sku, v.offer, v.availability) for p in products.values() for v in p.variants)
        self.offers = self._offer_columns([offers.get(offer.sku, offer) for offer in own])

    def words_from(self, lexical: LexicalIndex, product_of_passage: NDArray[np.int32]) -> None:
        """Where words of titles and descriptions are looked up (called once while the view is built)."""
        self._lexical, self._product_of_passage = lexical, product_of_passage

    def with_offers(self, changed: Iterable[LiveOffer]) -> "CatalogFacts":
        """The same catalog with these offers replaced; columns and remembered conditions are shared."""
        known = [offer for offer in changed if offer.sku in self.variant_of_sku]
        if not known:
            return self
        other = object.__new__(CatalogFacts)
        other.__dict__.update(self.__dict__)
        rows = np.array([self.variant_of_sku[offer.sku] for offer in known])
        fresh = self._offer_columns(known)
        old = self.offers
        names = ("regular", "sale", "up_to", "sale_from", "sale_until", "currency", "buyable")
        copies = {name: getattr(old, name).copy() for name in names}
        for name, column in copies.items():
            column[rows] = getattr(fresh, name)
        other.offers = replace(old, **copies)
        return other

    # -- matching ----------------------------------------------------------------------------------------------------------------------

    def matching(self, filters: Filters, now: datetime) -> Matching:
        """All conditions, on all products."""
        variants = np.ones(len(self.skus), dtype=bool)
        if filters.product_ids is not None:
            chosen = np.zeros(len(self.ids), dtype=bool)
            chosen[[self.index[id] for id in filters.product_ids if id in self.index]] = True
            variants &= chosen[self.product_of]
        if filters.not_product_ids:
            unwanted = [self.index[id] for id in filters.not_product_ids if id in self.index]
            variants &= ~np.isin(self.product_of, unwanted)
        if filters.categories:
            variants &= self._in_categories(filters.categories)[self.product_of]
        if filters.brands:
            variants &= self._of_brands(filters.brands)[self.product_of]
        if filters.not_brands:
            variants &= ~self._of_brands(filters.not_brands)[self.product_of]
        if filters.price_min is not None or filters.price_max is not None:
            variants &= self._priced(filters.price_min, filters.price_max, now)
        if filters.in_stock:
            variants &= self.offers.buyable
        if filters.on_sale:
            variants &= self.offers.listed(now) != _NONE
        for condition in filters.attributes:
            variants &= self._satisfying(condition)
        products = np.zeros(len(self.ids), dtype=bool)
        products[self.product_of[variants]] = True
        return Matching(products, variants)

    def best_variant(self, product: int, matching: Matching, now: datetime) -> str:
        """The SKU of the matching variant to show: one that can be had before one that cannot, then the cheapest, then catalog order."""
        start = int(self.first_variant[product])
        end = int(self.first_variant[product + 1]) if product + 1 < len(self.ids) else len(self.skus)
        rows = np.flatnonzero(matching.variants[start:end]) + start
        if len(rows) == 1:
            return self.skus[int(rows[0])]
        if not len(rows):
            return self.skus[start]
        paid = self.paid_rows(rows, now)
        order = np.lexsort((rows, paid, ~self.offers.buyable[rows]))
        return self.skus[int(rows[order[0]])]

    def paid_rows(self, rows: Ints, now: datetime) -> Floats:
        """Minor units paid for variants, infinity where there is no price."""
        paid = self.offers.at(rows).paid(now).astype(np.float64)
        paid[paid == _NONE] = _FOREVER
        return paid

    def lowest_price(self, matching: Matching, now: datetime, currency: str) -> Floats:
        """By product: the lowest price in minor units among its matching variants of a currency; infinity where there is none."""
        usable, paid = self._paid_in(matching, now, currency)
        lowest = np.full(len(self.ids), _FOREVER)
        np.minimum.at(lowest, self.product_of[usable], paid[usable])
        return lowest

    def highest_price(self, matching: Matching, now: datetime, currency: str) -> Floats:
        """By product: the highest; minus infinity where there is none."""
        usable, paid = self._paid_in(matching, now, currency)
        highest = np.full(len(self.ids), -_FOREVER)
        np.maximum.at(highest, self.product_of[usable], paid[usable])
        return highest

    def _paid_in(self, matching: Matching, now: datetime, currency: str) -> tuple[Mask, Floats]:
        paid = self.offers.paid(now).astype(np.float64)
        return matching.variants & (paid != _NONE) & (self.offers.currency == self._currencies.get(currency, -2)), paid

    def discount(self, matching: Matching, now: datetime) -> Floats:
        """By product: the largest share off among its matching variants, 0..1."""
        listed, paid = self.offers.listed(now).astype(np.float64), self.offers.paid(now).astype(np.float64)
        usable = matching.variants & (listed > 0)
        share = np.zeros(len(self.ids))
        np.maximum.at(share, self.product_of[usable], 1 - paid[usable] / listed[usable])
        return share

    def _priced(self, low: Money | None, high: Money | None, now: datetime) -> Mask:
        paid = self.offers.paid(now)
        fits = paid != _NONE
        for bound in (low, high):
            if bound is not None:
                fits &= self.offers.currency == self._currencies.get(bound.currency, -2)
        if low is not None:
            fits &= np.maximum(paid, self.offers.up_to) >= low.minor
        if high is not None:
            fits &= paid <= high.minor
        mask: Mask = fits
        return mask

    def _of_brands(self, names: Sequence[str]) -> Mask:
        codes = [self._brands[fold(name).strip()] for name in names if fold(name).strip() in self._brands]
        mask: Mask = np.isin(self._brand_of, codes)
        return mask

    def _in_categories(self, names: Sequence[str]) -> Mask:
        mask = np.zeros(len(self.ids), dtype=bool)
        for name in names:
            rows = self._categories.get(fold(name).strip())
            if rows is not None:
                mask[rows] = True
        return mask

    def _satisfying(self, condition: AttributeCondition) -> Mask:
        known = self._conditions.get(condition)
        if known is None:
            if len(self._conditions) > 512:
                self._conditions.clear()
            known = self._conditions[condition] = self._evaluate(condition)
        return known

    def _evaluate(self, condition: AttributeCondition) -> Mask:
        """Variants that satisfy a condition: by their own statement, else by their product's, else by the words of title and description."""
        if condition.way is not Way.SAYS:
            return self._judged(condition)
        count, variants = len(self.ids), len(self.skus)
        own_says, own = np.zeros(variants, dtype=bool), np.zeros(variants, dtype=bool)
        all_says, stated = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        numeric = condition.minimum is not None or condition.maximum is not None
        test = _numeric_test(condition) if numeric else _word_test(condition)
        for column in self._columns_for(condition.names):
            verdict = np.array([test(value) for value in column.values], dtype=bool)[column.value_ids]
            special = column.variants != _NONE
            own[column.variants[special]] = True
            own_says[column.variants[special & verdict]] = True
            stated[column.products[~special]] = True
            all_says[column.products[~special & verdict]] = True
        if condition.names:
            has = stated.copy()
            has[self.product_of[own]] = True
            silent = np.flatnonzero(~has)
            all_says[silent] = self._by_words(silent, condition, numeric)
            if condition.absent and not numeric and concept_of(condition.names[0]) == "material":
                # "No leather": goods called "leather gloves" are none, though their material says "goatskin".
                all_says |= np.array([any(test(title) for title in self.titles[row]) for row in range(count)], dtype=bool)
            fits = np.where(own, own_says, all_says[self.product_of])
        else:
            # No property named: said anywhere, but a variant's own options decide where they say it of a sibling.
            by_words = self._by_words(np.arange(count), condition, numeric) | all_says
            sibling = np.zeros(count, dtype=bool)
            sibling[self.product_of[own_says]] = True
            yes, no = self._flagged(condition.values)
            by_words = (by_words & ~no) | yes
            fits = np.where(sibling[self.product_of], own_says, by_words[self.product_of])
        verdicts: Mask = ~fits if condition.absent and not numeric else fits
        return verdicts

    def _judged(self, condition: AttributeCondition) -> Mask:
        """The same for a property that is to be there, or to take an amount: what is denied is no match, however often it is named."""
        yes, no, stated = (np.zeros(len(self.skus), dtype=bool) for _ in range(3))
        for key, column in self._named_columns(condition.names):
            said = np.array([_judge(condition, key, value) for value in column.values], dtype=object)[column.value_ids]
            special = column.variants != _NONE
            for mask, kind in ((yes, Verdict.YES), (no, Verdict.NO), (stated, None)):
                chosen = np.ones(len(said), dtype=bool) if kind is None else said == kind
                mask[column.variants[special & chosen]] = True
                whole = np.zeros(len(self.ids), dtype=bool)
                whole[column.products[~special & chosen]] = True
                mask |= whole[self.product_of]
        if condition.way is Way.TAKES:
            # Of an age, what says nothing is for everybody; of a size or load, only what says so counts.
            for_all = concept_of(condition.names[0]) == "age" if condition.names else False
            fits: Mask = (no & ~yes) if condition.absent else (~no | yes) if for_all else yes
            return fits
        silent = ~stated
        by_words = np.zeros(len(self.ids), dtype=bool)
        if condition.values:
            by_words = self._by_words(np.arange(len(self.ids)), condition, False)
            self._without_denials(by_words, condition.values)
        spoken = silent & by_words[self.product_of]
        there: Mask = (yes | (stated & ~no) | spoken) if not condition.absent else ((no & ~yes) | (silent & ~spoken))
        return there

    def _without_denials(self, held: Mask, words: tuple[str, ...]) -> None:
        """Takes those out whose texts name it only to deny it ("no noise cancelling"), and adds those whose tags name it."""
        for row, product in enumerate(self._products.values()):
            if held[row]:
                texts = (*product.title.values(), *product.description.values(), *product.tags)
                held[row] = said_of(texts, words) is not Verdict.NO
            elif product.tags:
                held[row] = said_of(product.tags, words) is Verdict.YES and said_of(product.description.values(), words) is not Verdict.NO

    def _named_columns(self, names: Sequence[str]) -> list[tuple[str, Column]]:
        keys = dict.fromkeys(key for name in names for key in (key_of(name), fold(name).strip()))
        return [(key, self._columns[key]) for key in keys if key in self._columns]

    def _flagged(self, words: Sequence[str]) -> tuple[Mask, Mask]:
        """Products with an attribute of that very name ("Waterproof: No"): those that affirm it, and those that deny it."""
        yes, no = np.zeros(len(self.ids), dtype=bool), np.zeros(len(self.ids), dtype=bool)
        for key in dict.fromkeys(key for word in words for key in (key_of(word), fold(word).strip())):
            column = self._columns.get(key)
            if column is not None:
                denied = np.array([bool(_NO.match(fold(value).strip())) for value in column.values], dtype=bool)[column.value_ids]
                no[column.products[denied]] = True
                yes[column.products[~denied]] = True
        return yes, no & ~yes

    def _columns_for(self, names: Sequence[str]) -> list[Column]:
        if not names:
            return list(self._columns.values())
        return [column for _, column in self._named_columns(names)]

    def _by_words(self, rows: Ints, condition: AttributeCondition, numeric: bool) -> Mask:
        if not len(rows):
            return np.zeros(0, dtype=bool)
        if numeric:
            test = _numeric_test(condition)
            if not condition.unit:
                return np.zeros(len(rows), dtype=bool)
            return np.array([test(" ".join(self.titles[row])) for row in rows], dtype=bool)
        held = np.zeros(len(self.ids), dtype=bool)
        if self._lexical is not None:
            for word in condition.values:
                terms = list(dict.fromkeys(tokens(word)))
                if not terms:
                    continue
                both: NDArray[np.int32] = self._lexical.holders(terms[0])
                for term in terms[1:]:
                    both = np.intersect1d(both, self._lexical.holders(term), assume_unique=True)
                owners = self._product_of_passage[both]
                held[owners[owners >= 0]] = True
        found: Mask = held[rows]
        return found

    def _offer_columns(self, offers: Sequence[LiveOffer]) -> OfferColumns:
        def minor(money: Money | None) -> int:
            return _NONE if money is None else money.minor

        def code(offer: LiveOffer) -> int:
            money = offer.offer.regular or offer.offer.sale
            return _NONE if money is None else self._currencies.setdefault(money.currency, len(self._currencies))

        return OfferColumns(
            regular=np.array([minor(o.offer.regular) for o in offers], dtype=np.int64),
            sale=np.array([minor(o.offer.sale) for o in offers], dtype=np.int64),
            up_to=np.array([minor(o.offer.up_to) for o in offers], dtype=np.int64),
            sale_from=np.array([o.offer.sale_from.timestamp() if o.offer.sale_from else -_FOREVER for o in offers]),
            sale_until=np.array([o.offer.sale_until.timestamp() if o.offer.sale_until else _FOREVER for o in offers]),
            currency=np.array([code(o) for o in offers], dtype=np.int64),
            buyable=np.array([o.availability.state.buyable for o in offers], dtype=bool),
        )


def _judge(condition: AttributeCondition, name: str, value: str) -> Verdict:
    if condition.way is Way.HAS:
        return presence(name, value)
    base = to_base(condition.minimum or 0.0, condition.unit)
    if base is None:
        return Verdict.OPEN
    amount = condition.minimum or 0.0
    return takes(name, value, Quantity(amount, amount, condition.unit, base[1], base[0], base[0]))


def _word_test(condition: AttributeCondition) -> Callable[[str], bool]:
    return lambda value: any(says(value, word) for word in condition.values)


def _numeric_test(condition: AttributeCondition) -> Callable[[str], bool]:
    low, high, unit = condition.minimum, condition.maximum, condition.unit
    if to_base(0.0, unit) is None:
        return lambda value: False
    if unit:
        return lambda value: any(within(q, low, high, unit) for q in quantities(value))
    # A bare number is compared with whatever unit the merchant wrote.
    return lambda value: any((low is None or q.low >= low) and (high is None or q.high <= high) for q in quantities(value)[:1])


def _codes(names: Iterable[str]) -> tuple[dict[str, int], Ints]:
    codes: dict[str, int] = {}
    return codes, np.array([codes.setdefault(name, len(codes)) for name in names], dtype=np.int64)


def _categories(products: Iterable[Product]) -> dict[str, Ints]:
    """Folded name of any level in any language, and the whole path, to product indexes."""
    found: dict[str, dict[int, None]] = {}
    for i, product in enumerate(products):
        for path in product.categories:
            for text in path.values():
                folded = fold(text).strip()
                for level in (folded, *(part.strip() for part in folded.split(">"))):
                    if level:
                        found.setdefault(level, {})[i] = None
    return {name: np.array(list(rows), dtype=np.int64) for name, rows in found.items()}


def _columns(products: Iterable[Product]) -> dict[str, Column]:
    rows: dict[str, tuple[list[int], list[int], list[int], dict[str, int]]] = {}

    def add(attribute: Attribute, product: int, variant: int) -> None:
        if attribute.value:
            owners, variants, ids, values = rows.setdefault(key_of(attribute.name), ([], [], [], {}))
            owners.append(product)
            variants.append(variant)
            ids.append(values.setdefault(attribute.value, len(values)))

    number = 0
    for i, product in enumerate(products):
        for attribute in product.attributes:
            add(attribute, i, _NONE)
        for variant in product.variants:
            for attribute in (*variant.options, *variant.attributes):
                add(attribute, i, number)
            number += 1
    return {
        key: Column(np.array(owners, dtype=np.int64), np.array(variants, dtype=np.int64), np.array(ids, dtype=np.int64), tuple(values))
        for key, (owners, variants, ids, values) in rows.items()
    }
