"""Opens SQLite or PostgreSQL by URL and gives short transactions, in the same words for both. `bot/storage` stands on it too.

SQLite runs in WAL mode: readers never wait, writers queue (`BEGIN IMMEDIATE`), also between processes on one file. PostgreSQL runs in
READ COMMITTED; whoever must come one after the other locks a row. A read is one statement or several that need no common snapshot.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from knowledge.errors import StorageUnavailable
from knowledge.storage.sqlite_driver import Connection, connector

BUSY_MS = 5_000
"""How long one attempt waits for another process's write on SQLite, in milliseconds."""

GIVE_UP_AFTER = 60.0
"""Seconds after which a writer on SQLite stops waiting for its turn."""

_PRAGMAS = (
    f"busy_timeout={BUSY_MS}",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what a customer asked us to forget is overwritten in the file, not only unlinked
    "temp_store=MEMORY",
    "cache_size=-16000",
)


class Engine:
    """An open database. `name`: "sqlite" or "postgresql"; `address`: the URL without its password, for messages."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.sqlalchemy = engine
        self.name = engine.dialect.name
        self.address = engine.url.render_as_string(hide_password=True)
        self._turn = asyncio.Lock()  # writers of this process queue here: SQLite's own waiting is a poll, slow and unfair
        if self.name == "sqlite":
            self._reader = engine
            self._writer = engine.execution_options(writing=True)
        else:
            self._reader = engine.execution_options(isolation_level="AUTOCOMMIT")
            self._writer = engine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading; each statement sees what is committed when it starts. Raises StorageUnavailable."""
        try:
            async with self._reader.connect() as connection:
                yield connection
        except (OperationalError, InterfaceError, OSError) as error:
            raise self._unavailable(error) from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One write transaction: committed at the end, rolled back by an exception. Keep it short. Raises StorageUnavailable."""
        try:
            if self.name != "sqlite":
                async with self._writer.begin() as connection:
                    yield connection
                return
            async with self._turn, self._writer.connect() as connection:
                await self._begin_immediate(connection)
                try:
                    yield connection
                except BaseException:
                    await connection.rollback()
                    raise
                await connection.commit()
        except (OperationalError, InterfaceError, OSError) as error:
            raise self._unavailable(error) from error

    async def scrub(self) -> None:
        """After an erasure on SQLite: moves the write-ahead log into the file and empties it, so that no copy of the bytes is left."""
        if self.name == "sqlite":
            async with self.read() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def dispose(self) -> None:
        """Closes every connection."""
        await self.sqlalchemy.dispose()

    async def _begin_immediate(self, connection: AsyncConnection) -> None:
        started = time.monotonic()
        while True:
            try:
                await connection.begin()
                return
            except OperationalError as error:
                locked = "locked" in str(error.orig) or "busy" in str(error.orig)
                if not locked or time.monotonic() - started > GIVE_UP_AFTER:
                    raise
                await connection.rollback()

    def _unavailable(self, error: BaseException) -> StorageUnavailable:
        cause = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        first = (cause.strip().splitlines() or [type(error).__name__])[0].removesuffix(".")
        return StorageUnavailable(f"The database {self.address} does not answer ({first}); check DATABASE_URL and that it runs.")


async def open_engine(url: str) -> Engine:
    """Opens `sqlite:///path`, `postgresql://...` or `postgresql+asyncpg://...` and tries one statement. Raises StorageUnavailable."""
    engine = Engine(_create(_normalised(url)))
    try:
        async with engine.read() as connection:
            await connection.exec_driver_sql("SELECT 1")
    except BaseException:
        await engine.dispose()
        raise
    return engine


def sqlite_url(path: Path) -> str:
    """The URL of a database file."""
    return f"sqlite:///{path.expanduser().resolve()}"


def _normalised(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageUnavailable("DATABASE_URL is not a URL; write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.") from error
    base = parsed.drivername.partition("+")[0]
    if base == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise StorageUnavailable("DATABASE_URL names no file; write sqlite:///PATH.")
        return parsed.set(drivername="sqlite+aiosqlite")
    if base in ("postgresql", "postgres"):
        query = dict(parsed.query)
        if "sslmode" in query:
            query["ssl"] = query.pop("sslmode")
        return parsed.set(drivername="postgresql+asyncpg", query=query)
    raise StorageUnavailable(f'DATABASE_URL begins with "{base}"; write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.')


def _create(url: URL) -> AsyncEngine:
    if url.drivername == "postgresql+asyncpg":
        return create_async_engine(
            url,
            pool_size=10,
            max_overflow=20,
            pool_pre_ping=True,
            json_serializer=write_json,
            json_deserializer=orjson.loads,
            hide_parameters=True,  # an error's text goes to the log, a customer's must not
            connect_args={"server_settings": {"application_name": "zhanggui", "timezone": "UTC"}, "timeout": 10},
        )
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(f"The folder {path.parent} cannot be made ({error.strerror}); choose another data directory.") from error
    connect = connector(str(path), _PRAGMAS, BUSY_MS / 1000)
    engine = create_async_engine(
        url,
        pool_size=8,
        max_overflow=24,
        json_serializer=write_json,
        json_deserializer=orjson.loads,
        hide_parameters=True,
        async_creator=lambda: Connection(connect),
    )
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: SyncConnection) -> None:
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def write_json(value: object) -> str:
    """JSON text of plain values, dataclasses, enums and datetimes; what is none of these becomes its text."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z).decode()
    except TypeError:  # a lone surrogate, which is no UTF-8; as an escape it can be kept
        return json.dumps(value, default=str)
