"""KnowledgeStore on SQLAlchemy, for SQLite and PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.catalog import LiveOffer, OfferPatch, Product, Variant, utc_now
from knowledge.documents import from_json, to_json
from knowledge.errors import RevisionConflict, ShopExists, UnknownShop
from knowledge.storage import gap_rows, revision_rows
from knowledge.storage import live_offers as offer_rows
from knowledge.storage.columns import AnyRow, upsert
from knowledge.storage.engine import Engine
from knowledge.storage.sql_entries import SqlEntries, to_documents
from knowledge.storage.sql_gaps import SqlGaps
from knowledge.storage.sql_pinned import SqlPinned
from knowledge.storage.tables import documents, live_offers, revisions, shops, sources
from knowledge.store import Changes, Document, DocumentKind, OfferChanges, Revision, Shop, ShopState, SourceDocuments

_PAGE = 1_000
"""Documents fetched in one statement."""

# Asked in every turn, so built once: building a statement costs more than running it.
_SHOP_BY_ID = select(shops).where(shops.c.id == bindparam("b_id"))
_SHOP_BY_SLUG = select(shops).where(shops.c.slug == bindparam("b_id"))
_STATE = select(shops.c.serving, shops.c.offers_version).where(shops.c.id == bindparam("b_id"))


class SqlKnowledgeStore(SqlEntries, SqlGaps, SqlPinned):
    """See knowledge.store.KnowledgeStore. `clock` gives the time in UTC. Closing it closes the engine, which others may share."""

    def __init__(self, engine: Engine, clock: offer_rows.Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    # ── shops ──

    async def create_shop(self, shop: Shop) -> None:
        """Raises ShopExists."""
        values = {"id": shop.id, "created_at": shop.created_at or self._clock(), **_shop_values(shop)}
        try:
            async with self._engine.write() as connection:
                await connection.execute(insert(shops).values(serving=0, last_revision=0, offers_version=0, **values))
        except IntegrityError as error:
            raise ShopExists(f'A shop "{shop.slug}" exists already; choose another slug.') from error

    async def shop(self, slug: str) -> Shop | None:
        """By slug."""
        return await self._shop(_SHOP_BY_SLUG, slug)

    async def shop_by_id(self, shop_id: str) -> Shop | None:
        """By id."""
        return await self._shop(_SHOP_BY_ID, shop_id)

    async def _shop(self, query: Select[Any], key: str) -> Shop | None:
        async with self._engine.read() as connection:
            row = (await connection.execute(query, {"b_id": key})).one_or_none()
        return None if row is None else _to_shop(row)

    async def shops(self) -> list[Shop]:
        """By age."""
        async with self._engine.read() as connection:
            rows = await connection.execute(select(shops).order_by(shops.c.created_at, shops.c.id))
            return [_to_shop(row) for row in rows]

    async def update_shop(self, shop: Shop) -> None:
        """Raises UnknownShop, or ShopExists when the new slug is taken."""
        try:
            async with self._engine.write() as connection:
                result = await connection.execute(update(shops).where(shops.c.id == shop.id).values(**_shop_values(shop)))
        except IntegrityError as error:
            raise ShopExists(f'A shop "{shop.slug}" exists already; choose another slug.') from error
        if not result.rowcount:
            raise UnknownShop("There is no such shop; `zhanggui shop list` shows those there are.")

    async def change_shop(self, shop_id: str, change: Callable[[Shop], Shop]) -> tuple[Shop, Shop]:
        """See the port."""
        async with self._engine.write() as connection:
            row = (await connection.execute(select(shops).where(shops.c.id == shop_id).with_for_update())).one_or_none()
            if row is None:
                raise UnknownShop("There is no such shop; `zhanggui shop list` shows those there are.")
            before = _to_shop(row)
            after = change(before)
            if after != before:
                await connection.execute(update(shops).where(shops.c.id == shop_id).values(**_shop_values(after)))
        return before, after

    async def delete_shop(self, shop_id: str) -> None:
        """Rows of both packages go by their foreign keys."""
        async with self._engine.write() as connection:
            await connection.execute(delete(shops).where(shops.c.id == shop_id))

    # ── revisions ──

    async def stage(
        self,
        shop_id: str,
        source: str,
        documents: Sequence[Document],
        *,
        format: str = "",
        replace: bool = True,
        overwrite: bool = False,
        by: str = "",
    ) -> Changes:
        """See the port. Most of the work is done before the write begins, so that others wait little."""
        async with self._engine.read() as connection:
            glance = await revision_rows.open_rows(connection, shop_id)
            deleted = await revision_rows.deleted_by_hand(connection, shop_id)
            staging = revision_rows.plan(source, documents, glance, replace, deleted=deleted, overwrite=overwrite)
            staging = await revision_rows.with_merges(connection, shop_id, source, documents, staging)
        if not staging.needs_draft and not staging.moved and await self.shop_by_id(shop_id):
            return staging.changes
        changing = (*staging.added.values(), *staging.changed.values())
        bodies = await asyncio.to_thread(lambda: {document.hash: to_json(document.body) for document in changing})
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            given = SourceDocuments(source, documents, format)
            return await self._stage(connection, shop, given, bodies, replace=replace, overwrite=overwrite, by=by)

    async def _stage(
        self,
        connection: AsyncConnection,
        shop: AnyRow,
        given: SourceDocuments,
        bodies: Mapping[str, str],
        *,
        replace: bool = True,
        overwrite: bool = False,
        by: str = "",
    ) -> Changes:
        """`bodies`: JSON by the document's hash, as far as it was made ahead."""
        present = await revision_rows.open_rows(connection, shop.id)
        deleted = await revision_rows.deleted_by_hand(connection, shop.id)
        staging = revision_rows.plan(given.name, given.documents, present, replace, deleted=deleted, overwrite=overwrite)
        staging = await revision_rows.with_merges(connection, shop.id, given.name, given.documents, staging)
        await revision_rows.move_to_source(connection, shop.id, given.name, staging.moved)
        now = self._clock()
        if staging.needs_draft:
            number = await revision_rows.open_draft(connection, shop, now, by)

            def body_of(document: Document) -> str:
                return bodies.get(document.hash) or to_json(document.body)

            await revision_rows.write_staging(connection, shop.id, given.name, number, staging, present, body_of, now=now, by=by)
            await revision_rows.forget_deleted(connection, shop.id, deleted & staging.added.keys())
        about = {"format": given.format, "documents": len(given.documents), "imported_at": now}
        await upsert(connection, sources, ("shop_id", "name"), {"shop_id": shop.id, "name": given.name, **about}, about)
        return staging.changes

    async def foresee(self, shop_id: str, given: Sequence[SourceDocuments], *, overwrite: bool = False) -> Changes:
        """See the port."""
        async with self._engine.read() as connection:
            present = await revision_rows.open_rows(connection, shop_id)
            deleted = await revision_rows.deleted_by_hand(connection, shop_id)
            total = Changes()
            for source in given:
                staging = revision_rows.plan(source.name, source.documents, present, True, deleted=deleted, overwrite=overwrite)
                total += (await revision_rows.with_merges(connection, shop_id, source.name, source.documents, staging)).changes
        return total

    async def stage_and_publish(
        self, shop_id: str, given: Sequence[SourceDocuments], *, overwrite: bool = False, by: str = ""
    ) -> tuple[Changes, Revision]:
        """See the port."""
        async with self._engine.read() as connection:
            glance = {row.hash for row in (await revision_rows.open_rows(connection, shop_id)).values()}
        new = [d for source in given for d in source.documents if d.hash not in glance]
        bodies = await asyncio.to_thread(lambda: {document.hash: to_json(document.body) for document in new})
        total = Changes()
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            if shop.draft is not None:
                raise RevisionConflict(
                    f"A draft (revision {shop.draft}) of shop '{shop.slug}' waits for review; publish or discard it first, or import with --draft."
                )
            for source in given:
                total += await self._stage(connection, shop, source, bodies, overwrite=overwrite, by=by)
                shop = await revision_rows.lock_shop(connection, shop_id)  # the first change opens the draft
            return total, await self._publish(connection, shop, "", _ProductReader(new), by)

    async def draft(self, shop_id: str) -> Revision | None:
        """With its changes counted against the serving revision."""
        async with self._engine.read() as connection:
            number = await connection.scalar(select(shops.c.draft).where(shops.c.id == shop_id))
            if number is None:
                return None
            row = (await connection.execute(_revision_of(shop_id, number))).one_or_none()
            if row is None:  # published or discarded between the two statements
                return None
            return _to_revision(row, serving=0, changes=await revision_rows.draft_changes(connection, shop_id, number))

    async def discard_draft(self, shop_id: str) -> None:
        """Nothing happens without one."""
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            if shop.draft is not None:
                await revision_rows.drop_draft(connection, shop_id, shop.draft)

    async def publish(self, shop_id: str, *, note: str = "", by: str = "") -> Revision:
        """See the port."""
        reader = _ProductReader()
        async with self._engine.read() as connection:  # reads bodies ahead, so that the write is short
            number = await connection.scalar(select(shops.c.draft).where(shops.c.id == shop_id))
            if number is not None:
                await reader.variants(connection, shop_id, documents.c.valid_from == number)
                await reader.variants(connection, shop_id, documents.c.valid_until == number)
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            return await self._publish(connection, shop, note, reader, by)

    async def _publish(self, connection: AsyncConnection, shop: AnyRow, note: str, reader: "_ProductReader", by: str) -> Revision:
        if shop.draft is None:
            return await self._serving(connection, shop)
        changes = await revision_rows.draft_changes(connection, shop.id, shop.draft)
        if not (changes.added or changes.changed or changes.removed):
            await revision_rows.drop_draft(connection, shop.id, shop.draft)
            return await self._serving(connection, shop)
        return await self._serve(connection, shop, shop.draft, changes, note, reader, by)

    async def roll_back(self, shop_id: str, number: int, *, by: str = "") -> Revision:
        """See the port. Going back to what serves changes nothing."""
        reader = _ProductReader()
        async with self._engine.read() as connection:  # reads bodies ahead, so that the write is short
            serving = await connection.scalar(select(shops.c.serving).where(shops.c.id == shop_id)) or 0
            there, here = revision_rows.valid_at(number), revision_rows.valid_at(serving)
            await reader.variants(connection, shop_id, and_(there, not_(here)))
            await reader.variants(connection, shop_id, and_(here, not_(there)))
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            if shop.draft is not None:
                raise RevisionConflict("A draft is open; publish or discard it first.")
            target = (await connection.execute(_revision_of(shop_id, number))).one_or_none()
            if target is None:
                raise RevisionConflict(f"There is no revision {number} to go back to.")
            if number == shop.serving:
                return await self._serving(connection, shop)
            newest, now = shop.last_revision + 1, self._clock()
            await revision_rows.add_revision(connection, shop_id, newest, now, by)
            await revision_rows.restore(connection, shop_id, number, newest, now=now, by=by)
            changes = await revision_rows.draft_changes(connection, shop_id, newest)
            return await self._serve(connection, shop, newest, changes, f"as revision {number}", reader, by)

    async def _serve(
        self, connection: AsyncConnection, shop: AnyRow, number: int, changes: Changes, note: str, reader: "_ProductReader", by: str
    ) -> Revision:
        now = self._clock()
        reoffer, known = await self._reoffer(connection, shop.id, number, reader, now)
        version = shop.offers_version + (1 if reoffer.written or reoffer.removed else 0)
        await offer_rows.remove(connection, shop.id, reoffer.removed)
        await offer_rows.write(connection, shop.id, version, reoffer.written, known=known)
        values = {"state": "published", "published_at": now, "note": note} | ({"author": by} if by else {})
        counts = {"added": changes.added, "changed": changes.changed, "removed": changes.removed, "unchanged": changes.unchanged}
        mine = and_(revisions.c.shop_id == shop.id, revisions.c.number == number)
        await connection.execute(update(revisions).where(mine).values(**values, **counts))
        state = {"serving": number, "draft": None, "last_revision": max(number, shop.last_revision), "offers_version": version}
        await connection.execute(update(shops).where(shops.c.id == shop.id).values(**state))
        await gap_rows.answer_drafted(connection, shop.id)
        row = (await connection.execute(_revision_of(shop.id, number))).one()
        return _to_revision(row, serving=number)

    async def _reoffer(
        self, connection: AsyncConnection, shop_id: str, number: int, reader: "_ProductReader", now: datetime
    ) -> tuple[offer_rows.Reoffer, Collection[str]]:
        """What serving `number` makes of the live offers, and which of the SKUs concerned have one."""
        began = await reader.variants(connection, shop_id, documents.c.valid_from == number)
        ended = await reader.variants(connection, shop_id, documents.c.valid_until == number)
        orphans = ended.keys() - began.keys()
        if orphans:  # the same SKU may stand in another product that stays
            staying = await reader.variants(connection, shop_id, revision_rows.valid_at(number))
            began.update((sku, staying[sku]) for sku in orphans & staying.keys())
        live = await offer_rows.read(connection, shop_id, dict.fromkeys((*began, *ended)))
        return offer_rows.republished(ended, began, live, now), live.keys()

    async def offers_of_draft(self, shop_id: str) -> tuple[dict[str, LiveOffer], tuple[str, ...]]:
        """Reads alone. Nothing without a draft."""
        async with self._engine.read() as connection:
            number = await connection.scalar(select(shops.c.draft).where(shops.c.id == shop_id))
            if number is None:
                return {}, ()
            reoffer, _ = await self._reoffer(connection, shop_id, number, _ProductReader(), self._clock())
        return reoffer.written, reoffer.removed

    async def record_check(self, shop_id: str, revision: int, check: Mapping[str, object]) -> None:
        """See the port."""
        mine = and_(revisions.c.shop_id == shop_id, revisions.c.number == revision)
        async with self._engine.write() as connection:
            await connection.execute(update(revisions).where(mine).values(checked=dict(check)))

    async def _serving(self, connection: AsyncConnection, shop: AnyRow) -> Revision:
        if shop.serving == 0:
            return Revision(0, "published", True, Changes(), shop.created_at)
        row = (await connection.execute(_revision_of(shop.id, shop.serving))).one()
        return _to_revision(row, serving=shop.serving)

    async def revisions(self, shop_id: str) -> list[Revision]:
        """Newest first; the draft's changes are counted, the others' are those of their publication."""
        async with self._engine.read() as connection:
            serving = await connection.scalar(select(shops.c.serving).where(shops.c.id == shop_id))
            rows = await connection.execute(select(revisions).where(revisions.c.shop_id == shop_id).order_by(revisions.c.number.desc()))
            found = rows.all()
            result = []
            for row in found:
                open_ = row.state == "draft"
                changes = await revision_rows.draft_changes(connection, shop_id, row.number) if open_ else None
                result.append(_to_revision(row, serving=serving or 0, changes=changes))
            return result

    async def state(self, shop_id: str) -> ShopState:
        """Raises UnknownShop."""
        async with self._engine.read() as connection:
            row = (await connection.execute(_STATE, {"b_id": shop_id})).one_or_none()
        if row is None:
            raise UnknownShop("There is no such shop; `zhanggui shop list` shows those there are.")
        return ShopState(row.serving, row.offers_version)

    # ── documents ──

    async def documents(self, shop_id: str, revision: int, kinds: Sequence[DocumentKind] | None = None) -> AsyncIterator[Document]:
        """Pages by key, so that no transaction stays open; the draft's number shows the draft."""
        c = documents.c
        query = select(c.kind, c.id, c.source, c.hash, c.body, c.care).where(c.shop_id == shop_id, revision_rows.valid_at(revision))
        if kinds is not None:
            query = query.where(c.kind.in_([kind.value for kind in kinds]))
        query = query.order_by(c.kind, c.id).limit(_PAGE)
        after: tuple[str, str] | None = None
        while True:
            page = query if after is None else query.where(or_(c.kind > after[0], and_(c.kind == after[0], c.id > after[1])))
            async with self._engine.read() as connection:
                rows = (await connection.execute(page)).all()
            for document in await asyncio.to_thread(to_documents, rows):
                yield document
            if len(rows) < _PAGE:
                return
            after = (rows[-1].kind, rows[-1].id)

    async def changed_documents(self, shop_id: str, old: int, new: int) -> tuple[list[Document], list[tuple[DocumentKind, str]]]:
        """By kind and id. A body that is the same in both is not reported, whatever lay between."""
        c = documents.c
        here, there = revision_rows.valid_at(new), revision_rows.valid_at(old)
        begun = select(c.kind, c.id, c.source, c.hash, c.body, c.care).where(c.shop_id == shop_id, here, not_(there)).order_by(c.kind, c.id)
        ended = select(c.kind, c.id, c.hash).where(c.shop_id == shop_id, there, not_(here)).order_by(c.kind, c.id)
        async with self._engine.read() as connection:
            rows = (await connection.execute(begun)).all()
            before = {(row.kind, row.id): row.hash for row in await connection.execute(ended)}
        changed = [row for row in rows if before.get((row.kind, row.id)) != row.hash]
        present = {(row.kind, row.id) for row in rows}
        gone = [(DocumentKind(kind), id) for kind, id in before if (kind, id) not in present]
        return await asyncio.to_thread(to_documents, changed), gone

    # ── live offers ──

    async def offers(self, shop_id: str, skus: Sequence[str]) -> dict[str, LiveOffer]:
        """By SKU."""
        if not skus:
            return {}
        async with self._engine.read() as connection:
            return await offer_rows.read(connection, shop_id, dict.fromkeys(skus))

    async def offers_since(self, shop_id: str, version: int) -> tuple[int, list[LiveOffer]]:
        """The version is read first: an offer that changes in between comes twice rather than never. Raises UnknownShop."""
        present = (await self.state(shop_id)).offers_version
        if present <= version:
            return present, []
        c = live_offers.c
        async with self._engine.read() as connection:
            rows = (await connection.execute(select(live_offers).where(c.shop_id == shop_id, c.version > version).order_by(c.sku))).all()
        return present, [offer_rows.from_row(row) for row in rows]

    async def patch_offers(self, shop_id: str, patches: Sequence[OfferPatch], *, whole: bool = True) -> OfferChanges:
        """See the port. Raises UnknownShop."""
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            version = shop.offers_version + 1
            result = await offer_rows.patch(connection, shop_id, version, patches, shop.currency, self._clock(), whole=whole)
            if result.written:
                await connection.execute(update(shops).where(shops.c.id == shop_id).values(offers_version=version))
        return OfferChanges(result.changed, result.unknown, result.refused)

    async def close(self) -> None:
        """Closes the engine."""
        await self._engine.dispose()


