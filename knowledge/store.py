"""Port: keep and read shops, revisions, live offers and gaps. Two implementations by URL: SQLite and PostgreSQL (storage/sql_store.py).

A shop's knowledge is a set of documents. Each document row is valid from one revision number up to (not including) another, so a
revision is a range of rows, publishing changes one number, and a roll-back writes a new revision with the old contents. Whoever reads
revision N sees all of N and nothing else, for as long as they like.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from knowledge.care import NO_CARE, Care
from knowledge.catalog import LiveOffer, OfferPatch, Product
from knowledge.faq import FaqEntry
from knowledge.gaps import Gap
from knowledge.localized import LocalText
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review


class DocumentKind(StrEnum):
    """What merchants see as one thing."""

    PRODUCT = "product"
    FAQ = "faq"
    POLICY = "policy"
    REVIEW = "review"
    PROMOTION = "promotion"


Body = Product | FaqEntry | Policy | Review | Promotion


@dataclass(frozen=True, slots=True)
class Document:
    """One thing the shop knows. `id` is the merchant's own inside its kind; `hash` is SHA-256 (hex) of the body's canonical JSON and of the
    care, where there is any."""

    kind: DocumentKind
    id: str
    source: str
    """Name of the source that brought it; the newest import of an id owns it."""
    body: Body
    hash: str
    care: Care = NO_CARE


@dataclass(frozen=True, slots=True)
class Shop:
    """The tenant. `id` is opaque; people and URLs use `slug`."""

    id: str
    slug: str
    name: LocalText
    currency: str = "USD"
    languages: tuple[str, ...] = ("en", "zh")
    """First: the default."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """Plain JSON values; the keys and defaults are in knowledge/shop_settings.py. Never changed in place: what is read of them is kept."""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Documents by what an import or a publication does to them; counts."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    kept: tuple[tuple[DocumentKind, str], ...] = ()
    """Entries that were edited or deleted by hand and that a source brings otherwise: they stayed as the people left them."""

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            self.added + other.added,
            self.changed + other.changed,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
            self.kept + other.kept,
        )


@dataclass(frozen=True, slots=True)
class SourceDocuments:
    """Everything that a source holds now; `format`: what it was read from."""

    name: str
    documents: Sequence[Document]
    format: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of the whole knowledge base. state: draft, published (was or is), and `current` for the one that serves."""

    number: int
    state: str
    current: bool
    changes: Changes
    created_at: datetime
    published_at: datetime | None = None
    note: str = ""
    author: str = ""
    """Who published it, of a draft who opened it; "" for a program or the terminal."""
    edits: int = 0
    """Grows with every change of a draft."""
    check: dict[str, object] | None = None
    """What the look after its publication found."""


@dataclass(frozen=True, slots=True)
class ShopState:
    """What a reader must be at: the serving revision (0: none yet) and a number that grows with every change of a live offer."""

    revision: int
    offers_version: int


@dataclass(frozen=True, slots=True)
class OfferChanges:
    """Result of a patch: SKUs whose price or stock changed, and SKUs that the shop does not have."""

    changed: tuple[str, ...]
    unknown: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()
    """SKUs whose patch cannot be taken, each with the reason in a sentence."""


