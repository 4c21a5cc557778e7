"""The values near which rules change their mind, dimension by dimension.

In: a `Program`. Out: for each dimension the values at the cut points of its kernels' regions, with their neighbours
on both sides; the pieces of its text tests; the members its sets are asked for; and the instants that matter. Knows
nothing of hypothesis.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from math import ceil, cos, floor, inf, isfinite, nextafter, radians
from typing import TYPE_CHECKING, Any, assert_never

from attrs import Factory, define

from segdsl.operators.geo import DISTANCE, MEAN_RADIUS
from segdsl.operators.operator import Context
from segdsl.operators.temporal import civil_date
from segdsl.operators.textual import NUMBER
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import at
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
)
from segdsl.values.version import LOWEST, parse_version, versions_near
from segdsl.values.words import TextPattern, Wildcard
from segdsl.values.written import number, raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from segdsl.program.program import Program
    from segdsl.program.schema import Dimension

USUAL = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
FIRST, LAST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
"""The instants of evaluation that a proof speaks of."""
MOST_INSTANTS = 12
TICK = dt.timedelta(microseconds=1)
_DAYS = tuple(
    dt.date(*day)
    for day in (
        (2026, 1, 1),
        (2024, 2, 29),
        (2025, 2, 28),
        (2025, 12, 31),
        (2025, 12, 29),
        (2026, 3, 31),
        (1, 1, 1),
        (9999, 12, 31),
    )
)
_VERSIONS = ("1.0", "0", "1.0-beta", "1.0.0-alpha.1", "2", "10.0.0.1", "0-0")


@define(eq=False)
class Boundaries:
    """What rules mention. `values` are those beside each dimension itself, `pooled` all those of a family of kinds."""

    values: dict[Dimension, dict[Any, None]] = Factory(dict)
    pooled: dict[type[Any], dict[Any, None]] = Factory(dict)
    pieces: dict[Dimension, dict[str, None]] = Factory(dict)
    members: dict[Dimension, dict[str, None]] = Factory(dict)
    places: dict[tuple[float, float], None] = Factory(dict)
    instants: tuple[dt.datetime, ...] = ()

    @classmethod
    def of(cls, program: Program) -> Boundaries:
        """Everything that a program's segments, claims and states mention."""
        found = cls()
        leaves = tuple(_leaves(program))
        for leaf in leaves:
            found._mention(leaf, program.zone)
        found.instants = tuple(found._instants(program.zone))
        for leaf in leaves:
            if isinstance(leaf, k.Moving):
                for instant in found.instants:
                    for still in k.leaves(at(leaf, Context(instant, program.zone), decide_closed=False)):
                        found._mention(still, program.zone)
        return found

    def own(self, dimension: Dimension) -> tuple[Any, ...]:
        """Known values of a dimension at and beside its own cut points, and texts that its tests are about."""
        kind = dimension.kind
        candidates = [one for value in self.values.get(dimension, ()) for one in beside(kind, value)]
        if isinstance(kind, Text):
            candidates += self.texts(dimension)
        if isinstance(kind, Point):
            candidates += self.places
        return tuple(dict.fromkeys(value for value in candidates if is_value(kind, value)))

    def near(self, dimension: Dimension) -> tuple[Any, ...]:
        """Known values of a dimension worth looking at: its own, those of others like it, and the usual ones."""
        kind = dimension.kind
        others = [one for value in self.pooled.get(family(kind), ()) for one in beside(kind, value)]
        found = dict.fromkeys(self.own(dimension))
        found.update(dict.fromkeys(value for value in (*others, *usual(kind)) if is_value(kind, value)))
        return tuple(found)

    def texts(self, dimension: Dimension) -> Iterator[str]:
        """The pieces of its text tests with near misses, and two together, with and without an overlap."""
        pieces = tuple(self.pieces.get(dimension, ()))
        for piece in pieces:
            yield from (
                piece,
                piece + "x",
                "x" + piece,
                piece[:-1],
                piece[1:],
                f"x{piece}x",
                piece.swapcase(),
                piece + piece,
            )
        for first in pieces[:8]:
            for second in pieces[:8]:
                overlap = next(size for size in range(len(second), -1, -1) if first.endswith(second[:size]))
                yield from (first + second, first + "-" + second, first + second[overlap:])

    # Reading kernels

    def _mention(self, leaf: k.Leaf, zone: dt.tzinfo) -> None:
        dimensions = ex.dimensions_of(leaf.term)
        match leaf:
            case k.Test(term, region):
                values = [cut[0] for cut in region.cuts]
                if isinstance(term, ex.Read):
                    self.values.setdefault(term.dimension, {}).update(dict.fromkeys(values))
                self._pool(term.kind, values, zone)
                self._look_inside(term, values, zone)
            case k.TextTest(pattern=pattern):
                for dimension in dimensions:
                    self.pieces.setdefault(dimension, {}).update(dict.fromkeys(pieces_of(pattern)))
            case k.MemberTest(members=region):
                for dimension in dimensions:
                    mentioned = dict.fromkeys(cut[0] for cut in region.cuts)
                    self.members.setdefault(dimension, {}).update(mentioned)
            case k.Moving(term, operand=operand):
                self._look_inside(term, [], zone)
                self._look_inside(operand, [], zone)
            case _:
                assert_never(leaf)

    def _pool(self, kind: Kind, values: Iterable[Any], zone: dt.tzinfo) -> None:
        for value in values:
            self.pooled.setdefault(family(kind), {})[value] = None
            if isinstance(kind, Datetime):
                self.pooled.setdefault(Date, {})[civil_date(value, zone)] = None
            if isinstance(kind, Date):
                with suppress(OverflowError):
                    moment = dt.datetime.combine(value, dt.time(), zone).astimezone(dt.UTC)
                    self.pooled.setdefault(Datetime, {})[moment] = None

    def _look_inside(self, term: ex.Term, cuts: list[Any], zone: dt.tzinfo) -> None:
        """The constants in a function, and arguments for which it gives what it is compared with."""
        if not isinstance(term, ex.Apply):
            return
        constants = [one for one in term.arguments if isinstance(one, ex.Constant)]
        for constant in constants:
            if not isinstance(constant.value, frozenset):
                self._pool(constant.kind, [constant.value], zone)
        for argument in term.arguments:
            self._look_inside(argument, [], zone)
        if term.function == DISTANCE and len(constants) == 2:
            self.places.update(dict.fromkeys(_places(constants[0].value, constants[1].value, cuts)))
        if term.function == NUMBER:
            texts = [number(value) for cut in cuts for value in beside(Number(), cut)]
            self._pool(Text(), texts, zone)

    def _instants(self, zone: dt.tzinfo) -> Iterator[dt.datetime]:
        """The usual one, the moments that rules mention, a leap day, and where clocks change."""
        found = {USUAL: None, dt.datetime(2024, 2, 29, 23, 30, tzinfo=dt.UTC): None}
        found.update(dict.fromkeys(_clock_changes(zone)))
        found.update(dict.fromkeys(one for one in self.pooled.get(Datetime, ()) if FIRST < one < LAST))
        yield from list(found)[:MOST_INSTANTS]


