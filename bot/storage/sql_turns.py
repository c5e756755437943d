"""The part of ConversationStore that takes messages in and answers each exactly once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, insert, or_, select, update

from bot.conversation import lifecycle
from bot.conversation.records import Author, ChannelKind, Conversation, IncomingMessage, Message, Status, Turn, TurnState
from bot.conversation.store import Finished, Received
from bot.errors import NotFound
from bot.storage.ledger import Ledger, to_conversation, to_message, to_turn
from bot.storage.tables import conversations, messages, turns
from knowledge.catalog import utc_now
from knowledge.storage.columns import new_id
from knowledge.storage.engine import Engine

_HISTORY = 20
_CANDIDATES = 8


class SqlTurns:
    """Receiving, claiming, finishing. `clock` gives the time in UTC; on `sending_channels` what is said is put in the outbox."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime] = utc_now,
        sending_channels: frozenset[ChannelKind] = frozenset({ChannelKind.TELEGRAM}),
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._sending = sending_channels

    async def receive(self, conversation: Conversation, message: IncomingMessage, *, greeting: str = "") -> Received:
        """See the port. A `greeting` goes before the conversation's first message. Raises NotFound if it was erased."""
        async with self._engine.write() as connection:
            ledger = await Ledger.open(connection, conversation.id, self._clock(), self._sending)
            if message.external_id:
                same = and_(messages.c.conversation_id == conversation.id, messages.c.external_id == message.external_id)
                first = (await connection.execute(select(messages).where(same))).one_or_none()
                if first is not None:
                    turn = (await connection.execute(select(turns).where(turns.c.message_id == first.id))).one_or_none()
                    if turn is None:
                        raise NotFound("The external id belongs to a message that is not the customer's.")
                    return Received(ledger.conversation, to_message(first), to_turn(turn), new=False)
            if greeting and ledger.conversation.last_seq == 0:
                ledger.say(Author.SYSTEM, greeting)
            ledger.conversation = lifecycle.written_to(ledger.conversation, ledger.now)
            if message.language:
                ledger.conversation = replace(ledger.conversation, language=message.language)
            said = ledger.say(Author.CUSTOMER, message.text, external_id=message.external_id)
            state = TurnState.SILENT if ledger.conversation.status is Status.AGENT else TurnState.OPEN
            turn_ = Turn(new_id(), conversation.id, said.id, state, 0, ledger.now)
            kept = await ledger.save()
            await connection.execute(
                insert(turns).values(
                    id=turn_.id,
                    shop_id=kept.shop_id,
                    conversation_id=kept.id,
                    message_id=said.id,
                    seq=said.seq,
                    state=state.value,
                    attempts=0,
                    received_at=ledger.now,
                    finished_at=ledger.now if state is TurnState.SILENT else None,
                )
            )
        return Received(kept, said, turn_, new=True)

    async def claim_turn(self, worker: str, seconds: float, *, turn_id: str | None = None) -> Turn | None:
        """See the port. Oldest first. A worker's own lease counts as anybody's: until it has run out the turn is not given again."""
        earlier = turns.alias()
        before = and_(
            earlier.c.conversation_id == turns.c.conversation_id, earlier.c.state == TurnState.OPEN.value, earlier.c.seq < turns.c.seq
        )
        now = self._clock()
        free = and_(turns.c.state == TurnState.OPEN.value, or_(turns.c.leased_until.is_(None), turns.c.leased_until <= now))
        query = select(turns.c.id).where(free, ~exists(select(earlier.c.id).where(before)))
        if turn_id is not None:
            query = query.where(turns.c.id == turn_id)
        query = query.order_by(turns.c.received_at, turns.c.id).limit(_CANDIDATES)
        while True:
            async with self._engine.read() as connection:
                candidates = (await connection.scalars(query)).all()
            for candidate in candidates:
                lease = {"worker": worker, "leased_until": now + timedelta(seconds=seconds), "attempts": turns.c.attempts + 1}
                async with self._engine.write() as connection:
                    # The condition again: between the look and the write somebody else may have claimed it.
                    taken = await connection.execute(update(turns).where(turns.c.id == candidate, free).values(**lease))
                    if taken.rowcount:
                        return to_turn((await connection.execute(select(turns).where(turns.c.id == candidate))).one())
            if len(candidates) < _CANDIDATES:
                return None

    async def renew_turn(self, turn_id: str, worker: str, seconds: float) -> bool:
        """False when the turn is not this worker's any more."""
        mine = and_(turns.c.id == turn_id, turns.c.worker == worker, turns.c.state == TurnState.OPEN.value)
        until = self._clock() + timedelta(seconds=seconds)
        async with self._engine.write() as connection:
            return (await connection.execute(update(turns).where(mine).values(leased_until=until))).rowcount > 0

    async def finish_turn(self, turn_id: str, worker: str, finished: Finished) -> Message | None:
        """See the port. Only the last claimer's answer counts, even if its lease has run out, as long as nobody claimed the turn since."""
        mine = and_(turns.c.id == turn_id, turns.c.worker == worker, turns.c.state == TurnState.OPEN.value)
        async with self._engine.write() as connection:
            conversation_id = await connection.scalar(select(turns.c.conversation_id).where(mine))
            if conversation_id is None:
                return None
            try:
                ledger = await Ledger.open(connection, conversation_id, self._clock(), self._sending)
            except NotFound:  # erased while we were thinking
                return None
            silent = ledger.conversation.status is Status.AGENT
            done: dict[str, Any] = {"finished_at": ledger.now, "trace": finished.trace, "leased_until": None}
            done["state"] = (TurnState.SILENT if silent else TurnState.ANSWERED).value
            # Asked again now that the conversation is ours: whoever closed or claimed the turn meanwhile has committed.
            if not (await connection.execute(update(turns).where(mine).values(**done))).rowcount or silent:
                return None
            before = ledger.conversation.status
            message = ledger.say(Author.ASSISTANT, finished.text, answer=finished.answer)
            after = lifecycle.answered(ledger.conversation, ledger.now, finished.handoff_reason, finished.handoff_summary)
            ledger.conversation = replace(after, memory=finished.memory, language=finished.language or after.language)
            if after.status is not before:
                await ledger.tell_of_move(before)
            await ledger.save()
            await connection.execute(update(turns).where(turns.c.id == turn_id).values(answer_id=message.id))
        return message

    async def turn(self, turn_id: str) -> Turn | None:
        """By id."""
        return await self._turn(turns.c.id == turn_id)

    async def turn_of_message(self, message_id: str) -> Turn | None:
        """The turn that this message opened or that it answers."""
        return await self._turn(or_(turns.c.message_id == message_id, turns.c.answer_id == message_id))

    async def _turn(self, condition: Any) -> Turn | None:
        async with self._engine.read() as connection:
            row = (await connection.execute(select(turns).where(condition))).one_or_none()
        return None if row is None else to_turn(row)

    async def conversation_of_turn(self, turn: Turn) -> tuple[Conversation, Message, list[Message]] | None:
        """See the port."""
        c = messages.c
        opened_at = select(c.seq).where(c.id == turn.message_id).scalar_subquery()
        spoken = and_(c.conversation_id == turn.conversation_id, c.author != Author.NOTE.value, c.seq <= opened_at)
        async with self._engine.read() as connection:
            row = (await connection.execute(select(conversations).where(conversations.c.id == turn.conversation_id))).one_or_none()
            rows = (await connection.execute(select(messages).where(spoken).order_by(c.seq.desc()).limit(_HISTORY + 1))).all()
        if row is None or not rows:
            return None
        newest, *history = (to_message(found) for found in rows)
        return to_conversation(row), newest, history[::-1]
