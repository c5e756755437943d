"""Hard conditions on products: all must hold. They are checked on the catalog and the live offers before anything is ranked."""

from dataclasses import dataclass

from knowledge.money import Money


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
    """For minimum and maximum: the unit of both, as in retrieval/units.py ("g", "L", "mm", "h", "W", ...)."""
    said: str = ""
    """The customer's words for it, for chips and reasons."""


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
    attributes: tuple[AttributeCondition, ...] = ()
    product_ids: tuple[str, ...] | None = None
    """Only these products; None: all."""

    @property
    def empty(self) -> bool:
        """No condition set."""
        return self == Filters()
