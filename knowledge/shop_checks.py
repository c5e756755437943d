"""What each setting of a shop must be: a value that is kept, or InvalidSetting with its place and one sentence."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from knowledge.currencies import is_currency
from knowledge.errors import InvalidMoney, InvalidSetting
from knowledge.localized import LocalText
from knowledge.money import money_of
from knowledge.opening_hours import DAYS, MOST_CLOSED, SPANS_OF_A_DAY, Span, span_of, zone_of
from knowledge.shop_settings import TONES

Json = dict[str, Any]

SUBJECTS = (
    "shipping", "returns", "payment", "warranty", "promotion", "price", "availability", "product_question", "product_search", "recommend",
    "compare", "store_info", "privacy", "out_of_scope",
)  # fmt: skip
"""Policy topics and intents that a rule of handing over may name; orders, complaints and who asks for a person come to one in any case."""
TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
ORIGIN = re.compile(r"\*|https?://(?:\*\.)?[a-z0-9.-]+(?::\d{1,5})?", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,}")
MOST_QUICK_REPLIES = 4
"""As many as the widget and Telegram show at the start."""
LONGEST = {"name": 120, "voice": 600, "greeting": 600, "hours.text": 300, "privacy_notice": 1000, "handoff.contact_question": 300}
LONGEST_QUICK_REPLY = 80
LONGEST_WORD, MOST_WORDS = 60, 100
LONGEST_QUEUE = 40
MOST_ORIGINS = 50
MOST_MINUTES = 24 * 60
MOST_MISSES = 9
HIGHEST_CAP = 1_000_000_000


def _name(value: Any, field: str) -> LocalText:
    names = _local(value, field)
    if not names:
        raise InvalidSetting("The shop needs a name in one language at least.", field, "name")
    return names


def _languages(value: Any, field: str) -> list[str]:
    tags = list(dict.fromkeys(_tag(tag, field) for tag in _list(value, field)))
    if not tags:
        raise InvalidSetting("The shop needs one language at least.", field, "languages")
    return tags[:20]


def _currency(value: Any, field: str) -> str:
    code = str(value or "").strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code) or not is_currency(code):
        raise InvalidSetting(
            f"“{code[:12]}” is no currency; use the three-letter code, such as USD or CNY.", field, "currency", value=code[:12]
        )
    return code


def _amounts_in(value: Any, field: str) -> dict[str, str]:
    given = _object(value, field)
    return {_tag(tag, field): _currency(code, f"{field}.{tag}") for tag, code in given.items() if code}


def _tone(value: Any, field: str) -> str:
    return _one_of(value or TONES[0], TONES, field)


def _local(value: Any, field: str) -> LocalText:
    """Texts by language; a plain string is of no language that we know."""
    given = {"und": value} if isinstance(value, str) else _object(value, field)
    most, out = LONGEST.get(field, 300), LocalText()
    for tag, text in given.items():
        said = _text(text, f"{field}.{tag}", most)
        if said:
            out[_tag(tag, field)] = said
    return out


def _quick_replies(value: Any, field: str) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for tag, texts in _object(value, field).items():
        lines = list(dict.fromkeys(said for text in _list(texts, field) if (said := _text(text, f"{field}.{tag}", LONGEST_QUICK_REPLY))))
        if len(lines) > MOST_QUICK_REPLIES:
            raise InvalidSetting(
                f"At most {MOST_QUICK_REPLIES} questions are shown at the start; leave out some.", f"{field}.{tag}", "too_many",
                most=MOST_QUICK_REPLIES,
            )  # fmt: skip
        if lines:
            out[_tag(tag, field)] = lines
    return out


def _hours(value: Any, field: str) -> Json:
    given = _object(value, field)
    _only(given, ("timezone", "week", "closed", "text"), field)
    zone = str(given.get("timezone") or "").strip()
    if zone and zone_of(zone) is None:
        raise InvalidSetting(
            f"“{zone[:40]}” is no time zone; choose one such as Asia/Shanghai.", f"{field}.timezone", "zone", value=zone[:40]
        )
    week = _object(given.get("week"), f"{field}.week")
    _only(week, DAYS, f"{field}.week")
    spans = {day: [span.text for span in _spans(week.get(day), f"{field}.week.{day}")] for day in DAYS}
    if any(spans.values()) and not zone:
        raise InvalidSetting("Opening hours need a time zone; choose the one of the shop.", f"{field}.timezone", "zone_missing")
    return {
        "timezone": zone,
        "week": spans,
        "closed": _dates(given.get("closed"), f"{field}.closed"),
        "text": _local(given.get("text"), f"{field}.text"),
    }


def _spans(value: Any, field: str) -> list[Span]:
    spans = []
    for text in _list(value, field):
        try:
            spans.append(span_of(str(text)))
        except ValueError:
            raise InvalidSetting(
                f"“{str(text)[:30]}” are no hours; write them as 09:00-18:00.", field, "span", value=str(text)[:30]
            ) from None
    spans.sort(key=lambda span: span.start)
    if len(spans) > SPANS_OF_A_DAY:
        raise InvalidSetting(f"A day takes {SPANS_OF_A_DAY} spans, before and after a break.", field, "spans", most=SPANS_OF_A_DAY)
    if any(later.start < earlier.end for earlier, later in pairwise(spans)):
        raise InvalidSetting("The two spans of a day overlap; let the second begin after the first.", field, "overlap")
    return spans


def _dates(value: Any, field: str) -> list[str]:
    days = set()
    for text in _list(value, field):
        if not str(text).strip():
            continue
        try:
            days.add(date.fromisoformat(str(text).strip()))
        except ValueError:
            raise InvalidSetting(f"“{str(text)[:30]}” is no day; write it as 2026-12-31.", field, "day", value=str(text)[:30]) from None
    if len(days) > MOST_CLOSED:
        raise InvalidSetting(
            f"At most {MOST_CLOSED} closed days are kept; leave out those that are past.", field, "too_many", most=MOST_CLOSED
        )
    return [day.isoformat() for day in sorted(days)]


def _handoff(value: Any, field: str) -> Json:
    given = _object(value, field)
    _only(given, ("words", "subjects", "amount", "misses", "wait_minutes", "contact_question"), field)
    words, subjects, amount = (_object(given.get(part), f"{field}.{part}") for part in ("words", "subjects", "amount"))
    _only(words, ("words", "queue"), f"{field}.words")
    _only(subjects, ("subjects", "queue"), f"{field}.subjects")
    _only(amount, ("amount", "currency", "queue"), f"{field}.amount")
    chosen = [_one_of(one, SUBJECTS, f"{field}.subjects") for one in _list(subjects.get("subjects"), f"{field}.subjects")]
    return {
        "words": {"words": _words(words.get("words"), f"{field}.words"), "queue": _queue(words, f"{field}.words")},
        "subjects": {"subjects": [one for one in SUBJECTS if one in chosen], "queue": _queue(subjects, f"{field}.subjects")},
        "amount": {**_threshold(amount, f"{field}.amount"), "queue": _queue(amount, f"{field}.amount")},
        "misses": _number(given.get("misses"), 1, MOST_MISSES, f"{field}.misses"),
        "wait_minutes": _minutes(given.get("wait_minutes"), f"{field}.wait_minutes"),
        "contact_question": _local(given.get("contact_question"), f"{field}.contact_question"),
    }


def _words(value: Any, field: str) -> list[str]:
    words = list(dict.fromkeys(said for text in _list(value, field) if (said := _text(text, field, LONGEST_WORD))))
    if len(words) > MOST_WORDS:
        raise InvalidSetting(f"At most {MOST_WORDS} words are looked for.", field, "too_many", most=MOST_WORDS)
    for word in words:
        if not any(sign.isalnum() for sign in word):
            raise InvalidSetting(f"“{word}” holds no word.", field, "no_word", value=word)
    return words


def _threshold(amount: Mapping[str, Any], field: str) -> Json:
    text = str(amount.get("amount") or "").strip()
    currency = _currency(amount.get("currency"), f"{field}.currency") if amount.get("currency") else ""
    if not text:
        return {"amount": "", "currency": currency}
    try:
        money = money_of(Decimal(text), currency or "USD")
    except (InvalidOperation, InvalidMoney):
        money = None
    if money is None or money.minor <= 0:
        raise InvalidSetting(f"“{text[:20]}” is no amount; write digits such as 1000 or 49.90.", field, "amount", value=text[:20])
    return {"amount": money.text, "currency": currency}


def _queue(given: Mapping[str, Any], field: str) -> str:
    return " ".join(_text(given.get("queue"), f"{field}.queue", LONGEST_QUEUE).split())


def _flag(value: Any, field: str) -> bool:
    if value is None or isinstance(value, bool):
        return value is True
    raise InvalidSetting("Say true or false.", field, "flag")


def _cap(value: Any, field: str) -> str:
    """An amount as text, "" for none; the currency is the installation's."""
    if isinstance(value, bool) or not (value is None or isinstance(value, str | int | float)):
        raise InvalidSetting("Write an amount.", field, "amount", value=str(value)[:40])
    text = str("" if value is None else value).strip()
    if not text:
        return ""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= HIGHEST_CAP or amount != round(amount, 4):
        raise InvalidSetting(f"“{text[:40]}” is no amount; write digits such as 1000 or 49.90.", field, "amount", value=text[:40])
    return f"{amount:f}"


