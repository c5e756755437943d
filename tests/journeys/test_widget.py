"""The customer on the web, from the button to the answer, on a desktop and on a phone."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.journeys.chat import Chat
from tests.journeys.conftest import Server, Visit

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
KETTLE = "Does the KT-17E come in red?"


async def test_a_question_gets_an_answer_with_card_source_and_label(visit: Visit) -> None:
    chat = await Chat.opened(await visit())
    await expect(chat.inside.get_by_text("automatic assistant").first).to_be_visible()
    await expect(chat.inside.get_by_role("link", name="Privacy notice").first).to_be_visible()
    answer = await chat.ask(KETTLE)
    await expect(answer.get_by_text("AI", exact=True)).to_be_visible()
    await expect(answer).to_contain_text("KT-17E")
    card = answer.get_by_role("link").filter(has_text="KT-17E").first
    await expect(card).to_contain_text("$39.99")
    await expect(card).to_contain_text("$49.99")
    await expect(card).to_contain_text(re.compile("In stock|Out of stock|left"))
    await expect(card).to_contain_text("as of")
    picture = card.locator("img")
    await picture.scroll_into_view_if_needed()
    await expect(picture).to_have_js_property("complete", True)
    assert await picture.evaluate("image => image.naturalWidth") > 0
    await expect(answer.locator(".quote")).to_be_hidden()
    await answer.locator(".chip").first.click()
    await expect(answer.locator(".quote")).to_contain_text(re.compile(r"\w"))


async def test_typing_shows_at_once_then_pieces_then_the_answer_once(visit: Visit) -> None:
    page = await visit("/widget/demo")
    await expect(Chat(page).input).to_be_visible()
    await page.evaluate(
        """() => {
          window.seen = [];
          const look = () => {
            if (document.querySelector('.coming .dots')) window.seen.push('typing');
            if (document.querySelector('.coming .text')) window.seen.push('piece');
          };
          new MutationObserver(look).observe(document.querySelector('.coming'), { childList: true, subtree: true });
          new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
            if (node.classList?.contains('assistant')) window.seen.push('answer');
          }))).observe(document.querySelector('[role=log]'), { childList: true });
        }"""
    )
    chat = Chat(page)
    await chat.ask(KETTLE)
    seen: list[str] = await page.evaluate("window.seen")
    assert seen[0] == "typing"
    assert "piece" in seen
    assert seen.count("answer") == 1
    await expect(page.locator(".coming")).to_be_empty()
    # Finished answers are read out by screen readers, the pieces are not.
    await expect(chat.log).to_have_attribute("aria-live", "polite")
    await expect(page.locator(".coming")).to_have_attribute("aria-hidden", "true")


async def test_a_reload_keeps_everything(visit: Visit) -> None:
    page = await visit()
    chat = await Chat.opened(page)
    await chat.ask(KETTLE)
    await chat.input.fill("half a thought")
    said = await chat.log.locator("article").all_inner_texts()
    await page.reload()
    chat = Chat(page)
    await expect(chat.answers).to_have_count(1)
    assert [text.split() for text in await chat.log.locator("article").all_inner_texts()] == [text.split() for text in said]
    await expect(chat.input).to_have_value("half a thought")
    await expect(chat.answers.first.locator(".card").first).to_be_visible()


async def test_a_product_of_an_answer_opens_in_place_and_the_chat_goes_along(visit: Visit) -> None:
    page = await visit()
    chat = await Chat.opened(page)
    answer = await chat.ask(KETTLE)
    await answer.get_by_role("link").filter(has_text="KT-17E").first.click()
    await page.wait_for_url("**/products/kt-17e")
    await expect(Chat(page).answers).to_have_count(1)


async def test_a_person_can_be_asked_for_at_any_moment(visit: Visit) -> None:
    page = await visit()
    chat = await Chat.opened(page)
    await expect(chat.person).to_have_text("Talk to a person")
    await chat.person.click()
    await expect(chat.person).to_have_text("Colleague asked")
    await expect(chat.inside.get_by_role("status").filter(has_text="Waiting for a colleague")).to_be_visible()
    await chat.ask("How much is shipping?")
    await expect(chat.person).to_be_visible()
    await page.reload()
    await expect(Chat(page).person).to_have_text("Colleague asked")


async def test_when_nobody_comes_the_customer_says_where_to_be_reached(visit: Visit) -> None:
    chat = Chat(await visit("/widget/corner"))
    await chat.person.click()
    field = chat.inside.get_by_label("E-mail or phone")
    await expect(field).to_be_visible(timeout=30_000)
    await field.fill("ann@example.org")
    await chat.inside.get_by_role("button", name="Save").click()
    await expect(chat.inside.get_by_text("Noted: ann@example.org")).to_be_visible()
    await chat.page.reload()
    await expect(chat.inside.get_by_text("Noted: ann@example.org")).to_be_visible()


async def test_by_keyboard_alone(visit: Visit) -> None:
    page = await visit("/privacy")
    await page.get_by_role("link", name="Merchant console").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    chat = Chat(page)
    await expect(chat.input).to_be_focused()
    await page.keyboard.type("How much is shipping?")
    await page.keyboard.press("Enter")
    await expect(chat.answers).to_have_count(1)
    await expect(chat.input).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("document.activeElement.tagName") == "DIV"  # still inside the widget
    await page.keyboard.press("Escape")
    launcher = page.get_by_role("button", name="Chat with us")
    await expect(launcher).to_be_focused()
    await expect(launcher).to_have_attribute("aria-expanded", "false")
    await expect(chat.input).to_be_hidden()
    # The menu: arrows move, Escape closes it alone.
    await page.keyboard.press("Enter")
    await expect(chat.input).to_be_focused()
    menu = chat.inside.get_by_role("button", name="More", exact=True)
    await menu.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await expect(chat.inside.get_by_role("menuitem", name="Privacy notice")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await expect(chat.input).to_be_visible()


async def test_on_a_phone_it_fills_the_screen_and_nothing_is_too_small(visit: Visit) -> None:
    page = await visit(**PHONE)
    chat = await Chat.opened(page)
    await chat.ask(KETTLE)
    box = await chat.inside.locator("html").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert await chat.input.evaluate("input => parseFloat(getComputedStyle(input).fontSize)") >= 16
    assert await chat.inside.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth")
    small = await chat.inside.locator("button:visible").evaluate_all(
        "all => all.map(b => [b.textContent || b.ariaLabel, b.getBoundingClientRect()]).filter(([, r]) => r.width < 24 || r.height < 24)"
    )
    assert small == []


@pytest.mark.parametrize("path", ["/", "/products/kt-17e", "/privacy"])
async def test_the_storefront_fits_a_phone(visit: Visit, path: str) -> None:
    page = await visit(path, **PHONE)
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


async def test_enlarged_to_400_percent_nothing_is_lost(visit: Visit) -> None:
    page = await visit("/widget/demo", viewport={"width": 320, "height": 256})
    chat = Chat(page)
    answer = await chat.ask(KETTLE)
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    await expect(answer.locator(".text")).to_be_in_viewport()
    await chat.person.scroll_into_view_if_needed()
    await expect(chat.person).to_be_in_viewport()


async def test_in_chinese_and_in_the_dark(visit: Visit) -> None:
    page = await visit(locale="zh-CN", color_scheme="dark")
    await expect(page.get_by_role("link", name="枫泊生活馆").first).to_be_visible()
    chat = await Chat.opened(page)
    await expect(chat.person).to_have_text("转人工")
    answer = await chat.ask("KT-17E 有红色吗？")
    await expect(answer).to_contain_text("红色")
    ground = await chat.inside.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert sum(int(part) for part in re.findall(r"\d+", ground)[:3]) < 150


@pytest.mark.parametrize("locale", ["zh-TW", "zh-HK"])
async def test_in_traditional_chinese(visit: Visit, locale: str) -> None:
    page = await visit(locale=locale)
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    await expect(page.get_by_role("heading", name="先問清楚，再下單。")).to_be_visible()
    chat = await Chat.opened(page)
    await expect(chat.person).to_have_text("真人客服")
    await expect(chat.log).to_contain_text("枫泊生活馆")
    answer = await chat.ask("KT-17E 幾錢，有紅色嗎？")
    await expect(answer).to_contain_text("$39.99")
    await expect(answer).to_contain_text("現價")
    await chat.choose("English")
    await expect(chat.person).to_have_text("Talk to a person")
    await chat.choose("中文")
    await expect(chat.person).to_have_text("真人客服")
    await no_violations(page)


async def test_the_language_can_be_changed_and_stays(visit: Visit) -> None:
    page = await visit()
    chat = await Chat.opened(page)
    await chat.choose("中文")
    await expect(chat.person).to_have_text("转人工")
    await page.reload()
    await expect(Chat(page).person).to_have_text("转人工")


async def test_without_a_line_messages_wait_and_are_sent_once(visit: Visit) -> None:
    page = await visit("/widget/demo", quiet=True)
    chat = Chat(page)
    await chat.ask("How much is shipping?")
    await page.context.set_offline(True)
    await chat.input.fill(KETTLE)
    await chat.input.press("Enter")
    await expect(chat.mine.last).to_contain_text(re.compile("Sending|Waiting to send"))
    await page.context.set_offline(False)
    await expect(chat.answers).to_have_count(2, timeout=20_000)
    await expect(chat.mine).to_have_count(2)
    await page.reload()
    await expect(chat.answers).to_have_count(2)
    await expect(chat.mine).to_have_count(2)


async def test_two_tabs_show_one_conversation(visit: Visit) -> None:
    first = await visit("/widget/demo")
    await Chat(first).ask("How much is shipping?")
    second = await visit("/widget/demo", context=first.context)
    await expect(Chat(second).answers).to_have_count(1)
    await Chat(second).ask(KETTLE)
    await expect(Chat(first).answers).to_have_count(2)
    await expect(Chat(first).mine).to_have_count(2)


async def test_markup_is_shown_and_never_run(visit: Visit) -> None:
    page = await visit("/widget/demo")
    chat = Chat(page)
    await chat.ask("<img src=x onerror=alert(1)><b>bold</b>")
    await expect(chat.mine.first).to_contain_text("<img src=x onerror=alert(1)><b>bold</b>")
    assert await chat.mine.locator("img, b").count() == 0


async def test_a_thumb_is_kept(visit: Visit) -> None:
    page = await visit("/widget/demo")
    answer = await Chat(page).ask(KETTLE)
    async with page.expect_response("**/feedback") as sent:
        await answer.get_by_role("button", name="Not helpful").click()
    assert (await sent.value).status == 204
    await page.reload()
    await expect(Chat(page).answers.first.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")


async def test_a_customer_can_be_forgotten(visit: Visit, server: Server) -> None:
    page = await visit("/widget/demo")
    chat = Chat(page)
    await chat.ask(KETTLE)
    key = await page.evaluate("JSON.parse(localStorage.getItem('zhanggui:demo')).key")
    await chat.choose("Delete my data")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Your data has been deleted.")).to_be_visible()
    await expect(chat.answers).to_have_count(0)
    gone = await page.request.get(f"{server.url}/api/v1/conversations/{key['id']}", headers={"Authorization": f"Bearer {key['token']}"})
    assert gone.status == 404


async def test_the_shops_page_can_open_it_and_ask(visit: Visit) -> None:
    page = await visit("/products/kt-17e")
    await page.get_by_role("button", name="Ask about this product").click()
    await expect(Chat(page).answers).to_have_count(1)
    with pytest.raises(Exception, match="no command"):
        await page.evaluate("zhanggui('explode')")


class _Page(BaseHTTPRequestHandler):
    """A shop's page on another origin, with the strictest policy that can embed anything."""

    chat = ""

    def do_GET(self) -> None:
        body = f'<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1><script async src="{self.chat}/widget.js" data-shop="demo" data-color="#ffd54a" data-position="left"></script></html>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", f"default-src 'none'; script-src {self.chat}; frame-src {self.chat}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def elsewhere(server: Server) -> Iterator[str]:
    page = type("Elsewhere", (_Page,), {"chat": server.url})
    listening = ThreadingHTTPServer(("127.0.0.1", server.foreign), page)
    Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.foreign}"
    listening.shutdown()
    listening.server_close()


