"""SQLite connections for SQLAlchemy that change threads once per statement.

aiosqlite gives every connection a thread, and asks it four times for one statement: make a cursor, execute, fetch, close. On a busy
machine the handing over costs more than the statement. Here one request does all four; results are small and fetched whole anyway.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

import aiosqlite
from aiosqlite.core import _STOP_RUNNING_SENTINEL, set_exception, set_result

Request = tuple[asyncio.Future[Any] | None, Callable[[], Any]]
"""Something to do in the connection's thread, and who waits for it."""


class Connection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors answer from memory."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, 64)
        # a daemon: a forgotten connection never keeps the process alive
        self._thread = Thread(target=_serve, args=(self._tx,), name="sqlite", daemon=True)

    def cursor(self) -> "Cursor":  # type: ignore[override]
        """Costs nothing."""
        return Cursor(self)

    async def commit(self) -> None:
        """Nothing to do outside a transaction."""
        if self._conn.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Nothing to do outside a transaction."""
        if self._conn.in_transaction:
            await super().rollback()


def _serve(requests: SimpleQueue[Request]) -> None:
    """Does what is asked, in order, until the connection is stopped.

    A statement can outlast the event loop that asked for it: the task was cancelled, the program is ending. Then nobody waits, and
    aiosqlite's own thread would die there of "Event loop is closed", before it closes the file.
    """
    answer: Any = None
    tell: Callable[[asyncio.Future[Any], Any], None]
    while answer is not _STOP_RUNNING_SENTINEL:
        future, work = requests.get()
        try:
            tell, answer = set_result, work()
        except BaseException as error:  # whatever it is belongs to whoever asked
            tell, answer = set_exception, error
        if future is not None:
            with suppress(RuntimeError):
                future.get_loop().call_soon_threadsafe(tell, future, answer)


class Cursor:
    """What SQLAlchemy asks of a cursor: one statement and all its rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        """Runs it and fetches everything."""
        return await self._run(sqlite3.Cursor.execute, statement, parameters)

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> "Cursor":
        """Runs it for each."""
        return await self._run(sqlite3.Cursor.executemany, statement, parameters)

    async def _run(self, how: Callable[..., Any], statement: str, parameters: Any) -> "Cursor":
        opened = self._connection._conn

        def work() -> None:
            cursor = opened.cursor()
            try:
                how(cursor, statement, parameters)
                self._rows = cursor.fetchall() if cursor.description else []
                self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        await self._connection._execute(work)  # type: ignore[no-untyped-call]
        return self

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Closed since it ran."""


def connector(path: str, pragmas: Sequence[str], timeout: float) -> Callable[[], sqlite3.Connection]:
    """A function that opens the file and prepares the connection, run in the connection's own thread.

    No implicit transactions: the driver's would start too late (deferred) and could fail half-way; we begin ourselves.
    """

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(path, timeout=timeout, isolation_level=None, cached_statements=256)
        for pragma in pragmas:
            opened.execute(f"PRAGMA {pragma}").close()
        return opened

    return connect
