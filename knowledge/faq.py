"""Questions that a merchant has answered once and for all."""

from dataclasses import dataclass, field

from knowledge.localized import LocalText


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One question, its variants in customers' words, one answer; each in one or more languages."""

    id: str
    question: LocalText
    answer: LocalText
    also_asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Language to further phrasings."""
    category: str = ""
    approved: bool = False
    """The merchant marked the answer as one to give word for word: no model rewords it."""
