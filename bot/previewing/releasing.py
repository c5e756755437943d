"""Publishing, rolling back and discarding, as people do it: test questions first, one switch, then the look whether what was removed is gone."""

import logging
from dataclasses import dataclass

from bot.errors import Conflict
from bot.previewing.answer_diff import regressed, row_of, safely
from bot.previewing.dry_run import DryRuns
from bot.previewing.expectations import failures
from bot.previewing.removal_check import RemovalCheck
from knowledge.base import MerchantStore
from knowledge.pinned import PinnedQuestion
from knowledge.store import Revision, Shop
from retrieval.indexing import Progress, Publisher

log = logging.getLogger(__name__)


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

    async def tested(self, shop: Shop) -> list[Tried]:
        """The shop's test questions asked of what serves and of the draft. Raises Conflict without a draft."""
        questions = await self._store.pinned(shop.id)
        if not questions:
            return []
        before, after = await self._runs.published(shop, whole=True), await self._runs.draft(shop)
        results = []
        for question in questions:
            row = row_of(question)
            said = []
            for side in (before, after):
                talk = self._runs.talk(side, row.language)
                for text in row.questions:
                    last = await safely(talk, text)
                said.append(last.answer)
            fails = [failures(question.expected, answer) for answer in said]
            results.append(Tried(question, fails[0], fails[1], str(said[0]["text"]), str(said[1]["text"])))
        return results

    async def publish(
        self, shop: Shop, *, by: str = "", note: str = "", confirm: bool = False, progress: Progress | None = None
    ) -> Released:
        """Publishes the draft; without one, or with an empty one, nothing happens. Raises Conflict with the test questions that get worse,
        unless `confirm`."""
        draft = await self._store.draft(shop.id)
        if draft is None:
            return Released(await self._store.publish(shop.id), None)
        if not confirm:
            await self._refuse_regressions(shop)
        await self._publisher.bring_up(shop.id, draft.number, progress)
        now = await self._store.draft(shop.id)
        if now is None or (now.number, now.edits) != (draft.number, draft.edits):
            raise Conflict("The draft was changed while it was tested; look at it and publish again.", code="stale_draft")
        old = (await self._store.state(shop.id)).revision
        return await self._checked(shop, old, await self._store.publish(shop.id, note=note, by=by))

    async def _refuse_regressions(self, shop: Shop) -> None:
        worse = [result for result in await self.tested(shop) if result.regressed]
        if not worse:
            return
        told = [
            {
                "id": result.question.id,
                "question": result.question.question,
                "failures": [list(one) for one in result.after],
                "before": result.text_before,
                "after": result.text_after,
            }
            for result in worse
        ]
        sentence = f"{len(worse)} of the shop's test questions get worse with this draft; look at them, then publish with confirmation."
        raise Conflict(sentence, code="regressions", count=len(worse), regressions=told)

    async def roll_back(self, shop: Shop, number: int, *, by: str = "", progress: Progress | None = None) -> Released:
        """Makes the contents of revision `number` serve again, under a new number. Raises RevisionConflict."""
        await self._publisher.bring_up(shop.id, number, progress)
        old = (await self._store.state(shop.id)).revision
        return await self._checked(shop, old, await self._store.roll_back(shop.id, number, by=by))

    async def look_after(self) -> int:
        """See RemovalCheck.catch_up."""
        return await self._check.catch_up()

    async def discard(self, shop: Shop) -> None:
        """Throws the draft away."""
        await self._store.discard_draft(shop.id)

    async def _checked(self, shop: Shop, old: int, revision: Revision) -> Released:
        if revision.number == old:
            return Released(revision, None)
        try:
            check = await self._check.run(shop, old, revision.number)
        except Exception:
            # It serves already; that the look failed must not tell the merchant that the publication did.
            log.exception("the look after revision %d of shop %s failed", revision.number, shop.slug)
            check = None
        return Released(revision, check)
