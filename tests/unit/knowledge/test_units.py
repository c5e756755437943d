"""Amounts in words become comparable numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.units import Dimension, convert, number, quantities, to_base, within


@pytest.mark.parametrize(
    ("text", "base", "dimension"),
    [
        ("1.7 L", [1700], Dimension.VOLUME),
        ("1,7 l", [1700], Dimension.VOLUME),
        ("850g", [850], Dimension.MASS),
        ("5.5 英寸", [139.7], Dimension.LENGTH),
        ('15.6" laptop', [396.24], Dimension.LENGTH),
        ("2斤", [1000], Dimension.MASS),
        ("两斤", [1000], Dimension.MASS),
        ("三两", [150], Dimension.MASS),
        ("一升半", [1500], Dimension.VOLUME),
        ("身高一米八", [1800], Dimension.LENGTH),
        ("1.5 公斤", [1500], Dimension.MASS),
        ("2 lbs", [907.18474], Dimension.MASS),
        ("12 fl oz", [354.882], Dimension.VOLUME),
        ("1,500 W", [1500], Dimension.POWER),
        ("1.5kW", [1500], Dimension.POWER),
        ("24 months", [24 * 365.25 / 12 * 86400], Dimension.TIME),
        ("2年", [2 * 365.25 * 86400], Dimension.TIME),
        ("续航 30 小时", [108000], Dimension.TIME),
        ("3个小时", [10800], Dimension.TIME),
        ("10000mAh", [10000], Dimension.CHARGE),
        ("3000K", [3000], Dimension.COLOUR_TEMPERATURE),
        ("212 °F", [100], Dimension.TEMPERATURE),
        ("-5°C", [-5], Dimension.TEMPERATURE),
        ("容量1.7升", [1700], Dimension.VOLUME),
        ("重2斤左右", [1000], Dimension.MASS),
        ("IPX5", [5], Dimension.WATER_PROTECTION),
        ("IP67 rated", [7], Dimension.WATER_PROTECTION),
        ("UPF 50+", [50], Dimension.UV_PROTECTION),
        ("180 g/m²", [180], Dimension.AREAL_WEIGHT),
        ("30 x 20 x 15 cm", [300, 200, 150], Dimension.LENGTH),
        ("5 1/2 inches", [139.7], Dimension.LENGTH),
        ("95% cotton", [95], Dimension.SHARE),
        ("12 pockets", [12], Dimension.NUMBER),
        ("35dB(A)", [35], Dimension.LOUDNESS),
        ("14-inch", [355.6], Dimension.LENGTH),
    ],
)
def test_reads_amounts(text: str, base: list[float], dimension: Dimension) -> None:
    found = quantities(text)
    assert [q.dimension for q in found] == [dimension] * len(base)
    assert [q.base_low for q in found] == pytest.approx(base, rel=1e-4)


def test_a_range_keeps_both_ends() -> None:
    (found,) = quantities("60–100 °C")
    assert (found.low, found.high, found.unit) == (60, 100, "°C")


def test_several_amounts_in_one_sentence() -> None:
    found = quantities("6 min for 1.7 L")
    assert [(q.low, q.unit) for q in found] == [(6, "min"), (1.7, "L")]


@pytest.mark.parametrize("text", ["KT-17E", "5G phone", "一个", "三思而行", "waterproof", ""])
def test_names_and_idioms_are_no_amounts_with_units(text: str) -> None:
    assert [q for q in quantities(text) if q.dimension != Dimension.NUMBER] == []


@pytest.mark.parametrize(
    ("text", "value"), [("两百五", 250), ("两百零五", 205), ("十五", 15), ("三千", 3000), ("一万二", 12000), ("半", 0.5), ("二十", 20)]
)
def test_chinese_numbers(text: str, value: float) -> None:
    assert number(text) == value


def test_bounds_across_unit_systems() -> None:
    (kettle,) = quantities("1700ml")
    assert within(kettle, 1.5, None, "L") is True
    assert within(kettle, None, 1.5, "L") is False
    assert within(kettle, None, 1.5, "kg") is None
    (screen,) = quantities("14 英寸")
    assert within(screen, 35.56, 35.56, "cm") is True


@given(st.floats(0.01, 10000), st.sampled_from([("kg", "lb"), ("L", "fl oz"), ("cm", "in"), ("°C", "°F"), ("斤", "kg"), ("h", "min")]))
def test_conversion_and_back_is_identity(value: float, pair: tuple[str, str]) -> None:
    there = convert(value, pair[0], pair[1])
    assert there is not None
    back = convert(there, pair[1], pair[0])
    assert back is not None
    assert math.isclose(back, value, rel_tol=1e-9, abs_tol=1e-6)


@given(st.floats(0.1, 9999).map(lambda v: round(v, 2)), st.sampled_from(["g", "kg", "ml", "cm", "mm", "W", "mAh", "小时", "斤", "英寸"]))
def test_every_written_amount_is_read_back(value: float, name: str) -> None:
    (found,) = quantities(f"{value:g} {name}" if value < 1e4 else f"{value} {name}")
    expected = to_base(float(f"{value:g}"), name)
    assert expected is not None
    assert math.isclose(found.base_low, expected[0], rel_tol=1e-9)


@given(st.text(max_size=60))
def test_never_fails(text: str) -> None:
    for q in quantities(text):
        assert q.base_low <= q.base_high
