"""Opening hours: summer time, nights that reach into the next day, breaks, closed days."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.opening_hours import DAYS, OpeningHours, opening_hours_of, span_of, zone_names

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {"timezone": "Asia/Shanghai", "week": {day: ["09:00-12:00", "13:00-18:00"] for day in WEEKDAYS}}


def hours(**raw: object) -> OpeningHours:
    found = opening_hours_of({**OFFICE, **raw})
    assert found is not None
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_break_is_closed_and_its_end_the_next_opening() -> None:
    office = hours()
    assert office.is_open(at("2026-03-02T11:59+08:00")) and not office.is_open(at("2026-03-02T12:00+08:00"))
    assert office.next_opening(at("2026-03-02T12:30+08:00")) == at("2026-03-02T13:00+08:00")
    assert office.next_opening(at("2026-03-06T18:00+08:00")) == at("2026-03-09T09:00+08:00"), "over the week-end"


def test_a_closed_day_is_passed_over() -> None:
    office = hours(closed=["2026-03-09", "no day"])
    assert not office.is_open(at("2026-03-09T10:00+08:00"))
    assert office.next_opening(at("2026-03-06T19:00+08:00")) == at("2026-03-10T09:00+08:00")


def test_a_night_reaches_into_the_next_day() -> None:
    bar = hours(timezone="Europe/Berlin", week={"fri": ["22:00-02:00"]})
    assert bar.is_open(at("2026-03-07T01:59+01:00")) and not bar.is_open(at("2026-03-07T02:00+01:00"))
    assert bar.next_opening(at("2026-03-07T02:00+01:00")) == at("2026-03-13T22:00+01:00")


def test_summer_time_moves_the_clock_not_the_hours() -> None:
    shop = hours(timezone="America/New_York", week={"sun": ["09:00-17:00"]})
    before, after = at("2026-03-01T12:00+00:00"), at("2026-03-02T12:00+00:00")
    assert shop.next_opening(before) == at("2026-03-01T14:00+00:00")
    assert shop.next_opening(after) == at("2026-03-08T13:00+00:00"), "summer time began in that night"
    assert (shop.offset(before), shop.offset(at("2026-07-01T12:00+00:00"))) == ("UTC-5", "UTC-4")
    assert hours(timezone="Asia/Kolkata").offset(before) == "UTC+5:30"


def test_the_older_form_and_malformed_parts() -> None:
    old = opening_hours_of({"timezone": "UTC", "days": ["mon", "tue"], "opens": "9:00", "closes": "18:00"})
    assert old is not None and [(first, last) for first, last, _ in old.groups()] == [("mon", "tue")]
    for raw in ({}, {"timezone": "Mars/Base", "week": OFFICE["week"]}, {"timezone": "UTC", "week": {"mon": ["soon"]}}, {"week": 3}):
        assert opening_hours_of(raw) is None


@pytest.mark.parametrize("text", ["9", "09:00", "25:00-26:00", "09:60-10:00", "24:00-02:00", "09:00-10:00-11:00", "nine-ten"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        span_of(text)


def test_zones_are_those_that_people_choose() -> None:
    assert {"Asia/Shanghai", "Europe/Berlin", "UTC"} <= set(zone_names())
    assert not any(name.startswith(("Etc/", "US/")) for name in zone_names())


MINUTES = st.integers(0, 47).map(lambda half: half * 30)


@given(
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    week=st.dictionaries(st.sampled_from(DAYS), st.tuples(MINUTES, MINUTES), min_size=1),
    minute=st.integers(0, 365 * 24 * 60),
)
def test_who_is_told_an_opening_finds_the_shop_open_then(zone: str, week: dict[str, tuple[int, int]], minute: int) -> None:
    text = {day: [f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}"] for day, (a, b) in week.items()}
    shop = opening_hours_of({"timezone": zone, "week": text})
    assert shop is not None
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    opens = shop.next_opening(now)
    assert opens is not None and now < opens <= now + timedelta(days=9)
    assert shop.is_open(opens)
