"""What a conversation is made of. Small, immutable, the same words as in the tables and at the doors."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Author(StrEnum):
    """Who said it. `agent` is always a human; `system` are greetings and notices; `note` is for staff alone."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    AGENT = "agent"
    SYSTEM = "system"
    NOTE = "note"


class Status(StrEnum):
    """Who holds the conversation: exactly one."""

    ASSISTANT = "assistant"
    WAITING = "waiting"
    AGENT = "agent"
    RESOLVED = "resolved"


class ChannelKind(StrEnum):
    """The kinds of route to a customer."""

    WEB = "web"
    TELEGRAM = "telegram"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Inbox:
    """One configured instance of a channel: one bot token, one website, one terminal."""

    id: str
    shop_id: str
    channel: ChannelKind
    name: str
    settings: dict[str, object] = field(default_factory=dict)
    secret: bytes = b""
    """Encrypted; only the channel's adapter has it decrypted."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer of one shop."""

    id: str
    shop_id: str
    name: str = ""
    language: str = ""
    reach: str = ""
    """Where the customer asked to be reached when nobody was there."""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One contact, one inbox, one stretch of time."""

    id: str
    shop_id: str
    inbox_id: str
    channel: ChannelKind
    contact_id: str
    address: str
    """Where replies go on that inbox: chat id, or the conversation itself for the web."""
    status: Status
    language: str = ""
    agent_id: str | None = None
    """The member of staff who holds it; set exactly while status is `agent`."""
    memory: dict[str, object] = field(default_factory=dict)
    """bot.understanding.question.Memory as JSON."""
    last_seq: int = 0
    handoff_reason: str = ""
    handoff_summary: str = ""
    waiting_since: datetime | None = None
    told_nobody_at: datetime | None = None
    """When the customer was told that nobody came; None: not in this episode."""
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message at the door. `external_id` is unique in its conversation: the same one twice is the same message."""

    inbox_id: str
    address: str
    external_id: str
    text: str
    language: str = ""
    """What a text that does not tell its language is answered in; "" for that of the message before."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One utterance. `seq` counts 1, 2, 3 within the conversation without holes."""

    id: str
    conversation_id: str
    seq: int
    author: Author
    text: str
    at: datetime
    external_id: str = ""
    answer: dict[str, object] | None = None
    """The Answer as JSON, of assistant messages."""
    agent_id: str | None = None
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a member of staff says in place of an answer. `message_id`: the answer that was wrong; `by`: their name."""

    message_id: str
    text: str
    by: str
    at: datetime


class TurnState(StrEnum):
    """A turn is open from the customer's message until its answer is stored; silent: held by an agent, nothing to answer; joined: the customer
    went on writing before it was answered, so the next turn answers for both."""

    OPEN = "open"
    ANSWERED = "answered"
    SILENT = "silent"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Turn:
    """One incoming message and everything done about it."""

    id: str
    conversation_id: str
    message_id: str
    state: TurnState
    attempts: int
    received_at: datetime
    answer_id: str | None = None
    trace: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """News of a conversation, past tense, numbered per conversation; what a stream resumes from. `data` is JSON for the browser."""

    conversation_id: str
    seq: int
    type: str
    """message, handoff, presence, ended."""
    data: dict[str, object]
    at: datetime


class DeliveryState(StrEnum):
    """Of an outgoing message on a channel that must send it."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job: send this message on its channel. Claimed by one worker at a time; in order within a conversation."""

    id: str
    shop_id: str
    conversation_id: str
    message_id: str
    inbox_id: str
    address: str
    attempts: int
    progress: dict[str, object] = field(default_factory=dict)
    """What of it is already out (parts sent), so that a retry sends only the rest."""
