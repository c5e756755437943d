"""What a customer gets: the Answer of the front doors, and the parts it is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from knowledge.money import Money


class Outcome(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    ASKED_BACK = "asked_back"
    ABSTAINED = "abstained"
    HANDED_OFF = "handed_off"


class HandoffReason(StrEnum):
    """Why a person is asked for."""

    CUSTOMER_ASKED = "customer_asked"
    ORDER = "order"
    COMPLAINT = "complaint"
    NOT_UNDERSTOOD = "not_understood"
    SAFETY = "safety"
    RULE = "rule"


class Engine(StrEnum):
    """Who worded it: the merchant, the composer without a model, or a language model."""

    APPROVED = "approved"
    COMPOSER = "composer"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a fact comes from. `kind`: product|faq|policy|review|promotion|standard (of shoe sizes); `id`: the merchant's own; `quote`: the words relied on."""

    kind: str
    id: str
    field: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProductCard:
    """One product (its variant meant, else its first buyable one) as it is now."""

    sku: str
    product_id: str
    title: str
    variant: str
    """The options in words ("Black · M"), or ""."""
    price: Money | None
    list_price: Money | None
    up_to: Money | None
    stock: int | None
    availability: str
    as_of: datetime | None
    rating: float | None = None
    url: str = ""
    image: str = ""


USUAL_QUEUE = "default"


@dataclass(frozen=True, slots=True)
class Handoff:
    """A request for a person. `queue`: where the customer waits, as the shop's rules name it; expected_wait_s: seconds until the shop opens
    while nobody is there, else None."""

    reason: HandoffReason
    queue: str = USUAL_QUEUE
    expected_wait_s: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What narrows the search that goes on. `text`: in the customer's language; `lift`: the message that takes it back."""

    text: str
    lift: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One assistant message. See CONTRACT: An Answer."""

    text: str
    language: str
    outcome: Outcome
    intents: tuple[str, ...]
    topic: str | None = None
    products: tuple[ProductCard, ...] = ()
    sources: tuple[Citation, ...] = ()
    handoff: Handoff | None = None
    quick_replies: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    confidence: float = 0.0
    engine: Engine = Engine.COMPOSER
    took_ms: dict[str, float] = field(default_factory=dict)
