"""Everything the merchant console answers to: pages under /console, JSON under /api/v1/shops/{shop}/knowledge."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter

from bot.consoles.access import Access
from bot.consoles.merchant.offers import offer_routes
from knowledge.base import KnowledgeBase
from knowledge.store import Shop

ImportUpload = Callable[[Shop, str, bytes, str], Awaitable[dict[str, object]]]
"""Shop, file name, contents and kind (auto, products, faq, ...) in; the import's report as the front doors give it out. Raises the errors of
knowledge/errors.py for a file of which nothing can be used."""


def merchant_routes(
    access: Access, knowledge: KnowledgeBase, import_upload: ImportUpload, *, clock: Callable[[], datetime], base_url: str = ""
) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter()
    router.include_router(offer_routes(access, knowledge, clock=clock))
    return router
