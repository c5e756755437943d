"""Knowledge as lines of JSON in our own columns; importing them again gives the same documents.

A product has one line a variant, everything else one line each. Columns that hold lists (`options`, `attributes`, `images`, ...) are exact;
`option NAME`, `attribute NAME`, `title`, `category` and `image` repeat them for people and spreadsheets, and give way to them on import.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import orjson

from knowledge.catalog import Attribute, Product, Variant
from knowledge.documents import to_json
from knowledge.errors import KnowledgeError
from knowledge.faq import FaqEntry
from knowledge.localized import LocalText
from knowledge.money import Money
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Body, DocumentKind

KINDS: dict[str, DocumentKind] = {
    "products": DocumentKind.PRODUCT,
    "faq": DocumentKind.FAQ,
    "policy": DocumentKind.POLICY,
    "reviews": DocumentKind.REVIEW,
    "promotions": DocumentKind.PROMOTION,
}
"""What can be exported, under the names of the command line."""


def kind_named(name: str) -> DocumentKind:
    """The documents that an export of this name holds. Raises KnowledgeError."""
    if name not in KINDS:
        raise KnowledgeError(f"“{name}” cannot be exported; choose one of {', '.join(KINDS)}.")
    return KINDS[name]


def lines_of(body: Body) -> Iterator[str]:
    """The lines (JSON objects without a line break) that say what this body says."""
    if isinstance(body, Policy):
        yield to_json(body)
        return
    rows: Iterable[dict[str, Any]]
    if isinstance(body, Product):
        rows = (_variant_row(body, variant) for variant in body.variants)
    elif isinstance(body, FaqEntry):
        rows = [_faq_row(body)]
    elif isinstance(body, Review):
        rows = [_review_row(body)]
    else:
        rows = [_promotion_row(body)]
    for row in rows:
        yield orjson.dumps(row).decode()


def _variant_row(product: Product, variant: Variant) -> dict[str, Any]:
    offer, availability = variant.offer, variant.availability
    grouped = len(product.variants) > 1 or product.id != variant.sku
    money = next((amount for amount in (offer.regular, offer.sale, offer.up_to) if amount is not None), None)
    row: dict[str, Any] = {"sku": variant.sku, **({"group": product.id} if grouped else {}), **_texts("title", product.title)}
    row |= {
        "price": _text(offer.regular),
        "currency": money.currency if money else "",
        "sale_price": _text(offer.sale),
        "sale_from": _moment(offer.sale_from),
        "sale_until": _moment(offer.sale_until),
        "price_to": _text(offer.up_to),
        "stock": availability.quantity,
        "availability": str(availability.state),
        "as_of": _moment(availability.as_of),
        "published": product.published,
        "brand": product.brand,
        **_categories(product.categories),
        **_texts("description", product.description),
        "url": product.url,
        "variant_url": variant.url,
        **({"image": product.images[0]} if product.images else {}),
        "images": list(product.images),
        "variant_image": variant.image,
        "goes_with": list(product.goes_with),
        "replaces": list(product.replaces),
        "tags": list(product.tags),
        "rating": product.rating,
        "rating_count": product.rating_count,
    }
    for prefix, statements in (("option", variant.options), ("attribute", (*product.attributes, *variant.attributes))):
        for statement in statements:
            row.setdefault(f"{prefix} {statement.name}", statement.value)
    return row | {
        "options": _statements(variant.options),
        "attributes": _statements(product.attributes),
        "variant_attributes": _statements(variant.attributes),
    }


def _faq_row(entry: FaqEntry) -> dict[str, Any]:
    language = next(iter(entry.question), next(iter(entry.answer), ""))
    return {
        "id": entry.id,
        "question": entry.question.get(language, ""),
        "answer": entry.answer.get(language, ""),
        "language": language,
        **{f"question_{tag}": text for tag, text in entry.question.items()},
        **{f"answer_{tag}": text for tag, text in entry.answer.items()},
        **{f"also_asked_{tag}": list(phrases) for tag, phrases in entry.also_asked.items()},
        "category": entry.category,
        "approved": entry.approved,
    }


def _review_row(review: Review) -> dict[str, Any]:
    return {
        "id": review.id,
        "sku": review.sku,
        "rating": review.rating,
        "text": review.text,
        "language": review.language,
        "date": review.date,
    }


def _promotion_row(promotion: Promotion) -> dict[str, Any]:
    money = promotion.amount_off or promotion.minimum
    return {
        "code": promotion.code,
        **_texts("title", promotion.title),
        **_texts("text", promotion.text),
        "percent_off": None if promotion.percent_off is None else f"{promotion.percent_off:f}",
        "amount_off": _text(promotion.amount_off),
        "minimum": _text(promotion.minimum),
        "currency": money.currency if money else "",
        "skus": list(promotion.skus),
        "categories": list(promotion.categories),
        "starts": _moment(promotion.starts),
        "ends": _moment(promotion.ends),
        "audience": promotion.audience,
    }


def _texts(name: str, texts: LocalText) -> dict[str, str]:
    return {name: next(iter(texts.values()), ""), **{f"{name}_{tag}": text for tag, text in texts.items()}}


def _categories(categories: tuple[LocalText, ...]) -> dict[str, Any]:
    return {
        "category": " | ".join(next(iter(entry.values()), "") for entry in categories),
        "categories": [dict(entry) for entry in categories],
    }


def _statements(attributes: tuple[Attribute, ...]) -> list[dict[str, str]]:
    return [
        {"name": one.name, "value": one.value, "language": one.language} | ({"source": one.source} if one.source else {})
        for one in attributes
    ]


def _text(money: Money | None) -> str | None:
    return None if money is None else money.text


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
