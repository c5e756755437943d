"""A merchant's day at the console: a broken spreadsheet, a mended one, the look at what it changes, publishing, and going back."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.journeys.chat import Chat
from tests.journeys.conftest import Server, Visit, run
from tests.journeys.test_desk import PHONE, RULES, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys"), pytest.mark.timeout(420)]

WIDE = {"viewport": {"width": 1280, "height": 900}}
HEADER = "sku,title_en,title_zh,price,currency,stock\n"
FIRST = HEADER + "POT-1,Celadon Teapot,青瓷茶壶,48.00,USD,5\nCUP-1,Celadon Cup,青瓷茶杯,9.50,USD,20\n"
BROKEN = HEADER + "POT-1,Celadon Teapot,青瓷茶壶,soon,USD,5\nCUP-1,Celadon Cup,青瓷茶杯,9.50,USD,20\nTRAY-1,,,12.00,USD,4\n"
MENDED = (
    HEADER + "POT-1,Celadon Teapot,青瓷茶壶,39.00,USD,5\nCUP-1,Celadon Cup,青瓷茶杯,9.50,USD,20\nTRAY-1,Bamboo Tray,竹茶盘,12.00,USD,4\n"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the merchant reads, and what a customer asks."""

    language: str
    question: str
    bring_in: str
    row: str
    download: str
    see: str
    compare: str
    another_price: str
    publish: str
    publish_now: str
    note: str
    published: str
    go_back: str
    back_now: str
    came_back: str


ENGLISH = Reading(
    "en", "How much is the Celadon Teapot?", "Bring in", "Row 2", "Download the rows left out", "See the changes", "Compare the answers",
    "with another price", "Publish …", "Publish now", "Why", "serves now", "Go back to this", "Go back now", "with the contents of revision 1",
)  # fmt: skip
CHINESE = Reading(
    "zh", "青瓷茶壶多少钱？", "导入", "第 2 行", "下载未导入的行", "查看变更", "对比回答", "价格", "发布……", "立即发布", "原因",
    "已发布", "回到此版本", "立即回退", "内容与版本 1 相同",
)  # fmt: skip


async def clean(page: Page) -> None:
    """axe finds nothing, and nothing hangs over the edge, on a phone and wide."""
    before = page.viewport_size
    assert before is not None
    for width in (before["width"], 390 if before["width"] > 390 else 1280):
        await page.set_viewport_size({"width": width, "height": before["height"]})
        found = await Axe().run(page, options=RULES)
        told = [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found.response["violations"]]
        assert told == [], f"{page.url} at {width}: {told}"
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than {width}"
    await page.set_viewport_size(before)


async def bring(page: Page, reading: Reading, name: str, content: str) -> None:
    """Into the draft, and to the end of it."""
    await page.locator("#files").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content.encode()})
    await page.locator("input[name=mode][value=draft]").check()
    await page.locator("#import").get_by_role("button", name=reading.bring_in, exact=True).click()
    await expect(page).to_have_url(re.compile(r"/import/[0-9a-f]{32}"))
    await expect(page.locator("#live[data-state=running]")).to_have_count(0)


