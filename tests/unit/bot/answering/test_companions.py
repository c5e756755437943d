"""The thing of a named kind that is to go with another, in other trades' words."""

import pytest

from bot.answering.companions import kind_asked
from bot.understanding.question import Intent, Memory
from bot.understanding.shop_words import words_of
from tests.builders import a_product, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk, text

TENT = a_product("tent", "Birch 2 Tunnel Tent", category="Tents", description="Pegs included. Footprint sold separately.")
PRINT = a_product("print", "Footprint for Birch 2", category="Tent parts", price="29.00 EUR")
OTHER_PRINT = a_product("print4", "Footprint for Cedar 4", category="Tent parts", description="Not for the Birch 2.")
VACUUM = a_product("vacuum", "S90 Cordless Vacuum | S90 无线吸尘器", category="Vacuums")
BRUSH = a_product("brush", "Soft Roller Brush | 软绒滚刷", category="Parts", description="Fits the S90 | 适用于 S90 吸尘器。")
STIFF = a_product("stiff", "Carpet Roller Brush | 地毯滚刷", category="Parts", description="Not for the S90. | 不适用于 S90。")
PLATE = a_product("plate", "Ironside Bumper Plate", category="Strength")
PAN = a_product("pan", "Cast Iron Skillet 28 cm", category="Pans")
LID = a_product("lid", "Glass Lid 28 cm", category="Pans", description="Fits 28 cm skillets.")
BARBELL = a_product("barbell", "Ironside Olympic Barbell", category="Strength", description="Takes plates with a 50 mm hole.")
PULLUP = a_product("pullup", "Doorway Pull-Up Bar", category="Strength")
SHOP = a_view(TENT, PRINT, OTHER_PRINT, VACUUM, BRUSH, STIFF, PLATE, BARBELL, PULLUP, PAN, LID)


@pytest.mark.parametrize(
    ("asked", "of", "said", "unsaid", "language"),
    [
        ("which footprint goes with the birch 2 tent?", "tent", "Footprint for Birch", "Cedar", "en"),
        ("is there a footprint that fits the birch 2 tent", "tent", "Footprint for Birch", "Cedar", "en"),
        ("which roller brush do i need for the s90", "vacuum", "Soft Roller", "Carpet", "en"),
        ("S90吸尘器要换滚刷，配哪个", "vacuum", "软绒滚刷", "地毯", "zh"),
        ("S90吸尘器配哪种滚刷", "vacuum", "软绒滚刷", "地毯", "zh"),
        ("which lid fits the cast iron skillet", "pan", "Glass Lid", "Barbell", "en"),
        ("which bar do your bumper plates go on", "plate", "Olympic Barbell", "Pull-Up", "en"),
    ],
)
def test_what_agrees_with_it_is_said_and_what_is_said_not_to_fit_is_not(asked: str, of: str, said: str, unsaid: str, language: str) -> None:
    part = a_part(Intent.PRODUCT_QUESTION, asked, of)
    answer = text(talk(SHOP, part, evidence(products=["stiff", "brush", "print4", "print", "barbell"]), language=language))
    assert said in answer and unsaid not in answer


@pytest.mark.parametrize(
    "asked", ["which one fits best?", "what size goes with it", "which of them fits the s90", "哪款适合我", "配送要多久"]
)
def test_no_kind_of_goods_is_asked_for(asked: str) -> None:
    asked_for = kind_asked(asked, words_of(SHOP))
    assert asked_for is None or not (asked_for[0] | asked_for[1])


def test_what_was_spoken_of_before_is_meant_only_where_the_words_say_so() -> None:
    memory = Memory(focus="tent", shown=["tent"])
    assert "Footprint" in text(talk(SHOP, a_part(Intent.AVAILABILITY, "is there a footprint that fits it"), evidence(), memory=memory))
    pump = a_part(Intent.PRODUCT_SEARCH, "do you have a brush that fits a parquet floor")
    assert "Birch" not in text(talk(SHOP, pump, evidence(products=["brush"]), memory=memory))


def test_without_a_word_of_either_it_is_a_suggestion() -> None:
    part = a_part(Intent.PRODUCT_QUESTION, "which brush goes with the birch 2 tent", "tent")
    assert "names nothing" in text(talk(SHOP, part, evidence()))
