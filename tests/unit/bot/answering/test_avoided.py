"""What somebody must not have, over a shop of soaps and snacks; the version that is the extreme, the next size, and what is made for a thing."""

import pytest

from bot.answering.described import avoided
from bot.answering.matching import catalog_matching
from bot.understanding.question import Intent
from retrieval.filters import AttributeCondition, Filters
from tests.builders import a_product, a_variant, a_view
from tests.unit.bot.answering.talks import a_part, talk, text
from tests.unit.bot.answering.test_conversations import Talk

BAR = a_product("bar", "Crag Protein Bar", price="3.00 USD", stock=9, category="Snacks", description="Contains milk and hazelnuts.")
OAT = a_product("oat", "Crag Oat Bar", price="2.50 USD", stock=9, category="Snacks", description="Vegan, no milk, no nuts. With raisins.")
SOAP = a_product("soap", "Fen Hand Soap", price="6.00 USD", stock=9, category="Soaps", description="Fragrance-free, with olive oil.")
WEIGHTS = a_product(
    "plate",
    "Slab Weight Plate",
    *(a_variant(f"PL-{n}", options={"Weight": f"{n} kg"}, price=f"{n}.00 USD", stock=0 if n == 20 else 4) for n in (5, 10, 20)),
    category="Weights",
)
MIXER = a_product("mixer", "Rowan Stand Mixer", price="200.00 USD", stock=2, category="Kitchen", brand="Rowan")
GRINDER = a_product(
    "grinder", "Meat Grinder for Rowan", price="50.00 USD", stock=2, category="Kitchen", description="Sausage horn included."
)
SHOP = a_view(BAR, OAT, SOAP, WEIGHTS, MIXER, GRINDER)


@pytest.fixture
def shop() -> Talk:
    return Talk(SHOP)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("I'm allergic to latex 😬 what can I use", "latex"),
        ("lactose intolerant here", "lactose"),
        ("anything dairy free?", "dairy"),
        ("I can't have nuts", "nuts"),
        ("我对乳胶过敏", "乳胶"),
        ("我乳糖不耐", "乳糖"),
    ],
)
def test_what_is_avoided_is_read(words: str, said: str) -> None:
    assert said in {feature.said for feature in avoided(words)}


@pytest.mark.parametrize("words", ["is shipping free?", "hands free kit", "free shipping over 50", "duty free", "可以免费退吗"])
def test_nothing_is_avoided(words: str) -> None:
    assert avoided(words) == []


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("lactose intolerant here, is the crag protein bar ok for me", "No"),
        ("is the crag protein bar nut free?", "No"),
        ("is the crag oat bar dairy free?", "Yes"),
        ("is the fen hand soap fragrance free?", "Yes"),
    ],
)
def test_a_sentence_of_the_shop_decides(shop: Talk, words: str, start: str) -> None:
    assert shop.says(words).startswith(start)


def test_silence_decides_nothing(shop: Talk) -> None:
    assert not shop.says("is the crag oat bar ok, I'm allergic to sesame?").startswith(("Yes", "No"))


def test_the_one_of_its_kind_without_it(shop: Talk) -> None:
    shop.ask("how much is the crag protein bar")
    said = shop.says("compare: which one is without milk?")
    assert "Oat Bar" in said
    assert "Protein Bar" not in said


def test_what_must_not_be_in_it_is_never_offered_instead() -> None:
    band = a_product("band", "Coil Band", price="8.00 USD", stock=2, category="Bands", attributes={"Material": "natural latex"})
    tube = a_product("tube", "Coil Tube", price="9.00 USD", stock=2, category="Bands", description="Five latex-free tubes.")
    filters = Filters(attributes=(AttributeCondition(("material",), ("latex",), True, said="latex"),), product_ids=("band",))
    part = a_part(Intent.PRODUCT_SEARCH, "allergic to latex, which bands?", filters=filters)
    said = text(talk(a_view(band, tube), part, matching=catalog_matching))
    assert "Coil Band" not in said


@pytest.mark.parametrize(("words", "version"), [("heaviest slab weight plate?", "20 kg"), ("lightest slab weight plate you do", "5 kg")])
def test_the_version_that_is_the_extreme(words: str, version: str) -> None:
    part = a_part(
        Intent.PRODUCT_QUESTION, words, "plate", superlative=("max" if "heav" in words else "min") + ":weight", asked=("weight",),
        filters=Filters(product_ids=("plate",)),
    )  # fmt: skip
    said = text(talk(SHOP, part, matching=lambda view, filters, now: ["plate"]))
    assert f"({version})" in said
    assert ("out of stock" in said) is (version == "20 kg")


@pytest.mark.parametrize(("words", "price"), [("and the next size up?", "$20.00"), ("next one down?", "$5.00"), ("小一号的呢", "5.00")])
def test_the_size_next_to_the_one_spoken_of(shop: Talk, words: str, price: str) -> None:
    shop.ask("how much is the slab weight plate 10 kg")
    assert price in shop.says(words)


def test_there_is_no_size_beyond_the_last(shop: Talk) -> None:
    shop.ask("how much is the slab weight plate 20 kg")
    assert "$10.00" not in shop.says("and the next size up?")


def test_what_is_made_for_a_thing_does_what_it_cannot(shop: Talk) -> None:
    shop.ask("how much is the rowan stand mixer")
    assert "Meat Grinder for Rowan" in shop.says("can i grind meat with it?")
    assert "Grinder" not in shop.says("is the rowan stand mixer quiet?")


def test_half_a_size_is_none_of_the_whole_ones() -> None:
    shoes = a_product(
        "shoe", "Ridge Shoe", *(a_variant(f"S-{n}", options={"Size": f"UK {n}"}, price="70.00 USD", stock=2) for n in (9, 10, 11))
    )
    talking = Talk(a_view(shoes, MIXER))
    talking.ask("how much is the ridge shoe in uk 9")
    assert "no 10.5" in talking.says("do they do 10.5?")
