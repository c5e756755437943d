"""Titles that hold what a Chinese name of goods is called in English."""

import numpy as np
import pytest

from bot.understanding.title_glosses import TitleGlosses

TITLES = [
    "Volt Cordless Lawn Mower",
    "Shade Lawn Seed",
    "Thorn Leather Gloves",
    "Glow Solar Lantern",
    "Bee Meadow Wildflower Mix",
    "Robot Kit",
]


@pytest.mark.parametrize(("thing", "title"), [("割草机", 0), ("手套", 2), ("太阳能灯笼", 3), ("野花", 4), ("机器人", 5)])
def test_the_title_that_is_named_scores_most(thing: str, title: int) -> None:
    assert int(np.argmax(TitleGlosses(TITLES).scores(thing))) == title


def test_what_no_title_holds_scores_nothing() -> None:
    assert not TitleGlosses(TITLES).scores("冰箱").any()
    assert TitleGlosses([]).scores("手套").shape == (0,)
