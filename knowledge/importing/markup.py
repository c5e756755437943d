"""What a reader sees of a piece of HTML in a cell: blocks and list items on lines of their own, scripts and what is hidden left out."""

import re

from bs4 import BeautifulSoup
from bs4.element import Comment, Declaration, Doctype, NavigableString, ProcessingInstruction, Tag

_BLOCKS = {
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul",
}  # fmt: skip
_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "head", "svg", "select", "button"}
DEEPEST_MARKUP = 200
"""Nesting beyond which markup is cut off rather than followed."""


def without_markup(text: str) -> str:
    """The text of a piece of HTML, block by block."""
    soup = BeautifulSoup(text, "lxml")
    parts: list[str] = []
    _walk(soup, parts, 0)
    lines = [line.strip() for line in "".join(parts).split("\n")]
    return "\n".join(line for line in lines if line and line != "-")


def _walk(node: Tag, parts: list[str], depth: int) -> None:
    for child in node.children:
        if isinstance(child, Comment | Doctype | Declaration | ProcessingInstruction):
            continue
        if isinstance(child, NavigableString):
            parts.append(
                re.sub(r"[ \t\xa0]*\n[ \t\xa0]*", "\n" if node.name in ("pre", "[document]", "body", "html", "p") else " ", str(child))
            )
            continue
        if not isinstance(child, Tag) or child.name in _SILENT:
            continue
        if child.name == "br":
            parts.append("\n")
            continue
        block = child.name in _BLOCKS
        if block and not (child.name == "dd" and _follows_term(child)):
            parts.append("\n- " if child.name == "li" else "\n")
        if depth < DEEPEST_MARKUP:
            _walk(child, parts, depth + 1)
        if child.name == "dt" and child.find_next_sibling(["dd", "dt"]) is not None:
            parts.append(" " if child.get_text().rstrip().endswith((":", "：")) else ": ")
            continue
        if child.name in ("td", "th") and child.find_next_sibling(["td", "th"]) is not None:
            first = child.find_previous_sibling(["td", "th"]) is None
            parts.append(" " if child.get_text().rstrip().endswith((":", "：")) else ": " if first else ", ")
        if block:
            parts.append("\n")


def _follows_term(definition: Tag) -> bool:
    """Whether this is the first definition of a term, which goes on the term's line."""
    before = definition.find_previous_sibling(["dd", "dt"])
    return before is not None and before.name == "dt"
