"""The part of ConversationStore that takes messages in and answers each exactly once."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import lifecycle
from bot.conversation.bursts import as_one
from bot.conversation.records import Author, ChannelKind, Conversation, IncomingMessage, Message, Status, Turn, TurnState
from bot.conversation.store import Finished, Received
from bot.errors import NotFound
from bot.storage.ledger import Ledger, to_conversation, to_message, to_turn
from bot.storage.tables import conversations, messages, turns
from knowledge.catalog import utc_now
from knowledge.storage.columns import AnyRow, new_id
from knowledge.storage.engine import Engine

_HISTORY = 20
_AT_A_TIME = 8
"""Open turns looked at before the next look."""

# Built once: building a statement costs more than running it.
_OPEN = turns.c.state == TurnState.OPEN.value
_earlier = turns.alias()
_FIRST = ~exists(
    select(_earlier.c.id).where(
        _earlier.c.conversation_id == turns.c.conversation_id, _earlier.c.state == TurnState.OPEN.value, _earlier.c.seq < turns.c.seq
    )
)
_FREE = and_(_OPEN, or_(turns.c.leased_until.is_(None), turns.c.leased_until <= bindparam("b_now")), _FIRST)
_MINE = and_(turns.c.id == bindparam("b_id"), turns.c.worker == bindparam("b_worker"), _OPEN)
_FREE_TURNS = select(turns.c.id).where(_FREE).order_by(turns.c.received_at, turns.c.id).limit(_AT_A_TIME)
_CLAIM = update(turns).where(turns.c.id == bindparam("b_id"), _FREE).values(attempts=turns.c.attempts + 1)
_CHANGE_MINE = update(turns).where(_MINE)
_CONVERSATION_OF_MINE = select(turns.c.conversation_id).where(_MINE)
_INSERT_TURN = insert(turns)
_TURN = select(turns).where(turns.c.id == bindparam("b_id"))
_TURN_OF_MESSAGE = select(turns).where(or_(turns.c.message_id == bindparam("b_id"), turns.c.answer_id == bindparam("b_id")))
_SAME_MESSAGE = select(messages).where(
    messages.c.conversation_id == bindparam("b_conversation"), messages.c.external_id == bindparam("b_external")
)
_CONVERSATION = select(conversations).where(conversations.c.id == bindparam("b_id"))
_OPEN_OF = select(turns.c.id).where(turns.c.conversation_id == bindparam("b_conversation"), _OPEN)
_JOIN = update(turns).where(turns.c.id == bindparam("b_id"), _OPEN).values(state=TurnState.JOINED.value, leased_until=None)
_BEFORE = (
    select(turns.c.message_id, turns.c.state)
    .where(turns.c.conversation_id == bindparam("b_conversation"), turns.c.seq < bindparam("b_seq"))
    .order_by(turns.c.seq.desc())
    .limit(_HISTORY)
)
_AFTER = (
    select(turns)
    .where(
        turns.c.conversation_id == bindparam("b_conversation"),
        turns.c.state != TurnState.JOINED.value,
        turns.c.seq > select(_earlier.c.seq).where(_earlier.c.id == bindparam("b_id")).scalar_subquery(),
    )
    .order_by(turns.c.seq)
    .limit(1)
)
_UP_TO_MESSAGE = (
    select(messages)
    .where(
        messages.c.conversation_id == bindparam("b_conversation"),
        messages.c.author != Author.NOTE.value,
        messages.c.seq <= select(_earlier.c.seq).where(_earlier.c.message_id == bindparam("b_message")).scalar_subquery(),
    )
    .order_by(messages.c.seq.desc())
    .limit(_HISTORY + 1)
)


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

    async def receive(self, conversation: Conversation, message: IncomingMessage, *, greeting: str = "", joins: bool = False) -> Received:
        """See the port. A `greeting` goes before the conversation's first message. Raises NotFound if it was erased."""
        async with self._engine.write() as connection:
            ledger = await Ledger.open(connection, conversation.id, self._clock(), self._sending)
            if message.external_id:
                same = {"b_conversation": conversation.id, "b_external": message.external_id}
                first = (await connection.execute(_SAME_MESSAGE, same)).one_or_none()
                if first is not None:
                    turn = (await connection.execute(_TURN_OF_MESSAGE, {"b_id": first.id})).one_or_none()
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
            joined = await self._join(connection, conversation.id, ledger.now) if joins and state is TurnState.OPEN else ()
            values = {
                "id": turn_.id,
                "shop_id": kept.shop_id,
                "conversation_id": kept.id,
                "message_id": said.id,
                "seq": said.seq,
                "state": state.value,
                "attempts": 0,
                "received_at": ledger.now,
                "finished_at": ledger.now if state is TurnState.SILENT else None,
            }
            await connection.execute(_INSERT_TURN, values)
        return Received(kept, said, turn_, new=True, joined=joined)

    async def _join(self, connection: AsyncConnection, conversation_id: str, now: datetime) -> tuple[str, ...]:
        """Ends the open turns of a conversation that is ours in this transaction: their workers find at the end that nothing is to be said."""
        found = (await connection.scalars(_OPEN_OF, {"b_conversation": conversation_id})).all()
        for turn_id in found:
            await connection.execute(_JOIN, {"b_id": turn_id, "finished_at": now})
        return tuple(found)

    async def claim_turn(self, worker: str, seconds: float, *, turn_id: str | None = None) -> Turn | None:
        """See the port. Oldest first. A worker's own lease counts as anybody's: until it has run out the turn is not given again."""
        now = self._clock()
        lease = {"b_now": now, "worker": worker, "leased_until": now + timedelta(seconds=seconds)}
        while True:
            candidates: Sequence[str] = (turn_id,) if turn_id is not None else await self._free_turns(now)
            for candidate in candidates:
                async with self._engine.write() as connection:
                    # The condition stands in the claim too: between look and write somebody else may have been faster.
                    if (await connection.execute(_CLAIM, {"b_id": candidate, **lease})).rowcount:
                        return to_turn((await connection.execute(_TURN, {"b_id": candidate})).one())
            if len(candidates) < _AT_A_TIME:
                return None

    async def _free_turns(self, now: datetime) -> Sequence[str]:
        async with self._engine.read() as connection:
            return (await connection.scalars(_FREE_TURNS, {"b_now": now})).all()

    async def renew_turn(self, turn_id: str, worker: str, seconds: float) -> bool:
        """False when the turn is not this worker's any more."""
        until = self._clock() + timedelta(seconds=seconds)
        async with self._engine.write() as connection:
            return (await connection.execute(_CHANGE_MINE, {"b_id": turn_id, "b_worker": worker, "leased_until": until})).rowcount > 0

    async def finish_turn(self, turn_id: str, worker: str, finished: Finished) -> Message | None:
        """See the port. Only the last claimer's answer counts, even if its lease has run out, as long as nobody claimed the turn since."""
        mine = {"b_id": turn_id, "b_worker": worker}
        async with self._engine.write() as connection:
            conversation_id = await connection.scalar(_CONVERSATION_OF_MINE, mine)
            if conversation_id is None:
                return None
            try:
                ledger = await Ledger.open(connection, conversation_id, self._clock(), self._sending)
            except NotFound:  # erased while we were thinking
                return None
            done: dict[str, Any] = {"finished_at": ledger.now, "trace": finished.trace, "leased_until": None}
            message: Message | None = None
            if ledger.conversation.status is Status.AGENT:
                done["state"] = TurnState.SILENT.value
            else:
                message = ledger.say(Author.ASSISTANT, finished.text, answer=finished.answer)
                done |= {"state": TurnState.ANSWERED.value, "answer_id": message.id}
            # Asked again now that the conversation is ours: whoever closed or claimed the turn meanwhile has committed.
            if not (await connection.execute(_CHANGE_MINE, {**mine, **done})).rowcount or message is None:
                return None
            before = ledger.conversation.status
            after = lifecycle.answered(ledger.conversation, ledger.now, finished.handoff_reason, finished.handoff_summary)
            ledger.conversation = replace(after, memory=finished.memory, language=finished.language or after.language)
            if after.status is not before:
                await ledger.tell_of_move(before)
            await ledger.save()
        return message

    async def turn(self, turn_id: str) -> Turn | None:
        """By id."""
        return await self._turn(_TURN, turn_id)

    async def turn_instead(self, turn: Turn) -> Turn | None:
        """See the port."""
        if turn.state is not TurnState.JOINED:
            return turn
        async with self._engine.read() as connection:
            row = (await connection.execute(_AFTER, {"b_conversation": turn.conversation_id, "b_id": turn.id})).one_or_none()
        return None if row is None else to_turn(row)

    async def turn_of_message(self, message_id: str) -> Turn | None:
        """The turn that this message opened or that it answers."""
        return await self._turn(_TURN_OF_MESSAGE, message_id)

    async def _turn(self, query: Select[Any], id: str) -> Turn | None:
        async with self._engine.read() as connection:
            row = (await connection.execute(query, {"b_id": id})).one_or_none()
        return None if row is None else to_turn(row)

    async def conversation_of_turn(self, turn: Turn) -> tuple[Conversation, Message, list[Message]] | None:
        """See the port."""
        async with self._engine.read() as connection:
            row = (await connection.execute(_CONVERSATION, {"b_id": turn.conversation_id})).one_or_none()
            up_to = {"b_conversation": turn.conversation_id, "b_message": turn.message_id}
            rows = (await connection.execute(_UP_TO_MESSAGE, up_to)).all()
            before: Sequence[AnyRow] = ()
            if len(rows) > 1 and rows[1].author == Author.CUSTOMER.value:
                before = (await connection.execute(_BEFORE, {"b_conversation": turn.conversation_id, "b_seq": rows[0].seq})).all()
        if row is None or not rows:
            return None
        newest, *history = (to_message(found) for found in rows)
        joined = {one.message_id for one in itertools.takewhile(lambda one: one.state == TurnState.JOINED.value, before)}
        fragments = [message.text for message in history[::-1] if message.id in joined]
        whole = replace(newest, text=as_one([*fragments, newest.text])) if fragments else newest
        return to_conversation(row), whole, [message for message in history[::-1] if message.id not in joined]
