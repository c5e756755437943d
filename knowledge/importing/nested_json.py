"""Products in JSON as programs write them: variants inside a product, dimensions and reviews as objects, names in camelCase.

Recognised by shape alone: any object with a title or name may hold a list or mapping of variants, options as a mapping, reviews as a list.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from knowledge.catalog import Attribute
from knowledge.importing.columns import PRODUCT, folded, is_internal
from knowledge.importing.draft import Context, Draft
from knowledge.importing.json_records import JsonRecord, text_of
from knowledge.importing.own_products import categories
from knowledge.importing.statements import attribute, localized
from knowledge.importing.text import address, fingerprint, language_of, plain, plain_line
from knowledge.importing.words import decimal_of, yes_or_no
from knowledge.review import Review

_VARIANTS = ("variants", "skus", "variations", "children", "offers", "models")
_OPTIONS = ("options", "selected options", "option values", "variant options", "attributes")
_REVIEWS = ("reviews", "comments", "ratings")
_ALIASES = {alias: name for name, aliases in PRODUCT.items() for alias in aliases}
_KEEPING = re.compile(
    r"(?:^|\s)(?:created|updated|modified|published|deleted)(?:\s(?:at|on|date|time))$|^(?:qr code|etag|revision|version|v|slug|permalink|meta|metadata|seo|links?|self"
    r"|html|json|tax class|tax category|cost|cost price|purchase price|supplier|internal.*|.*\bemail|.*\bphone|margin|wholesale.*)$"
)
"""Names of bookkeeping, and of what no customer may read."""


def is_nested(record: JsonRecord) -> bool:
    """Whether a product holds more than plain values and what our own columns know."""
    for name, value in record.data.items():
        key = folded(name)
        if isinstance(value, dict) and key not in ("attributes",):
            return True
        if isinstance(value, list) and key in (*_VARIANTS, *_REVIEWS) and any(isinstance(entry, dict) for entry in value):
            return True
        if _ALIASES.get(key) is None and re.fullmatch(r"\S*[a-z][A-Z]\S*", name):
            return True
    return False


def drafts_of(record: JsonRecord, context: Context) -> tuple[list[Draft], list[Review]]:
    """A draft for each variant, and the reviews that stand inside the product."""
    fields, rest = _split(record.data)
    variants: list[tuple[str, dict[str, Any]]] = []
    reviews: list[dict[str, Any]] = []
    attributes: list[Attribute] = []
    for name, value in rest.items():
        key = folded(name)
        if key in _VARIANTS and (found := _entries(value)):
            variants = found
        elif key in _REVIEWS and isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            reviews = value
        else:
            attributes.extend(_statements(name, value, context))
    base = _draft(record.row, fields, context)
    base.attributes.extend(one for one in attributes if one not in base.attributes)
    identity = plain_line(text_of(fields.get("id"))) or plain_line(record.key)
    sku = plain_line(text_of(fields.get("sku"))) or ("" if variants else identity)
    base.sku, base.product_id, base.group = sku, "" if sku and not variants else identity, plain_line(text_of(fields.get("group")))
    if not variants:
        return [base], _reviews(reviews, sku, context)
    base.group, base.product_only = identity or sku or f"json:{record.row}", True
    base.sku, base.product_id = "", identity or sku
    drafts = [base]
    for key, data in variants:
        drafts.append(_variant(record.row, key, data, base, context))
    return drafts, _reviews(reviews, next((draft.sku for draft in drafts[1:] if draft.sku), ""), context)


def _split(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    fields: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, value in _with_units(data).items():
        field = _ALIASES.get(folded(name))
        nested = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value))
        if field in ("price", "sale_price", "list_price") and isinstance(value, dict):
            fields[field], fields["currency"] = _amount(value), value.get("currency") or value.get("currencyCode") or fields.get("currency")
        elif field == "stock" and isinstance(value, dict):
            fields[field] = next(
                (value[part] for part in ("quantity", "qty", "available", "count", "amount", "value") if part in value), None
            )
        elif field in ("brand", "category") and isinstance(value, dict):
            fields[field] = value.get("name") or value.get("title")
        elif field in ("title", "description") and isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            fields[field] = value
        elif field == "category" and nested:
            fields[field] = "|".join(text_of(entry.get("name") or entry.get("title")) for entry in value if isinstance(entry, dict))
        elif field == "image" and nested:
            fields.setdefault("image", []).extend(entry.get("src") or entry.get("url") for entry in value if isinstance(entry, dict))
        elif field is None or nested or field in ("options", "attributes", "variant_attributes"):
            rest[name] = value
        elif field == "image":
            fields.setdefault("image", []).extend(value if isinstance(value, list) else [value])
        else:
            fields.setdefault(field, value)
    return fields, rest


def _amount(value: dict[str, Any]) -> Any:
    return next((value[name] for name in ("amount", "value", "price") if name in value), None)


def _entries(value: Any) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict) and value and all(isinstance(entry, dict) for entry in value.values()):
        return [(str(key), entry) for key, entry in value.items()]
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        return [("", entry) for entry in value]
    return []


def _draft(row: int, fields: dict[str, Any], context: Context) -> Draft:
    def text(name: str) -> str:
        value = fields.get(name)
        return "|".join(text_of(entry) for entry in value) if isinstance(value, list) else text_of(value)

    draft = Draft(row=row, columns={"price": "price"} if "price" in fields else {})
    for name in ("title", "description"):
        value = fields.get(name)
        named = {str(tag): entry for tag, entry in value.items()} if isinstance(value, dict) else None
        setattr(draft, name, localized("" if named else text(name), context.languages, named, one_line=name == "title"))
    if highlight := plain(text("highlight")):
        tag = language_of(highlight, context.languages)
        if highlight not in draft.description.get(tag, ""):
            draft.description[tag] = "\n".join(part for part in (highlight, draft.description.get(tag, "")) if part)
    draft.brand = text("brand")
    draft.categories = categories(text("category"), {}, context)
    for name in ("price", "sale_price", "list_price", "price_to"):
        value = fields.get(name)
        setattr(draft, name, _price_text(value))
    for name in ("currency", "stock", "published", "deleted", "sale_from", "sale_until", "rating", "rating_count"):
        setattr(draft, name, text(name))
    draft.availability = _availability(fields.get("availability"))
    draft.sold_when_empty = yes_or_no(text("sold_when_empty") or "no") is True
    draft.url = address(text("url"))
    draft.images = list(dict.fromkeys(link for image in fields.get("image") or [] if (link := address(text_of(image)))))
    draft.variant_url, draft.variant_image = "", address(text("variant_image"))
    for name in ("tags", "goes_with", "replaces"):
        setattr(draft, name, [plain_line(part) for part in re.split(r"[|,]", text(name)) if plain_line(part)])
    return draft


def _price_text(value: Any) -> str:
    """A number as a price text that can be read in one way only: with two places, if it has three without need."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        number = Decimal(value)
        if not number.is_finite():
            return ""
        places = -int(number.as_tuple().exponent)
        return (
            f"{number.quantize(Decimal('0.01')):f}"
            if places > 2 and abs(number) < 10**15
            else f"{number:f}"
            if places >= 0
            else str(int(number))
        )
    return text_of(value)


