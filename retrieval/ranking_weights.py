"""What tests/bench/fit_ranking.py learnt for retrieval/ranking.py: with the maps of the packaged model, and for models that have none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learnt:
    """Weights, and where their scales lie."""

    weights: Floats
    """Of the columns of `features`; logits of a softmax over the candidates of one question."""
    answerable: Floats
    """Of `answerable_features`; logits of "any candidate helps"."""
    answerable_at: float
    """The constant beside them."""
    middle: float
    """A score that is as likely good as not; the best answers of the learning sets have their median a little above."""


WITH_MAPS = Learnt(
    np.array(
        [12.515, 14.941, 0.926, 0.725, -1.115, 1.279, 1.902, 0.349, 8.159, -0.031, -2.989, 23.57, -0.109, 0.755, 0.921, -0.065, -1.096]
    ),
    np.array([0.111, 14.557, 0.096, -0.165, 0.384, 1.097, 0.724, 2.136, 0.522]),
    -13.839,
    14.11,
)
"""For the packaged model."""
PLAIN = Learnt(
    np.array([51.236, 23.118, 1.804, 0.866, -1.653, 1.498, 2.126, 0.551, 0.0, -0.973, -1.462, 27.48, -0.284, 0.665, 1.106, -0.171, -2.15]),
    np.array([0.081, 21.073, 0.288, 0.062, 0.349, 1.091, 0.0, 0.0, 0.0]),
    -20.729,
    44.72,
)
"""For any other, which has no maps."""
