"""Polls feeds: fetch, import like an upload, keep what came of it, and say when to come again. One worker at a time polls a feed.

A feed may be cut off or empty one day. What would remove more than half of what its source holds is not taken: that is a broken feed more
often than a sale-out, and a person can take it (`zhanggui feed poll --force`).
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.errors import Conflict, InvalidInput, NotFound, Unavailable, ZhangguiError
from bot.feeds.fetching import FeedFailed, Fetcher, refused, shown_url, usable_url
from knowledge.base import ImportReport, KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.feeds import KINDS, LEAST_MINUTES, MOST_MINUTES, Feed, FeedStore, named
from knowledge.importing.problems import LANGUAGES
from knowledge.store import Shop

log = logging.getLogger(__name__)

POLL_EVERY = 10.0
"""Seconds between looks for feeds that are due."""
CLAIM = 20 * 60.0
"""Seconds after which a worker that fell silent is taken to be dead: longer than the longest fetch and import."""
LONGEST_PAUSE = timedelta(days=1)
PROBLEMS_KEPT = 200
SHRUNK = 0.5
"""Share of a source's documents below which a new copy is not taken without being asked for."""
SHRUNK_FROM = 10
"""Documents under which a source is too small for such a judgement."""


class Feeds:
    """What merchants and the schedule do with feeds. `report`: an import's report as the front doors give it out; `jitter`: 0..1."""

    def __init__(
        self,
        store: FeedStore,
        knowledge: KnowledgeBase,
        fetcher: Fetcher,
        report: Callable[[ImportReport], dict[str, Any]],
        *,
        clock: Callable[[], datetime],
        worker: str,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._fetcher = fetcher
        self._report = report
        self._clock = clock
        self._worker = worker
        self._jitter = jitter
        self._begun: set[asyncio.Task[Feed]] = set()

    async def add(self, shop: Shop, url: str, *, source: str = "", kind: str = "auto", every_minutes: int = 60) -> Feed:
        """A feed that is polled at once and then every so many minutes. Raises InvalidInput, FeedExists."""
        url = await self._checked(url, kind, every_minutes)
        source = source.strip()[:150] or _source_of(url)
        feed = Feed(secrets.token_hex(8), shop.id, source, url, kind, every_minutes)
        await self._store.add_feed(feed)
        return await self.feed(shop, feed.id)

    async def change(
        self,
        shop: Shop,
        name: str,
        *,
        url: str | None = None,
        kind: str | None = None,
        every_minutes: int | None = None,
        paused: bool | None = None,
    ) -> Feed:
        """Changes what is given. With another address or kind, or no longer resting, it is polled at once. Raises NotFound, InvalidInput."""
        feed = await self.feed(shop, name)
        kind, every = kind or feed.kind, feed.every_minutes if every_minutes is None else every_minutes
        address, rests = await self._checked(url or feed.url, kind, every), feed.paused if paused is None else paused
        changed = replace(feed, url=address, kind=kind, every_minutes=every, paused=rests)
        moved = (address, kind) != (feed.url, feed.kind)
        if moved:
            # Another file: nothing is known of it, neither its copy nor its failures.
            changed = replace(changed, etag="", last_modified="", failures=0, error="", problem={})
        if moved or every != feed.every_minutes or (feed.paused and not rests):
            changed = replace(changed, next_at=self._clock())
        await self._store.change_feed(changed)
        return await self.feed(shop, feed.id)

    async def _checked(self, url: str, kind: str, every_minutes: int) -> str:
        url = usable_url(url)
        if kind not in KINDS:
            raise InvalidInput(f"A feed holds one of {', '.join(KINDS)}, not “{kind[:20]}”.", field="kind", code="feed_kind")
        if not LEAST_MINUTES <= every_minutes <= MOST_MINUTES:
            raise InvalidInput(
                f"A feed is polled every {LEAST_MINUTES} to {MOST_MINUTES} minutes.",
                field="every_minutes",
                code="feed_every",
                least=LEAST_MINUTES,
                most=MOST_MINUTES,
            )
        try:
            await self._fetcher.check(url)
        except FeedFailed as error:
            raise refused(error) from None
        return url

    async def of(self, shop: Shop) -> list[Feed]:
        """By source."""
        return await self._store.feeds(shop.id)

    async def feed(self, shop: Shop, name: str) -> Feed:
        """By id or source. Raises NotFound."""
        found = named(await self._store.feeds(shop.id), name)
        if found is None:
            raise NotFound(f"The shop has no feed “{name[:60]}”.")
        return found

    async def remove(self, shop: Shop, name: str) -> Feed:
        """Ends the polling; what the feed brought stays. Raises NotFound."""
        feed = await self.feed(shop, name)
        await self._store.remove_feed(shop.id, feed.id)
        return feed

    async def poll_due(self) -> int:
        """Polls what is due, one feed after the other; how many these were."""
        count = 0
        while (feed := await self._store.claim_due(self._worker, CLAIM)) is not None:
            await self._poll(feed)
            count += 1
        return count

    async def poll(self, shop: Shop, name: str, *, force: bool = False) -> Feed:
        """Polls one feed now; `force` takes also what shrank. Raises NotFound, Conflict while another worker polls it."""
        return await self._poll(await self._claimed(shop, name), force=force)

    async def begin(self, shop: Shop, name: str, *, force: bool = False) -> Feed:
        """The same without waiting for it: the feed is `busy` until it is done. Raises NotFound, Conflict."""
        claimed = await self._claimed(shop, name)
        task = asyncio.create_task(self._poll(claimed, force=force), name=f"poll feed {claimed.id}")
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        return claimed

    async def stop(self) -> None:
        """Ends what was begun; a feed is polled again when its claim has run out."""
        for task in self._begun:
            task.cancel()
        await asyncio.gather(*self._begun, return_exceptions=True)

    async def _claimed(self, shop: Shop, name: str) -> Feed:
        feed = await self.feed(shop, name)
        claimed = await self._store.claim_feed(shop.id, feed.id, self._worker, CLAIM)
        if claimed is None:
            raise Conflict("This feed is being polled right now; look again in a moment.", code="feed_busy")
        return claimed

    async def _poll(self, feed: Feed, *, force: bool = False) -> Feed:
        retry_after: float | None = None
        try:
            result = replace(await self._taken(feed, force), failures=0, error="", problem={})
        except FeedFailed as error:
            result, retry_after = _failed(feed, error.message, error.code, error.values), error.retry_after
        except KnowledgeError as error:
            result = _failed(feed, str(error), sentences=dict(error.sentences))
        except ZhangguiError as error:
            result = _failed(feed, str(error))
        except Exception as error:
            log.exception("feed %s of shop %s failed", feed.id, feed.shop_id)
            result = _failed(feed, f"Something went wrong on our side ({type(error).__name__}); it is in the log.", "ours")
        now = self._clock()
        taken_at = feed.taken_at if result.taken_at == feed.taken_at else now
        result = replace(result, polled_at=now, taken_at=taken_at, next_at=now + self._pause(result, retry_after))
        if result.error:
            log.warning("feed %s of shop %s failed (%d in a row)", feed.id, feed.shop_id, result.failures)
        await self._store.polled(result, self._worker)
        return result

    def _pause(self, feed: Feed, retry_after: float | None) -> timedelta:
        """Until the next poll: as asked, a little spread; after failures twice as long each time, spread widely."""
        every = timedelta(minutes=feed.every_minutes)
        if not feed.failures:
            return every * (0.95 + 0.1 * self._jitter())
        longest = max(every, LONGEST_PAUSE)
        pause = min(longest, every * 2.0 ** min(feed.failures - 1, 16)) * (0.5 + self._jitter())
        return max(pause, min(timedelta(seconds=retry_after or 0), longest))

    async def _taken(self, feed: Feed, force: bool) -> Feed:
        shop = await self._knowledge.store.shop_by_id(feed.shop_id)
        if shop is None:
            raise Unavailable("The shop of this feed is gone.")
        with TemporaryDirectory(prefix="feed-") as folder:
            # What was forced is taken even if it is the copy that was refused before.
            known = {} if force or feed.error else {"etag": feed.etag, "last_modified": feed.last_modified}
            fetched = await self._fetcher.fetch(feed.url, Path(folder), **known)
            if fetched.path is None:
                return feed
            report = await self._imported(shop, feed, fetched.path, force)
        return replace(feed, etag=fetched.etag, last_modified=fetched.last_modified, taken_at=self._clock(), report=report)

    async def _imported(self, shop: Shop, feed: Feed, path: Path, force: bool) -> Mapping[str, object]:
        results = await self._knowledge.read(shop, [path], kind=feed.kind, source=feed.source)
        held = sum(len(result.documents) for result in results)
        before = int(str(feed.report.get("documents", 0)))
        rows, rejected = sum(result.rows for result in results), sum(result.rejected for result in results)
        if rows and rejected == rows:
            first = next((problem for result in results for problem in result.problems if problem.rejects), None)
            sentence = f"No row of the feed can be used, so nothing was changed. {first.message if first else ''}"
            raise FeedFailed(sentence.strip(), "no_row", problem={tag: first.reason(tag) for tag in LANGUAGES} if first else "")
        if not force and before >= SHRUNK_FROM and held < before * SHRUNK:
            raise FeedFailed(
                f"The feed holds {held} entries and held {before}; so many would be removed that nothing was changed. "
                "Check the feed; if it is right, poll it once with --force.",
                "shrunk",
                held=held,
                before=before,
            )
        made = self._report(await self._knowledge.take_in(shop, results, by=f"feed {feed.source}"))
        made["problems"] = [{**problem, "path": feed.source} for problem in made["problems"][:PROBLEMS_KEPT]]
        made["files"] = [{**file, "path": feed.source} for file in made["files"]]
        return {**made, "documents": held}


def _failed(
    feed: Feed, sentence: str, code: str = "", details: Mapping[str, object] | None = None, sentences: Mapping[str, str] | None = None
) -> Feed:
    problem = {"code": code, "details": dict(details or {}), "sentences": dict(sentences or {})}
    return replace(feed, failures=feed.failures + 1, error=sentence, problem=problem)


def _source_of(url: str) -> str:
    """A name for what the URL leads to: its last part, else its host."""
    shown = shown_url(url).rstrip("…?").rstrip("/")
    return shown.rpartition("/")[2][:150] or "feed"


def state_of(feed: Feed) -> str:
    """failing, waiting (never polled) or ok."""
    return "failing" if feed.error else "waiting" if feed.polled_at is None else "ok"


def feed_json(feed: Feed, now: datetime) -> dict[str, object]:
    """A feed as the front doors show it, without what may be secret in its URL."""

    def at(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "id": feed.id,
        "source": feed.source,
        "url": shown_url(feed.url),
        "kind": feed.kind,
        "every_minutes": feed.every_minutes,
        "state": state_of(feed),
        "paused": feed.paused,
        "busy": feed.busy,
        "failures": feed.failures,
        "error": feed.error,
        "polled_at": at(feed.polled_at),
        "taken_at": at(feed.taken_at),
        "next_at": None if feed.paused else at(feed.next_at),
        "overdue": bool(not feed.paused and feed.next_at and feed.next_at < now - timedelta(minutes=5)),
        "report": dict(feed.report) or None,
    }
