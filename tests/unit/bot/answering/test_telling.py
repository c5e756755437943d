"""Sentences that tell what was asked."""

import pytest

from bot.answering.telling import names_all, telling_part, tells
from knowledge.catalog import Attribute


@pytest.mark.parametrize(
    ("text", "asked", "wanted"),
    [
        ("With space inside (for max. 4 persons)", ["serves"], []),
        ("Round wooden table", ["made of"], []),
        ("本产品不包含灯泡", ["bulb"], []),
        ("Black floor lamp", ["colour"], []),
        ("A sturdy bag of waxed canvas", [], ["canvas"]),
        ("The whole set weighs only 1.2 kg", ["weight"], []),
    ],
)
def test_tells(text: str, asked: list[str], wanted: list[str]) -> None:
    assert tells(text, asked, wanted)


@pytest.mark.parametrize(
    ("text", "asked"), [("A light weight for long days", ["weight"]), ("Made with love", ["made of"]), ("Our people love it", ["serves"])]
)
def test_a_bare_name_tells_nothing(text: str, asked: list[str]) -> None:
    assert not tells(text, asked)


def test_of_a_long_note_the_sentence_that_tells() -> None:
    note = "1.首次使用请检查包装。\n2.本产品不包含灯泡，请自行购买。\n3.请勿放在潮湿处。"
    assert telling_part(note, ["bulb"]) == "本产品不包含灯泡，请自行购买。"


def test_a_name_that_holds_both_properties() -> None:
    assert names_all(Attribute("填充物重量", "3KG", "zh"), ["filling", "weight"])
    assert not names_all(Attribute("填充物", "荞麦壳", "zh"), ["filling", "weight"])
