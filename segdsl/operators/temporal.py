"""Times: civil dates, windows that move with now, and the parts of a date.

Days and longer are counted on the civil calendar of the file's timezone (a month before 31 March is the last day of
February); hours and shorter are exact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import Enum
from typing import Any

from segdsl.operators import meanings
from segdsl.operators.comparison import TIMES
from segdsl.operators.meanings import civil_date as civil_date
from segdsl.operators.operator import Context, Example, Function, Operand, Operator
from segdsl.values.kinds import Date, Datetime, Integer
from segdsl.values.region import Region


class Unit(Enum):
    """What time is counted in."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def exact(self) -> bool:
        """Whether it is a fixed number of seconds wherever it is counted from."""
        return self.value in meanings.EXACT_UNITS


def shift_date(day: dt.date, amount: int, unit: Unit) -> dt.date:
    """A civil date moved by whole days, weeks, months or years; OverflowError or ValueError outside years 1 to 9999."""
    return meanings.shift_date(day, amount, unit.value)


def shift(moment: dt.datetime, amount: float, unit: Unit, zone: dt.tzinfo) -> Any:
    """A moment in UTC moved by an amount of a unit; UNKNOWN outside years 1 to 9999."""
    return meanings.shift(moment, amount, unit.value, zone)


def _date_region(zone: dt.tzinfo, dates: Region) -> Region:
    """The moments whose civil date lies in a region of dates.

    Most dates begin at one moment. Where clocks are set back over midnight a date begins, is left, and begins again; a
    date that the calendar left out begins with the next one.
    """
    cuts: dict[tuple[dt.datetime, bool], None] = {}
    for day, _ in dates.cuts:
        for moment in _beginnings(day, zone):
            if (moment, False) in cuts:  # two flips in one place are none
                del cuts[moment, False]
            else:
                cuts[moment, False] = None
    return Region(tuple(cuts), dates.below, False)


