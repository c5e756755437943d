"""KnowledgeBase: what a merchant does with a shop's knowledge, as single operations."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from knowledge.catalog import Product
from knowledge.entries import CONSOLE, EntryStore
from knowledge.errors import UnknownShop
from knowledge.gaps import GapStore
from knowledge.importing import MAX_BYTES, FileResult, read_files
from knowledge.importing.currency_spoken import currency_spoken_of
from knowledge.importing.mapping import ColumnMapping, check_columns
from knowledge.importing.problems import KEPT_PER_CODE, Problem, Report
from knowledge.importing.reading import NamedBytes
from knowledge.importing.recognition import is_chinese
from knowledge.importing.refusals import refused
from knowledge.pinned import PinnedStore
from knowledge.store import Changes, Document, KnowledgeStore, Shop, SourceDocuments

Prepare = Callable[[str, Sequence[Document]], Awaitable[object]]
"""Called before a shop's documents are published: sees that the index answers, and embeds ahead what is little work."""

Follow = Callable[[str], Awaitable[object]]
"""Called with the shop's id once a revision serves: embeds the rest. Until that is done the rest is found by its words."""


async def _nothing_follows(shop_id: str) -> None:
    """Where everything was embedded ahead."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, by file and in all. Counts are of what these files hold after merging their rows."""

    files: tuple[FileResult, ...]
    products: int
    variants: int
    faq_entries: int
    documents: tuple[Document, ...]
    changes: Changes
    problems: tuple[Problem, ...]
    version: int
    """The serving revision afterwards; of a draft import the draft's number; of a dry run the one that serves."""
    offers: int = 0
    """Live offers whose price or stock changed by a table of prices and stock; these need no revision."""


class MerchantStore(KnowledgeStore, EntryStore, GapStore, PinnedStore, Protocol):
    """Everything that a merchant's operations need of the database."""


