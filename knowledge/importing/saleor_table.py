"""Saleor's product export (CSV): a row a variant; prices by channel, stocks by warehouse and attributes in columns that say so in brackets.

Source of the columns: the headers that Saleor's export of products writes.
"""

import re
from collections.abc import Sequence

import orjson

from knowledge.importing.columns import folded
from knowledge.importing.draft import Context, Draft
from knowledge.importing.rows import Row, add_facts, add_paths, links, parted
from knowledge.importing.saleor import rich_text
from knowledge.importing.tables import Record, Table
from knowledge.importing.text import plain_line
from knowledge.importing.words import count_of

_KIND = re.compile(r"(?P<name>.+?)\s*\((?P<kind>channel [a-z ]+|warehouse quantity|product attribute|variant attribute)\)")


def is_saleor_table(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Saleor export."""
    kinds = {match["kind"] for column in header if (match := _KIND.fullmatch(column))}
    return "variant sku" in map(folded, header) and bool(kinds & {"channel price amount", "channel currency code"})


def drafts_of(table: Table, context: Context) -> list[Draft]:
    """One draft a row."""
    kinds = {column: match for column in table.header if (match := _KIND.fullmatch(column))}
    plain = {folded(column): column for column in table.header if column not in kinds}
    return [_draft(record, plain, kinds, context) for record in table.records]


def _draft(record: Record, plain: dict[str, str], kinds: dict[str, re.Match[str]], context: Context) -> Draft:
    row = Row(record.row, {name: record.cells.get(column, "").strip() for name, column in plain.items()}, plain)
    told = [(match["name"], match["kind"], record.cells.get(column, "").strip()) for column, match in kinds.items()]
    texts, columns = [_description(row.get("description"))], {"title": "name", "sku": "variant sku"}
    draft = row.draft(context, group=row.get("id", "name"), title=row.get("name"), descriptions=texts, columns=columns)
    draft.sku = plain_line(row.get("variant sku"))
    amounts = {name: value for name, kind, value in told if kind == "channel price amount" and value}
    currencies = {name: value for name, kind, value in told if kind == "channel currency code"}
    channel = next((name for name in amounts if currencies.get(name) == context.currency), next(iter(amounts), ""))
    draft.price, draft.currency = amounts.get(channel, ""), currencies.get(channel, "")
    pieces = [count for _, kind, value in told if kind == "warehouse quantity" and (count := count_of(value)) is not None]
    draft.stock = str(sum(pieces)) if pieces else ""
    shown = [value.casefold() for _, kind, value in told if kind in ("channel visible in listings", "channel published") and value]
    draft.published = "no" if shown and set(shown) == {"false"} else ""
    add_paths(draft, [row.get("category")], context)
    draft.images = links(parted(row.get("product media"), ","))
    add_facts(draft.options, [(name, value) for name, kind, value in told if kind == "variant attribute"], context)
    add_facts(draft.attributes, [(name, value) for name, kind, value in told if kind == "product attribute"], context)
    add_facts(draft.attributes, [("Weight", row.get("product weight"))], context)
    return draft


def _description(text: str) -> str:
    """Rich text as JSON, or plain text."""
    try:
        return rich_text(orjson.loads(text)) if text.startswith("{") else text
    except orjson.JSONDecodeError:
        return text
