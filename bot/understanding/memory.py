"""What stays valid in a conversation, as plain JSON and back. Reading forgives: a missing or odd key is as if it were not there."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import cast

from bot.understanding.intents import topic_said
from bot.understanding.question import Memory, Part
from knowledge.money import Money
from retrieval.filters import AttributeCondition, Filters, Way

RULED_MOST = 200
"""Characters of a question that are kept for what goes on from it."""


def memory_json(memory: Memory) -> dict[str, object]:
    """A memory as plain JSON."""
    return asdict(memory)


def memory_from_json(data: Mapping[str, object] | None) -> Memory:
    """The memory in a JSON object; an empty one for None. Never raises."""
    data = data or {}
    return Memory(
        language=_text(data.get("language")),
        chosen_language=_text(data.get("chosen_language")),
        shown=_texts(data.get("shown")),
        focus=_text(data.get("focus")),
        focus_sku=_text(data.get("focus_sku")),
        spoken=_pairs(data.get("spoken")),
        filters=_object(data.get("filters")),
        lifts=_object(data.get("lifts")),
        search=_text(data.get("search")),
        last_intent=_text(data.get("last_intent")),
        ruled=_text(data.get("ruled")),
        rules=_texts(data.get("rules")),
        promoted=_texts(data.get("promoted")),
        asked=_texts(data.get("asked")),
        pending=_object(data.get("pending")),
        misses=_whole(data.get("misses")),
        turns=_whole(data.get("turns")),
    )


def ruled_after(part: Part) -> str:
    """What a short message after a question about a rule may go on from: the question; of one that goes on itself ("also for Canada?") the one
    it went on from, and its own words on a line below."""
    said = (part.said or part.text)[:RULED_MOST]
    if not part.follows or topic_said(part.text) is not None:
        return said
    return f"{part.follows.partition(chr(10))[0]}\n{said}"


def filters_json(filters: Filters) -> dict[str, object]:
    """Filters as plain JSON, without what is not set; {} for none."""
    data: dict[str, object] = {}
    for key in ("price_min", "price_max"):
        amount = getattr(filters, key)
        if amount is not None:
            data[key] = {"minor": amount.minor, "currency": amount.currency}
    for key in ("in_stock", "on_sale"):
        if getattr(filters, key):
            data[key] = True
    for key in ("categories", "brands", "not_brands", "not_product_ids"):
        if getattr(filters, key):
            data[key] = list(getattr(filters, key))
    if filters.attributes:
        data["attributes"] = [
            {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(condition).items()}
            for condition in filters.attributes
        ]
    if filters.product_ids is not None:
        data["product_ids"] = list(filters.product_ids)
    return data


def filters_from_json(data: Mapping[str, object] | None) -> Filters:
    """The filters in a JSON object. Never raises."""
    data = data or {}
    ids = data.get("product_ids")
    rows = data.get("attributes")
    return Filters(
        price_min=_money(data.get("price_min")),
        price_max=_money(data.get("price_max")),
        in_stock=data.get("in_stock") is True,
        on_sale=data.get("on_sale") is True,
        categories=tuple(_texts(data.get("categories"))),
        brands=tuple(_texts(data.get("brands"))),
        not_brands=tuple(_texts(data.get("not_brands"))),
        not_product_ids=tuple(_texts(data.get("not_product_ids"))),
        attributes=tuple(_condition(row) for row in rows if isinstance(row, Mapping)) if isinstance(rows, list | tuple) else (),
        product_ids=tuple(_texts(ids)) if isinstance(ids, list | tuple) else None,
    )


def _condition(row: Mapping[str, object]) -> AttributeCondition:
    return AttributeCondition(
        names=tuple(_texts(row.get("names"))),
        values=tuple(_texts(row.get("values"))),
        absent=row.get("absent") is True,
        minimum=_number(row.get("minimum")),
        maximum=_number(row.get("maximum")),
        unit=_text(row.get("unit")),
        said=_text(row.get("said")),
        way=Way(way) if (way := _text(row.get("way"))) in set(Way) else Way.SAYS,
    )


def _money(value: object) -> Money | None:
    if isinstance(value, Mapping) and isinstance(value.get("minor"), int) and isinstance(value.get("currency"), str):
        return Money(value["minor"], value["currency"])
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


def _pairs(value: object) -> list[list[str]]:
    rows = [_texts(row) for row in value] if isinstance(value, list | tuple) else []
    return [row for row in rows if len(row) == 2]


def _object(value: object) -> dict[str, object]:
    return {str(key): item for key, item in cast(Mapping[object, object], value).items()} if isinstance(value, Mapping) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