class KnowledgeBase:
    """Every operation names its shop; nothing crosses."""

    def __init__(
        self,
        store: MerchantStore,
        prepare: Prepare,
        clock: Callable[[], datetime],
        follow: Follow = _nothing_follows,
        *,
        max_file_bytes: int = MAX_BYTES,
    ) -> None:
        """`max_file_bytes`: the largest file that is imported."""
        self.max_file_bytes = max_file_bytes
        self.store = store
        self._prepare = prepare
        self._clock = clock
        self._follow = follow

    async def shop(self, slug: str) -> Shop:
        """Raises UnknownShop."""
        shop = await self.store.shop(slug)
        if shop is None:
            raise UnknownShop(f"There is no shop '{slug}'; 'zhanggui shop list' shows the shops there are.")
        return shop

    async def create_shop(self, slug: str, name: str = "", currency: str = "USD", languages: Sequence[str] = ("en", "zh")) -> Shop:
        """A new, empty shop. Raises ShopExists."""
        shop = Shop(
            id=secrets.token_hex(8),
            slug=slug,
            name={"und": name or slug},
            currency=currency,
            languages=tuple(languages),
            created_at=self._clock(),
        )
        await self.store.create_shop(shop)
        return shop

    async def suit(
        self, shop: Shop, paths: Sequence[Path], *, kind: str = "auto", source: str | None = None, mapping: ColumnMapping | None = None
    ) -> Shop:
        """Gives a new, empty shop the currency that most prices in the files are in, so that rows and customers without a currency mean it.
        A table with Chinese headers and bare figures means yuan; bare figures elsewhere mean what the shop's own rules speak of. Raises
        UnreadableFile."""
        results = await self._read(shop, paths, kind, source, mapping)
        chosen = _mostly_priced_in(results, shop.currency)
        if chosen == shop.currency and (said := currency_spoken_of(results)) not in ("", shop.currency):
            # What states its currency keeps it when read again; bare figures take the one assumed.
            chosen = _mostly_priced_in(await self._read(replace(shop, currency=said), paths, kind, source, mapping), said)
        if chosen == shop.currency:
            return shop
        _, suited = await self.store.change_shop(shop.id, lambda now: replace(now, currency=chosen))
        return suited

    async def import_files(
        self,
        shop: Shop,
        paths: Sequence[Path],
        *,
        kind: str = "auto",
        source: str | None = None,
        dry_run: bool = False,
        draft: bool = False,
        overwrite: bool = False,
        by: str = "",
        mapping: ColumnMapping | None = None,
    ) -> ImportReport:
        """Reads the files and puts what they hold into the draft, then publishes it (unless `draft`). A source that is imported again
        replaces what it brought before; what people edited or deleted by hand stays and becomes a finding, unless `overwrite`. `mapping`: what columns mean, remembered for
        these sources. Raises UnreadableFile before anything is written, and RevisionConflict while a draft of somebody
        else's waits that this would publish along."""
        results = await self._read(shop, paths, kind, source, mapping)
        report = await self.take_in(shop, results, dry_run=dry_run, draft=draft, overwrite=overwrite, by=by)
        if mapping and not dry_run:
            for name in dict.fromkeys(result.source for result in results if result.proposal is not None):
                remembered = (await self.mappings(shop)).get(name, ColumnMapping())
                await self.store.save_mapping(shop.id, name, remembered.with_(mapping).as_json())
        return report

    async def read(
        self,
        shop: Shop,
        files: Sequence[Path | NamedBytes],
        *,
        kind: str = "auto",
        source: str | None = None,
        mapping: ColumnMapping | None = None,
    ) -> list[FileResult]:
        """What the files hold, for `take_in`. `mapping`: what columns mean, beside what is remembered. Raises UnreadableFile, InvalidMapping."""
        return await self._read(shop, files, kind, source, mapping)

    async def mappings(self, shop: Shop) -> dict[str, ColumnMapping]:
        """What the merchant said of the columns of each source."""
        sources = await self.store.sources(shop.id)
        return {source.name: ColumnMapping.from_json(source.mapping) for source in sources if source.mapping}

    async def _read(
        self, shop: Shop, files: Sequence[Path | NamedBytes], kind: str, source: str | None, mapping: ColumnMapping | None
    ) -> list[FileResult]:
        """The files, columns meaning what was said of them now (`mapping`) or at an earlier import. Raises UnreadableFile, InvalidMapping."""
        mappings = await self.mappings(shop) | {"": mapping or ColumnMapping()}
        results = await asyncio.to_thread(
            read_files,
            files,
            kind=kind,
            source=source,
            shop_currency=shop.currency,
            shop_languages=shop.languages,
            now=self._clock(),
            mappings=mappings,
            max_bytes=self.max_file_bytes,
        )
        if mapping:
            check_columns(mapping, [result.given or result.header for result in results])
        return results

    async def take_in(
        self,
        shop: Shop,
        results: Sequence[FileResult],
        *,
        dry_run: bool = False,
        draft: bool = False,
        overwrite: bool = False,
        by: str = "",
    ) -> ImportReport:
        """`import_files` from what was read already."""
        files = tuple(results)
        tables = [result for result in files if result.kind == "offers"]
        results = [result for result in files if result.kind != "offers"]
        offers = await self._offered(shop, tables, dry_run)
        documents = tuple(document for result in results for document in result.documents)
        if not results:
            changes, version = Changes(), (await self.store.state(shop.id)).revision
        elif dry_run:
            given = [
                SourceDocuments(name, [document for result in group for document in result.documents])
                for name, group in _by_source(results).items()
            ]
            changes = await self.store.foresee(shop.id, given, overwrite=overwrite)
            version = (await self.store.state(shop.id)).revision
        elif any(result.source == CONSOLE for result in results):
            raise refused("reserved_source", CONSOLE)
        else:
            changes, version = await self._staged(shop, results, draft, overwrite, by)
        return ImportReport(
            files=files,
            products=sum(result.products for result in results),
            variants=sum(result.variants for result in results),
            faq_entries=sum(result.faq_entries for result in results),
            documents=documents,
            changes=changes,
            problems=(*(problem for result in files for problem in result.problems), *_kept(results, changes)),
            version=version,
            offers=offers,
        )

    async def _offered(self, shop: Shop, tables: Sequence[FileResult], dry_run: bool) -> int:
        """Changes live offers by tables of prices and stock; rows whose SKU the shop does not have become findings. How many changed."""
        changed = 0
        for table in tables:
            rows = {row.patch.sku: row for row in table.offers}
            if dry_run:
                known = await self.store.offers(shop.id, list(rows))
                refused = [(sku, "") for sku in rows if sku not in known]
            else:
                changes = await self.store.patch_offers(shop.id, [row.patch for row in table.offers], whole=False)
                changed += len(changes.changed)
                refused = [*((sku, "") for sku in changes.unknown), *changes.refused]
            for sku, reason in refused:
                row, message = rows[sku], reason or f"The shop has no goods with the SKU “{sku[:60]}”; import them as products first."
                code = "offer_refused" if reason else "sku_unknown"
                if len(table.problems) >= KEPT_PER_CODE:
                    break
                table.problems.append(Problem(table.path, row.row, row.column, code, message, rejects=True, value=sku[:60]))
            table.rejected += len(refused)
            table.accepted -= len(refused)
        return changed

    async def _staged(self, shop: Shop, results: Sequence[FileResult], draft: bool, overwrite: bool, by: str) -> tuple[Changes, int]:
        given = [
            SourceDocuments(name, [document for result in group for document in result.documents], group[0].format)
            for name, group in _by_source(results).items()
        ]
        if draft:
            total = Changes()
            for source in given:
                total += await self.store.stage(shop.id, source.name, source.documents, format=source.format, overwrite=overwrite, by=by)
            revision = await self.store.draft(shop.id)
            return total, revision.number if revision else (await self.store.state(shop.id)).revision
        # Vectors are addressed by their text and harm nothing if this process dies before or after the one transaction that publishes.
        await self._prepare(shop.id, [document for source in given for document in source.documents])
        total, published = await self.store.stage_and_publish(shop.id, given, overwrite=overwrite, by=by)
        await self._follow(shop.id)
        return total, published.number


def _mostly_priced_in(results: Sequence[FileResult], assumed: str) -> str:
    """The currency of most prices, `assumed` without any."""
    prices = Counter(
        "CNY" if price.currency == assumed and is_chinese(result.header) else price.currency
        for result in results
        for document in result.documents
        if isinstance(document.body, Product)
        for variant in document.body.variants
        if (price := variant.offer.regular or variant.offer.sale)
    )
    return prices.most_common(1)[0][0] if prices else assumed


def _by_source(results: Sequence[FileResult]) -> dict[str, list[FileResult]]:
    groups: dict[str, list[FileResult]] = {}
    for result in results:
        groups.setdefault(result.source, []).append(result)
    return groups


def _kept(results: Sequence[FileResult], changes: Changes) -> list[Problem]:
    """A finding for each entry that people edited by hand and that a file brings otherwise."""
    paths = {(document.kind, document.id): result.path for result in results for document in result.documents}
    report = Report("")
    for kind, id in changes.kept:
        report.path = paths.get((kind, id), "")
        report.warn(None, "", "edited_by_hand", value=id)
    return report.problems
