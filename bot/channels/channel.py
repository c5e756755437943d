"""Port: a route to customers. What a channel cannot do falls back to plain text, so a new one starts with `send` alone and works."""

from typing import Protocol

from bot.conversation.records import ChannelKind, Delivery, Inbox, Message


class SendFailed(Exception):
    """A send that did not arrive. `retry_in` seconds, or None when it never will (blocked, chat gone)."""

    def __init__(self, message: str, retry_in: float | None) -> None:
        super().__init__(message)
        self.retry_in = retry_in


class Channel(Protocol):
    """Sends stored messages. Receiving is the adapter's own door, which ends in `Assistant.receive` (bot/turn.py)."""

    kind: ChannelKind
    sends: bool
    """True: messages need a delivery (Telegram). False: readers fetch them from the store (web, terminal)."""

    async def send(self, inbox: Inbox, delivery: Delivery, message: Message) -> list[str]:
        """Sends what of the message is not out yet; returns the channel's ids. Raises SendFailed."""

    async def show_typing(self, inbox: Inbox, address: str) -> None:
        """A passing sign; failures are swallowed."""
