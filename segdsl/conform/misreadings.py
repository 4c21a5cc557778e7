"""What a host may send that is no value of a dimension, or the same value in another form.

In: a dimension and a value that it can have. Out: plain data that a careless reader would take for that value and that
is none (text for a number, a value outside of what is declared), and plain data that means it after all.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterator
from typing import Any, assert_never

from segdsl.program.schema import Dimension
from segdsl.values.kinds import (
    LARGEST_INTEGER,
    Boolean,
    Date,
    Datetime,
    Distance,
    Duration,
    Integer,
    Ip,
    Number,
    Point,
    SetOf,
    Text,
    Version,
)
from segdsl.values.written import raw


def wrong_types(dimension: Dimension, value: Any) -> Iterator[tuple[Any, str]]:
    """Plain data of other types that looks like a value, each with what it is. It all reads as unknown."""
    kind = dimension.kind
    plain = raw(kind, value)
    match kind:
        case Text():
            yield from ((7, "a number"), (True, "true"), ([plain], "a list"))
        case Integer():
            yield from ((str(plain), "a number in quotes"), (True, "true"), (False, "false"), ([plain], "a list"))
            yield from ((plain + 0.5, "no whole number"), (LARGEST_INTEGER + 1, "too large to be exact"))
        case Number() | Distance():
            yield from ((str(plain), "a number in quotes"), (True, "true"), (False, "false"), ([plain], "a list"))
        case Boolean():
            yield from ((str(plain).lower(), "a word"), (int(plain), "a number"), ([plain], "a list"))
        case Date():
            yield from ((plain + "T00:00", "a moment"), (value.strftime("%d.%m.%Y"), "a date in another form"))
            yield from ((int(plain.replace("-", "")), "a number"), (plain[:8] + "32", "no day of the calendar"))
        case Datetime():
            yield from ((plain[:10], "a date"), (plain[:11] + "24:30Z", "no time of day"))
            yield from ((int(value.timestamp()), "a number"),)
        case Duration():
            yield from ((f"{plain} seconds", "words"), (True, "true"), ("P1M", "a month"))
        case Version():
            yield from ((1.5, "a number"), (f"{plain}.x", "no version"), ("latest", "a word"))
        case Ip():
            yield from ((value[1], "a number"), (f"{plain}/32", "a network"), ("10.0.0.256", "no address"))
        case SetOf():
            member = plain[0] if plain else "other"
            yield from ((member, "a text"), ([*plain, 7], "a list with a number in it"), ({member: True}, "an object"))
        case Point():
            yield from ((f"{plain[0]}, {plain[1]}", "a text"), (plain[:1], "one number"), ([90.5, plain[1]], "nowhere"))
        case _:
            assert_never(kind)
    if not isinstance(kind, Point | SetOf):
        yield ({"value": plain}, "an object")


def outside(dimension: Dimension) -> Iterator[tuple[Any, str]]:
    """Values of the right type just outside of what is declared. They read as unknown."""
    kind = dimension.kind
    match kind:
        case Integer(low, high):
            if low is not None:
                yield low[0] - (not low[1]), "below what is declared"
            if high is not None:
                yield high[0] + high[1], "above what is declared"
        case Number(low, high):
            if low is not None:
                yield raw(kind, low[0]) if low[1] else raw(kind, low[0] - 1.0), "below what is declared"
            if high is not None:
                yield raw(kind, high[0] + 1.0) if high[1] else raw(kind, high[0]), "above what is declared"
        case Text(choices=choices) if choices is not None:
            yield next(one for one in ("other", "something", "none of these") if one not in choices), "not in the list"
        case SetOf(member) if member.choices is not None:
            yield (
                [next(one for one in ("other", "something", "none of these") if one not in member.choices)],
                "a member that is not in the list",
            )
        case _:
            return


def ends(dimension: Dimension) -> Iterator[Any]:
    """The first and last values that are declared, or all of a short list."""
    kind = dimension.kind
    match kind:
        case Integer(low, high):
            if low is not None:
                yield low[0] + low[1]
            if high is not None:
                yield high[0] - (not high[1])
        case Number(low, high):
            yield from (float(cut[0]) for cut, closed in ((low, False), (high, True)) if cut and cut[1] is closed)
        case Text(choices=choices) if choices is not None:
            yield from choices[:50]
        case SetOf(member) if member.choices is not None:
            yield from (frozenset((one,)) for one in member.choices[:50])
        case _:
            return


def other_forms(dimension: Dimension, value: Any) -> Iterator[tuple[Any, str]]:
    """Plain data that means the same value."""
    kind = dimension.kind
    plain = raw(kind, value)
    match kind:
        case Text(ignoring_case=True):
            yield plain.swapcase(), "in other letters"
        case Integer():
            yield float(plain), "with a fraction of nothing"
        case Number():
            if isinstance(plain, int):
                yield float(plain), "with a fraction of nothing"
        case Datetime():
            later = value.astimezone(dt.timezone(dt.timedelta(hours=2)))
            yield later.isoformat(), "at another offset"
            yield plain.replace("T", " "), "with a space"
            yield value.astimezone(kind.zone).replace(tzinfo=None).isoformat(), "without an offset"
        case Duration():
            if isinstance(plain, int) and plain >= 0:
                yield f"PT{plain}S", "as ISO 8601 has it"
        case Version():
            yield "v" + plain, "with a v"
            yield plain + "+build.7", "with a build"
        case Ip():
            if value[0] == 6:
                yield ipaddress.IPv6Address(value[1]).exploded, "written out"
        case SetOf():
            yield [*reversed(plain), *plain], "in another order, twice"
        case Point():
            yield {"lat": plain[0], "lon": plain[1]}, "by name"
            yield {"latitude": plain[0], "longitude": plain[1]}, "by longer names"
        case _:
            return
