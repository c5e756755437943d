"""When a thing comes back: the stock of now, and the shop's own words about waiting, whatever else sounds like the question."""

import pytest

from bot.understanding.question import Intent
from tests.builders import a_faq, a_policy, a_product, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk, text

KITE = a_product("kite", "Gale Kite | 大风筝", price="30 USD", stock=0)
VIEW = a_view(
    KITE,
    faq=[
        a_faq(
            "wait",
            "When will sold-out kites come back? | 断货的什么时候有？",
            "We write to you as soon as they are in. | 到货会发短信通知。",
        ),
        a_faq("wind", "How much wind do I need?", "Four Beaufort."),
    ],
    policies=[a_policy("returns.md", "returns", ("Time", "Send it back within 30 days."))],
)


@pytest.mark.parametrize(
    ("message", "language", "said"),
    [
        ("when is it back", "en", "We write to you"),
        ("when will you have more in?", "en", "We write to you"),
        ("when do you restock", "en", "We write to you"),
        ("啥时候到货啊", "zh", "短信通知"),
        ("什么时候补货", "zh", "短信通知"),
    ],
)
def test_waiting_goes_before_a_rule_about_sending_back(message: str, language: str, said: str) -> None:
    part = a_part(Intent.PRODUCT_QUESTION, message, "kite")
    answer = text(talk(VIEW, part, evidence(policies=["returns.md#time"], faq=["wind"]), language=language))
    assert said in answer and "30 days" not in answer


def test_without_an_entry_nothing_is_made_up() -> None:
    bare = a_view(KITE, faq=[a_faq("wind", "How much wind do I need?", "Four Beaufort.")])
    assert "Beaufort" not in text(talk(bare, a_part(Intent.AVAILABILITY, "when is it back", "kite")))
