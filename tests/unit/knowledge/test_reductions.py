"""What reductions take off, read from their words."""

import pytest

from knowledge.reductions import reductions_in, taken_off


@pytest.mark.parametrize(
    ("words", "prices", "off"),
    [
        ("全店满199减20，满399减50。", [19900], 2000),
        ("全店满199减20，满399减50。", [39900], 5000),
        ("全店满199减20，满399减50。", [19899], 0),
        ("每单满 199 元减 20 元", [10000, 10000], 2000),
        ("£10 off orders over £80", [8000], 1000),
        ("£10 off orders over £80", [7999], 0),
        ("Spend $50 and save $5", [5000], 500),
        ("第二件半价", [1990, 1990], 995),
        ("第二件半价", [3000, 2000], 1000),
        ("第二件半价", [1990], 0),
        ("the second one half price", [1000, 600], 300),
        ("第二件8折", [1000, 1000], 200),
        ("3 for 2 on all puzzles, the cheapest is free", [1499, 999, 999], 999),
        ("3 for 2 on all puzzles", [1499, 999], 0),
        ("买二送一", [500, 500, 400], 400),
        ("buy two get one free", [500, 500, 500], 500),
        ("15 % off all strings", [1000] * 3, 450),
        ("满200元打9折", [20600], 2060),
        ("88折", [10000], 1200),
        ("满2件8折", [1000, 1000], 400),
        ("满2件8折", [1000], 0),
        ("12% off from 20 pieces of the same item", [1000, 1000], 0),
        ("12% off from 20 pieces of the same item", [1000] * 20, 2400),
        ("10% off a first order of $50 or more", [4000], 0),
        ("take 20% off when you buy two or more", [7900, 5900], 2760),
        # More than is surely read, or nothing that reduces.
        ("两件9折，三件8折", [1000] * 3, 0),
        ("10% off shirts, 20% off shoes", [1000], 0),
        ("2 for £10", [600, 600], 0),
        ("每日坚果30袋", [1000], 0),
        ("Returns within 30 days, 15% restocking fee", [1000], 0),
        ("买一送小礼品", [1000, 1000], 0),
    ],
)
def test_what_is_taken_off(words: str, prices: list[int], off: int) -> None:
    assert taken_off(reductions_in(words), prices) == off
