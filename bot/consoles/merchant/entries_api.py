"""Single entries as JSON: list, search, read, put, delete, history, what is stale. Under /api/v1/shops/{shop}/knowledge.

An entry's ETag is its hash. PUT and DELETE with If-Match happen only if nobody changed it since; PUT with If-None-Match: * only if it is new.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import TypeAdapter

from bot.consoles.access import Right
from bot.consoles.merchant.entry_json import entry_json, key_of, key_text, kind_of, offer_json, stale_json, version_json
from bot.consoles.merchant.parts import HIGHEST, MerchantParts, name_of
from bot.consoles.shared.bodies import API_TOKEN, read_json
from knowledge.catalog import Product
from knowledge.entries import ABSENT

MAX_BODY = 1024 * 1024
BODY: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def entry_routes(parts: MerchantParts) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter(prefix="/api/v1/shops/{shop}/knowledge", tags=["knowledge"], dependencies=[Depends(API_TOKEN)])

    @router.get("/entries")
    async def entries(
        shop: str,
        request: Request,
        kind: str = "",
        text: Annotated[str, Query(max_length=200)] = "",
        source: Annotated[str, Query(max_length=200)] = "",
        after: str = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        revision: Annotated[int | None, Query(ge=0, le=HIGHEST)] = None,
    ) -> dict[str, object]:
        """A page of the draft (without one, of what serves), or of `revision`: by kind and id; every word of `text` stands in the entry."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        number = await parts.editing.newest(found) if revision is None else revision
        wanted = kind_of(kind) if kind else None
        page = await parts.store.find_documents(
            found.id, number, kind=wanted, source=source, text=text, after=key_of(after), limit=limit + 1
        )
        shown, more = page[:limit], len(page) > limit
        return {
            "revision": number,
            "counts": {one.value: count for one, count in (await parts.store.counts(found.id, number)).items()},
            "entries": [entry_json(document, whole=False) for document in shown],
            "next": key_text((shown[-1].kind, shown[-1].id)) if more else None,
        }

    @router.get("/stale")
    async def stale(shop: str, request: Request) -> dict[str, object]:
        """Entries whose review is due, whose time is over or still to come."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return {"entries": [stale_json(one) for one in await parts.editing.stale(found)]}

    @router.get("/sources")
    async def sources(shop: str, request: Request) -> dict[str, object]:
        """Where the knowledge came from, with the mapping of columns that was chosen for each."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return {
            "sources": [
                {"name": one.name, "format": one.format, "documents": one.documents, "mapping": one.mapping}
                for one in await parts.store.sources(found.id)
            ]
        }

    @router.get("/entries/{kind}/{id:path}")
    async def show(
        shop: str, kind: str, id: str, request: Request, response: Response, revision: Annotated[int | None, Query(ge=0, le=HIGHEST)] = None
    ) -> dict[str, object]:
        """Of the draft (without one, of what serves), or of `revision`. A product comes with its live offers: what customers are told now,
        which a price list or a feed may have changed since the entry was written."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        document = await parts.editing.entry(found, kind_of(kind), id, revision)
        response.headers["ETag"] = f'"{document.hash}"'
        told = entry_json(document)
        if isinstance(document.body, Product):
            offers = await parts.store.offers(found.id, [variant.sku for variant in document.body.variants])
            told["offers"] = {sku: offer_json(offer, parts.clock()) for sku, offer in offers.items()}
        return told

    @router.put("/entries/{kind}/{id:path}")
    async def put(shop: str, kind: str, id: str, request: Request, response: Response) -> dict[str, object]:
        """Writes the entry into the draft: the body's fields, and under "care" owner, review_by, effective_from, effective_until."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        body = await read_json(request, BODY, limit=MAX_BODY)
        document = await parts.editing.put_entry(found, kind_of(kind), id, body, by=name_of(who), expected=_expected(request))
        await parts.access.record(who, found.id, "entry.put", f"{kind}:{id}", hash=document.hash)
        response.headers["ETag"] = f'"{document.hash}"'
        return entry_json(document)

    @router.delete("/entries/{kind}/{id:path}", status_code=204)
    async def delete(shop: str, kind: str, id: str, request: Request) -> None:
        """Takes it out of the draft; customers are answered from it until that is published."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        await parts.editing.delete_entry(found, kind_of(kind), id, by=name_of(who), expected=_expected(request))
        await parts.access.record(who, found.id, "entry.deleted", f"{kind}:{id}")

    @router.get("/history/{kind}/{id:path}")
    async def history(
        shop: str, kind: str, id: str, request: Request, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> dict[str, object]:
        """Every version: revision, who, when, source, and what changed."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        versions = await parts.editing.history(found, kind_of(kind), id, limit)
        return {"versions": [version_json(one) for one in versions]}

    return router


def _expected(request: Request) -> str | None:
    if request.headers.get("if-none-match") == "*":
        return ABSENT
    wanted = request.headers.get("if-match")
    return None if wanted in (None, "*") else wanted.removeprefix("W/").strip('"')
