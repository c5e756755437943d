"""EventBus between many processes over Redis: publish/subscribe for news, expiring keys for locks and limits.

A lost connection never reaches a publisher: the news is lost (the store has what it told of), the loss is logged, and the connection
comes back by itself. Where Redis does not answer, a lock is not given and a limit does not bind.
"""

import asyncio
import logging
import math
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.conversation.events import News
from bot.events.subscription import LONGEST, Subscription

log = logging.getLogger(__name__)

_BACK_OFF = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the next attempt to connect; the last one repeats."""

_CONFIRM_SECONDS = 3.0
"""How long a new subscriber waits for Redis to confirm; after that it goes on and hears from the reconnect on."""

_HIT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if count <= tonumber(ARGV[1]) then return 0 end
return math.max(1, redis.call('PTTL', KEYS[1]))
"""
"""Fixed window: counts, and returns milliseconds to wait when the count is over the limit."""

_FAILURES = (RedisError, OSError, TimeoutError)


class RedisEventBus:
    """See bot.conversation.events.EventBus. One connection listens for all subscribers of the process; `prefix` parts installations."""

    def __init__(self, url: str, prefix: str = "zhanggui:", longest: int = LONGEST) -> None:
        # One more try, at once, for a connection that the server has closed; a server that is away is not waited for.
        self._redis: Redis = Redis.from_url(url, socket_timeout=5.0, socket_connect_timeout=2.0, retry=Retry(NoBackoff(), 1))
        # Listening waits for as long as nothing happens: no time limit on that connection.
        self._listening: Redis = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=2.0, retry=Retry(NoBackoff(), 0))
        self._prefix = prefix
        self._longest = longest
        self._subscribers: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._confirmed: dict[str, asyncio.Event] = {}
        self._pubsub: PubSub | None = None
        self._lost = False
        """The last attempt to listen failed: nobody waits for a confirmation that will not come."""
        self._changes: asyncio.Lock = asyncio.Lock()
        self._listener: asyncio.Task[None] | None = None
        self._hit = self._redis.register_script(_HIT)

    async def publish(self, news: News) -> None:
        """Never raises for a connection that is lost."""
        payload = orjson.dumps({"topic": news.topic, "type": news.type, "data": news.data}, default=str)
        try:
            await self._redis.publish(self._channel(news.topic), payload)
        except _FAILURES as error:
            log.warning("news %s could not be published: %s", news.type, type(error).__name__)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[News]]:
        """See the port."""
        subscription = Subscription(topics, self._longest)
        fresh = [topic for topic in subscription.topics if not self._subscribers[topic]]
        for topic in subscription.topics:
            self._subscribers[topic].add(subscription)
        for topic in fresh:
            self._confirmed[topic] = asyncio.Event()
        try:
            await self._listen_to(fresh)
            if not self._lost:
                waits = [event.wait() for topic in subscription.topics if (event := self._confirmed.get(topic))]
                with suppress(TimeoutError):
                    async with asyncio.timeout(_CONFIRM_SECONDS):
                        await asyncio.gather(*waits)
            yield subscription
        finally:
            await self._leave(subscription)

    async def lock(self, name: str, seconds: float) -> bool:
        """See the port."""
        try:
            return bool(await self._redis.set(f"{self._prefix}lock:{name}", 1, nx=True, px=max(1, int(seconds * 1000))))
        except _FAILURES as error:
            log.warning("the lock %s could not be asked for: %s", name, type(error).__name__)
            return False

    async def hit(self, name: str, limit: int, seconds: float) -> int:
        """See the port. A window begins with its first hit and ends `seconds` later."""
        try:
            wait: Any = await self._hit(keys=[f"{self._prefix}hit:{name}"], args=[limit, max(1, int(seconds * 1000))])
        except _FAILURES as error:
            log.warning("a limit could not be counted: %s", type(error).__name__)
            return 0
        return math.ceil(int(wait) / 1000)

    async def alive(self) -> bool:
        """Whether Redis answers."""
        try:
            await self._redis.execute_command("PING")  # type: ignore[no-untyped-call]
        except _FAILURES:
            return False
        return True

    async def end_subscriptions(self) -> None:
        """What waits in them is still given out."""
        for subscriptions in tuple(self._subscribers.values()):
            for subscription in tuple(subscriptions):
                subscription.end()

    async def close(self) -> None:
        """Ends every subscription and the connections."""
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
        await self.end_subscriptions()
        await self._drop_pubsub()
        await self._listening.aclose()
        await self._redis.aclose()

    # ── listening ──

    def _channel(self, topic: str) -> str:
        return f"{self._prefix}news:{topic}"

    def _topic(self, channel: bytes | str) -> str:
        text = channel.decode() if isinstance(channel, bytes) else channel
        return text.removeprefix(f"{self._prefix}news:")

    async def _listen_to(self, topics: list[str]) -> None:
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name="redis news")
            return  # it subscribes to everything wanted when it connects
        async with self._changes:
            if self._pubsub is None or not topics:
                return
            # If this fails, the listener fails too and subscribes anew to everything.
            with suppress(*_FAILURES):
                await self._pubsub.subscribe(*map(self._channel, topics))

    async def _leave(self, subscription: Subscription) -> None:
        left = []
        for topic in subscription.topics:
            self._subscribers[topic].discard(subscription)
            if not self._subscribers[topic]:
                del self._subscribers[topic]
                self._confirmed.pop(topic, None)
                left.append(topic)
        async with self._changes:
            # A topic that found a new subscriber meanwhile stays.
            left = [topic for topic in left if topic not in self._subscribers]
            if self._pubsub is not None and left:
                with suppress(*_FAILURES):
                    await self._pubsub.unsubscribe(*map(self._channel, left))

    async def _listen(self) -> None:
        attempt = 0
        while True:
            try:
                async with self._changes:
                    pubsub = self._listening.pubsub()
                    self._pubsub = pubsub
                    # An own channel keeps the connection listening while nobody is subscribed to anything.
                    await pubsub.subscribe(self._channel("-"), *map(self._channel, self._subscribers))
                while True:
                    message = await pubsub.get_message(ignore_subscribe_messages=False, timeout=None)
                    attempt, self._lost = 0, False
                    if message is not None:
                        self._take(message)
            except _FAILURES as error:
                self._lost = True
                for waited_for in self._confirmed.values():
                    waited_for.set()
                log.warning("listening for news was interrupted, connecting again: %s", type(error).__name__)
            await self._drop_pubsub()
            await asyncio.sleep(_BACK_OFF[min(attempt, len(_BACK_OFF) - 1)])
            attempt += 1

    def _take(self, message: dict[str, Any]) -> None:
        topic = self._topic(message["channel"])
        if message["type"] == "subscribe":
            if confirmed := self._confirmed.get(topic):
                confirmed.set()
        elif message["type"] == "message":
            try:
                body = orjson.loads(message["data"])
                news = News(str(body["topic"]), str(body["type"]), body["data"])
            except (ValueError, KeyError, TypeError):
                log.warning("news that cannot be read was dropped")
                return
            for subscription in tuple(self._subscribers.get(news.topic, ())):
                subscription.offer(news)

    async def _drop_pubsub(self) -> None:
        async with self._changes:
            pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            with suppress(*_FAILURES):
                await pubsub.aclose()  # type: ignore[no-untyped-call]
