"""PrestaShop's product CSV: one row a product, features as name:value:position.

Source of the columns: the sample file of PrestaShop's CSV import. Combinations stand in another file there and are not read.
"""

from collections.abc import Sequence
from decimal import Decimal

from knowledge.importing.draft import Context, Draft
from knowledge.importing.rows import Row, add_facts, add_paths, folded_names, links, parted, rows_of
from knowledge.importing.tables import Table
from knowledge.importing.text import plain_line
from knowledge.importing.words import decimal_of


def is_prestashop(header: Sequence[str]) -> bool:
    """Whether these are the columns of a PrestaShop import file."""
    names = folded_names(header)
    return {"active", "name", "categories"} <= names and any(name.startswith("price tax") for name in names)


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    return [_draft(row, context) for row in rows_of(table)]


def _draft(row: Row, context: Context) -> Draft:
    texts = (row.get("summary"), row.get("description"))
    price = next(name for name in row.headers if name.startswith("price tax"))
    columns = {"title": "name", "price": price, "sku": "reference #", "stock": "quantity"}
    draft = row.draft(context, group="", title=row.get("name"), descriptions=texts, columns=columns)
    draft.sku = plain_line(row.get("reference #", "reference")) or plain_line(row.get("product id", "id"))
    draft.price = row.get("price tax included", "price tax excluded", "price tax incl.", "price tax excl.")
    draft.sale_price = _reduced(draft.price, row.get("discount amount"), row.get("discount percent"))
    draft.sale_from, draft.sale_until = row.get("discount from"), row.get("discount to")
    draft.stock = row.get("quantity")
    draft.sold_when_empty = row.get("out of stock action", "out of stock") == "1"
    draft.published = "no" if row.get("visibility").casefold() == "none" else row.get("active")
    draft.brand = plain_line(row.get("manufacturer"))
    draft.images, draft.tags = links(parted(row.get("image urls"), ",")), parted(row.get("tags"), ",")
    add_paths(draft, parted(row.get("categories"), ","), context, drop=("home",))
    add_facts(draft.attributes, [("Barcode", row.get("ean13", "upc")), ("MPN", row.get("mpn"))], context)
    if (condition := row.get("condition").casefold()) not in ("", "new"):
        add_facts(draft.attributes, [("Condition", condition)], context)
    features = (part.split(":") for part in parted(row.get("feature"), ","))
    add_facts(draft.attributes, ((parts[0], parts[1]) for parts in features if len(parts) >= 2), context)
    return draft


def _reduced(price: str, amount: str, percent: str) -> str:
    """The price less its discount; "" without one."""
    full, off, share = decimal_of(price), decimal_of(amount), decimal_of(percent)
    if full is None or not (off or share):
        return ""
    return f"{(full - (off or full * (share or Decimal(0)) / 100)).quantize(Decimal('0.01')):f}"
