"""Facts that travel, and the port that carries them. Everybody hears an event; losing one must lose nothing but time, since the store has it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class News:
    """`topic`: "conversation:ID", "shop:ID" or "desk:SHOP_ID"; `type` past tense or a passing sign (token, typing); `data` plain JSON."""

    topic: str
    type: str
    data: dict[str, object]


class EventBus(Protocol):
    """Publish to all subscribers of a topic on all replicas. At most once, in order per publisher and topic; slow subscribers drop the
    oldest passing signs, never block a publisher."""

    async def publish(self, news: News) -> None:
        """Never raises for a bus that is away: it is logged, and the store still has everything."""

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[AsyncIterator[News]]:
        """Inside the context, everything published after it was entered arrives."""

    async def lock(self, name: str, seconds: float) -> bool:
        """True for the one caller that holds `name` for that long; for work that one replica does."""

    async def hit(self, name: str, limit: int, seconds: float) -> int:
        """Counts one hit on a limit shared by all replicas. 0: allowed; else seconds to wait."""

    async def alive(self) -> bool:
        """Whether news travels now."""

    async def end_subscriptions(self) -> None:
        """Ends those that are open in this process; for a stop, so that nobody waits for streams without end."""

    async def close(self) -> None:
        """Ends all subscriptions and lets go of connections."""
