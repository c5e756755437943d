"""What a merchant sets for a shop, as one JSON document: read whole, changed by a merge patch (RFC 7396), checked before anything is kept.

shop_settings.py reads a shop's settings for answers and forgives what is malformed; here nothing malformed gets in.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from knowledge.errors import InvalidSetting
from knowledge.opening_hours import DAYS, span_of, week_texts
from knowledge.shop_checks import CHECKS
from knowledge.shop_settings import handoff_rules, shop_settings
from knowledge.store import Shop

Json = dict[str, Any]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "shop": ("name", "languages", "currency", "amounts_in"),
    "voice": ("tone", "voice", "greeting", "quick_replies"),
    "hours": ("hours",),
    "handoff": ("handoff",),
    "answers": ("hide_stock", "composer_first"),
    "spending": ("model_cap_month", "model_cap_day"),
    "contact": ("contact_email", "contact_phone", "privacy_notice", "privacy_url", "allowed_origins"),
}
"""All settings, in the order in which a merchant is asked for them."""
_OUTSIDE = ("name", "languages", "currency")
"""Columns of the shop itself."""


def settings_json(shop: Shop) -> Json:
    """Every setting with its present value, in one form whatever form it was kept in."""
    settings, rules = shop_settings(shop), handoff_rules(shop)
    hours = shop.settings.get("hours")
    hours = hours if isinstance(hours, dict) else {}
    return {
        "name": dict(shop.name),
        "languages": list(shop.languages),
        "currency": shop.currency,
        "amounts_in": dict(settings.amounts_in),
        "tone": settings.tone,
        "voice": dict(settings.voice),
        "greeting": dict(settings.greeting),
        "quick_replies": {tag: list(texts) for tag, texts in settings.quick_replies.items()},
        "hours": {
            "timezone": str(hours.get("timezone") or ""),
            "week": {day: _canonical(texts) for day, texts in zip(DAYS, week_texts(hours), strict=True)},
            "closed": [str(day) for day in closed] if isinstance(closed := hours.get("closed"), list) else [],
            "text": dict(settings.hours),
        },
        "handoff": {
            "words": {"words": list(rules.words), "queue": rules.words_queue},
            "subjects": {"subjects": list(rules.subjects), "queue": rules.subjects_queue},
            "amount": {
                "amount": rules.amount.text if rules.amount else "",
                "currency": rules.amount.currency if rules.amount else "",
                "queue": rules.amount_queue,
            },
            "misses": settings.misses,
            "wait_minutes": settings.wait_minutes,
            "contact_question": dict(settings.contact_question),
        },
        "hide_stock": settings.hide_stock,
        "composer_first": settings.composer_first,
        "model_cap_month": "" if settings.model_cap_month is None else f"{settings.model_cap_month:f}",
        "model_cap_day": "" if settings.model_cap_day is None else f"{settings.model_cap_day:f}",
        "contact_email": settings.contact_email,
        "contact_phone": settings.contact_phone,
        "privacy_notice": dict(settings.privacy_notice),
        "privacy_url": settings.privacy_url,
        "allowed_origins": list(settings.allowed_origins),
    }


def changed_shop(shop: Shop, patch: Mapping[str, Any]) -> Shop:
    """The shop with what the patch says (RFC 7396: null takes away, what is not named stays). Raises InvalidSetting."""
    before = settings_json(shop)
    for name in patch:
        if name not in before:
            raise InvalidSetting(f"There is no setting “{name[:40]}”.", name[:40], "unknown", value=name[:40])
    whole = merged(before, patch)
    checked = {name: CHECKS[name](whole.get(name), name) for name in patch}
    kept = {name: value for name, value in checked.items() if name not in _OUTSIDE}
    # An older description may have it outside of `handoff`, where it is kept now.
    rest = {name: value for name, value in shop.settings.items() if not (name == "wait_minutes" and "handoff" in kept)}
    return replace(
        shop,
        name=checked.get("name", shop.name),
        languages=tuple(checked.get("languages", shop.languages)),
        currency=checked.get("currency", shop.currency),
        settings={**rest, **kept},
    )


def checked_shop(shop: Shop) -> Shop:
    """A shop that was described in a file, as it came. Raises InvalidSetting for what could not be set at the console either."""
    given = {**shop.settings, "name": shop.name, "languages": list(shop.languages), "currency": shop.currency}
    before = settings_json(replace(shop, settings={}))
    hours = given.get("hours")
    if isinstance(hours, dict) and "week" not in hours:
        given["hours"] = {
            "timezone": hours.get("timezone"),
            "week": dict(zip(DAYS, week_texts(hours), strict=True)),
            "closed": [str(day) for day in hours.get("closed") or []],
            "text": hours.get("text"),
        }
    for name in before.keys() & given.keys():
        CHECKS[name](merged(before[name], given[name]), name)
    return shop


def merged(before: Any, patch: Any) -> Any:
    """RFC 7396, section 2."""
    if not isinstance(patch, Mapping):
        return patch
    out = dict(before) if isinstance(before, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            out.pop(name, None)
        else:
            out[name] = merged(out.get(name), value)
    return out


def differences(before: Shop, after: Shop) -> dict[str, tuple[Any, Any]]:
    """Setting → value before and after, of those that differ; handing over and hours part by part ("handoff.words")."""
    old, new = _flat(settings_json(before)), _flat(settings_json(after))
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def fingerprint(shop: Shop, names: Iterable[str] | None = None) -> str:
    """Tells whether settings were changed since somebody looked; of all, or of these. 16 hex digits."""
    whole = settings_json(shop)
    chosen = whole if names is None else {name: whole[name] for name in names}
    return hashlib.sha256(json.dumps(chosen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _flat(settings: Json) -> Json:
    out: Json = {}
    for name, value in settings.items():
        if name in ("hours", "handoff"):
            out.update({f"{name}.{part}": inner for part, inner in value.items()})
        else:
            out[name] = value
    return out


def _canonical(texts: Sequence[str]) -> list[str]:
    out = []
    for text in texts:
        try:
            out.append(span_of(text).text)
        except ValueError:
            continue
    return out
