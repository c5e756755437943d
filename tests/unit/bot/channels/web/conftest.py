"""The customer's API over a real SQLite store and a real bus; only the assistant is scripted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from bot.channels.web.frame import widget_routes
from bot.channels.web.routes import Limits, Notices, customer_routes
from bot.channels.web.storefront import storefront_routes
from bot.errors import TooManyRequests, ZhangguiError
from bot.events.in_process import InProcessEventBus
from bot.storage.migrate import migrate
from bot.storage.sql_conversations import SqlConversationStore
from knowledge.catalog import Attribute
from knowledge.localized import pick
from knowledge.shop_settings import shop_settings
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Document, DocumentKind, Shop
from retrieval.view import ShopView
from tests.builders import a_product
from tests.fakes.scripted_assistant import ScriptedAssistant

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LIMITS = Limits(messages=3, address=40)


@dataclass
class Door:
    """A client at the door, and what is behind it."""

    http: httpx.AsyncClient
    store: SqlConversationStore
    knowledge: SqlKnowledgeStore
    bus: InProcessEventBus
    assistant: ScriptedAssistant

    async def begin(self, shop: str = "tea", **body: str) -> tuple[str, dict[str, str]]:
        """A new conversation: its path, and the header that opens it."""
        response = await self.http.post(f"/api/v1/shops/{shop}/conversations", json=body)
        assert response.status_code == 201, response.text
        began = response.json()
        return f"/api/v1/conversations/{began['id']}", {"Authorization": f"Bearer {began['token']}"}


KETTLE = a_product(
    id="kettle",
    title="Copper Kettle | 铜壶",
    price="49.00 USD",
    attributes=[Attribute("Weight", "1 kg", "en"), Attribute("重量", "1 千克", "zh")],
)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    engine = await open_engine(f"sqlite:///{tmp_path / 'test.db'}")
    await migrate(engine)
    knowledge = SqlKnowledgeStore(engine, clock=lambda: NOW)
    greeting = {"en": "Welcome to the tea house.", "zh": "欢迎光临茶馆。"}
    settings: dict[str, object] = {"greeting": greeting, "allowed_origins": ["https://tea.example", "javascript:alert(1)"]}
    await knowledge.create_shop(Shop("s1", "tea", {"en": "Tea House", "zh": "茶馆"}, settings=settings))
    await knowledge.create_shop(Shop("s2", "hats", {"en": "Hats <&>"}))
    document = Document(DocumentKind.PRODUCT, KETTLE.id, "test", KETTLE, "h")
    await knowledge.stage("s1", "test", [document])
    await knowledge.publish("s1")
    store = SqlConversationStore(engine, clock=lambda: NOW, sending_channels=frozenset())
    bus = InProcessEventBus()
    assistant = ScriptedAssistant(store, bus)

    async def waiting(_: Shop, language: str) -> str:
        return f"waiting/{language}"

    notices = Notices(lambda shop, language: pick(shop_settings(shop).greeting, language), waiting)

    async def view(shop: Shop) -> ShopView:
        products = {KETTLE.id: KETTLE} if shop.slug == "tea" else {}
        return ShopView(shop, 1, products, {KETTLE.sku.casefold(): KETTLE.id}, {}, {}, {}, {}, ())

    images = tmp_path / "images"
    images.mkdir()
    (images / "kettle.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    app = FastAPI()
    app.include_router(customer_routes(assistant, store, knowledge, bus, clock=lambda: NOW, notices=notices, limits=LIMITS))
    app.include_router(widget_routes(knowledge))
    app.include_router(storefront_routes(knowledge, view, clock=lambda: NOW, demo_images=images))

    @app.exception_handler(ZhangguiError)
    async def refused(_: Request, error: ZhangguiError) -> JSONResponse:
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyRequests) else None
        return JSONResponse({"detail": error.message}, status_code=error.status, headers=headers)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as http:
        yield Door(http, store, knowledge, bus, assistant)
    await engine.dispose()
