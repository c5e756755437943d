"""An answer's plain text with a little structure (lists, table rows, **bold**) → HTML; the same rules as the customer's widget."""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_BULLET = re.compile(r"^\s*(?:[-•·*]|(\d{1,2})[.)、])\s+")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")


def rich(text: str) -> Markup:
    """Everything is escaped; the tags are ours."""
    return Markup("").join(_blocks(text.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        first = at
        if _ROW.match(lines[at]):
            while at < len(lines) and _ROW.match(lines[at]):
                at += 1
            yield _table(lines[first:at])
        elif _BULLET.match(lines[at]):
            while at < len(lines) and _BULLET.match(lines[at]):
                at += 1
            yield _list(lines[first:at])
        else:
            at += 1
            if lines[first].strip():
                yield Markup("<p>{}</p>").format(_inline(lines[first].strip()))


def _list(lines: list[str]) -> Markup:
    tag = Markup("ol") if all(re.match(r"\s*\d", line) for line in lines) else Markup("ul")
    items = Markup("").join(Markup("<li>{}</li>").format(_inline(_BULLET.sub("", line))) for line in lines)
    return Markup("<{0}>{1}</{0}>").format(tag, items)


def _table(lines: list[str]) -> Markup:
    rows = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in lines if not _RULE.match(line)]
    if not rows:
        return Markup("")
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(_inline(cell)) for cell in rows[0])
    body = Markup("").join(Markup("<tr>{}</tr>").format(_cells(row)) for row in rows[1:])
    return Markup('<div class="wide" tabindex="0" role="group"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        head, body
    )


def _cells(row: list[str]) -> Markup:
    first = Markup('<th scope="row">{}</th>').format(_inline(row[0]))
    return Markup("").join([first, *(Markup("<td>{}</td>").format(_inline(cell)) for cell in row[1:])])


def _inline(text: str) -> Markup:
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))
