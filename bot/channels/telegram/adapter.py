"""Telegram: not connected yet."""

from bot.channels.channel import SendFailed
from bot.conversation.records import ChannelKind, Delivery, Inbox, Message


class TelegramChannel:
    """Thin start of the adapter."""

    kind = ChannelKind.TELEGRAM
    sends = True

    def __init__(self, **parts: object) -> None:
        self._parts = parts

    def attend(self, assistant: object) -> None:
        """Whom updates go to."""

    async def start(self) -> None:
        """Begins to take updates."""

    async def stop(self) -> None:
        """Ends taking updates."""

    async def close(self) -> None:
        """Closes connections."""

    async def check(self) -> list[tuple[str, bool, str]]:
        """For the doctor."""
        return []

    async def send(self, inbox: Inbox, delivery: Delivery, message: Message) -> list[str]:
        """Sends."""
        raise SendFailed("not connected", 60.0)

    async def show_typing(self, inbox: Inbox, address: str) -> None:
        """Types."""
