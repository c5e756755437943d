"""Two processes on PostgreSQL, Redis and a Chroma server share one conversation: ordered, answered once, streamed from either."""

import asyncio
import contextlib
import itertools
import random
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.scale.client import Customer
from tests.scale.cluster import App, cluster

pytestmark = [pytest.mark.scale, pytest.mark.timeout(400)]

QUESTIONS = ["How much is the KT-17E kettle?", "包邮吗？", "Is it in stock?", "What is your return policy?", "有哪些双肩包？", "thanks"]


@pytest.fixture(scope="module")
def replicas() -> Iterator[list[App]]:
    with cluster() as apps:
        yield apps


async def test_one_conversation_over_two_processes_is_ordered_and_answered_once(replicas: list[App]) -> None:
    first, second = (app.url for app in replicas)
    async with httpx.AsyncClient(timeout=60) as http:
        customer = await Customer.start(http, first)
        # All at once, alternating: the turns come one after the other, and what is written before an answer comes is one burst with one answer.
        sent = []
        for number, text in enumerate(QUESTIONS):
            response = await customer.send((first, second)[number % 2], text)
            assert response.status_code == 202
            sent.append(response.json()["id"])
        async with asyncio.timeout(60):
            while (messages := await customer.transcript(second))[-1]["author"] != "assistant":
                await asyncio.sleep(0.1)
        assert messages == await customer.transcript(first)
        assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))
        assert [m["id"] for m in messages if m["author"] == "customer"] == sent
        authors = [m["author"] for m in messages if m["author"] in ("customer", "assistant")]
        assert ("assistant", "assistant") not in itertools.pairwise(authors), "nothing is answered twice"
        assert authors[0] == "customer" and authors[-1] == "assistant"


async def test_what_one_process_answers_is_streamed_by_the_other(replicas: list[App]) -> None:
    first, second = (app.url for app in replicas)
    async with httpx.AsyncClient(timeout=60) as http:
        customer = await Customer.start(http, first)
        seen: list[dict[str, object]] = []

        async def listen() -> None:
            async for event in customer.events(second):
                seen.append(event)
                if event["type"] == "message" and event["data"]["author"] == "assistant":
                    return

        listening = asyncio.create_task(listen())
        answer = (await customer.send(first, "How much is the KT-17E kettle?", wait=30)).json()
        await asyncio.wait_for(listening, 30)
        told = [event for event in seen if event["type"] == "message"][-1]
        assert told["data"]["id"] == answer["message_id"]  # type: ignore[index]
        ids = [event["id"] for event in seen if "id" in event]
        assert ids == sorted(set(ids))  # type: ignore[type-var]


async def test_the_same_client_id_at_both_processes_is_one_message(replicas: list[App]) -> None:
    first, second = (app.url for app in replicas)
    async with httpx.AsyncClient(timeout=60) as http:
        customer = await Customer.start(http, first)
        answers = await asyncio.gather(*(customer.send(base, "包邮吗？", wait=30, client_id="once") for base in (first, second) * 3))
        assert len({response.json()["message_id"] for response in answers}) == 1
        assert [m["author"] for m in await customer.transcript(second) if m["author"] != "system"] == ["customer", "assistant"]


@pytest.mark.parametrize("seed", [3, 4])
async def test_a_stream_cut_fifty_times_at_either_process_loses_and_doubles_nothing(replicas: list[App], seed: int) -> None:
    """Fifty, since a conversation may open sixty streams in a minute."""
    bases = [app.url for app in replicas]
    chance = random.Random(seed)
    async with httpx.AsyncClient(timeout=60) as http:
        customer = await Customer.start(http, bases[0])
        seen: list[dict[str, Any]] = []

        async def talk() -> None:
            for number, text in enumerate(QUESTIONS * 2):
                assert (await customer.send(bases[number % 2], text, wait=30)).status_code == 200

        talking = asyncio.create_task(talk())
        for cut in range(50):
            after = seen[-1]["id"] if seen else 0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(chance.random() * 0.3), contextlib.aclosing(customer.events(bases[cut % 2], after)) as events:
                    async for event in events:
                        if "id" in event:
                            seen.append(event)
                            if chance.random() < 0.3:
                                break
        await talking
        last = (await http.get(f"{bases[0]}/api/v1/conversations/{customer.id}", headers=customer.headers)).json()["last_event"]
        async with asyncio.timeout(30):
            while seen[-1]["id"] < last:
                async with contextlib.aclosing(customer.events(bases[1], seen[-1]["id"])) as events:
                    async for event in events:
                        if "id" in event:
                            seen.append(event)
                        if seen[-1]["id"] == last:
                            break
        assert [event["id"] for event in seen] == list(range(1, last + 1))
        streamed = [event["data"]["id"] for event in seen if event["type"] == "message"]
        assert streamed == [message["id"] for message in await customer.transcript(bases[0])]


