"""Denials in running text, in both languages and in trades that no list was made for."""

import pytest

from knowledge.polarity import said_of
from knowledge.verdicts import Verdict

YES, NO, OPEN = Verdict.YES, Verdict.NO, Verdict.OPEN


@pytest.mark.parametrize(
    ("text", "word", "says"),
    [
        ("No built-in preamp – needs a phono input", "built in preamp", NO),
        ("No built-in preamp – needs a phono input", "phono input", YES),
        ("Built-in phono preamp, can be switched off", "preamp", YES),
        ("80 W for smaller rooms. No subwoofer, and none can be connected.", "subwoofer", NO),
        ("Amplifier and speaker cable are not included.", "speaker cable", NO),
        ("Ships with no cable, charger or bag", "charger", NO),
        ("Ships with no cable, charger or bag", "bag", NO),
        ("Caffeine-free herbal tea", "caffeine", NO),
        ("Not only waterproof but warm", "waterproof", YES),
        ("Waterproof but not dustproof", "waterproof", YES),
        ("Waterproof but not dustproof", "dustproof", NO),
        ("Does not fit the Birch 3", "birch 3", NO),
        ("Wash at 30, do not tumble dry", "tumble dry", NO),
        ("Frame not suitable for child seats", "child seats", NO),
        ("Contains no nuts", "nuts", NO),
        ("Lens cap sold separately", "lens cap", NO),
        ("不支持无线充电", "无线充电", NO),
        ("50W 无线充电;IP68", "无线充电", YES),
        ("无线充电,无蓝牙", "蓝牙", NO),
        ("不含酒精、香精、色素", "色素", NO),
        ("明火和电陶炉可用,不能用电磁炉", "电磁炉", NO),
        ("明火和电陶炉可用,不能用电磁炉", "明火", YES),
        ("不锈钢内胆,可进洗碗机", "洗碗机", YES),
        ("可拆洗，内芯可机洗", "机洗", YES),
        ("不可机洗", "机洗", NO),
        ("充电器另购", "充电器", NO),
        ("结团快,不能冲马桶", "马桶", NO),
        ("Oak frame", "lid", OPEN),
    ],
)
def test_what_a_sentence_says(text: str, word: str, says: Verdict) -> None:
    assert said_of([text], (word,)) is says


def test_one_affirming_sentence_is_enough() -> None:
    assert said_of(["No lid.", "Bamboo lid in the box."], ("lid",)) is YES
