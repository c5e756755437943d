"""What somebody weighs is set against what a thing carries; a word that is a category elsewhere only says what is done with a thing."""

import pytest

from bot.understanding.question import Intent, Memory
from bot.understanding.understand import Understanding
from tests.builders import a_product, a_view

LADDER = a_product("ladder", "Steel Ladder | 钢梯", category="Ladders | 梯子", attributes={"Maximum load": "150 kg", "Weight": "9 kg"})
WATCH = a_product("watch", "Orbit Watch | 轨迹手表", category="Watches | 手表")
GOGGLES = a_product("goggles", "Lido Goggles | 泳镜", category="Swimming | 游泳")
SHOP = a_view(LADDER, WATCH, GOGGLES)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("I'm 110 kg, will it hold me?", True), ("my dad is around 240 lb, is it ok for him", True), ("she weighs 70 kg, is that fine", True),
        ("我190斤，能用吗", True), ("我爸有200斤，行吗", True), ("体重95公斤可以吗", True),
        ("is it lighter than 10 kg?", False), ("这个有10公斤吗", False),
    ],
)  # fmt: skip
def test_a_persons_weight_asks_for_the_load(said: str, asked: bool) -> None:
    (part, *_) = Understanding().understand(said, Memory(focus="ladder", shown=["ladder"], last_intent="product_question"), SHOP).parts
    assert ("Maximum load" in part.asked) is asked


@pytest.mark.parametrize("said", ["I'm 110 kg, will it hold me?", "my dad is 70, can he use it"])
def test_the_last_clause_may_be_the_question(said: str) -> None:
    (part, *_) = Understanding().understand(said, Memory(focus="ladder", shown=["ladder"]), SHOP).parts
    assert part.yes_no


def test_what_is_done_with_it_is_no_kind_of_goods() -> None:
    memory = Memory(focus="watch", shown=["watch"], last_intent="product_question")
    (part,) = Understanding().understand("戴着游泳行吗", memory, SHOP).parts
    assert part.intent is Intent.PRODUCT_QUESTION and [s.product_id for s in part.subjects] == ["watch"]
    (search,) = Understanding().understand("有游泳的东西吗", memory, SHOP).parts
    assert not search.subjects


@pytest.mark.parametrize("said", ["which one is for a 7 year old?", "哪个适合7岁的", "哪款7岁孩子能用"])
def test_which_of_those_shown_suits_is_not_asked_of_the_whole_shop(said: str) -> None:
    drum, flute = (
        a_product("drum", "Tin Drum | 铁皮鼓", attributes={"Age": "3+"}),
        a_product("flute", "Recorder | 竖笛", attributes={"Age": "6+"}),
    )
    view = a_view(drum, flute, a_product("tuba", "Tuba | 大号", attributes={"Age": "12+"}), LADDER)
    memory = Memory(shown=["drum", "flute"], last_intent="product_search", search="loud instruments")
    (part,) = Understanding().understand(said, memory, view).parts
    assert [s.product_id for s in part.subjects] == ["drum", "flute"] and part.intent is Intent.PRODUCT_QUESTION
