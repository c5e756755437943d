"""A shop's budget for its language model, through the doors: over HTTP a model of known price answers, the console and /metrics show what it cost, and when
the budget is used up the composer answers as if there were no model."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.app import create_app
from bot.assembly import Services, services
from bot.readiness import Readiness
from bot.settings import Settings
from knowledge.store import Shop
from tests.fakes.openai_server import OpenAIServer, openai_server

GOODS = (
    "sku,title,title_zh,price,currency,stock\nKX-1,Kite KX-1,风筝 KX-1,29.90,USD,41\nKX-2,Dragon Kite KX-2,龙形风筝 KX-2,199.00,USD,57\n"
)
QUESTION = "How much is the Kite KX-1?"
WORDED = "The Kite KX-1 is yours for $29.90."
PASSWORD = "a kite in the wind"
ONE_CALL = Decimal("0.127")
"""120 tokens read and 7 written, at a thousandth each."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class House:
    parts: Services
    http: httpx.AsyncClient
    model: OpenAIServer
    key: dict[str, str]

    async def set(self, **patch: Any) -> None:
        response = await self.http.patch("/api/v1/shops/kites/settings", json=patch, headers=self.key)
        assert response.status_code == 200, response.text

    async def ask(self, text: str = QUESTION) -> dict[str, Any]:
        begun = (await self.http.post("/api/v1/shops/kites/conversations", json={})).json()
        path, key = f"/api/v1/conversations/{begun['id']}", {"Authorization": f"Bearer {begun['token']}"}
        response = await self.http.post(f"{path}/messages?wait=30", json={"text": text}, headers=key)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def trace(self, answer: dict[str, Any]) -> dict[str, Any]:
        turn = await self.parts.conversations.turn_of_message(answer["message_id"])
        assert turn is not None and turn.trace is not None
        return turn.trace

    async def asked(self) -> int:
        """Requests that the model got since the last look."""
        count = len(self.model.requests)
        self.model.requests.clear()
        return count


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("spending")
    (folder / "kites.csv").write_text(GOODS, encoding="utf-8")
    async with openai_server(answer=WORDED) as model:
        settings = Settings(
            data=folder / "data",
            message_limit=500,
            chat_model="openai:tiny",
            chat_model_base_url=model.url,
            chat_model_api_key=SecretStr("none"),
            chat_model_price_in=Decimal(1000),
            chat_model_price_out=Decimal(1000),
            chat_model_currency="eur",
            chat_model_cap_month=Decimal(50),
        )
        async with services(settings) as parts:
            shop = await parts.knowledge.create_shop("kites", "Kites")
            await parts.knowledge.import_files(shop, [folder / "kites.csv"])
            ready = asyncio.Event()

            async def on_ready() -> None:
                ready.set()

            app = create_app(parts, Readiness(parts, demo=False, on_ready=on_ready, on_failure=ready.set))
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with (
                httpx.AsyncClient(transport=transport, base_url="http://shop.test", timeout=60) as http,
                app.router.lifespan_context(app),
            ):
                await asyncio.wait_for(ready.wait(), 60)
                token = await parts.access.new_api_token(shop.id, "admin", "test")
                await parts.access.sign_in_by_link(
                    "test", await parts.access.invite("mei@kites.example", "Mei", "admin", shop.id), PASSWORD
                )
                yield House(parts, http, model, {"Authorization": f"Bearer {token}"})


@pytest_asyncio.fixture(loop_scope="module")
async def house(running: House) -> AsyncIterator[House]:
    """The budget as it is at first: what other tests spent is gone."""
    shop = await running.parts.knowledge.shop("kites")
    assert isinstance(shop, Shop)
    async with running.parts.conversations._engine.write() as connection:  # type: ignore[attr-defined]
        await connection.exec_driver_sql("DELETE FROM model_spending")
    await running.set(model_cap_month=None, model_cap_day=None)
    running.model.status, running.model.answer, running.model.tool_calls = 200, WORDED, []
    running.model.requests.clear()
    return running


async def test_a_turn_tells_its_tokens_and_what_they_cost(house: House) -> None:
    answer = await house.ask()
    assert (answer["text"], answer["engine"]) == (WORDED, "model")
    took = {"calls": 1, "tokens_in": 120, "tokens_out": 7, "estimated": False, "cost": "0.127", "currency": "EUR", "over_budget": ""}
    assert (await house.trace(answer))["model"] == {"name": "openai:tiny", **took}


async def test_what_is_looked_up_is_paid_for_like_the_words(house: House) -> None:
    house.model.tool_calls = [("ask_shop", {"question": QUESTION})]
    answer = await house.ask("got any zorps?")
    assert (answer["text"], answer["engine"]) == (WORDED, "model")
    trace = await house.trace(answer)
    assert (trace["model"]["calls"], Decimal(trace["model"]["cost"])) == (2, 2 * ONE_CALL)
    assert [(row["tool"], row["text"], row["taken"]) for row in trace["looked_up"]["calls"]] == [("ask_shop", QUESTION, True)]
    spending = house.parts.merchant.spending
    assert spending is not None
    assert (await spending.budget(await house.parts.knowledge.shop("kites"))).month.amount == 2 * ONE_CALL


async def test_what_is_not_in_the_budget_is_not_looked_up(house: House) -> None:
    house.model.tool_calls = [("ask_shop", {"question": QUESTION})]
    await house.set(model_cap_month="0")
    answer = await house.ask("got any zorps?")
    assert await house.asked() == 0
    assert answer["outcome"] != "answered"
    assert (await house.trace(answer))["model"]["over_budget"] == "month"


