"""What was found wrong in a file: by row and column, with what to do."""

from dataclasses import dataclass, field

KEPT_PER_CODE = 1000
"""Findings of one kind kept for one file; the counts go on."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `row` is the record's number as a spreadsheet shows it (the header is 1), in JSON the place in the list from 1."""

    path: str
    row: int | None
    column: str
    code: str
    message: str
    rejects: bool = False
    """The row was left out because of it; else it is a warning and the row was taken."""


@dataclass(slots=True)
class Report:
    """Collects the findings of one file."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    warnings: int = 0
    _seen: dict[str, int] = field(default_factory=dict)

    def reject(self, row: int, column: str, code: str, message: str) -> None:
        """The record `row` is left out."""
        self.rejected.add(row)
        self._keep(Problem(self.path, row, column, code, message, rejects=True))

    def warn(self, row: int | None, column: str, code: str, message: str) -> None:
        """Something to look at; nothing is left out."""
        self.warnings += 1
        self._keep(Problem(self.path, row, column, code, message))

    def _keep(self, problem: Problem) -> None:
        count = self._seen.get(problem.code, 0) + 1
        self._seen[problem.code] = count
        if count <= KEPT_PER_CODE:
            self.problems.append(problem)


def quoted(value: str) -> str:
    """A value for a message: short, on one line, in quotes."""
    line = " ".join(value.split())
    return f"“{line[:60]}…”" if len(line) > 60 else f"“{line}”"
