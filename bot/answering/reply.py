"""What is said to one part of a question, while it is being put together."""

from dataclasses import dataclass, field

from bot.answering.answer import Citation, Engine, Handoff, Outcome
from bot.answering.composer import Statement


@dataclass(slots=True)
class Reply:
    """Statements and everything that goes with them; parts are joined to one draft by the composer."""

    outcome: Outcome
    confidence: float
    statements: list[Statement] = field(default_factory=list)
    skus: list[str] = field(default_factory=list)
    """Variants spoken of, in the text's order."""
    shown: list[str] = field(default_factory=list)
    """Product ids as the customer can count them ("the second one"); [] keeps what was shown before."""
    focus: str = ""
    focus_sku: str = ""
    """The product that "it" means from now on."""
    quick_replies: list[str] = field(default_factory=list)
    pending: dict[str, object] = field(default_factory=dict)
    """A question back that waits for its answer."""
    handoff: Handoff | None = None
    engine: Engine = Engine.COMPOSER
    merchants: bool = False
    """The whole of an FAQ entry, in the merchant's words: nothing is added to it."""
    topic: str | None = None
    long: bool = False
    gap: str = ""
    gap_product: str = ""
    notes: list[str] = field(default_factory=list)

    def say(self, text: str, *citations: Citation, line: bool = False) -> None:
        """Adds a sentence; with `line` it starts a new line."""
        if not text:
            return
        block = self.statements[-1].block + (1 if line else 0) if self.statements else 0
        self.statements.append(Statement(text, tuple(dict.fromkeys(citations)), block))

    def show(self, sku: str) -> None:
        """Puts a variant among those spoken of."""
        if sku not in self.skus:
            self.skus.append(sku)
