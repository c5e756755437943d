"""The part of SqlKnowledgeStore that keeps gaps: recording them, and GapStore."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, desc, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.gaps import STATES, FactTask, Gap, GapQuestion
from knowledge.storage import gap_rows
from knowledge.storage.columns import AnyRow, new_id, upsert
from knowledge.storage.engine import Engine
from knowledge.storage.live_offers import Clock
from knowledge.storage.tables import gap_questions, gaps

_LONGEST_QUESTION = 500
"""Characters kept of a question that could not be answered."""


class SqlGaps:
    """See knowledge.gaps.GapStore."""

    _engine: Engine
    _clock: Clock

    async def record_gap(
        self,
        shop_id: str,
        question: str,
        language: str,
        reason: str,
        at: datetime,
        product_id: str = "",
        conversation_id: str = "",
        attribute: str = "",
        noted: bool = False,
    ) -> None:
        """The state is that of the gap which stands for this wording."""
        question = question.strip()[:_LONGEST_QUESTION]
        values = {
            "id": new_id(),
            "shop_id": shop_id,
            "normalised": gap_rows.normalised(question),
            "question": question,
            "language": language,
            "reason": reason,
            "asked": 1,
            "state": "open",
            "first_at": at,
            "last_at": at,
            "product_id": product_id,
            "attribute": attribute,
            "entry_id": "",
            "compared": False,
        }
        mine = and_(gaps.c.shop_id == shop_id, gaps.c.normalised == values["normalised"])
        async with self._engine.write() as connection:
            if noted and conversation_id and (known := await self._asked_before(connection, mine, conversation_id)) is not None:
                await connection.execute(update(gaps).where(gaps.c.id == known.id).values(reason=reason))
                await connection.execute(gap_rows.REOPEN, {"b_id": known.joined_to or known.id})
                return
            await upsert(connection, gaps, ("shop_id", "normalised"), values, {"asked": gaps.c.asked + 1, "last_at": at, "reason": reason})
            gap = (await connection.execute(select(gaps.c.id, gaps.c.joined_to).where(mine))).one()
            await connection.execute(gap_rows.REOPEN, {"b_id": gap.joined_to or gap.id})
            asked = {
                "id": new_id(),
                "shop_id": shop_id,
                "gap_id": gap.id,
                "conversation_id": conversation_id,
                "question": question,
                "at": at,
            }
            await connection.execute(insert(gap_questions).values(asked))

    async def _asked_before(self, connection: AsyncConnection, wording: Any, conversation_id: str) -> AnyRow | None:
        """The gap of that wording, if it was asked in that conversation."""
        asked = exists().where(gap_questions.c.gap_id == gaps.c.id, gap_questions.c.conversation_id == conversation_id)
        return (await connection.execute(select(gaps.c.id, gaps.c.joined_to).where(wording, asked))).one_or_none()

    async def gaps(self, shop_id: str, state: str = "open", limit: int = 100, offset: int = 0) -> list[Gap]:
        """Most frequent first."""
        query, one = gap_rows.leaders(shop_id)
        query = query.where(one.c.state == state)
        return await self._leaders(query.order_by(desc("all_asked"), desc("last"), one.c.id).limit(limit).offset(offset))

    async def gap_counts(self, shop_id: str) -> dict[str, int]:
        """See the port."""
        c = gaps.c
        query = select(c.state, func.count().label("held")).where(c.shop_id == shop_id, c.joined_to.is_(None)).group_by(c.state)
        async with self._engine.read() as connection:
            found = {row.state: int(row.held) for row in await connection.execute(query)}
        return {state: found.get(state, 0) for state in STATES}

    async def gap(self, shop_id: str, gap_id: str) -> Gap | None:
        """See the port."""
        async with self._engine.read() as connection:
            leader = await gap_rows.standing_for(connection, shop_id, gap_id)
        query, one = gap_rows.leaders(shop_id)
        return next(iter(await self._leaders(query.where(one.c.id == leader))), None)

    async def _leaders(self, query: Any) -> list[Gap]:
        async with self._engine.read() as connection:
            return [_to_gap(row, int(row.all_asked), row.first, row.last, row.wordings) for row in await connection.execute(query)]

    async def gap_questions(self, shop_id: str, gap_id: str, limit: int = 50) -> list[GapQuestion]:
        """See the port."""
        q = gap_questions.c
        async with self._engine.read() as connection:
            leader = await gap_rows.standing_for(connection, shop_id, gap_id)
            query = (
                select(q.gap_id, q.conversation_id, q.question, gaps.c.language, q.at)
                .join(gaps, gaps.c.id == q.gap_id)
                .where(gaps.c.shop_id == shop_id, func.coalesce(gaps.c.joined_to, gaps.c.id) == leader)
                .order_by(q.at.desc(), q.id.desc())
                .limit(limit)
            )
            rows = await connection.execute(query)
            return [GapQuestion(row.gap_id, row.conversation_id, row.question, row.language, row.at) for row in rows]

    async def unjoined_gaps(self, shop_id: str, limit: int = 500) -> list[Gap]:
        """See the port."""
        c = gaps.c
        query = select(gaps).where(c.shop_id == shop_id, c.compared.is_(False), c.joined_to.is_(None)).order_by(c.first_at, c.id)
        async with self._engine.read() as connection:
            rows = await connection.execute(query.limit(limit))
            return [_to_gap(row, row.asked, row.first_at, row.last_at, 1) for row in rows]

    async def join_gaps(self, shop_id: str, into: dict[str, str], seen: Sequence[str] = ()) -> None:
        """See the port."""
        async with self._engine.write() as connection:
            for gap_id, target in into.items():
                await gap_rows.join(connection, shop_id, gap_id, target)
            if seen:
                mine = and_(gaps.c.shop_id == shop_id, gaps.c.id.in_(seen))
                await connection.execute(update(gaps).where(mine).values(compared=True))

    async def set_gap_state(self, shop_id: str, gap_id: str, state: str, entry_id: str | None = None) -> Gap | None:
        """See the port."""
        values = {"state": state} | ({} if entry_id is None else {"entry_id": entry_id})
        async with self._engine.write() as connection:
            leader = await gap_rows.standing_for(connection, shop_id, gap_id)
            await connection.execute(update(gaps).where(gaps.c.shop_id == shop_id, gaps.c.id == leader).values(values))
        return await self.gap(shop_id, gap_id)

    async def fact_tasks(self, shop_id: str, limit: int = 100) -> list[FactTask]:
        """See the port."""
        query, one = gap_rows.leaders(shop_id)
        query = query.where(one.c.state == "open", one.c.product_id != "", one.c.attribute != "")
        tasks: dict[tuple[str, str], FactTask] = {}
        for gap in await self._leaders(query):
            key = (gap.product_id, gap.attribute)
            had = tasks.get(key)
            count, last, ids = (had.count, had.last_at, had.gap_ids) if had else (0, gap.last_at, ())
            tasks[key] = FactTask(*key, count + gap.count, max(last, gap.last_at), (*ids, gap.id))
        return sorted(tasks.values(), key=lambda task: (-task.count, task.product_id, task.attribute))[:limit]


def _to_gap(row: AnyRow, count: int, first: datetime, last: datetime, wordings: int) -> Gap:
    return Gap(
        row.id,
        row.question,
        row.language,
        row.reason,
        count,
        row.state,
        first,
        last,
        row.product_id,
        row.attribute,
        row.entry_id,
        wordings,
    )
