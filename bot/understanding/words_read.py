"""A text on its way to conditions: what was read of it is taken, so that what is left says what is looked for."""

from dataclasses import dataclass, field

from knowledge.phrases import Token


@dataclass(slots=True)
class WordsRead:
    """A text with its tokens. `taken`: characters that are read already."""

    text: str
    folded: str
    row: list[Token]
    taken: list[tuple[int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, start: int, end: int) -> None:
        """Marks characters as read."""
        self.taken.append((start, end))

    def free(self, start: int, end: int) -> bool:
        """Whether nothing of these characters was read."""
        return all(end <= a or b <= start for a, b in self.taken)
