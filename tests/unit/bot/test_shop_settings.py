"""What a merchant sets holds for the next answer, through the whole app: set over HTTP, seen in answers, the widget's page, the desk."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.app import create_app
from bot.assembly import Services, services
from bot.readiness import Readiness
from bot.settings import Settings
from knowledge.shop_editing import GROUPS
from knowledge.store import Shop

GOODS = """sku,title,title_zh,price,currency,stock
KX-1,Kite KX-1,风筝 KX-1,29.90,USD,41
KX-2,Dragon Kite KX-2,龙形风筝 KX-2,199.00,CNY,57
KX-3,Silk Kite KX-3,丝绸风筝 KX-3,459.00,CNY,63
"""
EVERY_DAY = {day: [] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
API = "/api/v1/shops/kites/settings"


@dataclass
class House:
    """The whole app with a shop of three kites."""

    parts: Services
    http: httpx.AsyncClient
    key: dict[str, str]

    async def set(self, **patch: Any) -> None:
        response = await self.http.patch(API, json=patch, headers=self.key)
        assert response.status_code == 200, response.text

    async def begin(self, language: str = "") -> "Customer":
        begun = (await self.http.post("/api/v1/shops/kites/conversations", json={"language": language})).json()
        return Customer(self.http, f"/api/v1/conversations/{begun['id']}", {"Authorization": f"Bearer {begun['token']}"})

    async def ask(self, text: str) -> dict[str, Any]:
        return await (await self.begin()).ask(text)


@dataclass
class Customer:
    http: httpx.AsyncClient
    path: str
    key: dict[str, str]

    async def ask(self, text: str) -> dict[str, Any]:
        response = await self.http.post(f"{self.path}/messages?wait=30", json={"text": text}, headers=self.key)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def notices(self) -> list[str]:
        messages = (await self.http.get(self.path, headers=self.key)).json()["messages"]
        return [message["text"] for message in messages if message["author"] == "system"]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("settings")
    async with services(Settings(data=folder / "data", message_limit=500)) as parts:
        (folder / "kites.csv").write_text(GOODS, encoding="utf-8")
        shop = await parts.knowledge.create_shop("kites", "Kites")
        await parts.knowledge.import_files(shop, [folder / "kites.csv"])

        async def ready() -> None:
            return None

        app = create_app(parts, Readiness(parts, demo=False, on_ready=ready, on_failure=lambda: None))
        token = await parts.access.new_api_token(shop.id, "admin", "test")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as http:
            yield House(parts, http, {"Authorization": f"Bearer {token}"})


@pytest_asyncio.fixture(loop_scope="module")
async def house(running: House) -> House:
    """With nothing set."""
    await running.parts.knowledge.store.change_shop(
        (await running.parts.knowledge.shop("kites")).id,
        lambda now: Shop(now.id, now.slug, {"und": "Kites"}, "USD", ("en", "zh"), {}, now.created_at),
    )
    return running


async def test_name_greeting_and_languages(house: House) -> None:
    await house.set(name={"und": None, "en": "Wind & Silk", "zh": "风与丝"}, languages=["zh", "en"])
    assert "风与丝" in (await (await house.begin()).notices())[0], "the first language is the one that is taken"
    assert "Wind & Silk" in (await (await house.begin("en")).notices())[0]
    assert (await house.ask("KX-1?"))["language"] == "zh"
    await house.set(greeting={"en": "Up, up and away."}, languages=["en", "zh"])
    assert (await (await house.begin("en")).notices())[0] == "Up, up and away."
    assert (await house.ask("hello"))["text"].startswith("Up, up and away.")
    await house.set(greeting={"en": "Kites since 1998: 20 % off until 24 December, free shipping from $59."})
    assert (await house.ask("hello"))["text"].startswith("Kites since 1998: 20 % off until 24 December, free shipping from $59.")
    assert (await house.ask("KX-1?"))["language"] == "en"


async def test_tone(house: House) -> None:
    told = {}
    for tone in ("plain", "friendly", "brief"):
        await house.set(tone=tone)
        told[tone] = [(await house.ask(text))["text"] for text in ("how much is the Kite KX-1?", "谢谢", "龙形风筝 KX-2 多少钱？")]
    assert all("29.90" in lines[0] and "199.00" in lines[2] for lines in told.values())
    assert len({lines[0] for lines in told.values()}) == 3 and told["plain"][1] != told["friendly"][1]


async def test_quick_replies_stand_in_the_widgets_page_and_under_the_greeting(house: House) -> None:
    asked = ["Do kites fly <by night>?", "Which kite is for children?"]
    await house.set(
        quick_replies={"en": asked}, privacy_notice={"en": "We keep chats for 12 months."}, privacy_url="https://kites.example/privacy"
    )
    page = (await house.http.get("/widget/kites")).text
    config = json.loads(unescape(re.search(r'<meta name="zhanggui" content="([^"]*)"', page)[1]))  # type: ignore[index]
    assert config["starters"]["en"] == asked and config["notice"]["en"] == "We keep chats for 12 months."
    assert config["privacy"] == "https://kites.example/privacy"
    assert (await house.ask("hello"))["quick_replies"] == asked
    assert "We keep chats for 12 months." in (await house.ask("what do you store about me?"))["text"]
    await house.set(quick_replies={"en": None})
    assert (await house.ask("hello"))["quick_replies"] == []


async def test_websites_that_may_show_the_chat(house: House) -> None:
    await house.set(allowed_origins=["https://kites.example"])
    assert "https://kites.example" in (await house.http.get("/widget/kites")).headers["content-security-policy"]
    await house.set(allowed_origins=[])
    assert "kites.example" not in (await house.http.get("/widget/kites")).headers["content-security-policy"]


async def test_opening_hours_when_a_person_is_asked_for_in_words_and_by_the_button(house: House) -> None:
    closed = {"timezone": "Asia/Shanghai", "week": EVERY_DAY}
    now = house.parts.merchant.clock()
    tomorrow = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(now.weekday() + 3) % 7]
    await house.set(hours={**closed, "week": {**EVERY_DAY, tomorrow: ["09:00-18:00"]}})
    answer = await house.ask("I want to talk to a human")
    assert "09:00 (UTC+8)" in answer["text"] and "Nobody is on duty" in answer["text"]
    assert answer["handoff"]["expected_wait_s"] > 0 and any("09:00" in source["quote"] for source in answer["sources"])
    customer = await house.begin("zh")
    await house.http.post(f"{customer.path}/handoff", json={}, headers=customer.key)
    assert "现在没有同事值班" in (await customer.notices())[-1] and "09:00（UTC+8）" in (await customer.notices())[-1]
    told = await house.ask("when are you open?")
    assert "09:00–18:00 (UTC+8)" in told["text"]
    await house.set(hours={**closed, "week": {day: ["00:00-24:00"] for day in EVERY_DAY}})
    assert "Nobody is on duty" not in (await house.ask("I want to talk to a human"))["text"]


async def test_rules_of_handing_over_and_their_queue_at_the_desk(house: House) -> None:
    await house.set(handoff={
        "words": {"words": ["wholesale"], "queue": "Trade"},
        "subjects": {"subjects": ["promotion"], "queue": ""},
        "amount": {"amount": "300", "currency": "CNY", "queue": "Large orders"},
        "misses": 1,
    })  # fmt: skip
    for text, queue in (
        ("wholesale price of the Kite KX-1?", "Trade"),
        ("any promotions?", "default"),
        ("how much is the Silk Kite KX-3?", "Large orders"),
    ):
        answer = await house.ask(text)
        assert answer["outcome"] == "handed_off", text
        assert (answer["handoff"]["reason"], answer["handoff"]["queue"]) == ("rule", queue), text
    assert (await house.ask("how much is the Kite KX-1?"))["outcome"] == "answered"
    assert (await house.ask("do you deliver to the moon?"))["handoff"]["reason"] == "not_understood"
    waiting = (await house.http.get("/api/v1/desk/queue?shop=kites", headers=house.key)).json()["waiting"]
    assert {"Trade", "Large orders", None} <= {one["queue"] for one in waiting}


async def test_hidden_stock(house: House) -> None:
    questions = ["how many Kite KX-1 are left?", "is the Kite KX-1 in stock?", "风筝 KX-1 还有几件？", "compare KX-1 and KX-2"]
    shown = [json.dumps(await house.ask(text)) for text in questions]
    assert any(re.search(r"\b41\b", answer) for answer in shown)
    await house.set(hide_stock=True)
    for text in questions:
        answer = await house.ask(text)
        assert "41" not in re.findall(r"\d+", answer["text"]) and all(card["stock"] is None for card in answer["products"]), answer
        assert not any("41" in re.findall(r"\d+", source["quote"]) for source in answer["sources"])


async def test_a_bare_amount_means_what_customers_of_a_language_mean(house: House) -> None:
    async def found() -> set[str]:
        return {card["sku"] for card in (await house.ask("有没有 300 以内的风筝？"))["products"]}

    before = await found()
    await house.set(amounts_in={"zh": "USD"})
    assert await found() == {"KX-1"} != before
    await house.set(amounts_in={"zh": "CNY"})
    assert await found() == {"KX-2"}


async def test_contact(house: House) -> None:
    await house.set(contact_email="up@kites.example", contact_phone="+86 21 555 0100")
    text = (await house.ask("what is your phone number and e-mail?"))["text"]
    assert "up@kites.example" in text and "+86 21 555 0100" in text


async def test_the_currency_of_what_is_typed_without_one(house: House, tmp_path: Path) -> None:
    await house.set(currency="EUR")
    bare = tmp_path / "bare.csv"
    bare.write_text("sku,title,price\nKX-9,Stunt Kite KX-9,12.50\n", encoding="utf-8")
    await house.parts.knowledge.import_files(await house.parts.knowledge.shop("kites"), [bare])
    (card,) = (await house.ask("how much is the Stunt Kite KX-9?"))["products"]
    assert (card["price"], card["currency"]) == ("12.50", "EUR")


SOURCE = Path(__file__).read_text(encoding="utf-8")
ELSEWHERE = {"voice", "composer_first", "model_cap_month", "model_cap_day"}
"""Heard by a language model: tests/unit/bot/answering/test_model_settings.py, tests/unit/bot/test_spend_cap.py."""


async def test_every_setting_is_tried_here_or_where_it_is_said(house: House) -> None:
    """A setting without an effect is a defect: whoever adds one shows what it does."""
    tried = {name for call in re.findall(r"house\.set\((.*?)\)\n", SOURCE, re.S) for name in re.findall(r"(?:^|, |\n\s*)(\w+)=", call)}
    assert {name for group in GROUPS.values() for name in group} <= tried | ELSEWHERE
