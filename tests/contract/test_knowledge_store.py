"""KnowledgeStore, the same on SQLite and PostgreSQL: revisions are ranges of rows, readers see one of them, offers live beside."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.catalog import Attribute, Availability, AvailabilityState, Offer, OfferPatch, Product, Variant
from knowledge.documents import document_of
from knowledge.errors import InvalidMoney, RevisionConflict, ShopExists, UnknownShop
from knowledge.faq import FaqEntry
from knowledge.money import Money
from knowledge.storage.engine import Engine, open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Changes, Document, DocumentKind, KnowledgeStore, Shop, ShopState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[Engine]:
    opened = await open_engine(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def store(engine: Engine, clock: Clock) -> KnowledgeStore:
    made = SqlKnowledgeStore(engine, clock=clock)
    for slug in ("tea", "bikes"):
        await made.create_shop(Shop(slug[0], slug, {"en": slug.title(), "zh": "店"}, "USD", ("en", "zh"), {"greeting": "你好"}))
    return made


def price(amount: int | None, currency: str = "USD") -> Money | None:
    return None if amount is None else Money(amount, currency)


def product(
    id: str, regular: int | None = 1990, stock: int | None = 10, *, sale: int | None = None, title: str = "Kettle", **offer: object
) -> Document:
    made = Offer(price(regular), price(sale), **offer)  # type: ignore[arg-type]
    variant = Variant(f"{id}-1", (Attribute("Colour", "红"),), made, Availability.of(stock))
    return document_of(DocumentKind.PRODUCT, id, "feed", Product(id, {"en": title}, (variant,)))


def faq(id: str, answer: str = "Yes.") -> Document:
    return document_of(DocumentKind.FAQ, id, "feed", FaqEntry(id, {"en": f"{id}?"}, {"en": answer}))


async def published(store: KnowledgeStore, *documents: Document, shop: str = "t", source: str = "feed") -> int:
    await store.stage(shop, source, documents)
    return (await store.publish(shop)).number


async def seen(store: KnowledgeStore, revision: int, shop: str = "t", kinds: Sequence[DocumentKind] | None = None) -> list[Document]:
    return [document async for document in store.documents(shop, revision, kinds)]


async def keys(store: KnowledgeStore, revision: int, shop: str = "t") -> set[str]:
    return {document.id for document in await seen(store, revision, shop)}


# ── shops ──


async def test_a_shop_is_found_by_slug_and_id_as_it_was_given(store: KnowledgeStore):
    shop = await store.shop("tea")
    assert shop == await store.shop_by_id("t")
    assert shop is not None
    assert (shop.name, shop.languages, shop.settings, shop.created_at) == (
        {"en": "Tea", "zh": "店"},
        ("en", "zh"),
        {"greeting": "你好"},
        NOW,
    )
    assert await store.shop("coffee") is None
    assert {one.slug for one in await store.shops()} == {"tea", "bikes"}


async def test_a_slug_is_given_once(store: KnowledgeStore):
    with pytest.raises(ShopExists, match="tea"):
        await store.create_shop(Shop("x", "tea", {"en": "Other"}))
    bikes = await store.shop("bikes")
    assert bikes is not None
    with pytest.raises(ShopExists):
        await store.update_shop(replace(bikes, slug="tea"))


async def test_a_shop_is_changed(store: KnowledgeStore):
    tea = await store.shop("tea")
    assert tea is not None
    await store.update_shop(replace(tea, currency="CNY", settings={"wait_minutes": 2}))
    changed = await store.shop("tea")
    assert changed is not None
    assert (changed.currency, changed.settings) == ("CNY", {"wait_minutes": 2})
    with pytest.raises(UnknownShop):
        await store.update_shop(replace(tea, id="nobody", slug="nobody"))


async def test_of_two_who_change_a_shop_at_once_the_second_sees_the_first(store: KnowledgeStore):
    def counting(shop: Shop) -> Shop:
        return replace(shop, settings={"count": int(str(shop.settings.get("count", 0))) + 1})

    changes = await asyncio.gather(*(store.change_shop("t", counting) for _ in range(8)))
    assert sorted(after.settings["count"] for _, after in changes) == list(range(1, 9))
    assert (found := await store.shop("tea")) is not None and found.settings == {"count": 8}

    def refusing(shop: Shop) -> Shop:
        raise ValueError("not so")

    with pytest.raises(ValueError, match="not so"):
        await store.change_shop("t", refusing)
    with pytest.raises(UnknownShop):
        await store.change_shop("nobody", counting)
    assert await store.shop("tea") == found


async def test_what_needs_a_shop_says_that_there_is_none(store: KnowledgeStore):
    for work in (store.state("x"), store.publish("x"), store.stage("x", "feed", [faq("a")]), store.stage("x", "feed", [])):
        with pytest.raises(UnknownShop):
            await work


async def test_a_deleted_shop_takes_all_of_its_own_and_nothing_else(store: KnowledgeStore):
    for shop in ("t", "b"):
        await published(store, product("p"), faq("q"), shop=shop)
        await store.record_gap(shop, "Is it blue?", "en", "no_fact", NOW)
    await store.delete_shop("t")
    assert await store.shop("tea") is None
    assert await seen(store, 1, "t") == []
    assert await store.offers("t", ["p-1"]) == {}
    assert await keys(store, 1, "b") == {"p", "q"}
    assert list(await store.offers("b", ["p-1"])) == ["p-1"]
    assert len(await store.gaps("b")) == 1


# ── revisions ──


async def test_a_draft_is_invisible_until_it_is_published(store: KnowledgeStore):
    assert await store.state("t") == ShopState(0, 0)
    changes = await store.stage("t", "feed", [product("p"), faq("q")])
    assert changes == Changes(added=2)
    draft = await store.draft("t")
    assert draft is not None
    assert (draft.number, draft.state, draft.current, draft.changes) == (1, "draft", False, Changes(added=2))
    assert (await store.state("t")).revision == 0
    assert await store.offers("t", ["p-1"]) == {}
    assert await seen(store, 0) == []
    revision = await store.publish("t", note="first")
    assert (revision.number, revision.state, revision.current, revision.changes, revision.note) == (
        1,
        "published",
        True,
        Changes(added=2),
        "first",
    )
    assert (await store.state("t")).revision == 1
    assert await store.draft("t") is None
    assert [document.id for document in await seen(store, 1)] == ["q", "p"]  # by kind and id: faq before product


async def test_a_document_comes_back_as_it_went_in(store: KnowledgeStore):
    document = product("p", sale=990, sale_from=NOW, sale_until=NOW + timedelta(days=1), title="红茶壶 ☕\u0000")
    await published(store, document)
    assert await seen(store, 1) == [document]
    assert await seen(store, 1, kinds=[DocumentKind.FAQ]) == []


async def test_the_same_documents_again_write_nothing(store: KnowledgeStore):
    await published(store, product("p"), faq("q"))
    assert await store.stage("t", "feed", [product("p"), faq("q")]) == Changes(unchanged=2)
    assert await store.draft("t") is None
    assert (await store.publish("t")).number == 1
    assert [revision.number for revision in await store.revisions("t")] == [1]


async def test_readers_of_an_old_revision_see_all_of_it_while_others_come(store: KnowledgeStore):
    first = [product("a"), product("b"), faq("q")]
    await published(store, *first)
    await published(store, product("a", title="Teapot"), product("c"))
    assert [(d.id, d.body) for d in await seen(store, 1)] == [(d.id, d.body) for d in sorted(first, key=lambda d: (d.kind, d.id))]
    assert await keys(store, 2) == {"a", "c"}
    revisions = await store.revisions("t")
    assert [(r.number, r.current, r.changes) for r in revisions] == [
        (2, True, Changes(added=1, changed=1, removed=2, unchanged=0)),
        (1, False, Changes(added=3)),
    ]


async def test_a_source_replaces_only_what_it_brought(store: KnowledgeStore):
    await store.stage("t", "goods.csv", [product("a"), product("b")])
    await store.stage("t", "faq.md", [faq("q")])
    await store.publish("t")
    assert await store.stage("t", "goods.csv", [product("a")]) == Changes(removed=1, unchanged=1)
    await store.publish("t")
    assert await keys(store, 2) == {"a", "q"}
    assert await store.stage("t", "goods.csv", [product("c")], replace=False) == Changes(added=1)
    assert (await store.publish("t")).changes == Changes(added=1, unchanged=2)


async def test_the_newest_import_of_an_id_owns_it(store: KnowledgeStore):
    await published(store, product("a"), source="old.csv")
    assert await store.stage("t", "new.csv", [product("a")]) == Changes(unchanged=1)
    assert await store.stage("t", "old.csv", []) == Changes()
    assert await store.stage("t", "new.csv", []) == Changes(removed=1)


async def test_of_two_documents_with_one_key_the_later_counts(store: KnowledgeStore):
    assert await store.stage("t", "feed", [faq("q", "No."), faq("q", "Yes.")]) == Changes(added=1)
    await store.publish("t")
    assert await seen(store, 1) == [faq("q", "Yes.")]


async def test_a_draft_grows_over_several_imports_and_can_be_thrown_away(store: KnowledgeStore):
    await published(store, faq("a"), faq("b"))
    await store.stage("t", "feed", [faq("a", "No."), faq("c")])
    assert await store.stage("t", "feed", [faq("a", "Maybe."), faq("c")]) == Changes(changed=1, unchanged=1)
    draft = await store.draft("t")
    assert draft is not None
    assert draft.changes == Changes(added=1, changed=1, removed=1, unchanged=0)
    assert {d.id for d in await seen(store, draft.number)} == {"a", "c"}
    await store.discard_draft("t")
    assert await store.draft("t") is None
    assert [d.hash for d in await seen(store, 1)] == [faq("a").hash, faq("b").hash]
    assert await store.stage("t", "feed", [faq("a"), faq("b")]) == Changes(unchanged=2)
    assert await published(store, faq("a")) == 3, "a number that readers may have seen is not used again"


async def test_a_draft_that_returns_to_what_is_published_is_empty(store: KnowledgeStore):
    await published(store, faq("a"), faq("b"))
    await store.stage("t", "feed", [faq("a", "No.")])
    assert await store.stage("t", "feed", [faq("a"), faq("b")]) == Changes(added=1, changed=1)
    draft = await store.draft("t")
    assert draft is not None
    assert draft.changes == Changes(unchanged=2)
    assert (await store.publish("t")).number == 1
    assert await store.draft("t") is None


async def test_going_back_is_a_new_revision_with_the_old_contents(store: KnowledgeStore):
    await published(store, product("a", 1000), product("b"))
    await published(store, product("a", 2000), product("c"))
    back = await store.roll_back("t", 1)
    assert (back.number, back.changes) == (3, Changes(added=1, changed=1, removed=1))
    assert [d.hash for d in await seen(store, 3)] == [d.hash for d in await seen(store, 1)]
    assert await keys(store, 2) == {"a", "c"}
    offers = await store.offers("t", ["a-1", "b-1", "c-1"])
    assert {sku: live.offer.regular for sku, live in offers.items()} == {"a-1": price(1000), "b-1": price(1990)}
    assert await store.changed_documents("t", 1, 3) == ([], [])


async def test_going_back_needs_no_open_draft_and_a_known_number(store: KnowledgeStore):
    await published(store, faq("a"))
    with pytest.raises(RevisionConflict, match="no revision 7"):
        await store.roll_back("t", 7)
    await store.stage("t", "feed", [faq("b")])
    with pytest.raises(RevisionConflict, match="draft"):
        await store.roll_back("t", 1)


async def test_what_changed_between_two_revisions(store: KnowledgeStore):
    await published(store, faq("a"), faq("b"), faq("c"))
    await published(store, faq("a"), faq("b", "No."), faq("d"))
    changed, gone = await store.changed_documents("t", 1, 2)
    assert [d.id for d in changed] == ["b", "d"]
    assert gone == [(DocumentKind.FAQ, "c")]
    changed, gone = await store.changed_documents("t", 2, 1)
    assert ([d.hash for d in changed], gone) == ([faq("b").hash, faq("c").hash], [(DocumentKind.FAQ, "d")])
    changed, gone = await store.changed_documents("t", 0, 2)
    assert ([d.id for d in changed], gone) == (["a", "b", "d"], [])


async def test_many_documents_are_read_page_by_page(store: KnowledgeStore):
    many = [faq(f"q{number}") for number in range(2_001)]
    await published(store, *many)
    assert [d.id for d in await seen(store, 1)] == sorted(d.id for d in many)


async def test_shops_do_not_see_each_other(store: KnowledgeStore):
    await published(store, product("p", 1000), faq("q"), shop="t")
    await published(store, product("p", 2000), shop="b")
    assert await keys(store, 1, "b") == {"p"}
    assert (await store.offers("b", ["p-1"]))["p-1"].offer.regular == price(2000)
    await store.patch_offers("b", [OfferPatch("p-1", price="5.00")])
    assert (await store.offers("t", ["p-1"]))["p-1"].offer.regular == price(1000)
    await store.stage("b", "feed", [])
    await store.publish("b")
    assert await keys(store, 1, "t") == {"p", "q"}
    assert (await store.state("t")).revision == 1
    assert await store.gaps("b") == []


async def test_imports_at_once_all_arrive(engine: Engine, store: KnowledgeStore, database_url: str):
    other_engine = await open_engine(database_url)
    other = SqlKnowledgeStore(other_engine)
    works = [one.stage("t", f"source{n}", [faq(f"q{n}")]) for n, one in enumerate((store, other) * 4)]
    await asyncio.gather(*works)
    revision, _ = await asyncio.gather(store.publish("t"), other.publish("t"))
    assert revision.number == 1
    assert await keys(store, 1) == {f"q{n}" for n in range(8)}
    await other_engine.dispose()


# ── live offers ──


async def test_publishing_writes_offers_and_says_that_they_changed(store: KnowledgeStore):
    window = {"sale_from": NOW, "sale_until": NOW + timedelta(days=1)}
    await published(store, product("a", 1990, 2, sale=990, **window))
    assert (await store.state("t")).offers_version == 1
    live = (await store.offers("t", ["a-1", "nothing"]))["a-1"]
    assert live.offer == Offer(price(1990), price(990), NOW, NOW + timedelta(days=1))
    assert live.availability == Availability(AvailabilityState.LOW, 2, NOW)
    await published(store, product("a", 1990, 2, sale=990, **window), faq("q"))
    assert (await store.state("t")).offers_version == 1


async def test_a_patch_is_live_at_once_without_a_revision(store: KnowledgeStore):
    await published(store, product("a"), product("b"))
    asked = NOW - timedelta(minutes=5)
    changes = await store.patch_offers("t", [OfferPatch("a-1", price="24.5", stock=0, as_of=asked), OfferPatch("x-1", stock=1)])
    assert (changes.changed, changes.unknown) == (("a-1",), ("x-1",))
    live = (await store.offers("t", ["a-1"]))["a-1"]
    assert live.offer.paid(NOW) == price(2450)
    assert live.availability == Availability(AvailabilityState.OUT_OF_STOCK, 0, asked)
    assert (await store.state("t")) == ShopState(1, 2)
    version, since = await store.offers_since("t", 1)
    assert (version, [one.sku for one in since]) == (2, ["a-1"])
    assert len((await store.offers_since("t", 0))[1]) == 2
    assert await store.offers_since("t", 2) == (2, [])


async def test_a_patch_that_changes_nothing_says_so(store: KnowledgeStore):
    await published(store, product("a", 1990, 10))
    before = await store.state("t")
    changes = await store.patch_offers("t", [OfferPatch("a-1", price="19.90")])
    assert changes.changed == ()
    assert await store.state("t") == before
    assert (await store.patch_offers("t", [])).changed == ()


async def test_a_patched_price_ends_the_sale_it_contradicts(store: KnowledgeStore):
    running = {"sale": 1500, "sale_until": NOW + timedelta(days=2)}
    coming = {"sale": 1500, "sale_from": NOW + timedelta(days=1)}
    await published(store, product("now", 1990, **running), product("same", 1990, **running), product("soon", 1990, **coming))
    patches = [OfferPatch("now-1", price="17.00"), OfferPatch("same-1", price="15"), OfferPatch("soon-1", price="18.00")]
    changes = await store.patch_offers("t", patches)
    assert set(changes.changed) == {"now-1", "soon-1"}
    offers = {sku: live.offer for sku, live in (await store.offers("t", ["now-1", "same-1", "soon-1"])).items()}
    assert offers["now-1"] == Offer(price(1700))
    assert offers["same-1"].listed(NOW) == price(1990)
    assert (offers["soon-1"].paid(NOW), offers["soon-1"].paid(NOW + timedelta(days=1))) == (price(1800), price(1500))
    await store.patch_offers("t", [OfferPatch("soon-1", price="14.00")])
    assert (await store.offers("t", ["soon-1"]))["soon-1"].offer.paid(NOW + timedelta(days=1)) == price(1400)


async def test_the_currency_is_the_patchs_then_the_offers_then_the_shops(store: KnowledgeStore):
    euro = document_of(DocumentKind.PRODUCT, "e", "feed", Product("e", {"en": "E"}, (Variant("e-1", offer=Offer(Money(500, "EUR"))),)))
    await published(store, euro, product("n", None), product("y", 1000))
    patches = [OfferPatch("e-1", price="6.00"), OfferPatch("n-1", price="7.00"), OfferPatch("y-1", price="800", currency="jpy")]
    await store.patch_offers("t", patches)
    offers = await store.offers("t", ["e-1", "n-1", "y-1"])
    assert [offers[sku].offer.regular for sku in ("e-1", "n-1", "y-1")] == [Money(600, "EUR"), Money(700, "USD"), Money(800, "JPY")]


@pytest.mark.parametrize(
    "patch",
    [
        OfferPatch("a-1", price="cheap"),
        OfferPatch("a-1", price="-1"),
        OfferPatch("a-1", price="1.999"),
        OfferPatch("a-1", price="NaN"),
        OfferPatch("a-1", price="1e3"),
        OfferPatch("a-1", price=""),
        OfferPatch("a-1", price="9999999999999999"),
        OfferPatch("a-1", price="5", currency="dollars"),
        OfferPatch("a-1", price="5.5", currency="JPY"),
        OfferPatch("a-1", currency="EUR"),
    ],
)
async def test_a_bad_value_names_the_sku_and_nothing_is_written(store: KnowledgeStore, patch: OfferPatch):
    await published(store, product("a"), product("b"))
    with pytest.raises(InvalidMoney, match="a-1"):
        await store.patch_offers("t", [OfferPatch("b-1", price="1.00"), patch])
    assert (await store.offers("t", ["b-1"]))["b-1"].offer.regular == price(1990)


async def test_a_later_publication_keeps_what_was_patched_unless_the_source_changed_it(store: KnowledgeStore, clock: Clock):
    await published(store, product("price", 1000, 10), product("stock", 1000, 10), product("title", 1000, 10))
    for sku in ("price-1", "stock-1", "title-1"):
        await store.patch_offers("t", [OfferPatch(sku, price="12.00", stock=1)])
    clock.pass_(hours=1)
    await published(store, product("price", 1100, 10), product("stock", 1000, 20), product("title", 1000, 10, title="Pot"))
    offers = await store.offers("t", ["price-1", "stock-1", "title-1"])
    figures = {sku: (live.offer.paid(clock.now), live.availability.quantity) for sku, live in offers.items()}
    assert figures == {"price-1": (price(1100), 1), "stock-1": (price(1200), 20), "title-1": (price(1200), 1)}
    assert offers["stock-1"].availability.as_of == clock.now


async def test_offers_go_with_their_product_but_not_while_another_has_the_sku(store: KnowledgeStore):
    twin = document_of(DocumentKind.PRODUCT, "twin", "other", Product("twin", {"en": "T"}, (Variant("a-1", offer=Offer(price(500))),)))
    await published(store, twin, source="other")
    await published(store, product("a", 1000), product("b"))
    await published(store)
    offers = await store.offers("t", ["a-1", "b-1"])
    assert {sku: live.offer.regular for sku, live in offers.items()} == {"a-1": price(500)}


async def test_many_patches_at_once(store: KnowledgeStore):
    variants = tuple(Variant(f"s{n}", offer=Offer(price(100))) for n in range(12_000))
    await published(store, document_of(DocumentKind.PRODUCT, "p", "feed", Product("p", {"en": "P"}, variants)))
    changes = await store.patch_offers("t", [OfferPatch(f"s{n}", price="2.00", stock=n) for n in range(12_000)])
    assert len(changes.changed) == 12_000
    offers = await store.offers("t", [f"s{n}" for n in range(12_000)])
    assert all(offers[f"s{n}"].availability.quantity == n for n in (1, 5_001, 11_999))


async def test_two_who_patch_at_once_both_count(store: KnowledgeStore, database_url: str):
    await published(store, product("a"), product("b"))
    other_engine = await open_engine(database_url)
    other = SqlKnowledgeStore(other_engine)
    await asyncio.gather(*(one.patch_offers("t", [OfferPatch(sku, stock=7)]) for one, sku in ((store, "a-1"), (other, "b-1"))))
    assert (await store.state("t")).offers_version == 3
    assert {live.availability.quantity for live in (await store.offers("t", ["a-1", "b-1"])).values()} == {7}
    await other_engine.dispose()


# ── gaps ──


async def test_like_questions_are_one_gap(store: KnowledgeStore):
    later = NOW + timedelta(hours=1)
    await store.record_gap("t", "Is it  BPA-free?", "en", "no_fact", NOW, product_id="p")
    await store.record_gap("t", "is it bpa free", "en", "no_fact", later)
    await store.record_gap("t", "能洗吗?", "zh", "no_fact", NOW)
    await store.record_gap("b", "is it bpa free", "en", "no_fact", NOW)
    first, second = await store.gaps("t")
    assert (first.question, first.count, first.first_at, first.last_at, first.product_id) == ("Is it  BPA-free?", 2, NOW, later, "p")
    assert (second.question, second.state) == ("能洗吗?", "open")
    assert await store.gaps("t", "answered") == []
    assert len(await store.gaps("t", limit=1)) == 1


async def test_questions_at_once_are_all_counted(store: KnowledgeStore):
    await asyncio.gather(*(store.record_gap("t", "Blue?", "en", "no_fact", NOW) for _ in range(8)))
    assert [gap.count for gap in await store.gaps("t")] == [8]
