"""Port: uploads and their contents, kept so that any replica can show how far one is. Implementation: bot/storage/sql_uploads.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

GIVEN, REJECTED = "given", "rejected"
"""Roles of kept contents: what was uploaded, and the rows of it that were left out."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Some files brought in together. `state`: running, asks (columns are unsure), done or failed; `interrupted` is read off `heard_at`."""

    id: str
    shop_id: str
    kind: str
    """auto, products, faq, ..., as the merchant chose."""
    mode: str
    """publish, draft or check (a dry run)."""
    overwrite: bool
    """Whether files win over what was edited by hand."""
    language: str
    """Of the one who uploads; the rows left out say in it what is wrong with them."""
    state: str
    step: str
    """reading, writing or testing."""
    files: list[dict[str, Any]]
    """By file: {name, source, mapping: given with it, state: waiting, reading, read, asks or unreadable, error, code, said: the error by
    language, proposals: what its columns were or may be taken for}."""
    report: dict[str, Any] | None
    """Of bot/reports.py, each file with `rejected_file`: the number of the content that holds its rejected rows. `publication`: the job that
    test questions stopped, so that the files wait in the draft; "" if they serve."""
    error: str
    started_by: str
    started_at: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """A file's name and bytes."""

    name: str
    content: bytes


class UploadStore(Protocol):
    """Each method is one transaction."""

    async def start_upload(self, upload: Upload, given: list[Content], *, keep: int) -> None:
        """Keeps a new one with its files. Of the shop's older ones the newest `keep` - 1 stay, without the files that were given."""

    async def save_upload(self, upload: Upload, rejected: list[Content] | None = None) -> None:
        """Everything but the files that were given; `rejected`: in place of those kept so far."""

    async def hear_upload(self, id: str, at: datetime) -> None:
        """Its process lives."""

    async def claim_upload(self, id: str, heard_at: datetime, at: datetime) -> bool:
        """Takes up one that nobody was heard of since `heard_at`; False if another was quicker."""

    async def drop_given(self, id: str) -> None:
        """The files are not needed any more."""

    async def upload(self, shop_id: str, id: str) -> Upload | None:
        """By id."""

    async def uploads(self, shop_id: str) -> list[Upload]:
        """Newest first."""

    async def contents(self, id: str, role: str) -> list[Content]:
        """In their order; empty once they were dropped."""
