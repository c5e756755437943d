"""What goods are called, and names that begin alike: the kind is looked for, not the product whose title goes on."""

import pytest

from bot.understanding.constraints import read
from bot.understanding.goods import narrower
from bot.understanding.shop_words import ShopWords, words_of
from bot.understanding.subjects import find
from retrieval.view import ShopView
from tests.builders import a_product, a_view

GOODS = (
    a_product("tele", "Riverside Electric Guitar", price="279 EUR", category="Guitars"),
    a_product("strat", "Stratos Electric Guitar", price="299 EUR", category="Guitars"),
    a_product("alba", "Alba Classical Guitar", price="119 EUR", category="Guitars"),
    a_product("strings", "Silverline Electric Guitar Strings", price="7.50 EUR", category="Accessories"),
    a_product("rug", "Atlas Wool Rug", price="249 EUR", category="Rugs"),
    a_product("jute", "Jute Rug", price="119 EUR", category="Rugs"),
    a_product("pad", "Wool Rug Underlay", price="39 EUR", category="Accessories"),
)


@pytest.fixture(scope="module")
def shop() -> tuple[ShopView, ShopWords]:
    view = a_view(*GOODS)
    return view, words_of(view)


@pytest.mark.parametrize("said", ["looking for an electric guitar", "do you have an electric guitar", "I'd like a wool rug"])
def test_a_title_that_goes_on_after_the_kind_is_not_named(shop: tuple[ShopView, ShopWords], said: str) -> None:
    assert not {"strings", "pad"} & {s.product_id for s in find(said, *shop).subjects}


@pytest.mark.parametrize(("said", "id"), [("do you have electric guitar strings", "strings"), ("how much is the wool rug underlay", "pad")])
def test_the_whole_kind_names_it(shop: tuple[ShopView, ShopWords], said: str, id: str) -> None:
    assert [s.product_id for s in find(said, *shop).subjects] == [id]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("the cheapest electric guitar", {"tele", "strat"}),
        ("which classical guitar is the cheapest", {"alba"}),
        ("the cheapest guitar", set()),
        ("the cheapest good guitar", set()),
    ],
)
def test_the_word_before_a_kind_narrows_it(shop: tuple[ShopView, ShopWords], said: str, meant: set[str]) -> None:
    _, words = shop
    conditions = read(said, words, "EUR")
    found = narrower(said, conditions.filters.categories, conditions.kinds, words)
    assert {words.ids[number] for number in found} == meant
