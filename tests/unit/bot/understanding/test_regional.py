"""What is said in Hong Kong and Taiwan means what it means elsewhere; a shop's own words stay."""

import pytest

from bot.understanding.question import Intent, Memory
from bot.understanding.regional import standard
from bot.understanding.shop_words import words_of
from bot.understanding.understand import Understanding
from retrieval.retriever import Filters
from retrieval.view import ShopView
from tests.builders import a_product, a_shop, a_view


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("KT-17E有冇貨？", Intent.AVAILABILITY),
        ("KT-17E幾錢", Intent.PRICE),
        ("運費幾多錢呀", Intent.POLICY),
        ("可唔可以退貨", Intent.POLICY),
        ("有折扣碼嗎", Intent.PROMOTION),
        ("EB-5同EB-5 Pro邊個好", Intent.COMPARE),
        ("我想搵真人客服", Intent.HUMAN),
        ("我要客訴", Intent.COMPLAINT),
        ("掰掰", Intent.GOODBYE),
        ("KT-17E多钱", Intent.PRICE),
        ("KT-17E啥价", Intent.PRICE),
        ("退货咋整", Intent.POLICY),
    ],
)
def test_intents(view: ShopView, understanding: Understanding, said: str, means: Intent) -> None:
    question = understanding.understand(said, Memory(), view)
    assert question.parts[0].intent is means
    assert question.text == said, "what the customer wrote is kept"


def test_things_and_conditions(view: ShopView, understanding: Understanding) -> None:
    (part,) = understanding.understand("有冇500蚊以下唔要黑色嘅背囊", Memory(), view).parts
    (plain,) = understanding.understand("有没有500元以下不要黑色的背包", Memory(), view).parts
    assert part.filters == plain.filters and part.filters != Filters()
    assert standard("有防蚊嘅帳篷嗎", words_of(view)) == "有防蚊的帳篷嗎"
    assert [s.product_id for s in understanding.understand("電鍋多少錢", Memory(), view).parts[0].subjects] == ["ka-rice"]


def test_the_shops_own_words_stay() -> None:
    elsewhere = a_view(a_product("a", "无线充电宝"), shop=a_shop("a"))
    there = a_view(a_product("a", "行動電源 10000"), shop=a_shop("b"))
    assert standard("有行動電源嗎", words_of(elsewhere)) == "有充电宝嗎"
    assert standard("有行動電源嗎", words_of(there)) == "有行動電源嗎"
    assert standard("有冇行動電源", words_of(there)) == "有没有行動電源", "function words are nobody's"


@pytest.mark.parametrize("text", ["How much?", "", "KT-17E", "这个多少钱", "運費多少", "不锈钢水壶有货吗"])
def test_other_text_comes_back_as_it_is(text: str) -> None:
    assert standard(text, words_of(a_view(a_product("a", "Kettle")))) == text


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("有女靴吗", "有女士靴子吗"),
        ("男裤多少钱", "男士裤子多少钱"),
        ("500以内的童鞋", "500以内的儿童鞋子"),
        ("给女儿买鞋", "给女儿买鞋"),
        ("美女鞋子有吗", "美女鞋子有吗"),
    ],
)
def test_for_whom_it_is_stands_in_the_name_of_the_kind(view: ShopView, said: str, means: str) -> None:
    assert standard(said, words_of(view)) == means


def test_kinds_that_the_shop_calls_so_stay() -> None:
    shop = a_view(a_product("b", "云步跑鞋", category="女鞋"), shop=a_shop())
    assert standard("女鞋有哪些", words_of(shop)) == "女鞋有哪些"
