"""The page of feeds: added, polled, changed, rested, removed in forms; refusals in the reader's language; nothing of a key is shown."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from html import unescape

import pytest
from fastapi import FastAPI

from bot.app import _errors
from bot.consoles.merchant.feeds_api import feed_routes
from bot.consoles.merchant.routes import merchant_routes
from bot.consoles.shared.words import load_words
from bot.consoles.staff.routes import staff_routes
from bot.feeds.addresses import networks_of
from bot.feeds.fetching import Fetcher
from bot.feeds.polling import Feeds
from bot.reports import report_json
from knowledge.base import KnowledgeBase
from knowledge.feeds import Feed
from knowledge.storage.sql_feeds import SqlFeeds
from knowledge.store import Document
from tests.unit.bot.consoles.conftest import Browser, House
from tests.unit.bot.feeds.conftest import WebServer
from tests.unit.bot.feeds.conftest import web as web  # a fixture

PAGE = "/console/tea/feeds"
PRICES = "sku,price,stock\nK-1,45.00,7\n"


@pytest.fixture
async def feeds(house: House) -> AsyncIterator[Feeds]:
    """Allowed to fetch from this machine; the house's doors are built anew with it."""

    async def nothing_to_embed(shop_id: str, documents: Sequence[Document]) -> None:
        return None

    knowledge = KnowledgeBase(house.knowledge, nothing_to_embed, house.clock)
    store = SqlFeeds(house.knowledge._engine, house.clock)
    made = Feeds(store, knowledge, Fetcher(networks_of("127.0.0.0/8")), report_json, clock=house.clock, worker="w1")
    parts = replace(house.parts, feeds=made)
    app = FastAPI()
    notices = lambda key, language: f"{key}/{language}"  # noqa: E731
    desk = staff_routes(
        house.access, house.conversations, house.knowledge, house.bus, clock=house.clock, base_url="http://shop.test", notices=notices
    )
    app.include_router(desk)
    app.include_router(merchant_routes(parts, knowledge))
    app.include_router(feed_routes(house.access, house.knowledge, made, clock=house.clock))
    _errors(app)
    house.app = app
    yield made
    await made.stop()


async def the_feed(house: House, feeds: Feeds) -> Feed:
    shop = await house.knowledge.shop("tea")
    assert shop is not None
    (feed,) = await feeds.of(shop)
    return feed


async def settled(feeds: Feeds) -> None:
    await asyncio.gather(*feeds._begun)


async def press(browser: Browser, feed: Feed, do: str, **fields: str) -> str:
    response = await browser.post(f"{PAGE}/{feed.id}", do=do, **fields)
    assert response.status_code == 200, response.text
    return unescape(response.text)


async def test_a_feed_is_added_polled_and_changes_the_price(house: House, feeds: Feeds, web: WebServer) -> None:
    web.gives("/prices.csv", PRICES.encode())
    browser = await house.signed_in("admin")
    url = web.url("/prices.csv?key=secret").replace("http://", "http://mei:unseen@")
    page = (await browser.post(PAGE, url=url, kind="offers", every_minutes="15", source="")).text
    assert "prices.csv" in page and "not fetched yet" in page and "Every 15 minutes" in page
    assert "secret" not in page and "unseen" not in page
    feed = await the_feed(house, feeds)
    assert (feed.kind, feed.every_minutes, feed.url) == ("offers", 15, url)
    assert "being fetched" in await press(browser, feed, "poll")
    await settled(feeds)
    page = unescape((await browser.get(PAGE)).text)
    assert "works" in page and "prices and stock changed: 1" in page and "in 15 minutes" in page.replace("in 14", "in 15")
    offer = (await house.knowledge.offers("s1", ["K-1"]))["K-1"]
    assert offer.offer.regular is not None and offer.offer.regular.text == "45.00"
    page = unescape((await browser.get(f"{PAGE}?lang=zh")).text)
    assert "正常" in page and "价格和库存变动 1" in page


