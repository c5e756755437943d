"""A statement that outlasts the event loop: a cancelled task, a program that ends."""

import asyncio
from pathlib import Path

from knowledge.storage.sqlite_driver import Connection, connector

SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"


def test_a_statement_that_outlasts_its_loop_lets_the_connection_be_closed(tmp_path: Path) -> None:
    connection = Connection(connector(str(tmp_path / "x.db"), (), 1.0))

    async def leave_while_it_counts() -> None:
        await connection
        counting = asyncio.create_task(connection.cursor().execute(SLOW))
        await asyncio.sleep(0)  # it is asked of the thread
        counting.cancel()
        connection.stop()

    asyncio.run(leave_while_it_counts())
    connection._thread.join(10)
    assert not connection._thread.is_alive()
    assert connection._connection is None, "the file is closed"


async def test_an_error_of_a_statement_reaches_who_asked_and_the_connection_goes_on(tmp_path: Path) -> None:
    async with Connection(connector(str(tmp_path / "x.db"), (), 1.0)) as connection:
        refused = await asyncio.gather(connection.cursor().execute("SELECT a FROM nowhere"), return_exceptions=True)
        assert "nowhere" in str(refused[0])
        assert [tuple(row) for row in await (await connection.cursor().execute("SELECT 7")).fetchall()] == [(7,)]
