"""Everything the staff desk answers to: pages under /desk, JSON under /api/v1/desk."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter

from bot.consoles.access import Access
from bot.consoles.shared.pages import Pages
from bot.consoles.shared.signing_in import sign_in_routes
from bot.consoles.staff.api import api_routes
from bot.consoles.staff.desk import Desk, Notices
from bot.consoles.staff.pages import page_routes
from bot.conversation.events import EventBus
from bot.conversation.store import ConversationStore
from knowledge.store import KnowledgeStore


def staff_routes(
    access: Access,
    conversations: ConversationStore,
    knowledge_store: KnowledgeStore,
    bus: EventBus,
    *,
    clock: Callable[[], datetime],
    base_url: str,
    notices: Notices,
) -> APIRouter:
    """Mount it without prefix. `notices`: key (agent_joined, agent_left, closed) and language to the sentence a customer reads."""
    desk = Desk(access, conversations, knowledge_store, bus, clock=clock, notices=notices)
    pages = Pages(Path(__file__).parent, "/desk/files", clock)
    router = APIRouter()
    for routes in (
        api_routes(desk),
        sign_in_routes(access, pages, base_url=base_url),
        page_routes(desk, pages, bus),
        pages.files.routes(),
    ):
        router.include_router(routes)
    return router
