"""Records of other programs' tables under one spelling of their headers, and what their formats have in common."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.catalog import Attribute
from knowledge.importing.columns import folded
from knowledge.importing.draft import Context, Draft
from knowledge.importing.statements import attribute, localized
from knowledge.importing.tables import Table
from knowledge.importing.text import address, language_of, plain_line
from knowledge.importing.words import yes_or_no


@dataclass(frozen=True, slots=True)
class Row:
    """One record; `headers`: folded name to the header as written, for messages."""

    number: int
    cells: dict[str, str]
    headers: dict[str, str]

    def get(self, *names: str) -> str:
        """The first filled cell under one of these folded names."""
        return next((self.cells[name] for name in names if self.cells.get(name)), "")

    def numbered(self, pattern: str) -> list[tuple[tuple[str, ...], str]]:
        """Filled cells whose folded header matches, each with the groups of the match, in the order of the columns."""
        found = ((re.fullmatch(pattern, name), cell) for name, cell in self.cells.items())
        return [(tuple(match.groups()), cell) for match, cell in found if match and cell]

    def draft(self, context: Context, *, group: str, title: str, columns: Mapping[str, str], descriptions: Iterable[str] = ()) -> Draft:
        """A draft with its title and descriptions; `columns`: own field to folded header, for messages."""
        draft = Draft(row=self.number, columns={own: self.headers.get(name, name) for own, name in columns.items()}, group=group)
        draft.title = localized(title, context.languages, one_line=True)
        draft.description = localized("\n".join(dict.fromkeys(text for text in descriptions if text)), context.languages)
        draft.variant_url = draft.variant_image = ""
        return draft


def rows_of(table: Table) -> list[Row]:
    """The records of a table."""
    headers: dict[str, str] = {}
    for column in table.header:
        headers.setdefault(folded(column), column)
    return [
        Row(record.row, {name: record.cells.get(column, "").strip() for name, column in headers.items()}, headers)
        for record in table.records
    ]


def folded_names(header: Sequence[str]) -> set[str]:
    """The headers for comparing."""
    return {folded(column) for column in header}


def add_paths(draft: Draft, texts: Iterable[str], context: Context, *, drop: Sequence[str] = ()) -> None:
    """Categories, a path each ("a > b" or "a/b"); `drop`: roots that say nothing."""
    for text in texts:
        steps = [step for part in re.split(r"\s*[>/]\s*", plain_line(text)) if (step := part.strip()) and step.casefold() not in drop]
        path = {language_of(" > ".join(steps), context.languages): " > ".join(steps)}
        if steps and path not in draft.categories:
            draft.categories.append(path)


def add_facts(target: list[Attribute], facts: Iterable[tuple[str, str]], context: Context) -> None:
    """Statements that are not empty, each once."""
    for name, value in facts:
        one = attribute(name, value, context.languages)
        if one is not None and one not in target:
            target.append(one)


def links(texts: Iterable[str]) -> list[str]:
    """Addresses that may be linked, each once."""
    return list(dict.fromkeys(link for text in texts if (link := address(text))))


def parted(text: str, separator: str) -> list[str]:
    """The parts of a cell that are not empty, on one line each."""
    return [line for part in re.split(separator, text) if (line := plain_line(part))]


def only_tells(drafts: Sequence[Draft]) -> None:
    """A record that tells of a product is no variant where other records of its group are."""
    sold = {draft.group for draft in drafts if not draft.product_only}
    for draft in drafts:
        if draft.product_only and draft.group not in sold:
            draft.product_only = False


def is_yes(text: str) -> bool:
    """Whether a cell says yes."""
    return yes_or_no(text) is True
