"""Short messages after a rule was said: the rule that speaks of what they name, and none where it does not."""

import pytest

from bot.answering.composer import Draft
from bot.answering.places import places_in
from bot.answering.rule_kinds import telling_share
from bot.understanding.memory import memory_from_json, memory_json
from bot.understanding.question import Intent, Memory
from bot.understanding.rule_follow_ups import asks_the_same, leaves_out
from tests.builders import a_faq, a_policy, a_product, a_view
from tests.unit.bot.answering.talks import a_part, talk, text

VIEW = a_view(
    a_product("kayak", "Heron Sea Kayak | 苍鹭海洋皮划艇", price="900 USD", category="Kayaks | 皮划艇"),
    a_product("vest", "Otter Life Vest | 水獭救生衣", price="60 USD", category="Vests | 救生衣"),
    faq=[
        a_faq("engrave", "Do you engrave? | 能刻字吗？", "Yes, $8 a line, ready in 2 days. Not on vests. | 可以，每行8美元，救生衣不刻。"),
        a_faq("shop", "Do you have a shop?", "Yes, at 14 Harbour Street, Leith, Monday to Friday 10 am to 6 pm."),
    ],
    policies=[
        a_policy(
            "delivery.md",
            "shipping",
            ("Parcels", "Small things cost $6 and take 3 days."),
            ("Freight", "Kayaks come by freight for $80 within two weeks."),
            ("Abroad", "We send to Canada for $30. To other countries we send nothing."),
        ),
        a_policy("returns.md", "returns", ("Damage", "Send photos within 48 hours of delivery. We send a new one free of charge.")),
    ],
)


def after(rule: str, message: str, *subjects: str, intent: Intent = Intent.UNCLEAR, language: str = "en", elliptic: bool = False) -> Draft:
    memory = Memory(ruled="the question before", rules=[rule], turns=1)
    return talk(
        VIEW, a_part(intent, message, *subjects, follows="the question before", elliptic=elliptic), memory=memory, language=language
    )


@pytest.mark.parametrize(
    ("rule", "message", "said"),
    [
        ("faq:engrave", "vests too?", "Not on vests"),
        ("policy:delivery.md#parcels", "what about kayaks", "by freight for $80"),
        ("policy:delivery.md#parcels", "Canada?", "Canada for $30"),
        ("policy:delivery.md#parcels", "and Lyon?", "To other countries"),
        ("policy:returns.md#damage", "how many hours do i have for that", "48 hours"),
        ("faq:shop", "whats the address", "14 Harbour Street"),
        ("faq:shop", "and until when are you open", "6 pm"),
    ],
)
def test_the_rule_spoken_of_answers_what_it_names(rule: str, message: str, said: str) -> None:
    draft = after(rule, message)
    assert said in text(draft)
    assert {f"{c.kind}:{c.id}".partition("#")[0] for s in draft.statements for c in s.citations} == {rule.partition("#")[0]}


def test_in_chinese() -> None:
    assert "救生衣不刻" in text(after("faq:engrave", "救生衣也可以吗", language="zh"))


@pytest.mark.parametrize("message", ["do you like jazz", "oars too?", "how heavy is a canoe"])
def test_what_the_rule_does_not_name_is_not_answered_by_it(message: str) -> None:
    assert not any(c.kind in {"faq", "policy"} for s in after("faq:engrave", message).statements for c in s.citations)


def test_a_product_is_known_by_its_kind_and_else_has_what_holds_for_all() -> None:
    named = after("policy:delivery.md#parcels", "and for the heron", "kayak", intent=Intent.PRICE, elliptic=True)
    assert "by freight for $80" in text(named) and "900" not in text(named)
    unnamed = after("policy:returns.md#damage", "and for the otter", "vest", intent=Intent.PRICE, elliptic=True)
    assert "48 hours" in text(unnamed)


def test_what_was_said_of_the_house_is_remembered_and_forgotten_with_goods() -> None:
    draft = after("faq:shop", "whats the address")
    assert draft.memory.rules == ["faq:shop"] and memory_from_json(memory_json(draft.memory)).rules == ["faq:shop"]
    goods = talk(VIEW, a_part(Intent.PRICE, "how much is the kayak", "kayak"), memory=draft.memory)
    assert goods.memory.rules == [] and goods.memory.ruled == ""


@pytest.mark.parametrize("message", ["shoes too?", "and for the big one", "also on vests?", "鞋子也可以吗", "那救生衣也算吗"])
def test_asks_the_same_of_something_else(message: str) -> None:
    assert asks_the_same(message) and leaves_out(message)


@pytest.mark.parametrize("message", ["how much are vests", "and how heavy is it", "do you have kayaks in red", "那皮划艇多少钱"])
def test_a_question_of_its_own_leaves_nothing_out(message: str) -> None:
    assert not leaves_out(message)


def test_us_is_a_country_only_where_it_can_be() -> None:
    for country in ("ships within the us only", "us: $5", "us, canada and mexico", "do you deliver to us?", "us customers pay $5"):
        assert "US" in places_in(country), country
    for shop in ("send us photos", "write to us first", "send it back to us within 30 days", "give us a call"):
        assert places_in(shop) == frozenset(), shop


@pytest.mark.parametrize(
    ("question", "holding", "lacking"),
    [
        ("what's your address", "We are at 22b Mill Lane, Bath.", "We ship within 2 days."),
        ("店在哪里", "中山中路88号", "每天营业"),
        ("what is your phone number", "Call 0131 555 0142.", "Ask us by chat."),
        ("几点关门", "每天10:00到21:00", "周一休息"),
        ("how many hrs do i have", "within 72 hours", "at once"),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, holding: str, lacking: str) -> None:
    assert telling_share(question, holding) > telling_share(question, lacking) == 0.0


@pytest.mark.parametrize(("before", "said"), [("how much is delivery", "$80"), ("how long does delivery take", "ten days")])
def test_what_was_asked_before_is_asked_of_what_is_named_now(before: str, said: str) -> None:
    view = a_view(
        policies=[
            a_policy(
                "delivery.md",
                "shipping",
                ("Parcels", "Small things cost $6 and take 3 days."),
                ("Days", "Freight is fetched on Mondays. Freight takes ten days."),
                ("Freight", "Freight is insured. Freight costs $80."),
            )
        ]
    )
    memory = Memory(ruled=before, rules=["policy:delivery.md#parcels"], turns=1)
    draft = talk(view, a_part(Intent.UNCLEAR, "what about freight", follows=before), memory=memory)
    assert said in text(draft)