async def test_a_turn_that_needs_no_model_tells_none(house: House) -> None:
    answer = await house.ask("I want to talk to a person")
    assert await house.asked() == 0
    assert "model" not in await house.trace(answer)


@pytest.mark.parametrize("cap", [{"model_cap_month": "0"}, {"model_cap_day": "0"}, {"model_cap_month": "0.5"}, {"model_cap_day": 0.25}])
async def test_over_budget_the_composer_answers_and_the_trace_says_why(house: House, cap: dict[str, Any]) -> None:
    await house.set(**cap)
    answer = await house.ask()
    assert await house.asked() == 0, "asked before the model is called, with what it may cost at most"
    assert "$29.90" in answer["text"]
    assert (answer["engine"], answer["outcome"]) == ("composer", "answered")
    trace = await house.trace(answer)
    assert trace["model"]["over_budget"] == next(iter(cap)).removeprefix("model_cap_")
    assert trace["model"]["calls"] == 0
    assert any("over budget" in note for note in trace["draft"]["notes"])


async def test_turns_at_once_near_the_cap(house: House) -> None:
    """Room for what two calls may cost at most, asked by eight customers at once: nobody waits, nobody is refused an answer."""
    await house.ask()
    spending = house.parts.merchant.spending
    shop = await house.parts.knowledge.shop("kites")
    assert spending is not None
    await house.asked()
    await house.set(model_cap_month="4")
    answers = await asyncio.gather(*(house.ask() for _ in range(8)))
    assert all("$29.90" in answer["text"] for answer in answers)
    assert {answer["outcome"] for answer in answers} == {"answered"}
    budget = await spending.budget(shop)
    worded = sum(answer["engine"] == "model" for answer in answers)
    assert 1 <= worded == await house.asked() == budget.month.calls - 1
    assert budget.month.refused == 8 - worded
    assert budget.month.amount == ONE_CALL * (1 + worded) <= 4


async def test_a_failing_model_costs_nothing_and_is_still_answered_for(house: House) -> None:
    house.model.status = 500
    answer = await house.ask()
    assert answer["engine"] == "composer" and "$29.90" in answer["text"]
    trace = await house.trace(answer)
    assert trace["model"]["cost"] == "0.00" and trace["model"]["over_budget"] == ""
    spending = house.parts.merchant.spending
    assert spending is not None
    assert (await spending.budget(await house.parts.knowledge.shop("kites"))).month.nanos == 0


async def test_the_console_shows_what_was_spent_of_how_much(house: House) -> None:
    await house.set(model_cap_day="0")
    await house.ask()
    await house.set(model_cap_day="12.5")
    for _ in range(2):
        await house.ask()
    async with httpx.AsyncClient(transport=house.http._transport, base_url="http://shop.test") as browser:
        done = await browser.post("/desk/sign-in", data={"email": "mei@kites.example", "password": PASSWORD})
        assert done.status_code == 303, done.text
        overview = re.sub(r"<[^>]+>|\s+", " ", (await browser.get("/console/kites?lang=en")).text)
        assert "0.254 of 50.00 EUR" in overview, "the installation's cap"
        assert "0.254 of 12.50 EUR" in overview
        assert re.search(r"Left to the composer, over budget\s+1\b", overview)
        assert "240 read, 14 written" in overview
        settings = (await browser.get("/console/kites/settings?lang=zh")).text
        assert "0.254 / 12.50 EUR" in settings and "本月已用" in settings
        csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', settings)
        assert csrf is not None
        bench = await browser.post("/console/kites/bench", data={"csrf": csrf[1], "text": QUESTION, "of": "published"})
        assert "读入 120 个词元，写出 7 个" in bench.text and "0.127 EUR" in bench.text, "tried out at the console, it costs as much"
        await house.set(model_cap_month="0")
        bench = await browser.post("/console/kites/bench?lang=en", data={"csrf": csrf[1], "text": QUESTION, "of": "published"})
        assert "over budget" in bench.text and "budget for this month does not allow a call" in bench.text
        assert "The budget is 0" in (await browser.get("/console/kites?lang=en")).text


async def test_metrics_by_shop(house: House) -> None:
    def value(page: str, name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
        return float(found[1]) if found else 0.0

    names = (
        'zhanggui_model_calls_total{end="made",shop="kites"}',
        'zhanggui_model_calls_total{end="over_budget",shop="kites"}',
        'zhanggui_model_tokens_total{direction="in",shop="kites"}',
        'zhanggui_model_cost_total{currency="EUR",shop="kites"}',
    )
    before = (await house.http.get("/metrics")).text
    await house.ask()
    await house.set(model_cap_day="0")
    await house.ask()
    after = (await house.http.get("/metrics")).text
    assert [round(value(after, name) - value(before, name), 6) for name in names] == [1, 1, 120, 0.127]


@pytest.mark.parametrize("value", ["much", "-1", "NaN", "1e99", True, [1], "0.00001"])
async def test_a_cap_that_is_none_is_refused(house: House, value: Any) -> None:
    response = await house.http.patch("/api/v1/shops/kites/settings", json={"model_cap_month": value}, headers=house.key)
    assert response.status_code == 422
    assert json.loads(response.text)["field"] == "model_cap_month"
