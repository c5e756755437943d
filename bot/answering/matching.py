"""Every product of the catalog that satisfies conditions: for extremes, and for what dropping a condition would give."""

from collections.abc import Callable, Sequence
from datetime import datetime

from retrieval.filters import Filters
from retrieval.view import ShopView

Matching = Callable[[ShopView, Filters, datetime], Sequence[str]]
"""Ids of every product that satisfies the filters (UTC now), in catalog order."""


def catalog_matching(view: ShopView, filters: Filters, now: datetime) -> Sequence[str]:
    """From the view's own tables; () where they are not built."""
    if view.tables is None:
        return ()
    catalog = view.tables.catalog
    return [catalog.ids[number] for number in catalog.matching(filters, now).products.nonzero()[0].tolist()]
