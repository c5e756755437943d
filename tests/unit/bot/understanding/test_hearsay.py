"""Whether buyers' words are asked for."""

import pytest

from bot.understanding.hearsay import asks_what_others_say


@pytest.mark.parametrize(
    "text",
    [
        "do people complain about the lid?",
        "what do buyers say about it",
        "any complaints about the zip?",
        "has anyone reported leaks",
        "any reviews?",
        "大家用着怎么样",
        "有人说漏水吗",
        "用过的人怎么说",
        "口碑好不好",
    ],
)
def test_others_words_are_asked_for(text: str) -> None:
    assert asks_what_others_say(text)


@pytest.mark.parametrize(
    "text",
    [
        "I want to complain about a broken lid",
        "where do I write a review",
        "does it leak",
        "我要投诉",
        "漏水吗",
        "买过的东西能退吗",
        "how do i leave a review",
    ],
)
def test_these_are_not(text: str) -> None:
    assert not asks_what_others_say(text)
