"""Entries answer inside their time alone: the view changes at the moment that an entry's time begins or ends, without a revision."""

from datetime import datetime, timedelta

import pytest

from knowledge.care import Care
from knowledge.documents import document_of, kind_of
from knowledge.faq import FaqEntry
from knowledge.store import Body, Document
from retrieval.retriever import Query
from retrieval.search import Retriever
from tests.builders import NOW, a_product
from tests.unit.retrieval.conftest import Bench

HOUR = timedelta(hours=1)
SALE = FaqEntry("sale", {"en": "Is there a spring sale on kettles?"}, {"en": "Yes, until Sunday."})
KETTLE, MUG = a_product("kettle", "Copper Kettle"), a_product("mug", "Tea Mug")


def cared(body: Body, care: Care) -> Document:
    return document_of(kind_of(body), getattr(body, "id", ""), "feed", body, care)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def served(bench: Bench, clock: Clock, *documents: Document) -> Retriever:
    await bench.store.stage(bench.shop.id, "feed", documents)
    await bench.publisher.publish(bench.shop.id)
    return Retriever(bench.store, bench.indexes, bench.embedder, clock=clock)


async def found(bench: Bench, retriever: Retriever, text: str) -> set[str]:
    evidence = await retriever.search(await retriever.view(bench.shop), Query(text))
    return {hit.id for hits in (evidence.products, evidence.faq) for hit in hits}


async def test_an_entry_is_found_from_its_beginning_to_its_end(bench: Bench, clock: Clock) -> None:
    window = Care(effective_from=NOW + HOUR, effective_until=NOW + 2 * HOUR)
    retriever = await served(bench, clock, cared(SALE, window), cared(KETTLE, Care()), cared(MUG, Care(effective_until=NOW + HOUR)))
    seen = []
    for step in (0, 0.999, 1, 1.999, 2, 3):
        clock.now = NOW + step * HOUR
        seen.append((await found(bench, retriever, SALE.question["en"]) & {"sale"}, set((await retriever.view(bench.shop)).products)))
    assert [bool(sale) for sale, _ in seen] == [False, False, True, True, False, False]
    assert [products == {"kettle", "mug"} for _, products in seen] == [True, True, False, False, False, False]


async def test_a_start_in_the_middle_of_a_time_sees_it(bench: Bench, clock: Clock) -> None:
    clock.now = NOW + 1.5 * HOUR
    retriever = await served(bench, clock, cared(SALE, Care(effective_from=NOW + HOUR)), cared(KETTLE, Care()))
    assert "sale" in await found(bench, retriever, SALE.question["en"])


async def test_a_draft_is_seen_beside_what_serves_and_embeds_only_what_is_new(bench: Bench, clock: Clock) -> None:
    retriever = await served(bench, clock, cared(KETTLE, Care()))
    await retriever.view(bench.shop)
    await bench.store.stage(
        bench.shop.id,
        "faq",
        [cared(SALE, Care()), cared(FaqEntry("late", {"en": "Later?"}, {"en": "Yes."}), Care(effective_from=NOW + HOUR))],
    )
    draft = await bench.store.draft(bench.shop.id)
    assert draft is not None
    documents = [document async for document in bench.store.documents(bench.shop.id, draft.number)]
    bench.embedder.embedded.clear()
    view = await retriever.view_of(bench.shop, documents, [])
    assert set(view.faq) == {"sale"} and set(view.products) == {"kettle"}
    assert not any("Kettle" in text for text in bench.embedder.embedded if "spring" not in text)
    assert {hit.id for hit in (await retriever.search(view, Query(SALE.question["en"]))).faq} == {"sale"}
    assert view.revision < 0 and view.revision != (await retriever.view_of(bench.shop, documents, [])).revision
    assert set((await retriever.view(bench.shop)).faq) == set()
