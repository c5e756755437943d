"""Live offers: rows and back, what a patch makes of one, and what a publication makes of all. No transaction of its own.

Tens of thousands change at once, so what is computed runs in a thread, and rows are written in pieces: messages go on in between.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.catalog import Availability, AvailabilityState, LiveOffer, Offer, OfferPatch, Variant
from knowledge.errors import InvalidMoney
from knowledge.money import MINOR_DIGITS, Money
from knowledge.storage.columns import AnyRow
from knowledge.storage.tables import live_offers

CHUNK = 5_000
"""SKUs asked for in one statement; both databases allow 32,000 parameters."""

_WRITTEN_AT_ONCE = 1_000
"""Rows in one call of the driver: about 20 ms in which this process does nothing else."""

_LARGEST = 2**53
"""Minor units: what JSON's numbers and a 64-bit column both hold exactly."""

_COLUMNS = [column for column in live_offers.c if column.name not in ("shop_id", "version")]

_OF_SKUS = select(*_COLUMNS).where(live_offers.c.shop_id == bindparam("b_shop"), live_offers.c.sku.in_(bindparam("b_skus", expanding=True)))

_KEYS = ("shop_id", "sku")
_UPDATE = (
    update(live_offers)
    .where(*(live_offers.c[name] == bindparam(f"b_{name}") for name in _KEYS))
    .values({column.name: bindparam(f"b_{column.name}") for column in live_offers.c if column.name not in _KEYS})
)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Reoffer:
    """What a publication changes: offers to write, and SKUs that are no longer sold."""

    written: dict[str, LiveOffer]
    removed: tuple[str, ...]


def to_values(live: LiveOffer) -> dict[str, Any]:
    """Column values of one live offer, without shop and version."""
    offer, has = live.offer, live.availability
    money = offer.regular or offer.sale or offer.up_to
    return {
        "sku": live.sku,
        "currency": money.currency if money else None,
        "regular": offer.regular.minor if offer.regular else None,
        "sale": offer.sale.minor if offer.sale else None,
        "up_to": offer.up_to.minor if offer.up_to else None,
        "sale_from": offer.sale_from,
        "sale_until": offer.sale_until,
        "state": has.state.value,
        "quantity": has.quantity,
        "as_of": has.as_of,
    }