def _email(value: Any, field: str) -> str:
    text = _text(value, field, 200)
    if text and not EMAIL.fullmatch(text):
        raise InvalidSetting(f"“{text[:60]}” is no e-mail address.", field, "email", value=text[:60])
    return text


def _phone(value: Any, field: str) -> str:
    text = _text(value, field, 40)
    if text and (not re.fullmatch(r"[+()\d\s./-]+", text) or sum(sign.isdigit() for sign in text) < 5):
        raise InvalidSetting(f"“{text}” is no telephone number; write digits, spaces, + and -.", field, "phone", value=text)
    return text


def _url(value: Any, field: str) -> str:
    text = _text(value, field, 500)
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname or any(sign.isspace() for sign in text)):
        raise InvalidSetting("Give the whole address, such as https://shop.example/privacy.", field, "url", value=text[:60])
    return text


def _origins(value: Any, field: str) -> list[str]:
    origins = list(dict.fromkeys(said for text in _list(value, field) if (said := _text(text, field, 200).rstrip("/"))))
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise InvalidSetting(
                f"“{origin[:60]}” is no website; write it as https://shop.example, without a path.", field, "origin", value=origin[:60]
            )
    if len(origins) > MOST_ORIGINS:
        raise InvalidSetting(f"At most {MOST_ORIGINS} websites.", field, "too_many", most=MOST_ORIGINS)
    return origins


