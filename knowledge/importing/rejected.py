"""The rows that an import left out, as a file to mend and import again: the same columns and one that says what is wrong."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from knowledge.importing.columns import PROBLEM_COLUMN
from knowledge.importing.problems import Problem, Report
from knowledge.importing.tables import Record, Table

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row as it was in its file. `codes`: its findings; empty for a row that was taken and stands here since it is a part of the same entry
    (without it the mended rows would replace that entry by a piece of it)."""

    row: int
    cells: dict[str, str]
    codes: tuple[str, ...] = ()


def rejected_rows(records: Sequence[Record], report: Report) -> list[RejectedRow]:
    """The rejected rows of a file in its order, each with the other rows of its entry."""
    if not report.rejected:
        return []
    entries = {report.together[row] for row in report.rejected if row in report.together}
    codes: dict[int, list[str]] = {}
    for problem in report.problems:
        if problem.rejects and problem.row is not None:
            codes.setdefault(problem.row, []).append(problem.code)
    return [
        RejectedRow(record.row, dict(record.cells), tuple(codes.get(record.row, ())))
        for record in records
        if record.row in report.rejected or report.together.get(record.row) in entries
    ]


def corrections(header: Sequence[str], rows: Sequence[RejectedRow], problems: Sequence[Problem], language: str) -> tuple[bytes, bool]:
    """The file to mend, and whether it is JSON Lines (records that hold others) instead of CSV."""
    sentences: dict[int, list[str]] = {}
    for problem in problems:
        if problem.rejects and problem.row is not None:
            said = " ".join(part for part in (problem.reason(language), problem.advice(language)) if part)
            sentences.setdefault(problem.row, []).append(f"{problem.column}: {said}" if problem.column else said)
    beside = {row: " ".join(said) for row, said in sentences.items()}
    nested = any(isinstance(_object(cell), dict | list) for row in rows for cell in row.cells.values())
    return (_json_lines(rows, beside), True) if nested else (_csv(header, rows, beside), False)


def _csv(header: Sequence[str], rows: Sequence[RejectedRow], sentences: dict[int, str]) -> bytes:
    """A table that spreadsheets open: UTF-8 with BOM, no cell that starts a formula."""
    columns = [name for name in dict.fromkeys(header) if name and name != PROBLEM_COLUMN]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([*(_safe(name) for name in columns), PROBLEM_COLUMN])
    for row in rows:
        writer.writerow([*(_safe(row.cells.get(name, "")) for name in columns), _safe(sentences.get(row.row, ""))])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _json_lines(rows: Sequence[RejectedRow], sentences: dict[int, str]) -> bytes:
    lines = []
    for row in rows:
        data = {name: _object(cell) for name, cell in row.cells.items() if name != PROBLEM_COLUMN}
        lines.append(orjson.dumps({**data, PROBLEM_COLUMN: sentences.get(row.row, "")}))
    return b"".join(line + b"\n" for line in lines)


def _object(cell: str) -> object:
    if cell[:1] in ("[", "{"):
        try:
            found: object = orjson.loads(cell)
        except orjson.JSONDecodeError:
            return cell
        return found
    return cell


def _safe(cell: str) -> str:
    """Numbers stay numbers; "-5" starts no formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def restore(table: Table) -> None:
    """Undoes in a file of ours, told by that column, what `corrections` did to keep cells from starting formulas."""
    if PROBLEM_COLUMN not in table.header:
        return
    for record in table.records:
        record.cells.pop(PROBLEM_COLUMN, None)
        for name, cell in record.cells.items():
            if cell.startswith("'") and _FORMULA.match(cell[1:]):
                record.cells[name] = cell[1:]
    table.header = [name for name in table.header if name != PROBLEM_COLUMN]
