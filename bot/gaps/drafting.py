"""A FAQ entry drafted from a gap: the question in the words of those who asked, the answer in the words of staff who corrected the answer
to it or replied to one who asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.records import Author, Correction, Message
from bot.conversation.store import ConversationStore
from bot.errors import NotFound
from bot.previewing.personal_data import without_personal_data
from knowledge.base import MerchantStore
from knowledge.gaps import Gap, GapQuestion
from knowledge.store import Shop

PHRASINGS = 8
"""Further wordings taken into a draft."""
REPLIES_WITHIN = 6
"""Messages after the question among which the reply of staff is looked for."""


@dataclass(frozen=True, slots=True)
class StaffReply:
    """What a member of staff told a customer who asked."""

    conversation_id: str
    text: str
    agent_name: str
    language: str


@dataclass(frozen=True, slots=True)
class GapDraft:
    """A proposal: the body of a FAQ entry as plain JSON, and the replies that its answer may be taken from, newest first."""

    gap: Gap
    entry_id: str
    body: dict[str, object]
    replies: tuple[StaffReply, ...]


class Drafting:
    """Proposes; writing the entry is the merchant's decision."""

    def __init__(self, store: MerchantStore, conversations: ConversationStore) -> None:
        self._store = store
        self._conversations = conversations

    async def propose(self, shop: Shop, gap_id: str) -> GapDraft:
        """The draft of a gap's entry; its answer is empty where no member of staff ever replied to the question. Raises NotFound."""
        gap = await self._store.gap(shop.id, gap_id)
        if gap is None:
            raise NotFound("There is no such question.", code="no_gap")
        asked = await self._store.gap_questions(shop.id, gap.id)
        replies = await self._replies(shop, asked)
        languages = dict.fromkeys([gap.language, *(one.language for one in asked)])
        worded = {language: list(dict.fromkeys(_worded(one) for one in asked if one.language == language)) for language in languages}
        question = {gap.language: without_personal_data(gap.question)}
        question |= {language: texts[0] for language, texts in worded.items() if texts and language not in question}
        also = {language: [text for text in texts if text != question.get(language)][:PHRASINGS] for language, texts in worded.items()}
        answer: dict[str, str] = {}
        for reply in replies:
            answer.setdefault(reply.language, reply.text)
        entry_id = gap.entry_id or "gap-" + hashlib.sha256(gap.id.encode()).hexdigest()[:10]
        body: dict[str, object] = {
            "id": entry_id,
            "question": question,
            "answer": answer,
            "also_asked": {language: texts for language, texts in also.items() if texts},
        }
        return GapDraft(gap, entry_id, body, tuple(replies))

    async def _replies(self, shop: Shop, asked: list[GapQuestion]) -> list[StaffReply]:
        """Corrections first: they were meant as the answer to just this question."""
        corrections, replies = dict[str, StaffReply](), dict[str, StaffReply]()
        for one in asked:
            if not one.conversation_id:
                continue
            conversation = await self._conversations.conversation(shop.id, one.conversation_id)
            if conversation is None:
                continue
            messages = await self._conversations.messages(conversation.id)
            corrected = _correction_of(one.question, messages, await self._conversations.corrections(conversation.id))
            reply = _reply_to(one.question, messages)
            said = (corrected.text, corrected.by) if corrected else (reply.text, reply.agent_name) if reply else ("", "")
            if text := without_personal_data(said[0]):
                told = StaffReply(conversation.id, text, said[1], one.language or conversation.language)
                (corrections if corrected else replies).setdefault(text, told)
        return list({**corrections, **{text: one for text, one in replies.items() if text not in corrections}}.values())


def _correction_of(question: str, messages: list[Message], corrections: Mapping[str, Correction]) -> Correction | None:
    """Of the answer that came next after the question."""
    for at, message in enumerate(messages):
        if message.author is Author.CUSTOMER and message.text.strip()[: len(question)] == question:
            answer = next((later for later in messages[at + 1 :] if later.author in (Author.ASSISTANT, Author.CUSTOMER)), None)
            if answer is not None and answer.id in corrections:
                return corrections[answer.id]
    return None


def _reply_to(question: str, messages: list[Message]) -> Message | None:
    """The first words of staff soon after the question, before the customer asks something else of them."""
    for at, message in enumerate(messages):
        if message.author is Author.CUSTOMER and message.text.strip()[: len(question)] == question:
            for later in messages[at + 1 : at + 1 + REPLIES_WITHIN]:
                if later.author is Author.AGENT:
                    return later
    return None


def _worded(asked: GapQuestion) -> str:
    return without_personal_data(asked.question)
