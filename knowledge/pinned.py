"""Questions that a shop keeps as tests: what is asked, and what an answer must hold. Port and records."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must hold; what is empty is not looked at."""

    expect: tuple[str, ...] = ()
    """Texts that must stand in the answer; a number also as the shop writes it (1,299.00 for 1299)."""
    avoid: tuple[str, ...] = ()
    """Texts that must not."""
    outcome: str = ""
    """answered, asked_back, abstained or handed_off."""
    sources: tuple[str, ...] = ()
    """Ids of which each must be among the sources: a FAQ id, a SKU, a policy's file#heading."""
    product_sku: str = ""
    """A SKU that must be among the products shown."""


@dataclass(frozen=True, slots=True)
class PinnedQuestion:
    """One test question. `turns`: what the customer said before it in the same conversation, oldest first."""

    id: str
    question: str
    language: str = ""
    """A language the customer chose; "" to detect."""
    turns: tuple[str, ...] = ()
    expected: Expected = field(default_factory=Expected)
    created_by: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None


class PinnedStore(Protocol):
    """Keeps test questions."""

    async def save_pinned(self, shop_id: str, question: PinnedQuestion) -> None:
        """New or changed, by id."""

    async def pinned(self, shop_id: str) -> list[PinnedQuestion]:
        """Oldest first."""

    async def pinned_question(self, shop_id: str, id: str) -> PinnedQuestion | None:
        """By id."""

    async def delete_pinned(self, shop_id: str, id: str) -> bool:
        """False: there was none."""
