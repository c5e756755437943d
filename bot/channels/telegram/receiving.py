"""Updates → the assistant. Taking the same update twice changes nothing: every effect has an external id, and it is recorded last.

Recorded last, because an update that was recorded and then lost with its process would never be answered.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from weakref import WeakValueDictionary

from bot.channels.telegram.bot_api import BotApi, BotApiError
from bot.channels.telegram.buttons import STARTER_MARK, Buttons, Press, starter_mark
from bot.channels.telegram.outgoing import Say
from bot.channels.telegram.rendering import clean
from bot.channels.telegram.updates import Incoming, Kind, read_update
from bot.conversation.announcing import announce
from bot.conversation.events import EventBus
from bot.conversation.records import Author, Conversation, Inbox, IncomingMessage, Message, Status, TurnState
from bot.conversation.store import ConversationStore, Received
from bot.errors import Conflict
from knowledge.localized import canonical, pick
from knowledge.shop_settings import shop_settings
from knowledge.store import KnowledgeStore, Shop

log = logging.getLogger(__name__)

MINUTE = 60.0
TYPING_EVERY = 4.0
"""Telegram shows the sign for five seconds."""
TYPING_LONGEST = 60.0


class Assistant(Protocol):
    """What this channel needs of the assistant (bot/turn.py)."""

    async def receive(self, conversation: Conversation, message: IncomingMessage) -> Received:
        """Stores the message and starts its turn."""

    async def ask_for_person(self, conversation: Conversation, *, reason: str = ..., notice: str = ...) -> Conversation:
        """Lets the conversation wait for a person."""


@dataclass(slots=True)
class RunningBot:
    """A shop's bot at work. `username` is "" until Telegram told it."""

    inbox: Inbox
    shop: Shop
    api: BotApi
    username: str = ""


