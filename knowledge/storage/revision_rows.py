"""Document rows and revisions inside one transaction: staging, the draft's changes, going back. See the docstring of knowledge/store.py.

Every row that is open (`valid_until` NULL) belongs to the newest state: the draft if there is one, else the serving revision. A draft
therefore begins rows with its number and ends others with it; readers of earlier numbers see neither.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from knowledge.care import NO_CARE, Care
from knowledge.documents import UnreadableBody, care_from_json, care_json, document_of, from_json, hash_with, to_json
from knowledge.entries import CONSOLE
from knowledge.errors import UnknownShop
from knowledge.merging import merge
from knowledge.storage.columns import AnyRow, upsert
from knowledge.storage.tables import deleted_entries, documents, revisions, shops
from knowledge.store import Changes, Document, DocumentKind

WRITTEN_AT_ONCE = 1_000
"""Rows in one call of the driver."""

Key = tuple[str, str]
"""Kind and id of a document."""

_KEYS = 500
"""Keys asked for in one statement."""


@dataclass(frozen=True, slots=True)
class Staging:
    """What bringing a source into the newest state takes, decided without a database."""

    added: dict[Key, Document]
    changed: dict[Key, Document]
    moved: tuple[Key, ...]
    """Unchanged, but owned by another source until now."""
    removed: tuple[Key, ...]
    unchanged: int
    kept: tuple[Key, ...] = ()
    """Edited or deleted by hand, and brought otherwise or not at all: they stay."""
    by_hand: Mapping[Key, "HandEdit"] = field(default_factory=dict)
    """Documents of `added` and `changed` that are people's, whatever the source."""

    @property
    def changes(self) -> Changes:
        """Counts."""
        kept = tuple((DocumentKind(kind), id) for kind, id in self.kept)
        return Changes(len(self.added), len(self.changed), len(self.removed), self.unchanged, kept)

    @property
    def needs_draft(self) -> bool:
        """Whether contents differ."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class HandEdit:
    """What a file last brought of an entry that people edited (JSON); None: no file has it."""

    upstream_source: str | None = None
    upstream: str | None = None


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row of the newest state."""

    source: str
    hash: str
    valid_from: int
    care: Care = NO_CARE
    upstream_source: str | None = None

    @property
    def owner(self) -> str:
        """The source whose import says whether the entry is still there: of a hand edit the file's that had it."""
        return (self.upstream_source or CONSOLE) if self.source == CONSOLE else self.source


_NO_FILE = HandEdit()


async def lock_shop(connection: AsyncConnection, shop_id: str) -> AnyRow:
    """The shop's row, kept from other writers of its knowledge (not from messages) until the end. Raises UnknownShop."""
    row = (await connection.execute(select(shops).where(shops.c.id == shop_id).with_for_update(key_share=True))).one_or_none()
    if row is None:
        raise UnknownShop("There is no such shop; `zhanggui shop list` shows those there are.")
    return row


async def open_rows(connection: AsyncConnection, shop_id: str, only: Sequence[Key] | None = None) -> dict[Key, OpenRow]:
    """The newest state's rows by key, without bodies. `only`: these few."""
    c = documents.c
    query = select(c.kind, c.id, c.source, c.hash, c.valid_from, c.care, c.upstream_source).where(
        c.shop_id == shop_id, c.valid_until.is_(None)
    )
    if only is not None:
        query = query.where(c.id.in_({id for _, id in only}))
    rows = await connection.execute(query)
    found = {
        (row.kind, row.id): OpenRow(row.source, row.hash, row.valid_from, care_from_json(row.care), row.upstream_source) for row in rows
    }
    return found if only is None else {key: found[key] for key in only if key in found}


async def deleted_by_hand(connection: AsyncConnection, shop_id: str) -> set[Key]:
    """Entries that an import does not bring back by itself."""
    c = deleted_entries.c
    return {(row.kind, row.id) for row in await connection.execute(select(c.kind, c.id).where(c.shop_id == shop_id))}


