"""Publishing, rolling back and discarding, as people do it: test questions first, one switch, then the look whether what was removed is gone."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import Conflict
from bot.previewing.answer_diff import regressed, row_of, safely
from bot.previewing.dry_run import DryRuns, Said, Side, SideName
from bot.previewing.expectations import failures
from bot.previewing.removal_check import RemovalCheck
from knowledge.base import MerchantStore
from knowledge.pinned import PinnedQuestion
from knowledge.store import Revision, Shop
from retrieval.indexing import Publisher

log = logging.getLogger(__name__)

Told = Callable[[str, int, int], None]
"""Hears the step (embedding, asking, switching, looking) and how much of it is done: texts or questions, of how many."""


def _untold(step: str, done: int, total: int) -> None:
    """For who does not want to know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A test question asked of one side; failures as (field, value)."""

    question: PinnedQuestion
    failures: list[tuple[str, str]]
    answer: dict[str, object]

    def as_json(self) -> dict[str, Any]:
        """As it is kept and given out."""
        return {
            "id": self.question.id,
            "question": self.question.question,
            "failures": [list(one) for one in self.failures],
            "text": self.answer["text"],
            "outcome": self.answer["outcome"],
        }


@dataclass(frozen=True, slots=True)
class Tried:
    """A test question asked of both sides; failures as (field, value)."""

    question: PinnedQuestion
    before: list[tuple[str, str]]
    after: list[tuple[str, str]]
    text_before: str
    text_after: str

    @property
    def regressed(self) -> bool:
        """Whether it was answered as expected until now."""
        return regressed({"failures_before": self.before, "failures_after": self.after})


@dataclass(frozen=True, slots=True)
class Released:
    """The revision that serves now, and what the look afterwards found (None: nothing was switched)."""

    revision: Revision
    check: dict[str, object] | None


class Releasing:
    """Every operation is one switch of one number: customers see the old revision or the new one."""

    def __init__(self, store: MerchantStore, publisher: Publisher, runs: DryRuns, check: RemovalCheck) -> None:
        self._store = store
        self._publisher = publisher
        self._runs = runs
        self._check = check

    async def tested(self, shop: Shop, *, told: Told = _untold) -> list[Tried]:
        """The shop's test questions asked of what serves and of the draft. Raises Conflict without a draft."""
        questions = await self._store.pinned(shop.id)
        if not questions:
            return []
        before, after = await self._runs.published(shop, whole=True), await self._runs.draft(shop)
        results = []
        for number, question in enumerate(questions):
            told("asking", number, len(questions))
            was, now = [await self._last(side, question) for side in (before, after)]
            fails = [failures(question.expected, said.answer) for said in (was, now)]
            results.append(Tried(question, fails[0], fails[1], str(was.answer["text"]), str(now.answer["text"])))
        return results

    async def asked(self, shop: Shop, name: SideName, *, told: Told = _untold) -> list[Asked]:
        """The shop's test questions asked of one side. Raises Conflict without a draft, where that is to be asked."""
        questions = await self._store.pinned(shop.id)
        if not questions:
            return []
        if name is SideName.DRAFT and (draft := await self._store.draft(shop.id)) is not None:
            await self._embed(shop, draft.number, told)
        side = await (self._runs.draft(shop) if name is SideName.DRAFT else self._runs.published(shop, whole=True))
        results = []
        for number, question in enumerate(questions):
            told("asking", number, len(questions))
            said = await self._last(side, question)
            results.append(Asked(question, failures(question.expected, said.answer), said.answer))
        return results

    async def _last(self, side: Side, question: PinnedQuestion) -> Said:
        """What is said to the question after the turns before it."""
        row = row_of(question)
        talk = self._runs.talk(side, row.language)
        for text in row.questions:
            said = await safely(talk, text)
        return said

    async def publish(self, shop: Shop, *, by: str = "", note: str = "", confirm: bool = False, told: Told = _untold) -> Released:
        """Publishes the draft; without one, or with an empty one, nothing happens. Raises Conflict with the test questions that get worse,
        unless `confirm`."""
        draft = await self._store.draft(shop.id)
        if draft is None:
            return Released(await self._store.publish(shop.id), None)
        await self._embed(shop, draft.number, told)
        if not confirm:
            await self._refuse_regressions(shop, told)
        now = await self._store.draft(shop.id)
        if now is None or (now.number, now.edits) != (draft.number, draft.edits):
            raise Conflict("The draft was changed while it was tested; look at it and publish again.", code="stale_draft")
        old = (await self._store.state(shop.id)).revision
        told("switching", 0, 0)
        return await self._checked(shop, old, await self._store.publish(shop.id, note=note, by=by), told)

    async def _embed(self, shop: Shop, revision: int, told: Told) -> None:
        await self._publisher.bring_up(shop.id, revision, lambda done, total: told("embedding", done, total))

    async def _refuse_regressions(self, shop: Shop, told: Told) -> None:
        worse = [result for result in await self.tested(shop, told=told) if result.regressed]
        if not worse:
            return
        regressions: list[dict[str, object]] = [
            {
                "id": result.question.id,
                "question": result.question.question,
                "failures": [list(one) for one in result.after],
                "before": result.text_before,
                "after": result.text_after,
            }
            for result in worse
        ]
        raise refusal(regressions)

    async def roll_back(self, shop: Shop, number: int, *, by: str = "", told: Told = _untold) -> Released:
        """Makes the contents of revision `number` serve again, under a new number. Raises RevisionConflict."""
        await self._embed(shop, number, told)
        old = (await self._store.state(shop.id)).revision
        told("switching", 0, 0)
        return await self._checked(shop, old, await self._store.roll_back(shop.id, number, by=by), told)

    async def look_after(self) -> int:
        """See RemovalCheck.catch_up."""
        return await self._check.catch_up()

    async def discard(self, shop: Shop) -> None:
        """Throws the draft away."""
        await self._store.discard_draft(shop.id)

    async def _checked(self, shop: Shop, old: int, revision: Revision, told: Told) -> Released:
        if revision.number == old:
            return Released(revision, None)
        told("looking", 0, 0)
        try:
            check = await self._check.run(shop, old, revision.number)
        except Exception:
            # It serves already; that the look failed must not tell the merchant that the publication did.
            log.exception("the look after revision %d of shop %s failed", revision.number, shop.slug)
            check = None
        return Released(revision, check)


def refusal(regressions: Sequence[Mapping[str, object]]) -> Conflict:
    """What stops a publication: test questions that were well and are not any more."""
    sentence = f"{len(regressions)} of the shop's test questions get worse with this draft; look at them, then publish with confirmation."
    return Conflict(sentence, code="regressions", count=len(regressions), regressions=list(regressions))
