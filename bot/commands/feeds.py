"""`zhanggui feed add | list | remove | poll`: sources that are fetched on a schedule."""

import json
from typing import TextIO

from bot.assembly import services
from bot.commands.terminal import chosen_shop
from bot.feeds.polling import feed_json
from bot.settings import Settings
from knowledge.catalog import utc_now
from knowledge.feeds import Feed


async def feed_add(settings: Settings, slug: str | None, url: str, source: str, kind: str, every: int, out: TextIO) -> int:
    """A running server polls it within seconds."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        feed = await parts.feeds.add(shop, url, source=source, kind=kind, every_minutes=every)
    out.write(f"Feed '{feed.source}' of shop '{shop.slug}' is polled every {feed.every_minutes} minutes while the server runs.\n")
    return 0


async def feed_list(settings: Settings, slug: str | None, as_json: bool, out: TextIO) -> int:
    """Each feed with how its last poll went."""
    async with services(settings) as parts:
        feeds = await parts.feeds.of(await chosen_shop(parts, slug))
    rows = [feed_json(feed, utc_now()) for feed in feeds]
    if as_json:
        out.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return 0
    for row in rows:
        out.write(f"{row['source']}  {row['url']}  {row['kind']}  every {row['every_minutes']} min  {row['state']}")
        out.write(f"  next {row['next_at']}  {row['error']}".rstrip() + "\n")
    if not rows:
        out.write("There is no feed; 'zhanggui feed add URL' makes one.\n")
    return 0


async def feed_remove(settings: Settings, slug: str | None, name: str, out: TextIO) -> int:
    """What it brought stays."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        feed = await parts.feeds.remove(shop, name)
    out.write(f"Feed '{feed.source}' is no longer polled; what it brought stays in shop '{shop.slug}'.\n")
    return 0


async def feed_poll(settings: Settings, slug: str | None, name: str | None, force: bool, out: TextIO) -> int:
    """One feed, or all of the shop, due or not. 1 when a feed failed or rows were rejected."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        names = [name] if name else [feed.source for feed in await parts.feeds.of(shop)]
        before = {feed.source: feed.taken_at for feed in await parts.feeds.of(shop)}
        polled = [await parts.feeds.poll(shop, one, force=force) for one in names]
    for feed in polled:
        out.write(f"{feed.source}: {_outcome(feed, feed.taken_at == before.get(feed.source))}\n")
    return 1 if any(feed.error or _rejected(feed) for feed in polled) else 0


def _outcome(feed: Feed, unchanged: bool) -> str:
    if feed.error:
        return f"failed. {feed.error}"
    if unchanged:
        return "unchanged since it was taken last."
    rejected = f", {_rejected(feed)} rows rejected" if _rejected(feed) else ""
    return f"taken: {feed.report.get('products', 0)} products, {feed.report.get('offers', 0)} prices and stock levels changed{rejected}."


def _rejected(feed: Feed) -> int:
    files = feed.report.get("files")
    return sum(int(file["rejected"]) for file in files) if isinstance(files, list) else 0
