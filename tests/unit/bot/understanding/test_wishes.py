"""What people wish for in everyday words: presents, kinds of goods that the shop calls otherwise, misspelt names, questions that name nothing."""

import pytest

from bot.understanding.question import Intent, Memory, Part
from bot.understanding.understand import Understanding
from tests.unit.bot.understanding.conftest import demo_view


def read(text: str, memory: Memory | None = None) -> Part:
    return Understanding().understand(text, memory or Memory(), demo_view()).parts[0]


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("推荐一款送妈妈的礼物", "妈妈"),
        ("五十美元以内送爸爸的礼物", "爸爸"),
        ("想给女朋友买个小礼物，预算30美元以内，有推荐吗🎁", "女朋友"),
        ("a gift for my father under $60", "my father"),
    ],
)
def test_a_present_is_a_wish_for_advice(text: str, purpose: str) -> None:
    part = read(text)
    assert (part.intent, part.purpose) == (Intent.RECOMMEND, purpose)
    assert "60" not in part.standalone
    assert "五十" not in part.standalone


@pytest.mark.parametrize("text", ["有没有书包", "do you have a rucksack?", "any backpaks?"])
def test_everyday_words_and_typing_errors_find_the_category(text: str) -> None:
    part = read(text)
    assert part.intent is Intent.PRODUCT_SEARCH
    assert "backpacks" in part.filters.categories


def test_a_price_limit_asks_for_a_kind_not_for_the_product_called_so() -> None:
    part = read("got any noise cancelling headphones below $120?")
    assert part.intent is Intent.PRODUCT_SEARCH
    assert part.subjects == ()
    assert part.filters.price_max is not None
    assert part.filters.price_max.minor == 12000


@pytest.mark.parametrize("text", ["how much is it?", "多少钱", "要多少钱", "is it in stock?"])
def test_nothing_named(text: str) -> None:
    assert read(text).unnamed


@pytest.mark.parametrize("text", ["how much is the KT-17E?", "电热水壶多少钱", "how much is shipping?"])
def test_something_named(text: str) -> None:
    assert not read(text).unnamed


def test_the_price_of_what_was_asked_just_before() -> None:
    question = Understanding().understand("能帮我包装成礼物吗 要多少钱", Memory(focus="bp-kids12", shown=["bp-kids12"]), demo_view())
    assert [part.subjects for part in question.parts] == [()]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("介绍一下KT-17E", Intent.PRODUCT_QUESTION),
        ("HP-700口碑咋样 有差评吗", Intent.PRODUCT_QUESTION),
        ("我要给你们差评", Intent.COMPLAINT),
        ("妈的什么破店", Intent.COMPLAINT),
        ("how many of the KT-17E are left?", Intent.AVAILABILITY),
        ("你们卖手机吗", Intent.PRODUCT_SEARCH),
        ("My aunt gave me a lamp. Can I hand it back?", Intent.POLICY),
        ("what would a custom hamper for my boss cost", Intent.PRICE),
    ],
)
def test_intent(text: str, intent: Intent) -> None:
    assert read(text).intent is intent


def test_suitable_for_somebody_is_asked_of_the_product_spoken_of() -> None:
    part = read("送爸爸合适吗", Memory(focus="kt-17e", shown=["kt-17e"]))
    assert part.intent is Intent.PRODUCT_QUESTION
    assert [subject.product_id for subject in part.subjects] == ["kt-17e"]
