"""What a measurement says: figures with their spread, latency, and what failed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Protocol, TypeVar

from bot.evaluation.intervals import Interval, of_mean, wilson


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or mean, 0..1."""

    name: str
    value: float
    n: int
    """Of how many items."""
    interval: Interval
    """95 %."""
    language: str = ""
    """"" is all of them together."""
    higher_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that is not as it should be."""

    id: str
    language: str
    asked: str
    missing: tuple[str, ...]
    """What was missing or wrong, a short phrase each."""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds by the clock, of one question after the other."""

    median: float
    p95: float
    n: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured of one dataset."""

    dataset: str
    """The folder as it was named, with the part where it has several."""
    kind: str
    items: int
    figures: tuple[Figure, ...]
    latency: Latency | None = None
    failures: tuple[Failure, ...] = ()
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)
    """Of intents: label -> intent read -> messages."""
    strict: bool = False
    """Every failure is a failed check."""


class Spoken(Protocol):
    """An item in a language."""

    @property
    def language(self) -> str:
        """BCP 47."""


Item = TypeVar("Item", bound=Spoken)


def rate(name: str, outcomes: Iterable[bool], language: str = "", *, higher_is_better: bool = True) -> Figure:
    """The share of true ones, with Wilson's interval."""
    given = [bool(outcome) for outcome in outcomes]
    hits = sum(given)
    return Figure(name, hits / len(given) if given else 0.0, len(given), wilson(hits, len(given)), language, higher_is_better)


def mean(name: str, values: Iterable[float], language: str = "") -> Figure:
    """The mean, with a bootstrap interval."""
    given = list(values)
    return Figure(name, sum(given) / len(given) if given else 0.0, len(given), of_mean(given), language)


def by_language(items: Sequence[Item], figures: Callable[[Sequence[Item], str], Sequence[Figure]]) -> tuple[Figure, ...]:
    """The figures of all items, then of each language where there are several; those without an item are left out."""
    languages = sorted({item.language for item in items})
    found = list(figures(items, ""))
    if len(languages) > 1:
        for language in languages:
            found += figures([item for item in items if item.language == language], language)
    return tuple(figure for figure in found if figure.n)


def latency_of(milliseconds: Sequence[float]) -> Latency | None:
    """None without any."""
    if not milliseconds:
        return None
    worst = quantiles(milliseconds, n=20, method="inclusive")[-1] if len(milliseconds) > 1 else milliseconds[0]
    return Latency(median(milliseconds), worst, len(milliseconds))


def figure_json(figure: Figure) -> dict[str, object]:
    """`language`: null for all together."""
    return {
        "name": figure.name,
        "language": figure.language or None,
        "value": round(figure.value, 4),
        "n": figure.n,
        "low": round(figure.interval[0], 4),
        "high": round(figure.interval[1], 4),
        "higher_is_better": figure.higher_is_better,
    }
