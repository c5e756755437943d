"""A hand edit and a new import of the same entry, brought together field by field, as version control does it.

`base` is what the file last brought, `ours` the entry as people left it, `theirs` what the file brings now. What only one side changed is
taken from that side; what both changed otherwise is a clash and stays ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.revision import by_name

_WHOLE = ("offer", "availability", "regular", "sale", "up_to", "amount_off", "minimum")
"""Fields that are taken from one side as they are: a price without its currency, or a sale without its price, says something else."""

_GONE: Any = object()


@dataclass(frozen=True, slots=True)
class Merge:
    """`merged`: the entry now. `base`: what the next import is compared with: theirs, but where a clash is unsettled. `clashes`: paths."""

    merged: Any
    base: Any
    clashes: tuple[str, ...]


def merge(base: Any, ours: Any, theirs: Any) -> Merge:
    """Of plain JSON values."""
    clashes: list[str] = []
    merged, kept = _merge("", base, ours, theirs, clashes)
    return Merge(merged, kept, tuple(clashes))


def _merge(path: str, base: Any, ours: Any, theirs: Any, clashes: list[str]) -> tuple[Any, Any]:
    if theirs == base:
        return ours, base
    if ours in (base, theirs):
        return theirs, theirs
    if path.rpartition(".")[2] not in _WHOLE:
        if all(isinstance(side, Mapping) for side in (base, ours, theirs)):
            return _inside(path, base, ours, theirs, clashes)
        if all(isinstance(side, list) for side in (base, ours, theirs)):
            was, mine, new = by_name(base), by_name(ours), by_name(theirs)
            if was is not None and mine is not None and new is not None:
                merged, kept = _inside(path, was, mine, new, clashes)
                return list(merged.values()), list(kept.values())
    clashes.append(path)
    return ours, base


def _inside(path: str, base: Any, ours: Any, theirs: Any, clashes: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    merged: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for key in dict.fromkeys((*ours, *theirs, *base)):
        sides = (base.get(key, _GONE), ours.get(key, _GONE), theirs.get(key, _GONE))
        one, other = _merge(f"{path}.{key}" if path else str(key), *sides, clashes)
        if one is not _GONE:
            merged[key] = one
        if other is not _GONE:
            kept[key] = other
    return merged, kept
