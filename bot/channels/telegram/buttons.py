"""What a button carries: short, signed, and bound to the chat it was sent to, so that nobody presses what was never shown there."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

DATA_LIMIT = 64
"""Bytes (Bot API)."""
_MAC_BYTES = 9
_MOST = 99


STARTER_MARK = "."


def starter_mark(text: str) -> str:
    """Tells whether a quick reply of the greeting is still the one that a button showed."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


class Press(StrEnum):
    """What pressing means."""

    PERSON = "p"
    REPLY = "q"
    """Quick reply `number` of the answer `message`."""
    PRODUCT = "i"
    """Product `number` of the answer `message`."""
    STARTER = "g"
    """Quick reply `number` of the shop's greeting; `message` is the language, and after STARTER_MARK which one it was."""
    LANGUAGE = "l"
    """`message` is the language."""
    ERASE = "e"
    """Asks whether to erase."""
    ERASE_SURE = "E"
    KEEP = "k"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A genuine press."""

    press: Press
    message: str = ""
    number: int = 0


class Buttons:
    """Writes and reads callback data under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def data(self, inbox_id: str, chat: str, press: Press, message: str = "", number: int = 0) -> str:
        """At most 64 bytes, ASCII. Raises ValueError for a message id that is too long."""
        body = f"{press.value}{number}:{message}"
        data = f"{body}:{self._mac(inbox_id, chat, body)}"
        if len(data.encode()) > DATA_LIMIT or not 0 <= number <= _MOST:
            raise ValueError("the button would carry too much")
        return data

    def read(self, data: str, inbox_id: str, chat: str) -> Pressed | None:
        """None for anything that we did not write for this chat."""
        body, _, mac = data.rpartition(":")
        head, colon, message = body.partition(":")
        if not colon or not hmac.compare_digest(mac.encode(), self._mac(inbox_id, chat, body).encode()):
            return None
        try:
            return Pressed(Press(head[:1]), message, int(head[1:]))
        except ValueError:
            return None

    def _mac(self, inbox_id: str, chat: str, body: str) -> str:
        digest = hmac.new(self._key, f"{inbox_id}\n{chat}\n{body}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:_MAC_BYTES]).decode()
