"""UploadStore on SQLAlchemy, for SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.upload_tables import upload_contents, uploads
from bot.uploads.upload_store import GIVEN, REJECTED, Content, Upload
from knowledge.storage.engine import Engine

_COLUMNS = [uploads.c[name] for name in Upload.__slots__]


class SqlUploadStore:
    """See bot.uploads.upload_store.UploadStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def start_upload(self, upload: Upload, given: list[Content], *, keep: int) -> None:
        """See the port."""
        c, held = uploads.c, upload_contents.c
        async with self._engine.write() as connection:
            query = select(c.id).where(c.shop_id == upload.shop_id).order_by(c.started_at.desc(), c.id.desc())
            older = list((await connection.scalars(query)).all())
            await connection.execute(delete(uploads).where(c.id.in_(older[keep - 1 :])))
            idle = select(c.id).where(c.shop_id == upload.shop_id, c.state != "running")
            await connection.execute(delete(upload_contents).where(held.upload_id.in_(idle), held.role == GIVEN))
            await connection.execute(insert(uploads).values(**asdict(upload)))
            await _keep(connection, upload.id, GIVEN, given)

    async def save_upload(self, upload: Upload, rejected: list[Content] | None = None) -> None:
        """See the port."""
        async with self._engine.write() as connection:
            result = await connection.execute(update(uploads).where(uploads.c.id == upload.id).values(**asdict(upload)))
            if result.rowcount and rejected is not None:
                c = upload_contents.c
                await connection.execute(delete(upload_contents).where(c.upload_id == upload.id, c.role == REJECTED))
                await _keep(connection, upload.id, REJECTED, rejected)

    async def hear_upload(self, id: str, at: datetime) -> None:
        """See the port."""
        async with self._engine.write() as connection:
            await connection.execute(update(uploads).where(uploads.c.id == id).values(heard_at=at))

    async def claim_upload(self, id: str, heard_at: datetime, at: datetime) -> bool:
        """See the port."""
        c = uploads.c
        async with self._engine.write() as connection:
            claimed = await connection.execute(
                update(uploads).where(c.id == id, c.heard_at == heard_at).values(heard_at=at, state="running", step="reading")
            )
        return bool(claimed.rowcount)

    async def drop_given(self, id: str) -> None:
        """See the port."""
        async with self._engine.write() as connection:
            await connection.execute(delete(upload_contents).where(upload_contents.c.upload_id == id, upload_contents.c.role == GIVEN))

    async def upload(self, shop_id: str, id: str) -> Upload | None:
        """See the port."""
        return next(iter(await self._read(uploads.c.shop_id == shop_id, uploads.c.id == id)), None)

    async def uploads(self, shop_id: str) -> list[Upload]:
        """See the port."""
        return await self._read(uploads.c.shop_id == shop_id)

    async def _read(self, *conditions: Any) -> list[Upload]:
        query = select(*_COLUMNS).where(*conditions).order_by(uploads.c.started_at.desc(), uploads.c.id.desc())
        async with self._engine.read() as connection:
            return [Upload(**row._mapping) for row in await connection.execute(query)]

    async def contents(self, id: str, role: str) -> list[Content]:
        """See the port."""
        c = upload_contents.c
        query = select(c.name, c.content).where(c.upload_id == id, c.role == role).order_by(c.number)
        async with self._engine.read() as connection:
            return [Content(row.name, row.content) for row in await connection.execute(query)]


async def _keep(connection: AsyncConnection, id: str, role: str, contents: Sequence[Content]) -> None:
    for number, one in enumerate(contents):
        row = {"upload_id": id, "role": role, "number": number, "name": one.name, "content": one.content}
        await connection.execute(insert(upload_contents).values(**row))
