"""When people of a shop are there: a week of spans in a time zone, days that are closed, and the moment at which somebody is there again."""

import re
from calendar import day_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = dict(zip(DAYS, day_name, strict=True))
SPANS_OF_A_DAY = 2
"""Before and after a break."""
MOST_CLOSED = 60
DAY = 24 * 60
LOOKED_AHEAD = 400
"""Days, so that a shop that is closed for most of a year still opens."""
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to `end`, in minutes after the midnight that begins the day; an `end` beyond a day reaches into the next."""

    start: int
    end: int

    @property
    def text(self) -> str:
        """ "09:00-18:00"."""
        return f"{clock(self.start)}-{clock(self.end)}"


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`week`: Monday first, () on a day without; `closed`: days of the shop's calendar on which nobody is there."""

    zone: ZoneInfo
    week: tuple[Spans, ...]
    closed: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at that moment (aware)."""
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        today, yesterday = local.date(), local.date() - timedelta(days=1)
        if any(span.start <= minute < span.end for span in self._spans(today)):
            return True
        return any(minute + DAY < span.end for span in self._spans(yesterday))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment after `at` at which a span begins, in the shop's zone; None when none does."""
        local = at.astimezone(self.zone)
        for ahead in range(LOOKED_AHEAD):
            day = local.date() + timedelta(days=ahead)
            for span in self._spans(day):
                begins = self._moment(day, span.start)
                if begins > at:
                    return begins
        return None

    def groups(self) -> list[tuple[str, str, Spans]]:
        """Neighbouring days with the same spans: first day, last day, spans; days without are left out."""
        found: list[tuple[str, str, Spans]] = []
        for day, spans in zip(DAYS, self.week, strict=True):
            if found and found[-1][2] == spans:
                found[-1] = (found[-1][0], day, spans)
            else:
                found.append((day, day, spans))
        return [group for group in found if group[2]]

    def offset(self, at: datetime) -> str:
        """The zone as customers anywhere can read it: "UTC+8", "UTC-3:30", "UTC"; it changes with summer time."""
        minutes = int((at.astimezone(self.zone).utcoffset() or timedelta()).total_seconds() // 60)
        hours, rest = divmod(abs(minutes), 60)
        if not minutes:
            return "UTC"
        return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"

    def data(self, at: datetime) -> str:
        """All of it in one line for a model to read: "Monday-Friday 09:00-12:00, 13:00-18:00; Sunday 10:00-16:00 (Shanghai time)". The zone stands
        there without a figure that could be taken for something else."""
        items = []
        for first, last, spans in self.groups():
            days = _NAMES[first] if first == last else f"{_NAMES[first]}-{_NAMES[last]}"
            items.append(f"{days} {', '.join(span.text for span in spans)}")
        closed = sorted(day.isoformat() for day in self.closed if day >= at.astimezone(self.zone).date())
        zone = self.zone.key.rpartition("/")[2].replace("_", " ")
        return f"{'; '.join(items)} ({zone} time){'; closed on ' + ', '.join(closed) if closed else ''}"

    def _spans(self, day: date) -> Spans:
        return () if day in self.closed else self.week[day.weekday()]

    def _moment(self, day: date, minute: int) -> datetime:
        # Through UTC, so that a time that summer time leaves out becomes the one that clocks then show.
        return datetime.combine(day, time(minute // 60, minute % 60), self.zone).astimezone(UTC).astimezone(self.zone)


def clock(minute: int) -> str:
    """ "09:00"; the midnight that ends a day is "24:00"."""
    return "24:00" if minute == DAY else f"{minute % DAY // 60:02d}:{minute % 60:02d}"


def span_of(text: str) -> Span:
    """ "09:00-18:00"; an end that is not after the start is on the next day, and equal times are a whole day. Raises ValueError."""
    found = [_CLOCK.fullmatch(part.strip()) for part in re.split(r"[-–—~至]", text)]
    if len(found) != 2 or not all(found):
        raise ValueError(text)
    start, end = (int(match[1]) * 60 + int(match[2]) for match in found if match)
    if start >= DAY or end > DAY:
        raise ValueError(text)
    return Span(start, end if end > start else end + DAY)


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The time zones to choose from: "Asia/Shanghai", "UTC", ...; without old names by country."""
    areas = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"
    return tuple(sorted(name for name in available_timezones() if re.fullmatch(rf"(?:{areas})/.+|UTC", name)))


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo | None:
    """None for a name that is no time zone."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None


def opening_hours_of(raw: Mapping[str, object]) -> OpeningHours | None:
    """From a shop's `hours`: `timezone`, and `week` (day → spans) or `days` with `opens` and `closes`; `closed`: days. None when it does not
    say when anybody is there. Malformed parts are left out."""
    zone = zone_of(str(raw.get("timezone") or "UTC"))
    week = tuple(_readable(spans) for spans in week_texts(raw))
    if zone is None or not any(week):
        return None
    return OpeningHours(zone, week, frozenset(_dates(raw.get("closed"))))


def week_texts(raw: Mapping[str, object]) -> list[list[str]]:
    """The spans of each day as texts, Monday first, from either form."""
    week = raw.get("week")
    if isinstance(week, dict):
        return [[str(span) for span in spans] if isinstance(spans := week.get(day), list) else [] for day in DAYS]
    days, opens, closes = raw.get("days"), raw.get("opens"), raw.get("closes")
    if not isinstance(days, list) or not opens or not closes:
        return [[] for _ in DAYS]
    return [[f"{opens}-{closes}"] if day in days else [] for day in DAYS]


def _readable(texts: Sequence[str]) -> Spans:
    found = []
    for text in texts:
        try:
            found.append(span_of(text))
        except ValueError:
            continue
    return tuple(sorted(found, key=lambda span: span.start))


def _dates(value: object) -> list[date]:
    found = []
    for text in value if isinstance(value, list) else []:
        try:
            found.append(date.fromisoformat(str(text)))
        except ValueError:
            continue
    return found
