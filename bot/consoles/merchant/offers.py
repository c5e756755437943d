"""Prices and stock at once, without a revision: PATCH /api/v1/shops/{shop}/knowledge/offers."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Self, overload

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from bot.consoles.access import Access, Right
from bot.consoles.shared.bodies import API_TOKEN, read_json
from knowledge.base import KnowledgeBase
from knowledge.catalog import AvailabilityState, OfferPatch

MOST = 50_000
"""Offers in one request: about 3 s on SQLite, 8 s on PostgreSQL."""
MAX_BODY = 12 * 1024 * 1024


class Offer(BaseModel):
    """What changes of one SKU; what is left out stays. Prices: decimal text (or a number) in major units; `sale_price` "" ends a sale, `sale_from`
    and `sale_until` are its time and go with it; `as_of`: now, if left out."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    sku: Annotated[str, Field(min_length=1, max_length=200)]
    price: Annotated[str, StringConstraints(pattern=r"^\d{1,12}(\.\d{1,6})?$")] | None = None
    sale_price: Annotated[str, StringConstraints(pattern=r"^(\d{1,12}(\.\d{1,6})?)?$")] | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    stock: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    availability: AvailabilityState | None = None
    as_of: datetime | None = None

    @model_validator(mode="after")
    def _whole_sale(self) -> Self:
        if (self.sale_from or self.sale_until) and not self.sale_price:
            raise ValueError("sale_from and sale_until need the sale_price that they are about")
        if self.sale_from and self.sale_until and _utc(self.sale_from) >= _utc(self.sale_until):
            raise ValueError("the sale ends before it begins")
        return self


OFFERS: TypeAdapter[list[Offer]] = TypeAdapter(Annotated[list[Offer], Field(max_length=MOST)])


def offer_routes(access: Access, knowledge: KnowledgeBase, *, clock: Callable[[], datetime]) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter(tags=["knowledge"], dependencies=[Depends(API_TOKEN)])

    # An item's schema stands inside, since a reference would lead out of the document.
    schema = {"type": "array", "maxItems": MOST, "items": Offer.model_json_schema()}
    document = {"requestBody": {"content": {"application/json": {"schema": schema}}}}

    @router.patch("/api/v1/shops/{shop}/knowledge/offers", openapi_extra=document)
    async def patch(shop: str, request: Request) -> dict[str, list[str]]:
        """Answers read the new values from the next message on. `unknown`: SKUs that the shop does not have; the others are changed.
        All or nothing when a value is wrong."""
        who = await access.who(request)
        found = await access.shop(who, Right.EDIT_OFFERS, shop, knowledge.store)
        body = await read_json(request, OFFERS, limit=MAX_BODY)
        now = clock()
        patches = await asyncio.to_thread(lambda: [patch_of(offer, now) for offer in body])
        changes = await knowledge.store.patch_offers(found.id, patches)
        await access.record(who, found.id, "offers.patched", found.slug, changed=len(changes.changed), unknown=len(changes.unknown))
        return {"changed": list(changes.changed), "unknown": list(changes.unknown)}

    return router


def patch_of(offer: Offer, now: datetime) -> OfferPatch:
    """What is asked for, as the store takes it; as of `now` unless it says otherwise."""
    prices = _plain(offer.price), _plain(offer.sale_price)
    window = (_utc(offer.sale_from), _utc(offer.sale_until)) if {"sale_from", "sale_until"} & offer.model_fields_set else None
    return OfferPatch(offer.sku, prices[0], offer.currency, offer.stock, _utc(offer.as_of) or now, prices[1], offer.availability, window)


def _plain(price: str | None) -> str | None:
    return f"{Decimal(price):f}" if price else price


@overload
def _utc(moment: datetime) -> datetime: ...
@overload
def _utc(moment: None) -> None: ...
def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
