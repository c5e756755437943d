"""The whole app through its front door: every part real (SQLite, embedded Chroma, the packaged model), two shops in one house."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.app import create_app
from bot.assembly import Services, services
from bot.conversation.records import ChannelKind, IncomingMessage
from bot.readiness import Readiness
from bot.settings import Settings
from knowledge.store import Shop

PROBLEM = "application/problem+json"
TEA = "sku,title,title_zh,price,currency,stock\nKX-1,Kite KX-1,风筝 KX-1,29.90,USD,4\n"
HATS = "sku,title,title_zh,price,currency,stock\nHZ-7,Straw Hat HZ-7,草帽 HZ-7,88.00,USD,9\n"


@dataclass
class House:
    """The app, its parts, and two shops that know different things."""

    app: FastAPI
    parts: Services
    http: httpx.AsyncClient
    readiness: Readiness
    data: Path

    async def conversation(self, shop: str) -> "Customer":
        begun = (await self.http.post(f"/api/v1/shops/{shop}/conversations", json={})).json()
        return Customer(self.http, f"/api/v1/conversations/{begun['id']}", {"Authorization": f"Bearer {begun['token']}"})

    async def program(self, shop: str, role: str) -> dict[str, str]:
        token = await self.parts.access.new_api_token((await self.shop(shop)).id, role, "test")
        return {"Authorization": f"Bearer {token}"}

    async def shop(self, slug: str) -> Shop:
        return await self.parts.knowledge.shop(slug)


@dataclass
class Customer:
    http: httpx.AsyncClient
    path: str
    key: dict[str, str]

    async def send(self, content: bytes | AsyncIterator[bytes]) -> httpx.Response:
        return await self.http.post(f"{self.path}/messages", content=content, headers=self.key)

    async def ask(self, text: str) -> dict[str, Any]:
        response = await self.http.post(f"{self.path}/messages?wait=30", json={"text": text}, headers=self.key)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.chdir(tmp_path)
    ready = asyncio.Event()

    async def on_ready() -> None:
        ready.set()

    async with services(Settings(data=tmp_path / "data", message_limit=8)) as parts:
        for slug, rows in (("tea", TEA), ("hats", HATS)):
            (tmp_path / f"{slug}.csv").write_text(rows, encoding="utf-8")
            await parts.knowledge.import_files(await parts.knowledge.create_shop(slug), [tmp_path / f"{slug}.csv"])
        readiness = Readiness(parts, demo=False, on_ready=on_ready, on_failure=ready.set)
        app = create_app(parts, readiness)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as http, app.router.lifespan_context(app):
            await asyncio.wait_for(ready.wait(), 60)
            yield House(app, parts, http, readiness, tmp_path / "data")


def assert_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM), response.text
    body: dict[str, Any] = response.json()
    assert body["status"] == status and body["title"] and body["detail"]
    assert "Traceback" not in response.text
    return body


# ── operations ──


async def test_health_readiness_and_metrics(house: House) -> None:
    assert (await house.http.get("/healthz")).text == "ok"
    ready = await house.http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["parts"] == {
        "start": "done", "database": "ready", "index": "ready", "events": "ready", "shop tea": "ready", "shop hats": "ready",
    }  # fmt: skip
    await (await house.conversation("tea")).ask("hello")
    metrics = await house.http.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    # Counted under the route's pattern: an id or a shop would make a series of its own.
    assert 'zhanggui_requests_total{method="POST",route="/api/v1/shops/{shop}/conversations",status="201"} 1.0' in metrics.text
    assert 'zhanggui_turns_total{engine="composer",language="en",outcome="answered"} 1.0' in metrics.text
    assert "zhanggui_turn_seconds_count 1.0" in metrics.text


async def test_a_part_that_goes_away_is_named_and_the_answer_is_503(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away() -> bool:
        return False

    monkeypatch.setattr(house.parts.indexes, "ready", away)
    response = await house.http.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["index"] == "unreachable" and response.json()["parts"]["database"] == "ready"


HEADS = ["/healthz", "/readyz", "/", "/widget.js"]


async def test_head_is_get_without_its_body(house: House) -> None:
    for path in HEADS:
        head, get = await house.http.head(path), await house.http.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == get.headers["content-type"]


ANY_PATH = ["/", "/widget.js", "/api/v1/nope", "/healthz", "/desk/sign-in"]


async def test_every_response_has_the_careful_headers(house: House) -> None:
    for path in ANY_PATH:
        headers = (await house.http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "referrer-policy" in headers and "permissions-policy" in headers


# ── refusals ──


REFUSED = [
    ("GET", "/nope", 404),
    ("GET", "/api/v1/shops/tea/../../nope", 404),
    ("PUT", "/healthz", 405),
    ("POST", "/api/v1/shops/nope/conversations", 404),
    ("POST", "/api/v1/shops/%00/conversations", 404),
    ("POST", "/api/v1/shops/%ff/conversations", 404),
    ("GET", "/api/v1/conversations/%00", 401),
    ("GET", "/api/v1/customers/me", 401),
    ("GET", "/widget/assets/x/%2e%2e/%2e%2e/frame.py", 404),
    ("POST", "/telegram/tea/webhook", 401),
    ("PATCH", "/api/v1/shops/tea/knowledge/offers", 401),
    ("GET", "/api/v1/desk/queue", 401),
]


async def test_refusals_are_problem_details(house: House) -> None:
    for method, path, status in REFUSED:
        response = await house.http.request(method, path)
        assert_problem(response, status)
        assert status != 401 or "telegram" in path or response.headers["www-authenticate"] == "Bearer"


NO_MESSAGE = [
    b"", b"{}", b"[]", b"null", b"1", b'{"text":', b"\xff\xfe\x00", b'{"text":5}', b'{"text":null}', b'{"text":["a"]}', b'{"text":""}',
    b'{"text":" \\n\\u200b"}', b'{"text":"\\u0000\\u0001"}', b'{"text":{"a":"\\ud800"}}', b"[" * 100_000, b'{"text":NaN}',
    b'{"text":"' + b"a" * 10_001 + b'"}', b'{"text":"a","x":' + b"9" * 5_000 + b"}", b'{"text":"a","client_id":7}',
]  # fmt: skip


async def test_what_is_no_message_is_refused_in_a_sentence(house: House) -> None:
    for body in NO_MESSAGE:
        customer = await house.conversation("tea")
        assert_problem(await customer.send(body), 422)


READABLE = ["a" * 10_000, "价" * 10_000, "9" * 10_000, "😀", "?", "<script>alert(1)</script>", "price\u0001of\u0000 it", "\u202eabc", "²③½"]


async def test_whatever_can_be_read_gets_an_answer(house: House) -> None:
    for text in READABLE:
        answer = await (await house.conversation("tea")).ask(text)
        assert answer["text"] and len(answer["text"]) < 800
        assert "<script" not in answer["text"]


async def test_half_an_emoji_is_stored_as_something_that_can_be_sent_again(house: House) -> None:
    customer = await house.conversation("tea")
    response = await customer.send(b'{"text":"kite \\ud83d please","client_id":"\\udfff"}')
    assert response.status_code == 202
    assert (await house.http.get(customer.path, headers=customer.key)).status_code == 200


@pytest.mark.parametrize("chunks", [5, 100])
async def test_a_body_over_the_limit_is_refused_however_it_comes(house: House, chunks: int) -> None:
    customer = await house.conversation("tea")
    assert_problem(await customer.send(b"a" * 65536 * chunks), 413)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(chunks):
            yield b"a" * 65536

    assert_problem(await customer.send(pieces()), 413)


async def test_too_many_messages_are_told_when_to_come_back(house: House) -> None:
    customer = await house.conversation("tea")
    responses = await asyncio.gather(*(customer.send(b'{"text":"kite %d"}' % number) for number in range(12)))
    assert sorted(response.status_code for response in responses) == [202] * 8 + [429] * 4
    refused = next(response for response in responses if response.status_code == 429)
    assert_problem(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60


async def test_a_mistake_of_ours_says_so_without_its_insides(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the secret is 4711")

    monkeypatch.setattr(house.parts.conversations, "by_token", broken)
    customer = await house.conversation("tea")
    assert "4711" not in str(assert_problem(await house.http.get(customer.path, headers=customer.key), 500))


async def test_a_database_that_is_away_is_a_503_without_its_address(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = await house.conversation("tea")
    database = house.data / "zhanggui.db"
    await house.parts.conversations.close()
    await asyncio.to_thread(database.rename, database.with_suffix(".away"))
    database.mkdir()
    response = await house.http.get(customer.path, headers=customer.key)
    assert str(house.data) not in str(assert_problem(response, 503))
    assert (await house.http.get("/readyz")).json()["parts"]["database"] == "unreachable"
    database.rmdir()
    await asyncio.to_thread(database.with_suffix(".away").rename, database)
    assert (await house.http.get("/readyz")).status_code == 200


# ── nothing crosses over ──


async def test_a_shop_answers_from_its_own_knowledge_alone(house: House) -> None:
    tea, hats = await house.conversation("tea"), await house.conversation("hats")
    assert "29.90" in (await tea.ask("How much is the Kite KX-1?"))["text"]
    assert "88.00" in (await hats.ask("How much is the Straw Hat HZ-7?"))["text"]
    for customer, foreign, sku, price in ((tea, "Straw Hat HZ-7", "HZ-7", "88"), (hats, "Kite KX-1", "KX-1", "29.90")):
        for question in (f"How much is the {foreign}?", f"Do you have {sku}?", f"{sku} 多少钱", "What do you sell?"):
            answer = await customer.ask(question)
            assert price not in answer["text"]
            assert sku not in str([answer["products"], answer["sources"]])


async def test_a_token_opens_its_own_conversation_alone(house: House) -> None:
    tea, hats, other = [await house.conversation(shop) for shop in ("tea", "hats", "tea")]
    for stranger in (hats, other):
        for method, path in (
            ("GET", tea.path), ("GET", f"{tea.path}/events"), ("POST", f"{tea.path}/messages"), ("POST", f"{tea.path}/handoff"),
            ("POST", f"{tea.path}/feedback"), ("POST", f"{tea.path}/rating"), ("POST", f"{tea.path}/contact"),
        ):  # fmt: skip
            assert_problem(await house.http.request(method, path, headers=stranger.key), 404)


async def test_staff_of_one_shop_neither_see_nor_change_the_other(house: House) -> None:
    tea = await house.conversation("tea")
    await tea.ask("How much is the Kite KX-1?")
    id_ = tea.path.rsplit("/", 1)[1]
    ours, theirs = await house.program("tea", "support"), await house.program("hats", "support")
    assert (await house.http.get(f"/api/v1/desk/conversations/{id_}", headers=ours)).status_code == 200
    assert id_ not in (await house.http.get("/api/v1/desk/queue", headers=theirs)).text
    assert (await house.http.get("/api/v1/desk/queue?shop=tea", headers=theirs)).status_code in (403, 404)
    for method, what in (("GET", ""), ("POST", "/take"), ("POST", "/reply"), ("POST", "/note"), ("POST", "/release"), ("POST", "/close")):
        body = {"text": "hello"} if method == "POST" else None
        response = await house.http.request(method, f"/api/v1/desk/conversations/{id_}{what}", headers=theirs, json=body)
        assert_problem(response, 404)
    merchant = await house.program("hats", "admin")
    patch = await house.http.patch("/api/v1/shops/tea/knowledge/offers", headers=merchant, json=[{"sku": "KX-1", "price": "1.00"}])
    assert patch.status_code in (403, 404)
    mine = await house.http.patch("/api/v1/shops/hats/knowledge/offers", headers=merchant, json=[{"sku": "KX-1", "price": "1.00"}])
    assert mine.json() == {"changed": [], "unknown": ["KX-1"]}
    assert "29.90" in (await tea.ask("How much is the Kite KX-1?"))["text"]


async def test_a_patched_price_stands_in_the_next_answer(house: House) -> None:
    tea = await house.conversation("tea")
    await tea.ask("How much is the Kite KX-1?")
    merchant = await house.program("tea", "admin")
    await house.http.patch("/api/v1/shops/tea/knowledge/offers", headers=merchant, json=[{"sku": "KX-1", "price": "27.50", "stock": 0}])
    answer = await tea.ask("How much is the Kite KX-1?")
    assert "27.50" in answer["text"] and answer["products"][0]["availability"] == "out_of_stock"


# ── what is kept ──


def files_with(folder: Path, text: str) -> list[str]:
    wanted = [text.encode(), text.encode("utf-16-le"), text.encode().replace(b"'", b"\\'")]
    return [
        os.path.relpath(path, folder)
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in wanted)
    ]  # fmt: skip


async def test_forgetting_erases_rows_and_bytes_and_the_token(house: House) -> None:
    tea, other = await house.conversation("tea"), await house.conversation("tea")
    secret = "Xylophonquartz"
    await tea.ask(f"Does the Kite KX-1 have a {secret} certificate?")
    await tea.ask("How much is the Kite KX-1?")
    await house.http.post(f"{tea.path}/rating", json={"score": 2, "comment": f"{secret} is missing"}, headers=tea.key)
    await house.http.post(f"{tea.path}/contact", json={"reach": f"{secret}@mail.example"}, headers=tea.key)
    await house.http.post(f"{tea.path}/handoff", json={}, headers=tea.key)
    await other.ask("How much is the Kite KX-1?")
    assert files_with(house.data, secret)
    known = (await house.http.get("/api/v1/customers/me", headers=tea.key)).json()
    assert secret in str(known["conversations"][0]["messages"])
    erased = (await house.http.delete("/api/v1/customers/me", headers=tea.key)).json()["erased"]
    assert erased["messages"] >= 4 and erased["contacts"] == 1
    assert files_with(house.data, secret) == []
    assert_problem(await house.http.get("/api/v1/customers/me", headers=tea.key), 404)
    assert (await house.http.get(other.path, headers=other.key)).status_code == 200


async def test_logs_hold_no_text_of_customers(house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "Xylophonquartz"
    tea = await house.conversation("tea")
    await tea.ask(f"I am {secret}, card 4111 1111 1111 1111. How much is the Kite KX-1, {secret}?")
    await tea.send(f'{{"text": 5, "other": "{secret}"}}'.encode())
    await house.http.get(f"/?q={secret}")

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a part broke")

    monkeypatch.setattr(house.parts.assistant._retriever, "search", broken)
    answer = await tea.ask(f"What about a {secret}?")
    assert answer["outcome"] == "handed_off"
    # httpx here is the browser's side.
    said = "\n".join(caplog.handler.format(record) for record in caplog.records if record.name != "httpx")
    assert "a part broke" in said  # so the log was heard
    assert secret not in said and "4111" not in said


async def test_a_customer_who_is_erased_while_a_turn_runs_ends_it_quietly(house: House, caplog: pytest.LogCaptureFixture) -> None:
    tea = await house.shop("tea")
    assistant, conversations = house.parts.assistant, house.parts.conversations
    inbox = await conversations.inbox(tea.id, ChannelKind.WEB)
    begun = await conversations.start(inbox)
    await conversations.receive(begun, IncomingMessage(inbox.id, begun.address, "", "How much is the Kite KX-1?"))
    turn = await conversations.claim_turn("test", 30.0)
    await conversations.forget(begun.contact_id)
    await assistant._run(turn)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
