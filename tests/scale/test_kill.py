"""kill -9 during a turn, then a restart: nothing is lost, nothing is answered twice. ZHANGGUI_KILLS sets how often (bench: 50)."""

import asyncio
import os
import random
from pathlib import Path

import httpx
import pytest

from tests.scale.client import Customer
from tests.scale.cluster import App

pytestmark = [pytest.mark.scale, pytest.mark.timeout(1200)]
KILLS = int(os.environ.get("ZHANGGUI_KILLS", "4"))


async def test_every_message_is_answered_exactly_once_however_the_process_dies(tmp_path: Path) -> None:
    chance = random.Random(7)
    environment = {"ZHANGGUI_DATA": str(tmp_path / "data")}
    app = App(tmp_path, environment).ready()
    sent: dict[str, Customer] = {}
    try:
        async with httpx.AsyncClient(timeout=30) as http:
            for _ in range(KILLS):
                customer = await Customer.start(http, app.url)
                response = await customer.send(app.url, "Which backpack fits a 16-inch laptop, and how much is shipping?")
                assert response.status_code == 202
                sent[response.json()["id"]] = customer
                # Anywhere between the receipt and well after the answer.
                await asyncio.sleep(chance.random() * 0.06)
                app.kill()
                app = App(tmp_path, environment, port=app.port).ready()
            async with asyncio.timeout(30):
                for customer in sent.values():
                    while not any(m["author"] == "assistant" for m in await customer.transcript(app.url)):
                        await asyncio.sleep(0.2)
            for message_id, customer in sent.items():
                messages = await customer.transcript(app.url)
                assert [m["id"] for m in messages if m["author"] == "customer"] == [message_id]
                assert sum(m["author"] == "assistant" for m in messages) == 1
    finally:
        app.stop()
