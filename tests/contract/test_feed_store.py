"""FeedStore and leases, the same on SQLite and PostgreSQL: one worker at a time, and a dead one is succeeded."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.errors import FeedExists
from knowledge.feeds import Feed, named
from knowledge.storage.engine import Engine, open_engine
from knowledge.storage.leases import SqlLeases
from knowledge.storage.sql_feeds import SqlFeeds
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[Engine]:
    opened = await open_engine(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def store(engine: Engine, clock: Clock) -> SqlFeeds:
    knowledge = SqlKnowledgeStore(engine, clock=clock)
    for slug in ("tea", "bikes"):
        await knowledge.create_shop(Shop(slug, slug, {"en": slug}))
    return SqlFeeds(engine, clock)


def a_feed(name: str = "prices.csv", shop: str = "tea") -> Feed:
    return Feed(f"{shop}-{name}", shop, name, f"https://shop.example/{name}", "offers", 15)


async def test_a_feed_is_kept_and_found_by_source_or_id(store: SqlFeeds):
    await store.add_feed(a_feed())
    await store.add_feed(a_feed("a.csv"))
    await store.add_feed(a_feed(shop="bikes"))
    feeds = await store.feeds("tea")
    assert [feed.source for feed in feeds] == ["a.csv", "prices.csv"]
    assert feeds[1].next_at == NOW and feeds[1].report == {}
    assert named(feeds, "tea-a.csv") == named(feeds, "a.csv") == feeds[0] and named(feeds, "bikes-prices.csv") is None
    with pytest.raises(FeedExists, match="already"):
        await store.add_feed(replace(a_feed(), id="other"))
    assert await store.remove_feed("bikes", "tea-a.csv") is False
    assert await store.remove_feed("tea", "tea-a.csv") is True
    assert [feed.source for feed in await store.feeds("tea")] == ["prices.csv"]


async def test_one_worker_takes_what_is_due(store: SqlFeeds, clock: Clock):
    await store.add_feed(a_feed())
    taken = await asyncio.gather(*(store.claim_due(f"worker-{n}", 60) for n in range(6)))
    assert len([feed for feed in taken if feed is not None]) == 1
    assert await store.claim_feed("tea", "tea-prices.csv", "late", 60) is None
    feed = next(feed for feed in taken if feed is not None)
    worker = f"worker-{taken.index(feed)}"
    done = replace(feed, next_at=NOW + timedelta(minutes=15), polled_at=NOW, taken_at=NOW, etag='"1"', report={"products": 3})
    assert await store.polled(done, "another") is False
    assert await store.polled(done, worker) is True
    assert await store.feeds("tea") == [done]
    assert await store.claim_due("late", 60) is None
    assert (await store.claim_feed("tea", feed.id, "late", 60)) == done
    clock.now += timedelta(minutes=16)
    assert (await store.claim_due("later", 60)) is not None


async def test_what_a_dead_worker_held_is_due_again_and_its_late_word_does_not_count(store: SqlFeeds, clock: Clock):
    await store.add_feed(a_feed())
    dead = await store.claim_due("dead", 60)
    assert dead is not None and await store.claim_due("next", 60) is None
    clock.now += timedelta(seconds=61)
    assert await store.claim_due("next", 60) is not None
    assert await store.polled(replace(dead, error="late"), "dead") is False
    assert (await store.feeds("tea"))[0].error == ""


async def test_feeds_go_with_their_shop(store: SqlFeeds, engine: Engine):
    await store.add_feed(a_feed())
    await SqlKnowledgeStore(engine).delete_shop("tea")
    assert await store.claim_due("worker", 60) is None


async def test_a_lease_has_one_holder(engine: Engine, store: SqlFeeds, clock: Clock):
    leases = SqlLeases(engine, clock)
    held = await asyncio.gather(*(leases.claim("embed:x", f"w{n}", 30) for n in range(6)))
    assert held.count(True) == 1
    holder = f"w{held.index(True)}"
    assert await leases.claim("embed:x", holder, 30) and not await leases.claim("embed:x", "other", 30)
    await leases.release("embed:x", "other")
    assert not await leases.claim("embed:x", "other", 30)
    await leases.release("embed:x", holder)
    assert await leases.claim("embed:x", "other", 30)
    clock.now += timedelta(seconds=31)
    assert await leases.claim("embed:x", "heir", 30) and not await leases.claim("embed:x", "other", 30)


async def test_a_feed_that_rests_is_not_due_and_can_be_asked_for(store: SqlFeeds, clock: Clock):
    await store.add_feed(a_feed())
    (feed,) = await store.feeds("tea")
    assert await store.change_feed(replace(feed, paused=True))
    assert await store.claim_due("a", 60) is None
    claimed = await store.claim_feed("tea", feed.id, "a", 60)
    assert claimed is not None and claimed.paused
    assert await store.polled(replace(claimed, polled_at=clock()), "a")
    (feed,) = await store.feeds("tea")
    assert feed.paused and feed.polled_at == NOW, "what came of a poll wakes nobody"
    assert await store.change_feed(replace(feed, paused=False))
    assert await store.claim_due("a", 60) is not None


async def test_what_is_changed_while_it_is_polled_is_not_overwritten_by_the_poll(store: SqlFeeds, clock: Clock):
    await store.add_feed(a_feed())
    claimed = await store.claim_due("a", 60)
    assert claimed is not None and (await store.feeds("tea"))[0].busy
    assert await store.change_feed(replace(claimed, url="https://shop.example/new.csv", etag=""))
    assert not await store.polled(replace(claimed, etag="of the old file", error="gone"), "a")
    (feed,) = await store.feeds("tea")
    assert (feed.url, feed.etag, feed.error, feed.busy) == ("https://shop.example/new.csv", "", "", False)
    assert not await store.change_feed(replace(feed, id="nobody")) and not await store.change_feed(replace(feed, shop_id="bikes"))
