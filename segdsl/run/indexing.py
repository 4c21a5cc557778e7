"""From kernels to an index of their rows.

In: kernels in an order. Out: an `Index`, with what generated code needs to know of each dimension.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from math import inf, nextafter
from typing import Any, assert_never

from attrs import Factory, define, frozen

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.schema import Dimension
from segdsl.run import computed
from segdsl.run.index import Axis, Index, Reading, Test
from segdsl.run.rows import Row, one_dimension, rows_of
from segdsl.values.kinds import Datetime, Duration, Integer, Kind, Number, read, stepped
from segdsl.values.region import Cut
from segdsl.values.unknown import UNKNOWN

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The instant of a context in which nothing depends on the instant."""


@frozen(eq=False)
class Indexed:
    """An index, and which dimension, parts and bits its numbers stand for.

    `rows`: for each kernel the places of its rows. `held`: the bit that says that it holds; None when it never does.
    `dimensions`: of the readings. `on_axis`: the dimensions of the axes.
    """

    index: Index
    rows: tuple[range, ...]
    held: tuple[int | None, ...]
    dimensions: tuple[Dimension, ...]
    on_axis: tuple[Dimension, ...]
    parts: tuple[tuple[k.Kernel, int], ...]
    """Each distinct part, and the rows that need it."""


def indexed(kernels: Sequence[k.Kernel], zone: dt.tzinfo) -> Indexed:
    """The index of some kernels, whose rows come in this order."""
    rows: list[range] = []
    held: list[int | None] = []
    needing = _Needing()
    place = 0
    for kernel in kernels:
        first = place
        for row in rows_of(kernel):
            needing.note(row, place)
            place += 1
        rows.append(range(first, place))
        several = place - first > 1
        held.append(None if place == first else place if several else first)
        place += several  # the free bit above several rows
    everything = bits_of([one for own in rows for one in own], place)
    carry = bits_of([one for own in rows if len(own) > 1 for one in own], place)
    marks = bits_of([bit for bit in held if bit is not None], place)
    parts = needing.parts(place)
    dimensions = tuple(dict.fromkeys(dimension for part in parts for dimension in _dimensions_of(part)))
    numbers = {dimension: number for number, dimension in enumerate(dimensions)}
    readings = tuple(
        Reading(dimension.path, partial(read, dimension.kind), dimension.default) for dimension in dimensions
    )
    by_dimension: dict[Dimension, list[tuple[k.Kernel, int]]] = {}
    odd: list[Test] = []
    for part, bits in parts.items():
        dimension = one_dimension(part)
        if dimension is None:
            odd.append(Test(_asked(part, lambda one: computed.reading(numbers[one])), bits))
        else:
            by_dimension.setdefault(dimension, []).append((part, bits))
    context = Context(EPOCH, zone)
    axes = [_axis(one, readings[numbers[one]], found, everything, context) for one, found in by_dimension.items()]
    index = Index(readings, axes, odd, everything, carry, marks)
    return Indexed(index, tuple(rows), tuple(held), dimensions, tuple(by_dimension), tuple(parts.items()))


@define(eq=False)
class _Needing:
    """Which rows need which parts. Equal parts are mostly one object, and objects are compared faster."""

    _parts: dict[int, k.Kernel] = Factory(dict)
    _places: dict[int, list[int]] = Factory(dict)

    def note(self, row: Row, place: int) -> None:
        """A row at a place."""
        for part in row:
            known = self._places.get(id(part))
            if known is None:
                known = self._places[id(part)] = []
                self._parts[id(part)] = part  # which keeps it, so that no other object gets its number
            known.append(place)

    def parts(self, size: int) -> dict[k.Kernel, int]:
        """Each distinct part with the rows that need it."""
        found: dict[k.Kernel, int] = {}
        for number, part in self._parts.items():
            found[part] = found.get(part, 0) | bits_of(self._places[number], size)
        return found


