"""What buyers said of a product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Review:
    """One buyer's words. `rating` 1 to 5 or None; `date` as ISO text or ""."""

    id: str
    sku: str
    text: str
    rating: float | None = None
    language: str = "und"
    date: str = ""
