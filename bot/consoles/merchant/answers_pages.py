"""The pages that show what a draft does to answers: started from the draft, watched while it runs, read side by side."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from bot.consoles.access import Right
from bot.consoles.merchant.parts import name_of
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.merchant.shown_changes import compared
from bot.consoles.shared.pages import HEADERS
from bot.errors import InvalidInput
from bot.previewing.answer_changes import Change
from bot.previewing.answer_diff import MOST_QUESTIONS, QUESTIONS
from bot.previewing.summary import summary

SHOWN = 20
"""Questions of a page."""
SEE_OTHER = 303


def answers_page_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/answers and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/answers", include_in_schema=False, route_class=pages.route())

    @router.post("")
    async def start(slug: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        text = str((await request.form()).get("limit") or QUESTIONS)
        if not text.isdecimal() or int(text) > MOST_QUESTIONS:
            raise InvalidInput(f"Choose at most {MOST_QUESTIONS} questions.", field="limit")
        diff = await parts.diffs.start(shop, by=name_of(who), limit=int(text))
        await parts.access.record(who, shop.id, "answers.compared", diff.id)
        return RedirectResponse(f"/console/{shop.slug}/answers/{diff.id}", status_code=SEE_OTHER, headers=HEADERS)

    @router.get("/{id}")
    async def watch(slug: str, id: str, request: Request, change: str = "", after: Annotated[int, Query()] = -1) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        diff = await parts.diffs.get(shop, id)
        counts = await parts.diffs.counts(diff)
        gone, worse = await parts.diffs.notable(diff)
        kinds = [change] if change in counts else [kind.value for kind in Change if kind is not Change.SAME]
        items = await parts.diffs.items(diff, kinds, after, SHOWN)
        draft = await parts.store.draft(shop.id)
        words = pages.words_of(request)
        return await shown.render(
            request,
            "answers.html",
            who,
            shop,
            "revisions",
            diff=diff,
            counts=counts,
            changed=sum(count for kind, count in counts.items() if kind != Change.SAME),
            worse=worse,
            summary=summary(words, diff.done, counts, gone, worse),
            items=[(one, _texts(one.item)) for one in items],
            change=change if change in counts else "",
            next=items[-1].number if len(items) == SHOWN else None,
            current=draft is not None and (draft.number, draft.edits) == (diff.revision, diff.edits),
            questions=QUESTIONS,
        )

    return router


def _texts(item: dict[str, object]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The two answers, in the first what went marked, in the second what came."""
    before, after = item["before"], item["after"]
    assert isinstance(before, dict) and isinstance(after, dict)
    pieces = compared(str(before["text"]), str(after["text"]))
    return [piece for piece in pieces if piece[0] != "ins"], [piece for piece in pieces if piece[0] != "del"]
