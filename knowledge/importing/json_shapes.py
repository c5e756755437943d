"""Products as the programs of shops write them in JSON, brought to one shape: options by name, ratings and prices under their usual names.

Sources: Shopify's products.json and Admin API, the REST APIs of WooCommerce, Magento and Medusa, and what many small APIs copy from them.
"""

import re
from typing import Any

from knowledge.importing.columns import folded
from knowledge.importing.json_records import text_of
from knowledge.importing.words import decimal_of

_STATEMENTS = ("options", "attributes", "variant attributes")
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")


def usual_shape(data: dict[str, Any]) -> dict[str, Any]:
    """The same product with what is particular to one program under the names that all know."""
    data = _with_named_options(_with_custom_attributes(data))
    found: dict[str, Any] = {}
    for name, value in data.items():
        key = folded(name)
        if key == "rating" and isinstance(value, dict):
            found["rating"] = next((value[part] for part in ("rate", "average", "value", "score") if part in value), None)
            found["rating_count"] = next((value[part] for part in ("count", "total", "votes") if part in value), None)
        elif key == "regular price" and "price" in data and not isinstance(value, dict | list):
            price, regular = decimal_of(text_of(data["price"])), decimal_of(text_of(value))
            if price is not None and regular is not None and regular > price:
                found["list_price"] = value
        elif key == "sale price" and text_of(value) == text_of(data.get("price")):
            continue  # the price already says what is paid
        elif key == "attributes" and isinstance(value, list):
            found[name] = [
                {**entry, "value": entry["options"]} if isinstance(entry, dict) and isinstance(entry.get("options"), list) else entry
                for entry in value
            ]
        elif key == "permalink":
            found["url"] = value
        elif key == "grams":
            found["weight"] = f"{text_of(value)} g" if value else None
        else:
            found[name] = value
    return found


def _with_custom_attributes(data: dict[str, Any]) -> dict[str, Any]:
    """Magento's REST API: texts and prices as a list of codes and values, the stock inside an extension, status 2 for what is off."""
    custom = data.get("custom_attributes")
    if not isinstance(custom, list) or not all(isinstance(entry, dict) for entry in custom) or "type_id" not in data:
        return data
    named = {str(entry["attribute_code"]): entry.get("value") for entry in custom if "attribute_code" in entry}
    kept = {
        name: value
        for name, value in named.items()
        if not re.search(r"url|meta|image|thumbnail|option|tax|category|gift|msrp|layout", name)
    }
    extension = data.get("extension_attributes")
    held = extension.get("stock_item") if isinstance(extension, dict) else None
    found = {name: value for name, value in data.items() if name in ("sku", "name", "price", "weight")}
    if isinstance(held, dict):
        found |= {"stock": held.get("qty"), "in_stock": held.get("is_in_stock")}
    return {**kept, **found, "published": text_of(data.get("status", 1)) != "2"}


def _with_options_by_id(data: dict[str, Any]) -> dict[str, Any]:
    """Options of variants that name the product's by number ({"option_id": "o1", "value": "S"}) under the names of these."""
    variants, options = data.get("variants"), data.get("options")
    if not isinstance(variants, list) or not isinstance(options, list):
        return data
    names = {
        text_of(entry["id"]): entry.get("title") or entry.get("name") for entry in options if isinstance(entry, dict) and "id" in entry
    }
    held = [one for entry in variants if isinstance(entry, dict) for one in entry.get("options") or () if isinstance(one, dict)]
    if not names or not held or not all(text_of(one.get("option_id")) in names for one in held):
        return data
    shaped = [
        {**entry, "options": {text_of(names[text_of(one["option_id"])]): one.get("value") for one in entry.get("options") or ()}}
        for entry in variants
        if isinstance(entry, dict)
    ]
    return {**{name: value for name, value in data.items() if name != "options"}, "variants": shaped}


def _with_named_options(data: dict[str, Any]) -> dict[str, Any]:
    """Options that variants hold as option1 to option3 under the names that the product gives them."""
    data = _with_options_by_id(data)
    variants, options = data.get("variants"), data.get("options")
    if not isinstance(variants, list) or not any(isinstance(entry, dict) and "option1" in entry for entry in variants):
        return data
    names = (
        [text_of(entry.get("name")) if isinstance(entry, dict) else text_of(entry) for entry in options]
        if isinstance(options, list)
        else []
    )
    shaped = []
    for entry in variants:
        if not isinstance(entry, dict):
            continue
        values = {(names[place] if place < len(names) else f"Option {place + 1}"): entry.get(f"option{place + 1}") for place in range(3)}
        told = {name: value for name, value in values.items() if value and text_of(value).casefold() != "default title"}
        rest = {name: value for name, value in entry.items() if not re.fullmatch(r"option[123]|title|position|product_id|grams", name)}
        shaped.append({**rest, "options": told})
    return {**{name: value for name, value in data.items() if name != "options"}, "variants": shaped}


def with_language_columns(data: dict[str, Any]) -> dict[str, Any]:
    """A FAQ entry whose texts are objects by language ({"question": {"en": ..., "zh": ...}}) with a name for each: question_en, question_zh."""
    if not {"question", "answer"} <= {folded(name) for name in data}:
        return data
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict) and value and all(_TAG.fullmatch(str(tag)) for tag in value):
            found.update({f"{name}_{tag}": text for tag, text in value.items()})
        else:
            found[name] = value
    return found


def holds_objects(data: dict[str, Any]) -> bool:
    """Whether a list in it holds objects that are not those of our own columns (statements, category paths by language)."""
    return any(
        isinstance(entry, dict) and not _is_own(folded(name), entry)
        for name, value in data.items()
        if isinstance(value, list)
        for entry in value
    )


def _is_own(key: str, entry: dict[str, Any]) -> bool:
    if key in _STATEMENTS:
        return {"name", "value"} <= entry.keys() and not isinstance(entry["value"], list | dict)
    return (
        key == "categories"
        and all(_TAG.fullmatch(name) and isinstance(value, str) for name, value in entry.items())
        and not {"id", "name"} & entry.keys()
    )
