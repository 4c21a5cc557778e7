"""Times at the ends of the calendar, and where clocks and calendars jump: a value or unknown, never an exception."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segdsl.operators.operator import Context
from segdsl.operators.temporal import (
    ANNIVERSARY,
    CIVIL_DATE,
    HOUR,
    WEEK,
    Unit,
    civil_date,
    move,
    shift,
    shift_date,
    window,
)
from segdsl.values.kinds import Date, Datetime, domain, read
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN

FIRST, LAST = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)
EAST, WEST = dt.timezone(dt.timedelta(hours=14)), dt.timezone(dt.timedelta(hours=-12))
SAO_PAULO, APIA = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Pacific/Apia")


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]  # a year, month, day and so on


@pytest.mark.parametrize(
    ("day", "amount", "unit", "moved"),
    [
        (dt.date(2026, 1, 31), 1, Unit.MONTH, dt.date(2026, 2, 28)),
        (dt.date(2026, 3, 31), -1, Unit.MONTH, dt.date(2026, 2, 28)),
        (dt.date(2024, 2, 29), 1, Unit.YEAR, dt.date(2025, 2, 28)),
        (dt.date(2026, 1, 31), -13, Unit.MONTH, dt.date(2024, 12, 31)),
        (dt.date(2026, 1, 31), 2, Unit.WEEK, dt.date(2026, 2, 14)),
        (dt.date(2026, 1, 31), -31, Unit.DAY, dt.date(2025, 12, 31)),
    ],
)
def test_months_end_when_they_do(day: dt.date, amount: int, unit: Unit, moved: dt.date) -> None:
    assert shift_date(day, amount, unit) == moved
    assert move(amount, unit).meaning(Context(utc(2026, 1, 1), dt.UTC), day) == moved


@pytest.mark.parametrize("unit", list(Unit))
def test_beyond_the_calendar_is_unknown(unit: Unit) -> None:
    context = Context(utc(2026, 1, 1), dt.UTC)
    for far in (10**12, -(10**12)):
        assert shift(utc(2026, 1, 1), far, unit, dt.UTC) is UNKNOWN
        if not unit.exact:
            assert move(far, unit).meaning(context, dt.date(2026, 1, 1)) is UNKNOWN
    assert window(10**12, unit, forward=True, dates=False).meaning(context, context.now) is UNKNOWN


@pytest.mark.parametrize(("moment", "zone"), [(LAST, EAST), (FIRST, WEST)])
def test_a_moment_without_a_date_in_the_zone(moment: dt.datetime, zone: dt.tzinfo) -> None:
    assert civil_date(moment, zone) is UNKNOWN
    assert HOUR.meaning(Context(moment, zone), moment) is UNKNOWN
    assert ANNIVERSARY.meaning(Context(moment, zone), dt.date(2000, 1, 1)) is UNKNOWN
    assert shift(moment, 0, Unit.HOUR, zone) is UNKNOWN
    assert read(Datetime(zone), moment) is UNKNOWN
    assert moment not in domain(Datetime(zone))


def test_the_last_year_has_no_next_anniversary() -> None:
    context = Context(utc(9999, 6, 1), dt.UTC)
    assert ANNIVERSARY.meaning(context, dt.date(2000, 6, 1)) == dt.date(9999, 6, 1)
    assert ANNIVERSARY.meaning(context, dt.date(2000, 5, 31)) is UNKNOWN


def test_a_leap_day_comes_every_year() -> None:
    birthday = dt.date(2024, 2, 29)
    assert ANNIVERSARY.meaning(Context(utc(2026, 2, 1), dt.UTC), birthday) == dt.date(2026, 2, 28)
    assert ANNIVERSARY.meaning(Context(utc(2026, 3, 1), dt.UTC), birthday) == dt.date(2027, 2, 28)
    assert ANNIVERSARY.meaning(Context(utc(2027, 3, 1), dt.UTC), birthday) == dt.date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "week"), [(dt.date(2020, 12, 31), 53), (dt.date(2021, 1, 3), 53), (dt.date(2021, 1, 4), 1)]
)
def test_weeks_begin_on_monday(day: dt.date, week: int) -> None:
    assert WEEK.meaning(Context(utc(2026, 1, 1), dt.UTC), day) == week


def moments_of(zone: dt.tzinfo, *days: dt.date) -> Region:
    """The moments that have one of these dates."""
    assert CIVIL_DATE.inverse is not None
    spans = [Region.between((day, False), (day + dt.timedelta(days=1), False)) for day in days]
    region = Region.nothing()
    for span in spans:
        region |= span
    return CIVIL_DATE.inverse(zone, region)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "ends"),
    [
        (dt.UTC, dt.date(2026, 1, 1), utc(2026, 1, 1), utc(2026, 1, 2)),
        (SAO_PAULO, dt.date(2018, 11, 4), utc(2018, 11, 4, 3), utc(2018, 11, 5, 2)),  # clocks were set on at midnight
        (EAST, dt.date(1, 1, 1), FIRST, utc(1, 1, 1, 10)),
    ],
)
def test_a_date_begins_and_ends(zone: dt.tzinfo, day: dt.date, begins: dt.datetime, ends: dt.datetime) -> None:
    assert moments_of(zone, day) == Region.between((begins, False), (ends, False))
    assert civil_date(begins if begins != FIRST else utc(1, 1, 1, 9), zone) == day
    assert civil_date(ends, zone) == day + dt.timedelta(days=1)


def test_a_date_that_begins_twice() -> None:
    day = dt.date(2018, 2, 18)  # at midnight clocks went back to 23 o'clock of the day before
    region = moments_of(SAO_PAULO, day)
    tick = dt.timedelta(microseconds=1)
    for cut, _ in region.cuts:
        assert (civil_date(cut, SAO_PAULO) == day) is not (civil_date(cut - tick, SAO_PAULO) == day)
    assert utc(2018, 2, 18, 2, 30) not in region
    assert utc(2018, 2, 18, 3) in region


def test_a_date_that_the_calendar_left_out() -> None:
    assert moments_of(APIA, dt.date(2011, 12, 30)) == Region.nothing()
    around = moments_of(APIA, dt.date(2011, 12, 29), dt.date(2011, 12, 31))
    assert around == Region.between((utc(2011, 12, 29, 10), False), (utc(2011, 12, 31, 10), False))


def test_the_last_day_ends_with_time() -> None:
    assert CIVIL_DATE.inverse is not None
    last = CIVIL_DATE.inverse(WEST, Region.between((dt.date.max, False), None))
    assert last == Region.between((utc(9999, 12, 31, 12), False), None)
    assert read(Date(), "10000-01-01") is UNKNOWN


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2026-01-31T12:00", utc(2026, 1, 31, 15)),
        ("2026-01-31 12:00:00.5", utc(2026, 1, 31, 15, 0, 0, 500_000)),
        ("2026-01-31T12:00+0100", utc(2026, 1, 31, 11)),
        ("2026-01-31T12:00+25:00", UNKNOWN),
        ("0001-01-01T00:00+14:00", UNKNOWN),
        ("2026-01-31", UNKNOWN),
    ],
)
def test_a_moment_as_text(raw: str, value: Any) -> None:
    assert read(Datetime(SAO_PAULO), raw) == value
