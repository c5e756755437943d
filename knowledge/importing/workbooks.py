"""Tables out of workbooks: XLSX through openpyxl, sheet by sheet; formulas give the value stored with them."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.importing.archives import MAX_UNPACKED
from knowledge.importing.problems import Report
from knowledge.importing.refusals import refused
from knowledge.importing.tables import EmptyTable, Merge, Score, Table, table_of


@dataclass(slots=True)
class Sheet:
    """One visible sheet that holds a table, and what was found in it."""

    title: str
    table: Table
    report: Report


def read_xlsx(data: bytes, name: str, score: Score) -> list[Sheet]:
    """The visible sheets that hold tables, in their order. Raises UnreadableFile."""
    import openpyxl  # takes its time and memory only where a workbook comes

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheets = []
            for sheet in workbook.worksheets:
                if sheet.sheet_state == "visible":
                    marks = _marks_of(data, str(getattr(sheet, "_worksheet_path", "")))
                    found = sheet_of("xlsx", sheet.title, _rows(sheet, name), name, score, marks.merges)
                    for one in found:
                        _note(one.report, marks)
                    sheets.extend(found)
            workbook.close()
    except UnreadableFile:
        raise
    except Exception as error:
        raise refused("damaged_workbook", name, suffix=".xlsx") from error
    if sheets and b"xl/externalLinks/" in data:
        sheets[0].report.warn(None, "", "external_links")
    if not sheets:
        raise refused("no_table", name)
    return sheets


def sheet_of(layout: str, title: str, rows: Iterator[list[str]], name: str, score: Score, merges: list[Merge]) -> list[Sheet]:
    """The sheet as a table; none where it holds no row. Raises UnreadableFile for too many columns."""
    report = Report(name)
    try:
        return [Sheet(title, table_of(layout, rows, report, score, merges), report)]
    except EmptyTable:
        return []


def best_sheet(sheets: list[Sheet], score: Score) -> Sheet:
    """The sheet whose header is known best; of equal ones the longest."""
    return max(sheets, key=lambda sheet: (score(sheet.table.header), len(sheet.table.records)))


_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s+ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
_UNKNOWN = re.compile(rb"<c r=\"([A-Z]{1,3}\d{1,7})\"[^>]{0,200}><f[^>]{0,500}?(?:/>|>[^<]{0,9000}</f>)(?:<v\s*/>|<v></v>)?</c>")
_LONGEST_CELL = 10_000
_MOST_MERGES = 100_000


@dataclass(slots=True)
class _Marks:
    """What a sheet holds beside its values: merged cells, and formulas that nobody calculated."""

    merges: list[Merge]
    unknown: list[str]


def _marks_of(data: bytes, part: str) -> _Marks:
    """Found in the sheet's bytes, since the reader of large workbooks does not tell them."""
    marks = _Marks([], [])
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(part.lstrip("/")) as stream:
        rest = b""
        while chunk := stream.read(1 << 20):
            text = rest + chunk
            end = 0
            for match in _MERGE.finditer(text):
                marks.merges.append(Merge(int(match[2]), int(match[4]), _column(match[1]), _column(match[3])))
                end = match.end()
            for match in _UNKNOWN.finditer(text) if b"<f" in text else ():
                marks.unknown.append(match[1].decode())
                end = max(end, match.end())
            if len(marks.merges) + len(marks.unknown) > _MOST_MERGES:
                return _Marks([], marks.unknown[:1000])
            rest = text[max(end, len(text) - _LONGEST_CELL) :]
    return marks


def _note(report: Report, marks: _Marks) -> None:
    if marks.unknown:
        row = int(re.sub(r"\D", "", marks.unknown[0]))
        report.warn(row, "", "formula_without_value", value=marks.unknown[0], count=str(len(marks.unknown)))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _rows(sheet: Any, name: str) -> Iterator[list[str]]:
    held = 0
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        values = [_cell_text(cell) for cell in row]
        held += sum(len(value) for value in values)
        if held > MAX_UNPACKED:
            raise refused("too_much_text_mb", name, limit=MAX_UNPACKED // 2**20)
        yield values


_CURRENCY_FORMAT = re.compile(r"\[\$([^\]-]+)[^\]]*\]|\"([^\"\d]{1,4})\"|([¥￥$€£])")


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value, str(getattr(cell, "number_format", "") or ""))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    return "" if cell.data_type == "e" else text


def _number_text(value: int | float, shape: str) -> str:
    """A number as the merchant sees it: 12.3456 shown as 12.35, 123 shown as 00123, 7 shown as ¥7."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        return ""
    if "%" in shape:
        return f"{(number * 100).normalize():f}%"
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if re.fullmatch(r"0{2,}", shape) and number >= 0:
        return f"{number.quantize(Decimal(1), rounding=ROUND_HALF_UP):f}".zfill(len(shape))
    if (shown := re.search(r"0\.(0+)(?!0)", shape)) and len(shown[1]) < 3 and isinstance(value, float):
        text = f"{number.quantize(Decimal(1).scaleb(-len(shown[1])), rounding=ROUND_HALF_UP):f}"
    sign = _CURRENCY_FORMAT.search(shape)
    return f"{next(part for part in sign.groups() if part)}{text}" if sign else text
