"""The demo storefront: a small shop around the widget, so that a merchant sees the assistant where customers will.

Server-rendered from the shop's published knowledge; prices and stock are read live from the store for each page.
"""

import tomllib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.channels.web.assets import Assets
from bot.channels.web.frame import STARTERS
from bot.errors import NotFound
from knowledge.catalog import Attribute, AvailabilityState, LiveOffer, Product, Variant
from knowledge.localized import canonical, pick
from knowledge.money import Money
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.shop_settings import shop_settings
from knowledge.store import KnowledgeStore, Shop
from retrieval.view import ShopView

PAGES = Path(__file__).parent / "pages"
SIGNS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "TWD": "NT$"}
HTML_TAGS = {"zh": "zh-CN"}
"""Of languages that browsers tell apart more finely."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src * data:; frame-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Tile:
    """A product as the grid shows it: its first variant that can be bought, else its first."""

    id: str
    href: str
    title: str
    brand: str
    category: str
    image: str
    price: str
    listed: str
    more_prices: bool
    availability: str


@dataclass(frozen=True, slots=True)
class Front:
    """One shop as one visitor sees it: in a language, at a time."""

    shop: Shop
    view: ShopView
    language: str
    words: Mapping[str, str]
    now: datetime
    default: bool
    """Whether it is served at "/"."""
    chosen_language: str = ""
    """Chosen by the visitor; goes along with every link."""

    @property
    def home(self) -> str:
        """Path of its first page."""
        return "/" if self.default else f"/shops/{quote(self.shop.slug)}"

    def href(self, path: str = "", **query: str) -> str:
        """A path in this shop."""
        base = self.home.rstrip("/") + path or "/"
        if self.chosen_language:
            query["lang"] = self.chosen_language
        return f"{base}?{urlencode(query)}" if query else base


def storefront_routes(
    knowledge: KnowledgeStore,
    view: Callable[[Shop], Awaitable[ShopView]],
    *,
    clock: Callable[[], datetime],
    demo_images: Path,
) -> APIRouter:
    """/, /products/ID, /privacy, the same under /shops/SLUG, and /demo/images; mount it without prefix, after all others."""
    router = APIRouter(include_in_schema=False)
    assets = Assets(PAGES)
    images = Assets(demo_images)
    base = f"/assets/{assets.version}"
    pages = Environment(loader=FileSystemLoader(PAGES), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True)
    words = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PAGES.glob("*.toml"))}

    async def front(request: Request, slug: str | None) -> Front | None:
        shops = await knowledge.shops()
        named = slug or request.query_params.get("shop")
        first = next((shop for shop in shops if shop.slug == DEMO), shops[0] if shops else None)
        shop = next((shop for shop in shops if shop.slug == named), None) if named else first
        if named and shop is None:
            raise NotFound("There is no shop of that name.", shop=named)
        if shop is None:
            return None
        language = wanted_language(request, tuple(words), shop.languages[0] if shop.languages else "en")
        chosen = language if "lang" in request.query_params else ""
        return Front(shop, await view(shop), language, words[language], clock(), shop == first, chosen)

    def render(template: str, status: int = 200, **values: Any) -> HTMLResponse:
        html = pages.get_template(template).render(assets=base, **values)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "Vary": "Accept-Language"}
        return HTMLResponse(html, status_code=status, headers=headers)

    def page(template: str, front: Front, request: Request, **values: Any) -> HTMLResponse:
        other = "en" if front.language.startswith("zh") else "zh"
        switch = str(request.url.include_query_params(lang=other).replace(scheme="", netloc=""))
        return render(
            template,
            front=front,
            t=front.words,
            lang=HTML_TAGS.get(front.language, front.language),
            name=pick(front.shop.name, front.language),
            switch=switch,
            other=other,
            starters=_starters(front)[:STARTERS],
            sections=categories(front),
            **values,
        )

    @router.get("/")
    @router.get("/shops/{slug}")
    async def home(request: Request, slug: str | None = None) -> Response:
        """Hero, categories, products."""
        found = await front(request, slug)
        if found is None:
            language = wanted_language(request, tuple(words), "en")
            return render("none.html", t=words[language], lang=language)
        chosen = request.query_params.get("category", "")
        products = [product for product in found.view.products.values() if not chosen or root_category(product, found.language) == chosen]
        offers = await live(knowledge, found, products)
        tiles = [tile(found, product, offers) for product in products]
        promotion = running(found)
        return page(
            "home.html",
            found,
            request,
            tiles=tiles,
            chosen=chosen,
            hero=featured(tiles),
            promotion=pick(promotion.title, found.language) if promotion else "",
        )

    @router.get("/products/{product_id:path}")
    @router.get("/shops/{slug}/products/{product_id:path}")
    async def product(request: Request, product_id: str, slug: str | None = None) -> Response:
        """One product: picture, live price by variant, what the merchant states."""
        found = await front(request, slug)
        item = found.view.products.get(product_id) if found else None
        if found is None or item is None:
            raise NotFound("There is no such product.")
        related = [found.view.products[id_] for id_ in _related(found, item)]
        offers = await live(knowledge, found, [item, *related])
        return page(
            "product.html",
            found,
            request,
            product=item,
            tile=tile(found, item, offers),
            description=pick(item.description, found.language),
            variants=[variant_row(found, variant, offers) for variant in item.variants],
            attributes=in_language(item.attributes, found.language),
            reviews=list(found.view.reviews.get(item.id, ()))[:6],
            related=[tile(found, other, offers) for other in related],
        )

    @router.get("/privacy")
    @router.get("/shops/{slug}/privacy")
    async def privacy(request: Request, slug: str | None = None) -> Response:
        """The privacy notice: what the chat keeps, and the shop's own policy."""
        found = await front(request, slug)
        if found is None:
            raise NotFound("There is no shop yet.")
        notice = pick(shop_settings(found.shop).privacy_notice, found.language)
        return page("privacy.html", found, request, notice=notice, policy=privacy_policy(found))

    @router.get("/demo/images/{name}")
    async def image(name: str, request: Request) -> Response:
        """A picture of the demo shop."""
        return images.response(request, name, forever=False)

    @router.get("/assets/{version}/{path:path}")
    async def file(version: str, path: str, request: Request) -> Response:
        """Style sheet and script of these pages."""
        return assets.response(request, path, forever=version == assets.version)

    return router


