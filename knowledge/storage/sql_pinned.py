"""The PinnedStore part of SqlKnowledgeStore."""

from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, select

from knowledge.pinned import Expected, PinnedQuestion
from knowledge.storage.columns import AnyRow, upsert
from knowledge.storage.engine import Engine
from knowledge.storage.live_offers import Clock
from knowledge.storage.tables import pinned_questions

_EXPECTED: TypeAdapter[Expected] = TypeAdapter(Expected)


class SqlPinned:
    """See knowledge.pinned.PinnedStore."""

    _engine: Engine
    _clock: Clock

    async def save_pinned(self, shop_id: str, question: PinnedQuestion) -> None:
        """Who made it and when stays as it was."""
        now = self._clock()
        changed = {
            "question": question.question,
            "language": question.language,
            "turns": list(question.turns),
            "expected": asdict(question.expected),
            "updated_at": now,
        }
        made = {"id": question.id, "shop_id": shop_id, "created_by": question.created_by, "created_at": question.created_at or now}
        async with self._engine.write() as connection:
            await upsert(connection, pinned_questions, ("id",), {**made, **changed}, changed)

    async def pinned(self, shop_id: str) -> list[PinnedQuestion]:
        """Oldest first."""
        c = pinned_questions.c
        return await self._read(select(pinned_questions).where(c.shop_id == shop_id).order_by(c.created_at, c.id))

    async def pinned_question(self, shop_id: str, id: str) -> PinnedQuestion | None:
        """By id."""
        c = pinned_questions.c
        return next(iter(await self._read(select(pinned_questions).where(c.shop_id == shop_id, c.id == id))), None)

    async def _read(self, query: Any) -> list[PinnedQuestion]:
        async with self._engine.read() as connection:
            return [_to_question(row) for row in await connection.execute(query)]

    async def delete_pinned(self, shop_id: str, id: str) -> bool:
        """See the port."""
        c = pinned_questions.c
        async with self._engine.write() as connection:
            result = await connection.execute(delete(pinned_questions).where(c.shop_id == shop_id, c.id == id))
        return bool(result.rowcount)


def _to_question(row: AnyRow) -> PinnedQuestion:
    expected = _EXPECTED.validate_python(row.expected)
    return PinnedQuestion(row.id, row.question, row.language, tuple(row.turns), expected, row.created_by, row.created_at, row.updated_at)
