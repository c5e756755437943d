"""Single entries of a revision: reading, editing, their history, and how two revisions differ. The port, and what it speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from knowledge.catalog import LiveOffer
from knowledge.store import Document, DocumentKind, Revision

Key = tuple[DocumentKind, str]
"""Kind and id of an entry."""

CONSOLE = "console"
"""The source of what people edit by hand. An import never overwrites it without being told to."""

ABSENT = ""
"""As the expected hash of an edit: the entry must not exist yet."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry put (`document`) or deleted (None). `expected`: the hash that the editor saw; None: whatever is there."""

    kind: DocumentKind
    id: str
    document: Document | None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What an entry was from one revision on; `document` None: it was deleted there. `author`: who wrote it, "" for a program or the terminal."""

    revision: int
    state: str
    """Of the revision: draft or published."""
    document: Document | None
    author: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that two revisions have otherwise, by hashes; None: it is not there."""

    kind: DocumentKind
    id: str
    before: str | None
    after: str | None

    @property
    def change(self) -> str:
        """added, changed or removed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source of the shop: what it was read from, how much it brought, and the mapping of its columns that the merchant chose."""

    name: str
    format: str
    documents: int
    imported_at: datetime
    mapping: dict[str, object]


class EntryStore(Protocol):
    """Every write is one transaction."""

    async def edit(self, shop_id: str, edits: Sequence[Edit], *, by: str = "") -> Revision | None:
        """Makes the edits in the draft (opened when there is none), all or none; what is as it was writes nothing. Returns the draft, if
        one is open afterwards. Raises StaleEntry where an entry is not as expected."""

    async def newest(self, shop_id: str) -> int:
        """The number of the newest state: the draft's, else the serving revision's; 0: there is nothing yet."""

    async def document(self, shop_id: str, revision: int, kind: DocumentKind, id: str) -> Document | None:
        """One entry of a revision."""

    async def documents_by_key(self, shop_id: str, revision: int, keys: Sequence[Key]) -> dict[Key, Document]:
        """Several; those that are not there are left out."""

    async def find_documents(
        self,
        shop_id: str,
        revision: int,
        *,
        kind: DocumentKind | None = None,
        source: str = "",
        text: str = "",
        after: Key | None = None,
        limit: int = 50,
    ) -> list[Document]:
        """By kind and id; `text` stands in the id or anywhere in the body, whatever its case. `after`: the last of the page before."""

    async def cared_for(self, shop_id: str, revision: int) -> list[Document]:
        """Every entry that carries care, by kind and id."""

    async def history(self, shop_id: str, kind: DocumentKind, id: str, limit: int = 100) -> list[Version]:
        """Every version of an entry, newest first, deletions too."""

    async def differing(self, shop_id: str, old: int, new: int) -> list[Difference]:
        """Entries that two revisions have otherwise, by kind and id."""

    async def counts(self, shop_id: str, revision: int) -> dict[DocumentKind, int]:
        """Entries of a revision by kind."""

    async def offers_of_draft(self, shop_id: str) -> tuple[dict[str, LiveOffer], tuple[str, ...]]:
        """What publishing the draft would do to live offers: those written, by SKU, and SKUs no longer sold."""

    async def sources(self, shop_id: str) -> list[SourceState]:
        """By name."""

    async def save_mapping(self, shop_id: str, source: str, mapping: Mapping[str, object]) -> None:
        """Remembers the meaning of a source's columns, also before its first import."""

    async def record_check(self, shop_id: str, revision: int, check: Mapping[str, object]) -> None:
        """Keeps with a revision what the look after its publication found."""
