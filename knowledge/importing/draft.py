"""One record as its file states it, in texts; what every product format is turned into first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from knowledge.catalog import Attribute
from knowledge.importing.mapping import ColumnMapping
from knowledge.localized import LocalText


@dataclass(frozen=True, slots=True)
class Context:
    """What the shop says where a file is silent."""

    currency: str = "USD"
    languages: tuple[str, ...] = ("en", "zh")
    now: datetime | None = None
    mappings: Mapping[str, ColumnMapping] = field(default_factory=dict)
    """What the merchant said of columns, by source; under "" of all of them."""

    def mapping(self, source: str) -> ColumnMapping:
        """What was said of the columns of this source."""
        return self.mappings.get(source, ColumnMapping()).with_(self.mappings.get(""))


@dataclass(slots=True)
class Draft:
    """One record as its file states it, in texts. `columns`: field to the header it came from, for messages."""

    row: int
    columns: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    """Records of one group are one product; "" is a product of its own."""
    product_id: str = ""
    sku: str = ""
    title: LocalText = field(default_factory=dict)
    description: LocalText = field(default_factory=dict)
    brand: str = ""
    categories: list[LocalText] = field(default_factory=list)
    price: str = ""
    sale_price: str = ""
    list_price: str = ""
    price_to: str = ""
    currency: str = ""
    stock: str = ""
    availability: str = ""
    sold_when_empty: bool = False
    published: str = ""
    deleted: str = ""
    sale_from: str = ""
    sale_until: str = ""
    url: str = ""
    variant_url: str | None = None
    """None: told from `url` where the records of a product differ."""
    images: list[str] = field(default_factory=list)
    variant_image: str | None = None
    options: list[Attribute] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    variant_attributes: list[Attribute] = field(default_factory=list)
    goes_with: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    rating: str = ""
    rating_count: str = ""
    as_of: str = ""
    product_only: bool = False
    """The record tells of the product and is no variant itself (a parent, a further picture)."""

    def column(self, name: str) -> str:
        """The header to name in a message."""
        return self.columns.get(name, name)
