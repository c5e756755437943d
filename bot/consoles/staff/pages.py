"""The desk's pages. Every form works without scripts; desk.js only keeps what is shown fresh."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from bot.consoles.access import Right, Who
from bot.consoles.shared.pages import HEADERS, Pages
from bot.consoles.staff.desk import Desk
from bot.consoles.staff.live import live
from bot.conversation.events import EventBus
from bot.conversation.records import Author, Conversation, Message
from bot.errors import Conflict, InvalidInput, NotAllowed, NotFound, SignInRequired
from bot.handoff.summary import queue_in
from knowledge.store import Shop

TRACES_SHOWN = 12
"""Of the newest answers; older ones on demand."""
SAID_SHOWN, SAID_LENGTH = 3, 300


@dataclass(frozen=True, slots=True)
class Summary:
    """A handoff summary (bot/handoff/summary.py), its lines sorted by their marks."""

    wants: str = ""
    seen: str = ""
    said: tuple[str, ...] = ()
    other: str = ""
    queue: str = ""

    def __bool__(self) -> bool:
        return bool(self.wants or self.seen or self.said or self.other or self.queue)


def page_routes(desk: Desk, pages: Pages, bus: EventBus) -> APIRouter:
    """/desk and what is under it; mount it without prefix."""
    router = APIRouter(prefix="/desk", include_in_schema=False, route_class=pages.route())

    async def reader(request: Request) -> Who:
        # desk.js asks with `after` by itself, twice a minute: an open desk alone keeps nobody signed in.
        return await desk.access.who(request, prolong="after" not in request.query_params)

    @router.get("")
    async def queue(request: Request, shop: str | None = None) -> Response:
        who = await reader(request)
        shops = await desk.shops(who)
        if not shops:
            return await nothing_to_read(request, who)
        chosen = await desk.shop(who, shop)
        return await page(request, who, chosen, shops)

    async def nothing_to_read(request: Request, who: Who) -> Response:
        known = await desk.knowledge.shops()
        if who.shops(Right.READ_KNOWLEDGE, known) or not known:
            return RedirectResponse("/console", status_code=303, headers=HEADERS)
        raise NotAllowed("Your account has no role in any shop. Ask an owner for one.", code="not_your_role")

    @router.get("/conversations/{conversation_id}")
    async def show(conversation_id: str, request: Request, after: int = 0) -> Response:
        who = await reader(request)
        shop, found = await desk.open(who, conversation_id)
        return await page(request, who, shop, await desk.shops(who), found, after=after)

    async def page(
        request: Request,
        who: Who,
        shop: Shop,
        shops: list[Shop],
        found: Conversation | None = None,
        *,
        after: int = 0,
        problem: str = "",
        draft: str = "",
        kind: str = "",
        client_id: str = "",
        status: int = 200,
    ) -> Response:
        lists = await desk.queue(who, shop)
        values: dict[str, object] = {
            "shop": shop,
            "shops": shops,
            "queue": lists,
            "names": await desk.names(lists),
            "conversation": found,
            "opened": found.id if found else "",
            "problem": problem,
            "first": request.query_params.get("first") == "1",
            "draft": draft,
            "kind": kind,
            "queue_of": lambda conversation: queue_in(conversation.handoff_summary),
            # Sent twice by an impatient hand, it is still one message.
            "client_id": client_id or secrets.token_hex(8),
        }
        if found is not None:
            values |= await thread(request, who, found, after)
        return pages.render(request, "desk.html", who, status=status, **values)

    async def thread(request: Request, who: Who, found: Conversation, after: int) -> Mapping[str, object]:
        spoken = await desk.transcript(found)
        messages = [message for message in spoken if message.seq > after]
        answers = [message for message in messages if message.author is Author.ASSISTANT]
        shown = answers if request.query_params.get("traces") == "all" else answers[-TRACES_SHOWN:]
        name, reach = await desk.reach(found)
        words = pages.words_of(request)
        return {
            "messages": messages,
            "traces": {message.id: await desk.trace(message) for message in shown},
            "corrections": await desk.corrections(found),
            "older_traces": len(answers) > len(shown),
            "summary": told(found, spoken),
            "name": name or words("queue.visitor", code=found.contact_id[-4:]),
            "reach": reach,
            "holder": await desk.access.name_of(found.agent_id) or words("author.agent"),
            "held_by_me": found.agent_id == who.id,
            "may_answer": who.may(Right.ANSWER, found.shop_id),
            "url": f"/desk/conversations/{found.id}",
        }

    async def refused(
        request: Request,
        who: Who,
        conversation_id: str,
        error: Conflict | InvalidInput,
        draft: str = "",
        kind: str = "",
        client_id: str = "",
    ) -> Response:
        """The conversation as it is now, with what went wrong on top and what was typed still there."""
        shop, found = await desk.open(who, conversation_id)
        sentence = pages.sentence(request, error)
        shops, status = await desk.shops(who), error.status
        return await page(request, who, shop, shops, found, problem=sentence, status=status, draft=draft, kind=kind, client_id=client_id)

    def back(conversation_id: str) -> Response:
        return RedirectResponse(f"/desk/conversations/{conversation_id}", status_code=303, headers=HEADERS)

    @router.post("/conversations/{conversation_id}/take")
    async def take(conversation_id: str, request: Request, from_agent: str = Form("")) -> Response:
        who = await desk.access.who(request)
        try:
            await desk.take(who, conversation_id, from_agent=from_agent)
        except (Conflict, InvalidInput) as error:
            return await refused(request, who, conversation_id, error)
        return back(conversation_id)

    @router.post("/conversations/{conversation_id}/say")
    async def say(
        conversation_id: str, request: Request, text: str = Form(""), kind: str = Form("note"), client_id: str = Form("")
    ) -> Response:
        who = await desk.access.who(request)
        try:
            if kind == "reply":
                await desk.reply(who, conversation_id, text, client_id=client_id)
            else:
                await desk.note(who, conversation_id, text, client_id=client_id)
        except (Conflict, InvalidInput) as error:
            return await refused(request, who, conversation_id, error, draft=text, kind=kind, client_id=client_id)
        return back(conversation_id)

    @router.post("/conversations/{conversation_id}/correct")
    async def correct(
        conversation_id: str, request: Request, message: str = Form(""), text: str = Form(""), tell: str = Form("")
    ) -> Response:
        who = await desk.access.who(request)
        try:
            await desk.correct(who, conversation_id, message, text, tell=bool(tell))
        except (Conflict, InvalidInput) as error:
            return await refused(request, who, conversation_id, error)
        return back(conversation_id)

    @router.post("/conversations/{conversation_id}/release")
    async def release(conversation_id: str, request: Request) -> Response:
        who = await desk.access.who(request)
        try:
            await desk.release(who, conversation_id)
        except (Conflict, InvalidInput) as error:
            return await refused(request, who, conversation_id, error)
        return back(conversation_id)

    @router.post("/conversations/{conversation_id}/close")
    async def close(conversation_id: str, request: Request) -> Response:
        who = await desk.access.who(request)
        try:
            await desk.close(who, conversation_id)
        except (Conflict, InvalidInput) as error:
            return await refused(request, who, conversation_id, error)
        return back(conversation_id)

    @router.get("/events")
    async def events(request: Request, shop: str | None = None) -> Response:
        try:
            who = await desk.access.who(request, prolong=False)
            if not who.session:
                raise SignInRequired("This stream is for browsers.")
            chosen = await desk.shop(who, shop)
        except (SignInRequired, NotFound, NotAllowed):
            # 204 tells an EventSource to stop asking; a redirect to the page for signing in would be no stream.
            return Response(status_code=204)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(live(desk.access, bus, who, chosen), media_type="text/event-stream", headers=headers)

    return router


def told(conversation: Conversation, messages: list[Message]) -> Summary:
    """What an agent reads first; the customer's last words where the summary has none. Nothing for who never asked for a person."""
    summary = read_summary(conversation.handoff_summary, titles_in(messages))
    if summary.said or not conversation.handoff_reason:
        return summary
    words = [message.text[:SAID_LENGTH] for message in messages if message.author is Author.CUSTOMER]
    return replace(summary, said=tuple(words[-SAID_SHOWN:]))


def read_summary(text: str, titles: Mapping[str, str] | None = None) -> Summary:
    """The lines of a summary by their marks: "?" wants, "#" seen, ">" said, "!" queue. Products by their titles where these are known."""
    found: dict[str, list[str]] = {"?": [], "#": [], ">": [], "!": [], "": []}
    for line in text.splitlines():
        mark = line[:1] if line[:2] in ("? ", "# ", "> ", "! ") else ""
        found[mark].append(line[2:] if mark else line)
    seen = [(titles or {}).get(id_, id_) for line in found["#"] for id_ in line.split(", ")]
    return Summary(" ".join(found["?"]), ", ".join(seen), tuple(found[">"]), "\n".join(found[""]).strip(), " ".join(found["!"]))


def titles_in(messages: list[Message]) -> dict[str, str]:
    """Titles of the products that answers showed, by product id."""
    titles: dict[str, str] = {}
    for message in messages:
        cards = (message.answer or {}).get("products")
        for card in cards if isinstance(cards, list) else []:
            titles[str(card.get("product_id"))] = str(card.get("title"))
    return titles
