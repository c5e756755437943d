"""Brings a database to the schema of this program. `HEAD` is the newest migration; a test holds it to those in migrations/versions."""

from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.errors import StorageUnavailable
from knowledge.storage.engine import Engine

HEAD = "0009"

_LOCK = 0x7A68616E  # any number that only we use: PostgreSQL's advisory lock around the migration


async def migrate(engine: Engine) -> None:
    """Runs the migrations that are missing; one query when there are none. Replicas that start at once wait for the first.

    Raises StorageUnavailable if the schema is newer than this program.
    """
    async with engine.read() as connection:
        if await _version(connection) == HEAD:
            return
    async with engine.write() as connection:  # on SQLite the write transaction itself is the lock
        if engine.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        version = await _version(connection)
        if version == HEAD:
            return
        # Alembic is slow to import and needed once in a database's life.
        from bot.storage.migrations.run import known, upgrade

        if version is not None and version not in known():
            raise StorageUnavailable(
                f"The database {engine.address} has schema {version}, which is newer than this program's {HEAD}; update the program."
            )
        await connection.run_sync(upgrade)


async def _version(connection: AsyncConnection) -> str | None:
    if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
        return None
    value: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return value
