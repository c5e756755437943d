"""A tea seller at the console: a product written whole in a form, faults told at their fields, prices changed at once, a spreadsheet of the trade."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.chat import Chat
from tests.journeys.conftest import Server, Visit, run
from tests.journeys.test_console_publishing import WIDE, clean
from tests.journeys.test_desk import PHONE, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys"), pytest.mark.timeout(420)]

SHEET = (
    "货号,品名,茶类,冲泡水温,售价,会员价,库存\n"
    "T-01,正山小种,红茶,90-95℃,168,148,35\n"
    "T-02,安吉白茶,绿茶,80℃,298,268,很多\n"
    "T-03,,普洱,沸水,1280,,3\n"
)  # fmt: skip


async def press(page: Page, do: str) -> None:
    """A button of the entry's form, by what it does."""
    await page.locator(f".entry-form button[value='{do}']").last.click()


@pytest.mark.parametrize(
    ("slug", "language", "screen", "digits", "saved", "question"),
    [
        ("cha", "zh", {**PHONE, "color_scheme": "dark"}, "请用数字填写一个金额", "已保存到草稿", "蜜兰香单丛礼盒多少钱？"),
        ("leaf", "en", WIDE, "Write one amount as digits", "Saved in the draft", "How much is the Honey Orchid gift box?"),
    ],
)
async def test_a_product_is_written_without_scripts_and_priced_at_once(
    visit: Visit,
    server: Server,
    browser: Browser,
    slug: str,
    language: str,
    screen: dict[str, object],
    digits: str,
    saved: str,
    question: str,
) -> None:
    run(server.data, "shop", "create", slug, "--name", slug.title(), "--currency", "CNY", "--languages", "zh,en")
    signed = await enter(visit, server, f"{slug}@shop.example", "Lin Mei", **screen)
    plain = await browser.new_context(storage_state=await signed.context.storage_state(), java_script_enabled=False, **screen)  # type: ignore[arg-type]
    page = await visit(f"/console/{slug}/entries/new/product?lang={language}", context=plain, quiet=True)
    await page.locator("[name='title:zh']").fill("蜜兰香单丛")
    await page.locator("[name='title:en']").fill("Honey Orchid")
    await page.locator("[name='variant:0:sku']").fill("MLX-BOX")
    await page.locator("[name='variant:0:options:zh']").fill("包装=礼盒")
    await page.locator("[name='variant:0:options:en']").fill("Pack=gift box")
    await page.locator("[name='variant:0:price']").fill("不贵")
    await page.locator("[name='attribute:0:name']").fill("产地")
    await page.locator("[name='attribute:0:value']").fill("潮州凤凰山")
    await press(page, "add:variant")
    await expect(page.locator("[name='variant:1:sku']")).to_be_focused()
    await page.locator("[name='variant:1:sku']").fill("MLX-BAG")
    await page.locator("[name='variant:1:options:zh']").fill("包装=袋装")
    await page.locator("[name='variant:1:price']").fill("88")
    await press(page, "save")

    # What is wrong stands at its field; the link above leads there; nothing typed is lost.
    price = page.locator("[name='variant:0:price']")
    await expect(page.get_by_role("alert")).to_contain_text(digits)
    await expect(price).to_have_attribute("aria-invalid", "true")
    await expect(price).to_have_accessible_description(re.compile(digits))
    await page.get_by_role("alert").get_by_role("link").click()
    await expect(page).to_have_url(re.compile("#f-variant:0:price"))
    await expect(page.locator("[name='attribute:0:value']")).to_have_value("潮州凤凰山")
    await price.fill("¥168")
    await press(page, "save")
    await expect(page.get_by_role("status")).to_contain_text(saved)
    where = page.url

    await signed.goto(where)
    await clean(signed)
    await signed.goto(f"{server.url}/console/{slug}/revisions/draft/publish")
    await signed.locator("form button.button").last.click()
    await expect(signed).to_have_url(re.compile("done=published"))
    chat = Chat(await visit(f"/widget/{slug}", locale=language))
    await expect(await chat.ask(question)).to_contain_text("168")

    # On sale now: price, sale and stock change at once.
    await page.goto(where)
    await expect(page.locator("[name='variant:0:price']")).to_have_count(0)
    await page.locator("[name='offer:0:sale']").fill("200")
    await page.locator("button[value='offers']").click()
    await expect(page.locator("[name='offer:0:sale']")).to_have_attribute("aria-invalid", "true")
    await page.locator("[name='offer:0:sale']").fill("139")
    await page.locator("button[value='offers']").click()
    await expect(page.locator("#offers-title")).to_be_visible()
    await expect(await chat.ask(question)).to_contain_text("139")