async def live(knowledge: KnowledgeStore, front: Front, products: Sequence[Product]) -> dict[str, LiveOffer]:
    """Price and stock now, of all variants of these products; one query."""
    skus = [variant.sku for product in products for variant in product.variants]
    return await knowledge.offers(front.shop.id, skus) if skus else {}


def _starters(front: Front) -> tuple[str, ...]:
    """Questions offered at the start, in the visitor's language."""
    offered = shop_settings(front.shop).quick_replies
    return offered.get(front.language) or offered.get(front.language.split("-")[0], ())


def wanted_language(request: Request, known: Sequence[str], default: str) -> str:
    """?lang=, else the browser's first that we speak, else the shop's."""
    accepted = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    for wish in (request.query_params.get("lang", ""), *accepted, default):
        tag = canonical(wish)
        for known_tag in (tag, tag.lower().split("-", maxsplit=1)[0]):
            if known_tag in known:
                return known_tag
    return "en"


def tile(front: Front, product: Product, offers: Mapping[str, LiveOffer]) -> Tile:
    """The product at this moment."""
    variants = [offers[variant.sku] for variant in product.variants if variant.sku in offers]
    best = next((offer for offer in variants if offer.availability.state.buyable), variants[0] if variants else None)
    paid = best.offer.paid(front.now) if best else None
    listed = best.offer.listed(front.now) if best else None
    prices = {offer.offer.paid(front.now) for offer in variants}
    return Tile(
        id=product.id,
        href=front.href(f"/products/{quote(product.id)}"),
        title=pick(product.title, front.language),
        brand=product.brand,
        category=root_category(product, front.language),
        image=picture(next(iter(product.images), "") or product.variants[0].image),
        price=money(paid),
        listed=money(listed),
        more_prices=len(prices) > 1,
        availability=(best.availability.state if best else AvailabilityState.UNKNOWN).value,
    )


def variant_row(front: Front, variant: Variant, offers: Mapping[str, LiveOffer]) -> dict[str, str]:
    """One line of the product page's table of variants."""
    offer = offers.get(variant.sku)
    options = " · ".join(option.value for option in in_language(variant.options, front.language))
    return {
        "sku": variant.sku,
        "name": options or variant.sku,
        "price": money(offer.offer.paid(front.now)) if offer else "",
        "listed": money(offer.offer.listed(front.now)) if offer else "",
        "availability": (offer.availability.state if offer else AvailabilityState.UNKNOWN).value,
    }


def money(amount: Money | None) -> str:
    """With its sign, exact; "" for none."""
    if amount is None:
        return ""
    sign = SIGNS.get(amount.currency)
    return f"{sign}{amount.major:,f}" if sign else f"{amount.major:,f} {amount.currency}"


def picture(path: str) -> str:
    """A picture's address: absolute ones as they are, others from the root."""
    return path if not path or "://" in path or path.startswith(("/", "data:")) else f"/{path}"


def in_language(attributes: Sequence[Attribute], language: str) -> list[Attribute]:
    """The statements in this language, with those that belong to none; all of them if there are none of either."""
    mine = [attribute for attribute in attributes if attribute.language.split("-")[0] in (language.split("-")[0], "und")]
    return mine or list(attributes)


def root_category(product: Product, language: str) -> str:
    """The first step of its first category path; "" without one."""
    return pick(product.categories[0], language).split(" > ")[0] if product.categories else ""


def categories(front: Front) -> list[str]:
    """Root categories in catalog order."""
    return [name for name in dict.fromkeys(root_category(product, front.language) for product in front.view.products.values()) if name]


def featured(tiles: Sequence[Tile]) -> list[Tile]:
    """Four for the hero: one a category, reduced ones first."""
    chosen: dict[str, Tile] = {}
    for candidate in sorted((tile for tile in tiles if tile.image), key=lambda tile: not tile.listed):
        chosen.setdefault(candidate.category, candidate)
    return list(chosen.values())[:4]


def running(front: Front) -> Promotion | None:
    """A promotion in force for everybody."""
    return next((p for p in front.view.promotions.values() if p.in_force(front.now) and not p.audience), None)


def privacy_policy(front: Front) -> Policy | None:
    """The shop's privacy policy, best in the visitor's language."""
    found = [policy for policy in front.view.policies.values() if policy.topic == "privacy"]
    return min(found, key=lambda policy: policy.language.split("-")[0] != front.language.split("-")[0], default=None)


def _related(front: Front, product: Product) -> list[str]:
    named = [front.view.by_sku.get(name.casefold(), name) for name in product.goes_with]
    same = [other.id for other in front.view.products.values() if other.categories[:1] == product.categories[:1]]
    found = dict.fromkeys(id_ for id_ in (*named, *same) if id_ in front.view.products and id_ != product.id)
    return list(found)[:4]
