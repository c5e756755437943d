"""Which unit is asked for, amounts told in it, and which sentences about amounts are right by arithmetic alone."""

import pytest

from knowledge.conversions import converted, is_arithmetic, unit_wanted


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("what's that in kg?", "kg"),
        ("how many pounds can it carry", "lb"),
        ("16 kilos is how many pounds roughly", "lb"),
        ("oven safe to what in celsius", "°C"),
        ("350F in C?", "°C"),
        ("how big is the tray in inches", "in"),
        ("这个多少斤啊", "jin"),
        ("换算成厘米是多少", "cm"),
    ],
)
def test_the_unit_asked_for(text: str, symbol: str) -> None:
    wanted = unit_wanted(text)
    assert wanted is not None
    assert wanted.symbol == symbol


@pytest.mark.parametrize(
    "text", ["is it in stock?", "does it come in l", "how many people does it seat", "in m please", "几个人用", "多少钱"]
)
def test_no_unit_is_asked_for(text: str) -> None:
    assert unit_wanted(text) is None


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("Weight: 7.9 lb", "in kg", "3.58 kg"),
        ("up to 480 °F", "in celsius", "249 °C"),
        ("183 × 61 cm", "in inches", "72 × 24 in"),
        ("2.5–24 kg", "in lb", "5.51–52.9 lb"),
        ("Jar: 64 oz", "in litres", "1.89 L"),
        ("1.4 L", "in oz", "47.3 oz"),
        ("1.5 m", "in cm", "150 cm"),
    ],
)
def test_an_amount_in_another_unit(text: str, asked: str, value: str) -> None:
    wanted = unit_wanted(asked)
    assert wanted is not None
    (row,) = converted(text, wanted)
    assert row.value == value
    assert is_arithmetic(f"{row.said} is {'' if row.exact else 'about '}{row.value}.")


@pytest.mark.parametrize(
    "sentence",
    [
        "16 kg is about 40 lb.",
        "The kettle weighs 16 kg, 35.3 lb.",
        "16 kg is 16 kg.",
        "480 °F is about 289 °C.",
        "16 kg is about 35.3 lb and free.",
    ],
)
def test_what_is_wrong_or_says_more_is_no_arithmetic(sentence: str) -> None:
    assert not is_arithmetic(sentence)
