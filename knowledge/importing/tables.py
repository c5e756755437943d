"""Tables out of CSV, TSV and XLSX: a header and numbered records of text, whatever the delimiter."""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl

from knowledge.errors import UnreadableFile
from knowledge.importing.problems import Report

MAX_COLUMNS = 1000
MAX_UNPACKED = 600 * 1024 * 1024
"""Bytes that a workbook may hold when unpacked."""
MAX_CELL = 2_000_000
"""Characters of one cell."""
HEADER_WITHIN = 10
"""A header may stand under so many rows of titles."""

csv.field_size_limit(MAX_CELL)


@dataclass(slots=True)
class Record:
    """One data record: `row` as a spreadsheet shows it, cells by header (as written); empty cells are left out."""

    row: int
    cells: dict[str, str]


@dataclass(slots=True)
class Table:
    """A header and its records. `layout`: csv, tsv or xlsx."""

    layout: str
    header: list[str]
    records: list[Record] = field(default_factory=list)


Score = Callable[[Sequence[str]], int]
"""How many of these cells are headers that are known."""


def read_delimited(text: str, report: Report, score: Score) -> Table:
    """A table from CSV or TSV text; the delimiter is the one under which most headers are known. Raises UnreadableFile."""
    if match := re.match(r"(?i)sep=(.)\r?\n", text):
        text, candidates = text[match.end() :], [match[1]]
    else:
        candidates = [",", ";", "\t", "|"]
    text = text.replace("\x00", "")
    head = text[:300_000]
    best = max(candidates, key=lambda delimiter: _fit(head, delimiter, score))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=best)
    table = _table("tsv" if best == "\t" else "csv", _safely(rows, report), report, score)
    if text.count('"') % 2 and table.records and any("\n" in cell for cell in table.records[-1].cells.values()):
        report.warn(
            table.records[-1].row, "", "unclosed_quote", "A quotation mark is not closed; check that no rows were swallowed by this cell."
        )
    return table


def _fit(head: str, delimiter: str, score: Score) -> tuple[int, int]:
    best = (0, 0)
    try:
        for index, row in enumerate(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)):
            if len(row) > MAX_COLUMNS * 10:
                break
            best = max(best, (score(row), len([cell for cell in row if cell.strip()])))
            if index >= HEADER_WITHIN:
                break
    except csv.Error:
        pass
    return best


def _safely(rows: Iterator[list[str]], report: Report) -> Iterator[list[str]]:
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(f"{report.path} cannot be read as a table ({error}); check its quotation marks.") from error


def _table(layout: str, rows: Iterable[list[str]], report: Report, score: Score) -> Table:
    iterator = iter(enumerate(rows, start=1))
    early: list[tuple[int, list[str]]] = []
    for number, row in iterator:
        if any(cell.strip() for cell in row):
            early.append((number, row))
        if len(early) > HEADER_WITHIN:
            break
    if not early:
        raise UnreadableFile(f"{report.path} is empty; the first row must name the columns.")
    best = max(range(len(early)), key=lambda index: (score(early[index][1]), -index))
    header_row = early[best][1]
    while header_row and not header_row[-1].strip():
        header_row.pop()
    if len(header_row) > MAX_COLUMNS:
        raise UnreadableFile(f"{report.path} has {len(header_row)} columns; at most {MAX_COLUMNS} are read.")
    header = [_header_name(name) for name in header_row]
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        report.warn(1, name, "column_twice", f"The column “{name}” stands there twice; the first filled cell of a row counts.")
    table = Table(layout, header)
    for number, row in [*early[best + 1 :], *iterator]:
        _add(table, number, row, report)
    return table


def _header_name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", re.sub("[\ufeff\u200b\x00-\x1f]", " ", name)).split())


def _add(table: Table, number: int, row: list[str], report: Report) -> None:
    if not any(cell.strip() for cell in row):
        return
    cells: dict[str, str] = {}
    for name, cell in zip(table.header, row, strict=False):
        if name and name not in cells and cell.strip():
            cells[name] = cell
    table.records.append(Record(number, cells))
    if any(cell.strip() for cell in row[len(table.header) :]):
        report.reject(
            number, "", "too_many_cells",
            f"The row has {len(row)} cells for {len(table.header)} columns; put quotation marks around cells that hold the delimiter.",
        )  # fmt: skip


def read_workbook(data: bytes, report: Report, score: Score) -> Table:
    """The sheet whose header is known best, as a table; formulas give the value stored with them. Raises UnreadableFile."""
    _check_archive(data, report.path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            tables = []
            for sheet in workbook.worksheets:
                if sheet.sheet_state != "visible":
                    continue
                found = Report(report.path)
                try:
                    tables.append((sheet.title, _table("xlsx", _sheet_rows(sheet, report.path), found, score), found))
                except UnreadableFile:
                    if len(workbook.worksheets) == 1:
                        raise
            workbook.close()
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(f"{report.path} is a damaged workbook; open it, save it again as .xlsx and import that.") from error
    if not tables:
        raise UnreadableFile(f"{report.path} holds no table; the first row of a sheet must name the columns.")
    title, table, found = max(tables, key=lambda entry: (score(entry[1].header), len(entry[1].records)))
    report.problems.extend(found.problems)
    report.rejected |= found.rejected
    report.warnings += found.warnings
    for other, rest, _ in tables:
        if other != title and rest.records:
            report.warn(
                None, other, "sheet_ignored", f"Only the sheet “{title}” was read; save “{other}” as a file of its own to import it too."
            )
    return table


def _check_archive(data: bytes, name: str) -> None:
    """Refuses what a spreadsheet never is: an archive that unpacks to a flood, or XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise UnreadableFile(f"{name} is an archive but no workbook; give CSV, XLSX, JSON, Markdown or text.")
            if len(members) > 5000 or sum(member.file_size for member in members) > MAX_UNPACKED:
                raise UnreadableFile(f"{name} unpacks to more than {MAX_UNPACKED // 2**20} MB; split it or save it as CSV.")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as stream:
                        head = stream.read(65536)
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<\x00!\x00" in head:
                        raise UnreadableFile(f"{name} declares XML entities, which no spreadsheet needs; save it again as .xlsx.")
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UnreadableFile(f"{name} is a damaged workbook; open it, save it again as .xlsx and import that.") from error


def _sheet_rows(sheet: Any, name: str) -> Iterator[list[str]]:
    held = 0
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        values = [_cell_text(cell) for cell in row]
        held += sum(len(value) for value in values)
        if held > MAX_UNPACKED:
            raise UnreadableFile(f"{name} holds more than {MAX_UNPACKED // 2**20} MB of text; split it.")
        yield values


_CURRENCY_FORMAT = re.compile(r"\[\$([^\]-]+)[^\]]*\]|\"([^\"\d]{1,4})\"|([¥￥$€£])")


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            return ""
        shape = str(getattr(cell, "number_format", "") or "")
        if "%" in shape:
            return f"{(number * 100).normalize():f}%"
        text = f"{number:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if (shown := re.search(r"0\.(0+)(?!0)", shape)) and len(shown[1]) < 3 and isinstance(value, float):
            # What the merchant sees is what counts: 12.3456 shown as 12.35.
            text = f"{number.quantize(Decimal(1).scaleb(-len(shown[1])), rounding=ROUND_HALF_UP):f}"
        sign = _CURRENCY_FORMAT.search(shape)
        return f"{next(part for part in sign.groups() if part)}{text}" if sign else text
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    return "" if cell.data_type == "e" else text
