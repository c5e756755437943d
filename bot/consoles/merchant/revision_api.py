"""Revisions as JSON: list, compare, publish, roll back, discard. Under /api/v1/shops/{shop}/knowledge/revisions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.answering.answer_json import time_json
from bot.consoles.access import Right
from bot.consoles.merchant.entry_json import comparison_json, key_of, kind_of, revision_json
from bot.consoles.merchant.parts import HIGHEST, MerchantParts, name_of
from bot.consoles.shared.bodies import API_TOKEN, read_json
from bot.errors import PreconditionFailed
from bot.previewing.job_store import Job, JobState
from knowledge.store import Revision, Shop

MAX_BODY = 16 * 1024
WAITED = 20.0
"""Seconds that a request waits for a publication before it says that it goes on."""


class Publication(BaseModel):
    """`confirm`: also if test questions get worse; `note`: why, for the history."""

    model_config = ConfigDict(extra="forbid")

    confirm: bool = False
    note: Annotated[str, Field(max_length=500)] = ""


PUBLICATION: TypeAdapter[Publication | None] = TypeAdapter(Publication | None)


def revision_routes(parts: MerchantParts) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter(prefix="/api/v1/shops/{shop}/knowledge/revisions", tags=["knowledge"], dependencies=[Depends(API_TOKEN)])

    @router.get("")
    async def revisions(shop: str, request: Request) -> dict[str, object]:
        """Newest first; the draft is among them."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        state = await parts.store.state(found.id)
        return {"serving": state.revision, "revisions": [revision_json(one) for one in await parts.store.revisions(found.id)]}

    @router.get("/draft")
    async def draft(shop: str, request: Request, response: Response) -> dict[str, object] | None:
        """The draft with its ETag, or null."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        open_ = await parts.store.draft(found.id)
        if open_ is None:
            return None
        response.headers["ETag"] = draft_tag(open_)
        return revision_json(open_)

    @router.get("/compare")
    async def compare(
        shop: str,
        request: Request,
        old: Annotated[int | None, Query(ge=0, le=HIGHEST)] = None,
        new: Annotated[int | None, Query(ge=0, le=HIGHEST)] = None,
        kind: str = "",
        change: Annotated[str, Query(pattern="^(|added|changed|removed)$")] = "",
        after: str = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> dict[str, object]:
        """How `new` (the draft, if left out) differs from `old` (what serves): counts by kind, and a page of entries field by field."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        wanted = kind_of(kind) if kind else None
        comparison = await parts.editing.compare(found, old, new, kind=wanted, change=change, after=key_of(after), limit=limit)
        return comparison_json(comparison)

    @router.post("/publish", responses={202: {"description": "It takes longer; the work, to be looked at under /work/{id}."}})
    async def publish(shop: str, request: Request, response: Response) -> dict[str, object]:
        """The draft serves from now on, in one step. 409 with `regressions` while test questions get worse, unless confirmed. With If-Match
        only the draft of that ETag. What takes longer than a few seconds goes on by itself: 202 with the work."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        body = await read_json(request, PUBLICATION, limit=MAX_BODY) or Publication()
        await _check_draft(request, found)
        if await parts.store.draft(found.id) is None:
            done = await parts.releasing.publish(found)
            return {"revision": revision_json(done.revision), "check": done.check}
        job = await parts.jobs.publish(found, by=name_of(who), note=body.note, confirm=body.confirm)
        job = await parts.jobs.ended(found, job, WAITED)
        await parts.access.record(who, found.id, "knowledge.published", str(job.revision), confirmed=body.confirm, state=job.state.value)
        return await _told(found, job, response)

    @router.post("/discard", status_code=204)
    async def discard(shop: str, request: Request) -> None:
        """Throws the draft away."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        await _check_draft(request, found)
        await parts.releasing.discard(found)
        await parts.access.record(who, found.id, "knowledge.draft_discarded", found.slug)

    @router.post("/{number}/roll-back", responses={202: {"description": "It takes longer; the work, to be looked at under /work/{id}."}})
    async def roll_back(
        shop: str, number: Annotated[int, Path(ge=1, le=HIGHEST)], request: Request, response: Response
    ) -> dict[str, object]:
        """What revision `number` held serves again, in one step, under a new number. 202 as for publishing."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        job = await parts.jobs.roll_back(found, number, by=name_of(who))
        job = await parts.jobs.ended(found, job, WAITED)
        await parts.access.record(who, found.id, "knowledge.rolled_back", str(number), state=job.state.value)
        return await _told(found, job, response)

    async def _told(shop: Shop, job: Job, response: Response) -> dict[str, object]:
        """What came of it, if that is known already."""
        if job.result is None or job.state is not JobState.DONE:
            response.status_code = 202
            return {"work": job_json(job)}
        serving = next((one for one in await parts.store.revisions(shop.id) if one.number == job.result["revision"]), None)
        return {"revision": revision_json(serving) if serving else None, "check": job.result["check"]}

    @router.get("/work/{id}")
    async def work(shop: str, id: str, request: Request) -> dict[str, object]:
        """How far a publication is, or a roll-back, or test questions that are being asked."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return job_json(await parts.jobs.get(found, id))

    async def _check_draft(request: Request, shop: Shop) -> None:
        wanted = request.headers.get("if-match")
        if wanted in (None, "*"):
            return
        open_ = await parts.store.draft(shop.id)
        if open_ is None or draft_tag(open_) != wanted:
            raise PreconditionFailed("The draft was changed since it was read; load it again.", code="stale_draft")

    return router


def draft_tag(draft: Revision) -> str:
    """The ETag of a draft: another after each change."""
    return f'"{draft.number}.{draft.edits}"'


def job_json(job: Job) -> dict[str, object]:
    """`state`: running, done, refused (`result.regressions`), failed (`error`) or interrupted (another process takes it over soon)."""
    return {
        "id": job.id,
        "kind": job.kind.value,
        "revision": job.revision,
        "state": job.state.value,
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "result": job.result,
        "error": job.error,
        "started_by": job.started_by,
        "started_at": time_json(job.started_at),
    }
