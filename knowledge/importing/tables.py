"""Tables: a header and numbered records of text; here out of CSV and TSV, whatever the delimiter."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from knowledge.errors import UnreadableFile
from knowledge.importing.problems import Report
from knowledge.importing.refusals import refused, worded

MAX_COLUMNS = 500
MAX_RECORDS = 200_000
"""Records of one file: more do not fit into the memory of a small server beside everything else."""
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
    block: int = 0
    """Number of the merged cell that joins this row with its neighbours, 0: none."""


@dataclass(slots=True)
class Table:
    """A header and its records. `layout`: csv, tsv, xlsx, ods, html or xml."""

    layout: str
    header: list[str]
    records: list[Record] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Merge:
    """A cell that spans rows or columns; all four ends count from 1 and belong to it."""

    top: int
    bottom: int
    left: int
    right: int


class EmptyTable(UnreadableFile):
    """There is not one filled cell."""


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
    rows = csv.reader(_lines(text), delimiter=best, skipinitialspace=True)
    table = table_of("tsv" if best == "\t" else "csv", _safely(rows, report), report, score)
    if text.count('"') % 2 and table.records and any("\n" in cell for cell in table.records[-1].cells.values()):
        report.warn(
            table.records[-1].row, "", "unclosed_quote", "A quotation mark is not closed; check that no rows were swallowed by this cell."
        )
    return table


def _lines(text: str) -> Iterator[str]:
    """The text line by line with its line ends; as a file it would be held a second time, four bytes a character."""
    return (match[0] for match in _LINE.finditer(text))


_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


def _fit(head: str, delimiter: str, score: Score) -> tuple[int, int]:
    best = (0, 0)
    try:
        for index, row in enumerate(csv.reader(_lines(head), delimiter=delimiter, skipinitialspace=True)):
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
            raise refused("table_unsound", report.path, why=error) from error


def table_of(layout: str, rows: Iterable[list[str]], report: Report, score: Score, merges: Sequence[Merge] = ()) -> Table:
    """The table in these rows of cells: its header is the row of which most is known. Raises UnreadableFile."""
    iterator = iter(enumerate(rows, start=1))
    early: list[tuple[int, list[str]]] = []
    for number, row in iterator:
        if any(cell.strip() for cell in row):
            early.append((number, row))
        if len(early) > HEADER_WITHIN:
            break
    if not early:
        raise worded(EmptyTable, "empty", report.path)
    best = max(range(len(early)), key=lambda index: (score(early[index][1]), -index))
    header_row = early[best][1]
    while header_row and not header_row[-1].strip():
        header_row.pop()
    if len(header_row) > MAX_COLUMNS:
        raise refused("too_many_columns", report.path, count=len(header_row), limit=MAX_COLUMNS)
    header = [_header_name(name) for name in header_row]
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        report.warn(1, name, "column_twice", f"The column “{name}” stands there twice; the first filled cell of a row counts.")
    table = Table(layout, header)
    spread = _Spread(merges, early[best][0])
    below = early[best + 1 :]
    while below and _is_header_too(below[0][1], score):
        below.pop(0)  # the same columns under their machine names
    for number, row in chain(below, iterator):
        if row[0:1] == header_row[0:1] and row[: len(header_row)] == header_row:
            continue  # a header repeated on each printed page
        _add(table, number, *spread.over(number, row), report)
    _without_totals(table, report)
    return table


def _is_header_too(row: Sequence[str], score: Score) -> bool:
    """Whether most cells of a row right under the header are known headers themselves."""
    filled = [cell for cell in row if cell.strip()]
    return len(filled) >= 5 and score(filled) * 2 >= len(filled) and not any(re.search(r"\d{2}|^[\W\d]+$", cell) for cell in filled)


def too_many(path: str) -> UnreadableFile:
    """The refusal of a file with more records than are read."""
    return refused("too_many_records", path, limit=MAX_RECORDS)


class _Spread:
    """Gives each row under a merged cell the value of that cell."""

    def __init__(self, merges: Sequence[Merge], header_row: int) -> None:
        self.below: dict[int, list[tuple[int, Merge]]] = {}
        self.held: dict[Merge, str] = {}
        for number, merge in enumerate(merges, start=1):
            if merge.top > header_row and merge.bottom > merge.top:
                for row in range(merge.top, min(merge.bottom, merge.top + MOST_MERGED) + 1):
                    self.below.setdefault(row, []).append((number, merge))

    def over(self, number: int, row: list[str]) -> tuple[list[str], int]:
        """The row with the values of the merged cells that it stands under, and the number of the widest block it belongs to."""
        found = self.below.get(number)
        if not found:
            return row, 0
        blocks = []
        for block, merge in found:
            if number == merge.top:
                self.held[merge] = row[merge.left - 1] if len(row) >= merge.left else ""
            elif value := self.held.get(merge, ""):
                row = [*row, *[""] * (merge.left - len(row))]
                row[merge.left - 1] = value
            blocks.append((merge.bottom - merge.top, -block))
        return row, -max(blocks)[1]


MOST_MERGED = 1000
"""Rows that one merged cell may join."""
_TOTALS = re.compile(r"(?:sub|grand )?totals?|sum|summe|gesamt|合计|总计|小计|共计|汇总", re.IGNORECASE)
_REMARK = re.compile(r"^(?:[*#※]|注|备注|说明|note)|[:：]", re.IGNORECASE)


def _without_totals(table: Table, report: Report) -> None:
    """Leaves out what stands under a list and is no record: sums and remarks."""
    for place in range(len(table.records) - 1, max(len(table.records) - 4, 0), -1):
        # Lines of one cell under a line of sums are remarks, whatever they say.
        if _is_total(table.records[place], table):
            for record in table.records[place + 1 :]:
                report.rejected.discard(record.row)
                report.warn(record.row, "", "no_record", value=next(iter(record.cells.values())))
            del table.records[place + 1 :]
            break
        if len(table.records[place].cells) > 1:
            break
    while len(table.records) > 1:
        last = table.records[-1]
        first = next(iter(last.cells.values()), "").strip()
        total = _is_total(last, table)
        remark = len(last.cells) == 1 and _REMARK.search(first) and all(len(record.cells) >= 3 for record in table.records[:-1])
        if not total and not remark:
            return
        table.records.pop()
        report.rejected.discard(last.row)
        report.warn(last.row, "", "no_record", value=first)


def _is_total(record: Record, table: Table) -> bool:
    first, *rest = (cell.strip() for cell in record.cells.values())
    figures = all(re.fullmatch(r"[\W\d]*\d[\W\d]*", cell) for cell in rest)
    return (
        bool(_TOTALS.fullmatch(first.rstrip(":： "))) and figures and len(record.cells) < max(len(other.cells) for other in table.records)
    )


def _header_name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", re.sub("[\ufeff\u200b\x00-\x1f]", " ", name)).split())


_TEXT_FORMULA = re.compile(r'=\s*"([^"]*)"|\'(?=[\d=+\-@])(.*)', re.DOTALL)
"""How spreadsheets and exports keep a number as text: ="00123" and '00123."""


def _add(table: Table, number: int, row: list[str], block: int, report: Report) -> None:
    if not any(cell.strip() for cell in row):
        return
    cells: dict[str, str] = {}
    for name, cell in zip(table.header, row, strict=False):
        if name and name not in cells and cell.strip():
            kept = _TEXT_FORMULA.fullmatch(cell.strip()) if cell.lstrip()[:1] in ("=", "'") else None
            cells[name] = cell if kept is None else kept[1] or kept[2] or cell
    if len(table.records) >= MAX_RECORDS:
        raise too_many(report.path)
    table.records.append(Record(number, cells, block))
    if any(cell.strip() for cell in row[len(table.header) :]):
        report.reject(
            number, "", "too_many_cells",
            f"The row has {len(row)} cells for {len(table.header)} columns; put quotation marks around cells that hold the delimiter.",
        )  # fmt: skip
