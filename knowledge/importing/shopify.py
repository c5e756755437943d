"""Shopify's product CSV: rows of one handle are one product; rows that only bring a picture are no variants.

Source of the columns: Shopify's help page on product CSV files, the layout before 2025 and the one with plain headers after it.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from knowledge.catalog import Attribute
from knowledge.importing.columns import folded
from knowledge.importing.draft import Context, Draft
from knowledge.importing.statements import attribute, localized
from knowledge.importing.tables import Record, Table
from knowledge.importing.text import address, language_of, plain_line
from knowledge.importing.words import decimal_of, yes_or_no

KILO = Decimal(1000)

_FIELDS: dict[str, tuple[str, ...]] = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "body": ("body", "description"),
    "vendor": ("vendor",),
    "type": ("type", "product type", "custom product type"),
    "category": ("product category", "standardized product type", "standard product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    "sku": ("variant sku", "sku"),
    "tracker": ("variant inventory tracker", "inventory tracker"),
    "stock": ("variant inventory qty", "inventory quantity", "available", "on hand", "total inventory qty"),
    "policy": ("variant inventory policy", "continue selling when out of stock"),
    "price": ("variant price", "price"),
    "compare": ("variant compare at price", "compare at price"),
    "barcode": ("variant barcode", "barcode"),
    "image": ("image src", "product image url", "image url"),
    "variant_image": ("variant image", "variant image url"),
    "grams": ("variant grams", "weight value"),
    "weight_unit": ("variant weight unit", "weight unit for display"),
    "gift_card": ("gift card",),
}


def is_shopify(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Shopify export."""
    names = {folded(column) for column in header}
    old = "handle" in names and bool(
        names & {"variant price", "variant sku", "option1 name", "option1 value", "body"} | names & {"variant inventory qty"}
    )
    new = "url handle" in names and bool(names & {"option1 name", "option1 value", "price"})
    return old or new


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row; a row without price, SKU and option values only adds its picture."""
    headers = {folded(column): column for column in reversed(table.header)}
    columns = {name: headers[alias] for name, aliases in _FIELDS.items() for alias in reversed(aliases) if alias in headers}
    options = [_option_columns(table.header, number) for number in (1, 2, 3)]
    names: dict[str, dict[int, str]] = {}
    seen: dict[str, int] = {}
    drafts = []
    handle = ""
    for record in table.records:
        get = _reader(record, columns)
        handle = plain_line(get("handle")) or handle
        option_names = names.setdefault(handle, {})
        seen[handle] = seen.get(handle, 0) + 1
        draft = _draft(record, columns, context, handle)
        for number, (name_column, value_column) in enumerate(options):
            name = plain_line(record.cells.get(name_column, ""))
            if name:
                option_names[number] = name
            value = plain_line(record.cells.get(value_column, ""))
            if value and value.casefold() != "default title":
                label = option_names.get(number, f"Option {number + 1}")
                draft.options.append(Attribute(label, value, language_of(label, context.languages)))
        has_values = any(record.cells.get(value_column) for _, value_column in options)
        draft.product_only = not (has_values or get("price") or get("sku") or (seen[handle] == 1 and get("title")))
        drafts.append(draft)
    return drafts


def _reader(record: Record, columns: dict[str, str]) -> Callable[[str], str]:
    return lambda name: record.cells.get(columns.get(name, ""), "").strip()


def _option_columns(header: Sequence[str], number: int) -> tuple[str, str]:
    found = {folded(column).replace("option ", "option"): column for column in header}
    return found.get(f"option{number} name", ""), found.get(f"option{number} value", "")


def _draft(record: Record, columns: dict[str, str], context: Context, handle: str) -> Draft:
    get = _reader(record, columns)
    languages = context.languages
    draft = Draft(row=record.row, columns=_for_messages(columns), group=handle)
    draft.title = localized(get("title"), languages, one_line=True)
    draft.description = localized(get("body"), languages)
    draft.brand, draft.sku = get("vendor"), plain_line(get("sku").lstrip("'"))
    draft.tags = [tag for part in get("tags").split(",") if (tag := plain_line(part))]
    for name in ("category", "type"):
        path = " > ".join(step.strip() for step in plain_line(get(name)).split(">") if step.strip())
        if path:
            draft.categories.append({language_of(path, languages): path})
    draft.price, draft.list_price = get("price"), get("compare")
    draft.stock = get("stock")
    draft.sold_when_empty = get("policy").casefold() in ("continue", "true", "yes")
    if not draft.stock and "tracker" in columns and not get("tracker") and draft.price:
        draft.availability = "in stock"
    status = get("status").casefold()
    draft.published = status if status and yes_or_no(status) is not True else (get("published") or status)
    draft.images = [link] if (link := address(get("image"))) else []
    draft.variant_image = address(get("variant_image"))
    draft.variant_url = ""
    for label, value in (("Barcode", get("barcode").lstrip("'")), ("Weight", _weight(get("grams"), get("weight_unit")))):
        if (one := attribute(label, value, languages)) is not None:
            draft.variant_attributes.append(one) if label == "Barcode" else draft.attributes.append(one)
    for column, value in record.cells.items():
        if "(product.metafields." in column or column.startswith("Metafield:"):
            one = attribute(column.split("(")[0].removeprefix("Metafield:").strip(), value, languages)
            draft.attributes.extend([one] if one is not None else [])
    return draft


def _for_messages(columns: dict[str, str]) -> dict[str, str]:
    renamed = {"compare": "list_price", "body": "description", "vendor": "brand"}
    return {renamed.get(name, name): column for name, column in columns.items()}


def _weight(grams: str, unit: str) -> str:
    """The weight in the unit that the merchant shows, a thousand grams and more in kilograms; the column itself counts grams."""
    number = decimal_of(grams)
    if number is None or number <= 0:
        return ""
    per_unit = {"kg": Decimal(1000), "g": Decimal(1), "lb": Decimal("453.59237"), "oz": Decimal("28.349523")}.get(unit.casefold() or "g")
    if per_unit is None or (per_unit == 1 and number < KILO):
        return f"{number.normalize():f} g"
    if per_unit == 1:
        return f"{(number / KILO).normalize():f} kg"  # nobody says 35000 g
    return f"{(number / per_unit).quantize(Decimal('0.001')).normalize():f} {unit.casefold() or 'g'}"
