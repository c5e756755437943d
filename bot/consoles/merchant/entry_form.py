"""An entry as the fields of a form, and the fields as an entry's plain JSON. What a form does not show stays as it was.

A field is named by its place: `question:en`, `heading:0`, `minimum`. Lists stand one item a line.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from knowledge.catalog import Availability
from knowledge.checking import TOPICS
from knowledge.errors import InvalidEntry
from knowledge.importing.text import slug
from knowledge.money import Money, money_of
from knowledge.store import DocumentKind

Plain = dict[str, Any]
Typed = Mapping[str, str]

LOCAL: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.FAQ: ("question", "answer"),
    DocumentKind.PROMOTION: ("title", "text"),
    DocumentKind.PRODUCT: ("title", "description"),
}
"""Texts by language."""
EDITABLE = (DocumentKind.FAQ, DocumentKind.POLICY, DocumentKind.PROMOTION, DocumentKind.PRODUCT)
_LISTS = {DocumentKind.PROMOTION: ("skus", "categories"), DocumentKind.PRODUCT: ("goes_with", "replaces")}
_LINES = {DocumentKind.FAQ: ("category",), DocumentKind.PROMOTION: ("audience",), DocumentKind.PRODUCT: ("brand",)}
_MONEY = ("amount_off", "minimum")
_MINUTES = "%Y-%m-%dT%H:%M"


def languages_of(shop_languages: Sequence[str], body: Plain) -> list[str]:
    """Those of the shop, then others that the entry has texts in."""
    found = dict.fromkeys(shop_languages)
    for value in body.values():
        if isinstance(value, dict):
            found |= dict.fromkeys(tag for tag in value if tag not in ("minor", "currency"))
    found |= dict.fromkeys(one["language"] for one in body.get("attributes") or ())
    return list(found)


def typed_of(kind: DocumentKind, body: Plain, care: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """The fields of a form that show this body (`{}`: an empty one) and its care."""
    typed = {name: str(body.get(name) or "") for name in _LINES.get(kind, ())}
    typed |= {name: "\n".join(body.get(name) or ()) for name in _LISTS.get(kind, ())}
    for tag in languages:
        typed |= {f"{name}:{tag}": (body.get(name) or {}).get(tag, "") for name in LOCAL.get(kind, ())}
    match kind:
        case DocumentKind.FAQ:
            typed |= {f"also_asked:{tag}": "\n".join((body.get("also_asked") or {}).get(tag, ())) for tag in languages}
            typed["approved"] = "1" if body.get("approved") else ""
        case DocumentKind.POLICY:
            typed |= {name: str(body.get(name) or "") for name in ("title", "language", "topic")}
            for number, section in enumerate(body.get("sections") or ()):
                typed |= {f"heading:{number}": section["heading"], f"text:{number}": section["text"]}
        case DocumentKind.PROMOTION:
            typed["percent_off"] = str(body.get("percent_off") or "")
            typed |= {name: _minutes(body.get(name)) for name in ("starts", "ends")}
            for name in _MONEY:
                typed[name] = Money(**body[name]).text if body.get(name) else ""
                typed[f"{name}:currency"] = body[name]["currency"] if body.get(name) else ""
        case DocumentKind.PRODUCT:
            typed["published"] = "1" if body.get("published", True) else ""
            for tag in languages:
                lines = [_attribute_line(one) for one in body.get("attributes") or () if one["language"] == tag]
                typed[f"attributes:{tag}"] = "\n".join(lines)
    typed |= {"owner": care.get("owner", ""), "review_by": care.get("review_by", "")}
    return typed | {name: _minutes(care.get(name)) for name in ("effective_from", "effective_until")}


def plain_of(kind: DocumentKind, typed: Typed, before: Plain, languages: Sequence[str], currency: str) -> Plain:
    """The body with its care, as `Editing.put_entry` takes it. `before`: the plain body (and care) that the form showed; `currency`: of
    amounts that name none. Raises InvalidEntry."""
    plain = dict(before)
    for name in LOCAL.get(kind, ()):
        plain[name] = {tag: text for tag in languages if (text := typed.get(f"{name}:{tag}", "").strip())}
    plain |= {name: typed.get(name, "").strip() for name in _LINES.get(kind, ())}
    plain |= {name: _items(typed.get(name, "")) for name in _LISTS.get(kind, ())}
    match kind:
        case DocumentKind.FAQ:
            also = {tag: _items(typed.get(f"also_asked:{tag}", "")) for tag in languages}
            plain["also_asked"] = {tag: items for tag, items in also.items() if items}
            plain["approved"] = bool(typed.get("approved"))
        case DocumentKind.POLICY:
            plain |= {
                "title": typed.get("title", "").strip(),
                "language": typed.get("language", ""),
                "topic": typed.get("topic") or TOPICS[-1],
            }
            plain["sections"] = _sections(typed, before.get("sections") or ())
        case DocumentKind.PROMOTION:
            plain["percent_off"] = typed.get("percent_off", "").strip().removesuffix("%") or None
            plain |= {name: _moment(typed.get(name, ""), before.get(name)) for name in ("starts", "ends")}
            plain |= {name: _money(typed, name, currency) for name in _MONEY}
        case DocumentKind.PRODUCT:
            plain["published"] = bool(typed.get("published"))
            plain["attributes"] = _attributes(typed, before.get("attributes") or (), languages)
            plain["variants"] = _variants(typed, before.get("variants") or (), currency)
    plain["care"] = _care(typed, before.get("care") or {})
    return plain


def _care(typed: Typed, before: Mapping[str, str]) -> Plain:
    care: Plain = {"owner": typed.get("owner", "").strip(), "review_by": typed.get("review_by", "").strip()}
    care |= {name: _moment(typed.get(name, ""), before.get(name)) for name in ("effective_from", "effective_until")}
    return {name: value for name, value in care.items() if value}


def _items(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _minutes(moment: str | None) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime(_MINUTES) if moment else ""


def _moment(typed: str, before: str | None) -> str | None:
    """What was typed, in UTC; seconds, which the form does not show, stay."""
    return before if typed.strip() == _minutes(before) else typed.strip() or None


def _decimal(text: str, field: str) -> Decimal:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise InvalidEntry("Write an amount as digits, such as 19.90.", field)
    return amount


def _money(typed: Typed, name: str, currency: str) -> Plain | None:
    text = typed.get(name, "").strip()
    if not text:
        return None
    money = money_of(_decimal(text, name), typed.get(f"{name}:currency", "").strip().upper() or currency)
    return {"minor": money.minor, "currency": money.currency}


def _sections(typed: Typed, before: Sequence[Plain]) -> list[Plain]:
    """A section keeps its anchor while its heading stays; customers' sources name it."""
    numbers = sorted(int(found[1]) for name in typed if (found := re.fullmatch(r"text:(\d{1,4})", name)))
    sections: list[Plain] = []
    taken = {section["anchor"] for section in before}
    for number in numbers:
        heading, text = typed.get(f"heading:{number}", "").strip(), typed[f"text:{number}"].strip()
        if not heading and not text:
            continue
        old = before[number] if number < len(before) else None
        anchor = old["anchor"] if old and old["heading"] == heading else _free(slug(heading) or "section", taken)
        taken.add(anchor)
        sections.append({"heading": heading, "anchor": anchor, "text": text})
    return sections


