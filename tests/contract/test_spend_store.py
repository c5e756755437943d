"""SpendStore, the same on SQLite and PostgreSQL: sums that many processes add to at once, and caps that they cannot pass together."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot.language_model.spending import Payment, Spent
from bot.language_model.usage import Usage
from bot.storage.sql_spending import SqlSpendStore
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Shop

ONE = Payment("t", "2026-03-31", "USD", 10)


@dataclass
class Replicas:
    """Three processes' worth of connections to one database."""

    stores: list[SqlSpendStore]
    knowledge: SqlKnowledgeStore

    async def spent(self, first: str = "2026-03-01", last: str = "2026-03-31", shop: str = "t", currency: str = "USD") -> Spent:
        return await self.stores[0].spent(shop, currency, first, last)


@pytest.fixture
async def replicas(database_url: str) -> AsyncIterator[Replicas]:
    engines = [await open_engine(database_url) for _ in range(3)]
    knowledge = SqlKnowledgeStore(engines[0])
    for slug in ("tea", "bikes"):
        await knowledge.create_shop(Shop(slug[0], slug, {"en": slug.title()}))
    yield Replicas([SqlSpendStore(engine) for engine in engines], knowledge)
    for engine in engines:
        await engine.dispose()


async def test_a_call_is_paid_before_and_settled_after(replicas: Replicas) -> None:
    store = replicas.stores[0]
    assert await replicas.spent() == Spent()
    assert await store.pay(ONE, {}) is None
    assert await replicas.spent() == Spent(nanos=10, calls=1), "a process that dies now has spent the most"
    await store.settle(ONE, Usage(120, 7), 4, made=True)
    assert await replicas.spent() == Spent(nanos=4, calls=1, tokens_in=120, tokens_out=7)
    await store.pay(ONE, {})
    await store.settle(ONE, Usage(50, 5, estimated=True), 2, made=True)
    assert await replicas.spent() == Spent(nanos=6, calls=2, estimated=1, tokens_in=170, tokens_out=12)
    await store.pay(ONE, {})
    await store.settle(ONE, Usage(), 0, made=False)
    assert await replicas.spent() == Spent(nanos=6, calls=2, estimated=1, tokens_in=170, tokens_out=12), "refused by its server: no call"


async def test_many_at_once_near_the_cap_do_not_pass_it(replicas: Replicas) -> None:
    """60 payments of 10 at once from three replicas, with room for 7."""
    paid = await asyncio.gather(*(store.pay(ONE, {"month": 79}) for store in replicas.stores for _ in range(20)))
    assert (paid.count(None), paid.count("month")) == (7, 53)
    assert await replicas.spent() == Spent(nanos=70, calls=7, refused=53)


async def test_two_days_of_a_month_at_once_share_its_cap(replicas: Replicas) -> None:
    """Around midnight replicas pay on different days: rows that do not see each other."""
    days = [replace(ONE, day=f"2026-03-{day:02}") for day in range(29, 32)]
    paid = await asyncio.gather(*(store.pay(day, {"month": 40}) for store in replicas.stores for day in days for _ in range(4)))
    assert (paid.count(None), paid.count("month")) == (4, 32)
    assert (await replicas.spent()).nanos == 40


async def test_months_days_shops_and_currencies_are_apart(replicas: Replicas) -> None:
    store = replicas.stores[0]
    full = {"month": 10, "day": 10}
    assert await store.pay(ONE, full) is None
    assert await store.pay(ONE, full) == "month"
    assert await store.pay(replace(ONE, day="2026-04-01"), full) is None, "a new month"
    assert await store.pay(replace(ONE, day="2025-03-31"), full) is None, "another year"
    assert await store.pay(replace(ONE, shop_id="b"), full) is None
    assert await store.pay(replace(ONE, currency="EUR"), full) is None
    assert await store.pay(ONE, {"month": 100, "day": 10}) == "day"
    assert await store.pay(replace(ONE, day="2026-03-30"), {"month": 100, "day": 10}) is None
    assert (await replicas.spent()).refused == 2
    await replicas.knowledge.delete_shop("t")
    assert await replicas.spent() == Spent()
    assert (await replicas.spent(shop="b")).nanos == 10


@pytest.mark.parametrize("nanos", [0, 10])
async def test_a_cap_of_nothing_allows_nothing_even_what_is_free(replicas: Replicas, nanos: int) -> None:
    free = replace(ONE, nanos=nanos)
    assert await replicas.stores[0].pay(free, {"month": 0}) == "month"
    assert await replicas.stores[0].pay(free, {"month": 100, "day": 0}) == "day"
    assert await replicas.spent() == Spent(refused=2)


async def test_sums_are_exact_far_beyond_what_anybody_spends(replicas: Replicas) -> None:
    much = replace(ONE, nanos=10**17)  # a hundred million
    for _ in range(5):
        assert await replicas.stores[0].pay(much, {"month": 10**18}) is None
    await replicas.stores[0].settle(much, Usage(10**10, 10**9), 10**17 + 1, made=True)
    assert (await replicas.spent()).nanos == 5 * 10**17 + 1
