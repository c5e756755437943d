"""Answers before publishing, as JSON: the test bench, test questions, and the comparison of draft and published.

Under /api/v1/shops/{shop}/knowledge. Nothing here stores a message or a gap.
"""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.answering.answer_json import time_json
from bot.consoles.access import Right
from bot.consoles.merchant.parts import HIGHEST, MerchantParts, name_of
from bot.consoles.shared.bodies import API_TOKEN, read_json
from bot.consoles.shared.words import load_words
from bot.errors import NotFound
from bot.previewing.answer_diff import MOST_QUESTIONS, QUESTIONS
from bot.previewing.diff_store import AnswerDiff, DiffItem
from bot.previewing.dry_run import SideName
from bot.previewing.releasing import Tried
from bot.previewing.summary import summary
from knowledge.pinned import Expected, PinnedQuestion

MAX_BODY = 64 * 1024
Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Short = Annotated[str, Field(max_length=500)]


class Asking(BaseModel):
    """`turns`: what the customer said before, oldest first; `language`: one that they chose."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    revision: SideName = SideName.PUBLISHED
    turns: Annotated[list[Text], Field(max_length=20)] = []
    language: Annotated[str, Field(max_length=20)] = ""


class Pinned(BaseModel):
    """A test question and what its answer must hold; what is left out is not looked at. `not`: texts that must not stand in it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    question: Text
    language: Annotated[str, Field(max_length=20)] = ""
    turns: Annotated[list[Text], Field(max_length=20)] = []
    expect: Annotated[list[Short], Field(max_length=20)] = []
    avoid: Annotated[list[Short], Field(max_length=20, alias="not")] = []
    outcome: Annotated[str, Field(pattern="^(|answered|asked_back|abstained|handed_off)$")] = ""
    sources: Annotated[list[Short], Field(max_length=20)] = []
    product_sku: Annotated[str, Field(max_length=200)] = ""

    def record(self, id: str, by: str) -> PinnedQuestion:
        """As it is kept."""
        expected = Expected(tuple(self.expect), tuple(self.avoid), self.outcome, tuple(self.sources), self.product_sku)
        return PinnedQuestion(id, self.question, self.language, tuple(self.turns), expected, by)


