"""Product feeds for shopping ads: Google Merchant Center (XML, TSV, CSV) and Meta's catalog (CSV), which took over its names.

Source of the fields: Google's product data specification; Meta's reference of supported catalog fields.
"""

import csv
import re
from collections.abc import Sequence

from knowledge.catalog import Attribute
from knowledge.importing.columns import folded
from knowledge.importing.draft import Context, Draft
from knowledge.importing.own_products import listed, stated_in_json
from knowledge.importing.statements import attribute, localized
from knowledge.importing.tables import Record, Table
from knowledge.importing.text import address, language_of, plain, plain_line

_TYPICAL = {
    "link", "image link", "availability", "condition", "item group id", "google product category", "gtin", "mpn", "additional image link",
    "sale price effective date", "identifier exists", "shipping weight", "fb product category", "quantity to sell on facebook", "product highlight",
    "product detail", "mobile link", "age group", "shipping", "custom label 0", "additional image links",
}  # fmt: skip
_META = {
    "fb product category",
    "quantity to sell on facebook",
    "inventory",
    "visibility",
    "status",
    "origin country",
    "applink",
    "commerce tax category",
    "rich text description",
}
_VARYING = {
    "color": "Color",
    "size": "Size",
    "material": "Material",
    "pattern": "Pattern",
    "gender": "Gender",
    "age group": "Age group",
    "size type": "Size type",
    "size system": "Size system",
}
_FACTS = {
    "gtin": "GTIN", "mpn": "MPN", "product weight": "Weight", "product length": "Length", "product width": "Width", "product height": "Height",
    "energy efficiency class": "Energy efficiency class", "origin country": "Country of origin", "unit pricing measure": "Content", "ingredients": "Ingredients",
}  # fmt: skip
_STOCK = ("quantity to sell on facebook", "inventory", "sell on google quantity", "quantity", "stock")


def is_merchant_feed(header: Sequence[str]) -> bool:
    """Whether these are the columns of a shopping feed."""
    names = {folded(column.removeprefix("g:")) for column in header}
    if any(column.startswith("g:") for column in header):
        return {"id", "title"} <= names
    return {"id", "title"} <= names and len(names & _TYPICAL) >= 3 and ("link" in names or "image link" in names)


