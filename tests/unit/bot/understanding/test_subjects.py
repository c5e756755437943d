import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.named import Named
from bot.understanding.shop_words import words_of
from bot.understanding.subjects import find
from tests.builders import a_product, a_variant, a_view
from tests.unit.bot.understanding.conftest import demo_view


def named(text: str) -> Named:
    view = demo_view()
    return find(text, view, words_of(view))


@pytest.mark.parametrize(
    ("text", "product", "sku"),
    [
        ("How heavy is the KT-17E?", "kt-17e", None),
        ("kt17e多少钱", "kt-17e", None),
        ("KT17E-RD", "kt-17e", "KT17E-RD"),
        ("Is the travel kettle dishwasher safe?", "kt-06f", None),
        ("控温水壶能调到80度吗", "kt-12t", None),
        ("城市双肩包防水吗", "bp-22", None),
        ("moka pot 6 cups", "co-moka", "CMK6-6"),
        ("rice cooker with the CN plug", "ka-rice", "KAR16-CN"),
        ("does the rain jacket come in XL", "oc-jacket", "RJK-NV-XL"),
        ("龙井多少钱", "tea-longjing", None),
        ("is the KT-17E in red available", "kt-17e", "KT17E-RD"),
        ("红色的KT-17E有货吗", "kt-17e", "KT17E-RD"),
        ("longjng tea", "tea-longjing", None),
    ],
)
def test_one_product_is_meant(text: str, product: str, sku: str | None) -> None:
    (subject,) = named(text).subjects
    assert (subject.product_id, subject.sku, subject.certain) == (product, sku, True)


@pytest.mark.parametrize(
    "text",
    [
        "do you have backpacks",
        "where is my order 1234",
        "I want to talk to a human",
        "今天天气怎么样",
        "the black one",
        "is delivery free",
        "kettle",
        "how much?",
    ],
)
def test_no_product_is_named(text: str) -> None:
    assert named(text).subjects == ()


def test_a_name_of_several_is_uncertain() -> None:
    subjects = named("充电宝能带上飞机吗").subjects
    assert {s.product_id for s in subjects} == {"el-pb10", "el-pb20"}
    assert not any(s.certain for s in subjects)


def test_a_model_and_its_pro_are_told_apart() -> None:
    assert [s.product_id for s in named("How long does the EB-5 Pro last?").subjects] == ["eb-5pro"]
    assert [s.product_id for s in named("EB-5多少钱").subjects] == ["eb-5"]
    assert {s.product_id for s in named("difference between the EB-5 and the EB-5 Pro").subjects} == {"eb-5", "eb-5pro"}


def test_a_colour_that_a_product_lacks_chooses_no_variant() -> None:
    view = a_view(
        a_product(
            "mug",
            "Mug",
            a_variant("M-BK", options={"Colour": "Black", "Size": "S"}),
            a_variant("M-WH", options={"Colour": "White", "Size": "L"}),
        )
    )
    words = words_of(view)
    assert find("mug in black", view, words).subjects[0].sku == "M-BK"
    assert find("mug in red, size L", view, words).subjects[0].sku is None


def test_variants_by_amount() -> None:
    phone = a_product(
        "phone", "Nova Phone", a_variant("N-256", options={"Storage": "256 GB"}), a_variant("N-512", options={"Storage": "512 GB"})
    )
    view = a_view(phone, a_product("case", "Nova Case"))
    assert find("nova phone 512GB", view, words_of(view)).subjects[0].sku == "N-512"


@given(st.text(max_size=120))
def test_any_text_can_be_looked_up(text: str) -> None:
    named(text)


def test_ten_thousand_products_cost_a_message_little() -> None:
    kinds, traits = ["kettle", "backpack", "lamp", "jacket", "knife"], ["travel", "city", "folding", "classic", "slim", "large", "quiet"]
    products = [a_product(f"p{n}", f"Brand{n % 40} {traits[n % 7]} {kinds[n % 5]} M{n}X") for n in range(10_000)]
    view = a_view(*products)
    words = words_of(view)
    texts = [
        "how heavy is the slim city lamp M777X",
        "travel kettle under 50",
        "is the brand7 folding jacket waterproof",
        "do you have lamps",
    ]
    took = []
    for _ in range(5):
        for text in texts:
            start = time.process_time()
            find(text, view, words)
            took.append(time.process_time() - start)
    assert sorted(took)[len(took) // 2] < 0.005
    assert [s.product_id for s in find(texts[0], view, words).subjects] == ["p777"]
