"""Products in our own columns, and in tables of shops that call them otherwise (Chinese exports among them)."""

import re
from collections.abc import Sequence
from dataclasses import fields, replace

import orjson

from knowledge.catalog import Attribute
from knowledge.currencies import currency_in, is_currency
from knowledge.importing.columns import PRODUCT, Columns
from knowledge.importing.draft import Context, Draft
from knowledge.importing.mapping import ColumnMapping
from knowledge.importing.statements import attribute, is_trivial, localized, spec_lines
from knowledge.importing.tables import Record
from knowledge.importing.text import address, clean, language_of, plain, plain_line
from knowledge.importing.words import count_of, several, state_of, yes_or_no
from knowledge.localized import LocalText

_COPIED = (
    "sku", "brand", "price", "sale_price", "list_price", "price_to", "stock", "availability", "published", "deleted", "sale_from", "sale_until",
    "rating", "rating_count", "as_of",
)  # fmt: skip


def draft_of(record: Record, columns: Columns, context: Context) -> Draft:
    """What one record states."""
    cells = record.cells
    names = columns.names
    draft = Draft(row=record.row, columns=names)
    for name in _COPIED:
        setattr(draft, name, columns.get(cells, name))
    draft.stock = draft.stock or _over_places(columns.all(cells, "stock_at"))
    draft.sku = plain_line(draft.sku)
    draft.group = plain_line(columns.get(cells, "group"))
    identity = plain_line(columns.get(cells, "id"))
    if not draft.sku:
        draft.sku = identity
    elif not draft.group:
        draft.product_id = identity
    if draft.published and not draft.availability and yes_or_no(draft.published) is None and state_of(draft.published) is not None:
        draft.published, draft.availability = "", draft.published  # one column for both: 在售, 已下架, 售罄
    draft.currency = columns.get(cells, "currency") or _header_currency(names)
    draft.title = localized(columns.get(cells, "title"), context.languages, columns.texts(cells, "title"), one_line=True)
    draft.description = _description(cells, columns, context)
    draft.categories = categories(columns.get(cells, "category"), columns.texts(cells, "category"), context)
    draft.sold_when_empty = (
        yes_or_no(columns.get(cells, "sold_when_empty") or "no") is True or columns.get(cells, "sold_when_empty") == "notify"
    )
    draft.url = address(columns.get(cells, "url"))
    draft.variant_url = address(columns.get(cells, "variant_url")) if "variant_url" in columns else None
    found = [link for cell in columns.all(cells, "image") for image in listed(cell, web=True) if (link := address(image))]
    draft.images = list(dict.fromkeys(found))
    draft.variant_image = address(columns.get(cells, "variant_image")) if "variant_image" in columns else None
    draft.goes_with, draft.replaces, draft.tags = (list(listed(columns.get(cells, name))) for name in ("goes_with", "replaces", "tags"))
    draft.options = _named(cells, columns, "options", context)
    draft.attributes = _named(cells, columns, "attributes", context)
    draft.variant_attributes = _named(cells, columns, "variant_attributes", context)
    _statements(draft, cells, columns, context)
    return draft


def _over_places(stocks: Sequence[str]) -> str:
    """The pieces at all places together; "" where no place states a count."""
    counts = [count for text in stocks if (count := count_of(text)) is not None]
    return str(sum(max(count, 0) for count in counts)) if counts else ""


def overlaid(drafts: list[Draft], records: Sequence[Record], mapping: ColumnMapping, context: Context) -> list[Draft]:
    """Drafts of another program's layout with what the merchant said of single columns on top."""
    header = [column for column in {name: None for record in records for name in record.cells} if mapping.meaning(column)]
    if not header:
        return drafts
    columns = Columns(header, PRODUCT, mapping.meanings)
    by_row = {record.row: record for record in records}
    for draft in drafts:
        if (record := by_row.get(draft.row)) is None:
            continue
        said = draft_of(Record(record.row, {name: cell for name, cell in record.cells.items() if name in header}), columns, context)
        for slot in fields(Draft):
            value = getattr(said, slot.name)
            if slot.name in ("options", "attributes", "variant_attributes"):
                setattr(draft, slot.name, [*getattr(draft, slot.name), *value])
            elif slot.name == "columns":
                draft.columns = {**draft.columns, **said.columns}
            elif slot.name != "row" and value:
                setattr(draft, slot.name, value)
    return drafts


def _header_currency(names: dict[str, str]) -> str:
    """The currency that a price column names in its header: 售价(元), Price (USD), price_usd, Price €."""
    header = names.get("price", "")
    if any(mark in header for mark in "([（【"):
        return currency_in(header)
    last = re.split(r"[\s_\-/]+", header.strip())[-1]
    return currency_in(last.upper()) if len(last) == 3 and is_currency(last.upper()) else currency_in(last) if last in _SIGNS else ""