def _free(anchor: str, taken: set[str]) -> str:
    return next(name for number in range(1, len(taken) + 2) if (name := anchor if number == 1 else f"{anchor}-{number}") not in taken)


def _attribute_line(attribute: Mapping[str, str]) -> str:
    return " ".join(f"{attribute['name']}: {attribute['value']}".split())


def _attributes(typed: Typed, before: Sequence[Plain], languages: Sequence[str]) -> list[Plain]:
    """A line that was not touched stays the attribute it was, with its source."""
    attributes: list[Plain] = []
    for tag in languages:
        was = {_attribute_line(one): one for one in before if one["language"] == tag}
        for line in _items(typed.get(f"attributes:{tag}", "")):
            name, colon, value = line.replace("：", ":", 1).partition(":") if ":" not in line else line.partition(":")
            if line not in was and not (colon and name.strip() and value.strip()):
                raise InvalidEntry("Write each property on a line of its own, as “name: value”.", "attributes")
            attributes.append(was.get(line) or {"name": name.strip(), "value": value.strip(), "language": tag})
    return attributes


def _variants(typed: Typed, before: Sequence[Plain], currency: str) -> list[Plain]:
    """Those there are, and the one that was typed."""
    sku, price, stock = (typed.get(f"new_{name}", "").strip() for name in ("sku", "price", "stock"))
    if not sku:
        return list(before)
    variant: Plain = {"sku": sku}
    if price:
        money = money_of(_decimal(price, "new_price"), typed.get("new_currency", "").strip().upper() or currency)
        variant["offer"] = {"regular": {"minor": money.minor, "currency": money.currency}}
    if stock:
        if not stock.isascii() or not stock.isdigit() or len(stock) > 9:
            raise InvalidEntry("A stock figure is 0 or more.", "new_stock")
        variant["availability"] = {"state": Availability.of(int(stock)).state.value, "quantity": int(stock)}
    return [*before, variant]
