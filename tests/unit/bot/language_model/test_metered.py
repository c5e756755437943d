"""Every call is paid for: caps hold for turns at once, over months and days, and for models that fail, hang or do not tell what they take."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.errors import OverBudget, Unavailable
from bot.language_model.chat_model import ChatModel
from bot.language_model.metered import MeteredModel
from bot.language_model.spending import Budget, Caps, Payment, Period, Prices, Spending, Spent, money_text
from bot.language_model.usage import MOST_TOKENS, Usage, Used, estimated_tokens
from bot.storage.sql_spending import SqlSpendStore
from knowledge.errors import StorageUnavailable
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Shop
from tests.contract.servers import Databases
from tests.fakes.chat_model import ScriptedChatModel

ROOT = Path(__file__).parents[4]
DEAR = Prices(Decimal(1000), Decimal(2000), "EUR")
"""A thousandth for a token read, two for one written."""
MESSAGES = [("customer", "How much is the kettle?")]
MOST = DEAR.cost(Usage(-(-3 * estimated_tokens("Be brief.", MESSAGES[0][1]) // 2), MOST_TOKENS))


@dataclass
class Purse:
    """A shop, and models that it pays for."""

    store: SqlSpendStore
    shop: Shop
    now: datetime = datetime(2026, 3, 31, 23, 0, tzinfo=UTC)

    def spending(self, caps: Caps = Caps(), prices: Prices = DEAR) -> Spending:  # noqa: B008
        return Spending(self.store, prices, caps, lambda: self.now)

    async def call(self, spending: Spending, **how: Any) -> Used:
        used = Used()
        model = MeteredModel(ChatModel(ScriptedChatModel(**{"script": "It costs $9.", **how}), "tiny"), spending)
        async for _ in model.stream(self.shop, "Be brief.", MESSAGES, used):
            pass
        return used

    async def budget(self, spending: Spending | None = None) -> Budget:
        return await (spending or self.spending()).budget(self.shop)


@pytest.fixture
async def purse(databases: Databases) -> AsyncIterator[Purse]:
    engine = await open_engine(databases.fresh("sqlite"))
    shop = Shop("t", "tea", {"en": "Tea"})
    await SqlKnowledgeStore(engine).create_shop(shop)
    yield Purse(SqlSpendStore(engine), shop)
    await engine.dispose()


async def test_a_call_costs_what_the_model_tells(purse: Purse) -> None:
    spending = purse.spending()
    used = await purse.call(spending, told=(120, 7))
    assert (used.calls, used.tokens_in, used.tokens_out, used.estimated) == (1, 120, 7, False)
    assert (await purse.budget()).month == Spent(nanos=134_000_000, calls=1, tokens_in=120, tokens_out=7)
    assert (spending.calls["tea", "made"], spending.tokens["tea", "in"], spending.nanos["tea"]) == (1, 120, 134_000_000)


async def test_two_turns_at_once_near_the_cap(purse: Purse) -> None:
    """Room for one: the other is not called, though neither has cost anything yet when both begin."""
    spending = purse.spending(Caps(month=Decimal(MOST) / 10**9))
    results = await asyncio.gather(*(purse.call(spending, told=(100, 10)) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["OverBudget", "Used"]
    month = (await purse.budget()).month
    assert (month.calls, month.refused, month.nanos) == (1, 1, 120_000_000)


async def test_the_cap_is_asked_before_the_model_and_what_a_call_may_cost_counts(purse: Purse) -> None:
    prompts: list[Any] = []
    nearly = purse.spending(Caps(month=Decimal(MOST - 1) / 10**9))
    with pytest.raises(OverBudget, match="cap for a month") as refused:
        await purse.call(nearly, prompts=prompts)
    assert prompts == []
    assert refused.value.details["period"] == "month"
    assert refused.value.status == 503


@pytest.mark.parametrize("period", ["month", "day"])
async def test_a_cap_of_nothing_is_no_model_also_where_it_costs_nothing(purse: Purse, period: str) -> None:
    prompts: list[Any] = []
    with pytest.raises(OverBudget):
        await purse.call(purse.spending(Caps(**{period: Decimal(0)}), Prices()), prompts=prompts)
    assert prompts == []


async def test_what_costs_nothing_never_reaches_a_cap(purse: Purse) -> None:
    free = purse.spending(Caps(Decimal("0.0001"), Decimal("0.0001")), Prices())
    for _ in range(3):
        await purse.call(free, told=(10**6, 900))
    budget = await purse.budget(free)
    assert (budget.month.calls, budget.month.tokens_in, budget.month.amount, budget.used_up) == (3, 3 * 10**6, 0, None)


async def test_a_new_month_and_a_new_day_begin_at_midnight_utc(purse: Purse) -> None:
    spending = purse.spending(Caps(month=Decimal("1.95"), day=Decimal("1.86")))
    assert 1.80 * 10**9 < MOST < 1.82 * 10**9
    await purse.call(spending, told=(150, 0))
    with pytest.raises(OverBudget) as refused:
        await purse.call(spending)
    assert refused.value.details["period"] == "month"
    purse.now = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
    assert (await purse.budget(spending)).month == Spent()
    await purse.call(spending, told=(50, 0))
    with pytest.raises(OverBudget) as refused:
        await purse.call(spending)
    assert refused.value.details["period"] == "day"
    purse.now = datetime(2026, 4, 2, 0, 0, tzinfo=UTC)
    await purse.call(spending, told=(50, 0))


async def test_a_call_over_midnight_is_settled_where_it_was_paid(purse: Purse) -> None:
    spending = purse.spending()
    payment = await spending.pay(purse.shop, Usage(100, 100))
    purse.now = datetime(2026, 4, 1, 0, 0, 5, tzinfo=UTC)
    await spending.settle(purse.shop, payment, Usage(1, 1))
    assert (await purse.budget()).month == Spent()
    assert await purse.store.spent("t", "EUR", "2026-03-01", "2026-03-31") == Spent(nanos=3_000_000, calls=1, tokens_in=1, tokens_out=1)


@pytest.mark.parametrize(
    ("how", "spent"),
    [
        ({"breaks_after": 1, "told": (120, 7)}, Spent(134_000_000, 1, 0, 0, 120, 7)),  # it told before it failed
        ({"breaks_after": 0}, Spent()),  # refused: costs nothing, and is no call
    ],
)
async def test_a_model_that_fails_is_counted_by_what_it_took(purse: Purse, how: dict[str, Any], spent: Spent) -> None:
    with pytest.raises(Unavailable):
        await purse.call(purse.spending(), **how)
    assert (await purse.budget()).month == spent


async def test_a_model_that_does_not_tell_is_estimated_and_marked(purse: Purse) -> None:
    used = await purse.call(purse.spending())
    read, wrote = estimated_tokens("Be brief.", MESSAGES[0][1]), estimated_tokens("It costs $9.")
    assert (used.tokens_in, used.tokens_out, used.estimated) == (read, wrote, True)
    assert (await purse.budget()).month == Spent(DEAR.cost(Usage(read, wrote)), 1, 1, 0, read, wrote)


@pytest.mark.parametrize("hangs_after", [0, 2])
async def test_a_call_that_is_broken_off_is_counted(purse: Purse, hangs_after: int) -> None:
    """A customer who writes on, or a model that hangs: what was read and written until then."""
    calling = asyncio.ensure_future(purse.call(purse.spending(), hangs_after=hangs_after))
    while not (await purse.budget()).month.nanos:
        await asyncio.sleep(0)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    month = (await purse.budget()).month
    assert 0 < month.nanos < MOST
    assert month.estimated == month.calls == 1


async def test_a_shop_has_its_own_caps_or_else_the_installations(purse: Purse) -> None:
    caps = Caps(month=Decimal(5), day=Decimal(1))
    assert caps.of(purse.shop) == caps
    own = replace(purse.shop, settings={"model_cap_month": "20.50", "model_cap_day": ""})
    assert caps.of(own) == Caps(Decimal("20.50"), Decimal(1))
    assert caps.of(replace(purse.shop, settings={"model_cap_month": "0"})) == Caps(Decimal(0), Decimal(1))
    for odd in ("much", "-1", "NaN", True, [3], {"a": 1}):
        assert caps.of(replace(purse.shop, settings={"model_cap_month": odd})) == caps


async def test_what_cannot_be_counted_is_not_called(purse: Purse) -> None:
    class Down:
        async def pay(self, payment: Payment, caps: dict[Period, int]) -> Period | None:
            raise StorageUnavailable("The database does not answer.")

        async def settle(self, payment: Payment, usage: Usage, nanos: int, *, made: bool) -> None:
            raise StorageUnavailable("The database does not answer.")

        async def spent(self, shop_id: str, currency: str, first: str, last: str) -> Spent:
            raise StorageUnavailable("The database does not answer.")

    prompts: list[Any] = []
    spending = Spending(Down(), DEAR, Caps(), lambda: purse.now)
    with pytest.raises(Unavailable, match="cannot be counted"):
        await purse.call(spending, prompts=prompts)
    assert prompts == []
    payment = Payment("t", "2026-03-31", "EUR", 5)
    assert await spending.settle(purse.shop, payment, Usage(1, 1)) == 3_000_000, "an answer that is there is given"


def test_prices_are_exact_and_rounded_up() -> None:
    assert Prices(Decimal("0.15"), Decimal("0.60")).cost(Usage(1, 0)) == 150
    assert Prices(Decimal("0.0001")).cost(Usage(1, 0)) == 1
    assert Prices().cost(Usage(10**9, 10**9)) == 0
    assert not Prices().known and Prices(Decimal(1)).known


@pytest.mark.parametrize(
    ("amount", "text"), [("0", "0.00"), ("12.5", "12.50"), ("0.0031", "0.0031"), ("1000", "1000.00"), ("0.00001", "0.00")]
)
def test_amounts_read_well(amount: str, text: str) -> None:
    assert money_text(Decimal(amount)) == text


def test_nobody_calls_a_model_past_its_meter() -> None:
    """The plain chat model is opened at assembly and called by the meter; whoever else needs a model is given a metered one."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bot").rglob("*.py")
        if re.search(r"\bopen_chat_model\b|\bChatModel\b|init_chat_model|\.ainvoke\(|\.astream\(", path.read_text(encoding="utf-8"))
    }
    assert users == {"bot/assembly.py", "bot/language_model/chat_model.py", "bot/language_model/metered.py"}
