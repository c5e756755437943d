"""What a shop's language model costs: prices of tokens, what was spent by shop and day, and the caps that end it.

Money is whole billionths of the price's currency ("nanos"), so that sums of many small calls are exact. Days are those of UTC.
A call is paid before it is made, with the most that it may cost, and what it did not cost is given back afterwards: calls that run at once, on however many
replicas, cannot pass a cap together, and what a dead process had paid stays paid.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Literal, Protocol

from bot.errors import OverBudget, Unavailable
from bot.language_model.usage import Usage
from knowledge.errors import KnowledgeError
from knowledge.shop_settings import shop_settings
from knowledge.store import Shop

log = logging.getLogger(__name__)

NANOS = 1_000_000_000
PER_TOKENS = 1_000_000

Period = Literal["day", "month"]


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens that the model reads, and of a million that it writes; 0 where it costs nothing, or nobody said."""

    read: Decimal = Decimal(0)
    written: Decimal = Decimal(0)
    currency: str = "USD"

    @property
    def known(self) -> bool:
        """Whether anything has a price."""
        return bool(self.read or self.written)

    def cost(self, usage: Usage) -> int:
        """In nanos, rounded up."""
        amount = (self.read * usage.tokens_in + self.written * usage.tokens_out) * NANOS / PER_TOKENS
        return int(amount.to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Caps:
    """What a shop may spend, in the currency of the prices; None: no limit, 0: no model."""

    month: Decimal | None = None
    day: Decimal | None = None

    def of(self, shop: Shop) -> "Caps":
        """The shop's own, each where it has one; else these."""
        own = shop_settings(shop)
        return Caps(
            self.month if own.model_cap_month is None else own.model_cap_month,
            self.day if own.model_cap_day is None else own.model_cap_day,
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """Of a shop in some days. `calls`: made; `estimated`: of them without figures from the model; `refused`: not made, for want of budget."""

    nanos: int = 0
    calls: int = 0
    estimated: int = 0
    refused: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def amount(self) -> Decimal:
        """In whole units of the currency."""
        return Decimal(self.nanos) / NANOS


@dataclass(frozen=True, slots=True)
class Payment:
    """The most that a call may cost, paid for a shop on a day."""

    shop_id: str
    day: str
    currency: str
    nanos: int


class SpendStore(Protocol):
    """Sums by shop, day ("2026-03-01", UTC) and currency. Implementation: bot/storage/sql_spending.py, for SQLite and PostgreSQL."""

    async def pay(self, payment: Payment, caps: dict[Period, int]) -> Period | None:
        """Adds the payment to its day and counts a call, unless with it one of the caps (nanos) would be passed, or is 0: then a refusal is counted,
        and the period whose cap it is comes back. Calls for one shop come one after the other, from all replicas."""
        ...

    async def settle(self, payment: Payment, usage: Usage, nanos: int, *, made: bool) -> None:
        """Puts what a call did cost in the place of its payment, with its tokens; `made`: whether it counts as a call."""
        ...

    async def spent(self, shop_id: str, currency: str, first: str, last: str) -> Spent:
        """From one day to another, both included."""
        ...


@dataclass(frozen=True, slots=True)
class Budget:
    """What a merchant sees: the caps that hold, and what was spent of them."""

    prices: Prices
    caps: Caps
    month: Spent
    day: Spent

    @property
    def used_up(self) -> Period | None:
        """The period in which nothing is left."""
        for period, cap, spent in (("month", self.caps.month, self.month), ("day", self.caps.day, self.day)):
            if cap is not None and (cap == 0 or spent.amount >= cap):
                return "month" if period == "month" else "day"
        return None


class Spending:
    """Pays for calls out of shops' budgets. `caps`: of shops that set none. Counts for metrics what this process did."""

    def __init__(self, store: SpendStore, prices: Prices, caps: Caps, clock: Callable[[], datetime]) -> None:
        self.prices = prices
        self._store = store
        self._caps = caps
        self._clock = clock
        self.calls: Counter[tuple[str, str]] = Counter()
        """By shop and how it ended: made, failed, over_budget."""
        self.tokens: Counter[tuple[str, str]] = Counter()
        """By shop and direction: in, out."""
        self.nanos: Counter[str] = Counter()
        """By shop."""

    async def pay(self, shop: Shop, most: Usage) -> Payment:
        """Pays the most that a call may take. Raises OverBudget, and Unavailable where it cannot be counted: uncounted is not called."""
        caps = self._caps.of(shop)
        payment = Payment(shop.id, day_of(self._clock()), self.prices.currency, self.prices.cost(most))
        limits: dict[Period, int] = {}
        if caps.month is not None:
            limits["month"] = int(caps.month * NANOS)
        if caps.day is not None:
            limits["day"] = int(caps.day * NANOS)
        try:
            refused = await self._store.pay(payment, limits)
        except KnowledgeError as error:
            raise Unavailable("What the language model costs cannot be counted, so it was not called.") from error
        if refused is not None:
            self.calls[shop.slug, "over_budget"] += 1
            cap = caps.month if refused == "month" else caps.day
            said = f"its cap for a {refused} is {money_text(cap or Decimal(0))} {self.prices.currency}"
            most_said = money_text(Decimal(payment.nanos) / NANOS)
            raise OverBudget(f"over budget: {said}, and a call may cost up to {most_said}", period=refused)
        return payment

    async def settle(self, shop: Shop, payment: Payment, usage: Usage) -> int:
        """Counts what the call did cost, in nanos, and gives back the rest. A call that was refused by its server cost nothing. Ends also when its caller is
        cancelled; where the store does not answer, the most stays paid."""
        made = usage.tokens_in + usage.tokens_out > 0
        cost = self.prices.cost(usage)
        self.calls[shop.slug, "made" if made else "failed"] += 1
        self.tokens[shop.slug, "in"] += usage.tokens_in
        self.tokens[shop.slug, "out"] += usage.tokens_out
        self.nanos[shop.slug] += cost
        settling = asyncio.ensure_future(self._store.settle(payment, usage, cost, made=made))
        try:
            await asyncio.shield(settling)
        except KnowledgeError as error:
            log.warning("what a call to the language model cost could not be counted, its most stays paid: %s", error)
        return cost

    async def budget(self, shop: Shop) -> Budget:
        """Of today and this month."""
        today = day_of(self._clock())
        month = await self._store.spent(shop.id, self.prices.currency, *days_of("month", today))
        day = await self._store.spent(shop.id, self.prices.currency, *days_of("day", today))
        return Budget(self.prices, self._caps.of(shop), month, day)


def day_of(moment: datetime) -> str:
    """The day of a time in UTC."""
    return moment.date().isoformat()


def days_of(period: Period, day: str) -> tuple[str, str]:
    """The first and the last day of the month of a day, or the day twice. As text that sorts: the 31st stands for the end of every month."""
    return (f"{day[:7]}-01", f"{day[:7]}-31") if period == "month" else (day, day)


def money_text(amount: Decimal, digits: int = 4) -> str:
    """Two digits after the point, more only where they say something: 12.50, 0.0031."""
    rounded = amount.quantize(Decimal(1).scaleb(-digits)).normalize()
    exponent = rounded.as_tuple().exponent
    return f"{rounded:.2f}" if not isinstance(exponent, int) or exponent > -2 else f"{rounded:f}"
