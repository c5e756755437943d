"""Cue words against meaning: a word of a title makes no shop matter of what is plainly none."""

import pytest

from bot.understanding.intents import Reading, Surroundings
from bot.understanding.meaning import Meant
from bot.understanding.question import Intent
from bot.understanding.reconciling import reconciled


@pytest.mark.parametrize(
    ("outside", "around", "read"),
    [
        (0.80, Surroundings(kinds=True), Intent.OUT_OF_SCOPE),  # "is the pnc bank open" beside power banks
        (0.65, Surroundings(kinds=True), Intent.PRODUCT_SEARCH),  # "my husband needs a new knife"
        (0.80, Surroundings(categories=True), Intent.PRODUCT_SEARCH),
        (0.80, Surroundings(shop_terms=True), Intent.OUT_OF_SCOPE),
        (0.90, Surroundings(categories=True), Intent.OUT_OF_SCOPE),
        (0.90, Surroundings(only_limits=True), Intent.PRODUCT_SEARCH),  # "around 40 dollars"
    ],
)
def test_what_sounds_like_no_shop_matter_needs_a_better_tie_the_plainer_it_is(outside: float, around: Surroundings, read: Intent) -> None:
    meant = Meant({"out_of_scope": outside, "product_search": 0.05})
    assert reconciled(Reading(Intent.PRODUCT_SEARCH, certainty=0.85), meant, around).intent is read
