"""Staff at the desk, from the one-time link to a closed conversation, while a customer sits at the widget."""

import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.journeys.chat import Chat
from tests.journeys.conftest import ROOT, Server, Visit

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PASSWORD = "tea is served at nine"
EMAIL = "mei@shop.example"


def invitation(server: Server, email: str, *more: str) -> str:
    """The path of a one-time link, as the terminal prints it."""
    command = [sys.executable, "-m", "bot", "--data", str(server.data), "user", "create", email, *more]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120, text=True)
    found = re.search(r"https?://\S+#\S+", done.stdout)
    assert found, done.stdout
    link = urlsplit(found[0])
    return f"{link.path}#{link.fragment}"


async def enter(visit: Visit, server: Server, email: str, name: str, **options: object) -> Page:
    """By a new link, with a password chosen on the way."""
    page = await visit(invitation(server, email, "--role", "owner"), **options)
    await expect(page.get_by_label("Code from your sign-in link")).to_be_hidden()
    assert "#" not in page.url
    await page.get_by_label("Your name").fill(name)
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_label("The same once more").fill(PASSWORD)
    await page.get_by_role("button", name="Open the shop").click()
    await expect(page.get_by_role("status").filter(has_text=email)).to_be_visible()
    return page


async def in_shop(page: Page, slug: str = "demo") -> None:
    await page.goto(f"{_origin(page)}/desk?shop={slug}")


