"""From a published catalog to evidence: conditions first, then relevance; views that follow the store."""

import asyncio
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.runnables import RunnableParallel, RunnablePassthrough

from knowledge.catalog import OfferPatch
from knowledge.store import DocumentKind
from retrieval.filters import AttributeCondition, Filters
from retrieval.langchain_retriever import LangChainEmbeddings, as_langchain
from retrieval.retriever import Query, Sort
from retrieval.search import Retriever
from retrieval.view import build_view
from tests.builders import NOW, a_faq, a_policy, a_product, a_review, a_shop, a_variant, money
from tests.fakes.embedder import HashingEmbedder
from tests.unit.retrieval.conftest import Bench, documents

KETTLE = a_product(
    "kt-17",
    "Hearth KT-17E Electric Kettle | 电热水壶 KT-17E",
    a_variant("KT17-RD", options={"Colour": "Red", "颜色": "红色"}, price="39.99 USD", stock=0),
    a_variant("KT17-BK", options={"Colour": "Black", "颜色": "黑色"}, price="49.99 USD", stock=5),
    brand="Hearth",
    category="Kitchen > Kettles | 厨房 > 水壶",
    attributes={"Capacity": "1.7 L", "容量": "1.7 升", "Weight": "1.1 kg", "重量": "1.1 kg", "Material": "304 stainless steel"},
    description="Switches itself off when it boils. | 水开自动断电。",
)
BACKPACKS = [
    a_product(
        f"bp-{n}",
        f"City Backpack {n} L | 城市双肩包 {n} 升",
        a_variant(f"BP{n}-S", options={"Size": "S"}, price=f"{n}.00 USD", stock=n % 2),
        a_variant(f"BP{n}-M", options={"Size": "M"}, price=f"{n + 5}.00 USD", stock=3),
        category="Bags > Backpacks | 包袋 > 双肩包",
        rating=3.0 + n / 40,
    )
    for n in (18, 22, 28, 40)
]
PEN = a_product("pen", "Gel Pen | 中性笔", price="1.20 USD", category="Stationery | 文具")
FAQ = a_faq("ship-time", "How long does shipping take? | 多久能到货？", "Three days. | 三天。")


async def a_bench(bench: Bench) -> Bench:
    review = a_review("r-1", "KT17-BK", "The lid of this kettle broke after a month.", 2)
    await bench.publish(KETTLE, *BACKPACKS, PEN, FAQ, a_policy(), review)
    return bench


def ids(hits: object) -> list[str]:
    return [hit.id for hit in hits]  # type: ignore[attr-defined]


async def test_finds_by_words_in_both_languages(bench: Bench) -> None:
    view = await (await a_bench(bench)).view()
    for text, language in (("electric kettle", "en"), ("电热水壶", "zh")):
        found = await bench.retriever.search(view, Query(text, language))
        assert found.products[0].id == "kt-17"
        assert found.products[0].hits[0].passage.language == language
    assert (await bench.retriever.search(view, Query("多久能到货", "zh"))).faq[0].id == "ship-time"


@pytest.mark.parametrize("text", ["KT-17E", "kt17e", "KT 17E", "KT17-BK", "do you have the kt-17e?"])
async def test_a_model_number_or_sku_is_exact(bench: Bench, text: str) -> None:
    view = await (await a_bench(bench)).view()
    best = (await bench.retriever.search(view, Query(text))).products[0]
    assert best.id == "kt-17"
    assert best.hits[0].exact


async def test_conditions_hold_for_one_variant_together(bench: Bench) -> None:
    view = await (await a_bench(bench)).view()
    red = AttributeCondition(("colour",), ("red",))
    search = bench.retriever.search
    assert ids((await search(view, Query("kettle", filters=Filters(attributes=(red,))))).products) == ["kt-17"]
    gone = await search(view, Query("kettle", filters=Filters(attributes=(red,), in_stock=True)))
    assert (gone.products, gone.matching) == ((), 0)
    dear = await search(view, Query("kettle", filters=Filters(in_stock=True)))
    assert [hit.sku for hit in dear.products if hit.id == "kt-17"] == ["KT17-BK"]
    small = AttributeCondition(("size",), ("S",))
    found = await search(view, Query("backpack", filters=Filters(attributes=(small,), in_stock=True, price_max=money("30 USD"))))
    assert found.products == ()  # the small ones have even numbers of litres: none in stock


