"""A price or gift under conditions, within a window, for named products."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from knowledge.localized import LocalText
from knowledge.money import Money


@dataclass(frozen=True, slots=True)
class Promotion:
    """A reduction (percent or amount) or something said in words, with its terms."""

    code: str
    title: LocalText
    text: LocalText = field(default_factory=dict)
    percent_off: Decimal | None = None
    amount_off: Money | None = None
    minimum: Money | None = None
    skus: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    audience: str = ""
    """Whom it is for, in the merchant's words; "" is everybody."""

    def in_force(self, now: datetime) -> bool:
        """Whether `now` (UTC) lies inside its window."""
        return (self.starts is None or self.starts <= now) and (self.ends is None or now < self.ends)
