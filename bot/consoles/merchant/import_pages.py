"""The pages that bring files in: choose them, watch, settle what columns mean, read the report, fetch the rows that were left out."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from bot.consoles.access import Right, Who
from bot.consoles.merchant.mapping_form import asked_files, said_mappings
from bot.consoles.merchant.parts import name_of
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.shared.pages import HEADERS
from bot.errors import InvalidInput, TooLarge
from bot.uploads.bringing_in import MODES
from bot.uploads.upload_store import Upload
from knowledge.store import Shop

KINDS = ("auto", "products", "faq", "policy", "reviews", "promotions", "offers")
MOST_FILES = 20
MOST_FIELDS = 5_000
"""Of a mapping: a column each, and no file that we read has more."""
PROBLEMS_SHOWN = 100
SEE_OTHER = 303


def import_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/import and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/import", include_in_schema=False, route_class=pages.route())

    @router.get("")
    async def choose(slug: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        return await form(request, who, shop)

    async def form(request: Request, who: Who, shop: Shop, *, problem: str = "", status: int = 200) -> Response:
        return await shown.render(
            request,
            "import.html",
            who,
            shop,
            "import",
            status=status,
            kinds=KINDS,
            most_files=MOST_FILES,
            published=(await parts.store.state(shop.id)).revision > 0,
            sources=await parts.store.sources(shop.id),
            uploads=await parts.uploads.all(shop),
            problem=problem,
        )

    @router.post("")
    async def bring_in(slug: str, request: Request) -> Response:
        # Who asks is known before the files are read; see Access.who.
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        given = await request.form()
        kind, mode = str(given.get("kind") or "auto"), str(given.get("mode") or "publish")
        files = [file for file in given.getlist("files") if isinstance(file, UploadFile) and file.filename]
        words = pages.words_of(request)
        if not files or kind not in KINDS or mode not in MODES:
            return await form(request, who, shop, problem=words("import.no_file"), status=InvalidInput.status)
        most = parts.uploads.max_file_bytes
        if large := next((file for file in files if (file.size or 0) > most), None):
            said = words("import.too_large", name=file_name(large.filename or ""), limit=most // 2**20)
            return await form(request, who, shop, problem=said, status=TooLarge.status)
        if len(files) > MOST_FILES:
            return await form(request, who, shop, problem=words("import.too_many", most=MOST_FILES), status=InvalidInput.status)
        read = [(file_name(file.filename or ""), await file.read()) for file in files]
        upload = await parts.uploads.start(
            shop, read, kind=kind, mode=mode, overwrite=bool(given.get("overwrite")), language=words.language, by=name_of(who)
        )
        for name, _ in read:
            await parts.access.record(who, shop.id, "knowledge.imported", name, mode=mode, upload=upload.id)
        return _to(shop, upload)

    @router.get("/{id}")
    async def watch(slug: str, id: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        upload = await parts.uploads.get(shop, id)
        changeable = upload.state == "asks" or (upload.state == "done" and await parts.uploads.kept_files(upload))
        asked = asked_files(upload, shop.languages, request.query_params) if changeable else []
        return await shown.render(
            request,
            "upload.html",
            who,
            shop,
            "import",
            upload=upload,
            asked=asked,
            done=sum(file["state"] not in ("waiting", "reading") for file in upload.files),
            problems=_problems(upload, pages.words_of(request).language),
            problems_shown=PROBLEMS_SHOWN,
            rejected=sum(file["rejected"] for file in upload.report["files"]) if upload.report else 0,
        )

    @router.post("/{id}/columns")
    async def columns(slug: str, id: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        given = await request.form(max_fields=MOST_FIELDS)
        upload = await parts.uploads.get(shop, id)
        mappings = said_mappings(upload, given)
        upload = await parts.uploads.go_on(shop, id, mappings=mappings, by=name_of(who))
        for source in mappings:
            await parts.access.record(who, shop.id, "knowledge.columns_mapped", source, upload=id)
        return _to(shop, upload)

    @router.post("/{id}/again")
    async def again(slug: str, id: str, request: Request) -> Response:
        """After a dry run, or when its process went away."""
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        mode = str((await request.form()).get("mode") or "")
        upload = await parts.uploads.go_on(shop, id, mode=mode if mode in MODES else "", by=name_of(who))
        await parts.access.record(who, shop.id, "knowledge.imported", id, mode=upload.mode, upload=id)
        return _to(shop, upload)

    @router.get("/{id}/rejected/{number}")
    async def rejected(slug: str, id: str, number: int, request: Request) -> Response:
        _, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        file = await parts.uploads.rejected(await parts.uploads.get(shop, id), number)
        plain = file.name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "") or "rejected.csv"
        named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}"
        media = "text/csv; charset=utf-8" if file.name.endswith(".csv") else "application/jsonl"
        return Response(file.content, media_type=media, headers={**HEADERS, "Content-Disposition": named})

    return router


def _to(shop: Shop, upload: Upload) -> Response:
    return RedirectResponse(f"/console/{shop.slug}/import/{upload.id}", status_code=SEE_OTHER, headers=HEADERS)


def _problems(upload: Upload, language: str) -> dict[str, list[Mapping[str, object]]]:
    """Findings by file, rejected rows first, each worded in that language."""
    found: dict[str, list[Mapping[str, object]]] = {}
    for problem in sorted(upload.report["problems"] if upload.report else [], key=lambda one: not one["rejects"]):
        said = {**problem, "reason": problem["reason"].get(language) or problem["message"], "advice": problem["advice"].get(language, "")}
        found.setdefault(problem["path"], []).append(said)
    return found


def file_name(name: str) -> str:
    """The last part alone: some browsers send a path, and the name becomes the source's."""
    last = name.replace("\\", "/").rpartition("/")[2].strip().lstrip(".")
    if not last:
        raise InvalidInput("The file has no name; give it one and send it again.", field="files")
    return last[:150]
