"""BigCommerce's product CSV (bulk edit): products, their SKUs as rows below them, and price rules that are not read.

Source of the columns: BigCommerce's help pages on the bulk edit template and on version 3 of its import and export.
"""

import re
from collections.abc import Sequence

from knowledge.importing.draft import Context, Draft
from knowledge.importing.rows import Row, add_facts, add_paths, folded_names, links, only_tells, parted, rows_of
from knowledge.importing.tables import Table
from knowledge.importing.text import plain_line

_NEWER = {
    "item": "item type", "id": "product id", "name": "product name", "sku": "product code sku", "inventory tracking": "track inventory",
    "current stock": "current stock level", "description": "product description", "brand name": "brand name", "categories": "category",
    "is visible": "product visible", "custom fields": "product custom fields", "warranty": "product warranty", "upc ean": "product upc ean",
}  # fmt: skip
"""The columns of the newer export (version 3) under the names of the older one."""


def is_bigcommerce(header: Sequence[str]) -> bool:
    """Whether these are the columns of a BigCommerce export."""
    names = folded_names(header)
    return {"item type", "product name", "product code sku"} <= names or _is_newer(names)


def _is_newer(names: set[str]) -> bool:
    return {"item", "id", "name", "sku", "options", "current stock", "inventory tracking"} <= names


def _renamed(row: Row) -> Row:
    cells = {_NEWER.get(name, name): cell for name, cell in row.cells.items()}
    cells["item type"] = "sku" if cells["item type"].casefold() == "variant" else cells["item type"]
    return Row(row.number, cells, {_NEWER.get(name, name): header for name, header in row.headers.items()})


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    newer = _is_newer(folded_names(table.header))
    drafts: list[Draft] = []
    product = Row(0, {}, {})
    for row in map(_renamed, rows_of(table)) if newer else rows_of(table):
        kind = row.get("item type").casefold()
        product = row if kind == "product" or not product.number else product
        drafts.append(_draft(row, product, kind, context))
    only_tells([draft for draft in drafts if draft.title or not draft.product_only])
    return drafts


def _draft(row: Row, product: Row, kind: str, context: Context) -> Draft:
    group = plain_line(product.get("product code sku", "product id", "product name"))
    whole = row is product
    title, description = (row.get("product name"), row.get("product description")) if whole else ("", "")
    columns = {"title": "product name", "price": "price", "sku": "product code sku", "stock": "current stock level"}
    draft = row.draft(context, group=group, title=title, descriptions=[description], columns=columns)
    draft.product_only = kind != "sku"
    if kind in ("rule", "image", "video"):
        draft.images = links([row.get("image url import", "internal image url export", "image url")])
        return draft
    draft.sku = plain_line(row.get("product code sku"))
    draft.price = row.get("price") or product.get("price")
    draft.sale_price, draft.list_price = product.get("sale price"), product.get("retail price")
    if (draft.sale_price or "0").strip("0.") == "":
        draft.sale_price = ""
    if (draft.list_price or "0").strip("0.") == "" or draft.sale_price:
        draft.list_price = ""
    tracked = product.get("track inventory").casefold()
    draft.stock = row.get("current stock level") if tracked not in ("", "none", "no", "n") else ""
    if not draft.stock and tracked in ("none", "no", "n"):
        draft.availability = "in stock"
    hidden = any(product.get(name).casefold() in ("n", "false") for name in ("product visible", "allow purchases"))
    draft.published = "no" if hidden else "yes"
    if not whole:
        pairs = (part.partition("=") for part in parted(row.get("product name"), r",(?=\s*\[)"))
        add_facts(draft.options, ((re.sub(r"^\[\w+\]", "", name), value.split(":#")[0]) for name, _, value in pairs), context)
        add_facts(draft.options, re.findall(r"Name=([^|]+)\|Value=([^|;]+)", row.get("options")), context)
        return draft
    draft.brand = plain_line(row.get("brand name"))
    draft.images = links(cell for _, cell in row.numbered(r"product image (?:file|url) (\d+)"))
    add_paths(draft, parted(row.get("category"), ";"), context)
    custom = (part.partition("=") for part in parted(row.get("product custom fields"), ";"))
    facts = [
        ("Warranty", row.get("product warranty")),
        ("Barcode", row.get("product upc ean")),
        *((name, value) for name, _, value in custom),
    ]
    add_facts(draft.attributes, facts, context)
    return draft
