"""An assistant that answers what the test wrote, over a real store and bus: messages are stored, streamed and announced as in bot/turn.py."""

import asyncio
import re
from collections.abc import Callable

from bot.answering.answer import Answer, Engine, HandoffReason, Outcome
from bot.answering.answer_json import answer_json
from bot.conversation.events import EventBus, News
from bot.conversation.records import Conversation, IncomingMessage, Message, Status, TurnState
from bot.conversation.store import ConversationStore, Finished, Received

Script = Callable[[str], Answer]


def plain(text: str = "Yes, it comes in red.") -> Script:
    """Always the same sentence."""
    return lambda _: Answer(text, "en", Outcome.ANSWERED, ("product_question",), confidence=0.9, engine=Engine.COMPOSER)


class ScriptedAssistant:
    """The interface of bot.turn.Assistant that channels use. `gate`: cleared, turns wait after their first streamed piece."""

    def __init__(self, conversations: ConversationStore, bus: EventBus, script: Script | None = None) -> None:
        self.script = script or plain()
        self.gate = asyncio.Event()
        self.gate.set()
        self._conversations = conversations
        self._bus = bus
        self._running: set[asyncio.Task[None]] = set()

    async def receive(self, conversation: Conversation, message: IncomingMessage) -> Received:
        received = await self._conversations.receive(conversation, message)
        if received.new:
            await self.announce(conversation.id)
            if received.turn.state is TurnState.OPEN:
                await self._sign(conversation.id, "typing", {"on": True})
                task = asyncio.ensure_future(self._answer(received))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        return received

    async def _answer(self, received: Received) -> None:
        conversation, turn = received.conversation, received.turn
        answer = self.script(received.message.text)
        offset = 0
        for piece in re.findall(r".+?(?:[.。！？!?]\s*|\n|$)", answer.text, re.DOTALL):
            await self._sign(conversation.id, "token", {"message": turn.id, "offset": offset, "text": piece})
            offset += len(piece)
            await self.gate.wait()
        if await self._conversations.claim_turn("scripted", 60.0, turn_id=turn.id) is None:
            return
        handoff = answer.handoff.reason.value if answer.handoff else ""
        done = Finished(answer.text, answer_json(answer), {}, {}, answer.language, handoff_reason=handoff)
        await self._conversations.finish_turn(turn.id, "scripted", done)
        await self._sign(conversation.id, "typing", {"on": False})
        await self.announce(conversation.id)

    async def answer_to(self, message_id: str, wait: float) -> Message | None:
        turn = await self._conversations.turn_of_message(message_id)
        if turn is None:
            return None
        async with self._bus.subscribe(f"conversation:{turn.conversation_id}") as news:
            try:
                async with asyncio.timeout(wait):
                    while (turn := await self._conversations.turn(turn.id)) and turn.state is TurnState.OPEN:
                        await anext(news)
            except TimeoutError:
                return None
        found = await self._conversations.messages(turn.conversation_id) if turn else []
        return next((message for message in found if turn and message.id == turn.answer_id), None)

    async def ask_for_person(
        self, conversation: Conversation, *, reason: str = HandoffReason.CUSTOMER_ASKED.value, notice: str = ""
    ) -> Conversation:
        if conversation.status in (Status.WAITING, Status.AGENT):
            return conversation
        moved = await self._conversations.move(
            conversation.id, (Status.ASSISTANT, Status.RESOLVED), Status.WAITING, reason=reason, notice=notice
        )
        await self.announce(conversation.id)
        return moved

    async def announce(self, conversation_id: str) -> None:
        await self._sign(conversation_id, "event", {"seq": await self._conversations.last_event(conversation_id)})

    async def _sign(self, conversation_id: str, type_: str, data: dict[str, object]) -> None:
        await self._bus.publish(News(f"conversation:{conversation_id}", type_, data))