def feed_format(table: Table) -> str:
    """google-xml, google-tsv, google-csv, meta-csv and so on."""
    names = {folded(column.removeprefix("g:")) for column in table.header}
    return f"{'meta' if names & _META else 'google'}-{table.layout}"


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row; rows of one item group are variants, told apart by the properties in which they differ."""
    columns: dict[str, str] = {}
    for column in table.header:
        columns.setdefault(folded(column.removeprefix("g:")), column)
    rows = [{name: record.cells.get(column, "").strip() for name, column in columns.items()} for record in table.records]
    drafts = [_draft(record, cells, columns, context) for record, cells in zip(table.records, rows, strict=True)]
    groups: dict[str, list[int]] = {}
    for place, draft in enumerate(drafts):
        if draft.group:
            groups.setdefault(draft.group, []).append(place)
    for place, draft in enumerate(drafts):
        members = groups.get(draft.group, [place]) if draft.group else [place]
        for name, label in _VARYING.items():
            one = attribute(label, rows[place].get(name, ""), context.languages)
            if one is not None:
                differs = len({rows[member].get(name, "").casefold() for member in members}) > 1
                (draft.options if differs else draft.attributes).append(one)
    for members in groups.values():
        _common_title([drafts[place] for place in members])
    return drafts


def _draft(record: Record, cells: dict[str, str], columns: dict[str, str], context: Context) -> Draft:
    def get(*names: str) -> str:
        return next((cells[name] for name in names if cells.get(name)), "")

    languages = context.languages
    messages = {"sku": "id", "stock": next((name for name in _STOCK if name in columns), "quantity"), "published": "status"}
    draft = Draft(record.row, columns={**columns, **{own: columns[name] for own, name in messages.items() if name in columns}})
    draft.sku, draft.group = plain_line(get("id")), plain_line(get("item group id"))
    draft.title = localized(get("title", "structured title"), languages, one_line=True)
    draft.description = localized(get("description", "rich text description", "summary", "content"), languages)
    for point in _parts(get("product highlight")):
        tag = language_of(point, languages)
        if point not in draft.description.get(tag, ""):
            draft.description[tag] = "\n".join(part for part in (draft.description.get(tag, ""), f"- {point}") if part)
    draft.brand = plain_line(get("brand"))
    draft.price, draft.sale_price = get("price"), get("sale price")
    draft.sale_from, _, draft.sale_until = (part.strip() for part in get("sale price effective date").partition("/"))
    draft.stock = get(*_STOCK)
    draft.availability = _availability(get("availability"))
    draft.published = _published(get("status"), get("visibility"))
    draft.url = address(get("link", "canonical link").split("\n")[0])
    images = (*listed(get("image link"), web=True), *listed(get("additional image link", "additional image links"), web=True))
    draft.images = list(dict.fromkeys(link for image in images if (link := address(image))))
    draft.variant_image = draft.images[0] if draft.group and draft.images else None
    for path in _parts(get("product type")) or (
        [get("google product category")] if re.search(r"[^\d\s]", get("google product category")) else []
    ):
        steps = " > ".join(step.strip() for step in plain_line(path).split(">") if step.strip())
        if steps:
            draft.categories.append({language_of(steps, languages): steps})
    if (used := get("condition").casefold()) not in ("", "new") and (one := attribute("Condition", used, languages)) is not None:
        draft.attributes.append(one)
    for name, label in _FACTS.items():
        if (one := attribute(label, get(name), languages)) is not None:
            (draft.variant_attributes if draft.group and label in ("GTIN", "MPN") else draft.attributes).append(one)
    draft.attributes.extend(one for one in _details(get("product detail"), languages) if one not in draft.attributes)
    return draft


def _availability(text: str) -> str:
    word = folded(text)
    return "out of stock" if word in ("mark as sold", "sold") else "backorder" if word in ("available for order",) else word


def _published(status: str, visibility: str) -> str:
    """Meta's two columns: status active or archived, visibility published, hidden or staging."""
    if folded(visibility) in ("hidden", "staging", "whitelist only") or folded(status) in ("archived", "inactive"):
        return "no"
    return "yes" if status or visibility else ""


def _parts(text: str) -> list[str]:
    """A list as feeds write it: a line each, else parted by commas with quotation marks around parts that hold one."""
    if "\n" in text:
        return [line for part in text.split("\n") if (line := plain_line(part))]
    try:
        return [line for row in csv.reader([text], skipinitialspace=True) for part in row if (line := plain_line(part))]
    except csv.Error:
        return [plain_line(text)]


def _details(text: str, languages: Sequence[str]) -> list[Attribute]:
    """product_detail: "section:name:value" parted by commas, or what the XML reader made of its elements."""
    if (exact := stated_in_json(text)) is not None:
        return exact
    found = []
    for part in _parts(plain(text)):
        pieces = part.split(":", 2)
        if len(pieces) >= 2 and (one := attribute(pieces[-2], pieces[-1], languages)) is not None:
            found.append(one)
    return found


def _common_title(drafts: list[Draft]) -> None:
    """Titles that repeat their variant's options at the end ("Tee - Red / M") lose them where all rows agree on what is left."""
    bare = [{tag: _without_options(title, draft) for tag, title in draft.title.items()} for draft in drafts]
    if (
        len(drafts) > 1
        and len({tuple(sorted(title.items())) for title in bare}) == 1
        and all(text for title in bare for text in title.values())
    ):
        for draft, title in zip(drafts, bare, strict=True):
            draft.title = title


def _without_options(title: str, draft: Draft) -> str:
    labels = set(_VARYING.values())
    values = [one.value for one in (*draft.options, *draft.attributes) if one.name in labels]
    for _ in values:
        for value in values:
            title = re.sub(rf"[\s\-–—/,，(（|·]+{re.escape(value)}[)）]?$", "", title, flags=re.IGNORECASE)
    return title
