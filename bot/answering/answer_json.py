"""The Answer as JSON, in one place: what is stored with a message, sent over HTTP and printed by the terminal. The fields are the front
doors' (see the contract in docs/); ours beyond them are `product_id` and `price_up_to` of a product, and `conditions`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from bot.answering.answer import Answer, Citation, Condition, Engine, Handoff, HandoffReason, Outcome, ProductCard
from knowledge.money import MINOR_DIGITS, Money

UNCLEAR = "unclear"
"""The intent of a turn in which nothing was understood (or nothing was read, while an agent holds the conversation)."""


def answer_json(answer: Answer, *, message_id: str | None = None, conversation: str | None = None) -> dict[str, object]:
    """The contract's dict: prices as decimal text in major units, times as ISO 8601 in UTC, milliseconds rounded to 0.1."""
    return {
        "message_id": message_id,
        "conversation": conversation,
        "text": answer.text,
        "language": answer.language,
        "outcome": answer.outcome.value,
        "intent": answer.intents[0] if answer.intents else UNCLEAR,
        "intents": list(answer.intents) or [UNCLEAR],
        "topic": answer.topic,
        "products": [card_json(card) for card in answer.products],
        "sources": [{"kind": s.kind, "id": s.id, "field": s.field, "quote": s.quote} for s in answer.sources],
        "handoff": handoff_json(answer.handoff),
        "quick_replies": list(answer.quick_replies),
        "conditions": [{"text": condition.text, "lift": condition.lift} for condition in answer.conditions],
        "confidence": round(min(1.0, max(0.0, answer.confidence)), 4),
        "engine": answer.engine.value,
        "took_ms": {step: round(ms, 1) for step, ms in answer.took_ms.items()},
    }


def named(stored: Mapping[str, object], message_id: str, conversation: str) -> dict[str, object]:
    """A stored answer with the names of its message and conversation, which are known only once it is stored."""
    return {**stored, "message_id": message_id, "conversation": conversation}


def card_json(card: ProductCard) -> dict[str, object]:
    """One product card; `price` is what is paid now, `list_price` the price before a reduction in force, else null."""
    money = card.price or card.list_price or card.up_to
    return {
        "sku": card.sku,
        "product_id": card.product_id,
        "title": card.title,
        "variant": card.variant,
        "price": card.price.text if card.price else None,
        "list_price": card.list_price.text if card.list_price else None,
        "price_up_to": card.up_to.text if card.up_to else None,
        "currency": money.currency if money else None,
        "stock": card.stock,
        "availability": card.availability,
        "as_of": time_json(card.as_of),
        "rating": card.rating,
        "url": card.url,
        "image": card.image,
    }


def handoff_json(handoff: Handoff | None) -> dict[str, object] | None:
    """The request for a person, or null."""
    if handoff is None:
        return None
    return {"reason": handoff.reason.value, "queue": handoff.queue, "expected_wait_s": handoff.expected_wait_s}


def time_json(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with "Z", to the second; a time without zone is taken as UTC."""
    if moment is None:
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat(timespec="seconds").replace("+00:00", "Z")


def answer_from_json(data: Mapping[str, object]) -> Answer:
    """The Answer that `answer_json` wrote. Raises KeyError or ValueError on anything else."""
    raw = cast(Mapping[str, Any], data)
    return Answer(
        text=str(raw["text"]),
        language=str(raw["language"]),
        outcome=Outcome(raw["outcome"]),
        intents=tuple(raw["intents"]),
        topic=raw.get("topic"),
        products=tuple(_card(item) for item in raw.get("products", ())),
        sources=tuple(Citation(s["kind"], s["id"], s["field"], s["quote"]) for s in raw.get("sources", ())),
        handoff=_handoff(raw.get("handoff")),
        quick_replies=tuple(raw.get("quick_replies", ())),
        conditions=tuple(Condition(item["text"], item["lift"]) for item in raw.get("conditions", ())),
        confidence=float(raw.get("confidence", 0.0)),
        engine=Engine(raw.get("engine", Engine.COMPOSER)),
        took_ms={step: float(ms) for step, ms in raw.get("took_ms", {}).items()},
    )


def _card(raw: Mapping[str, Any]) -> ProductCard:
    currency = raw.get("currency")
    return ProductCard(
        sku=raw["sku"],
        product_id=raw.get("product_id", ""),
        title=raw["title"],
        variant=raw.get("variant") or "",
        price=_money(raw.get("price"), currency),
        list_price=_money(raw.get("list_price"), currency),
        up_to=_money(raw.get("price_up_to"), currency),
        stock=raw.get("stock"),
        availability=raw["availability"],
        as_of=datetime.fromisoformat(raw["as_of"]) if raw.get("as_of") else None,
        rating=raw.get("rating"),
        url=raw.get("url") or "",
        image=raw.get("image") or "",
    )


def _money(text: str | None, currency: str | None) -> Money | None:
    if text is None or not currency:
        return None
    return Money(int(Decimal(text).scaleb(MINOR_DIGITS.get(currency, 2))), currency)


def _handoff(raw: Mapping[str, Any] | None) -> Handoff | None:
    if not raw:
        return None
    return Handoff(HandoffReason(raw["reason"]), raw.get("queue", "default"), raw.get("expected_wait_s"))
