"""Options in two columns, one for the name and one for the value (规格名, 规格值; Option 1 Name, Option 1 Value), as a column each."""

import re

from knowledge.importing.columns import folded
from knowledge.importing.mapping import ColumnMapping
from knowledge.importing.tables import Record, Table
from knowledge.importing.text import plain_line

_PLACES = {"one": "1", "two": "2", "three": "3", "four": "4"}
_NAME = re.compile(
    r"(?:variant |product |variation )?option ?(\d*) ?(?:name|title|type) ?(\d*)|variation (\d) (?:type|name)()|(?:规格|销售属性)(\d*)(?:名称?|项)(\d*)"
)
_VALUE = re.compile(r"(?:variant |product |variation )?option ?(\d*) ?value ?(\d*)|variation (\d) values?()|(?:规格|销售属性)(\d*)值(\d*)")


def with_option_columns(table: Table, mapping: ColumnMapping) -> Table:
    """The table with a column “option NAME” for each name that its rows give; the same table where it has no such pairs. Columns of which
    the merchant said what they mean stay."""
    names = _numbered(table.header, _NAME, mapping)
    values = _numbered(table.header, _VALUE, mapping)
    pairs = [(names[number], values[number]) for number in names if number in values]
    if not pairs:
        return table
    gone = {column for pair in pairs for column in pair}
    header = [column for column in table.header if column not in gone]
    records = []
    held = [""] * len(pairs)
    for record in table.records:
        cells = {column: cell for column, cell in record.cells.items() if column not in gone}
        for place, (name, value) in enumerate(pairs):
            held[place] = plain_line(record.cells.get(name, "")) or held[place]
            if record.cells.get(value, "").strip() and held[place]:
                cells.setdefault(f"option {held[place]}", record.cells[value])
        records.append(Record(record.row, cells, record.block))
    added = dict.fromkeys(column for record in records for column in record.cells if column not in header)
    return Table(table.layout, [*header, *added], records)


def _numbered(header: list[str], pattern: re.Pattern[str], mapping: ColumnMapping) -> dict[str, str]:
    """Number of the pair ("" where there is one) to its column."""
    found = ((pattern.fullmatch(_counted(column)), column) for column in header if not mapping.meaning(column))
    return {"".join(part or "" for part in match.groups()): column for match, column in found if match}


def _counted(column: str) -> str:
    """A folded header with its numbers in digits: "variant_option_one_name" is "variant option 1 name"."""
    return " ".join(_PLACES.get(word, word) for word in folded(column).split(" "))
