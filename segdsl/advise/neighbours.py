"""The segments next to a gap: those which hold as soon as one thing about the visitor in it is a little different.

In: a partition and a visitor in no segment of it. Out: the segments that could be widened to take the visitor in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from attrs import define

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.program import Partition, Program, Segment
from segdsl.program.reference import holds
from segdsl.program.schema import Dimension
from segdsl.prove.cells import Space, ValueVariable
from segdsl.prove.verdict import Counterexample
from segdsl.prove.witness import record_of
from segdsl.values.kinds import Date, Datetime, Distance, Duration, Integer, Kind, Number, Version, stepped
from segdsl.values.plain import plainest_of_each
from segdsl.values.region import Interval, Region
from segdsl.values.unknown import UNKNOWN

STEPS = 8
"""Stretches of values that are looked at on either side of a gap, or of a dimension without sides."""


@define(eq=False)
class Neighbourhood:
    """A partition, and the stretches of values that its segments tell apart."""

    program: Program
    partition: Partition

    def of(self, witness: Counterexample) -> list[Segment]:
        """The segments just below and just above what the witness shows; or else the last one with another value of
        something; or else the last one of all."""
        if not witness.visitor.clock:
            for dimension, value in witness.visitor.values.items():
                if value is not UNKNOWN and _has_order(dimension.kind):
                    below, above = self._sides(dimension, value)
                    found = [self._first(witness, dimension, side) for side in (below, above)]
                    beside = dict.fromkeys(one for one in found if one is not None)
                    if beside:
                        return list(beside)
            for dimension, value in witness.visitor.values.items():
                if value is UNKNOWN or not _has_order(dimension.kind):
                    stretches = self._stretches.get(dimension, [])
                    other = [one for one in _values(dimension.kind, stretches) if one != value]
                    alike = [one for value in other for one in self._holding(witness, dimension, value)]
                    if alike:
                        return [max(alike, key=self.partition.members.index)]
        return [self.partition.members[-1]]

    def alone(self, witness: Counterexample) -> Iterator[tuple[Dimension, Any]]:
        """What has one value in a gap, while somebody's are the values just below it and just above it."""
        if witness.visitor.clock:
            return
        for dimension, value in witness.visitor.values.items():
            if value is UNKNOWN or not _has_order(dimension.kind):
                continue
            stretches = self._stretches.get(dimension, [])
            own = next((one for one in stretches if value in one), None)
            sides = self._sides(dimension, value)
            if (
                own is not None
                and _single(dimension.kind, own, value)
                and all(self._first(witness, dimension, side[:1]) is not None for side in sides)
            ):
                yield dimension, value

    @cached_property
    def _stretches(self) -> dict[Dimension, list[Interval]]:
        """Of each dimension, going up."""
        leaves = k.distinct_leaves([one.kernel for one in self.partition.members])
        if k.any_reads_clock(leaves):
            return {}
        return {
            variable.term.dimension: sorted(
                (interval for cell in variable.cells for interval in cell.intervals), key=_start
            )
            for variable in Space.telling_apart(leaves).variables
            if isinstance(variable, ValueVariable) and isinstance(variable.term, ex.Read)
        }

    def _sides(self, dimension: Dimension, value: Any) -> tuple[list[Any], list[Any]]:
        """Values of the stretches below the value's own and above it, the nearest first."""
        stretches = self._stretches.get(dimension, [])
        place = next((number for number, one in enumerate(stretches) if value in one), None)
        if place is None:
            return [], []
        below, above = reversed(stretches[:place]), stretches[place + 1 :]
        return list(_values(dimension.kind, below)), list(_values(dimension.kind, above))

    def _first(self, witness: Counterexample, dimension: Dimension, values: list[Any]) -> Segment | None:
        """The segment with the nearest of some values, which is in one."""
        for value in values:
            found = next(self._holding(witness, dimension, value), None)
            if found is not None:
                return found
        return None

    def _holding(self, witness: Counterexample, dimension: Dimension, value: Any) -> Iterator[Segment]:
        """The segments of a visitor who differs in one dimension."""
        record = record_of({**witness.visitor.values, dimension: value})
        context = Context(witness.visitor.now, self.program.zone)
        for member in self._reading.get(dimension, ()):
            if holds(member.condition, record, context):
                yield member

    @cached_property
    def _reading(self) -> dict[Dimension, list[Segment]]:
        """The segments that say something about each dimension."""
        found: dict[Dimension, list[Segment]] = {}
        for member in self.partition.members:
            read = dict.fromkeys(one for leaf in k.leaves(member.kernel) for one in ex.dimensions_of(leaf.term))
            for dimension in read:
                found.setdefault(dimension, []).append(member)
        return found


def _has_order(kind: Kind) -> bool:
    return isinstance(kind, Integer | Number | Date | Datetime | Duration | Distance | Version)


def _single(kind: Kind, stretch: Interval, value: Any) -> bool:
    """Whether a stretch has one value only."""
    return not stepped(kind, Region.between(stretch.low, stretch.high)) - stepped(kind, Region.of((value,)))


def _start(interval: Interval) -> tuple[bool, Any]:
    return (interval.low is not None, interval.low)


def _values(kind: Kind, stretches: Any) -> Iterator[Any]:
    return plainest_of_each(kind, islice(stretches, STEPS))