def family(kind: Kind) -> type[Any]:
    """Kinds whose values are compared with each other, as one."""
    return Number if isinstance(kind, Integer | Number | Duration | Distance) else type(kind)


def is_value(kind: Kind, value: Any) -> bool:
    """Whether it is a value of the kind, within its declared domain."""
    try:
        return bool(read(kind, raw(kind, value)) == value)
    except (ValueError, OverflowError, TypeError):
        return False


def _leaves(program: Program) -> Iterator[k.Leaf]:
    for segment in program.segments.values():
        yield from k.leaves(segment.kernel)
    for assertion in program.assertions:
        yield from k.leaves(assertion.kernel)
    for claim in program.states.values():
        for state in claim.states:
            yield k.Test(ex.Read(claim.dimension), state.region)


def pieces_of(pattern: TextPattern) -> tuple[str, ...]:
    """What a text test mentions, as texts that may have the pattern."""
    shortest, longer = "", ""
    for part in pattern.glob():
        match part:
            case Wildcard.ANY_RUN:
                longer += "xy"
            case Wildcard.ANY_ONE:
                shortest, longer = shortest + "x", longer + "é"
            case str():
                shortest, longer = shortest + part, longer + part
            case _:
                assert_never(part)
    return (shortest, longer)


def _clock_changes(zone: dt.tzinfo) -> Iterator[dt.datetime]:
    """The hours of 2026 before which a zone's clocks change."""
    hour = dt.timedelta(hours=1)
    moment, before = USUAL, USUAL.astimezone(zone).utcoffset()
    while moment.year == USUAL.year:
        moment += hour
        offset = moment.astimezone(zone).utcoffset()
        if offset != before:
            before = offset
            yield moment


