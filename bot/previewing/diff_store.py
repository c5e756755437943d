"""Port: comparisons of answers, kept so that any replica can show how far one is. Implementation: bot/storage/sql_diffs.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AnswerDiff:
    """One comparison of the draft with what serves. `state`: running, done or failed; `interrupted` is read off `heard_at`."""

    id: str
    shop_id: str
    revision: int
    """The draft's number, as it was after `edits` changes."""
    edits: int
    base: int
    """The revision that served."""
    state: str
    done: int
    total: int
    started_by: str
    started_at: datetime
    heard_at: datetime
    error: str = ""


@dataclass(frozen=True, slots=True)
class DiffItem:
    """One question and its two answers. `item`: {question, before, after, changes, ...}, see answer_diff.py. The words of a customer
    (`conversation_id`) are erased with the conversation; `pinned_id`: a test question."""

    number: int
    change: str
    item: dict[str, object]
    conversation_id: str | None = None
    pinned_id: str | None = None


class DiffStore(Protocol):
    """Each method is one transaction."""

    async def start_diff(self, diff: AnswerDiff, *, keep: int) -> None:
        """Keeps a new one, and of the shop's older ones the newest `keep` - 1."""

    async def save_diff(self, diff: AnswerDiff, items: Sequence[DiffItem] = ()) -> bool:
        """State, progress and further items; False if it is gone. Items whose conversation was erased meanwhile are left out."""

    async def diff(self, shop_id: str, id: str) -> AnswerDiff | None:
        """By id."""

    async def diffs(self, shop_id: str) -> list[AnswerDiff]:
        """Newest first."""

    async def diff_items(self, id: str, *, changes: Sequence[str] = (), after: int = -1, limit: int = 50) -> list[DiffItem]:
        """By number; `changes`: only these kinds."""

    async def diff_counts(self, id: str) -> dict[str, int]:
        """Items by kind of change."""
