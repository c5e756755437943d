"""Short messages after a reduction was told: until when, for what, with what; and what is no question about it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.answering.composer import Draft, Findings
from bot.answering.extractive import ExtractiveComposer
from bot.answering.guard import Guard
from bot.understanding.memory import memory_from_json, memory_json
from bot.understanding.question import Intent, Memory, Part, Question
from knowledge.promotion import Promotion
from tests.builders import NOW, a_faq, a_policy, a_product, a_view
from tests.unit.bot.answering.talks import NOTHING, WORDINGS, a_part, talk, text

VIEW = a_view(
    a_product("hive", "Tinsley Oak Hive | 橡木蜂箱", price="200 USD", category="Hives | 蜂箱"),
    a_product("smoker", "Copper Smoker | 铜烟熏器", price="60 USD", sale="45 USD", category="Tools | 工具"),
    a_product("suit", "Drone Bee Suit | 防蜂服", price="90 USD", category="Clothing | 服装", brand="Drone"),
    a_product("veil", "Linden Veil | 防蜂面纱", price="30 USD", category="Clothing | 服装", brand="Linden"),
    faq=[
        a_faq("codes", "Can codes be combined? | 优惠码能叠加吗？", "No, one code per order. | 不能，每单只能用一个优惠码。"),
        a_faq("wax", "What is on offer on wax?", "Until 3 March 2099: 2 for 1 on wax sheets."),
    ],
    policies=[a_policy("returns.md", "returns", ("Time", "You have 20 days to send it back."))],
    promotions=[
        Promotion(
            "SPRING12", {"en": "Spring week", "zh": "春季周"}, {"en": "12 % off everything, not on reduced goods", "zh": "全店88折，特价商品不参加"},
            percent_off=Decimal(12), ends=NOW + timedelta(days=9),
        ),
        Promotion("a-free-veil", {"en": "A free veil"}, {"en": "A free veil with every Drone suit"}, ends=NOW + timedelta(days=4)),
    ],
)  # fmt: skip
DAY = (NOW + timedelta(days=9) - timedelta(microseconds=1)).date().isoformat()


def after(told: list[str], part: Part, *, focus: str = "", language: str = "en") -> Draft:
    """The answer after these reductions were told, every sentence of which gets past the guard."""
    memory = memory_from_json(memory_json(Memory(promoted=told, focus=focus, shown=[focus] if focus else [], turns=2)))
    findings = Findings(
        view=VIEW, question=Question(part.text, language, (part,)), evidence=(NOTHING,), offers=dict(VIEW.offers), memory=memory, now=NOW,
    )  # fmt: skip
    draft = ExtractiveComposer(WORDINGS).draft(findings)
    guard = Guard(findings)
    for statement in draft.statements:
        assert guard.objections(statement) == [], statement.text
    return draft


@pytest.mark.parametrize(
    ("message", "language"),
    [("when does it end", "en"), ("until when?", "en"), ("how long is that on", "en"), ("到几号啊", "zh"), ("什么时候截止", "zh")],
)
def test_until_when_is_asked_of_what_was_told_though_goods_were_spoken_of_since(message: str, language: str) -> None:
    draft = after(["SPRING12"], a_part(Intent.PRODUCT_QUESTION, message), focus="hive", language=language)
    assert DAY in text(draft)


def test_until_when_of_a_reduction_in_the_rules() -> None:
    assert "3 March 2099" in text(after(["faq:wax"], a_part(Intent.UNCLEAR, "til when")))


@pytest.mark.parametrize(
    ("message", "product", "language", "said"),
    [
        ("can i use it on the smoker that is reduced already", "smoker", "en", "reduced already"),
        ("does that go for the hive as well?", "hive", "en", "Yes, it applies"),
        ("烟熏器也参加吗", "smoker", "zh", "特价"),
    ],
)
def test_whether_it_holds_for_a_product(message: str, product: str, language: str, said: str) -> None:
    assert said in text(after(["SPRING12"], a_part(Intent.PRODUCT_QUESTION, message, product, yes_no=True), language=language))


@pytest.mark.parametrize(
    ("message", "language", "said"), [("together with SPRING12?", "en", "one code per order"), ("能和别的券叠加吗", "zh", "只能用一个")]
)
def test_two_reductions_together(message: str, language: str, said: str) -> None:
    assert said in text(after(["a-free-veil"], a_part(Intent.PRODUCT_QUESTION, message), language=language))


def test_what_is_made_for_one_maker_is_not_granted_to_another() -> None:
    ask = "does the free veil offer apply to the {}?"
    assert "Yes, it applies" in text(after([], a_part(Intent.PROMOTION, ask.format("Drone suit"), "suit", yes_no=True)))
    assert "Yes" not in text(after([], a_part(Intent.PROMOTION, ask.format("hive"), "hive", yes_no=True)))


def test_a_promotion_without_a_code_is_given_none() -> None:
    said = text(after([], a_part(Intent.PROMOTION, "any promotions?")))
    assert "a-free-veil" not in said and "SPRING12" in said


@pytest.mark.parametrize(
    "part",
    [
        a_part(Intent.PRODUCT_QUESTION, "how long is it", "hive", asked=("length",)),
        a_part(Intent.PRODUCT_QUESTION, "is it waterproof", "hive", yes_no=True),
        a_part(Intent.PRICE, "how much is the hive", "hive"),
        a_part(Intent.GREETING, "hello"),
    ],
)
def test_what_asks_of_goods_is_no_question_about_the_reduction(part: Part) -> None:
    assert "12 %" not in text(after(["SPRING12"], part))


def test_what_was_told_is_kept_until_another_rule_is() -> None:
    told = after([], a_part(Intent.PROMOTION, "any promotions?")).memory
    assert told is not None and "SPRING12" in told.promoted
    kept = after(told.promoted, a_part(Intent.PRICE, "how much is the hive", "hive")).memory
    assert kept is not None and kept.promoted == told.promoted


@pytest.mark.parametrize("message", ["when is it time to change your oil", "when does your bank open on your street"])
def test_a_little_word_of_a_title_names_no_promotion(message: str) -> None:
    view = a_view(promotions=[Promotion("FIRST", {"en": "10 % off your first order"}, {"en": "10 % off your first order over $40."})])
    assert "first order" not in text(talk(view, a_part(Intent.OUT_OF_SCOPE, message)))
