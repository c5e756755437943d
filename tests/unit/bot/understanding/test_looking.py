"""What is looked for: a kind of goods, properties that are to be there or not, what the person likes, and what is left out."""

import pytest

from bot.understanding.question import Intent, Memory, Part
from bot.understanding.understand import Understanding
from retrieval.filters import AttributeCondition, Way
from tests.unit.bot.understanding.conftest import demo_view


def read(text: str, memory: Memory | None = None) -> Part:
    return Understanding().understand(text, memory or Memory(), demo_view()).parts[0]


def the_wish(text: str, way: Way) -> AttributeCondition:
    (found,) = [c for c in read(text).filters.attributes if c.way is way]
    return found


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("which kettles keep warm?", False),
        ("哪些水壶可以保温", False),
        ("show me suitcases that count as carry-on", False),
        ("headphones without Bluetooth", True),
        ("which headphones don't have noise cancelling", True),
        ("不带降噪的耳机有哪些", True),
        ("any caffeine-free tea?", True),
        ("有没有降噪的耳机", False),
        ("有木有带降噪的耳机", False),
        ("要不要紧 有没有带蓝牙的耳机", False),
        ("有没有不带降噪的耳机", True),
    ],
)
def test_a_property_is_wished_for_or_not(text: str, absent: bool) -> None:
    part = read(text)
    assert part.intent is Intent.PRODUCT_SEARCH
    assert the_wish(text, Way.HAS).absent is absent


@pytest.mark.parametrize("text", ["does the HP-700 have Bluetooth?", "KT-17E 能保温吗", "is the BP-22 waterproof"])
def test_a_question_about_a_product_sets_no_condition(text: str) -> None:
    part = read(text)
    assert part.intent is Intent.PRODUCT_QUESTION
    assert part.filters.attributes == ()


@pytest.mark.parametrize(
    ("text", "amount", "unit", "absent"),
    [
        ("哪款双肩包能放 16 英寸电脑？", 16, "in", False),
        ('a backpack that fits a 15.6" laptop', 15.6, "in", False),
        ("哪些双肩包放不下16寸电脑", 16, "in", True),
        ("toys for a 4 year old", 4, "yr", False),
        ("适合3岁孩子的玩具", 3, "yr", False),
    ],
)
def test_what_it_is_to_take(text: str, amount: float, unit: str, absent: bool) -> None:
    wish = the_wish(text, Way.TAKES)
    assert (wish.minimum, wish.unit, wish.absent) == (amount, unit, absent)


@pytest.mark.parametrize("text", ["伞", "有哪些伞是现在有货的", "do you have umbrellas", "any umbrellas under 30?"])
def test_what_titles_end_in_is_a_kind(text: str) -> None:
    part = read(text)
    assert part.intent is Intent.PRODUCT_SEARCH
    assert part.filters.product_ids == ("oc-umb-s", "oc-umb-l")


@pytest.mark.parametrize("text", ["something light for travel", "a gift for a tea lover", "什么时候发货"])
def test_what_only_describes_is_no_kind(text: str) -> None:
    assert read(text).filters.product_ids is None


@pytest.mark.parametrize(
    ("text", "interest"),
    [
        ("birthday gift for a 3 year old boy who loves trains", "trains"),
        ("送喜欢喝茶的外国同事，50刀左右", "喝茶"),
        ("something for my dad who fishes, around 40 bucks", "fishes"),
        ("present for my wife, she's really into yoga", "yoga"),
        ("给爱露营的男朋友选个礼物，100以内", "露营"),
    ],
)
def test_a_present_is_looked_for_by_what_the_person_likes(text: str, interest: str) -> None:
    part = read(text)
    assert part.interest == interest
    assert part.standalone == interest


@pytest.mark.parametrize("text", ["能帮我包装成礼物吗", "do you wrap presents?", "how long are gift cards valid", "礼物卡能放多久"])
def test_wrapping_and_cards_are_no_wish_for_a_present(text: str) -> None:
    assert read(text).intent is not Intent.RECOMMEND


@pytest.mark.parametrize(
    ("text", "price"), [("around 50 dollars", (4000, 6000)), ("50刀左右的茶具", (4000, 6000)), ("under 50 bucks", (None, 5000))]
)
def test_budgets_are_bands_and_limits(text: str, price: tuple[int | None, int]) -> None:
    filters = read(f"a gift {text}").filters
    low = filters.price_min.minor if filters.price_min else None
    assert filters.price_max is not None
    assert (low, filters.price_max.minor) == price


@pytest.mark.parametrize(
    "text", ["headphones that aren't the HP-700", "除了HP-700还有什么耳机", "noise cancelling headphones, but not the HP-700"]
)
def test_a_product_is_left_out(text: str) -> None:
    part = read(text)
    assert "hp-700" in part.filters.not_product_ids
    assert not any(subject.product_id == "hp-700" for subject in part.subjects)


@pytest.mark.parametrize(("text", "open_"), [("got anything for less than 17 bucks", True), ("a lamp to read by under 30", False)])
def test_anything_within_the_conditions(text: str, open_: bool) -> None:
    assert read(text).anything is open_


@pytest.mark.parametrize("text", ["the puzzle with 1000 pieces, in stock?", "have you got the 1000 pieces puzzle"])
def test_a_number_of_the_name_is_no_quantity(text: str) -> None:
    part = read(text)
    assert [s.product_id for s in part.subjects] == ["gi-puzzle"]
    assert (part.intent, part.quantity) == (Intent.AVAILABILITY, None)


@pytest.mark.parametrize(("text", "product"), [("通勤保温杯有紫色的吗", "mug-thermo"), ("chefs knife price", "kp-knife")])
def test_a_shortened_title_names_its_product(text: str, product: str) -> None:
    assert [(s.product_id, s.certain) for s in read(text).subjects] == [(product, True)]


def test_a_plug_is_known_by_its_country() -> None:
    conditions = read("which kettle comes with a Chinese plug").filters.attributes
    assert any("cn plug 220 v" in c.values for c in conditions)


def test_ounces_of_a_bottle_are_fluid() -> None:
    (condition,) = read("bottle bigger than 20 oz").filters.attributes
    assert (condition.unit, condition.names[0]) == ("fl oz", "capacity")
    (condition,) = read("a tent lighter than 60 oz").filters.attributes
    assert (condition.unit, condition.names[0]) == ("oz", "weight")


@pytest.mark.parametrize(
    "text", ["how is the KT-17E different from the KT-12T", "HP-700 or HP-300, which is pricier", "KT-17E和KT-12T哪个更轻"]
)
def test_two_products_set_side_by_side(text: str) -> None:
    part = read(text)
    assert part.intent is Intent.COMPARE
    assert len(part.subjects) == 2


def test_a_correction_by_option_stays_with_the_product() -> None:
    memory = Memory(focus="co-moka", focus_sku="CMK6-3", shown=["co-moka"], last_intent="price")
    part = read("no sorry i meant the 6 cup one", memory)
    assert [(s.product_id, s.sku) for s in part.subjects] == [("co-moka", "CMK6-6")]
    assert part.intent is Intent.PRICE


def test_a_misspelt_property_is_put_right() -> None:
    assert "warranty" in read("how long is the warrenty on the HP-700").standalone
