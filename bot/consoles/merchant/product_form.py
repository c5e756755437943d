"""A product as the fields of a form, and the fields as a product's plain JSON.

A variant that is on sale has a live offer; its price and stock are changed at once (offer_form.py) and stand here no more. Those of a variant
that is new in the draft are part of the draft.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.consoles.merchant.form_fields import Fields, Plain, is_address, minutes, rows
from knowledge.catalog import Availability, AvailabilityState, LiveOffer, Offer
from knowledge.importing.text import slug
from knowledge.money import Money

COUNTS = {"attribute": 3}
"""Rows that one press of the button adds, where not one."""
STATES = tuple(state.value for state in AvailabilityState if state is not AvailabilityState.UNKNOWN)
_OFFER: TypeAdapter[Offer] = TypeAdapter(Offer)
_AVAILABILITY: TypeAdapter[Availability] = TypeAdapter(Availability)
_MONEYS = {"price": "regular", "sale": "sale"}
"""Field of the form to field of the offer."""


def starts_of_product(languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """What a new row of each name holds; @: the language that the button names."""
    return {"category": {languages[0]: ""}, "attribute": {"language": "@", "name": "", "value": ""}, "variant": {"sku": ""}}


# ── what there is, as fields ──


def typed_of_product(body: Plain, languages: Sequence[str]) -> dict[str, str]:
    """The fields that show this body; `{}`: those of a new product."""
    typed = {name: str(body.get(name) or "") for name in ("brand", "url")}
    typed |= {name: "\n".join(body.get(name) or ()) for name in ("images", "tags", "goes_with", "replaces")}
    typed["published"] = "1" if body.get("published", True) else ""
    for number, path in enumerate(body.get("categories") or ([] if body else [{}])):
        typed |= {f"category:{number}:{tag}": path.get(tag, "") for tag in languages}
    blank = [{"language": languages[0], "name": "", "value": ""}] if not body else []
    for number, one in enumerate(body.get("attributes") or blank):
        typed |= {f"attribute:{number}:{field}": one[field] for field in ("language", "name", "value")}
    for number, variant in enumerate(body.get("variants") or ([] if body else [{"sku": ""}])):
        typed |= {f"variant:{number}:{field}": value for field, value in _typed_variant(variant, languages).items()}
    return typed


def _typed_variant(variant: Plain, languages: Sequence[str]) -> dict[str, str]:
    offer, has = variant.get("offer") or {}, variant.get("availability") or {}
    fields: dict[str, str] = {
        "was": variant["sku"],
        "sku": variant["sku"],
        "image": variant.get("image") or "",
        "url": variant.get("url") or "",
    }
    for tag in languages:
        for name, mark in (("options", "="), ("attributes", ": ")):
            stated = [one for one in variant.get(name) or () if one["language"] == tag]
            fields[f"{name}:{tag}"] = "\n".join(_pair(one, mark) for one in stated)
    for field, name in _MONEYS.items():
        fields[field] = Money(**offer[name]).text if offer.get(name) else ""
    fields["currency"] = next((offer[name]["currency"] for name in ("regular", "sale") if offer.get(name)), "")
    fields |= {name: minutes(offer.get(name)) for name in ("sale_from", "sale_until")}
    fields["stock"] = "" if has.get("quantity") is None else str(has["quantity"])
    fields["state"] = _shown_state(has)
    return fields


def _shown_state(has: Mapping[str, Any]) -> str:
    """Said outright, else "": as the count tells."""
    state, quantity = has.get("state") or AvailabilityState.UNKNOWN.value, has.get("quantity")
    return "" if state == Availability.of(quantity).state.value else str(state)


def _pair(one: Mapping[str, str], mark: str) -> str:
    return " ".join(f"{one['name']}{mark}{one['value']}".split())


# ── fields, as what is to be kept ──


def plain_of_product(fields: Fields, before: Plain, languages: Sequence[str], live: Mapping[str, LiveOffer], id: str) -> Plain:
    """The body. `before`: the plain body that stands there now; `live`: offers by SKU; `id`: of the product, from which the SKU of a variant
    without one is made. What is wrong stands in `fields.wrong`."""
    plain = dict(before)
    plain |= {name: fields.local(name, languages) for name in ("title", "description")}
    plain |= {
        "brand": fields.text("brand"),
        "url": fields.address("url", before.get("url") or ""),
        "published": bool(fields.text("published")),
    }
    plain |= {name: fields.lines(name) for name in ("images", "tags", "goes_with", "replaces")}
    stood = before.get("images") or ()
    if not all(is_address(image) for image in plain["images"] if image not in stood):
        fields.refuse("images", "addresses")
    if not plain["title"]:
        fields.refuse(f"title:{languages[0]}", "title")
    plain["categories"] = [path for number in rows(fields.typed, "category") if (path := _category(fields, number, languages))]
    plain["attributes"] = _attributes(fields, before.get("attributes") or ())
    plain["variants"] = _variants(fields, before.get("variants") or (), languages, live, id)
    return plain


def _category(fields: Fields, number: int, languages: Sequence[str]) -> dict[str, str]:
    found = fields.local(f"category:{number}", languages)
    return {tag: " > ".join(part.strip() for part in re.split(r"[>＞›»]", path) if part.strip()) for tag, path in found.items()}


def _attributes(fields: Fields, before: Sequence[Plain]) -> list[Plain]:
    """One that was not touched stays as it was, with its source."""
    was = {(one["name"], one["value"], one["language"]): one for one in before}
    found = []
    for number in rows(fields.typed, "attribute"):
        at = f"attribute:{number}"
        name, value, language = (fields.text(f"{at}:{field}") for field in ("name", "value", "language"))
        if bool(name) != bool(value):
            fields.refuse(f"{at}:{'value' if name else 'name'}", "pair")
        elif name:
            found.append(was.get((name, value, language)) or {"name": name, "value": value, "language": language or "und"})
    return found


def _variants(fields: Fields, before: Sequence[Plain], languages: Sequence[str], live: Mapping[str, LiveOffer], id: str) -> list[Plain]:
    was = {one["sku"]: one for one in before}
    found: list[Plain] = []
    numbers = rows(fields.typed, "variant")
    taken: dict[str, int] = {}
    for number in numbers:
        sku = fields.text(f"variant:{number}:sku").casefold()
        if sku and taken.setdefault(sku, number) != number:
            fields.refuse(f"variant:{number}:sku", "sku_twice")
    for number in numbers:
        at = f"variant:{number}"
        old = was.get(fields.text(f"{at}:was"), {})
        if len(numbers) > 1 and not any(fields.text(name) for name in fields.typed if name.startswith(f"{at}:")):
            continue  # a row that was added and left empty
        sku = fields.text(f"{at}:sku") or _free(id if not found else f"{id}-{len(found) + 1}", taken)
        taken.setdefault(sku.casefold(), number)
        found.append(_variant(fields, at, sku, old, languages, live.get(old.get("sku", ""))))
    if not found:
        fields.refuse("variants", "variants")
    return found


def _variant(fields: Fields, at: str, sku: str, old: Plain, languages: Sequence[str], live: LiveOffer | None) -> Plain:
    variant = dict(old) | {"sku": sku, **{name: fields.address(f"{at}:{name}", old.get(name) or "") for name in ("image", "url")}}
    for name, mark in (("options", "="), ("attributes", ": ")):
        stated = old.get(name) or ()
        variant[name] = [one for one in stated if one["language"] not in languages]
        for tag in languages:
            there = {_pair(one, mark): one for one in stated if one["language"] == tag}
            pairs = [{"name": name, "value": value, "language": tag} for name, value in fields.pairs(f"{at}:{name}:{tag}")]
            variant[name] += [there.get(_pair(one, mark)) or one for one in pairs]
    if live is None:
        variant["offer"] = _offer(fields, at, old.get("offer") or {})
        variant["availability"] = _availability(fields, at, old.get("availability") or {})
    elif sku != old["sku"]:
        # Under its new number it begins with what is paid now, not with what a file once said.
        variant["offer"] = _OFFER.dump_python(live.offer, mode="json")
        variant["availability"] = _AVAILABILITY.dump_python(live.availability, mode="json")
    return variant


def _offer(fields: Fields, at: str, before: Plain) -> Plain:
    offer: Plain = {name: fields.money(f"{at}:{field}", f"{at}:currency") for field, name in _MONEYS.items()}
    offer |= {name: fields.moment(f"{at}:{name}", before.get(name)) for name in ("sale_from", "sale_until")}
    check_sale(fields, at, offer)
    return offer | {"up_to": before.get("up_to") if offer["regular"] == before.get("regular") else None}


def check_sale(fields: Fields, at: str, offer: Plain) -> None:
    """Notes a sale that would never be paid: not below the price, in another currency, over before it begins, or dates without one."""
    regular, sale, begins, ends = (offer[name] for name in ("regular", "sale", "sale_from", "sale_until"))
    if sale and regular and (sale["currency"] != regular["currency"] or sale["minor"] >= regular["minor"]):
        fields.refuse(f"{at}:sale", "sale")
    if sale and not regular and f"{at}:price" not in fields.wrong:
        fields.refuse(f"{at}:price", "sale_alone")
    if begins and ends and minutes(ends) <= minutes(begins):
        fields.refuse(f"{at}:sale_until", "sale_ends")
    if (begins or ends) and not sale and f"{at}:sale" not in fields.wrong:
        fields.refuse(f"{at}:sale", "sale_dates")


def _availability(fields: Fields, at: str, before: Plain) -> Plain:
    stock, state = fields.whole(f"{at}:stock"), fields.text(f"{at}:state")
    if before and stock == before.get("quantity") and state == _shown_state(before):
        return before
    if state and state not in STATES:
        fields.refuse(f"{at}:state", "state")
        return before
    counted = Availability.of(stock)
    # A count tells in stock from low and sold out; a word is believed about the rest.
    if state and not (stock is not None and state in (AvailabilityState.IN_STOCK, AvailabilityState.LOW)):
        return {"state": state, "quantity": stock}
    return {"state": counted.state.value, "quantity": stock}


def _free(name: str, taken: Mapping[str, int]) -> str:
    base = slug(name) or "variant"
    return next(sku for number in range(1, len(taken) + 2) if (sku := base if number == 1 else f"{base}-{number}").casefold() not in taken)
