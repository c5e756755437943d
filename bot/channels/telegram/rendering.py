"""Text for Telegram: styled runs → HTML that it always parses, in pieces that it always takes.

Telegram's limits count UTF-16 units after parsing; we count the escaped HTML, which is never less, so a piece fits either way.
https://core.telegram.org/bots/api#html-style
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
BUTTON_LIMIT = 56
"""Characters on a button; phones cut longer ones anyway."""

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_SENTENCE_ENDS = frozenset(".!?…。！？；;")
_OPENS_NO_PIECE = re.compile(r"[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u20e3]")
"""Joiners, variation selectors, skin tones, tags, keycaps: they belong to the character before them."""
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of pairs; neither is text."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style: "" plain, "b" bold, "s" struck out; `link` makes it a link."""

    text: str
    style: str = ""
    link: str = ""


Rich = Sequence[Run]


def escape(text: str) -> str:
    """For text and attribute values alike."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def clean(text: str) -> str:
    """Without characters that are no text; lines end with a newline alone."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def html(rich: Rich) -> str:
    """Every tag closed, none inside another but bold inside a link."""
    return "".join(_open(run) + escape(run.text) + _close(run) for run in rich if run.text)


def plain(rich: Rich) -> str:
    """The same without markup, for when markup is refused."""
    return "".join(run.text for run in rich)


def split(rich: Rich, limit: int = TEXT_LIMIT) -> list[list[Run]]:
    """Pieces that each fit `limit` as HTML, none empty: cut between paragraphs, else lines, else sentences, else words, else anywhere
    between two characters as people see them. Only white space at a cut is lost."""
    rest = _tidy(rich)
    pieces: list[list[Run]] = []
    while rest:
        end = _fitting(rest, limit)
        text = plain(rest)
        if end < len(text):
            end = _border(text, end)
        piece = _tidy(_slice(rest, 0, end))
        if piece:
            pieces.append(piece)
        rest = _tidy(_slice(rest, end, len(text)))
    return pieces


def shorten(rich: Rich, limit: int) -> list[Run]:
    """The first piece that fits, with an ellipsis where something was cut."""
    tidy = _tidy(rich)
    if units(html(tidy)) <= limit:
        return tidy
    first = split(tidy, limit - 1)
    return [*first[0], Run("…")] if first else []


def shown(text: str, limit: int = BUTTON_LIMIT) -> str:
    """One line for a button."""
    line = " ".join(clean(text).split())
    return line if units(line) <= limit else plain(shorten([Run(line)], limit))


def _open(run: Run) -> str:
    link = f'<a href="{escape(run.link)}">' if run.link else ""
    return link + (f"<{run.style}>" if run.style else "")


def _close(run: Run) -> str:
    return (f"</{run.style}>" if run.style else "") + ("</a>" if run.link else "")


def _tidy(rich: Rich) -> list[Run]:
    """Cleaned, without empty runs, without white space at either end."""
    runs = [Run(cleaned, run.style, run.link) for run in rich if (cleaned := clean(run.text))]
    while runs and not runs[0].text.lstrip():
        runs.pop(0)
    while runs and not runs[-1].text.rstrip():
        runs.pop()
    if runs:
        runs[0] = Run(runs[0].text.lstrip(), runs[0].style, runs[0].link)
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].style, runs[-1].link)
    return runs


def _fitting(rich: Rich, limit: int) -> int:
    """How many characters, from the start, fit as HTML; at least one."""
    used = taken = 0
    for run in rich:
        used += units(_open(run)) + units(_close(run))
        for character in run.text:
            used += units(_ESCAPES.get(character, character))
            if used > limit:
                return max(taken, 1)
            taken += 1
    return taken


def _border(text: str, end: int) -> int:
    """The best place to cut at or before `end`; a border in the first half is not worth an almost empty piece."""
    least = end // 2
    for mark in ("\n\n", "\n"):
        found = text.rfind(mark, 0, end)
        if found > least:
            return found + len(mark)
    for at in range(end, least, -1):
        if text[at - 1] in _SENTENCE_ENDS and (text[at - 1] > "\u2fff" or at == len(text) or text[at].isspace()):
            return at
    for at in range(end, least, -1):
        if text[at - 1].isspace():
            return at
    for at in range(end, least, -1):
        if _apart(text, at):
            return at
    return end


def _apart(text: str, at: int) -> bool:
    """Whether the characters before and behind `at` are two, as people see them."""
    before, behind = text[at - 1], text[at]
    if _OPENS_NO_PIECE.match(behind) or before == "\u200d" or unicodedata.combining(behind):
        return False
    flags = 0
    while flags < at and "\U0001f1e6" <= text[at - 1 - flags] <= "\U0001f1ff":
        flags += 1
    return not (flags % 2 and "\U0001f1e6" <= behind <= "\U0001f1ff")


def _slice(rich: Iterable[Run], start: int, end: int) -> list[Run]:
    out, at = [], 0
    for run in rich:
        low, high = max(start - at, 0), min(end - at, len(run.text))
        if low < high:
            out.append(Run(run.text[low:high], run.style, run.link))
        at += len(run.text)
    return out
