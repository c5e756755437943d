"""XML product feeds as tables: each item of an RSS channel, entry of an Atom feed or product of a list is a record.

Elements lose their namespace, but for the prefix g: of all of them where Google's is used. Sources: RSS 2.0, RFC 4287 (Atom), Google's guide on XML product feeds.
"""

import html
import io
import re
from collections import Counter
from typing import Any

import orjson

from knowledge.importing.problems import Report
from knowledge.importing.refusals import refused
from knowledge.importing.tables import MAX_COLUMNS, MAX_RECORDS, Record, Table, too_many
from knowledge.importing.text import clean
from knowledge.importing.wordpress import is_wordpress, read_wordpress

_ITEMS = ("item", "entry", "product", "offer", "shopitem", "record", "row", "review", "faq", "promotion")
_GOOGLE = "{http://base.google.com/ns/1.0}"
_HEAD = 20_000
"""Characters within which a feed names its namespaces."""
_DETAIL = ("attribute_name", "name", "param_name"), ("attribute_value", "value", "val")


def is_xml(start: str) -> bool:
    """Whether a text begins as XML does and is no page."""
    return bool(
        re.match(
            r"\s*(?:<\?xml\b|<!--|<rss\b|<feed\b|<(?:\w+:)?(?:products|catalog|catalogue|items|channel|shop|offers|yml_catalog)\b)",
            start,
            re.IGNORECASE,
        )
    )


def read_xml(text: str, report: Report) -> Table:
    """The feed's records. Raises UnreadableFile for what declares entities, is damaged or holds no records."""
    from lxml import etree

    if "<!ENTITY" in text:
        raise refused("entities_feed", report.path)
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\x00", ""))
    try:
        if is_wordpress(body):
            return read_wordpress(body, report.path)
        records = _records(body, report.path)
    except etree.XMLSyntaxError:
        try:
            records = _records(_mended(body), report.path)
        except etree.XMLSyntaxError as error:
            raise refused("xml_unsound", report.path, line=error.lineno or "@unknown_place") from error
    if not records:
        raise refused("xml_without_products", report.path)
    if _GOOGLE.strip("{}") in body[:_HEAD]:
        records = [Record(record.row, {f"g:{name}": cell for name, cell in record.cells.items()}) for record in records]
    else:
        for record in records:
            if details := record.cells.pop("product_detail", ""):
                record.cells["attributes"] = details
    header = list(dict.fromkeys(name for record in records for name in record.cells))
    if len(header) > MAX_COLUMNS:
        raise refused("too_many_elements", report.path, count=len(header), limit=MAX_COLUMNS)
    return Table("xml", header, records)


def _mended(text: str) -> str:
    """With HTML's names of characters and bare ampersands written as XML wants them."""
    text = re.sub(
        r"&(?!#|amp;|lt;|gt;|quot;|apos;)([A-Za-z][A-Za-z0-9]{1,31});", lambda match: html.unescape(match[0]).replace("&", "&amp;"), text
    )
    return re.sub(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)", "&amp;", text)


def _records(body: str, path: str) -> list[Record]:
    from lxml import etree

    found: list[Record] = []
    data = io.BytesIO(body.encode("utf-8", "replace"))
    wanted = _item_name(data)
    data.seek(0)
    for _, element in etree.iterparse(data, events=("end",), tag="{*}" + wanted, resolve_entities=False, no_network=True, huge_tree=False):
        if any(_local(parent.tag) == wanted for parent in element.iterancestors()):
            continue
        cells = _cells(element)
        if cells:
            if len(found) >= MAX_RECORDS:
                raise too_many(path)
            found.append(Record(len(found) + 1, cells))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return found


def _item_name(data: io.BytesIO) -> str:
    """The element that stands for one record: a usual name, else what repeats most one or two levels under the root."""
    from lxml import etree

    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    depth = 0
    for event, element in etree.iterparse(data, events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            depth += 1
            name = _local(element.tag)
            if 2 <= depth <= 4 and (name.casefold() in _ITEMS or depth <= 3):
                counts[name.casefold()] += 1
                spelled.setdefault(name.casefold(), name)
        else:
            depth -= 1
            element.clear()
    usual = next((name for name in _ITEMS if counts[name]), "")
    return spelled.get(usual) or spelled.get(next((name for name, count in counts.most_common(1) if count > 1), ""), "item")


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2] if isinstance(tag, str) else ""


def _cells(item: Any) -> dict[str, str]:
    """An item's elements by name: repeated ones a line each, details as a list of name and value; what is nested otherwise is left out."""
    cells: dict[str, list[str]] = {}
    strong: set[str] = set()
    details: list[dict[str, str]] = []
    for name, value in item.attrib.items():
        if clean(value):
            cells[_local(name)] = [value]
    for child in item:
        name = _local(child.tag)
        if not name:
            continue
        value = _text(child)
        if len(child) and any(isinstance(inner.tag, str) for inner in child):
            if (detail := _detail(child)) is not None:
                details.append(detail)
                continue
            value = "\n".join(text for inner in child if (text := _text(inner)) and not len(inner)) if name.endswith("s") else ""
        if name.casefold() in ("param", "attribute", "property") and child.get("name") and value:
            details.append({"name": str(child.get("name")), "value": f"{value} {child.get('unit') or ''}".strip()})
            continue
        if not value:
            continue
        if child.tag.startswith(_GOOGLE) and name not in strong:
            cells[name] = []  # what Google's namespace says counts more than the same word without it
            strong.add(name)
        elif name in strong and not child.tag.startswith(_GOOGLE):
            continue
        if (currency := child.get("currency")) and value:
            value = f"{value} {currency}"
        held = cells.setdefault(name, [])
        if value not in held:
            held.append(value)
    if details:
        cells["product_detail"] = [orjson.dumps(details).decode()]
    return {name: "\n".join(values) for name, values in cells.items() if values}


def _detail(element: Any) -> dict[str, str] | None:
    """{"name", "value"} of an element that holds just that: <g:product_detail>, <PARAM>."""
    inner = {_local(child.tag).casefold(): _text(child) for child in element}
    name, value = (next((inner[key] for key in keys if inner.get(key)), "") for keys in _DETAIL)
    return {"name": name, "value": value} if name and value and not {"price", "country"} & set(inner) else None


def _text(element: Any) -> str:
    """An element's text; of an Atom link its address."""
    if not isinstance(element.tag, str):
        return ""
    text = "".join(element.itertext()) if not len(element) else (element.text or "")
    return text.strip() or str(element.get("href") or "").strip()
