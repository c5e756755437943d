"""Chat spellings written out, and what only looks like one."""

import pytest

from bot.understanding.written_out import written_out


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("whats the blade made of", "what's the blade made of"),
        ("lid incl?", "lid included?"),
        ("how much incl shipping", "how much including shipping"),
        ("n how much with the bar", "and how much with the bar"),
        ("do u have one w/o handle pls", "do you have one without handle please"),
        ("dont want that bc its heavy", "don't want that because its heavy"),
    ],
)
def test_chat_spellings_are_written_out(said: str, meant: str) -> None:
    assert written_out(said) == meant


@pytest.mark.parametrize("said", ["U-lock in size U", "IM 300", "size n", "r2 rower", "壶包邮吗", "we're fine", ""])
def test_sizes_and_names_stay(said: str) -> None:
    assert written_out(said) == said
