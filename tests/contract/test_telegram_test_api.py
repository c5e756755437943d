"""The Telegram channel against an emulator that is not ours: npm telegram-test-api, where node and npm are there."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.bot_api import BotApiServer
from tests.unit.bot.channels.telegram.conftest import TOKEN, World

PACKAGE = "telegram-test-api@4.2.1"
SERVER = """
const TelegramServer = require('telegram-test-api');
new TelegramServer({ host: '127.0.0.1', port: Number(process.argv[2]) }).start().then(() => console.log('up'));
"""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("emulator")
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), PACKAGE]
    try:
        installed = subprocess.run(install, capture_output=True, text=True, timeout=90, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm could not install {PACKAGE} within 90 s")
    if installed.returncode:
        pytest.skip(f"npm could not install {PACKAGE}: {(installed.stderr or installed.stdout).strip()[:200]}")
    (folder / "server.js").write_text(SERVER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([node, "server.js", str(port)], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and process.stdout.readline().strip() == "up"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


class Customer:
    """What its client does, over HTTP."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._who = {
            "from": {"id": 1, "first_name": "Ada", "username": "ada", "is_bot": False},
            "chat": {"id": 1, "first_name": "Ada", "username": "ada", "type": "private"},
        }

    async def _does(self, what: str, **more: Any) -> None:
        (await self._http.post(what, json={**self._who, "botToken": TOKEN, "date": 1_772_366_400, **more})).raise_for_status()

    async def says(self, text: str) -> None:
        await self._does("/sendMessage", text=text)

    async def commands(self, text: str) -> None:
        await self._does("/sendCommand", text=text, entities=[{"type": "bot_command", "offset": 0, "length": len(text)}])

    async def presses(self, data: str) -> None:
        await self._does("/sendCallback", message=dict(self._who), data=data)

    async def reads(self, world: World) -> dict[str, Any]:
        """The next message; the emulator has no news, so it is asked until there is one."""
        async with asyncio.timeout(20):
            while True:
                await world.settle()
                found = (await self._http.post("/getUpdates", json={"token": TOKEN, "chatId": 1})).json()["result"]
                if found:
                    assert len(found) == 1
                    return dict(found[0]["message"])
                await asyncio.sleep(0.05)


@pytest.fixture
async def world(tmp_path: Path, emulator: str) -> AsyncIterator[World]:
    world = World(tmp_path, BotApiServer())
    await world.start(webhook=False, api_url=emulator)
    yield world
    await world.stop()


async def test_a_customer_starts_asks_and_gets_a_person(world: World, emulator: str):
    async with httpx.AsyncClient(base_url=emulator, trust_env=False) as http:
        customer = Customer(http)
        await customer.commands("/start")
        greeting = await customer.reads(world)
        assert greeting["text"].startswith("Welcome to the tea house.")
        await customer.says("Does it come in red?")
        answer = await customer.reads(world)
        assert (answer["text"], answer["parse_mode"]) == ("Yes, it comes in red.", "HTML")
        button = answer["reply_markup"]["inline_keyboard"][-1][0]
        assert button["text"] == "Talk to a person"
        await customer.presses(button["callback_data"])
        assert (await customer.reads(world))["text"].startswith("We are fetching a colleague")
        assert (await world.conversation(1)).status == "waiting"
