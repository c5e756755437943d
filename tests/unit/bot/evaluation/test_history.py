"""What is better and worse than before."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.evaluation.figures import Figure, Report, rate
from bot.evaluation.history import BETTER, SAME, WORSE, History, LastRun, change

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def last(value: float) -> LastRun:
    return LastRun("then", "print", {("hit@1", ""): value})


@pytest.mark.parametrize(("before", "expected"), [(0.5, BETTER), (0.75, SAME), (0.95, WORSE)])
def test_a_change_counts_beyond_the_interval(before: float, expected: str) -> None:
    figure = Figure("hit@1", 0.8, 100, (0.7, 0.9))
    assert change(figure, last(before)) == expected


def test_of_a_figure_that_should_be_low_less_is_better() -> None:
    assert change(Figure("hit@1", 0.1, 100, (0.05, 0.2), higher_is_better=False), last(0.5)) == BETTER
    assert change(Figure("new", 0.1, 100, (0.05, 0.2)), last(0.5)) == ""


def test_a_run_is_remembered_by_dataset_kind_and_files(tmp_path: Path) -> None:
    history, folder = History(tmp_path / "kept"), tmp_path / "set"
    folder.mkdir()
    report = Report("set", "ranking", 4, (rate("P@1", [True, True, False, True]), rate("P@1", [True], "zh")))
    assert history.last(folder, report) is None
    history.keep(folder, report, "print", NOW)
    found = history.last(folder, report)
    assert found is not None and found.values == {("P@1", ""): 0.75, ("P@1", "zh"): 1.0}
    assert found.comparable("print") and not found.comparable("another")
    assert history.last(folder, Report("set", "intents", 4, ())) is None
    assert history.last(tmp_path / "elsewhere", report) is None


def test_a_record_that_was_cut_off_is_no_record(tmp_path: Path) -> None:
    history, report = History(tmp_path / "kept"), Report("set", "ranking", 1, ())
    history.keep(tmp_path, report, "print", NOW)
    path = next((tmp_path / "kept").iterdir())
    path.write_text(path.read_text()[:20])
    assert history.last(tmp_path, report) is None
