"""Traditional and Simplified Chinese: which of the two a text is, which a tag means, and one spelling for both."""

import pytest

from knowledge.folding import fold, script_of, simplified
from knowledge.localized import canonical, pick


@pytest.mark.parametrize("tag", ["zh-Hant", "zh_TW", "zh-tw", "zh-HK", "ZH-MO", "zh-Hant-HK", "zh_Hant_TW", "yue", "yue-HK", " zh-TW "])
def test_tags_that_mean_traditional_characters(tag: str) -> None:
    assert canonical(tag) == "zh-Hant"


@pytest.mark.parametrize("tag", ["zh", "zh-CN", "zh-Hans", "zh-Hans-HK", "zh-SG", "en", "en-HK", "en-TW", "ja", "", "pt-BR"])
def test_tags_that_do_not(tag: str) -> None:
    assert canonical(tag) == tag


def test_a_text_is_picked_in_its_script_before_the_other() -> None:
    both = {"en": "Kettle", "zh": "水壶", "zh-TW": "水壺"}
    assert [pick(both, tag) for tag in ("zh-Hant", "zh-HK", "zh-TW", "zh", "zh-CN", "en", "ja")] == [
        "水壺", "水壺", "水壺", "水壶", "水壶", "Kettle", "Kettle",
    ]  # fmt: skip
    assert pick({"en": "Kettle", "zh": "水壶"}, "zh-Hant") == "水壶", "what the merchant wrote stays as it is"
    assert pick({"en": "Kettle", "zh-Hant": "水壺"}, "zh") == "水壺"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("這個背包防水嗎", "Hant"),
        ("多少錢", "Hant"),
        ("有冇貨", "Hant"),
        ("咩色", "Hant"),
        ("KT-17E 運費?", "Hant"),
        ("这个背包防水吗", "Hans"),
        ("有没有乾隆款的茶壶", "Hans"),
        ("多少", ""),
        ("可以退吗", "Hans"),
        ("你好", ""),
        ("Copper kettle", ""),
        ("", ""),
    ],
)
def test_the_script_of_a_text(text: str, script: str) -> None:
    assert script_of(text) == script


def test_folding_keeps_every_character_at_its_place() -> None:
    for text in ("揹包幾多錢？", "請問Ｋ-1運費", "衞生紙放枱面", "裡裏台臺檯"):
        assert len(fold(text)) == len(simplified(text)) == len(text)
    assert fold("運費、優惠碼、客服、揹包") == fold("运费、优惠码、客服、背包")
    assert simplified("Ｋ-1 運費 Café") == "Ｋ-1 运费 Café", "nothing but the characters changes"
