"""The pages of test questions: listed with what their last run missed, written in a form, run against either side, taken in and out as files."""

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from bot.consoles.access import Right, Who
from bot.consoles.merchant.parts import name_of
from bot.consoles.merchant.pinned_form import filled, question_of, typed_of
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.shared.pages import HEADERS
from bot.errors import InvalidInput, NotFound, TooLarge
from bot.previewing.dry_run import SideName
from bot.previewing.job_store import Job, JobKind, JobState
from knowledge.pinned import Expected, PinnedQuestion
from knowledge.pinned_files import OUTCOMES, Refused, csv_table, json_lines, read_questions
from knowledge.store import Shop

SHOWN = 50
LARGEST = 2 * 2**20
"""Bytes of a file of test questions."""
REFUSED_SHOWN = 20
SEE_OTHER = 303
_RUNS = {SideName.PUBLISHED: JobKind.ASK_PUBLISHED, SideName.DRAFT: JobKind.ASK_DRAFT}


def pinned_page_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/pinned and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/pinned", include_in_schema=False, route_class=pages.route())

    @router.get("")
    async def every(slug: str, request: Request, run: str = "", done: str = "", page: int = 1, only: str = "") -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        return await listed(request, who, shop, run=run, done=done, page=page, only=only)

    async def listed(
        request: Request,
        who: Who,
        shop: Shop,
        *,
        run: str = "",
        done: str = "",
        page: int = 1,
        only: str = "",
        refused: list[Refused] | None = None,
        taken: int = 0,
        status: int = 200,
    ) -> Response:
        questions = await parts.store.pinned(shop.id)
        jobs = await parts.jobs.all(shop)
        running = next((job for job in jobs if job.id == run and job.state in (JobState.RUNNING, JobState.INTERRUPTED)), None)
        over = [job for job in jobs if job.state is JobState.DONE]
        runs = {side.value: next((job for job in over if job.kind is kind), None) for side, kind in _RUNS.items()}
        last = {side: _results(job) for side, job in runs.items()}
        known = {one.id for one in questions}
        missed = {id for found in last.values() for id, one in found.items() if one["failures"] and id in known}
        rows = [one for one in questions if only != "missed" or one.id in missed]
        pages_there = max(1, -(-len(rows) // SHOWN))
        page = min(max(1, page), pages_there)
        failed = next((job for job in jobs if job.id == run and job.state is JobState.FAILED), None)
        return await shown.render(
            request,
            "pinned.html",
            who,
            shop,
            "pinned",
            status=status,
            rows=rows[(page - 1) * SHOWN : page * SHOWN],
            total=len(questions),
            missed=len(missed),
            only=only if only == "missed" else "",
            last=last,
            runs=runs,
            published=(await parts.store.state(shop.id)).revision > 0,
            job=running,
            failed=failed,
            page=page,
            pages=pages_there,
            refused=(refused or [])[:REFUSED_SHOWN],
            more=max(0, len(refused or []) - REFUSED_SHOWN),
            taken=taken,
            done=done if done in ("pinned", "saved", "deleted", "run") else "",
        )

    @router.post("/run")
    async def ask(slug: str, request: Request) -> Response:
        """All of them, of one side, in the background."""
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        side = SideName.DRAFT if (await request.form()).get("of") == SideName.DRAFT.value else SideName.PUBLISHED
        job = await parts.jobs.ask(shop, side, by=name_of(who))
        return RedirectResponse(f"/console/{shop.slug}/pinned?run={job.id}&done=run", status_code=SEE_OTHER, headers=HEADERS)

    # ── files ──

    @router.get("/file.{ending}")
    async def fetch(slug: str, ending: str, request: Request) -> Response:
        _, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        if ending not in ("csv", "jsonl"):
            raise NotFound("There is no such page.")
        questions = await parts.store.pinned(shop.id)
        content = csv_table(questions) if ending == "csv" else json_lines(questions)
        media = "text/csv; charset=utf-8" if ending == "csv" else "application/jsonl"
        named = f'attachment; filename="pinned.{ending}"'
        return Response(content, media_type=media, headers={**HEADERS, "Content-Disposition": named})

    @router.post("/file")
    async def bring(slug: str, request: Request) -> Response:
        """Takes in what can be taken, and says what cannot."""
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        file = (await request.form(max_files=1)).get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise InvalidInput("Choose a file first.", field="file", code="pin_no_file")
        content = await file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise TooLarge("The file is larger than 2 MB; bring it in parts.", code="pin_large_file")
        known = {one.id: one for one in await parts.store.pinned(shop.id)}
        questions, refused = read_questions(content, shop.id, list(known))
        for one in questions:
            await parts.store.save_pinned(
                shop.id, PinnedQuestion(one.id, one.question, one.language, one.turns, one.expected, name_of(who))
            )
        await parts.access.record(who, shop.id, "questions.brought_in", file.filename[:200], questions=len(questions), refused=len(refused))
        status = 200 if questions or not refused else InvalidInput.status
        return await listed(request, who, shop, refused=refused, taken=len(questions), done="", status=status)

    # ── one ──

    @router.get("/new")
    async def new(slug: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        return await form(request, who, shop, "", typed_of("", "", (), Expected()))

    @router.post("/new")
    async def create(slug: str, request: Request) -> Response:
        return await save(slug, request, secrets.token_hex(16), new=True)

    @router.get("/{id}")
    async def edit(slug: str, id: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        found = await the_question(shop, id)
        return await form(request, who, shop, id, typed_of(found.question, found.language, found.turns, found.expected))

    @router.post("/{id}")
    async def change(slug: str, id: str, request: Request) -> Response:
        """Saves or deletes, by the button that was pressed."""
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        await the_question(shop, id)
        if (await request.form()).get("do") != "delete":
            return await save(slug, request, id)
        await parts.store.delete_pinned(shop.id, id)
        await parts.access.record(who, shop.id, "question.unpinned", id)
        return RedirectResponse(f"/console/{shop.slug}/pinned?done=deleted", status_code=SEE_OTHER, headers=HEADERS)

    async def save(slug: str, request: Request, id: str, *, new: bool = False) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        try:
            question = question_of(typed, id, name_of(who))
        except InvalidInput as wrong:
            return await form(request, who, shop, "" if new else id, typed, problem=pages.sentence(request, wrong), status=wrong.status)
        await parts.store.save_pinned(shop.id, question)
        await parts.access.record(who, shop.id, "question.pinned", id)
        return RedirectResponse(f"/console/{shop.slug}/pinned?done=saved", status_code=SEE_OTHER, headers=HEADERS)

    async def form(
        request: Request, who: Who, shop: Shop, id: str, typed: Mapping[str, str], *, problem: str = "", status: int = 200
    ) -> Response:
        return await shown.render(
            request, "pinned_form.html", who, shop, "pinned", status=status, typed=filled(typed), outcomes=OUTCOMES, languages=shop.languages, id=id,
            problem=problem,
        )  # fmt: skip

    async def the_question(shop: Shop, id: str) -> PinnedQuestion:
        found = await parts.store.pinned_question(shop.id, id)
        if found is None:
            raise NotFound("There is no such test question.", code="no_pinned")
        return found

    return router


def _results(job: Job | None) -> dict[str, dict[str, Any]]:
    """What the last run found, by question."""
    return {one["id"]: one for one in job.result["results"]} if job and job.result else {}
