"""Answers that were right once and went wrong: where goods may go at all, what asks the very same of them, goods named after others. Through the doors."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.unit.bot.visiting import a_served_shop, last_answer

GOODS = """sku,title_en,title_zh,description_en,description_zh,price,currency,stock,category,category_zh,attribute Carry-on
GC-1,Peak Gas Cartridge 230 g,高山气罐 230 克,Screws onto every stove.,可配各种炉头。,9.50,USD,40,Cooking,炊具,No
KN-1,Otter Folding Knife,水獭折刀,Locks when open.,打开后自动锁定。,34.00,USD,12,Tools,工具,No
HL-1,Firefly Headlamp,萤火头灯,Charges by cable.,有线充电。,39.00,USD,12,Lights,灯具,Allowed
PB-1,Wooden Block Set,木制积木,For small builders.,小小建筑师。,29.00,USD,9,Toys,玩具,
"""
RULES = {
    "shipping.en.md": "# Shipping\n\n## Where we ship\nWe ship to the United States, Canada, the United Kingdom, Germany and Japan. Parcels leave from Denver.\n\n"
    "## Restrictions\nGas cartridges go only to the United States and Canada, by road. Knives are not shipped to Japan.\n",
    "shipping.zh.md": "# 配送\n\n## 配送范围\n我们送达美国、加拿大、英国、德国和日本。订单从丹佛发出。\n\n## 限制\n气罐只配送美国和加拿大，走陆运。折刀不寄往日本。\n",
    "returns.en.md": "# Returns\n\n## Period\nSend unused goods back within 21 days of delivery.\n\n## Refund\nYour money is back within 6 working days.\n",
    "faq.csv": "id,question_en,answer_en\n"
    'lamp,May I take a headlamp on the plane?,"Yes, with the battery inside it and never in checked luggage."\n'
    "sold,When will sold-out goods be back in stock?,Set a reminder on the page of the product.\n",
}
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    files = {"goods.csv": GOODS, **RULES}
    async with a_served_shop(tmp_path_factory.mktemp("peak"), "peak", "Peak", files) as client:
        yield client


async def said(http: httpx.AsyncClient, *turns: str) -> str:
    """The answer to the last of the messages of one conversation."""
    return str((await last_answer(http, "peak", *turns))["text"])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Can you ship a gas cartridge to the UK?", "only to the United States and Canada"),
        ("do you send gas cartridges to Germany", "only to the United States and Canada"),
        ("气罐能寄到英国吗？", "气罐只配送美国和加拿大"),
    ],
)
async def test_where_alone_these_goods_may_go_answers_for_every_place(http: httpx.AsyncClient, asked: str, told: str) -> None:
    assert told in await said(http, asked)


@pytest.mark.parametrize("asked", ["Do you ship to the UK?", "do you ship headlamps to Germany"])
async def test_what_holds_for_other_goods_is_not_said(http: httpx.AsyncClient, asked: str) -> None:
    answer = await said(http, asked)
    assert "We ship to the United States" in answer
    assert "only" not in answer


async def test_the_entry_that_asks_the_same_of_these_goods_says_more_than_yes(http: httpx.AsyncClient) -> None:
    answer = await said(http, "May I take the Firefly headlamp on a plane?")
    assert "never in checked luggage" in answer
    assert ": Allowed" not in answer


@pytest.mark.parametrize(
    ("before", "asked", "told"),
    [
        ("how much is the folding knife?", "how much is the block set?", "29.00"),
        ("how much is the firefly headlamp", "what's the price of the cartridge?", "9.50"),
        ("is the block set in stock?", "and how much is the headlamp", "39.00"),
    ],
)
async def test_another_thing_called_by_one_word_is_not_what_was_spoken_of(
    http: httpx.AsyncClient, before: str, asked: str, told: str
) -> None:
    assert told in await said(http, before, asked)


@pytest.mark.parametrize("asked", ["until when can it come back?", "when do I get my money back", "by when do I have to send it back"])
async def test_what_comes_back_from_a_customer_is_not_asked_of_the_stock(http: httpx.AsyncClient, asked: str) -> None:
    answer = await said(http, "how much is the folding knife?", asked)
    assert "in stock" not in answer
    assert "reminder" not in answer


async def test_a_parcel_that_does_not_come_is_a_matter_of_the_shop(http: httpx.AsyncClient) -> None:
    answer = await said(http, "PP20418 was meant to come Thursday and there's still no sign of it!!")
    assert "outside what I can help with" not in answer
