import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.amounts import price_limits
from bot.understanding.constraints import Conditions, read
from bot.understanding.shop_words import words_of
from knowledge.folding import fold
from retrieval.filters import AttributeCondition
from retrieval.retriever import Sort
from tests.unit.bot.understanding.conftest import demo_view


def conditions(text: str) -> Conditions:
    return read(text, words_of(demo_view()), "USD")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("500以内", None, 500),
        ("两三百块", 200, 300),
        ("三四百的", 300, 400),
        ("一两百", 100, 200),
        ("under 50 bucks", None, 50),
        ("under a hundred dollars", None, 100),
        ("3k左右", 2400, 3600),
        ("between 50 and 80", 50, 80),
        ("from $20 to $30", 20, 30),
        ("不超过一百", None, 100),
        ("不低于300元", 300, None),
        ("no more than 40", None, 40),
        ("not less than 40 dollars", 40, None),
        ("around $60", 48, 72),
        ("100-200", 100, 200),
        ("100到200的背包", 100, 200),
        ("预算一千", None, 1000),
        ("budget 200", None, 200),
        ("max 60 and not leather", None, 60),
        ("1.5万以下", None, 15000),
        ("less than 1,200", None, 1200),
        ("几百块", 100, 999),
        ("至少两百", 200, None),
        ("not more than thirty", None, 30),
        ("top 3 backpacks", None, None),
        ("15 inch laptop", None, None),
        ("3岁以上", None, None),
        ("KT-17E", None, None),
        ("for a 4-5 yo", None, None),
        ("what is under $100 in stock?", None, 100),
        ("where is my order 00123842", None, None),
        ("I want 3 of them", None, None),
        ("under 1 kg", None, None),
        ("is it 2 years warranty", None, None),
    ],
)
def test_price_limits(text: str, low: float | None, high: float | None) -> None:
    filters = conditions(text).filters
    assert (float(filters.price_min.major) if filters.price_min else None) == low
    assert (float(filters.price_max.major) if filters.price_max else None) == high


@pytest.mark.parametrize(
    ("text", "shop", "currency"),
    [
        ("30欧以内", "USD", "EUR"),
        ("around 40 pounds", "GBP", "GBP"),
        ("under 50 bucks", "EUR", "EUR"),
        ("under $50", "CAD", "CAD"),
        ("under $50", "CNY", "USD"),
        ("100块以内", "USD", "USD"),
        ("不超过100人民币", "USD", "CNY"),
    ],
)
def test_amounts_are_in_the_shops_currency_unless_said(text: str, shop: str, currency: str) -> None:
    assert price_limits(fold(text), shop).currency == currency


def _the(text: str, concept_name: str) -> AttributeCondition:
    (found,) = [c for c in conditions(text).filters.attributes if concept_name in c.names]
    return found


@pytest.mark.parametrize(
    ("text", "name", "minimum", "maximum", "unit"),
    [
        ("at least 20 L", "capacity", 20, None, "L"),
        ("不低于20升", "capacity", 20, None, "L"),
        ("20升以上的背包", "capacity", 20, None, "L"),
        ("under 1 kg", "weight", None, 1, "kg"),
        ("1公斤以内", "weight", None, 1, "kg"),
        ("续航不低于20小时的耳机", "battery life", 20, None, "h"),
        ("power bank over 10000 mAh", "battery capacity", 10000, None, "mAh"),
        ("a kettle with more than 1500 W", "power", 1500, None, "W"),
    ],
)
def test_measured_conditions(text: str, name: str, minimum: float | None, maximum: float | None, unit: str) -> None:
    found = _the(text, name)
    assert (found.minimum, found.maximum, found.unit) == (minimum, maximum, unit)


@pytest.mark.parametrize(
    ("text", "name", "value", "absent"),
    [
        ("a black backpack", "colour", "黑色", False),
        ("黑色的背包", "colour", "black", False),
        ("not leather", "material", "皮", True),
        ("不要皮的", "material", "leather", True),
        ("除了红色都行", "colour", "red", True),
        ("anything but red", "colour", "红色", True),
        ("red is excluded", "colour", "red", True),
        ("红色除外", "colour", "red", True),
        ("size M", "size", "m", False),
        ("要XL的", "size", "xl", False),
        ("cotton sheets", "material", "纯棉", False),
    ],
)
def test_values_are_known_in_both_languages(text: str, name: str, value: str, absent: bool) -> None:
    found = _the(text, name)
    assert value in found.values
    assert found.absent is absent


