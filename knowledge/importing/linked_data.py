"""What a page states for machines: JSON-LD, microdata, RDFa and Open Graph, all as nodes of JSON-LD's shape ({"@type": ..., "name": ...}).

Sources: W3C JSON-LD 1.1 (only what shops write: @graph, @id, no contexts are fetched), WHATWG HTML section 5 (microdata), W3C RDFa Lite 1.1
(names by their last part, whatever the vocabulary is called), the Open Graph protocol with Facebook's product tags.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from knowledge.importing.html_pages import Page, text_of_element

Node = dict[str, Any]
DEEPEST = 40
"""Nesting that is followed."""
MOST_FILLED = 10_000
"""References that are followed on one page."""
_HOLDERS = ("@graph", "itemListElement", "item", "mainEntity", "hasPart", "itemOffered", "about", "@list")
"""Where one node holds others that speak for themselves."""


def json_ld(page: Page) -> list[Node]:
    """The nodes of the page's JSON-LD in their order, references by @id filled in; scripts that are no JSON are passed over."""
    found: list[Any] = []
    for script in page.root.iter("script"):
        if "ld+json" in str(script.get("type") or "").casefold():
            found.extend(_parsed(script.text or ""))
    named = {str(node["@id"]): node for node in _all(found) if "@id" in node and len(node) > 1}
    fill = _Fill(named)
    return [node for entry in found for node in _speaking(fill(entry), 0)]


def _parsed(text: str) -> list[Any]:
    """One script's JSON; shops wrap it in comments, leave commas behind and break lines inside texts."""
    inside = re.search(r"(?:\{|\[(?=\s*[\[{\"\]])).*[}\]](?![\]>])", text, re.DOTALL)
    bare = inside[0] if inside else ""
    if len(bare) - len(bare.replace("[", "").replace("{", "")) > 200_000:
        return []
    for attempt in (bare, re.sub(r",\s*(?=[}\]])", "", bare)):
        try:
            return [json.loads(attempt, strict=False, parse_float=Decimal, parse_constant=lambda _: None)]
        except (ValueError, RecursionError):
            continue
    return []