def plan(
    source: str,
    given: Sequence[Document],
    present: Mapping[Key, OpenRow],
    replace_all: bool,
    *,
    deleted: Collection[Key] = (),
    overwrite: bool = False,
) -> Staging:
    """Compares a source's documents with the newest state; of two with one key the later counts. Care is the merchant's: an entry keeps
    it, whatever a source brings. `deleted`: by hand, and not to come back unless `overwrite`."""
    wanted: dict[Key, Document] = {(document.kind.value, document.id): document for document in given}
    added: dict[Key, Document] = {}
    changed: dict[Key, Document] = {}
    moved: list[Key] = []
    kept: list[Key] = []
    unchanged = 0
    by_hand = source == CONSOLE or overwrite
    for key, document in wanted.items():
        row = present.get(key)
        if row is None:
            if key in deleted and not by_hand:
                kept.append(key)
            else:
                added[key] = document
            continue
        if row.care != NO_CARE and document.care == NO_CARE:
            document = replace(document, care=row.care, hash=hash_with(document.hash, row.care))
        if row.hash == document.hash:
            unchanged += 1
            if row.source != source:
                moved.append(key)
        elif row.source == CONSOLE and not by_hand:
            kept.append(key)
        else:
            changed[key] = document
    gone = [key for key, row in present.items() if source == row.owner and key not in wanted] if replace_all else []
    removed = tuple(key for key in gone if overwrite or present[key].source == source)
    kept += [key for key in gone if not overwrite and present[key].source != source]
    return Staging(added, changed, tuple(moved), removed, unchanged, tuple(kept))


async def with_merges(connection: AsyncConnection, shop_id: str, source: str, given: Sequence[Document], staging: Staging) -> Staging:
    """The plan with hand edits brought together with what their own file brings now: what only the file changed is taken, what both
    changed stays as people left it and is kept as a finding."""
    wanted = {(document.kind.value, document.id): document for document in given}
    rows = await bodies_of(connection, shop_id, [key for key in staging.kept if key in wanted])
    changed, by_hand, settled, unchanged = dict(staging.changed), dict(staging.by_hand), set[Key](), staging.unchanged
    for key, row in rows.items():
        if row.upstream is None or row.upstream_source != source:
            continue
        done = merge(orjson.loads(row.upstream), orjson.loads(row.body), orjson.loads(to_json(wanted[key].body)))
        try:
            body = from_json(wanted[key].kind, orjson.dumps(done.merged).decode())
        except UnreadableBody:
            continue
        document = document_of(wanted[key].kind, wanted[key].id, CONSOLE, body, care_from_json(row.care))
        if not done.clashes:
            settled.add(key)
        if document.hash != row.hash:
            changed[key] = document
            by_hand[key] = HandEdit(source, orjson.dumps(done.base).decode())
        elif not done.clashes:
            unchanged += 1
    kept = tuple(key for key in staging.kept if key not in settled)
    return replace(staging, changed=changed, by_hand=by_hand, unchanged=unchanged, kept=kept)


async def bodies_of(connection: AsyncConnection, shop_id: str, keys: Sequence[Key]) -> dict[Key, AnyRow]:
    """The newest state's rows of these keys, with bodies."""
    c = documents.c
    found: dict[Key, AnyRow] = {}
    for start in range(0, len(keys), _KEYS):
        part = set(keys[start : start + _KEYS])
        query = select(documents).where(c.shop_id == shop_id, c.valid_until.is_(None), c.id.in_({id for _, id in part}))
        found.update(((row.kind, row.id), row) for row in await connection.execute(query) if (row.kind, row.id) in part)
    return found


async def open_draft(connection: AsyncConnection, shop: AnyRow, now: datetime, by: str = "") -> int:
    """The draft's number; made when there is none. Counts a change of it."""
    if shop.draft is not None:
        mine = and_(revisions.c.shop_id == shop.id, revisions.c.number == shop.draft)
        await connection.execute(update(revisions).where(mine).values(edits=revisions.c.edits + 1))
        return int(shop.draft)
    number = int(shop.last_revision) + 1
    await add_revision(connection, shop.id, number, now, by)
    await connection.execute(update(shops).where(shops.c.id == shop.id).values(draft=number, last_revision=number))
    return number


