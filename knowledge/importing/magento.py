"""Magento's (Adobe Commerce's) product CSV: simple products, configurable ones that name their variants, texts by store view.

Source of the columns: Adobe Commerce's guide on product attributes in import files.
"""

import re
from collections.abc import Sequence

from knowledge.importing.draft import Context, Draft
from knowledge.importing.faq import language_tag
from knowledge.importing.rows import Row, add_facts, add_paths, folded_names, links, parted, rows_of
from knowledge.importing.statements import localized
from knowledge.importing.tables import Table
from knowledge.importing.text import plain_line
from knowledge.importing.words import decimal_of


def is_magento(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Magento export."""
    names = folded_names(header)
    return {"sku", "name", "product type"} <= names and len(
        names & {"attribute set code", "additional attributes", "product websites", "configurable variations"}
    ) >= 2


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row; variants join the configurable product that names them, rows of a store view add their language's texts."""
    rows = rows_of(table)
    drafts = [_draft(row, context) for row in rows]
    by_sku: dict[str, Draft] = {}
    for row, draft in zip(rows, drafts, strict=True):
        if not row.get("store view code"):
            by_sku.setdefault(draft.sku.casefold(), draft)
    for row, draft in zip(rows, drafts, strict=True):
        _take_variants(row, draft, by_sku, context)
    for row, draft in zip(rows, drafts, strict=True):
        main = by_sku.get(draft.sku.casefold())
        if row.get("store view code") and main is not None:
            _give_texts(row, draft, main, context)
    return drafts


def _take_variants(row: Row, parent: Draft, by_sku: dict[str, Draft], context: Context) -> None:
    """configurable_variations: "sku=A,size=S|sku=B,size=M"."""
    labels = dict(re.findall(r"(\w+)=([^,]*)", row.get("configurable variation labels")))
    for variation in parted(row.get("configurable variations"), r"\|"):
        stated = dict(re.findall(r"(\w+)=([^,]*)", variation))
        child = by_sku.get(stated.pop("sku", "").casefold())
        if child is None:
            continue
        parent.product_only = True
        child.group, child.product_id, child.title, child.description, child.categories = parent.group, "", {}, {}, []
        child.published = parent.published
        child.variant_image, child.images = (child.images[0] if child.images else ""), []
        add_facts(
            child.options, ((labels.get(name, name.replace("_", " ").capitalize()), value) for name, value in stated.items()), context
        )
        named = {option.name.casefold() for option in child.options}
        child.attributes = [one for one in child.attributes if one.name.casefold() not in named]


def _give_texts(row: Row, draft: Draft, main: Draft, context: Context) -> None:
    """The record of a store view is no product; its texts are those of its language."""
    tag = language_tag(row.get("store view code"))
    for told, text in draft.title.items():
        main.title.setdefault(tag or told, text)
    for told, text in localized(row.get("description"), context.languages).items():
        main.description.setdefault(tag or told, text)
    draft.group, draft.product_only = main.group, True
    draft.sku, draft.title, draft.description, draft.price = "", {}, {}, ""


def _draft(row: Row, context: Context) -> Draft:
    texts = (row.get("short description"), row.get("description"))
    sku = plain_line(row.get("sku"))
    columns = {"title": "name", "price": "price", "sku": "sku", "stock": "qty"}
    draft = row.draft(context, group=sku, title=row.get("name"), descriptions=texts, columns=columns)
    draft.sku, draft.product_id = sku, sku
    draft.price, draft.sale_price = row.get("price"), row.get("special price")
    draft.sale_from, draft.sale_until = (_date(row.get(name)) for name in ("special price from date", "special price to date"))
    draft.sold_when_empty = row.get("allow backorders") in ("1", "2")
    number = decimal_of(row.get("qty"))
    draft.stock = f"{number.to_integral_value():f}" if number is not None else row.get("qty")
    if row.get("is in stock") == "0":
        draft.stock, draft.availability = "0", "out of stock"
    if row.get("manage stock") == "0":
        draft.stock, draft.availability = "", "in stock"
    hidden = row.get("product online") == "2" or row.get("visibility").casefold() == "not visible individually"
    draft.published = "no" if hidden else "yes"
    draft.images = links([row.get("base image"), *parted(row.get("additional images"), ",")])
    draft.goes_with = [sku for name in ("related skus", "crosssell skus", "upsell skus") for sku in parted(row.get(name), ",")]
    add_paths(draft, parted(row.get("categories"), ","), context, drop=("default category",))
    stated = re.findall(r"(?:^|,)(\w+)=((?:[^,]|,(?!\w+=))*)", row.get("additional attributes"))
    add_facts(draft.attributes, ((name.replace("_", " ").capitalize(), value.replace("|", ", ")) for name, value in stated), context)
    return draft


def _date(text: str) -> str:
    """American dates (12/31/2026), as this program writes them, in the usual order."""
    match = re.match(r"(\d{1,2})/(\d{1,2})/(\d{2,4})", text)
    if match is None:
        return text
    year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
    return f"{year}-{int(match[1]):02}-{int(match[2]):02}"
