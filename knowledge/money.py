"""Amounts in minor units with their currency; never a bare float."""

from dataclasses import dataclass
from decimal import Decimal

MINOR_DIGITS: dict[str, int] = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3}
"""Decimal places of the minor unit where they are not 2 (ISO 4217)."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` in minor units (cents, fen), `currency` as an ISO 4217 code."""

    minor: int
    currency: str

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact: Money(6999, "USD").major == Decimal("69.99")."""
        digits = MINOR_DIGITS.get(self.currency, 2)
        return Decimal(self.minor).scaleb(-digits)

    @property
    def text(self) -> str:
        """Decimal text in major units without currency: "69.99"."""
        return f"{self.major:f}"