class _ProductReader:
    """Variants by SKU of product rows; a body read once is remembered by its hash."""

    def __init__(self, known: Iterable[Document] = ()) -> None:
        """`known`: documents at hand, whose rows need not be read."""
        self._read = {document.hash: document.body.variants for document in known if isinstance(document.body, Product)}

    async def variants(self, connection: AsyncConnection, shop_id: str, condition: Any) -> dict[str, Variant]:
        c = documents.c
        mine = and_(c.shop_id == shop_id, c.kind == DocumentKind.PRODUCT.value, condition)
        hashes = [row.hash for row in await connection.execute(select(c.hash).where(mine).order_by(c.id))]
        if any(hash not in self._read for hash in hashes):
            rows = (await connection.execute(select(c.hash, c.body).where(mine))).all()
            await asyncio.to_thread(self._parse, [row for row in rows if row.hash not in self._read])
        return {variant.sku: variant for hash in hashes for variant in self._read[hash]}

    def _parse(self, rows: Iterable[AnyRow]) -> None:
        for row in rows:
            body = from_json(DocumentKind.PRODUCT, row.body)
            if isinstance(body, Product):
                self._read[row.hash] = body.variants


def _shop_values(shop: Shop) -> dict[str, Any]:
    return {
        "slug": shop.slug,
        "name": shop.name,
        "currency": shop.currency,
        "languages": list(shop.languages),
        "settings": shop.settings,
    }


def _to_shop(row: AnyRow) -> Shop:
    return Shop(row.id, row.slug, row.name, row.currency, tuple(row.languages), row.settings, row.created_at)


def _revision_of(shop_id: str, number: int) -> Any:
    return select(revisions).where(revisions.c.shop_id == shop_id, revisions.c.number == number)


def _to_revision(row: AnyRow, *, serving: int, changes: Changes | None = None) -> Revision:
    stored = Changes(row.added, row.changed, row.removed, row.unchanged)
    return Revision(
        row.number,
        row.state,
        row.number == serving,
        changes or stored,
        row.created_at,
        row.published_at,
        row.note,
        row.author,
        row.edits,
        row.checked,
    )
