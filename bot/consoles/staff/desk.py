"""What staff do with conversations, for the pages and the API alike: each passes the gate, writes once, then the news."""

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.consoles.access import Access, Right, Who
from bot.conversation.announcing import announce
from bot.conversation.events import EventBus
from bot.conversation.records import Author, Conversation, Correction, Message, Status
from bot.conversation.store import ConversationStore
from bot.errors import Conflict, InvalidInput
from bot.gaps.verdicts import CORRECTED, note_verdict
from knowledge.store import KnowledgeStore, Shop

Notices = Callable[[str, str], str]
"""Key (agent_joined, agent_left, closed) and language in; what the customer is told out; "" says nothing."""

WAITING_SHOWN, SHOWN, RESOLVED_SHOWN, NAMES_SHOWN = 200, 60, 20, 60
LOOK_BACK = 8
"""Messages among which a waiting customer's last words are sought."""
MAX_REPLY = 4000
"""Characters: fits one message on every channel."""
VIEW_AUDITED_EVERY = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in a list."""

    conversation: Conversation
    last: Message | None
    holder: str
    """Name of the agent who holds it, or ""."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What a desk shows at one moment. Waiting: longest first; the rest: newest activity first."""

    waiting: tuple[Entry, ...]
    mine: tuple[Entry, ...]
    colleagues: tuple[Entry, ...]
    assistant: tuple[Entry, ...]
    resolved: tuple[Entry, ...]