_SIGNS = ("€", "£", "¥", "￥", "₹", "$")


def _named(cells: dict[str, str], file: Columns, field: str, context: Context) -> list[Attribute]:
    """What columns of their own state (option NAME, attribute NAME), unless a list says the same exactly."""
    exact = "attributes" if field == "variant_attributes" else field
    if any(stated_in_json(cells.get(column, "")) is not None for column in file.fields.get(exact, ())):
        return []
    columns: dict[str, str] = getattr(file, field)
    found = (attribute(name, cells[column], context.languages) for column, name in columns.items() if cells.get(column, "").strip())
    return [one for one in found if one is not None]


def _statements(draft: Draft, cells: dict[str, str], columns: Columns, context: Context) -> None:
    """Columns that hold several statements: a line each, or a JSON list of name and value."""
    loose = []
    for name, target in (("attributes", draft.attributes), ("variant_attributes", draft.variant_attributes), ("options", draft.options)):
        for column in columns.fields.get(name, ()):
            text = cells.get(column, "")
            if not text.strip():
                continue
            exact = stated_in_json(text)
            if exact is not None:
                target.extend(one for one in exact if one not in target)
                continue
            found, rest = spec_lines(text, context.languages)
            target.extend(one for one in found if one not in target)
            if rest and name == "options":
                single = attribute(column, rest, context.languages)
                if single is not None and not is_trivial(single):
                    target.append(single)
            elif rest:
                loose.append(rest)
    for text in loose:
        tag = next(iter(localized(text, context.languages)), "und")
        draft.description[tag] = "\n".join(part for part in (draft.description.get(tag, ""), text) if part)


def stated_in_json(text: str) -> list[Attribute] | None:
    """Attributes written as JSON: [{"name", "value", "language"}] or {"name": "value"}; None when it is no such thing."""
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if isinstance(data, dict):
        data = [{"name": name, "value": value} for name, value in data.items()]
    if not isinstance(data, list) or not all(isinstance(entry, dict) and "name" in entry and "value" in entry for entry in data):
        return None
    found = []
    for entry in data:
        one = attribute(str(entry["name"]), str(entry["value"]), ("en", "zh"), str(entry.get("language") or ""))
        if one is not None:
            found.append(replace(one, source=str(entry.get("source") or "")))
    return found


def _description(cells: dict[str, str], columns: Columns, context: Context) -> LocalText:
    named = columns.texts(cells, "description")
    described = localized(columns.get(cells, "description"), context.languages, named)
    for tag, text in localized(columns.get(cells, "highlight"), context.languages, columns.texts(cells, "highlight")).items():
        if text not in described.get(tag, ""):
            described[tag] = "\n".join(part for part in (text, described.get(tag, "")) if part)
    return described


def categories(text: str, named: LocalText, context: Context) -> list[LocalText]:
    """Category paths of a cell ("a > b | c"), those of language columns matched by their place."""
    if text.strip() == "[]":
        text = ""
    if text.lstrip().startswith("[{"):
        try:
            return [
                {str(tag): plain_line(str(value)) for tag, value in entry.items()}
                for entry in orjson.loads(text)
                if isinstance(entry, dict)
            ]
        except orjson.JSONDecodeError:
            pass
    by_language = {tag: _paths(value) for tag, value in named.items()}
    plain_paths = _paths(text)
    result: list[LocalText] = []
    for place in range(max([len(plain_paths), *(len(paths) for paths in by_language.values())])):
        entry: LocalText = {}
        if place < len(plain_paths):
            path = plain_paths[place]
            if not any(path == paths[place] for paths in by_language.values() if place < len(paths)):
                entry[language_of(path, context.languages)] = path
        for tag, paths in by_language.items():
            if place < len(paths):
                entry[tag] = paths[place]
        if entry and entry not in result:
            result.append(entry)
    return result


def _paths(text: str) -> list[str]:
    found = []
    for part in plain(text).replace("\n", "|").split("|"):
        path = " > ".join(step.strip() for step in part.replace("＞", ">").replace("›", ">").replace("»", ">").split(">") if step.strip())
        if path:
            found.append(path)
    return found


def listed(text: str, *, web: bool = False) -> tuple[str, ...]:
    """A list in a cell: JSON, or parted by "|", lines or commas. `web`: addresses, in which commas part only before a new address."""
    if text.lstrip().startswith("["):
        try:
            data = orjson.loads(text)
            if isinstance(data, list):
                return tuple(dict.fromkeys(word for entry in data if isinstance(entry, str | int) and (word := plain_line(str(entry)))))
        except orjson.JSONDecodeError:
            pass
    if web:
        parts = re.split(r"\s*(?:\||\n|[,;]\s*(?=https?://|/))\s*", text.strip())
        return tuple(dict.fromkeys(clean(part) for part in parts if clean(part)))
    return tuple(dict.fromkeys(word for part in several(text) if (word := plain_line(part))))
