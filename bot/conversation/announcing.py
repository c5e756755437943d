"""Tells streams and desks that something of a conversation was stored. Call it after the commit, never before: who hears it reads the store."""

from bot.conversation.events import EventBus, News
from bot.conversation.records import Conversation


async def announce(bus: EventBus, conversation: Conversation) -> None:
    """One item for the customer's streams, one for the shop's desks."""
    await bus.publish(News(f"conversation:{conversation.id}", "event", {}))
    await bus.publish(News(f"desk:{conversation.shop_id}", "event", {"conversation": conversation.id}))