@pytest.mark.parametrize(
    ("url", "en", "zh"),
    [
        ("http://169.254.169.254/latest/meta-data/", "leads into a private network", "通向内部网络"),
        ("http://10.0.0.7/prices.csv", "leads into a private network", "通向内部网络"),
        ("http://[fd00:ec2::254]/x.csv", "leads into a private network", "通向内部网络"),
        ("ftp://shop.example/prices.csv", "needs an address such as", "请填网址"),
        ("nonsense", "needs an address such as", "请填网址"),
    ],
)
async def test_a_refused_address_is_one_sentence_and_stays_typed(house: House, feeds: Feeds, url: str, en: str, zh: str) -> None:
    browser = await house.signed_in("admin")
    for language, said in (("en", en), ("zh", zh)):
        await browser.get(f"{PAGE}?lang={language}")
        response = await browser.post(PAGE, url=url, kind="auto", every_minutes="60", source="mine")
        page = unescape(response.text)
        assert response.status_code == 422 and said in page and url in page and 'value="mine"' in page
        assert page.count('role="alert"') == 1
    shop = await house.knowledge.shop("tea")
    assert shop is not None and await feeds.of(shop) == []


async def test_why_a_poll_failed_is_said_in_both_languages(house: House, feeds: Feeds, web: WebServer) -> None:
    browser = await house.signed_in("admin")
    await browser.post(PAGE, url=web.url("/gone.csv"), kind="auto", every_minutes="60")
    feed = await the_feed(house, feeds)
    for body, status, en, zh in (
        (b"", "404 Not Found", "status 404", "状态 404"),
        (b"sku,title,price\nA-1,,3\n", "200 OK", "No row of the feed can be used", "没有一行可以使用"),
    ):
        web.gives("/gone.csv", body, status)
        await press(browser, feed, "poll")
        await settled(feeds)
        assert en in unescape((await browser.get(f"{PAGE}?lang=en")).text)
        assert zh in unescape((await browser.get(f"{PAGE}?lang=zh")).text)
    assert "连续 2 次" in (await browser.get(f"{PAGE}?lang=zh")).text


async def test_a_feed_that_shrank_is_taken_by_its_own_button(house: House, feeds: Feeds, web: WebServer) -> None:
    rows = [f"A-{number},Pot {number},{number}.50\n" for number in range(1, 21)]
    web.gives("/pots.csv", ("sku,title,price\n" + "".join(rows)).encode())
    browser = await house.signed_in("admin")
    await browser.post(PAGE, url=web.url("/pots.csv"), kind="auto", every_minutes="60")
    feed = await the_feed(house, feeds)
    await press(browser, feed, "poll")
    await settled(feeds)
    web.gives("/pots.csv", ("sku,title,price\n" + rows[0]).encode())
    await press(browser, feed, "poll")
    await settled(feeds)
    page = unescape((await browser.get(PAGE)).text)
    assert "Take it all the same" in page and "held 20 before" in page
    await press(browser, feed, "force")
    await settled(feeds)
    page = unescape((await browser.get(PAGE)).text)
    assert "Take it all the same" not in page and "removed: 19" in page


