"""Everything the staff desk answers to: pages under /desk, JSON under /api/v1/desk."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from bot.consoles.access import Access
from bot.consoles.staff.api import api_routes
from bot.consoles.staff.desk import Desk, Notices
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
    router = APIRouter()
    router.include_router(api_routes(desk))
    return router
