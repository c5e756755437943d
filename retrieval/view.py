"""One revision of one shop in memory: what a turn reads from its first step to its last. Never changes after it is built.

The view is derived from the store (documents of the revision) and is replaced, not mended, when another revision is published. Live offers
are beside it (`Offers`), refreshed by version at the start of each turn; answers read price and stock from the store once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.catalog import LiveOffer, Product
from knowledge.faq import FaqEntry
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Shop
from retrieval.retriever import Passage


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
