"""Conditions in the customer's language: "up to $50, black, not leather, in stock"."""

from dataclasses import replace

from bot.answering.answer import Condition
from bot.answering.speaking import Speaker
from knowledge.money import Money
from retrieval.filters import AttributeCondition, Filters


def conditions_in_words(speaker: Speaker, filters: Filters) -> list[str]:
    """Each condition in force in the customer's language."""
    return [words for words, _ in _each(speaker, filters)]


def removable(speaker: Speaker, filters: Filters) -> list[tuple[Condition, Filters]]:
    """Each condition with the message that lifts it, and what then holds."""
    return [(Condition(words, speaker.say("condition.lift", condition=words)), left) for words, left in _each(speaker, filters)]


def _each(speaker: Speaker, filters: Filters) -> list[tuple[str, Filters]]:
    """Each condition in words, and the filters without it."""
    found: list[tuple[str, Filters]] = []
    if price := _price_words(speaker, filters):
        found.append((price, replace(filters, price_min=None, price_max=None)))
    for one in filters.attributes:
        if one.said or one.values:
            others = tuple(other for other in filters.attributes if other is not one)
            found.append((condition_in_words(speaker, one), replace(filters, attributes=others)))
    if filters.brands:
        found.append((speaker.say("condition.brand", brand=" / ".join(filters.brands)), replace(filters, brands=())))
    if filters.not_brands:
        found.append((speaker.say("condition.not_brand", brand=" / ".join(filters.not_brands)), replace(filters, not_brands=())))
    if filters.in_stock:
        found.append((speaker.say("condition.in_stock"), replace(filters, in_stock=False)))
    if filters.on_sale:
        found.append((speaker.say("condition.on_sale"), replace(filters, on_sale=False)))
    return found


def condition_in_words(speaker: Speaker, condition: AttributeCondition) -> str:
    """One wish, as the customer said it: "leather", "not leather", "without Bluetooth"."""
    said = condition.said or " ".join(condition.values[:1])
    return speaker.say(f"condition.{condition.way.value}_not", value=said) if condition.absent else said


def _price_words(speaker: Speaker, filters: Filters) -> str:
    if filters.price_min is not None and filters.price_max is not None:
        middle = filters.price_min.minor + filters.price_max.minor
        if filters.price_max.minor * 2 == filters.price_min.minor * 3 and middle % 2 == 0:
            # "Around 50" was said, and is read as 40 to 60.
            return speaker.say("condition.about", price=speaker.money(Money(middle // 2, filters.price_max.currency)))
        return speaker.say("condition.between", low=speaker.money(filters.price_min), high=speaker.money(filters.price_max))
    if filters.price_max is not None:
        return speaker.say("condition.price_max", price=speaker.money(filters.price_max))
    return speaker.say("condition.price_min", price=speaker.money(filters.price_min)) if filters.price_min is not None else ""
