"""Leases: work that one of all the processes on a database does at a time, and that another takes over when that one died."""

from datetime import timedelta

from sqlalchemy import delete, update

from knowledge.storage.columns import insert_new
from knowledge.storage.engine import Engine
from knowledge.storage.feed_tables import leases
from knowledge.storage.live_offers import Clock


class SqlLeases:
    """Leases by name; `clock` gives the time in UTC."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def claim(self, name: str, holder: str, seconds: float) -> bool:
        """Takes or renews the lease; False while another holds it."""
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        c = leases.c
        mine = update(leases).where(c.name == name, (c.holder == holder) | (c.until < now)).values(holder=holder, until=until)
        async with self._engine.write() as connection:
            if (await connection.execute(mine)).rowcount:
                return True
            return await insert_new(connection, leases, {"name": name, "holder": holder, "until": until})

    async def release(self, name: str, holder: str) -> None:
        """Gives it back before its time; nothing happens if another holds it."""
        async with self._engine.write() as connection:
            await connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
