"""How far a measured figure may be from the true one: intervals that hold it in 95 of 100 repetitions."""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054
"""The normal quantile at 0.975."""
RESAMPLES = 2000
SEED = 20261122

Interval = tuple[float, float]


def wilson(hits: int, n: int) -> Interval:
    """Of a rate of `hits` among `n` independent trials; (0, 1) without any. The score interval of Wilson 1927 (JASA 22:209-212):
    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Unlike p ± z·error it stays inside 0..1 and has a width at 0 and at n."""
    if n == 0:
        return (0.0, 1.0)
    p, z2 = hits / n, Z * Z
    middle = p + z2 / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
    return (0.0 if hits == 0 else low, 1.0 if hits == n else high)


def of_mean(values: Sequence[float]) -> Interval:
    """Of the mean of independent values: percentile bootstrap (Efron 1979, Annals of Statistics 7:1-26), always the same resamples.
    ((0, 1) without values; one value says nothing about its spread, so it is its own interval.)"""
    if not values:
        return (0.0, 1.0)
    given = np.asarray(values, dtype=np.float64)
    chance = np.random.default_rng(SEED)
    means = [float(given[chance.integers(0, len(given), len(given))].mean()) for _ in range(RESAMPLES)]
    return _middle(np.asarray(means))


def of_statistic(size: int, statistic: Callable[[NDArray[np.int64]], float], resamples: int = 500) -> Interval:
    """Of any statistic of `size` independent items, given the numbers of the items drawn; percentile bootstrap as above."""
    if size == 0:
        return (0.0, 1.0)
    chance = np.random.default_rng(SEED)
    return _middle(np.asarray([statistic(chance.integers(0, size, size)) for _ in range(resamples)]))


def _middle(drawn: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return (float(low), float(high))
