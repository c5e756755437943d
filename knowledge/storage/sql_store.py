"""KnowledgeStore on SQLAlchemy, for SQLite and PostgreSQL alike."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.catalog import LiveOffer, OfferPatch, Product, Variant, utc_now
from knowledge.documents import from_json, to_json
from knowledge.errors import RevisionConflict, ShopExists, UnknownShop
from knowledge.storage import live_offers as offer_rows
from knowledge.storage import revision_rows
from knowledge.storage.columns import AnyRow, new_id, upsert
from knowledge.storage.engine import Engine
from knowledge.storage.tables import documents, gap_questions, gaps, live_offers, revisions, shops, sources
from knowledge.store import Changes, Document, DocumentKind, Gap, OfferChanges, Revision, Shop, ShopState, SourceDocuments

_PAGE = 1_000
"""Documents fetched in one statement."""

_LONGEST_QUESTION = 500
"""Characters kept of a question that could not be answered."""

# Asked in every turn, so built once: building a statement costs more than running it.
_SHOP_BY_ID = select(shops).where(shops.c.id == bindparam("b_id"))
_SHOP_BY_SLUG = select(shops).where(shops.c.slug == bindparam("b_id"))
_STATE = select(shops.c.serving, shops.c.offers_version).where(shops.c.id == bindparam("b_id"))


class SqlKnowledgeStore:
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

    async def delete_shop(self, shop_id: str) -> None:
        """Rows of both packages go by their foreign keys."""
        async with self._engine.write() as connection:
            await connection.execute(delete(shops).where(shops.c.id == shop_id))

    # ── revisions ──

    async def stage(self, shop_id: str, source: str, documents: Sequence[Document], *, format: str = "", replace: bool = True) -> Changes:
        """See the port. Most of the work is done before the write begins, so that others wait little."""
        async with self._engine.read() as connection:
            glance = await revision_rows.open_rows(connection, shop_id)
        staging = revision_rows.plan(source, documents, glance, replace)
        if not staging.needs_draft and not staging.moved and await self.shop_by_id(shop_id):
            return staging.changes
        changing = (*staging.added.values(), *staging.changed.values())
        bodies = await asyncio.to_thread(lambda: {id(document): to_json(document.body) for document in changing})
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            return await self._stage(connection, shop, SourceDocuments(source, documents, format), bodies, replace)

    async def _stage(
        self, connection: AsyncConnection, shop: AnyRow, given: SourceDocuments, bodies: Mapping[int, str], replace: bool = True
    ) -> Changes:
        """`bodies`: JSON by the document's `id()`, as far as it was made ahead."""
        present = await revision_rows.open_rows(connection, shop.id)
        staging = revision_rows.plan(given.name, given.documents, present, replace)
        await revision_rows.move_to_source(connection, shop.id, given.name, staging.moved)
        if staging.needs_draft:
            number = await revision_rows.open_draft(connection, shop, self._clock())
            await revision_rows.write_staging(
                connection,
                shop.id,
                given.name,
                number,
                staging,
                present,
                lambda document: bodies.get(id(document)) or to_json(document.body),
            )
        about = {"format": given.format, "documents": len(given.documents), "imported_at": self._clock()}
        await upsert(connection, sources, ("shop_id", "name"), {"shop_id": shop.id, "name": given.name, **about}, about)
        return staging.changes

    async def stage_and_publish(self, shop_id: str, given: Sequence[SourceDocuments]) -> tuple[Changes, Revision]:
        """See the port."""
        async with self._engine.read() as connection:
            glance = {key: row.hash for key, row in (await revision_rows.open_rows(connection, shop_id)).items()}
        new = [d for source in given for d in source.documents if glance.get((d.kind.value, d.id)) != d.hash]
        bodies = await asyncio.to_thread(lambda: {id(document): to_json(document.body) for document in new})
        total = Changes()
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            if shop.draft is not None:
                raise RevisionConflict(
                    f"A draft (revision {shop.draft}) of shop '{shop.slug}' waits for review; publish or discard it first, or import with --draft."
                )
            for source in given:
                total += await self._stage(connection, shop, source, bodies)
                shop = await revision_rows.lock_shop(connection, shop_id)  # the first change opens the draft
            return total, await self._publish(connection, shop, "", _ProductReader())

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

    async def publish(self, shop_id: str, *, note: str = "") -> Revision:
        """See the port."""
        reader = _ProductReader()
        async with self._engine.read() as connection:  # reads bodies ahead, so that the write is short
            number = await connection.scalar(select(shops.c.draft).where(shops.c.id == shop_id))
            if number is not None:
                await reader.variants(connection, shop_id, documents.c.valid_from == number)
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            return await self._publish(connection, shop, note, reader)

    async def _publish(self, connection: AsyncConnection, shop: AnyRow, note: str, reader: "_ProductReader") -> Revision:
        if shop.draft is None:
            return await self._serving(connection, shop)
        changes = await revision_rows.draft_changes(connection, shop.id, shop.draft)
        if not (changes.added or changes.changed or changes.removed):
            await revision_rows.drop_draft(connection, shop.id, shop.draft)
            return await self._serving(connection, shop)
        return await self._serve(connection, shop, shop.draft, changes, note, reader)

    async def roll_back(self, shop_id: str, number: int) -> Revision:
        """See the port. Going back to what serves changes nothing."""
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            if shop.draft is not None:
                raise RevisionConflict("A draft is open; publish or discard it first.")
            target = (await connection.execute(_revision_of(shop_id, number))).one_or_none()
            if target is None:
                raise RevisionConflict(f"There is no revision {number} to go back to.")
            if number == shop.serving:
                return await self._serving(connection, shop)
            newest = shop.last_revision + 1
            await revision_rows.add_revision(connection, shop_id, newest, self._clock())
            await revision_rows.restore(connection, shop_id, number, newest)
            changes = await revision_rows.draft_changes(connection, shop_id, newest)
            return await self._serve(connection, shop, newest, changes, f"as revision {number}", _ProductReader())

    async def _serve(
        self, connection: AsyncConnection, shop: AnyRow, number: int, changes: Changes, note: str, reader: "_ProductReader"
    ) -> Revision:
        now = self._clock()
        began = await reader.variants(connection, shop.id, documents.c.valid_from == number)
        ended = await reader.variants(connection, shop.id, documents.c.valid_until == number)
        orphans = ended.keys() - began.keys()
        if orphans:  # the same SKU may stand in another product that stays
            staying = await reader.variants(connection, shop.id, revision_rows.valid_at(number))
            began.update((sku, staying[sku]) for sku in orphans & staying.keys())
        live = await offer_rows.read(connection, shop.id, dict.fromkeys((*began, *ended)))
        reoffer = offer_rows.republished(ended, began, live, now)
        version = shop.offers_version + (1 if reoffer.written or reoffer.removed else 0)
        await offer_rows.remove(connection, shop.id, reoffer.removed)
        await offer_rows.write(connection, shop.id, version, reoffer.written, known=live.keys())
        values = {"state": "published", "published_at": now, "note": note}
        counts = {"added": changes.added, "changed": changes.changed, "removed": changes.removed, "unchanged": changes.unchanged}
        mine = and_(revisions.c.shop_id == shop.id, revisions.c.number == number)
        await connection.execute(update(revisions).where(mine).values(**values, **counts))
        state = {"serving": number, "draft": None, "last_revision": max(number, shop.last_revision), "offers_version": version}
        await connection.execute(update(shops).where(shops.c.id == shop.id).values(**state))
        row = (await connection.execute(_revision_of(shop.id, number))).one()
        return _to_revision(row, serving=number)

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
        query = select(c.kind, c.id, c.source, c.hash, c.body).where(c.shop_id == shop_id, revision_rows.valid_at(revision))
        if kinds is not None:
            query = query.where(c.kind.in_([kind.value for kind in kinds]))
        query = query.order_by(c.kind, c.id).limit(_PAGE)
        after: tuple[str, str] | None = None
        while True:
            page = query if after is None else query.where(or_(c.kind > after[0], and_(c.kind == after[0], c.id > after[1])))
            async with self._engine.read() as connection:
                rows = (await connection.execute(page)).all()
            for document in await asyncio.to_thread(_to_documents, rows):
                yield document
            if len(rows) < _PAGE:
                return
            after = (rows[-1].kind, rows[-1].id)

    async def changed_documents(self, shop_id: str, old: int, new: int) -> tuple[list[Document], list[tuple[DocumentKind, str]]]:
        """By kind and id. A body that is the same in both is not reported, whatever lay between."""
        c = documents.c
        here, there = revision_rows.valid_at(new), revision_rows.valid_at(old)
        begun = select(c.kind, c.id, c.source, c.hash, c.body).where(c.shop_id == shop_id, here, not_(there)).order_by(c.kind, c.id)
        ended = select(c.kind, c.id, c.hash).where(c.shop_id == shop_id, there, not_(here)).order_by(c.kind, c.id)
        async with self._engine.read() as connection:
            rows = (await connection.execute(begun)).all()
            before = {(row.kind, row.id): row.hash for row in await connection.execute(ended)}
        changed = [row for row in rows if before.get((row.kind, row.id)) != row.hash]
        present = {(row.kind, row.id) for row in rows}
        gone = [(DocumentKind(kind), id) for kind, id in before if (kind, id) not in present]
        return await asyncio.to_thread(_to_documents, changed), gone

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

    async def patch_offers(self, shop_id: str, patches: Sequence[OfferPatch]) -> OfferChanges:
        """All or nothing. Raises InvalidMoney naming the SKU, UnknownShop."""
        async with self._engine.write() as connection:
            shop = await revision_rows.lock_shop(connection, shop_id)
            version = shop.offers_version + 1
            changed, unknown, wrote = await offer_rows.patch(connection, shop_id, version, patches, shop.currency, self._clock())
            if wrote:
                await connection.execute(update(shops).where(shops.c.id == shop_id).values(offers_version=version))
        return OfferChanges(tuple(changed), tuple(unknown))

    # ── gaps ──

    async def record_gap(
        self, shop_id: str, question: str, language: str, reason: str, at: datetime, product_id: str = "", conversation_id: str = ""
    ) -> None:
        """One that was answered opens again when it comes back; a dismissed one stays so and only counts."""
        question = question.strip()[:_LONGEST_QUESTION]
        values = {
            "id": new_id(),
            "shop_id": shop_id,
            "normalised": _normalised(question),
            "question": question,
            "language": language,
            "reason": reason,
            "asked": 1,
            "state": "open",
            "first_at": at,
            "last_at": at,
            "product_id": product_id,
        }
        mine = and_(gaps.c.shop_id == shop_id, gaps.c.normalised == values["normalised"])
        async with self._engine.write() as connection:
            await upsert(connection, gaps, ("shop_id", "normalised"), values, {"asked": gaps.c.asked + 1, "last_at": at, "reason": reason})
            await connection.execute(update(gaps).where(mine, gaps.c.state == "answered").values(state="open"))
            gap_id = await connection.scalar(select(gaps.c.id).where(mine))
            asked = {
                "id": new_id(),
                "shop_id": shop_id,
                "gap_id": gap_id,
                "conversation_id": conversation_id,
                "question": question,
                "at": at,
            }
            await connection.execute(insert(gap_questions).values(asked))

    async def gaps(self, shop_id: str, state: str = "open", limit: int = 100) -> list[Gap]:
        """Most frequent first."""
        c = gaps.c
        query = select(gaps).where(c.shop_id == shop_id, c.state == state).order_by(c.asked.desc(), c.last_at.desc(), c.id).limit(limit)
        async with self._engine.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Gap(row.id, row.question, row.language, row.reason, row.asked, row.state, row.first_at, row.last_at, row.product_id)
            for row in rows
        ]

    async def close(self) -> None:
        """Closes the engine."""
        await self._engine.dispose()


class _ProductReader:
    """Variants by SKU of product rows; a body read once is remembered by its hash."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Variant, ...]] = {}

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


def _normalised(question: str) -> str:
    """The question without case, width, punctuation and doubled spaces: what makes two the same gap."""
    folded = unicodedata.normalize("NFKC", question).casefold()
    kept = "".join(" " if unicodedata.category(letter)[0] in "PSZC" else letter for letter in folded)
    return " ".join(kept.split()) or folded


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
    return Revision(row.number, row.state, row.number == serving, changes or stored, row.created_at, row.published_at, row.note)


def _to_documents(rows: Sequence[AnyRow]) -> list[Document]:
    result = []
    for row in rows:
        kind = DocumentKind(row.kind)
        result.append(Document(kind, row.id, row.source, from_json(kind, row.body), row.hash))
    return result
