"""Price and availability of a record: read whole or refused."""

import re
from collections.abc import Sequence
from datetime import datetime

from knowledge.catalog import Availability, AvailabilityState, Offer
from knowledge.currencies import currency_in, is_currency
from knowledge.importing.draft import Context, Draft
from knowledge.importing.problems import Report
from knowledge.importing.words import count_of, moment_of, state_of
from knowledge.money import Money
from knowledge.prices import ParsedPrice, decimal_separator_of, parse_price


class OfferReader:
    """Reads the offers of one file; currency and decimal separator are those that its other prices show."""

    def __init__(self, drafts: Sequence[Draft], report: Report, context: Context) -> None:
        self.report, self.context = report, context
        prices = [text for draft in drafts for text in (draft.price, draft.sale_price, draft.list_price) if text]
        self.separator = decimal_separator_of(prices)
        named = {code for text in prices if (code := currency_in(text, context.currency))}
        self.currency = named.pop() if len(named) == 1 else context.currency

    def _price(self, draft: Draft, name: str, currency: str) -> ParsedPrice | None:
        text = getattr(draft, name)
        if not text.strip():
            return ParsedPrice()
        price = parse_price(text, currency, decimal_separator=self.separator)
        if price.refused:
            code = "price_unreadable" if "negative" not in price.refused else "price_negative"
            self.report.reject(draft.row, draft.column(name), code, value=text, why=price.refused)
            return None
        if price.amount is not None and price.value is not None and abs(price.amount.major - price.value) * 1000 > price.value:
            self.report.warn(draft.row, draft.column(name), "price_rounded", value=text, rounded=price.amount.text)
        return price

    def offer(self, draft: Draft) -> Offer | None:
        """None: the record was rejected."""
        currency = self.currency
        if draft.currency.strip():
            code = draft.currency.strip().upper()
            currency = code if is_currency(code) else currency_in(draft.currency.strip(), self.context.currency)
            if not currency:
                self.report.reject(draft.row, draft.column("currency"), "currency_unknown", value=draft.currency)
                return None
        elif stated := next(
            (code for text in (draft.price, draft.sale_price, draft.list_price) if (code := currency_in(text, currency))), ""
        ):
            currency = stated
        prices: dict[str, ParsedPrice] = {}
        for name in ("price", "sale_price", "list_price", "price_to"):
            price = self._price(draft, name, currency)
            if price is None:
                return None
            prices[name] = price
        regular, sale, listed = prices["price"].amount, prices["sale_price"].amount, prices["list_price"].amount
        up_to = prices["price"].up_to or prices["price_to"].amount
        if len({money.currency for money in (regular, sale, listed, up_to) if money is not None}) > 1:
            self.report.reject(draft.row, draft.column("price"), "currencies_mixed", value=draft.price)
            return None
        if regular is None and sale is None:
            if "price" in draft.columns and not draft.product_only:
                self.report.warn(draft.row, draft.column("price"), "price_missing")
            return Offer()
        if regular is None:
            regular, sale = (listed, sale) if listed is not None else (sale, None)
        elif sale is None and listed is not None:
            if listed.minor > regular.minor:
                regular, sale = listed, regular
            elif 0 < listed.minor < regular.minor:
                self.report.warn(draft.row, draft.column("list_price"), "list_price_below_price", value=draft.list_price)
        if regular is not None and sale is not None and sale.minor >= regular.minor:
            if sale.minor > regular.minor:
                self.report.warn(draft.row, draft.column("sale_price"), "sale_above_price", value=sale.text, price=regular.text)
            sale = None
        if regular is not None and regular.minor == 0:
            self.report.warn(draft.row, draft.column("price"), "price_zero", value=draft.price)
        return Offer(regular, sale, *self._window(draft, sale), up_to=_above(up_to, regular))

    def _window(self, draft: Draft, sale: Money | None) -> tuple[datetime | None, datetime | None]:
        ends = []
        for name in ("sale_from", "sale_until"):
            text = getattr(draft, name)
            moment = moment_of(text, end_of_day=name == "sale_until") if text.strip() else None
            if text.strip() and moment is None and sale is not None:
                self.report.warn(draft.row, draft.column(name), "date_unreadable", value=text)
            ends.append(moment if sale is not None else None)
        first, last = ends
        if first is not None and last is not None and last <= first:
            self.report.warn(draft.row, draft.column("sale_until"), "dates_reversed", value=draft.sale_until)
        return first, last

    def _ungrouped(self, stock: str) -> str:
        """A count without the points that group its thousands where the file's prices write decimals with a comma: "1.200" is 1200."""
        grouped = self.separator == "," and re.fullmatch(r"\s*-?\d{1,3}(?:\.\d{3})+\s*", stock)
        return stock.replace(".", "") if grouped else stock

    def availability(self, draft: Draft) -> Availability:
        """From the stock figure, else the word; the figure is believed over a word that contradicts it."""
        quantity = None
        if draft.stock.strip():
            quantity = count_of(self._ungrouped(draft.stock))
            if quantity is None and not draft.availability.strip() and (state := state_of(draft.stock)) is not None:
                return Availability(state, None, moment_of(draft.as_of))
            if quantity is None:
                self.report.warn(draft.row, draft.column("stock"), "stock_unreadable", value=draft.stock)
            elif not -(10**12) < quantity < 10**12:
                quantity = None
            elif quantity < 0 and not draft.sold_when_empty:
                self.report.warn(draft.row, draft.column("stock"), "stock_negative", value=draft.stock)
        as_of = moment_of(draft.as_of) if draft.as_of.strip() else None
        counted = Availability.of(quantity, sold_when_empty=draft.sold_when_empty, as_of=as_of)
        if not draft.availability.strip():
            return counted
        state = state_of(draft.availability)
        if state is None:
            self.report.warn(draft.row, draft.column("availability"), "availability_unknown", value=draft.availability)
            return counted
        if quantity is None:
            return Availability(state, None, as_of)
        if state in (AvailabilityState.UNKNOWN,) or (state is AvailabilityState.IN_STOCK and counted.state is AvailabilityState.LOW):
            return counted
        if counted.quantity == 0 and state in (AvailabilityState.IN_STOCK, AvailabilityState.LOW):
            if not draft.sold_when_empty:
                self.report.warn(draft.row, draft.column("availability"), "stock_contradicts", value=draft.availability)
            return counted
        return Availability(state, counted.quantity, as_of)


def _above(up_to: Money | None, regular: Money | None) -> Money | None:
    return up_to if up_to is not None and regular is not None and up_to.minor > regular.minor else None
