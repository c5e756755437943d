"""Reductions: those that stand in the rules alone, those that have not begun, and whether one holds for what is asked about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.answering.composer import Draft, Findings
from bot.answering.deals import over
from bot.answering.extractive import ExtractiveComposer
from bot.answering.guard import Guard
from bot.understanding.question import Intent, Memory, Part, Question
from knowledge.promotion import Promotion
from retrieval.filters import Filters
from retrieval.retriever import Evidence
from retrieval.view import ShopView
from tests.builders import NOW, a_faq, a_policy, a_product, a_view, money
from tests.unit.bot.answering.talks import NOTHING, WORDINGS, a_part, evidence, text

VIOLIN = a_product("violin", "Lark Student Violin | 云雀学生小提琴", price="400 USD", category="Strings | 弦乐器")
CELLO = a_product("cello", "Lark Cello | 云雀大提琴", price="1200 USD", sale="900 USD", category="Strings | 弦乐器")
DRUM = a_product("drum", "Thud Snare Drum | 军鼓", price="90 USD", category="Drums | 鼓")
RULES = a_view(
    VIOLIN,
    CELLO,
    DRUM,
    faq=[
        a_faq("now", "What is on offer?", "Until 1 December 2099: buy two drums and get sticks half price. No code needed."),
        a_faq("past", "Any spring sale?", "Until 1 May 2020: 20% off all drums with the code SPRING."),
        a_faq(
            "new", "A discount for new customers? | 新客有优惠吗？",
            "Use WELCOME5 for 5% off your first order over $150. It does not apply to sale items. | 新客用优惠码WELCOME5，满150元打95折，特价商品不能用。",
        ),
        a_faq("match", "Do you price match?", "Yes, within 14 days."),
        a_faq("none", "Is there a military discount?", "No, we have no discounts of 10% off for soldiers."),
    ],
    policies=[a_policy("returns.md", "returns", ("Fees", "A 15% restocking fee is kept for opened strings."))],
)  # fmt: skip
LISTED = a_view(
    VIOLIN,
    CELLO,
    DRUM,
    faq=[a_faq("codes", "Can I combine codes?", "One code an order; codes do not apply to reduced goods.")],
    promotions=[
        Promotion("BOW60", {"en": "Strings 60 off", "zh": "弦乐立减60"}, {"en": "$60 off strings from $300", "zh": "弦乐满300减60"},
                  amount_off=money("60 USD"), minimum=money("300 USD"), categories=("Strings",)),
        Promotion("XMAS", {"en": "Christmas week", "zh": "圣诞周"}, {"en": "12 % off everything", "zh": "全店88折"}, percent_off=Decimal(12),
                  starts=NOW + timedelta(days=5), ends=NOW + timedelta(days=12)),
    ],
)  # fmt: skip


def answered(view: ShopView, part: Part, found: Evidence = NOTHING, *, language: str = "en", memory: Memory | None = None) -> Draft:
    """The draft, every sentence of which gets past the guard."""
    told = Findings(
        view=view, question=Question(part.text, language, (part,)), evidence=(found,), offers=dict(view.offers), memory=memory or Memory(), now=NOW,
    )  # fmt: skip
    draft = ExtractiveComposer(WORDINGS).draft(told)
    guard = Guard(told)
    for statement in draft.statements:
        assert guard.objections(statement) == [], statement.text
    return draft


def test_what_stands_in_the_rules_alone_is_on() -> None:
    said = text(answered(RULES, a_part(Intent.PROMOTION, "any promotions?")))
    assert "half price" in said and "WELCOME5" in said
    assert "SPRING" not in said, "its day has passed"
    assert "restocking" not in said and "14 days" not in said and "soldiers" not in said


def test_the_one_that_names_what_is_asked_about_goes_alone() -> None:
    found = evidence(products=["drum"])
    wanted = a_part(Intent.PRODUCT_SEARCH, "any offers on drums?", filters=Filters(categories=("drums",)))
    said = text(answered(RULES, wanted, found))
    assert "half price" in said and "WELCOME5" not in said


@pytest.mark.parametrize(
    ("message", "product", "language", "verdict"),
    [
        ("can I use WELCOME5 on the cello?", "cello", "en", "reduced already"),
        ("can i use welcome5 for the violin", "violin", "en", "Yes, that reaches"),
        ("does the code welcome5 work on the drum?", "drum", "en", "does not reach"),
        ("大提琴能用WELCOME5吗", "cello", "zh", "已经是特价"),
    ],
)
def test_a_code_of_the_rules_is_weighed_against_the_product(message: str, product: str, language: str, verdict: str) -> None:
    part = a_part(Intent.PRODUCT_QUESTION, message, product, yes_no=True, asked=("use",))
    said = text(answered(RULES, part, language=language))
    assert verdict in said and "WELCOME5" in said


@pytest.mark.parametrize(
    ("message", "product", "language", "verdict"),
    [
        ("can I use BOW60 on the violin?", "violin", "en", "Yes, that reaches"),
        ("does the $60 off apply to the drum?", "drum", "en", "No, it does not apply to the Thud Snare Drum."),
        ("is the 60 off good for the cello?", "cello", "en", "reduced already"),
        ("小提琴能用满300减60的券吗", "violin", "zh", "可以"),
    ],
)
def test_a_promotion_is_known_by_what_it_takes_off(message: str, product: str, language: str, verdict: str) -> None:
    part = a_part(Intent.PROMOTION, message, product, yes_no=True)
    assert verdict in text(answered(LISTED, part, language=language))


@pytest.mark.parametrize(
    ("message", "product", "verdict"),
    [
        ("and does the half price apply to the violin", "violin", "No, it does not apply"),
        ("is the half price valid on the drum", "drum", "Yes, it applies"),
    ],
)
def test_a_reduction_of_the_rules_is_known_by_its_words(message: str, product: str, verdict: str) -> None:
    assert verdict in text(answered(RULES, a_part(Intent.PROMOTION, message, product)))


def test_pieces_are_no_amount() -> None:
    said = text(answered(LISTED, a_part(Intent.PROMOTION, "any promotion if I buy 350 pieces?", "drum")))
    assert "reach" not in said


def test_it_is_weighed_for_the_product_spoken_of() -> None:
    memory = Memory(focus="violin", shown=["violin"], turns=2)
    draft = answered(LISTED, a_part(Intent.PRODUCT_QUESTION, "does the 60 off apply to it", yes_no=True), memory=memory)
    assert "Yes, that reaches" in text(draft)


@pytest.mark.parametrize(("message", "language"), [("when does the christmas week start", "en"), ("圣诞周什么时候开始", "zh")])
def test_what_has_not_begun_is_told_with_its_days(message: str, language: str) -> None:
    said = text(answered(LISTED, a_part(Intent.PRODUCT_QUESTION, message), language=language))
    starts = (NOW + timedelta(days=5)).date().isoformat()
    assert starts in said and ("12 %" in said or "88折" in said)
    assert text(answered(LISTED, a_part(Intent.PROMOTION, "any promotions?"))).count("60") and "88" not in said.replace("88折", "")


def test_no_discount_is_made_up_for_whom_none_is_stated() -> None:
    said = text(answered(LISTED, a_part(Intent.PROMOTION, "is there a discount for teachers?")))
    assert said.startswith("The shop states no discount of that kind.")
    own = replace(LISTED, faq={**LISTED.faq, "t": a_faq("t", "Discount for teachers?", "Teachers get 10% off.")})
    assert "no discount" not in text(answered(own, a_part(Intent.PROMOTION, "is there a discount for teachers?"), evidence(faq=["t"])))


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("until 1 May 2026: 10% off", True), ("until december 31, 2026", False), ("valid to 2026-05-01", True), ("截止2026年5月1日", True),
        ("2027年1月1日前有效", False), ("until sold out", False), ("until 31 February 2026", False),
    ],
)  # fmt: skip
def test_a_day_that_has_passed(said: str, gone: bool) -> None:
    assert over(said, datetime(2026, 11, 22, tzinfo=UTC)) is gone


def test_what_a_reduction_leaves_out_stands_behind_it() -> None:
    offers = (
        "Winter offer",
        "10% off all strings with the code WINTER until 1 May 2099. Cellos are left out.\n\nWe are closed on Sundays.",
    )
    view = a_view(VIOLIN, CELLO, policies=[a_policy("offers.md", "other", offers)])
    said = text(answered(view, a_part(Intent.PROMOTION, "any promotions?")))
    assert "WINTER" in said and "Cellos are left out" in said
