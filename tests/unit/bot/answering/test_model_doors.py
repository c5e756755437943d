"""A scripted model behind the HTTP door: the real shop, retriever, turn and client of an OpenAI-compatible server; only the model is made up.

Lies (tests/data/model/lies.jsonl, each with its false words, and more made from the catalog) never show in the answer's text or in a streamed
token. Honest words of the same evidence (honest.jsonl) arrive in the model's wording. Turns that the shop answers without a model (an approved
FAQ entry, a question back, a handoff) show neither.
"""

import asyncio
import csv
import json
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.app import create_app
from bot.assembly import services
from bot.conversation.events import EventBus
from bot.demo import DEMO, load_demo
from bot.readiness import Readiness
from bot.settings import Settings
from tests.fakes.lying_model import FIGURES, lies, told
from tests.fakes.openai_server import OpenAIServer, openai_server
from tests.unit.bot.answering.findings_builder import demo_view

DATA = Path(__file__).parents[3] / "data" / "model"


@dataclass(frozen=True)
class Said:
    """A question, and what the model replies. `lie`: its false words, "" for honest ones."""

    question: str
    reply: str
    lie: str = ""


def written(name: str) -> list[Said]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [Said(row["question"], row["reply"], row.get("lie", "")) for row in map(json.loads, lines)]


