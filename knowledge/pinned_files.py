"""Test questions as files: JSON Lines and CSV, out and in again. `zhanggui eval` reads the JSON Lines, too (docs/evaluation.md).

A line or row has the fields of `PinnedQuestion` and `Expected` by their names; what is empty may be left out. In CSV, texts of a list stand in
one cell with "|" between.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.pinned import Expected, PinnedQuestion

COLUMNS = ("id", "question", "language", "turns", "expect", "avoid", "outcome", "sources", "product_sku")
OUTCOMES = ("answered", "asked_back", "abstained", "handed_off")
LONGEST_QUESTION, LONGEST_TEXT = 2_000, 500
MOST_TEXTS = 20
MOST_QUESTIONS = 2_000
_LISTS = ("turns", "expect", "avoid", "sources")
_LEADS = re.compile(r"^(?='*[=+\-@\t\r])")
"""What spreadsheets take for a formula, also behind apostrophes of ours."""
_ESCAPED = re.compile(r"^'(?='*[=+\-@\t\r])")
_BETWEEN = re.compile(r"((?:\\[\\|]|[^|])*)(?:\||$)")
"""A text of a list in a cell; a backslash makes a "|" or another backslash plain."""
_PLAIN = re.compile(r"\\([\\|])")


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot be taken. `reason`: unreadable, no_question, long_text, many_texts, unknown_outcome or many_questions."""

    line: int
    reason: str
    value: str = ""


def as_line(question: PinnedQuestion) -> dict[str, object]:
    """As an object; what is empty is left out."""
    expected = question.expected
    values: dict[str, object] = {
        "id": question.id,
        "question": question.question,
        "language": question.language,
        "turns": list(question.turns),
        "expect": list(expected.expect),
        "avoid": list(expected.avoid),
        "outcome": expected.outcome,
        "sources": list(expected.sources),
        "product_sku": expected.product_sku,
    }
    return {name: value for name, value in values.items() if value}


def json_lines(questions: Sequence[PinnedQuestion]) -> bytes:
    """One line each."""
    return "".join(json.dumps(as_line(one), ensure_ascii=False) + "\n" for one in questions).encode()


def csv_table(questions: Sequence[PinnedQuestion]) -> bytes:
    """A table that spreadsheets open: UTF-8 with BOM, no cell that starts a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in questions:
        values = as_line(one)
        writer.writerow([_cell(values.get(name, "")) for name in COLUMNS])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _cell(value: object) -> str:
    text = "|".join(re.sub(r"([\\|])", r"\\\1", str(one)) for one in value) if isinstance(value, list) else str(value)
    return _LEADS.sub("'", text)


def read_questions(content: bytes, shop_id: str, known: Sequence[str] = ()) -> tuple[list[PinnedQuestion], list[Refused]]:
    """The questions of a file and what cannot be taken of it; JSON Lines where its first line is an object. An id is kept if the shop has it
    (`known`), else another is made of it, always the same: reading a file twice changes nothing, and never touches another shop's."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Refused(1, "unreadable")]
    found: dict[str, PinnedQuestion] = {}
    refused: list[Refused] = []
    for line, values in _rows(text):
        question = _question(line, values, shop_id, known)
        if isinstance(question, Refused):
            refused.append(question)
        elif len(found) >= MOST_QUESTIONS:
            refused.append(Refused(line, "many_questions", str(MOST_QUESTIONS)))
            break
        else:
            found[question.id] = question
    return list(found.values()), refused


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | None]]:
    """Line numbers with what stands there; None: it cannot be read."""
    if not text.strip():
        return
    if text.lstrip()[:1] in ("{", "["):
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    values = json.loads(line)
                except (json.JSONDecodeError, RecursionError):
                    values = None
                yield number, values if isinstance(values, dict) else None
        return
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        if "question" not in header:
            yield 1, None
            return
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(header, (_ESCAPED.sub("", cell) for cell in cells), strict=False))
    except csv.Error:
        yield reader.line_num, None


def _question(line: int, values: Mapping[str, Any] | None, shop_id: str, known: Sequence[str]) -> PinnedQuestion | Refused:
    if values is None:
        return Refused(line, "unreadable")
    lists = {name: _texts(values.get(name)) for name in _LISTS}
    lists["avoid"] = lists["avoid"] or _texts(values.get("not"))  # as the API calls it
    single = {name: _text(values.get(name)) for name in COLUMNS if name not in _LISTS}
    if not single["question"]:
        return Refused(line, "no_question")
    if single["outcome"] and single["outcome"] not in OUTCOMES:
        return Refused(line, "unknown_outcome", single["outcome"][:60])
    if many := next((name for name, texts in lists.items() if len(texts) > MOST_TEXTS), ""):
        return Refused(line, "many_texts", many)
    texts = [("question", single["question"], LONGEST_QUESTION), *(("turns", text, LONGEST_QUESTION) for text in lists["turns"])]
    texts += [(name, text, LONGEST_TEXT) for name in ("expect", "avoid", "sources") for text in lists[name]]
    texts += [("language", single["language"], 20), ("product_sku", single["product_sku"], 200)]
    if long := next((name for name, text, most in texts if len(text) > most), ""):
        return Refused(line, "long_text", long)
    expected = Expected(lists["expect"], lists["avoid"], single["outcome"], lists["sources"], single["product_sku"])
    id = single["id"] or "\n".join((single["language"], *lists["turns"], single["question"]))
    if id not in known:
        id = hashlib.sha256(f"{shop_id}\n{id}".encode()).hexdigest()[:32]
    return PinnedQuestion(id, single["question"], single["language"], lists["turns"], expected)


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _texts(value: object) -> tuple[str, ...]:
    """Of a list, or of a cell."""
    if isinstance(value, str):
        value = [_PLAIN.sub(r"\1", one) for one in _BETWEEN.findall(value)]
    return tuple(text for one in value if (text := _text(one))) if isinstance(value, list) else ()
