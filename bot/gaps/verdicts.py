"""What people say of an answer makes its question an open one: a correction of staff, a thumb down of the customer."""

from datetime import datetime

from bot.conversation.records import Conversation
from bot.conversation.store import ConversationStore
from bot.understanding.question import Intent
from knowledge.store import KnowledgeStore

CORRECTED, DISLIKED = "corrected", "disliked"
"""Reasons of a gap."""
LONGEST = 500
_SMALL_TALK = {Intent.GREETING.value, Intent.THANKS.value, Intent.GOODBYE.value, Intent.CHITCHAT.value}


async def note_verdict(
    conversations: ConversationStore, knowledge: KnowledgeStore, conversation: Conversation, answer_id: str, reason: str, now: datetime
) -> None:
    """Puts the question that a message of the assistant answers among the open ones; nothing for small talk, which asks nothing."""
    turn = await conversations.turn_of_message(answer_id)
    if turn is None or turn.answer_id != answer_id:
        return
    question, answer = await conversations.message(turn.message_id), await conversations.message(answer_id)
    if question is None or answer is None or answer.answer is None:
        return
    intents, language = answer.answer.get("intents"), answer.answer.get("language")
    if isinstance(intents, list) and intents and _SMALL_TALK.issuperset(intents):
        return
    await knowledge.record_gap(
        conversation.shop_id,
        question.text[:LONGEST],
        language if isinstance(language, str) else "",
        reason,
        now,
        conversation_id=conversation.id,
        noted=True,
    )
