"""The console's first pages: the shops, and what one knows and could not answer."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from bot.consoles.access import Right
from bot.consoles.merchant.sections import ShopPages
from knowledge.catalog import Product
from knowledge.gaps import Gap
from knowledge.store import DocumentKind, KnowledgeStore, Shop

GAPS_SHOWN = 50
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

    def __init__(self, store: KnowledgeStore) -> None:
        self._store = store
        self._known: dict[tuple[str, int], Counts] = {}

    async def counts(self, shop: Shop, revision: int) -> Counts:
        """Of a published revision; 0: nothing is published."""
        key = (shop.id, revision)
        if revision and key not in self._known:
            found = dict.fromkeys(_FIELDS.values(), 0) | {"variants": 0}
            async for document in self._store.documents(shop.id, revision):
                found[_FIELDS[document.kind]] += 1
                if isinstance(document.body, Product):
                    found["variants"] += len(document.body.variants)
            if len(self._known) >= COUNTS_KEPT:
                self._known.clear()
            self._known[key] = Counts(**found)
        return self._known.get(key, Counts())


def page_routes(shown: ShopPages) -> APIRouter:
    """/console and /console/{shop}; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console", include_in_schema=False, route_class=pages.route())
    shelves = Shelves(parts.store)

    @router.get("")
    async def shops(request: Request) -> Response:
        who = await parts.access.who(request)
        rows = []
        for shop in who.shops(Right.READ_KNOWLEDGE, await parts.store.shops()):
            revision = (await parts.store.state(shop.id)).revision
            open_gaps = await parts.store.gaps(shop.id, limit=GAPS_SHOWN)
            rows.append({"shop": shop, "revision": revision, "counts": await shelves.counts(shop, revision), "gaps": len(open_gaps)})
        return pages.render(request, "shops.html", who, rows=rows, most=GAPS_SHOWN)

    @router.get("/{slug}")
    async def show(slug: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        revisions = await parts.store.revisions(shop.id)
        revision = (await parts.store.state(shop.id)).revision
        gaps = await parts.store.gaps(shop.id, limit=GAPS_SHOWN)
        return await shown.render(
            request,
            "shop.html",
            who,
            shop,
            "overview",
            revision=revision,
            published_at=next((r.published_at for r in revisions if r.current), None),
            counts=await shelves.counts(shop, revision),
            gaps=gaps,
            gaps_full=len(gaps) == GAPS_SHOWN,
            has_products=_any_product(gaps),
            budget=await parts.spending.budget(shop) if parts.spending is not None else None,
        )

    return router


def _any_product(gaps: list[Gap]) -> bool:
    return any(gap.product_id for gap in gaps)
