"""The chat model as the rest of the bot calls it: every call is somebody's, paid from a shop's budget before it is made, and counted."""

import math
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from decimal import Decimal

from bot.errors import OverBudget
from bot.language_model.chat_model import ChatModel, texts_read
from bot.language_model.spending import NANOS, Spending, money_text
from bot.language_model.tools import Tool, ToolCall, ToolResult
from bot.language_model.usage import MOST_TOKENS, Usage, Used, estimated_tokens
from knowledge.store import Shop

MARGIN = 1.5
"""What a call may read at most, over what its characters let expect: tokens of rare scripts and codes are short."""


class MeteredModel:
    """A chat model whose calls are paid for. One instance serves all turns at once."""

    def __init__(self, model: ChatModel, spending: Spending) -> None:
        self._model = model
        self._spending = spending
        self.name = model.name

    @property
    def takes_tools(self) -> bool:
        """Whether it can be given tools now."""
        return self._model.takes_tools

    async def stream(self, shop: Shop, system: str, messages: Sequence[tuple[str, str]], used: Used) -> AsyncGenerator[str, None]:
        """ChatModel.stream at a shop's expense; what it took is added to `used` however it ends. Raises OverBudget before anything is sent, where the shop's
        cap does not allow what the call may cost at most, and Unavailable like ChatModel.stream."""
        async with (
            self._paid(shop, estimated_tokens(system, *(text for _, text in messages)), used) as usage,
            aclosing(self._model.stream(system, messages, usage)) as stream,
        ):
            async for piece in stream:
                yield piece

    async def calls(
        self,
        shop: Shop,
        system: str,
        messages: Sequence[tuple[str, str]],
        tools: Sequence[Tool],
        rounds: Sequence[Sequence[ToolResult]],
        used: Used,
    ) -> list[ToolCall]:
        """ChatModel.calls at a shop's expense, like `stream`."""
        reads = estimated_tokens(*texts_read(system, messages, tools, rounds))
        async with self._paid(shop, reads, used) as usage:
            return await self._model.calls(system, messages, tools, rounds, usage)

    @asynccontextmanager
    async def _paid(self, shop: Shop, reads: int, used: Used) -> AsyncIterator[list[Usage]]:
        """Pays for a call that reads about so many tokens, and settles it by the usage that is put into the list."""
        try:
            payment = await self._spending.pay(shop, Usage(math.ceil(MARGIN * reads), MOST_TOKENS))
        except OverBudget as refused:
            used.over_budget = str(refused.details.get("period", ""))
            raise
        usage: list[Usage] = []
        try:
            yield usage
        finally:
            # Nothing was told of a call that was cancelled before it began.
            took = usage[-1] if usage else Usage()
            used.calls += 1
            used.tokens_in += took.tokens_in
            used.tokens_out += took.tokens_out
            used.estimated = used.estimated or took.estimated
            used.nanos += self._spending.prices.cost(took)
            await self._spending.settle(shop, payment, took)

    def used_json(self, used: Used) -> dict[str, object]:
        """For the trace: plain values, the cost as text in the currency of the prices, "" where nothing has a price."""
        prices = self._spending.prices
        return {
            "name": self.name,
            "calls": used.calls,
            "tokens_in": used.tokens_in,
            "tokens_out": used.tokens_out,
            "estimated": used.estimated,
            "cost": money_text(Decimal(used.nanos) / NANOS, digits=6) if prices.known else "",
            "currency": prices.currency if prices.known else "",
            "over_budget": used.over_budget,
        }