def _availability(value: Any) -> str:
    if isinstance(value, bool):
        return "in stock" if value else "out of stock"
    return text_of(value)


def _variant(row: int, key: str, data: dict[str, Any], base: Draft, context: Context) -> Draft:
    fields, rest = _split(data)
    draft = _draft(row, fields, context)
    draft.group, draft.title, draft.description = base.group, {}, {}
    draft.sku = plain_line(text_of(fields.get("sku"))) or plain_line(text_of(fields.get("id"))) or plain_line(key)
    for name in ("price", "sale_price", "list_price", "currency"):
        if not getattr(draft, name) and not draft.price:
            setattr(draft, name, getattr(base, name))
    draft.currency = draft.currency or base.currency
    if not draft.stock and not draft.availability:
        draft.availability = base.availability
    draft.variant_image, draft.images = (draft.images[0] if draft.images else ""), []
    draft.variant_url, draft.url = draft.url, ""
    for name, value in rest.items():
        if folded(name) in _OPTIONS and isinstance(value, dict):
            draft.options.extend(one for label, entry in value.items() for one in _statements(str(label), entry, context, keep_name=True))
        elif folded(name) in _OPTIONS and isinstance(value, list):
            draft.options.extend(_named(value, context))
        else:
            draft.variant_attributes.extend(_statements(name, value, context))
    if not draft.options and (label := plain_line(text_of(fields.get("title")))):
        draft.options.append(Attribute("Variant", label, language_of(label, context.languages)))
    return draft


def _named(entries: Iterable[Any], context: Context) -> list[Attribute]:
    """Statements out of [{"name": ..., "value": ...}]."""
    found = []
    for entry in entries:
        if isinstance(entry, dict):
            label = entry.get("name") or entry.get("key") or entry.get("attribute") or entry.get("label")
            value = entry.get("value") if "value" in entry else entry.get("values")
            one = attribute(text_of(label), _value_text(value), context.languages, text_of(entry.get("language")))
            if one is not None:
                found.append(one)
    return found


