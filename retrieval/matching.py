"""What a query may find: products that satisfy its conditions, those it names exactly, and the orders a customer can ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.folding import fold
from retrieval.catalog_facts import Matching
from retrieval.retriever import Query, Sort
from retrieval.tokens import codes, spaced_codes
from retrieval.view import ShopView, Tables

Rows = NDArray[np.integer[Any]]
Floats = NDArray[np.float32]
Found = list[tuple[str, float, list[int]]]

FLOOR = 0.035
"""Cosines (with the fusion's extras) under the best product at which one still counts as what was looked for, when all that are wanted are put
in another order than relevance: the cheapest backpack must not be a pen."""
_TITLE_AMONG = 60
"""Passages, by words, whose titles are looked for in the query."""
_TITLE_LEAST = 4
"""Characters of a title that is found as such."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A query against a view, before any vector. `allowed`: (passages,) mask; `lexical`: (passages,) BM25 over its maximum, 0..1;
    `exact`: indexes of products named by SKU, model number or full title."""

    matching: Matching
    allowed: NDArray[np.bool_]
    lexical: NDArray[np.float32]
    exact: frozenset[int]


def exact_products(view: ShopView, tables: Tables, text: str, lexical: NDArray[np.float32]) -> frozenset[int]:
    """Products that the text names: by a SKU or model number, or by a whole title."""
    found: set[str] = set()
    for code in codes(text) | spaced_codes(text):
        found.update(tables.codes.get(code, ()))
    folded = " ".join(fold(text).split())
    for sku in (folded, *folded.split()):
        if sku in view.by_sku:
            found.add(view.by_sku[sku])
    rows = np.flatnonzero(tables.product_of >= 0)
    if len(rows) > _TITLE_AMONG:
        rows = rows[np.argpartition(-lexical[rows], _TITLE_AMONG)[:_TITLE_AMONG]]
    for product in {int(tables.product_of[row]) for row in rows if lexical[row] > 0}:
        if any(len(title) >= _TITLE_LEAST and title in folded for title in tables.catalog.titles[product]):
            found.add(tables.catalog.ids[product])
    return frozenset(tables.catalog.index[id] for id in found if id in tables.catalog.index)


def in_order(
    view: ShopView, tables: Tables, query: Query, matched: Matched, rows: Rows, scores: Floats, now: datetime, hits: int = 4
) -> Found:
    """The `top` products in the order asked for, of all that match and are what was looked for: within FLOOR of the best, unless a category or
    a list of products says it all by itself. Equal ones by relevance; products without a price (or rating) go last. `rows`: product
    passages, ascending, with their scores."""
    owners = tables.product_of[rows]
    best = np.full(len(tables.catalog.ids), -np.inf)
    np.maximum.at(best, owners, scores)
    candidates = np.flatnonzero(np.isfinite(best))
    if not query.whole and not query.filters.categories and query.filters.product_ids is None:
        candidates = candidates[best[candidates] >= best.max() - FLOOR]
    keys = sort_keys(view, tables, query.sort, query, matched, now)
    chosen = candidates[np.lexsort((-best[candidates], keys[candidates]))][: query.top]
    found: Found = []
    for product in chosen.tolist():
        held = np.flatnonzero(owners == product)
        held = held[np.argsort(-scores[held], kind="stable")][:hits]
        found.append((tables.catalog.ids[product], float(best[product]), rows[held].tolist()))
    return found


def sort_keys(view: ShopView, tables: Tables, sort: Sort, query: Query, matched: Matched, now: datetime) -> NDArray[np.float64]:
    """By product: what is sorted by, smallest first."""
    catalog = tables.catalog
    if sort in (Sort.PRICE_ASC, Sort.PRICE_DESC):
        bound = query.filters.price_max or query.filters.price_min
        currency = bound.currency if bound else view.shop.currency
        if sort is Sort.PRICE_ASC:
            return catalog.lowest_price(matched.matching, now, currency)
        return -catalog.highest_price(matched.matching, now, currency)
    if sort is Sort.DISCOUNT:
        return -catalog.discount(matched.matching, now)
    if sort is Sort.RATING:
        return -_ratings(view, catalog.ids)
    # The catalog does not say when a product came in; its order is all there is.
    return np.zeros(len(catalog.ids))


def _ratings(view: ShopView, ids: Sequence[str]) -> NDArray[np.float64]:
    """Mean rating by product, -1 without one. Few reviews count less: each mean is mixed with two reviews of 3.5 stars."""
    found = np.full(len(ids), -1.0)
    for i, id in enumerate(ids):
        product = view.products[id]
        given = [review.rating for review in view.reviews.get(id, ()) if review.rating is not None]
        if given:
            found[i] = (sum(given) + 7.0) / (len(given) + 2)
        elif product.rating is not None:
            count = product.rating_count or 10
            found[i] = (product.rating * count + 7.0) / (count + 2)
    return found
