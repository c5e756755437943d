"""Hard conditions on products: all must hold. They are checked on the catalog and the live offers before anything is ranked."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.money import Money


class Way(StrEnum):
    """How an attribute meets a wish."""

    SAYS = "says"
    """One of the words stands in its value, or its amount lies between the bounds."""
    HAS = "has"
    """The property is there: stated and not denied. With `absent`: denied, or not stated at all."""
    TAKES = "takes"
    """It is for the amount in `minimum`: a bag "up to 16 inches" takes 15.6. With `absent`: it says that it is not."""


@dataclass(frozen=True, slots=True)
class AttributeCondition:
    """A condition on an option or attribute. `names`: attribute names that mean it, any language, () = any attribute or the title;
    `values`: any of these words must stand in the value (case-folded); `absent`: none of them may."""

    names: tuple[str, ...]
    values: tuple[str, ...]
    absent: bool = False
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    """For minimum and maximum: the unit of both, as in knowledge/units.py ("g", "L", "mm", "h", "W", ...)."""
    said: str = ""
    """The customer's words for it, for chips and reasons."""
    way: Way = Way.SAYS


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty: everything published. Amounts are in one currency; a product of another currency does not match a price condition."""

    price_min: Money | None = None
    price_max: Money | None = None
    in_stock: bool = False
    on_sale: bool = False
    categories: tuple[str, ...] = ()
    """Category names in any language (case-folded); any of them, at any level of the path."""
    brands: tuple[str, ...] = ()
    not_brands: tuple[str, ...] = ()
    not_product_ids: tuple[str, ...] = ()
    """Anything but these."""
    attributes: tuple[AttributeCondition, ...] = ()
    product_ids: tuple[str, ...] | None = None
    """Only these products; None: all."""

    @property
    def empty(self) -> bool:
        """No condition set."""
        return self == Filters()
