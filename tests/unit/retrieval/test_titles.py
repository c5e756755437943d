"""What of a customer's words stands in a title."""

from pytest import approx

from retrieval.titles import pieces, title_share


def test_characters_of_chinese_and_words_of_other_scripts_count() -> None:
    assert title_share("猫爪板 桐木", ["日式天然桐木材质猫抓板"]) == approx(4 / 5)
    assert title_share("30cm炒锅", ["Carat钻石炒锅30cm"]) == 1
    assert title_share("brass lamps", ["Brass desk lamp", "黄铜台灯"]) == 1
    assert title_share("贝雷帽", ["Brass desk lamp"]) == 0


def test_words_that_only_make_a_sentence_do_not_count() -> None:
    assert pieces("有没有猫爪板吗") == pieces("猫爪板")
    assert title_share("的吗", ["的吗"]) == 0
    assert title_share("", ["anything"]) == 0
    assert title_share("anything", []) == 0