async def test_an_agent_who_takes_over_at_one_process_silences_the_assistant_at_the_other(replicas: list[App]) -> None:
    first, second = (app.url for app in replicas)
    staff = {"Authorization": f"Bearer {replicas[0].run('token', 'create', '--shop', 'demo', '--role', 'support').strip()}"}
    async with httpx.AsyncClient(timeout=60) as http:
        customer = await Customer.start(http, second)
        assert (await customer.send(second, "How much is the KT-17E kettle?", wait=30)).json()["text"]
        desk = f"/api/v1/desk/conversations/{customer.id}"
        assert (await http.post(f"{first}{desk}/take", headers=staff)).status_code == 200
        held = (await customer.send(second, "Is it in stock?", wait=30)).json()
        assert (held["outcome"], held["text"]) == ("handed_off", "")
        reply = await http.post(f"{first}{desk}/reply", headers=staff, json={"text": "Four are left."})
        assert reply.status_code == 201
        authors = [m["author"] for m in await customer.transcript(second) if m["author"] != "system"]
        assert authors == ["customer", "assistant", "customer", "agent"]
        assert (await http.post(f"{second}{desk}/release", headers=staff)).status_code == 200
        assert (await customer.send(first, "Is the KT-17E in stock?", wait=30)).json()["text"]


async def test_a_price_patched_at_one_process_is_the_other_s_next_answer(replicas: list[App]) -> None:
    first, second = (app.url for app in replicas)
    merchant = {"Authorization": f"Bearer {replicas[0].run('token', 'create', '--shop', 'demo', '--role', 'admin').strip()}"}
    async with httpx.AsyncClient(timeout=60) as http:
        customer = await Customer.start(http, second)
        before = (await customer.send(second, "How much is the KT-17E kettle?", wait=30)).json()["products"][0]
        price = "31.07" if before["price"] != "31.07" else "32.08"
        patch = [{"sku": before["sku"], "price": price}]
        patched = await http.patch(f"{first}/api/v1/shops/demo/knowledge/offers", headers=merchant, json=patch)
        assert patched.json() == {"changed": [before["sku"]], "unknown": []}
        after = (await customer.send(second, "How much is the KT-17E kettle?", wait=30)).json()
        assert after["products"][0]["price"] == price and price in after["text"]


async def test_what_is_set_at_one_process_holds_for_the_other_s_next_answer(replicas: list[App]) -> None:
    first, second = (app.url for app in replicas)
    merchant = {"Authorization": f"Bearer {replicas[0].run('token', 'create', '--shop', 'demo', '--role', 'admin').strip()}"}
    async with httpx.AsyncClient(timeout=60) as http:
        for number in range(3):
            greeting = f"Welcome, visitor of round {number}."
            response = await http.patch(f"{first}/api/v1/shops/demo/settings", headers=merchant, json={"greeting": {"en": greeting}})
            assert response.status_code == 200, response.text
            customer = await Customer.start(http, second)
            assert (await customer.transcript(second))[0]["text"] == greeting
            assert (await customer.send(second, "hello", wait=30)).json()["text"] == greeting
            first, second = second, first


async def test_a_process_that_is_killed_leaves_its_turns_to_the_other(replicas: list[App]) -> None:
    first, second = replicas
    async with httpx.AsyncClient(timeout=60) as http:
        customers = [await Customer.start(http, first.url) for _ in range(6)]
        await asyncio.gather(*(customer.send(first.url, "Which backpacks do you have?") for customer in customers))
        first.kill()
        async with asyncio.timeout(20):
            for customer in customers:
                while not any(m["author"] == "assistant" for m in await customer.transcript(second.url)):
                    await asyncio.sleep(0.2)
        for customer in customers:
            assert sum(m["author"] == "assistant" for m in await customer.transcript(second.url)) == 1
