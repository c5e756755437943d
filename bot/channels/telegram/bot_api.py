"""The Bot API, as far as we need it, on python-telegram-bot: plain values in, message ids out, one error type.

A bot's token stands in every address that the library calls. So it may leave neither by an error (the words are scrubbed, the cause is cut
off) nor by a log line (the library's own loggers and those of its HTTP client are silenced).
"""

import contextlib
import logging
import os
import warnings
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar, cast

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns at every 429 about a type that it is going to change

from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

T = TypeVar("T")

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
POOL = 32
"""Connections to the Bot API, per bot."""
TIMEOUT = 20.0
"""Seconds for one call. Generous: after a timeout nobody knows whether the message arrived, and sending again would double it."""


class Failure(StrEnum):
    """What a failed call means for whoever made it."""

    BLOCKED = "blocked"
    """The customer blocked the bot, or the chat is gone: never again."""
    WAIT = "wait"
    """Too many: again in `retry_in` seconds."""
    MARKUP = "markup"
    """The entities could not be parsed."""
    REJECTED = "rejected"
    """The request itself is wrong; the same again would fail again."""
    UNREACHABLE = "unreachable"
    """Network or server trouble."""
    TOKEN = "token"
    """The token is not (or no longer) valid."""
    CONFLICT = "conflict"
    """Somebody else polls this bot, or a webhook is set."""


