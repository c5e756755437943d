"""A merchant answers what customers asked in vain, at the console: without scripts, on a phone, in both languages."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.chat import Chat
from tests.journeys.conftest import Server, Visit, run
from tests.journeys.test_console_publishing import FIRST, WIDE, clean
from tests.journeys.test_desk import PHONE, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys"), pytest.mark.timeout(420)]


@pytest.mark.parametrize(
    ("slug", "language", "screen", "draft", "save", "saved", "join"),
    [
        ("loom", "en", WIDE, "Draft an answer", "Save in the draft", "Saved in the draft", "The same as another"),
        ("loom-phone", "zh", {**PHONE, "color_scheme": "dark"}, "起草答案", "保存到草稿", "已保存到草稿", "与另一个问题相同"),
    ],
)
async def test_a_question_in_vain_becomes_an_entry(
    visit: Visit,
    server: Server,
    tmp_path: Path,
    browser: Browser,
    slug: str,
    language: str,
    screen: dict[str, object],
    draft: str,
    save: str,
    saved: str,
    join: str,
) -> None:
    pots = tmp_path / "pots.csv"
    pots.write_text(FIRST, encoding="utf-8")
    run(server.data, "shop", "create", slug, "--name", slug.title())
    run(server.data, "import", str(pots), "--shop", slug)
    chat = Chat(await visit(f"/widget/{slug}", locale="en"))
    await chat.ask("Do you ship to Mars?")
    await chat.ask("Can I pay by bitcoin?")
    page = await enter(visit, server, f"{slug}@shop.example", "Lin Mei", **screen)
    at = f"{server.url}/console/{slug}"
    await page.goto(f"{at}/gaps?lang={language}")
    await expect(page.locator(".change")).to_have_count(2)
    await page.locator("summary", has_text=join).first.click()
    await clean(page)
    for path in ("/entries", "/entries/new/faq", "/entries/new/policy", "/entries/new/promotion", "/entries/new/product"):
        await page.goto(at + path)
        await clean(page)
    await page.goto(f"{server.url}/console/demo/entries?kind=product")
    await clean(page)
    await page.locator(".rows a").first.click()
    await expect(page.locator("#offers-title")).to_be_visible()
    await page.locator("summary").last.click()
    await clean(page)

    plain = await browser.new_context(storage_state=await page.context.storage_state(), java_script_enabled=False, **screen)  # type: ignore[arg-type]
    form = await visit(f"/console/{slug}/gaps", context=plain)
    await form.locator(".change", has=form.locator("h2", has_text="Mars")).get_by_role("link", name=draft).click()
    await expect(form.locator("[name='question:en']")).to_have_value("Do you ship to Mars?")
    await form.locator("[name='answer:en']").fill("Yes, with the spring rocket.")
    await form.get_by_role("button", name=save).click()
    await expect(form.get_by_role("status")).to_contain_text(saved)
    where = form.url
    await page.goto(where)
    await clean(page)

    await page.goto(f"{at}/revisions/draft/publish")
    await page.locator("form button.button").last.click()
    await expect(page).to_have_url(re.compile("done=published"))
    await page.goto(f"{at}/gaps")
    await expect(page.locator(".change")).to_have_count(1)
    await expect(await chat.ask("Do you ship to Mars?")).to_contain_text("spring rocket")
