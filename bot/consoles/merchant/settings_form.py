"""A shop's settings as the fields of forms, and typed fields as a patch (knowledge/shop_editing.py)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from knowledge.opening_hours import DAYS, SPANS_OF_A_DAY, zone_names
from knowledge.shop_checks import SUBJECTS
from knowledge.shop_editing import settings_json
from knowledge.store import Shop

Typed = Mapping[str, str]

LANGUAGES = (
    "zh", "en", "zh-Hant", "ja", "ko", "fr", "de", "es", "it", "pt", "ru", "ar", "hi", "th", "vi", "id", "ms", "nl", "pl", "tr", "uk",
)  # fmt: skip
"""To choose from; a shop's others stand beside them."""
CURRENCIES = (
    "CNY", "USD", "EUR", "GBP", "HKD", "TWD", "JPY", "KRW", "SGD", "MYR", "THB", "VND", "IDR", "PHP", "INR", "AUD", "NZD", "CAD", "CHF",
    "SEK", "NOK", "DKK", "PLN", "CZK", "TRY", "RUB", "UAH", "BRL", "MXN", "ZAR", "AED", "SAR",
)  # fmt: skip
LOCAL = ("name", "voice", "greeting", "privacy_notice")
"""Texts by language that stand outside of hours and handing over."""


def languages_of(shop: Shop) -> list[str]:
    """Languages that texts are asked for in: the shop's, and those in which it has any."""
    settings = settings_json(shop)
    texts = [
        *(settings[name] for name in LOCAL),
        settings["quick_replies"],
        settings["hours"]["text"],
        settings["handoff"]["contact_question"],
    ]
    return list(dict.fromkeys([*shop.languages, *(tag for text in texts for tag in text)]))


def typed_of(shop: Shop) -> dict[str, str]:
    """Every field as it stands now; a box that is ticked is "1", one that is not is missing."""
    settings = settings_json(shop)
    hours, handoff = settings["hours"], settings["handoff"]
    local = {**{name: settings[name] for name in LOCAL}, "hours_text": hours["text"], "contact_question": handoff["contact_question"]}
    typed = {f"{name}:{tag}": text for name, texts in local.items() for tag, text in texts.items()}
    typed |= {f"quick_replies:{tag}": "\n".join(texts) for tag, texts in settings["quick_replies"].items()}
    typed |= {f"amounts_in:{tag}": code for tag, code in settings["amounts_in"].items()}
    typed |= {f"language:{tag}": "1" for tag in settings["languages"]}
    typed |= {"first_language": next(iter(settings["languages"]), ""), "currency": settings["currency"], "tone": settings["tone"]}
    typed |= {"timezone": hours["timezone"], "closed": "\n".join(hours["closed"])}
    for day in DAYS:
        for number, span in enumerate(hours["week"][day]):
            opens, _, closes = span.partition("-")
            typed |= {f"{day}:{number}:opens": opens, f"{day}:{number}:closes": "00:00" if closes == "24:00" else closes}
    words, subjects, amount = handoff["words"], handoff["subjects"], handoff["amount"]
    typed |= {"words": "\n".join(words["words"]), "words_queue": words["queue"], "subjects_queue": subjects["queue"]}
    typed |= {f"subject:{name}": "1" for name in subjects["subjects"]}
    typed |= {"amount": amount["amount"], "amount_currency": amount["currency"], "amount_queue": amount["queue"]}
    typed |= {name: "" if handoff[name] is None else f"{handoff[name]:g}" for name in ("misses", "wait_minutes")}
    typed |= {name: "1" for name in ("hide_stock", "composer_first") if settings[name]}
    typed |= {name: settings[name] for name in ("model_cap_month", "model_cap_day")}
    typed |= {name: settings[name] for name in ("contact_email", "contact_phone", "privacy_url")}
    return typed | {"allowed_origins": "\n".join(settings["allowed_origins"])}


def patch_of(group: str, typed: Typed, languages: Sequence[str]) -> dict[str, Any]:
    """What a form of that group wants; a field that is empty takes the setting away."""
    match group:
        case "shop":
            chosen = [tag for tag in dict.fromkeys([*LANGUAGES, *languages]) if typed.get(f"language:{tag}")]
            first = typed.get("first_language", "")
            return {
                "name": _local(typed, "name", languages),
                "languages": sorted(chosen, key=lambda tag: (tag != first, languages.index(tag) if tag in languages else len(languages))),
                "currency": typed.get("currency", ""),
                "amounts_in": {tag: typed.get(f"amounts_in:{tag}") or None for tag in languages},
            }
        case "voice":
            return {
                "tone": typed.get("tone", ""),
                "voice": _local(typed, "voice", languages),
                "greeting": _local(typed, "greeting", languages),
                "quick_replies": {tag: _lines(typed.get(f"quick_replies:{tag}", "")) or None for tag in languages},
            }
        case "hours":
            return {"hours": _hours(typed, languages)}
        case "handoff":
            return {"handoff": _handoff(typed, languages)}
        case "answers":
            return {name: bool(typed.get(name)) for name in ("hide_stock", "composer_first")}
        case "spending":
            return {name: typed.get(name, "").strip() or None for name in ("model_cap_month", "model_cap_day")}
        case _:
            return {
                **{name: typed.get(name, "").strip() for name in ("contact_email", "contact_phone", "privacy_url")},
                "privacy_notice": _local(typed, "privacy_notice", languages),
                "allowed_origins": _lines(typed.get("allowed_origins", "")),
            }


def areas() -> list[tuple[str, list[str]]]:
    """The time zones by part of the world."""
    found: dict[str, list[str]] = {}
    for name in zone_names():
        area, _, place = name.partition("/")
        found.setdefault(area if place else "", []).append(name)
    return sorted(found.items())


def _hours(typed: Typed, languages: Iterable[str]) -> dict[str, Any]:
    week: dict[str, list[str]] = {}
    for day in DAYS:
        pairs = [
            (typed.get(f"{day}:{number}:opens", "").strip(), typed.get(f"{day}:{number}:closes", "").strip())
            for number in range(SPANS_OF_A_DAY)
        ]
        # Half of a pair is not passed over: it is refused, so that nobody believes it was kept.
        week[day] = [f"{opens[:5]}-{closes[:5]}" for opens, closes in pairs if opens or closes]
    return {
        "timezone": typed.get("timezone", ""),
        "week": week,
        "closed": _lines(typed.get("closed", "")),
        "text": _local(typed, "hours_text", languages),
    }


def _handoff(typed: Typed, languages: Iterable[str]) -> dict[str, Any]:
    amount = typed.get("amount", "").strip()
    return {
        "words": {"words": _lines(typed.get("words", "")), "queue": typed.get("words_queue", "")},
        "subjects": {"subjects": [name for name in SUBJECTS if typed.get(f"subject:{name}")], "queue": typed.get("subjects_queue", "")},
        "amount": {"amount": amount, "currency": typed.get("amount_currency", ""), "queue": typed.get("amount_queue", "")},
        "misses": _number(typed.get("misses", "")),
        "wait_minutes": _number(typed.get("wait_minutes", "")),
        "contact_question": _local(typed, "contact_question", languages),
    }


def _local(typed: Typed, name: str, languages: Iterable[str]) -> dict[str, str | None]:
    return {tag: typed.get(f"{name}:{tag}", "").strip() or None for tag in languages}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> float | int | str | None:
    """As it was typed where it is none, so that it is refused with its words."""
    text = text.strip()
    if not text:
        return None
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        return text
