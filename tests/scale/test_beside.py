"""Commands beside a running server on one data directory, and commands that are killed: the server has whole revisions, and soon."""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.scale.client import Customer
from tests.scale.cluster import App

pytestmark = [pytest.mark.scale, pytest.mark.timeout(600)]
HEADER = "sku,title,price,currency,stock\n"
KITE, TRAIN = "KX-1,Kite KX-1,{price},USD,4\n", "TB-9,Wooden Train TB-9,49.00,USD,12\n"


def write(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    started = App(tmp_path, {"ZHANGGUI_DATA": str(tmp_path / "data"), "ZHANGGUI_MESSAGE_LIMIT": "1000"}, demo=False).ready()
    yield started
    started.stop()


async def ask(http: httpx.AsyncClient, app: App, text: str, shop: str = "main") -> dict[str, Any]:
    customer = await Customer.start(http, app.url, shop)
    response = await customer.send(app.url, text, wait=30)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_what_is_imported_beside_the_server_is_in_its_answers_within_two_seconds(app: App, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"

    async def imported(*rows: str) -> float:
        await asyncio.to_thread(app.run, "import", str(write(feed, *rows)))
        return time.monotonic()

    async with httpx.AsyncClient(timeout=60) as http:

        async def until(done: float, text: str, wanted: str) -> dict[str, Any]:
            while wanted not in (answer := await ask(http, app, text))["text"]:
                assert time.monotonic() - done < 2.0, answer
            return answer

        price = "How much is the Kite KX-1?"
        await until(await imported(KITE.format(price="29.90")), price, "29.90")
        answer = await until(await imported(KITE.format(price="24.50")), price, "24.50")
        assert answer["products"][0]["price"] == "24.50"
        await until(await imported(KITE.format(price="24.50"), TRAIN), "How much is the Wooden Train TB-9?", "49.00")
        # `ask` on the same directory, while the server serves.
        told = json.loads(await asyncio.to_thread(app.run, "ask", "How much is the Wooden Train TB-9?", "--json"))
        assert "49.00" in told["text"]
        gone = await imported(TRAIN)
        while "24.50" in (answer := await ask(http, app, price))["text"]:
            assert time.monotonic() - gone < 2.0, answer
        for question in (price, "KX-1", "Do you have kites?", "What do you sell?"):
            assert "KX-1" not in str((answer := await ask(http, app, question))["products"]) + str(answer["sources"])


async def test_an_import_killed_anywhere_leaves_a_whole_revision(app: App, tmp_path: Path) -> None:
    """Two files change together in each import; whenever it dies, both are as before or both as after."""
    chance = random.Random(5)
    kites, trains = tmp_path / "kites.csv", tmp_path / "trains.csv"

    def both(number: int) -> tuple[str, ...]:
        write(kites, *(f"K-{n},Kite {n} of lot {number},{10 + number}.00,USD,4\n" for n in range(60)))
        write(trains, *(f"T-{n},Train {n} of lot {number},{10 + number}.00,USD,4\n" for n in range(60)))
        return "import", str(kites), str(trains)

    began = time.monotonic()
    await asyncio.to_thread(app.run, *both(0))
    takes = time.monotonic() - began
    async with httpx.AsyncClient(timeout=60) as http:
        for number in range(1, 7):
            process = app.command(*both(number))
            await asyncio.sleep(takes * (0.3 + 0.7 * chance.random()))
            process.kill()
            process.communicate()
            prices = set()
            for sku in ("K-1", "T-1"):
                [card, *_] = (await ask(http, app, f"How much is {sku}?"))["products"]
                prices.add((card["price"], card["title"].partition(" of ")[2]))
            assert len(prices) == 1
        # And nothing is left that a later import would stumble over.
        await asyncio.to_thread(app.run, *both(9))
        assert (await ask(http, app, "How much is K-1?"))["products"][0]["price"] == "19.00"


async def test_a_server_killed_while_it_loads_the_demo_shop_has_all_of_it_after_the_next_start(tmp_path: Path) -> None:
    environment = {"ZHANGGUI_DATA": str(tmp_path / "data")}
    for _ in range(3):
        app = App(tmp_path, environment)
        async with asyncio.timeout(60):
            while "Loading the demo shop" not in app.log_path.read_text():
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        app.kill()
    app = App(tmp_path, environment).ready()
    try:
        async with httpx.AsyncClient(timeout=60) as http:
            assert (await ask(http, app, "How much is the KT-17E kettle?", "demo"))["products"]
            state = (await http.get(f"{app.url}/readyz")).json()
            assert state["parts"]["shop demo"] == "ready"
    finally:
        app.stop()
