"""Wix' product CSV: a row for the product, and one for each variant with what it costs more.

Source of the columns: Wix' help page on importing products.
"""

from collections.abc import Sequence
from decimal import Decimal

from knowledge.importing.draft import Context, Draft
from knowledge.importing.rows import Row, add_facts, add_paths, folded_names, links, only_tells, parted, rows_of
from knowledge.importing.tables import Table
from knowledge.importing.text import plain_line
from knowledge.importing.words import decimal_of


def is_wix(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Wix export."""
    return {"handle id", "field type", "name", "price"} <= folded_names(header)


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    rows = rows_of(table)
    products = {row.get("handle id"): row for row in rows if row.get("field type").casefold() == "product"}
    drafts = [_draft(row, products.get(row.get("handle id"), row), context) for row in rows]
    only_tells(drafts)
    return drafts


def _draft(row: Row, product: Row, context: Context) -> Draft:
    variant = row is not product
    title, description = ("", "") if variant else (row.get("name"), row.get("description"))
    columns = {"title": "name", "price": "price", "sku": "sku", "stock": "inventory"}
    draft = row.draft(context, group=plain_line(row.get("handle id")), title=title, descriptions=[description], columns=columns)
    draft.product_only = not variant
    draft.sku, draft.brand = plain_line(row.get("sku")), plain_line(row.get("brand"))
    draft.price, draft.sale_price = _prices(row, product)
    stock = row.get("inventory")
    draft.stock, draft.availability = (
        (stock, "")
        if decimal_of(stock) is not None
        else ("", {"instock": "in stock", "outofstock": "out of stock"}.get(stock.casefold(), stock))
    )
    draft.published = "no" if product.get("visible").casefold() == "false" else row.get("visible")
    draft.images = links(parted(row.get("product image url"), ";"))
    add_paths(draft, parted(row.get("collection"), ";"), context)
    if variant:
        options = ((product.get(f"product option name{n}"), row.get(f"product option description{n}")) for n in range(1, 7))
        add_facts(draft.options, options, context)
    else:
        facts = ((row.get(f"additional info title{n}"), row.get(f"additional info description{n}")) for n in range(1, 7))
        add_facts(draft.attributes, facts, context)
    return draft


def _prices(row: Row, product: Row) -> tuple[str, str]:
    """Price and reduced price: the product's, with the variant's surcharge and less the product's discount."""
    base, more = decimal_of(product.get("price")), decimal_of(row.get("surcharge") or "0")
    if base is None or more is None:
        return product.get("price"), ""
    price = base + (more if row is not product else Decimal(0))
    off = decimal_of(product.get("discount value") or "0")
    if not off:
        return f"{price:f}", ""
    less = price * off / 100 if product.get("discount mode").casefold() == "percent" else off
    return f"{price:f}", f"{(price - less).quantize(Decimal('0.01')):f}"
