"""The kinds of value that a dimension can have, and how a raw value is read: decided once, here.

`read(kind, raw)` gives a value of the kind or `UNKNOWN` and never raises. The values are chosen so that Python's own
`==`, `<` and `hash` are the language's equality and order:

| kind | value |
| --- | --- |
| text | `str`; with `ignoring case` its ASCII capitals are lower-cased |
| integer / number / duration / distance | `int` / `float` / seconds as `float` / kilometres as `float` |
| boolean, date, datetime | `bool`, `datetime.date`, `datetime.datetime` in UTC |
| version | `segdsl.values.version.Version` |
| ip | (4 or 6, the address as `int`) |
| set of text | `frozenset` of `str` |
| point | (latitude, longitude) in degrees |
"""

from __future__ import annotations

import datetime as dt
from math import ceil, floor
from typing import Any, assert_never

from attrs import field, frozen

from segdsl.values import reading
from segdsl.values.reading import LARGEST_INTEGER as LARGEST_INTEGER
from segdsl.values.reading import fold as fold
from segdsl.values.region import Cut, Region
from segdsl.values.unknown import UNKNOWN


@frozen
class Text:
    """Strings by code point. `choices` closes it (`one of`)."""

    ignoring_case: bool = False
    choices: tuple[str, ...] | None = None


@frozen
class Integer:
    """Whole numbers between two cuts, at most 2^53 - 1 either side of 0."""

    low: Cut | None = None
    high: Cut | None = None


@frozen
class Number:
    """Finite IEEE doubles between two cuts."""

    low: Cut | None = None
    high: Cut | None = None


@frozen
class Boolean:
    """True and false."""


@frozen
class Date:
    """Civil dates."""


@frozen
class Datetime:
    """Instants. `zone` is that of datetimes written without an offset."""

    zone: dt.tzinfo = field(default=dt.UTC)


@frozen
class Duration:
    """Lengths of time, in seconds."""


@frozen
class Distance:
    """Lengths on the ground, in kilometres. Computed, never declared."""


@frozen
class Version:
    """Dotted versions in Semantic Versioning order."""


@frozen
class Ip:
    """IPv4 and IPv6 addresses."""


@frozen
class SetOf:
    """Sets of texts."""

    member: Text


@frozen
class Point:
    """Places on Earth."""


Kind = Text | Integer | Number | Boolean | Date | Datetime | Duration | Distance | Version | Ip | SetOf | Point


def read(kind: Kind, raw: Any) -> Any:
    """A raw value as a value of the kind, or UNKNOWN. Never raises, whatever the value's own methods do."""
    if raw is None:
        return UNKNOWN
    try:
        value = _read(kind, reading.plain(raw))
        return value if value is UNKNOWN or _within(kind, value) else UNKNOWN
    except Exception:
        return UNKNOWN


def _read(kind: Kind, raw: Any) -> Any:
    match kind:
        case Text():
            return reading.text(raw, kind.ignoring_case)
        case Integer():
            return reading.integer(raw)
        case Number():
            return reading.number(raw)
        case Boolean():
            return reading.boolean(raw)
        case Date():
            return reading.date(raw)
        case Datetime():
            return reading.datetime(raw, kind.zone)
        case Duration():
            return reading.duration(raw)
        case Distance():
            return reading.number(raw)
        case Version():
            return reading.version(raw)
        case Ip():
            return reading.ip(raw)
        case SetOf():
            return reading.text_set(raw, kind.member.ignoring_case, kind.member.choices)
        case Point():
            return reading.point(raw)
        case _:
            assert_never(kind)


def _within(kind: Kind, value: Any) -> bool:
    match kind:
        case Text(choices=choices):
            return choices is None or value in choices
        case Integer(low, high) | Number(low, high):
            return (low is None or low <= (value, False)) and (high is None or (value, True) <= high)
        case _:
            return True


def domain(kind: Kind) -> Region:
    """The values of the kind, without unknown, as a Region. For sets and points: all of them, in no order."""
    match kind:
        case Text(choices=choices):
            return Region.between(("", False), None) if choices is None else Region.of(choices)
        case Integer(low, high):
            widest = Region.between((-LARGEST_INTEGER, False), (LARGEST_INTEGER, True))
            return stepped(kind, widest & Region.between(low, high))
        case Number(low, high):
            return Region.between(low, high)
        case Boolean():
            return Region.of((False, True))
        case Date():
            return Region.between((dt.date.min, False), (dt.date.max, True))
        case Datetime(zone):
            return Region.between(
                (_end_of_time(dt.datetime.min, zone), False), (_end_of_time(dt.datetime.max, zone), True)
            )
        case Ip():
            return Region.between(((4, 0), False), ((6, 2**128 - 1), True))
        case Distance():
            return Region.between((0.0, False), None)
        case Duration() | Version() | SetOf() | Point():
            return Region.known()
        case _:
            assert_never(kind)


def _end_of_time(end: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The first or last moment that has a date both in UTC and in the zone."""
    try:
        return end.replace(tzinfo=zone).astimezone(dt.UTC)
    except OverflowError:
        return end.replace(tzinfo=dt.UTC)


def stepped(kind: Kind, region: Region) -> Region:
    """One form for one set: where each value has a next one, every cut lies before a value."""
    match kind:
        case Text():
            return region.stepped(lambda cut: cut[0] + "\0" if cut[1] else cut[0])
        case Integer():
            return region.stepped(lambda cut: floor(cut[0]) + 1 if cut[1] else ceil(cut[0]))
        case Date():
            return region.stepped(_first_date)
        case _:
            return region


def _first_date(cut: Cut) -> dt.date | None:
    day, after = cut
    if not after:
        return day  # type: ignore[no-any-return]  # a cut's value is Any
    return day + dt.timedelta(days=1) if day < dt.date.max else None


def words(kind: Kind) -> str:
    """What a marketer calls it, with its article."""
    match kind:
        case Text(choices=None):
            return "text"
        case Text():
            return "one of a fixed list of texts"
        case Integer():
            return "a whole number"
        case Number():
            return "a number"
        case Boolean():
            return "true or false"
        case Date():
            return "a date"
        case Datetime():
            return "a date with a time"
        case Duration():
            return "a length of time"
        case Distance():
            return "a distance"
        case Version():
            return "a version"
        case Ip():
            return "an internet address"
        case SetOf():
            return "a set of texts"
        case Point():
            return "a place (latitude, longitude)"
        case _:
            assert_never(kind)
