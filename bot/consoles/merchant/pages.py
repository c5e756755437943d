"""The console's pages: the shops, what one knows and could not answer, and the form that brings knowledge in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from bot.consoles.access import Access, Right, Who
from bot.consoles.shared.pages import Pages
from bot.errors import InvalidInput, NotFound, ZhangguiError
from knowledge.base import KnowledgeBase
from knowledge.catalog import Product
from knowledge.errors import KnowledgeError
from knowledge.gaps import Gap
from knowledge.localized import pick
from knowledge.store import DocumentKind, Shop

ImportUpload = Callable[[Shop, str, bytes, str], Awaitable[dict[str, object]]]
"""Shop, file name, contents and kind (auto, products, faq, ...) in; the import's report as the front doors give it out. Raises the errors of
knowledge/errors.py for a file of which nothing can be used."""

KINDS = ("auto", "products", "faq", "policy", "reviews", "promotions", "offers")
MOST_FILES = 20
GAPS_SHOWN, PROBLEMS_SHOWN, REVISIONS_SHOWN = 50, 100, 8
COUNTS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """What a published revision holds."""

    products: int = 0
    variants: int = 0
    faq: int = 0
    policies: int = 0
    reviews: int = 0
    promotions: int = 0


_FIELDS = {
    DocumentKind.PRODUCT: "products",
    DocumentKind.FAQ: "faq",
    DocumentKind.POLICY: "policies",
    DocumentKind.REVIEW: "reviews",
    DocumentKind.PROMOTION: "promotions",
}


class Shelves:
    """Counts what revisions hold; a published revision never changes, so each is counted once."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._known: dict[tuple[str, int], Counts] = {}

    async def counts(self, shop: Shop, revision: int) -> Counts:
        """Of a published revision; 0: nothing is published."""
        key = (shop.id, revision)
        if revision and key not in self._known:
            found = dict.fromkeys(_FIELDS.values(), 0) | {"variants": 0}
            async for document in self._knowledge.store.documents(shop.id, revision):
                found[_FIELDS[document.kind]] += 1
                if isinstance(document.body, Product):
                    found["variants"] += len(document.body.variants)
            if len(self._known) >= COUNTS_KEPT:
                self._known.clear()
            self._known[key] = Counts(**found)
        return self._known.get(key, Counts())


def page_routes(access: Access, knowledge: KnowledgeBase, import_upload: ImportUpload, pages: Pages) -> APIRouter:
    """/console and what is under it; mount it without prefix."""
    router = APIRouter(prefix="/console", include_in_schema=False, route_class=pages.route())
    shelves = Shelves(knowledge)

    @router.get("")
    async def shops(request: Request) -> Response:
        who = await access.who(request)
        mine = who.shops(Right.READ_KNOWLEDGE, await knowledge.store.shops())
        rows = []
        for shop in mine:
            revision = (await knowledge.store.state(shop.id)).revision
            open_gaps = await knowledge.store.gaps(shop.id, limit=GAPS_SHOWN)
            rows.append({"shop": shop, "revision": revision, "counts": await shelves.counts(shop, revision), "gaps": len(open_gaps)})
        return pages.render(request, "shops.html", who, rows=rows, most=GAPS_SHOWN)

    @router.get("/{slug}")
    async def show(slug: str, request: Request) -> Response:
        who = await access.who(request)
        return await page(request, who, await access.shop(who, Right.READ_KNOWLEDGE, slug, knowledge.store))

    async def page(
        request: Request, who: Who, shop: Shop, *, reports: list[dict[str, object]] | None = None, problem: str = "", status: int = 200
    ) -> Response:
        revision = (await knowledge.store.state(shop.id)).revision
        revisions = await knowledge.store.revisions(shop.id)
        gaps = await knowledge.store.gaps(shop.id, limit=GAPS_SHOWN)
        return pages.render(
            request,
            "shop.html",
            who,
            status=status,
            shop=shop,
            name=pick(shop.name, pages.words_of(request).language),
            revision=revision,
            published_at=next((r.published_at for r in revisions if r.current), None),
            revisions=revisions[:REVISIONS_SHOWN],
            counts=await shelves.counts(shop, revision),
            gaps=gaps,
            gaps_full=len(gaps) == GAPS_SHOWN,
            reasons=sorted({gap.reason for gap in gaps}),
            has_products=_any_product(gaps),
            may_edit=who.may(Right.EDIT_KNOWLEDGE, shop.id),
            kinds=KINDS,
            reports=reports or [],
            problems_shown=PROBLEMS_SHOWN,
            problem=problem,
        )

    @router.post("/{slug}/import")
    async def bring_in(slug: str, request: Request) -> Response:
        # Who asks is known before the files are read; see Access.who.
        who = await access.who(request)
        shop = await access.shop(who, Right.EDIT_KNOWLEDGE, slug, knowledge.store)
        form = await request.form(max_files=MOST_FILES)
        kind = str(form.get("kind") or "auto")
        files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
        if not files or kind not in KINDS:
            return await page(request, who, shop, problem=pages.words_of(request)("console.no_file"), status=InvalidInput.status)
        reports, status = [], 200
        for file in files:
            name = _file_name(file.filename or "")
            try:
                report = await import_upload(shop, name, await file.read(), kind)
            except (KnowledgeError, ZhangguiError) as error:
                report, status = {"name": name, "error": str(error)}, 422
            else:
                await access.record(who, shop.id, "knowledge.imported", name, version=report.get("version"))
            reports.append({"name": name, "error": "", **report})
        return await page(request, who, shop, reports=reports, status=status)

    return router


def _any_product(gaps: list[Gap]) -> bool:
    return any(gap.product_id for gap in gaps)


def _file_name(name: str) -> str:
    """The last part alone: some browsers send a path, and the name becomes the source's."""
    last = name.replace("\\", "/").rpartition("/")[2].strip().lstrip(".")
    if not last:
        raise NotFound("The file has no name; give it one and send it again.")
    return last[:150]
