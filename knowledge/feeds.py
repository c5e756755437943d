"""A feed: the address that a source is fetched from on a schedule, and what came of it. Port of its keeping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

KINDS = ("auto", "products", "offers")
LEAST_MINUTES = 1
MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Feed:
    """One source of a shop that is fetched by itself."""

    id: str
    shop_id: str
    source: str
    """The name of the source that the file is imported as."""
    url: str
    kind: str = "auto"
    every_minutes: int = 60
    created_at: datetime | None = None
    next_at: datetime | None = None
    """When it is polled next, in UTC."""
    etag: str = ""
    last_modified: str = ""
    """What the server said of the copy that was taken last."""
    polled_at: datetime | None = None
    taken_at: datetime | None = None
    """When a new copy was imported last."""
    failures: int = 0
    """Polls that failed since the last that did not."""
    error: str = ""
    """Why the last poll failed, in a sentence; "" when it did not."""
    problem: Mapping[str, object] = field(default_factory=dict)
    """The same for other languages: `code`, `details` for a sentence of that code, `sentences` by language; {} when it did not fail."""
    report: Mapping[str, object] = field(default_factory=dict)
    """The report of the last import, as the front doors give it out."""
    paused: bool = False
    """Polled only when somebody asks for it."""
    busy: bool = field(default=False, compare=False)
    """A worker polls it now."""


class FeedStore(Protocol):
    """Safe to call from many replicas; all but `claim_due`, `change_feed` and `polled` name their shop."""

    async def add_feed(self, feed: Feed) -> None:
        """Raises FeedExists when the shop has a feed of that source."""

    async def feeds(self, shop_id: str) -> list[Feed]:
        """By source."""

    async def change_feed(self, feed: Feed) -> bool:
        """Writes where it is fetched from, what it holds, how often, whether it rests and when it is due; what a worker that polls it now
        brings home is not written any more. False: there is none."""

    async def remove_feed(self, shop_id: str, id: str) -> bool:
        """What it brought stays. False: there was none."""

    async def claim_due(self, worker: str, seconds: float) -> Feed | None:
        """A feed that is due and does not rest, for this worker alone; another may take it after `seconds`. None: nothing is due."""

    async def claim_feed(self, shop_id: str, id: str, worker: str, seconds: float) -> Feed | None:
        """That feed, due or not. None: there is none, or another worker has it."""

    async def polled(self, feed: Feed, worker: str) -> bool:
        """Writes what came of it and gives it back; False when somebody else took it meanwhile, or it was removed."""


def named(feeds: Sequence[Feed], name: str) -> Feed | None:
    """By source or id."""
    return next((feed for feed in feeds if name in (feed.source, feed.id)), None)