def _origin(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"


async def test_a_customer_who_waits_is_seen_answered_and_let_go(visit: Visit, server: Server) -> None:
    desk = await enter(visit, server, EMAIL, "Lin Mei")
    await in_shop(desk)
    await desk.evaluate("document.addEventListener('desk:waiting', () => { window.rang = (window.rang ?? 0) + 1 })")
    chat = await Chat.opened(await visit())
    before = await desk.locator(".entry.waiting").count()

    await chat.ask("Does the KT-17E come in red?")
    await chat.person.click()
    await expect(desk.locator(".entry.waiting")).to_have_count(before + 1)
    await expect(desk).to_have_title(re.compile(rf"^\({before + 1}\) "))
    assert await desk.evaluate("window.rang") == 1
    entry = desk.locator(".entry.waiting").filter(has_text="KT-17E").last
    await expect(entry).to_contain_text("Asked for a person")
    await entry.click()

    log = desk.get_by_role("log")
    await expect(log).to_contain_text("Does the KT-17E come in red?")
    await expect(desk.locator("#summary")).to_contain_text("Does the KT-17E come in red?")
    await desk.get_by_text("How this answer came about").first.click()
    await expect(desk.locator(".trace[open]").first).to_contain_text("Understood as")
    await expect(desk.locator(".trace[open]").first).to_contain_text("Checked against the evidence")

    await desk.get_by_role("button", name="Take over").click()
    await expect(desk.locator("#state")).to_contain_text("Held by you")
    await expect(desk).not_to_have_title(re.compile(rf"^\({before + 1}\) "))
    write = desk.get_by_role("textbox", name="Write a message")
    await expect(write).to_be_focused()
    await write.fill("Hello, Mei here. The red one comes back on Friday.")
    await write.press("Enter")
    await expect(chat.log).to_contain_text("Hello, Mei here. The red one comes back on Friday.")
    await expect(chat.log).to_contain_text("Lin Mei")
    await expect(log.locator(".message.agent")).to_have_count(1)
    await expect(write).to_have_value("")

    await desk.get_by_text("Note", exact=True).click()
    await write.fill("Wants red, call on Friday")
    await desk.get_by_role("button", name="Save note").click()
    await expect(log.locator(".message.note")).to_contain_text("Wants red, call on Friday")

    answers = await chat.answers.count()
    await chat.input.fill("Thank you, I wait.")
    await chat.input.press("Enter")
    await expect(log).to_contain_text("Thank you, I wait.")
    assert await chat.answers.count() == answers, "the assistant is silent while an agent holds it"
    await expect(chat.log).not_to_contain_text("call on Friday")

    await desk.get_by_role("button", name="Hand back to the assistant").click()
    await expect(desk.locator("#state")).to_contain_text("With the assistant")
    await chat.ask("How much is it?")
    await expect(log.locator(".message.assistant").last).to_contain_text("$")
    await desk.get_by_role("button", name="Close", exact=True).first.click()
    await expect(desk.locator("#state")).to_contain_text("Closed")


async def test_the_forms_work_without_scripts(visit: Visit, server: Server) -> None:
    path = invitation(server, "noscript@shop.example", "--role", "owner")
    page = await visit(path, java_script_enabled=False)
    await page.get_by_label("Code from your sign-in link").fill(path.split("#")[1])
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_label("The same once more").fill(PASSWORD)
    await page.get_by_role("button", name="Open the shop").click()
    chat = Chat(await visit("/widget/demo"))
    await chat.ask("Do you ship to Norway, without any scripts?")
    await chat.person.click()
    await expect(chat.person).to_have_attribute("aria-disabled", "true")
    await in_shop(page)
    await page.locator(".entry.waiting").filter(has_text="without any scripts").click()
    await page.get_by_role("button", name="Take over").click()
    await page.get_by_role("textbox", name="Write a message").fill("Plain and simple: yes.")
    await page.get_by_role("button", name="Send").click()
    await expect(chat.log).to_contain_text("Plain and simple: yes.")
    await page.get_by_role("button", name="Close", exact=True).first.click()
    await expect(page.locator("#state")).to_contain_text("Closed")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("E-mail address").fill("noscript@shop.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("navigation", name="Conversations")).to_be_visible()


async def test_by_keyboard(visit: Visit, server: Server) -> None:
    chat = Chat(await visit("/widget/demo"))
    await chat.ask("Is the keyboard enough?")
    await chat.person.click()
    desk = await enter(visit, server, "keys@shop.example", "Keys")
    await in_shop(desk)
    await expect(desk.locator(".entry.waiting").filter(has_text="Is the keyboard enough?")).to_be_visible()
    for _ in range(await desk.locator(".entry").count()):
        await desk.keyboard.press("j")
        if "keyboard enough" in (await desk.evaluate("document.activeElement.textContent")):
            break
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("log")).to_contain_text("Is the keyboard enough?")
    await desk.keyboard.press("t")
    await expect(desk.locator("#state")).to_contain_text("Held by you")
    await desk.keyboard.type("It is.")
    await desk.keyboard.press("Shift+Enter")
    await desk.keyboard.type("All of it.")
    await desk.keyboard.press("Enter")
    await expect(chat.log).to_contain_text("All of it.")
    # The thread is drawn anew when the reply is in; a focus set before that would be on the old button.
    await expect(desk.get_by_role("log")).to_contain_text("All of it.")
    await desk.get_by_role("button", name="Close", exact=True).first.press("Enter")
    await expect(desk.locator("#state")).to_contain_text("Closed")


LOOKS = {
    "wide, light, English": {"locale": "en-US"},
    "phone, dark, Chinese": {"locale": "zh-CN", "color_scheme": "dark", **PHONE},
}


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_is_accessible(visit: Visit, server: Server, browser: Browser, look: str) -> None:
    chat = Chat(await visit("/widget/demo"))
    await chat.ask("Which backpack is waterproof?")
    await chat.person.click()
    signed_in = await enter(visit, server, f"axe-{len(look)}@shop.example", "Axe")
    context: BrowserContext = await browser.new_context(storage_state=await signed_in.context.storage_state(), **LOOKS[look])  # type: ignore[arg-type]
    page = await visit("/desk?shop=demo", context=context)
    await _no_violations(page)
    await page.locator(".entry.waiting").filter(has_text="waterproof").last.click()
    await page.locator("#take").click()
    await expect(page.locator(".mode")).to_be_visible()
    await page.locator(".trace summary").first.click()
    await _no_violations(page)
    await page.locator("#close").click()
    for path in ("/console", "/console/demo"):
        await page.goto(server.url + path)
        await _no_violations(page)
    await context.clear_cookies()
    for path in ("/desk/sign-in", "/desk/welcome"):
        await page.goto(server.url + path)
        await _no_violations(page)
    await context.close()


async def _no_violations(page: Page) -> None:
    width = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], f"{page.url} is wider than the screen: {width}"
    found = (await Axe().run(page, options=RULES)).response["violations"]
    assert [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found] == [], page.url


async def test_a_merchant_brings_in_a_file_and_reads_the_report(visit: Visit, server: Server) -> None:
    page = await enter(visit, server, "merchant@shop.example", "Merchant")
    await page.goto(f"{server.url}/console/corner/import")
    feed = "sku,title,price,currency,stock\nW-1,Oolong Tea 50 g,12.00,USD,9\nW-2,,3.00,USD,1\nW-3,White Tea 50 g,soon?,USD,2\n"
    await page.get_by_label(re.compile("^Choose files")).set_input_files(
        {"name": "new.csv", "mimeType": "text/csv", "buffer": feed.encode()}
    )
    await page.get_by_role("button", name="Bring in", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text=re.compile(r"answers from revision \d"))).to_be_visible(timeout=30_000)
    await expect(page.get_by_role("region", name="new.csv", exact=True)).to_contain_text("soon?")
    chat = Chat(await visit("/widget/corner"))
    await expect(await chat.ask("How much is the Oolong Tea?")).to_contain_text("$12.00")
