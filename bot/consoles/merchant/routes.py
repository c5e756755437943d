"""Everything the merchant console answers to: pages under /console, JSON under /api/v1/shops/{shop}/knowledge."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter

from bot.consoles.access import Access
from bot.consoles.merchant.offers import offer_routes
from bot.consoles.merchant.pages import ImportUpload, page_routes
from bot.consoles.shared.pages import Pages
from knowledge.base import KnowledgeBase


def merchant_routes(
    access: Access, knowledge: KnowledgeBase, import_upload: ImportUpload, *, clock: Callable[[], datetime], base_url: str = ""
) -> APIRouter:
    """Mount it without prefix. `import_upload`: see merchant/pages.py. The pages to sign in are those of staff_routes."""
    pages = Pages(Path(__file__).parent, "/console/files", clock)
    router = APIRouter()
    for routes in (
        offer_routes(access, knowledge, clock=clock),
        pages.files.routes(),
        page_routes(access, knowledge, import_upload, pages),
    ):
        router.include_router(routes)
    return router
