"""What a merchant sets for a shop, read from `Shop.settings` with defaults that work. Unknown or malformed values fall back; they never stop a turn."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from knowledge.errors import InvalidMoney
from knowledge.localized import LocalText
from knowledge.money import Money, money_of
from knowledge.opening_hours import OpeningHours, opening_hours_of
from knowledge.store import Shop

TONES = ("plain", "friendly", "brief")
"""How the assistant's own sentences sound; the first is the default. Each but that has a file prompts/replies/tones/TONE.LANGUAGE.toml."""


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """Keys of `Shop.settings`, as in demo/shop.toml."""

    greeting: LocalText = field(default_factory=dict)
    quick_replies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tone: str = TONES[0]
    voice: LocalText = field(default_factory=dict)
    """How a language model is to sound, in the merchant's words."""
    hours: LocalText = field(default_factory=dict)
    """Opening hours of the staff in words; the times themselves: `opening_hours`."""
    privacy_notice: LocalText = field(default_factory=dict)
    privacy_url: str = ""
    """The shop's own page about privacy; "": ours."""
    contact_question: LocalText = field(default_factory=dict)
    """What a customer is asked when nobody came."""
    contact_email: str = ""
    contact_phone: str = ""
    wait_minutes: float | None = None
    """None: the installation's."""
    allowed_origins: tuple[str, ...] = ()
    """Origins of pages that may embed the widget; "*" any."""
    hide_stock: bool = False
    """Never tell how many pieces are left."""
    composer_first: bool = False
    """A language model words only what the composer could not answer surely."""
    model_cap_month: Decimal | None = None
    """What the shop's language model may cost in a month, in the currency of the installation's prices; 0: no model, None: the installation's cap."""
    model_cap_day: Decimal | None = None
    """The same for a day."""
    misses: int | None = None
    """Messages in a row that were not understood, after which a person is fetched; None: the usual number."""
    amounts_in: Mapping[str, str] = field(default_factory=dict)
    """Language → currency that its speakers mean by a bare amount; of others: what most prices are in."""


_KEPT: OrderedDict[int, tuple[Shop, ShopSettings]] = OrderedDict()
_KEPT_MOST = 64


def shop_settings(shop: Shop) -> ShopSettings:
    """The shop's settings, typed; kept for the shop as it was read, since a turn asks for them several times."""
    kept = _KEPT.get(id(shop))
    if kept is not None and kept[0] is shop:
        return kept[1]
    typed = _typed(shop)
    _KEPT[id(shop)] = (shop, typed)
    while len(_KEPT) > _KEPT_MOST:
        _KEPT.popitem(last=False)
    return typed


def _typed(shop: Shop) -> ShopSettings:
    raw = shop.settings
    handoff = _mapping(raw.get("handoff"))
    wait = handoff.get("wait_minutes", raw.get("wait_minutes"))
    return ShopSettings(
        greeting=_local(raw.get("greeting")),
        quick_replies={tag: tuple(map(str, texts)) for tag, texts in _mapping(raw.get("quick_replies")).items() if isinstance(texts, list)},
        tone=tone if (tone := raw.get("tone")) in TONES else TONES[0],
        voice=_local(raw.get("voice")),
        hours=_local(_mapping(raw.get("hours")).get("text")),
        privacy_notice=_local(raw.get("privacy_notice")),
        privacy_url=str(raw.get("privacy_url") or ""),
        contact_question=_local(handoff.get("contact_question")),
        contact_email=str(raw.get("contact_email") or ""),
        contact_phone=str(raw.get("contact_phone") or ""),
        wait_minutes=float(wait) if isinstance(wait, int | float) and not isinstance(wait, bool) else None,
        allowed_origins=tuple(map(str, origins)) if isinstance(origins := raw.get("allowed_origins"), list) else (),
        hide_stock=raw.get("hide_stock") is True,
        composer_first=raw.get("composer_first") is True,
        model_cap_month=_cap(raw.get("model_cap_month")),
        model_cap_day=_cap(raw.get("model_cap_day")),
        misses=misses if isinstance(misses := handoff.get("misses"), int) and not isinstance(misses, bool) and misses > 0 else None,
        amounts_in={tag: str(code) for tag, code in _mapping(raw.get("amounts_in")).items()},
    )


def opening_hours(shop: Shop) -> OpeningHours | None:
    """When people are there, as times; None when the shop does not say."""
    return opening_hours_of(_mapping(shop.settings.get("hours")))


@dataclass(frozen=True, slots=True)
class HandoffRules:
    """When a person is fetched although the assistant could answer. Each part has the queue that the customer then waits in; "" the usual."""

    words: tuple[str, ...] = ()
    words_queue: str = ""
    subjects: tuple[str, ...] = ()
    """Intents and topics of the front doors: "promotion", "returns", ..."""
    subjects_queue: str = ""
    amount: Money | None = None
    """From this amount on: a budget, a price asked for, or pieces times price."""
    amount_queue: str = ""


def handoff_rules(shop: Shop) -> HandoffRules:
    """The shop's own rules of when a person is fetched."""
    handoff = _mapping(shop.settings.get("handoff"))
    words, subjects, amount = (_mapping(handoff.get(name)) for name in ("words", "subjects", "amount"))
    return HandoffRules(
        words=_texts(words.get("words")),
        words_queue=str(words.get("queue") or ""),
        subjects=_texts(subjects.get("subjects")),
        subjects_queue=str(subjects.get("queue") or ""),
        amount=_amount(amount.get("amount"), str(amount.get("currency") or shop.currency)),
        amount_queue=str(amount.get("queue") or ""),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _amount(value: object, currency: str) -> Money | None:
    try:
        return money_of(Decimal(str(value)), currency) if value else None
    except (InvalidMoney, InvalidOperation):
        return None


def _cap(value: object) -> Decimal | None:
    """Of text or a number. What cannot be read is no cap of the shop's own: the installation's holds."""
    try:
        cap = Decimal(str(value)) if value is not None and not isinstance(value, bool) and str(value).strip() else None
    except InvalidOperation:
        return None
    return cap if cap is not None and cap.is_finite() and cap >= 0 else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _local(value: object) -> LocalText:
    if isinstance(value, str):
        return {"und": value} if value else {}
    return {str(tag): str(text) for tag, text in _mapping(value).items()}
