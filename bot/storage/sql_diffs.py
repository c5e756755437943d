"""DiffStore on SQLAlchemy, for SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bot.previewing.diff_store import AnswerDiff, DiffItem
from bot.storage.tables import answer_diff_items, answer_diffs, conversations
from knowledge.storage.columns import AnyRow
from knowledge.storage.engine import Engine

_COLUMNS = [answer_diffs.c[name] for name in AnswerDiff.__slots__]


class SqlDiffStore:
    """See bot.previewing.diff_store.DiffStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def start_diff(self, diff: AnswerDiff, *, keep: int) -> None:
        """See the port."""
        c = answer_diffs.c
        async with self._engine.write() as connection:
            query = select(c.id).where(c.shop_id == diff.shop_id).order_by(c.started_at.desc(), c.id.desc())
            older = (await connection.scalars(query)).all()
            await connection.execute(delete(answer_diffs).where(c.id.in_(list(older[keep - 1 :]))))
            await connection.execute(insert(answer_diffs).values(**asdict(diff)))

    async def save_diff(self, diff: AnswerDiff, items: Sequence[DiffItem] = ()) -> bool:
        """See the port."""
        values = {"state": diff.state, "done": diff.done, "total": diff.total, "heard_at": diff.heard_at, "error": diff.error}
        async with self._engine.write() as connection:
            result = await connection.execute(update(answer_diffs).where(answer_diffs.c.id == diff.id).values(**values))
            if not result.rowcount:
                return False
            named = {item.conversation_id for item in items if item.conversation_id}
            here = (
                set((await connection.scalars(select(conversations.c.id).where(conversations.c.id.in_(named)))).all()) if named else set()
            )
            own = {"diff_id": diff.id, "shop_id": diff.shop_id}
            rows = [{**own, **asdict(item)} for item in items if item.conversation_id is None or item.conversation_id in here]
            if rows:
                await connection.execute(insert(answer_diff_items), rows)
        return True

    async def diff(self, shop_id: str, id: str) -> AnswerDiff | None:
        """See the port."""
        return next(iter(await self._read(answer_diffs.c.shop_id == shop_id, answer_diffs.c.id == id)), None)

    async def diffs(self, shop_id: str) -> list[AnswerDiff]:
        """See the port."""
        return await self._read(answer_diffs.c.shop_id == shop_id)

    async def _read(self, *conditions: Any) -> list[AnswerDiff]:
        query = select(*_COLUMNS).where(*conditions).order_by(answer_diffs.c.started_at.desc(), answer_diffs.c.id.desc())
        async with self._engine.read() as connection:
            return [AnswerDiff(**row._mapping) for row in await connection.execute(query)]

    async def diff_items(self, id: str, *, changes: Sequence[str] = (), after: int = -1, limit: int = 50) -> list[DiffItem]:
        """See the port."""
        c = answer_diff_items.c
        query = select(answer_diff_items).where(c.diff_id == id, c.number > after).order_by(c.number).limit(limit)
        if changes:
            query = query.where(c.change.in_(list(changes)))
        async with self._engine.read() as connection:
            return [_to_item(row) for row in await connection.execute(query)]

    async def diff_counts(self, id: str) -> dict[str, int]:
        """See the port."""
        c = answer_diff_items.c
        query = select(c.change, func.count().label("held")).where(c.diff_id == id).group_by(c.change)
        async with self._engine.read() as connection:
            return {row.change: row.held for row in await connection.execute(query)}


def _to_item(row: AnyRow) -> DiffItem:
    return DiffItem(row.number, row.change, row.item, row.conversation_id, row.pinned_id)
