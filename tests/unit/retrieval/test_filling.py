"""A large import serves before its vectors are made: found by words at once, by meaning in the end, by one process at a time."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.storage.leases import SqlLeases
from retrieval.filling import Filler, following
from retrieval.index import Entry
from retrieval.indexing import Publisher
from retrieval.retriever import Query
from retrieval.search import EARLY, Retriever
from tests.builders import NOW, a_product
from tests.fakes.embedder import HashingEmbedder
from tests.unit.retrieval.conftest import Bench, documents

GOODS = [a_product(f"p{n}", f"{name} number {n}") for n, name in enumerate(["Kettle", "Backpack", "Lamp", "Tent", "Pen"] * 8)]


class SlowEmbedder(HashingEmbedder):
    """Embeds documents only after `go` is set; single batches of a query are never held up."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.held = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(texts) > EARLY and not self.go.is_set():
            self.held += 1
            asyncio.run_coroutine_threadsafe(self.go.wait(), self.loop).result(timeout=30)
        return super().embed(texts)


async def publish(bench: Bench, *bodies: object) -> int:
    """As an import does: nothing is embedded before it serves."""
    await bench.store.stage(bench.shop.id, "feed", documents(*bodies))  # type: ignore[arg-type]
    return (await bench.store.publish(bench.shop.id)).number


@pytest.fixture
async def slow() -> SlowEmbedder:
    return SlowEmbedder()


def a_filler(bench: Bench, embedder: HashingEmbedder) -> Filler:
    return Filler(bench.store, bench.indexes, embedder, SqlLeases(bench.store._engine, lambda: NOW))


@pytest.mark.parametrize("resident", [60_000, 0])
async def test_new_goods_are_found_by_their_words_before_any_vector_is_made(bench: Bench, slow: SlowEmbedder, resident: int) -> None:
    await publish(bench, *GOODS)
    retriever = Retriever(bench.store, bench.indexes, slow, clock=lambda: NOW, resident=resident, filler=a_filler(bench, slow))
    async with asyncio.timeout(20):
        view = await retriever.view(bench.shop)
        early = await retriever.search(view, Query("kettle number 10"))
        assert early.products[0].id == "p10"
        index = await bench.indexes.open(bench.shop.id, slow.name, slow.dimensions)
        assert await index.count() == 0
        slow.go.set()
        whole = await retriever.whole(bench.shop)
        late = await retriever.search(whole, Query("kettle number 10"))
    assert whole.tables is not None and whole.tables.bare is None
    assert whole.revision == view.revision
    assert await index.missing([passage.hash for passage in whole.passages]) == set()
    # The first of the short list was scored as it always will be.
    assert early.products[0].score == pytest.approx(late.products[0].score, abs=1e-5)
    await retriever.stop()


async def test_what_has_its_vector_is_found_as_ever_beside_what_has_none(bench: Bench, slow: SlowEmbedder) -> None:
    slow.go.set()
    filler = a_filler(bench, slow)
    await publish(bench, *GOODS[:20])
    retriever = Retriever(bench.store, bench.indexes, slow, clock=lambda: NOW, filler=filler)
    before = await retriever.search(await retriever.whole(bench.shop), Query("tent number 13"))
    slow.go.clear()
    await publish(bench, *GOODS)
    while (view := await retriever.view(bench.shop)).revision == 1:
        await asyncio.sleep(0.01)
    assert view.tables is not None and view.tables.bare is not None and view.tables.bare.sum() == 20
    during = await retriever.search(view, Query("tent number 13"))
    assert (during.products[0].id, during.products[0].hits[0].dense) == (before.products[0].id, before.products[0].hits[0].dense)
    slow.go.set()
    assert (await retriever.whole(bench.shop)).tables.bare is None  # type: ignore[union-attr]
    await retriever.stop()


async def test_a_second_import_embeds_only_what_changed(bench: Bench) -> None:
    filler = a_filler(bench, bench.embedder)
    await publish(bench, *GOODS)
    assert await filler.fill(bench.shop.id) == len(GOODS)
    bench.embedder.embedded.clear()
    assert await filler.fill(bench.shop.id) == 0
    await publish(bench, *GOODS[1:], a_product("new", "Folding chair"))
    # Another process finds what the first one left.
    assert await a_filler(bench, bench.embedder).fill(bench.shop.id) == len(bench.embedder.embedded) > 0
    assert all("Folding" in text for text in bench.embedder.embedded)


async def test_two_processes_do_not_embed_the_same_texts(bench: Bench, slow: SlowEmbedder) -> None:
    await publish(bench, *GOODS)
    one, other = a_filler(bench, slow), a_filler(bench, bench.embedder)
    first = asyncio.create_task(one.fill(bench.shop.id))
    async with asyncio.timeout(20):
        while not slow.held:
            await asyncio.sleep(0.01)
        second = asyncio.create_task(other.fill(bench.shop.id))
        await asyncio.wait({second}, timeout=0.7)
        assert not second.done() and bench.embedder.embedded == []
        slow.go.set()
        assert (await first > 0, await second) == (True, 0)


async def test_a_dead_process_is_succeeded(bench: Bench) -> None:
    now = NOW
    leases = SqlLeases(bench.store._engine, lambda: now)
    await publish(bench, *GOODS)
    assert await leases.claim(f"embed:{bench.shop.id}", "a process that died", 30)
    filler = Filler(bench.store, bench.indexes, bench.embedder, leases)
    filling = asyncio.create_task(filler.fill(bench.shop.id))
    await asyncio.wait({filling}, timeout=0.7)
    assert not filling.done()
    from datetime import timedelta

    now = NOW + timedelta(seconds=31)
    assert await asyncio.wait_for(filling, 20) > 0


async def test_vectors_that_were_deleted_are_made_again(bench: Bench) -> None:
    filler = a_filler(bench, bench.embedder)
    await publish(bench, *GOODS)
    await filler.fill(bench.shop.id)
    await bench.indexes.drop(bench.shop.id)
    assert await a_filler(bench, bench.embedder).fill(bench.shop.id) == len(GOODS)


async def test_an_import_waits_for_its_vectors_only_so_long(bench: Bench, slow: SlowEmbedder) -> None:
    await publish(bench, *GOODS)
    filler = a_filler(bench, slow)
    async with asyncio.timeout(20):
        await following(filler, 0.05)(bench.shop.id)
        index = await bench.indexes.open(bench.shop.id, slow.name, slow.dimensions)
        assert await index.count() == 0
        slow.go.set()
        await following(filler, None)(bench.shop.id)
        assert await index.count() > 0


async def test_the_mark_goes_with_the_vectors(bench: Bench) -> None:
    index = await bench.indexes.open("x", "e", 64)
    await index.set_whole(4)
    await index.add([Entry("a", np.ones(64, dtype=np.float32) / 8)])
    assert await index.whole() == 4
    await bench.indexes.drop("x")
    assert await (await bench.indexes.open("x", "e", 64)).whole() == 0


async def test_a_draft_is_embedded_before_it_is_published(bench: Bench) -> None:
    await bench.store.stage(bench.shop.id, "feed", documents(*GOODS))
    await Publisher(bench.store, bench.indexes, bench.embedder).publish(bench.shop.id)
    bench.embedder.embedded.clear()
    assert await a_filler(bench, bench.embedder).fill(bench.shop.id) == 0
