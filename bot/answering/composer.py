"""Port: from evidence to a draft. Implementations: extractive.py (no model), written.py (a LangChain chat model)."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.answering.answer import Citation, Condition, Engine, Handoff, Outcome
from bot.language_model.usage import Used
from bot.understanding.question import Memory, Question
from knowledge.catalog import LiveOffer
from retrieval.retriever import Evidence
from retrieval.view import ShopView

_ITEM = re.compile(r"^\d{1,2}\.\s")
"""The number of a list's item states nothing."""
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a composer may say, for one message. Composers read nothing else."""

    view: ShopView
    question: Question
    evidence: tuple[Evidence, ...]
    """One for each part of the question, same order."""
    offers: dict[str, LiveOffer]
    """Live offers, read from the store in this turn, of every variant of every product in evidence, subjects and memory."""
    memory: Memory
    now: datetime
    history: tuple[tuple[str, str], ...] = ()
    """The last messages as (author, text), oldest first; for a model's tone, never a source of facts."""
    staff_present: bool = False
    """Whether anybody of the staff is signed in now."""
    waiting: bool = False
    """The conversation already waits for a person."""
    used: Used | None = None
    """What a language model took already, looking things up for this message; None: it was not asked."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, list item or table row of a draft with what it rests on. `text` ends without a line break; `block`: sentences of one
    block stand in one paragraph, a new number starts a new line."""

    text: str
    citations: tuple[Citation, ...] = ()
    block: int = 0
    worded: bool = False
    """In a language model's words."""

    @property
    def quoted(self) -> bool:
        """Every figure in it stands so in one of its sources; true of words without figures."""
        held = set(_FIGURES.findall(" ".join(citation.quote for citation in self.citations)))
        return held.issuperset(_FIGURES.findall(_ITEM.sub("", self.text)))

    def cites(self, words: str) -> bool:
        """Whether one of its sources says just these words."""
        return bool(words) and any(words.casefold() in citation.quote.casefold() for citation in self.citations)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a composer wants to say, complete: the turn guards, stores and delivers it."""

    statements: tuple[Statement, ...]
    outcome: Outcome
    engine: Engine
    confidence: float
    product_skus: tuple[str, ...] = ()
    """The variants spoken of, in the text's order, at most 6: they become the cards."""
    quick_replies: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    handoff: Handoff | None = None
    intents: tuple[str, ...] = ()
    topic: str | None = None
    memory: Memory = field(default_factory=Memory)
    """The conversation's next memory."""
    gap: str = ""
    """Why it could not be answered (for the merchant's list); "" when it could."""
    gap_product: str = ""
    long: bool = False
    """A table or list was asked for: the text may pass 800 characters."""
    notes: tuple[str, ...] = ()
    """For the trace."""
    model: Mapping[str, object] | None = None
    """What calls to a language model took, for the trace; None: none was to be made."""


class AnswerComposer(Protocol):
    """Findings → draft, streamed: statements as soon as they are final, the draft (with all of them) last."""

    def needs(self, findings: Findings) -> Sequence[str]:
        """Products that the answer would speak of beside those in `findings.offers` (alternatives, what goes with it): their live offers are
        to be read before it is composed."""

    def compose(self, findings: Findings) -> AsyncIterator["Statement | Draft"]:
        """Statements as they become final, then the draft."""
        ...
