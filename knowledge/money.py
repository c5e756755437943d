"""Amounts in minor units with their currency; never a bare float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

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


MAX_MINOR = 10**15
"""Amounts at or above this are refused: no shop sells at that price, and databases hold 64 bits."""


def money_of(major: Decimal, currency: str) -> Money:
    """The amount rounded half up to the currency's minor unit. Raises knowledge.errors.InvalidMoney when it is out of range."""
    from knowledge.errors import InvalidMoney

    try:
        minor = int(major.scaleb(MINOR_DIGITS.get(currency, 2)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise InvalidMoney(f"{major} is not an amount of money.") from error
    if abs(minor) >= MAX_MINOR:
        raise InvalidMoney(f"{major} is too large to be a price.")
    return Money(minor, currency)


SYMBOLS: dict[str, str] = {
    "USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "JP¥", "KRW": "₩", "INR": "₹", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$",
    "HKD": "HK$", "TWD": "NT$", "SGD": "S$", "MXN": "MX$", "BRL": "R$", "VND": "₫", "THB": "฿", "ILS": "₪", "UAH": "₴", "PHP": "₱",
}  # fmt: skip
"""How an amount is shown; a sign that stands for one currency only. Others show their code."""


def format_money(money: Money) -> str:
    """For people: "$69.99", "¥899.00", "JP¥1200", "SEK 199.00".

    Digits are not grouped, so the figure is the same text as in `Money.text`.
    """
    sign = "-" if money.minor < 0 else ""
    figure = money.text.removeprefix("-")
    symbol = SYMBOLS.get(money.currency)
    return f"{sign}{symbol}{figure}" if symbol else f"{sign}{money.currency} {figure}"