def from_row(row: AnyRow) -> LiveOffer:
    """The live offer of a row of the table."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, row.currency)

    offer = Offer(money(row.regular), money(row.sale), row.sale_from, row.sale_until, money(row.up_to))
    return LiveOffer(row.sku, offer, Availability(AvailabilityState(row.state), row.quantity, row.as_of))


def patched(live: LiveOffer, patch: OfferPatch, shop_currency: str, now: datetime) -> LiveOffer:
    """The offer after the patch. Raises InvalidMoney, naming the SKU."""
    offer = live.offer
    if patch.sale_price is not None:
        offer = _with_sale(offer, patch, shop_currency)
    elif patch.price is not None:
        offer = _repriced(offer, _price(patch, patch.price, offer, shop_currency), now)
    elif patch.currency is not None and patch.currency.strip().upper() != (_currency(offer) or shop_currency):
        raise InvalidMoney(f"The offer of {patch.sku} names the currency {patch.currency} without a price; give both.")
    return LiveOffer(live.sku, offer, _restocked(live.availability, patch, now))


def _restocked(has: Availability, patch: OfferPatch, now: datetime) -> Availability:
    as_of = patch.as_of or now
    if patch.stock is None:
        if patch.availability is None:
            return has if patch.as_of is None else replace(has, as_of=patch.as_of)
        return Availability(patch.availability, None, as_of)  # a word alone confirms no count
    # A variant that was sold on while empty stays so: the figure says nothing of that rule.
    counted_as = Availability.of(patch.stock, sold_when_empty=has.state is AvailabilityState.BACKORDER, as_of=as_of)
    if patch.availability is None or patch.availability is AvailabilityState.UNKNOWN:
        return counted_as
    if patch.availability is AvailabilityState.IN_STOCK or (patch.availability is AvailabilityState.LOW and not patch.stock):
        return counted_as  # the figure tells in stock from low, and nothing from something
    return replace(counted_as, state=patch.availability)


def _currency(offer: Offer) -> str | None:
    money = offer.regular or offer.sale or offer.up_to
    return money.currency if money else None


def _price(patch: OfferPatch, text: str, offer: Offer, shop_currency: str) -> Money:
    text = text.strip()
    currency = (patch.currency or _currency(offer) or shop_currency).strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise InvalidMoney(f'The offer of {patch.sku} has the currency "{currency[:20]}"; write three letters such as USD.')
    if not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,16})?", text):
        raise InvalidMoney(f'The offer of {patch.sku} has the price "{text[:40]}"; write a decimal number such as 19.90.')
    minor = Decimal(text).scaleb(MINOR_DIGITS.get(currency, 2))
    if minor != minor.to_integral_value() or minor > _LARGEST:
        raise InvalidMoney(f"The offer of {patch.sku} has the price {text}; {currency} has no such amount.")
    return Money(int(minor), currency)


def _repriced(offer: Offer, price: Money, now: datetime) -> Offer:
    if offer.paid(now) == price:
        return offer
    sale = offer.sale
    coming = sale is not None and offer.sale_from is not None and offer.sale_from > now
    if coming and sale is not None and sale.currency == price.currency and sale.minor < price.minor:
        return Offer(price, sale, offer.sale_from, offer.sale_until)  # a sale that is still to come contradicts nothing
    return Offer(price)


def _with_sale(offer: Offer, patch: OfferPatch, shop_currency: str) -> Offer:
    """Price and sale price as stated together: nothing of an earlier sale stays but the window of the very same one."""
    if patch.price is not None:
        regular: Money | None = _price(patch, patch.price, offer, shop_currency)
    else:
        regular = offer.regular
    if not patch.sale_price:
        return offer if patch.price is None and offer.sale is None else Offer(regular)
    sale = _price(patch, patch.sale_price, offer, shop_currency)
    if regular is None:
        return Offer(sale)
    if sale.currency != regular.currency:
        raise InvalidMoney(f"The offer of {patch.sku} has a sale price in another currency than its price; give both in one.")
    if sale.minor >= regular.minor:
        return Offer(regular)
    if patch.sale_window is not None:
        return Offer(regular, sale, *patch.sale_window)
    same = sale == offer.sale
    return Offer(regular, sale, offer.sale_from if same else None, offer.sale_until if same else None)


@dataclass(frozen=True, slots=True)
class Patched:
    """What patches come to: offers to write, SKUs whose price or stock changed, SKUs without a row, and refusals with their reason."""

    written: dict[str, LiveOffer]
    changed: tuple[str, ...]
    unknown: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


async def patch(
    connection: AsyncConnection,
    shop_id: str,
    version: int,
    patches: Sequence[OfferPatch],
    shop_currency: str,
    now: datetime,
    *,
    whole: bool = True,
) -> Patched:
    """Applies patches in their order. With `whole` the first that cannot be taken raises InvalidMoney."""
    before = await read(connection, shop_id, dict.fromkeys(one.sku for one in patches))
    result = await asyncio.to_thread(_applied, before, patches, shop_currency, now, whole)
    await write(connection, shop_id, version, result.written, known=before.keys())
    return result


def _applied(before: Mapping[str, LiveOffer], patches: Sequence[OfferPatch], shop_currency: str, now: datetime, whole: bool) -> Patched:
    after = dict(before)
    unknown: dict[str, None] = {}
    refused: list[tuple[str, str]] = []
    for one in patches:
        known = after.get(one.sku)
        try:
            result = patched(known or LiveOffer(one.sku, Offer(), Availability()), one, shop_currency, now)
        except InvalidMoney as error:
            if whole:
                raise
            refused.append((one.sku, str(error)))
            continue
        if known is None:
            unknown[one.sku] = None
        else:
            after[one.sku] = result
    written = {sku: live for sku, live in after.items() if live != before[sku]}
    changed = tuple(sku for sku, live in written.items() if _differ(live, before[sku]))
    return Patched(written, changed, tuple(unknown), tuple(refused))


def _differ(new: LiveOffer, old: LiveOffer) -> bool:
    return new.offer != old.offer or _stock(new.availability) != _stock(old.availability)


def _stock(availability: Availability) -> tuple[AvailabilityState, int | None]:
    return availability.state, availability.quantity


async def read(connection: AsyncConnection, shop_id: str, skus: Iterable[str]) -> dict[str, LiveOffer]:
    """Live offers of these SKUs, in chunks."""
    wanted = list(skus)
    found: dict[str, LiveOffer] = {}
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        rows = (await connection.execute(_OF_SKUS, {"b_shop": shop_id, "b_skus": chunk})).all()
        found.update(await asyncio.to_thread(_by_sku, rows))
    return found


def _by_sku(rows: Sequence[AnyRow]) -> dict[str, LiveOffer]:
    return {row.sku: from_row(row) for row in rows}


async def write(connection: AsyncConnection, shop_id: str, version: int, offers: Mapping[str, LiveOffer], known: Iterable[str]) -> None:
    """Inserts or updates offers, all stamped with `version`; `known`: the SKUs that have a row."""
    fresh, stale = await asyncio.to_thread(_rows, shop_id, version, offers, set(known))
    for start in range(0, len(fresh), _WRITTEN_AT_ONCE):
        await connection.execute(insert(live_offers), fresh[start : start + _WRITTEN_AT_ONCE])
    for start in range(0, len(stale), _WRITTEN_AT_ONCE):
        await connection.execute(_UPDATE, stale[start : start + _WRITTEN_AT_ONCE])


def _rows(
    shop_id: str, version: int, offers: Mapping[str, LiveOffer], known: set[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows to insert, and parameters of `_UPDATE`."""
    rows = [{**to_values(live), "shop_id": shop_id, "version": version} for live in offers.values()]
    fresh = [row for row in rows if row["sku"] not in known]
    return fresh, [{f"b_{name}": value for name, value in row.items()} for row in rows if row["sku"] in known]


async def remove(connection: AsyncConnection, shop_id: str, skus: Sequence[str]) -> None:
    """Deletes the offers of these SKUs."""
    for start in range(0, len(skus), CHUNK):
        chunk = skus[start : start + CHUNK]
        await connection.execute(delete(live_offers).where(live_offers.c.shop_id == shop_id, live_offers.c.sku.in_(chunk)))


def republished(old: Mapping[str, Variant], new: Mapping[str, Variant], live: Mapping[str, LiveOffer], now: datetime) -> Reoffer:
    """What becomes of live offers when variants `old` give way to `new` (both by SKU; only of products that changed).

    Price and stock are judged apart: the part that the source did not change keeps what was patched live.
    """
    written: dict[str, LiveOffer] = {}
    for sku, variant in new.items():
        stated = variant.availability
        result = LiveOffer(sku, variant.offer, stated if stated.as_of else replace(stated, as_of=now))
        before, present = old.get(sku), live.get(sku)
        if before is not None and present is not None:
            if before.offer == variant.offer:
                result = replace(result, offer=present.offer)
            if _stock(before.availability) == _stock(variant.availability):
                result = replace(result, availability=present.availability)
        if result != present:
            written[sku] = result
    return Reoffer(written, tuple(sku for sku in old if sku not in new and sku in live))
