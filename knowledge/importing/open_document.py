"""Tables out of OpenDocument spreadsheets (ODS), read as a stream: what one cell repeats a million times must not fill the memory.

Source of the elements: OASIS OpenDocument 1.3, part 3, sections 9.1 (tables) and 19.385 (value types).
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from knowledge.importing.archives import MAX_UNPACKED
from knowledge.importing.refusals import refused
from knowledge.importing.tables import MAX_COLUMNS, Merge, Score
from knowledge.importing.workbooks import Sheet, sheet_of

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_REPEATED = 1000
"""Rows with content that one row may stand for; empty rows are only counted."""


def read_ods(data: bytes, name: str, score: Score) -> list[Sheet]:
    """The sheets that hold tables, in their order. Raises UnreadableFile."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
            sheets = _sheets(etree.iterparse(content, tag=(f"{_TABLE}table-row", f"{_TABLE}table"), resolve_entities=False), name, score)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise refused("damaged_workbook", name, suffix=".ods") from error
    if not sheets:
        raise refused("no_table", name)
    return sheets


def _sheets(events: Any, name: str, score: Score) -> list[Sheet]:
    """Rows come before the table that holds them: each event is the end of an element."""
    sheets: list[Sheet] = []
    rows: list[tuple[int, list[str]]] = []
    merges: list[Merge] = []
    count = held = 0
    for _, element in events:
        if element.tag == f"{_TABLE}table":
            sheets.extend(sheet_of("ods", element.get(f"{_TABLE}name", ""), _unfolded(rows), name, score, merges))
            rows, merges, count = [], [], 0
        else:
            repeated = _number(element.get(f"{_TABLE}number-rows-repeated"))
            cells = _cells(element, count + 1, merges)
            if any(cells):
                meant = min(repeated, MOST_REPEATED)
                rows.extend((count + 1 + further, cells) for further in range(meant))
                held += sum(len(cell) for cell in cells) * meant
            count += repeated
        element.clear()
        if held > MAX_UNPACKED // 4:
            raise refused("too_much_text_mb", name, limit=MAX_UNPACKED // 2**22)
    return sheets


def _unfolded(rows: list[tuple[int, list[str]]]) -> Iterator[list[str]]:
    """The rows with the empty ones between them, so that each keeps its number; a far away last row does not count the emptiness."""
    expected = 1
    for number, cells in rows:
        for _ in range(min(number - expected, 100_000)):
            yield []
        yield cells
        expected = number + 1


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 1


def _cells(row: Any, number: int, merges: list[Merge]) -> list[str]:
    """The texts of a row without the empty ones at its end."""
    cells: list[str] = []
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        value = "" if cell.tag.endswith("covered-table-cell") else _value(cell)
        if (rows := _number(cell.get(f"{_TABLE}number-rows-spanned"))) > 1:
            columns = _number(cell.get(f"{_TABLE}number-columns-spanned"))
            merges.append(Merge(number, number + rows - 1, len(cells) + 1, len(cells) + columns))
        repeated = _number(cell.get(f"{_TABLE}number-columns-repeated"))
        cells.extend([value] * (min(repeated, MAX_COLUMNS + 1) if value else min(repeated, MAX_COLUMNS * 20)))
        if len(cells) > MAX_COLUMNS * 20:
            break
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _value(cell: Any) -> str:
    """The exact value with its currency; what is shown where the cell holds text."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    value = cell.get(f"{_OFFICE}value", "")
    if kind == "currency" and value:
        return f"{value} {cell.get(f'{_OFFICE}currency', '')}".strip()
    if kind == "float" and value:
        shown = _shown(cell)
        return shown if shown.isdigit() and shown.startswith("0") else value
    if kind == "percentage":
        return _shown(cell)
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value", "")).replace("T00:00:00", "").replace("T", " ")
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value", ""))
    return _shown(cell)


def _shown(cell: Any) -> str:
    return "\n".join(_text(paragraph) for paragraph in cell.iterchildren(f"{_TEXT}p"))


def _text(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(_number(child.get(f"{_TEXT}c")), 100))
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif isinstance(child.tag, str):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
