"""What a statement rests on: its quotations, and nothing that only looks like them."""

import pytest

from bot.answering.answer import Citation
from bot.answering.composer import Statement

BULB = Citation("product", "PPR45", "attribute:Bulb", "Bulb: up to 12 W, 三档")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("It takes bulbs up to 12 W.", True),
        ("It takes bulbs up to 120 W.", False),
        ("It takes bulbs up to 1.2 W.", False),
        ("It takes bulbs up to 12 W and costs 9.90.", False),
        ("2. It takes bulbs up to 12 W.", True),
        ("2. It takes bulbs up to 2 W.", False),
        ("Which of these do you mean?", True),
    ],
)
def test_only_figures_that_stand_so_in_a_source_are_quoted(text: str, quoted: bool) -> None:
    assert Statement(text, (BULB,)).quoted is quoted


def test_a_figure_without_a_source_is_never_quoted() -> None:
    assert not Statement("It costs 12.").quoted


def test_it_cites_words_of_its_sources_alone() -> None:
    statement = Statement("It takes bulbs up to 12 W.", (BULB,))
    assert statement.cites("12 w")
    assert statement.cites("三")
    assert not statement.cites("waterproof")
    assert not statement.cites("")
    assert not Statement("Waterproof.").cites("waterproof")
