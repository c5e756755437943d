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
    drafts = {row.number: _draft(row, context) for row in rows}
    first = {row.get("sku").casefold(): drafts[row.number] for row in reversed(rows) if not row.get("store view code")}
    for row in rows:
        draft = drafts[row.number]
        main = first.get(row.get("sku").casefold())
        if row.get("store view code") and main is not None and main is not draft:
            tag = language_tag(row.get("store view code"))
            for target, name in ((main.title, "name"), (main.description, "description")):
                for told, text in localized(row.get(name), context.languages, one_line=name == "name").items():
                    target.setdefault(tag or told, text)
            draft.sku, draft.product_only, draft.title, draft.price = "", True, {}, ""
            draft.group = main.group
    for row in rows:
        parent = drafts[row.number]
        for variation in parted(row.get("configurable variations"), r"\|"):
            stated = dict(re.findall(r"(\w+)=([^,]*)", variation))
            child = first.get(stated.pop("sku", "").casefold())
            if child is None:
                continue
            labels = dict(re.findall(r"(\w+)=([^,]*)", row.get("configurable variation labels")))
            names = {name: labels.get(name, name.replace("_", " ").capitalize()) for name in stated}
            child.group, child.product_id, child.title, child.description, child.categories = parent.group, "", {}, {}, []
            child.published = parent.published
            child.variant_image, child.images = (child.images[0] if child.images else ""), []
            add_facts(child.options, ((names[name], value) for name, value in stated.items()), context)
            told = {option.name.casefold() for option in child.options}
            child.attributes = [one for one in child.attributes if one.name.casefold() not in told]
            parent.product_only = True
    for row in rows:
        # The texts of a store view follow their product wherever it went.
        if row.get("store view code") and (main := first.get(row.get("sku").casefold())) is not None:
            drafts[row.number].group = main.group
    return [drafts[row.number] for row in rows]


def _draft(row: Row, context: Context) -> Draft:
    texts = (row.get("short description"), row.get("description"))
    sku = plain_line(row.get("sku"))
    draft = row.draft(context, group=sku, title=row.get("name"), descriptions=texts, price="price", sku="sku", stock="qty", title_="name")
    draft.columns["title"] = draft.columns.pop("title_")
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
