"""A row of the table of bars: what we measured beside what others do on the same items, and what is wanted. Printed as JSON."""

import json
from dataclasses import asdict, dataclass, field

from bot.evaluation.figures import Figure, Latency


@dataclass(slots=True)
class Row:
    """`wanted`: the bar, in words; `met`: None where there is none."""

    what: str
    n: int
    ours: float
    low: float | None = None
    high: float | None = None
    wanted: str = ""
    met: bool | None = None
    others: dict[str, float] = field(default_factory=dict)
    unit: str = ""


def figure_row(what: str, figure: Figure, bar: float | None = None, **others: float) -> Row:
    """`bar`: the least that is wanted, or the most where less is better."""
    row = Row(
        what,
        figure.n,
        round(figure.value, 3),
        *(round(end, 3) for end in figure.interval),
        others={k: round(v, 3) for k, v in others.items()},
    )
    if bar is not None:
        row.met = row.ours >= bar if figure.higher_is_better else row.ours <= bar
        row.wanted = f"{'≥' if figure.higher_is_better else '≤'} {bar:g}"
    return row


def time_row(what: str, value: float, n: int, most: float | None = None, **others: float) -> Row:
    """Milliseconds."""
    row = Row(what, n, round(value, 1), others={k: round(v, 1) for k, v in others.items()}, unit="ms")
    if most is not None:
        row.wanted, row.met = f"≤ {round(most, 1):g}", value <= most
    return row


def latency_rows(what: str, latency: Latency | None, **others: Latency | None) -> list[Row]:
    """Median and 95th percentile."""
    if latency is None:
        return []
    found = {name: one for name, one in others.items() if one is not None}
    return [
        time_row(f"{what}, median", latency.median, latency.n, **{name: one.median for name, one in found.items()}),
        time_row(f"{what}, 95th percentile", latency.p95, latency.n, **{name: one.p95 for name, one in found.items()}),
    ]


def tell(rows: list[Row], **more: object) -> None:
    """Prints the JSON that `python -m tests.bench` reads."""
    print(json.dumps({"rows": [asdict(row) for row in rows], **more}, ensure_ascii=False, indent=1))
