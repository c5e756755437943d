"""What a merchant does: import, import again, import in drafts, dry runs. On real SQLite, without vectors."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.catalog import utc_now
from knowledge.errors import RevisionConflict, ShopExists, UnknownShop, UnreadableFile
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Changes, Document, DocumentKind, Shop
from tests.contract.servers import Databases

TWO = "sku,title,price,stock\nA-1,Red kettle,19.90,3\nB-1,Blue kettle,29.90,0\n"
CHANGED = "sku,title,price,stock\nA-1,Red kettle,19.90,3\nB-1,Blue kettle,24.90,0\n"
ONE = "sku,title,price,stock\nA-1,Red kettle,19.90,3\n"


async def nothing_to_embed(shop_id: str, documents: Sequence[Document]) -> None:
    """These tests search nothing."""


@pytest.fixture
async def knowledge(databases: Databases) -> AsyncIterator[KnowledgeBase]:
    engine = await open_engine(databases.fresh("sqlite"))
    store = SqlKnowledgeStore(engine, clock=utc_now)
    yield KnowledgeBase(store, nothing_to_embed, utc_now)
    await engine.dispose()


@pytest.fixture
async def shop(knowledge: KnowledgeBase) -> Shop:
    return await knowledge.create_shop("tea", "Tea", "EUR")


def write(path: Path, text: str) -> list[Path]:
    path.write_text(text, encoding="utf-8")
    return [path]


async def test_a_second_import_changes_only_what_changed(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    first = await knowledge.import_files(shop, write(file, TWO))
    assert (first.products, first.variants, first.changes, first.version) == (2, 2, Changes(added=2), 1)
    again = await knowledge.import_files(shop, write(file, TWO))
    assert (again.changes, again.version) == (Changes(unchanged=2), 1)
    changed = await knowledge.import_files(shop, write(file, CHANGED))
    assert (changed.changes, changed.version) == (Changes(changed=1, unchanged=1), 2)
    assert (await knowledge.store.offers(shop.id, ["B-1"]))["B-1"].offer.regular.minor == 2490  # type: ignore[union-attr]
    fewer = await knowledge.import_files(shop, write(file, ONE))
    assert fewer.changes == Changes(removed=1, unchanged=1)
    assert await knowledge.store.offers(shop.id, ["B-1"]) == {}


async def test_other_sources_stay(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path) -> None:
    await knowledge.import_files(shop, write(tmp_path / "a.csv", TWO))
    await knowledge.import_files(shop, write(tmp_path / "b.csv", "sku,title,price\nC-1,Green kettle,9.90\n"))
    report = await knowledge.import_files(shop, write(tmp_path / "a.csv", ONE))
    documents = [d async for d in knowledge.store.documents(shop.id, report.version, [DocumentKind.PRODUCT])]
    assert {document.id for document in documents} == {"A-1", "C-1"}


async def test_a_dry_run_writes_nothing_and_says_the_same(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path) -> None:
    await knowledge.import_files(shop, write(tmp_path / "a.csv", TWO))
    dry = await knowledge.import_files(shop, write(tmp_path / "a.csv", CHANGED), dry_run=True)
    assert dry.changes == Changes(changed=1, unchanged=1)
    assert (await knowledge.store.state(shop.id)).revision == dry.version == 1
    assert await knowledge.store.draft(shop.id) is None
    assert (await knowledge.import_files(shop, write(tmp_path / "a.csv", CHANGED))).changes == dry.changes


async def test_a_draft_waits_and_is_not_published_by_somebody_elses_import(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path) -> None:
    await knowledge.import_files(shop, write(tmp_path / "a.csv", TWO))
    draft = await knowledge.import_files(shop, write(tmp_path / "a.csv", CHANGED), draft=True)
    assert (await knowledge.store.state(shop.id)).revision == 1 != draft.version
    with pytest.raises(RevisionConflict, match="publish or discard"):
        await knowledge.import_files(shop, write(tmp_path / "b.csv", ONE))
    assert (await knowledge.store.offers(shop.id, ["B-1"]))["B-1"].offer.regular.minor == 2990  # type: ignore[union-attr]


async def test_an_unreadable_file_writes_nothing(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x00\x01\x02" * 100)
    with pytest.raises(UnreadableFile):
        await knowledge.import_files(shop, [*write(tmp_path / "a.csv", TWO), tmp_path / "x.csv"])
    assert (await knowledge.store.state(shop.id)).revision == 0
    assert await knowledge.store.draft(shop.id) is None


async def test_shops_have_their_own_knowledge(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path) -> None:
    other = await knowledge.create_shop("coffee")
    await knowledge.import_files(shop, write(tmp_path / "a.csv", TWO))
    assert (await knowledge.store.state(other.id)).revision == 0
    assert await knowledge.store.offers(other.id, ["A-1"]) == {}
    await knowledge.import_files(other, write(tmp_path / "a.csv", CHANGED))
    assert (await knowledge.store.offers(shop.id, ["B-1"]))["B-1"].offer.regular.minor == 2990  # type: ignore[union-attr]
    with pytest.raises(ShopExists):
        await knowledge.create_shop("tea")
    with pytest.raises(UnknownShop, match="zhanggui shop list"):
        await knowledge.shop("cocoa")


async def test_an_import_that_dies_before_its_end_leaves_what_was(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path) -> None:
    await knowledge.import_files(shop, write(tmp_path / "a.csv", TWO))

    async def dies(shop_id: str, documents: Sequence[Document]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await KnowledgeBase(knowledge.store, dies, utc_now).import_files(shop, write(tmp_path / "a.csv", CHANGED))
    assert (await knowledge.store.state(shop.id)).revision == 1
    assert await knowledge.store.draft(shop.id) is None
    again = await knowledge.import_files(shop, write(tmp_path / "a.csv", CHANGED))
    assert (again.version, again.changes) == (2, Changes(changed=1, unchanged=1))


async def test_two_imports_at_once_are_two_whole_ones(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path) -> None:
    both = [write(tmp_path / "a.csv", TWO), write(tmp_path / "b.csv", "sku,title,price\nC-1,Green kettle,9.90\n")]
    reports = await asyncio.gather(*(knowledge.import_files(shop, paths) for paths in both))
    assert {report.version for report in reports} == {1, 2}
    documents = [d async for d in knowledge.store.documents(shop.id, 2, [DocumentKind.PRODUCT])]
    assert {document.id for document in documents} == {"A-1", "B-1", "C-1"}
    assert await knowledge.store.draft(shop.id) is None
