"""The page of a shop's feeds: what is fetched by itself, how it went, when it goes on; added, changed, polled, rested and removed in forms."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.consoles.access import Right, Who
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.shared.pages import HEADERS
from bot.consoles.shared.words import Words
from bot.errors import Conflict, InvalidInput, ZhangguiError
from bot.feeds.fetching import shown_url
from bot.feeds.polling import state_of
from knowledge.errors import FeedExists
from knowledge.feeds import KINDS, Feed
from knowledge.store import Shop

INTERVALS = (5, 15, 30, 60, 180, 360, 720, 1440, 10080)
"""Minutes to choose from."""
PROBLEMS_SHOWN = 10
SEE_OTHER = 303
DONE = ("added", "changed", "removed", "begun", "paused", "resumed")


def feeds_page_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/feeds and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/feeds", include_in_schema=False, route_class=pages.route())

    @router.get("")
    async def show(slug: str, request: Request, done: str = "") -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        return await page(request, who, shop, {"kind": KINDS[0], "every_minutes": "60"}, done=done if done in DONE else "")

    @router.post("")
    async def add(slug: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        typed = await _typed(request)
        try:
            feed = await parts.feeds.add(
                shop, typed.get("url", ""), source=typed.get("source", ""), kind=typed.get("kind", ""), every_minutes=_minutes(typed)
            )
        except (InvalidInput, FeedExists) as wrong:
            return await page(request, who, shop, typed, problem=_sentence(wrong, pages.words_of(request)), status=InvalidInput.status)
        await parts.access.record(who, shop.id, "feed.added", feed.source, url=shown_url(feed.url))
        return back(shop, "added")

    @router.post("/{id}")
    async def change(slug: str, id: str, request: Request) -> Response:
        """Saves, polls, rests or removes, by the button that was pressed."""
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        typed, feed = await _typed(request), await parts.feeds.feed(shop, id)
        try:
            done = await act(who, shop, feed, typed)
        except (InvalidInput, Conflict) as wrong:
            sentence = _sentence(wrong, pages.words_of(request))
            return await page(
                request, who, shop, {"kind": KINDS[0], "every_minutes": "60"}, of=feed.id, problem=sentence, status=wrong.status
            )
        return back(shop, done)

    async def act(who: Who, shop: Shop, feed: Feed, typed: Mapping[str, str]) -> str:
        match typed.get("do"):
            case "save":
                changed = await parts.feeds.change(
                    shop, feed.id, url=typed.get("url", "").strip() or None, kind=typed.get("kind"), every_minutes=_minutes(typed)
                )
                where, every = shown_url(changed.url), changed.every_minutes
                await parts.access.record(who, shop.id, "feed.changed", feed.source, url=where, kind=changed.kind, every_minutes=every)
                return "changed"
            case "poll" | "force" as how:
                await parts.feeds.begin(shop, feed.id, force=how == "force")
                await parts.access.record(who, shop.id, "feed.polled", feed.source, force=how == "force")
                return "begun"
            case "pause" | "resume" as how:
                await parts.feeds.change(shop, feed.id, paused=how == "pause")
                await parts.access.record(who, shop.id, "feed.changed", feed.source, paused=how == "pause")
                return f"{how}d"
            case "remove":
                await parts.feeds.remove(shop, feed.id)
                await parts.access.record(who, shop.id, "feed.removed", feed.source)
                return "removed"
        raise InvalidInput("Press one of the buttons.", field="do")

    def back(shop: Shop, done: str) -> Response:
        return RedirectResponse(f"/console/{shop.slug}/feeds?done={done}", status_code=SEE_OTHER, headers=HEADERS)

    async def page(
        request: Request,
        who: Who,
        shop: Shop,
        typed: Mapping[str, str],
        *,
        of: str = "",
        problem: str = "",
        done: str = "",
        status: int = 200,
    ) -> Response:
        """`of`: the feed that `problem` is about; "" the one to be added."""
        words = pages.words_of(request)
        feeds = await parts.feeds.of(shop)
        return await shown.render(
            request,
            "feeds.html",
            who,
            shop,
            "feeds",
            status=status,
            rows=[
                (feed, state_of(feed), shown_url(feed.url), _why(feed, words), _brought(feed, words), _left_out(feed, words))
                for feed in feeds
            ],
            busy=any(feed.busy for feed in feeds),
            typed=_Typed(typed),
            kinds=KINDS,
            intervals=INTERVALS,
            now=parts.clock(),
            of=of,
            problem=problem,
            done=done,
        )

    return router


def _minutes(typed: Mapping[str, str]) -> int:
    text = typed.get("every_minutes", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


async def _typed(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _sentence(wrong: ZhangguiError | FeedExists, words: Words) -> str:
    if isinstance(wrong, FeedExists):
        return words.error("feed_exists", str(wrong))
    details = {name: value for name, value in wrong.details.items() if name not in ("code", "sentence")}
    return words.error(wrong.details.get("code"), wrong.message, **details)


def _why(feed: Feed, words: Words) -> str:
    """Why the last poll failed, in the reader's language where it was worded for it."""
    sentences, details = feed.problem.get("sentences"), feed.problem.get("details")
    said = sentences.get(words.language) if isinstance(sentences, dict) else None
    values = {str(name): _in(words, value) for name, value in details.items()} if isinstance(details, dict) else {}
    return said or words.error(f"feed_{feed.problem.get('code')}", feed.error, **values)


def _in(words: Words, value: object) -> object:
    return value.get(words.language, "") if isinstance(value, dict) else value


def _brought(feed: Feed, words: Words) -> str:
    """What the last copy brought, counted."""
    report: Mapping[str, Any] = feed.report
    if not report:
        return ""
    rejected = sum(int(file.get("rejected", 0)) for file in report.get("files", ()))
    counts = (("products", report.get("products", 0)), ("faq", report.get("faq_entries", 0)), ("offers", report.get("offers", 0)))
    told = [words(f"feeds.n_{name}", count=count) for name, count in counts if count]
    changes = report.get("changes", {})
    told += [words(f"feeds.n_{name}", count=changes[name]) for name in ("added", "changed", "removed") if changes.get(name)]
    told += [words("feeds.n_rejected", count=rejected)] if rejected else []
    return words("feeds.comma").join(told) or words("feeds.n_nothing")


def _left_out(feed: Feed, words: Words) -> list[tuple[object, str]]:
    """Row and reason of the first rows that were left out."""
    problems = feed.report.get("problems")
    found = [one for one in problems if one.get("rejects")] if isinstance(problems, list) else []
    return [(one.get("row"), (one.get("reason") or {}).get(words.language) or one.get("message", "")) for one in found[:PROBLEMS_SHOWN]]


class _Typed(dict[str, str]):
    """What a form holds; what was not typed is empty."""

    def __missing__(self, key: str) -> str:
        return ""
