from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Answer, Citation, Engine, Handoff, HandoffReason, Outcome, ProductCard
from bot.answering.answer_json import answer_from_json, answer_json, named
from knowledge.money import Money

AS_OF = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
moneys = st.builds(Money, st.integers(0, 10**9), st.sampled_from(["USD", "JPY", "KWD"]))


def a_card(price: Money | None = None, list_price: Money | None = None) -> ProductCard:
    return ProductCard("BP-22", "bp", "Backpack", "Black", price, list_price, None, 3, "low", AS_OF, 4.5, "/p", "p.svg")


def test_prices_are_decimal_text_in_major_units() -> None:
    card = a_card(Money(6999, "USD"), Money(7990, "USD"))
    data = answer_json(Answer("x", "en", Outcome.ANSWERED, ("price",), products=(card,)))
    product = data["products"][0]  # type: ignore[index]
    assert (product["price"], product["list_price"], product["currency"]) == ("69.99", "79.90", "USD")
    assert product["as_of"] == "2026-03-01T12:00:00Z"


def test_the_first_intent_is_the_intent_and_none_is_unclear() -> None:
    assert answer_json(Answer("x", "en", Outcome.ANSWERED, ("price", "policy")))["intent"] == "price"
    assert answer_json(Answer("", "en", Outcome.HANDED_OFF, ()))["intents"] == ["unclear"]


def test_a_stored_answer_is_named_without_being_changed() -> None:
    stored = answer_json(Answer("x", "en", Outcome.ANSWERED, ("price",)))
    assert named(stored, "m1", "c1") == {**stored, "message_id": "m1", "conversation": "c1"}
    assert stored["message_id"] is None


@given(price=st.none() | moneys, text=st.text(), language=st.sampled_from(["zh", "en"]))
def test_there_and_back_is_the_same_answer(price: Money | None, text: str, language: str) -> None:
    answer = Answer(
        text,
        language,
        Outcome.HANDED_OFF,
        ("order",),
        topic="returns",
        products=(a_card(price),),
        sources=(Citation("faq", "F1", "", text),),
        handoff=Handoff(HandoffReason.ORDER, "default", 60),
        quick_replies=("a",),
        confidence=0.5,
        engine=Engine.APPROVED,
        took_ms={"total": 12.0},
    )
    assert answer_from_json(answer_json(answer)) == answer
