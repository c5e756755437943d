"""What a shop sells: products, their variants, what these cost and whether they can be had.

Prices and stock inside a `Variant` are what the source said when it was imported. What is paid now is read from the store's live
offers (`LiveOffer`) at answer time, never from here and never from an index.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from knowledge.localized import LocalText
from knowledge.money import Money

LOW_STOCK = 3
"""Pieces at or under which a stocked variant counts as low."""


class AvailabilityState(StrEnum):
    """Whether a variant can be bought now."""

    IN_STOCK = "in_stock"
    LOW = "low"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    OUT_OF_STOCK = "out_of_stock"
    DISCONTINUED = "discontinued"
    UNKNOWN = "unknown"

    @property
    def buyable(self) -> bool:
        """Can be ordered now; unknown counts as not known to be."""
        return self in (AvailabilityState.IN_STOCK, AvailabilityState.LOW, AvailabilityState.PREORDER, AvailabilityState.BACKORDER)


@dataclass(frozen=True, slots=True)
class Availability:
    """State and, where the source counts, pieces in stock; `as_of` in UTC."""

    state: AvailabilityState = AvailabilityState.UNKNOWN
    quantity: int | None = None
    as_of: datetime | None = None

    @staticmethod
    def of(quantity: int | None, *, sold_when_empty: bool = False, as_of: datetime | None = None) -> "Availability":
        """From a stock figure: 0 or less is out of stock unless the source says that it may be sold on (backorder)."""
        if quantity is None:
            return Availability(AvailabilityState.UNKNOWN, None, as_of)
        if quantity > LOW_STOCK:
            return Availability(AvailabilityState.IN_STOCK, quantity, as_of)
        if quantity > 0:
            return Availability(AvailabilityState.LOW, quantity, as_of)
        state = AvailabilityState.BACKORDER if sold_when_empty else AvailabilityState.OUT_OF_STOCK
        return Availability(state, 0, as_of)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a variant costs. No `regular` price: price on request. Amounts of one offer share a currency."""

    regular: Money | None = None
    """The price without reduction; the lower end where the source gives a range."""
    sale: Money | None = None
    """The reduced price, paid inside its window."""
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    """UTC; None: open on that side."""
    up_to: Money | None = None
    """Upper end of a price range."""

    def paid(self, now: datetime) -> Money | None:
        """What is paid at `now` (UTC); None: price on request."""
        return self.sale if self._reduced(now) else self.regular

    def listed(self, now: datetime) -> Money | None:
        """The price before reduction while one is in force, else None."""
        return self.regular if self._reduced(now) else None

    def _reduced(self, now: datetime) -> bool:
        if self.sale is None or (self.regular is not None and self.sale.minor >= self.regular.minor):
            return self.sale is not None and self.regular is None
        return (self.sale_from is None or self.sale_from <= now) and (self.sale_until is None or now < self.sale_until)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One statement about a product or variant as the merchant wrote it: name and value (with unit), in one language."""

    name: str
    value: str
    language: str = "und"
    source: str = field(default="", compare=False)
    """The field whose text it was read from ("description"); "" where the merchant stated it by itself."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One buyable form of a product."""

    sku: str
    options: tuple[Attribute, ...] = ()
    """What makes it this variant (Colour: Black). A bilingual merchant has one entry per language."""
    offer: Offer = Offer()
    availability: Availability = Availability()
    image: str = ""
    url: str = ""
    attributes: tuple[Attribute, ...] = ()
    """Statements that hold for this variant alone."""


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold, as customers think of it; always at least one variant."""

    id: str
    """Stable inside the shop: the merchant's group or handle, else the SKU of its first variant."""
    title: LocalText
    variants: tuple[Variant, ...]
    description: LocalText = field(default_factory=dict)
    """Plain text; no markup."""
    brand: str = ""
    categories: tuple[LocalText, ...] = ()
    """Paths, root first, joined by " > "."""
    attributes: tuple[Attribute, ...] = ()
    images: tuple[str, ...] = ()
    url: str = ""
    goes_with: tuple[str, ...] = ()
    """SKUs or product ids that the merchant names as going well with it."""
    replaces: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published: bool = True
    """False: kept and counted, never shown or found."""
    rating: float | None = None
    """The source's own mean rating, 1 to 5; reviews that we hold are digested apart."""
    rating_count: int | None = None

    @property
    def sku(self) -> str:
        """The first variant's SKU: how a product is named at the front doors."""
        return self.variants[0].sku

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kind of thing it is, in each language: the last level of its first category."""
        return tuple(path.split(">")[-1].strip() for names in self.categories[:1] for path in names.values())


@dataclass(frozen=True, slots=True)
class LiveOffer:
    """Price and stock of one variant as they are now; the only source of both in an answer."""

    sku: str
    offer: Offer
    availability: Availability


@dataclass(frozen=True, slots=True)
class OfferPatch:
    """A change of price or stock; None leaves the value. Prices in decimal major units as text."""

    sku: str
    price: str | None = None
    """What is paid now; beside `sale_price` the price before reduction."""
    currency: str | None = None
    stock: int | None = None
    as_of: datetime | None = None
    sale_price: str | None = None
    """What is paid instead of the price; "" ends a sale."""
    availability: AvailabilityState | None = None
    """What a shop says that does not count pieces; a count of 0 is believed over it."""
    sale_window: tuple[datetime | None, datetime | None] | None = None
    """From when until when `sale_price` is paid, UTC (None: open on that side); without it a sale that stays keeps its own."""


def utc_now() -> datetime:
    """The default clock; passed in wherever time matters."""
    return datetime.now(UTC)