CHECKS: Mapping[str, Callable[[Any, str], Any]] = {
    "name": _name, "languages": _languages, "currency": _currency, "amounts_in": _amounts_in, "tone": _tone, "voice": _local,
    "greeting": _local, "quick_replies": _quick_replies, "hours": _hours, "handoff": _handoff, "hide_stock": _flag, "composer_first": _flag,
    "model_cap_month": _cap, "model_cap_day": _cap,
    "contact_email": _email, "contact_phone": _phone, "privacy_notice": _local, "privacy_url": _url, "allowed_origins": _origins,
}  # fmt: skip
"""Setting → what checks it and gives the value that is kept. Each raises InvalidSetting."""


# ── shapes ──


def _text(value: Any, field: str, most: int) -> str:
    if value is not None and not isinstance(value, str):
        raise InvalidSetting("Write a text.", field, "text")
    text = (value or "").replace("\r\n", "\n").strip()
    if len(text) > most:
        raise InvalidSetting(f"The text has {len(text)} characters; at most {most} fit.", field, "too_long", most=most)
    if any(ord(sign) < 32 and sign != "\n" for sign in text):
        raise InvalidSetting("The text holds signs that cannot be shown.", field, "text")
    return text


def _list(value: Any, field: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise InvalidSetting("Give a list.", field, "list")
    return list(value)


def _object(value: Any, field: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidSetting("Give an object.", field, "object")
    return {str(name): inner for name, inner in value.items()}


def _only(given: Mapping[str, Any], known: Sequence[str], field: str) -> None:
    for name in given:
        if name not in known:
            raise InvalidSetting(
                f"There is no setting “{field}.{name[:40]}”.", f"{field}.{name[:40]}", "unknown", value=f"{field}.{name[:40]}"
            )


def _one_of(value: Any, known: Sequence[str], field: str) -> str:
    if value not in known:
        raise InvalidSetting(f"Choose one of {', '.join(known)}.", field, "choice", value=str(value)[:40])
    return str(value)


def _number(value: Any, least: int, most: int, field: str) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or not least <= value <= most:
        raise InvalidSetting(f"Give a whole number from {least} to {most}.", field, "number", least=least, most=most)
    return int(value)


def _minutes(value: Any, field: str) -> float | None:
    if isinstance(value, float) and 0 <= value <= MOST_MINUTES:
        return value
    return _number(value, 0, MOST_MINUTES, field)


def _tag(value: Any, field: str) -> str:
    tag = str(value).strip()
    if tag != "und" and not TAG.fullmatch(tag):
        raise InvalidSetting(f"“{tag[:20]}” is no language; write a tag such as en or zh.", field, "tag", value=tag[:20])
    return tag
