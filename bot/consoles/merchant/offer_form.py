"""What is paid now, and what is in stock, as the fields of a form; and what was typed otherwise, as changes that hold at once.

Fields are `offer:NUMBER:FIELD`, each with `was_FIELD` beside it: only what differs from what was shown is written, so that nobody puts an old
price back by changing the stock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.consoles.merchant.form_fields import Fields, Plain, minutes
from bot.consoles.merchant.product_form import STATES, check_sale
from knowledge.catalog import Availability, AvailabilityState, LiveOffer, OfferPatch
from knowledge.money import Money

PRICED = ("price", "sale", "sale_from", "sale_until")
STOCKED = ("stock", "state")


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """One variant's row. `paid`: what a customer is asked now."""

    number: int
    sku: str
    currency: str
    paid: Money | None
    up_to: Money | None
    availability: Availability


def shown_offers(live: Sequence[LiveOffer], now: datetime, currency: str) -> tuple[list[ShownOffer], dict[str, str]]:
    """The rows, and their fields as they stand. `currency`: of a variant without a price."""
    rows, typed = [], dict[str, str]()
    for number, one in enumerate(live):
        offer, has = one.offer, one.availability
        money = offer.regular or offer.sale
        rows.append(ShownOffer(number, one.sku, money.currency if money else currency, offer.paid(now), offer.up_to, has))
        state = "" if has.state is Availability.of(has.quantity).state else has.state.value
        # A lone sale price is what is paid.
        price, sale = (offer.regular, offer.sale) if offer.regular else (offer.sale, None)
        fields = {
            "price": price.text if price else "",
            "sale": sale.text if sale else "",
            "sale_from": minutes(offer.sale_from.isoformat() if offer.sale_from else None),
            "sale_until": minutes(offer.sale_until.isoformat() if offer.sale_until else None),
            "stock": "" if has.quantity is None else str(has.quantity),
            "state": state,
        }
        typed |= {f"offer:{number}:sku": one.sku}
        typed |= {f"offer:{number}:{name}": value for name, value in fields.items()}
        typed |= {f"offer:{number}:was_{name}": value for name, value in fields.items()}
    return rows, typed


def patches_of(fields: Fields, live: Mapping[str, LiveOffer], numbers: Sequence[int], now: datetime) -> list[OfferPatch]:
    """What was typed otherwise than shown. What is wrong stands in `fields.wrong`; SKUs that are not sold here are passed over."""
    found = []
    for number in numbers:
        at = f"offer:{number}"
        one = live.get(fields.text(f"{at}:sku"))
        changed = {name for name in (*PRICED, *STOCKED) if fields.text(f"{at}:{name}") != fields.text(f"{at}:was_{name}")}
        if one is None or not changed:
            continue
        stock, state = fields.whole(f"{at}:stock"), fields.text(f"{at}:state")
        if "stock" in changed and not fields.text(f"{at}:stock") and not state:
            fields.refuse(f"{at}:stock", "stock_gone")
        if state and state not in STATES:
            fields.refuse(f"{at}:state", "state")
        about: Plain = {"sku": one.sku, "as_of": now}
        if changed & set(PRICED):
            about |= _priced(fields, at, one)
        if changed & set(STOCKED) and not fields.wrong:
            pieces = stock if "stock" in changed else one.availability.quantity
            about |= {"stock": pieces, "availability": AvailabilityState(state) if state else None}
        found.append(OfferPatch(**about))
    return found


def _priced(fields: Fields, at: str, one: LiveOffer) -> Plain:
    money = one.offer.regular or one.offer.sale
    fields = _in(fields, money.currency if money else fields.currency)
    offer: Plain = {"regular": fields.money(f"{at}:price"), "sale": fields.money(f"{at}:sale")}
    if not fields.text(f"{at}:price"):
        fields.refuse(f"{at}:price", "price_gone")
    # Seconds that the form does not show stay.
    offer |= {
        name: fields.moment(f"{at}:{name}", stands.isoformat() if stands else None)
        for name, stands in (("sale_from", one.offer.sale_from), ("sale_until", one.offer.sale_until))
    }
    check_sale(fields, at, offer)
    regular, sale = offer["regular"], offer["sale"]
    if fields.wrong or regular is None:
        return {}
    about: Plain = {"price": Money(**regular).text, "currency": regular["currency"], "sale_price": Money(**sale).text if sale else ""}
    if sale:
        about["sale_window"] = (_time(offer["sale_from"]), _time(offer["sale_until"]))
    return about


def _in(fields: Fields, currency: str) -> Fields:
    """The same fields, with amounts that name no currency in this one; findings go to the same place."""
    other = Fields(fields.typed, currency)
    other.wrong = fields.wrong
    return other


def _time(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None
