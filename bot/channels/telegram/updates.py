"""What Telegram tells us, in our words: its JSON in, one small record out, or None for what is not ours to answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telegram import Chat, ChatMember, Message, Update, User
from telegram.constants import ChatType

from bot.channels.telegram.bot_api import ALLOWED_UPDATES

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+|$)")
_MEDIA = (
    "photo", "voice", "sticker", "video", "video_note", "audio", "document", "animation", "location", "venue", "contact", "poll", "dice",
    "story", "game", "paid_media", "checklist",
)  # fmt: skip
"""Kinds that a customer sends on purpose; what is left are notices of the chat itself."""
COMMANDS = ("start", "help", "human", "language", "privacy", "stop")


class Kind(StrEnum):
    """What happened."""

    TEXT = "text"
    COMMAND = "command"
    MEDIA = "media"
    EDIT = "edit"
    PRESS = "press"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update. Fields that a kind does not have are empty."""

    kind: Kind
    update_id: int
    chat: str
    private: bool
    language: str = ""
    """What the customer's Telegram speaks: IETF tag."""
    name: str = ""
    message_id: int = 0
    at: int = 0
    """Unix time of the message, of the last change of an edited one."""
    text: str = ""
    """The text, a caption, what stands behind a command, a button's data."""
    command: str = ""
    media: str = ""
    album: str = ""
    press_id: str = ""


def read_update(raw: Mapping[str, Any], username: str) -> Incoming | None:
    """`username`: the bot's, without @; in groups only what is said to it counts. Raises TypeError or KeyError for JSON that is no update."""
    if "callback_query" in raw:
        return _press(int(raw["update_id"]), raw["callback_query"])
    update = Update.de_json({key: raw[key] for key in ("update_id", *ALLOWED_UPDATES) if key in raw}, None)
    if update.my_chat_member is not None:
        change = update.my_chat_member
        if not _private(change.chat) or change.new_chat_member.status != ChatMember.BANNED:
            return None
        return Incoming(Kind.BLOCKED, update.update_id, str(change.chat.id), True, *_who(change.from_user, change.chat))
    if update.edited_message is not None:
        message = update.edited_message
        if not _private(message.chat) or not message.text:
            return None
        at = message.edit_date or message.date
        return _incoming(Kind.EDIT, update, message, text=message.text, at=int(at.timestamp()))
    return _message(update, update.message, username) if update.message is not None else None


def _press(update_id: int, query: Mapping[str, Any]) -> Incoming | None:
    """Read by hand: the message of an old button comes without most of its fields."""
    chat = (query.get("message") or {}).get("chat")
    if not chat:
        return None
    private, who = chat.get("type") == ChatType.PRIVATE, query["from"]
    name = " ".join(part for part in (who.get("first_name"), who.get("last_name")) if part) if private else ""
    language = who.get("language_code") or "" if private else ""
    press_id, data = str(query["id"]), str(query.get("data") or "")
    return Incoming(Kind.PRESS, update_id, str(chat["id"]), private, language, name, text=data, press_id=press_id)


def _message(update: Update, message: Message, username: str) -> Incoming | None:
    if message.from_user is not None and message.from_user.is_bot:
        return None
    text = message.text or message.caption or ""
    private = _private(message.chat)
    command = _COMMAND.match(text)
    if not private:
        if not username or not _is_meant(message, command, username):
            return None
        if not command:
            text = re.sub(rf"@{re.escape(username)}\b[\s,:，：]*", "", text, flags=re.IGNORECASE).strip()
    media = next((kind for kind in _MEDIA if getattr(message, kind, None)), "")
    if media:
        return _incoming(Kind.MEDIA, update, message, text=text, media=media, album=message.media_group_id or "")
    if command:
        name, rest = command.group(1).lower(), text[command.end() :].strip()
        if name in COMMANDS:
            return _incoming(Kind.COMMAND, update, message, text=rest, command=name)
        # A command that we do not have is a question like any other.
        text = f"{command.group(1).replace('_', ' ')} {rest}".strip()
    return _incoming(Kind.TEXT, update, message, text=text) if text.strip() else None


def _incoming(kind: Kind, update: Update, message: Message, *, at: int = 0, **fields: str) -> Incoming:
    chat = message.chat
    return Incoming(
        kind,
        update.update_id,
        str(chat.id),
        _private(chat),
        *_who(message.from_user, chat),
        message_id=message.message_id,
        at=at or int(message.date.timestamp()),
        **fields,
    )


def _who(user: User | None, chat: Chat) -> tuple[str, str]:
    """Language and name. A group is nobody: what one member speaks or is called says nothing of it."""
    if user is None or not _private(chat):
        return "", ""
    return user.language_code or "", user.full_name


def _private(chat: Chat) -> bool:
    return chat.type == ChatType.PRIVATE


def _is_meant(message: Message, command: re.Match[str] | None, username: str) -> bool:
    ours = username.lower()
    if command and command.group(2):
        return command.group(2).lower() == ours
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and (replied.from_user.username or "").lower() == ours:
        return True
    named = {**message.parse_entities(["mention"]), **message.parse_caption_entities(["mention"])}
    return any(text.lower() == f"@{ours}" for text in named.values())
