"""Answers of the draft beside answers of what serves: recent questions of customers and the shop's test questions, asked of both."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation.store import ConversationStore
from bot.errors import Conflict, NotFound
from bot.previewing.answer_changes import Change, changes, now_unavailable
from bot.previewing.diff_store import AnswerDiff, DiffItem, DiffStore
from bot.previewing.dry_run import DryRuns, Said, Side, Talk
from bot.previewing.expectations import failures
from bot.previewing.recent_questions import recent_talks
from knowledge.base import MerchantStore
from knowledge.pinned import PinnedQuestion
from knowledge.store import Shop

log = logging.getLogger(__name__)

QUESTIONS = 200
MOST_QUESTIONS = 1_000
SECONDS = 300.0
"""After which a comparison ends with what it has."""
KEPT = 5
"""Comparisons kept of a shop."""
SAVE_EVERY = 8
"""Questions after which the progress is kept."""
SILENT = timedelta(seconds=60)
"""A comparison that was not heard of for this long has lost its process."""
_SHOWN = ("text", "language", "outcome", "confidence", "engine", "products", "sources")


@dataclass(frozen=True, slots=True)
class Row:
    """Questions of one talk, asked in order of both sides. `scored`: from which one on the answers count; those before are context."""

    questions: tuple[str, ...]
    scored: int
    language: str
    conversation_id: str | None = None
    pinned: PinnedQuestion | None = None


class AnswerDiffs:
    """Starts comparisons in the background of this process and shows how far any is."""

    def __init__(
        self,
        runs: DryRuns,
        diffs: DiffStore,
        store: MerchantStore,
        conversations: ConversationStore,
        *,
        clock: Callable[[], datetime],
        seconds: float = SECONDS,
    ) -> None:
        self._runs = runs
        self._diffs = diffs
        self._store = store
        self._conversations = conversations
        self._clock = clock
        self._seconds = seconds
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, shop: Shop, *, by: str = "", limit: int = QUESTIONS) -> AnswerDiff:
        """A new comparison, or the one of the same draft that is running. Raises Conflict without a draft."""
        draft = await self._store.draft(shop.id)
        if draft is None:
            raise Conflict("There is no draft; edit an entry or import with --draft first.", code="no_draft")
        for known in await self.all(shop):
            if known.state == "running" and (known.revision, known.edits) == (draft.number, draft.edits):
                return known
        now = self._clock()
        base = (await self._store.state(shop.id)).revision
        diff = AnswerDiff(secrets.token_hex(16), shop.id, draft.number, draft.edits, base, "running", 0, 0, by, now, now)
        await self._diffs.start_diff(diff, keep=KEPT)
        task = asyncio.create_task(self._kept(shop, diff, max(0, min(limit, MOST_QUESTIONS))), name="answer diff")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return diff

    async def all(self, shop: Shop) -> list[AnswerDiff]:
        """Newest first."""
        return [self._honest(diff) for diff in await self._diffs.diffs(shop.id)]

    async def get(self, shop: Shop, id: str) -> AnswerDiff:
        """Raises NotFound."""
        found = await self._diffs.diff(shop.id, id)
        if found is None:
            raise NotFound("There is no such comparison of answers.", code="no_diff")
        return self._honest(found)

    async def counts(self, diff: AnswerDiff) -> dict[str, int]:
        """Questions by kind of change, all kinds named."""
        found = await self._diffs.diff_counts(diff.id)
        return {change.value: found.get(change.value, 0) for change in Change}

    async def items(self, diff: AnswerDiff, changes: Sequence[str] = (), after: int = -1, limit: int = 50) -> list[DiffItem]:
        """A page, by number."""
        return await self._diffs.diff_items(diff.id, changes=changes, after=after, limit=limit)

    async def notable(self, diff: AnswerDiff) -> tuple[int, int]:
        """How many products can't be had any more, and how many test questions get worse."""
        gone: set[str] = set()
        worse, after = 0, -1
        while page := await self._diffs.diff_items(diff.id, after=after, limit=200):
            after = page[-1].number
            for one in page:
                skus = one.item.get("now_unavailable")
                gone.update(skus if isinstance(skus, list) else [])
                worse += bool(one.item.get("regressed"))
        return len(gone), worse

    async def wait(self) -> None:
        """Until the comparisons of this process are done; for commands and tests."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def stop(self) -> None:
        """Breaks off what is running here; it shows as interrupted."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _honest(self, diff: AnswerDiff) -> AnswerDiff:
        lost = diff.state == "running" and self._clock() - diff.heard_at > SILENT
        return replace(diff, state="interrupted") if lost else diff

    # ── the work ──

    async def _kept(self, shop: Shop, diff: AnswerDiff, limit: int) -> None:
        try:
            await self._compare(shop, diff, limit)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.exception("a comparison of answers failed")
            await self._diffs.save_diff(
                replace(diff, state="failed", heard_at=self._clock(), error=f"{type(error).__name__}: {error}"[:300])
            )

    async def _compare(self, shop: Shop, diff: AnswerDiff, limit: int) -> None:
        before, after = await self._runs.published(shop, whole=True), await self._runs.draft(shop)
        rows = [row_of(pinned) for pinned in await self._store.pinned(shop.id)]
        rows += [
            Row(talk.questions, 0, talk.language, talk.conversation_id) for talk in await recent_talks(self._conversations, shop.id, limit)
        ]
        diff = replace(diff, revision=after.revision, edits=after.edits, base=before.revision, heard_at=self._clock())
        diff = replace(diff, total=sum(len(row.questions) - row.scored for row in rows))
        ends = asyncio.get_running_loop().time() + self._seconds
        number, unsaved = 0, list[DiffItem]()
        for row in rows:
            if asyncio.get_running_loop().time() > ends:
                break
            async for item in self._asked(row, before, after):
                unsaved.append(replace(item, number=number))
                number += 1
                if len(unsaved) >= SAVE_EVERY:
                    diff = replace(diff, done=number, heard_at=self._clock())
                    if not await self._diffs.save_diff(diff, unsaved):
                        return
                    unsaved = []
        await self._diffs.save_diff(replace(diff, state="done", done=number, heard_at=self._clock()), unsaved)

    async def _asked(self, row: Row, before: Side, after: Side) -> AsyncIterator[DiffItem]:
        one, other = self._runs.talk(before, row.language), self._runs.talk(after, row.language)
        for at, text in enumerate(row.questions):
            was, now = await safely(one, text), await safely(other, text)
            if at >= row.scored:
                yield _item(row, at, was, now)