async def test_faults_and_rows_are_clean_for_everybody(visit: Visit, server: Server) -> None:
    """axe on the forms as they look in the middle of work."""
    run(server.data, "shop", "create", "forms", "--name", "Forms", "--languages", "zh,en")
    page = await enter(visit, server, "forms@shop.example", "Lin Mei", **WIDE)
    at = f"{server.url}/console/forms/entries/new"
    quiet = await visit(f"{at}/product?lang=zh", context=page.context, quiet=True)
    quiet.set_default_timeout(15_000)
    await quiet.locator("[name='variant:0:price']").fill("x")
    await quiet.locator("[name='images']").fill("https://127.0.0.1:9/none.jpg\nnot an address")
    await press(quiet, "save")
    await expect(quiet.locator("[aria-invalid]")).to_have_count(3)
    await expect(quiet.locator("#problems")).to_be_focused()
    await clean(quiet)
    for kind, field in (("promotion", "minimum"), ("review", "rating"), ("policy", "title")):
        await quiet.goto(f"{at}/{kind}?lang=en")
        await clean(quiet)
        if kind != "policy":
            await quiet.locator(f"[name='{field}']").fill("x")
        await press(quiet, "save")
        await expect(quiet.get_by_role("alert")).to_be_visible()
        await clean(quiet)
    await press(quiet, "add:section")
    await expect(quiet.locator("[name='section:1:heading']")).to_be_focused()


@pytest.mark.parametrize(
    ("slug", "language", "screen", "member", "go", "again", "row"),
    [
        ("shan", "zh", PHONE, "会员价", "按此含义继续", "按此含义重新导入", "第 4 行"),
        (
            "hill",
            "en",
            {**WIDE, "color_scheme": "dark"},
            "会员价",
            "Go on with these meanings",
            "Bring in again with these meanings",
            "Row 4",
        ),
    ],
)
async def test_a_sheet_of_the_trade_asks_one_thing(
    visit: Visit, server: Server, slug: str, language: str, screen: dict[str, object], member: str, go: str, again: str, row: str
) -> None:
    run(server.data, "shop", "create", slug, "--name", slug.title(), "--currency", "CNY", "--languages", "zh,en")
    page = await enter(visit, server, f"{slug}@shop.example", "Lin Mei", **screen)
    await page.goto(f"{server.url}/console/{slug}/import?lang={language}")
    sheet = {"name": "茶单.csv", "mimeType": "text/csv", "buffer": SHEET.encode("gb18030")}
    logo = {"name": "logo.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n0000"}
    await page.locator("#files").set_input_files([sheet, logo])  # type: ignore[list-item]
    await expect(page.locator("#chosen li")).to_have_count(2)
    await page.locator("input[name=mode][value=draft]").check()
    await page.locator("#import .buttons button").click()
    await expect(page.locator("#live[data-state=asks]")).to_have_count(1)
    await expect(page.locator(".meanings .unsure")).to_have_count(1)
    await expect(page.locator(".meanings .unsure")).to_contain_text(member)
    await expect(page.locator("#live .problem")).to_contain_text("图片" if language == "zh" else "is a picture")
    await clean(page)
    await page.get_by_role("button", name=go).click()
    await expect(page.locator("#live[data-state=done]")).to_have_count(1)
    wrong = page.locator(".findings .bad")
    await expect(wrong).to_have_count(1)
    await expect(wrong).to_contain_text(row)
    await clean(page)
    async with page.expect_download() as fetched:
        await page.locator("a[download]").click()
    rows = (await (await fetched.value).path()).read_text(encoding="utf-8-sig")
    assert "T-03" in rows and "T-01" not in rows
    await page.locator(".after > summary").click()
    await clean(page)
    await page.get_by_label("冲泡水温").select_option("ignore")
    await page.get_by_role("button", name=again).click()
    await expect(page.locator("#live[data-state=done]")).to_have_count(1)
    await page.goto(f"{server.url}/console/{slug}/entries/product/T-01")
    await expect(page.locator("input[value='茶类']")).to_have_count(1)
    await expect(page.locator("input[value='冲泡水温']")).to_have_count(0)
