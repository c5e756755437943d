"""One conversation inside a write transaction: its row is locked, messages and events get their numbers, all is written at the end."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.records import (
    Author,
    ChannelKind,
    Conversation,
    Delivery,
    DeliveryState,
    Event,
    Inbox,
    Message,
    Status,
    Turn,
    TurnState,
)
from bot.errors import NotFound
from bot.storage.tables import conversations, deliveries, events, messages, users
from knowledge.storage.columns import AnyRow, new_id

# Built once: building a statement costs more than running it.
_LOCK = select(conversations).where(conversations.c.id == bindparam("b_id")).with_for_update()
_SAVE = update(conversations).where(conversations.c.id == bindparam("b_id"))
_INSERT_MESSAGE, _INSERT_EVENT, _INSERT_DELIVERY = insert(messages), insert(events), insert(deliveries)

_SENT = (Author.ASSISTANT, Author.AGENT, Author.SYSTEM)


class Ledger:
    """Appends in memory, numbered without holes since the row is ours; `save` writes messages, events, deliveries and the row."""

    def __init__(self, connection: AsyncConnection, row: AnyRow, now: datetime, sending: frozenset[ChannelKind]) -> None:
        self.conversation = to_conversation(row)
        self.now = now
        self._connection = connection
        self._last_event: int = row.last_event
        self._sends = self.conversation.channel in sending
        self._messages: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._deliveries: list[dict[str, Any]] = []

    @staticmethod
    async def open(connection: AsyncConnection, conversation_id: str, now: datetime, sending: frozenset[ChannelKind]) -> "Ledger":
        """Locks the conversation. Raises NotFound."""
        row = (await connection.execute(_LOCK, {"b_id": conversation_id})).one_or_none()
        if row is None:
            raise NotFound("There is no such conversation.")
        return Ledger(connection, row, now, sending)

    def say(
        self,
        author: Author,
        text: str,
        *,
        external_id: str = "",
        answer: dict[str, object] | None = None,
        agent_id: str | None = None,
        agent_name: str = "",
    ) -> Message:
        """Appends a message, its event (none for a note) and on a channel that sends its delivery."""
        seq = self.conversation.last_seq + 1
        self.conversation = replace(self.conversation, last_seq=seq, updated_at=self.now)
        message = Message(
            new_id(), self.conversation.id, seq, author, text, self.now, external_id, answer, agent_id=agent_id, agent_name=agent_name
        )
        own = self._own()
        values = {"id": message.id, "seq": seq, "author": author.value, "text": text, "at": self.now, "external_id": external_id or None}
        self._messages.append({**own, **values, "answer": answer, "agent_id": agent_id, "agent_name": agent_name})
        if author is not Author.NOTE:
            self.tell("message", message_json(message))
        if self._sends and author in _SENT:
            self._deliveries.append(
                {
                    **own,
                    "id": new_id(),
                    "message_id": message.id,
                    "inbox_id": self.conversation.inbox_id,
                    "address": self.conversation.address,
                    "seq": seq,
                    "state": DeliveryState.QUEUED.value,
                    "attempts": 0,
                    "due_at": self.now,
                    "progress": {},
                    "external_ids": [],
                    "error": "",
                }
            )
        return message

    def tell(self, type: str, data: dict[str, object]) -> None:
        """Appends an event."""
        self._last_event += 1
        self._events.append({**self._own(), "seq": self._last_event, "type": type, "data": data, "at": self.now})

    async def tell_of_move(self, before: Status) -> None:
        """The events that a change of holder is told by."""
        after = self.conversation
        if Status.AGENT in (before, after.status):
            here = after.status is Status.AGENT
            name = await self._connection.scalar(select(users.c.name).where(users.c.id == after.agent_id)) if here else ""
            self.tell("presence", {"status": after.status.value, "present": here, "agent_name": name or ""})
        if after.status is Status.WAITING:
            self.tell("handoff", {"status": after.status.value, "reason": after.handoff_reason})
        elif before is Status.WAITING and after.status is Status.ASSISTANT:
            self.tell("presence", {"status": after.status.value, "present": False, "agent_name": ""})
        if after.status is Status.RESOLVED:
            self.tell("ended", {"status": after.status.value})

    async def save(self) -> Conversation:
        """Writes everything; call it once, last."""
        if self._messages:
            await self._connection.execute(_INSERT_MESSAGE, self._messages)
        if self._events:
            await self._connection.execute(_INSERT_EVENT, self._events)
        if self._deliveries:
            await self._connection.execute(_INSERT_DELIVERY, self._deliveries)
        values = conversation_values(self.conversation)
        await self._connection.execute(_SAVE, {"b_id": self.conversation.id, **values, "last_event": self._last_event})
        return self.conversation

    def _own(self) -> dict[str, Any]:
        return {"shop_id": self.conversation.shop_id, "conversation_id": self.conversation.id}


def message_json(message: Message) -> dict[str, object]:
    """A message as the front doors show it: what an event of type "message" carries."""
    data: dict[str, object] = {
        "id": message.id,
        "seq": message.seq,
        "author": message.author.value,
        "text": message.text,
        "at": message.at.isoformat().replace("+00:00", "Z"),
    }
    if message.answer is not None:
        data["answer"] = message.answer
    if message.agent_name:
        data["agent_name"] = message.agent_name
    return data


def conversation_values(conversation: Conversation) -> dict[str, Any]:
    """The columns of a conversation that change in its life."""
    return {
        "status": conversation.status.value,
        "language": conversation.language,
        "agent_id": conversation.agent_id,
        "memory": conversation.memory,
        "last_seq": conversation.last_seq,
        "handoff_reason": conversation.handoff_reason,
        "handoff_summary": conversation.handoff_summary,
        "waiting_since": conversation.waiting_since,
        "told_nobody_at": conversation.told_nobody_at,
        "updated_at": conversation.updated_at,
    }


def to_conversation(row: AnyRow) -> Conversation:
    """From a row of the table."""
    return Conversation(
        id=row.id,
        shop_id=row.shop_id,
        inbox_id=row.inbox_id,
        channel=ChannelKind(row.channel),
        contact_id=row.contact_id,
        address=row.address,
        status=Status(row.status),
        language=row.language,
        agent_id=row.agent_id,
        memory=row.memory,
        last_seq=row.last_seq,
        handoff_reason=row.handoff_reason,
        handoff_summary=row.handoff_summary,
        waiting_since=row.waiting_since,
        told_nobody_at=row.told_nobody_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def to_message(row: AnyRow) -> Message:
    """From a row of the table."""
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=Author(row.author),
        text=row.text,
        at=row.at,
        external_id=row.external_id or "",
        answer=row.answer,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
    )


def to_turn(row: AnyRow) -> Turn:
    """From a row of the table."""
    return Turn(row.id, row.conversation_id, row.message_id, TurnState(row.state), row.attempts, row.received_at, row.answer_id, row.trace)


def to_event(row: AnyRow) -> Event:
    """From a row of the table."""
    return Event(row.conversation_id, row.seq, row.type, row.data, row.at)


def to_delivery(row: AnyRow) -> Delivery:
    """From a row of the table."""
    return Delivery(row.id, row.shop_id, row.conversation_id, row.message_id, row.inbox_id, row.address, row.attempts, row.progress)


def to_inbox(row: AnyRow) -> Inbox:
    """From a row of the table."""
    return Inbox(row.id, row.shop_id, ChannelKind(row.channel), row.name, row.settings, row.secret)