def _beginnings(day: dt.date, zone: dt.tzinfo) -> list[dt.datetime]:
    midnight = dt.datetime.combine(day, dt.time(), zone)
    try:
        first, second = sorted(midnight.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    except OverflowError:  # the first day of all begins with time itself, one after the last never
        return [dt.datetime.min.replace(tzinfo=dt.UTC)] if day.year == dt.MINYEAR else []
    if first == second:
        return [first]
    low, high = first, second
    offset = first.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(microseconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    edges = [first, high, second]
    begun, found = False, []
    for edge in edges:
        if (edge.astimezone(zone).date() >= day) is not begun:
            begun = not begun
            found.append(edge)
    return found


CIVIL_DATE = Function(
    name="date",
    usage="date(moment)",
    parameters=((Datetime,),),
    result=lambda *_: Date(),
    meaning=meanings.date,
    prose="The civil date of a moment in the file's timezone; a moment beside a date is compared by it.",
    examples=(),
    total=True,
    public=False,
    inverse=_date_region,
)


def move(amount: float, unit: Unit) -> Function:
    """The function that moves a time by an amount of a unit, backward if negative; a date moves by whole days."""
    length = f"{abs(amount)} {unit.value}{'' if abs(amount) == 1 else 's'}"
    return Function(
        name=meanings.name_of_move(amount, unit.value),
        usage=f"time {'-' if amount < 0 else '+'} {length}",
        parameters=(TIMES,),
        result=lambda kind: kind,
        meaning=meanings.move(amount, unit.value),
        prose="A time before or after another one.",
        examples=(),
        total=False,
        public=False,
    )


def window(amount: float, unit: Unit, forward: bool, dates: bool) -> Function:
    """The function that makes of now the window that reaches back (or forward) from it, as a pair of times."""
    return Function(
        name=meanings.name_of_window(amount, unit.value, forward, dates),
        usage="",
        parameters=((Datetime,),),
        result=lambda *_: Datetime(),
        meaning=meanings.window(amount, unit.value, forward, dates),
        prose="The stretch of time between now and another moment.",
        examples=(),
        total=False,
        public=False,
    )


def _part(
    name: str,
    low: int,
    high: int,
    kinds: tuple[type[Any], ...],
    meaning: Callable[[Context, Any], Any],
    prose: str,
    *examples: Example,
) -> Function:
    return Function(
        name=name,
        usage=f"{name}(time)",
        parameters=(kinds,),
        result=lambda *_: Integer((low, False), (high, True)),
        meaning=meaning,
        prose=prose,
        examples=examples,
    )


_SIGNUP = "dimension signup: date"
YEAR = _part(
    "year", 1, 9999, TIMES, meanings.year, "The year of a time.",
    Example(_SIGNUP, "year(signup) == 2025", {"signup": "2025-06-30"}, True),
    Example(_SIGNUP, "year(signup) == 2025", {"signup": "2026-01-01"}, False),
    Example(_SIGNUP, "year(signup) == 2025", {}, False),
)  # fmt: skip
MONTH = _part(
    "month", 1, 12, TIMES, meanings.month, "The month of a time, 1 to 12.",
    Example(_SIGNUP, "month(signup) in (11, 12)", {"signup": "2025-12-24"}, True),
    Example(_SIGNUP, "month(signup) in (11, 12)", {"signup": "2025-10-31"}, False),
    Example(_SIGNUP, "month(signup) in (11, 12)", {}, False),
)  # fmt: skip
WEEK = _part(
    "week",
    1,
    53,
    TIMES,
    meanings.week,
    "The week of a time as ISO 8601 counts it, 1 to 53.",
    Example(_SIGNUP, "week(signup) == 1", {"signup": "2025-12-29"}, True),
    Example(_SIGNUP, "week(signup) == 1", {"signup": "2025-12-28"}, False),
    Example(_SIGNUP, "week(signup) == 1", {}, False),
)  # fmt: skip
DAY = _part(
    "day", 1, 31, TIMES, meanings.day, "The day of the month, 1 to 31.",
    Example(_SIGNUP, "day(signup) == 29", {"signup": "2024-02-29"}, True),
    Example(_SIGNUP, "day(signup) == 29", {"signup": "2024-03-01"}, False),
    Example(_SIGNUP, "day(signup) == 29", {}, False),
)  # fmt: skip
WEEKDAY = _part(
    "weekday",
    1,
    7,
    TIMES,
    meanings.weekday,
    "The day of the week: 1 is Monday, 7 is Sunday (ISO 8601).",
    Example(_SIGNUP, "weekday(signup) >= 6", {"signup": "2026-01-03"}, True),
    Example(_SIGNUP, "weekday(signup) >= 6", {"signup": "2026-01-05"}, False),
    Example(_SIGNUP, "weekday(signup) >= 6", {}, False),
)  # fmt: skip
_SEEN = "dimension seen: datetime"
HOUR = _part(
    "hour", 0, 23, (Datetime,), meanings.hour, "The hour of a moment, 0 to 23, in the file's timezone.",
    Example(_SEEN, "hour(seen) in 9..16", {"seen": "2026-01-03T16:59Z"}, True),
    Example(_SEEN, "hour(seen) in 9..16", {"seen": "2026-01-03T17:00Z"}, False),
    Example(_SEEN, "hour(seen) in 9..16", {}, False),
)  # fmt: skip
MINUTE = _part(
    "minute", 0, 59, (Datetime,), meanings.minute, "The minute of a moment, 0 to 59.",
    Example(_SEEN, "minute(seen) < 30", {"seen": "2026-01-03T16:29Z"}, True),
    Example(_SEEN, "minute(seen) < 30", {"seen": "2026-01-03T16:30Z"}, False),
    Example(_SEEN, "minute(seen) < 30", {}, False),
)  # fmt: skip


ANNIVERSARY = Function(
    name="anniversary",
    usage="anniversary(date)",
    parameters=((Date,),),
    result=lambda *_: Date(),
    meaning=meanings.anniversary,
    prose="The next day, today included, with the month and day of a date; 29 February falls on the 28th in other "
    "years.",
    examples=(
        Example(
            "dimension birthday: date",
            "anniversary(birthday) == today",
            {"birthday": "1990-06-01"},
            True,
            "2026-06-01T09:00Z",
        ),
        Example(
            "dimension birthday: date",
            "anniversary(birthday) within next 7 days",
            {"birthday": "1990-01-02"},
            True,
            "2026-12-28T09:00Z",
        ),
        Example("dimension birthday: date", "anniversary(birthday) == today", {}, False, "2026-06-01T09:00Z"),
    ),
    total=False,
    reads_clock=True,
)

WITHIN = Operator(
    name="within",
    subjects=TIMES,
    operand=Operand.WINDOW,
    prose="The time is known, later than this long ago, and not later than now. Dates are compared with today.",
    examples=(
        Example(_SEEN, "seen within 30 days", {"seen": "2026-01-02T00:00Z"}, True, "2026-01-31T12:00Z"),
        Example(_SEEN, "seen within 30 days", {"seen": "2026-01-01T12:00Z"}, False, "2026-01-31T12:00Z"),
        Example(_SEEN, "seen within 30 days", {}, False, "2026-01-31T12:00Z"),
    ),
    meaning=lambda value, window: window[0] < value <= window[1],
    stands_for=lambda _kind, window: (Region.between((window[0], True), (window[1], True)),),
)
WITHIN_NEXT = Operator(
    name="within next",
    subjects=TIMES,
    operand=Operand.WINDOW,
    prose="The time is known, later than now, and not later than this long from now. Dates are compared with today.",
    examples=(
        Example(
            "dimension renewal: date",
            "renewal within next 7 days",
            {"renewal": "2026-02-07"},
            True,
            "2026-01-31T12:00Z",
        ),
        Example(
            "dimension renewal: date",
            "renewal within next 7 days",
            {"renewal": "2026-01-31"},
            False,
            "2026-01-31T12:00Z",
        ),
        Example("dimension renewal: date", "renewal within next 7 days", {}, False, "2026-01-31T12:00Z"),
    ),
    meaning=WITHIN.meaning,
    stands_for=WITHIN.stands_for,
)

OPERATORS = (WITHIN, WITHIN_NEXT)
FUNCTIONS = (YEAR, MONTH, WEEK, DAY, WEEKDAY, HOUR, MINUTE, ANNIVERSARY)
