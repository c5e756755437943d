"""What customers asked lately, to be asked again of a draft: their words in the order of their conversations, without personal data."""

from dataclasses import dataclass

from bot.conversation.records import Author
from bot.conversation.store import ConversationStore
from bot.previewing.personal_data import without_personal_data

OF_ONE = 8
"""Questions taken from one conversation, its first ones: later ones lean on what staff said too."""
LONGEST = 500
"""Characters of a question."""


@dataclass(frozen=True, slots=True)
class PastTalk:
    """What one customer asked, oldest first. `language`: the one chosen, "" where it is detected."""

    conversation_id: str
    questions: tuple[str, ...]
    language: str = ""


async def recent_talks(conversations: ConversationStore, shop_id: str, most: int) -> list[PastTalk]:
    """Conversations of late with `most` questions in all; of those whose words are the same, one."""
    found: list[PastTalk] = []
    seen: set[tuple[str, ...]] = set()
    left = most
    for conversation in await conversations.conversations(shop_id, limit=most):
        if left <= 0:
            break
        messages = await conversations.messages(conversation.id, limit=OF_ONE * 4)
        questions = []
        for message in messages:
            if message.author is Author.AGENT:
                break
            if message.author is Author.CUSTOMER and (text := without_personal_data(message.text)[:LONGEST]):
                questions.append(text)
        asked = tuple(questions[: min(OF_ONE, left)])
        if asked and asked not in seen:
            seen.add(asked)
            left -= len(asked)
            chosen = conversation.memory.get("chosen_language")
            found.append(PastTalk(conversation.id, asked, chosen if isinstance(chosen, str) else ""))
    return found
