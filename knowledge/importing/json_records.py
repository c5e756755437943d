"""Records out of JSON and JSON Lines: a list, a list inside an object, or an object keyed by id."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from knowledge.importing.columns import IGNORE, PROBLEM_COLUMN, folded
from knowledge.importing.mapping import ColumnMapping
from knowledge.importing.problems import Report
from knowledge.importing.refusals import refused
from knowledge.importing.tables import MAX_COLUMNS, MAX_RECORDS, Record, too_many

_LISTS = (
    "products",
    "items",
    "data",
    "results",
    "entries",
    "records",
    "rows",
    "faq",
    "faqs",
    "questions",
    "reviews",
    "promotions",
    "list",
    "catalog",
    "categories",
)


@dataclass(slots=True)
class JsonRecord:
    """One object and its place from 1 (in JSON Lines the line). `key`: its name where the file is keyed by id."""

    row: int
    data: dict[str, Any]
    key: str = ""


MAX_CONTAINERS, MAX_VALUES = 2_000_000, 4_000_000
"""Objects and lists, and values in them, that are read of one JSON text: as Python's they take up to fifty times the room."""


def read_json(text: str, report: Report, *, lines: bool) -> tuple[list[JsonRecord], str]:
    """Records and layout: json or jsonl. Raises UnreadableFile."""
    if text.count("{") + text.count("[") > MAX_CONTAINERS or text.count(",") > MAX_VALUES:
        raise refused("json_too_large", report.path)
    if not lines:
        try:
            return _records(_without_edges(_parse(text)), report), "json"
        except ValueError as error:
            if "\n" not in text.strip() or not text.lstrip().startswith("{"):
                raise refused("json_unsound", report.path, why=_reason(error)) from error
    return _lines(text, report), "jsonl"


def _lines(text: str, report: Report) -> list[JsonRecord]:
    found: list[JsonRecord] = []
    bad = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = _parse(line)
        except ValueError as error:
            bad += 1
            report.reject(number, "", "bad_json", f"The line is no JSON ({_reason(error)}); mend or remove it.")
            continue
        if isinstance(data, dict):
            if len(found) >= MAX_RECORDS:
                raise too_many(report.path)
            found.append(JsonRecord(number, data))
        else:
            bad += 1
            report.reject(number, "", "no_object", "The line is no JSON object; write one object a line.")
    if bad and not found:
        raise refused("json_lines", report.path)
    return found


def _parse(text: str) -> Any:
    """Numbers with a point stay exact. Raises ValueError, also for what is nested too deep."""
    try:
        data = json.loads(text, parse_float=Decimal, parse_constant=lambda _: None)
        return _without_halves(data) if _HALF.search(text) else data
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""The escape of half a character; two of them that belong together are one."""


def _without_halves(value: Any) -> Any:
    """With U+FFFD for halves of characters, which no text can hold."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_without_halves(entry) for entry in value]
    if isinstance(value, dict):
        return {_without_halves(name): _without_halves(entry) for name, entry in value.items()}
    return value


def _reason(error: ValueError) -> str:
    return str(error).split(":")[0] if isinstance(error, json.JSONDecodeError) else str(error)[:80]


