"""The desk and the console over real SQLite stores and a real bus, behind the app's own error pages."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from bot.app import _errors
from bot.consoles.access import Access
from bot.consoles.merchant.knowledge_api import knowledge_routes
from bot.consoles.merchant.parts import MerchantParts
from bot.consoles.merchant.routes import merchant_routes
from bot.consoles.staff.routes import staff_routes
from bot.conversation.records import ChannelKind, Conversation, IncomingMessage, Status
from bot.events.in_process import InProcessEventBus
from bot.metrics import BodyLimit
from bot.storage.migrate import migrate
from bot.storage.sql_conversations import SqlConversationStore
from bot.storage.sql_staff import SqlStaffStore
from knowledge.base import KnowledgeBase
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Document, DocumentKind, Shop
from tests.builders import a_product
from tests.unit.bot.previewing.shopfront import Shopfront

PASSWORD = "a kettle on the stove"
CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@dataclass
class Clock:
    now: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class House:
    """Two shops, what stands behind the doors, and a client in front of them."""

    app: FastAPI
    http: httpx.AsyncClient
    access: Access
    staff: SqlStaffStore
    conversations: SqlConversationStore
    knowledge: SqlKnowledgeStore
    bus: InProcessEventBus
    clock: Clock
    parts: MerchantParts

    async def waiting(self, shop_id: str = "s1", text: str = "Is anybody there?", language: str = "en") -> Conversation:
        """A conversation in which a customer asked for a person."""
        inbox = await self.conversations.inbox(shop_id, ChannelKind.WEB)
        begun = await self.conversations.start(inbox, language=language)
        await self.conversations.receive(begun, IncomingMessage(inbox.id, begun.address, "", text))
        return await self.conversations.move(begun.id, (Status.ASSISTANT,), Status.WAITING, reason="customer_asked", summary=f"> {text}")

    async def person(self, role: str = "support", shop_id: str | None = "s1", email: str = "mei@tea.example", name: str = "Mei") -> None:
        """Somebody with a password."""
        await self.access.sign_in_by_link("test", await self.access.invite(email, name, role, shop_id), PASSWORD)

    async def signed_in(
        self, role: str = "support", shop_id: str | None = "s1", email: str = "mei@tea.example", name: str = "Mei"
    ) -> "Browser":
        """A browser in which that person signed in, through the form."""
        await self.person(role, shop_id, email, name)
        browser = Browser(self.client())
        response = await browser.http.post("/desk/sign-in", data={"email": email, "password": PASSWORD})
        assert response.status_code == 303, response.text
        return browser

    def client(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://shop.test", headers=headers)

    async def program(self, role: str = "support", shop_id: str = "s1", name: str = "CRM") -> httpx.AsyncClient:
        return self.client(Authorization=f"Bearer {await self.access.new_api_token(shop_id, role, name)}")


@dataclass
class Browser:
    """Keeps the cookie, reads the CSRF token from the page like a form does."""

    http: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def csrf(self) -> str:
        for path in ("/desk", "/console"):
            found = CSRF.search((await self.http.get(path)).text)
            if found:
                return found[1]
        raise AssertionError("no page holds a form")

    async def post(self, path: str, *, follow: bool = True, **fields: str) -> httpx.Response:
        return await self.http.post(path, data={"csrf": await self.csrf(), **fields}, follow_redirects=follow)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def house(tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    engine = await open_engine(f"sqlite:///{tmp_path / 'test.db'}")
    await migrate(engine)
    store = SqlKnowledgeStore(engine, clock=clock)
    for number, slug in enumerate(("tea", "hats"), 1):
        await store.create_shop(Shop(f"s{number}", slug, {"en": slug.title(), "zh": f"{slug}铺"}))
        kettle = a_product(id="k-1", title=f"{slug.title()} Kettle", price="49.00 USD")
        await store.stage(f"s{number}", "test", [Document(DocumentKind.PRODUCT, "k-1", "test", kettle, "h")])
        await store.publish(f"s{number}")
    staff = SqlStaffStore(engine, clock=clock)
    conversations = SqlConversationStore(engine, clock=clock, sending_channels=frozenset())
    bus = InProcessEventBus(clock=lambda: clock.now.timestamp())
    # argon2 as it is, set light: hashing as slowly as it should, a suite would take minutes.
    access = Access(staff, bus, clock=clock, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    parts = replace(Shopfront(engine, clock=clock).parts, access=access)

    async def nothing_to_embed(shop_id: str, documents: Sequence[Document]) -> None:
        return None

    app = FastAPI()
    notices = lambda key, language: f"{key}/{language}"  # noqa: E731
    app.include_router(staff_routes(access, conversations, store, bus, clock=clock, base_url="http://shop.test", notices=notices))
    app.include_router(merchant_routes(parts, KnowledgeBase(store, nothing_to_embed, clock)))
    app.include_router(knowledge_routes(parts))
    app.add_middleware(BodyLimit)
    _errors(app)
    house = House(app, httpx.AsyncClient(), access, staff, conversations, store, bus, clock, parts)
    await house.http.aclose()
    house.http = house.client()
    yield house
    await parts.uploads.stop()
    await parts.diffs.stop()
    await parts.jobs.stop()
    await house.http.aclose()
    await bus.close()
    await engine.dispose()
