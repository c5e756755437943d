"""A bilingual shop of the demo catalog, read straight from its file: real titles, options and attributes."""

import csv
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.understanding.understand import Understanding
from knowledge.catalog import Attribute, Availability, Offer, Product, Variant
from retrieval.view import ShopView
from tests.builders import NOW, a_shop, a_view, money

CATALOG = Path(__file__).parents[4] / "knowledge" / "demo" / "products.csv"


def _statements(row: dict[str, str], prefix: str) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(key.removeprefix(prefix), value, "en" if key.isascii() else "zh")
        for key, value in row.items()
        if key.startswith(prefix) and value
    )


def _variant(row: dict[str, str]) -> Variant:
    return Variant(
        sku=row["sku"],
        options=_statements(row, "option "),
        offer=Offer(
            money(f"{row['price']} USD") if row["price"] else None, money(f"{row['sale_price']} USD") if row["sale_price"] else None
        ),
        availability=Availability.of(int(row["stock"]) if row["stock"] else None, as_of=NOW),
    )


@functools.lru_cache(maxsize=1)
def demo_view() -> ShopView:
    groups: dict[str, list[dict[str, str]]] = {}
    with CATALOG.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["published"] != "false":
                groups.setdefault(row["group"] or row["sku"], []).append(row)
    products = [
        Product(
            id=group,
            title={"en": rows[0]["title_en"], "zh": rows[0]["title_zh"]},
            variants=tuple(_variant(row) for row in rows),
            description={"en": rows[0]["description_en"], "zh": rows[0]["description_zh"]},
            brand=rows[0]["brand"],
            categories=({"en": rows[0]["category"], "zh": rows[0]["category_zh"]},),
            attributes=_statements(rows[0], "attribute "),
        )
        for group, rows in groups.items()
    ]
    return a_view(*products, shop=a_shop("demo"))


@pytest.fixture
def view() -> Iterator[ShopView]:
    yield demo_view()


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    return Understanding()
