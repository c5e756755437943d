"""The pages of revisions: the list, a draft beside what serves, contradictions and languages, publishing, going back, discarding."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.consoles.access import Right, Who
from bot.consoles.merchant.entry_json import key_of, key_text, kind_of
from bot.consoles.merchant.parts import name_of
from bot.consoles.merchant.revision_api import draft_tag
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.merchant.shown_changes import shown_change
from bot.consoles.shared.pages import HEADERS
from bot.errors import Conflict, NotFound, PreconditionFailed
from bot.previewing.diff_store import AnswerDiff
from bot.previewing.job_store import Job, JobKind, JobState
from knowledge.contradictions import contradictions
from knowledge.coverage import Coverage, coverage_of
from knowledge.revision import KindCounts
from knowledge.said import Contradiction
from knowledge.store import Document, Revision, Shop

SHOWN = 30
"""Entries of a page of changes."""
REVISIONS_SHOWN = 50
FOUND_SHOWN = 200
"""Contradictions, and entries that lack a language."""
CHANGES = ("added", "changed", "removed")
LONGEST_NOTE = 500
SEE_OTHER = 303
WAITED = 3.0
"""Seconds that the browser waits for a publication before it is shown how far that is."""


def revision_page_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/revisions and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/revisions", include_in_schema=False, route_class=pages.route())

    @router.get("")
    async def every(slug: str, request: Request, done: str = "", of: int = 0) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        revisions = [one for one in await parts.store.revisions(shop.id) if one.state != "draft"]
        return await shown.render(
            request,
            "revisions.html",
            who,
            shop,
            "revisions",
            revisions=revisions[:REVISIONS_SHOWN],
            serving=next((one for one in revisions if one.current), None),
            done=done if done in ("published", "back", "discarded") else "",
            of=of,
            works=[job for job in await parts.jobs.all(shop) if job.state in (JobState.RUNNING, JobState.INTERRUPTED)],
        )

    async def opened(request: Request, slug: str) -> tuple[Who, Shop, Revision]:
        """Who may edit, and the draft. Raises Conflict."""
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        return who, shop, await the_draft(shop)

    async def the_draft(shop: Shop) -> Revision:
        draft = await parts.store.draft(shop.id)
        if draft is None:
            raise Conflict("There is no draft; edit an entry or import with --draft first.", code="no_draft")
        return draft

    # ── looking ──

    @router.get("/draft")
    async def draft(slug: str, request: Request, kind: str = "", change: str = "", after: str = "") -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        found = await the_draft(shop)
        diffs = [one for one in await parts.diffs.all(shop) if one.revision == found.number]
        return await comparison(request, who, shop, None, found, kind, change, after, latest=diffs[0] if diffs else None)

    @router.get("/draft/checks")
    async def checks(slug: str, request: Request) -> Response:
        """Of the newest state: the draft, else what serves."""
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        number = await parts.editing.newest(shop)
        serving = (await parts.store.state(shop.id)).revision
        documents = [document async for document in parts.store.documents(shop.id, number)]
        found, coverage = await asyncio.to_thread(_looked_at, documents, shop)
        fresh = {(one.kind, one.id) for one in await parts.store.differing(shop.id, serving, number)}
        return await shown.render(
            request,
            "checks.html",
            who,
            shop,
            "revisions",
            number=number,
            contradictions=found[:FOUND_SHOWN],
            fresh=fresh,
            coverage=coverage,
            incomplete=coverage.incomplete[:FOUND_SHOWN],
            more=max(0, len(coverage.incomplete) - FOUND_SHOWN),
        )

    @router.get("/{number:int}")
    async def one(slug: str, number: int, request: Request, kind: str = "", change: str = "", after: str = "") -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        revision, older = await published(shop, number)
        return await comparison(request, who, shop, older, revision, kind, change, after)

    async def published(shop: Shop, number: int) -> tuple[Revision, int]:
        """A revision that serves or did, and the number of the one before it (0: there was none). Raises NotFound."""
        revisions = [one for one in await parts.store.revisions(shop.id) if one.state != "draft"]
        found = next((one for one in revisions if one.number == number), None)
        if found is None:
            raise NotFound("There is no such revision.", code="no_revision")
        return found, max((one.number for one in revisions if one.number < number), default=0)

    async def comparison(
        request: Request,
        who: Who,
        shop: Shop,
        old: int | None,
        new: Revision,
        kind: str,
        change: str,
        after: str,
        *,
        latest: AnswerDiff | None = None,
    ) -> Response:
        wanted, change = kind_of(kind) if kind else None, change if change in CHANGES else ""
        found = await parts.editing.compare(shop, old, new.number, kind=wanted, change=change, after=key_of(after), limit=SHOWN)
        words = pages.words_of(request)
        totals = KindCounts(*(sum(getattr(n, what) for n in found.counts.values()) for what in (*CHANGES, "unchanged")))
        last = found.entries[-1] if found.more else None
        return await shown.render(
            request,
            "comparison.html",
            who,
            shop,
            "revisions",
            revision=new,
            old=found.old,
            counts={k.value: n for k, n in found.counts.items()},
            totals=totals,
            changes=[shown_change(one, words) for one in found.entries],
            next=key_text((last.kind, last.id)) if last else "",
            kind=kind,
            change=change,
            latest=latest,
        )

    # ── publishing, discarding, going back ──

    @router.get("/draft/publish")
    async def ask_to_publish(slug: str, request: Request) -> Response:
        who, shop, found = await opened(request, slug)
        return await publish_page(request, who, shop, found)

    async def publish_page(
        request: Request, who: Who, shop: Shop, found: Revision, *, note: str = "", regressions: object = (), status: int = 200
    ) -> Response:
        return await shown.render(
            request,
            "publish.html",
            who,
            shop,
            "revisions",
            status=status,
            tag=draft_tag(found),
            note=note,
            regressions=regressions,
        )

    @router.post("/draft/publish")
    async def publish(slug: str, request: Request) -> Response:
        who, shop, found = await opened(request, slug)
        form = await request.form()
        note, confirm = str(form.get("note") or "").strip()[:LONGEST_NOTE], bool(form.get("confirm"))
        _check(found, form.get("tag"))
        job = await parts.jobs.publish(shop, by=name_of(who), note=note, confirm=confirm)
        try:
            job = await parts.jobs.ended(shop, job, WAITED)
        except Conflict as refused:
            if refused.details.get("code") != "regressions":
                raise
            worse = refused.details["regressions"]
            return await publish_page(request, who, shop, found, note=note, regressions=worse, status=refused.status)
        await parts.access.record(who, shop.id, "knowledge.published", str(job.revision), confirmed=confirm, state=job.state.value)
        return _back(shop, "done=published") if job.state is JobState.DONE else _watch(shop, job)

    @router.get("/draft/discard")
    async def ask_to_discard(slug: str, request: Request) -> Response:
        who, shop, found = await opened(request, slug)
        return await shown.render(request, "discard.html", who, shop, "revisions", tag=draft_tag(found))

    @router.post("/draft/discard")
    async def discard(slug: str, request: Request) -> Response:
        who, shop, found = await opened(request, slug)
        _check(found, (await request.form()).get("tag"))
        await parts.releasing.discard(shop)
        await parts.access.record(who, shop.id, "knowledge.draft_discarded", shop.slug)
        return _back(shop, "done=discarded")

    @router.get("/{number:int}/roll-back")
    async def ask_to_go_back(slug: str, number: int, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        revision, _ = await published(shop, number)
        return await shown.render(request, "roll_back.html", who, shop, "revisions", revision=revision)

    @router.post("/{number:int}/roll-back")
    async def go_back(slug: str, number: int, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        job = await parts.jobs.roll_back(shop, number, by=name_of(who))
        job = await parts.jobs.ended(shop, job, WAITED)
        await parts.access.record(who, shop.id, "knowledge.rolled_back", str(number), state=job.state.value)
        return _back(shop, f"done=back&of={number}") if job.state is JobState.DONE else _watch(shop, job)

    # ── what goes on by itself ──

    @router.get("/work/{id}")
    async def watch(slug: str, id: str, request: Request) -> Response:
        """How far it is. What test questions stopped is the page to publish once more, with these and the question whether it is meant."""
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        job = await parts.jobs.get(shop, id)
        if job.kind in (JobKind.ASK_DRAFT, JobKind.ASK_PUBLISHED):
            return RedirectResponse(f"/console/{shop.slug}/pinned?run={job.id}", status_code=SEE_OTHER, headers=HEADERS)
        now = await parts.store.draft(shop.id)
        waits = now is not None and (now.number, now.edits) == (job.revision, job.edits)
        if job.state is JobState.REFUSED and now is not None and waits and who.may(Right.EDIT_KNOWLEDGE, shop.id):
            worse = job.result["regressions"] if job.result else ()
            return await publish_page(request, who, shop, now, note=job.note, regressions=worse)
        return await shown.render(request, "work.html", who, shop, "revisions", job=job, regressions=_regressions(job))

    return router


def _looked_at(documents: list[Document], shop: Shop) -> tuple[list[Contradiction], Coverage]:
    return contradictions(documents, currency=shop.currency), coverage_of(documents, shop.languages)


def _check(draft: Revision, tag: object) -> None:
    """Nobody publishes or discards what somebody else changed since they looked. Raises PreconditionFailed."""
    if tag != draft_tag(draft):
        raise PreconditionFailed("The draft was changed since it was read; load it again.", code="stale_draft")


def _regressions(job: Job) -> list[dict[str, object]]:
    """The test questions that stopped a publication."""
    return list(job.result["regressions"]) if job.state is JobState.REFUSED and job.result else []


def _watch(shop: Shop, job: Job) -> Response:
    return RedirectResponse(f"/console/{shop.slug}/revisions/work/{job.id}", status_code=SEE_OTHER, headers=HEADERS)


def _back(shop: Shop, query: str) -> Response:
    return RedirectResponse(f"/console/{shop.slug}/revisions?{query}", status_code=SEE_OTHER, headers=HEADERS)
