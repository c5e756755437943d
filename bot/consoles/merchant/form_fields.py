"""Reads the fields of a form, and notes at each one what is wrong with it, so that all of it is said at once and nothing typed is lost.

A field is named by its place: `question:en`, `minimum`. Rows of which there may be any number are `ROW:NUMBER:FIELD` (`variant:0:sku`); they are
added and taken away by buttons that send the whole form, so that it needs no script.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from knowledge.money import Money
from knowledge.prices import parse_price

Plain = dict[str, Any]
Typed = Mapping[str, str]
MOST_ROWS = 500
_MINUTES = "%Y-%m-%dT%H:%M"
_CURRENCY = re.compile(r"[A-Z]{3}")


class Fields:
    """What was typed. `currency`: of amounts that name none."""

    def __init__(self, typed: Typed, currency: str) -> None:
        self.typed = typed
        self.currency = currency
        self.wrong: dict[str, str] = {}
        """Field to the code of the sentence that says what to do (texts: wrong.CODE)."""

    def refuse(self, name: str, code: str) -> None:
        """Notes what is wrong with a field; the first finding stands."""
        self.wrong.setdefault(name, code)

    def text(self, name: str) -> str:
        """On one line or several, without space around."""
        return self.typed.get(name, "").strip()

    def local(self, name: str, languages: Sequence[str]) -> dict[str, str]:
        """By language, those that are filled."""
        return {tag: text for tag in languages if (text := self.text(f"{name}:{tag}"))}

    def lines(self, name: str) -> list[str]:
        """One item a line, each once."""
        return list(dict.fromkeys(line.strip() for line in self.typed.get(name, "").splitlines() if line.strip()))

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """One a line: `Colour=Black`, or with a colon."""
        found = []
        for line in self.lines(name):
            match = re.fullmatch(r"([^=:：]+?)\s*[=:：]\s*(.+)", line)
            if match:
                found.append((match[1].strip(), match[2].strip()))
            else:
                self.refuse(name, "pairs")
        return found

    def money(self, name: str, currency: str = "") -> Plain | None:
        """An amount in any common writing, as {minor, currency}; `currency`: the field that names it. None for nothing."""
        text, named = self.text(name), self.text(currency).upper() if currency else ""
        if named and not _CURRENCY.fullmatch(named):
            self.refuse(currency, "currency")
            named = ""
        if not text:
            return None
        read = parse_price(text, named or self.currency)
        if read.amount is None or read.up_to is not None or read.amount.minor < 0 or (named and read.amount.currency != named):
            self.refuse(name, "amount")
            return None
        return money_plain(read.amount)

    def whole(self, name: str) -> int | None:
        """A count of pieces."""
        text = self.text(name)
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            self.refuse(name, "whole")
            return None
        return int(text)

    def decimal(self, name: str, least: str, most: str, code: str) -> Decimal | None:
        """A number between two bounds, both included."""
        text = self.text(name).removesuffix("%").strip().replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not Decimal(least) <= number <= Decimal(most):
            self.refuse(name, code)
            return None
        return number

    def moment(self, name: str, before: str | None = None) -> str | None:
        """A time in UTC as ISO text; the seconds of `before`, which a form does not show, stay."""
        text = self.text(name)
        if text == minutes(before):
            return before
        try:
            found = datetime.fromisoformat(text) if text else None
        except ValueError:
            self.refuse(name, "moment")
            return None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat() if found else None

    def day(self, name: str) -> str:
        """A date as ISO text."""
        text = self.text(name)
        try:
            return date.fromisoformat(text).isoformat() if text else ""
        except ValueError:
            self.refuse(name, "day")
            return ""

    def address(self, name: str, before: str = "") -> str:
        """A web address, or a path on the shop's own site. What stood there `before` (from a file, say) is left alone."""
        text = self.text(name)
        if text and text != before and not is_address(text):
            self.refuse(name, "address")
        return text


def is_address(text: str) -> bool:
    """Whether a browser can open it: http, https, or a path."""
    return bool(re.fullmatch(r"(?:https?://[^\s/]+\S*|/[^\s/]\S*)", text)) and len(text) <= 2000


def minutes(moment: str | None) -> str:
    """As a field of a form shows a time; UTC."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime(_MINUTES) if moment else ""


def money_plain(money: Money) -> Plain:
    """As JSON."""
    return {"minor": money.minor, "currency": money.currency}


def rows(typed: Typed, row: str) -> list[int]:
    """The numbers of the rows of that name, in their order."""
    found = (re.match(rf"{row}:(\d{{1,4}}):", name) for name in typed)
    return sorted({int(match[1]) for match in found if match})


def with_changed_rows(
    typed: Typed, do: str, starts: Mapping[str, Mapping[str, str]], count: Mapping[str, int]
) -> tuple[dict[str, str], str]:
    """The form after the button `add:ROW` (or `add:ROW:LANGUAGE`) or `remove:ROW:NUMBER`, and the field to begin writing in. `starts`: what
    a new row of each name holds; `count`: how many are added at once, where not one."""
    verb, _, rest = do.partition(":")
    row, _, about = rest.partition(":")
    if row not in starts:
        return dict(typed), ""
    there = rows(typed, row)
    if verb == "remove":
        return {name: value for name, value in typed.items() if not name.startswith(f"{row}:{about}:")}, ""
    changed, first = dict(typed), there[-1] + 1 if there else 0
    for number in range(first, first + count.get(row, 1) if len(there) < MOST_ROWS else first):
        changed |= {f"{row}:{number}:{field}": about if value == "@" else value for field, value in starts[row].items()}
    begin = next((field for field, value in starts[row].items() if value != "@"), "")
    return changed, f"{row}:{first}:{begin}"