async def test_resting_changing_and_removing(house: House, feeds: Feeds, web: WebServer) -> None:
    web.gives("/prices.csv", PRICES.encode())
    browser = await house.signed_in("admin")
    await browser.post(PAGE, url=web.url("/prices.csv"), kind="auto", every_minutes="60")
    feed = await the_feed(house, feeds)
    assert "It rests" in await press(browser, feed, "pause") and await feeds.poll_due() == 0
    assert "It goes on" in await press(browser, feed, "resume") and await feeds.poll_due() == 1
    assert "Saved." in await press(browser, feed, "save", url="", kind="offers", every_minutes="180")
    changed = await the_feed(house, feeds)
    assert (changed.url, changed.kind, changed.every_minutes) == (feed.url, "offers", 180)
    refused = await browser.post(f"{PAGE}/{feed.id}", do="save", url="http://10.0.0.1/x.csv", kind="offers", every_minutes="180")
    assert refused.status_code == 422 and "private network" in refused.text and (await the_feed(house, feeds)).url == feed.url
    assert (await browser.post(f"{PAGE}/{feed.id}", do="dance")).status_code == 422
    double = await browser.post(PAGE, url=web.url("/prices.csv"), kind="auto", every_minutes="60")
    assert double.status_code == 422 and "of that name already" in double.text
    assert "What it brought stays" in await press(browser, feed, "remove")
    assert (await browser.post(f"{PAGE}/{feed.id}", do="poll")).status_code == 404


async def test_a_feed_that_is_being_polled_is_not_polled_twice(house: House, feeds: Feeds, web: WebServer) -> None:
    gate = asyncio.Event()

    async def slow(request: object, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    web.handlers["/slow.csv"] = slow
    browser = await house.signed_in("admin")
    await browser.post(PAGE, url=web.url("/slow.csv"), kind="auto", every_minutes="60")
    feed = await the_feed(house, feeds)
    assert 'data-state="running"' in await press(browser, feed, "poll")
    again = await browser.post(f"{PAGE}/{feed.id}", do="poll")
    assert again.status_code == 409 and "being fetched right now" in again.text
    gate.set()
    await settled(feeds)
    assert 'data-state="idle"' in (await browser.get(PAGE)).text


async def test_who_may_see_and_who_may_change(house: House, feeds: Feeds) -> None:
    viewer = await house.signed_in("viewer")
    page = await viewer.get(PAGE)
    assert page.status_code == 200 and "<form" not in page.text.partition("<main")[2]
    assert (await viewer.post(PAGE, url="https://x.example/a.csv", kind="auto", every_minutes="60")).status_code == 403
    stranger = await house.signed_in("admin", "s2", email="hat@hats.example")
    assert (await stranger.get(PAGE)).status_code == 404
    admin = await house.signed_in("admin", email="ann@tea.example")
    form = {"url": "https://x.example/a.csv", "kind": "auto", "every_minutes": "60"}
    assert (await admin.http.post(PAGE, data=form)).status_code == 403, "without the form's token"


async def test_a_program_changes_a_feed(house: House, feeds: Feeds, web: WebServer) -> None:
    api = "/api/v1/shops/tea/knowledge/feeds"
    program = await house.program("admin")
    made = (await program.post(api, json={"url": web.url("/prices.csv"), "kind": "offers"})).json()
    assert (made["state"], made["paused"], made["busy"]) == ("waiting", False, False)
    changed = await program.patch(f"{api}/prices.csv", json={"paused": True, "every_minutes": 5})
    assert changed.status_code == 200 and (changed.json()["paused"], changed.json()["next_at"]) == (True, None)
    refused = await program.patch(f"{api}/prices.csv", json={"url": "http://169.254.169.254/"})
    assert refused.status_code == 422 and refused.json()["code"] == "feed_private"
    assert (await program.patch(f"{api}/prices.csv", json={"colour": "red"})).status_code == 422
    assert (await (await house.program("support")).patch(f"{api}/prices.csv", json={"paused": False})).status_code == 403


def test_every_reason_has_words() -> None:
    from pathlib import Path

    from bot.feeds import fetching, polling

    source = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (fetching, polling))
    codes = set(re.findall(r'code="feed_([a-z_]+)"', source)) | set(
        re.findall(r'FeedFailed\([^()]*(?:\([^()]*\))?[^()]*?"([a-z_]+)"', source)
    )
    assert {"private", "status", "busy", "every"} <= codes
    for words in load_words().values():
        assert [code for code in sorted(codes) if f"error.feed_{code}" not in words] == []
