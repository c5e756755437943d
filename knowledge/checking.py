"""Whether an entry that people wrote by hand makes sense, beyond the types of its fields. (Imported files are judged by importing/.)"""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

from knowledge.catalog import Product
from knowledge.errors import InvalidEntry
from knowledge.faq import FaqEntry
from knowledge.money import MINOR_DIGITS, Money
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Body

TOPICS = ("shipping", "returns", "warranty", "payment", "privacy", "other")
LONGEST_ID = 200
T = TypeVar("T")


def checked(id: str, body: Body) -> Body:
    """The body with every time in UTC. Raises InvalidEntry for what cannot be served: an answer without words, a product without a SKU."""
    if not id.strip() or len(id) > LONGEST_ID or not id.isprintable():
        raise InvalidEntry(f"An id is 1 to {LONGEST_ID} printable characters.", "id")
    body = in_utc(body)
    match body:
        case Product():
            _check_product(body)
        case FaqEntry():
            _need(_said(body.question), "question", "Write the question in at least one language.")
            _need(_said(body.answer), "answer", "Write the answer in at least one language.")
        case Policy():
            _need(bool(body.sections), "sections", "A policy needs at least one section.")
            _need(body.topic in TOPICS, "topic", f"The topic is one of {', '.join(TOPICS)}.")
            anchors = [section.anchor for section in body.sections]
            _need(all(anchors) and len(set(anchors)) == len(anchors), "sections", "Every section needs an anchor of its own.")
            _need(all(section.text.strip() for section in body.sections), "sections", "Every section needs a text.")
        case Promotion():
            _check_promotion(body)
        case Review():
            _need(bool(body.sku), "sku", "A review belongs to a SKU.")
            _need(bool(body.text.strip()) or body.rating is not None, "text", "A review needs a text or a rating.")
            _need(body.rating is None or 1 <= body.rating <= 5, "rating", "A rating is from 1 to 5.")
    return body


def _check_product(product: Product) -> None:
    _need(_said(product.title), "title", "Write the title in at least one language.")
    _need(bool(product.variants), "variants", "A product needs at least one variant.")
    skus = [variant.sku.strip().casefold() for variant in product.variants]
    _need(all(skus), "variants", "Every variant needs a SKU.")
    _need(len(set(skus)) == len(skus), "variants", "Two variants have the same SKU; give each its own.")
    for number, variant in enumerate(product.variants):
        place = f"variants.{number}.offer"
        offer = variant.offer
        amounts = [money for money in (offer.regular, offer.sale, offer.up_to) if money is not None]
        for money in amounts:
            _check_money(money, place)
        _need(len({money.currency for money in amounts}) < 2, place, "The prices of one offer are in one currency.")
        quantity = variant.availability.quantity
        _need(quantity is None or quantity >= 0, f"variants.{number}.availability", "A stock figure is 0 or more.")


def _check_promotion(promotion: Promotion) -> None:
    _need(_said(promotion.title) or _said(promotion.text), "title", "Write a title or a text in at least one language.")
    percent = promotion.percent_off
    _need(percent is None or 0 < percent <= 100, "percent_off", "A percentage is more than 0 and at most 100.")
    for place, money in (("amount_off", promotion.amount_off), ("minimum", promotion.minimum)):
        if money is not None:
            _check_money(money, place)
    begins, ends = promotion.starts, promotion.ends
    _need(begins is None or ends is None or begins < ends, "ends", "The promotion ends before it begins.")


def _check_money(money: Money, place: str) -> None:
    _need(money.minor >= 0, place, "A price is 0 or more.")
    known = money.currency in MINOR_DIGITS or (len(money.currency) == 3 and money.currency.isascii() and money.currency.isupper())
    _need(known, place, "A currency is three capital letters, such as USD or CNY.")


def _said(text: Mapping[str, str]) -> bool:
    return any(value.strip() for value in text.values())


def _need(well: bool, field: str, sentence: str) -> None:
    if not well:
        raise InvalidEntry(sentence, field)


def in_utc(value: T) -> T:
    """The same with every time aware; one without a zone is meant in UTC."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, tuple):
        return tuple(in_utc(item) for item in value)  # type: ignore[return-value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: in_utc(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **changed)
    return value
