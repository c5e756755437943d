"""Vendure's product CSV: padded cells; a row without name and slug is a further variant of the product above it.

Source of the columns: Vendure's guide on importing product data.
"""

from collections.abc import Sequence

from knowledge.catalog import Attribute
from knowledge.importing.columns import folded
from knowledge.importing.draft import Context, Draft
from knowledge.importing.statements import attribute, localized
from knowledge.importing.tables import Table
from knowledge.importing.text import address, language_of, plain_line


def is_vendure(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Vendure import file."""
    names = {folded(column).split(" ", 1)[0] if ":" in column else folded(column) for column in header}
    return {"name", "sku", "option groups", "option values"} <= names


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    columns = {folded(column): column for column in reversed(table.header)}
    messages = {
        "title": columns.get("name", "name"),
        "stock": columns.get("stock on hand", "stockOnHand"),
        **{n: c for n, c in columns.items() if n in ("sku", "price")},
    }
    drafts: list[Draft] = []
    group, groups = "", ""
    for record in table.records:
        cells = {name: record.cells.get(column, "").strip() for name, column in columns.items()}
        if cells.get("name") or cells.get("slug"):
            group = plain_line(cells.get("slug") or cells["name"])
            groups = cells.get("option groups", "")
        draft = Draft(row=record.row, columns=messages, group=group)
        draft.title = localized(cells.get("name", ""), context.languages, one_line=True)
        draft.description = localized(cells.get("description", ""), context.languages)
        draft.sku, draft.price, draft.stock = plain_line(cells.get("sku", "")), cells.get("price", ""), cells.get("stock on hand", "")
        if cells.get("track inventory", "").casefold() == "false" and draft.stock in ("", "0"):
            draft.stock, draft.availability = "", "in stock"
        draft.published = cells.get("enabled", "")
        draft.images = [link for part in cells.get("assets", "").split("|") if (link := address(part))]
        draft.variant_image = address(cells.get("variant assets", "").split("|")[0])
        draft.variant_url = ""
        _facets(draft, cells.get("facets", ""), cells.get("variant facets", ""), context)
        for name, value in zip(groups.split("|"), cells.get("option values", "").split("|"), strict=False):
            if name.strip() and value.strip():
                draft.options.append(Attribute(plain_line(name), plain_line(value), language_of(name, context.languages)))
        drafts.append(draft)
    return drafts


def _facets(draft: Draft, facets: str, own: str, context: Context) -> None:
    """Facets named category are categories, each by itself (they have no order); brand is the brand; others are statements."""
    for target, text in ((draft.attributes, facets), (draft.variant_attributes, own)):
        for part in text.split("|"):
            name, _, value = part.partition(":")
            if name.strip().casefold() == "category":
                step = plain_line(value)
                draft.categories.extend([{language_of(step, context.languages): step}] if step else [])
            elif name.strip().casefold() == "brand" and value.strip():
                draft.brand = plain_line(value)
            elif (one := attribute(name, value, context.languages)) is not None:
                target.append(one)
