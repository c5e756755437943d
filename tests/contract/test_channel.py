"""Every route to a customer keeps the same promises: stored before answered, answered once, a person within reach, notes unseen."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.web.routes import Notices as WebNotices
from bot.channels.web.routes import customer_routes
from bot.conversation.records import Author, Conversation, Status
from knowledge.store import Shop
from tests.fakes.bot_api import BotApiServer
from tests.unit.bot.channels.telegram.conftest import World


class Customer(Protocol):
    """Somebody at one of the doors."""

    async def asks(self, text: str, *, again: bool = False) -> None: ...

    async def wants_a_person(self) -> None: ...

    async def reads(self) -> list[str]:
        """Everything that was said to them, in order."""

    async def conversation(self) -> Conversation: ...


class OnTelegram:
    def __init__(self, world: World, number: int) -> None:
        self._world, self._chat, self._last = world, 100 + number, {}
        self._presses = 0

    async def asks(self, text: str, *, again: bool = False) -> None:
        if again:
            self._world.bot.updates.append(self._last)
        else:
            self._last: dict[str, Any] = self._world.bot.says(text, chat=self._chat)
        assert await self._world.bring() == [200]

    async def wants_a_person(self) -> None:
        said = next(said for said in reversed(self._world.bot.to(self._chat)) if said.keyboard)
        await self._world.presses(said, "Talk to a person")

    async def reads(self) -> list[str]:
        await self._world.settle()
        # An agent's name stands above what they wrote.
        return [said.text.removeprefix("Bo\n") for said in self._world.bot.to(self._chat)]

    async def conversation(self) -> Conversation:
        return await self._world.conversation(self._chat)


class OnTheWeb:
    def __init__(self, world: World, number: int) -> None:
        app = FastAPI()

        async def waiting(_: Shop, __: str) -> str:
            return "We are fetching a colleague; please stay in this chat."

        notices = WebNotices(lambda _, __: "", waiting)
        app.include_router(
            customer_routes(world.assistant, world.store, world.knowledge, world.bus, clock=lambda: world.now, notices=notices)
        )
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test")
        self._world, self._count, self._path = world, 0, ""

    async def _begin(self) -> None:
        if not self._path:
            began = (await self._http.post("/api/v1/shops/tea/conversations", json={})).json()
            self._id, self._path = began["id"], f"/api/v1/conversations/{began['id']}"
            self._http.headers["Authorization"] = f"Bearer {began['token']}"

    async def asks(self, text: str, *, again: bool = False) -> None:
        await self._begin()
        self._count += not again
        sent = await self._http.post(f"{self._path}/messages", json={"text": text, "client_id": f"c{self._count}"})
        assert sent.status_code == 202
        await self._world.settle()

    async def wants_a_person(self) -> None:
        assert (await self._http.post(f"{self._path}/handoff", json={})).status_code == 200

    async def reads(self) -> list[str]:
        shown = (await self._http.get(self._path)).json()["messages"]
        return [message["text"] for message in shown if message["author"] != "customer"]

    async def conversation(self) -> Conversation:
        found = await self._world.store.conversation("s1", self._id)
        assert found is not None
        return found


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with BotApiServer() as api:
        world = World(tmp_path, api)
        await world.start()
        yield world
        await world.stop()


@pytest.fixture(params=[OnTelegram, OnTheWeb], ids=["telegram", "web"])
def customer(request: pytest.FixtureRequest, world: World) -> Callable[[int], Customer]:
    return lambda number=1: request.param(world, number)


async def test_what_is_asked_is_answered_once(world: World, customer: Callable[..., Customer]):
    ada = customer()
    await ada.asks("Does it come in red?")
    await ada.asks("Does it come in red?", again=True)
    assert await ada.reads() == ["Yes, it comes in red."]
    stored = await world.store.messages((await ada.conversation()).id)
    assert [message.author for message in stored] == [Author.CUSTOMER, Author.ASSISTANT]


async def test_asked_anew_is_answered_anew(world: World, customer: Callable[..., Customer]):
    ada = customer()
    await ada.asks("Does it come in red?")
    await ada.asks("Does it come in red?")
    assert len(await ada.reads()) == 2


async def test_a_person_is_asked_for_once_and_the_customer_told(world: World, customer: Callable[..., Customer]):
    ada = customer()
    await ada.asks("Hello?")
    await ada.wants_a_person()
    assert (await ada.conversation()).status is Status.WAITING
    assert (await ada.reads())[-1] == "We are fetching a colleague; please stay in this chat."
    since = (await ada.conversation()).waiting_since
    await ada.wants_a_person()
    assert (await ada.conversation()).waiting_since == since


async def test_an_agent_speaks_alone_and_notes_stay_inside(world: World, customer: Callable[..., Customer]):
    ada = customer()
    await ada.asks("Hello?")
    held = await ada.conversation()
    await world.store.move(held.id, [Status.ASSISTANT], Status.AGENT, agent_id="bo", notice="A colleague has joined the chat.")
    await world.store.say(held.id, Author.NOTE, "A regular; be kind.", agent_name="Bo")
    await world.store.say(held.id, Author.AGENT, "<b>Good</b> day & welcome", agent_id="bo", agent_name="Bo")
    await ada.asks("Are you real?")
    assert (await ada.reads())[1:] == ["A colleague has joined the chat.", "<b>Good</b> day & welcome"]


async def test_two_customers_never_read_each_other(world: World, customer: Callable[..., Customer]):
    ada, ben = customer(1), customer(2)
    await ada.asks("Hello?")
    await ben.asks("Hello?")
    held = await ada.conversation()
    assert held.contact_id != (await ben.conversation()).contact_id
    await world.store.say(held.id, Author.AGENT, "For Ada alone", agent_name="Bo")
    assert "For Ada alone" in await ada.reads()
    assert await ben.reads() == ["Yes, it comes in red."]


async def test_any_text_arrives_and_breaks_nothing(world: World, customer: Callable[..., Customer]):
    ada = customer()
    for text in ("<b>&amp;", "🙂🙂🙂", "x" * 4096, "a\u200bb\x07c", "'; DROP TABLE messages; --"):
        await ada.asks(text)
    assert len(await ada.reads()) == 5