async def safely(talk: Talk, text: str) -> Said:
    """The answer; of a mistake of ours what a customer would get: nothing but a person."""
    try:
        return await talk.ask(text)
    except Exception:
        log.exception("a question could not be answered in a comparison")
        empty: dict[str, object] = {"text": "", "outcome": "handed_off", "products": [], "sources": [], "confidence": 0.0}
        return Said(empty, {})


def row_of(pinned: PinnedQuestion) -> Row:
    """A test question as a talk of which the last answer counts."""
    return Row((*pinned.turns, pinned.question), len(pinned.turns), pinned.language, pinned=pinned)


def regressed(item: Mapping[str, object]) -> bool:
    """Whether a test question is answered as expected by what serves and not by the draft."""
    return not item.get("failures_before") and bool(item.get("failures_after"))


def _item(row: Row, at: int, was: Said, now: Said) -> DiffItem:
    found = changes(was.answer, now.answer)
    item: dict[str, object] = {
        "question": row.questions[at],
        "turns": list(row.questions[:at]),
        "changes": [change.value for change in found],
        "before": {name: was.answer.get(name) for name in _SHOWN},
        "after": {name: now.answer.get(name) for name in _SHOWN},
        "now_unavailable": now_unavailable(was.answer, now.answer),
    }
    if row.pinned is not None:
        expected = row.pinned.expected
        item["failures_before"] = [list(one) for one in failures(expected, was.answer)]
        item["failures_after"] = [list(one) for one in failures(expected, now.answer)]
        item["regressed"] = regressed(item)
    return DiffItem(0, found[0].value, item, row.conversation_id, row.pinned.id if row.pinned else None)
