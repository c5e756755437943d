"""What was found wrong in a file: by row and column, with the value, why it is wrong and what to do.

The wording, in English and Chinese, is problems.toml; code names a finding and gives what is particular to it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

KEPT_PER_CODE = 1000
"""Findings of one kind kept for one file; the counts go on."""
LANGUAGES = ("en", "zh")
"""Languages that findings are worded in; the first is that of `Problem.message`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `row` is the record's number as a spreadsheet shows it (the header is 1), in JSON the place in the list from 1."""

    path: str
    row: int | None
    column: str
    code: str
    message: str
    """In English, reason and advice in one."""
    rejects: bool = False
    """The row was left out because of it; else it is a warning and the row was taken."""
    value: str = ""
    """What the cell held, on one line; "" where no single cell is at fault."""
    details: Mapping[str, str] = field(default_factory=dict, compare=False)
    """What the wording needs besides the value."""
    sentences: Mapping[str, str] = field(default_factory=dict, compare=False)
    """By language, where what is wrong says more than its code."""

    def reason(self, language: str) -> str:
        """What is wrong, as a sentence in that language (English where there is no wording)."""
        said = self.sentences.get(language.split("-", maxsplit=1)[0]) or self.sentences.get(LANGUAGES[0])
        return said or _worded(self.code, 0, language, self.value, self.details) or self.message

    def advice(self, language: str) -> str:
        """What to do about it; "" where there is nothing to say beyond the reason."""
        return _worded(self.code, 1, language, self.value, self.details) or ""


@dataclass(slots=True)
class Report:
    """Collects the findings of one file."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    warnings: int = 0
    together: dict[int, str] = field(default_factory=dict)
    """Row to the entry that it is a part of, where several rows make one entry."""
    _seen: dict[str, int] = field(default_factory=dict)

    def reject(self, row: int, column: str, code: str, message: str = "", *, value: str = "", **details: str) -> None:
        """The record `row` is left out. Without `message` the wording of the code is taken."""
        self.rejected.add(row)
        self._keep(row, column, code, message, value, details, rejects=True)

    def warn(self, row: int | None, column: str, code: str, message: str = "", *, value: str = "", **details: str) -> None:
        """Something to look at; nothing is left out."""
        self.warnings += 1
        self._keep(row, column, code, message, value, details, rejects=False)

    def take(self, other: "Report") -> None:
        """What another reader found in the same file."""
        self.problems.extend(other.problems)
        self.rejected |= other.rejected
        self.warnings += other.warnings

    def _keep(
        self, row: int | None, column: str, code: str, message: str, value: str, details: Mapping[str, str], *, rejects: bool
    ) -> None:
        count = self._seen.get(code, 0) + 1
        self._seen[code] = count
        if count > KEPT_PER_CODE:
            return
        value = shortened(value)
        if not message:
            parts = (_worded(code, part, LANGUAGES[0], value, details) for part in (0, 1))
            message = " ".join(part for part in parts if part) or code
        self.problems.append(Problem(self.path, row, column, code, message, rejects, value, details))


@lru_cache(maxsize=1)
def wordings() -> Mapping[str, Mapping[str, list[str]]]:
    """Code to language to reason and advice; "_phrases" holds the parts that stand inside them."""
    return tomllib.loads(resources.files("knowledge.importing").joinpath("problems.toml").read_text(encoding="utf-8"))


def _worded(code: str, part: int, language: str, value: str, details: Mapping[str, str]) -> str | None:
    texts = wordings().get(code, {})
    said = texts.get(language.split("-", maxsplit=1)[0]) or texts.get(LANGUAGES[0])
    if said is None or part >= len(said):
        return None
    phrases = wordings()["_phrases"]
    parts = {name: _phrase(phrases, detail, language) for name, detail in details.items()}
    try:
        return said[part].format(value=quoted(value), **parts)
    except KeyError:
        return None


def _phrase(phrases: Mapping[str, object], text: str, language: str) -> str:
    named = phrases.get(text)
    return str(named) if isinstance(named, str) and language.startswith("zh") else text


def shortened(value: str) -> str:
    """A cell on one line, cut to what a list of findings has room for."""
    line = " ".join(value.split())
    return f"{line[:60]}…" if len(line) > 60 else line


def quoted(value: str) -> str:
    """A value for a message: short, on one line, in quotes."""
    return f"“{shortened(value)}”"
