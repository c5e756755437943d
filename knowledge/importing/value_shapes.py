"""What the cells of a column look like: amounts, counts, addresses, codes, words. Tells a column's meaning where its name does not."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.currencies import is_currency
from knowledge.importing.words import count_of, decimal_of, moment_of, state_of, yes_or_no

SAMPLED = 200
"""Filled cells of a column that are looked at."""
MOST = 0.8
"""Share of the cells that must have a shape for the column to have it."""

_ADDRESS = re.compile(r"\s*(?:https?:)?//\S+", re.IGNORECASE)
_PICTURE = re.compile(r"\S+\.(?:jpe?g|png|webp|gif|avif|svg|bmp)(?:[?#,|;\s]|$)", re.IGNORECASE)
_MONEY = re.compile(r"[$€£¥￥₹₩]|\d\s*元|\b(?:USD|EUR|GBP|CNY|RMB|JPY|HKD|TWD|CAD|AUD|INR)\b")
_PLAIN_AMOUNT = re.compile(r"\s*\d{1,3}(?:[,.'’ ]?\d{3})*[.,]\d{2}\s*")
_PERSONAL = re.compile(r"\S+@\S+\.\w+|\s*\+?\d[\d\s()-]{8,}\d\s*")
_MACHINE = re.compile(
    r"\s*(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,}|[0-9a-f]{24,}|[A-Za-z0-9+/]{40,}=*|gid://\S+|\{.*\}|\[\s*[{\]].*)\s*", re.DOTALL
)
_CODE = re.compile(r"\s*(?=\S*\d)[A-Za-z0-9][A-Za-z0-9._/#-]{1,39}\s*")
_GTIN = re.compile(r"\s*'?(\d{8}|\d{12,14})\s*")


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shares (0 to 1) of the filled cells that have each shape, and how many different ones there are."""

    filled: int
    shares: dict[str, float]
    distinct: float
    """Different cells for each filled one."""
    length: float
    """Mean characters of a cell."""

    def is_(self, shape: str, share: float = MOST) -> bool:
        """Whether most cells have this shape."""
        return self.filled > 0 and self.shares.get(shape, 0.0) >= share


def _is_gtin(cell: str) -> bool:
    match = _GTIN.fullmatch(cell)
    if match is None:
        return False
    digits = [int(digit) for digit in reversed(match[1])]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def _is_date(cell: str) -> bool:
    return len(cell) >= 8 and decimal_of(cell) is None and moment_of(cell) is not None


_TESTS: dict[str, Callable[[str], bool]] = {
    "picture": lambda cell: bool(_PICTURE.search(cell)) and " " not in cell.strip().split("|")[0],
    "address": lambda cell: bool(_ADDRESS.match(cell)),
    "money": lambda cell: len(cell) <= 24 and bool(re.search(r"\d", cell)) and bool(_MONEY.search(cell)),
    "amount": lambda cell: bool(_PLAIN_AMOUNT.fullmatch(cell)),
    "number": lambda cell: decimal_of(cell) is not None,
    "count": lambda cell: (count := count_of(cell)) is not None and count >= 0,
    "flag": lambda cell: cell.strip() in ("0", "1"),
    "yes_or_no": lambda cell: yes_or_no(cell) is not None and decimal_of(cell) is None,
    "availability": lambda cell: state_of(cell) is not None and decimal_of(cell) is None,
    "currency": lambda cell: is_currency(cell.strip().upper()),
    "date": _is_date,
    "barcode": _is_gtin,
    "code": lambda cell: bool(_CODE.fullmatch(cell)),
    "path": lambda cell: bool(re.search(r"\S\s*[>＞›»]\s*\S", cell)) and "<" not in cell and len(cell) < 200,
    "markup": lambda cell: bool(re.search(r"<(?:p|br|ul|li|table|div|span|img|h\d)\b", cell, re.IGNORECASE)),
    "words": lambda cell: bool(re.search(r"[^\W\d_]{2}", cell)),
    "personal": lambda cell: bool(_PERSONAL.fullmatch(cell)),
    "machine": lambda cell: bool(_MACHINE.fullmatch(cell)),
}


def shapes_of(cells: Sequence[str]) -> Shapes:
    """The shapes of a column's filled cells."""
    filled = [cell for cell in cells if cell.strip()][:SAMPLED]
    if not filled:
        return Shapes(0, {}, 0.0, 0.0)
    shares = {name: sum(map(test, filled)) / len(filled) for name, test in _TESTS.items()}
    return Shapes(len(filled), shares, len(set(filled)) / len(filled), sum(map(len, filled)) / len(filled))


def likely_field(shapes: Shapes, taken: set[str]) -> tuple[str, float]:
    """The field of a product that such cells would fill, and how sure that is; ("", 0.0) where nothing is likely. `taken` are known."""
    guesses: list[tuple[bool, str, float]] = [
        (shapes.is_("currency"), "currency", 0.6),
        (shapes.is_("picture"), "image", 0.6),
        (shapes.is_("address"), "url", 0.5),
        (shapes.is_("barcode"), "attribute:Barcode", 0.6),
        (shapes.is_("money"), "price", 0.5),
        (shapes.is_("availability") and shapes.shares["yes_or_no"] < MOST, "availability", 0.6),
        (shapes.is_("path"), "category", 0.6),
        (shapes.is_("markup", 0.5) or (shapes.is_("words") and shapes.length > 120), "description", 0.5),
        (shapes.is_("amount"), "price", 0.4),
        (shapes.is_("code") and shapes.distinct > 0.95 and not shapes.is_("number"), "sku", 0.5),
        (shapes.is_("words") and shapes.distinct > 0.9 and 6 <= shapes.length <= 120, "title", 0.5),
    ]
    return next(((field, sure) for fits, field, sure in guesses if fits and field not in taken), ("", 0.0))


_SUITS: dict[str, tuple[str, ...]] = {
    "price": ("money", "amount", "number"),
    "sale_price": ("money", "amount", "number"),
    "list_price": ("money", "amount", "number"),
    "stock": ("count", "number", "availability"),
    "stock_at": ("count", "number"),
    "currency": ("currency",),
    "image": ("picture", "address"),
    "url": ("address",),
    "title": ("words",),
    "description": ("words", "markup"),
    "question": ("words",),
    "answer": ("words",),
}


def suits(field: str, shapes: Shapes) -> bool:
    """Whether the cells of a column can be what its name says: half of them, so that broken rows do not hide the column."""
    wanted = _SUITS.get(field)
    return wanted is None or shapes.filled == 0 or any(shapes.is_(shape, 0.5) for shape in wanted)
