"""WooCommerce's product CSV: simple, variable with its variations, grouped and external products.

Source of the columns: WooCommerce's schema of the product CSV import (its GitHub wiki); a shop exports them in its own language
(woocommerce_headers.toml).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

from knowledge.catalog import Attribute
from knowledge.importing.columns import folded
from knowledge.importing.draft import Context, Draft
from knowledge.importing.problems import Report
from knowledge.importing.statements import attribute, localized
from knowledge.importing.tables import Record, Table
from knowledge.importing.text import address, language_of, plain, plain_line
from knowledge.localized import LocalText


@lru_cache(maxsize=1)
def _translations() -> Mapping[str, str]:
    """Header in another language to the English one, both folded; "#" stands for a number."""
    raw = tomllib.loads(resources.files("knowledge.importing").joinpath("woocommerce_headers.toml").read_text(encoding="utf-8"))
    return {folded(other): name for names in raw.values() for name, others in names.items() for other in others}


def english(column: str) -> str:
    """A header as WooCommerce writes it in English, folded: "Regulärer Preis" is "regular price"."""
    name = folded(column)
    number = re.search(r"\d+", name)
    told = _translations().get(re.sub(r"\d+", "#", name, count=1))
    return name if told is None else told.replace("#", number[0] if number else "")


def is_woocommerce(header: Sequence[str]) -> bool:
    """Whether these are the columns of a WooCommerce export."""
    names = {english(column) for column in header}
    typical = {
        "regular price",
        "in stock",
        "parent",
        "tax status",
        "visibility in catalog",
        "is featured",
        "attribute 1 name",
        "backorders allowed",
    }
    return {"type", "name"} <= names and len(names & typical) >= 2


def drafts_of(table: Table, report: Report, context: Context) -> list[Draft]:
    """One draft a row; a variation joins its parent, a variable product with variations sells nothing itself."""
    reader = _Reader(table, context)
    drafts = [reader.draft(record) for record in table.records]
    by_reference: dict[str, Draft] = {}
    for record, draft in zip(table.records, drafts, strict=True):
        if not reader.is_variation(record):
            for reference in (f"id:{reader.get(record, 'id')}", reader.get(record, "sku"), reader.get(record, "id")):
                if reference not in ("", "id:"):
                    by_reference.setdefault(reference.casefold(), draft)
    varied: dict[int, set[str]] = {}
    for record, draft in zip(table.records, drafts, strict=True):
        if not reader.is_variation(record):
            continue
        reference = reader.get(record, "parent")
        parent = by_reference.get(reference.casefold()) if reference else None
        if parent is None:
            report.reject(draft.row, reader.columns.get("parent", "Parent"), "parent_missing", value=reference)
            continue
        draft.group, draft.title, draft.description, draft.categories = parent.group, {}, {}, []
        draft.variant_image, draft.images = (draft.images[0] if draft.images else ""), []
        draft.options, draft.attributes = draft.attributes, []
        varied.setdefault(id(parent), set()).update(option.name for option in draft.options)
    for draft in drafts:
        draft.product_only = id(draft) in varied
        draft.attributes = [one for one in draft.attributes if one.name not in varied.get(id(draft), ())]
    return [draft for draft in drafts if draft.row not in report.rejected]


class _Reader:
    def __init__(self, table: Table, context: Context) -> None:
        self.context = context
        self.columns = {english(column): column for column in reversed(table.header)}
        self.numbers = sorted(int(match[1]) for name in self.columns if (match := re.fullmatch(r"attribute (\d+) name", name)))

    def get(self, record: Record, name: str) -> str:
        return record.cells.get(self.columns.get(name, ""), "").strip()

    def is_variation(self, record: Record) -> bool:
        return "variation" in self.get(record, "type").casefold()

    def draft(self, record: Record) -> Draft:
        def get(name: str) -> str:
            return self.get(record, name)

        languages = self.context.languages
        named = {"title": "name", "price": "regular price", "sale_price": "sale price", "availability": "in stock", "sale_from": "date sale price starts",
                 "sale_until": "date sale price ends"}  # fmt: skip
        columns = {**self.columns, **{own: self.columns[name] for own, name in named.items() if name in self.columns}}
        columns.pop("price" if "variable" in get("type") or "grouped" in get("type") else "", None)
        draft = Draft(row=record.row, columns=columns)
        draft.sku = plain_line(get("sku"))
        draft.group = f"woo:{plain_line(get('id')) or draft.sku or record.row}"
        draft.product_id = draft.sku or (f"id-{plain_line(get('id'))}" if get("id") else "")
        draft.title = localized(get("name"), languages, one_line=True)
        draft.description = self._description(get("short description"), get("description"))
        draft.categories = self._categories(get("categories"))
        draft.tags = [tag for part in _parted(get("tags")) if (tag := plain_line(part))]
        draft.price, draft.sale_price = get("regular price"), get("sale price")
        draft.sale_from, draft.sale_until = get("date sale price starts"), get("date sale price ends")
        draft.brand = get("brands") or get("brand")
        self._stock(draft, get("stock"), get("in stock"), get("backorders allowed"))
        published, shown = get("published") or "1", get("visibility in catalog").casefold()
        draft.published = "no" if shown == "hidden" or published in ("-1", "0") else "yes" if published in ("1", "2") else published
        draft.images = [
            link for part in re.split(r",\s*(?=https?://|/|[\w.-]+\.(?:jpe?g|png|webp|gif))", get("images")) if (link := address(part))
        ]
        draft.url = address(get("external url"))
        draft.variant_url = ""
        draft.goes_with = [
            sku for name in ("cross sells", "upsells", "grouped products") for part in _parted(get(name)) if (sku := plain_line(part))
        ]
        draft.attributes = self._attributes(record)
        if (one := attribute("Barcode", get("gtin, upc, ean, or isbn") or get("gtin"), languages)) is not None:
            draft.variant_attributes.append(one)
        if not self.is_variation(record):
            for name, column in self.columns.items():
                if (match := re.fullmatch(r"(weight|length|width|height)", name)) and get(name):
                    unit = re.search(r"\(([^)]+)\)", column)
                    amount = f"0{get(name)}" if get(name).startswith(".") else get(name)
                    if (one := attribute(match[1].title(), f"{amount} {unit[1] if unit else ''}".strip(), languages)) is not None:
                        draft.attributes.append(one)
        return draft

    def _description(self, short: str, long: str) -> LocalText:
        texts = [text for raw in (short, long) if (text := plain(raw.replace("\\n", "\n")))]
        joined = texts[1] if len(texts) == 2 and texts[0] in texts[1] else "\n".join(texts)
        return localized(joined, self.context.languages)

    def _categories(self, text: str) -> list[LocalText]:
        paths = [" > ".join(step.strip() for step in plain_line(part).split(">") if step.strip()) for part in _parted(text)]
        return [{language_of(path, self.context.languages): path} for path in dict.fromkeys(paths) if path]

    @staticmethod
    def _stock(draft: Draft, stock: str, in_stock: str, backorders: str) -> None:
        draft.sold_when_empty = backorders.casefold() in ("1", "yes", "notify", "true")
        word = in_stock.casefold()
        state = {
            "1": "in stock",
            "0": "out of stock",
            "yes": "in stock",
            "no": "out of stock",
            "true": "in stock",
            "false": "out of stock",
        }.get(word, in_stock)
        if stock.casefold() == "parent":
            stock = ""
        draft.stock = stock
        figure = re.fullmatch(r"-?\d+(?:\.0+)?", stock)
        draft.availability = "" if figure and state == "in stock" else state

    def _attributes(self, record: Record) -> list[Attribute]:
        found: list[Attribute] = []
        for number in self.numbers:
            name, value = self.get(record, f"attribute {number} name"), self.get(record, f"attribute {number} value")
            value = value or self.get(record, f"attribute {number} value s") or self._values(record, number)
            if (one := attribute(name, ", ".join(_parted(value)), self.context.languages)) is not None:
                found.append(one)
        return found

    def _values(self, record: Record, number: int) -> str:
        return next(
            (record.cells.get(column, "") for name, column in self.columns.items() if name.startswith(f"attribute {number} value")), ""
        ).strip()


def _parted(text: str) -> list[str]:
    """Parts of a list; a comma behind a backslash belongs to the text."""
    return [part.replace("\\,", ",").strip() for part in re.split(r"(?<!\\),", text.replace("|", ",")) if part.strip()]
