"""What people say of answers: thumbs and ratings of customers, corrections of staff. The part of SqlConversationStore that keeps them."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Select, select

from bot.conversation.records import Author, Correction
from bot.errors import InvalidInput, NotFound
from bot.storage.tables import conversations, corrections, feedback, messages, ratings
from knowledge.storage.columns import upsert
from knowledge.storage.engine import Engine


class SqlVerdicts:
    """See bot.conversation.store.ConversationStore."""

    _engine: Engine
    _clock: Callable[[], datetime]

    async def feedback(self, conversation_id: str, message_id: str, value: int, comment: str = "") -> bool:
        """See the port. Raises InvalidInput, or NotFound for a message that is no answer of this conversation."""
        if value not in (1, -1):
            raise InvalidInput("A thumb is 1 or -1.")
        async with self._engine.write() as connection:
            shop_id = await connection.scalar(_shop_of_answer(conversation_id, message_id))
            if shop_id is None:
                raise NotFound("There is no such answer in this conversation.")
            before = await connection.scalar(select(feedback.c.value).where(feedback.c.message_id == message_id))
            changed = {"value": value, "comment": comment, "at": self._clock()}
            values = {"message_id": message_id, "shop_id": shop_id, "conversation_id": conversation_id, **changed}
            await upsert(connection, feedback, ("message_id",), values, changed)
        return before != value

    async def rate(self, conversation_id: str, score: int, comment: str = "") -> None:
        """See the port; the last one counts. Raises InvalidInput, NotFound."""
        if not 1 <= score <= 5:
            raise InvalidInput("A rating is a whole number from 1 to 5.")
        async with self._engine.write() as connection:
            shop_id = await connection.scalar(select(conversations.c.shop_id).where(conversations.c.id == conversation_id))
            if shop_id is None:
                raise NotFound("There is no such conversation.")
            changed = {"score": score, "comment": comment, "at": self._clock()}
            await upsert(
                connection, ratings, ("conversation_id",), {"conversation_id": conversation_id, "shop_id": shop_id, **changed}, changed
            )

    async def correct(self, conversation_id: str, message_id: str, text: str, by: str) -> bool:
        """See the port. Raises NotFound for a message that is no answer of this conversation."""
        async with self._engine.write() as connection:
            shop_id = await connection.scalar(_shop_of_answer(conversation_id, message_id))
            if shop_id is None:
                raise NotFound("There is no such answer in this conversation.", code="no_answer_here")
            before = await connection.scalar(select(corrections.c.text).where(corrections.c.message_id == message_id))
            changed = {"text": text, "by_name": by, "at": self._clock()}
            values = {"message_id": message_id, "shop_id": shop_id, "conversation_id": conversation_id, **changed}
            await upsert(connection, corrections, ("message_id",), values, changed)
        return before is None

    async def corrections(self, conversation_id: str) -> dict[str, Correction]:
        """See the port."""
        query = select(corrections).where(corrections.c.conversation_id == conversation_id)
        async with self._engine.read() as connection:
            return {row.message_id: Correction(row.message_id, row.text, row.by_name, row.at) for row in await connection.execute(query)}


def _shop_of_answer(conversation_id: str, message_id: str) -> Select[tuple[str]]:
    """The shop of an answer of ours in that conversation; no row for any other message."""
    c = messages.c
    return select(c.shop_id).where(c.id == message_id, c.conversation_id == conversation_id, c.author == Author.ASSISTANT.value)