def _all(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _all(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _all(inner, depth + 1)


class _Fill:
    """Replaces {"@id": x} by the node of that name, never inside itself, and not without end."""

    def __init__(self, named: dict[str, Node]) -> None:
        self.named, self.left = named, MOST_FILLED

    def __call__(self, value: Any, depth: int = 0, inside: tuple[str, ...] = ()) -> Any:
        if depth > DEEPEST:
            return None
        if isinstance(value, list):
            return [self(entry, depth + 1, inside) for entry in value]
        if not isinstance(value, dict):
            return value
        identity = str(value.get("@id", ""))
        if set(value) == {"@id"}:
            target = self.named.get(identity)
            if target is None or identity in inside or self.left <= 0:
                return value
            self.left -= 1
            value = target
        inside = (*inside, identity) if identity else inside
        return {str(name): self(entry, depth + 1, inside) for name, entry in value.items()}


def _speaking(value: Any, depth: int) -> Iterator[Node]:
    """The nodes that stand for themselves: at the top, in graphs and in lists."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for entry in value:
            yield from _speaking(entry, depth + 1)
    elif isinstance(value, dict):
        if types_of(value) & {
            "Product",
            "ProductGroup",
            "ProductModel",
            "FAQPage",
            "IndividualProduct",
            "SomeProducts",
            "Vehicle",
            "Book",
            "Question",
        }:
            yield value
            return
        for name in _HOLDERS:
            if name in value:
                yield from _speaking(value[name], depth + 1)


def types_of(node: Any) -> set[str]:
    """The node's types without their vocabulary: {"Product"}."""
    if not isinstance(node, dict):
        return set()
    stated = node.get("@type") or ()
    return {re.split(r"[/#:]", str(one))[-1] for one in (stated if isinstance(stated, list) else [stated])}


@dataclass(frozen=True, slots=True)
class _Marks:
    """The attributes by which elements are things, of a type, and properties of the thing they stand in."""

    type: str
    names: tuple[str, ...]
    scope: str
    """An element with this attribute is a thing."""


_MICRODATA = _Marks("itemtype", ("itemprop",), "itemscope")
_RDFA = _Marks("typeof", ("property", "rel"), "typeof")


def microdata(page: Page) -> list[Node]:
    """The page's microdata items that belong to no other item, in their order."""
    return _marked(page, _MICRODATA)


def rdfa(page: Page) -> list[Node]:
    """The page's RDFa things that belong to no other thing, in their order."""
    return _marked(page, _RDFA)


def open_graph(page: Page) -> list[Node]:
    """The product that the page's head describes to social networks; nothing where it names no price."""
    told: dict[str, str] = {}
    for element in page.root.iter("meta"):
        told.setdefault(str(element.get("property") or element.get("name") or "").casefold(), str(element.get("content") or "").strip())
    price = told.get("product:price:amount") or told.get("og:price:amount") or ""
    if not price or not told.get("og:title"):
        return []
    currency = told.get("product:price:currency") or told.get("og:price:currency") or ""
    state = told.get("product:availability") or told.get("og:availability") or ""
    offer = {"@type": "Offer", "price": price, "priceCurrency": currency, "availability": state}
    sale = told.get("product:sale_price:amount")
    if sale:
        offer["price"] = sale
        offer["priceSpecification"] = {"@type": "UnitPriceSpecification", "priceType": "ListPrice", "price": price}  # type: ignore[assignment]
    names = {
        "name": "og:title",
        "description": "og:description",
        "image": "og:image",
        "url": "og:url",
        "brand": "product:brand",
        "sku": "product:retailer_item_id",
    }
    return [{"@type": "Product", **{name: told[tag] for name, tag in names.items() if told.get(tag)}, "offers": offer}]


def _marked(page: Page, marks: _Marks) -> list[Node]:
    by_id: dict[str, Any] = {}
    referred: set[str] = set()
    items = []
    for element in page.root.iter():
        if not isinstance(element.tag, str):
            continue
        if identity := element.get("id"):
            by_id.setdefault(identity, element)
        if element.get(marks.scope) is not None:
            items.append(element)
            referred.update(str(element.get("itemref") or "").split())
    tops = [item for item in items if not _names_of(item, marks) and item.get("id") not in referred]
    if marks is _RDFA:
        inside = {id(part) for item in items for part in item.iterdescendants()}
        tops = [item for item in tops if id(item) not in inside]
    return [node for item in tops for node in _speaking(_item(item, marks, by_id, 0, ()), 0)]


def _names_of(element: Any, marks: _Marks) -> list[str]:
    return [re.split(r"[/#:]", name)[-1] for mark in marks.names for name in str(element.get(mark) or "").split()]


def _item(element: Any, marks: _Marks, by_id: dict[str, Any], depth: int, inside: tuple[Any, ...]) -> Node:
    node: Node = {"@type": str(element.get(marks.type) or "").split()}
    if depth > DEEPEST or element in inside:
        return node
    roots = [*element, *(by_id[identity] for identity in str(element.get("itemref") or "").split() if identity in by_id)]
    for root in roots:
        _properties(root, node, marks, by_id, depth, (*inside, element))
    return node


def _properties(element: Any, node: Node, marks: _Marks, by_id: dict[str, Any], depth: int, inside: tuple[Any, ...]) -> None:
    if not isinstance(element.tag, str) or depth > 200:
        return
    names = _names_of(element, marks)
    scoped = element.get(marks.scope) is not None
    if names and not scoped and element.get("rel") is not None and marks is _RDFA:
        # The property's value is the thing that stands inside.
        things = [part for part in element.iterdescendants() if isinstance(part.tag, str) and part.get(marks.scope) is not None]
        for name in names:
            node.setdefault(name, []).extend(_item(part, marks, by_id, depth + 1, inside) for part in things[:1])
        return
    if names:
        value = _item(element, marks, by_id, depth + 1, inside) if scoped else _plain(element)
        for name in names:
            node.setdefault(name, []).append(value)
    if not scoped:
        for child in element:
            _properties(child, node, marks, by_id, depth + 1, inside)


_LINKS = {
    "a": "href",
    "area": "href",
    "link": "href",
    "img": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
}


def _plain(element: Any) -> str:
    if (content := element.get("content")) is not None:
        return str(content).strip()
    if element.tag in _LINKS:
        return str(element.get(_LINKS[element.tag]) or "").strip()
    if element.tag in ("data", "meter") and element.get("value") is not None:
        return str(element.get("value")).strip()
    if element.tag == "time" and element.get("datetime") is not None:
        return str(element.get("datetime")).strip()
    return text_of_element(element)