def test_a_negation_ends_with_its_word() -> None:
    found = {(c.said, c.absent) for c in conditions("不要皮的黑色背包").filters.attributes}
    assert found == {("皮的", True), ("黑色", False)}


@pytest.mark.parametrize("text", ["green tea", "black tea please", "22 L", "I'm after a kettle"])
def test_a_word_inside_a_name_is_no_condition(text: str) -> None:
    assert conditions(text).filters.attributes == ()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("do you have backpacks", "backpacks"),
        ("双肩包", "backpacks"),
        ("a kettle", "kettles"),
        ("有没有茶叶", "tea"),
        ("headphone under 100", "headphones"),
    ],
)
def test_categories_by_the_shops_names_in_any_language(text: str, category: str) -> None:
    assert category in conditions(text).filters.categories


@pytest.mark.parametrize("text", ["a gift for my dad", "rain jacket", "duvet cover", "茶壶"])
def test_a_category_that_only_describes_is_none(text: str) -> None:
    assert not set(conditions(text).filters.categories) & {"gifts & toys", "rain", "duvets", "tea"}


def test_brands() -> None:
    assert conditions("Kestrelway backpacks").filters.brands == ("Kestrelway",)
    assert conditions("anything but Ferrowe").filters.not_brands == ("Ferrowe",)


@pytest.mark.parametrize(
    ("text", "sort", "superlative"),
    [
        ("cheapest kettle", Sort.PRICE_ASC, ""),
        ("最便宜的", Sort.PRICE_ASC, ""),
        ("most expensive headphones", Sort.PRICE_DESC, ""),
        ("best rated tea", Sort.RATING, ""),
        ("最轻的背包", Sort.RELEVANCE, "min:weight"),
        ("the lightest one", Sort.RELEVANCE, "min:weight"),
        ("headphones with the longest battery life", Sort.RELEVANCE, "max:battery life"),
        ("续航最长的耳机", Sort.RELEVANCE, "max:battery life"),
        ("biggest backpack", Sort.RELEVANCE, "max:capacity"),
        ("quietest blender", Sort.RELEVANCE, "min:noise"),
    ],
)
def test_superlatives(text: str, sort: Sort, superlative: str) -> None:
    found = conditions(text)
    assert (found.sort, found.superlative) == (sort, superlative)


@pytest.mark.parametrize(
    ("text", "count"), [("top 3 backpacks", 3), ("推荐两款", 2), ("give me five options", 5), ("前三个", 3), ("a backpack", None)]
)
def test_counts(text: str, count: int | None) -> None:
    assert conditions(text).count == count


@pytest.mark.parametrize(
    ("text", "quantity"), [("I want to buy 3", 3), ("3 of them", 3), ("买三个多少钱", 3), ("第二个多少钱", None), ("order 1234", None)]
)
def test_quantities(text: str, quantity: int | None) -> None:
    assert conditions(text).quantity == quantity


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("something for my dad", "my dad"),
        ("送爸爸什么好", "爸爸"),
        ("适合雨天通勤的包", "雨天通勤"),
        ("a backpack for hiking", "hiking"),
        ("how much for it", ""),
    ],
)
def test_for_whom_or_what(text: str, purpose: str) -> None:
    assert conditions(text).purpose == purpose


def test_in_stock_and_on_sale() -> None:
    assert conditions("kettles in stock").filters.in_stock
    assert conditions("打折的背包").filters.on_sale


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    read(text, words_of(demo_view()), "USD")


@given(st.integers(1, 99999))
def test_a_limit_is_the_number_said(amount: int) -> None:
    assert price_limits(f"under {amount} dollars", "USD").high == amount
    assert price_limits(f"{amount}元以内", "USD").high == amount
