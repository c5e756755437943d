"""What a form's entry says of other entries, and where in the form a refusal of the whole entry belongs."""

from collections.abc import Mapping, Sequence

from bot.consoles.merchant.form_fields import Plain, Typed, rows
from knowledge.catalog import Product
from knowledge.entries import EntryStore
from knowledge.errors import InvalidEntry, InvalidMoney
from knowledge.store import DocumentKind, Shop

_NAMING: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.PRODUCT: ("goes_with", "replaces"),
    DocumentKind.PROMOTION: ("skus",),
    DocumentKind.REVIEW: ("sku",),
}
"""Fields that name products by SKU or id."""


async def unknown_names(store: EntryStore, shop: Shop, revision: int, kind: DocumentKind, body: Plain, before: Plain) -> dict[str, str]:
    """Fields that newly name a product which the shop does not have. What stood there before (from a file, say) is left alone."""
    wrong = {}
    for field in _NAMING.get(kind, ()):
        stood = set(_listed(before.get(field)))
        for name in _listed(body.get(field)):
            if name not in stood and not await _is_product(store, shop, revision, name):
                wrong[field] = "review_sku" if kind is DocumentKind.REVIEW else "unknown_sku"
    return wrong


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []


async def _is_product(store: EntryStore, shop: Shop, revision: int, name: str) -> bool:
    found = await store.find_documents(shop.id, revision, kind=DocumentKind.PRODUCT, text=name, limit=200)
    return any(one.id == name or (isinstance(one.body, Product) and name in {v.sku for v in one.body.variants}) for one in found)


def field_of(wrong: InvalidEntry | InvalidMoney, typed: Typed, languages: Sequence[str]) -> Mapping[str, str]:
    """The field of the form that the refusal of an entry is about, with its code; nothing where it is about the whole."""
    place = getattr(wrong, "field", "").split(".")
    match place:
        case ["variants", number, "sku"]:
            at = rows(typed, "variant")
            return {f"variant:{at[int(number)]}:sku": "sku_taken"} if int(number) < len(at) else {}
        case ["id"]:
            return {"id": "id"}
        case [("title" | "question" | "answer") as name]:
            return {f"{name}:{languages[0]}": name}
        case _:
            return {}
