"""A merchant at the test bench: asks as a customer, sees how the answer came about, pins it, and a worse draft is stopped by it. Staff
corrects an answer, and the correction becomes an entry. In both languages, on a phone and wide."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.chat import Chat
from tests.journeys.conftest import Server, Visit, run
from tests.journeys.test_console_publishing import FIRST, WIDE, clean
from tests.journeys.test_desk import PHONE, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys"), pytest.mark.timeout(420)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the merchant reads and asks."""

    language: str
    question: str
    further: str
    ask: str
    understood: str
    pin: str
    pin_go: str
    pinned: str
    run_published: str
    run_draft: str
    misses: str
    publish_now: str
    confirm: str
    published: str
    correct: str
    save: str
    corrected: str


ENGLISH = Reading(
    "en", "How much is the Celadon Teapot?", "Is it in stock?", "Ask", "Understood as", "Pin this question", "Pin it", "Pinned.", "Ask what serves",
    "Ask the draft", "not as expected", "Publish now", "Publish all the same", "serves now", "Correct this answer", "Save the correction", "Corrected by",
)  # fmt: skip
CHINESE = Reading(
    "zh", "青瓷茶壶多少钱？", "有货吗？", "提问", "理解为", "将此问题设为测试", "设为测试", "已设为测试", "向当前版本提问", "向草稿提问", "不符合预期", "立即发布", "仍然发布",
    "已发布", "更正此回答", "保存更正", "更正",
)  # fmt: skip


async def ask(page: Page, reading: Reading, text: str) -> None:
    await page.locator("#ask input[name=text]").fill(text)
    await page.locator("#ask").get_by_role("button", name=reading.ask, exact=True).click()
    await expect(page.locator(".talk .asked").last).to_have_text(text)


async def shop_of_pots(server: Server, tmp_path: Path, slug: str) -> None:
    first = tmp_path / "pots.csv"
    first.write_text(FIRST, encoding="utf-8")
    run(server.data, "shop", "create", slug, "--name", slug.title())
    run(server.data, "import", str(first), "--shop", slug)


@pytest.mark.parametrize(
    ("slug", "reading", "screen"), [("bench", ENGLISH, WIDE), ("bench-phone", CHINESE, {**PHONE, "color_scheme": "dark"})]
)
async def test_asked_pinned_and_stopping_a_worse_draft(
    visit: Visit, server: Server, tmp_path: Path, slug: str, reading: Reading, screen: dict[str, object]
) -> None:
    await shop_of_pots(server, tmp_path, slug)
    # A refused publication is a 409, which browsers note as an error.
    page = await enter(visit, server, f"{slug}@shop.example", "Lin Mei", quiet=True, **screen)
    at = f"{server.url}/console/{slug}"
    await page.goto(f"{at}/bench?lang={reading.language}")
    await clean(page)
    await ask(page, reading, reading.further)
    await ask(page, reading, reading.question)
    await expect(page.locator(".talk .reply").last).to_contain_text("48")
    await expect(page.locator(".talk .cards")).to_contain_text("POT-1")
    await expect(page.locator("#trace")).to_contain_text(reading.understood)
    await page.locator("#pin > summary").click()
    await clean(page)
    await expect(page.locator("#pin [name=product_sku]")).to_have_value("POT-1")
    await page.locator("#pin [name=expect]").fill("48.00")
    await page.locator("#pin").get_by_role("button", name=reading.pin_go, exact=True).click()
    await expect(page.get_by_role("status").filter(has_text=reading.pinned)).to_be_visible()
    await clean(page)

    # Its result, of what serves and of a draft in which the price is another.
    await page.get_by_role("button", name=reading.run_published).click()
    await expect(page.locator(".side .tag.new")).to_have_count(1, timeout=60_000)
    dearer = tmp_path / "pots.csv"
    dearer.write_text(FIRST.replace("48.00", "58.00"), encoding="utf-8")
    run(server.data, "import", str(dearer), "--shop", slug, "--draft")
    await page.goto(f"{at}/pinned")
    await page.get_by_role("button", name=reading.run_draft).click()
    await expect(page.locator(".side .tag.out")).to_have_text(reading.misses, timeout=60_000)
    await expect(page.locator(".side .missing")).to_contain_text("48.00")
    await clean(page)
    await page.locator(".question a").first.click()
    await clean(page)
    await page.goto(f"{at}/bench?of=draft")
    await ask(page, reading, reading.question)
    await expect(page.locator(".talk .reply").last).to_contain_text("58")

    # It stops the publication until that is meant.
    await page.goto(f"{at}/revisions/draft/publish")
    await page.get_by_role("button", name=reading.publish_now).click()
    await expect(page.locator("article.worse")).to_contain_text("48.00")
    await clean(page)
    await page.locator("input[name=confirm]").check()
    await page.get_by_role("button", name=reading.publish_now).click()
    await expect(page.get_by_role("status").filter(has_text=reading.published)).to_be_visible()

    # Nothing that was asked there is a question of a customer.
    await page.goto(f"{at}/gaps")
    await expect(page.locator(".change")).to_have_count(0)
    await page.goto(f"{server.url}/desk?shop={slug}")
    await expect(page.locator(".entry")).to_have_count(0)


