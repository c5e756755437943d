"""The tables in code are what the migrations make, on both databases; starting twice at once is safe; a newer schema is refused."""

import asyncio

import pytest
from sqlalchemy import text

from bot.storage.migrate import HEAD, migrate
from bot.storage.migrations.run import differences, known
from knowledge.errors import StorageUnavailable
from knowledge.storage.engine import open_engine
from tests.contract.servers import KINDS, Databases


@pytest.mark.parametrize("kind", KINDS)
async def test_migrations_make_the_tables_of_the_code(databases: Databases, kind: str):
    url = databases.blank(kind)
    engines = [await open_engine(url) for _ in range(3)]
    await asyncio.gather(*(migrate(engine) for engine in engines))
    async with engines[0].read() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
    for engine in engines:
        await engine.dispose()


async def test_a_newer_schema_is_refused(database_url: str):
    engine = await open_engine(database_url)
    async with engine.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageUnavailable, match="newer than this program"):
        await migrate(engine)
    await engine.dispose()


def test_head_is_the_newest_migration():
    assert max(known()) == HEAD


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://localhost/shop", 'begins with "mysql"'),
        ("nonsense", "is not a URL"),
        ("sqlite://", "names no file"),
        ("sqlite:////proc/nowhere/shop.db", "cannot be made"),
        ("postgresql://somebody:secret@127.0.0.1:1/shop", "does not answer"),
    ],
)
async def test_a_database_that_cannot_be_opened_is_one_sentence(url: str, says: str):
    with pytest.raises(StorageUnavailable, match=says) as refused:
        await open_engine(url)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