def bits_of(places: Sequence[int], size: int) -> int:
    """The int with the bits at these places, of so many."""
    if len(places) < 4:
        return sum(1 << place for place in places)
    packed = bytearray(size // 8 + 1)
    for place in places:
        packed[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(packed, "little")


def _dimensions_of(part: k.Kernel) -> list[Dimension]:
    found: list[Dimension] = []
    for leaf in k.leaves(part):
        found += ex.dimensions_of(leaf.term)
        if isinstance(leaf, k.Moving):
            found += ex.dimensions_of(leaf.operand)
    return found


# One dimension


def _axis(
    dimension: Dimension, reading: Reading, parts: list[tuple[k.Kernel, int]], everything: int, context: Context
) -> Axis:
    """What values of a dimension leave of the rows: tests of the value itself by its place, others asked beside."""
    below = unknown = everything
    flips: dict[Cut, int] = {}
    tests: list[Test] = []
    for part, bits in parts:
        if isinstance(part, k.Test) and isinstance(part.term, ex.Read):
            region = stepped(dimension.kind, part.region)
            if not region.below:
                below &= ~bits
            if not region.unknown:
                unknown &= ~bits
            for cut in region.cuts:
                flips[cut] = flips.get(cut, 0) ^ bits
        else:
            asked = _asked(part, lambda _: computed.itself())
            tests.append(Test(asked, bits))
            if not asked(UNKNOWN, context):
                unknown &= ~bits
    left = [below]
    ordered = sorted(flips)
    for cut in ordered:
        left.append(left[-1] ^ flips[cut])
    edges, cuts = _edges(dimension.kind, ordered)
    axis = Axis(reading, edges, left, unknown, cuts, tests, context)
    if reading.default is not UNKNOWN:
        axis.unknown = axis.of_value(reading.default)
    return axis


def _edges(kind: Kind, cuts: list[Cut]) -> tuple[list[Any], bool]:
    """Each cut as the least value above it, where the kind has one; otherwise the cuts themselves, and True."""
    found = [least_above(kind, cut) for cut in cuts]
    return (cuts, True) if None in found else (found, False)


def least_above(kind: Kind, cut: Cut) -> Any:
    """The least value above a cut; None where there is none."""
    value, after = cut
    if not after:
        return value
    match kind:
        case Integer():
            return value + 1
        case Number() | Duration():
            return nextafter(value, inf)
        case Datetime():
            return value + dt.timedelta(microseconds=1) if value < dt.datetime.max.replace(tzinfo=dt.UTC) else None
        case _:
            return None


# Tests asked by themselves


def _asked(part: k.Kernel, look: Callable[[Dimension], computed.Compute]) -> computed.Compute:
    """A part as a function; `look` says how the value of a dimension is come by."""
    match part:
        case k.Always() | k.Never():
            return computed.constant(isinstance(part, k.Always))
        case k.All(parts):
            return computed.every([_asked(one, look) for one in parts])
        case k.Any(parts):
            return computed.some([_asked(one, look) for one in parts])
        case k.Test(term, region):
            return computed.within(_value(term, look), region.cuts, region.below, region.unknown)
        case k.TextTest(term, pattern, wanted):
            return computed.of_known(_value(term, look), pattern.holds, wanted)
        case k.MemberTest(term, members, wanted):
            return computed.of_known(_value(term, look), lambda found: any(one in members for one in found), wanted)
        case k.Moving(term, operator, operand, wanted):
            return computed.compared(_value(term, look), operator.meaning, _value(operand, look), wanted)
        case _:
            assert_never(part)


def _value(term: ex.Term, look: Callable[[Dimension], computed.Compute]) -> computed.Compute:
    match term:
        case ex.Read(dimension):
            return look(dimension)
        case ex.Constant(value=value):
            return computed.constant(value)
        case ex.Now():
            return computed.now()
        case ex.Apply(function, arguments):
            return computed.applied(function.meaning, [_value(one, look) for one in arguments])
        case _:
            assert_never(term)
