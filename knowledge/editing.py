"""Editing a shop's knowledge by hand, entry by entry, in the draft: put, delete, compare, history, what is stale.

What the merchant sees while editing is the newest state: the draft if there is one, else the serving revision.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import orjson
from pydantic import TypeAdapter, ValidationError

from knowledge.care import Care
from knowledge.catalog import Product
from knowledge.checking import checked, in_utc
from knowledge.documents import body_from_plain, document_of
from knowledge.entries import CONSOLE, Difference, Edit, EntryStore, Key, Version
from knowledge.errors import InvalidEntry, UnknownEntry
from knowledge.revision import Comparison, EntryChange, FieldChange, KindCounts, field_changes
from knowledge.store import Document, DocumentKind, KnowledgeStore, Revision, Shop

_CARE: TypeAdapter[Care] = TypeAdapter(Care)


class EditingStore(KnowledgeStore, EntryStore, Protocol):
    """What editing needs of the database."""


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A version of an entry, and what it changed against the one before it. `change`: added, changed or removed."""

    version: Version
    change: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry that somebody should look at. `why`: review_due, expired or not_yet (its time is still to come)."""

    document: Document
    why: str


class Editing:
    """Edits go into the draft; nothing here publishes."""

    def __init__(self, store: EditingStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    # ── reading ──

    async def newest(self, shop: Shop) -> int:
        """The number of the newest state: the draft's, else the serving revision's; 0: there is nothing yet."""
        return await self._store.newest(shop.id)

    async def entry(self, shop: Shop, kind: DocumentKind, id: str, revision: int | None = None) -> Document:
        """Of the newest state, or of that revision. Raises UnknownEntry."""
        number = await self.newest(shop) if revision is None else revision
        found = await self._store.document(shop.id, number, kind, id)
        if found is None:
            raise UnknownEntry(f"There is no {kind.value} entry '{id}' in revision {number}.")
        return found

    async def history(self, shop: Shop, kind: DocumentKind, id: str, limit: int = 100) -> list[PastVersion]:
        """Newest first. Raises UnknownEntry for one that never was."""
        versions = await self._store.history(shop.id, kind, id, limit + 1)
        if not versions:
            raise UnknownEntry(f"There never was a {kind.value} entry '{id}'.")
        older = [*versions[1:], None]
        return [_past(version, before) for version, before in zip(versions, older, strict=True)][:limit]

    async def stale(self, shop: Shop) -> list[Stale]:
        """Entries whose review is due, whose window is over, or whose window is still to come, in that order."""
        now = self._clock()
        found = []
        for document in await self._store.cared_for(shop.id, await self.newest(shop)):
            care = document.care
            if care.effective_until is not None and care.effective_until <= now:
                found.append(Stale(document, "expired"))
            elif care.overdue(now):
                found.append(Stale(document, "review_due"))
            elif not care.in_effect(now):
                found.append(Stale(document, "not_yet"))
        return sorted(found, key=lambda one: ("review_due", "expired", "not_yet").index(one.why))

    async def compare(
        self,
        shop: Shop,
        old: int | None = None,
        new: int | None = None,
        *,
        kind: DocumentKind | None = None,
        change: str = "",
        after: Key | None = None,
        limit: int = 50,
    ) -> Comparison:
        """How `new` (the newest state, if left out) differs from `old` (the serving revision): counts by kind over all, and a page of the
        entries, of one kind or change if asked for."""
        base = (await self._store.state(shop.id)).revision if old is None else old
        target = await self.newest(shop) if new is None else new
        differing = await self._store.differing(shop.id, base, target)
        held = await self._store.counts(shop.id, target)
        wanted = [
            one
            for one in differing
            if (kind is None or one.kind is kind)
            and (not change or one.change == change)
            and (after is None or (one.kind.value, one.id) > (after[0].value, after[1]))
        ]
        page = wanted[:limit]
        entries = await self._entry_changes(shop, base, target, page)
        return Comparison(base, target, _counts(differing, held), tuple(entries), len(wanted) > limit)

    async def _entry_changes(self, shop: Shop, old: int, new: int, page: Sequence[Difference]) -> list[EntryChange]:
        keys = [(one.kind, one.id) for one in page]
        before = await self._store.documents_by_key(shop.id, old, keys)
        after = await self._store.documents_by_key(shop.id, new, keys)
        found = []
        for one in page:
            was, now = before.get((one.kind, one.id)), after.get((one.kind, one.id))
            fields = field_changes(was, now) if was and now else ()
            found.append(EntryChange(one.kind, one.id, one.change, was, now, fields))
        return found

    # ── writing ──

    async def put_entry(
        self,
        shop: Shop,
        kind: DocumentKind,
        id: str,
        plain: Mapping[str, object],
        *,
        by: str = "",
        care: Care | None = None,
        expected: str | None = None,
    ) -> Document:
        """Writes an entry into the draft: new, or in place of the one of that id. `plain`: the body as JSON values, its "care" among them
        if that changes; without, the entry keeps its care. `expected`: the hash that the editor saw ("": there was none). Raises
        InvalidEntry, StaleEntry."""
        about = dict(plain)
        given = about.pop("care", None)
        about["code" if kind is DocumentKind.PROMOTION else "id"] = id
        body = checked(id, body_from_plain(kind, about))
        if isinstance(body, Product):
            await self._own_skus(shop, body)
        if care is None:
            care = care_from_plain(given) if given is not None else await self._present_care(shop, kind, id)
        document = document_of(kind, id, CONSOLE, body, care)
        await self._store.edit(shop.id, [Edit(kind, id, document, expected)], by=by)
        return document

    async def delete_entry(self, shop: Shop, kind: DocumentKind, id: str, *, by: str = "", expected: str | None = None) -> Revision | None:
        """Takes an entry out of the draft; the next import of a file that still has it does not bring it back by itself. Raises
        UnknownEntry, StaleEntry."""
        await self.entry(shop, kind, id)
        return await self._store.edit(shop.id, [Edit(kind, id, None, expected)], by=by)

    async def _present_care(self, shop: Shop, kind: DocumentKind, id: str) -> Care:
        found = await self._store.document(shop.id, await self.newest(shop), kind, id)
        return found.care if found else Care()

    async def _own_skus(self, shop: Shop, product: Product) -> None:
        newest = await self.newest(shop)
        for place, variant in enumerate(product.variants):
            for other in await self._store.find_documents(shop.id, newest, kind=DocumentKind.PRODUCT, text=variant.sku, limit=200):
                theirs = {v.sku.casefold() for v in other.body.variants} if isinstance(other.body, Product) else set()
                if other.id != product.id and variant.sku.casefold() in theirs:
                    raise InvalidEntry(f"The SKU {variant.sku} belongs to the product {other.id} already.", f"variants.{place}.sku")


def care_from_plain(value: object) -> Care:
    """Care as people write it; times without a zone are meant in UTC. Raises InvalidEntry."""
    try:
        care = in_utc(_CARE.validate_json(orjson.dumps(value)))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in ("care", *first["loc"]))
        raise InvalidEntry(f"`{field}` is not usable: {first['msg'].lower()}.", field) from None
    if care.effective_from and care.effective_until and care.effective_from >= care.effective_until:
        raise InvalidEntry("The entry's time ends before it begins.", "care.effective_until")
    return care


def _counts(differing: Sequence[Difference], held: Mapping[DocumentKind, int]) -> dict[DocumentKind, KindCounts]:
    by: dict[DocumentKind, Counter[str]] = {kind: Counter() for kind in DocumentKind}
    for one in differing:
        by[one.kind][one.change] += 1
    return {
        kind: KindCounts(n["added"], n["changed"], n["removed"], held.get(kind, 0) - n["added"] - n["changed"])
        for kind, n in by.items()
        if n or held.get(kind)
    }


def _past(version: Version, before: Version | None) -> PastVersion:
    was = before.document if before else None
    now = version.document
    if now is None:
        return PastVersion(version, "removed", ())
    if was is None:
        return PastVersion(version, "added", ())
    return PastVersion(version, "changed", field_changes(was, now))
