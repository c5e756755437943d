"""EventBus inside one process: news, locks and limits in memory."""

import math
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.conversation.events import News
from bot.events.subscription import LONGEST, Subscription

_SWEEP_AT = 10_000
"""Locks and limits kept before those that have run out are cleared away."""


class InProcessEventBus:
    """See bot.conversation.events.EventBus. `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, longest: int = LONGEST) -> None:
        self._clock = clock
        self._longest = longest
        self._subscribers: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._locks: dict[str, float] = {}
        self._hits: dict[str, tuple[float, int]] = {}

    async def publish(self, news: News) -> None:
        """To everybody subscribed at this moment."""
        for subscription in tuple(self._subscribers.get(news.topic, ())):
            subscription.offer(news)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[News]]:
        """See the port."""
        subscription = Subscription(topics, self._longest)
        for topic in subscription.topics:
            self._subscribers[topic].add(subscription)
        try:
            yield subscription
        finally:
            for topic in subscription.topics:
                self._subscribers[topic].discard(subscription)
                if not self._subscribers[topic]:
                    del self._subscribers[topic]

    async def lock(self, name: str, seconds: float) -> bool:
        """See the port."""
        now = self._clock()
        if self._locks.get(name, now) > now:
            return False
        if len(self._locks) >= _SWEEP_AT:
            self._locks = {key: until for key, until in self._locks.items() if until > now}
        self._locks[name] = now + seconds
        return True

    async def hit(self, name: str, limit: int, seconds: float) -> int:
        """See the port. A window begins with its first hit and ends `seconds` later."""
        now = self._clock()
        until, count = self._hits.get(name, (now, 0))
        if until <= now:
            if len(self._hits) >= _SWEEP_AT:
                self._hits = {key: window for key, window in self._hits.items() if window[0] > now}
            until, count = now + seconds, 0
        self._hits[name] = (until, count + 1)
        return 0 if count < limit else max(1, math.ceil(until - now))

    async def alive(self) -> bool:
        """Always."""
        return True

    async def end_subscriptions(self) -> None:
        """What waits in them is still given out."""
        for subscriptions in tuple(self._subscribers.values()):
            for subscription in tuple(subscriptions):
                subscription.end()

    async def close(self) -> None:
        """Ends every subscription."""
        await self.end_subscriptions()
