"""What a merchant sets for a shop, read from `Shop.settings` with defaults that work. Unknown or malformed values fall back; they never stop a turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.localized import LocalText
from knowledge.store import Shop


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """Keys of `Shop.settings`, as in demo/shop.toml."""

    greeting: LocalText = field(default_factory=dict)
    quick_replies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    voice: LocalText = field(default_factory=dict)
    hours: LocalText = field(default_factory=dict)
    """Opening hours of the staff in words."""
    privacy_notice: LocalText = field(default_factory=dict)
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


def shop_settings(shop: Shop) -> ShopSettings:
    """The shop's settings, typed."""
    raw = shop.settings
    handoff = _mapping(raw.get("handoff"))
    wait = handoff.get("wait_minutes", raw.get("wait_minutes"))
    return ShopSettings(
        greeting=_local(raw.get("greeting")),
        quick_replies={tag: tuple(map(str, texts)) for tag, texts in _mapping(raw.get("quick_replies")).items() if isinstance(texts, list)},
        voice=_local(raw.get("voice")),
        hours=_local(_mapping(raw.get("hours")).get("text")),
        privacy_notice=_local(raw.get("privacy_notice")),
        contact_question=_local(handoff.get("contact_question")),
        contact_email=str(raw.get("contact_email") or ""),
        contact_phone=str(raw.get("contact_phone") or ""),
        wait_minutes=float(wait) if isinstance(wait, int | float) and not isinstance(wait, bool) else None,
        allowed_origins=tuple(map(str, origins)) if isinstance(origins := raw.get("allowed_origins"), list) else (),
        hide_stock=raw.get("hide_stock") is True,
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _local(value: object) -> LocalText:
    if isinstance(value, str):
        return {"und": value} if value else {}
    return {str(tag): str(text) for tag, text in _mapping(value).items()}
