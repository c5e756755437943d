"""The part of ConversationStore that sends: deliveries claimed once and in order, and what a channel has seen already."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, delete, exists, func, or_, select, update

from bot.conversation.records import Delivery, DeliveryState
from bot.errors import NotFound
from bot.storage.ledger import to_delivery
from bot.storage.sql_turns import SqlTurns
from bot.storage.tables import channel_updates, deliveries, inboxes
from knowledge.storage.columns import insert_new

_QUEUED = DeliveryState.QUEUED.value

_UPDATES_KEPT = timedelta(days=14)
"""A channel repeats an update for a day at most; numbers may start anew after a week of silence."""

_SWEEP_EVERY = 256
"""Updates between two sweeps of old numbers."""


class SqlOutbox(SqlTurns):
    """Claiming and finishing deliveries, recording updates."""

    async def claim_deliveries(self, worker: str, seconds: float, limit: int = 10) -> list[Delivery]:
        """See the port. One that failed for good holds up nothing after it."""
        now = self._clock()
        c, earlier = deliveries.c, deliveries.alias()
        free = and_(c.state == _QUEUED, c.due_at <= now, or_(c.leased_until.is_(None), c.leased_until <= now))
        before = and_(earlier.c.conversation_id == c.conversation_id, earlier.c.state == _QUEUED, earlier.c.seq < c.seq)
        query = select(c.id).where(free, ~exists(select(earlier.c.id).where(before))).order_by(c.due_at, c.id).limit(limit)
        async with self._engine.read() as connection:
            candidates = (await connection.scalars(query)).all()
        claimed: list[Delivery] = []
        for candidate in candidates:
            lease = {"worker": worker, "leased_until": now + timedelta(seconds=seconds), "attempts": c.attempts + 1}
            async with self._engine.write() as connection:
                if (await connection.execute(update(deliveries).where(c.id == candidate, free).values(**lease))).rowcount:
                    row = (await connection.execute(select(deliveries).where(c.id == candidate))).one()
                    claimed.append(to_delivery(row))
        return claimed

    async def delivery_done(self, delivery_id: str, worker: str, external_ids: Sequence[str]) -> None:
        """Nothing happens when it is not this worker's any more."""
        await self._change(
            delivery_id, worker, state=DeliveryState.SENT.value, external_ids=list(external_ids), finished_at=self._clock(), error=""
        )

    async def delivery_progress(self, delivery_id: str, worker: str, progress: dict[str, object]) -> None:
        """What of it is out already."""
        await self._change(delivery_id, worker, progress=progress)

    async def delivery_failed(self, delivery_id: str, worker: str, error: str, *, retry_in: float | None) -> None:
        """See the port."""
        if retry_in is None:
            await self._change(delivery_id, worker, state=DeliveryState.FAILED.value, error=error, finished_at=self._clock())
            return
        due = self._clock() + timedelta(seconds=retry_in)
        await self._change(delivery_id, worker, error=error, due_at=due, leased_until=None, worker=None)

    async def _change(self, delivery_id: str, by: str, /, **values: object) -> None:
        c = deliveries.c
        mine = and_(c.id == delivery_id, c.worker == by, c.state == _QUEUED)
        async with self._engine.write() as connection:
            await connection.execute(update(deliveries).where(mine).values(**values))

    async def seen_update(self, inbox_id: str, update_id: int) -> bool:
        """See the port. Raises NotFound for an inbox that is gone."""
        now = self._clock()
        c = channel_updates.c
        async with self._engine.write() as connection:
            shop_id = await connection.scalar(select(inboxes.c.shop_id).where(inboxes.c.id == inbox_id))
            if shop_id is None:
                raise NotFound("There is no such inbox.")
            values = {"inbox_id": inbox_id, "update_id": update_id, "shop_id": shop_id, "at": now}
            new = await insert_new(connection, channel_updates, values)
            if new and update_id % _SWEEP_EVERY == 0:
                await connection.execute(delete(channel_updates).where(c.inbox_id == inbox_id, c.at < now - _UPDATES_KEPT))
        return not new

    async def knows_update(self, inbox_id: str, update_id: int) -> bool:
        """See the port."""
        c = channel_updates.c
        async with self._engine.read() as connection:
            known = await connection.scalar(select(c.update_id).where(c.inbox_id == inbox_id, c.update_id == update_id))
        return known is not None

    async def update_offset(self, inbox_id: str) -> int:
        """The highest update number recorded, 0 if none."""
        c = channel_updates.c
        async with self._engine.read() as connection:
            return int(await connection.scalar(select(func.max(c.update_id)).where(c.inbox_id == inbox_id)) or 0)
