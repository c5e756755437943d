"""After a short list: what is asked of the few shown is said of each, and what comes with what was spoken of is no search for that thing."""

import pytest

from bot.understanding.followups import wants_more
from bot.understanding.question import Intent, Subject
from bot.understanding.references import comes_with
from retrieval.view import ShopView
from tests.builders import a_faq, a_product, a_shop, a_variant, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk
from tests.unit.bot.answering.talks import text as said_in
from tests.unit.bot.answering.test_conversations import Talk

TENT = a_product(
    "tent",
    "雁山双人帐篷",
    price="399 CNY",
    stock=5,
    category="帐篷",
    description="不含防潮垫。附地钉十二根。",
    attributes={"重量": "2.1kg"},
)
BIG = a_product("big", "雁山四人帐篷", price="699 CNY", stock=3, category="帐篷", description="两片装地布。", attributes={"重量": "4.3kg"})
MAT = a_product("mat", "雁山防潮垫", price="89 CNY", stock=9, category="垫子")
BREWER = a_product(
    "brewer",
    "Larkfield Filter Coffee Maker",
    a_variant("LFM", price="89 EUR", stock=4),
    description="Makes ten cups. No built-in grinder.",
    category="Coffee makers",
)
GRINDER = a_product("grinder", "Larkfield Burr Grinder", price="59 EUR", stock=4, category="Grinders")
TENTS = a_view(TENT, BIG, MAT, shop=a_shop())
COFFEE = a_view(BREWER, GRINDER, shop=a_shop())


def says(view: ShopView, *turns: str) -> str:
    conversation = Talk(view)
    *before, last = turns
    for words in before:
        conversation.ask(words)
    return conversation.says(last)


@pytest.mark.parametrize("text", ["多重", "几斤啊"])
def test_a_property_of_the_few_shown_is_said_of_each(text: str) -> None:
    said = says(TENTS, "雁山双人帐篷和雁山四人帐篷多少钱", text)
    assert "2.1" in said
    assert "4.3" in said


def test_none_of_the_few_shown_states_it() -> None:
    said = says(TENTS, "雁山双人帐篷和雁山四人帐篷多少钱", "防水吗")
    assert "没有写明" in said or "未写明" in said


@pytest.mark.parametrize("text", ["送防潮垫吗", "自带防潮垫不", "带防潮垫吗", "送不送防潮垫"])
def test_what_comes_with_it_though_the_shop_sells_such_things(text: str) -> None:
    said = says(TENTS, "雁山双人帐篷多少钱", text)
    assert "不含防潮垫" in said
    assert "89" not in said


@pytest.mark.parametrize("text", ["is a grinder included?", "grinder included?"])
def test_what_is_included(text: str) -> None:
    assert "No built-in grinder" in says(COFFEE, "how much is the filter coffee maker", text)


KIBBLE = a_product(
    "kibble",
    "山麓鲜肉犬粮",
    a_variant("K-2", options={"规格": "2kg"}, price="89 CNY", stock=5),
    a_variant("K-10", options={"规格": "10kg"}, price="329 CNY", stock=0),
    category="犬粮",
)
LITTER = a_product("litter", "山麓猫砂 10kg装", price="49 CNY", stock=9, category="猫砂")
PETS = a_view(KIBBLE, LITTER, shop=a_shop())


@pytest.mark.parametrize("text", ["10kg装的有吗", "10kg的还有没有", "那10kg的有货吗"])
def test_an_amount_and_whether_there_is_one_stays_with_what_was_spoken_of(text: str) -> None:
    said = says(PETS, "山麓鲜肉犬粮2kg的多少钱", text)
    assert "犬粮" in said
    assert "缺货" in said
    assert "猫砂" not in said


@pytest.mark.parametrize("text", ["黑色还有吗", "大号的还有吗", "草莓味还有吗"])
def test_whether_there_is_any_left_asks_for_no_others(text: str) -> None:
    assert not wants_more(text)
    assert wants_more("还有吗")
    assert wants_more("还有别的吗")


@pytest.mark.parametrize(
    "text",
    ["送上海吗", "送货吗", "送人合适吗", "送女朋友好不好", "带盖的有吗", "送到家吗", "带娃能用吗", "is delivery included?", "送去学校行吗"],
)
def test_sending_and_giving_are_other_matters(text: str) -> None:
    assert comes_with(text) == ""


QUILT = a_product(
    "quilt",
    "江岸桑蚕丝被",
    price="599 CNY",
    stock=5,
    category="被子",
    description="手工拉网。",
    attributes={"净重": "1.5kg", "产地": "桐乡"},
)
WASHING = a_faq("washing", "桑蚕丝被能洗吗？", "不能水洗，脏了送专业干洗。")
BEDS = a_view(QUILT, faq=(WASHING,), shop=a_shop())


def test_a_rule_about_the_product_says_nothing_of_its_weight() -> None:
    told = draft_of(BEDS, "几斤的", WASHING.id, asked=("weight",))
    assert "干洗" not in told
    assert "干洗" in draft_of(BEDS, "能水洗吗", WASHING.id, asked=())


def draft_of(view: ShopView, text: str, faq: str, *, asked: tuple[str, ...]) -> str:
    part = a_part(Intent.PRODUCT_QUESTION, text, Subject("quilt", None, True, "carried"), asked=asked, certainty=0.9)
    return said_in(talk(view, part, evidence(faq=[faq]), language="zh"))
