"""Feeds at /api/v1/shops/{shop}/knowledge/feeds: what is fetched by itself, how the last poll went, and when the next one is."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.consoles.access import Access, Right
from bot.consoles.shared.bodies import API_TOKEN, read_json
from bot.feeds.fetching import shown_url
from bot.feeds.polling import Feeds, feed_json
from knowledge.store import KnowledgeStore

MAX_BODY = 16 * 1024


class NewFeed(BaseModel):
    """`source`: the name of what is imported (else the file's name in the URL); `kind`: auto tells products from prices and stock."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    source: Annotated[str, Field(max_length=150)] = ""
    kind: Literal["auto", "products", "offers"] = "auto"
    every_minutes: int = 60


class FeedChange(BaseModel):
    """What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    kind: Literal["auto", "products", "offers"] | None = None
    every_minutes: int | None = None
    paused: bool | None = None


NEW: TypeAdapter[NewFeed] = TypeAdapter(NewFeed)
CHANGE: TypeAdapter[FeedChange] = TypeAdapter(FeedChange)


def feed_routes(access: Access, store: KnowledgeStore, feeds: Feeds, *, clock: Callable[[], datetime]) -> APIRouter:
    """Mount it without prefix. Who may edit knowledge sees and changes feeds: a URL may carry a key."""
    router = APIRouter(prefix="/api/v1/shops/{shop}/knowledge/feeds", tags=["knowledge"], dependencies=[Depends(API_TOKEN)])
    document = {"requestBody": {"content": {"application/json": {"schema": NewFeed.model_json_schema()}}}}

    @router.get("")
    async def every(shop: str, request: Request) -> dict[str, list[dict[str, object]]]:
        """All feeds of the shop: state (ok, failing, waiting), last error, last report, next poll."""
        found = await access.shop(await access.who(request), Right.EDIT_KNOWLEDGE, shop, store)
        return {"feeds": [feed_json(feed, clock()) for feed in await feeds.of(found)]}

    @router.post("", status_code=201, openapi_extra=document)
    async def add(shop: str, request: Request) -> dict[str, object]:
        """Polled for the first time within seconds."""
        who = await access.who(request)
        found = await access.shop(who, Right.EDIT_KNOWLEDGE, shop, store)
        body = await read_json(request, NEW, limit=MAX_BODY)
        feed = await feeds.add(found, body.url, source=body.source, kind=body.kind, every_minutes=body.every_minutes)
        await access.record(who, found.id, "feed.added", feed.source, url=shown_url(feed.url))
        return feed_json(feed, clock())

    @router.get("/{feed}")
    async def one(shop: str, feed: str, request: Request) -> dict[str, object]:
        """By id or source."""
        found = await access.shop(await access.who(request), Right.EDIT_KNOWLEDGE, shop, store)
        return feed_json(await feeds.feed(found, feed), clock())

    @router.patch("/{feed}", openapi_extra={"requestBody": {"content": {"application/json": {"schema": FeedChange.model_json_schema()}}}})
    async def change(shop: str, feed: str, request: Request) -> dict[str, object]:
        """Another address, kind or interval; `paused`: polled only when asked for. It is polled anew within seconds where it does not rest."""
        who = await access.who(request)
        found = await access.shop(who, Right.EDIT_KNOWLEDGE, shop, store)
        body = await read_json(request, CHANGE, limit=MAX_BODY)
        changed = await feeds.change(found, feed, **body.model_dump())
        told = {**body.model_dump(exclude_none=True), "url": shown_url(changed.url)}
        await access.record(who, found.id, "feed.changed", changed.source, **told)
        return feed_json(changed, clock())

    @router.post("/{feed}/poll")
    async def poll(shop: str, feed: str, request: Request, force: bool = False) -> dict[str, object]:
        """Polls now and says what came of it; `force` takes also a copy that holds far less than the last one."""
        who = await access.who(request)
        found = await access.shop(who, Right.EDIT_KNOWLEDGE, shop, store)
        polled = await feeds.poll(found, feed, force=force)
        await access.record(who, found.id, "feed.polled", polled.source, error=polled.error)
        return feed_json(polled, clock())

    @router.delete("/{feed}", status_code=204)
    async def remove(shop: str, feed: str, request: Request) -> None:
        """Ends the polling; what the feed brought stays."""
        who = await access.who(request)
        found = await access.shop(who, Right.EDIT_KNOWLEDGE, shop, store)
        removed = await feeds.remove(found, feed)
        await access.record(who, found.id, "feed.removed", removed.source)

    return router
