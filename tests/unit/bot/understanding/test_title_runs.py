"""Products named by a few neighbouring words of their titles, and what a message is about when another title's words stand in it."""

import pytest

from bot.understanding.question import Intent, Memory, Part
from bot.understanding.shop_words import words_of
from bot.understanding.subjects import find
from bot.understanding.understand import Understanding
from retrieval.view import ShopView
from tests.builders import a_product, a_shop, a_variant, a_view


def shop() -> ShopView:
    sizes = [a_variant(f"HUT-{s}", options={"Size": f"{s} 60×40 cm"}, price="90 USD") for s in ("S", "M", "L")]
    phones = [
        a_variant(f"N4-{c}{n}", options={"颜色": c, "容量": f"{n}GB"}, price=f"{n}0 USD") for c in ("黑色", "白色") for n in (128, 256)
    ]
    pro = [a_variant(f"N4P-{n}", options={"颜色": "黑色", "容量": f"{n}GB"}, price=f"{n}0 USD") for n in (256, 512)]
    return a_view(
        a_product(
            "nova", "Nova 40 Cordless Drill", a_variant("NV-R", options={"Colour": "Red"}), a_variant("NV-B", options={"Colour": "Blue"})
        ),
        a_product("bits", "Nova 40 Replacement Bit Set"),
        a_product("tern-5", "Tern 5 Folding Bike"),
        a_product("tern-8", "Tern 8 Folding Bike"),
        a_product("fox", "Fox Lantern"),
        a_product("fox-xl", "Fox XL Lantern"),
        a_product("n4", "北辰 N4 手机", *phones, brand="北辰"),
        a_product("n4-pro", "北辰 N4 Pro 手机", *pro, brand="北辰"),
        a_product("mic", "声驰 领夹麦克风"),
        a_product("tea", "银针 白茶"),
        a_product("pot", "玻璃煮茶壶"),
        a_product("hut", "Dog Hut | 狗窝", *sizes),
        a_product("mini", "灵雀 Mini 投影仪"),
        shop=a_shop(),
    )


@pytest.mark.parametrize(
    ("text", "product", "sku"),
    [
        ("Is the Nova 40 in blue in stock?", "nova", "NV-B"),
        ("nova40 weight", "nova", None),
        ("do the tern 8 bikes fold flat", "tern-8", None),
        ("how bright is the fox xl", "fox-xl", None),
        ("灵雀mini多少錢", "mini", None),
        ("n4pro 512有货吗", "n4-pro", "N4P-512"),
        ("北辰 N4 白色 256", "n4", "N4-白色256"),
        ("dog hut in M", "hut", "HUT-M"),
    ],
)
def test_neighbouring_words_name_a_product(text: str, product: str, sku: str | None) -> None:
    view = shop()
    (subject,) = find(text, view, words_of(view)).subjects
    assert (subject.product_id, subject.sku, subject.certain) == (product, sku, True)


@pytest.mark.parametrize("text", ["40 cm wide", "is 8 pieces the minimum?", "a folding bike", "手机", "something red for 40 dollars"])
def test_an_amount_or_a_kind_names_none(text: str) -> None:
    view = shop()
    assert not [s for s in find(text, view, words_of(view)).subjects if s.certain]


def read(text: str, memory: Memory) -> Part:
    return Understanding().understand(text, memory, shop()).parts[-1]


def spoken_of(product: str, sku: str = "", intent: Intent = Intent.PRICE) -> Memory:
    return Memory(shown=[product], focus=product, focus_sku=sku, last_intent=intent.value, turns=1)


@pytest.mark.parametrize(
    ("text", "product", "intent", "sku"),
    [
        ("它自带麦克风吗?", "n4", Intent.PRODUCT_QUESTION, None),
        ("256的白色有货吗", "n4", Intent.AVAILABILITY, "N4-白色256"),
        ("白色有现货没", "n4", Intent.AVAILABILITY, None),
    ],
)
def test_it_stays_what_was_spoken_of(text: str, product: str, intent: Intent, sku: str | None) -> None:
    part = read(text, spoken_of("n4"))
    (subject,) = part.subjects
    assert (subject.product_id, part.intent, subject.sku) == (product, intent, sku)


@pytest.mark.parametrize("text", ["可以用玻璃煮茶壶吗", "适合玻璃煮茶壶吗"])
def test_what_goes_with_it_is_not_what_is_asked_about(text: str) -> None:
    (subject,) = read(text, spoken_of("tea")).subjects
    assert subject.product_id == "tea"


def test_set_beside_what_was_spoken_of() -> None:
    part = read("和N4 Pro比哪个贵", spoken_of("n4"))
    assert [s.product_id for s in part.subjects] == ["n4", "n4-pro"]


def test_one_of_those_shown_by_a_word_or_an_option_of_its_own() -> None:
    memory = Memory(shown=["n4", "n4-pro"], last_intent=Intent.COMPARE.value, turns=1)
    assert [s.product_id for s in read("pro多重", memory).subjects] == ["n4-pro"]
    (subject,) = read("512的多少钱", memory).subjects
    assert (subject.product_id, subject.sku) == ("n4-pro", "N4P-512")


def test_a_correction_names_another_size() -> None:
    part = read("打错了，是L号", spoken_of("hut", "HUT-M"))
    assert [(s.product_id, s.sku) for s in part.subjects] == [("hut", "HUT-L")]
    assert part.intent is Intent.PRICE
