"""Column types that mean the same on SQLite and PostgreSQL, upserts, and ids made in Python."""

import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import DateTime, Dialect, Row, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator, TypeEngine

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row whose columns are read by name."""


class Moment(TypeDecorator[datetime]):
    """A time in UTC, aware on both sides. A naive value is refused: nobody knows what it meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in, UTC stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a time zone cannot be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always UTC out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text that people typed: NUL and lone surrogates, which PostgreSQL or UTF-8 cannot hold, are left out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Cleans on the way in only."""
        return None if value is None else storable(value)


class Key(TypeDecorator[str]):
    """Text that is compared and sorted by code point on both, and cleaned like Words, so that a key found in a request cannot break it."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """PostgreSQL's own order depends on the machine; "C" does not."""
        return dialect.type_descriptor(postgresql.TEXT(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Cleans on the way in only."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """`text` without the code points that a database cannot keep."""
    text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return text


def new_id() -> str:
    """32 hexadecimal digits: 48 bits of milliseconds, so that ids sort by time, then 80 random bits."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


async def insert_new(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> bool:
    """Inserts unless a unique key is taken; True if the row is new. Waits for a rival that is not committed yet."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    result = await connection.execute(make(table).values(**values).on_conflict_do_nothing())
    return result.rowcount > 0


async def upsert(connection: AsyncConnection, table: Table, key: Sequence[str], values: dict[str, Any], changed: dict[str, Any]) -> None:
    """Inserts `values`, or where the unique `key` is taken sets `changed` on the row that is there."""
    make: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(table).values(**values).on_conflict_do_update(index_elements=list(key), set_=changed)
    await connection.execute(statement)