async def test_it_works_on_another_origin_under_a_strict_policy(visit: Visit, elsewhere: str) -> None:
    page = await visit(f"{elsewhere}/", quiet=True)
    blocked: list[str] = []
    page.on("console", lambda said: blocked.append(said.text) if "Security Policy" in said.text else None)
    await page.reload()
    chat = await Chat.opened(page)
    await chat.ask(KETTLE)
    assert blocked == []
    box = await chat.inside.locator("html").bounding_box()
    assert box is not None and box["x"] < 60  # data-position="left"
    # Dark writing on a light colour of the shop's.
    assert await chat.mine.first.locator(".text").evaluate("mine => getComputedStyle(mine).color") == "rgb(17, 17, 17)"
    await page.keyboard.press("Escape")
    await expect(chat.input).to_be_hidden()


async def test_an_origin_that_is_not_allowed_cannot_frame_it(visit: Visit, elsewhere: str) -> None:
    stranger = elsewhere.replace("127.0.0.1", "localhost")
    page = await visit(f"{stranger}/", quiet=True)
    async with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        await page.get_by_role("button", name="Chat with us").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_accessibility_violations(visit: Visit, scheme: str) -> None:
    page = await visit("/widget/demo", color_scheme=scheme)
    chat = Chat(page)
    answer = await chat.ask(KETTLE)
    await answer.locator(".chip").first.click()
    await answer.get_by_role("button", name="Not helpful").click()
    await chat.person.click()
    await expect(chat.person).to_have_text("Colleague asked")
    await no_violations(page)
    await chat.inside.get_by_role("button", name="More", exact=True).click()
    await no_violations(page)
    for path in ("/", "/products/kt-17e", "/privacy"):
        await no_violations(await visit(path, color_scheme=scheme))


async def no_violations(page: Page) -> None:
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
