"""Vendure's product CSV: padded cells, texts in one language or several (name:en); a row without name and slug is a further variant of the
product above it.

Source of the columns: Vendure's guide on importing product data.
"""

import re
from collections.abc import Mapping, Sequence

from knowledge.catalog import Attribute
from knowledge.importing.columns import folded
from knowledge.importing.draft import Context, Draft
from knowledge.importing.statements import attribute, localized
from knowledge.importing.tables import Record, Table
from knowledge.importing.text import address, language_of, plain_line


def is_vendure(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Vendure import file."""
    return {"name", "sku", "option groups", "option values"} <= {_parted(column)[0] for column in header}


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    headers: dict[str, dict[str, str]] = {}
    for column in table.header:
        name, language = _parted(column)
        headers.setdefault(name, {}).setdefault(language, column)
    named = {
        own: name for own, name in (("title", "name"), ("stock", "stock on hand"), ("sku", "sku"), ("price", "price")) if name in headers
    }
    messages = {own: next(iter(headers[name].values())) for own, name in named.items()}
    drafts: list[Draft] = []
    group, groups = "", ""
    for record in table.records:
        cells = _Cells(record, headers, context.languages)
        if cells.get("name") or cells.get("slug"):
            group = plain_line(cells.get("slug") or cells.get("name"))
            groups = cells.get("option groups")
        draft = Draft(row=record.row, columns=messages, group=group)
        draft.title = localized(cells.plain("name"), context.languages, cells.told("name"), one_line=True)
        draft.description = localized(cells.plain("description"), context.languages, cells.told("description"))
        draft.sku, draft.price, draft.stock = plain_line(cells.get("sku")), cells.get("price"), cells.get("stock on hand")
        if cells.get("track inventory").casefold() == "false" and draft.stock in ("", "0"):
            draft.stock, draft.availability = "", "in stock"
        draft.published = cells.get("enabled")
        draft.images = [link for part in cells.get("assets").split("|") if (link := address(part))]
        draft.variant_image = address(cells.get("variant assets").split("|")[0])
        draft.variant_url = ""
        _facets(draft, cells.get("facets"), cells.get("variant facets"), context)
        for name, value in zip(groups.split("|"), cells.get("option values").split("|"), strict=False):
            if name.strip() and value.strip():
                draft.options.append(Attribute(plain_line(name), plain_line(value), language_of(name, context.languages)))
        drafts.append(draft)
    return drafts


def _parted(column: str) -> tuple[str, str]:
    """A header and the language it is in: "optionGroups:de" is ("option groups", "de"). A custom field keeps its prefix."""
    name, _, language = column.partition(":")
    if re.fullmatch(r"[a-z]{2}(?:_[A-Za-z]{2,4})?", language.strip()):
        return folded(name), language.strip().replace("_", "-")
    return folded(column), ""


class _Cells:
    """One record's cells by folded header; of a text in several languages the shop's first counts where one is needed."""

    def __init__(self, record: Record, headers: Mapping[str, Mapping[str, str]], languages: Sequence[str]) -> None:
        self.record, self.headers, self.languages = record, headers, languages

    def plain(self, name: str) -> str:
        """The cell whose header names no language."""
        return self.record.cells.get(self.headers.get(name, {}).get("", ""), "").strip()

    def told(self, name: str) -> dict[str, str]:
        """The filled cells whose headers name a language, by language."""
        found = self.headers.get(name, {}).items()
        return {language: cell for language, column in found if language and (cell := self.record.cells.get(column, "").strip())}

    def get(self, name: str) -> str:
        """One filled cell."""
        told = self.told(name)
        return self.plain(name) or next((told[one] for one in (*self.languages, *told) if one in told), "")


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
