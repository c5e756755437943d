"""Which size is for an amount, by options and by sentences."""

import pytest

from bot.understanding.question import Intent, Memory
from tests.builders import a_faq, a_policy, a_product, a_variant, a_view
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


GUIDE = a_policy(
    "sizes.md",
    "other",
    ("Shoes", "EU: US men, US women, foot length\n37: –, 6.5, 23.5 cm\n40: 7, 9, 25.0 cm\n41: 8, 9.5, 26.0 cm\n42: 9, –, 26.5 cm"),
    ("Women's clothes", "height, weight\nS: 155–162 cm, 45–52 kg\nM: 160–168 cm, 52–60 kg\nL: 165–173 cm, 60–68 kg"),
    ("Men's clothes", "height, weight\nM: 165–172 cm, 55–65 kg\nL: 170–178 cm, 65–75 kg\nXL: 175–183 cm, 75–85 kg"),
)
HOOD = a_faq(
    "hood", "How do I choose a riding hood? | 骑马帽怎么选？", "Around the head: S 50–54 cm, M 55–58 cm. | 头围：S 50–54cm，M 55–58cm。"
)
BOOT = a_product(
    "boot",
    "Ridge Boots | 山脊靴",
    a_variant("BOOT-41", options={"Size": "41"}, stock=3),
    a_variant("BOOT-42", options={"Size": "42"}, stock=0),
    category="Shoes",
    description="Take one size up for thick socks.",
)
SHIRT = a_product(
    "shirt", "Women's Shirt | 女士衬衫", a_variant("SHIRT-S", options={"Size": "S"}), a_variant("SHIRT-M", options={"Size": "M"}, stock=7)
)
COAT = a_product("coat", "Men's Coat", a_variant("COAT-L", options={"Size": "L"}), a_variant("COAT-XL", options={"Size": "XL"}, stock=2))
CAP = a_product("cap", "Riding Hood", a_variant("CAP-S", options={"Size": "S"}), a_variant("CAP-M", options={"Size": "M"}))
CHARTED = a_view(BOOT, SHIRT, COAT, CAP, faq=[HOOD], policies=[GUIDE])
BARE = a_view(BOOT, SHIRT)


@pytest.mark.parametrize(
    ("words", "focus", "says"),
    [
        ("I'm US men 9, which EU size is that?", "boot", ["EU 42", "out of stock"]),
        ("do you have it in US 8?", "boot", ["EU 41", "only 3 are left"]),
        ("my foot is 25.7 cm, which size?", "boot", ["between", "EU 41"]),
        ("what size for 180 cm and 80 kg?", "coat", ["XL", "175–183 cm", "only 2 are left"]),
        ("165 cm and 57 kg, what size?", "shirt", ["that is M", "160–168 cm"]),
        ("his head is 51 cm, will it fit?", "cap", ["S 50–54 cm"]),
        ("what size is he at 176 cm and 70 kg?", "", ["Men's clothes", "L", "170–178 cm"]),
        ("do they run small?", "boot", ["one size up"]),
    ],
)
def test_the_shops_chart_names_the_size(words: str, focus: str, says: list[str]) -> None:
    draft = talk(CHARTED, a_part(Intent.PRODUCT_QUESTION, words), evidence(), memory=Memory(focus=focus))
    assert all(said in text(draft) for said in says), text(draft)
    assert "rule of thumb" not in text(draft)
    assert all(statement.quoted for statement in draft.statements)


def test_a_body_outside_the_chart_gets_no_size() -> None:
    said = text(talk(CHARTED, a_part(Intent.PRODUCT_QUESTION, "what size for 199 cm?"), evidence(), memory=Memory(focus="coat")))
    assert "no size for that" in said and "165–172 cm" in said


def test_measures_that_point_to_two_sizes_are_both_said() -> None:
    said = text(talk(CHARTED, a_part(Intent.PRODUCT_QUESTION, "what size for 172 cm and 84 kg?"), evidence(), memory=Memory(focus="coat")))
    assert "L" in said and "XL" in said


@pytest.mark.parametrize(
    ("words", "focus", "size"),
    [
        ("US men 9 in EU?", "boot", "EU 42"),
        ("脚长24cm穿几码", "boot", "EU 38"),
        ("鞋子欧码42是美码多少", "", "US 9"),
        ("UK 8 is which EU shoe size?", "", "EU 42"),
    ],
)
def test_without_a_chart_the_standard_is_a_rule_of_thumb(words: str, focus: str, size: str) -> None:
    language = "zh" if "码" in words else "en"
    draft = talk(BARE, a_part(Intent.PRODUCT_QUESTION, words), evidence(), language=language, memory=Memory(focus=focus))
    assert size in text(draft)
    assert ("rule of thumb" if language == "en" else "大约") in text(draft)
    assert {c.kind for s in draft.statements for c in s.citations} == {"standard"}


@pytest.mark.parametrize(("words", "focus"), [("which size for 180 cm and 80 kg?", "shirt"), ("is a US 9 which EU size?", "shirt")])
def test_clothes_are_not_converted_without_a_chart(words: str, focus: str) -> None:
    draft = talk(BARE, a_part(Intent.PRODUCT_QUESTION, words), evidence(), memory=Memory(focus=focus))
    assert "rule of thumb" not in text(draft) and "size guide" not in text(draft)


def test_the_size_found_is_the_one_meant_next() -> None:
    said = text(
        talk(
            CHARTED, a_part(Intent.PRODUCT_QUESTION, "do you have that size?"), evidence(), memory=Memory(focus="boot", focus_sku="BOOT-42")
        )
    )
    assert "(42) is out of stock" in said and "41" in said
