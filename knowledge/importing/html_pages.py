"""HTML pages as prose and as tables; scripts, styles, menus and forms are not read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.importing.markdown import Piece, Prose
from knowledge.importing.refusals import refused
from knowledge.importing.text import clean, plain_line

MAX_HTML = 20 * 1024 * 1024
"""Bytes of one page."""
SILENT = {
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "select", "textarea", "head", "nav", "footer", "aside", "form",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure", "figcaption", "header", "hr", "html", "li", "main",
    "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ASKING = 6
"""The level of what asks without being a heading: the summary of a fold, a term in a list, a bold line."""
LONGEST_BOLD_HEADING = 80


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: its root element, title and language tag as it states them."""

    root: Any
    title: str
    language: str


def page_of(text: str, name: str) -> Page:
    """The page. Raises UnreadableFile for what is too large or holds no element."""
    from lxml import etree, html

    data = text.replace("\x00", "").encode("utf-8", "replace")
    if len(data) > MAX_HTML:
        raise refused("html_too_large", name, limit=MAX_HTML // 2**20)
    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise refused("html_unreadable", name) from error
    title = next((clean(element.text_content()) for element in root.iter("title")), "")
    return Page(root, " ".join(title.split()), str(root.get("lang") or ""))


def is_html(start: str) -> bool:
    """Whether a text begins as a page does."""
    return bool(
        re.match(
            r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|div|section|main|article|h[1-6]|p|ul|ol|dl)\b",
            start,
            re.I | re.S,
        )
    )


def tables_of(page: Page) -> Iterator[list[list[str]]]:
    """The innermost tables as rows of cells; a cell over several columns is followed by empty ones."""
    for table in page.root.iter("table"):
        if next(table.iterdescendants("table"), None) is not None:
            continue
        rows = []
        for row in table.iter("tr"):
            cells: list[str] = []
            for cell in row.iterchildren("td", "th"):
                span = str(cell.get("colspan") or "1")
                cells.append(text_of_element(cell))
                cells.extend([""] * (min(int(span), 100) - 1 if span.isascii() and span.isdigit() and len(span) < 5 else 0))
            rows.append(cells)
        if rows:
            yield rows


def text_of_element(element: Any) -> str:
    """What a reader sees of an element, blocks on lines of their own."""
    parts: list[str] = []
    _write(element, parts)
    return _tidy(parts)


def prose_of(page: Page) -> Prose:
    """What the page says: its main part where it marks one, headings as pieces."""
    writer = _Writer()
    main = _main_part(page.root)
    above = [heading for heading in page.root.iter("h1") if main not in heading.iterancestors()]
    if len(above) == 1 and next(main.iter("h1"), None) is None:
        writer.open(1, text_of_element(above[0]))
    writer.walk(main)
    pieces = writer.finished()
    body = "\n".join(line for piece in pieces for line in (*([piece.heading] if piece.heading else []), *piece.lines))
    facts = {name: value for name, value in (("title", page.title), ("language", page.language)) if value}
    if any(piece.level == 1 for piece in pieces):
        facts.pop("title", None)
    return Prose(body, pieces, facts)


def _main_part(root: Any) -> Any:
    body = next(root.iter("body"), root)
    whole = len(body.text_content())
    for name in ("main", "article"):
        found = list(body.iter(name))
        if len(found) == 1 and len(found[0].text_content()) * 3 >= whole:
            return found[0]
    return body


class _Writer:
    """Walks a page and parts its text into pieces."""

    def __init__(self) -> None:
        self.pieces = [Piece(0, "", 1, marked=False)]
        self.parts: list[str] = []
        self.count = 1

    def walk(self, element: Any) -> None:
        """Writes the element's children in order; headings open pieces."""
        self.parts.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str) and not _hidden(child):
                level = self._level(child)
                if level:
                    self.open(level, text_of_element(child))
                elif child.tag in _BLOCKS and child.tag not in ("table", "tr", "td", "th", "li"):
                    self.parts.append("\n")
                    self.walk(child)
                    self.parts.append("\n")
                else:
                    _write_one(child, self.parts)
            self.parts.append(child.tail or "")

    @staticmethod
    def _level(element: Any) -> int:
        if element.tag in _HEADINGS:
            return _HEADINGS[element.tag] if clean(element.text_content()) else 0
        if element.tag == "summary":
            return _ASKING
        if element.tag == "dt" and re.search(r"[?？]\s*$", element.text_content()):
            return _ASKING
        if element.tag == "p":
            whole = clean(element.text_content())
            bold = next((child for child in element if child.tag in ("b", "strong")), None)
            if (
                bold is not None
                and whole == clean(bold.text_content())
                and 0 < len(whole) <= LONGEST_BOLD_HEADING
                and not re.search(r"[.。;；,，!！:：]$", whole)
            ):
                return _ASKING
        return 0

    def open(self, level: int, heading: str) -> None:
        """A piece begins."""
        self._settle()
        self.pieces.append(Piece(level, plain_line(heading), self.count, marked=False))
        self.count += 1

    def _settle(self) -> None:
        text = _tidy(self.parts)
        if text:
            lines = text.split("\n")
            self.pieces[-1].lines.extend(lines)
            self.count += len(lines)
        self.parts = []

    def finished(self) -> list[Piece]:
        """The pieces, the last one closed."""
        self._settle()
        return self.pieces


def _hidden(element: Any) -> bool:
    return (
        element.tag in SILENT
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in str(element.get("style") or "").replace(" ", "").casefold()
    )


def _write(element: Any, parts: list[str]) -> None:
    parts.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and not _hidden(child):
            _write_one(child, parts)
        parts.append(child.tail or "")


def _write_one(element: Any, parts: list[str]) -> None:
    name = element.tag
    if name == "br":
        parts.append("\n")
        return
    if name == "pre":
        parts.extend(("\n", "\v".join(element.text_content().split("\n")), "\n"))
        return
    block = name in _BLOCKS or name in _HEADINGS
    cell = name in ("td", "th")
    if block and not cell:
        parts.append("\n- " if name == "li" else "\n")
    inner: list[str] = []
    _write(element, inner)
    if cell:
        # One line a row: the first cell names what the others say.
        parts.append(" ".join("".join(inner).split()))
        if next(element.itersiblings("td", "th"), None) is not None:
            parts.append(": " if next(element.itersiblings("td", "th", preceding=True), None) is None else ", ")
        return
    parts.extend(inner)
    if block:
        parts.append("\n")


def _tidy(parts: list[str]) -> str:
    """Line breaks of the source are spaces; only those that the page means are kept."""
    lines: list[str] = []
    current: list[str] = []
    for part in parts:
        if part in ("\n", "\n- "):
            lines.append("".join(current))
            current = ["- "] if part == "\n- " else []
        else:
            current.append(re.sub(r"\s*\n\s*", " ", part).replace("\v", "\n"))
    lines.append("".join(current))
    said = (re.sub(r"[ \t]+", " ", line).strip() for line in lines)
    return clean("\n".join(line for line in said if line and line != "-"))
