"""The EntryStore part of SqlKnowledgeStore: single entries, their history, how revisions differ, sources."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import and_, delete, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.documents import care_from_json, from_json, to_json
from knowledge.entries import ABSENT, CONSOLE, Difference, Edit, Key, SourceState, Version
from knowledge.errors import StaleEntry, UnknownShop
from knowledge.storage import revision_rows
from knowledge.storage.columns import AnyRow, storable, upsert
from knowledge.storage.engine import Engine
from knowledge.storage.live_offers import Clock
from knowledge.storage.tables import deleted_entries, documents, revisions, shops, sources
from knowledge.store import Changes, Document, DocumentKind, Revision

_KEYS = 500
"""Keys asked for in one statement."""

_COLUMNS = (documents.c.kind, documents.c.id, documents.c.source, documents.c.hash, documents.c.body, documents.c.care)


class SqlEntries:
    """See knowledge.entries.EntryStore."""

    _engine: Engine
    _clock: Clock

    async def edit(self, shop_id: str, edits: Sequence[Edit], *, by: str = "") -> Revision | None:
        """See the port."""
        bodies = {edit.document.hash: to_json(edit.document.body) for edit in edits if edit.document}
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            present = await revision_rows.open_rows(connection, shop_id, [(edit.kind.value, edit.id) for edit in edits])
            staging = _edited(edits, present)
            number = shop.draft
            if staging.needs_draft:
                now = self._clock()
                staging = replace(staging, by_hand=await _files_of(connection, shop_id, staging))
                number = await revision_rows.open_draft(connection, shop, now, by)
                await revision_rows.write_staging(
                    connection, shop_id, CONSOLE, number, staging, present, lambda document: bodies[document.hash], now=now, by=by
                )
                await revision_rows.remember_deleted(connection, shop_id, number, staging.removed, now)
            return None if number is None else await _draft(connection, shop_id, number)

    async def newest(self, shop_id: str) -> int:
        """See the port. Raises UnknownShop."""
        async with self._engine.read() as connection:
            row = (await connection.execute(select(shops.c.draft, shops.c.serving).where(shops.c.id == shop_id))).one_or_none()
        if row is None:
            raise UnknownShop("There is no such shop; `zhanggui shop list` shows those there are.")
        return int(row.draft or row.serving)

    async def document(self, shop_id: str, revision: int, kind: DocumentKind, id: str) -> Document | None:
        """See the port."""
        return (await self.documents_by_key(shop_id, revision, [(kind, id)])).get((kind, id))

    async def documents_by_key(self, shop_id: str, revision: int, keys: Sequence[Key]) -> dict[Key, Document]:
        """See the port."""
        c = documents.c
        found: dict[Key, Document] = {}
        wanted = set(keys)
        async with self._engine.read() as connection:
            for start in range(0, len(keys), _KEYS):
                ids = {id for _, id in keys[start : start + _KEYS]}
                query = select(*_COLUMNS).where(c.shop_id == shop_id, c.id.in_(ids), revision_rows.valid_at(revision))
                rows = (await connection.execute(query)).all()
                for document in await asyncio.to_thread(to_documents, rows):
                    if (document.kind, document.id) in wanted:
                        found[document.kind, document.id] = document
        return found

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
        """See the port."""
        c = documents.c
        query = select(*_COLUMNS).where(c.shop_id == shop_id, revision_rows.valid_at(revision))
        if kind is not None:
            query = query.where(c.kind == kind.value)
        if source:
            query = query.where(c.source == storable(source))
        for word in storable(text).split():
            # As it stands in the stored JSON, where quotes and backslashes are escaped.
            written = orjson.dumps(word).decode()[1:-1]
            query = query.where(or_(c.id.icontains(word, autoescape=True), c.body.icontains(written, autoescape=True)))
        if after is not None:
            query = query.where(or_(c.kind > after[0].value, and_(c.kind == after[0].value, c.id > after[1])))
        async with self._engine.read() as connection:
            rows = (await connection.execute(query.order_by(c.kind, c.id).limit(limit))).all()
        return await asyncio.to_thread(to_documents, rows)

    async def cared_for(self, shop_id: str, revision: int) -> list[Document]:
        """See the port."""
        c = documents.c
        query = select(*_COLUMNS).where(c.shop_id == shop_id, revision_rows.valid_at(revision), c.care.is_not(None))
        async with self._engine.read() as connection:
            rows = (await connection.execute(query.order_by(c.kind, c.id))).all()
        return await asyncio.to_thread(to_documents, rows)

    async def history(self, shop_id: str, kind: DocumentKind, id: str, limit: int = 100) -> list[Version]:
        """See the port."""
        c = documents.c
        mine = and_(c.shop_id == shop_id, c.kind == kind.value, c.id == id)
        written = select(*_COLUMNS, c.valid_from, c.valid_until, c.author, c.at, c.ended_by).where(mine).order_by(c.valid_from.desc())
        async with self._engine.read() as connection:
            rows = (await connection.execute(written.limit(limit))).all()
            numbers = {row.valid_from for row in rows} | {row.valid_until for row in rows if row.valid_until is not None}
            about = await _revisions(connection, shop_id, numbers)
        begun = {row.valid_from for row in rows}
        found = []
        for row in rows:
            ended = about.get(row.valid_until)
            if ended is not None and row.valid_until not in begun:
                found.append(_version(ended, None, row.ended_by or ended.author))
            begins = about.get(row.valid_from)
            if begins is not None:
                found.append(_version(begins, to_documents([row])[0], row.author or begins.author, row.at))
        return found[:limit]

    async def differing(self, shop_id: str, old: int, new: int) -> list[Difference]:
        """See the port. Hashes alone, so that 100,000 entries compare in a second."""
        c = documents.c
        here, there = revision_rows.valid_at(new), revision_rows.valid_at(old)
        begun = select(c.kind, c.id, c.hash).where(c.shop_id == shop_id, here, not_(there))
        ended = select(c.kind, c.id, c.hash).where(c.shop_id == shop_id, there, not_(here))
        async with self._engine.read() as connection:
            after = {(row.kind, row.id): row.hash for row in await connection.execute(begun)}
            before = {(row.kind, row.id): row.hash for row in await connection.execute(ended)}
        keys = sorted(after.keys() | before.keys())
        return [
            Difference(DocumentKind(kind), id, before.get((kind, id)), after.get((kind, id)))
            for kind, id in keys
            if before.get((kind, id)) != after.get((kind, id))
        ]

    async def counts(self, shop_id: str, revision: int) -> dict[DocumentKind, int]:
        """See the port."""
        c = documents.c
        query = select(c.kind, func.count().label("held")).where(c.shop_id == shop_id, revision_rows.valid_at(revision)).group_by(c.kind)
        async with self._engine.read() as connection:
            return {DocumentKind(row.kind): row.held for row in await connection.execute(query)}

    async def sources(self, shop_id: str) -> list[SourceState]:
        """See the port."""
        async with self._engine.read() as connection:
            rows = await connection.execute(select(sources).where(sources.c.shop_id == shop_id).order_by(sources.c.name))
            return [SourceState(row.name, row.format, row.documents, row.imported_at, row.mapping or {}) for row in rows]

    async def save_mapping(self, shop_id: str, source: str, mapping: Mapping[str, object]) -> None:
        """See the port. Raises UnknownShop."""
        kept = {"mapping": dict(mapping)}
        fresh = {"shop_id": shop_id, "name": source, "format": "", "documents": 0, "imported_at": self._clock(), **kept}
        async with self._engine.write() as connection:
            if await connection.scalar(select(shops.c.id).where(shops.c.id == shop_id)) is None:
                raise UnknownShop("There is no such shop; `zhanggui shop list` shows those there are.")
            await upsert(connection, sources, ("shop_id", "name"), fresh, kept)

    async def forget_deleted(self, shop_id: str, kind: DocumentKind, id: str) -> None:
        """Lets imports bring an entry back that was deleted by hand."""
        c = deleted_entries.c
        async with self._engine.write() as connection:
            await connection.execute(delete(deleted_entries).where(c.shop_id == shop_id, c.kind == kind.value, c.id == id))


def _edited(edits: Sequence[Edit], present: Mapping[revision_rows.Key, revision_rows.OpenRow]) -> revision_rows.Staging:
    """What the edits come to. Raises StaleEntry."""
    added: dict[revision_rows.Key, Document] = {}
    changed: dict[revision_rows.Key, Document] = {}
    removed: list[revision_rows.Key] = []
    unchanged = 0
    for edit in edits:
        key = (edit.kind.value, edit.id)
        row = present.get(key)
        if edit.expected is not None and edit.expected != (row.hash if row else ABSENT):
            was = "was deleted" if row is None else "exists already" if edit.expected == ABSENT else "was changed"
            raise StaleEntry(f"The entry {edit.id} {was} by somebody else meanwhile; load it again and repeat the change.")
        if edit.document is None:
            removed.extend([key] if row else [])
        elif row is None:
            added[key] = edit.document
        elif row.hash == edit.document.hash:
            unchanged += 1
        else:
            changed[key] = edit.document
    return revision_rows.Staging(added, changed, (), tuple(removed), unchanged)


async def _files_of(
    connection: AsyncConnection, shop_id: str, staging: revision_rows.Staging
) -> dict[revision_rows.Key, revision_rows.HandEdit]:
    """What the files of entries that are edited now last brought: what stands there, or what an earlier edit remembers."""
    edits = {key: revision_rows.HandEdit() for key in (*staging.added, *staging.changed)}
    for key, row in (await revision_rows.bodies_of(connection, shop_id, list(staging.changed))).items():
        own = row.source == CONSOLE
        edits[key] = revision_rows.HandEdit(row.upstream_source if own else row.source, row.upstream if own else row.body)
    return edits


async def _draft(connection: AsyncConnection, shop_id: str, number: int) -> Revision:
    row = (await _revisions(connection, shop_id, {number}))[number]
    changes: Changes = await revision_rows.draft_changes(connection, shop_id, number)
    return Revision(number, row.state, False, changes, row.created_at, None, row.note, row.author, row.edits)


async def _revisions(connection: AsyncConnection, shop_id: str, numbers: set[int]) -> dict[int, AnyRow]:
    c = revisions.c
    rows = await connection.execute(select(revisions).where(c.shop_id == shop_id, c.number.in_(numbers)))
    return {row.number: row for row in rows}


def _version(revision: AnyRow, document: Document | None, author: str, at: Any = None) -> Version:
    when = at or revision.published_at or revision.created_at
    return Version(revision.number, revision.state, document, author, when, revision.note)


def to_documents(rows: Sequence[AnyRow]) -> list[Document]:
    """Documents of rows with kind, id, source, hash, body and care."""
    result = []
    for row in rows:
        kind = DocumentKind(row.kind)
        result.append(Document(kind, row.id, row.source, from_json(kind, row.body), row.hash, care_from_json(row.care)))
    return result
