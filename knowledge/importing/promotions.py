"""Promotions out of records."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from knowledge.importing.columns import Columns
from knowledge.importing.draft import Context
from knowledge.importing.own_products import listed
from knowledge.importing.problems import Report
from knowledge.importing.statements import localized
from knowledge.importing.tables import Record
from knowledge.importing.text import plain, plain_line, slug
from knowledge.importing.words import decimal_of, moment_of
from knowledge.money import Money
from knowledge.prices import parse_price
from knowledge.promotion import Promotion


def promotions_of(records: Sequence[Record], columns: Columns, report: Report, context: Context) -> list[Promotion]:
    """One promotion a record; what cannot be taken whole is rejected."""
    found: dict[str, Promotion] = {}
    for record in records:
        if record.row in report.rejected:
            continue
        promotion = _promotion(record, columns, report, context)
        if promotion is None:
            continue
        if promotion.code in found:
            report.reject(record.row, columns.column("code"), "duplicate_code", value=promotion.code)
            continue
        found[promotion.code] = promotion
    return list(found.values())


def _promotion(record: Record, columns: Columns, report: Report, context: Context) -> Promotion | None:
    cells, row = record.cells, record.row
    title = localized(columns.get(cells, "title"), context.languages, columns.texts(cells, "title"), one_line=True)
    text = localized(columns.get(cells, "text"), context.languages, columns.texts(cells, "text"))
    code = plain_line(columns.get(cells, "code")) or slug(next(iter(title.values()), ""))
    if not code:
        report.reject(row, columns.column("code"), "code_missing")
        return None
    currency = columns.get(cells, "currency").strip().upper() or context.currency
    percent = None
    if stated := columns.get(cells, "percent_off").strip():
        percent = decimal_of(re.sub(r"\s*%$", "", stated))
        if percent is None or not 0 < percent <= 100:
            report.reject(row, columns.column("percent_off"), "percent_unreadable", value=stated)
            return None
    amounts: dict[str, Money | None] = {}
    for name in ("amount_off", "minimum"):
        value = columns.get(cells, name)
        price = parse_price(value, currency)
        if value.strip() and price.amount is None:
            report.reject(row, columns.column(name), "amount_unreadable", value=value)
            return None
        amounts[name] = price.amount
    window: dict[str, datetime | None] = {}
    for name in ("starts", "ends"):
        value = columns.get(cells, name)
        window[name] = moment_of(value, end_of_day=name == "ends") if value.strip() else None
        if value.strip() and window[name] is None:
            report.reject(row, columns.column(name), "date_unreadable", value=value)
            return None
    starts, ends = window["starts"], window["ends"]
    if starts is not None and ends is not None and ends <= starts:
        report.reject(row, columns.column("ends"), "window_empty", value=columns.get(cells, "ends"))
        return None
    if percent is None and amounts["amount_off"] is None and not text:
        report.warn(row, columns.column("text"), "promotion_without_terms")
    if ends is not None and context.now is not None and ends <= context.now:
        report.warn(row, columns.column("ends"), "promotion_over", value=columns.get(cells, "ends"))
    return Promotion(
        code=code, title=title, text=text, percent_off=_tidy(percent), amount_off=amounts["amount_off"], minimum=amounts["minimum"],
        skus=listed(columns.get(cells, "skus")), categories=tuple(plain_line(part) for part in listed(columns.get(cells, "categories"))),
        starts=starts, ends=ends, audience=plain(columns.get(cells, "audience")),
    )  # fmt: skip


def _tidy(number: Decimal | None) -> Decimal | None:
    """Without idle zeros, so that 15 and 15.0 are the same document."""
    if number is None:
        return None
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
