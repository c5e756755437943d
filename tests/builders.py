"""Valid objects in one line each: a test states only what matters to it. In memory only."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from knowledge.catalog import Attribute, Availability, AvailabilityState, LiveOffer, Offer, Product, Variant
from knowledge.faq import FaqEntry
from knowledge.localized import LocalText
from knowledge.money import MINOR_DIGITS, Money
from knowledge.policy import Policy, Section
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Shop
from retrieval.view import ShopView

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def money(text: str) -> Money:
    """money("19.90 EUR")."""
    amount, _, currency = text.partition(" ")
    currency = currency or "USD"
    return Money(int(Decimal(amount).scaleb(MINOR_DIGITS.get(currency, 2))), currency)


def local(text: str | LocalText) -> LocalText:
    """A plain string is English, or Chinese when it holds Chinese characters; "Kettle | 水壶" is both."""
    if not isinstance(text, str):
        return dict(text)
    if " | " in text:
        en, _, zh = text.partition(" | ")
        return {"en": en, "zh": zh}
    return {"zh" if any("一" <= c <= "鿿" for c in text) else "en": text}


def some_attributes(values: Mapping[str, str] | Iterable[Attribute]) -> tuple[Attribute, ...]:
    """{"Weight": "1 kg", "重量": "1 kg"}."""
    if isinstance(values, Mapping):
        return tuple(Attribute(name, value, "zh" if any("一" <= c <= "鿿" for c in name) else "en") for name, value in values.items())
    return tuple(values)


def a_variant(
    sku: str = "SKU-1",
    *,
    options: Mapping[str, str] | None = None,
    price: str | None = "19.90 USD",
    sale: str | None = None,
    stock: int | None = 10,
    attributes: Mapping[str, str] | None = None,
) -> Variant:
    """a_variant("BP-22-BK", options={"Colour": "Black"}, price="69.99 USD", stock=3)."""
    return Variant(
        sku=sku,
        options=some_attributes(options or {}),
        offer=Offer(regular=money(price) if price else None, sale=money(sale) if sale else None),
        availability=Availability.of(stock, as_of=NOW),
        attributes=some_attributes(attributes or {}),
    )


def a_product(
    id: str = "product-1",
    title: str | LocalText = "City Backpack | 城市双肩包",
    *variants: Variant,
    price: str | None = "19.90 USD",
    sale: str | None = None,
    stock: int | None = 10,
    description: str | LocalText = "",
    brand: str = "",
    category: str | LocalText = "",
    attributes: Mapping[str, str] | Iterable[Attribute] = (),
    tags: tuple[str, ...] = (),
    goes_with: tuple[str, ...] = (),
    rating: float | None = None,
) -> Product:
    """a_product("kt-17", "Kettle | 水壶", price="49.99 USD"); without variants it gets one whose SKU is the id in capitals."""
    return Product(
        id=id,
        title=local(title),
        variants=variants or (a_variant(id.upper(), price=price, sale=sale, stock=stock),),
        description=local(description) if description else {},
        brand=brand,
        categories=(local(category),) if category else (),
        attributes=some_attributes(attributes),
        tags=tags,
        goes_with=goes_with,
        rating=rating,
    )


def a_faq(
    id: str = "faq-1",
    question: str | LocalText = "Do you ship abroad?",
    answer: str | LocalText = "Yes, to 20 countries.",
    *,
    approved: bool = False,
) -> FaqEntry:
    """a_faq("ship", "Do you ship abroad? | 能寄国外吗？", "Yes. | 可以。")."""
    return FaqEntry(id=id, question=local(question), answer=local(answer), approved=approved)


def a_policy(id: str = "returns.en.md", topic: str = "returns", *sections: tuple[str, str], language: str = "en") -> Policy:
    """a_policy("returns.en.md", "returns", ("Refunds", "Within 30 days."))."""
    parts = sections or (("Refunds", "Within 30 days of delivery."),)
    return Policy(
        id=id,
        title=topic.capitalize(),
        language=language,
        topic=topic,
        sections=tuple(Section(heading, heading.lower().replace(" ", "-"), text) for heading, text in parts),
    )


def a_review(id: str = "review-1", sku: str = "SKU-1", text: str = "Good.", rating: float | None = 5) -> Review:
    """a_review("r1", "BP-22-BK", "Sturdy.", 4)."""
    return Review(id=id, sku=sku, text=text, rating=rating)


def a_shop(
    slug: str = "test", *, currency: str = "USD", languages: tuple[str, ...] = ("en", "zh"), settings: dict[str, object] | None = None
) -> Shop:
    """a_shop(currency="CNY")."""
    return Shop(id=f"shop-{slug}", slug=slug, name={"en": slug.title()}, currency=currency, languages=languages, settings=settings or {})


def a_view(
    *products: Product,
    shop: Shop | None = None,
    revision: int = 1,
    faq: Iterable[FaqEntry] = (),
    policies: Iterable[Policy] = (),
    reviews: Iterable[Review] = (),
    promotions: Iterable[Promotion] = (),
) -> ShopView:
    """What a turn reads, of these products. Offers are the variants' own."""
    by_sku = {variant.sku.casefold(): product.id for product in products for variant in product.variants}
    held: dict[str, list[Review]] = {}
    for review in reviews:
        held.setdefault(by_sku.get(review.sku.casefold(), ""), []).append(review)
    return ShopView(
        shop=shop or a_shop(),
        revision=revision,
        products={product.id: product for product in products},
        by_sku=by_sku,
        faq={entry.id: entry for entry in faq},
        policies={policy.id: policy for policy in policies},
        reviews=held,
        promotions={promotion.code: promotion for promotion in promotions},
        passages=(),
        offers={
            variant.sku: LiveOffer(variant.sku, variant.offer, variant.availability) for product in products for variant in product.variants
        },
    )


__all__ = [
    "NOW",
    "AvailabilityState",
    "a_faq",
    "a_policy",
    "a_product",
    "a_review",
    "a_shop",
    "a_variant",
    "a_view",
    "local",
    "money",
    "some_attributes",
]
