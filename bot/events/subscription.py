"""What a subscriber holds: a short queue that never blocks whoever fills it. Both buses use it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable

from bot.conversation.events import News

PASSING = frozenset({"token", "typing"})
"""Signs that mean nothing a moment later: the first to go when a subscriber is slow."""

LONGEST = 1_000
"""News waiting for one subscriber."""


class Subscription(AsyncIterator[News]):
    """News in the order they came; ends when the bus is closed. Full, it drops the oldest passing sign, else the oldest news."""

    def __init__(self, topics: Iterable[str], longest: int = LONGEST) -> None:
        self.topics = frozenset(topics)
        self._longest = longest
        self._waiting: deque[News] = deque()
        self._ready = asyncio.Event()
        self._ended = False

    def offer(self, news: News) -> None:
        """Puts it in the queue; returns at once."""
        if len(self._waiting) >= self._longest:
            oldest = next((index for index, one in enumerate(self._waiting) if one.type in PASSING), 0)
            del self._waiting[oldest]
        self._waiting.append(news)
        self._ready.set()

    def end(self) -> None:
        """What waits is still given out, then it stops."""
        self._ended = True
        self._ready.set()

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> News:
        while not self._waiting:
            if self._ended:
                raise StopAsyncIteration
            self._ready.clear()
            await self._ready.wait()
        return self._waiting.popleft()
