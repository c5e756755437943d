"""Questions that could not be answered, as JSON: list, what is behind one, draft, dismiss, merge. Under /api/v1/shops/{shop}/knowledge/gaps."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.answering.answer_json import time_json
from bot.consoles.access import Right
from bot.consoles.merchant.entry_json import entry_json
from bot.consoles.merchant.parts import HIGHEST, MerchantParts, name_of
from bot.consoles.shared.bodies import API_TOKEN, read_json
from bot.errors import InvalidInput, NotFound
from knowledge.attribute_names import names_of
from knowledge.gaps import FactTask, Gap
from knowledge.store import DocumentKind, Shop

MAX_BODY = 256 * 1024


class DraftBody(BaseModel):
    """`write`: put the entry into the draft revision, as proposed or with the fields of `entry` in place of those proposed."""

    model_config = ConfigDict(extra="forbid")

    write: bool = False
    entry: dict[str, Any] = {}


class Merge(BaseModel):
    """`into`: the gap that stands for both from now on."""

    model_config = ConfigDict(extra="forbid")

    into: Annotated[str, Field(min_length=1, max_length=80)]


DRAFT: TypeAdapter[DraftBody | None] = TypeAdapter(DraftBody | None)
MERGE: TypeAdapter[Merge] = TypeAdapter(Merge)


def gap_routes(parts: MerchantParts) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter(prefix="/api/v1/shops/{shop}/knowledge/gaps", tags=["knowledge"], dependencies=[Depends(API_TOKEN)])

    @router.get("")
    async def gaps(
        shop: str,
        request: Request,
        state: Annotated[str, Query(pattern="^(open|answered|dismissed)$")] = "open",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        offset: Annotated[int, Query(ge=0, le=HIGHEST)] = 0,
    ) -> dict[str, object]:
        """Most asked first, all wordings and languages of one question together; and the facts of products that customers ask for."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        await parts.joining.join_new(found.id)
        tasks = await parts.store.fact_tasks(found.id)
        return {
            "gaps": [gap_json(gap) for gap in await parts.store.gaps(found.id, state, limit, offset)],
            "total": (await parts.store.gap_counts(found.id))[state],
            "facts": [task_json(task) for task in tasks],
        }

    @router.get("/{id}")
    async def show(shop: str, id: str, request: Request) -> dict[str, object]:
        """The gap with its wordings; who may read conversations also gets those behind it."""
        who, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        gap = await _gap(found, id)
        asked = await parts.store.gap_questions(found.id, gap.id)
        told: dict[str, object] = {**gap_json(gap), "questions": list(dict.fromkeys(one.question for one in asked))}
        if who.may(Right.READ_CONVERSATIONS, found.id):
            told["conversations"] = list(dict.fromkeys(one.conversation_id for one in asked if one.conversation_id))
        return told

    @router.post("/{id}/draft")
    async def draft(shop: str, id: str, request: Request) -> dict[str, object]:
        """Proposes a FAQ entry, with staff's own replies as its answer where there are some; with `write` it goes into the draft revision."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        body = await read_json(request, DRAFT, limit=MAX_BODY) or DraftBody()
        proposal = await parts.drafting.propose(found, id)
        entry = {**proposal.body, **body.entry}
        told: dict[str, object] = {
            "gap": gap_json(proposal.gap),
            "entry": entry,
            "replies": [
                {"conversation": one.conversation_id, "text": one.text, "agent": one.agent_name, "language": one.language}
                for one in proposal.replies
            ],
            "written": None,
        }
        if body.write:
            if not entry["answer"]:
                raise InvalidInput("Nobody of staff answered this yet; write the answer.", field="entry.answer", code="no_answer")
            written = await parts.editing.put_entry(found, DocumentKind.FAQ, proposal.entry_id, entry, by=name_of(who))
            await parts.store.set_gap_state(found.id, proposal.gap.id, "open", proposal.entry_id)
            await parts.access.record(who, found.id, "gap.drafted", proposal.gap.id, entry=proposal.entry_id)
            told["written"] = entry_json(written)
        return told

    @router.post("/{id}/dismiss")
    async def dismiss(shop: str, id: str, request: Request) -> dict[str, object]:
        """For good: the same question does not come back, in whatever words."""
        return await _set(shop, id, request, "dismissed")

    @router.post("/{id}/reopen")
    async def reopen(shop: str, id: str, request: Request) -> dict[str, object]:
        """Back on the list."""
        return await _set(shop, id, request, "open")

    @router.post("/{id}/merge")
    async def merge(shop: str, id: str, request: Request) -> dict[str, object]:
        """Both are one question from now on."""
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        body = await read_json(request, MERGE, limit=MAX_BODY)
        gap, into = await _gap(found, id), await _gap(found, body.into)
        await parts.store.join_gaps(found.id, {gap.id: into.id})
        await parts.access.record(who, found.id, "gap.merged", gap.id, into=into.id)
        return gap_json(await _gap(found, into.id))

    async def _set(shop: str, id: str, request: Request, state: str) -> dict[str, object]:
        who, found = await parts.open(request, shop, Right.EDIT_KNOWLEDGE)
        gap = await _gap(found, id)
        await parts.store.set_gap_state(found.id, gap.id, state)
        await parts.access.record(who, found.id, f"gap.{state}", gap.id)
        return gap_json(await _gap(found, gap.id))

    async def _gap(shop: Shop, id: str) -> Gap:
        gap = await parts.store.gap(shop.id, id)
        if gap is None:
            raise NotFound("There is no such question.", code="no_gap")
        return gap

    return router


def gap_json(gap: Gap) -> dict[str, object]:
    """`count`: how often it was asked; `wordings`: in how many ways."""
    return {
        "id": gap.id,
        "question": gap.question,
        "language": gap.language,
        "reason": gap.reason,
        "count": gap.count,
        "wordings": gap.wordings,
        "state": gap.state,
        "first_at": time_json(gap.first_at),
        "last_at": time_json(gap.last_at),
        "product_id": gap.product_id,
        "attribute": gap.attribute,
        "entry_id": gap.entry_id,
    }


def task_json(task: FactTask) -> dict[str, object]:
    """A fact to add to a product; `names`: what the fact is called, as catalogs name it."""
    return {
        "product_id": task.product_id,
        "attribute": task.attribute,
        "names": list(names_of(task.attribute)[:6]),
        "count": task.count,
        "last_at": time_json(task.last_at),
        "gaps": list(task.gap_ids),
    }
