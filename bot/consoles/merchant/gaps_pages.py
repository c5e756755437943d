"""The page of questions that could not be answered: most asked first, with what to do about each."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.consoles.access import Right
from bot.consoles.merchant.entries_pages import path_of
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.shared.pages import HEADERS
from bot.errors import InvalidInput, NotFound
from bot.gaps.verdicts import CORRECTED, DISLIKED
from knowledge.attribute_names import names_of
from knowledge.gaps import STATES, Gap
from knowledge.localized import pick
from knowledge.store import DocumentKind, Shop

SHOWN = 30
JOINABLE = 200
"""Questions offered to join another with."""
EXAMPLES = 4
CONVERSATIONS = 3
SEE_OTHER = 303
_STATE_OF: Mapping[str, str] = {"answered": "answered", "dismiss": "dismissed", "reopen": "open"}
"""Buttons to the state they set."""
_TOLD = {CORRECTED: "corrected", DISLIKED: "disliked", "low confidence": "low_confidence", "sources disagree": "sources_disagree"}
"""Reasons that say more than that it was not answered."""


def gaps_page_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/gaps and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/gaps", include_in_schema=False, route_class=pages.route())

    @router.get("")
    async def gaps(slug: str, request: Request, state: str = "open", done: str = "", page: int = 1) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        state = state if state in STATES else "open"
        await parts.joining.join_new(shop.id)
        counts = await parts.store.gap_counts(shop.id)
        pages_there = max(1, -(-counts[state] // SHOWN))
        page = min(max(1, page), pages_there)
        found = await parts.store.gaps(shop.id, state, SHOWN, (page - 1) * SHOWN)
        joinable = await parts.store.gaps(shop.id, state, JOINABLE) if state == "open" else []
        reads = who.may(Right.READ_CONVERSATIONS, shop.id)
        rows = []
        for gap in found:
            asked = await parts.store.gap_questions(shop.id, gap.id)
            worded = dict.fromkeys((one.question, one.language) for one in asked if one.question != gap.question)
            behind = list(dict.fromkeys(one.conversation_id for one in asked if one.conversation_id)) if reads else []
            rows.append((gap, list(worded)[:EXAMPLES], behind[:CONVERSATIONS], _TOLD.get(gap.reason, "")))
        return await shown.render(
            request,
            "gaps.html",
            who,
            shop,
            "gaps",
            rows=rows,
            page=page,
            pages=pages_there,
            counts=counts,
            others=[(one.id, one.question) for one in joinable],
            facts=await facts(shop, pages.words_of(request).language) if state == "open" and page == 1 else [],
            state=state,
            states=STATES,
            entry_at=lambda gap: path_of(shop, DocumentKind.FAQ, gap.entry_id),
            done=done if done in (*_STATE_OF, "join") else "",
        )

    async def facts(shop: Shop, language: str) -> list[tuple[str, str, str, int]]:
        """What products lack: title, the product's page, the fact, how many asked."""
        tasks = await parts.store.fact_tasks(shop.id)
        keys = [(DocumentKind.PRODUCT, one.product_id) for one in tasks]
        products = await parts.store.documents_by_key(shop.id, await parts.editing.newest(shop), keys)
        told = []
        for one in tasks:
            document = products.get((DocumentKind.PRODUCT, one.product_id))
            if document is not None:
                title = pick(getattr(document.body, "title", {}), language) or document.id
                told.append((title, path_of(shop, DocumentKind.PRODUCT, document.id), named(one.attribute, language), one.count))
        return told

    @router.post("/{id}")
    async def decide(slug: str, id: str, request: Request) -> Response:
        """Answered, dismissed, open again, or joined to another, by the button that was pressed."""
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        form = await request.form()
        do, gap = str(form.get("do") or ""), await the_gap(shop, id)
        if do == "join":
            into = await the_gap(shop, str(form.get("into") or ""))
            if into.id != gap.id:
                await parts.store.join_gaps(shop.id, {gap.id: into.id})
                await parts.access.record(who, shop.id, "gap.merged", gap.id, into=into.id)
        elif do in _STATE_OF:
            await parts.store.set_gap_state(shop.id, gap.id, _STATE_OF[do])
            await parts.access.record(who, shop.id, f"gap.{_STATE_OF[do]}", gap.id)
        else:
            raise InvalidInput("Press one of the buttons.", field="do")
        page = str(form.get("page") or "1")
        return RedirectResponse(
            f"/console/{shop.slug}/gaps?state={gap.state}&done={do}&page={page if page.isdecimal() else 1}",
            status_code=SEE_OTHER,
            headers=HEADERS,
        )

    async def the_gap(shop: Shop, id: str) -> Gap:
        gap = await parts.store.gap(shop.id, id)
        if gap is None:
            raise NotFound("There is no such question.", code="no_gap")
        return gap

    return router


def named(attribute: str, language: str) -> str:
    """What a fact is called, in the reader's script where a name in it is known."""
    names = names_of(attribute) or (attribute,)
    chinese = language.startswith("zh")
    return next((name for name in names if chinese == any("\u4e00" <= sign <= "\u9fff" for sign in name)), names[0])
