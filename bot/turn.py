"""One customer message from start to end. READ THIS FIRST.

channels/…             → IncomingMessage
Assistant.receive        stores the message and opens its turn in one transaction, then announces it
  take_turn              one turn of a conversation at a time, leased, so that a dead process' turn is taken by another
   working_out.py        the answer to a message, with nothing stored or announced
    understanding/       text + memory → Question (language, parts, filters, what "it" is)
    retrieval/           each part → Evidence
    knowledge            live offers of everything in evidence
    answering/consulting with a language model: what it looks up where nothing answered
    answering/composer   Findings → statements and a Draft
    answering/guard      a statement goes out only if this turn's evidence holds it
    conversation/        answer, memory, handoff, delivery: one transaction; then the news
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter

from bot.answering.answer import USUAL_QUEUE, Answer, Engine, Handoff, HandoffReason, Outcome
from bot.answering.answer_json import answer_json, named
from bot.answering.composer import Draft, Statement
from bot.answering.rendering import joined
from bot.answering.thresholds import LOW_CONFIDENCE
from bot.awaiting import Awaited
from bot.conversation.announcing import announce
from bot.conversation.events import EventBus, News
from bot.conversation.records import ChannelKind, Conversation, IncomingMessage, Message, Status, Turn, TurnState
from bot.conversation.store import ConversationStore, Finished, Received
from bot.errors import NotFound
from bot.handoff.summary import summary_of
from bot.tracing import TurnTrace
from bot.understanding.memory import memory_from_json, memory_json
from bot.understanding.question import Intent, Memory, Question
from bot.working_out import Asked, OffersOf, Stream, WorkedOut, WorkingOut
from knowledge.errors import KnowledgeError
from knowledge.store import KnowledgeStore, Shop
from retrieval.errors import RetrievalError
from retrieval.search import Retriever
from retrieval.view import ShopView

log = logging.getLogger(__name__)

LEASE_SECONDS = 8.0
"""How long a turn stays with a worker that does not renew: what a customer waits at most after a crash, before another takes over."""
RENEW_SECONDS = 2.5
HISTORY = 8
"""Messages of the past that a composer sees."""
MAX_ATTEMPTS = 3
"""A turn that killed its process this often is answered with an apology and a person instead of a fourth try."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether staff of a shop is there; passed in so that turns need not know how sign-in works."""

    anybody: Callable[[str], Awaitable[bool]]


