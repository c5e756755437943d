"""What Chinese words are called in English."""

import pytest

from knowledge.glosses import glossed
from knowledge.glosses.build import rows_of


@pytest.mark.parametrize(
    ("text", "word", "gloss"),
    [("割草机多少钱", "割草机", ("lawn", "mower")), ("木制火车", "火车", ("train",)), ("有 风筝吗", "风筝", ("kite",))],
)
def test_words_are_glossed(text: str, word: str, gloss: tuple[str, ...]) -> None:
    assert gloss in next(found.glosses for found in glossed(text) if found.word == word)


def test_the_longest_word_is_taken_and_nothing_is_lost() -> None:
    assert [found.word for found in glossed("太阳能灯笼")] == ["太阳能", "灯笼"]
    assert glossed("plain words 42") == ()
    assert [found.word for found in glossed("龘龘")] == ["龘", "龘"]


def test_the_table_holds_what_names_things_and_no_verbs_or_people() -> None:
    lines = ["# note", "手套 手套 [shou3 tao4] /glove/mitten/CL:雙|双[shuang1]/", "打 打 [da3] /to beat/", "李 李 [Li3] /surname Li/"]
    assert rows_of(lines) == ["手套\tglove/mitten"]
