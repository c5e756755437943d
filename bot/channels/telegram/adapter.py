"""Telegram: one bot a shop, its updates in (polling or webhook), stored messages out."""

import asyncio
import hmac
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.channels.channel import SendFailed
from bot.channels.telegram.bot_api import BotApi, BotApiError, Failure, Keyboard, Photo, Sent
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.outgoing import Composer, Part, Say
from bot.channels.telegram.polling import BACK_OFF, NO_TOKEN, TRIES, Poller
from bot.channels.telegram.receiving import Assistant, Receiver, RunningBot
from bot.channels.telegram.rendering import TEXT_LIMIT, Run, html, plain, shorten
from bot.channels.telegram.updates import COMMANDS
from bot.conversation.announcing import announce
from bot.conversation.events import EventBus
from bot.conversation.records import Author, ChannelKind, Conversation, Delivery, Inbox, Message
from bot.conversation.store import ConversationStore
from bot.errors import InvalidInput, NotAllowed, SettingsError, SignInRequired, Unavailable
from bot.secrets import SecretBox
from knowledge.store import KnowledgeStore, Shop

log = logging.getLogger(__name__)

REFRESH = 5.0
"""Seconds between two looks for tokens that were set, changed or taken away."""
LONGEST_WAIT = 300.0
"""Seconds between two attempts at a send while Telegram cannot be reached."""
PICTURES_KEPT = 2_000
DEMO = "demo"


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """The values of the settings TELEGRAM_... and PUBLIC_URL."""

    api_url: str = "https://api.telegram.org"
    token: str = field(default="", repr=False)
    """Of the only shop, or of the demo shop."""
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the shop's slug."""
    webhook: bool = False
    """Telegram calls us; else we ask."""
    public_url: str = ""
    message_limit: int = 20
    """Messages of one conversation in 60 seconds."""
    timeout: float = 20.0
    poll_wait: int = 10


@dataclass(slots=True)
class _Work:
    bot: RunningBot
    token: str = field(repr=False)
    task: asyncio.Task[None] | None = None


