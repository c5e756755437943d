"""The test bench: the shop is asked as a customer asks it, published or draft, and shows how each answer came about.

A talk lives in its page alone. What it remembers travels in the form, so that nothing is stored, any replica can go on with it, and it works
without scripts. The merchant who changes it by hand misleads nobody else.
"""

import json
import secrets
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.consoles.access import Right, Who
from bot.consoles.merchant.parts import name_of
from bot.consoles.merchant.pinned_form import filled, question_of, typed_of
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.shared.pages import HEADERS
from bot.errors import InvalidInput, TooLarge
from bot.previewing.dry_run import Said, SideName
from bot.previewing.expectations import expected_of
from knowledge.pinned_files import LONGEST_QUESTION, OUTCOMES
from knowledge.store import Shop

TURNS = 20
"""Questions of one talk; then a new one is begun."""
LONGEST = 512 * 1024
"""Characters of a form."""
SEE_OTHER = 303


def bench_page_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/bench and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/bench", include_in_schema=False, route_class=pages.route())

    @router.get("")
    async def begin(slug: str, request: Request, of: str = "") -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        return await page(request, who, shop, await _side(shop, of))

    @router.post("")
    async def ask(slug: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        typed = await _typed(request)
        side = await _side(shop, typed.get("of", ""))
        language = typed.get("language", "")
        language = language if language in shop.languages else ""
        text = (typed.get("chip") or typed.get("text", "")).strip()
        talk, past = _talk(typed.get("talk", ""))
        problem = ""
        if not text or len(text) > LONGEST_QUESTION:
            problem = pages.words_of(request)("bench.empty" if not text else "bench.long")
        elif len(past) >= TURNS:
            problem = pages.words_of(request)("bench.full", most=TURNS)
        if problem:
            return await page(request, who, shop, side, language, past, talk, text=text, problem=problem, status=InvalidInput.status)
        going = parts.runs.talk(await parts.runs.side(shop, side), language, talk)
        said = await going.ask(text)
        past.append({"question": text, "text": str(said.answer["text"]), "outcome": str(said.answer["outcome"])})
        return await page(request, who, shop, side, language, past, going.remembered, said=said)

    async def page(
        request: Request,
        who: Who,
        shop: Shop,
        side: SideName,
        language: str = "",
        past: list[dict[str, str]] | None = None,
        talk: Mapping[str, object] | None = None,
        *,
        said: Said | None = None,
        text: str = "",
        problem: str = "",
        status: int = 200,
    ) -> Response:
        past = past or []
        turns = [one["question"] for one in past]
        return await shown.render(
            request,
            "bench.html",
            who,
            shop,
            "bench",
            status=status,
            side=side.value,
            published=(await parts.store.state(shop.id)).revision > 0,
            language=language,
            languages=shop.languages,
            past=past[:-1] if said else past,
            said=said,
            question=turns[-1] if turns else "",
            talk=json.dumps({**(talk or {}), "past": past}, ensure_ascii=False),
            typed=typed_of(turns[-1], language, turns[:-1], expected_of(said.answer)) if said else {},
            outcomes=OUTCOMES,
            text=text,
            problem=problem,
        )

    @router.post("/pin")
    async def pin(slug: str, request: Request) -> Response:
        """Keeps the question as a test; what is wrong with it is told in its own form."""
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        typed = await _typed(request)
        try:
            question = question_of(typed, secrets.token_hex(16), name_of(who))
        except InvalidInput as wrong:
            return await shown.render(
                request, "pinned_form.html", who, shop, "pinned", status=wrong.status, typed=filled(typed), outcomes=OUTCOMES,
                languages=shop.languages, id="", problem=pages.sentence(request, wrong),
            )  # fmt: skip
        await parts.store.save_pinned(shop.id, question)
        await parts.access.record(who, shop.id, "question.pinned", question.id)
        return RedirectResponse(f"/console/{shop.slug}/pinned?done=pinned", status_code=SEE_OTHER, headers=HEADERS)

    async def _side(shop: Shop, of: str) -> SideName:
        """The draft, where that is wanted and there is one."""
        wanted = of == SideName.DRAFT.value and await parts.store.draft(shop.id) is not None
        return SideName.DRAFT if wanted else SideName.PUBLISHED

    return router


async def _typed(request: Request) -> dict[str, str]:
    typed = {name: value.replace("\r\n", "\n") for name, value in (await request.form()).items() if isinstance(value, str)}
    if sum(map(len, typed.values())) > LONGEST:
        raise TooLarge("This is too much for one talk; begin another.", code="long_talk")
    return typed


def _talk(text: str) -> tuple[dict[str, object], list[dict[str, str]]]:
    """What a page remembered of its talk, and what was said in it; nothing of what cannot be read."""
    try:
        kept = json.loads(text or "{}")
    except (json.JSONDecodeError, RecursionError):
        return {}, []
    if not isinstance(kept, dict):
        return {}, []
    past = kept.pop("past", [])
    names = ("question", "text", "outcome")
    return kept, [{name: str(one.get(name, "")) for name in names} for one in past if isinstance(one, dict)] if isinstance(
        past, list
    ) else []