async def test_a_price_condition_is_exact_and_of_its_currency(bench: Bench) -> None:
    view = await (await a_bench(bench)).view()
    cheap = await bench.retriever.search(view, Query("backpack", filters=Filters(price_max=money("22.00 USD"), categories=("双肩包",))))
    assert set(ids(cheap.products)) == {"bp-18", "bp-22"}
    assert cheap.matching == 2
    euros = await bench.retriever.search(view, Query("backpack", filters=Filters(price_max=money("22.00 EUR"))))
    assert euros.products == ()


async def test_the_cheapest_backpack_is_no_pen(bench: Bench) -> None:
    view = await (await a_bench(bench)).view()
    found = await bench.retriever.search(view, Query("cheapest city backpack", sort=Sort.PRICE_ASC))
    assert found.products[0].id == "bp-18"
    assert "pen" not in ids(found.products)
    dearest = await bench.retriever.search(view, Query("city backpack", sort=Sort.PRICE_DESC))
    assert dearest.products[0].id == "bp-40"
    rated = await bench.retriever.search(view, Query("city backpack", filters=Filters(categories=("backpacks",)), sort=Sort.RATING))
    assert ids(rated.products) == ["bp-40", "bp-28", "bp-22", "bp-18"]


async def test_patched_offers_count_at_once(bench: Bench) -> None:
    await a_bench(bench)
    view = await bench.view()
    await bench.store.patch_offers(bench.shop.id, [OfferPatch("KT17-RD", price="9.99", stock=4), OfferPatch("BP40-M", stock=0)])
    fresh = await bench.view()
    assert fresh.revision == view.revision
    query = Query("kettle", filters=Filters(in_stock=True, price_max=money("10 USD")))
    assert [hit.sku for hit in (await bench.retriever.search(fresh, query)).products] == ["PEN", "KT17-RD"][::-1]
    assert fresh.offers["KT17-RD"].offer.paid(NOW) == money("9.99 USD")
    assert view.offers["KT17-RD"].offer.paid(NOW) == money("39.99 USD")


async def test_a_publication_shows_and_embeds_only_what_changed(bench: Bench) -> None:
    await a_bench(bench)
    first = await bench.view()
    bench.embedder.embedded.clear()
    await bench.publish(KETTLE, *BACKPACKS, a_product("mug", "Tea Mug | 茶杯"), FAQ, a_policy())
    second = await bench.view()
    assert second.revision > first.revision
    assert set(second.products) == {*(set(first.products) - {"pen"}), "mug"}
    assert sorted(bench.embedder.embedded) == ["Tea Mug", "茶杯"]
    assert first.products.keys() >= {"pen"}  # the old view is untouched


async def test_callers_share_one_load(bench: Bench) -> None:
    await a_bench(bench)
    views = await asyncio.gather(*(bench.view() for _ in range(8)))
    assert len({id(view) for view in views}) == 1


async def test_a_lost_index_is_mended(bench: Bench) -> None:
    await a_bench(bench)
    await bench.indexes.drop(bench.shop.id)
    found = await bench.retriever.search(await bench.view(), Query("electric kettle"))
    assert found.products[0].id == "kt-17"


