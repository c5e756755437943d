"""What the Chinese words of a text are called in English."""

import pytest

from bot.understanding.bilingual import glossed


@pytest.mark.parametrize(
    ("text", "word", "gloss"), [("割草机", "割草机", ("lawn", "mower")), ("木制火车", "火车", ("train",)), ("风筝", "风筝", ("kite",))]
)
def test_words_are_glossed(text: str, word: str, gloss: tuple[str, ...]) -> None:
    assert gloss in next(found.glosses for found in glossed(text) if found.word == word)


def test_the_longest_word_is_taken_and_nothing_is_lost() -> None:
    assert "".join(found.word for found in glossed("太阳能灯笼")) == "太阳能灯笼"
    assert glossed("plain words 42") == ()
    assert [found.word for found in glossed("龘龘")] == ["龘", "龘"]
