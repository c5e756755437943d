"""Conditions in the customer's language: "up to $50, black, not leather, in stock"."""

from bot.answering.speaking import Speaker
from retrieval.filters import Filters


def conditions_in_words(speaker: Speaker, filters: Filters) -> list[str]:
    """Each condition in force in the customer's language."""
    words: list[str] = []
    if price := _price_words(speaker, filters):
        words.append(price)
    words.extend(a.said or " ".join(a.values[:1]) for a in filters.attributes if a.said or a.values)
    if filters.brands:
        words.append(speaker.say("condition.brand", brand=" / ".join(filters.brands)))
    if filters.not_brands:
        words.append(speaker.say("condition.not_brand", brand=" / ".join(filters.not_brands)))
    if filters.in_stock:
        words.append(speaker.say("condition.in_stock"))
    if filters.on_sale:
        words.append(speaker.say("condition.on_sale"))
    return words


def _price_words(speaker: Speaker, filters: Filters) -> str:
    if filters.price_min is not None and filters.price_max is not None:
        return speaker.say("condition.between", low=speaker.money(filters.price_min), high=speaker.money(filters.price_max))
    if filters.price_max is not None:
        return speaker.say("condition.price_max", price=speaker.money(filters.price_max))
    return speaker.say("condition.price_min", price=speaker.money(filters.price_min)) if filters.price_min is not None else ""
