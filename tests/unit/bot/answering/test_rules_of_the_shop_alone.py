"""How well a rule fits also tells whether the message is a shop's matter at all."""

import pytest

from bot.answering.rules import fit_of_shop_matter
from bot.answering.thresholds import RULE_HINT, RULE_SAYS, RULE_SURE
from bot.understanding.meaning import Meant
from bot.understanding.question import Intent, Part


def asked(outside: float, **more: str) -> Part:
    return Part(
        "can I exchange currencies",
        "can I exchange currencies",
        Intent.POLICY,
        meant=Meant({"out_of_scope": outside, "payment": 1.0 - outside}),
        **more,
    )


def test_the_likelier_it_is_no_shop_matter_the_less_a_rule_fits() -> None:
    fits = [fit_of_shop_matter(0.6, asked(outside)) for outside in (0.02, 0.1, 0.3, 0.6, 0.9, 0.99)]
    assert fits == sorted(fits, reverse=True)
    assert fits[0] >= RULE_SAYS > fits[3]
    assert fits[-1] < RULE_HINT


@pytest.mark.parametrize("fits", [0.0, 0.3, 0.5, 0.75, 0.97, 1.0])
def test_what_is_surely_a_shop_matter_hardly_changes_and_stays_a_probability(fits: float) -> None:
    assert fits - 0.02 <= fit_of_shop_matter(fits, asked(0.0)) <= min(1.0, fits + 0.07)


def test_a_rule_near_enough_is_sure_in_spite_of_a_doubt() -> None:
    assert fit_of_shop_matter(0.93, asked(0.4)) >= RULE_SURE


def test_what_goes_on_from_a_rule_and_what_no_model_reads_is_left_alone() -> None:
    assert fit_of_shop_matter(0.6, asked(0.99, follows="how long does delivery take")) == 0.6
    assert fit_of_shop_matter(0.6, Part("hello", "hello", Intent.POLICY)) == 0.6