def _without_edges(value: Any) -> Any:
    """With plain lists where GraphQL wraps them: {"edges": [{"node": ...}]} and {"nodes": [...]}."""
    if isinstance(value, list):
        return [_without_edges(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if isinstance(edges := value.get("edges"), list) and all(isinstance(edge, dict) and "node" in edge for edge in edges):
        return [_without_edges(edge["node"]) for edge in edges]
    if isinstance(nodes := value.get("nodes"), list) and not set(value) - {"nodes", "pageInfo", "totalCount", "__typename"}:
        return [_without_edges(node) for node in nodes]
    return {name: _without_edges(entry) for name, entry in value.items()}


def _records(data: Any, report: Report) -> list[JsonRecord]:
    if isinstance(data, dict):
        listed = [name for name in data if name.casefold() in _LISTS and isinstance(data[name], list)]
        if len(listed) > 1 or {"title", "name"} & set(data):  # the categories of the goods beside them, or of this one
            listed = [name for name in listed if name.casefold() != "categories"]
        if len(listed) == 1 or (listed and len([value for value in data.values() if isinstance(value, list)]) == 1):
            return _records(_with_shared(data, data[listed[0]]), report)
        inner = [name for name in data if name.casefold() in _LISTS and isinstance(data[name], dict)]
        if len(inner) == 1 and not {"title", "name", "question"} & set(data):
            return _records(data[inner[0]], report)
        if (inside := _by_category(data)) is not None:
            return _records(inside, report)
        values = list(data.values())
        if len(values) > 0 and all(isinstance(value, dict) for value in values):
            return [JsonRecord(place, value, str(key)) for place, (key, value) in enumerate(data.items(), start=1)]
        return [JsonRecord(1, data)]
    if not isinstance(data, list):
        raise refused("no_records", report.path)
    data = _out_of_groups(data)
    if len(data) > MAX_RECORDS:
        raise too_many(report.path)
    found = []
    for place, entry in enumerate(data, start=1):
        if isinstance(entry, dict):
            found.append(JsonRecord(place, entry))
        else:
            report.reject(place, "", "no_object", "The entry is no JSON object; write an object with the columns as names.")
    return found


def _by_category(data: dict[str, Any]) -> list[Any] | None:
    """The records of {"tea": [...], "cups": [...]}, each with its category unless it states one; None for anything else."""
    if len(data) < 2 or not all(
        isinstance(value, list) and value and all(isinstance(one, dict) for one in value) for value in data.values()
    ):
        return None
    if any(name.casefold() in _LISTS for name in data):
        return None
    return [{"category": name, **one} for name, entries in data.items() for one in entries]


def _out_of_groups(data: list[Any]) -> list[Any]:
    """The goods of [{"name": "Tea", "products": [...]}, ...], each with its group as category; what are no such groups as they are."""
    grouped = all(
        isinstance(one, dict)
        and isinstance(inner := one.get("products"), list)
        and inner
        and all(isinstance(entry, dict) for entry in inner)
        for one in data
    )
    if not grouped or not data:
        return data
    return [{"category": one.get("name") or one.get("title") or "", **entry} for one in data for entry in one["products"]]


_SHARED = ("currency", "币种", "货币")


def _with_shared(outer: dict[str, Any], entries: list[Any]) -> list[Any]:
    """Entries with what the file says once for all of them: {"currency": "CNY", "products": [...]}."""
    said = {name: value for name, value in outer.items() if name.casefold() in _SHARED and isinstance(value, str) and value.strip()}
    return [{**said, **entry} if isinstance(entry, dict) else entry for entry in entries] if said else entries


def flat(record: JsonRecord) -> Record:
    """The same as a table's record: plain values as text, anything deeper as JSON."""
    cells = {}
    for name, value in list(record.data.items())[: MAX_COLUMNS * 2]:
        text = text_of(value)
        if isinstance(value, Decimal) and _THREE_PLACES.search(text) and re.search(r"price|amount|minimum|价", name, re.IGNORECASE):
            # As a text it could mean thousands; as a number it cannot.
            text += "0"
        if text.strip():
            cells[name] = text
    return Record(record.row, cells)


def mapped(record: JsonRecord, mapping: ColumnMapping) -> JsonRecord:
    """The record with its names as the merchant said what they mean; what is to be left out is gone, and what we said was wrong with it."""
    if not mapping.meanings and PROBLEM_COLUMN not in record.data:
        return record
    said = {folded(column): meaning for column, meaning in mapping.meanings.items()}
    data: dict[str, Any] = {}
    for name, value in record.data.items():
        meaning = said.get(folded(name), name)
        if meaning != IGNORE and name != PROBLEM_COLUMN:
            data.setdefault(meaning.replace(":", " ") if name != meaning else name, value)
    return JsonRecord(record.row, data, record.key)


_THREE_PLACES = re.compile(r"\.\d{3}$")


def text_of(value: Any) -> str:
    """A JSON value as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 40 else str(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**40 else ""
    if isinstance(value, str):
        return value
    return orjson.dumps(value, default=text_of).decode() if _dumpable(value) else ""


def amount_text(value: Decimal | int) -> str:
    """A number as a price that can be read in one way only: never with three places, which as a text could mean thousands."""
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return ""
    places = -int(number.as_tuple().exponent)
    if places > 2 and abs(number) < 10**15:
        return f"{number.quantize(Decimal('0.01')):f}"
    return f"{number:f}"


def _dumpable(value: Any, depth: int = 0) -> bool:
    if depth > 50:
        return False
    if isinstance(value, dict):
        return all(_dumpable(entry, depth + 1) for entry in value.values())
    if isinstance(value, list):
        return all(_dumpable(entry, depth + 1) for entry in value)
    return not isinstance(value, int) or abs(value) < 2**63
