"""Laws of civil days: the moments of a date, and moving by days, months and years on the wall calendar."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segdsl.operators.temporal import CIVIL_DATE, Unit, civil_date, shift, shift_date
from segdsl.values.kinds import (
    Datetime,
    domain,
    read,
)
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN

ZONES = tuple(
    ZoneInfo(name)
    for name in (
        *("UTC", "Europe/London", "America/St_Johns", "Asia/Beirut", "Pacific/Apia", "America/Sao_Paulo"),
        *("Africa/Casablanca", "Antarctica/Troll", "Asia/Kathmandu"),
    )
)
DAYS_WITH_A_STORY = (
    dt.date(2011, 12, 30),  # never was in Apia
    dt.date(2011, 12, 31),
    dt.date(2006, 10, 29),  # clocks in St. John's went back from 00:01 to the day before
    dt.date(2006, 10, 28),
    dt.date(2022, 3, 27),  # begins at 01:00 in Beirut
    dt.date(2018, 11, 4),  # begins at 01:00 in São Paulo
    dt.date(2018, 2, 18),  # clocks in São Paulo went back from 00:00
    dt.date(2018, 2, 17),
    dt.date.min,
    dt.date.max,
)
TICK, FIRST_MOMENT = dt.timedelta(microseconds=1), dt.datetime.min.replace(tzinfo=dt.UTC)
days = st.one_of(st.sampled_from(DAYS_WITH_A_STORY), st.dates(dt.date(1975, 1, 1), dt.date(2030, 12, 31)), st.dates())


@st.composite
def moments_near(draw: st.DrawFn, around: list[dt.date]) -> dt.datetime:
    day = draw(st.one_of(st.sampled_from(around), days))
    offset = dt.timedelta(
        microseconds=draw(
            st.one_of(
                st.integers(-36 * 3600, 60 * 3600).map(lambda second: second * 10**6), st.integers(-(10**11), 10**11)
            )
        )
    )
    try:
        return dt.datetime.combine(day, dt.time(), dt.UTC) + offset
    except OverflowError:
        return dt.datetime.combine(day, dt.time(12), dt.UTC)


@settings(max_examples=5 * settings().max_examples)
@given(st.sampled_from(ZONES), st.lists(days, min_size=1, max_size=3, unique=True), st.booleans(), st.data())
def test_the_moments_of_dates_are_those_whose_date_is_among_them(
    zone: ZoneInfo, edges: list[dt.date], below: bool, data: st.DataObject
) -> None:
    dates = Region(tuple((day, False) for day in sorted(edges)), below, False)
    assert CIVIL_DATE.inverse is not None
    moments = CIVIL_DATE.inverse(zone, dates)
    assert list(moments.cuts) == sorted(set(moments.cuts))
    looked_at = data.draw(st.lists(moments_near(edges), min_size=3, max_size=8))
    looked_at += [cut[0] + step for cut in moments.cuts for step in (dt.timedelta(0), -TICK) if cut[0] > FIRST_MOMENT]
    for moment in looked_at:
        date = civil_date(moment, zone)
        assert (read(Datetime(zone), moment) is UNKNOWN) is (date is UNKNOWN) is (moment not in domain(Datetime(zone)))
        assert date is UNKNOWN or (moment in moments) is (date in dates), (moment, date)


def test_clocks_set_back_over_midnight_give_a_day_two_beginnings() -> None:
    """In St. John's 29 October 2006 began, was left a minute later, and began again an hour after that."""
    zone, day = ZoneInfo("America/St_Johns"), dt.date(2006, 10, 29)
    assert CIVIL_DATE.inverse is not None
    moments = CIVIL_DATE.inverse(zone, Region.between((day, False), None))
    assert [cut[0] for cut in moments.cuts] == [
        dt.datetime(2006, 10, 29, 2, 30, tzinfo=dt.UTC),
        dt.datetime(2006, 10, 29, 2, 31, tzinfo=dt.UTC),
        dt.datetime(2006, 10, 29, 3, 30, tzinfo=dt.UTC),
    ]


def test_a_day_that_never_was_has_no_moments() -> None:
    zone, day = ZoneInfo("Pacific/Apia"), dt.date(2011, 12, 30)
    assert CIVIL_DATE.inverse is not None
    assert not CIVIL_DATE.inverse(zone, Region.between((day, False), (day + dt.timedelta(days=1), False)))


@given(st.dates(), st.integers(-30_000, 30_000), st.sampled_from((Unit.MONTH, Unit.YEAR)))
@example(dt.date(2026, 3, 31), -1, Unit.MONTH)
@example(dt.date(2024, 2, 29), 1, Unit.YEAR)
def test_months_and_years_keep_the_day_or_take_the_last_one(day: dt.date, amount: int, unit: Unit) -> None:
    months = amount * (12 if unit is Unit.YEAR else 1)
    place = day.year * 12 + day.month - 1 + months
    try:
        moved = shift_date(day, amount, unit)
    except (OverflowError, ValueError):
        assert not 12 <= place < 12 * 10_000
        return
    assert moved.year * 12 + moved.month - 1 == place
    assert moved.day == min(day.day, monthrange(moved.year, moved.month)[1])


@pytest.mark.parametrize(
    ("day", "amount", "unit", "expected"),
    [
        ("2026-03-31", -1, Unit.MONTH, "2026-02-28"),
        ("2024-03-31", -1, Unit.MONTH, "2024-02-29"),
        ("2026-01-31", 1, Unit.MONTH, "2026-02-28"),
        ("2024-02-29", -1, Unit.YEAR, "2023-02-28"),
        ("2026-01-15", -1, Unit.MONTH, "2025-12-15"),
        ("2026-01-01", -1, Unit.WEEK, "2025-12-25"),
    ],
)
def test_months_are_clamped_to_their_last_day(day: str, amount: int, unit: Unit, expected: str) -> None:
    assert shift_date(dt.date.fromisoformat(day), amount, unit) == dt.date.fromisoformat(expected)


@given(
    st.datetimes(timezones=st.just(dt.UTC)),
    st.integers(-4_000_000, 4_000_000),
    st.sampled_from(Unit),
    st.sampled_from(ZONES),
)
def test_moving_a_moment_never_raises_and_days_keep_the_clock(
    moment: dt.datetime, amount: int, unit: Unit, zone: ZoneInfo
) -> None:
    moved = shift(moment, amount, unit, zone)
    if moved is UNKNOWN:
        return
    assert moved.utcoffset() == dt.timedelta(0)
    if unit.exact:
        seconds = {Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3600}[unit]
        assert moved - moment == dt.timedelta(seconds=seconds * amount)
    else:
        before, after = moment.astimezone(zone), moved.astimezone(zone)
        skipped = abs(
            after.replace(tzinfo=None) - dt.datetime.combine(shift_date(before.date(), amount, unit), before.time())
        )
        assert skipped <= dt.timedelta(days=1)  # only where clocks skip the time, or in Apia the day
