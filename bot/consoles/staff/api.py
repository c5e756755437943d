"""The desk as JSON under /api/v1/desk: with a session's cookie (and its CSRF token as X-CSRF-Token) or an API token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from bot.answering.answer_json import named, time_json
from bot.consoles.shared.bodies import API_TOKEN
from bot.consoles.staff.desk import Desk, Entry
from bot.conversation.records import Author, Conversation, Correction, Message
from bot.handoff.summary import queue_in


class Words(BaseModel):
    """`client_id`: the caller's own name for it; the same one twice is one message."""

    text: str
    client_id: Annotated[str, Field(max_length=80)] = ""


class Correcting(BaseModel):
    """`text`: what should have been answered; `tell`: the customer gets it, as the words of a person."""

    text: str
    tell: bool = True


class Taking(BaseModel):
    """`from_agent`: the agent it is taken from, when a colleague holds it."""

    from_agent: Annotated[str, Field(max_length=80)] = ""


def api_routes(desk: Desk) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter(prefix="/api/v1/desk", tags=["desk"], dependencies=[Depends(API_TOKEN)])

    @router.get("/queue")
    async def queue(request: Request, shop: str | None = None) -> dict[str, object]:
        """Who waits (longest first), what I and my colleagues hold, what the assistant holds, what was resolved last."""
        who = await desk.access.who(request)
        found = await desk.shop(who, shop)
        lists = await desk.queue(who, found)
        names = ("waiting", "mine", "colleagues", "assistant", "resolved")
        return {"shop": found.slug, **{name: [entry_json(entry) for entry in getattr(lists, name)] for name in names}}

    @router.get("/conversations/{conversation_id}")
    async def show(conversation_id: str, request: Request, after: int = 0) -> dict[str, object]:
        """The transcript with notes; assistant messages with their Answer and the trace of how it came about."""
        who = await desk.access.who(request)
        shop, found = await desk.open(who, conversation_id)
        messages = await desk.transcript(found, after)
        corrected = await desk.corrections(found)
        name, reach = await desk.reach(found)
        return {
            **conversation_json(found, await desk.access.name_of(found.agent_id)),
            "shop": shop.slug,
            "customer": {"id": found.contact_id, "name": name, "reach": reach},
            "messages": [
                {
                    **message_json(message),
                    **({"trace": await desk.trace(message)} if message.author is Author.ASSISTANT else {}),
                    **({"correction": correction_json(corrected[message.id])} if message.id in corrected else {}),
                }
                for message in messages
            ],
        }

    @router.post("/conversations/{conversation_id}/take")
    async def take(conversation_id: str, request: Request, body: Taking | None = None) -> dict[str, object]:
        """I hold it from now on; the assistant is silent. 409 says who was faster."""
        who = await desk.access.who(request)
        moved = await desk.take(who, conversation_id, from_agent=body.from_agent if body else "")
        return conversation_json(moved, who.name)

    @router.post("/conversations/{conversation_id}/reply", status_code=201)
    async def reply(conversation_id: str, request: Request, body: Words) -> dict[str, object]:
        """To the customer, on their channel."""
        who = await desk.access.who(request)
        return message_json(await desk.reply(who, conversation_id, body.text, client_id=body.client_id))

    @router.post("/conversations/{conversation_id}/note", status_code=201)
    async def note(conversation_id: str, request: Request, body: Words) -> dict[str, object]:
        """For colleagues alone."""
        who = await desk.access.who(request)
        return message_json(await desk.note(who, conversation_id, body.text, client_id=body.client_id))

    @router.post("/conversations/{conversation_id}/messages/{message_id}/correct", status_code=201)
    async def correct(conversation_id: str, message_id: str, request: Request, body: Correcting) -> dict[str, object]:
        """What an answer of the assistant should have been: to the customer, as the words of a person, and to the shop, as an open question
        with its answer. The last correction counts."""
        who = await desk.access.who(request)
        message = await desk.correct(who, conversation_id, message_id, body.text, tell=body.tell)
        _, found = await desk.open(who, conversation_id)
        kept = (await desk.corrections(found))[message_id]
        return {"correction": correction_json(kept), "message": message_json(message) if message else None}

    @router.post("/conversations/{conversation_id}/release")
    async def release(conversation_id: str, request: Request) -> dict[str, object]:
        """Back to the assistant."""
        who = await desk.access.who(request)
        return conversation_json(await desk.release(who, conversation_id))

    @router.post("/conversations/{conversation_id}/close")
    async def close(conversation_id: str, request: Request) -> dict[str, object]:
        """Resolved; the customer may write again at any time."""
        who = await desk.access.who(request)
        return conversation_json(await desk.close(who, conversation_id))

    return router


def conversation_json(conversation: Conversation, agent: str = "") -> dict[str, object]:
    """A conversation for staff."""
    return {
        "id": conversation.id,
        "status": conversation.status.value,
        "channel": conversation.channel.value,
        "language": conversation.language,
        "agent": {"id": conversation.agent_id, "name": agent} if conversation.agent_id else None,
        "handoff_reason": conversation.handoff_reason or None,
        "handoff_summary": conversation.handoff_summary or None,
        "queue": queue_in(conversation.handoff_summary) or None,
        "waiting_since": time_json(conversation.waiting_since),
        "told_nobody_at": time_json(conversation.told_nobody_at),
        "created_at": time_json(conversation.created_at),
        "updated_at": time_json(conversation.updated_at),
    }


def entry_json(entry: Entry) -> dict[str, object]:
    """One line of a list."""
    return {**conversation_json(entry.conversation, entry.holder), "last": message_json(entry.last) if entry.last else None}


def correction_json(correction: Correction) -> dict[str, object]:
    """What staff would have answered."""
    return {"text": correction.text, "by": correction.by, "at": time_json(correction.at)}


def message_json(message: Message) -> dict[str, object]:
    """A message as staff see it."""
    data: dict[str, object] = {
        "id": message.id,
        "seq": message.seq,
        "author": message.author.value,
        "text": message.text,
        "at": time_json(message.at),
    }
    if message.agent_name:
        data["agent"] = message.agent_name
    if message.answer is not None:
        data["answer"] = named(message.answer, message.id, message.conversation_id)
    return data
