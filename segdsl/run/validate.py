"""What of a visitor cannot be read, and why, in plain words.

In: a program and a visitor. Out: one `Unread` for each declared dimension whose value in the record reads as unknown.
What reads as unknown is decided by `segdsl.values.kinds.read` alone; here it is only put into words. Nothing raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, auto
from math import isinf, isnan
from numbers import Number as AnyNumber
from typing import TYPE_CHECKING, Any, assert_never

from attrs import field, frozen

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
    read,
    words,
)
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import number, quoted, show

if TYPE_CHECKING:
    from segdsl.program.program import Program
    from segdsl.program.schema import Dimension
    from segdsl.values.region import Cut

MOST_CHOICES = 8
"""Declared choices that are named one by one."""


@frozen
class Unread:
    """A dimension that a record leaves unknown. `raw` is what is there, `reason` goes on from the dimension's name.

    `default` is the value that stands in, as a rule file writes it; None where none was declared.
    """

    dimension: str
    raw: Any = field(repr=False)
    reason: str
    default: str | None = None
    absent: bool = False
    """Nothing is there at all, which is the ordinary way of not knowing something."""

    def __str__(self) -> str:
        return f"{self.dimension} {self.reason}" + ("" if self.default is None else f"; taken as {self.default}")

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {"dimension": self.dimension, "reason": self.reason, "default": self.default, "absent": self.absent}


class _Absence(Enum):
    NOT_THERE = auto()


def unread(program: Program, visitor: Any) -> tuple[Unread, ...]:
    """Every declared dimension that reads as unknown, in the order declared. Never raises, whatever the visitor is."""
    found = (_of_dimension(dimension, visitor) for dimension in program.dimensions.values())
    return tuple(one for one in found if one is not None)


def _of_dimension(dimension: Dimension, visitor: Any) -> Unread | None:
    default = None if dimension.default is UNKNOWN else show(dimension.kind, dimension.default)
    try:
        raw, reason = _at(visitor, dimension.path)
        if not reason and raw is not None and read(dimension.kind, raw) is not UNKNOWN:
            return None
        if raw is _Absence.NOT_THERE:
            promised = ", although it is declared as required" if dimension.required else ""
            return Unread(dimension.name, None, f"is not there{promised}", default, absent=True)
        return Unread(dimension.name, raw, reason or _reason(dimension.kind, raw), default)
    except Exception:  # a record of the host's own making may fail in any way
        return Unread(dimension.name, None, "cannot be looked at, the record fails when asked for it", default)


def _at(record: Any, path: tuple[str, ...]) -> tuple[Any, str]:
    """What lies at a path, and why that cannot be the dimension's value, where the way to it ends early."""
    for depth, part in enumerate(path):
        if not isinstance(record, Mapping):
            if not depth:
                return record, f"is not there, as the visitor {_what(record)}, not a record of names and values"
            if record is None:
                return _Absence.NOT_THERE, ""
            return record, f'is not there, as "{".".join(path[:depth])}" {_what(record)}, not a group of values'
        inner = record.get(part)
        if inner is None and part not in record:
            return _Absence.NOT_THERE, ""
        record = inner
    return record, ""


