"""Kinds of goods by other words than the shop's: shortened category names, both languages in one name, kinds that are not wanted."""

import pytest

from bot.understanding.constraints import read
from bot.understanding.shop_words import words_of
from tests.builders import a_product, a_view

VIEW = a_view(
    a_product("a", "耶加", category="咖啡豆 / Coffee beans"),
    a_product("b", "摩卡壶", category="器具 / Brewing gear"),
    a_product("c", "成犬口粮三号", category="狗主粮"),
    a_product("d", "山野 单肩相机包", category="摄影包"),
    a_product("e", "口袋相机", category="数码"),
    a_product("f", "Pebble Sport Earbuds", category="Earphones"),
    a_product("g", "Aurora Headphones", category="Headphones"),
    a_product("h", "Pebble Tiny", category="Earphones"),
)


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("有深烘的豆子吗", {"咖啡豆 / coffee beans"}),
        ("推荐个狗粮", {"狗主粮"}),
        ("which coffee beans are dark", {"咖啡豆 / coffee beans"}),
        ("earbuds for running", {"earphones"}),
    ],
)
def test_a_category_by_what_customers_call_it(text: str, categories: set[str]) -> None:
    assert set(read(text, words_of(VIEW), "USD").filters.categories) == categories


def test_a_longer_word_is_another_kind() -> None:
    ids = words_of(VIEW).ids
    assert [ids[number] for number in read("那个相机包多大", words_of(VIEW), "USD").kinds] == ["d"]


@pytest.mark.parametrize(
    ("text", "left_out"), [("headphones, not earbuds", {"f", "h"}), ("办公室喝,不想带器具", {"b"}), ("送礼，不要咖啡豆", {"a"})]
)
def test_kinds_that_are_not_wanted(text: str, left_out: set[str]) -> None:
    assert set(read(text, words_of(VIEW), "USD").filters.not_product_ids) == left_out
