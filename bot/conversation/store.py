"""Port: conversations, turns, outbox. Each write is one transaction; events leave only after it.

The store never shows one shop's rows to another: every read takes the shop's id or an id that was looked up through one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversation.records import (
    Author,
    ChannelKind,
    Contact,
    Conversation,
    Correction,
    Delivery,
    Event,
    Inbox,
    IncomingMessage,
    Message,
    Status,
    Turn,
)


@dataclass(frozen=True, slots=True)
class Received:
    """Result of `receive`. `new` is False for a repeated external id (then message and turn are the first ones)."""

    conversation: Conversation
    message: Message
    turn: Turn
    new: bool
    joined: tuple[str, ...] = ()
    """Ids of the turns that were open and are answered by this one now."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What `finish_turn` writes with the answer."""

    text: str
    answer: dict[str, object]
    trace: dict[str, object]
    memory: dict[str, object]
    language: str
    handoff_reason: str = ""
    """Set: the conversation goes from assistant to waiting (stays where it is if it waits already)."""
    handoff_summary: str = ""


class ConversationStore(Protocol):
    """SQLAlchemy on SQLite or PostgreSQL (storage/sql_conversations.py)."""

    async def inbox(self, shop_id: str, channel: ChannelKind, name: str = "default") -> Inbox:
        """The inbox, made when it is new."""

    async def inboxes(self, channel: ChannelKind | None = None) -> list[Inbox]:
        """Of all shops."""

    async def save_inbox(self, inbox: Inbox) -> None:
        """New or changed."""

    async def start(
        self, inbox: Inbox, address: str = "", *, token_hash: str = "", language: str = "", contact_id: str = ""
    ) -> Conversation:
        """A new conversation with a new anonymous contact (or the one given); address "" means its own id."""

    async def open_for(self, inbox: Inbox, address: str, *, name: str = "", language: str = "") -> Conversation:
        """The unresolved conversation of that address (Telegram chat, batch name), or a new one; same contact as before on that inbox."""

    async def by_token(self, conversation_id: str, token_hash: str) -> Conversation | None:
        """The only way a customer's request gets a conversation."""

    async def conversation(self, shop_id: str, conversation_id: str) -> Conversation | None:
        """Of that shop alone."""

    async def conversations(
        self, shop_id: str, statuses: Sequence[Status] = (), *, limit: int = 50, before: datetime | None = None
    ) -> list[Conversation]:
        """Newest activity first; waiting ones by who waits longest."""

    async def messages(self, conversation_id: str, *, after_seq: int = 0, limit: int = 500, notes: bool = False) -> list[Message]:
        """In order."""

    async def message(self, message_id: str) -> Message | None:
        """By id."""

    async def last_messages(self, conversation_ids: Sequence[str]) -> dict[str, Message]:
        """The newest message (no notes) of each; for lists."""

    async def receive(self, conversation: Conversation, message: IncomingMessage, *, greeting: str = "", joins: bool = False) -> Received:
        """Stores the customer's message and opens its turn (silent while an agent holds it). A resolved conversation goes back to assistant.
        `external_id` "" never repeats. `joins`: what is still unanswered is one burst with it, and gets one answer."""

    async def claim_turn(self, worker: str, seconds: float, *, turn_id: str | None = None) -> Turn | None:
        """An open turn that nobody works on and before which no other turn of its conversation is open; leased for that long."""

    async def renew_turn(self, turn_id: str, worker: str, seconds: float) -> bool:
        """Lengthens the lease; False when the turn is not this worker's any more."""

    async def finish_turn(self, turn_id: str, worker: str, finished: Finished) -> Message | None:
        """Stores the answer once: closes the turn, appends the assistant's message and its delivery (channels that send), moves the
        status. None if the turn is not ours any more; if an agent took the conversation meanwhile the turn ends silent and nothing is said."""

    async def turn(self, turn_id: str) -> Turn | None:
        """By id."""

    async def turn_instead(self, turn: Turn) -> Turn | None:
        """The turn that answers for a joined one; any other turn itself."""

    async def conversation_of_turn(self, turn: Turn) -> tuple[Conversation, Message, list[Message]] | None:
        """In one read: the conversation, the customer's message that opened the turn (with the text of those joined to it), and the last
        messages before (oldest first, at most 20, no notes). None if it was erased."""

    async def turn_of_message(self, message_id: str) -> Turn | None:
        """The turn that this message opened or that it answers."""

    async def say(
        self, conversation_id: str, author: Author, text: str, *, agent_id: str | None = None, agent_name: str = "", external_id: str = ""
    ) -> Message:
        """Appends a message outside a turn (agent's reply, notice, note) with its delivery and event. A repeated external_id is one message."""

    async def move(
        self,
        conversation_id: str,
        expected: Sequence[Status],
        to: Status,
        *,
        agent_id: str | None = None,
        reason: str = "",
        summary: str = "",
        notice: str = "",
    ) -> Conversation:
        """Changes the holder, if the status is one of `expected` (else raises Conflict), with the notice as a system message, in one step."""

    async def overdue(self, now: datetime, minutes: float) -> list[Conversation]:
        """Waiting since longer than that and not yet told so."""

    async def mark_told(self, conversation_id: str, now: datetime, notice: str) -> bool:
        """Says so once; False if somebody else did, or it no longer waits."""

    async def set_language(self, conversation_id: str, language: str) -> None:
        """The language that the customer chose."""

    async def contact(self, contact_id: str) -> Contact | None:
        """By id."""

    async def save_contact(self, contact: Contact) -> None:
        """New or changed."""

    async def forget(self, contact_id: str) -> dict[str, int]:
        """Erases the contact: messages, memories, traces, events, deliveries, feedback, corrections, identities. Returns rows erased by table."""

    async def find_contacts(self, text: str) -> list[Contact]:
        """By contact id, conversation id or address; for `zhanggui forget`."""

    async def feedback(self, conversation_id: str, message_id: str, value: int, comment: str = "") -> bool:
        """A thumb (+1, -1) on an answer; the last one counts. Whether it says something new."""

    async def rate(self, conversation_id: str, score: int, comment: str = "") -> None:
        """CSAT 1 to 5."""

    async def correct(self, conversation_id: str, message_id: str, text: str, by: str) -> bool:
        """What staff would have answered instead; the last one counts. False: the answer had been corrected before."""

    async def corrections(self, conversation_id: str) -> dict[str, Correction]:
        """Of a conversation, by the id of the answer that was wrong."""

    async def events(self, conversation_id: str, after: int, limit: int = 200) -> list[Event]:
        """Stored events after that number, in order."""

    async def last_event(self, conversation_id: str) -> int:
        """The number of the newest stored event, 0 if none."""

    async def claim_deliveries(self, worker: str, seconds: float, limit: int = 10) -> list[Delivery]:
        """Queued, due and first in their conversation; leased for that long."""

    async def delivery_done(self, delivery_id: str, worker: str, external_ids: Sequence[str]) -> None:
        """It is out."""

    async def delivery_progress(self, delivery_id: str, worker: str, progress: dict[str, object]) -> None:
        """Keeps what is already out."""

    async def delivery_failed(self, delivery_id: str, worker: str, error: str, *, retry_in: float | None) -> None:
        """retry_in seconds; None: for good."""

    async def seen_update(self, inbox_id: str, update_id: int) -> bool:
        """Records a channel's own update number; True if it was there before. Survives restarts."""

    async def knows_update(self, inbox_id: str, update_id: int) -> bool:
        """Whether that number was recorded; records nothing."""

    async def update_offset(self, inbox_id: str) -> int:
        """The highest update number recorded, 0 if none."""
