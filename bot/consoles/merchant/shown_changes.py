"""Changes of entries as people read them: names of fields in words, amounts as amounts, texts with the words that went and came marked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import orjson

from bot.consoles.merchant.entry_json import title_of
from bot.consoles.shared.words import Words
from knowledge.catalog import Product
from knowledge.faq import FaqEntry
from knowledge.localized import pick
from knowledge.money import Money
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.revision import EntryChange, by_name, plain
from knowledge.store import Document

Piece = tuple[str, str]
"""How a piece of text stands: "" as it was, "del" gone, "ins" new; and the piece."""

_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff](?:[^\W\u3400-\u9fff]|(?<=\d)[.,](?=\d))*|\s+|.", re.DOTALL)
"""A word, one Chinese character, a stretch of space, or one other sign."""
MOST_TOKENS = 1_500
"""Longer texts are shown whole, old and new: comparing takes time by their square."""
ALIKE = 0.5
"""Share of the shorter text's words that must be in both; with less in common texts are shown whole, which reads better than crumbs."""
GIST = 400
"""Characters of an entry that is new or gone."""
_SILENT = frozenset({"variants", "offer", "sections", "attributes", "options", "care"})
"""Names that say nothing beside what stands under them."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field that changed."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One entry that differs."""

    kind: str
    id: str
    change: str
    title: str
    source: str
    fields: tuple[ShownField, ...]
    gist: str
    """Of an entry that is new or gone: what it says, in short."""


def shown_change(change: EntryChange, words: Words) -> ShownChange:
    """An entry's change in the words of the one who reads."""
    document = change.after or change.before
    assert document is not None
    title = pick(title_of(document), words.language) or change.id
    fields = _fields(change, words) if change.before and change.after else ()
    gist = "" if fields else gist_of(document, words.language)
    return ShownChange(change.kind.value, change.id, change.change, title, document.source, fields, gist)


def _fields(change: EntryChange, words: Words) -> tuple[ShownField, ...]:
    assert change.before and change.after
    before, after = plain(change.before), plain(change.after)
    paths = dict.fromkeys(re.sub(r"\.(?:minor|currency)$", "", field.path) for field in change.fields)
    values = {field.path: (field.before, field.after) for field in change.fields}
    shown = []
    for path in paths:
        # An amount is two fields, and is read as one.
        was, now = values.get(path) or (_at(before, path), _at(after, path))
        shown.append(ShownField(_label(path, words), compared(value_text(was), value_text(now))))
    return tuple(shown)


def _steps(path: str) -> list[str]:
    """Names and the keys in brackets, which may hold dots: a, [K-1.5], b."""
    return re.findall(r"\[.*?\](?=\.|\[|$)|[^.\[]+", path)


def _at(value: Any, path: str) -> Any:
    for step in _steps(path):
        if step.startswith("[") and isinstance(value, list):
            value = (by_name(value) or {}).get(step[1:-1])
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _label(path: str, words: Words) -> str:
    names = []
    for step in _steps(path):
        if step.startswith("["):
            names.append(step[1:-1])
        elif step not in _SILENT:
            named = words.named("field", step)
            names.append(named if named != step else words.named("language", step))
    return " · ".join(names) or words.named("field", path)


def value_text(value: Any) -> str:
    """A JSON value as a person would write it; "" for nothing."""
    if value is None or value in ("", [], {}):
        return ""
    match value:
        case True | False:
            return "✓" if value else "✗"
        case {"minor": int(minor), "currency": str(currency)}:
            return f"{Money(minor, currency).text} {currency}"
        case {"name": str(name), "value": found, **_rest}:
            return f"{name}: {value_text(found)}"
        case list():
            return "\n".join(value_text(one) for one in value)
        case dict():
            lines = [f"{name}: {text}" for name, one in value.items() if (text := value_text(one))]
            return "\n".join(lines) if len(lines) < 12 else orjson.dumps(value).decode()
        case _:
            return str(value)


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, with what went and what came marked."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    whole = tuple(piece for piece in (("del", before), ("ins", after)) if piece[1])
    if not one or not other or max(len(one), len(other)) > MOST_TOKENS:
        return whole
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    kept = sum(not token.isspace() for at, _, size in matcher.get_matching_blocks() for token in one[at : at + size])
    if kept < ALIKE * min(sum(not token.isspace() for token in tokens) for tokens in (one, other)):
        return whole
    pieces: list[Piece] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(("", "".join(one[i:j])))
        else:
            pieces += [piece for piece in (("del", "".join(one[i:j])), ("ins", "".join(other[k:m]))) if piece[1]]
    return tuple(pieces)


def gist_of(document: Document, language: str) -> str:
    """What an entry says, in short."""
    body = document.body
    match body:
        case Product():
            lines = [
                " · ".join(part for part in (variant.sku, f"{price.text} {price.currency}" if price else "") if part)
                for variant in body.variants[:8]
                for price in [variant.offer.sale or variant.offer.regular]
            ]
            text = "\n".join(lines)
        case FaqEntry():
            text = pick(body.answer, language)
        case Policy():
            text = "\n".join(section.text for section in body.sections)
        case Promotion():
            text = pick(body.text, language)
        case Review():
            text = body.text
    return text if len(text) <= GIST else f"{text[:GIST]}…"