@pytest.mark.parametrize(
    ("slug", "reading", "screen"),
    [("kiln", ENGLISH, WIDE), ("yao", CHINESE, PHONE)],
)
async def test_from_a_broken_spreadsheet_to_a_price_and_back(
    visit: Visit, server: Server, tmp_path: Path, slug: str, reading: Reading, screen: dict[str, object]
) -> None:
    first = tmp_path / "pots.csv"
    first.write_text(FIRST, encoding="utf-8")
    run(server.data, "shop", "create", slug, "--name", slug.title())
    run(server.data, "import", str(first), "--shop", slug)
    chat = Chat(await visit(f"/widget/{slug}", locale=reading.language))
    await expect(await chat.ask(reading.question)).to_contain_text("48")
    page = await enter(visit, server, f"{slug}@shop.example", "Lin Mei", **screen)
    await page.goto(f"{server.url}/console?lang={reading.language}")
    await clean(page)
    await page.goto(f"{server.url}/console/{slug}")
    await clean(page)

    # What is wrong stands there by row, and can be fetched to mend it.
    await page.goto(f"{server.url}/console/{slug}/import")
    await clean(page)
    await bring(page, reading, "pots.csv", BROKEN)
    wrong = page.locator(".findings .bad")
    await expect(wrong).to_have_count(2)
    await expect(wrong.first).to_contain_text(reading.row)
    await expect(wrong.first).to_contain_text("soon")
    async with page.expect_download() as fetched:
        await page.get_by_role("link", name=reading.download).click()
    rows = (await (await fetched.value).path()).read_text(encoding="utf-8-sig")
    assert "TRAY-1" in rows and "CUP-1" not in rows
    await clean(page)

    # The mended one, into the draft: customers see nothing of it.
    await page.goto(f"{server.url}/console/{slug}/import")
    await bring(page, reading, "pots.csv", MENDED)
    await clean(page)
    await expect(await chat.ask(reading.question)).to_contain_text("48")
    await page.get_by_role("link", name=reading.see).click()
    pot = page.locator(".change").filter(has=page.locator("code", has_text="POT-1"))
    await expect(pot.locator("del")).to_contain_text("48.00")
    await expect(pot.locator("ins")).to_contain_text("39.00")
    await clean(page)

    # What it does to answers.
    await page.get_by_role("button", name=reading.compare).click()
    await expect(page.locator("#live[data-state=done]")).to_have_count(1, timeout=60_000)
    await expect(page.locator(".summary-line")).to_contain_text(reading.another_price)
    await expect(page.locator(".side").nth(0)).to_contain_text("48")
    await expect(page.locator(".side").nth(1)).to_contain_text("39")
    await clean(page)
    await page.goto(f"{server.url}/console/{slug}/revisions/draft/checks")
    await clean(page)

    # Publish, ask; go back, ask again.
    await page.goto(f"{server.url}/console/{slug}/revisions/draft/publish")
    await clean(page)
    await page.get_by_label(reading.note).fill("Spring prices")
    await page.get_by_role("button", name=reading.publish_now).click()
    await expect(page.get_by_role("status").filter(has_text=reading.published)).to_be_visible()
    await expect(page.locator(".rows li").first).to_contain_text("Spring prices")
    await clean(page)
    await expect(await chat.ask(reading.question)).to_contain_text("39")
    await page.get_by_role("link", name=reading.go_back).first.click()
    await clean(page)
    await page.get_by_role("button", name=reading.back_now).click()
    await expect(page.get_by_role("status").filter(has_text=reading.came_back)).to_be_visible()
    await expect(await chat.ask(reading.question)).to_contain_text("48")


async def test_dropped_files_and_columns_that_nobody_knows(visit: Visit, server: Server) -> None:
    run(server.data, "shop", "create", "drops", "--name", "Drops")
    page = await enter(visit, server, "drops@shop.example", "Lin Mei", **PHONE)
    await page.goto(f"{server.url}/console/drops/import")
    files = await page.evaluate_handle(
        """() => { const all = new DataTransfer();
        all.items.add(new File(['Numero;Nimike;Hinta\\nA1;Kanne Ton;12,50\\nA2;Kanne Glas;15,90\\n'], 'kannen.csv', { type: 'text/csv' }));
        return all; }"""
    )
    await page.dispatch_event("#drop", "drop", {"dataTransfer": files})
    await expect(page.locator("#chosen")).to_contain_text("kannen.csv")
    await page.locator("#import").get_by_role("button", name="Bring in", exact=True).click()
    await expect(page.get_by_role("heading", name="What do these columns mean?")).to_be_visible()
    await clean(page)
    await expect(page.get_by_label("Nimike")).to_have_value("title")
    await expect(page.locator(".preview tbody tr")).to_have_count(2)
    await page.get_by_label("Hinta").select_option("price")
    await page.get_by_role("button", name="Go on with these meanings").click()
    await expect(page.get_by_role("heading", name="Brought in.")).to_be_visible()
    await page.goto(f"{server.url}/console/drops/import")
    await expect(page.locator("main")).to_contain_text("columns remembered")


async def test_without_scripts_and_by_keyboard(visit: Visit, server: Server) -> None:
    """The forms alone do it; what runs is looked at by reloading."""
    run(server.data, "shop", "create", "plain", "--name", "Plain")
    signed = await enter(visit, server, "plain@shop.example", "Lin Mei")
    page = await visit("/console/plain/import", java_script_enabled=False, storage_state=await signed.context.storage_state())
    await page.locator("#files").set_input_files({"name": "pots.csv", "mimeType": "text/csv", "buffer": FIRST.encode()})
    await page.locator("input[name=mode][value=draft]").check()
    await page.locator("#import button").press("Enter")
    for _ in range(50):
        if await page.locator("#live[data-state=running]").count() == 0:
            break
        await page.get_by_role("link", name="Look again").press("Enter")
    await page.get_by_role("link", name="See the changes").press("Enter")
    await page.get_by_role("link", name="Publish …").press("Enter")
    await page.get_by_role("button", name="Publish now").press("Enter")
    await expect(page.get_by_role("status").filter(has_text="serves now")).to_be_visible()
