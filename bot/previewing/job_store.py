"""Port: work on a shop's knowledge that a merchant watches, kept so that any replica can show how far it is and take it over. Implementation:
bot/storage/sql_jobs.py."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class JobKind(StrEnum):
    """What is done."""

    PUBLISH = "publish"
    ROLL_BACK = "roll_back"
    ASK_PUBLISHED = "ask_published"
    """The test questions, of what serves."""
    ASK_DRAFT = "ask_draft"


class JobState(StrEnum):
    """How it stands. Interrupted: its process went away; another takes it over."""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """Test questions get worse, and nobody confirmed that."""
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `step`: embedding, asking, switching or looking; `done` of `total` texts or questions of it."""

    id: str
    shop_id: str
    kind: JobKind
    revision: int
    """The draft as it was after `edits` changes, or the revision that is gone back to."""
    edits: int
    base: int
    """The revision that served when it began."""
    note: str
    confirm: bool
    state: JobState
    step: str
    done: int
    total: int
    result: dict[str, Any] | None
    """Done: {revision, check} of a publication, {results} of questions that were asked. Refused: {regressions}. Failed: {code}."""
    error: str
    started_by: str
    started_at: datetime
    heard_at: datetime


class JobStore(Protocol):
    """Each method is one transaction."""

    async def start_job(self, job: Job, *, keep: int) -> None:
        """Keeps a new one. Of the shop's older ones that do not run the newest `keep` - 1 stay."""

    async def save_job(self, job: Job) -> None:
        """State, step, progress, result."""

    async def claim_job(self, job: Job, at: datetime) -> bool:
        """Takes up one that nobody was heard of since `job.heard_at`; False if another was quicker."""

    async def job(self, shop_id: str, id: str) -> Job | None:
        """By id."""

    async def jobs(self, shop_id: str) -> list[Job]:
        """Newest first."""

    async def unfinished_jobs(self) -> list[Job]:
        """Of all shops: running or interrupted, oldest first."""
