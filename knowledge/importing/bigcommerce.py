"""BigCommerce's product CSV (bulk edit): products, their SKUs as rows below them, and price rules that are not read.

Source of the columns: BigCommerce's help page on the bulk edit template.
"""

import re
from collections.abc import Sequence

from knowledge.importing.draft import Context, Draft
from knowledge.importing.rows import Row, add_facts, add_paths, folded_names, links, only_tells, parted, rows_of
from knowledge.importing.tables import Table
from knowledge.importing.text import plain_line


def is_bigcommerce(header: Sequence[str]) -> bool:
    """Whether these are the columns of a BigCommerce export."""
    return {"item type", "product name", "product code sku"} <= folded_names(header)


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    drafts: list[Draft] = []
    product = Row(0, {}, {})
    for row in rows_of(table):
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
    if kind == "rule":
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
    hidden = "n" in (product.get("product visible").casefold(), product.get("allow purchases").casefold())
    draft.published = "no" if hidden else "yes"
    if not whole:
        pairs = (part.partition("=") for part in parted(row.get("product name"), r",(?=\s*\[)"))
        add_facts(draft.options, ((re.sub(r"^\[\w+\]", "", name), value.split(":#")[0]) for name, _, value in pairs), context)
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
