"""A report as JSON and as text for the terminal."""

from collections.abc import Iterator, Mapping

from bot.evaluation.figures import Failure, Figure, Report, figure_json
from bot.evaluation.history import LastRun

SHOWN = 20
"""Failures that are printed; JSON has all."""
_WIDE = 160
_RARE = 0.05
"""A language with a smaller share of the items is not printed."""


def report_json(report: Report, changes: Mapping[tuple[str, str], str], last: LastRun | None, comparable: bool) -> dict[str, object]:
    """Everything; `changes`: better, worse, same or "" by name and language of the figure."""
    return {
        "dataset": report.dataset,
        "kind": report.kind,
        "items": report.items,
        "figures": [
            {
                **figure_json(figure),
                "before": last.values.get((figure.name, figure.language)) if last else None,
                "change": changes.get((figure.name, figure.language)) or None,
            }
            for figure in report.figures
        ],
        "latency_ms": {"median": round(report.latency.median, 1), "p95": round(report.latency.p95, 1), "n": report.latency.n}
        if report.latency
        else None,
        "compared_with": {"at": last.at, "same_files": comparable} if last else None,
        "failures": [
            {"id": one.id, "language": one.language, "asked": one.asked, "missing": list(one.missing), "answer": one.answer}
            for one in report.failures
        ],
        **({"confusion": report.confusion} if report.confusion else {}),
    }


def report_lines(report: Report, changes: Mapping[tuple[str, str], str], last: LastRun | None, comparable: bool) -> Iterator[str]:
    """For people: the figures in columns, then what failed."""
    yield f"{report.dataset}: {report.kind}, {report.items} items"
    if last:
        yield f"  compared with {last.at[:16].replace('T', ' ')}" + (
            "" if comparable else "; the files have changed since, so nothing is marked"
        )
    for figure in _shown(report):
        low, high = figure.interval
        before = last.values.get((figure.name, figure.language)) if last else None
        said = f"  {figure.name:<30} {figure.language or 'all':<4} {figure.value:.3f}  ({low:.3f} to {high:.3f}, n={figure.n})"
        if before is not None:
            mark = changes.get((figure.name, figure.language), "")
            said += f"  before {before:.3f}" + (f"  {mark.upper()}" if mark in ("better", "worse") else "")
        yield said
    if report.latency:
        yield f"  median {report.latency.median:.1f} ms, 95th percentile {report.latency.p95:.1f} ms"
    for label, row in report.confusion.items():
        yield f"  {label} -> " + ", ".join(f"{read} {count}" for read, count in row.items())
    for failure in report.failures[:SHOWN]:
        yield from _failure_lines(failure)
    if len(report.failures) > SHOWN:
        yield f"  and {len(report.failures) - SHOWN} more; --json has all."


def _shown(report: Report) -> Iterator[Figure]:
    """Not the languages that hardly occur; JSON has all."""
    most = max((figure.n for figure in report.figures), default=0)
    counted: dict[str, int] = {}
    for figure in report.figures:
        counted[figure.language] = max(figure.n, counted.get(figure.language, 0))
    return (figure for figure in report.figures if counted[figure.language] >= _RARE * most)


def _failure_lines(failure: Failure) -> Iterator[str]:
    yield f"  ✗ {failure.id} [{failure.language}] {_short(failure.asked)}"
    yield f"      {'; '.join(failure.missing)}"
    if failure.answer:
        yield f"      said: {_short(failure.answer)}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDE else flat[: _WIDE - 1] + "…"
