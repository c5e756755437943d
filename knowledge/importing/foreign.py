"""Formats of other programs, told by their columns: which they are, and who reads each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.importing import (
    bigcommerce,
    magento,
    medusa,
    merchant_feed,
    prestashop,
    saleor_table,
    shopify,
    squarespace,
    vendure,
    wix,
    woocommerce,
)
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


def _plain(reads: Callable[[Table, Context], list[Draft]]) -> Callable[[Table, Report, Context], list[Draft]]:
    """A reader that has nothing to report by itself."""
    return lambda table, _, context: reads(table, context)


FORMATS = (
    ForeignFormat(shopify.is_shopify, _called("shopify"), _plain(shopify.drafts_of)),
    ForeignFormat(woocommerce.is_woocommerce, _called("woocommerce"), woocommerce.drafts_of),
    ForeignFormat(vendure.is_vendure, _called("vendure"), _plain(vendure.drafts_of)),
    ForeignFormat(magento.is_magento, _called("magento"), _plain(magento.drafts_of)),
    ForeignFormat(medusa.is_medusa, _called("medusa"), _plain(medusa.drafts_of)),
    ForeignFormat(bigcommerce.is_bigcommerce, _called("bigcommerce"), _plain(bigcommerce.drafts_of)),
    ForeignFormat(prestashop.is_prestashop, _called("prestashop"), _plain(prestashop.drafts_of)),
    ForeignFormat(saleor_table.is_saleor_table, _called("saleor"), _plain(saleor_table.drafts_of)),
    ForeignFormat(squarespace.is_squarespace, _called("squarespace"), _plain(squarespace.drafts_of)),
    ForeignFormat(wix.is_wix, _called("wix"), _plain(wix.drafts_of)),
    ForeignFormat(merchant_feed.is_merchant_feed, merchant_feed.feed_format, _plain(merchant_feed.drafts_of)),
)
"""The first that recognises a header reads the table."""


def foreign_format(header: Sequence[str]) -> ForeignFormat | None:
    """The format whose columns these are; None: our own or those of no program we know."""
    return next((one for one in FORMATS if one.recognises(header)), None)
