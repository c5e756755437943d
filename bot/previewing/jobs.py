"""Publishing, going back and asking the test questions as work in the background: watched by whoever looks, finished by another process if
its own dies.

Embedding a large draft takes minutes, which no request outlives. All the while customers are answered from the revision that serves; the
switch itself is one transaction. A piece of work that is taken over begins anew: what was embedded is there already, and whether the switch
has happened is read off the shop.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Conflict, NotFound, ZhangguiError
from bot.previewing.dry_run import SideName
from bot.previewing.job_store import Job, JobKind, JobState, JobStore
from bot.previewing.releasing import Released, Releasing, refusal
from knowledge.base import MerchantStore
from knowledge.errors import KnowledgeError
from knowledge.store import Shop
from retrieval.errors import RetrievalError

log = logging.getLogger(__name__)

KEPT = 20
"""Pieces of work of a shop that are kept."""
BEAT_SECONDS = 1.0
SILENT = timedelta(seconds=20)
"""Work that was not heard of for this long has lost its process."""
RESUME_EVERY = 5.0
"""Seconds between looks for such work."""
_ASKS = {JobKind.ASK_PUBLISHED: SideName.PUBLISHED, JobKind.ASK_DRAFT: SideName.DRAFT}


class Jobs:
    """Starts work, shows how far any is, takes over what was left."""

    def __init__(self, store: MerchantStore, jobs: JobStore, releasing: Releasing, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._jobs = jobs
        self._releasing = releasing
        self._clock = clock
        self._running: dict[str, asyncio.Task[Job]] = {}

    # ── starting ──

    async def publish(self, shop: Shop, *, by: str = "", note: str = "", confirm: bool = False) -> Job:
        """The draft; or the publication of it that is under way. Raises Conflict without a draft."""
        draft = await self._store.draft(shop.id)
        if draft is None:
            raise Conflict("There is no draft; edit an entry or import with --draft first.", code="no_draft")
        return await self._start(shop, JobKind.PUBLISH, draft.number, draft.edits, by, note, confirm)

    async def roll_back(self, shop: Shop, number: int, *, by: str = "") -> Job:
        """To the contents of revision `number`."""
        return await self._start(shop, JobKind.ROLL_BACK, number, 0, by)

    async def ask(self, shop: Shop, side: SideName, *, by: str = "") -> Job:
        """The test questions, of one side. Raises Conflict without a draft to ask."""
        if side is SideName.PUBLISHED:
            return await self._start(shop, JobKind.ASK_PUBLISHED, (await self._store.state(shop.id)).revision, 0, by)
        draft = await self._store.draft(shop.id)
        if draft is None:
            raise Conflict("There is no draft; edit an entry or import with --draft first.", code="no_draft")
        return await self._start(shop, JobKind.ASK_DRAFT, draft.number, draft.edits, by)

    async def _start(self, shop: Shop, kind: JobKind, revision: int, edits: int, by: str, note: str = "", confirm: bool = False) -> Job:
        for known in await self.all(shop):
            same = (known.kind, known.revision, known.edits, known.confirm) == (kind, revision, edits, confirm)
            if same and known.state in (JobState.RUNNING, JobState.INTERRUPTED):
                return known
        now, base = self._clock(), (await self._store.state(shop.id)).revision
        id = secrets.token_hex(16)
        job = Job(id, shop.id, kind, revision, edits, base, note, confirm, JobState.RUNNING, "", 0, 0, None, "", by, now, now)
        await self._jobs.start_job(job, keep=KEPT)
        self._begin(shop, job)
        return job

    # ── looking ──

    async def all(self, shop: Shop) -> list[Job]:
        """Newest first."""
        return [self._honest(job) for job in await self._jobs.jobs(shop.id)]

    async def get(self, shop: Shop, id: str) -> Job:
        """Raises NotFound."""
        found = await self._jobs.job(shop.id, id)
        if found is None:
            raise NotFound("There is no such work, or it is too long ago.", code="no_job")
        return self._honest(found)

    async def ended(self, shop: Shop, job: Job, seconds: float | None = None) -> Job:
        """The job once it is over, or as it is after so many seconds. Raises what made it fail: of one that ran in this process the error
        itself, else a Conflict that says the same."""
        task = self._running.get(job.id)
        if task is not None:
            done, _ = await asyncio.wait({task}, timeout=seconds)
            if done:
                return task.result()
        now = await self.get(shop, job.id)
        if now.state is JobState.REFUSED and now.result is not None:
            raise refusal(now.result["regressions"])
        if now.state is JobState.FAILED:
            raise Conflict(now.error, **(now.result or {}))
        return now

    def _honest(self, job: Job) -> Job:
        lost = job.state is JobState.RUNNING and self._clock() - job.heard_at > SILENT
        return replace(job, state=JobState.INTERRUPTED) if lost else job

    # ── being there for it ──

    async def resume(self) -> int:
        """Takes over work whose process is gone; how much. Called at the start and every few seconds."""
        taken = 0
        for job in await self._jobs.unfinished_jobs():
            if job.id in self._running or self._honest(job).state is not JobState.INTERRUPTED:
                continue
            shop = await self._store.shop_by_id(job.shop_id)
            now = self._clock()
            if shop is not None and await self._jobs.claim_job(job, now):
                log.info("work %s (%s) is taken over", job.id, job.kind.value)
                self._begin(shop, replace(job, state=JobState.RUNNING, heard_at=now), again=True)
                taken += 1
        return taken

    async def wait(self) -> None:
        """Until the work of this process is over; for commands and tests."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Breaks off what runs here, for whoever starts next to finish."""
        for task in list(self._running.values()):
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    # ── the work ──

    def _begin(self, shop: Shop, job: Job, *, again: bool = False) -> None:
        task = self._running[job.id] = asyncio.create_task(self._kept(shop, job, again), name=job.kind.value)
        task.add_done_callback(lambda over: self._over(job.id, over))

    def _over(self, id: str, task: asyncio.Task[Job]) -> None:
        self._running.pop(id, None)
        if not task.cancelled():
            task.exception()  # it is kept with the job; who waits for it is told besides

    async def _kept(self, shop: Shop, job: Job, again: bool) -> Job:
        now = _Progress(job)
        beating = asyncio.create_task(self._beat(now), name="heartbeat of a job")
        try:
            result = await self._done(shop, job, now, again)
        except asyncio.CancelledError:
            await self._end(now, beating, JobState.INTERRUPTED)
            raise
        except Conflict as refused:
            if refused.details.get("code") != "regressions":
                await self._end(now, beating, JobState.FAILED, {"code": refused.details.get("code")}, refused.message)
                raise
            await self._end(now, beating, JobState.REFUSED, {"regressions": refused.details["regressions"]})
            raise
        except (ZhangguiError, KnowledgeError, RetrievalError) as error:
            await self._end(now, beating, JobState.FAILED, {"code": getattr(error, "details", {}).get("code")}, str(error))
            raise
        except Exception:
            log.exception("work %s (%s) failed", job.id, job.kind.value)
            await self._end(now, beating, JobState.FAILED, {"code": "unexpected"}, "Something went wrong; the log says more.")
            raise
        return await self._end(now, beating, JobState.DONE, result)

    async def _end(
        self, now: "_Progress", beating: asyncio.Task[None], state: JobState, result: dict[str, Any] | None = None, error: str = ""
    ) -> Job:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        job = replace(now.job, state=state, result=result, error=error[:1000], heard_at=self._clock())
        await self._jobs.save_job(job)
        return job

    async def _beat(self, now: "_Progress") -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now.job = replace(now.job, heard_at=self._clock())
            await self._jobs.save_job(now.job)

    async def _done(self, shop: Shop, job: Job, now: "_Progress", again: bool) -> dict[str, Any]:
        if (side := _ASKS.get(job.kind)) is not None:
            return {"results": [one.as_json() for one in await self._releasing.asked(shop, side, told=now.told)]}
        if again and (published := await self._switched(shop, job)) is not None:
            return published
        if job.kind is JobKind.ROLL_BACK:
            return _released(await self._releasing.roll_back(shop, job.revision, by=job.started_by, told=now.told))
        draft = await self._store.draft(shop.id)
        if draft is None or (draft.number, draft.edits) != (job.revision, job.edits):
            raise Conflict("The draft was changed while it was tested; look at it and publish again.", code="stale_draft")
        return _released(await self._releasing.publish(shop, by=job.started_by, note=job.note, confirm=job.confirm, told=now.told))

    async def _switched(self, shop: Shop, job: Job) -> dict[str, Any] | None:
        """The result, if the process that died had switched already. The look for what was removed is made up for by itself."""
        serving = (await self._store.state(shop.id)).revision
        if serving == job.base:
            return None
        revisions = {one.number: one for one in await self._store.revisions(shop.id)}
        switched = job.revision if job.kind is JobKind.PUBLISH else serving
        found = revisions.get(switched)
        if found is None or found.state != "published" or found.author != job.started_by:
            raise Conflict("Something else was published meanwhile; look at the revisions and decide again.", code="published_meanwhile")
        return {"revision": found.number, "check": found.check}


class _Progress:
    """How far a job is; kept in the database by its heartbeat."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def told(self, step: str, done: int, total: int) -> None:
        self.job = replace(self.job, step=step, done=done, total=total)


def _released(released: Released) -> dict[str, Any]:
    return {"revision": released.revision.number, "check": released.check}
