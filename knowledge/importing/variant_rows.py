"""Rows of one table that are variants of one product, though no column says so: one title, and a colour, size or the like that tells them apart. And what
tells the rows of a group apart, where no column is called an option."""

import re
from collections.abc import Sequence

from knowledge.attribute_names import concept_of
from knowledge.catalog import Attribute
from knowledge.folding import fold
from knowledge.importing.draft import Draft
from knowledge.importing.text import slug

OPTIONS = frozenset(["colour", "size", "capacity", "storage", "memory", "flavour", "scent", "style", "net_content", "material"])
"""Concepts of attributes that customers choose a variant by."""
_NAME_MOST = 80
_WORD = re.compile(r"[^\W_]")


def join_variants(drafts: Sequence[Draft]) -> None:
    """Gives such rows one group, and makes options of what tells them apart. Rows with a group of their own stay as they are, and so do rows of
    one title that nothing tells apart: these may be different goods."""
    titled: dict[tuple[object, ...], list[Draft]] = {}
    for draft in drafts:
        if draft.title and not (draft.group or draft.product_id or draft.product_only):
            title = tuple(sorted((tag, fold(text)) for tag, text in draft.title.items()))
            titled.setdefault((title, fold(draft.brand)), []).append(draft)
    grouped: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.group and not draft.product_only:
            grouped.setdefault(draft.group, []).append(draft)
    for rows in grouped.values():
        if len(rows) > 1:
            told = len({tuple((one.name, fold(one.value)) for one in draft.options) for draft in rows}) == len(rows)
            _choose(rows, [_in_parts(draft, rows) if told else _options(draft, rows) for draft in rows])
    taken = {draft.group for draft in drafts if draft.group}
    for rows in titled.values():
        if len(rows) < 2:
            continue
        chosen = [_options(draft, rows) for draft in rows]
        if len({tuple((one.name, fold(one.value)) for one in options) for options in chosen}) < len(rows):
            continue
        name = slug(next(iter(rows[0].title.values())), _NAME_MOST) or rows[0].sku
        group, number = name, 2
        while group in taken:
            group, number = f"{name}-{number}", number + 1
        taken.add(group)
        for draft in rows:
            draft.group = group
        _choose(rows, chosen)


def _choose(rows: Sequence[Draft], chosen: Sequence[list[Attribute]]) -> None:
    for draft, options in zip(rows, chosen, strict=True):
        draft.options = options
        draft.attributes = [one for one in draft.attributes if one not in options]


def _options(draft: Draft, rows: Sequence[Draft]) -> list[Attribute]:
    """What tells a row from the others: its options, and its attributes of that kind in which the rows differ."""
    own = _in_parts(draft, rows)
    varying = [one for one in draft.attributes if (concept_of(one.name) or "") in OPTIONS and _differs(one, rows)]
    names = {fold(one.name) for one in own}
    return [*own, *(one for one in varying if fold(one.name) not in names)]


def _in_parts(draft: Draft, rows: Sequence[Draft]) -> list[Attribute]:
    """The options of a row; one that only puts attributes together by which the rows differ ("white 128GB" beside colour and storage) gives way
    to these."""
    out: list[Attribute] = []
    for option in draft.options:
        parts, left = _parted(option, draft, rows)
        others = {_parted(one, row, rows)[1] for row in rows for one in row.options if one.name == option.name}
        out += parts if parts and (not _WORD.search(left) or len(others) == 1) else [option]
    return list(dict.fromkeys(out))


def _parted(option: Attribute, draft: Draft, rows: Sequence[Draft]) -> tuple[list[Attribute], str]:
    """The attributes of the row that stand in the option's value, and what is left of it without them."""
    left, parts = fold(option.value), []
    for one in sorted(draft.attributes, key=lambda one: -len(one.value)):
        if one.value.strip() and fold(one.value) in left and _differs(one, rows):
            left = left.replace(fold(one.value), " ", 1)
            parts.append(one)
    return [one for one in draft.attributes if one in parts], " ".join(left.split())


def _differs(one: Attribute, rows: Sequence[Draft]) -> bool:
    said = {next((fold(a.value) for a in row.attributes if a.name == one.name and a.language == one.language), "") for row in rows}
    return len(said) > 1
