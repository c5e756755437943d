"""What people leave out when they type on a phone: the option, the thing that is compared, until when, what comes with it."""

import pytest

from bot.answering.answer import Outcome
from bot.understanding.amounts import price_limits
from bot.understanding.question import Intent, Subject
from knowledge.money import Money
from knowledge.promotion import Promotion
from retrieval.retriever import Evidence
from retrieval.view import ShopView
from tests.builders import a_faq, a_product, a_shop, a_variant, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk
from tests.unit.bot.answering.test_conversations import Talk

POT = a_product(
    "pot",
    "青山养生壶",
    a_variant("POT-W", options={"颜色": "奶白"}, price="199 CNY", stock=6),
    a_variant("POT-G", options={"颜色": "抹茶绿"}, price="199 CNY", stock=0),
    description="可定时。不含滤网。附一本食谱。",
    category="养生壶",
    attributes={"材质": "高硼硅玻璃"},
)
OTHER = a_product("other", "青山养生壶 Lite", price="149 CNY", stock=9, category="养生壶")
DEAR = a_product("dear", "云泽银壶", price="2999 CNY", stock=3, category="养生壶")
RICE = a_product(
    "rice",
    "五常大米",
    a_variant("R-5", options={"规格": "5kg袋装"}, price="69 CNY", stock=4),
    a_variant("R-10", options={"规格": "10kg袋装"}, price="129 CNY", stock=4),
    category="米面",
)
WAITING = a_faq("waiting", "缺货的什么时候到货？", "可以点到货提醒，具体时间说不准。")
SALE = Promotion("BIG50", {"zh": "全店满减"}, {"zh": "全店满300元减50元"}, minimum=Money(30000, "CNY"), amount_off=Money(5000, "CNY"))
SHOP = a_view(POT, OTHER, DEAR, RICE, faq=(WAITING,), promotions=(SALE,), shop=a_shop())


def says(*turns: str, view: ShopView = SHOP) -> str:
    conversation = Talk(view)
    *before, last = turns
    for words in before:
        conversation.ask(words)
    return conversation.says(last)


def test_a_shade_alone_asks_whether_there_is_one_after_what_all_are_made_of() -> None:
    said = says("青山养生壶 奶白的多少钱", "是什么材质的", "绿色")
    assert "抹茶绿" in said
    assert "缺货" in said


@pytest.mark.parametrize("text", ["比lite那款贵多少", "比lite贵几块"])
def test_the_one_compared_with_is_of_the_same_kind(text: str) -> None:
    assert "50" in says("青山养生壶奶白的多少钱", text)


@pytest.mark.parametrize("text", ["带滤网吗", "送滤网不", "含网吗"])
def test_what_does_not_come_with_it(text: str) -> None:
    said = says("青山养生壶多少钱", text)
    assert "不含滤网" in said
    assert "没有写明" not in said


def test_what_is_like_it_costs_about_as_much() -> None:
    said = says("青山养生壶抹茶绿的有货吗", "有没有差不多的")
    assert "Lite" in said
    assert "银壶" not in said


@pytest.mark.parametrize("text", ["到几号结束", "啥时候截止", "until when?"])
def test_until_when_what_is_on_counts(text: str) -> None:
    conversation = Talk(SHOP)
    conversation.ask("最近有什么活动")
    assert conversation.ask(text).outcome is Outcome.ANSWERED


def test_the_figure_of_a_size_pointed_at() -> None:
    assert "129" in says("五常大米有哪些规格", "就10那个 多少钱")


def evidence_of_waiting() -> Evidence:
    return evidence(faq=["waiting"])


@pytest.mark.parametrize("text", ["啥时候补货", "绿的什么时候有货", "多久到货啊"])
def test_when_it_is_back_is_the_shops_own_word(text: str) -> None:
    part = a_part(Intent.AVAILABILITY, text, Subject("pot", "POT-G", True, "carried"))
    draft = talk(SHOP, part, evidence_of_waiting(), language="zh")
    said = "".join(s.text for s in draft.statements)
    assert "到货提醒" in said
    assert "缺货" in said


def test_whether_it_is_there_is_no_question_about_waiting() -> None:
    part = a_part(Intent.AVAILABILITY, "绿的有货吗", Subject("pot", "POT-G", True, "carried"))
    assert "到货提醒" not in "".join(s.text for s in talk(SHOP, part, evidence_of_waiting(), language="zh").statements)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("一千出头的壶", 1000, 1300), ("预算加到400吧", None, 400), ("手机手表一块充的那种", None, None), ("一块钱的糖", 0.8, 1.2)],
)
def test_amounts_as_they_are_said(text: str, low: float | None, high: float | None) -> None:
    limits = price_limits(text, "CNY")
    assert (float(limits.low) if limits.low else None, float(limits.high) if limits.high else None) == (low, high)
