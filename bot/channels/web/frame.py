"""The page inside the widget's frame, its files, and the one script that shops embed.

The page may be framed only by the shop's allowed origins; it loads nothing but our own files and pictures, and runs no inline script.
"""

import re
from pathlib import Path
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.channels.web.assets import Assets
from bot.errors import NotFound
from knowledge.localized import pick
from knowledge.shop_settings import shop_settings
from knowledge.store import KnowledgeStore, Shop

FOLDER = Path(__file__).parent / "widget"
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?", re.IGNORECASE)

STARTERS = 4
"""Questions offered at the start."""


def widget_routes(knowledge: KnowledgeStore) -> APIRouter:
    """/widget.js, /widget/SHOP and /widget/assets/VERSION/FILE; mount it without prefix."""
    router = APIRouter(include_in_schema=False)
    assets = Assets(FOLDER)
    pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(), undefined=StrictUndefined)
    page = pages.get_template("widget.html")
    base = f"/widget/assets/{assets.version}"
    # The language's words are loaded when it is known which.
    modules = [name for name in assets.names(".js") if name not in ("embed.js", "chat.js") and "/" not in name]

    @router.get("/widget.js")
    async def embed(request: Request) -> Response:
        """The script tag's file: the same address for ever, so it is asked for again."""
        return assets.response(request, "embed.js", forever=False)

    @router.get("/widget/assets/{version}/{path:path}")
    async def file(version: str, path: str, request: Request) -> Response:
        """A file of the chat. Another version than ours (a replica just replaced): what we have, not to be kept."""
        return assets.response(request, path, forever=version == assets.version)

    @router.get("/widget/{slug}", response_class=HTMLResponse)
    async def frame(slug: str) -> HTMLResponse:
        """The chat of one shop."""
        shop = await knowledge.shop(slug)
        if shop is None:
            raise NotFound("There is no shop of that name. Check data-shop in the script tag.", shop=slug)
        config = orjson.dumps(widget_config(shop)).decode()
        html = page.render(config=config, title=pick(shop.name, shop.languages[0]), assets=base, modules=modules)
        headers = {
            "Content-Security-Policy": policy(allowed_origins(shop)),
            "Cache-Control": "no-cache",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
        return HTMLResponse(html, headers=headers)

    return router


def widget_config(shop: Shop) -> dict[str, object]:
    """What the chat must know before anything is asked; nothing secret."""
    settings = shop_settings(shop)
    return {
        "slug": shop.slug,
        "name": shop.name,
        "greeting": settings.greeting,
        "starters": {language: list(texts[:STARTERS]) for language, texts in settings.quick_replies.items()},
        "notice": settings.privacy_notice,
        "privacy": str(shop.settings.get("privacy_url") or f"/privacy?shop={quote(shop.slug)}"),
        "languages": list(shop.languages),
    }


def allowed_origins(shop: Shop) -> tuple[str, ...]:
    """Origins whose pages may embed the chat besides our own; ("*",): any. What is no origin is left out."""
    named = [origin.strip().rstrip("/") for origin in shop_settings(shop).allowed_origins]
    return ("*",) if "*" in named else tuple(item for item in named if ORIGIN.fullmatch(item))


def policy(origins: tuple[str, ...]) -> str:
    """Content-Security-Policy of the frame."""
    ancestors = "*" if origins == ("*",) else " ".join(("'self'", *origins))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src * data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
