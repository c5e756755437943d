"""Two processes on PostgreSQL, Redis and a Chroma server share one conversation: ordered, answered once, streamed from either."""

import asyncio
from collections.abc import Iterator

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
        # All at once, alternating: the turns must come one after the other, in the order received, each answered once.
        sent = []
        for number, text in enumerate(QUESTIONS):
            response = await customer.send((first, second)[number % 2], text)
            assert response.status_code == 202
            sent.append(response.json()["id"])
        async with asyncio.timeout(60):
            while sum(m["author"] == "assistant" for m in await customer.transcript(second)) < len(QUESTIONS):
                await asyncio.sleep(0.1)
        messages = await customer.transcript(second)
        assert messages == await customer.transcript(first)
        assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))
        assert [m["id"] for m in messages if m["author"] == "customer"] == sent
        assert sum(m["author"] == "assistant" for m in messages) == len(QUESTIONS)


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