async def test_the_bench_by_keyboard_and_without_scripts(visit: Visit, server: Server, tmp_path: Path, browser: Browser) -> None:
    await shop_of_pots(server, tmp_path, "bench-plain")
    signed = await enter(visit, server, "bench-plain@shop.example", "Lin Mei")
    plain = await browser.new_context(storage_state=await signed.context.storage_state(), java_script_enabled=False)
    page = await visit("/console/bench-plain/bench", context=plain)
    await page.locator("#ask input[name=text]").fill(ENGLISH.question)
    await page.locator("#ask input[name=text]").press("Enter")
    await expect(page.locator(".talk .reply").last).to_contain_text("48")
    await page.locator("#ask .chips button").first.press("Enter")
    await expect(page.locator(".talk .asked")).to_have_count(2)
    await page.locator("#pin > summary").press("Enter")
    await page.locator("#pin").get_by_role("button", name=ENGLISH.pin_go).press("Enter")
    await page.get_by_role("button", name=ENGLISH.run_published).press("Enter")
    for _ in range(50):
        if await page.locator("#live[data-state=running]").count() == 0:
            break
        await page.get_by_role("link", name="Look again").press("Enter")
    await expect(page.locator(".side .tag.new")).to_have_count(1)
    file = tmp_path / "pinned.jsonl"
    async with page.expect_download() as fetched:
        await page.get_by_role("link", name="Download as JSON Lines").press("Enter")
    file.write_bytes((await (await fetched.value).path()).read_bytes())
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Bring in", exact=True).press("Enter")
    await expect(page.get_by_role("status").filter(has_text="1 test questions taken in")).to_be_visible()
    await expect(page.locator(".change")).to_have_count(1)


@pytest.mark.parametrize(("slug", "reading", "screen"), [("mend", ENGLISH, WIDE), ("mend-phone", CHINESE, PHONE)])
async def test_an_answer_is_corrected_once_and_for_ever(
    visit: Visit, server: Server, tmp_path: Path, slug: str, reading: Reading, screen: dict[str, object]
) -> None:
    await shop_of_pots(server, tmp_path, slug)
    chat = Chat(await visit(f"/widget/{slug}", locale="en"))
    await chat.ask("Do you ship to Mars?")
    desk = await enter(visit, server, f"{slug}@shop.example", "Lin Mei", **screen)
    await desk.goto(f"{server.url}/desk?shop={slug}&lang={reading.language}")
    await desk.locator(".entry").first.click()
    await desk.locator(".correct > summary", has_text=reading.correct).first.click()
    form = desk.locator(".correct[open] form")
    await form.locator("textarea").fill("Yes, with the spring rocket.")
    await clean(desk)
    await form.get_by_role("button", name=reading.save).click()
    await expect(desk.locator(".corrected")).to_contain_text(reading.corrected)
    await expect(desk.locator("#text")).to_have_value("")
    await clean(desk)
    await expect(chat.log).to_contain_text("spring rocket")
    await desk.goto(f"{server.url}/console/{slug}/gaps")
    await expect(desk.locator(".change .tag.out")).to_have_count(1)
    await clean(desk)
    await desk.locator(".change a.button").first.click()
    await expect(desk.locator("[name='answer:en']")).to_have_value("Yes, with the spring rocket.")
    await desk.locator("form.entry-form button.button").last.click()
    await desk.goto(f"{server.url}/console/{slug}/revisions/draft/publish")
    await desk.locator("form button.button").last.click()
    await expect(desk).to_have_url(re.compile("done=published"))
    stranger = Chat(await visit(f"/widget/{slug}", locale="en"))
    await expect(await stranger.ask("Do you ship to Mars?")).to_contain_text("spring rocket")
