"""What a draft does to one answer: two Answers (bot/answering/answer_json.py) side by side, as one of a few kinds of change."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from bot.answering.answer import Outcome


class Change(StrEnum):
    """The kinds, worst first. An answer that changed in several ways counts as the first of them."""

    NO_LONGER_ANSWERABLE = "no_longer_answerable"
    NEWLY_ANSWERABLE = "newly_answerable"
    OTHER_PRODUCTS = "other_products"
    PRICE_CHANGED = "price_changed"
    STOCK_CHANGED = "stock_changed"
    TEXT_CHANGED = "text_changed"
    SAME = "same"


_PRICE = ("price", "list_price", "price_up_to", "currency")
_STOCK = ("availability", "stock")

Answer = Mapping[str, Any]


def changes(before: Answer, after: Answer) -> tuple[Change, ...]:
    """Every kind of change, worst first; (SAME,) for none. Times and confidence don't count."""
    found = []
    answered = (before["outcome"] == Outcome.ANSWERED, after["outcome"] == Outcome.ANSWERED)
    if answered == (True, False):
        found.append(Change.NO_LONGER_ANSWERABLE)
    if answered == (False, True):
        found.append(Change.NEWLY_ANSWERABLE)
    one = {card["sku"]: card for card in before["products"]}
    other = {card["sku"]: card for card in after["products"]}
    if one.keys() != other.keys():
        found.append(Change.OTHER_PRODUCTS)
    both = [(one[sku], other[sku]) for sku in one if sku in other]
    if any(a.get(name) != b.get(name) for a, b in both for name in _PRICE):
        found.append(Change.PRICE_CHANGED)
    if any(a.get(name) != b.get(name) for a, b in both for name in _STOCK):
        found.append(Change.STOCK_CHANGED)
    if not found and (before["text"], before["outcome"]) != (after["text"], after["outcome"]):
        found.append(Change.TEXT_CHANGED)
    return tuple(found) or (Change.SAME,)


def now_unavailable(before: Answer, after: Answer) -> list[str]:
    """SKUs that could be had before and can't any more."""
    one = {card["sku"]: card["availability"] for card in before["products"]}
    gone = ("out_of_stock", "discontinued")
    return [
        card["sku"] for card in after["products"] if card["availability"] in gone and one.get(card["sku"]) not in (None, *gone, "unknown")
    ]
