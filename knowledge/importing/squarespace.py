"""Squarespace's product CSV: a row without title is a further variant of the product above it.

Source of the columns: Squarespace's help page on product CSV files.
"""

from collections.abc import Sequence

from knowledge.importing.draft import Context, Draft
from knowledge.importing.rows import Row, add_facts, add_paths, folded_names, is_yes, links, parted, rows_of
from knowledge.importing.tables import Table
from knowledge.importing.text import plain_line


def is_squarespace(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Squarespace export."""
    names = folded_names(header)
    return {"title", "option name 1", "option value 1", "price"} <= names and bool({"product page", "hosted image urls"} & names)


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    drafts: list[Draft] = []
    above = Row(0, {}, {})
    for row in rows_of(table):
        above = row if row.get("title", "product id") or not above.number else above
        drafts.append(_draft(row, above, context))
    return drafts


def _draft(row: Row, above: Row, context: Context) -> Draft:
    group = plain_line(above.get("product id", "product url", "title"))
    columns = {"title": "title", "price": "price", "sku": "sku", "stock": "stock"}
    draft = row.draft(context, group=group, title=row.get("title"), descriptions=[row.get("description")], columns=columns)
    draft.product_id = plain_line(above.get("product url")) or group
    draft.sku, draft.price = plain_line(row.get("sku")), row.get("price")
    draft.sale_price = row.get("sale price") if is_yes(row.get("on sale")) else ""
    draft.stock = row.get("stock")
    if draft.stock.casefold() == "unlimited":
        draft.stock, draft.availability = "", "in stock"
    draft.published = above.get("visible")
    draft.images = links(row.get("hosted image urls").split())
    draft.tags = parted(row.get("tags"), ",")
    add_paths(draft, (part.strip("/") for part in parted(row.get("categories"), ",")), context)
    options = ((above.get(f"option name {n}") or row.get(f"option name {n}"), row.get(f"option value {n}")) for n in range(1, 7))
    add_facts(draft.options, options, context)
    return draft
