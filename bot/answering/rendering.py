"""Statements → the plain text that a customer reads: sentences of one block in one paragraph, each new block on a new line."""

from collections.abc import Iterable

from bot.answering.composer import Statement

_CLOSE_BEHIND = frozenset("。！？；：，、…“（《")
"""Full-width marks bring their own space."""


def joined(statements: Iterable[Statement]) -> str:
    """The text. Adding a statement only ever adds to the end, so what was streamed stays as it is."""
    out: list[str] = []
    block: int | None = None
    for statement in statements:
        text = statement.text.strip()
        if not text:
            continue
        if out:
            out.append(_between(out[-1][-1], text[0]) if statement.block == block else "\n")
        out.append(text)
        block = statement.block
    return "".join(out)


def _between(last: str, first: str) -> str:
    return "" if last in _CLOSE_BEHIND or (is_han(last) and is_han(first)) else " "


def is_han(character: str) -> bool:
    """A Chinese character or full-width mark."""
    return "⺀" <= character <= "鿿" or "豈" <= character <= "﫿" or "＀" <= character <= "￯" or character in "“”‘’…—"