class Assistant:
    """Takes messages in and answers each exactly once, on however many replicas."""

    def __init__(
        self,
        *,
        conversations: ConversationStore,
        knowledge: KnowledgeStore,
        retriever: Retriever,
        working: WorkingOut,
        apology: Callable[[str], str],
        bus: EventBus,
        presence: Presence,
        clock: Callable[[], datetime],
        worker: str,
    ) -> None:
        self._conversations = conversations
        self._knowledge = knowledge
        self._retriever = retriever
        self._working = working
        self._apology = apology
        self._bus = bus
        self._presence = presence
        self._clock = clock
        self._worker = worker
        self._running: set[asyncio.Task[None]] = set()
        self.answered: Callable[[Answer, float], None] | None = None
        """Told of every stored answer and the seconds that its turn took: the metrics' door."""
        self._awaited = Awaited(conversations, bus)
        self._taking: dict[str, asyncio.Future[Message | None]] = {}
        """Work that may still be stopped, by turn: until its answer is stored."""

    async def receive(self, conversation: Conversation, message: IncomingMessage) -> Received:
        """Stores the message (a repeated external id is the same one), announces it and starts its turn in the background. Where people type, a
        message that comes before the last one is answered restarts that turn: one answer for both."""
        received = await self._conversations.receive(conversation, message, joins=conversation.channel is not ChannelKind.TERMINAL)
        for joined_turn in received.joined:
            self._stop(joined_turn)
        if received.new:
            await announce(self._bus, received.conversation)
            if received.turn.state is TurnState.OPEN:
                await self._bus.publish(News(f"conversation:{conversation.id}", "typing", {"on": True}))
                self._awaited.expect(received.turn.id)
                self._spawn(self._claim_and_run(received.turn.id))
        return received

    async def answer_to(self, message_id: str, wait: float) -> Message | None:
        """The assistant's message for a customer's, once it is stored; None if it is not there within `wait` seconds or never will be."""
        turn = await self._conversations.turn_of_message(message_id)
        return None if turn is None else await self._awaited.answer_of(turn, wait)

    async def answer_json_to(self, received: Received, wait: float) -> dict[str, object] | None:
        """The Answer of the front doors for a received message, in time or None. While an agent holds the conversation it is handed_off
        with an empty text: the agent speaks, not we."""
        conversation = received.conversation
        if received.turn.state is not TurnState.SILENT:
            said = await self._awaited.answer_of(received.turn, wait)
            if said is not None and said.answer is not None:
                return named(said.answer, said.id, conversation.id)
            turn = await self._awaited.answering(received.turn.id)
            if turn is None or turn.state is not TurnState.SILENT:
                return None
        reason = HandoffReason(conversation.handoff_reason) if conversation.handoff_reason else HandoffReason.CUSTOMER_ASKED
        held = Answer(
            text="",
            language=conversation.language or "en",
            outcome=Outcome.HANDED_OFF,
            intents=(),
            handoff=Handoff(reason),
        )
        return answer_json(held, conversation=conversation.id)

    async def ask_for_person(self, conversation: Conversation, *, reason: str = "customer_asked", notice: str = "") -> Conversation:
        """The customer pressed the button: waits from now on, whatever the assistant is doing. Pressing twice changes nothing."""
        if conversation.status in (Status.WAITING, Status.AGENT):
            return conversation
        messages = await self._conversations.messages(conversation.id)
        summary = summary_of(memory_from_json(conversation.memory), [(m.author.value, m.text) for m in messages][-HISTORY:])
        moved = await self._conversations.move(
            conversation.id, (Status.ASSISTANT, Status.RESOLVED), Status.WAITING, reason=reason, summary=summary, notice=notice
        )
        await announce(self._bus, moved)
        return moved

    async def resume(self) -> int:
        """Takes every open turn whose worker is gone; the number taken. Called at the start and every few seconds."""
        taken = 0
        while (turn := await self._conversations.claim_turn(self._worker, LEASE_SECONDS)) is not None:
            self._spawn(self._run(turn))
            taken += 1
        return taken

    async def settle(self, seconds: float = 10.0) -> None:
        """Waits for running turns, for a clean stop; what is not done by then is resumed at the next start."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    # ── one turn ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._kept(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _kept(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            # The database went away under us. The lease runs out, and `resume` takes the turn again.
            log.exception("a turn was left to its lease")

    async def _claim_and_run(self, turn_id: str) -> None:
        # None: an earlier turn of the conversation is open; whoever finishes that one takes this one next.
        try:
            turn = await self._conversations.claim_turn(self._worker, LEASE_SECONDS, turn_id=turn_id)
            if turn is not None:
                await self._run(turn)
        finally:
            self._awaited.settle(turn_id, None)

    async def _run(self, turn: Turn | None) -> None:
        while turn is not None:
            taking = self._taking[turn.id] = asyncio.ensure_future(self.take_turn(turn))
            renewing = asyncio.ensure_future(self._renew(turn.id))
            try:
                await taking
            except asyncio.CancelledError:
                if (current := asyncio.current_task()) is not None and current.cancelling():
                    raise
                log.info("turn %s ended: its customer wrote on, and the next one answers", turn.id)
            except NotFound:
                log.info("turn %s ended: its customer was erased, or its shop deleted", turn.id)
            except (KnowledgeError, RetrievalError):
                # A part does not answer now. The lease runs out and the turn is tried again, MAX_ATTEMPTS times.
                log.exception("turn %s failed (attempt %d)", turn.id, turn.attempts)
            except Exception:
                # A mistake of ours, which a second try would only repeat: the customer gets an apology and a person at once.
                log.exception("turn %s failed", turn.id)
                await self._apologise(turn)
            finally:
                renewing.cancel()
                taking.cancel()
                self._taking.pop(turn.id, None)
                await asyncio.wait({renewing, taking})  # a connection that one of them holds goes back before the turn is done
            turn = await self._conversations.claim_turn(self._worker, LEASE_SECONDS)

    def _stop(self, turn_id: str) -> None:
        """Ends the work on a turn that another one answers for. What it would store, the store refuses by itself."""
        if (taking := self._taking.pop(turn_id, None)) is not None:
            taking.cancel()
        self._awaited.settle(turn_id, None)

    async def _renew(self, turn_id: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if not await self._conversations.renew_turn(turn_id, self._worker, LEASE_SECONDS):
                    self._stop(turn_id)
                    return
            except KnowledgeError as error:
                log.warning("the lease of turn %s could not be renewed, it is tried again: %s", turn_id, error)

    async def take_turn(self, turn: Turn) -> Message | None:
        """Answers the message of a turn that this worker holds; the stored answer, or None when an agent took over meanwhile."""
        began = perf_counter()
        conversation, message, history = await self._load(turn)
        shop = await self._shop(conversation.shop_id)
        trace = TurnTrace(turn.id, began)
        if turn.attempts > MAX_ATTEMPTS:
            return await self._apologise(turn)

        async def stream(said: list[Statement]) -> None:
            offset = len(joined(said[:-1]))
            token = {"message": turn.id, "offset": offset, "text": joined(said)[offset:]}
            await self._bus.publish(News(f"conversation:{conversation.id}", "token", token))

        asked = Asked(
            text=message.text,
            memory=_memory_of(conversation),
            history=tuple((m.author.value, m.text) for m in history),
            staff_present=await self._presence.anybody(shop.id),
            waiting=conversation.status is Status.WAITING,
        )
        worked = await self.work_out(await self._retriever.view(shop), asked, trace, stream=stream)
        draft, question = worked.draft, worked.question
        stored = await self._store(turn, conversation, [*history, message], worked.answer, draft, trace)
        if stored is not None and self.answered is not None:
            self.answered(worked.answer, perf_counter() - began)
        if (gap := _gap_of(worked)) and stored is not None:
            await self._knowledge.record_gap(
                shop.id,
                question.text[:500],
                question.language,
                gap,
                self._clock(),
                product_id=draft.gap_product,
                conversation_id=conversation.id,
                attribute=_fact_asked(question) if draft.gap_product else "",
            )
        return stored

    async def work_out(
        self, view: ShopView, asked: Asked, trace: TurnTrace, *, offers: OffersOf | None = None, stream: Stream | None = None
    ) -> WorkedOut:
        """The answer to a message, as a turn works it out, with nothing stored or announced. `offers`: SKUs to live offers, those of now if
        left out."""
        return await self._working.work_out(view, asked, trace, offers=offers, stream=stream)

    async def _load(self, turn: Turn) -> tuple[Conversation, Message, list[Message]]:
        found = await self._conversations.conversation_of_turn(turn)
        if found is None:
            raise NotFound("The conversation of this turn was erased.")
        conversation, message, history = found
        return conversation, message, history[-HISTORY:]

    async def _shop(self, shop_id: str) -> Shop:
        shop = await self._knowledge.shop_by_id(shop_id)
        if shop is None:
            raise NotFound("The shop of this conversation was deleted.")
        return shop

    async def _store(
        self, turn: Turn, conversation: Conversation, said: list[Message], answer: Answer, draft: Draft, trace: TurnTrace
    ) -> Message | None:
        handoff = answer.handoff if answer.outcome is Outcome.HANDED_OFF else None
        finished = Finished(
            text=answer.text,
            answer=answer_json(replace(answer, took_ms=trace.laps())),
            trace=trace.as_json(draft),
            memory=memory_json(draft.memory),
            language=answer.language,
            handoff_reason=handoff.reason.value if handoff else "",
            handoff_summary=summary_of(draft.memory, [(m.author.value, m.text) for m in said], _named_queue(handoff)) if handoff else "",
        )
        message = await self._conversations.finish_turn(turn.id, self._worker, finished)
        self._taking.pop(turn.id, None)
        self._awaited.settle(turn.id, message)
        await self._bus.publish(News(f"conversation:{conversation.id}", "typing", {"on": False}))
        await announce(self._bus, conversation)
        return message

    async def _apologise(self, turn: Turn) -> Message | None:
        conversation, message, history = await self._load(turn)
        language = conversation.language or "en"
        handoff = Handoff(HandoffReason.NOT_UNDERSTOOD)
        answer = Answer(
            text=self._apology(language),
            language=language,
            outcome=Outcome.HANDED_OFF,
            intents=(Intent.UNCLEAR.value,),
            handoff=handoff,
            engine=Engine.COMPOSER,
        )
        memory = memory_from_json(conversation.memory)
        draft = Draft((), Outcome.HANDED_OFF, Engine.COMPOSER, 0.0, handoff=handoff, memory=memory)
        return await self._store(turn, conversation, [*history, message], answer, draft, TurnTrace(turn.id, perf_counter()))


def _memory_of(conversation: Conversation) -> Memory:
    """With the language of the conversation: that of its last answer, or the one that its channel or this message came with."""
    memory = memory_from_json(conversation.memory)
    return replace(memory, language=conversation.language or memory.language)


def _named_queue(handoff: Handoff) -> str:
    return "" if handoff.queue == USUAL_QUEUE else handoff.queue


def _fact_asked(question: Question) -> str:
    """The concept that was asked for by name; "" for none."""
    return next((concept for part in question.parts for concept in part.asked), "")


def _gap_of(worked: WorkedOut) -> str:
    """Why the merchant should see the question; "" where there is no need."""
    answer = worked.answer
    unsure = answer.outcome is Outcome.ANSWERED and answer.confidence < LOW_CONFIDENCE
    return worked.draft.gap or ("low confidence" if unsure else "")
