"""The channel over a real store, bus and outbox, and a Bot API on loopback; only the assistant is scripted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from bot.answering.notices import Notices
from bot.answering.wording import load_wordings
from bot.background import Background
from bot.channels.telegram.adapter import TelegramChannel, TelegramSettings
from bot.channels.telegram.webhook import telegram_routes
from bot.conversation.records import ChannelKind, Conversation, Message
from bot.errors import ZhangguiError
from bot.events.in_process import InProcessEventBus
from bot.secrets import SecretBox
from bot.storage.migrate import migrate
from bot.storage.sql_conversations import SqlConversationStore
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Shop
from tests.fakes.bot_api import BotApiServer, FakeBot, Said
from tests.fakes.scripted_assistant import ScriptedAssistant

TOKEN = "123456:" + "Secret_Token-Nobody_May_Read_This_1"
HERE = "http://127.0.0.1:1"
WORDINGS = load_wordings()


class World:
    """One shop with a bot. `start` builds a fresh process over the same database; calling it again is a restart."""

    def __init__(self, folder: Path, api: BotApiServer) -> None:
        self.folder = folder
        self.api = api
        self.bot: FakeBot = api.add(TOKEN)
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        self.database = folder / "test.db"
        self.shop = Shop("s1", "tea", {"en": "Tea House", "zh": "茶馆"})
        self.tokens = {"tea": TOKEN}
        self.closing: list[Any] = []

    async def start(self, *, webhook: bool = True, public_url: str = HERE, begin: bool = True, **changes: Any) -> None:
        await self.stop()
        engine = await open_engine(f"sqlite:///{self.database}")
        await migrate(engine)
        self.knowledge = SqlKnowledgeStore(engine, clock=lambda: self.now)
        self.store = SqlConversationStore(engine, clock=lambda: self.now, sending_channels=frozenset({ChannelKind.TELEGRAM}))
        if await self.knowledge.shop("tea") is None:
            greeting = {"en": "Welcome to the tea house.", "zh": "欢迎光临茶馆。"}
            replies = {"en": ["Which tea is mild?", "How much is shipping?"], "zh": ["哪款茶清淡？"]}
            self.shop = Shop("s1", "tea", self.shop.name, settings={"greeting": greeting, "quick_replies": replies})
            await self.knowledge.create_shop(self.shop)
        self.bus = InProcessEventBus()
        self.assistant = ScriptedAssistant(self.store, self.bus)
        self.box = SecretBox("", self.folder / "secret.key")
        self.channel = self.another_channel(webhook=webhook, public_url=public_url, **changes)
        self.background = Background(
            assistant=cast(Any, self.assistant),
            conversations=self.store,
            bus=self.bus,
            channels={ChannelKind.TELEGRAM: self.channel},
            patience=cast(Any, None),
            clock=lambda: self.now,
            worker="w1",
        )
        app = FastAPI()
        app.include_router(telegram_routes(self.channel))

        @app.exception_handler(ZhangguiError)
        async def refused(_: Request, error: ZhangguiError) -> JSONResponse:
            return JSONResponse({"detail": error.message}, status_code=error.status)

        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=HERE)
        self.closing = [self.http.aclose, self.channel.close, self.bus.close, engine.dispose]
        if begin:
            await self.channel.start()
            if webhook:
                await self.api.until(lambda: self.bot.webhook and self.bot.commands.keys() >= {"", "en", "zh"})

    def another_channel(self, **changes: Any) -> TelegramChannel:
        """As another replica has it: over the same store and bus."""
        settings = {"api_url": self.api.url, "tokens": self.tokens, "poll_wait": 2, **changes}
        channel = TelegramChannel(
            conversations=self.store,
            knowledge=self.knowledge,
            bus=self.bus,
            box=self.box,
            say=lambda language, key, /, **values: WORDINGS.of(language).say(key, **values),
            greeting=Notices(WORDINGS).greeting,
            waiting=self.waiting,
            languages=WORDINGS.languages,
            worker="w1",
            settings=TelegramSettings(**settings),
        )
        channel.attend(self.assistant)
        return channel

    async def waiting(self, shop: Shop, language: str) -> str:
        return Notices(WORDINGS).waiting(shop, language, self.now, present=False)

    async def stop(self) -> None:
        """As a kill does: nothing is settled first."""
        for close in self.closing:
            await close()
        self.closing = []

    async def bring(self) -> list[int]:
        """Telegram brings its updates; every turn ends; the outbox is emptied."""
        statuses = await self.bot.bring(self.http)
        await self.settle()
        return statuses

    async def settle(self) -> None:
        while running := set(self.assistant._running):
            await asyncio.wait(running)
        while await self.background.deliver():
            pass

    async def later(self, seconds: float) -> None:
        """Time passes; what is due then is sent."""
        self.now += timedelta(seconds=seconds)
        await self.settle()

    async def asks(self, text: str, **who: Any) -> list[Said]:
        """What the customer was sent for it."""
        before = len(self.bot.said)
        self.bot.says(text, **who)
        assert await self.bring() == [200]
        return self.bot.said[before:]

    async def presses(self, said: Said, button: str) -> tuple[str, list[Said]]:
        """The toast, and what was sent."""
        before = len(self.bot.said)
        press = self.bot.press(said.data(button), said, chat=said.chat)
        assert await self.bring() == [200]
        await self.api.until(lambda: self.bot.presses[press] is not None)
        return str(self.bot.presses[press]), self.bot.said[before:]

    async def conversation(self, chat: int = 7) -> Conversation:
        found = [c for c in await self.store.conversations("s1") if c.address == str(chat)]
        assert found
        return found[0]

    async def messages(self, chat: int = 7) -> list[Message]:
        return await self.store.messages((await self.conversation(chat)).id, notes=True)


@pytest.fixture
async def api() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as server:
        yield server


@pytest.fixture
async def world(tmp_path: Path, api: BotApiServer) -> AsyncIterator[World]:
    world = World(tmp_path, api)
    await world.start()
    yield world
    await world.stop()
