"""ConversationStore on SQLAlchemy, for SQLite and PostgreSQL alike. Turns and outbox are in sql_turns.py and sql_outbox.py."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import lifecycle
from bot.conversation.records import Author, ChannelKind, Contact, Conversation, Event, Inbox, Message, Status, TurnState
from bot.errors import Conflict, NotFound
from bot.storage.ledger import Ledger, conversation_values, to_conversation, to_event, to_inbox, to_message
from bot.storage.sql_outbox import SqlOutbox
from bot.storage.sql_verdicts import SqlVerdicts
from bot.storage.tables import (
    contacts,
    conversations,
    corrections,
    deliveries,
    events,
    feedback,
    identities,
    inboxes,
    messages,
    ratings,
    turns,
)
from knowledge.storage import gap_rows
from knowledge.storage.columns import AnyRow, insert_new, new_id

# Asked with every message or news, so built once: building a statement costs more than running it.
_BY_TOKEN = select(conversations).where(conversations.c.id == bindparam("b_id"), conversations.c.token_hash == bindparam("b_hash"))
_OF_SHOP = select(conversations).where(conversations.c.id == bindparam("b_id"), conversations.c.shop_id == bindparam("b_shop"))
_MESSAGE = select(messages).where(messages.c.id == bindparam("b_id"))
_LAST_EVENT = select(conversations.c.last_event).where(conversations.c.id == bindparam("b_id"))
_EVENTS = (
    select(events)
    .where(events.c.conversation_id == bindparam("b_id"), events.c.seq > bindparam("b_after"))
    .order_by(events.c.seq)
    .limit(bindparam("b_limit"))
)


class SqlConversationStore(SqlVerdicts, SqlOutbox):
    """See bot.conversation.store.ConversationStore."""

    # ── inboxes ──

    async def inbox(self, shop_id: str, channel: ChannelKind, name: str = "default") -> Inbox:
        """The inbox, made when it is new."""
        c = inboxes.c
        query = select(inboxes).where(c.shop_id == shop_id, c.channel == channel.value, c.name == name)
        async with self._engine.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            values: dict[str, Any] = {
                "id": new_id(),
                "shop_id": shop_id,
                "channel": channel.value,
                "name": name,
                "settings": {},
                "secret": b"",
            }
            async with self._engine.write() as connection:
                await insert_new(connection, inboxes, values)
                row = (await connection.execute(query)).one()
        return to_inbox(row)

    async def inboxes(self, channel: ChannelKind | None = None) -> list[Inbox]:
        """Of all shops."""
        query = select(inboxes).order_by(inboxes.c.id)
        if channel is not None:
            query = query.where(inboxes.c.channel == channel.value)
        async with self._engine.read() as connection:
            return [to_inbox(row) for row in await connection.execute(query)]

    async def save_inbox(self, inbox: Inbox) -> None:
        """New or changed. One of another shop is never touched."""
        changed = {"name": inbox.name, "settings": inbox.settings, "secret": inbox.secret}
        values = {"id": inbox.id, "shop_id": inbox.shop_id, "channel": inbox.channel.value, **changed}
        async with self._engine.write() as connection:
            if not await insert_new(connection, inboxes, values):
                mine = and_(inboxes.c.id == inbox.id, inboxes.c.shop_id == inbox.shop_id)
                if not (await connection.execute(update(inboxes).where(mine).values(**changed))).rowcount:
                    raise Conflict("An inbox of this channel and name exists already; change that one.")

    # ── beginning ──

    async def start(
        self, inbox: Inbox, address: str = "", *, token_hash: str = "", language: str = "", contact_id: str = ""
    ) -> Conversation:
        """See the port. Raises NotFound for a contact that this shop does not have."""
        async with self._engine.write() as connection:
            if contact_id:
                mine = and_(contacts.c.id == contact_id, contacts.c.shop_id == inbox.shop_id)
                if await connection.scalar(select(contacts.c.id).where(mine)) is None:
                    raise NotFound("There is no such customer.")
            else:
                contact_id = await self._new_contact(connection, inbox.shop_id, "", language)
            return await self._new_conversation(connection, inbox, address, contact_id, token_hash, language)

    async def open_for(self, inbox: Inbox, address: str, *, name: str = "", language: str = "") -> Conversation:
        """See the port."""
        mine = and_(identities.c.inbox_id == inbox.id, identities.c.address == address)
        c = conversations.c
        unresolved = and_(c.inbox_id == inbox.id, c.address == address, c.status != Status.RESOLVED.value)
        query = select(conversations).where(unresolved).order_by(c.created_at.desc(), c.id.desc()).limit(1)
        async with self._engine.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is not None:
            return to_conversation(row)
        async with self._engine.write() as connection:
            # The identity's row orders two first messages of one address.
            contact_id = await connection.scalar(select(identities.c.contact_id).where(mine).with_for_update())
            if contact_id is None:
                fresh = await self._new_contact(connection, inbox.shop_id, name, language)
                values = {"inbox_id": inbox.id, "address": address, "shop_id": inbox.shop_id, "contact_id": fresh}
                if not await insert_new(connection, identities, values):
                    await connection.execute(delete(contacts).where(contacts.c.id == fresh))
                contact_id = await connection.scalar(select(identities.c.contact_id).where(mine).with_for_update())
            if contact_id is None:
                raise Conflict("The customer was erased at this moment; write again.")
            row = (await connection.execute(query)).one_or_none()
            if row is not None:
                return to_conversation(row)
            return await self._new_conversation(connection, inbox, address, contact_id, "", language)

    async def _new_contact(self, connection: AsyncConnection, shop_id: str, name: str, language: str) -> str:
        contact_id = new_id()
        values = {"id": contact_id, "shop_id": shop_id, "name": name, "language": language, "reach": "", "created_at": self._clock()}
        await connection.execute(insert(contacts).values(**values))
        return contact_id

    async def _new_conversation(
        self, connection: AsyncConnection, inbox: Inbox, address: str, contact_id: str, token_hash: str, language: str
    ) -> Conversation:
        id, now = new_id(), self._clock()
        conversation = Conversation(
            id=id,
            shop_id=inbox.shop_id,
            inbox_id=inbox.id,
            channel=inbox.channel,
            contact_id=contact_id,
            address=address or id,
            status=Status.ASSISTANT,
            language=language,
            created_at=now,
            updated_at=now,
        )
        fixed = {
            "id": id,
            "shop_id": inbox.shop_id,
            "inbox_id": inbox.id,
            "channel": inbox.channel.value,
            "contact_id": contact_id,
            "address": conversation.address,
            "token_hash": token_hash,
            "created_at": now,
        }
        await connection.execute(insert(conversations).values(**fixed, **conversation_values(conversation), last_event=0))
        return conversation

    # ── reading ──

    async def by_token(self, conversation_id: str, token_hash: str) -> Conversation | None:
        """None for a wrong token as for an unknown conversation; the empty hash opens nothing."""
        if not token_hash:
            return None
        return await self._conversation(_BY_TOKEN, {"b_id": conversation_id, "b_hash": token_hash})

    async def conversation(self, shop_id: str, conversation_id: str) -> Conversation | None:
        """Of that shop alone."""
        return await self._conversation(_OF_SHOP, {"b_id": conversation_id, "b_shop": shop_id})

    async def _conversation(self, query: Select[Any], key: dict[str, str]) -> Conversation | None:
        async with self._engine.read() as connection:
            row = (await connection.execute(query, key)).one_or_none()
        return None if row is None else to_conversation(row)

    async def conversations(
        self, shop_id: str, statuses: Sequence[Status] = (), *, limit: int = 50, before: datetime | None = None
    ) -> list[Conversation]:
        """Waiting ones first, by who waits longest; then newest activity first. `before`: only with activity before that time."""
        c = conversations.c
        query = select(conversations).where(c.shop_id == shop_id)
        if statuses:
            query = query.where(c.status.in_([status.value for status in statuses]))
        if before is not None:
            query = query.where(c.updated_at < before)
        waits = case((c.status == Status.WAITING.value, 0), else_=1)
        query = query.order_by(waits, case((c.status == Status.WAITING.value, c.waiting_since)), c.updated_at.desc(), c.id.desc())
        async with self._engine.read() as connection:
            return [to_conversation(row) for row in await connection.execute(query.limit(limit))]

    async def messages(self, conversation_id: str, *, after_seq: int = 0, limit: int = 500, notes: bool = False) -> list[Message]:
        """In order. Notes have their place in the count, so a reader without them sees a number left out."""
        c = messages.c
        query = select(messages).where(c.conversation_id == conversation_id, c.seq > after_seq)
        if not notes:
            query = query.where(c.author != Author.NOTE.value)
        async with self._engine.read() as connection:
            return [to_message(row) for row in await connection.execute(query.order_by(c.seq).limit(limit))]

    async def message(self, message_id: str) -> Message | None:
        """By id."""
        async with self._engine.read() as connection:
            row = (await connection.execute(_MESSAGE, {"b_id": message_id})).one_or_none()
        return None if row is None else to_message(row)

    async def last_messages(self, conversation_ids: Sequence[str]) -> dict[str, Message]:
        """By conversation; one without messages is left out."""
        if not conversation_ids:
            return {}
        c = messages.c
        spoken = and_(c.conversation_id.in_(list(conversation_ids)), c.author != Author.NOTE.value)
        newest = select(c.conversation_id, func.max(c.seq).label("seq")).where(spoken).group_by(c.conversation_id).subquery()
        query = select(messages).join(newest, and_(c.conversation_id == newest.c.conversation_id, c.seq == newest.c.seq))
        async with self._engine.read() as connection:
            return {row.conversation_id: to_message(row) for row in await connection.execute(query)}

    async def events(self, conversation_id: str, after: int, limit: int = 200) -> list[Event]:
        """In order."""
        window = {"b_id": conversation_id, "b_after": after, "b_limit": limit}
        async with self._engine.read() as connection:
            return [to_event(row) for row in await connection.execute(_EVENTS, window)]

    async def last_event(self, conversation_id: str) -> int:
        """0: none."""
        async with self._engine.read() as connection:
            return int(await connection.scalar(_LAST_EVENT, {"b_id": conversation_id}) or 0)

    # ── saying and moving ──

    async def say(
        self, conversation_id: str, author: Author, text: str, *, agent_id: str | None = None, agent_name: str = "", external_id: str = ""
    ) -> Message:
        """See the port. Raises NotFound."""
        async with self._engine.write() as connection:
            ledger = await Ledger.open(connection, conversation_id, self._clock(), self._sending)
            if external_id:
                same = and_(messages.c.conversation_id == conversation_id, messages.c.external_id == external_id)
                first = (await connection.execute(select(messages).where(same))).one_or_none()
                if first is not None:
                    return to_message(first)
            message = ledger.say(author, text, agent_id=agent_id, agent_name=agent_name, external_id=external_id)
            await ledger.save()
        return message

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
        """See the port. An agent who takes it answers from now on: open turns end silent. Raises Conflict, NotFound."""
        async with self._engine.write() as connection:
            ledger = await Ledger.open(connection, conversation_id, self._clock(), self._sending)
            before = ledger.conversation.status
            if before not in expected:
                raise Conflict(f"The conversation is {before.value} by now; reload it.", status=before.value)
            ledger.conversation = lifecycle.moved(ledger.conversation, to, ledger.now, agent_id=agent_id, reason=reason, summary=summary)
            if notice:
                ledger.say(Author.SYSTEM, notice)
            await ledger.tell_of_move(before)
            if to is Status.AGENT:
                c = turns.c
                open_ = and_(c.conversation_id == conversation_id, c.state == TurnState.OPEN.value)
                await connection.execute(update(turns).where(open_).values(state=TurnState.SILENT.value, finished_at=ledger.now))
            return await ledger.save()

    async def overdue(self, now: datetime, minutes: float) -> list[Conversation]:
        """Of all shops, longest waiting first."""
        c = conversations.c
        late = and_(c.status == Status.WAITING.value, c.told_nobody_at.is_(None), c.waiting_since <= now - timedelta(minutes=minutes))
        async with self._engine.read() as connection:
            rows = await connection.execute(select(conversations).where(late).order_by(c.waiting_since))
            return [to_conversation(row) for row in rows]

    async def mark_told(self, conversation_id: str, now: datetime, notice: str) -> bool:
        """See the port."""
        async with self._engine.write() as connection:
            try:
                ledger = await Ledger.open(connection, conversation_id, now, self._sending)
            except NotFound:
                return False
            if ledger.conversation.status is not Status.WAITING or ledger.conversation.told_nobody_at is not None:
                return False
            ledger.conversation = replace(ledger.conversation, told_nobody_at=now)
            ledger.say(Author.SYSTEM, notice)
            await ledger.save()
        return True

    async def set_language(self, conversation_id: str, language: str) -> None:
        """A language the customer chose: kept in the memory as well, so that no detection overrules it."""
        mine = conversations.c.id == conversation_id
        async with self._engine.write() as connection:
            memory = await connection.scalar(select(conversations.c.memory).where(mine).with_for_update())
            changed = {"language": language, "memory": {**(memory or {}), "chosen_language": language}}
            await connection.execute(update(conversations).where(mine).values(**changed))

    # ── customers ──

    async def contact(self, contact_id: str) -> Contact | None:
        """By id."""
        async with self._engine.read() as connection:
            row = (await connection.execute(select(contacts).where(contacts.c.id == contact_id))).one_or_none()
        return None if row is None else _to_contact(row)

    async def save_contact(self, contact: Contact) -> None:
        """Changes name, language and reach; never brings back one that was erased."""
        mine = and_(contacts.c.id == contact.id, contacts.c.shop_id == contact.shop_id)
        values = {"name": contact.name, "language": contact.language, "reach": contact.reach}
        async with self._engine.write() as connection:
            await connection.execute(update(contacts).where(mine).values(**values))

    async def find_contacts(self, text: str) -> list[Contact]:
        """By contact id, conversation id, address, or where they asked to be reached; of all shops."""
        text = text.strip()
        if not text:
            return []
        named = or_(
            contacts.c.id == text,
            contacts.c.reach == text,
            exists().where(identities.c.contact_id == contacts.c.id, identities.c.address == text),
            exists().where(conversations.c.contact_id == contacts.c.id, or_(conversations.c.id == text, conversations.c.address == text)),
        )
        async with self._engine.read() as connection:
            return [_to_contact(row) for row in await connection.execute(select(contacts).where(named).order_by(contacts.c.id))]

    async def forget(self, contact_id: str) -> dict[str, int]:
        """See the port. On SQLite the freed bytes are overwritten and the write-ahead log is emptied."""
        erased: dict[str, int] = {}
        mine = select(conversations.c.id).where(conversations.c.contact_id == contact_id)
        async with self._engine.write() as connection:
            # Locked first: a turn that is being finished either is erased with the rest or finds nothing.
            await connection.execute(mine.with_for_update())
            for table in (feedback, ratings, corrections, deliveries, events, turns, messages):
                result = await connection.execute(delete(table).where(table.c.conversation_id.in_(mine)))
                erased[table.name] = result.rowcount
            erased["gap_questions"] = await gap_rows.forget(connection, mine)
            for table in (conversations, identities):
                result = await connection.execute(delete(table).where(table.c.contact_id == contact_id))
                erased[table.name] = result.rowcount
            erased["contacts"] = (await connection.execute(delete(contacts).where(contacts.c.id == contact_id))).rowcount
        await self._engine.scrub()
        return erased

    async def close(self) -> None:
        """Closes the engine, which others may share."""
        await self._engine.dispose()


def _to_contact(row: AnyRow) -> Contact:
    return Contact(row.id, row.shop_id, row.name, row.language, row.reach, row.created_at)
