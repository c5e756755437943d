"""What a merchant says the columns of a source mean, kept for the next import; and what we propose where we are not sure.

A meaning is a field of our own columns ("price"), a text in a language ("title:zh"), "attribute:NAME", "option:NAME" or "ignore". A source's
mapping is stored as JSON (`as_json`) and given again with each import of that source.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import KnowledgeError, UnreadableFile
from knowledge.importing.columns import FAQ, IGNORE, PRODUCT, PROMOTION, REVIEW, SURE, Columns, Meaning, folded
from knowledge.importing.refusals import worded

FIELDS: Mapping[str, tuple[str, ...]] = {
    "products": tuple(PRODUCT),
    "faq": tuple(FAQ),
    "reviews": tuple(REVIEW),
    "promotions": tuple(PROMOTION),
}
"""The fields that a column of each kind of file may be mapped to."""
NAMED = ("attribute", "option", "variant attribute")
"""Meanings of product columns that carry a name of their own."""
PREVIEWED = 10
"""Rows that a proposal shows."""


class InvalidMapping(KnowledgeError):
    """A mapping that names a meaning there is not."""


class UnknownColumns(UnreadableFile):
    """No kind of knowledge is told by the columns; `proposal` says what they may mean."""

    def __init__(self, message: str, proposal: "Proposal") -> None:
        super().__init__(message)
        self.proposal = proposal


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Header to meaning. A header is found again whatever its case, spaces and hyphens."""

    meanings: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    """products, faq, reviews or promotions; "" leaves it to be recognised."""

    def __bool__(self) -> bool:
        return bool(self.meanings or self.kind)

    def meaning(self, column: str) -> str:
        """What was said of this column; "" for nothing."""
        name = folded(column)
        return next((said for header, said in self.meanings.items() if header == column or folded(header) == name), "")

    def with_(self, other: "ColumnMapping | None") -> "ColumnMapping":
        """This mapping, where `other` says nothing else."""
        if not other:
            return self
        said = {folded(column) for column in other.meanings}
        kept = {column: meaning for column, meaning in self.meanings.items() if folded(column) not in said}
        return ColumnMapping({**kept, **other.meanings}, other.kind or self.kind)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON: {"columns": {header: meaning}, "kind": ...}."""
        return {"columns": dict(self.meanings), "kind": self.kind}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "ColumnMapping":
        """What `as_json` wrote, or what a form sent. Raises InvalidMapping."""
        columns, kind = data.get("columns", {}), data.get("kind", "")
        if not isinstance(columns, Mapping) or not isinstance(kind, str) or not all(isinstance(said, str) for said in columns.values()):
            raise worded(InvalidMapping, "mapping_form", "", example="{“columns”: {“Preis”: “price”}}")
        if kind and kind not in FIELDS:
            raise worded(InvalidMapping, "mapping_kind", kind, kinds=", ".join(FIELDS))
        return ColumnMapping({str(column): meaning_of(said, kind) for column, said in columns.items() if said.strip()}, kind)


def meaning_of(text: str, kind: str = "") -> str:
    """A meaning in its one spelling ("Title : zh" is "title:zh"). Raises InvalidMapping naming what there is."""
    name, mark, rest = (part.strip() for part in text.partition(":"))
    name = re.sub(r"[\s\-]+", "_", name).casefold()
    if name in ("ignore", "skip", "忽略") and not rest:
        return IGNORE
    spaced = name.replace("_", " ")
    if spaced in NAMED and kind in ("", "products"):
        if not rest:
            raise worded(InvalidMapping, "mapping_nameless", text, kind=spaced)
        return f"{spaced}:{rest}"
    known = FIELDS[kind] if kind else tuple(dict.fromkeys(name for fields in FIELDS.values() for name in fields))
    if name not in known or (mark and not re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?", rest)):
        raise worded(InvalidMapping, "mapping_unknown", text, fields=", ".join(known))
    return f"{name}:{rest}" if mark else name


def mapping_of(arguments: Iterable[str]) -> ColumnMapping:
    """The mapping in arguments of a command line: "Column=field,Other=attribute:Colour,X=ignore", any number of them. A column whose name
    holds a comma is given alone in its argument. Raises InvalidMapping."""
    meanings: dict[str, str] = {}
    for argument in arguments:
        parts = argument.split(",") if argument.count("=") > 1 else [argument]
        for part in parts:
            column, mark, meaning = part.rpartition("=")
            if not mark or not column.strip() or not meaning.strip():
                raise worded(InvalidMapping, "mapping_argument", part)
            meanings[column.strip()] = meaning_of(meaning)
    return ColumnMapping(meanings)


def check_columns(mapping: ColumnMapping, headers: Sequence[Sequence[str]]) -> None:
    """Raises InvalidMapping for a column that none of these headers has, so that a slip of the pen is not taken for silence."""
    there = {folded(column): column for header in headers for column in header}
    for column in mapping.meanings:
        if folded(column) not in there:
            raise worded(InvalidMapping, "mapping_no_column", column, columns=", ".join(list(there.values())[:20]))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What each column of a file may mean, and its first rows, for a person to settle."""

    kind: str
    """products, faq, reviews or promotions; the likeliest where it is not told."""
    columns: tuple[Meaning, ...]
    rows: tuple[Mapping[str, str], ...]
    """The first rows, header to cell."""
    missing: tuple[str, ...] = ()
    """Fields that this kind needs and no column gives."""
    doubtful: tuple[str, ...] = ()
    """Columns that may be what matters (title, number, price, currency, stock) and are left out until somebody says so."""

    @property
    def sure(self) -> bool:
        """Whether every column's meaning is believed."""
        return not self.missing and all(column.confidence >= SURE for column in self.columns)

    @property
    def settled(self) -> bool:
        """Whether nothing has to be asked before the file is taken in."""
        return not self.missing and not self.doubtful

    @property
    def mapping(self) -> ColumnMapping:
        """The proposal taken as it stands."""
        return ColumnMapping({column.column: column.field for column in self.columns}, self.kind)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON for a form."""
        return {
            "kind": self.kind,
            "sure": self.sure,
            "missing": list(self.missing),
            "doubtful": list(self.doubtful),
            "columns": [{"column": one.column, "field": one.field, "confidence": round(one.confidence, 2)} for one in self.columns],
            "rows": [dict(row) for row in self.rows],
        }


def propose(header: Sequence[str], rows: Sequence[Mapping[str, str]], kind: str, columns: Columns) -> Proposal:
    """What these columns were or may be taken for; a needed field that nothing gives takes the likeliest column."""
    meanings = {column: columns.meanings[column] for column in header if column in columns.meanings}
    given = {meaning.field.partition(":")[0] for meaning in meanings.values()}
    needed = {"products": ("title",), "faq": ("question", "answer"), "reviews": ("sku",), "promotions": ("code",)}.get(kind, ())
    shown = tuple({column: row.get(column, "") for column in header if column} for row in rows[:PREVIEWED])
    missing = tuple(name for name in needed if name not in given)
    return Proposal(kind, tuple(meanings.values()), shown, missing, tuple(column for column in meanings if column in columns.doubtful))


def as_arguments(proposal: Proposal) -> str:
    """The doubtful part of a proposal as it would be given on the command line."""
    doubtful = [one for one in proposal.columns if one.confidence < SURE]
    return " ".join(f'--map "{one.column}={one.field}"' for one in doubtful[:6])
