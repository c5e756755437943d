"""Intervals against figures worked out by hand or published."""

import pytest

from bot.evaluation.intervals import of_mean, of_statistic, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),  # the same
        (0, 0, 0.0, 1.0),
    ],
)
def test_a_rate_has_wilsons_interval(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


def test_a_mean_lies_in_its_interval_which_narrows_with_more_values() -> None:
    few, many = [0.0, 1.0] * 10, [0.0, 1.0] * 200
    for values in (few, many):
        low, high = of_mean(values)
        assert low < 0.5 < high
    # The normal approximation of 400 values of deviation 0.5: 0.5 ± 1.96 · 0.5 / 20.
    assert of_mean(many) == pytest.approx((0.451, 0.549), abs=0.006)
    assert of_mean(few)[1] - of_mean(few)[0] > 3 * (of_mean(many)[1] - of_mean(many)[0])


def test_the_same_values_always_have_the_same_interval() -> None:
    values = [0.1, 0.7, 0.4, 1.0, 0.0]
    assert of_mean(values) == of_mean(values)
    assert of_mean([0.3]) == (0.3, 0.3)
    assert of_mean([]) == (0.0, 1.0)


def test_a_statistic_is_drawn_over_items() -> None:
    values = [0.0, 1.0, 1.0, 1.0]
    low, high = of_statistic(4, lambda drawn: sum(values[i] for i in drawn) / len(drawn))
    assert 0.0 <= low < 0.75 < high <= 1.0
