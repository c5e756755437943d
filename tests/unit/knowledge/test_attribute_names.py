import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.attribute_names import concept_of, concepts, concepts_in, names_of, near, same
from knowledge.folding import fold, script_of
from knowledge.phrases import Phrases


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("Weight", "weight"),
        ("Item weight", "weight"),
        ("重量（kg）", "weight"),
        ("item_weight", "weight"),
        ("itemWeight", "weight"),
        ("材質", "material"),
        ("Materials", "material"),
        ("防水等級", "waterproof"),
        ("Battery Life", "battery_life"),
        ("電池續航力", "battery_life"),
        ("Colour", "colour"),
        ("Color", "colour"),
        ("颜色", "colour"),
        ("尺码", "size"),
        ("Thread count", "thread_count"),
        ("age_range_description", "age"),
        ("保固", "warranty"),
        ("解析度", "resolution"),
        ("Colour / 颜色", "colour"),
        ("尺码 Size", "size"),
        ("Fill / 充绒量", "fill_weight"),
        ("Crunch / 脆度", None),
        ("T恤", None),
        ("Something Odd", None),
        ("", None),
    ],
)
def test_a_name_means_its_concept(name: str, concept: str | None) -> None:
    assert concept_of(name) == concept


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("how heavy is the BP-22?", "weight"),
        ("这个多重？", "weight"),
        ("How long does the battery last", "battery_life"),
        ("how long does the new battery last", "battery_life"),
        ("能装多少", "capacity"),
        ("這個防水嗎", "waterproof"),
        ("Is it waterproof?", "waterproof"),
        ("What is it made of?", "material"),
        ("是什么材质的", "material"),
        ("can I put it in the dishwasher", "care"),
        ("how long to charge?", "charging_time"),
        ("保修多久", "warranty"),
        ("does it fit a 15 inch laptop", "laptop_size"),
        ("几岁的孩子能玩", "age"),
        ("what's the thread count", "thread_count"),
        ("吵不吵", "noise"),
    ],
)
def test_a_question_asks_for_its_concept(text: str, concept: str) -> None:
    assert concept in [found[0] for found in concepts_in(text)]


def test_spans_are_spans_of_the_customers_words() -> None:
    text = "请问ＢＰ-22 多重？"
    ((concept, start, end),) = concepts_in(text)
    assert (concept, text[start:end]) == ("weight", "多重")


def test_names_lead_back_to_their_concept() -> None:
    shared = 0
    for concept in concepts():
        for name in names_of(concept):
            assert concept_of(name) is not None
            shared += concept_of(name) != concept
    assert shared < 40, "a name in two tables belongs to the first; few may"


def test_near_concepts_exist() -> None:
    assert all(other in concepts() for concept in concepts() for other in near(concept))


def test_same() -> None:
    assert same("Weight", "重量")
    assert not same("Weight", "Height")
    assert same("Waxing", "waxing")
    assert not same("Odd one", "Odd two")


def test_plain_talk_asks_for_nothing() -> None:
    for text in ("hello", "你好", "ok thanks", "where is my order 1234", "我的订单到哪了", "I want to talk to a human"):
        assert concepts_in(text) == []


@given(st.text(max_size=60))
def test_any_text_is_folded_in_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    for _, start, end in concepts_in(text):
        assert 0 <= start < end <= len(text)


def test_phrases_with_a_gap_stay_in_the_sentence() -> None:
    table = Phrases([("keep ~ hot", 1)])
    assert table.any("does it keep my coffee hot")
    assert not table.any("I keep it. Is it hot")


def test_traditional_is_told_from_simplified() -> None:
    assert script_of("這個背包防水嗎") == "Hant"
    assert script_of("这个背包防水吗") == "Hans"
