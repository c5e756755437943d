"""Everything about a shop's knowledge that programs and the console's pages do over JSON, but prices and stock."""

from fastapi import APIRouter

from bot.consoles.merchant.answers_api import answer_routes
from bot.consoles.merchant.entries_api import entry_routes
from bot.consoles.merchant.gaps_api import gap_routes
from bot.consoles.merchant.imports_api import imports_routes
from bot.consoles.merchant.parts import MerchantParts
from bot.consoles.merchant.revision_api import revision_routes


def knowledge_routes(parts: MerchantParts) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter()
    for routes in (imports_routes(parts), revision_routes(parts), entry_routes(parts), answer_routes(parts), gap_routes(parts)):
        router.include_router(routes)
    return router
