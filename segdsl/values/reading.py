"""How a raw value becomes a value of the language: one plain function for each kind.

In: a raw value, as `plain` gives it, and what of the kind matters. Out: the value, or UNKNOWN. Values with methods of
their own can make any of these raise: `segdsl.values.kinds.read` takes that for UNKNOWN, and looks at the domain.
Whatever is slow to import is imported when a value needs it.
"""

from __future__ import annotations

import datetime as dt
import sys
from math import isfinite

from segdsl.values.late_pattern import LatePattern
from segdsl.values.unknown import UNKNOWN, Unknown
from segdsl.values.version import parse_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from segdsl.values.version import Version

LARGEST_INTEGER = 2**53 - 1
"""Whole numbers beyond it are not exact in an IEEE double, and so not the same on every target."""


def fold(text: str) -> str:
    """Lower-case A-Z and nothing else, so that every engine agrees."""
    return text if text.islower() or not text else text.translate(_FOLDING)


_FOLDING = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def plain(raw: Any) -> Any:
    """NumPy's scalars become Python's own; anything else is itself. NumPy is not imported for it."""
    if any(base.__module__ == "numpy" and base.__name__ == "generic" for base in type(raw).__mro__):
        return raw.item()
    return raw


def text(raw: Any, ignoring_case: bool) -> str | Unknown:
    if not isinstance(raw, str):
        return UNKNOWN
    characters = str.__str__(raw)  # what a subclass prints of itself (an Enum, say) is not its characters
    return fold(characters) if ignoring_case else characters


def integer(raw: Any) -> int | Unknown:
    if isinstance(raw, bool):
        return UNKNOWN
    if isinstance(raw, int):
        return int(raw) if -LARGEST_INTEGER <= raw <= LARGEST_INTEGER else UNKNOWN
    if not (isinstance(raw, float) or _is_decimal(raw)):
        return UNKNOWN
    return int(raw) if -LARGEST_INTEGER <= raw <= LARGEST_INTEGER and raw == int(raw) else UNKNOWN


def number(raw: Any) -> float | Unknown:
    """Any number as a finite double; also what a distance is read as."""
    if (isinstance(raw, (int, float)) or _is_decimal(raw)) and not isinstance(raw, bool):
        value = float(raw)
        return value if isfinite(value) else UNKNOWN
    return UNKNOWN


def _is_decimal(raw: Any) -> bool:
    """Whether it is a Decimal: there is none before `decimal` is imported."""
    decimal = sys.modules.get("decimal")
    return decimal is not None and isinstance(raw, decimal.Decimal)


def boolean(raw: Any) -> bool | Unknown:
    return raw if raw is True or raw is False else UNKNOWN


_DATE = LatePattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = LatePattern(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def date(raw: Any) -> dt.date | Unknown:
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        return dt.date.fromisoformat(str.__str__(raw))
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return dt.date(raw.year, raw.month, raw.day)
    return UNKNOWN


def datetime(raw: Any, zone: dt.tzinfo) -> dt.datetime | Unknown:
    """The moment in UTC; `zone` is that of one without an offset."""
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


_ISO_DURATION = LatePattern(
    r"(?P<sign>[+-]?)P(?=.)(?:(?P<weeks>[0-9]+)W)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=.)(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)


def duration(raw: Any) -> float | Unknown:
    """Seconds."""
    if isinstance(raw, dt.timedelta):
        return raw.total_seconds()
    if not isinstance(raw, str):
        return number(raw)
    found = _ISO_DURATION.fullmatch(raw)
    if found is None:
        return UNKNOWN
    parts = {unit: float(digits) for unit, digits in found.groupdict().items() if unit != "sign" and digits}
    delta = dt.timedelta(**parts).total_seconds()
    return -delta if found["sign"] == "-" else delta


def version(raw: Any) -> Version | Unknown:
    found = parse_version(raw) if isinstance(raw, str) else None
    return UNKNOWN if found is None else found


def ip(raw: Any) -> tuple[int, int] | Unknown:
    """4 or 6, and the address as a number."""
    import ipaddress

    if isinstance(raw, str) and "%" not in raw:
        raw = ipaddress.ip_address(raw)
    if isinstance(raw, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return raw.version, int(raw)
    return UNKNOWN


def text_set(raw: Any, ignoring_case: bool, choices: tuple[str, ...] | None) -> frozenset[str] | Unknown:
    """The members, all of which have to be texts, and among the choices if there are any."""
    if not isinstance(raw, (list, tuple, set, frozenset)):
        return UNKNOWN
    members = []
    for item in raw:
        member = text(plain(item), ignoring_case)
        if isinstance(member, Unknown) or (choices is not None and member not in choices):
            return UNKNOWN
        members.append(member)
    return frozenset(members)


def point(raw: Any) -> tuple[float, float] | Unknown:
    """Latitude and longitude in degrees."""
    if is_mapping(raw):
        raw = (raw.get("lat", raw.get("latitude")), raw.get("lon", raw.get("longitude")))
    if not isinstance(raw, (list, tuple)) or len(raw) != 2:
        return UNKNOWN
    latitude, longitude = (number(plain(part)) for part in raw)
    if isinstance(latitude, Unknown) or isinstance(longitude, Unknown):
        return UNKNOWN
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else UNKNOWN


def is_mapping(raw: Any) -> bool:
    """Whether it holds values by name. What is needed to tell that of unusual types is imported for them only."""
    if type(raw) in (dict, list, tuple, str, int, float, type(None)):
        return type(raw) is dict
    from collections.abc import Mapping

    return isinstance(raw, Mapping)
