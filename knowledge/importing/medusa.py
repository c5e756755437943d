"""Medusa's product CSV (versions 1 and 2): a row a variant, prices in a column for each currency.

Source of the columns: the import templates of Medusa's admin.
"""

import re
from collections.abc import Sequence

from knowledge.importing.draft import Context, Draft
from knowledge.importing.rows import Row, add_facts, add_paths, folded_names, is_yes, links, parted, rows_of
from knowledge.importing.tables import Table
from knowledge.importing.text import plain_line


def is_medusa(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Medusa export."""
    return {"product handle", "product title", "variant sku"} <= folded_names(header)


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    return [_draft(row, context) for row in rows_of(table)]


def _draft(row: Row, context: Context) -> Draft:
    handle = plain_line(row.get("product handle", "product id"))
    texts = (row.get("product subtitle"), row.get("product description"))
    columns = {"title": "product title", "sku": "variant sku", "stock": "variant inventory quantity"}
    draft = row.draft(context, group=handle, title=row.get("product title"), descriptions=texts, columns=columns)
    draft.sku = plain_line(row.get("variant sku"))
    prices = [(groups[0].upper(), cell) for groups, cell in row.numbered(r"(?:variant )?price ([a-z]{3})")]
    if prices:
        draft.currency, draft.price = next((entry for entry in prices if entry[0] == context.currency), prices[0])
    draft.stock = row.get("variant inventory quantity")
    draft.sold_when_empty = is_yes(row.get("variant allow backorder"))
    if row.get("variant manage inventory").casefold() == "false":
        draft.stock, draft.availability = "", "in stock"
    draft.published = row.get("product status")
    draft.images = links([row.get("product thumbnail"), *(cell for _, cell in row.numbered(r"(?:product )?image \d+ url"))])
    draft.tags = [tag for _, cell in row.numbered(r"product tags?(?: \d+)?") for tag in parted(cell, ",")]
    add_paths(
        draft,
        [
            *(cell for _, cell in row.numbered(r"product category(?: \d+)?(?: name)?")),
            row.get("product type"),
            row.get("product collection title"),
        ],
        context,
    )
    named = dict(row.numbered(r"(?:variant )?option (\d+) (name|value)"))
    numbers = sorted({number for number, _ in named}, key=int)
    add_facts(draft.options, ((named.get((number, "name"), ""), named.get((number, "value"), "")) for number in numbers), context)
    weight = row.get("product weight")
    facts = {"Material": row.get("product material"), "Country of origin": row.get("product origin country"),
             "Weight": f"{weight} g" if re.fullmatch(r"[\d.]+", weight) else ""}  # fmt: skip
    add_facts(draft.attributes, facts.items(), context)
    add_facts(draft.variant_attributes, [("Barcode", row.get("variant barcode", "variant ean", "variant upc"))], context)
    return draft