class KnowledgeStore(Protocol):
    """Every method is safe to call from many replicas; each writes in one transaction. All take the shop's id, so nothing crosses."""

    async def create_shop(self, shop: Shop) -> None:
        """Raises ShopExists."""

    async def shop(self, slug: str) -> Shop | None:
        """By slug."""

    async def shop_by_id(self, shop_id: str) -> Shop | None:
        """By id."""

    async def shops(self) -> list[Shop]:
        """All shops, oldest first."""

    async def update_shop(self, shop: Shop) -> None:
        """Name, currency, languages and settings."""

    async def change_shop(self, shop_id: str, change: Callable[[Shop], Shop]) -> tuple[Shop, Shop]:
        """The shop before and after `change`, which is applied to what stands there now: of two at once the second sees what the first wrote.
        What `change` raises goes through, and nothing is written. Raises UnknownShop."""

    async def delete_shop(self, shop_id: str) -> None:
        """Everything of it, in all tables of both packages."""

    async def stage(
        self,
        shop_id: str,
        source: str,
        documents: Sequence[Document],
        *,
        format: str = "",
        replace: bool = True,
        overwrite: bool = False,
        by: str = "",
    ) -> Changes:
        """Puts a source's documents into the draft revision (made when there is none). With `replace`, what this source brought before
        and does not bring now is removed. An unchanged hash writes nothing; an entry keeps its care. What people edited or deleted by hand
        stays, unless `overwrite`. Returns the changes against the draft as it was."""

    async def foresee(self, shop_id: str, given: Sequence[SourceDocuments], *, overwrite: bool = False) -> Changes:
        """What staging these sources would change; writes nothing."""

    async def stage_and_publish(
        self, shop_id: str, given: Sequence[SourceDocuments], *, overwrite: bool = False, by: str = ""
    ) -> tuple[Changes, Revision]:
        """Brings sources in and makes the result the serving revision in one transaction: a process that dies before its end changed
        nothing, and of two at once the second comes after the first. Raises RevisionConflict while a draft is open."""

    async def draft(self, shop_id: str) -> Revision | None:
        """The draft revision, if one is open."""

    async def discard_draft(self, shop_id: str) -> None:
        """Throws the draft away; nothing else changes."""

    async def publish(self, shop_id: str, *, note: str = "", by: str = "") -> Revision:
        """Makes the draft the serving revision, answers the gaps whose entries it holds, and writes the live offers of changed and added products (removes those of removed ones),
        in one transaction. Without a draft, or with an empty one, returns the current revision. A product whose offer did not change
        between the two revisions keeps what was patched live."""

    async def roll_back(self, shop_id: str, number: int, *, by: str = "") -> Revision:
        """Publishes a new revision with the contents of `number`. Raises RevisionConflict while a draft is open or if there is no such."""

    async def revisions(self, shop_id: str) -> list[Revision]:
        """Newest first."""

    async def state(self, shop_id: str) -> ShopState:
        """Cheap: asked at the start of every turn."""

    def documents(self, shop_id: str, revision: int, kinds: Sequence[DocumentKind] | None = None) -> AsyncIterator[Document]:
        """Every document of that revision, by kind and id; streamed."""

    async def changed_documents(self, shop_id: str, old: int, new: int) -> tuple[list[Document], list[tuple[DocumentKind, str]]]:
        """What `new` has otherwise than `old` (added or changed, with bodies), and the keys that are gone."""

    async def offers(self, shop_id: str, skus: Sequence[str]) -> dict[str, LiveOffer]:
        """Live offers of these SKUs; unknown ones are left out."""

    async def offers_since(self, shop_id: str, version: int) -> tuple[int, list[LiveOffer]]:
        """The present offers_version and all offers that changed after `version` (0: all)."""

    async def patch_offers(self, shop_id: str, patches: Sequence[OfferPatch], *, whole: bool = True) -> OfferChanges:
        """Price and stock at once, no revision. A patched price becomes the price paid now: it ends a sale that it contradicts. With `whole`
        a patch that cannot be taken raises InvalidMoney and nothing is written; else it is named in `refused` and the others are."""

    async def record_gap(
        self,
        shop_id: str,
        question: str,
        language: str,
        reason: str,
        at: datetime,
        product_id: str = "",
        conversation_id: str = "",
        attribute: str = "",
        noted: bool = False,
    ) -> None:
        """Counts up the gap of the same normalised question, or opens one. With `conversation_id` the words go when that one is erased.
        One that was answered opens again; a dismissed one stays dismissed. `noted`: it is not asked again, something more is said of it; what
        that conversation asked already is not counted twice."""

    async def gaps(self, shop_id: str, state: str = "open", limit: int = 100, offset: int = 0) -> list[Gap]:
        """Those that stand for themselves, with all wordings counted; most asked first, from number `offset` on."""

    async def close(self) -> None:
        """Lets go of the database."""
