"""Everything the merchant console answers to: pages under /console; prices and stock as JSON."""

from pathlib import Path

from fastapi import APIRouter

from bot.consoles.merchant.answers_pages import answers_page_routes
from bot.consoles.merchant.bench_pages import bench_page_routes
from bot.consoles.merchant.entries_pages import entries_page_routes
from bot.consoles.merchant.feeds_pages import feeds_page_routes
from bot.consoles.merchant.gaps_pages import gaps_page_routes
from bot.consoles.merchant.import_pages import import_routes
from bot.consoles.merchant.offers import offer_routes
from bot.consoles.merchant.pages import page_routes
from bot.consoles.merchant.parts import MerchantParts
from bot.consoles.merchant.pinned_pages import pinned_page_routes
from bot.consoles.merchant.revision_pages import revision_page_routes
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.merchant.settings_pages import settings_page_routes
from bot.consoles.shared.pages import Pages
from knowledge.base import KnowledgeBase


def merchant_routes(parts: MerchantParts, knowledge: KnowledgeBase) -> APIRouter:
    """Mount it without prefix. The pages to sign in are those of staff_routes."""
    pages = Pages(Path(__file__).parent, "/console/files", parts.clock)
    shown = ShopPages(parts, pages)
    router = APIRouter()
    for routes in (
        offer_routes(parts.access, knowledge, clock=parts.clock),
        pages.files.routes(),
        page_routes(shown),
        import_routes(shown),
        revision_page_routes(shown),
        answers_page_routes(shown),
        entries_page_routes(shown),
        gaps_page_routes(shown),
        bench_page_routes(shown),
        pinned_page_routes(shown),
        settings_page_routes(shown),
        feeds_page_routes(shown),
    ):
        router.include_router(routes)
    return router
