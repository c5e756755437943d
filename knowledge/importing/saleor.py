"""Saleor's product fixtures (Django's dumpdata): objects of many models that refer to one another by their keys.

Source of the models: Saleor's product and attribute apps. A price is that of the channel in the shop's currency, else of the first channel.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from knowledge.catalog import Attribute
from knowledge.importing.draft import Context, Draft
from knowledge.importing.json_records import JsonRecord, amount_text, text_of
from knowledge.importing.statements import attribute, localized
from knowledge.importing.text import address, language_of, plain_line
from knowledge.importing.words import decimal_of

Row = dict[str, Any]


def is_saleor(records: Sequence[JsonRecord]) -> bool:
    """Whether this is a dump with Saleor's products in it."""
    return any(record.data.get("model") == "product.product" for record in records) and all(
        {"model", "fields"} <= record.data.keys() and isinstance(record.data["fields"], dict) for record in records
    )


def drafts_of(records: Sequence[JsonRecord], context: Context) -> list[Draft]:
    """A draft for each product and each of its variants; rows count the products from 1."""
    return _Reader(records, context).drafts()


class _Reader:
    def __init__(self, records: Sequence[JsonRecord], context: Context) -> None:
        self.context = context
        self.tables: dict[str, dict[Any, Row]] = defaultdict(dict)
        for place, record in enumerate(records):
            model = str(record.data["model"]).partition(".")[2]
            key = record.data.get("pk")
            self.tables[model][key if key is not None else f"#{place}"] = record.data["fields"]
        self.currencies = {key: str(row.get("currency_code", "")) for key, row in self.tables["channel"].items()}

    def _of(self, model: str, column: str, key: Any) -> list[Row]:
        return [row for row in self.tables[model].values() if row.get(column) == key]

    def drafts(self) -> list[Draft]:
        variants: dict[Any, list[tuple[Any, Row]]] = defaultdict(list)
        for key, row in self.tables["productvariant"].items():
            variants[row.get("product")].append((key, row))
        found: list[Draft] = []
        for number, (key, row) in enumerate(self.tables["product"].items(), start=1):
            parent = self._product(number, key, row)
            found.append(parent)
            for variant, fields in variants[key]:
                found.append(self._variant(parent, variant, fields))
            parent.product_only = bool(variants[key])
        return found

    def _product(self, number: int, key: Any, row: Row) -> Draft:
        languages = self.context.languages
        draft = Draft(row=number, columns={"price": "price_amount", "title": "name", "sku": "sku"})
        draft.group = draft.product_id = plain_line(text_of(row.get("slug"))) or text_of(key)
        draft.title = localized(text_of(row.get("name")), languages, one_line=True)
        draft.description = localized(rich_text(row.get("description")) or text_of(row.get("description_plaintext")), languages)
        if path := " > ".join(self._path(row.get("category"))):
            draft.categories.append({language_of(path, languages): path})
        listings = self._of("productchannellisting", "product", key)
        draft.published = "yes" if not listings or any(listing.get("is_published") for listing in listings) else "no"
        media = sorted(self._of("productmedia", "product", key), key=lambda entry: entry.get("sort_order") or 0)
        draft.images = [link for entry in media if (link := address(text_of(entry.get("external_url") or entry.get("image"))))]
        draft.attributes = self._values(self._of("assignedproductattributevalue", "product", key))
        if (weight := text_of(row.get("weight"))) and (one := attribute("Weight", weight.replace(":", " "), languages)) is not None:
            draft.attributes.append(one)
        return draft

    def _path(self, category: Any) -> list[str]:
        steps: list[str] = []
        while category in self.tables["category"] and len(steps) < 20:
            row = self.tables["category"][category]
            steps.insert(0, plain_line(text_of(row.get("name"))))
            category = row.get("parent")
        return [step for step in steps if step]

    def _values(self, assigned: Sequence[Row]) -> list[Attribute]:
        found = []
        for entry in assigned:
            value = self.tables["attributevalue"].get(entry.get("value"), {})
            name = self.tables["attribute"].get(value.get("attribute"), {})
            said = "" if name.get("visible_in_storefront") is False else _said(value, name)
            if (one := attribute(text_of(name.get("name")), said, self.context.languages)) is not None and one not in found:
                found.append(one)
        return found

    def _variant(self, parent: Draft, key: Any, row: Row) -> Draft:
        draft = Draft(row=parent.row, columns=parent.columns, group=parent.group)
        draft.sku = plain_line(text_of(row.get("sku"))) or f"{parent.group}-{text_of(key)}"
        draft.variant_url = draft.variant_image = ""
        for assignment, fields in self.tables["assignedvariantattribute"].items():
            if fields.get("variant") == key:
                draft.options.extend(self._values(self._of("assignedvariantattributevalue", "assignment", assignment)))
        name = plain_line(text_of(row.get("name")))
        if not draft.options and name and name != draft.sku:
            draft.options.append(Attribute("Variant", name, language_of(name, self.context.languages)))
        listings = [entry for entry in self._of("productvariantchannellisting", "variant", key) if entry.get("price_amount") is not None]
        if listings:
            chosen = min(listings, key=lambda entry: (entry.get("currency") != self.context.currency, text_of(entry.get("channel"))))
            draft.currency = text_of(chosen.get("currency")) or self.currencies.get(chosen.get("channel"), "")
            draft.price = _amount(chosen.get("price_amount"))
            draft.sale_price = _amount(chosen.get("discounted_price_amount"))
        stocks = [count for entry in self._of("stock", "product_variant", key) if isinstance(count := entry.get("quantity"), int)]
        draft.stock = str(sum(stocks)) if stocks else ""
        if row.get("track_inventory") is False:
            draft.stock, draft.availability = "", "in stock"
        if row.get("is_preorder") is True:
            draft.availability = "preorder"
        return draft


def _said(value: Row, name: Row) -> str:
    if value.get("boolean") is not None:
        return "yes" if value["boolean"] else "no"
    unit = text_of(name.get("unit"))
    return f"{text_of(value.get('name'))} {unit}".strip()


def _amount(value: Any) -> str:
    number = decimal_of(text_of(value))
    return amount_text(number) if isinstance(number, Decimal) else ""


def rich_text(value: Any) -> str:
    """The text of EditorJS blocks, a line each."""
    blocks = value.get("blocks") if isinstance(value, dict) else None
    lines: list[str] = []
    for block in blocks if isinstance(blocks, list) else []:
        data = block.get("data") if isinstance(block, dict) else None
        if isinstance(data, dict):
            items = data.get("items")
            lines.extend(f"- {text_of(item)}" for item in items if isinstance(item, str)) if isinstance(items, list) else lines.append(
                text_of(data.get("text"))
            )
    return "<br>".join(line for line in lines if line)