class Receiver:
    """Takes updates of every bot."""

    def __init__(
        self,
        *,
        conversations: ConversationStore,
        knowledge: KnowledgeStore,
        bus: EventBus,
        buttons: Buttons,
        say: Say,
        greeting: Callable[[Shop, str], str],
        waiting: Callable[[Shop, str], Awaitable[str]],
        languages: Mapping[str, str],
        message_limit: int,
    ) -> None:
        self._conversations = conversations
        self._knowledge = knowledge
        self._bus = bus
        self._buttons = buttons
        self._say = say
        self._greeting = greeting
        self._waiting = waiting
        self._languages = languages
        self._message_limit = message_limit
        self._assistant: Assistant | None = None
        self._chats: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()

    def attend(self, assistant: Assistant) -> None:
        """Who answers."""
        self._assistant = assistant

    async def close(self) -> None:
        """Ends signs and answers to presses that are still on their way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def take(self, bot: RunningBot, raw: Mapping[str, Any]) -> None:
        """One update as JSON. When this returns, everything of it is stored. Raises TypeError, KeyError or ValueError if it is no update."""
        update_id = raw["update_id"]
        if not isinstance(update_id, int) or isinstance(update_id, bool):
            raise TypeError("update_id is no number")
        incoming = read_update(raw, bot.username)
        chat = incoming.chat if incoming else ""
        lock = self._chats.setdefault(f"{bot.inbox.id}:{chat}", asyncio.Lock())
        async with lock:
            if await self._conversations.knows_update(bot.inbox.id, update_id):
                return
            if incoming is not None:
                await self._handle(bot, incoming)
            await self._conversations.seen_update(bot.inbox.id, update_id)

    async def skip(self, bot: RunningBot, update_id: int) -> None:
        """Records an update that cannot be taken, so that it holds up nothing."""
        await self._conversations.seen_update(bot.inbox.id, update_id)

    async def _handle(self, bot: RunningBot, incoming: Incoming) -> None:
        # What a merchant sets holds for the next update, whichever process it was set in.
        bot.shop = await self._knowledge.shop_by_id(bot.shop.id) or bot.shop
        conversation = await self._conversation(bot, incoming)
        match incoming.kind:
            case Kind.TEXT:
                await self._ask(bot, conversation, incoming, incoming.text, f"{incoming.chat}:{incoming.message_id}")
            case Kind.COMMAND:
                await self._command(bot, conversation, incoming)
            case Kind.MEDIA:
                await self._media(bot, conversation, incoming)
            case Kind.EDIT:
                key = f"edit:{incoming.chat}:{incoming.message_id}:{incoming.at}"
                note = self._say(self._language(bot, conversation), "telegram.note_edited", text=clean(incoming.text))
                await self._tell(conversation, note, key, Author.NOTE)
            case Kind.PRESS:
                await self._press(bot, conversation, incoming)
            case Kind.BLOCKED:
                note = self._say(self._language(bot, conversation), "telegram.note_blocked")
                await self._tell(conversation, note, f"blocked:{incoming.update_id}", Author.NOTE)

    async def _conversation(self, bot: RunningBot, incoming: Incoming) -> Conversation:
        guess = self._known(incoming.language, bot.shop)
        conversation = await self._conversations.open_for(bot.inbox, incoming.chat, name=incoming.name, language=guess)
        if conversation.last_seq == 0:
            contact = await self._conversations.contact(conversation.contact_id)
            chosen = self._known(contact.language, bot.shop) if contact else ""
            if chosen and chosen != conversation.language:
                await self._conversations.set_language(conversation.id, chosen)
                conversation = replace(conversation, language=chosen)
        return conversation

    def _known(self, tag: str, shop: Shop) -> str:
        """The tag of a language that the shop and we both speak; "" for none."""
        tag = canonical(tag)
        base = tag.lower().split("-", maxsplit=1)[0]
        spoken = {language.lower().split("-", maxsplit=1)[0] for language in shop.languages} or set(self._languages)
        if base not in spoken:
            return ""
        return tag if tag in self._languages else base if base in self._languages else ""

    def _language(self, bot: RunningBot, conversation: Conversation) -> str:
        return conversation.language or (bot.shop.languages[0] if bot.shop.languages else "en")

    # ── questions ──

    async def _ask(self, bot: RunningBot, conversation: Conversation, incoming: Incoming, text: str, external_id: str) -> None:
        assert self._assistant is not None, "attend() comes before the first update"
        text = clean(text).strip()
        if not text:
            return
        if await self._bus.hit(f"telegram:messages:{conversation.id}", self._message_limit, MINUTE):
            minute = incoming.at // 60
            sentence = self._say(self._language(bot, conversation), "telegram.too_many")
            await self._tell(conversation, sentence, f"limit:{incoming.chat}:{minute or incoming.press_id}")
            return
        message = IncomingMessage(bot.inbox.id, incoming.chat, external_id, text, name=incoming.name)
        received = await self._assistant.receive(conversation, message)
        if received.new and received.turn.state is TurnState.OPEN:
            self._soon(self._type(bot, incoming.chat, received))

    async def _type(self, bot: RunningBot, chat: str, received: Received) -> None:
        """The sign, until the turn is over."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + TYPING_LONGEST
        async with self._bus.subscribe(f"conversation:{received.conversation.id}") as news:
            while loop.time() < ends:
                turn = await self._conversations.turn(received.turn.id)
                if turn is None or turn.state is not TurnState.OPEN:
                    return
                await bot.api.typing(chat)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TYPING_EVERY):
                        async for item in news:
                            if item.type == "event" or (item.type == "typing" and not item.data.get("on")):
                                break

    async def _media(self, bot: RunningBot, conversation: Conversation, incoming: Incoming) -> None:
        language = self._language(bot, conversation)
        of = f"{incoming.chat}:{incoming.album or incoming.message_id}"
        note = self._say(language, "telegram.note_media", kind=incoming.media)
        await self._tell(conversation, note, f"sent:{of}", Author.NOTE)
        await self._tell(conversation, self._say(language, "telegram.only_text"), f"media:{of}")
        if incoming.text.strip():
            await self._ask(bot, conversation, incoming, incoming.text, f"{incoming.chat}:{incoming.message_id}")

    # ── commands ──

    async def _command(self, bot: RunningBot, conversation: Conversation, incoming: Incoming) -> None:
        language = self._language(bot, conversation)
        key = f"{incoming.chat}:{incoming.message_id}"
        match incoming.command:
            case "start":
                await self._tell(conversation, self._welcome(bot.shop, language), f"greeting:{key}")
            case "help":
                await self._tell(conversation, self._say(language, "telegram.help"), f"help:{key}")
            case "human":
                await self._person(bot, conversation, key)
            case "language":
                chosen = self._known(incoming.text, bot.shop)
                if chosen:
                    await self._speak(conversation, chosen, f"spoken:{key}")
                else:
                    await self._tell(conversation, self._say(language, "telegram.language_ask"), f"language:{key}")
            case "privacy":
                # In a group nobody erases for all.
                prefix = "privacy" if incoming.private else "kept"
                await self._tell(conversation, self._privacy(bot.shop, language), f"{prefix}:{key}")
            case "stop":
                await self._stop(conversation, language, key)

    def _welcome(self, shop: Shop, language: str) -> str:
        parts = [self._greeting(shop, language), self._privacy(shop, language)]
        # Said in any case, but not again where the merchant's own words say it.
        if self._say(language, "telegram.disclosed").lower() not in " ".join(parts).lower():
            parts.insert(1, self._say(language, "telegram.disclosure"))
        parts += [f"{self._say(language, 'telegram.person')}\n{self._say(language, 'telegram.privacy_how')}"]
        return "\n\n".join(part for part in parts if part)

    def _privacy(self, shop: Shop, language: str) -> str:
        return pick(shop_settings(shop).privacy_notice, language) or self._say(language, "telegram.privacy")

    async def _person(self, bot: RunningBot, conversation: Conversation, key: str) -> str:
        """Asks for a person; the sentence that the customer is told."""
        assert self._assistant is not None, "attend() comes before the first update"
        language = self._language(bot, conversation)
        if conversation.status in (Status.WAITING, Status.AGENT):
            sentence = self._say(language, "telegram.already")
            await self._tell(conversation, sentence, f"already:{key}")
            return sentence
        notice = await self._waiting(bot.shop, language)
        await self._assistant.ask_for_person(conversation, notice=notice)
        return notice

    async def _speak(self, conversation: Conversation, language: str, key: str) -> None:
        await self._conversations.set_language(conversation.id, language)
        contact = await self._conversations.contact(conversation.contact_id)
        if contact is not None:
            await self._conversations.save_contact(replace(contact, language=language))
        await self._tell(conversation, self._say(language, "telegram.language_set"), key)

    async def _stop(self, conversation: Conversation, language: str, key: str) -> None:
        notice = self._say(language, "telegram.stopped")
        try:
            held = (Status.ASSISTANT, Status.WAITING, Status.AGENT)
            conversation = await self._conversations.move(conversation.id, held, Status.RESOLVED, notice=notice)
        except Conflict:
            await self._tell(conversation, notice, f"stop:{key}")
            return
        await announce(self._bus, conversation)

    # ── buttons ──

    async def _press(self, bot: RunningBot, conversation: Conversation, incoming: Incoming) -> None:
        language = self._language(bot, conversation)
        pressed = self._buttons.read(incoming.text, bot.inbox.id, incoming.chat)
        key = f"{incoming.chat}:{incoming.press_id}"
        toast, alert = "", False
        match pressed.press if pressed else None:
            case Press.PERSON:
                toast = await self._person(bot, conversation, key)
            case Press.LANGUAGE if pressed and self._known(pressed.message, bot.shop):
                await self._speak(conversation, pressed.message, f"spoken:{key}")
            case Press.ERASE if incoming.private:
                await self._tell(conversation, self._say(language, "telegram.erase_sure"), f"erase:{key}")
            case Press.ERASE_SURE if incoming.private:
                await self._conversations.forget(conversation.contact_id)
                toast = self._say(language, "telegram.erased")
                self._soon(self._send(bot, incoming.chat, toast))
            case Press.KEEP:
                toast = self._say(language, "telegram.kept")
            case Press.STARTER | Press.REPLY | Press.PRODUCT if pressed:
                asked = await self._asked(bot, conversation, pressed.press, pressed.message, pressed.number)
                if asked:
                    of = f"press:{pressed.message}:{pressed.press.value}{pressed.number}"
                    await self._ask(bot, conversation, incoming, asked, f"{of}:{key}" if pressed.press is Press.STARTER else of)
                    toast = asked
        if not toast and (pressed is None or pressed.press in (Press.STARTER, Press.REPLY, Press.PRODUCT)):
            toast, alert = self._say(language, "telegram.stale"), True
        self._soon(bot.api.answer_press(incoming.press_id, toast, alert=alert))

    async def _asked(self, bot: RunningBot, conversation: Conversation, press: Press, of: str, number: int) -> str:
        """The question behind a button, "" when the button is stale."""
        if press is Press.STARTER:
            language, _, mark = of.partition(STARTER_MARK)
            starters = self.starters(bot.shop, language)
            asked = starters[number] if number < len(starters) else ""
            # The merchant may have changed them since the button was shown.
            return asked if not mark or mark == starter_mark(asked) else ""
        message = await self._conversations.message(of)
        if message is None or message.conversation_id != conversation.id or not message.answer:
            return ""
        if press is Press.PRODUCT:
            products = _list(message, "products")
            if number >= len(products):
                return ""
            language = str(message.answer.get("language") or self._language(bot, conversation))
            return self._say(language, "telegram.about", product=products[number]["title"])
        replies = _list(message, "quick_replies")
        later = await self._conversations.messages(conversation.id, after_seq=message.seq)
        # "How much is it?" means another "it" once something else was asked; its sisters under the same answer mean the same one.
        overtaken = any(m.author is Author.CUSTOMER and not m.external_id.startswith(f"press:{of}:") for m in later)
        return str(replies[number]) if number < len(replies) and not overtaken else ""

    def starters(self, shop: Shop, language: str) -> tuple[str, ...]:
        """The quick replies of the shop's greeting."""
        replies = shop_settings(shop).quick_replies
        return replies.get(language) or next((texts for tag, texts in replies.items() if tag.split("-", maxsplit=1)[0] == language), ())

    # ── saying ──

    async def _tell(self, conversation: Conversation, text: str, key: str, author: Author = Author.SYSTEM) -> None:
        await self._conversations.say(conversation.id, author, text, external_id=key)
        await announce(self._bus, conversation)

    async def _send(self, bot: RunningBot, chat: str, text: str) -> None:
        await bot.api.send_text(chat, text, html=False)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Signs and answers to presses: they hold up no update, and nothing depends on them."""

        async def run() -> None:
            try:
                await work
            except BotApiError as error:
                log.info("a passing sign was not shown: %s", error)
            except Exception:
                log.exception("a passing sign failed")

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _list(message: Message, key: str) -> list[Any]:
    found = (message.answer or {}).get(key)
    return found if isinstance(found, list) else []
