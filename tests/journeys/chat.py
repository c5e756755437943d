"""The widget as a person uses it: found by what is on screen, never by the inside of its code."""

from playwright.async_api import FrameLocator, Locator, Page, expect


class Chat:
    """The open chat on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inside: Page | FrameLocator = page if "/widget/" in page.url else page.frame_locator("iframe")

    @classmethod
    async def opened(cls, page: Page) -> "Chat":
        """By its button, unless it is open already."""
        launcher = (
            page.get_by_role("button", name="Chat with us")
            .or_(page.get_by_role("button", name="咨询掌柜"))
            .or_(page.get_by_role("button", name="線上客服"))
        )
        await launcher.click()
        chat = cls(page)
        await expect(chat.input).to_be_visible()
        return chat

    @property
    def input(self) -> Locator:
        return (
            self.inside.get_by_role("textbox", name="Your message")
            .or_(self.inside.get_by_role("textbox", name="您的消息"))
            .or_(self.inside.get_by_role("textbox", name="您的訊息"))
        )

    @property
    def log(self) -> Locator:
        return self.inside.get_by_role("log")

    @property
    def answers(self) -> Locator:
        return self.log.locator("article.assistant")

    @property
    def mine(self) -> Locator:
        return self.inside.locator("article.customer")

    @property
    def person(self) -> Locator:
        return self.inside.locator("button.person")

    async def ask(self, text: str) -> Locator:
        """Sends it and waits for the answer."""
        before = await self.answers.count()
        await self.input.fill(text)
        await self.input.press("Enter")
        answer = self.answers.nth(before)
        await expect(answer).to_be_visible(timeout=15_000)
        return answer

    async def choose(self, item: str) -> None:
        """From the menu."""
        await (
            self.inside.get_by_role("button", name="More", exact=True)
            .or_(self.inside.get_by_role("button", name="更多", exact=True))
            .click()
        )
        await self.inside.get_by_role("menuitem", name=item).click()
