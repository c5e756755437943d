"""Questions that the shop's knowledge could not answer: the merchant's to-do list, and its port.

Each wording is a gap of its own, opened by the first who asks so. Wordings that mean the same are joined under one of them, which
stands for all: its state is theirs, and what the merchant decided of it holds for whoever asks so again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

STATES = ("open", "answered", "dismissed")


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that could not be answered, with its like."""

    id: str
    question: str
    language: str
    reason: str
    count: int
    """How often it was asked, in whatever wording."""
    state: str
    """open, answered or dismissed."""
    first_at: datetime
    last_at: datetime
    product_id: str = ""
    attribute: str = ""
    """The concept (knowledge/attribute_names.py) that was asked for and is not stated; "" for anything else."""
    entry_id: str = ""
    """The FAQ entry that was drafted for it; published, it answers the gap."""
    wordings: int = 1


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """One asking. `conversation_id` "": nobody's."""

    gap_id: str
    conversation_id: str
    question: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FactTask:
    """A fact that customers ask for and the catalog lacks: `count` asked for `attribute` of the product."""

    product_id: str
    attribute: str
    count: int
    last_at: datetime
    gap_ids: tuple[str, ...]


class GapStore(Protocol):
    """What is done about gaps. What records them is in knowledge.store.KnowledgeStore."""

    async def gap(self, shop_id: str, gap_id: str) -> Gap | None:
        """The gap that stands for this one (itself, if it was not joined to another), counted over all its wordings."""

    async def gap_counts(self, shop_id: str) -> dict[str, int]:
        """How many stand for themselves, by state."""

    async def gap_questions(self, shop_id: str, gap_id: str, limit: int = 50) -> list[GapQuestion]:
        """The askings behind a gap and all wordings joined to it, newest first."""

    async def unjoined_gaps(self, shop_id: str, limit: int = 500) -> list[Gap]:
        """Gaps that nobody compared with the others yet, oldest first; each counts for itself."""

    async def join_gaps(self, shop_id: str, into: dict[str, str], seen: Sequence[str] = ()) -> None:
        """Joins gaps (key) to the one that stands for them (value); `seen`: were compared and stand for themselves. What was joined to a
        key goes along. A pair that would turn in a circle is left out."""

    async def set_gap_state(self, shop_id: str, gap_id: str, state: str, entry_id: str | None = None) -> Gap | None:
        """Of the gap that stands for this one. `entry_id`: the entry drafted for it, None leaves it."""

    async def fact_tasks(self, shop_id: str, limit: int = 100) -> list[FactTask]:
        """Open gaps that ask for a fact of a product, by product and attribute, most asked first."""
