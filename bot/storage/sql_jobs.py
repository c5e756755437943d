"""JobStore on SQLAlchemy, for SQLite and PostgreSQL alike."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.previewing.job_store import Job, JobKind, JobState
from bot.storage.job_tables import knowledge_jobs
from knowledge.storage.columns import AnyRow
from knowledge.storage.engine import Engine

_COLUMNS = [knowledge_jobs.c[name] for name in Job.__slots__]
_UNFINISHED = (JobState.RUNNING.value, JobState.INTERRUPTED.value)


class SqlJobStore:
    """See bot.previewing.job_store.JobStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def start_job(self, job: Job, *, keep: int) -> None:
        """See the port."""
        c = knowledge_jobs.c
        over = select(c.id).where(c.shop_id == job.shop_id, c.state.not_in(_UNFINISHED)).order_by(c.started_at.desc(), c.id.desc())
        async with self._engine.write() as connection:
            older = (await connection.scalars(over)).all()
            await connection.execute(delete(knowledge_jobs).where(c.id.in_(list(older[keep - 1 :]))))
            await connection.execute(insert(knowledge_jobs).values(**_values(job)))

    async def save_job(self, job: Job) -> None:
        """See the port."""
        async with self._engine.write() as connection:
            await connection.execute(update(knowledge_jobs).where(knowledge_jobs.c.id == job.id).values(**_values(job)))

    async def claim_job(self, job: Job, at: datetime) -> bool:
        """See the port."""
        c = knowledge_jobs.c
        mine = update(knowledge_jobs).where(c.id == job.id, c.heard_at == job.heard_at, c.state.in_(_UNFINISHED))
        async with self._engine.write() as connection:
            claimed = await connection.execute(mine.values(heard_at=at, state=JobState.RUNNING.value))
        return bool(claimed.rowcount)

    async def job(self, shop_id: str, id: str) -> Job | None:
        """See the port."""
        return next(iter(await self._read(knowledge_jobs.c.shop_id == shop_id, knowledge_jobs.c.id == id)), None)

    async def jobs(self, shop_id: str) -> list[Job]:
        """See the port."""
        return await self._read(knowledge_jobs.c.shop_id == shop_id)

    async def unfinished_jobs(self) -> list[Job]:
        """See the port."""
        return (await self._read(knowledge_jobs.c.state.in_(_UNFINISHED)))[::-1]

    async def _read(self, *conditions: Any) -> list[Job]:
        c = knowledge_jobs.c
        query = select(*_COLUMNS).where(*conditions).order_by(c.started_at.desc(), c.id.desc())
        async with self._engine.read() as connection:
            return [_to_job(row) for row in await connection.execute(query)]


def _values(job: Job) -> dict[str, Any]:
    return {**asdict(job), "kind": job.kind.value, "state": job.state.value}


def _to_job(row: AnyRow) -> Job:
    values = dict(row._mapping)
    return Job(**{**values, "kind": JobKind(row.kind), "state": JobState(row.state)})