def _statements(name: str, value: Any, context: Context, *, keep_name: bool = False) -> list[Attribute]:
    key = folded(name)
    if value in (None, "", [], {}) or _KEEPING.search(key) or is_internal(key):
        if key in ("meta", "metadata") and isinstance(value, dict):
            return [
                one
                for inner, entry in value.items()
                if folded(inner) in ("barcode", "gtin", "ean", "mpn")
                for one in _statements(inner, entry, context)
            ]
        return []
    if key in ("attributes", "specifications", "specs", "features", "parameters", "参数", "属性"):
        if isinstance(value, dict):
            return [one for inner, entry in value.items() for one in _statements(str(inner), entry, context, keep_name=True)]
        if isinstance(value, list) and (found := _named(value, context)):
            return found
    one = attribute(name if keep_name else _label(name), _value_text(value), context.languages)
    return [one] if one is not None and not re.match(r"https?://", one.value) else []


def _label(name: str) -> str:
    """warrantyInformation and warranty_information as "Warranty information"."""
    if not re.search(r"[A-Za-z]", name):
        return name
    words = re.sub(r"[\s_\-]+", " ", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)).strip()
    lowered = " ".join(word if word.isupper() else word.lower() for word in words.split())
    return lowered[:1].upper() + lowered[1:]


_UNIT_NAMES = ("unit", "units", "uom", "unit code", "unit of measure", "单位")


def _measured(data: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """An object without its unit, and the unit: {"value": 1.2, "unit": "kg"}, {"width": 7, "height": 26, "unit": "cm"}."""
    units = [value for name, value in data.items() if folded(str(name)) in _UNIT_NAMES and isinstance(value, str)]
    if len(units) != 1:
        return data, ""
    rest = {name: value for name, value in data.items() if folded(str(name)) not in _UNIT_NAMES}
    if len(rest) == 1 and folded(str(next(iter(rest)))) in ("value", "amount", "quantity", "数值"):
        rest = {"value": next(iter(rest.values()))}
    return rest, units[0]


def _with_units(data: dict[str, Any]) -> dict[str, Any]:
    """Units that stand beside what they measure ("weight": 310, "weightUnit": "g") put to it."""
    names = {folded(name): name for name in data}
    joined = dict(data)
    for key, name in names.items():
        base = next((known for ending in (" unit", " units", " uom", "单位") if key.endswith(ending)
                     for stem in [key.removesuffix(ending).strip()] for known in (names.get(stem), names.get(f"{stem}s")) if known), None)  # fmt: skip
        if base is None or not isinstance(data[name], str) or isinstance(data[base], list | str | bool) or data[base] is None:
            continue
        if _ALIASES.get(folded(base)) is None:
            joined[base] = {**data[base], "unit": data[name]} if isinstance(data[base], dict) else {"value": data[base], "unit": data[name]}
            del joined[name]
    return joined


def _value_text(value: Any, depth: int = 0) -> str:
    if depth > 4:
        return ""
    if isinstance(value, dict):
        value, measure = _measured(value)
        if set(value) == {"value"}:
            return f"{_value_text(value['value'], depth + 1)} {measure}".strip()
        parts = [(_label(str(name)).lower(), _value_text(entry, depth + 1)) for name, entry in value.items()]
        if measure:
            parts = [(name, f"{text} {measure}" if decimal_of(text) is not None else text) for name, text in parts]
        return ", ".join(f"{name} {text}" for name, text in parts if text)
    if isinstance(value, list):
        return ", ".join(text for entry in value if (text := _value_text(entry, depth + 1)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return text_of(value)


def _reviews(entries: list[dict[str, Any]], sku: str, context: Context) -> list[Review]:
    """What buyers said; who they are is left out."""
    found: dict[str, Review] = {}
    for entry in entries:
        named = {folded(name): value for name, value in entry.items()}
        text = next(
            (plain(text_of(named[name])) for name in ("text", "comment", "body", "review", "content", "评价", "内容") if named.get(name)),
            "",
        )
        rating = decimal_of(
            text_of(next((named[name] for name in ("rating", "stars", "score", "评分") if named.get(name) is not None), ""))
        )
        date = plain_line(text_of(next((named[name] for name in ("date", "created at", "time", "日期") if named.get(name)), "")))
        if not text or not sku:
            continue
        identity = base = f"{sku}-{fingerprint(text, date, str(rating))}"
        number = 2
        while identity in found:
            identity, number = f"{base}-{number}", number + 1
        value = float(rating) if rating is not None and 0 < rating <= 5 else None
        found[identity] = Review(identity, sku, text, value, language_of(text, context.languages), date[:10])
    return list(found.values())