class DiffStart(BaseModel):
    """`limit`: recent questions of customers, beside the test questions."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=0, le=MOST_QUESTIONS)] = QUESTIONS


ASKING: TypeAdapter[Asking] = TypeAdapter(Asking)
PINNED: TypeAdapter[Pinned] = TypeAdapter(Pinned)
DIFF_START: TypeAdapter[DiffStart | None] = TypeAdapter(DiffStart | None)


def answer_routes(parts: MerchantParts) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter(prefix="/api/v1/shops/{shop}/knowledge", tags=["knowledge"], dependencies=[Depends(API_TOKEN)])
    words = load_words()

    @router.post("/test-bench")
    async def ask(shop: str, request: Request) -> dict[str, object]:
        """The Answer that a customer would get from the published revision or the draft, and the trace of how it came about."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        body = await read_json(request, ASKING, limit=MAX_BODY)
        side = await parts.runs.side(found, body.revision)
        said = await parts.runs.ask(side, body.text, body.turns, body.language)
        return {"revision": side.revision, "answer": said.answer, "trace": said.trace}

    # ── test questions ──

    @router.get("/pinned-questions")
    async def pinned(shop: str, request: Request) -> dict[str, object]:
        """Oldest first."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return {"questions": [pinned_json(one) for one in await parts.store.pinned(found.id)]}

    @router.post("/pinned-questions", status_code=201)
    async def pin(shop: str, request: Request) -> dict[str, object]:
        """Keeps a test question."""
        return await _save(shop, request, secrets.token_hex(16))

    @router.post("/pinned-questions/run")
    async def run(shop: str, request: Request) -> dict[str, object]:
        """Asks all of them of what serves and of the draft."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        results = await parts.releasing.tested(found)
        return {"regressions": sum(one.regressed for one in results), "results": [tried_json(one) for one in results]}

    @router.put("/pinned-questions/{id}")
    async def change(shop: str, id: str, request: Request) -> dict[str, object]:
        """Changes one."""
        _, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        if await parts.store.pinned_question(found.id, id) is None:
            raise NotFound("There is no such test question.", code="no_pinned")
        return await _save(shop, request, id)

    async def _save(shop: str, request: Request, id: str) -> dict[str, object]:
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        body = await read_json(request, PINNED, limit=MAX_BODY)
        await parts.store.save_pinned(found.id, body.record(id, name_of(who)))
        await parts.access.record(who, found.id, "question.pinned", id)
        kept = await parts.store.pinned_question(found.id, id)
        assert kept is not None
        return pinned_json(kept)

    @router.delete("/pinned-questions/{id}", status_code=204)
    async def unpin(shop: str, id: str, request: Request) -> None:
        """Forgets one."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        if not await parts.store.delete_pinned(found.id, id):
            raise NotFound("There is no such test question.", code="no_pinned")
        await parts.access.record(who, found.id, "question.unpinned", id)

    # ── draft beside published ──

    @router.post("/answer-diffs", status_code=202)
    async def start(shop: str, request: Request) -> dict[str, object]:
        """Begins a comparison in the background; one of the same draft that runs already is given back."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        body = await read_json(request, DIFF_START, limit=MAX_BODY) or DiffStart()
        diff = await parts.diffs.start(found, by=name_of(who), limit=body.limit)
        await parts.access.record(who, found.id, "answers.compared", diff.id)
        return await _told(diff)

    @router.get("/answer-diffs")
    async def diffs(shop: str, request: Request) -> dict[str, object]:
        """The last few, newest first."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return {"diffs": [await _told(one) for one in await parts.diffs.all(found)]}

    @router.get("/answer-diffs/{id}")
    async def diff(shop: str, id: str, request: Request) -> dict[str, object]:
        """How far it is, and what it found so far: counts by kind of change, and a sentence in each language."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return await _told(await parts.diffs.get(found, id))

    @router.get("/answer-diffs/{id}/items")
    async def items(
        shop: str,
        id: str,
        request: Request,
        change: Annotated[list[str], Query()] = [],  # noqa: B006
        after: Annotated[int, Query(ge=-1, le=HIGHEST)] = -1,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> dict[str, object]:
        """A page of questions with both answers; `change`: only these kinds, repeatable."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        page = await parts.diffs.items(await parts.diffs.get(found, id), change, after, limit)
        return {"items": [item_json(one) for one in page], "next": page[-1].number if len(page) == limit else None}

    async def _told(diff: AnswerDiff) -> dict[str, object]:
        counts = await parts.diffs.counts(diff)
        gone, worse = await parts.diffs.notable(diff)
        told = {language: summary(spoken, diff.done, counts, gone, worse) for language, spoken in words.items()}
        return {**diff_json(diff), "counts": counts, "now_unavailable": gone, "regressions": worse, "summary": told}

    return router


def diff_json(diff: AnswerDiff) -> dict[str, object]:
    """`state`: running, done, failed or interrupted (its process went away: start another)."""
    return {
        "id": diff.id,
        "revision": diff.revision,
        "edits": diff.edits,
        "base": diff.base,
        "state": diff.state,
        "done": diff.done,
        "total": diff.total,
        "started_by": diff.started_by,
        "started_at": time_json(diff.started_at),
        "error": diff.error,
    }


def item_json(item: DiffItem) -> dict[str, object]:
    """A question and its two answers; `pinned`: the test question's id."""
    return {"number": item.number, "change": item.change, "pinned": item.pinned_id, **item.item}


def pinned_json(pinned: PinnedQuestion) -> dict[str, object]:
    """With what is expected at the top level, as it is sent."""
    expected = pinned.expected
    return {
        "id": pinned.id,
        "question": pinned.question,
        "language": pinned.language,
        "turns": list(pinned.turns),
        "expect": list(expected.expect),
        "not": list(expected.avoid),
        "outcome": expected.outcome,
        "sources": list(expected.sources),
        "product_sku": expected.product_sku,
        "created_by": pinned.created_by,
        "created_at": time_json(pinned.created_at),
        "updated_at": time_json(pinned.updated_at),
    }


def tried_json(tried: Tried) -> dict[str, object]:
    """A test question asked of both sides."""
    return {
        "id": tried.question.id,
        "question": tried.question.question,
        "regressed": tried.regressed,
        "failures_before": [list(one) for one in tried.before],
        "failures_after": [list(one) for one in tried.after],
        "before": tried.text_before,
        "after": tried.text_after,
    }
