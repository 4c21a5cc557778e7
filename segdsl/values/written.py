"""Values as text, and text as values.

`show` writes a value as the rule language does, `raw` as a plain record (JSON) does, `from_cell` takes what a CSV cell
holds by the declared kind.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC
from decimal import Decimal
from typing import Any, assert_never

from segdsl.values.kinds import (
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
    read,
)
from segdsl.values.unknown import UNKNOWN
from segdsl.values.version import show_version

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def quoted(text: str) -> str:
    """A text in straight double quotes, everything that could not be seen written as an escape."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"


def number(value: float) -> str:
    """The shortest way to write a number; whole numbers without a fraction, no exponents."""
    if value == int(value) and abs(value) < 1e16:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def show(kind: Kind, value: Any) -> str:
    """A value as a rule file writes it."""
    match kind:
        case _ if value is UNKNOWN:
            return "unknown"
        case Text():
            return quoted(value)
        case Boolean():
            return "true" if value else "false"
        case Integer() | Number():
            return number(value)
        case Date():
            return str(value.isoformat())
        case Datetime():
            moment = value.astimezone(UTC)
            return str(moment.replace(tzinfo=None).isoformat()) + "Z"
        case Duration():
            return _length_of_time(value)
        case Distance():
            return f"{number(value)} km"
        case Version():
            return f"version({quoted(show_version(value))})"
        case Ip():
            return quoted(_address(value))
        case SetOf():
            return "(" + ", ".join(quoted(member) for member in sorted(value)) + ")"
        case Point():
            return f"({number(value[0])}, {number(value[1])})"
        case _:
            assert_never(kind)


def raw(kind: Kind, value: Any) -> Any:
    """A value as plain data that `read` takes back: what a record in JSON would hold. Unknown is None."""
    match kind:
        case _ if value is UNKNOWN:
            return None
        case Text() | Boolean() | Integer():
            return value
        case Number() | Duration() | Distance():
            return int(value) if value == int(value) and abs(value) < 1e15 else value
        case Date():
            return value.isoformat()
        case Datetime():
            return show(kind, value)
        case Version():
            return show_version(value)
        case Ip():
            return _address(value)
        case SetOf():
            return sorted(value)
        case Point():
            return list(value)
        case _:
            assert_never(kind)


def _address(value: tuple[int, int]) -> str:
    family, address = value
    return str(ipaddress.IPv4Address(address) if family == 4 else ipaddress.IPv6Address(address))


UNITS = {
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "week": 604800.0,
}
"""Seconds in each unit that has a fixed length."""


def _length_of_time(seconds: float) -> str:
    for unit, size in reversed(UNITS.items()):
        amount = seconds / size
        if amount and amount == int(amount) and amount * size == seconds:
            return f"{number(amount)} {unit}" + ("" if amount == 1 else "s")
    return f"{number(seconds)} seconds"


_WHOLE = re.compile(r"[+-]?[0-9]{1,16}(?:\.0*)?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_TRUE, _FALSE = frozenset(("true", "yes", "1")), frozenset(("false", "no", "0"))


def from_cell(kind: Kind, cell: str) -> Any:
    """What the text of a CSV cell means for a dimension of this kind, as a raw value; UNKNOWN if it does not parse.

    An empty cell is None: a CSV file has no other way to say that nothing is known. Sets are separated by `|`, points
    by a comma or a space.
    """
    text = cell.strip()
    match kind:
        case _ if not text:
            return None
        case Text():
            candidate: Any = cell
        case Integer():
            candidate = int(text.split(".")[0]) if _WHOLE.fullmatch(text) else UNKNOWN
        case Number() | Distance():
            candidate = float(text) if _DECIMAL.fullmatch(text) else UNKNOWN
        case Duration():
            candidate = float(text) if _DECIMAL.fullmatch(text) else text
        case Boolean():
            lower = text.lower()
            candidate = True if lower in _TRUE else False if lower in _FALSE else UNKNOWN
        case SetOf():
            candidate = [part.strip() for part in text.split("|") if part.strip()]
        case Point():
            parts = re.split(r"[,\s]+", text)
            candidate = [float(part) for part in parts] if all(map(_DECIMAL.fullmatch, parts)) else UNKNOWN
        case Date() | Datetime() | Version() | Ip():
            candidate = text
        case _:
            assert_never(kind)
    return candidate if candidate is not UNKNOWN and read(kind, candidate) is not UNKNOWN else UNKNOWN
