"""Who waits for the answer of a turn, in this process or another."""

import asyncio
import contextlib

from bot.conversation.events import EventBus
from bot.conversation.records import Message, Turn, TurnState
from bot.conversation.store import ConversationStore

LOOK_AGAIN_SECONDS = 0.5
"""How often a waiting request looks into the store when no news comes (the turn may run in a process that shares no bus with ours)."""


class Awaited:
    """Answers that somebody may wait for. A turn of this process is told at once; another's is heard of by news and by looking."""

    def __init__(self, conversations: ConversationStore, bus: EventBus) -> None:
        self._conversations = conversations
        self._bus = bus
        self._awaited: dict[str, asyncio.Future[Message | None]] = {}

    def expect(self, turn_id: str) -> None:
        """This process works on the turn from now on."""
        self._awaited[turn_id] = asyncio.get_running_loop().create_future()

    def settle(self, turn_id: str, answer: Message | None) -> None:
        """Tells who waits in this process; None: look into the store, somebody else has the turn."""
        waiting = self._awaited.pop(turn_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    async def answer_of(self, turn: Turn, wait: float) -> Message | None:
        """The assistant's message for a turn, once it is stored; None if it is not there within `wait` seconds or never will be."""
        deadline = asyncio.get_running_loop().time() + wait
        if (ours := self._awaited.get(turn.id)) is not None:
            with contextlib.suppress(TimeoutError):
                answer = await asyncio.wait_for(asyncio.shield(ours), wait)
                if answer is not None:
                    return answer
        async with self._bus.subscribe(f"conversation:{turn.conversation_id}") as news:
            done = await self.answering(turn.id)
            while done is not None and done.state is TurnState.OPEN:
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return None
                # News makes it quick; the look into the store makes it sure, whichever process answers and whatever news gets lost.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(left, LOOK_AGAIN_SECONDS)):
                        async for item in news:
                            if item.type == "event":
                                break
                        else:  # no more news will come: the process is told to stop
                            await asyncio.sleep(LOOK_AGAIN_SECONDS)
                done = await self.answering(turn.id)
        if done is None or done.answer_id is None:
            return None
        return await self._conversations.message(done.answer_id)

    async def answering(self, turn_id: str) -> Turn | None:
        """The turn, or the one that answers for it since the customer wrote on."""
        turn = await self._conversations.turn(turn_id)
        return None if turn is None else await self._conversations.turn_instead(turn)
