"""Text of PDF files as prose: headings are told by their size, running heads and page numbers are left out. The reader is pypdf."""

import io
import logging
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.importing.markdown import Piece, Prose
from knowledge.importing.refusals import refused
from knowledge.importing.text import clean, plain_line

MAX_PDF = 50 * 1024 * 1024
MAX_PAGES = 500
MAX_CHARACTERS = 2_000_000
"""Text of one file: more is no policy and no brochure."""
_BIGGER = 1.12
"""A heading is so much larger than the body text."""
_SMALLER = 0.75
"""Print at the edge of a page that is so small is no part of the text."""
_FULL = 0.75
"""A line so long, compared with the longest, runs on into the next one."""
LONGEST_HEADING = 80


@dataclass(slots=True)
class _Line:
    text: str
    size: float
    bold: bool
    page: int
    gap: bool = False
    """More space before it than between the lines of a paragraph."""


def prose_of(data: bytes, name: str) -> Prose:
    """The file's text. Raises UnreadableFile for what is locked, damaged, too long, or holds pictures only."""
    if len(data) > MAX_PDF:
        raise refused("pdf_too_large", name, limit=MAX_PDF // 2**20)
    lines = _lines(data, name)
    if not any(re.search(r"\w", line.text) for line in lines):
        raise refused("pdf_pictures", name)
    lines = _without_running(lines)
    return _as_prose(lines)


def _lines(data: bytes, name: str) -> list[_Line]:
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    found: list[_Line] = []
    held = 0
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refused("locked", name)
        pages = len(reader.pages)
        if pages > MAX_PAGES:
            raise refused("too_many_pages", name, count=pages, limit=MAX_PAGES)
        for number in range(pages):
            lines = _page_lines(reader.pages[number], number)
            held += sum(len(line.text) for line in lines)
            if held > MAX_CHARACTERS:
                raise refused("too_much_text", name, limit=MAX_CHARACTERS)
            found.extend(lines)
    except UnreadableFile:
        raise
    except (
        PyPdfError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        ArithmeticError,
        AssertionError,
        NotImplementedError,
    ) as error:
        raise refused("damaged_pdf", name) from error
    return found


def _page_lines(page: Any, number: int) -> list[_Line]:
    """The page's lines from top to bottom as the file orders them, each with the size that most of it is set in."""
    runs: list[tuple[float, str, float, bool]] = []

    def visit(text: str, user: list[float], place: list[float], font: Any, size: float) -> None:
        if not text:
            return
        scale = (abs(place[3]) or abs(place[1]) or 1.0) * (abs(user[3]) or abs(user[1]) or 1.0)
        named = str(font.get("/BaseFont", "")) if font else ""
        height = place[5] * user[3] + user[5]
        runs.append((height, text, size * scale, bool(re.search(r"bold|black|heavy|semibold", named, re.IGNORECASE))))

    page.extract_text(visitor_text=visit)
    lines: list[_Line] = []
    current: list[tuple[str, float, bool]] = []
    before: float | None = None
    here: float | None = None

    def close() -> None:
        nonlocal current, before
        text = _usual(clean("".join(part for part, _, _ in current)).replace("\n", " "))
        if text:
            weights: Counter[tuple[float, bool]] = Counter()
            for part, size, bold in current:
                weights[round(size, 1), bold] += len(part.strip())
            (size, bold), _ = weights.most_common(1)[0]
            gap = before is not None and here is not None and size > 0 and abs(before - here) > 1.7 * size
            lines.append(_Line(text, size, bold, number, gap))
            before = here
        current = []

    for height, text, size, bold in runs:
        for place, part in enumerate(text.split("\n")):
            if place:
                close()
            if part.strip():
                here = height
            if part:
                current.append((part, size, bold))
    close()
    return lines


_RADICALS = str.maketrans(
    "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "民母虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)
"""Radicals that fonts give for whole characters; Unicode's normal form leaves these as they are."""
_ODD = re.compile("[\u2f00-\u2fdf\uf900-\ufaff\ufb00-\ufb06]+")


def _usual(text: str) -> str:
    """With the characters that people type: whole ones for radicals and ligatures."""
    return _ODD.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text.translate(_RADICALS))


