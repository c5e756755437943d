"""`zhanggui import` and `zhanggui export`: what goes into a shop and out of it."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from bot.assembly_knowledge import knowledge_parts
from bot.commands.output import opened_for_writing
from bot.errors import InvalidInput, ZhangguiError
from bot.reports import report_json
from bot.settings import Settings
from knowledge.base import ImportReport, KnowledgeBase
from knowledge.catalog import LiveOffer, Product
from knowledge.errors import KnowledgeError
from knowledge.exporting import KINDS, kind_named, lines_of
from knowledge.importing import FileResult
from knowledge.importing.mapping import UnknownColumns, mapping_of
from knowledge.importing.rejected import corrections
from knowledge.store import Body, DocumentKind, KnowledgeStore, Shop
from retrieval.errors import RetrievalError

NEW_SHOP = "main"


async def import_paths(
    settings: Settings,
    slug: str | None,
    paths: list[Path],
    *,
    kind: str,
    source: str | None,
    dry_run: bool,
    draft: bool,
    as_json: bool,
    out: TextIO,
    overwrite: bool = False,
    said: Sequence[str] = (),
    rejected: Path | None = None,
) -> int:
    """0 done, 1 done with rejected rows, 2 unusable input; with JSON, standard output is JSON alone in each case."""
    try:
        mapping = mapping_of(said)
        async with knowledge_parts(settings) as parts:
            shop, new = await _shop_to_fill(parts.knowledge, slug)
            if new:
                shop = await parts.knowledge.suit(shop, paths, kind=kind, source=source, mapping=mapping)
            report = await parts.knowledge.import_files(
                shop, paths, kind=kind, source=source, dry_run=dry_run, draft=draft, overwrite=overwrite, mapping=mapping
            )
            tested = not (dry_run or draft) and bool(await parts.knowledge.store.pinned(shop.id))
        written = _write_rejected(report, rejected, shop.languages[0]) if rejected else []
    except (KnowledgeError, RetrievalError, ZhangguiError) as error:
        if not as_json:
            raise
        proposal = {"proposal": error.proposal.as_json()} if isinstance(error, UnknownColumns) else {}
        out.write(json.dumps(_refused(str(error)) | proposal, ensure_ascii=False) + "\n")
        return 2
    if tested:
        # Only here: asking takes the whole assistant, an import none of it.
        from bot.commands.pinned import failing, warn

        warn(shop, await failing(settings, shop))
    if as_json:
        out.write(
            json.dumps(report_json(report) | ({"rejected_files": [str(path) for path in written]} if rejected else {}), ensure_ascii=False)
        )
        out.write("\n")
    else:
        _print(out, shop, report, dry_run=dry_run, draft=draft)
        if new:
            out.write(
                f"Prices that name no currency are in {shop.currency}; another one: zhanggui shop create NAME --currency CODE, then import.\n"
            )
        for path in written:
            out.write(f"The rows that were left out stand in {path}; mend them there and import that file.\n")
    return 1 if any(result.rejected for result in report.files) else 0


def _write_rejected(report: ImportReport, target: Path, language: str) -> list[Path]:
    """The rejected rows of each file that has some: under `target` if it is the only one, else under its name with the file's own in it.
    Records that hold others become JSON Lines."""
    written = []
    files = [result for result in report.files if result.rejects]
    for result in files:
        path = target if len(files) == 1 else target.with_stem(f"{target.stem}.{Path(result.source).stem}")
        content, as_lines = corrections(result.header, result.rejects, result.problems, language)
        if as_lines and path.suffix not in (".jsonl", ".ndjson"):
            path = path.with_suffix(".jsonl")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise InvalidInput(f"{path} cannot be written ({error.strerror}); the import itself is done.") from error
        written.append(path)
    return written


async def _shop_to_fill(knowledge: KnowledgeBase, slug: str | None) -> tuple[Shop, bool]:
    """The shop, and whether this import makes it."""
    shops = await knowledge.store.shops()
    if slug is None and len(shops) == 1:
        return shops[0], False
    wanted = slug or NEW_SHOP
    found = next((shop for shop in shops if shop.slug == wanted), None)
    return (found, False) if found else (await knowledge.create_shop(wanted), True)


def _refused(sentence: str) -> dict[str, object]:
    problem = {"path": None, "row": None, "column": None, "code": "unusable", "message": sentence}
    return {
        "files": [],
        "products": 0,
        "variants": 0,
        "faq_entries": 0,
        "offers": 0,
        "passages": 0,
        "changes": {"added": 0, "changed": 0, "removed": 0, "unchanged": 0},
        "problems": [problem],
        "version": None,
        "error": sentence,
    }


def _print(out: TextIO, shop: Shop, report: ImportReport, *, dry_run: bool, draft: bool) -> None:
    for result in report.files:
        out.write(_line(result) + "\n")
    for problem in report.problems:
        place = (
            f"{problem.path}" + (f", row {problem.row}" if problem.row else "") + (f", column {problem.column}" if problem.column else "")
        )
        out.write(f"  {place}: {problem.message}\n")
    changes = report.changes
    if any(result.kind == "offers" for result in report.files):
        out.write(f"{report.offers} offers changed; answers have the new prices and stock from now on.\n")
        if all(result.kind == "offers" for result in report.files):
            return
    out.write(
        f"{report.products} products ({report.variants} variants), {report.faq_entries} FAQ entries; "
        f"{changes.added} added, {changes.changed} changed, {changes.removed} removed, {changes.unchanged} unchanged.\n"
    )
    if dry_run:
        out.write("Nothing was written: this was a dry run.\n")
    elif draft:
        out.write(f"Waits as draft revision {report.version} of shop '{shop.slug}'.\n")
    else:
        out.write(f"Shop '{shop.slug}' now answers from revision {report.version}.\n")


def _line(result: FileResult) -> str:
    rejected = f", {result.rejected} rejected" if result.rejected else ""
    return f"{result.path}: {result.format} ({result.encoding}), {result.rows} rows, {result.accepted} accepted{rejected}"


async def export(settings: Settings, slug: str | None, kind: str, target: Path) -> int:
    """Our own columns, one JSON line a variant or entry, of the published revision with the prices and stock of now."""
    wanted = kind_named(kind)
    async with knowledge_parts(settings) as parts:
        store = parts.store
        shop = await parts.knowledge.shop(slug) if slug else await _only(store)
        with opened_for_writing(target) as file:
            async for line in _published_lines(store, shop, wanted):
                file.write(line + "\n")
    return 0


async def export_dataset(settings: Settings, slug: str | None, folder: Path) -> int:
    """The shop's pinned questions with all that it publishes, as a folder for `zhanggui eval`. Raises InvalidInput without questions."""
    # Only here: an import has no use for the datasets' modules and would wait half a second for them.
    from bot.evaluation.conversation_set import pinned_line
    from bot.evaluation.datasets import PINNED, SHOP, SHOP_JSON

    async with knowledge_parts(settings) as parts:
        store = parts.store
        shop = await parts.knowledge.shop(slug) if slug else await _only(store)
        questions = await store.pinned(shop.id)
        if not questions:
            raise InvalidInput(f"Shop '{shop.slug}' has no test questions yet; pin some in the console, then export again.")
        with opened_for_writing(folder / PINNED) as file:
            file.writelines(json.dumps(pinned_line(question), ensure_ascii=False) + "\n" for question in questions)
        with opened_for_writing(folder / SHOP_JSON) as file:
            json.dump(
                {"name": shop.name, "currency": shop.currency, "languages": shop.languages, **shop.settings},
                file,
                ensure_ascii=False,
                indent=1,
            )
        for name, kind in KINDS.items():
            if lines := [f"{line}\n" async for line in _published_lines(store, shop, kind)]:
                with opened_for_writing(folder / SHOP / f"{name}.jsonl") as file:
                    file.writelines(lines)
    return 0


async def _published_lines(store: KnowledgeStore, shop: Shop, kind: DocumentKind) -> AsyncIterator[str]:
    revision = (await store.state(shop.id)).revision
    _, live = await store.offers_since(shop.id, 0)
    offers = {offer.sku: offer for offer in live}
    if revision:
        async for document in store.documents(shop.id, revision, [kind]):
            for line in lines_of(_with_live_offers(document.body, offers)):
                yield line


def _with_live_offers(body: Body, offers: Mapping[str, LiveOffer]) -> Body:
    if not isinstance(body, Product):
        return body
    now = [
        replace(variant, offer=live.offer, availability=replace(live.availability, as_of=variant.availability.as_of))
        if (live := offers.get(variant.sku))
        else variant
        for variant in body.variants
    ]
    return replace(body, variants=tuple(now))


async def _only(store: KnowledgeStore) -> Shop:
    shops = await store.shops()
    if len(shops) != 1:
        raise InvalidInput("Name the shop with --shop: " + (", ".join(shop.slug for shop in shops) or "there is none yet") + ".")
    return shops[0]
