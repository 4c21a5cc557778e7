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
import ipaddress
import re
from collections.abc import Mapping
from decimal import Decimal
from math import ceil, floor, isfinite
from typing import Any, assert_never

from attrs import field, frozen

from segdsl.values.region import Cut, Region
from segdsl.values.unknown import UNKNOWN, Unknown
from segdsl.values.version import parse_version

LARGEST_INTEGER = 2**53 - 1
"""Whole numbers beyond it are not exact in an IEEE double, and so not the same on every target."""


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


def fold(text: str) -> str:
    """Lower-case A-Z and nothing else, so that every engine agrees."""
    return text if text.islower() or not text else text.translate(_FOLDING)


_FOLDING = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def read(kind: Kind, raw: Any) -> Any:
    """A raw value as a value of the kind, or UNKNOWN. Never raises, whatever the value's own methods do."""
    if raw is None:
        return UNKNOWN
    try:
        value = _read(kind, _plain(raw))
        return value if value is UNKNOWN or _within(kind, value) else UNKNOWN
    except Exception:
        return UNKNOWN


def _plain(raw: Any) -> Any:
    """NumPy's scalars become Python's own; anything else is itself. NumPy is not imported for it."""
    if any(base.__module__ == "numpy" and base.__name__ == "generic" for base in type(raw).__mro__):
        return raw.item()
    return raw


def _read(kind: Kind, raw: Any) -> Any:
    match kind:
        case Text():
            return _text(raw, kind.ignoring_case)
        case Integer():
            return _integer(raw)
        case Number():
            return _number(raw)
        case Boolean():
            return raw if raw is True or raw is False else UNKNOWN
        case Date():
            return _date(raw)
        case Datetime():
            return _datetime(raw, kind.zone)
        case Duration():
            return _duration(raw)
        case Distance():
            return _number(raw)
        case Version():
            found = parse_version(raw) if isinstance(raw, str) else None
            return UNKNOWN if found is None else found
        case Ip():
            return _ip(raw)
        case SetOf():
            return _set(raw, kind.member)
        case Point():
            return _point(raw)
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


def _text(raw: Any, ignoring_case: bool) -> str | Unknown:
    if not isinstance(raw, str):
        return UNKNOWN
    text = str.__str__(raw)  # what a subclass prints of itself (an Enum, say) is not its characters
    return fold(text) if ignoring_case else text


def _integer(raw: Any) -> int | Unknown:
    match raw:
        case bool():
            return UNKNOWN
        case int() if -LARGEST_INTEGER <= raw <= LARGEST_INTEGER:
            return int(raw)
        case float() | Decimal() if -LARGEST_INTEGER <= raw <= LARGEST_INTEGER and raw == int(raw):
            return int(raw)
        case _:
            return UNKNOWN


def _number(raw: Any) -> float | Unknown:
    if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
        value = float(raw)
        return value if isfinite(value) else UNKNOWN
    return UNKNOWN


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def _date(raw: Any) -> dt.date | Unknown:
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        return dt.date.fromisoformat(str.__str__(raw))
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return dt.date(raw.year, raw.month, raw.day)
    return UNKNOWN


def _datetime(raw: Any, zone: dt.tzinfo) -> dt.datetime | Unknown:
    if isinstance(raw, str) and _DATETIME.fullmatch(raw):
        raw = dt.datetime.fromisoformat(str.__str__(raw))
    if not isinstance(raw, dt.datetime):
        return UNKNOWN
    if raw.tzinfo is None or raw.utcoffset() is None:
        raw = raw.replace(tzinfo=zone)
    utc = raw.astimezone(dt.UTC)
    if not dt.MINYEAR < utc.year < dt.MAXYEAR:
        utc.astimezone(zone)  # raises where that would be before year 1 or after 9999, and a moment has no civil date
    return dt.datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond, dt.UTC)


_ISO_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?=.)(?:(?P<weeks>[0-9]+)W)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=.)(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)


def _duration(raw: Any) -> float | Unknown:
    if isinstance(raw, dt.timedelta):
        return raw.total_seconds()
    if not isinstance(raw, str):
        return _number(raw)
    found = _ISO_DURATION.fullmatch(raw)
    if found is None:
        return UNKNOWN
    parts = {unit: float(digits) for unit, digits in found.groupdict().items() if unit != "sign" and digits}
    delta = dt.timedelta(**parts).total_seconds()
    return -delta if found["sign"] == "-" else delta


def _ip(raw: Any) -> tuple[int, int] | Unknown:
    if isinstance(raw, str) and "%" not in raw:
        raw = ipaddress.ip_address(raw)
    if isinstance(raw, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return raw.version, int(raw)
    return UNKNOWN


def _set(raw: Any, member: Text) -> frozenset[str] | Unknown:
    if not isinstance(raw, (list, tuple, set, frozenset)):
        return UNKNOWN
    members = frozenset(read(member, item) for item in raw)
    return UNKNOWN if UNKNOWN in members else members


def _point(raw: Any) -> tuple[float, float] | Unknown:
    if isinstance(raw, Mapping):
        raw = (raw.get("lat", raw.get("latitude")), raw.get("lon", raw.get("longitude")))
    if not isinstance(raw, (list, tuple)) or len(raw) != 2:
        return UNKNOWN
    latitude, longitude = (_number(_plain(part)) for part in raw)
    if isinstance(latitude, Unknown) or isinstance(longitude, Unknown):
        return UNKNOWN
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else UNKNOWN


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
