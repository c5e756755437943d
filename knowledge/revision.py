"""What changed between two states of an entry, field by field; and between two revisions, entry by entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from knowledge.documents import care_json, to_json
from knowledge.store import Document, DocumentKind

_NAMED_BY = ("sku", "anchor", "id", "name")
"""What tells items of a list apart, the first that each item has: variants by SKU, sections by anchor, attributes by name."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that two states have otherwise. `path`: dotted, as in the JSON of the body ("variants[KT-1].offer.regular"); the values are
    plain JSON, None where the field is not there."""

    path: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry that a revision has otherwise than another. `change`: added, changed or removed."""

    kind: DocumentKind
    id: str
    change: str
    before: Document | None
    after: Document | None
    fields: tuple[FieldChange, ...]
    """Of a changed entry."""


@dataclass(frozen=True, slots=True)
class KindCounts:
    """Entries of one kind, by what became of them."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How revision `new` differs from `old`: counts by kind, and one page of the entries."""

    old: int
    new: int
    counts: dict[DocumentKind, KindCounts] = field(default_factory=dict)
    entries: tuple[EntryChange, ...] = ()
    more: bool = False
    """Entries follow after the last one here."""


def plain(document: Document) -> dict[str, Any]:
    """The body as plain JSON values, with its care under "care" where there is any."""
    body: dict[str, Any] = orjson.loads(to_json(document.body))
    about = care_json(document.care)
    return body if about is None else {**body, "care": about}


def field_changes(before: Document, after: Document) -> tuple[FieldChange, ...]:
    """Every field that differs, in the order of their paths."""
    return tuple(_changes("", plain(before), plain(after)))


def _changes(path: str, before: object, after: object) -> list[FieldChange]:
    if before == after:
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return _inside(before, after, lambda key: f"{path}.{key}" if path else str(key))
    if isinstance(before, list) and isinstance(after, list):
        one, other = by_name(before), by_name(after)
        # An order that changed alone is no change of a field.
        if one is not None and other is not None and one != other:
            return _inside(one, other, lambda key: f"{path}[{key}]")
    return [FieldChange(path, before, after)]


def _inside(before: Mapping[str, object], after: Mapping[str, object], path_of: Any) -> list[FieldChange]:
    found: list[FieldChange] = []
    for key in sorted(before.keys() | after.keys()):
        found += _changes(path_of(key), before.get(key), after.get(key))
    return found


def by_name(items: Sequence[object]) -> dict[str, object] | None:
    """Items of a list by what names them; None where nothing does."""
    if not all(isinstance(item, Mapping) for item in items):
        return None
    for name in _NAMED_BY:
        keys = [_key(item, name) for item in items if isinstance(item, Mapping)]
        if all(keys) and len(set(keys)) == len(keys):
            return dict(zip(keys, items, strict=True))
    return None


def _key(item: Mapping[str, object], name: str) -> str:
    value = str(item.get(name) or "")
    language = item.get("language")
    return f"{value}:{language}" if value and name == "name" and language else value
