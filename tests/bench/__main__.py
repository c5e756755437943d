"""`make bench`: runs every measurement, one after the other, and writes docs/benchmarks.md. Takes about twenty minutes on two quiet cores."""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "benchmarks.md"
MEASUREMENTS = {
    "Embedding": ("bench_embedding.py", "Query and indexing speed and memory of the packaged model."),
    "Retrieval": ("bench_retrieval.py", "Search and facts without embedding, by catalog size; medians in milliseconds."),
    "Imports": (
        "bench_import.py",
        "10,000 products of five attributes from nothing beside a server that answers, again with 1 % changed, and 50,000 rows of prices.",
    ),
    "A large shop": ("bench_import.py --large 100000", "100,000 products of one passage each, vectors made up: a turn over HTTP."),
    "Turns over HTTP": (
        "bench_http.py",
        "300 different questions to the demo shop, one process, no model; milliseconds by the clock, and inside.",
    ),
    "Answers": (
        "bench_answers.py",
        "Expected facts on our own questions; off-topic questions answered from shop knowledge (lower is better).",
    ),
    "Guard": (
        "bench_guard.py",
        "Scripted lies that reach a customer, honest words that do, over the demo shop with a made-up model; a half is unseen while rules are made.",
    ),
    "Ranking": ("bench_ranking.py", "Candidate ranking on the development halves of public sets; the halves not used for learning."),
}


def main() -> int:
    """Writes the report; a measurement that fails stands there with its last words, and the exit status is 1."""
    parts = [
        "# Benchmarks\n",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python {platform.python_version()}. "
        "Timings on shared cores move by about 30 % between runs.\n",
    ]
    failed = False
    for title, (script, about) in MEASUREMENTS.items():
        name, *arguments = script.split()
        path = ROOT / "tests" / "bench" / name
        if not path.exists():
            continue
        print(f"{title} ...", file=sys.stderr, flush=True)
        done = subprocess.run([sys.executable, str(path), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        failed |= done.returncode != 0
        body = done.stdout.strip() if done.returncode == 0 else done.stderr.strip()[-500:]
        parts.append(f"## {title}\n\n{about}\n\n    python tests/bench/{script}\n\n{_table(body)}\n")
    TARGET.write_text("\n".join(parts), encoding="utf-8")
    return 1 if failed else 0


def _table(body: str) -> str:
    try:
        report = json.loads(body)
    except json.JSONDecodeError:
        return f"```\n{body}\n```"
    rows = list(_flat(report))
    return "| figure | value |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows)


def _flat(value: object, name: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [row for key, inner in value.items() for row in _flat(inner, f"{name} · {key}" if name else str(key))]
    if isinstance(value, list):
        return [row for number, inner in enumerate(value) for row in _flat(inner, f"{name} · {number}")]
    return [(name, round(value, 4) if isinstance(value, float) else value)]


if __name__ == "__main__":
    sys.exit(main())
