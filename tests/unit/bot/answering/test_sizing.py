"""Which size is for an amount, by options and by sentences."""

import pytest

from bot.understanding.question import Intent, Memory
from tests.builders import a_product, a_variant, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk, text

BED = a_product(
    "bed",
    "Winter Bed | 冬季狗窝",
    a_variant("BED-M", options={"规格": "M"}),
    a_variant("BED-L", options={"规格": "L"}),
    description="可拆洗，M适合10kg以内，L适合25kg以内。",
)
BONE = a_product(
    "bone",
    "Dental Bone",
    a_variant("BONE-S", options={"Size": "S up to 10 kg"}),
    a_variant("BONE-M", options={"Size": "M 10-25 kg"}),
    a_variant("BONE-L", options={"Size": "L over 25 kg"}),
)
SHOP = a_view(BED, BONE)


@pytest.mark.parametrize(
    ("words", "focus", "sku"),
    [
        ("我家柯基12kg要哪个号", "bed", "BED-L"),
        ("8公斤的猫用什么码", "bed", "BED-M"),
        ("which size for a 12 kg dog?", "bone", "BONE-M"),
        ("what size do i need, she weighs 60 lbs", "bone", "BONE-L"),
    ],
)
def test_the_size_for_an_amount(words: str, focus: str, sku: str) -> None:
    draft = talk(SHOP, a_part(Intent.UNCLEAR, words), evidence(), language="en", memory=Memory(focus=focus))
    assert draft.product_skus == (sku,)


@pytest.mark.parametrize(
    ("words", "focus"), [("which size for a 40 kg dog?", "bed"), ("which size is the red one?", "bone"), ("which size for 12 kg?", "")]
)
def test_no_size_is_guessed(words: str, focus: str) -> None:
    said = text(talk(SHOP, a_part(Intent.UNCLEAR, words), evidence(), memory=Memory(focus=focus)))
    assert "writes" not in said


@pytest.mark.parametrize(("words", "asked"), [("how tall is it?", "height"), ("它多大", "dimensions")])
def test_a_length_in_an_option_that_says_no_more(words: str, asked: str) -> None:
    post = a_product("post", "Sisal Post", a_variant("POST", options={"规格": "高60cm"}), description="Base 40 x 40 cm.")
    assert "60cm" in text(talk(a_view(post), a_part(Intent.PRODUCT_QUESTION, words, "post", asked=(asked,)), evidence()))
