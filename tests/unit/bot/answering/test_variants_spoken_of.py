"""Variants told by their options, turn after turn, in shops of several trades whose sizes are written in many ways."""

import itertools

import pytest

from bot.answering.answer import Outcome
from bot.understanding.question import Intent, Memory, Subject
from bot.understanding.understand import Understanding
from retrieval.retriever import Sort
from retrieval.view import ShopView
from tests.builders import a_product, a_shop, a_variant, a_view
from tests.unit.bot.answering.talks import a_part, evidence
from tests.unit.bot.answering.talks import talk as talk_once
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
SADDLE_W = a_product("saddle-w", "Kestrel Women's Saddle | 红隼女士坐垫", price="59.00 USD", stock=3, category="Saddles | 坐垫")
SADDLE_M = a_product("saddle-m", "Kestrel Men's Saddle | 红隼男士坐垫", price="64.00 USD", stock=0, category="Saddles | 坐垫")
BED = a_product(
    "sheet",
    "Linen Sheet | 亚麻床单",
    a_variant("SHE-G15", options={"颜色": "灰色", "规格": "150×200 cm"}, price="199.00 CNY", stock=2),
    a_variant("SHE-G18", options={"颜色": "灰色", "规格": "180×220 cm"}, price="239.00 CNY", stock=1),
    a_variant("SHE-W18", options={"颜色": "白色", "规格": "180×220 cm"}, price="249.00 CNY", stock=0),
    category="Bedding | 床品",
)
SOFA = a_product("sofa", "Harbor Corner 3-Seater", price="2199.00 USD", stock=2, category="Sofas | 沙发", attributes={"Width": "264 cm"})
BENCH = a_product("bench", "Linden Settle", price="1299.00 USD", stock=2, category="Sofas | 沙发", attributes={"Width": "212 cm"})
SHOP = a_view(RUNNER, RUG, LAMP, SADDLE_W, SADDLE_M, BED, SOFA, BENCH, shop=a_shop())


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


@pytest.mark.parametrize(
    ("turns", "held"),
    [
        (("tell me about the Dune Rug", "5x8 in blue?"), "149.00"),
        (("how much is the Dune Rug?", "the 5 by 8 in blue"), "149.00"),
        (("how much is the Dune Rug?", "blue 5' x 8'?"), "149.00"),
        (("亚麻床单多少钱", "1.5米*2米的灰色呢"), "199"),
        (("亚麻床单多少钱", "灰色180x220"), "239"),
    ],
)  # fmt: skip
def test_a_size_of_two_sides_is_told_in_any_spelling(turns: tuple[str, ...], held: str) -> None:
    said = says(*turns)
    assert held in said
    assert sum(price in said for price in ("$89", "$99", "$139", "$149", "¥199", "¥239", "¥249")) == 1


def test_a_size_of_two_sides_that_there_is_not() -> None:
    said = says("how much is the Dune Rug?", "8x10 in blue?")
    assert "8x10" in said
    assert "149.00" not in said or "99.00" in said


@pytest.mark.parametrize("text", ["grey in that size?", "and grey in the same size", "那同样尺码灰色的呢"])
def test_that_size_is_the_one_spoken_of(text: str) -> None:
    said = says("is the Dune Rug in stock in blue 5x8?", text)
    assert "Grey · 5 x 8 ft" in said
    assert "4 x 6" not in said.split("\n")[0]


def test_a_colour_that_is_gone_is_said_with_its_price() -> None:
    said = says("how much is the Ember Lantern in red?", "what about blue")
    assert "35.00" in said
    assert "out of stock" in said


@pytest.mark.parametrize(
    ("first", "then", "held"),
    [
        ("how much is the Kestrel Women's Saddle?", "and the men's?", "64.00"),
        ("how much is the Kestrel Women's Saddle?", "no, I meant the men's one", "64.00"),
        ("红隼男士坐垫多少钱", "女款呢", "59.00"),
        ("how much is the Kestrel saddle?", "I meant the women's", "59.00"),
        ("红隼坐垫多少钱", "我说的是男款", "64.00"),
    ],
)  # fmt: skip
def test_for_whom_it_is_chooses_within_a_line(first: str, then: str, held: str) -> None:
    said = says(first, then)
    assert held in said
    assert ("59.00" in said) != ("64.00" in said)


@pytest.mark.parametrize("text", ["how much is the men's Kestrel saddle", "红隼男款坐垫多少钱"])
def test_what_is_for_others_is_not_meant(text: str) -> None:
    said = says(text)
    assert "64.00" in said
    assert "59.00" not in said


def test_two_named_by_a_word_each_are_set_beside_each_other() -> None:
    assert "264 cm" in (said := says("which is wider, linden or harbor?"))
    assert "212 cm" in said


