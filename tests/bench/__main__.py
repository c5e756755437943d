"""`make bench`: runs the measurements, one after the other, and writes their sections of docs/benchmarks.md.

python -m tests.bench                 all but the long ones: about 12 minutes on two quiet cores
python -m tests.bench --all           the long ones, too
python -m tests.bench ranking a-large-shop  only these; the other sections stay as they are
"""

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "benchmarks.md"
SUMMARY = "What is wanted, and what is reached"
LONGEST = 1800
"""Seconds that a part may take."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page and the module that measures it."""

    title: str
    command: str
    about: str
    long: bool = False

    @property
    def name(self) -> str:
        """On the command line."""
        return self.title.lower().replace(" ", "-")


PARTS = (
    Part("Ranking", "bench_ranking", "The best of given texts, and whether any answers. What is shipped has learnt from these questions (decision 13), so ours flatters: the section on ranking while left out has the honest figures."),
    Part("Search", "bench_search", "Finding among texts that are in the shop; the FAQ of the demo shop with its further phrasings hidden."),
    Part("Answers", "bench_answers", "Whole turns on the demo shop, without a model; public sets on the halves that nothing was learnt from."),
    Part("Guard", "bench_guard", "Scripted lies that reach a customer, and honest words that do; a half is unseen while rules are made."),
    Part("Hostile texts", "bench_door", "At the HTTP door, without a model and with one that obeys every attack."),
    Part("Turns", "bench_turns", "A turn without a model by the size of the shop, beside the plain chain of LangChain and Chroma with the same vectors."),
    Part("Turns over HTTP", "bench_http", "300 different questions to the demo shop, one process, no model; milliseconds by the clock, and inside."),
    Part("Embedding", "bench_embedding", "Query and indexing speed and memory of the packaged model."),
    Part("Finding without embedding", "bench_retrieval", "Search and facts by catalog size; medians in milliseconds."),
    Part("Imports", "bench_import", "10,000 products from nothing beside a server that answers, again with 1 % changed, and 50,000 rows of prices.", long=True),
    Part("A large shop", "bench_turns 100000", "100,000 products of one passage each.", long=True),
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Writes each section as soon as it is measured. A part that fails stands there with its last words, and the exit status is 1."""
    named, everything = set(arguments) - {"--all"}, "--all" in arguments
    if unknown := named - {part.name for part in PARTS}:
        print(f"There is no part {', '.join(sorted(unknown))}; choose from {', '.join(part.name for part in PARTS)}.", file=sys.stderr)
        return 2
    failed = False
    for part in PARTS:
        if part.name not in named if named else part.long and not everything:
            continue
        print(f"{part.title} ...", file=sys.stderr, flush=True)
        section, well = _measured(part)
        failed |= not well
        TARGET.write_text(
            with_section(TARGET.read_text(encoding="utf-8") if TARGET.exists() else "", part.title, section), encoding="utf-8"
        )
    return 1 if failed else 0


def _measured(part: Part) -> tuple[str, bool]:
    module, *arguments = part.command.split()
    load, began = os.getloadavg()[0], time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{module}", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )
        well, body = done.returncode == 0, done.stdout.strip() if done.returncode == 0 else done.stderr.strip()[-500:]
    except subprocess.TimeoutExpired:
        well, body = False, f"It did not end within {LONGEST} s."
    said = (
        f"{part.about} Measured {datetime.now(UTC):%Y-%m-%d} in {time.perf_counter() - began:.0f} s on {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, at a load of {load:.1f} to {os.getloadavg()[0]:.1f}: `python -m tests.bench.{part.command}`"
    )
    return f"{said}\n\n{table(body)}", well


def with_section(page: str, title: str, body: str) -> str:
    """The page with this section in the place of the old one, or at its end."""
    head, *rest = re.split(r"^## ", page, flags=re.MULTILINE)
    sections = {section.partition("\n")[0].strip(): section.partition("\n")[2].strip() for section in rest}
    sections[title] = body.strip()
    parts = [head.strip() or "# Benchmarks", *(f"## {name}\n\n{text}" for name, text in sections.items())]
    return "\n\n".join(parts) + "\n"


def summary(page: str) -> str:
    """Every row of the page that has a bar, from its section."""
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in _without(page, SUMMARY).splitlines() if line.endswith("|")]
    barred = [(row[0], row[2], row[4]) for row in cells if len(row) > 4 and row[4].endswith(("✓", "✗"))]
    lines = [f"| {what} | {ours} | {wanted} |" for what, ours, wanted in barred]
    met = sum(wanted.endswith("✓") for _, _, wanted in barred)
    return "\n".join(
        [f"{met} of {len(barred)} bars are met in the sections below.", "", "| what | ours | wanted |", "|---|---|---|", *lines]
    )


def _without(page: str, title: str) -> str:
    return re.sub(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", "", page, flags=re.MULTILINE | re.DOTALL)


def table(body: str) -> str:
    """The printed JSON as tables; whatever else was printed as it is."""
    try:
        reports = [json.loads(body)]
    except json.JSONDecodeError:
        try:
            reports = [json.loads(line) for line in body.splitlines()]
        except json.JSONDecodeError:
            return f"```\n{body}\n```"
    parts = []
    for report in reports:
        if rows := report.pop("rows", []):
            parts.append("\n".join(_rows(rows)))
        if flat := list(_flat(report)):
            parts.append("| figure | value |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in flat))
    return "\n\n".join(parts)


def _rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    others = list(dict.fromkeys(name for row in rows for name in row["others"]))
    names = ["what", "n", "ours", "95 %", "wanted", *others]
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        interval = f"{_said(row['low'])} to {_said(row['high'])}" if row["low"] is not None else ""
        unit = f" {row['unit']}" if row["unit"] else ""
        wanted = f"{row['wanted']} {'✓' if row['met'] else '✗'}" if row["wanted"] else ""
        cells = [
            row["what"],
            row["n"],
            f"{_said(row['ours'])}{unit}",
            interval,
            wanted,
            *(_said(row["others"].get(name)) for name in others),
        ]
        yield f"| {' | '.join(str(cell) for cell in cells)} |"


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _flat(value: object, name: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [row for key, inner in value.items() for row in _flat(inner, f"{name} · {key}" if name else str(key))]
    if isinstance(value, list):
        return [row for number, inner in enumerate(value) for row in _flat(inner, f"{name} · {number}")]
    return [(name, round(value, 4) if isinstance(value, float) else value)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