class TelegramChannel:
    """See bot.channels.channel.Channel. Nothing of it reaches Telegram before `start` or `send`."""

    kind = ChannelKind.TELEGRAM
    sends = True

    def __init__(
        self,
        *,
        conversations: ConversationStore,
        knowledge: KnowledgeStore,
        bus: EventBus,
        box: SecretBox,
        say: Say,
        greeting: Callable[[Shop, str], str],
        waiting: Callable[[Shop, str], Awaitable[str]],
        languages: Sequence[str],
        worker: str,
        settings: TelegramSettings,
    ) -> None:
        self._conversations = conversations
        self._knowledge = knowledge
        self._bus = bus
        self._box = box
        self._say = say
        self._worker = worker
        self._settings = settings
        names = {tag: say(tag, "telegram.language_name") for tag in languages}
        self._languages = tuple(names)
        buttons = Buttons(box.derive("telegram buttons"))
        self._composer = Composer(buttons, say, public_url=settings.public_url, languages=names)
        self._receiver = Receiver(
            conversations=conversations,
            knowledge=knowledge,
            bus=bus,
            buttons=buttons,
            say=say,
            greeting=greeting,
            waiting=waiting,
            languages=names,
            message_limit=settings.message_limit,
        )
        self._works: dict[str, _Work] = {}
        self._supervisor: asyncio.Task[None] | None = None
        self._pictures: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._refreshing = asyncio.Lock()
        self._failed: dict[object, int] = {}

    # ── life ──

    def attend(self, assistant: Assistant) -> None:
        """Whom updates go to."""
        self._receiver.attend(assistant)

    async def start(self) -> None:
        """Begins to take updates. Returns at once, whether Telegram answers or not; a token set later is taken up within seconds."""
        if self._settings.webhook and not self._settings.public_url:
            log.error("ZHANGGUI_TELEGRAM_MODE is webhook, but ZHANGGUI_PUBLIC_URL is empty: Telegram cannot call this server; set it.")
        await self._refresh(taking=True)
        self._supervisor = asyncio.create_task(self._supervise(), name="telegram")

    async def stop(self) -> None:
        """Ends taking updates; what was taken is stored. Sending still works."""
        tasks = [task for task in (self._supervisor, *(work.task for work in self._works.values())) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._supervisor = None
        for work in self._works.values():
            work.task = None

    async def close(self) -> None:
        """Stops, and closes connections."""
        await self.stop()
        await self._receiver.close()
        for work in self._works.values():
            await work.bot.api.close()
        self._works.clear()

    async def _supervise(self) -> None:
        while True:
            await asyncio.sleep(REFRESH)
            try:
                await self._refresh(taking=True)
            except Exception:
                log.exception("Telegram's tokens cannot be read; tried again in %.0f s", REFRESH)

    async def _refresh(self, *, taking: bool = False) -> None:
        """Brings the running bots to the tokens there are."""
        async with self._refreshing:
            wanted = await self._tokens()
            for inbox_id in [key for key, work in self._works.items() if key not in wanted or wanted[key][2] != work.token]:
                await self._end(self._works.pop(inbox_id))
            for inbox_id, (inbox, shop, token) in wanted.items():
                work = self._works.get(inbox_id)
                if work is None:
                    api = BotApi(token, self._settings.api_url, timeout=self._settings.timeout)
                    work = self._works[inbox_id] = _Work(RunningBot(inbox, shop, api), token)
                work.bot.inbox, work.bot.shop = inbox, shop
                if taking and work.task is None:
                    work.task = asyncio.create_task(self._attend_bot(work.bot), name=f"telegram {shop.slug}")

    async def _end(self, work: _Work) -> None:
        if work.task is not None:
            work.task.cancel()
            await asyncio.gather(work.task, return_exceptions=True)
        await work.bot.api.close()

    async def _tokens(self) -> dict[str, tuple[Inbox, Shop, str]]:
        """By inbox: settings go before what is stored."""
        shops = await self._knowledge.shops()
        stored = {inbox.shop_id: inbox for inbox in await self._conversations.inboxes(ChannelKind.TELEGRAM)}
        found: dict[str, tuple[Inbox, Shop, str]] = {}
        for shop in shops:
            inbox = stored.get(shop.id)
            token = self._settings.tokens.get(shop.slug, "")
            if not token and (len(shops) == 1 or shop.slug == DEMO):
                token = self._settings.token
            if not token and inbox is not None:
                try:
                    token = self._box.open(inbox.secret)
                except SettingsError as error:
                    log.error("Telegram for shop %s: %s", shop.slug, error)
            if token:
                inbox = inbox or await self._conversations.inbox(shop.id, ChannelKind.TELEGRAM)
                found[inbox.id] = (inbox, shop, token)
        return found

    async def set_token(self, shop: Shop, token: str) -> str:
        """Keeps a shop's token, encrypted; "" takes it away. Returns the bot's name. Raises InvalidInput for a token that Telegram does
        not know, Unavailable when Telegram does not answer."""
        name = ""
        if token:
            api = BotApi(token, self._settings.api_url, timeout=self._settings.timeout)
            try:
                name = await api.username()
            except BotApiError as error:
                if error.failure is Failure.TOKEN:
                    raise InvalidInput("Telegram does not know this token; copy it from @BotFather again.") from None
                raise Unavailable(f"{self._settings.api_url} does not answer ({error}); try again, nothing was changed.") from None
            finally:
                await api.close()
        inbox = await self._conversations.inbox(shop.id, ChannelKind.TELEGRAM)
        secret = self._box.seal(token) if token else b""
        await self._conversations.save_inbox(Inbox(inbox.id, shop.id, inbox.channel, inbox.name, inbox.settings, secret))
        return name

    # ── taking ──

    async def _attend_bot(self, bot: RunningBot) -> None:
        """Introduces the bot, then polls, or lets Telegram call and stays quiet."""
        tries = 0
        while True:
            try:
                await self._introduce(bot)
                break
            except BotApiError as error:
                wait = NO_TOKEN if error.failure is Failure.TOKEN else max(error.retry_in, BACK_OFF[min(tries, len(BACK_OFF) - 1)])
                log.warning("Telegram for shop %s: %s; tried again in %.0f s", bot.shop.slug, error, wait)
            except Exception:
                wait = BACK_OFF[-1]
                log.exception("Telegram for shop %s cannot be prepared; tried again in %.0f s", bot.shop.slug, wait)
            tries += 1
            await asyncio.sleep(wait)
        log.info("Telegram for shop %s: @%s %s", bot.shop.slug, bot.username, "is called" if self._settings.webhook else "is polled")
        if not self._settings.webhook:
            await Poller(bot, self._receiver, self._bus, wait=self._settings.poll_wait).run()

    async def _introduce(self, bot: RunningBot) -> None:
        bot.username = await bot.api.username()
        if self._settings.webhook:
            if self._settings.public_url:
                await bot.api.set_webhook(self.webhook_url(bot.shop), self.webhook_secret(bot.inbox))
        else:
            await bot.api.delete_webhook()
        if await self._bus.lock(f"telegram:commands:{bot.inbox.id}", 60.0):
            try:
                await self._set_commands(bot)
            except BotApiError as error:
                # A menu is a comfort; nobody waits for an answer because of it.
                log.warning("Telegram for shop %s: the menu of commands could not be set (%s)", bot.shop.slug, error)

    async def _set_commands(self, bot: RunningBot) -> None:
        first = next((tag for tag in bot.shop.languages if tag in self._languages), self._languages[0])
        for tag in self._languages:
            commands = {name: self._say(tag, f"telegram.command_{name}") for name in COMMANDS}
            if tag == first:
                await bot.api.set_commands(commands)
            if "-" not in tag:  # Telegram takes languages of two letters only
                await bot.api.set_commands(commands, tag)

    def webhook_url(self, shop: Shop) -> str:
        """Where Telegram calls for that shop. It holds no token."""
        return f"{self._settings.public_url.rstrip('/')}/telegram/{shop.slug}/webhook"

    def webhook_secret(self, inbox: Inbox) -> str:
        """What Telegram proves itself with, in the header X-Telegram-Bot-Api-Secret-Token."""
        return self._box.derive(f"telegram webhook {inbox.id}").hex()

    async def called(self, slug: str, secret: str | None, update: Mapping[str, object]) -> None:
        """An update that Telegram brought. Everything of it is stored when this returns.

        Raises SignInRequired without a secret, NotAllowed for a wrong one (and for a shop without a bot: the two look the same),
        TypeError, KeyError or ValueError for what is no update.
        """
        work = await self._admitted(slug, secret)
        number = update["update_id"]
        try:
            await self._receiver.take(work.bot, update)
        except Exception:
            if not isinstance(number, int):
                raise
            self._failed[number] = self._failed.get(number, 0) + 1
            if self._failed[number] < TRIES:
                raise
            log.exception("update %d failed %d times; it is skipped", number, TRIES)
            await self._receiver.skip(work.bot, number)
        self._failed.pop(number, None)

    async def _admitted(self, slug: str, secret: str | None) -> _Work:
        if not secret:
            raise SignInRequired("Telegram's secret token is missing.")
        work = next((work for work in self._works.values() if work.bot.shop.slug == slug), None)
        if work is None and self._supervisor is None:
            # Not started yet: Telegram tries again by itself.
            raise Unavailable("The shop is not open yet; try again in a moment.")
        # Compared for an unknown shop too, so that time tells nothing.
        expected = self.webhook_secret(work.bot.inbox) if work else self._box.derive("telegram webhook of no shop").hex()
        if not _same(secret, expected) or work is None:
            raise NotAllowed("That is not Telegram's secret token.")
        return work

    async def admits(self, slug: str, secret: str | None) -> None:
        """Checks who calls, before a body is read. Raises as `called` does."""
        await self._admitted(slug, secret)

    # ── sending ──

    async def send(self, inbox: Inbox, delivery: Delivery, message: Message) -> list[str]:
        """See the port. What is out is recorded part by part, so that a retry sends the rest only."""
        bot = await self._bot_of(inbox)
        conversation = await self._conversations.conversation(delivery.shop_id, delivery.conversation_id)
        language = (conversation.language if conversation else "") or (bot.shop.languages[0] if bot.shop.languages else "en")
        chat = delivery.address
        shop = await self._knowledge.shop_by_id(bot.shop.id) or bot.shop
        outgoing = self._composer.plan(inbox, chat, message, language, lambda tag: self._receiver.starters(shop, tag))
        out, ids = _progress(delivery)
        for number, part in enumerate(outgoing.parts):
            if number < out:
                continue
            keyboard = outgoing.keyboard if number == len(outgoing.parts) - 1 else ()
            try:
                sent = await self._send_part(bot, chat, part, keyboard)
            except BotApiError as error:
                if error.failure is Failure.BLOCKED and conversation is not None:
                    await self._unreachable(conversation, language)
                raise SendFailed(str(error), _retry_in(error, delivery.attempts)) from None
            ids = [*ids, *(message.id for message in sent)]
            if number < len(outgoing.parts) - 1:
                await self._conversations.delivery_progress(delivery.id, self._worker, {"parts": number + 1, "ids": ids})
        return ids

    async def show_typing(self, inbox: Inbox, address: str) -> None:
        """See the port."""
        try:
            bot = await self._bot_of(inbox)
            await bot.api.typing(address)
        except (BotApiError, SendFailed) as error:
            log.info("the typing sign was not shown: %s", error)

    async def _bot_of(self, inbox: Inbox) -> RunningBot:
        if inbox.id not in self._works:
            await self._refresh()
        work = self._works.get(inbox.id)
        if work is None:
            raise SendFailed("No bot token is set for this shop; set one with 'zhanggui telegram set'.", 60.0)
        return work.bot

    async def _send_part(self, bot: RunningBot, chat: str, part: Part, keyboard: Keyboard) -> list[Sent]:
        if not part.pictures:
            return [await self._send_text(bot, chat, part.text, keyboard)]
        try:
            return await self._send_pictures(bot, chat, part, keyboard)
        except BotApiError as error:
            if error.failure not in (Failure.REJECTED, Failure.MARKUP):
                raise
        # A picture cannot be had: the cards are worth more than the pictures.
        rich = [run for number, picture in enumerate(part.pictures) for run in ([Run("\n\n")] if number else []) + list(picture.card)]
        return [await self._send_text(bot, chat, shorten(rich, TEXT_LIMIT), keyboard)]

    async def _send_text(self, bot: RunningBot, chat: str, rich: Sequence[Run], keyboard: Keyboard) -> Sent:
        try:
            return await bot.api.send_text(chat, html(rich), html=True, keyboard=keyboard)
        except BotApiError as error:
            if error.failure is not Failure.MARKUP:
                raise
        return await bot.api.send_text(chat, plain(rich), html=False, keyboard=keyboard)

    async def _send_pictures(self, bot: RunningBot, chat: str, part: Part, keyboard: Keyboard) -> list[Sent]:
        known = [self._pictures.get((bot.inbox.id, picture.url), "") for picture in part.pictures]
        photos = [Photo(file_id or picture.url, html(picture.card)) for picture, file_id in zip(part.pictures, known, strict=True)]
        try:
            if len(photos) == 1:
                sent = [await bot.api.send_photo(chat, photos[0], html=True, keyboard=keyboard)]
            else:
                sent = await bot.api.send_album(chat, photos, html=True)
        except BotApiError as error:
            if error.failure is Failure.REJECTED and any(known):
                # Perhaps a file id is too old: once more with the addresses.
                for picture in part.pictures:
                    self._pictures.pop((bot.inbox.id, picture.url), None)
                return await self._send_pictures(bot, chat, part, keyboard)
            raise
        for picture, message in zip(part.pictures, sent, strict=False):
            if message.file_id:
                self._pictures[bot.inbox.id, picture.url] = message.file_id
                if len(self._pictures) > PICTURES_KEPT:
                    self._pictures.popitem(last=False)
        return sent

    async def _unreachable(self, conversation: Conversation, language: str) -> None:
        """For staff: nothing arrives there any more."""
        note = self._say(language, "telegram.note_blocked")
        await self._conversations.say(conversation.id, Author.NOTE, note, external_id=f"unreachable:{conversation.last_seq}")
        await announce(self._bus, conversation)

    # ── the doctor ──

    async def check(self) -> list[tuple[str, bool, str]]:
        """Each shop with a token: name, whether all is well, a sentence."""
        found: list[tuple[str, bool, str]] = []
        owners: dict[str, str] = {}
        for _, shop, token in (await self._tokens()).values():
            if token in owners:
                found.append((shop.slug, False, f"has the same bot as shop {owners[token]}; every shop needs a bot of its own"))
                continue
            owners[token] = shop.slug
            api = BotApi(token, self._settings.api_url, timeout=min(5.0, self._settings.timeout))
            try:
                found.append((shop.slug, *await self._check_bot(api, shop)))
            except BotApiError as error:
                sentence = f"{self._settings.api_url} does not answer ({error}); check the network and ZHANGGUI_TELEGRAM_API_URL"
                if error.failure is Failure.TOKEN:
                    sentence = f"Telegram does not know the token; get one from @BotFather, then 'zhanggui telegram set --shop {shop.slug}'"
                found.append((shop.slug, False, sentence))
            finally:
                await api.close()
        return found

    async def _check_bot(self, api: BotApi, shop: Shop) -> tuple[bool, str]:
        name, address = await api.username(), await api.webhook_url()
        if not self._settings.webhook:
            return True, f"@{name}, polling" + ("; a webhook is set and is taken away when polling starts" if address else "")
        if not self._settings.public_url:
            return False, f"@{name}, but webhooks need ZHANGGUI_PUBLIC_URL; set it to the https address of this server"
        if not self._settings.public_url.startswith("https://") and "api.telegram.org" in self._settings.api_url:
            return False, f"@{name}, but Telegram calls https addresses only; ZHANGGUI_PUBLIC_URL must start with https://"
        well = address in ("", self.webhook_url(shop))
        return well, f"@{name}, webhook" + ("" if well else "; Telegram calls another address; start the server to set ours")


def _progress(delivery: Delivery) -> tuple[int, list[str]]:
    parts, ids = delivery.progress.get("parts"), delivery.progress.get("ids")
    return (parts if isinstance(parts, int) else 0), ([str(id_) for id_ in ids] if isinstance(ids, list) else [])


def _retry_in(error: BotApiError, attempts: int) -> float | None:
    if error.failure in (Failure.BLOCKED, Failure.REJECTED, Failure.MARKUP):
        return None
    if error.failure is Failure.WAIT:
        return error.retry_in
    if error.failure is Failure.TOKEN:
        return NO_TOKEN
    return float(min(LONGEST_WAIT, 2.0**attempts))


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
