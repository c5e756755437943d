"""The customer's HTTP API under /api/v1: what the widget speaks, and anyone who scripts a customer.

A conversation is opened by its token alone (session.py). Limits are counted on the bus, so that they hold for all replicas together.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from bot.answering.answer import Answer, Engine, Handoff, HandoffReason, Outcome
from bot.answering.answer_json import answer_json, named, time_json
from bot.channels.web.requests import (
    Empty,
    NewConversation,
    NewMessage,
    Rating,
    Reach,
    Thumb,
    clean_text,
    documented,
    event_number,
    read,
    seconds_to_wait,
)
from bot.channels.web.session import new_secret, visitor
from bot.channels.web.stream import HEARTBEAT_SECONDS, message_json, stream
from bot.conversation.events import EventBus
from bot.conversation.records import (
    Author,
    ChannelKind,
    Conversation,
    Inbox,
    IncomingMessage,
    Message,
    Status,
    TurnState,
)
from bot.conversation.store import ConversationStore, Received
from bot.errors import InvalidInput, NotFound, TooManyRequests
from bot.gaps.verdicts import DISLIKED, note_verdict
from knowledge.localized import TRADITIONAL, canonical
from knowledge.store import KnowledgeStore, Shop

MINUTE = 60.0


class Assistant(Protocol):
    """What this channel needs of the assistant (bot/turn.py)."""

    async def receive(self, conversation: Conversation, message: IncomingMessage) -> Received:
        """Stores the message and starts its turn."""

    async def answer_to(self, message_id: str, wait: float) -> Message | None:
        """The answer, when it is there within `wait` seconds."""

    async def ask_for_person(self, conversation: Conversation, *, reason: str = ..., notice: str = ...) -> Conversation:
        """Lets the conversation wait for a person."""


@dataclass(frozen=True, slots=True)
class Notices:
    """The fixed sentences of this channel, from prompts/replies: shop and language in, sentence out. "" says nothing."""

    greeting: Callable[[Shop, str], str]
    waiting: Callable[[Shop, str], Awaitable[str]]
    """Said once when the button for a person is pressed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Per minute. Addresses are shared by many people (offices, mobile networks), so their limit is wide."""

    messages: int = 20
    """Messages of one conversation."""
    address: int = 600
    """Requests that write, of one network address."""
    streams: int = 60
    """Event streams that one conversation opens."""


def customer_routes(
    assistant: Assistant,
    conversations: ConversationStore,
    knowledge: KnowledgeStore,
    bus: EventBus,
    *,
    clock: Callable[[], datetime],
    notices: Notices,
    limits: Limits = Limits(),
    heartbeat: float = HEARTBEAT_SECONDS,
) -> APIRouter:
    """The router; mount it without prefix."""
    router = APIRouter(prefix="/api/v1", tags=["customer"])

    async def limit(name: str, most: int, sentence: str) -> None:
        wait = await bus.hit(name, most, MINUTE)
        if wait:
            raise TooManyRequests(sentence, retry_after=wait)

    async def limit_address(request: Request) -> None:
        host = request.client.host if request.client else "unknown"
        await limit(f"web:address:{host}", limits.address, "Too many requests from this network. Try again in a moment.")

    inboxes: dict[str, Inbox] = {}  # by shop; a website's inbox holds nothing that changes

    async def inbox_of(shop_id: str) -> Inbox:
        if shop_id not in inboxes:
            inboxes[shop_id] = await conversations.inbox(shop_id, ChannelKind.WEB)
        return inboxes[shop_id]

    async def shop_of(conversation: Conversation) -> Shop:
        shop = await knowledge.shop_by_id(conversation.shop_id)
        if shop is None:
            raise NotFound("This shop is closed.")
        return shop

    @router.post("/shops/{shop}/conversations", status_code=201, openapi_extra=documented(NewConversation))
    async def start(shop: str, request: Request) -> dict[str, object]:
        """Starts a conversation. `token` is its one key and is shown only here."""
        await limit_address(request)
        body = await read(request, NewConversation)
        found = await knowledge.shop(shop)
        if found is None:
            raise NotFound("There is no shop of that name. Check the address, or data-shop in the script tag.", shop=shop)
        secret = new_secret()
        language = spoken(found, body.language)
        inbox = await inbox_of(found.id)
        conversation = await conversations.start(inbox, token_hash=secret.hash, language=body.language and language)
        greeting = notices.greeting(found, language)
        if greeting:
            await conversations.say(conversation.id, Author.SYSTEM, greeting)
        return {"id": conversation.id, "token": secret.token(conversation.id)}

    @router.post("/conversations/{conversation_id}/messages", status_code=202, openapi_extra=documented(NewMessage))
    async def send(conversation_id: str, request: Request, response: Response, wait: str | None = None) -> dict[str, object]:
        """Takes a message: stored before this answers. With `wait`, the Answer itself (200) when it is there in that many seconds."""
        await limit_address(request)
        conversation = await visitor(request, conversations, conversation_id)
        seconds = seconds_to_wait(wait)
        body = await read(request, NewMessage)
        text = clean_text(body.text)
        sentence = "That was a lot of messages in one minute. Wait a moment, then send it again."
        await limit(f"web:messages:{conversation.id}", limits.messages, sentence)
        message = IncomingMessage(
            inbox_id=conversation.inbox_id,
            address=conversation.address,
            external_id=body.client_id,
            text=text,
            language=canonical(body.language),
        )
        received = await assistant.receive(conversation, message)
        if seconds:
            answer = await answered(received, seconds)
            if answer is not None:
                response.status_code = 200
                return answer
        return {"id": received.message.id}

    async def answered(received: Received, seconds: float) -> dict[str, object] | None:
        conversation = received.conversation
        if received.turn.state is not TurnState.SILENT:
            said = await assistant.answer_to(received.message.id, seconds)
            if said is not None and said.answer is not None:
                return named(said.answer, said.id, conversation.id)
            turn = await conversations.turn_of_message(received.message.id)
            if turn is None or turn.state is not TurnState.SILENT:
                return None
        return answer_json(held_answer(conversation), conversation=conversation.id)

    @router.get("/conversations/{conversation_id}")
    async def show(conversation_id: str, request: Request) -> dict[str, object]:
        """The conversation as its customer may see it. `last_event`: where a stream that has read this goes on."""
        conversation = await visitor(request, conversations, conversation_id)
        return await conversation_json(conversation)

    async def conversation_json(conversation: Conversation) -> dict[str, object]:
        # The event number is read first: what comes in between is streamed again and known by its id, never missing.
        last_event = await conversations.last_event(conversation.id)
        messages = await every_message(conversation.id)
        contact = await conversations.contact(conversation.contact_id)
        agents = [m.agent_name for m in messages if m.author is Author.AGENT and m.agent_name]
        return {
            "id": conversation.id,
            "status": conversation.status.value,
            "language": conversation.language,
            "agent": agents[-1] if agents and conversation.status is Status.AGENT else None,
            "nobody_came": conversation.status is Status.WAITING and conversation.told_nobody_at is not None,
            "reach": contact.reach if contact else "",
            "last_event": last_event,
            "messages": [message_json(message) for message in messages],
        }

    async def every_message(conversation_id: str) -> list[Message]:
        found: list[Message] = []
        while page := await conversations.messages(conversation_id, after_seq=found[-1].seq if found else 0):
            found += page
        return [message for message in found if message.author is not Author.NOTE]

    @router.get("/conversations/{conversation_id}/events", response_class=StreamingResponse)
    async def events(conversation_id: str, request: Request, after: str | None = None) -> StreamingResponse:
        """Server-sent events: message, token, typing, handoff, presence, ended. Resumes after Last-Event-ID (or `after`)."""
        conversation = await visitor(request, conversations, conversation_id)
        number = event_number(request.headers.get("last-event-id"), after)
        await limit(f"web:streams:{conversation.id}", limits.streams, "This conversation opened too many streams.")
        return StreamingResponse(
            stream(conversation, number, conversations, bus, heartbeat=heartbeat),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.post("/conversations/{conversation_id}/handoff", openapi_extra=documented(Empty))
    async def handoff(conversation_id: str, request: Request) -> dict[str, object]:
        """Asks for a person. Asking twice changes nothing."""
        await limit_address(request)
        conversation = await visitor(request, conversations, conversation_id)
        await read(request, Empty)
        shop = await shop_of(conversation)
        notice = await notices.waiting(shop, spoken(shop, conversation.language))
        moved = await assistant.ask_for_person(conversation, reason=HandoffReason.CUSTOMER_ASKED.value, notice=notice)
        return {"id": moved.id, "status": moved.status.value}

    @router.post("/conversations/{conversation_id}/feedback", status_code=204, openapi_extra=documented(Thumb))
    async def feedback(conversation_id: str, request: Request) -> Response:
        """A thumb on an answer; the last one counts."""
        await limit_address(request)
        conversation = await visitor(request, conversations, conversation_id)
        body = await read(request, Thumb)
        if body.value not in (1, -1):
            raise InvalidInput("The field `value` must be 1 or -1.", field="value")
        turn = await conversations.turn_of_message(body.message_id)
        if turn is None or turn.conversation_id != conversation.id or turn.answer_id != body.message_id:
            raise NotFound("There is no such answer in this conversation.")
        new = await conversations.feedback(conversation.id, body.message_id, body.value, body.comment.strip())
        if new and body.value < 0:
            await note_verdict(conversations, knowledge, conversation, body.message_id, DISLIKED, clock())
        return Response(status_code=204)

    @router.post("/conversations/{conversation_id}/rating", status_code=204, openapi_extra=documented(Rating))
    async def rating(conversation_id: str, request: Request) -> Response:
        """How good the conversation was, 1 to 5."""
        await limit_address(request)
        conversation = await visitor(request, conversations, conversation_id)
        body = await read(request, Rating)
        await conversations.rate(conversation.id, body.score, body.comment.strip())
        return Response(status_code=204)

    @router.post("/conversations/{conversation_id}/contact", status_code=204, openapi_extra=documented(Reach))
    async def reach(conversation_id: str, request: Request) -> Response:
        """Where to be reached when nobody was there; "" takes it back. Used for this conversation and nothing else."""
        await limit_address(request)
        conversation = await visitor(request, conversations, conversation_id)
        body = await read(request, Reach)
        contact = await conversations.contact(conversation.contact_id)
        if contact is None:
            raise NotFound("This customer was forgotten. Start a new conversation.")
        text = clean_text(body.reach, field="reach", longest=200) if body.reach.strip() else ""
        await conversations.save_contact(replace(contact, reach=text))
        return Response(status_code=204)

    @router.get("/customers/me")
    async def me(request: Request) -> dict[str, object]:
        """Everything that is kept of the customer whose token this is."""
        conversation = await visitor(request, conversations)
        contact = await conversations.contact(conversation.contact_id)
        customer: dict[str, Any] = {"id": conversation.contact_id}
        if contact is not None:
            customer |= {
                "name": contact.name,
                "language": contact.language,
                "reach": contact.reach,
                "since": time_json(contact.created_at),
            }
        remembered = {"memory": conversation.memory, "handoff_summary": conversation.handoff_summary}
        return {"customer": customer, "conversations": [{**await conversation_json(conversation), **remembered}]}

    @router.delete("/customers/me")
    async def forget(request: Request) -> JSONResponse:
        """Erases the customer: messages, memory, traces, ratings. The token opens nothing any more."""
        await limit_address(request)
        conversation = await visitor(request, conversations)
        erased = await conversations.forget(conversation.contact_id)
        return JSONResponse({"erased": erased})

    return router


def spoken(shop: Shop, asked: str) -> str:
    """The shop's language nearest to the one asked for, else its first. A shop that speaks Chinese speaks both scripts."""
    wanted = canonical(asked)
    for language in shop.languages:
        if canonical(language).lower() == wanted.lower():
            return language
    base = wanted.lower().split("-", maxsplit=1)[0]
    for language in shop.languages:
        if language.lower().split("-", maxsplit=1)[0] == base:
            return wanted if wanted == TRADITIONAL else language
    return shop.languages[0] if shop.languages else "en"


def held_answer(conversation: Conversation) -> Answer:
    """What a script gets while a person holds the conversation: the assistant says nothing."""
    known = conversation.handoff_reason in {reason.value for reason in HandoffReason}
    return Answer(
        text="",
        language=conversation.language or "und",
        outcome=Outcome.HANDED_OFF,
        intents=(),
        handoff=Handoff(HandoffReason(conversation.handoff_reason)) if known else None,
        engine=Engine.COMPOSER,
    )
