"""Who looks after an entry, and when it holds: kept beside the body, versioned with it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Care:
    """What a merchant notes about one entry. Outside its effective window an entry is kept, but never answers."""

    owner: str = ""
    """Who keeps it right, in the merchant's words."""
    review_by: date | None = None
    """The day by which somebody should have read it again."""
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    """UTC; None: open on that side."""

    def in_effect(self, now: datetime) -> bool:
        """Whether `now` (UTC) lies inside the window."""
        return (self.effective_from is None or self.effective_from <= now) and (self.effective_until is None or now < self.effective_until)

    def next_change(self, now: datetime) -> datetime | None:
        """The next moment after `now` at which `in_effect` may turn out otherwise."""
        coming = [moment for moment in (self.effective_from, self.effective_until) if moment is not None and moment > now]
        return min(coming, default=None)

    def overdue(self, now: datetime) -> bool:
        """Whether somebody should look: the review is due, or the window is over."""
        due = self.review_by is not None and self.review_by <= now.date()
        return due or (self.effective_until is not None and self.effective_until <= now)


NO_CARE = Care()
