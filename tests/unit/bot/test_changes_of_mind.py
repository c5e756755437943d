"""What people say in the middle of a talk: too dear, a smaller one, the first one then, let me think; and wishes in which others are spoken of."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.answering.matters import matters_in
from bot.understanding.acknowledging import acknowledges
from bot.understanding.intents import topic_said
from bot.understanding.question import Topic
from tests.unit.bot.visiting import a_served_shop, last_answer

GOODS = """sku,group,title,price,currency,stock,category,option Colour,attribute Capacity,attribute Weight,url
JG-1B,jg-1,Wren Jug,24.00,USD,6,Jugs,Blue,1.2 l,600 g,https://shop.example/jg-1
JG-1G,jg-1,Wren Jug,24.00,USD,4,Jugs,Green,1.2 l,600 g,https://shop.example/jg-1
JG-2,,Rook Jug,39.00,USD,3,Jugs,,2 l,900 g,
JG-3,,Crane Jug,61.00,USD,2,Jugs,,3 l,1.4 kg,
BL-1,,Moss Blanket,89.00,USD,9,Blankets,,,1.1 kg,
BL-2,,Heath Blanket,129.00,USD,5,Blankets,,,1.6 kg,
"""
FAQ = """question,answer
Can I have everything in one parcel?,"Usually yes. If something is a preorder we split the order at no extra cost."
Is there a discount for new customers?,Use HELLO5 for 5% off your first order over $150.
How can I pay?,Cards and PayPal.
Are the jugs safe for boiling water?,"Yes, all our jugs are made for boiling water."
"""
DELIVERY = "# Delivery\n\n## Times and fees\nStandard $5 within the United States, 3 to 5 working days. The United Kingdom $15, 7 to 10 days.\n\n## Dispatch\nParcels leave on working days.\n"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    files = {"goods.csv": GOODS, "faq.csv": FAQ, "delivery.md": DELIVERY}
    async with a_served_shop(tmp_path_factory.mktemp("clay"), "clay", "Clay & Wool", files) as client:
        yield client


async def said(http: httpx.AsyncClient, *turns: str) -> dict[str, Any]:
    """The answer to the last of the messages of one conversation."""
    return await last_answer(http, "clay", *turns)


async def test_what_a_thing_comes_in_is_no_visit(http: httpx.AsyncClient) -> None:
    answer = await said(http, "tell me about the Wren Jug", "does it come in white?")
    assert "Blue" in answer["text"] and "parcel" not in answer["text"] and "split" not in answer["text"]
    assert "visiting" in matters_in("can I come in and see one")
    assert "visiting" not in matters_in("do they come in large")


@pytest.mark.parametrize(("words", "first"), [("whats the cheapest", "Wren"), ("ok and the most expensive", "Crane")])
async def test_an_extreme_alone_is_asked_of_what_was_shown(http: httpx.AsyncClient, words: str, first: str) -> None:
    answer = await said(http, "do you have jugs?", words)
    assert answer["outcome"] == "answered" and first in answer["products"][0]["title"], answer["text"]


@pytest.mark.parametrize("words", ["that's way too much", "too expensive for me", "bit pricey"])
async def test_too_dear_is_a_wish_for_less_and_no_complaint(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, "do you have blankets?", "tell me about the Heath Blanket", words)
    assert answer["outcome"] == "answered" and [p["sku"] for p in answer["products"]] == ["BL-1"], answer["text"]


async def test_something_bigger_is_of_the_same_kind(http: httpx.AsyncClient) -> None:
    answer = await said(http, "do you have jugs?", "something bigger?")
    assert {p["sku"][:2] for p in answer["products"]} == {"JG"}, answer["text"]


async def test_the_first_one_goes_on_from_no_rule(http: httpx.AsyncClient) -> None:
    answer = await said(http, "do you have jugs?", "how can I pay?", "what about the first one")
    assert "first order" not in answer["text"] and "Jug" in answer["text"], answer["text"]


async def test_the_price_after_an_entry_about_a_product_is_the_products(http: httpx.AsyncClient) -> None:
    answer = await said(http, "Rook Jug", "is it safe for boiling water?", "how much it cost")
    assert "39.00" in answer["text"] and "$5" not in answer["text"], answer["text"]


@pytest.mark.parametrize("words", ["ok let me think about it", "hmm, never mind", "lol no way", "好吧，我再看看", "那算了"])
async def test_who_puts_it_off_is_told_no_rule_again(http: httpx.AsyncClient, words: str) -> None:
    assert acknowledges(words)
    answer = await said(http, "Rook Jug", "how long does delivery take?", words)
    assert answer["outcome"] == "answered" and "working days" not in answer["text"], answer["text"]


@pytest.mark.parametrize("words", ["ok is it heavy", "never mind, show me blankets", "好吧多少钱"])
async def test_what_asks_something_beside_is_no_mere_word(words: str) -> None:
    assert not acknowledges(words)


async def test_a_wish_of_somebody_else_is_looked_for(http: httpx.AsyncClient) -> None:
    answer = await said(http, "my husband needs a new blanket")
    assert {p["sku"][:2] for p in answer["products"]} == {"BL"}, answer["text"]


async def test_for_somebody_of_whom_nothing_speaks_there_is_something_to_begin_with(http: httpx.AsyncClient) -> None:
    answer = await said(http, "looking for something for my nephew")
    assert answer["outcome"] == "answered" and answer["products"], answer["text"]


@pytest.mark.parametrize("words", ["what's this shop about", "what do you guys do", "你们是卖什么的"])
async def test_what_the_shop_is_about_is_what_it_sells(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered" and "jugs" in answer["text"].casefold() and answer["products"], answer["text"]


@pytest.mark.parametrize("words", ["I have a question", "can you help me", "我想问一下"])
async def test_who_asks_to_ask_is_welcome(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered" and ("Of course" in answer["text"] or "当然" in answer["text"]), answer["text"]


@pytest.mark.parametrize("words", ["how long would it take to get to Leeds?", "how many days to Germany", "how long til it gets here"])
async def test_how_long_it_takes_to_come_is_delivery(words: str) -> None:
    assert topic_said(words) is Topic.SHIPPING


async def test_opening_hours_that_nobody_states_are_not_answered_by_dispatch(http: httpx.AsyncClient) -> None:
    assert (await said(http, "what time do you open on sunday"))["outcome"] == "abstained"


async def test_an_insult_is_not_chatted_about(http: httpx.AsyncClient) -> None:
    assert (await said(http, "you're useless"))["outcome"] == "handed_off"
