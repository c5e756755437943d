"""Reads the files of a dataset; whatever can't be used is named by file and line."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from bot.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Line:
    """An object of a file and where it stands."""

    path: Path
    number: int
    values: Mapping[str, Any]

    def wrong(self, why: str) -> InvalidInput:
        """The error that names file and line."""
        return InvalidInput(f"{self.path}, line {self.number}: {why}.")

    def text(self, name: str, default: str | None = None) -> str:
        """A text or number, as text. Raises InvalidInput when it is missing without a default, or something else."""
        value = self.values.get(name, default)
        if value is None:
            raise self.wrong(f'"{name}" is missing')
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.wrong(f'"{name}" must be a text')
        return str(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, or one alone; () where it is missing."""
        value = self.values.get(name) or []
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(one, str | int | float) for one in value):
            raise self.wrong(f'"{name}" must be a list of texts')
        return tuple(str(one) for one in value)

    def number_of(self, name: str) -> float:
        """A figure of at least 0, such as a label."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise self.wrong(f'"{name}" must be a number from 0 up')
        return float(value)

    def objects(self, name: str) -> list["Line"]:
        """A list of objects, as lines at this place."""
        value = self.values.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            raise self.wrong(f'"{name}" must be a list of objects')
        return [Line(self.path, self.number, one) for one in value]


def json_lines(path: Path) -> list[Line]:
    """One object a line; empty lines are passed over. Raises InvalidInput, also for a file without any."""
    found = []
    for number, raw in enumerate(_read(path).split("\n"), 1):
        if not raw.strip():
            continue
        try:
            values = json.loads(raw)
        except json.JSONDecodeError as error:
            raise InvalidInput(f"{path}, line {number} is not JSON ({error.msg}); write one JSON object a line.") from None
        if not isinstance(values, dict):
            raise InvalidInput(f"{path}, line {number} is not an object; write one JSON object a line.")
        found.append(Line(path, number, values))
    return _some(found, path)


def table_lines(path: Path, delimiter: str) -> list[Line]:
    """Rows by the names of the header. Raises InvalidInput for a row of another width, and for a file without rows."""
    rows = csv.reader(StringIO(_read(path), newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(rows, [])]
        return _some(list(_rows(path, header, rows)), path)
    except csv.Error as error:
        raise InvalidInput(f"{path}, line {rows.line_num} can't be read ({error}).") from None


def _rows(path: Path, header: list[str], rows: Any) -> Iterator[Line]:
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise InvalidInput(f"{path}, line {rows.line_num} has {len(cells)} columns, the header {len(header)}; mend the line.")
        yield Line(path, rows.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})


def _some(lines: list[Line], path: Path) -> list[Line]:
    if not lines:
        raise InvalidInput(f"{path} holds no line; docs/evaluation.md shows what belongs there.")
    return lines


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} can't be read as UTF-8 text ({type(error).__name__}); save it as UTF-8.") from None
