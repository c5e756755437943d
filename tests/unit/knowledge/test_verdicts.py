"""What a stated value says to a wish: yes, no, or nothing."""

import pytest

from knowledge.units import Quantity, quantities
from knowledge.verdicts import Verdict, bare, presence, says_free, takes


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Carry-on", "No", Verdict.NO),
        ("Carry-on", "Yes", Verdict.YES),
        ("保温功能", "否", Verdict.NO),
        ("调光", "无级调光", Verdict.YES),
        ("调光", "無級調光", Verdict.YES),
        ("调光", "无", Verdict.NO),
        ("调光", "不支持调光", Verdict.NO),
        ("Keep warm", "60 min", Verdict.YES),
        ("Noise cancelling", "Active, 3 levels", Verdict.YES),
        ("Noise cancelling", "none", Verdict.NO),
        ("Waterproof rating", "IPX7", Verdict.YES),
        ("Waterproof rating", "IPX2", Verdict.OPEN),
        ("Dishwasher safe", "Lid only", Verdict.OPEN),
        ("Weight", "1.1 kg", Verdict.OPEN),
        ("Caffeine", "无 no", Verdict.NO),
        ("Caffeine", "有 yes", Verdict.YES),
        ("Caffeine-free", "Yes", Verdict.NO),
        ("Caffeine-free", "No", Verdict.YES),
        ("BPA-free", "Yes", Verdict.YES),
        ("Bluetooth", "❌", Verdict.NO),
    ],
)
def test_presence(name: str, value: str, said: Verdict) -> None:
    assert presence(name, value) is said


def an_amount(text: str) -> Quantity:
    return quantities(text)[0]


@pytest.mark.parametrize(
    ("name", "value", "amount", "said"),
    [
        ("Laptop size", "Up to 16 inches", "15.6 inch", Verdict.YES),
        ("Laptop size", "Up to 14 inches", "16 inch", Verdict.NO),
        ("Laptop size", "15.6 inch", "14 inch", Verdict.YES),
        ("适用电脑", "13–16 英寸", "12 英寸", Verdict.YES),
        ("适用电脑", "16 英寸以内", "38 cm", Verdict.YES),
        ("Age", "From 3 years", "4 years", Verdict.YES),
        ("Age", "4–8 years", "3 years", Verdict.NO),
        ("Age", "3+", "5 years", Verdict.YES),
        ("适用年龄", "6 岁以上", "4 岁", Verdict.NO),
        ("Maximum load", "120 kg", "220 lbs", Verdict.YES),
        ("Maximum load", "90 kg", "220 lbs", Verdict.NO),
        ("Colour", "Black", "16 inch", Verdict.OPEN),
    ],
)
def test_takes(name: str, value: str, amount: str, said: Verdict) -> None:
    found = quantities(amount)
    if not found:
        pytest.fail(f"no amount in {amount}")
    assert takes(name, value, an_amount(amount)) is said


def test_a_name_may_say_the_opposite() -> None:
    assert says_free("Caffeine-free")
    assert not says_free("BPA free")
    assert not says_free("Caffeine")


@pytest.mark.parametrize("value", ["Yes, wipe clean", "60 min", "Active", ""])
def test_what_says_more_is_not_bare(value: str) -> None:
    assert bare(value) is Verdict.OPEN
