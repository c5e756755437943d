"""A merchant sets how the shop speaks and lets prices come by themselves, without scripts and on a phone; a customer sees it at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.chat import Chat
from tests.journeys.conftest import Server, Visit, run
from tests.journeys.test_console_publishing import FIRST, WIDE, clean
from tests.journeys.test_desk import PHONE, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys"), pytest.mark.timeout(420)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the merchant reads, and what the customer does."""

    language: str
    save: str
    saved: str
    hello: str
    starter: str
    question: str
    friendly: str
    when: str
    half: str
    add: str
    refused: str
    fetch: str
    works: str


ENGLISH = Reading(
    "en", "Save (Voice and greeting)", "Saved.", "Come in and look around.", "How much is the Celadon Teapot?", "How much is the Celadon Cup?",
    "is $9.50", "What are your opening hours?", "both times of a pair", "Add", "leads into a private network", "Fetch now", "works",
)  # fmt: skip
CHINESE = Reading(
    "zh", "保存 (语气和问候)", "已保存", "进来看看吧。", "青瓷茶壶多少钱？", "青瓷茶杯多少钱？", "哦", "营业时间是几点到几点？", "开始和结束都要填", "添加",
    "通向内部网络", "立即获取", "正常",
)  # fmt: skip


@pytest.fixture
async def prices() -> AsyncIterator[str]:
    """The address of a list of prices on a real web server."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b"sku,price\nPOT-1,31.25\n"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/prices.csv?key=secret"
    server.close()


@pytest.mark.parametrize(
    ("slug", "reading", "screen"),
    [("wide-shop", ENGLISH, {**WIDE, "color_scheme": "light"}), ("phone-shop", CHINESE, {**PHONE, "color_scheme": "dark"})],
)
async def test_what_is_set_is_what_customers_meet(
    visit: Visit, server: Server, tmp_path: Path, browser: Browser, prices: str, slug: str, reading: Reading, screen: dict[str, object]
) -> None:
    pots = tmp_path / "pots.csv"
    pots.write_text(FIRST, encoding="utf-8")
    run(server.data, "shop", "create", slug, "--name", slug.title())
    run(server.data, "import", str(pots), "--shop", slug)
    signed_in = await enter(visit, server, f"{slug}@shop.example", "Lin Mei", **screen)
    at, tag = f"/console/{slug}", reading.language
    state = await signed_in.context.storage_state()
    plain = await browser.new_context(storage_state=state, java_script_enabled=False, **screen)  # type: ignore[arg-type]

    # How the shop speaks.
    page = await visit(f"{at}/settings?lang={tag}", context=plain, quiet=True)  # refusals on the way are meant
    voice = page.locator("#voice")
    await voice.locator("input[value=friendly]").check()
    await voice.locator(f"[name='greeting:{tag}']").fill(reading.hello)
    await voice.locator(f"[name='quick_replies:{tag}']").fill(reading.starter)
    await voice.get_by_role("button", name=reading.save).click()
    await expect(page.locator("#voice").get_by_role("status")).to_contain_text(reading.saved)
    chat = Chat(await visit(f"/widget/{slug}", locale="zh-CN" if tag == "zh" else "en"))
    await expect(chat.inside.get_by_text(reading.hello)).to_be_visible()
    await chat.inside.get_by_role("button", name=reading.starter).click()
    await expect(chat.answers.first).to_contain_text("48.00")
    await expect(await chat.ask(reading.question)).to_contain_text(reading.friendly)

    # When people are there: tomorrow, so that nobody is now; half of a pair is refused and stays on the page.
    tomorrow = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(datetime.now(UTC) + timedelta(days=1)).weekday()]
    hours = page.locator("#hours")
    await hours.locator("select[name=timezone]").select_option("UTC")
    await hours.locator(f"[name='{tomorrow}:0:opens']").fill("09:30")
    await hours.locator("form button").click()
    await expect(page.get_by_role("alert")).to_contain_text(reading.half)
    await expect(page.locator(f"[name='{tomorrow}:0:opens']")).to_have_value("09:30")
    await page.locator(f"[name='{tomorrow}:0:closes']").fill("18:00")
    await page.locator("#hours form button").click()
    await expect(page.locator("#hours").get_by_role("status")).to_contain_text(reading.saved)
    await expect(await chat.ask(reading.when)).to_contain_text("09:30")

    # Prices that come by themselves: without scripts, and watched with them.
    feeds = await visit(f"{at}/feeds", context=plain, quiet=True)
    await feeds.locator("#url").fill("http://169.254.169.254/latest/meta-data/")
    await feeds.get_by_role("button", name=reading.add, exact=True).click()
    await expect(feeds.get_by_role("alert")).to_contain_text(reading.refused)
    await feeds.locator("#url").fill(prices)
    await feeds.locator("#kind").select_option("offers")
    await feeds.get_by_role("button", name=reading.add, exact=True).click()
    await expect(feeds.locator(".feed")).to_have_count(1)
    await expect(feeds.locator(".feed")).not_to_contain_text("secret")
    watched = await visit(f"{at}/feeds?lang={tag}", context=signed_in.context)
    await watched.get_by_role("button", name=reading.fetch).click()
    await expect(watched.locator("#live[data-state=running]")).to_have_count(0)
    await expect(watched.locator(".feed .tag")).to_have_text(reading.works)
    await watched.locator(".feed details.join summary").click()
    await clean(watched)
    await expect(await chat.ask(reading.starter)).to_contain_text("31.25")

    await signed_in.goto(f"{server.url}{at}/settings?lang={tag}")
    await expect(signed_in.locator("#history .version")).to_have_count(2)
    await expect(signed_in.locator("#history")).to_contain_text(f"{slug}@shop.example")
    await clean(signed_in)
