"""The plainest value in a stretch of the order: what a witness shows.

In: a kind and an interval between cuts. Out: the value that is easiest to picture, or None when the stretch is empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import ceil, floor, inf, nextafter
from typing import Any, assert_never

from segdsl.values.kinds import (
    LARGEST_INTEGER,
    Boolean,
    Date,
    Datetime,
    Distance,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    Point,
    SetOf,
    Text,
    Version,
)
from segdsl.values.region import Cut, Interval
from segdsl.values.version import versions_near

READABLE = ("other", "something", "example", "hello", "news", "a", "x", "zebra", "~")
DOCUMENTED = ((4, 0xC0000201), (6, 0x20010DB8 << 96 | 1))
"""Addresses from the ranges that are kept for documentation."""
_DAY = dt.timedelta(days=1)
_TICK = dt.timedelta(microseconds=1)
_NOTHING = dt.timedelta(0)


def plainest(kind: Kind, interval: Interval) -> Any | None:
    """The plainest value of the kind inside, or None when there is none. Sets and points are in no order: None."""
    low, high = interval.low, interval.high
    match kind:
        case Text(choices=choices):
            return _first(interval, _texts(low) if choices is None else choices)
        case Integer():
            return _whole(low, high)
        case Number() | Duration() | Distance():
            return _real(interval)
        case Boolean():
            return _first(interval, (True, False))
        case Date():
            return _date(interval)
        case Datetime():
            return _datetime(interval)
        case Version():
            return _first(interval, versions_near(low and low[0], high and high[0]))
        case Ip():
            return _first(interval, _addresses(low))
        case SetOf() | Point():
            return None
        case _:
            assert_never(kind)


def plainest_of_each(kind: Kind, stretches: Iterable[Interval]) -> Iterator[Any]:
    """The plainest value in each of several stretches that has one."""
    return (value for value in (plainest(kind, one) for one in stretches) if value is not None)


def _first(interval: Interval, candidates: Iterable[Any]) -> Any | None:
    return next((candidate for candidate in candidates if candidate in interval), None)


def _texts(low: Cut | None) -> Iterable[str]:
    start = low[0] if low else ""
    plain = start.rstrip("\0")
    return (*READABLE, plain, plain + "a", plain + " ", start, start + "a", start + "\0", start + "\0\0")


def _whole(low: Cut | None, high: Cut | None) -> int | None:
    least = -LARGEST_INTEGER if low is None else floor(low[0]) + 1 if low[1] else ceil(low[0])
    most = LARGEST_INTEGER if high is None else floor(high[0]) if high[1] else ceil(high[0]) - 1
    least, most = max(least, -LARGEST_INTEGER), min(most, LARGEST_INTEGER)
    if least > most:
        return None
    return 0 if least <= 0 <= most else least if least > 0 else most


def _real(interval: Interval) -> float | None:
    """The number with the fewest decimal places, and among those the one nearest to 0."""
    if 0.0 in interval:
        return 0.0
    low, high = interval.low, interval.high
    positive = low is not None and low[0] >= 0
    bound = low if positive else high
    if bound is None:
        return None
    start, rounding = float(bound[0]), ROUND_CEILING if positive else ROUND_FLOOR
    context = Context(prec=400, rounding=rounding)
    for places in range(18):
        unit = Decimal(1).scaleb(-places)
        nearest = Decimal(start).quantize(unit, context=context)
        for candidate in (nearest, nearest + (unit if positive else -unit)):
            if float(candidate) in interval:
                return float(candidate)
    return _first(interval, (start, nextafter(start, inf if positive else -inf)))


def _date(interval: Interval) -> dt.date | None:
    candidates = [dt.date(2026, 1, 1)]
    for bound, step in _bounds_by_nearness(interval, _DAY):
        candidates.append(bound)
        with suppress(OverflowError):
            candidates.append(bound + step)
    return _first(interval, candidates)


def _datetime(interval: Interval) -> dt.datetime | None:
    candidates = [dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)]
    for bound, day in _bounds_by_nearness(interval, _DAY):
        with suppress(OverflowError):
            candidates.append((bound + day).replace(hour=12, minute=0, second=0, microsecond=0))
        candidates.append(bound)
        with suppress(OverflowError):
            candidates += [bound + day / 24, bound + (_TICK if day > _NOTHING else -_TICK)]
    return _first(interval, candidates)


def _bounds_by_nearness(interval: Interval, step: dt.timedelta) -> list[tuple[Any, dt.timedelta]]:
    """The interval's ends with the step inward, that of our own times first."""
    ends = [(cut[0], way) for cut, way in ((interval.low, step), (interval.high, -step)) if cut is not None]
    return sorted(ends, key=lambda end: abs(end[0].year - 2026) > 500)


def _addresses(low: Cut | None) -> list[tuple[int, int]]:
    candidates = [*DOCUMENTED, (4, 0)]
    if low is not None:
        family, address = low[0]
        candidates += [low[0], (family, address + 1)] if address + 1 < 2 ** (32 if family == 4 else 128) else [low[0]]
        candidates.append((6, 0))
    return candidates
