"""SpendStore on SQLAlchemy, for SQLite and PostgreSQL alike."""

import hashlib

from sqlalchemy import func, select, text, update

from bot.language_model.spending import Payment, Period, Spent, days_of
from bot.language_model.usage import Usage
from bot.storage.spending_table import model_spending
from knowledge.storage.columns import upsert
from knowledge.storage.engine import Engine

_NOTHING = {"nanos": 0, "calls": 0, "estimated": 0, "refused": 0, "tokens_in": 0, "tokens_out": 0}
_KEY = ("shop_id", "day", "currency")


class SqlSpendStore:
    """See bot.language_model.spending.SpendStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def pay(self, payment: Payment, caps: dict[Period, int]) -> Period | None:
        """See the port."""
        c = model_spending.c
        async with self._engine.write() as connection:
            if self._engine.name == "postgresql" and caps:
                # The caps are over the sum of several rows, one of which may not be there yet: no row can be locked. On SQLite there is one writer.
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_of(payment.shop_id)})
            refused: Period | None = None
            for period, cap in caps.items():
                first, last = days_of(period, payment.day)
                same = (c.shop_id == payment.shop_id, c.currency == payment.currency, c.day >= first, c.day <= last)
                spent = int(await connection.scalar(select(func.coalesce(func.sum(c.nanos), 0)).where(*same)) or 0)
                if cap <= 0 or spent + payment.nanos > cap:
                    refused = period
                    break
            key = {"shop_id": payment.shop_id, "day": payment.day, "currency": payment.currency}
            added = {"refused": 1} if refused else {"calls": 1, "nanos": payment.nanos}
            changed = {name: c[name] + value for name, value in added.items()}
            await upsert(connection, model_spending, _KEY, {**key, **_NOTHING, **added}, changed)
        return refused

    async def settle(self, payment: Payment, usage: Usage, nanos: int, *, made: bool) -> None:
        """See the port."""
        c = model_spending.c
        mine = update(model_spending).where(c.shop_id == payment.shop_id, c.day == payment.day, c.currency == payment.currency)
        values = {
            "nanos": c.nanos - payment.nanos + nanos,
            "calls": c.calls - (0 if made else 1),
            "estimated": c.estimated + int(usage.estimated),
            "tokens_in": c.tokens_in + usage.tokens_in,
            "tokens_out": c.tokens_out + usage.tokens_out,
        }
        async with self._engine.write() as connection:
            await connection.execute(mine.values(**values))

    async def spent(self, shop_id: str, currency: str, first: str, last: str) -> Spent:
        """See the port."""
        c = model_spending.c
        sums = [func.coalesce(func.sum(c[name]), 0) for name in _NOTHING]
        query = select(*sums).where(c.shop_id == shop_id, c.currency == currency, c.day >= first, c.day <= last)
        async with self._engine.read() as connection:
            row = (await connection.execute(query)).one()
        return Spent(**{name: int(value) for name, value in zip(_NOTHING, row, strict=True)})


def _lock_of(shop_id: str) -> int:
    """A number for PostgreSQL's advisory lock that only this shop's payments use."""
    return int.from_bytes(hashlib.sha256(f"model_spending:{shop_id}".encode()).digest()[:8], "big", signed=True)
