"""Formats of other programs, told by their columns: which they are, and who reads each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.importing import merchant_feed, shopify, vendure, woocommerce
from knowledge.importing.draft import Context, Draft
from knowledge.importing.problems import Report
from knowledge.importing.tables import Table


@dataclass(frozen=True, slots=True)
class ForeignFormat:
    """A format: how its columns are recognised, its name for a table, and what its rows state."""

    recognises: Callable[[Sequence[str]], bool]
    named: Callable[[Table], str]
    drafts_of: Callable[[Table, Report, Context], list[Draft]]


def _called(name: str) -> Callable[[Table], str]:
    return lambda table: f"{name}-{table.layout}"


FORMATS = (
    ForeignFormat(shopify.is_shopify, _called("shopify"), lambda table, _, context: shopify.drafts_of(table, context)),
    ForeignFormat(woocommerce.is_woocommerce, _called("woocommerce"), woocommerce.drafts_of),
    ForeignFormat(vendure.is_vendure, _called("vendure"), lambda table, _, context: vendure.drafts_of(table, context)),
    ForeignFormat(
        merchant_feed.is_merchant_feed, merchant_feed.feed_format, lambda table, _, context: merchant_feed.drafts_of(table, context)
    ),
)
"""The first that recognises a header reads the table."""


def foreign_format(header: Sequence[str]) -> ForeignFormat | None:
    """The format whose columns these are; None: our own or those of no program we know."""
    return next((one for one in FORMATS if one.recognises(header)), None)