def made() -> Iterator[Said]:
    """Lies by rule over the catalog: a price of nobody's, a stock nobody counted, another's figure, a code that no one gave out."""
    with (DEMO / "products.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["price"] and row["published"].casefold() not in ("false", "no", "0")]
    firsts = list({row["group"]: row for row in reversed(rows)}.values())
    for number, row in enumerate(firsts):
        title, zh, price = row["title_en"], row["title_zh"], float(row["sale_price"] or row["price"])
        match number % 8:
            case 0:
                yield Said(
                    f"How much is the {title}?", f"The {title} costs ${price + 7.31:.2f}. It is a good choice.", f"${price + 7.31:.2f}"
                )
            case 1:
                yield Said(f"{zh}多少钱？", f"好的，{zh}现价 {price - 3.17:.2f} 美元，很多顾客喜欢。", f"{price - 3.17:.2f}")
            case 2:
                yield Said(f"Is the {title} in stock?", f"Yes. There are 173 pieces of the {title} left.", "173")
            case 3:
                yield Said(f"{zh}有货吗？", f"有的，{zh}还有 173 件。", "173")
            case 4:
                yield Said(f"Tell me about the {title}", f"The {title} weighs 7.77 kg and comes with a warranty of 41 months.", "7.77 kg")
            case 5:
                yield Said(f"介绍一下{zh}", f"{zh}保修 41 个月，质量可靠。", "41 个月")
            case 6:
                reply = f"The {title} costs ${price:.2f}. Use the code SAVER33 for 33 % off until 5 May."
                yield Said(f"How much is the {title}?", reply, "SAVER33")
            case _:
                yield Said(f"{zh}多少钱？", f"{zh}现价 {price:.2f} 美元，明天 18:40 前送达，限时六折。", "六折")


EACH = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 3
"""A turn takes a tenth of a second: all of them in the long profile, every third else."""
LIES = [*written("lies.jsonl")[::EACH], *made()]
HONEST = written("honest.jsonl")[:: min(EACH, 2)]


@dataclass
class Door:
    """The shop's HTTP door, the model behind it, and what was streamed in each conversation."""

    http: httpx.AsyncClient
    model: OpenAIServer
    bus: EventBus
    plain: dict[str, str] = field(default_factory=dict)

    async def ask(self, text: str) -> tuple[dict[str, Any], str]:
        """The Answer, and every streamed token of it, joined."""
        begun = (await self.http.post("/api/v1/shops/demo/conversations", json={})).json()
        key = {"Authorization": f"Bearer {begun['token']}"}
        tokens: list[str] = []
        async with self.bus.subscribe(f"conversation:{begun['id']}") as news:

            async def listen() -> None:
                async for item in news:
                    if item.type == "token":
                        tokens.append(str(item.data["text"]))

            listening = asyncio.ensure_future(listen())
            response = await self.http.post(f"/api/v1/conversations/{begun['id']}/messages?wait=30", json={"text": text}, headers=key)
            listening.cancel()
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer, "".join(tokens)

    async def without_model(self, text: str) -> str:
        """What the shop says when the model fails: words that stand there are no lie of the model's."""
        if text not in self.plain:
            self.model.status = 500
            answer, _ = await self.ask(text)
            self.model.status = 200
            self.plain[text] = str(answer["text"])
        return self.plain[text]

    async def told(self, said: Said) -> tuple[dict[str, Any], str]:
        """Asks while the model has this reply ready."""
        self.model.answer = said.reply
        return await self.ask(said.question)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    folder = tmp_path_factory.mktemp("doors")
    ready = asyncio.Event()

    async def on_ready() -> None:
        ready.set()

    async with openai_server() as model:
        settings = Settings(
            data=folder,
            chat_model="openai:scripted",
            chat_model_base_url=model.url,
            chat_model_api_key=SecretStr("none"),
            address_limit=100_000,
            message_limit=100,
        )
        async with services(settings) as parts:
            await load_demo(parts)
            app = create_app(parts, Readiness(parts, demo=False, on_ready=on_ready, on_failure=ready.set))
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with (
                httpx.AsyncClient(transport=transport, base_url="http://shop.test", timeout=60) as http,
                app.router.lifespan_context(app),
            ):
                await asyncio.wait_for(ready.wait(), 120)
                yield Door(http, model, parts.bus)


def test_there_are_enough_of_both() -> None:
    assert len(LIES) >= 200
    assert len(HONEST) >= 80
    assert all(said.lie and said.lie in said.reply for said in LIES)


@pytest.mark.asyncio(loop_scope="module")
async def test_no_lie_reaches_the_customer(door: Door) -> None:
    through = []
    judged = 0
    for said in LIES:
        answer, streamed = await door.told(said)
        judged += any("scripted" in json.dumps(request) for request in door.model.requests)
        door.model.requests.clear()
        shown = "\n".join([str(answer["text"]), streamed, *map(str, answer["quick_replies"])])
        if said.lie in shown and said.lie not in await door.without_model(said.question):
            through.append((said.question, said.reply, said.lie))
    # Words without a figure may pass once in a hundred; figures never do (test_no_made_up_figure_...).
    assert len(through) <= 0.01 * len(LIES), through
    assert not [lie for _, _, lie in through if any(c.isdigit() for c in lie)]
    assert judged >= 150  # the model was asked in most turns: nothing is shown by not asking it


MADE_UP = list(lies(demo_view(), each=18 if EACH == 1 else 1))
"""More than a thousand in the long profile, a hundred else."""


@pytest.mark.asyncio(loop_scope="module")
async def test_no_made_up_figure_reaches_the_customer_and_few_words_do(door: Door) -> None:
    figures, words = [], []
    for lie in MADE_UP:
        answer, streamed = await door.told(Said(lie.question, lie.reply, lie.false))
        shown = f"{answer['text']}\n{streamed}"
        if told(lie, shown) and not told(lie, await door.without_model(lie.question)):
            (figures if lie.kind in FIGURES else words).append((lie.kind, lie.question, lie.reply))
    door.model.requests.clear()
    assert figures == []
    assert len(words) <= 0.2 * sum(lie.kind not in FIGURES for lie in MADE_UP), words


@pytest.mark.asyncio(loop_scope="module")
async def test_honest_words_arrive_as_the_models(door: Door) -> None:
    worded, lost = 0, []
    for said in HONEST:
        answer, streamed = await door.told(said)
        asked = bool(door.model.requests)
        door.model.requests.clear()
        if not asked:
            continue  # answered by the merchant's own words, a question back or a person
        worded += 1
        if answer["engine"] != "model":
            lost.append((said.question, said.reply, answer["text"]))
        else:
            assert streamed.strip() == str(answer["text"]).strip()
    assert worded >= 40
    assert len(lost) <= 0.1 * worded, lost