def _reason(kind: Kind, raw: Any) -> str:
    """Why a raw value is none of this kind."""
    if raw is None:
        return "is empty (none)"
    if _is_number(raw) and isinstance(kind, Integer | Number | Duration | Distance):
        return _reason_of_number(kind, raw)
    match kind:
        case Text(choices=choices):
            if choices is not None and read(Text(), raw) is not UNKNOWN:
                listed = ", ".join(map(quoted, choices)) if len(choices) <= MOST_CHOICES else "the declared texts"
                return f"is {_quoted(raw)}, which is none of {listed}"
        case Integer() | Number():
            if _reads_as(Number(), _from_text(raw)):
                return f"is text, not {words(kind)}; send the figures without quotes"
        case Date():
            if _reads_as(Datetime(), raw):
                return "is a date with a time, not a date; send the day alone, like 2026-01-31"
            if _reads_as(Text(), raw):
                return f"is {_quoted(raw)}, not a date; send it like 2026-01-31"
        case Datetime():
            if _reads_as(Date(), raw):
                return "is a date without a time; send it like 2026-01-31T12:00:00Z"
            if _reads_as(Text(), raw):
                return f"is {_quoted(raw)}, not a date with a time; send it like 2026-01-31T12:00:00Z"
        case Version() | Ip() | Duration():
            if _reads_as(Text(), raw):
                return f"is {_quoted(raw)}, not {words(kind)}; send it {_example(kind)}"
        case SetOf(member):
            if isinstance(raw, list | tuple | set | frozenset):
                wrong = next(item for item in raw if read(member, item) is UNKNOWN)
                return f"has something in it that {_reason(member, wrong)}"
        case Point():
            if isinstance(raw, list | tuple | Mapping):
                return "is no latitude from -90 to 90 and longitude from -180 to 180"
        case Boolean() | Distance():
            pass
        case _:
            assert_never(kind)
    return f"{_what(raw)}, not {words(kind)}"


def _example(kind: Version | Ip | Duration) -> str:
    match kind:
        case Version():
            return 'like "12.1.0"'
        case Ip():
            return 'like "192.0.2.1"'
        case Duration():
            return 'in seconds, or like "PT10M"'
        case _:
            assert_never(kind)


def _reason_of_number(kind: Integer | Number | Duration | Distance, raw: Any) -> str:
    if isinstance(raw, Decimal) and raw.is_nan():
        return "is not a number (NaN)"
    if isinstance(raw, int) and abs(raw) > LARGEST_INTEGER:
        return "is too large to be exact"
    value = float(raw)
    if isnan(value):
        return "is not a number (NaN)"
    if isinf(value):
        return "is infinite"
    if isinstance(kind, Integer) and value != int(value):
        return f"is {number(value)}, which has a fraction; only whole numbers are declared"
    if isinstance(kind, Integer) and abs(value) > LARGEST_INTEGER:
        return "is too large to be exact"
    if isinstance(kind, Integer | Number):
        if kind.low is not None and not kind.low <= (value, False):
            return f"is {number(value)}, below {_bound(kind.low, at_end=False)}, where the declared range begins"
        if kind.high is not None:
            return f"is {number(value)}, beyond {_bound(kind.high, at_end=True)}, where the declared range ends"
    return f"is {number(value)}, not {words(kind)}"


def _bound(cut: Cut, *, at_end: bool) -> str:
    value, after = cut
    return number(value) if after is at_end else f"{number(value)} (itself left out)"


def _is_number(raw: Any) -> bool:
    """NumPy's numbers say that they are numbers; its booleans do not."""
    own = isinstance(raw, int | float | Decimal) or type(raw).__module__ == "numpy"
    return own and isinstance(raw, AnyNumber) and not isinstance(raw, bool)


def _reads_as(kind: Kind, raw: Any) -> bool:
    return read(kind, raw) is not UNKNOWN


def _from_text(raw: Any) -> Any:
    try:
        return float(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _quoted(raw: Any) -> str:
    text = str.__str__(raw)
    return quoted(text if len(text) <= 40 else text[:39] + "…")


def _what(raw: Any) -> str:
    """What something is, for somebody who has never programmed."""
    if raw is None:
        return "is empty (none)"
    if _reads_as(Boolean(), raw):
        return "is true or false"
    if _reads_as(Text(), raw):
        return "is text"
    if _is_number(raw):
        return "is a number"
    if _reads_as(Date(), raw):
        return "is a date"
    if _reads_as(Datetime(), raw):
        return "is a date with a time"
    if isinstance(raw, Mapping):
        return "is a group of values"
    if isinstance(raw, list | tuple | set | frozenset):
        return "is a list"
    return f"is something else ({type(raw).__name__})"
