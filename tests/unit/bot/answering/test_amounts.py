"""Amounts in conversations: in other units, and of several things together; over a shop of garden and bicycle goods."""

import pytest

from bot.answering.answer import Outcome
from tests.builders import a_product, a_variant, a_view
from tests.unit.bot.answering.test_conversations import Talk

RACK = a_product(
    "rack",
    "Tarn Rear Rack",
    a_variant("RK-26", options={"Wheel": "26 inch"}, price="35.00 USD", stock=4, attributes={"Weight": "1.2 kg"}),
    a_variant("RK-28", options={"Wheel": "28 inch"}, price="38.00 USD", stock=6, attributes={"Weight": "1.4 kg"}),
    category="Racks",
    brand="Tarn",
    attributes={"Maximum load": "25 kg"},
)
BAG = a_product(
    "bag", "Tarn Pannier Bag 20 L", price="60.00 USD", stock=9, category="Bags", brand="Tarn", attributes={"Size": "32 × 40 cm"}
)
PUMP = a_product("pump", "Gale Floor Pump", price="29.50 USD", stock=3, category="Tools", brand="Gale", attributes={"Height": "64 cm"})
LOCK = a_product("lock", "Ward Chain Lock", price="42.00 USD", stock=12, category="Locks", brand="Ward")
SHOP = a_view(RACK, BAG, PUMP, LOCK)


@pytest.fixture
def talk() -> Talk:
    return Talk(SHOP)


@pytest.mark.parametrize(
    ("words", "said"), [("how tall is the gale floor pump in inches", "25.2 in"), ("gale floor pump高多少英寸", "25.2 in")]
)
def test_a_property_in_the_unit_asked_for(talk: Talk, words: str, said: str) -> None:
    answer = talk.says(words)
    assert "64 cm" in answer
    assert said in answer


@pytest.mark.parametrize("words", ["what's that in pounds?", "and in lbs?", "是多少磅"])
def test_what_was_just_said_in_another_unit(talk: Talk, words: str) -> None:
    talk.ask("how heavy is the 28 inch tarn rear rack")
    assert "3.09" in talk.says(words)


def test_an_amount_of_the_question_itself(talk: Talk) -> None:
    draft = talk.ask("16 kilos is how many pounds roughly")
    assert draft.outcome is Outcome.ANSWERED
    assert "35.3 lb" in draft.statements[0].text


def test_the_one_of_several_called_so_that_comes_in_that_size() -> None:
    view = a_view(RACK, a_product("basket", "Tarn Front Basket", price="20.00 USD", stock=2, category="Bags", brand="Tarn"))
    assert "1.4 kg" in Talk(view).says("how heavy is the 28 inch tarn")


def test_a_size_in_words(talk: Talk) -> None:
    view = a_view(
        a_product(
            "pan", "Reed Pan", *(a_variant(f"P{n}", options={"Size": f"{n} inch"}, price=f"{n}.00 USD", stock=1) for n in (8, 10, 12))
        )
    )
    pan = Talk(view)
    pan.ask("how much is the reed pan 8 inch")
    assert "$12.00" in pan.says("and the twelve?")


def test_a_make_that_is_called_like_a_unit() -> None:
    pan = a_product("pan", "Lumen Frying Pan", price="30.00 USD", stock=2, brand="Lumen", attributes={"Weight": "900 g"})
    said = Talk(a_view(pan, LOCK, PUMP)).says("lumen frying pan weight")
    assert "900 g" in said


@pytest.mark.parametrize(
    ("words", "total"),
    [
        ("how much are the gale floor pump and the ward chain lock together", "$71.50"),
        ("two ward chain locks and one gale floor pump, total?", "$113.50"),
        ("gale floor pump和ward chain lock一共多少钱", "$71.50"),
        ("what would 3 gale floor pumps come to", "$88.50"),
    ],
)
def test_what_several_things_come_to(talk: Talk, words: str, total: str) -> None:
    assert f"= {total}" in talk.says(words)


@pytest.mark.parametrize(
    "words", ["how much with the ward chain lock on top", "and with the ward chain lock as well?", "它和ward chain lock一起多少钱"]
)
def test_what_was_spoken_of_is_added_to(talk: Talk, words: str) -> None:
    talk.ask("how much is the 28 inch tarn rear rack")
    assert "= $80.00" in talk.says(words)


@pytest.mark.parametrize("words", ["how much for both together?", "一起买多少钱"])
def test_the_last_two_things_spoken_of(talk: Talk, words: str) -> None:
    talk.ask("how much is the gale floor pump")
    talk.ask("and the ward chain lock?")
    assert "= $71.50" in talk.says(words)


def test_a_variant_told_before_is_the_one_added(talk: Talk) -> None:
    talk.ask("how much is the 26 inch tarn rear rack")
    talk.ask("how much is the ward chain lock")
    assert "= $77.00" in talk.says("so the rear rack + that = ?")


def test_each_price_of_a_thing_of_which_no_variant_was_told(talk: Talk) -> None:
    said = talk.says("what would 2 tarn rear racks come to")
    assert "= $70.00" in said
    assert "= $76.00" in said


@pytest.mark.parametrize(
    "words", ["can I use the gale floor pump and the ward chain lock together?", "how many gale floor pumps do you have in total"]
)
def test_no_sum_is_asked_for(talk: Talk, words: str) -> None:
    assert " = " not in talk.says(words)


def test_a_thing_sold_out_is_said_so() -> None:
    gone = a_product("bell", "Ting Bell", price="8.00 USD", stock=0, category="Tools")
    said = Talk(a_view(gone, LOCK)).says("total for a ting bell and a ward chain lock")
    assert "= $50.00" in said
    assert "out of stock" in said


@pytest.mark.parametrize(
    "sentence",
    [
        "Gale Floor Pump $29.50 + Ward Chain Lock $42.00 = $61.50 in total.",
        "Gale Floor Pump $19.50 + Ward Chain Lock $42.00 = $61.50 in total.",
        "2 × Ward Chain Lock $42.00 = $80.00 in total.",
    ],
)
def test_a_wrong_sum_does_not_pass_the_guard(talk: Talk, sentence: str) -> None:
    talk.ask("gale floor pump and ward chain lock")
    assert talk.objections(sentence)


@pytest.mark.parametrize(
    ("words", "enough"),
    [("I need 5 ward chain locks for our club", True), ("need 20 ward chain locks", False), ("gale floor pump有5个吗", False)],
)
def test_whether_there_are_so_many(talk: Talk, words: str, enough: bool) -> None:
    assert talk.says(words).startswith(("Yes", "够")) is enough
