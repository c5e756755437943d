"""LiveOffer + Product → ProductCard: one product as it is at the moment of the answer."""

from datetime import datetime

from bot.answering.answer import ProductCard
from bot.answering.composer import Findings
from knowledge.catalog import Attribute, Availability, LiveOffer, Offer, Product, Variant
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.shop_settings import shop_settings

MAX_CARDS = 6


def cards_of(findings: Findings, skus: tuple[str, ...]) -> tuple[ProductCard, ...]:
    """Cards of these variants, in order, at most six; SKUs that the shop does not have are left out."""
    cards = []
    for sku in dict.fromkeys(skus):
        product_id = findings.view.by_sku.get(sku.casefold())
        product = findings.view.products.get(product_id) if product_id else None
        variant = next((v for v in product.variants if v.sku.casefold() == sku.casefold()), None) if product else None
        if product is None or variant is None:
            continue
        hide = shop_settings(findings.view.shop).hide_stock
        cards.append(card_of(product, variant, live_offer(findings, variant), findings.question.language, findings.now, hide_stock=hide))
    return tuple(cards[:MAX_CARDS])


def live_offer(findings: Findings, variant: Variant) -> LiveOffer:
    """Read in this turn, else as fresh as the turn's start; a variant without any live offer has no price and an unknown stock."""
    return findings.offers.get(variant.sku) or findings.view.offers.get(variant.sku) or LiveOffer(variant.sku, Offer(), Availability())


def card_of(product: Product, variant: Variant, offer: LiveOffer, language: str, now: datetime, *, hide_stock: bool = False) -> ProductCard:
    """One card. The price is what is paid at `now`, the list price stands there only while a reduction is in force."""
    return ProductCard(
        sku=variant.sku,
        product_id=product.id,
        title=pick(product.title, language),
        variant=option_words(variant, language),
        price=offer.offer.paid(now),
        list_price=offer.offer.listed(now),
        up_to=offer.offer.up_to,
        stock=None if hide_stock else offer.availability.quantity,
        availability=offer.availability.state.value,
        as_of=offer.availability.as_of or now,
        rating=product.rating,
        url=variant.url or product.url,
        image=variant.image or (product.images[0] if product.images else ""),
    )


def option_words(variant: Variant, language: str) -> str:
    """The options in the customer's language, else as the merchant wrote them: "Black · M"; "" without options. What only says yes or no
    goes with its name: "Logo: No"."""
    base = language.split("-", maxsplit=1)[0]
    own = [o for o in variant.options if o.language.split("-", maxsplit=1)[0] == base]
    neutral = [o for o in variant.options if o.language == "und"]
    chosen = own or neutral or [o for o in variant.options if o.language == variant.options[0].language]
    return " · ".join(dict.fromkeys(option_value(o) for o in chosen))


def option_value(option: Attribute) -> str:
    """An option's value, with its name where it would say nothing alone."""
    return f"{option.name}: {option.value}" if fold(option.value).strip() in _BARE else option.value


_BARE = frozenset(["yes", "no", "true", "false", "none", "是", "否", "有", "无", "没有"])
