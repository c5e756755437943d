"""FeedStore on SQLAlchemy, for SQLite and PostgreSQL alike."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from knowledge.errors import FeedExists
from knowledge.feeds import Feed
from knowledge.storage.columns import AnyRow, insert_new
from knowledge.storage.engine import Engine
from knowledge.storage.feed_tables import feeds
from knowledge.storage.live_offers import Clock


class SqlFeeds:
    """See knowledge.feeds.FeedStore. `clock` gives the time in UTC."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def add_feed(self, feed: Feed) -> None:
        """Raises FeedExists."""
        now = self._clock()
        known = {"id": feed.id, "shop_id": feed.shop_id, "source": feed.source, "url": feed.url, "kind": feed.kind}
        times = {"every_minutes": feed.every_minutes, "created_at": now, "next_at": feed.next_at or now}
        values = {**known, **times, "holder": "", "etag": "", "last_modified": "", "failures": 0, "error": "", "paused": feed.paused}
        async with self._engine.write() as connection:
            if not await insert_new(connection, feeds, values):
                raise FeedExists(
                    f"The shop has a feed named “{feed.source}” already; remove it first or give this one another source name."
                )

    async def feeds(self, shop_id: str) -> list[Feed]:
        """By source."""
        async with self._engine.read() as connection:
            rows = await connection.execute(select(feeds).where(feeds.c.shop_id == shop_id).order_by(feeds.c.source))
            now = self._clock()
            return [_to_feed(row, now) for row in rows]

    async def change_feed(self, feed: Feed) -> bool:
        """See the port."""
        changed = {name: getattr(feed, name) for name in ("url", "kind", "every_minutes", "paused", "next_at", "etag", "last_modified")}
        forgotten: dict[str, Any] = {"failures": feed.failures, "error": feed.error, "problem": dict(feed.problem) or None}
        async with self._engine.write() as connection:
            which = (feeds.c.shop_id == feed.shop_id, feeds.c.id == feed.id)
            result = await connection.execute(update(feeds).where(*which).values(**changed, **forgotten, holder="", claimed_until=None))
        return bool(result.rowcount)

    async def remove_feed(self, shop_id: str, id: str) -> bool:
        """See the port."""
        async with self._engine.write() as connection:
            result = await connection.execute(delete(feeds).where(feeds.c.shop_id == shop_id, feeds.c.id == id))
        return bool(result.rowcount)

    async def claim_due(self, worker: str, seconds: float) -> Feed | None:
        """The one that waited longest."""
        c, now = feeds.c, self._clock()
        due = select(c.id).where(c.next_at <= now, c.paused.is_(False), _free(now)).order_by(c.next_at, c.id).limit(5)
        async with self._engine.read() as connection:  # most looks find nothing, and cost no write
            ids = [row.id for row in await connection.execute(due)]
        for id in ids:
            if (feed := await self._claim((c.id == id) & (c.next_at <= now) & c.paused.is_(False), worker, seconds)) is not None:
                return feed
        return None

    async def claim_feed(self, shop_id: str, id: str, worker: str, seconds: float) -> Feed | None:
        """See the port."""
        return await self._claim((feeds.c.id == id) & (feeds.c.shop_id == shop_id), worker, seconds)

    async def _claim(self, which: ColumnElement[bool], worker: str, seconds: float) -> Feed | None:
        now = self._clock()
        taken: dict[str, Any] = {"holder": worker, "claimed_until": now + timedelta(seconds=seconds)}
        async with self._engine.write() as connection:
            result = await connection.execute(update(feeds).where(which, _free(now)).values(**taken))
            if not result.rowcount:
                return None
            return _to_feed((await connection.execute(select(feeds).where(which, feeds.c.holder == worker))).one(), now)

    async def polled(self, feed: Feed, worker: str) -> bool:
        """See the port."""
        c = feeds.c
        values = {
            "next_at": feed.next_at,
            "etag": feed.etag,
            "last_modified": feed.last_modified,
            "polled_at": feed.polled_at,
            "taken_at": feed.taken_at,
            "failures": feed.failures,
            "error": feed.error,
            "problem": dict(feed.problem) or None,
            "report": dict(feed.report) or None,
            "holder": "",
            "claimed_until": None,
        }
        async with self._engine.write() as connection:
            result = await connection.execute(update(feeds).where(c.id == feed.id, c.holder == worker).values(**values))
        return bool(result.rowcount)


def _free(now: Any) -> ColumnElement[bool]:
    return or_(feeds.c.claimed_until.is_(None), feeds.c.claimed_until < now)


def _to_feed(row: AnyRow, now: datetime) -> Feed:
    return Feed(
        id=row.id,
        shop_id=row.shop_id,
        source=row.source,
        url=row.url,
        kind=row.kind,
        every_minutes=row.every_minutes,
        created_at=row.created_at,
        next_at=row.next_at,
        etag=row.etag,
        last_modified=row.last_modified,
        polled_at=row.polled_at,
        taken_at=row.taken_at,
        failures=row.failures,
        error=row.error,
        report=row.report or {},
        problem=row.problem or {},
        paused=row.paused,
        busy=row.claimed_until is not None and row.claimed_until >= now,
    )
