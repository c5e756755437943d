"""A chat model whose calls nobody limits, for tests that are about something else; sums are kept in memory."""

from collections import defaultdict
from datetime import UTC, datetime

from langchain_core.language_models import BaseChatModel

from bot.language_model.chat_model import ChatModel
from bot.language_model.metered import MeteredModel
from bot.language_model.spending import Caps, Payment, Period, Prices, Spending, Spent
from bot.language_model.usage import Usage


class Sums:
    """SpendStore in memory, without caps."""

    def __init__(self) -> None:
        self.nanos: dict[str, int] = defaultdict(int)

    async def pay(self, payment: Payment, caps: dict[Period, int]) -> Period | None:
        self.nanos[payment.shop_id] += payment.nanos
        return None

    async def settle(self, payment: Payment, usage: Usage, nanos: int, *, made: bool) -> None:
        self.nanos[payment.shop_id] += nanos - payment.nanos

    async def spent(self, shop_id: str, currency: str, first: str, last: str) -> Spent:
        return Spent(nanos=self.nanos[shop_id])


def metered(model: BaseChatModel | ChatModel, prices: Prices | None = None) -> MeteredModel:
    """The model behind a purse without end."""
    spending = Spending(Sums(), prices or Prices(), Caps(), lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))
    return MeteredModel(model if isinstance(model, ChatModel) else ChatModel(model), spending)
