"""EventBus, the same in one process and over Redis. A second bus on the same Redis stands for a second replica."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis

from bot.conversation.events import EventBus, News
from bot.events.in_process import InProcessEventBus
from bot.events.redis import RedisEventBus
from tests.contract.servers import free_port, redis_command, running


@dataclass
class Buses:
    """Two doors to one bus, and a way to let time pass."""

    one: EventBus
    other: EventBus
    pass_seconds: Callable[[float], None]


@pytest.fixture(params=["in process", "redis"])
async def buses(request: pytest.FixtureRequest) -> AsyncIterator[Buses]:
    if request.param == "in process":
        now = [0.0]

        def later(seconds: float) -> None:
            now[0] += seconds

        bus = InProcessEventBus(clock=lambda: now[0], longest=5)
        yield Buses(bus, bus, later)
        await bus.close()
        return
    url = request.getfixturevalue("redis_url")
    server = Redis.from_url(url)
    server.flushall()

    def expire(seconds: float) -> None:
        for key in server.scan_iter("*"):
            left = int(server.pttl(key)) - int(seconds * 1000)
            server.delete(key) if left <= 0 else server.pexpire(key, left)

    one, other = RedisEventBus(url, longest=5), RedisEventBus(url, longest=5)
    yield Buses(one, other, expire)
    await one.close()
    await other.close()
    server.close()


async def take(news: AsyncIterator[News], count: int) -> list[News]:
    async with asyncio.timeout(5):
        return [await anext(news) for _ in range(count)]


def said(text: str, topic: str = "conversation:1", type: str = "event") -> News:
    return News(topic, type, {"text": text})


async def test_everybody_who_listens_hears_it_in_order(buses: Buses):
    async with buses.one.subscribe("conversation:1") as first, buses.other.subscribe("conversation:1") as second:
        for text in ("a", "b", "你好 ☕"):
            await buses.one.publish(said(text))
        for listener in (first, second):
            assert await take(listener, 3) == [said("a"), said("b"), said("你好 ☕")]


async def test_other_topics_are_not_heard(buses: Buses):
    async with buses.one.subscribe("conversation:1", "desk:s") as news:
        await buses.other.publish(said("not for us", "conversation:2"))
        await buses.other.publish(said("desk", "desk:s"))
        await buses.other.publish(said("mine"))
        assert await take(news, 2) == [said("desk", "desk:s"), said("mine")]


async def test_what_came_before_is_not_heard_and_leaving_ends_it(buses: Buses):
    await buses.one.publish(said("before"))
    async with buses.one.subscribe("conversation:1") as news:
        await buses.one.publish(said("while"))
        assert await take(news, 1) == [said("while")]
    await buses.one.publish(said("after"))
    async with buses.one.subscribe("conversation:1") as again:
        await buses.one.publish(said("again"))
        assert await take(again, 1) == [said("again")]


async def test_two_listeners_of_one_topic_leave_apart(buses: Buses):
    async with buses.one.subscribe("conversation:1") as stays:
        async with buses.one.subscribe("conversation:1"):
            pass
        await buses.other.publish(said("still here"))
        assert await take(stays, 1) == [said("still here")]


async def test_a_slow_listener_loses_passing_signs_first(buses: Buses):
    async with buses.one.subscribe("conversation:1") as slow, buses.one.subscribe("conversation:1") as fast:
        order = [said("1", type="token"), said("2"), said("3", type="token"), said("4"), said("5"), said("6"), said("7")]
        for news in order:
            await buses.other.publish(news)
            assert await take(fast, 1) == [news]
        assert await take(slow, 5) == [said("2"), said("4"), said("5"), said("6"), said("7")]


async def test_closing_ends_the_listeners(buses: Buses):
    async with buses.one.subscribe("conversation:1") as news:
        await buses.one.close()
        async with asyncio.timeout(5):
            assert [one async for one in news] == []


async def test_a_lock_has_one_holder_until_its_time_is_over(buses: Buses):
    asked = await asyncio.gather(*(bus.lock("sweep", 10) for bus in (buses.one, buses.other) * 4))
    assert sum(asked) == 1
    assert await buses.other.lock("other work", 10)
    buses.pass_seconds(9)
    assert not await buses.other.lock("sweep", 10)
    buses.pass_seconds(2)
    assert await buses.other.lock("sweep", 10)


async def test_a_limit_counts_over_all_replicas_and_says_how_long_to_wait(buses: Buses):
    assert [await bus.hit("login", 3, 60) for bus in (buses.one, buses.other, buses.one)] == [0, 0, 0]
    assert 59 <= await buses.other.hit("login", 3, 60) <= 60
    assert await buses.one.hit("messages", 3, 60) == 0
    buses.pass_seconds(30)
    assert 29 <= await buses.one.hit("login", 3, 60) <= 30
    buses.pass_seconds(31)
    assert await buses.one.hit("login", 3, 60) == 0


async def test_redis_that_goes_away_stops_nobody_and_comes_back(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    port = free_port()
    bus = RedisEventBus(f"redis://127.0.0.1:{port}/0")
    with running(redis_command(port), port, tmp_path):
        async with bus.subscribe("conversation:1") as news:
            await bus.publish(said("first"))
            assert await take(news, 1) == [said("first")]
    async with bus.subscribe("conversation:1") as news, asyncio.timeout(60):
        with caplog.at_level(logging.WARNING):
            await bus.publish(said("a secret that is lost"))
            assert await bus.lock("sweep", 10) is False
            assert await bus.hit("login", 1, 10) == 0
        assert "could not be published" in caplog.text
        assert "secret" not in caplog.text
        with running(redis_command(port), port, tmp_path):
            heard = asyncio.ensure_future(anext(news))
            while not heard.done():  # until the listener has found the way back
                await bus.publish(said("second"))
                await asyncio.wait({heard}, timeout=0.05)
            assert heard.result() == said("second")
    await bus.close()


async def test_it_says_whether_news_travels(buses: Buses):
    assert await buses.one.alive()


async def test_a_server_that_is_away_is_not_alive():
    bus = RedisEventBus(f"redis://127.0.0.1:{free_port()}")
    assert not await bus.alive()
    await bus.close()


async def test_ended_subscriptions_give_out_what_waits_and_new_ones_work(buses: Buses):
    async with buses.one.subscribe("conversation:1") as news:
        await buses.one.publish(said("last"))
        assert await take(news, 1) == [said("last")]
        await buses.one.end_subscriptions()
        assert [item async for item in news] == []
    async with buses.one.subscribe("conversation:1") as news:
        await buses.other.publish(said("anew"))
        assert await take(news, 1) == [said("anew")]
