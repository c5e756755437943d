"""Variants told by their options, turn after turn, in shops of several trades whose sizes are written in many ways."""

import itertools

import pytest

from bot.answering.answer import Outcome
from retrieval.view import ShopView
from tests.builders import a_product, a_shop, a_variant, a_view
from tests.unit.bot.answering.test_conversations import Talk

RUNNER = a_product(
    "runner",
    "Swift Trail Runner | 疾风越野跑鞋",
    *(
        a_variant(
            f"RUN-{size}-{word[:1]}", options={"Size / 尺码": size, "Colour / 颜色": f"{said} {word}"}, price="89.00 USD", stock=stock
        )
        for (size, (said, word)), stock in zip(
            itertools.product(["38", "39", "40"], [("白色", "White"), ("黑色", "Black")]), [3, 0, 14, 6, 2, 0], strict=True
        )
    ),
    category="Shoes | 鞋",
)
RUG = a_product(
    "rug",
    "Dune Rug | 沙丘地毯",
    a_variant("DUN-G46", options={"Color": "Grey", "Size": "4 x 6 ft"}, price="89.00 USD", stock=4),
    a_variant("DUN-G58", options={"Color": "Grey", "Size": "5 x 8 ft"}, price="139.00 USD", stock=0),
    a_variant("DUN-B46", options={"Color": "Blue", "Size": "4 x 6 ft"}, price="99.00 USD", stock=4),
    a_variant("DUN-B58", options={"Color": "Blue", "Size": "5 x 8 ft"}, price="149.00 USD", stock=7),
    category="Rugs | 地毯",
)
LAMP = a_product(
    "lamp",
    "Ember Lantern | 余烬灯",
    a_variant("EMB-R", options={"Colour": "Red"}, price="30.00 USD", stock=5),
    a_variant("EMB-B", options={"Colour": "Blue"}, price="35.00 USD", stock=0),
    category="Lamps | 灯",
)
SHOP = a_view(RUNNER, RUG, LAMP, shop=a_shop())


@pytest.fixture
def talk() -> Talk:
    return Talk(SHOP)


def says(*turns: str, view: ShopView = SHOP) -> str:
    """What is said to the last of these."""
    conversation = Talk(view)
    *before, last = turns
    for words in before:
        conversation.ask(words)
    return conversation.says(last)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("is the Swift Trail Runner in white 38 available?", "3"), ("疾风越野跑鞋白色38码有货吗", "3 件"),
        ("is the Swift Trail Runner in stock in 40?", "White"), ("疾风越野跑鞋有哪些尺码", "38"),
    ],
)  # fmt: skip
def test_a_size_of_figures_alone_is_no_number_of_pieces(talk: Talk, text: str, held: str) -> None:
    draft = talk.ask(text)
    assert draft.outcome is Outcome.ANSWERED
    assert held in "".join(s.text for s in draft.statements)


def test_another_colour_keeps_the_size_spoken_of() -> None:
    said = says("疾风越野跑鞋黑色38码有吗", "那白色的呢")
    assert "38 · 白色" in said
    assert "3 件" in said


@pytest.mark.parametrize("text", ["what colors?", "which colours are there", "有什么颜色"])
def test_an_option_named_in_two_languages_is_asked_for_in_one(text: str) -> None:
    said = says("how much is the Swift Trail Runner?", text)
    assert "White" in said
    assert "Black" in said


@pytest.mark.parametrize("text", ["any other colours?", "what other colours do you have?", "还有别的颜色吗", "那还有啥颜色"])
def test_others_of_an_option_are_asked_for_of_the_whole_product(text: str) -> None:
    said = says("is the Ember Lantern in blue available?", text)
    assert "Red" in said