@pytest.mark.parametrize("resident", [60_000, 0])
async def test_another_model_embeds_the_shop_once_and_says_how_far_it_is(bench: Bench, resident: int) -> None:
    await a_bench(bench)
    said: list[tuple[int, int]] = []
    other = HashingEmbedder()
    other.name = "hashing-other"
    for _ in range(2):
        retriever = Retriever(
            bench.store, bench.indexes, other, clock=lambda: NOW, resident=resident, progress=lambda done, total: said.append((done, total))
        )
        found = await retriever.search(await retriever.view(bench.shop), Query("electric kettle"))
        assert found.products[0].id == "kt-17"
        assert (await retriever.search(await retriever.view(bench.shop), Query("How long does shipping take?"))).faq[0].hits[0].dense > 0.5
        assert len(said) == 1
    assert said[0][0] == said[0][1] > len((await bench.view()).passages)  # statements of products too
    # What the first model embedded is still there.
    bench.embedder.embedded.clear()
    await Retriever(bench.store, bench.indexes, bench.embedder, clock=lambda: NOW).view(bench.shop)
    assert bench.embedder.embedded == []


async def test_a_crash_before_publication_leaves_the_old_revision(bench: Bench) -> None:
    await a_bench(bench)
    before = await bench.store.state(bench.shop.id)
    await bench.store.stage(bench.shop.id, "feed", documents(a_product("mug", "Tea Mug")))

    def fail(texts: object) -> object:
        raise MemoryError

    working, bench.embedder.embed = bench.embedder.embed, fail  # type: ignore[method-assign,assignment]
    with pytest.raises(MemoryError):
        await bench.publisher.publish(bench.shop.id)
    assert await bench.store.state(bench.shop.id) == before
    bench.embedder.embed = working  # type: ignore[method-assign]
    assert (await bench.publisher.publish(bench.shop.id)).number > before.revision
    assert set((await bench.view()).products) == {"mug"}


async def test_unused_vectors_are_collected(bench: Bench) -> None:
    await a_bench(bench)
    index = await bench.indexes.open(bench.shop.id, bench.embedder.name, bench.embedder.dimensions)
    full = await index.count()
    await bench.publish(PEN)
    assert await bench.publisher.collect(bench.shop.id, keep=5) == 0
    assert await bench.publisher.collect(bench.shop.id, keep=1) > 0
    assert await index.count() < full
    assert (await bench.retriever.search(await bench.view(), Query("gel pen"))).products[0].id == "pen"


async def test_an_empty_shop_finds_nothing(bench: Bench) -> None:
    view = await bench.view()
    assert view.revision == 0
    found = await bench.retriever.search(view, Query("anything"))
    assert (found.products, found.answerable) == ((), 0.0)
    assert await bench.retriever.facts(view, ["nobody"], "weight?", "en") == ({}, {})


async def test_facts_put_the_attribute_asked_for_first(bench: Bench) -> None:
    view = await (await a_bench(bench)).view()
    for question, language, field in (
        ("How heavy is the KT-17E?", "en", "attribute:Weight"),
        ("这个水壶的容量是多少", "zh", "attribute:容量"),
        ("what colours does it come in", "en", "option:Colour"),
    ):
        facts, answerable = await bench.retriever.facts(view, ["kt-17"], question, language)
        # The weights are learnt for the real embedder; with hashed words the property asked for is at least among the first.
        assert field in [hit.passage.field for hit in facts["kt-17"][:3]]
        assert 0 < answerable["kt-17"] < 1
    facts, _ = await bench.retriever.facts(view, ["kt-17"], "did the lid break?", "en")
    assert "review" in {hit.passage.field for hit in facts["kt-17"]}


async def test_the_index_path_finds_what_the_resident_path_finds(bench: Bench) -> None:
    await a_bench(bench)
    resident = await bench.view()
    large = Retriever(bench.store, bench.indexes, bench.embedder, clock=lambda: NOW, resident=0)
    view = await large.view(bench.shop)
    assert view.tables is not None
    assert view.tables.vectors is None
    for text in ("kettle", "双肩包", "KT-17E", "shipping"):
        for filters in (Filters(), Filters(in_stock=True), Filters(categories=("backpacks",))):
            for sort in (Sort.RELEVANCE, Sort.PRICE_ASC):
                query = Query(text, filters=filters, sort=sort)
                one, other = await bench.retriever.search(resident, query), await large.search(view, query)
                assert ids(one.products) == ids(other.products)
                assert ids(one.faq) == ids(other.faq)
                assert one.matching == other.matching