class Desk:
    """Every method takes who asks first."""

    def __init__(
        self,
        access: Access,
        conversations: ConversationStore,
        knowledge: KnowledgeStore,
        bus: EventBus,
        *,
        clock: Callable[[], datetime],
        notices: Notices,
    ) -> None:
        self.access = access
        self.knowledge = knowledge
        self.clock = clock
        self._conversations = conversations
        self._bus = bus
        self._notices = notices

    # ── reading ──

    async def shops(self, who: Who) -> list[Shop]:
        """Those whose conversations one may read."""
        return who.shops(Right.READ_CONVERSATIONS, await self.knowledge.shops())

    async def shop(self, who: Who, slug: str | None) -> Shop:
        """Raises NotFound."""
        return await self.access.shop(who, Right.READ_CONVERSATIONS, slug, self.knowledge)

    async def queue(self, who: Who, shop: Shop) -> Queue:
        """The shop's conversations by who holds them. One in which the customer said nothing yet is left out."""
        store = self._conversations
        waiting = await store.conversations(shop.id, (Status.WAITING,), limit=WAITING_SHOWN)
        held = await store.conversations(shop.id, (Status.AGENT,), limit=WAITING_SHOWN)
        assistant = await store.conversations(shop.id, (Status.ASSISTANT,), limit=SHOWN)
        resolved = await store.conversations(shop.id, (Status.RESOLVED,), limit=RESOLVED_SHOWN)
        last = await store.last_messages([c.id for c in (*waiting, *held, *assistant, *resolved)])
        hidden = [c for c in (*held, *assistant, *resolved) if c.id in last and last[c.id].author is Author.SYSTEM and c.last_seq > 1]
        last |= {c.id: words for c in (*waiting, *hidden) if (words := await self._last_words(c, last.get(c.id))) is not None}
        names = {id_: await self.access.name_of(id_) for id_ in {c.agent_id for c in held}}

        def entries(found: Sequence[Conversation]) -> tuple[Entry, ...]:
            return tuple(Entry(c, last.get(c.id), names.get(c.agent_id, "")) for c in found)

        return Queue(
            waiting=entries(waiting),
            mine=entries([c for c in held if c.agent_id == who.id]),
            colleagues=entries([c for c in held if c.agent_id != who.id]),
            assistant=entries([c for c in assistant if _said_something(last.get(c.id))]),
            resolved=entries(resolved),
        )

    async def _last_words(self, conversation: Conversation, last: Message | None) -> Message | None:
        """What the customer said last: more telling than the notice or answer that came after."""
        if last is None or last.author is Author.CUSTOMER:
            return last
        recent = await self._conversations.messages(conversation.id, after_seq=max(0, conversation.last_seq - LOOK_BACK))
        return next((message for message in reversed(recent) if message.author is Author.CUSTOMER), last)

    async def names(self, queue: Queue) -> dict[str, str]:
        """What the customers that staff look at are called, by contact id; one without a name is left out."""
        names = {}
        for entry in (*queue.waiting, *queue.mine, *queue.colleagues)[:NAMES_SHOWN]:
            contact = await self._conversations.contact(entry.conversation.contact_id)
            if contact is not None and contact.name:
                names[contact.id] = contact.name
        return names

    async def open(self, who: Who, conversation_id: str) -> tuple[Shop, Conversation]:
        """To read it; audited. Raises NotFound."""
        shop, found = await self._gate(who, Right.READ_CONVERSATIONS, conversation_id)
        await self.access.record(who, shop.id, "conversation.viewed", found.id, once_in=VIEW_AUDITED_EVERY)
        return shop, found

    async def transcript(self, conversation: Conversation, after_seq: int = 0) -> list[Message]:
        """All messages after that one, notes included, oldest first."""
        found: list[Message] = []
        while page := await self._conversations.messages(conversation.id, after_seq=found[-1].seq if found else after_seq, notes=True):
            found += page
        return found

    async def trace(self, message: Message) -> dict[str, object] | None:
        """How an answer came about."""
        turn = await self._conversations.turn_of_message(message.id)
        return turn.trace if turn else None

    async def reach(self, conversation: Conversation) -> tuple[str, str]:
        """The customer's name and where they asked to be reached."""
        contact = await self._conversations.contact(conversation.contact_id)
        return (contact.name, contact.reach) if contact else ("", "")

    # ── doing ──

    async def take(self, who: Who, conversation_id: str, *, from_agent: str = "") -> Conversation:
        """Takes it from the assistant or the queue; from a colleague only when named, so that nobody does so unawares. Raises Conflict
        that says who holds it."""
        shop, found = await self._gate(who, Right.ANSWER, conversation_id)
        if found.agent_id == who.id:
            return found
        if found.agent_id is not None and found.agent_id != from_agent:
            raise await self._held(found)
        expected = (Status.AGENT,) if from_agent else (Status.ASSISTANT, Status.WAITING, Status.RESOLVED)
        return await self._move(who, shop, found, expected, Status.AGENT, "conversation.taken", "agent_joined")

    async def reply(self, who: Who, conversation_id: str, text: str, *, client_id: str = "") -> Message:
        """What the agent who holds it says to the customer. The same `client_id` twice is one message. Raises Conflict, InvalidInput."""
        shop, found = await self._gate(who, Right.ANSWER, conversation_id)
        text = _checked(text)
        if found.agent_id != who.id:
            raise await self._held(found)
        once = f"agent:{client_id[:80]}" if client_id else ""
        message = await self._conversations.say(found.id, Author.AGENT, text, agent_id=who.id, agent_name=who.name, external_id=once)
        await self._tell(who, shop, found, "conversation.replied")
        return message

    async def note(self, who: Who, conversation_id: str, text: str, *, client_id: str = "") -> Message:
        """For colleagues alone; never sent. One need not hold the conversation."""
        shop, found = await self._gate(who, Right.ANSWER, conversation_id)
        once = f"note:{client_id[:80]}" if client_id else ""
        message = await self._conversations.say(
            found.id, Author.NOTE, _checked(text), agent_id=who.id, agent_name=who.name, external_id=once
        )
        await self._tell(who, shop, found, "conversation.noted")
        return message

    async def correct(self, who: Who, conversation_id: str, message_id: str, text: str, *, tell: bool = True) -> Message | None:
        """What the assistant should have answered. The customer gets it as the words of a person (unless told not to), the shop as an open
        question whose answer is written already. Sent twice, it is one. While a colleague holds the conversation only they speak in it:
        raises Conflict. Raises NotFound, InvalidInput."""
        shop, found = await self._gate(who, Right.ANSWER, conversation_id)
        text = _checked(text)
        if tell and found.agent_id not in (None, who.id):
            raise await self._held(found)
        await self._conversations.correct(found.id, message_id, text, who.name)
        await note_verdict(self._conversations, self.knowledge, found, message_id, CORRECTED, self.clock())
        message = None
        if tell:
            once = f"correction:{message_id}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
            message = await self._conversations.say(found.id, Author.AGENT, text, agent_id=who.id, agent_name=who.name, external_id=once)
        await self._tell(who, shop, found, "answer.corrected")
        return message

    async def corrections(self, conversation: Conversation) -> dict[str, Correction]:
        """By the answer that was wrong."""
        return await self._conversations.corrections(conversation.id)

    async def release(self, who: Who, conversation_id: str) -> Conversation:
        """Hands it back to the assistant. Raises Conflict unless one holds it (or it waits)."""
        shop, found = await self._gate(who, Right.ANSWER, conversation_id)
        if found.status is Status.AGENT and found.agent_id != who.id:
            raise await self._held(found)
        return await self._move(who, shop, found, (found.status,), Status.ASSISTANT, "conversation.handed_back", "agent_left")

    async def close(self, who: Who, conversation_id: str) -> Conversation:
        """Resolved. A conversation that a colleague holds is theirs to close."""
        shop, found = await self._gate(who, Right.ANSWER, conversation_id)
        if found.status is Status.RESOLVED:
            return found
        if found.status is Status.AGENT and found.agent_id != who.id:
            raise await self._held(found)
        return await self._move(who, shop, found, (found.status,), Status.RESOLVED, "conversation.closed", "closed")

    async def _gate(self, who: Who, right: Right, conversation_id: str) -> tuple[Shop, Conversation]:
        return await self.access.conversation(who, right, conversation_id, self._conversations, self.knowledge)

    async def _move(
        self, who: Who, shop: Shop, found: Conversation, expected: Sequence[Status], to: Status, what: str, notice: str
    ) -> Conversation:
        language = found.language or (shop.languages[0] if shop.languages else "en")
        agent = who.id if to is Status.AGENT else None
        try:
            moved = await self._conversations.move(found.id, expected, to, agent_id=agent, notice=self._notices(notice, language))
        except Conflict:
            now = await self._conversations.conversation(shop.id, found.id)
            raise await self._held(now or found) from None
        await self._tell(who, shop, moved, what)
        return moved

    async def _tell(self, who: Who, shop: Shop, conversation: Conversation, what: str) -> None:
        await announce(self._bus, conversation)
        await self.access.record(who, shop.id, what, conversation.id)

    async def _held(self, conversation: Conversation) -> Conflict:
        holder = await self.access.name_of(conversation.agent_id) or "Somebody else"
        sentence = {
            Status.AGENT: f"{holder} holds this conversation now.",
            Status.WAITING: "This conversation waits for somebody: take it over first.",
            Status.ASSISTANT: "The assistant holds this conversation: take it over first.",
            Status.RESOLVED: "This conversation is closed: take it over first to write in it.",
        }[conversation.status]
        status = conversation.status.value
        code = "held_by_agent" if conversation.status is Status.AGENT else f"take_first_{status}"
        return Conflict(sentence, code=code, held=status, agent=holder if conversation.agent_id else None)


def _said_something(last: Message | None) -> bool:
    return last is not None and not (last.author is Author.SYSTEM and last.seq <= 1)


def _checked(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if not kept:
        raise InvalidInput("The message is empty; write something first.", field="text", code="empty_message")
    if len(kept) > MAX_REPLY:
        raise InvalidInput(
            f"The message has {len(kept):,} characters; at most {MAX_REPLY:,} fit. Send it in parts.",
            field="text",
            code="long_message",
            most=MAX_REPLY,
        )
    return kept
