"""Imports for programs: files or JSON rows in, the report out. /api/v1/shops/{shop}/knowledge/imports.

An import runs by itself: the answer is 202 and where to look, or with ?wait=SECONDS the report when it is there in time. Where a column may be a
title, a number, a price or stock and its name does not tell, the import asks: say what columns mean with `map`, or afterwards at .../columns.
"""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bot.answering.answer_json import time_json
from bot.consoles.access import Right, Who
from bot.consoles.merchant.import_pages import MOST_FILES, file_name
from bot.consoles.merchant.parts import MerchantParts, name_of
from bot.consoles.shared.bodies import API_TOKEN, read_json
from bot.consoles.shared.words import FALLBACK, Words, load_words
from bot.errors import InvalidInput, TooLarge
from bot.uploads.upload_store import Upload
from knowledge.importing.mapping import ColumnMapping, mapping_of
from knowledge.store import Shop

MAX_ROWS_BODY = 16 * 1024 * 1024
"""Of JSON rows; more than that is sent as a file."""
LONGEST_WAIT = 60.0
Kind = Literal["auto", "products", "faq", "policy", "reviews", "promotions", "offers"]


class How(BaseModel):
    """What to do with what is sent. `dry_run`: only report; `draft`: wait in the draft; neither: publish at once. `overwrite`: files win over
    what was edited by hand. `source`: what the import is called, so that the next of that name replaces it (else the file's name). `language`:
    in which a file of rejected rows says what is wrong."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = "auto"
    dry_run: bool = False
    draft: bool = False
    overwrite: bool = False
    source: Annotated[str, Field(max_length=150)] = ""
    language: Literal["en", "zh"] = "en"

    @property
    def mode(self) -> str:
        """As uploads name it."""
        return "check" if self.dry_run else "draft" if self.draft else "publish"


class Rows(How):
    """Records as JSON objects with our own columns (docs/formats.md), and what other columns of theirs mean."""

    source: Annotated[str, Field(min_length=1, max_length=150)]
    rows: Annotated[list[dict[str, Any]], Field(max_length=200_000)]
    map: dict[str, str] = {}


class Meanings(BaseModel):
    """By source, what its columns mean; `kind` where the file is to be read as another kind."""

    model_config = ConfigDict(extra="forbid")

    mappings: Annotated[dict[str, dict[str, Any]], Field(min_length=1, max_length=MOST_FILES)]


class Again(BaseModel):
    """After a dry run, or when the import was interrupted."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["publish", "draft", "check"] = "draft"


ROWS: TypeAdapter[Rows] = TypeAdapter(Rows)
MEANINGS: TypeAdapter[Meanings] = TypeAdapter(Meanings)
AGAIN: TypeAdapter[Again] = TypeAdapter(Again)
_FILES = {
    "type": "object",
    "required": ["files"],
    "properties": {
        "files": {"type": "array", "maxItems": MOST_FILES, "items": {"type": "string", "format": "binary"}},
        "map": {"type": "array", "items": {"type": "string"}, "description": "COLUMN=FIELD as of the command, or one JSON object of them"},
        **How.model_json_schema()["properties"],
    },
}
Wait = Annotated[float, Query(ge=0, le=LONGEST_WAIT)]