async def test_kinds_limit_what_is_searched(bench: Bench) -> None:
    view = await (await a_bench(bench)).view()
    found = await bench.retriever.search(view, Query("kettle", kinds=(DocumentKind.FAQ,)))
    assert found.products == ()
    assert found.faq


async def test_langchain_documents(bench: Bench) -> None:
    await a_bench(bench)
    found = await as_langchain(bench.retriever, bench.shop, top=3).ainvoke("electric kettle KT-17E")
    assert len(found) == 3
    assert found[0].metadata["id"] == "kt-17"
    assert found[0].metadata["kind"] == "product"
    assert found[0].metadata["score"] >= found[1].metadata["score"]
    parts = RunnableParallel(found=as_langchain(bench.retriever, bench.shop, top=1), asked=RunnablePassthrough())
    chain = parts | (lambda given: (given["asked"], given["found"][0].metadata["sku"]))
    assert await chain.ainvoke("KT-17E") == ("KT-17E", "KT17-BK")
    embeddings = LangChainEmbeddings(bench.embedder)
    np.testing.assert_allclose(embeddings.embed_query("kettle"), embeddings.embed_documents(["kettle"])[0])


PRICES = st.lists(st.integers(100, 9000), min_size=1, max_size=12)


@given(PRICES, st.integers(0, 10000), st.integers(0, 10000), st.booleans(), st.data())
def test_filters_agree_with_a_plain_reading(prices: list[int], low: int, high: int, in_stock: bool, data: st.DataObject) -> None:
    """The columns against the obvious loop over products, variants and offers."""
    stocks = data.draw(st.lists(st.integers(0, 2), min_size=len(prices), max_size=len(prices)))
    colours = data.draw(st.lists(st.sampled_from(["Red", "Blue", "Dark red"]), min_size=len(prices), max_size=len(prices)))
    products = []
    for start in range(0, len(prices), 3):
        rows = range(start, min(start + 3, len(prices)))
        variants = [a_variant(f"V{i}", options={"Colour": colours[i]}, price=f"{prices[i] / 100:.2f} USD", stock=stocks[i]) for i in rows]
        products.append(a_product(f"p{start}", "Thing", *variants))
    view = build_view(a_shop(), 1, documents(*products))
    filters = Filters(
        price_min=money(f"{low / 100:.2f} USD"),
        price_max=money(f"{high / 100:.2f} USD"),
        in_stock=in_stock,
        attributes=(AttributeCondition(("colour",), ("red",)),),
    )
    assert view.tables is not None
    matching = view.tables.catalog.matching(filters, NOW)
    wanted = {
        p.id
        for p in products
        if any(
            low <= v.offer.paid(NOW).minor <= high  # type: ignore[union-attr]
            and "red" in v.options[0].value.lower()
            and (v.availability.state.buyable or not in_stock)
            for v in p.variants
        )
    }
    assert {id for id, held in zip(view.tables.catalog.ids, matching.products, strict=True) if held} == wanted


async def test_a_sale_ends_by_the_clock(bench: Bench) -> None:
    from dataclasses import replace

    variant = a_variant("L", price="40 USD", sale="20 USD")
    variant = replace(variant, offer=replace(variant.offer, sale_until=NOW + timedelta(days=1)))
    await bench.publish(a_product("lamp", "Desk Lamp", variant))
    view = await bench.view()
    assert view.tables is not None
    query = Filters(on_sale=True, price_max=money("25 USD"))
    assert view.tables.catalog.matching(query, NOW).count == 1
    assert view.tables.catalog.matching(query, NOW + timedelta(days=2)).count == 0
