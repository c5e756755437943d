"""What a value says to a yes/no question: yes or no only when the data does."""

import pytest

from bot.answering.facts import Fact, verdict
from bot.understanding.lexicon import values
from knowledge.verdicts import Verdict


def fact(name, value, field="attribute"):
    return Fact(name, value, "en", "SKU-1", f"{field}:{name}")


@pytest.mark.parametrize(
    ("name", "value", "wanted", "expected"),
    [
        ("Keep warm", "Yes", [], Verdict.YES),
        ("Keep warm", "No", [], Verdict.NO),
        ("保温功能", "否", [], Verdict.NO),
        ("防水", "不防水", [], Verdict.NO),
        ("Noise cancelling", "Active, 3 levels", [], Verdict.YES),
        ("Dishwasher safe", "Lid only", [], Verdict.OPEN),
        ("Waterproof rating", "IPX7", [], Verdict.YES),
        ("Waterproof rating", "IPX2", [], Verdict.OPEN),
        ("Water resistance", "Water-repellent", [], Verdict.OPEN),
        ("Weight", "1.1 kg", [], Verdict.OPEN),
        ("Material", "Genuine leather", ["leather"], Verdict.YES),
        ("Material", "Leather-free canvas", ["leather"], Verdict.NO),
        ("Material", "Canvas", ["leather"], Verdict.NO),
        ("Material", "Zylofoam", ["leather"], Verdict.OPEN),
        ("Weight", "1.1 kg", ["1.1 kg"], Verdict.YES),
        ("Weight", "1.1 kg", ["1100 g"], Verdict.YES),
        ("Laptop size", "Up to 14 inches", ["16 inch"], Verdict.NO),
        ("Laptop size", "14 英寸以内", ["13英寸"], Verdict.YES),
        ("Age", "From 3 years", ["5 years"], Verdict.YES),
        ("Age", "From 3 years", ["2 years"], Verdict.NO),
        ("Temperature range", "60–100 °C", ["80 °C"], Verdict.YES),
        ("Battery life", "40 h", ["20 hours"], Verdict.OPEN),
    ],
)
def test_yes_and_no_only_where_the_value_says_so(name, value, wanted, expected):
    assert verdict([fact(name, value)], (name,), wanted)[0] is expected


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        ("Solid oak", "wood", Verdict.YES),
        ("实木橡木", "wood", Verdict.YES),
        ("Stainless steel", "wood", Verdict.NO),
        ("Leather", "suede", Verdict.OPEN),
        ("Soft sheepskin", "leather", Verdict.YES),
        ("Porcelain", "ceramic", Verdict.YES),
        ("Wool", "merino", Verdict.OPEN),
    ],
)
def test_a_material_may_be_a_kind_of_another(value, wanted, expected):
    assert verdict([fact("Material", value)], ("material",), values().by_word[wanted].words)[0] is expected


def test_options_are_all_there_is():
    rows = [fact("Colour", "Black", "option"), fact("Colour", "Navy blue", "option")]
    assert verdict(rows, ("colour",), ["green"])[0] is Verdict.NO
    assert verdict(rows, ("colour",), ["blue"])[0] is Verdict.YES
