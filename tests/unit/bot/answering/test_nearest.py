"""Goods named instead of nothing, in other trades' words."""

from dataclasses import replace

import pytest

from bot.answering.answer import Outcome
from bot.understanding.question import Intent
from tests.builders import a_product, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk, text

OLD = a_product("old", "Senior Joint Care Dog Food | 老年犬关节呵护粮", category="Dog")
CAT = a_product("cat", "Chicken Cat Food | 鸡肉猫粮", category="Cat")
SHOP = a_view(OLD, CAT)


def found(cosine: float, language: str = "en"):  # type: ignore[no-untyped-def]
    plain = evidence(products=["old"])
    hits = tuple(replace(hit, dense=cosine, passage=replace(hit.passage, language=language)) for hit in plain.products[0].hits)
    return replace(plain, products=(replace(plain.products[0], hits=hits, relevance=0.0),))


@pytest.mark.parametrize(
    ("asked", "language", "cosine"),
    [
        ("my aunt's old labrador struggles with the stairs, what should he eat", "en", 0.86),
        ("my nephew loves hiding treats for his dog around the garden", "en", 0.86),
        ("家里金毛十岁了腿脚不好，吃啥粮合适", "zh", 0.905),
    ],
)
@pytest.mark.parametrize("intent", [Intent.RECOMMEND, Intent.PRODUCT_SEARCH])
def test_what_is_near_is_named_rather_than_nothing(asked: str, language: str, cosine: float, intent: Intent) -> None:
    draft = talk(SHOP, a_part(intent, asked), found(cosine, language), language=language)
    assert draft.outcome is Outcome.ANSWERED and ("Senior" in text(draft) or "老年犬" in text(draft))


@pytest.mark.parametrize(
    ("asked", "cosine", "intent"),
    [
        ("my aunt's old labrador struggles with the stairs, what should he eat", 0.82, Intent.RECOMMEND),
        ("do you have drones", 0.86, Intent.PRODUCT_SEARCH),
        ("who won the match in the champions league last night", 0.86, Intent.OUT_OF_SCOPE),
    ],
)
def test_nothing_is_named_where_nothing_is_near_or_no_more_than_a_name_is_told(asked: str, cosine: float, intent: Intent) -> None:
    assert talk(SHOP, a_part(intent, asked), found(cosine)).outcome is not Outcome.ANSWERED


def test_words_in_another_language_are_no_measure() -> None:
    part = a_part(Intent.RECOMMEND, "家里金毛十岁了腿脚不好，吃啥粮合适")
    assert talk(SHOP, part, found(0.95, "en"), language="zh").outcome is not Outcome.ANSWERED
