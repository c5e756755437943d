"""A stored message → what Telegram is sent: pictures with captions, text in pieces, buttons under the last of them.

The plan depends on the message alone, so that a retry makes the same parts and sends only those that are not out yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from bot.answering.answer import Answer, ProductCard
from bot.answering.answer_json import answer_from_json
from bot.channels.telegram.bot_api import Button
from bot.channels.telegram.buttons import STARTER_MARK, Buttons, Press, starter_mark
from bot.channels.telegram.rendering import CAPTION_LIMIT, Rich, Run, shorten, shown, split
from bot.conversation.records import Author, Inbox, Message
from knowledge.money import format_money

ALBUM_MOST = 10
LISTED_CARDS = 3
"""Cards without a picture that are written under an answer; more would only repeat its list."""
PRODUCT_BUTTONS = 6
REPLY_BUTTONS = 6
_STOCK_WORDS = frozenset({"in_stock", "low", "preorder", "backorder", "out_of_stock", "discontinued"})
_DRAWINGS = (".svg", ".svgz")
"""Telegram takes none as a photo."""


class Say(Protocol):
    """A sentence of prompts/replies: its language, its key ("telegram.help"), its values."""

    def __call__(self, language: str, key: str, /, **values: object) -> str:
        """The sentence, filled."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A product's picture and what stands under it (fits a caption)."""

    url: str
    card: Rich


@dataclass(frozen=True, slots=True)
class Part:
    """One call: text, or one to ten pictures."""

    text: Rich = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What to send, in order; `keyboard` goes under the last part."""

    parts: tuple[Part, ...]
    keyboard: tuple[tuple[Button, ...], ...] = ()


class Composer:
    """Plans messages. `public_url`: for pictures and pages that the shop names by path, "" if nobody reaches us from outside.
    `starters`: the quick replies of the shop's greeting in a language; `languages`: tag to its own name."""

    def __init__(self, buttons: Buttons, say: Say, *, public_url: str, languages: Mapping[str, str]) -> None:
        self._buttons = buttons
        self._say = say
        self._public_url = public_url
        self._languages = languages

    def plan(self, inbox: Inbox, chat: str, message: Message, language: str, starters: Callable[[str], tuple[str, ...]]) -> Outgoing:
        """`language`: of the conversation; an answer's own goes before."""
        answer = answer_from_json(message.answer) if message.author is Author.ASSISTANT and message.answer else None
        if answer is None:
            rich: list[Run] = [Run(message.text)]
            if message.author is Author.AGENT:
                rich.insert(0, Run(f"{message.agent_name or self._say(language, 'telegram.colleague')}\n", "b"))
            keyboard = self._notice_keyboard(inbox, chat, message, language, starters)
            return Outgoing(tuple(Part(tuple(piece)) for piece in split(rich)) if message.text.strip() else (), keyboard)
        language = answer.language or language
        pictured = [(card, self.picture(card)) for card in answer.products]
        album = tuple(Picture(url, tuple(self.card(card, language))) for card, url in pictured if url)[:ALBUM_MOST]
        rich = [Run(answer.text)]
        for card in self._listed([card for card, url in pictured if not url], answer):
            rich += [Run("\n\n"), *self.card(card, language)]
        parts = [Part(pictures=album)] if album else []
        parts += [Part(tuple(piece)) for piece in split(rich)]
        return Outgoing(tuple(parts), self._answer_keyboard(inbox, chat, message, answer, language))

    def picture(self, card: ProductCard) -> str:
        """An address that Telegram can fetch a photo from, or ""."""
        return "" if urlsplit(card.image).path.lower().endswith(_DRAWINGS) else self._outside(card.image)

    def card(self, card: ProductCard, language: str) -> list[Run]:
        """Title, variant, price and availability; fits a caption."""
        rich = [Run(card.title, "b", self._outside(card.url))]
        if card.variant:
            rich.append(Run(f" ({card.variant})"))
        rich.append(Run("\n"))
        if card.price is None:
            rich.append(Run(self._say(language, "price.short_none")))
        elif card.list_price is not None and card.list_price != card.price:
            rich += [Run(f"{format_money(card.price)} "), Run(format_money(card.list_price), "s")]
        elif card.up_to is not None and card.up_to != card.price:
            rich.append(Run(self._say(language, "price.short_from", price=format_money(card.price))))
        else:
            rich.append(Run(format_money(card.price)))
        if card.availability in _STOCK_WORDS:
            rich.append(Run(" · " + self._say(language, f"stock.word_{card.availability}")))
        return shorten(rich, CAPTION_LIMIT)

    def _outside(self, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https"):
            return address if parts.netloc else ""
        if not address or parts.scheme or parts.netloc or not self._public_url:
            return ""
        return urljoin(self._public_url.rstrip("/") + "/", address)

    def _listed(self, cards: list[ProductCard], answer: Answer) -> list[ProductCard]:
        if len(answer.products) == 1:
            return cards
        silent = [card for card in cards if card.title not in answer.text or (card.price and card.price.text not in answer.text)]
        return silent[:LISTED_CARDS]

    # ── buttons ──

    def person(self, inbox: Inbox, chat: str, language: str) -> tuple[Button, ...]:
        """The row that stands under every answer."""
        return (Button(self._say(language, "chip.person"), self._buttons.data(inbox.id, chat, Press.PERSON)),)

    def _answer_keyboard(self, inbox: Inbox, chat: str, message: Message, answer: Answer, language: str) -> tuple[tuple[Button, ...], ...]:
        person = self._say(language, "chip.person")
        rows: list[tuple[Button, ...]] = []
        if len(answer.products) > 1:
            for number, card in enumerate(answer.products[:PRODUCT_BUTTONS]):
                title = f"{card.title} · {card.variant}" if card.variant else card.title
                rows.append((Button(shown(title) or card.sku, self._buttons.data(inbox.id, chat, Press.PRODUCT, message.id, number)),))
        for number, text in enumerate(answer.quick_replies[:REPLY_BUTTONS]):
            if shown(text) and text != person:
                rows.append((Button(shown(text), self._buttons.data(inbox.id, chat, Press.REPLY, message.id, number)),))
        return (*rows, self.person(inbox, chat, language))

    def _notice_keyboard(
        self, inbox: Inbox, chat: str, message: Message, language: str, starters: Callable[[str], tuple[str, ...]]
    ) -> tuple[tuple[Button, ...], ...]:
        """By what the notice was said for: the word before the colon in its external id."""
        if message.author is not Author.SYSTEM:
            return ()

        def button(text: str, press: Press, of: str = "", number: int = 0) -> tuple[Button, ...]:
            return (Button(shown(text), self._buttons.data(inbox.id, chat, press, of, number)),)

        match message.external_id.partition(":")[0]:
            case "greeting":
                rows = [
                    button(text, Press.STARTER, f"{language}{STARTER_MARK}{starter_mark(text)}", number)
                    for number, text in enumerate(starters(language)[:REPLY_BUTTONS])
                    if shown(text)
                ]
                return (*rows, self.person(inbox, chat, language))
            case "language":
                return tuple(button(name, Press.LANGUAGE, tag) for tag, name in self._languages.items())
            case "privacy":
                return (button(self._say(language, "telegram.erase"), Press.ERASE),)
            case "erase":
                yes, no = self._say(language, "telegram.erase_yes"), self._say(language, "telegram.erase_no")
                return (button(yes, Press.ERASE_SURE), button(no, Press.KEEP))
            case "help" | "media":
                return (self.person(inbox, chat, language),)
        return ()