class BotApiError(Exception):
    """A failed call. The sentence holds no token."""

    def __init__(self, failure: Failure, sentence: str, retry_in: float = 0.0) -> None:
        super().__init__(sentence)
        self.failure = failure
        self.retry_in = retry_in


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. `data` at most 64 bytes."""

    text: str
    data: str


Keyboard = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture: an address that Telegram fetches, or a file id of one that it has. `caption` at most 1024 characters."""

    source: str
    caption: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that is out. `file_id`: of its picture, to send it again without a fetch."""

    id: str
    file_id: str = ""


class BotApi:
    """One bot. `api_url`: https://api.telegram.org or a Bot API server of one's own."""

    def __init__(self, token: str, api_url: str, *, timeout: float = TIMEOUT) -> None:
        silence()
        self._token = token
        self._timeout = timeout
        request = HTTPXRequest(POOL, read_timeout=timeout, write_timeout=timeout, connect_timeout=timeout / 2, pool_timeout=timeout / 2)
        polling = HTTPXRequest(2, read_timeout=timeout, write_timeout=timeout, connect_timeout=timeout / 2, pool_timeout=timeout / 2)
        self._bot = Bot(token, base_url=f"{api_url.rstrip('/')}/bot", request=request, get_updates_request=polling)
        self._requests = (request, polling)

    async def close(self) -> None:
        """Closes the connections."""
        for request in self._requests:
            with contextlib.suppress(Exception):
                await request.shutdown()

    # ── the bot itself ──

    async def username(self) -> str:
        """Without the @. Raises BotApiError(TOKEN) for a token that is none."""
        return str((await self._ask("getMe")).get("username") or "")

    async def set_commands(self, commands: Mapping[str, str], language: str = "") -> None:
        """Command to description, for customers whose Telegram speaks `language` ("": all others)."""
        listed = [BotCommand(name, text) for name, text in commands.items()]
        await self._call(self._bot.set_my_commands(listed, language_code=language or None))

    async def set_webhook(self, url: str, secret: str) -> None:
        """Telegram calls `url` from now on; what waits is kept."""
        await self._call(
            self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False, max_connections=10)
        )

    async def delete_webhook(self) -> None:
        """So that updates can be asked for; what waits is kept."""
        await self._call(self._bot.delete_webhook(drop_pending_updates=False))

    async def webhook_url(self) -> str:
        """Where Telegram calls, "" when it does not."""
        return (await self._call(self._bot.get_webhook_info())).url

    async def updates(self, offset: int, wait: int) -> list[dict[str, Any]]:
        """What waits from `offset` on (0: everything), as JSON; all before `offset` is forgotten by Telegram. Waits up to `wait` seconds."""
        given = {"timeout": wait, "allowed_updates": list(ALLOWED_UPDATES), "offset": offset or None}
        found = await self._ask("getUpdates", read_timeout=wait + self._timeout, **given)
        return cast(list[dict[str, Any]], found)

    # ── speaking ──

    async def send_text(self, chat: str, text: str, *, html: bool, keyboard: Keyboard = ()) -> Sent:
        """Without previews of links."""
        message = await self._ask(
            "sendMessage",
            chat_id=chat,
            text=text,
            parse_mode=ParseMode.HTML if html else None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=_markup(keyboard),
        )
        return _sent(message)

    async def send_photo(self, chat: str, photo: Photo, *, html: bool, keyboard: Keyboard = ()) -> Sent:
        """Raises BotApiError(REJECTED) when Telegram cannot get the picture."""
        message = await self._ask(
            "sendPhoto",
            chat_id=chat,
            photo=photo.source,
            caption=photo.caption,
            parse_mode=ParseMode.HTML if html else None,
            reply_markup=_markup(keyboard),
        )
        return _sent(message)

    async def send_album(self, chat: str, photos: Sequence[Photo], *, html: bool) -> list[Sent]:
        """Two to ten pictures."""
        mode = ParseMode.HTML if html else None
        media = [InputMediaPhoto(photo.source, caption=photo.caption, parse_mode=mode) for photo in photos]
        return [_sent(message) for message in await self._ask("sendMediaGroup", chat_id=chat, media=media)]

    async def typing(self, chat: str) -> None:
        """Shows for about five seconds."""
        await self._call(self._bot.send_chat_action(chat, ChatAction.TYPING))

    async def answer_press(self, press_id: str, text: str = "", *, alert: bool = False) -> None:
        """Ends the little clock on a pressed button; `text` at most 200 characters."""
        await self._call(self._bot.answer_callback_query(press_id, text=text[:200] or None, show_alert=alert))

    async def _ask(self, method: str, *, read_timeout: float | None = None, **given: object) -> Any:
        """The result as JSON. Not the library's own methods where reading the result matters: what it cannot read (an update of a new
        shape, a message with an odd field) it reports as a failure, and a message that is out would be sent again."""
        arguments = {name: value for name, value in given.items() if value is not None}
        return await self._call(self._bot.do_api_request(method, arguments, read_timeout=read_timeout or self._timeout))

    async def _call(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except TelegramError as error:
            failed = self._failed(error)
        except Exception as error:
            failed = BotApiError(Failure.UNREACHABLE, f"the Bot API call failed ({type(error).__name__})")
        # Raised out here, so that no cause hangs on it: the library's errors can hold addresses, and those the token.
        raise failed

    def _failed(self, error: TelegramError) -> BotApiError:
        sentence = error.message.replace(self._token, "TOKEN")[:300]
        known = sentence.lower()
        match error:
            case RetryAfter():
                waits = error.retry_after
                seconds = waits.total_seconds() if isinstance(waits, timedelta) else float(waits)
                return BotApiError(Failure.WAIT, "Telegram asks to wait", retry_in=seconds)
            case Forbidden():
                return BotApiError(Failure.BLOCKED, sentence)
            case InvalidToken():
                return BotApiError(Failure.TOKEN, "Telegram does not know this token")
            case Conflict():
                return BotApiError(Failure.CONFLICT, sentence)
            case ChatMigrated():
                return BotApiError(Failure.BLOCKED, "the group became a supergroup")
            case BadRequest() if "can't parse entities" in known:
                return BotApiError(Failure.MARKUP, "Telegram could not parse the entities")
            case BadRequest() if "chat not found" in known or "peer_id_invalid" in known:
                return BotApiError(Failure.BLOCKED, sentence)
            case BadRequest():
                return BotApiError(Failure.REJECTED, sentence)
            case _:
                return BotApiError(Failure.UNREACHABLE, sentence)


def silence() -> None:
    """The library logs addresses (with the token) and unreadable bodies; its HTTP client logs every address."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "httpcore"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
    # We call by name on purpose, see BotApi._ask.
    warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)


def _sent(message: Any) -> Sent:
    sizes = message.get("photo") or []
    return Sent(str(message.get("message_id", "")), str(sizes[-1].get("file_id", "")) if sizes else "")


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(button.text, callback_data=button.data) for button in row] for row in keyboard if row]
    return InlineKeyboardMarkup(rows) if rows else None
