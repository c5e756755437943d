"""What goes with a product, what is like one that is gone, and what the shop's trade is called."""

import pytest

from bot.understanding.purposes import asks_for_company
from bot.understanding.question import Intent, Memory
from bot.understanding.understand import Understanding
from tests.builders import a_product, a_variant, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk, text

RUG = a_product("rug", "Atlas Wool Rug", category="Rugs")
OTHER = a_product("other", "Tide Washable Rug", category="Rugs")
PAD = a_product("pad", "Non-Slip Rug Pad", category="Rugs", price="29.00 USD")
LAMP = a_product("lamp", "Luma Floor Lamp", category="Lighting")
DRESS = a_product("dress", "Flower Dress | 碎花连衣裙", a_variant("DRESS-S", stock=0), category="Skirts")
SKIRT = a_product("skirt", "Pleated Skirt | 百褶裙", category="Skirts")
SHOP = a_view(RUG, OTHER, PAD, LAMP, DRESS, SKIRT)


@pytest.mark.parametrize(
    ("text_", "company"),
    [
        ("what goes with the atlas rug?", True), ("what can I add to the train set", True), ("what should i wear with this shirt", True),
        ("这件衬衫怎么搭", True), ("something similar to it", False), ("how much is the rug", False), ("when can I add my name to the list", False),
    ],
)  # fmt: skip
def test_who_asks_for_something_to_go_with_it(text_: str, company: bool) -> None:
    assert asks_for_company(text_) is company


def test_what_is_made_for_such_a_thing_goes_with_it() -> None:
    part = a_part(Intent.RECOMMEND, "what goes with the atlas rug", "rug")
    said = text(talk(SHOP, part, evidence(products=["pad", "other", "lamp"])))
    assert "Rug Pad" in said and "Tide" not in said


def test_without_a_word_of_the_merchant_other_departments_are_a_suggestion() -> None:
    part = a_part(Intent.RECOMMEND, "what goes well with the flower dress", "dress")
    said = text(talk(SHOP, part, evidence(products=["skirt", "lamp"])))
    assert "names nothing" in said and "Luma" in said and "Pleated" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_gone_is_said_before_what_is_like_it(language: str) -> None:
    part = a_part(Intent.RECOMMEND, "有没有类似的" if language == "zh" else "anything similar?", "dress")
    said = text(talk(SHOP, part, evidence(products=["skirt"]), language=language))
    assert ("缺货" if language == "zh" else "out of stock") in said


def test_nothing_of_its_own_kind_is_looked_for_to_go_with_it() -> None:
    (part,) = Understanding().understand("what goes with the atlas wool rug", Memory(), SHOP).parts
    assert set(part.filters.not_product_ids) == {"rug", "other"} and not part.filters.categories


def test_what_says_that_it_goes_with_it_does_so_in_the_same_category() -> None:
    kitchen, fruit = a_product("kitchen", "Little Chef Play Kitchen", category="Play"), a_product("doll", "Rag Doll", category="Play")
    food = a_product("food", "Cutting Fruit", category="Play", description="Goes with the Little Chef Play Kitchen.")
    part = a_part(Intent.RECOMMEND, "what goes with the play kitchen", "kitchen")
    said = text(talk(a_view(kitchen, fruit, food), part, evidence(products=["doll", "food"])))
    assert "Cutting Fruit" in said and "Rag Doll" not in said