def _places(latitude: float, longitude: float, kilometres: list[Any]) -> Iterator[tuple[float, float]]:
    """A place, and others at and just beside each distance from it, to the north and to the east."""
    yield (latitude, longitude)
    for length in kilometres:
        degrees = length / radians(1) / MEAN_RADIUS
        for scale in (1.0, 1 - 1e-9, 1 + 1e-9, 0.5, 2.0):
            yield (latitude + degrees * scale, longitude)
            yield (latitude, longitude + degrees * scale / max(cos(radians(latitude)), 0.01))


def beside(kind: Kind, value: Any) -> tuple[Any, ...]:
    """A value, and the ones just before and after it."""
    match kind:
        case Text():
            return (value, value + "\0", value + "a", value[:-1], *_last_moved(value), value.swapcase())
        case Integer():
            return (value, floor(value), ceil(value), floor(value) - 1, ceil(value) + 1) if isfinite(value) else ()
        case Number() | Duration() | Distance():
            return (value, nextafter(value, -inf), nextafter(value, inf), value - 1, value + 1)
        case Boolean():
            return (True, False)
        case Date():
            return (value, *_moved(value, dt.timedelta(days=1)))
        case Datetime():
            return (value, *_moved(value, TICK), *_moved(value, dt.timedelta(hours=1)))
        case Version():
            return (value, *versions_near(value, None), *versions_near(None, value))
        case Ip():
            return (value, (value[0], value[1] - 1), (value[0], value[1] + 1))
        case SetOf() | Point():
            return (value,)
        case _:
            assert_never(kind)


def _last_moved(text: str) -> Iterator[str]:
    for step in (-1, 1):
        if text and 0 <= ord(text[-1]) + step <= 0x10FFFF:
            yield text[:-1] + chr(ord(text[-1]) + step)


def _moved(time: Any, step: dt.timedelta) -> Iterator[Any]:
    for way in (-step, step):
        with suppress(OverflowError):
            yield time + way


def usual(kind: Kind) -> tuple[Any, ...]:
    """Values of a kind that are worth looking at whatever the rules say."""
    match kind:
        case Text(choices=choices):
            return ("other", "", "a", "A", "é", "🎯", "3", "visitor-14", " ") if choices is None else choices
        case Integer(low, high):
            ends = [end for cut in (low, high) if cut is not None for end in beside(kind, cut[0])]
            return (0, 1, -1, *ends, LARGEST_INTEGER, -LARGEST_INTEGER)
        case Number(low, high):
            ends = [end for cut in (low, high) if cut is not None for end in beside(kind, cut[0])]
            return (0.0, 1.0, -1.0, 0.1, *ends, 5e-324, 1.7976931348623157e308)
        case Boolean():
            return (True, False)
        case Date():
            return _DAYS
        case Datetime():
            return tuple(dt.datetime.combine(day, dt.time(hour), dt.UTC) for day in _DAYS for hour in (0, 12, 23))
        case Duration() | Distance():
            return (0.0, 1.0, 60.0, 86400.0, 0.1)
        case Version():
            return (*(parse_version(text) for text in _VERSIONS), LOWEST)
        case Ip():
            return ((4, 0xC0000201), (6, 1), (4, 0), (4, 2**32 - 1), (6, 0), (6, 2**128 - 1))
        case SetOf():
            return (frozenset(),)
        case Point():
            return ((0.0, 0.0), (90.0, 180.0), (-90.0, -180.0), (59.91, 10.75))
        case _:
            assert_never(kind)
