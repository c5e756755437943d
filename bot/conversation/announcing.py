"""Tells streams and desks that something of a conversation was stored. Call it after the commit, never before: who hears it reads the store."""

from bot.conversation.events import EventBus, News
from bot.conversation.records import Conversation
from bot.conversation.store import ConversationStore


async def announce(bus: EventBus, store: ConversationStore, conversation: Conversation) -> None:
    """One item for the customer's streams, one for the shop's desks."""
    seq = await store.last_event(conversation.id)
    await bus.publish(News(f"conversation:{conversation.id}", "event", {"seq": seq}))
    await bus.publish(News(f"desk:{conversation.shop_id}", "event", {"conversation": conversation.id}))
