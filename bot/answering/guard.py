"""Guard: a sentence goes out only if this turn's evidence holds every fact it states."""

from dataclasses import dataclass

from bot.answering.composer import Findings


@dataclass(frozen=True, slots=True)
class Violation:
    """A claim that the evidence does not hold. `kind`: figure, price, currency, stock, date, percent, code, url, sku, product, ..."""

    kind: str
    value: str
    """The words of the claim. Customer-facing text: it goes to the trace, never to a log."""


class Guard:
    """Checks the sentences of one turn. Built once per turn."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def violations(self, text: str) -> list[Violation]:
        """What in `text` the evidence does not hold; [] when it may go out."""
        return []
