"""WordPress's export file (WXR): its products and variations under the headers of WooCommerce's CSV, so that one reader serves both.

Source of the elements: WordPress's export format 1.2 and the names under which WooCommerce keeps a product's data.
"""

import io
from collections.abc import Iterator
from typing import Any

from knowledge.importing.refusals import refused
from knowledge.importing.tables import MAX_RECORDS, Record, Table, too_many
from knowledge.importing.text import plain_line

_MARK = "wordpress.org/export/"
_HEAD = 20_000
_META = {
    "_sku": "SKU",
    "_regular_price": "Regular price",
    "_sale_price": "Sale price",
    "_stock": "Stock",
    "_stock_status": "In stock?",
    "_backorders": "Backorders allowed?",
    "_weight": "Weight",
}
_STATES = {"instock": "1", "outofstock": "0", "onbackorder": "backorder"}
_HIDDEN = ("exclude-from-catalog", "hidden")
_PLAIN_TERMS = {"product_cat": "Categories", "product_tag": "Tags", "product_type": "Type"}


def is_wordpress(text: str) -> bool:
    """Whether an XML text is an export of WordPress."""
    return _MARK in text[:_HEAD]


def read_wordpress(body: str, path: str) -> Table:
    """The products and variations of an export. Raises UnreadableFile where it holds none; XMLSyntaxError for damaged XML."""
    items = [_Item(element) for element in _items(body)]
    pictures = {item.one("post_id"): item.one("attachment_url") for item in items if item.one("post_type") == "attachment"}
    terms = {(domain, slug): text for item in items for domain, slug, text in item.terms}
    sold = [item for item in items if item.one("post_type") in ("product", "product_variation")]
    if not sold:
        raise refused("xml_without_products", path)
    records = [Record(place, item.cells(pictures, terms)) for place, item in enumerate(sold, start=1)]
    header = dict.fromkeys(
        (*("ID", "Type", "SKU", "Name", "Regular price", "In stock?"), *(name for record in records for name in record.cells))
    )
    return Table("xml", list(header), records)


def _items(body: str) -> Iterator[Any]:
    from lxml import etree

    data = io.BytesIO(body.encode("utf-8", "replace"))
    for count, (_, element) in enumerate(etree.iterparse(data, events=("end",), tag="{*}item", resolve_entities=False, no_network=True)):
        if count >= MAX_RECORDS:
            raise too_many("")
        yield element


class _Item:
    """One post: its elements, what WooCommerce keeps beside it, and the terms it is filed under."""

    def __init__(self, element: Any) -> None:
        self.elements: dict[str, str] = {}
        self.meta: dict[str, str] = {}
        self.terms: list[tuple[str, str, str]] = []
        """Taxonomy, slug, name."""
        for child in element:
            name = str(child.tag).rpartition("}")[2]
            text = (child.text or "").strip()
            if name == "postmeta":
                pair = {str(inner.tag).rpartition("}")[2]: (inner.text or "").strip() for inner in child}
                self.meta.setdefault(pair.get("meta_key", ""), pair.get("meta_value", ""))
            elif name == "category":
                self.terms.append((str(child.get("domain") or ""), str(child.get("nicename") or ""), text))
            elif name == "encoded":
                self.elements["excerpt" if "excerpt" in str(child.tag) else "content"] = text
            else:
                self.elements.setdefault(name, text)

    def one(self, name: str) -> str:
        """An element's text."""
        return self.elements.get(name, "")

    def cells(self, pictures: dict[str, str], terms: dict[tuple[str, str], str]) -> dict[str, str]:
        """As a row of WooCommerce's CSV. `terms`: taxonomy and slug to name; `pictures`: number of an attachment to its address."""
        variation = self.one("post_type") == "product_variation"
        cells = {column: self.meta.get(key, "") for key, column in _META.items()}
        cells |= {
            "ID": self.one("post_id"),
            "Name": self.one("title"),
            "Description": self.one("content"),
            "External URL": self.one("link"),
        }
        cells["Short description"] = self.one("excerpt")
        cells["In stock?"] = _STATES.get(cells["In stock?"], cells["In stock?"])
        cells["Regular price"] = cells["Regular price"] or self.meta.get("_price", "")
        hidden = any(slug in _HIDDEN for domain, slug, _ in self.terms if domain == "product_visibility")
        cells["Published"] = "1" if self.one("status") == "publish" and not hidden else "0"
        cells["Images"] = pictures.get(self.meta.get("_thumbnail_id", ""), "")
        for domain, column in _PLAIN_TERMS.items():
            cells[column] = ", ".join(text for one, _, text in self.terms if one == domain)
        cells["Type"] = "variation" if variation else cells["Type"] or "simple"
        facts: dict[str, list[str]] = {}
        for domain, _, text in self.terms:
            if domain.startswith("pa_"):
                facts.setdefault(domain, []).append(text)
        if variation:
            cells["Parent"] = f"id:{self.one('post_parent')}"
            chosen = {key.removeprefix("attribute_"): value for key, value in self.meta.items() if key.startswith("attribute_") and value}
            facts = {name: [terms.get((name, value), value)] for name, value in chosen.items()}
        for number, (name, values) in enumerate(facts.items(), start=1):
            cells[f"Attribute {number} name"] = plain_line(name.removeprefix("pa_").replace("-", " ").replace("_", " ")).capitalize()
            cells[f"Attribute {number} value(s)"] = ", ".join(value.replace(",", "\\,") for value in values)
        return {name: cell for name, cell in cells.items() if cell}
