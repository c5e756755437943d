"""Chinese questions whether a thing has or takes another, where it is described in English alone."""

import pytest

from bot.answering.asked_in_english import in_english
from bot.answering.described import asked_of, verdict_of
from knowledge.verdicts import Verdict
from tests.builders import a_product

PRODUCTS = {
    "mower": "For lawns up to 250 m². Runs on two 18V batteries (batteries and charger included).",
    "robot": "Solar robot with 12 builds, no batteries.",
    "espresso": "15 bar pump, steam wand. No built-in grinder.",
    "guitar": "Spruce top, with gig bag and tuner.",
    "tent": "Aluminium poles, without carpet. Comes with a lantern.",
}


@pytest.mark.parametrize(
    ("product", "text", "says"),
    [
        ("mower", "带电池吗", Verdict.YES), ("mower", "有充电器吗？", Verdict.YES), ("robot", "要装电池吗", Verdict.NO), ("espresso", "自带磨豆机吗", Verdict.NO),
        ("guitar", "送琴包吗", Verdict.YES), ("guitar", "附带调音器吗", Verdict.YES), ("tent", "里面有地毯吗", Verdict.NO), ("tent", "帶燈籠嗎", Verdict.YES),
    ],
)  # fmt: skip
def test_what_the_english_sentence_says(product: str, text: str, says: Verdict) -> None:
    about = a_product(product, product.title(), description={"en": PRODUCTS[product]})
    assert verdict_of(asked_of(about, text, (), "zh")) is says


@pytest.mark.parametrize("text", ["电池能拆下来吗", "电池多久充满", "充电器坏了怎么办", "does it have batteries", "红色的有吗", "多少钱"])
def test_a_question_for_more_is_not_answered_so(text: str) -> None:
    about = a_product("mower", "Mower", description={"en": PRODUCTS["mower"]})
    assert not list(in_english(text, about))


def test_what_is_described_in_chinese_is_read_in_chinese() -> None:
    about = a_product("mower", "割草机", description={"zh": "含两块电池。", "en": PRODUCTS["mower"]})
    assert not list(in_english("带电池吗", about))
