"""What every shop is asked about: the entry about that matter answers, whatever goods are named beside it, and no other message is taken for it."""

import pytest

from bot.answering.matters import matters_in
from bot.understanding.question import Intent
from tests.builders import a_faq, a_policy, a_product, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk, text

VIEW = a_view(
    a_product("tent", "Fell Dome Tent | 圆顶帐篷", price="300 USD", description="Sleeps three. Packs to 40 cm."),
    faq=[
        a_faq("match", "Do you match other shops' prices? | 别家更便宜能比价吗？", "No, our prices are our own. | 不比价。"),
        a_faq("see", "Can I see tents in your shop? | 有实体店可以看吗？", "Yes, at 3 Quay Lane, weekdays 9 am to 5 pm. | 有，码头巷3号。"),
        a_faq("many", "Is there a discount for large orders? | 团购有优惠吗？", "8% from ten tents on. | 10顶起92折。"),
        a_faq("pay", "How can I pay?", "By card, or in three instalments from $200."),
    ],
    policies=[a_policy("returns.md", "returns", ("Time", "30 days."), ("Faulty goods", "Replaced within 60 days, we pay the postage."))],
)
FOUND = evidence(
    products=["tent"], faq=["match", "see", "many", "pay"], policies=["returns.md#time", "returns.md#faulty-goods"], fits=False
)


@pytest.mark.parametrize(
    ("message", "intent", "language", "said"),
    [
        ("the camp shop has that tent for 250, can you match?", Intent.PRODUCT_QUESTION, "en", "our own"),
        ("it's cheaper on another site", Intent.PRODUCT_SEARCH, "en", ""),
        ("同款帐篷拼多多才200", Intent.PRODUCT_SEARCH, "zh", "不比价"),
        ("could I come by and see the tent", Intent.AVAILABILITY, "en", "3 Quay Lane"),
        ("想去你们店看看帐篷", Intent.AVAILABILITY, "zh", "码头巷"),
        ("any discount for bulk if we take 12 tents", Intent.PROMOTION, "en", "8% from ten"),
        ("帐篷团购便宜吗", Intent.PRICE, "zh", "92折"),
        ("do you do klarna", Intent.POLICY, "en", "three instalments"),
        ("分几期", Intent.POLICY, "zh", "three instalments"),
        ("and if it comes damaged?", Intent.UNCLEAR, "en", "Replaced within 60 days"),
    ],
)
def test_the_entry_of_the_matter_answers(message: str, intent: Intent, language: str, said: str) -> None:
    subjects = ["tent"] if "tent" in message or "帐篷" in message else []
    assert said in text(talk(VIEW, a_part(intent, message, *subjects), FOUND, language=language))


@pytest.mark.parametrize(
    "message",
    [
        "does the tent match the tarp",
        "how big is it when packed",
        "有便宜点的帐篷吗",
        "is the door open at both ends",
        "which pole comes with it",
        "can I pay by card",
        "帐篷多大",
        "does the handle stop slipping",
    ],
)
def test_other_messages_speak_of_no_such_matter(message: str) -> None:
    assert not matters_in(message)


def test_a_message_of_no_matter_is_answered_of_the_goods() -> None:
    said = text(talk(VIEW, a_part(Intent.PRICE, "how much is the tent", "tent"), FOUND))
    assert "300" in said and "our own" not in said


def test_the_entry_of_the_matter_is_known_though_it_was_not_found() -> None:
    asked = a_part(Intent.POLICY, "can i pay in 3 instalments?")
    assert "three instalments" in text(talk(VIEW, asked, evidence(policies=["returns.md#time"], fits=False)))


@pytest.mark.parametrize(
    "text", ["Does the kettle come in red?", "what sizes does it come in", "will everything come in one parcel?", "does it stop leaking"]
)
def test_what_goods_come_in_is_no_visit(text: str) -> None:
    assert "visiting" not in matters_in(text)


@pytest.mark.parametrize("text", ["can I come in and try one?", "could we just pop in on Saturday", "能到店看看吗"])
def test_coming_in_is_one(text: str) -> None:
    assert "visiting" in matters_in(text)
