"""Remembers the last run of a dataset, and says what is better or worse now."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import ZhangguiError
from bot.evaluation.figures import Figure, Report, figure_json

SAME, BETTER, WORSE = "same", "better", "worse"
Key = tuple[str, str]
"""Name and language of a figure."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """What a dataset scored before."""

    at: str
    fingerprint: str
    values: Mapping[Key, float]

    def comparable(self, fingerprint: str) -> bool:
        """Whether it was measured on the very same files."""
        return self.fingerprint == fingerprint


def change(figure: Figure, last: LastRun) -> str:
    """better or worse where the value of the last run lies outside this one's interval; "" where it had no such figure."""
    before = last.values.get((figure.name, figure.language))
    if before is None:
        return ""
    low, high = figure.interval
    if low <= before <= high:
        return SAME
    return BETTER if (figure.value > before) == figure.higher_is_better else WORSE


class History:
    """One file a dataset in `folder`, by the dataset's own path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self, folder: Path, report: Report) -> LastRun | None:
        """None for a first run, or where what was kept can't be read any more."""
        try:
            kept: dict[str, Any] = json.loads(self._path(folder, report).read_text(encoding="utf-8"))
            values = {(str(one["name"]), str(one["language"] or "")): float(one["value"]) for one in kept["figures"]}
            return LastRun(str(kept["at"]), str(kept["fingerprint"]), values)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, folder: Path, report: Report, fingerprint: str, at: datetime) -> None:
        """This run is the last from now on. Raises ZhangguiError when it can't be written."""
        path = self._path(folder, report)
        figures: Sequence[dict[str, object]] = [figure_json(figure) for figure in report.figures]
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"at": at.isoformat(), "fingerprint": fingerprint, "figures": figures}), encoding="utf-8")
        except OSError as error:
            raise ZhangguiError(f"The figures can't be kept in {path} ({error.strerror}); name another directory with --data.") from None

    def _path(self, folder: Path, report: Report) -> Path:
        name = re.sub(r"[^\w-]+", "-", f"{folder.resolve().name}-{report.kind}")
        place = hashlib.sha256(f"{folder.resolve()}\0{report.dataset}\0{report.kind}".encode()).hexdigest()[:10]
        return self._folder / f"{name}-{place}.json"
