"""After a revision began to serve: asks for everything that it does not hold any more, and must find nothing.

Looked at are the view that turns read, the search (with the entry's own words, which would find it first if it were there), the passages
that matches of the vector index are checked against, and the live offers.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from knowledge.base import MerchantStore
from knowledge.catalog import Product
from knowledge.faq import FaqEntry
from knowledge.localized import pick
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.store import Body, Document, DocumentKind, Shop
from retrieval.retriever import Query
from retrieval.search import Retriever
from retrieval.view import ShopView

log = logging.getLogger(__name__)

ASKED = 200
"""Removed entries that are searched for; all are looked up in the view."""
LOOK_EVERY = 5.0
"""Seconds between looks whether something was published by an import."""
LOADS_WITHIN = 60.0
"""Seconds in which a process reads a new revision."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """An entry that should be gone. `where`: view, passages, search or offers."""

    kind: str
    id: str
    where: str


class RemovalCheck:
    """Looks at what this process answers from."""

    def __init__(self, store: MerchantStore, retriever: Retriever) -> None:
        self._store = store
        self._retriever = retriever
        self._looked_at: dict[str, int] = {}

    async def catch_up(self) -> int:
        """Looks after revisions that began to serve without anybody looking: an import that publishes at once, by command or from a feed.
        The number of looks. Cheap while nothing was published."""
        looks = 0
        for shop in await self._store.shops():
            serving = (await self._store.state(shop.id)).revision
            if not serving or self._looked_at.get(shop.id) == serving:
                continue
            self._looked_at[shop.id] = serving
            published = [revision for revision in await self._store.revisions(shop.id) if revision.state == "published"]
            if len(published) > 1 and published[0].number == serving and published[0].check is None:
                await self.run(shop, published[1].number, serving)
                looks += 1
        return looks

    async def run(self, shop: Shop, old: int, new: int) -> dict[str, object]:
        """Compares revision `new`, which serves, with `old`, and keeps what it found with the revision: {"removed", "asked", "found":
        [{"kind", "id", "where"}], "took_ms"}. Nothing found is as it should be; anything else is an error in the log."""
        began = perf_counter()
        gone = await self._gone(shop, old, new)
        view = await self._view(shop, new)
        found = [survivor for document in gone for survivor in in_view(view, document)]
        for document in gone[:ASKED]:
            found += await self._in_search(view, document)
        found += await self._in_offers(shop, view, gone)
        result: dict[str, object] = {
            "removed": len(gone),
            "asked": min(len(gone), ASKED),
            "found": [{"kind": one.kind, "id": one.id, "where": one.where} for one in found],
            "took_ms": round((perf_counter() - began) * 1000),
        }
        if found:
            log.error("revision %d of shop %s still holds %d entries that were removed", new, shop.slug, len(found))
        await self._store.record_check(shop.id, new, result)
        return result

    async def _gone(self, shop: Shop, old: int, new: int) -> list[Document]:
        """Entries that were removed, and products that are not published any more, as they were."""
        differing = await self._store.differing(shop.id, old, new)
        removed = [(one.kind, one.id) for one in differing if one.change == "removed"]
        changed = [(one.kind, one.id) for one in differing if one.change == "changed" and one.kind is DocumentKind.PRODUCT]
        now = await self._store.documents_by_key(shop.id, new, changed)
        hidden = [key for key, document in now.items() if isinstance(document.body, Product) and not document.body.published]
        return list((await self._store.documents_by_key(shop.id, old, [*removed, *hidden])).values())

    async def _view(self, shop: Shop, revision: int) -> ShopView:
        """The view once it is at that revision or a later one."""
        async with asyncio.timeout(LOADS_WITHIN):
            while True:
                view = await self._retriever.view(shop)
                if view.revision >= revision:
                    return view
                await asyncio.sleep(0.05)

    async def _in_search(self, view: ShopView, document: Document) -> list[Survivor]:
        text, language = _own_words(document.body, view.shop.languages[0])
        if not text:
            return []
        evidence = await self._retriever.search(view, Query(text[:300], language, kinds=(document.kind,)))
        ids = {hit.id.partition("#")[0] if document.kind is DocumentKind.POLICY else hit.id for hit in evidence.of(document.kind)}
        return [Survivor(document.kind.value, document.id, "search")] if document.id in ids else []

    async def _in_offers(self, shop: Shop, view: ShopView, gone: Sequence[Document]) -> list[Survivor]:
        owner = {variant.sku: d.id for d in gone if isinstance(d.body, Product) for variant in d.body.variants if d.body.published}
        held = {d.body.id for d in gone if isinstance(d.body, Product)} & view.products.keys()
        offers = await self._store.offers(shop.id, list(owner))
        present = await self._still_stated(shop, view.revision, list(offers))
        return [Survivor("product", owner[sku], "offers") for sku in offers if sku not in present and owner[sku] not in held]

    async def _still_stated(self, shop: Shop, revision: int, skus: Sequence[str]) -> set[str]:
        """SKUs that a product of the revision has: moved to another one, or of one that is not published now."""
        stated: set[str] = set()
        for sku in skus:
            for other in await self._store.find_documents(shop.id, revision, kind=DocumentKind.PRODUCT, text=sku):
                if isinstance(other.body, Product):
                    stated |= {variant.sku for variant in other.body.variants}
        return stated


def in_view(view: ShopView, document: Document) -> list[Survivor]:
    """Where a removed document stands in a view."""
    kept = {
        DocumentKind.PRODUCT: view.products,
        DocumentKind.FAQ: view.faq,
        DocumentKind.POLICY: view.policies,
        DocumentKind.PROMOTION: view.promotions,
        DocumentKind.REVIEW: {review.id for reviews in view.reviews.values() for review in reviews},
    }[document.kind]
    found = [Survivor(document.kind.value, document.id, "view")] if document.id in kept else []
    if any(passage.kind is document.kind and passage.document_id.partition("#")[0] == document.id for passage in view.passages):
        found.append(Survivor(document.kind.value, document.id, "passages"))
    return found


def _own_words(body: Body, language: str) -> tuple[str, str]:
    match body:
        case Product() | Promotion():
            return pick(body.title, language), language
        case FaqEntry():
            return pick(body.question, language), language
        case Policy():
            return f"{body.title} {body.sections[0].heading if body.sections else ''}".strip(), body.language
        case _:
            return body.text, body.language