def imports_routes(parts: MerchantParts) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter(prefix="/api/v1/shops/{shop}/knowledge/imports", tags=["knowledge"], dependencies=[Depends(API_TOKEN)])
    words = load_words()[FALLBACK]
    content = {"multipart/form-data": {"schema": _FILES}, "application/json": {"schema": Rows.model_json_schema()}}
    document = {"requestBody": {"required": True, "content": content}}

    def told(shop: Shop, upload: Upload, response: Response | None = None) -> dict[str, object]:
        address = f"/api/v1/shops/{shop.slug}/knowledge/imports/{upload.id}"
        if response is not None:
            response.headers["Location"] = address
            response.status_code = 202 if upload.state == "running" else 200
        return upload_json(upload, address, words)

    async def recorded(who: Who, shop: Shop, upload: Upload) -> None:
        for file in upload.files:
            await parts.access.record(who, shop.id, "knowledge.imported", file["name"], mode=upload.mode, upload=upload.id)

    @router.post("", status_code=202, openapi_extra=document, responses={200: {"description": "It has ended in time"}})
    async def bring_in(shop: str, request: Request, response: Response, wait: Wait = 0) -> dict[str, object]:
        """Files (multipart) or rows (JSON). Several files are one revision; one that cannot be read holds up no other."""
        # Who asks is known before anything of the body is read; see Access.who.
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            how, files, mapping = await _files(request, parts.uploads.max_file_bytes)
        else:
            body = await read_json(request, ROWS, limit=MAX_ROWS_BODY)
            how, mapping = body, ColumnMapping.from_json({"columns": body.map})
            files = [(f"{file_name(body.source)}.json", orjson.dumps(body.rows))]
        upload = await parts.uploads.start(
            found, files, kind=how.kind, mode=how.mode, overwrite=how.overwrite, language=how.language, by=name_of(who),
            source=how.source, mapping=mapping or None,
        )  # fmt: skip
        await recorded(who, found, upload)
        return told(found, await parts.uploads.ended(found, upload.id, wait) if wait else upload, response)

    @router.get("")
    async def every(shop: str, request: Request) -> dict[str, object]:
        """The last ten, newest first, without their reports."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return {"imports": [{**told(found, one), "report": None} for one in await parts.uploads.all(found)]}

    @router.get("/{id}")
    async def one(shop: str, id: str, request: Request, wait: Wait = 0) -> dict[str, object]:
        """How far it is: `state` running, asks, done, failed or interrupted; with ?wait it answers as soon as it has ended."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return told(found, await parts.uploads.ended(found, id, wait))

    @router.post("/{id}/columns", status_code=202, openapi_extra=_body(Meanings), responses={200: {"description": "It has ended in time"}})
    async def columns(shop: str, id: str, request: Request, response: Response, wait: Wait = 0) -> dict[str, object]:
        """Says what columns mean and reads the files once more: where the import asks, or to mend what was taken for something else."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        body = await read_json(request, MEANINGS, limit=MAX_ROWS_BODY)
        upload = await parts.uploads.get(found, id)
        sources = {proposal["source"] for file in upload.files for proposal in file["proposals"]}
        if strange := sorted(set(body.mappings) - sources):
            raise InvalidInput(
                f"This import has no source “{strange[0][:80]}”; it has {', '.join(sorted(sources))[:300]}.", field="mappings"
            )
        said = {source: ColumnMapping.from_json(mapping) for source, mapping in body.mappings.items()}
        upload = await parts.uploads.go_on(found, id, mappings=said, by=name_of(who))
        for source in said:
            await parts.access.record(who, found.id, "knowledge.columns_mapped", source, upload=id)
        return told(found, await parts.uploads.ended(found, id, wait) if wait else upload, response)

    @router.post("/{id}/again", status_code=202, openapi_extra=_body(Again), responses={200: {"description": "It has ended in time"}})
    async def again(shop: str, id: str, request: Request, response: Response, wait: Wait = 0) -> dict[str, object]:
        """Brings in what was only checked, or goes on with what was interrupted, without sending it again."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        body = await read_json(request, AGAIN, limit=1024)
        upload = await parts.uploads.go_on(found, id, mode=body.mode, by=name_of(who))
        await recorded(who, found, upload)
        return told(found, await parts.uploads.ended(found, id, wait) if wait else upload, response)

    @router.get("/{id}/rejected/{number}", response_class=Response, responses={200: {"content": {"text/csv": {}, "application/jsonl": {}}}})
    async def rejected(shop: str, id: str, number: int, request: Request) -> Response:
        """The rows of a file that were left out, each with what is wrong beside it, to mend and send again."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        file = await parts.uploads.rejected(await parts.uploads.get(found, id), number)
        return Response(file.content, media_type="text/csv; charset=utf-8" if file.name.endswith(".csv") else "application/jsonl")

    return router


def upload_json(upload: Upload, address: str, words: Words) -> dict[str, object]:
    """An import as JSON: how far it is, each file with its sentence where it was not read and `columns` where it asks, and the report."""
    report = dict(upload.report) if upload.report else None
    if report:
        report["files"] = [
            {**file, "rejected_rows": f"{address}/rejected/{number}" if (number := file["rejected_file"]) is not None else None}
            for file in report["files"]
        ]
        for file in report["files"]:
            file.pop("rejected_file")
    return {
        "id": upload.id,
        "state": upload.state,
        "kind": upload.kind,
        "mode": upload.mode,
        "files": [_file_json(file) for file in upload.files],
        "report": report,
        "error": _error_json(upload.error, words),
        "by": upload.started_by,
        "started_at": time_json(upload.started_at),
    }


def _file_json(file: dict[str, Any]) -> dict[str, object]:
    error = {"code": file.get("code") or "unreadable", "message": file["error"], **file.get("said", {})} if file["error"] else None
    return {"name": file["name"], "state": file["state"], "error": error, "columns": file["proposals"] if file["state"] == "asks" else []}


def _error_json(error: str, words: Words) -> dict[str, str] | None:
    if not error:
        return None
    known = error in ("draft_waits", "nothing_read", "unexpected")
    return {"code": error if known else "refused", "message": words(f"import.error_{error}") if known else error}


async def _files(request: Request, largest: int) -> tuple[How, list[tuple[str, bytes]], ColumnMapping]:
    """What a multipart form sends. Raises InvalidInput, TooLarge, InvalidMapping."""
    try:
        form = await request.form(max_files=MOST_FILES + 1, max_fields=600)
    except HTTPException as error:  # what Starlette makes of a broken form
        raise InvalidInput(f"The form cannot be read: {error.detail}", field="body") from None
    files = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
    if not files or len(files) > MOST_FILES:
        raise InvalidInput(f"Send 1 to {MOST_FILES} files, each in a part named `files`.", field="files")
    if large := next((one for one in files if (one.size or 0) > largest), None):
        raise TooLarge(f"{file_name(large.filename or '')} is larger than {largest // 2**20} MB; split it into several files.")
    given = {name: str(value) for name, value in form.multi_items() if name not in ("files", "map")}
    try:
        how = How.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise InvalidInput(f"`{field}` is not usable: {first['msg'].lower()}.", field=field) from None
    if how.source and len(files) > 1:
        raise InvalidInput("A source of its own goes with one file; send several without it.", field="source")
    said = [str(one) for one in form.getlist("map")]
    return how, [(file_name(one.filename or ""), await one.read()) for one in files], _mapping(said)


def _mapping(said: list[str]) -> ColumnMapping:
    if len(said) == 1 and said[0].lstrip().startswith("{"):
        try:
            return ColumnMapping.from_json({"columns": orjson.loads(said[0])})
        except orjson.JSONDecodeError:
            raise InvalidInput("`map` is no JSON object; write COLUMN=FIELD, such as Preis=price.", field="map") from None
    return mapping_of(said)


def _body(form: type[BaseModel]) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"schema": form.model_json_schema()}}}}