def test_a_difference_is_to_the_other_of_two() -> None:
    said = says("which is wider, linden or harbor?", "whats the price diff if i take the linden")
    assert "900.00" in said
    assert "the Harbor Corner 3-Seater" in said


def test_the_kind_of_a_thing_counts_for_it_though_its_title_leaves_it_out() -> None:
    assert "2199.00" in says("how much is the harbor sofa")


@pytest.mark.parametrize(
    ("sort", "asked", "text"),
    [(Sort.PRICE_DESC, "sofa", "what is the most expensive sofa?"), (Sort.PRICE_DESC, "sofa", "最贵的沙发是哪个"), (Sort.PRICE_ASC, "bench", "cheapest sofa?")],
)  # fmt: skip
def test_it_is_the_head_of_an_order(sort: Sort, asked: str, text: str) -> None:
    ids = ["sofa", "bench"] if sort is Sort.PRICE_DESC else ["bench", "sofa"]
    draft = talk_once(SHOP, a_part(Intent.PRODUCT_SEARCH, text, sort=sort), evidence(products=ids))
    assert draft.memory.shown == ids
    assert draft.memory.focus == asked


def test_of_several_asked_for_none_is_it() -> None:
    part = a_part(Intent.PRODUCT_SEARCH, "your two cheapest ones", sort=Sort.PRICE_ASC, count=2)
    assert talk_once(SHOP, part, evidence(products=["bench", "sofa"])).memory.focus == ""


def test_more_about_one_pointed_at() -> None:
    memory = Memory(shown=["bench", "sofa"], last_intent="product_search", search="sofas")
    (part,) = Understanding().understand("tell me more about the second one", memory, SHOP).parts
    assert part.intent is Intent.PRODUCT_QUESTION
    assert [s.product_id for s in part.subjects] == ["sofa"]


def test_a_long_question_that_names_nothing_is_about_what_was_spoken_of() -> None:
    said = says("how much is the Swift Trail Runner?", "my feet are rather wide and I walk a lot, is the 39 in black available?")
    assert "39 · 黑色 Black" in said


@pytest.mark.parametrize(
    ("turns", "total"),
    [
        (("how much are the Linden Settle and the Kestrel Men's Saddle together?",), "$1363.00"),
        (("how much is the Linden Settle?", "what's that together with the men's Kestrel saddle?"), "$1363.00"),
        (("红隼男士坐垫和红隼女士坐垫一起买多少钱",), "$123.00"),
        (("红隼男士坐垫多少钱", "加上红隼女士坐垫一共多少钱"), "$123.00"),
    ],
)  # fmt: skip
def test_several_things_have_a_sum(turns: tuple[str, ...], total: str) -> None:
    assert total in says(*turns)


def test_no_sum_where_a_price_is_open() -> None:
    said = says("how much are the Dune Rug and the Linden Settle together?")
    assert "1299.00" in said
    assert "together" not in said


def test_a_property_with_an_extreme_in_its_name_is_no_superlative() -> None:
    (part,) = Understanding().understand("红隼男士坐垫最大承重多少公斤", Memory(), SHOP).parts
    assert [s.product_id for s in part.subjects] == ["saddle-m"]
    assert part.asked == ("最大承重",)


@pytest.mark.parametrize("text", ["which color is cheaper and how much", "which size is cheaper?", "哪个颜色便宜"])
def test_which_variant_is_cheaper_is_told_with_their_prices(text: str) -> None:
    said = says("tell me about the Dune Rug", text)
    assert "$89.00" in said
    assert "$149.00" in said


def test_what_comes_with_it_is_asked_of_it_though_the_shop_sells_such_things() -> None:
    memory = Memory(focus="runner", shown=["runner"], last_intent="product_question")
    (part,) = Understanding().understand("are lamps included?", memory, SHOP).parts
    assert [s.product_id for s in part.subjects] == ["runner"]


@pytest.mark.parametrize("text", ["有便宜点的沙发吗", "do you have a cheaper sofa?"])
def test_cheaper_ones_are_looked_for(text: str) -> None:
    memory = Memory(focus="runner", shown=["runner"], last_intent="price")
    (part,) = Understanding().understand(text, memory, SHOP).parts
    assert part.intent is Intent.PRODUCT_SEARCH


class _Guessing:
    """Finds the lamp in whatever is said."""

    def named(self, text: str, view: ShopView, *, surely: bool = False) -> tuple[Subject, ...]:
        return (Subject("lamp", None, True, "likeness"),)


def test_a_number_in_the_list_goes_before_a_guess_across_languages() -> None:
    memory = Memory(shown=["bench", "sofa"], last_intent="product_search")
    (part,) = Understanding(across=_Guessing()).understand("第二个要多久", memory, SHOP).parts  # type: ignore[arg-type]
    assert [s.product_id for s in part.subjects] == ["sofa"]
