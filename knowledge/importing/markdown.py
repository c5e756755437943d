"""Documents as headed pieces of clean text; here out of Markdown and plain text."""

import re
from dataclasses import dataclass, field

from knowledge.importing.text import clean, plain

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_TEXT_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十百0-9]+[章节条部分]+[\s:：、.]*\S.{0,40}|[一二三四五六七八九十]{1,3}[、.．]\s*\S.{0,40}|[（(][一二三四五六七八九十]{1,3}[)）]\s*\S.{0,40}|【.{1,40}】"
    r"|\d{1,2}(?:\.\d{1,2}){0,2}[.)、]?\s+\S.{0,70})$"
)


@dataclass(slots=True)
class Piece:
    """A heading of a level (0: text above the first) and the text under it. `line` from 1."""

    level: int
    heading: str
    line: int
    lines: list[str] = field(default_factory=list)
    marked: bool = True
    """The lines hold Markdown's marks; False: an asterisk is an asterisk."""

    @property
    def text(self) -> str:
        """Clean text without marks."""
        return unmarked("\n".join(self.lines)) if self.marked else plain("\n".join(self.lines))


@dataclass(slots=True)
class Prose:
    """A document for reading: its lines, the pieces that its headings part it into, and what it states about itself."""

    body: str
    pieces: list[Piece]
    facts: dict[str, str] = field(default_factory=dict)
    """title, language, topic where the document names them."""


def prose_of(text: str, *, plain_text: bool = False) -> Prose:
    """A Markdown document, or with `plain_text` one whose headings are told by their place and shape."""
    facts, body = front_matter(text)
    return Prose(body, pieces(body, plain_text=plain_text), facts)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """`name: value` lines between two rules at the start, and the rest."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    match = _FRONT.match(text)
    if match is None:
        return {}, text
    found = {}
    for line in match[1].split("\n"):
        name, colon, value = line.partition(":")
        if colon and value.strip():
            found[name.strip().casefold()] = clean(value.strip().strip("\"'"))
    return found, text[match.end() :]


def pieces(text: str, *, plain_text: bool = False) -> list[Piece]:
    """Headed pieces in order. `plain_text`: numbered and bracketed lines, and short lines between empty ones, head a piece too."""
    found = [Piece(0, "", 1)]
    lines = text.split("\n")
    fenced = False
    for number, line in enumerate(lines, start=1):
        if re.match(r"^ {0,3}(```|~~~)", line):
            fenced = not fenced
            continue
        match = _HEADING.match(line) if not fenced else None
        following = lines[number] if number < len(lines) else ""
        if match:
            found.append(Piece(len(match[1]), unmarked(match[2]).replace("\n", " "), number))
        elif (
            not fenced
            and line.strip()
            and re.match(r"^ {0,3}(=+|-{3,})\s*$", following)
            and not line.lstrip().startswith(("|", "-", "*", ">"))
        ):
            found.append(Piece(1 if following.lstrip().startswith("=") else 2, unmarked(line).replace("\n", " "), number))
        elif re.match(r"^ {0,3}(=+|-{3,})\s*$", line) and found[-1].line == number - 1:
            continue
        elif plain_text and _heads(lines, number - 1):
            level = 1 if len(found) == 1 and not found[0].text and not _TEXT_HEADING.match(line.strip()) else 2
            found.append(Piece(level, clean(line).strip("【】").rstrip(":："), number))
        else:
            found[-1].lines.append(line)
    return found


def _heads(lines: list[str], index: int) -> bool:
    line = lines[index].strip()
    before = lines[index - 1].strip() if index else ""
    after = lines[index + 1].strip() if index + 1 < len(lines) else ""
    if not line or len(line) > 80:
        return False
    if _TEXT_HEADING.match(line) and not before and not re.search(r"[。.;；,，]$", line):
        return True
    return not before and not after and len(line) <= 60 and not re.search(r"[。.;；,，!！]$", line) and not re.match(r"^[-*•·]", line)


def unmarked(text: str) -> str:
    """Without Markdown's marks; lists keep their dashes, links their words, tables become "name: value" lines."""
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\[([^\]]+)\]\(([^)]*)\)", r"\1", text)
    text = re.sub(r"(?m)^ {0,3}>\s?", "", text)
    text = re.sub(r"(?m)^[ \t]*\|?[ \t:|-]*-{3,}[ \t:|-]*\|?[ \t]*(?:\n|\Z)", "", text)
    text = re.sub(r"(?m)^\s*\|(.+)\|\s*$", lambda match: _table_row(match[1]), text)
    text = re.sub(r"(?m)^(\s*)[*+]\s+", r"\1- ", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"`([^`\n]+)`", r"\1", text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|>~])", r"\1", text)
    return plain(text)


def _table_row(inner: str) -> str:
    cells = [cell.strip() for cell in inner.split("|")]
    return (
        f"{cells[0]}: {', '.join(cell for cell in cells[1:] if cell)}"
        if len(cells) > 1 and cells[0]
        else ", ".join(cell for cell in cells if cell)
    )
