"""One revision of one shop in memory: what a turn reads from its first step to its last. Never changes after it is built.

The view is derived from the store (documents of the revision) and is replaced, not mended, when another revision is published. Live offers
are beside it (`Offers`), refreshed by version at the start of each turn; answers read price and stock from the store once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog import LiveOffer, Product
from knowledge.faq import FaqEntry
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Document, DocumentKind, Shop
from retrieval.catalog_facts import CatalogFacts
from retrieval.commands import plain
from retrieval.disagreements import NONE, Disagreements
from retrieval.fusion import Roles
from retrieval.house import House
from retrieval.lexical import LexicalIndex, TermCounts
from retrieval.passages import passages_of
from retrieval.retriever import Passage
from retrieval.tokens import codes, compact

KINDS = tuple(DocumentKind)


@dataclass(frozen=True, slots=True)
class Tables:
    """What searching needs beside the documents themselves; rows are indexes into `ShopView.passages`."""

    lexical: LexicalIndex
    catalog: CatalogFacts
    kind_of: NDArray[np.int8]
    """(passages,) index into KINDS."""
    product_of: NDArray[np.int32]
    """(passages,) index into catalog.ids of product passages; -1 for others."""
    rows_of: Mapping[tuple[DocumentKind, str], NDArray[np.int32]]
    """Kind and document id (policies: file#heading) to its passages."""
    roles: Roles
    """What each passage is to the fusion."""
    rows_of_hash: Mapping[str, tuple[int, ...]]
    """Content hash to its passages: one text may stand in several places."""
    in_language: Mapping[str, NDArray[np.bool_]]
    """Base language ("zh") to a mask of its passages."""
    codes: Mapping[str, tuple[str, ...]]
    """SKUs and model numbers (lower case, no hyphens) to product ids."""
    vectors: NDArray[np.float32] | None = None
    """(passages, dim) float32, rows normalised; None where a shop is too large to hold them: then the vector index is asked."""
    bare: NDArray[np.bool_] | None = None
    """Mask of the passages that have no vector yet (their rows are 0): found by words until they have; None: all have theirs."""
    house: House | None = None
    """The rules of the house in the adapted embedding; None for an embedding model that no adaptation was learnt for."""

    @property
    def lacking(self) -> bool:
        """Whether anything has no vector yet that it will have."""
        return self.bare is not None or (self.house is not None and self.house.lacking)


@dataclass(frozen=True, slots=True)
class ShopView:
    """Everything published of one shop at one revision. Unpublished products are not in it."""

    shop: Shop
    revision: int
    products: Mapping[str, Product]
    """By product id, in catalog order."""
    by_sku: Mapping[str, str]
    """SKU, case-folded, to product id."""
    faq: Mapping[str, FaqEntry]
    policies: Mapping[str, Policy]
    reviews: Mapping[str, Sequence[Review]]
    """By product id."""
    promotions: Mapping[str, Promotion]
    """By code."""
    passages: Sequence[Passage]
    offers: Mapping[str, LiveOffer] = field(default_factory=dict)
    """By SKU; as fresh as the turn's start."""
    tables: Tables | None = field(default=None, repr=False, compare=False)
    """Search structures, made by build_view."""
    disagreements: Disagreements = field(default=NONE, repr=False, compare=False)
    """Where these documents contradict each other, likewise."""


def build_view(
    shop: Shop,
    revision: int,
    documents: Iterable[Document],
    offers: Iterable[LiveOffer] = (),
    counts: TermCounts | None = None,
) -> ShopView:
    """Everything of one revision, ready to be searched. `counts`: term counts kept from an earlier revision, so that only new texts are
    tokenised. Takes about 0.2 ms a product where nothing is kept; belongs in a thread."""
    products: dict[str, Product] = {}
    faq: dict[str, FaqEntry] = {}
    policies: dict[str, Policy] = {}
    reviews: dict[str, Review] = {}
    promotions: dict[str, Promotion] = {}
    passages: list[Passage] = []
    held = [plain(document) for document in documents]
    for document in held:
        body = document.body
        if isinstance(body, Product):
            if not body.published:
                continue
            products[body.id] = body
        elif isinstance(body, FaqEntry):
            faq[document.id] = body
        elif isinstance(body, Policy):
            policies[document.id] = body
        elif isinstance(body, Review):
            reviews[document.id] = body
        else:
            promotions[body.code] = body
        passages.extend(passages_of(document))
    by_sku = {variant.sku.casefold(): product.id for product in products.values() for variant in product.variants}
    said: dict[str, list[Review]] = {}
    for review in reviews.values():
        owner = by_sku.get(review.sku.casefold()) or (review.sku if review.sku in products else None)
        if owner is not None:
            said.setdefault(owner, []).append(review)
    live = {offer.sku: offer for offer in offers}
    return ShopView(
        shop=shop,
        revision=revision,
        products=products,
        by_sku=by_sku,
        faq=faq,
        policies=policies,
        reviews=said,
        promotions=promotions,
        passages=tuple(passages),
        offers=live,
        tables=_tables(products, passages, live, counts),
        disagreements=Disagreements(held, shop.currency),
    )


def with_offers(view: ShopView, changed: Iterable[LiveOffer]) -> ShopView:
    """The same view with these offers replaced."""
    news = list(changed)
    if not news or view.tables is None:
        return view
    offers = {**view.offers, **{offer.sku: offer for offer in news}}
    return replace(view, offers=offers, tables=replace(view.tables, catalog=view.tables.catalog.with_offers(news)))


def _tables(
    products: Mapping[str, Product], passages: Sequence[Passage], offers: Mapping[str, LiveOffer], counts: TermCounts | None
) -> Tables:
    catalog = CatalogFacts(products, offers)
    lexical = LexicalIndex(passages, counts)
    rows: dict[tuple[DocumentKind, str], list[int]] = {}
    by_hash: dict[str, tuple[int, ...]] = {}
    for row, passage in enumerate(passages):
        rows.setdefault((passage.kind, passage.document_id), []).append(row)
        by_hash[passage.hash] = (*by_hash.get(passage.hash, ()), row)
    spoken = np.array([p.language.split("-", maxsplit=1)[0] for p in passages], dtype=object)
    owner = [catalog.index[p.document_id] if p.kind is DocumentKind.PRODUCT else -1 for p in passages]
    product_of = np.array(owner, dtype=np.int32)
    catalog.words_from(lexical, product_of)
    return Tables(
        lexical=lexical,
        catalog=catalog,
        kind_of=np.array([KINDS.index(p.kind) for p in passages], dtype=np.int8),
        product_of=product_of,
        rows_of={key: np.array(held, dtype=np.int32) for key, held in rows.items()},
        roles=Roles.of(passages),
        rows_of_hash=by_hash,
        in_language={str(language): spoken == language for language in set(spoken.tolist())},
        codes=_codes(products.values()),
    )


def _codes(products: Iterable[Product]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for product in products:
        names = {compact(variant.sku) for variant in product.variants} | {compact(product.id)}
        for title in product.title.values():
            names |= codes(title)
        for name in names:
            if name:
                found.setdefault(name, {})[product.id] = None
    return {name: tuple(owners) for name, owners in found.items()}
