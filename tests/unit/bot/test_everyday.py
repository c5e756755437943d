"""What every second visitor says: looks around, asks for advice, wants to buy, says "ok". Through the doors, in English and Chinese."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.unit.bot.visiting import a_served_shop, last_answer

GOODS = """sku,title_en,title_zh,price,currency,stock,category,category_zh,url,attribute Weight
TN-2,Heron Tent for Two,苍鹭双人帐篷,189.00,USD,6,Camping,露营,https://shop.example/tn-2,2.4 kg
SB-9,Badger Sleeping Bag,獾牌睡袋,79.00,USD,3,Camping,露营,,1.1 kg
LN-1,Firefly Lantern,萤火露营灯,29.00,USD,12,Camping,露营,,300 g
KY-1,Otter Kayak,水獭皮划艇,640.00,USD,0,Water,水上,https://shop.example/ky-1,19 kg
PD-3,Otter Paddle,水獭船桨,59.00,USD,8,Water,水上,,900 g
CP-5,Larch Camping Cup,落叶松露营杯,14.50,USD,40,Kitchen,炊具,,150 g
"""
REVIEWS = """sku,rating,text,language,date
TN-2,5,Up in four minutes.,en,2026-08-01
TN-2,4,Dry in a storm.,en,2026-08-09
TN-2,5,A home.,en,2026-09-02
PD-3,4,Light in the hand.,en,2026-07-01
CP-5,2,Burnt my lips.,en,2026-06-01
"""
RETURNS = {
    "returns.en.md": "# Returns\n\n## Period\nUnused goods may be returned within 21 days of delivery.\n\n## Refund\nWe refund within 6 working days.\n",
    "returns.zh.md": "# 退货\n\n## 期限\n签收后 21 天内，未使用的商品可以退货。\n\n## 退款\n6 个工作日内退款。\n",
    "payment.en.md": "# Payment\n\n## Means\nCards, PayPal and Alipay.\n\n## Instalments\n3 instalments from $120.\n",
}
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    files = {"goods.csv": GOODS, "reviews.csv": REVIEWS, **RETURNS}
    async with a_served_shop(tmp_path_factory.mktemp("camp"), "camp", "Camp", files) as client:
        yield client


async def said(http: httpx.AsyncClient, *turns: str) -> dict[str, Any]:
    """The answer to the last of the messages of one conversation."""
    return await last_answer(http, "camp", *turns)


@pytest.mark.parametrize(
    "words",
    ["what do you recommend", "any suggestions?", "I'm just looking", "show me what you have", "推荐一下", "随便看看", "你们都卖什么"],
)
async def test_who_looks_around_sees_what_is_rated_best_of_several_departments(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered"
    skus = [product["sku"] for product in answer["products"]]
    assert {"TN-2", "PD-3"} <= set(skus) and "KY-1" not in skus, "sold out is nothing to begin with"
    assert "4.7" in answer["text"] and ("3 ratings" in answer["text"] or "3 条" in answer["text"])


@pytest.mark.parametrize(("words", "admitted"), [("what's your best seller?", "sales figures"), ("有什么爆款", "看不到销量")])
async def test_no_sales_figures_are_made_up(http: httpx.AsyncClient, words: str, admitted: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered" and admitted in answer["text"]


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        (("do you have tents", "which one would you pick?"), None),
        (("show me camping gear", "which one would you pick?"), ("Heron Tent for Two", "$")),
        (("看看露营的东西", "你会选哪个"), ("苍鹭双人帐篷", "$")),
    ],
)
async def test_advice_on_what_was_shown_says_who_leads_in_what(
    http: httpx.AsyncClient, turns: tuple[str, ...], told: tuple[str, ...] | None
) -> None:
    answer = await said(http, *turns)
    assert answer["outcome"] != "abstained"
    for words in told or ():
        assert words in answer["text"]


@pytest.mark.parametrize(
    "words", ["ok I'll take it", "how do I order it?", "add it to my cart please", "我要这个，怎么下单", "帮我加购物车"]
)
async def test_who_wants_to_buy_gets_the_page_and_no_promise(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, "How much is the Heron Tent for Two?" if words.isascii() else "苍鹭双人帐篷多少钱", words)
    assert answer["outcome"] == "answered"
    assert "https://shop.example/tn-2" in answer["text"] and "$189.00" in answer["text"]
    assert [product["sku"] for product in answer["products"]] == ["TN-2"]


async def test_what_is_sold_out_is_not_sold(http: httpx.AsyncClient) -> None:
    answer = await said(http, "tell me about the Otter Kayak", "I'll take it, how do I order")
    assert "out of stock" in answer["text"] and "ordered" not in answer["text"]


@pytest.mark.parametrize("words", ["how do I place an order", "怎么下单"])
async def test_how_to_order_is_told_without_a_product(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered" and ("in the shop itself" in answer["text"] or "店铺" in answer["text"])


@pytest.mark.parametrize("words", ["ok", "👍", "got it, great", "I see...", "好的", "嗯嗯", "知道了", "明白了 👌"])
async def test_ok_fetches_nobody_however_often(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words, words, words, words)
    assert answer["outcome"] == "answered" and not answer.get("handoff")
    assert len(answer["text"]) < 60


@pytest.mark.parametrize("words", ["around 80 dollars", "my budget is 80 bucks", "预算80刀左右"])
async def test_a_budget_alone_is_no_stray_message(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered" and answer["products"] and all(float(p["price"]) <= 96 for p in answer["products"])


async def test_best_rated_says_how_it_is_rated(http: httpx.AsyncClient) -> None:
    answer = await said(http, "which products are best rated?")
    assert answer["products"][0]["sku"] == "TN-2" and "rated 4.7 stars (3 ratings)" in answer["text"]


@pytest.mark.parametrize(("words", "own"), [("what if I don't like it, can I send it back?", "21 days"), ("不喜欢能退吗", "21 天内")])
async def test_a_rule_that_stands_in_both_languages_is_said_in_the_customers(http: httpx.AsyncClient, words: str, own: str) -> None:
    answer = await said(http, words)
    assert own in answer["text"] and "another language" not in answer["text"]
    assert {source["id"].split("#")[0] for source in answer["sources"]} == {"returns.en.md" if words.isascii() else "returns.zh.md"}


async def test_the_means_of_payment_go_before_their_details(http: httpx.AsyncClient) -> None:
    assert "PayPal" in (await said(http, "what about payment?"))["text"]


async def test_a_rule_before_is_no_answer_to_what_is_reduced_nor_to_buying(http: httpx.AsyncClient) -> None:
    answer = await said(http, "what about payment?", "any discounts on right now?")
    assert "PayPal" not in answer["text"]
    answer = await said(http, "苍鹭双人帐篷多少钱", "可以退货吗", "那我就要这个了，怎么下单")
    assert "https://shop.example/tn-2" in answer["text"]


@pytest.mark.parametrize("words", ["在", "有人吗", "亲", "掌柜的", "anyone there?"])
async def test_who_calls_for_somebody_is_greeted(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered" and "没太明白" not in answer["text"] and "didn't quite get" not in answer["text"]


@pytest.mark.parametrize("words", ["哈哈好的", "算了 我再想想", "我再看看", "好的好的", "嗯好的", "那算了吧"])
async def test_words_written_together_are_heard_like_single_ones(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, "看看露营的东西", words)
    assert "随时" in answer["text"] and not answer["products"]


@pytest.mark.parametrize("words", ["船桨多少钱", "帐篷怎么卖", "how much are your tents"])
async def test_the_price_of_a_kind_is_no_matter_of_rules(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered" and "$" in answer["text"] and answer["products"]


async def test_other_goods_asked_by_price_are_not_those_of_before(http: httpx.AsyncClient) -> None:
    answer = await said(http, "苍鹭双人帐篷多少钱", "睡袋多少钱")
    assert "$79.00" in answer["text"] and "189" not in answer["text"]


@pytest.mark.parametrize(
    ("first", "words", "dear"),
    [("有没有露营的东西", "有没有好看一点的", "怎么这么贵"), ("show me camping gear", "anything prettier", "why so expensive")],
)
async def test_too_dear_is_said_of_the_kind_looked_for(http: httpx.AsyncClient, first: str, words: str, dear: str) -> None:
    answer = await said(http, first, words, dear)
    assert not {product["sku"] for product in answer["products"]} - {"TN-2", "SB-9", "LN-1"}, "no cup instead of a tent"


@pytest.mark.parametrize("words", ["打折吗", "有活动吗", "any discounts?"])
async def test_a_rule_that_reduces_nothing_is_no_answer_to_what_is_reduced(http: httpx.AsyncClient, words: str) -> None:
    text = (await said(http, "可以退货吗", words))["text"]
    assert "21" not in text and "PayPal" not in text


async def test_having_none_of_a_thing_does_not_leave_it_out(http: httpx.AsyncClient) -> None:
    answer = await said(http, "我没有睡袋")
    assert "SB-9" in {product["sku"] for product in answer["products"]}


@pytest.mark.parametrize("words", ["有什么", "都有啥", "你们卖什么东西呀"])
async def test_what_is_there_shows_the_range(http: httpx.AsyncClient, words: str) -> None:
    answer = await said(http, words)
    assert answer["outcome"] == "answered" and answer["products"]
