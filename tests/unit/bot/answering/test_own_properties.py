"""Properties by the names that a shop gave them, and what titles say; over a shop of musical and camping goods."""

import pytest

from tests.builders import a_product, a_variant, a_view
from tests.unit.bot.answering.test_conversations import Talk

STOVE = a_product(
    "stove",
    "Ember Camp Stove with Windshield",
    price="49.00 USD",
    stock=5,
    category="Stoves",
    brand="Ember",
    attributes={"Boil power": "3200 W", "Burner head": "brass", "Weight": "310 g"},
    description="Runs on butane. Three manual flame levels.",
)
KETTLE = a_product(
    "kettle", "Ember Camp Kettle", price="22.00 USD", stock=5, category="Stoves", brand="Ember", attributes={"Boil power": "none"}
)
SHOES = a_product("shoes", "Ridge Running Shoe", price="80.00 USD", stock=3, category="Running")
GUITAR = a_product(
    "guitar",
    "Sable Concert Ukulele",
    a_variant("U-N", options={"Finish": "Natural"}, price="90.00 USD", stock=3),
    a_variant("U-B", options={"Finish": "Black"}, price="90.00 USD", stock=0),
    category="Instruments",
    attributes={"Fretboard": "walnut, 18 frets", "Running gear": "geared tuners"},
)
SHOP = a_view(STOVE, KETTLE, SHOES, GUITAR)


@pytest.fixture
def talk() -> Talk:
    return Talk(SHOP)


@pytest.mark.parametrize("words", ["whats the boil power of the camp stove", "ember camp stove boil power?"])
def test_a_name_of_several_words_is_asked_for(talk: Talk, words: str) -> None:
    assert "3200 W" in talk.says(words)


def test_words_of_a_property_name_no_other_product(talk: Talk) -> None:
    said = talk.says("whats the running gear of the sable ukulele")
    assert "geared tuners" in said
    assert "Shoe" not in said


def test_a_property_of_what_was_spoken_of_though_a_material_stands_beside_it(talk: Talk) -> None:
    talk.ask("how much is the sable concert ukulele")
    assert "walnut" in talk.says("whats the fretboard wood")


def test_an_option_of_what_was_spoken_of(talk: Talk) -> None:
    talk.ask("how much is the sable concert ukulele in black")
    said = talk.says("so what finishes can i actually get")
    assert "Natural" in said


@pytest.mark.parametrize("words", ["windshield incl?", "does it come with a windshield?"])
def test_a_title_says_what_comes_with_it(talk: Talk, words: str) -> None:
    talk.ask("how much is the ember camp stove with windshield")
    assert talk.says(words).startswith("Yes")


def test_what_the_title_does_not_say_is_not_included(talk: Talk) -> None:
    talk.ask("how much is the ember camp stove with windshield")
    assert not talk.says("lighter incl?").startswith("Yes")


def test_a_comparison_by_the_shops_own_name(talk: Talk) -> None:
    said = talk.says("ember camp stove or ember camp kettle, which has more boil power?")
    assert "3200 W" in said
    assert "310 g" not in said