async def add_revision(connection: AsyncConnection, shop_id: str, number: int, now: datetime, by: str = "") -> None:
    """An empty draft row in the list of revisions."""
    values = {
        "state": "draft",
        "added": 0,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "created_at": now,
        "note": "",
        "author": by,
        "edits": 1,
    }
    await connection.execute(insert(revisions).values(shop_id=shop_id, number=number, **values))


async def write_staging(
    connection: AsyncConnection,
    shop_id: str,
    source: str,
    number: int,
    staging: Staging,
    present: Mapping[Key, OpenRow],
    body_of: Callable[[Document], str],
    *,
    now: datetime,
    by: str = "",
) -> None:
    """Brings the draft `number` to what `staging` says, as the work of `by`. What turns out as it is published gets its published row
    back."""
    c = documents.c
    ended_rows = await connection.execute(select(c.kind, c.id, c.hash).where(c.shop_id == shop_id, c.valid_until == number))
    ended = {(row.kind, row.id): row.hash for row in ended_rows}
    drop: list[Key] = []
    end: list[Key] = []
    revive: list[Key] = []
    fresh: list[tuple[Key, Document]] = []
    for key in staging.removed:
        (drop if present[key].valid_from == number else end).append(key)
    for key, document in (*staging.changed.items(), *staging.added.items()):
        row = present.get(key)
        if row is not None:
            (drop if row.valid_from == number else end).append(key)
        if ended.get(key) == document.hash:
            revive.append(key)
        else:
            fresh.append((key, document))
    own = {"b_shop": shop_id, "b_number": number}
    if drop:
        statement = delete(documents).where(_keyed(), c.valid_from == bindparam("b_number"))
        await connection.execute(statement, [{**own, "b_kind": kind, "b_id": id} for kind, id in drop])
    if end:
        ending = (
            update(documents).where(_keyed(), c.valid_until.is_(None)).values(valid_until=bindparam("b_number"), ended_by=bindparam("b_by"))
        )
        gone = set(staging.removed)
        values = [{**own, "b_kind": key[0], "b_id": key[1], "b_by": by if key in gone else None} for key in end]
        await connection.execute(ending, values)
    await _revive(connection, own, revive, source, staging)
    rows = [
        {
            "shop_id": shop_id,
            "kind": kind,
            "id": id,
            "valid_from": number,
            "valid_until": None,
            "source": CONSOLE if (kind, id) in staging.by_hand else source,
            "hash": document.hash,
            "body": body_of(document),
            "care": care_json(document.care),
            "author": by,
            "at": now,
            "upstream_source": (edit := staging.by_hand.get((kind, id), _NO_FILE)).upstream_source,
            "upstream": edit.upstream,
        }
        for (kind, id), document in fresh
    ]
    for start in range(0, len(rows), WRITTEN_AT_ONCE):  # in pieces, so that messages go on in between
        await connection.execute(insert(documents), rows[start : start + WRITTEN_AT_ONCE])


async def _revive(connection: AsyncConnection, own: Mapping[str, object], keys: Sequence[Key], source: str, staging: Staging) -> None:
    """Gives rows that ended with the draft back to it. What people put back as it was is the file's again; what a file brings back is that
    file's."""
    taken = [key for key in keys if source != CONSOLE and key not in staging.by_hand]
    for some, owner in ((taken, {"source": source}), ([key for key in keys if key not in taken], {})):
        if some:
            back: dict[str, Any] = {"valid_until": None, "ended_by": None, **owner}
            reviving = update(documents).where(_keyed(), documents.c.valid_until == bindparam("b_number")).values(back)
            await connection.execute(reviving, [{**own, "b_kind": kind, "b_id": id} for kind, id in some])


async def move_to_source(connection: AsyncConnection, shop_id: str, source: str, keys: Sequence[Key]) -> None:
    """The newest import of an id owns it; its contents are as they were."""
    if keys:
        statement = update(documents).where(_keyed(), documents.c.valid_until.is_(None)).values(source=bindparam("b_source"))
        values = [{"b_shop": shop_id, "b_kind": kind, "b_id": id, "b_source": source} for kind, id in keys]
        await connection.execute(statement, values)


