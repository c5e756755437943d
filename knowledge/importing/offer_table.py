"""Prices and stock of goods that the shop has already, out of a table without titles: changes of live offers, no new knowledge.

A row names a SKU and what is so now: price, sale price, stock, availability; what a cell leaves open stays as it is. A column of sale prices
that is empty in a row with a price says that there is no sale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.catalog import OfferPatch
from knowledge.currencies import currency_in
from knowledge.importing.columns import PRODUCT, Columns
from knowledge.importing.draft import Context, Draft
from knowledge.importing.offers import OfferReader
from knowledge.importing.problems import Report, quoted
from knowledge.importing.tables import Record
from knowledge.importing.text import plain_line
from knowledge.importing.words import count_of, moment_of, state_of

STATED = ("price", "sale_price", "list_price", "stock", "availability")
OFFER = {
    "sku": (*PRODUCT["sku"], *PRODUCT["id"]),
    **{name: PRODUCT[name] for name in (*STATED, "currency")},
    "as_of": (*PRODUCT["as_of"], "updated", "updated at", "last updated", "as of time", "更新时间", "截至时间", "截至", "数据时间"),
}
_PRICES = ("price", "sale_price", "list_price")


@dataclass(frozen=True, slots=True)
class OfferRow:
    """What one row changes. `column`: the header of its SKU, for messages."""

    row: int
    patch: OfferPatch
    column: str


def is_offer_table(columns: Columns) -> bool:
    """Whether the columns (read as OFFER) name goods and what they cost or how many there are."""
    return "sku" in columns and any(name in columns for name in STATED)


def offers_of(records: Sequence[Record], columns: Columns, report: Report, context: Context) -> list[OfferRow]:
    """One change a record, in file order; what cannot be taken whole is rejected. Without a time of its own a row is as of `context.now`."""
    headers = {name: found[0] for name, found in columns.fields.items()}
    drafts = [_draft(record, columns, headers) for record in records if record.row not in report.rejected]
    reader = OfferReader(drafts, report, context)
    found: dict[str, OfferRow] = {}
    for draft in drafts:
        row = _read(draft, reader, report, context)
        if row is None:
            continue
        if row.patch.sku in found:
            message = f"{quoted(row.patch.sku)} stands in the file twice; the first row was kept."
            report.reject(draft.row, row.column, "duplicate_sku", message)
            continue
        found[row.patch.sku] = row
    return list(found.values())


def _draft(record: Record, columns: Columns, headers: dict[str, str]) -> Draft:
    cells = record.cells
    draft = Draft(row=record.row, columns=headers, sku=plain_line(columns.get(cells, "sku")), as_of=columns.get(cells, "as_of"))
    for name in STATED:
        setattr(draft, name, columns.get(cells, name))
    header = headers.get("price", "")
    draft.currency = columns.get(cells, "currency") or (currency_in(header) if any(mark in header for mark in "([（【") else "")
    return draft


def _read(draft: Draft, reader: OfferReader, report: Report, context: Context) -> OfferRow | None:
    """None: the record was rejected."""
    if not draft.sku:
        report.reject(draft.row, draft.column("sku"), "sku_missing", "The row names no SKU; write the number of the goods into it.")
        return None
    if not any(getattr(draft, name).strip() for name in STATED):
        report.reject(
            draft.row, "", "nothing_stated", "The row states neither price nor stock nor availability; fill one or remove the row."
        )
        return None
    as_of: datetime | None = context.now
    if draft.as_of.strip():
        as_of = moment_of(draft.as_of)
        if as_of is None:
            message = f"{quoted(draft.as_of)} is no date; write it as 2026-12-31 or 2026-12-31T18:00:00Z."
            report.reject(draft.row, draft.column("as_of"), "date_unreadable", message)
            return None
    stock = count_of(draft.stock) if draft.stock.strip() else None
    word = draft.availability if draft.availability.strip() else draft.stock if stock is None else ""
    state = state_of(word) if word.strip() else None
    if word.strip() and state is None:
        name = "availability" if draft.availability.strip() else "stock"
        message = (
            f"{quoted(word)} is neither a count of pieces nor a known availability; write a whole number or in_stock, out_of_stock, ..."
        )
        report.reject(draft.row, draft.column(name), "stock_unreadable", message)
        return None
    price = sale = currency = None
    if any(getattr(draft, name).strip() for name in _PRICES):
        offer = reader.offer(draft)
        if offer is None:
            return None
        if offer.up_to is not None:
            message = f"{quoted(draft.price)} is a range; a change of price is one amount."
            report.reject(draft.row, draft.column("price"), "price_range", message)
            return None
        only_sale = not draft.price.strip() and not draft.list_price.strip()
        regular = offer.regular
        if regular is not None:
            stated = draft.currency.strip() or any(currency_in(getattr(draft, name), context.currency) for name in _PRICES)
            currency = regular.currency if stated or regular.currency != context.currency else None
            # A row with a sale price alone: OfferReader takes it for the price.
            price = None if only_sale else f"{regular.major:f}"
            sale = f"{(offer.sale or regular).major:f}" if only_sale or offer.sale is not None else _no_sale(draft)
    pieces = None if stock is None else max(0, stock)
    return OfferRow(draft.row, OfferPatch(draft.sku, price, currency, pieces, as_of, sale, state), draft.column("sku"))


def _no_sale(draft: Draft) -> str | None:
    """ "" where the file has a column of prices with reduction (or before it), which says that there is none; None where it says nothing."""
    return "" if "sale_price" in draft.columns or "list_price" in draft.columns else None
