"""Feeds from a real web server into a real shop: what is taken, what is refused, and when the server is asked again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Conflict, InvalidInput, NotFound
from bot.feeds.addresses import networks_of
from bot.feeds.fetching import Fetcher, Limits
from bot.feeds.polling import Feeds, feed_json
from bot.reports import report_json
from knowledge.base import KnowledgeBase
from knowledge.catalog import OfferPatch
from knowledge.errors import FeedExists
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_feeds import SqlFeeds
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Document, Shop
from tests.contract.servers import Databases
from tests.unit.bot.feeds.conftest import Request, WebServer, answer

GOODS = "sku,title,price,stock\n" + "".join(f"A-{n},Kettle {n},{n}.90,5\n" for n in range(1, 21))


@dataclass
class World:
    feeds: Feeds
    knowledge: KnowledgeBase
    shop: Shop
    store: SqlFeeds
    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
    chance: float = 0.5

    async def state(self, name: str) -> dict[str, Any]:
        return feed_json(await self.feeds.feed(self.shop, name), self.now)

    async def price(self, sku: str) -> str:
        found = (await self.knowledge.store.offers(self.shop.id, [sku]))[sku].offer.regular
        return found.text if found else ""


async def nothing_to_embed(shop_id: str, documents: Sequence[Document]) -> None:
    """These tests search nothing."""


@pytest.fixture
async def world(databases: Databases) -> AsyncIterator[World]:
    engine = await open_engine(databases.fresh("sqlite"))
    made: World

    def clock() -> datetime:
        return made.now

    knowledge = KnowledgeBase(SqlKnowledgeStore(engine), nothing_to_embed, clock)
    shop = Shop("tea", "tea", {"en": "Tea"}, "EUR")
    await knowledge.store.create_shop(shop)
    store = SqlFeeds(engine, clock)
    fetcher = Fetcher(networks_of("127.0.0.0/8"), Limits(size=2**20, unpacked=2**21, seconds=5))
    feeds = Feeds(store, knowledge, fetcher, report_json, clock=clock, worker="worker", jitter=lambda: made.chance)
    made = World(feeds, knowledge, shop, store)
    yield made
    await engine.dispose()


async def test_a_feed_of_products_is_imported_and_polled_again_when_it_is_due(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", GOODS.encode(), ETag='"1"')
    await world.feeds.add(world.shop, web.url("/goods.csv"), every_minutes=30)
    assert (await world.state("goods.csv"))["state"] == "waiting"
    assert await world.feeds.poll_due() == 1
    state = await world.state("goods.csv")
    assert (state["state"], state["error"], state["report"]["products"]) == ("ok", "", 20)
    assert datetime.fromisoformat(state["next_at"]) == world.now + timedelta(minutes=30)
    assert await world.feeds.poll_due() == 0
    assert await world.price("A-3") == "3.90"
    web.gives("/goods.csv", GOODS.replace("3.90", "3.50").encode(), ETag='"2"')
    world.now += timedelta(minutes=31)
    assert await world.feeds.poll_due() == 1
    assert await world.price("A-3") == "3.50"
    assert web.requests[1].headers["if-none-match"] == '"1"'


async def test_a_feed_of_prices_changes_offers_without_a_revision(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", GOODS.encode())
    web.gives("/prices.csv", b"sku,price,stock\nA-1,1.10,0\nNOPE,1.00,1\n")
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    await world.feeds.poll_due()
    before = (await world.knowledge.store.state(world.shop.id)).revision
    await world.feeds.add(world.shop, web.url("/prices.csv"), kind="offers", every_minutes=5)
    await world.feeds.poll_due()
    assert await world.price("A-1") == "1.10"
    assert (await world.knowledge.store.state(world.shop.id)).revision == before
    report = (await world.state("prices.csv"))["report"]
    assert report["offers"] == 1 and [(p["row"], p["code"], p["path"]) for p in report["problems"]] == [(3, "sku_unknown", "prices.csv")]


async def test_an_unchanged_file_costs_nothing(world: World, web: WebServer) -> None:
    async def handler(request: Request, writer: asyncio.StreamWriter) -> None:
        if "if-modified-since" in request.headers:
            await answer(writer, b"", "304 Not Modified", {})
        else:
            await answer(writer, GOODS.encode(), "200 OK", {"Last-Modified": "Sun, 01 Mar 2026 00:00:00 GMT"})

    web.handlers["/goods.csv"] = handler
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    await world.feeds.poll_due()
    # What was changed meanwhile by other doors is not undone by a file that did not change.
    await world.knowledge.store.patch_offers(world.shop.id, [OfferPatch("A-2", price="9.99")])
    first = await world.state("goods.csv")
    world.now += timedelta(hours=2)
    assert await world.feeds.poll_due() == 1
    state = await world.state("goods.csv")
    assert (state["state"], state["taken_at"], state["report"]) == ("ok", first["taken_at"], first["report"])
    assert state["polled_at"] > first["polled_at"]
    assert await world.price("A-2") == "9.99"


async def test_failures_are_told_and_the_pauses_grow_with_jitter(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", b"", "500 Oops")
    await world.feeds.add(world.shop, web.url("/goods.csv"), every_minutes=10)
    pauses = []
    for chance in (0.5, 0.5, 0.5, 0.0, 1.0):
        world.chance = chance
        await world.feeds.poll_due()
        state = await world.state("goods.csv")
        assert state["state"] == "failing" and "status 500" in state["error"]
        world.now, before = datetime.fromisoformat(state["next_at"]), world.now
        pauses.append((world.now - before) / timedelta(minutes=1))
    assert pauses == [10, 20, 40, 40, 240]
    assert (await world.state("goods.csv"))["failures"] == 5
    for _ in range(12):
        await world.feeds.poll_due()
        state = await world.state("goods.csv")
        pause, world.now = datetime.fromisoformat(state["next_at"]) - world.now, datetime.fromisoformat(state["next_at"])
    assert timedelta(hours=12) <= pause <= timedelta(hours=36)
    web.gives("/goods.csv", GOODS.encode())
    await world.feeds.poll_due()
    state = await world.state("goods.csv")
    assert (state["state"], state["failures"], state["error"]) == ("ok", 0, "")


async def test_a_server_that_asks_to_wait_is_heard(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", b"", "429 Too Many Requests", Retry_After="7200")
    await world.feeds.add(world.shop, web.url("/goods.csv"), every_minutes=5)
    await world.feeds.poll_due()
    assert datetime.fromisoformat((await world.state("goods.csv"))["next_at"]) == world.now + timedelta(hours=2)


async def test_a_feed_that_shrank_is_not_taken_unless_it_is_forced(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", GOODS.encode(), ETag='"1"')
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    await world.feeds.poll_due()
    for cut in (GOODS[:200], "sku,title,price\n"):
        web.gives("/goods.csv", cut.encode(), ETag='"2"')
        polled = await world.feeds.poll(world.shop, "goods.csv")
        assert "nothing was changed" in polled.error
        assert await world.price("A-20") == "20.90"
    web.gives("/goods.csv", "\n".join(GOODS.splitlines()[:4]).encode(), ETag='"2"')
    assert (await world.feeds.poll(world.shop, "goods.csv", force=True)).error == ""
    assert await world.knowledge.store.offers(world.shop.id, ["A-20"]) == {}


async def test_a_page_instead_of_a_file_changes_nothing(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", GOODS.encode())
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    await world.feeds.poll_due()
    for body in (b"<html><body>Sign in</body></html>", b"", b"\x00\x01\x02" * 50, b"sku,title,price\n,,abc\n"):
        web.gives("/goods.csv", body)
        assert (await world.feeds.poll(world.shop, "goods.csv")).error
        assert await world.price("A-20") == "20.90"


async def test_a_draft_of_a_persons_is_waited_for(world: World, web: WebServer, tmp_path: Any) -> None:
    (tmp_path / "mine.csv").write_text("sku,title\nM-1,Mine\n")
    await world.knowledge.import_files(world.shop, [tmp_path / "mine.csv"], draft=True)
    web.gives("/goods.csv", GOODS.encode())
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    await world.feeds.poll_due()
    assert "draft" in (await world.state("goods.csv"))["error"]
    await world.knowledge.store.publish(world.shop.id)
    assert (await world.feeds.poll(world.shop, "goods.csv")).error == ""
    assert await world.price("A-20") == "20.90"


async def test_only_one_polls_a_feed(world: World, web: WebServer) -> None:
    let_go = asyncio.Event()

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await let_go.wait()
        await answer(writer, GOODS.encode(), "200 OK", {})

    web.handlers["/goods.csv"] = slow
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    first = asyncio.create_task(world.feeds.poll_due())
    async with asyncio.timeout(5):
        while not web.requests:
            await asyncio.sleep(0.01)
    assert await world.feeds.poll_due() == 0
    with pytest.raises(Conflict):
        await world.feeds.poll(world.shop, "goods.csv")
    let_go.set()
    assert await first == 1 and len(web.requests) == 1


async def test_a_feed_that_is_removed_while_it_is_polled_stays_removed(world: World, web: WebServer) -> None:
    async def removing(request: Request, writer: asyncio.StreamWriter) -> None:
        await world.feeds.remove(world.shop, "goods.csv")
        await answer(writer, GOODS.encode(), "200 OK", {})

    web.handlers["/goods.csv"] = removing
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    await world.feeds.poll_due()
    assert await world.feeds.of(world.shop) == []
    assert await world.feeds.poll_due() == 0


async def test_wrong_feeds_are_refused_with_the_field(world: World) -> None:
    for wrong in ({"url": "ftp://x/a.csv"}, {"url": "https://x/a.csv", "kind": "policy"}, {"url": "https://x/a.csv", "every_minutes": 0}):
        with pytest.raises(InvalidInput) as refused:
            await world.feeds.add(world.shop, **wrong)  # type: ignore[arg-type]
        assert refused.value.details["field"] in wrong
    await world.feeds.add(world.shop, "https://me:key@x.example/a.csv?token=1")
    assert (await world.state("a.csv"))["url"] == "https://x.example/a.csv?…"
    with pytest.raises(FeedExists):
        await world.feeds.add(world.shop, "https://other.example/a.csv")
    with pytest.raises(NotFound):
        await world.feeds.poll(world.shop, "b.csv")


async def test_an_address_in_a_private_network_is_refused_before_it_is_kept(world: World) -> None:
    for url in ("http://169.254.169.254/latest/meta-data", "http://10.0.0.8/a.csv", "http://[::1]:8000/a.csv", "http://2852039166/a.csv"):
        with pytest.raises(InvalidInput, match="private network") as refused:
            await world.feeds.add(world.shop, url)
        assert refused.value.details["code"] == "feed_private"
    assert await world.feeds.of(world.shop) == []


async def test_a_feed_rests_and_goes_on(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", GOODS.encode())
    await world.feeds.add(world.shop, web.url("/goods.csv"), every_minutes=30)
    await world.feeds.change(world.shop, "goods.csv", paused=True)
    assert await world.feeds.poll_due() == 0 and web.requests == []
    assert (await world.state("goods.csv"))["next_at"] is None
    assert (await world.feeds.poll(world.shop, "goods.csv")).error == "", "it can be polled by hand"
    world.now += timedelta(days=1)
    assert await world.feeds.poll_due() == 0
    await world.feeds.change(world.shop, "goods.csv", paused=False)
    assert await world.feeds.poll_due() == 1


async def test_another_address_is_another_file(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", GOODS.encode(), ETag='"1"')
    web.gives("/other.csv", GOODS.replace("1.90", "2.90", 1).encode(), ETag='"1"')
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    await world.feeds.poll_due()
    await world.feeds.change(world.shop, "goods.csv", url=web.url("/other.csv"), every_minutes=5)
    assert await world.feeds.poll_due() == 1
    assert "if-none-match" not in web.requests[-1].headers and await world.price("A-1") == "2.90"
    state = await world.state("goods.csv")
    assert (state["every_minutes"], state["url"], state["source"]) == (5, web.url("/other.csv"), "goods.csv")
    with pytest.raises(InvalidInput):
        await world.feeds.change(world.shop, "goods.csv", url="http://10.1.2.3/x.csv")
    with pytest.raises(InvalidInput):
        await world.feeds.change(world.shop, "goods.csv", every_minutes=0)
    with pytest.raises(NotFound):
        await world.feeds.change(world.shop, "nobody", paused=True)
    assert await world.state("goods.csv") == state


async def test_why_it_failed_can_be_told_in_any_language(world: World, web: WebServer) -> None:
    web.gives("/goods.csv", b"", "404 Not Found")
    await world.feeds.add(world.shop, web.url("/goods.csv"))
    feed = await world.feeds.poll(world.shop, "goods.csv")
    assert feed.problem == {"code": "status", "details": {"status": 404}, "sentences": {}}
    web.gives("/goods.csv", b"\x00\x01\x02" * 50)
    unreadable = (await world.feeds.poll(world.shop, "goods.csv")).problem
    assert set(unreadable["sentences"]) >= {"zh"}, unreadable  # type: ignore[arg-type]
    web.gives("/goods.csv", GOODS.encode())
    assert (await world.feeds.poll(world.shop, "goods.csv")).problem == {}