async def draft_changes(connection: AsyncConnection, shop_id: str, number: int) -> Changes:
    """What the draft (or the newest revision) `number` has otherwise than the one before."""
    c = documents.c
    began = {
        (row.kind, row.id) for row in await connection.execute(select(c.kind, c.id).where(c.shop_id == shop_id, c.valid_from == number))
    }
    ended = {
        (row.kind, row.id) for row in await connection.execute(select(c.kind, c.id).where(c.shop_id == shop_id, c.valid_until == number))
    }
    total = await connection.scalar(select(func.count()).select_from(documents).where(c.shop_id == shop_id, c.valid_until.is_(None)))
    return Changes(len(began - ended), len(began & ended), len(ended - began), int(total or 0) - len(began))


async def remember_deleted(connection: AsyncConnection, shop_id: str, number: int, keys: Sequence[Key], now: datetime) -> None:
    """Entries that people delete by hand in the draft `number`."""
    for kind, id in keys:
        said = {"revision": number, "at": now}
        values = {"shop_id": shop_id, "kind": kind, "id": id, **said}
        await upsert(connection, deleted_entries, ("shop_id", "kind", "id"), values, said)


async def forget_deleted(connection: AsyncConnection, shop_id: str, keys: Collection[Key]) -> None:
    """They were brought back."""
    if keys:
        c = deleted_entries.c
        statement = delete(deleted_entries).where(c.shop_id == shop_id, c.kind == bindparam("b_kind"), c.id == bindparam("b_id"))
        await connection.execute(statement, [{"b_kind": kind, "b_id": id} for kind, id in keys])


async def drop_draft(connection: AsyncConnection, shop_id: str, number: int) -> None:
    """Takes the draft's rows back out."""
    c = documents.c
    await connection.execute(delete(documents).where(c.shop_id == shop_id, c.valid_from == number))
    back = {"valid_until": None, "ended_by": None}
    await connection.execute(update(documents).where(c.shop_id == shop_id, c.valid_until == number).values(back))
    d = deleted_entries.c
    await connection.execute(delete(deleted_entries).where(d.shop_id == shop_id, d.revision == number))
    await connection.execute(delete(revisions).where(revisions.c.shop_id == shop_id, revisions.c.number == number))
    await connection.execute(update(shops).where(shops.c.id == shop_id).values(draft=None))


async def restore(connection: AsyncConnection, shop_id: str, old: int, number: int, *, now: datetime, by: str = "") -> None:
    """Writes the contents of revision `old` as the newest state, numbered `number`, as the work of `by`."""
    c = documents.c
    then = {(row.kind, row.id): row for row in await connection.execute(select(documents).where(c.shop_id == shop_id, valid_at(old)))}
    present = await open_rows(connection, shop_id)
    end = [key for key, row in present.items() if key not in then or then[key].hash != row.hash]
    fresh = [row for key, row in then.items() if key not in present or present[key].hash != row.hash]
    if end:
        ended: dict[str, Any] = {"valid_until": bindparam("b_number"), "ended_by": bindparam("b_by")}
        ending = update(documents).where(_keyed(), c.valid_until.is_(None)).values(ended)
        own = {"b_shop": shop_id, "b_number": number, "b_by": by}
        await connection.execute(ending, [{**own, "b_kind": kind, "b_id": id} for kind, id in end])
    if fresh:
        anew = {"valid_from": number, "valid_until": None, "ended_by": None, "author": by, "at": now}
        await connection.execute(insert(documents), [{**row._mapping, **anew} for row in fresh])


def valid_at(revision: int) -> ColumnElement[bool]:
    """Rows that revision `revision` shows."""
    c = documents.c
    return and_(c.valid_from <= revision, or_(c.valid_until.is_(None), c.valid_until > revision))


def _keyed() -> ColumnElement[bool]:
    c = documents.c
    return and_(c.shop_id == bindparam("b_shop"), c.kind == bindparam("b_kind"), c.id == bindparam("b_id"))