def _without_running(lines: list[_Line]) -> list[_Line]:
    """Without what stands at the top or the foot of most pages, small print there, and page numbers."""
    pages = {line.page for line in lines}
    body = _body_size(lines)
    edges: Counter[str] = Counter()
    small: set[int] = set()
    for page in pages:
        of_page = [line for line in lines if line.page == page]
        outer = (*of_page[:2], *of_page[-2:])
        edges.update({re.sub(r"\d+", "#", line.text) for line in outer})
        small.update(
            id(line) for line in outer if line.size < body * _SMALLER and len(line.text) <= 40 and not re.search(r"[.。*]", line.text)
        )
    repeated = {text for text, count in edges.items() if count >= 3 and count * 2 > len(pages)}
    number = re.compile(r"(?:page|seite|第)?\s*-?\s*\d{1,4}\s*-?\s*(?:页|of \d+|/\s*\d+)?(?:\s*共\s*\d+\s*页)?", re.IGNORECASE)
    return [
        line
        for line in lines
        if id(line) not in small and re.sub(r"\d+", "#", line.text) not in repeated and not (len(pages) > 1 and number.fullmatch(line.text))
    ]


def _body_size(lines: list[_Line]) -> float:
    """The size that most of the text is set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _width(text: str) -> int:
    """How long a line is, wide characters counted twice."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _as_prose(lines: list[_Line]) -> Prose:
    body = _body_size(lines)
    full = max((_width(line.text) for line in lines if line.size == body), default=0) * _FULL
    mostly_bold = sum(len(line.text) for line in lines if line.bold) * 2 > sum(len(line.text) for line in lines)
    levels = sorted({line.size for line in lines if line.size > body * _BIGGER}, reverse=True)
    pieces = [Piece(0, "", 1, marked=False)]
    open_heading = ended = False
    for count, line in enumerate(lines, start=1):
        larger = line.size > body * _BIGGER
        strong = line.bold and not mostly_bold and not re.search(r"[.。;；,，:：]$", line.text)
        if (larger or strong) and len(line.text) <= LONGEST_HEADING:
            level = min(levels.index(line.size) + 1, 5) if larger else 6
            if open_heading and pieces[-1].level == level and not line.gap:
                pieces[-1].heading = _joined(pieces[-1].heading, line.text)
            else:
                pieces.append(Piece(level, plain_line(line.text), count, marked=False))
            open_heading = True
            continue
        open_heading = False
        held = pieces[-1].lines
        if held and not ended and not line.gap and not _starts_anew(line.text):
            held[-1] = _joined(held[-1], line.text)
        else:
            held.append(line.text)
        # A line that stops before the margin, or ends a sentence, ends its paragraph.
        ended = _width(line.text) < full or bool(re.search(r"[.。!！?？:：;；]$", line.text))
    text = "\n".join(part for piece in pieces for part in (*([piece.heading] if piece.heading else []), *piece.lines))
    return Prose(text, pieces)


def _starts_anew(text: str) -> bool:
    return bool(re.match(r"[-•·*●■–]\s|\(?\d{1,2}[.)、]|[（(]?[一二三四五六七八九十]{1,3}[)）、.]|(?:Q|A|问|答)\d*\s*[:：.]", text))


def _joined(first: str, second: str) -> str:
    """Two lines of one paragraph: a hyphen at the end joins, Chinese needs no space."""
    if re.search(r"[a-zäöüß]-$", first) and re.match(r"[a-zäöüß]", second):
        return first[:-1] + second
    wide = re.search(r"[\u2e80-\u9fff\uff00-\uffef]$", first) and re.match(r"[\u2e80-\u9fff\uff00-\uffef]", second)
    return first + ("" if wide else " ") + second
