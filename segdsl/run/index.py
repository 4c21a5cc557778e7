"""All rows of many segments beside a visitor at once, with a bit for each.

A row is a list of tests that all have to pass. For each dimension, every value that rules tell apart has the set of
rows that it leaves possible: an int whose bit i says that row i is not refuted. The rows that hold are the `and` of
these over the dimensions, so an answer costs as much as there are dimensions, not segments (bitmap indices: P. O'Neil
and D. Quass, "Improved query performance with variant indexes", 1997).

This module, and those that it imports, are light: an artifact is answered from without attrs or Lark. What is slow here
is made fast by generated code (`segdsl.run.bitmap`), which falls back to this.
"""

from __future__ import annotations

from bisect import bisect_right

from segdsl.program.record import raw_at
from segdsl.values.unknown import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Compute = Callable[["Values", Any], Any]
    """A value made of a visitor's known values and a context (which has `now` and `zone`)."""


class Reading:
    """How a dimension's value is read: where it lies, what makes a value of it (or UNKNOWN), and the default."""

    __slots__ = ("default", "path", "read")

    def __init__(self, path: tuple[str, ...], read: Callable[[Any], Any], default: Any = UNKNOWN) -> None:
        self.path, self.read, self.default = path, read, default

    def of(self, visitor: Any) -> Any:
        """The value in a record, or UNKNOWN. Raises nothing."""
        value = self.read(raw_at(visitor, self.path))
        return self.default if value is UNKNOWN else value


class Values:
    """The values of a visitor by number of the dimension, each read when it is first asked for."""

    __slots__ = ("_found", "_readings", "_visitor")

    def __init__(self, readings: Sequence[Reading], visitor: Any) -> None:
        self._readings, self._visitor = readings, visitor
        self._found: dict[int, Any] = {}

    def __getitem__(self, number: int) -> Any:
        if number not in self._found:
            self._found[number] = self._readings[number].of(self._visitor)
        return self._found[number]


class Test:
    """A test that is asked by itself, and the rows that are lost when it fails."""

    __slots__ = ("holds", "lost")

    def __init__(self, holds: Callable[[Any, Any], bool], lost: int) -> None:
        self.holds, self.lost = holds, lost


class Axis:
    """What the values of one dimension leave of the rows.

    `left[i]` is what a value leaves that has i of the `edges` at or below it; `unknown` what an unknown one leaves.
    Where edges are `cuts`, they are pairs: (value, False) lies just before a value, (value, True) just behind it.
    `tests` are asked of the value beside, in a context of no instant.
    """

    __slots__ = ("context", "cuts", "edges", "left", "reading", "tests", "unknown")

    def __init__(
        self,
        reading: Reading,
        edges: Sequence[Any],
        left: Sequence[int],
        unknown: int,
        cuts: bool,
        tests: Sequence[Test],
        context: Any,
    ) -> None:
        self.reading, self.edges, self.left, self.unknown = reading, edges, left, unknown
        self.cuts, self.tests, self.context = cuts, tests, context

    def of_raw(self, raw: Any) -> int:
        """The rows that a raw value leaves. Raises nothing."""
        value = self.reading.read(raw)
        return self.unknown if value is UNKNOWN else self.of_value(value)

    def of_value(self, value: Any) -> int:
        """The rows that a known value leaves."""
        rows = self.left[self.cell(value)]
        for test in self.tests:
            if rows & test.lost and not test.holds(value, self.context):
                rows &= ~test.lost
        return rows

    def cell(self, value: Any) -> int:
        """The place of a known value among the edges."""
        return bisect_right(self.edges, (value, False) if self.cuts else value)


class Index:
    """Rows of segments, each segment's side by side.

    A segment of several rows has a free bit above them: adding `carry` moves any row that is there up to it, so that
    one addition says of all segments which hold. `marks` are the bits that then stand for segments.
    """

    __slots__ = ("all", "axes", "carry", "marks", "odd", "readings")

    def __init__(
        self,
        readings: Sequence[Reading],
        axes: Sequence[Axis],
        odd: Sequence[Test],
        rows: int,
        carry: int,
        marks: int,
    ) -> None:
        self.readings, self.axes, self.odd = readings, axes, odd
        self.all, self.carry, self.marks = rows, carry, marks

    def held(self, visitor: Any, context: Any) -> int:
        """The segments that hold for a visitor, as bits of `marks`. Raises nothing."""
        return (self.rows(visitor, context) + self.carry) & self.marks

    def rows(self, visitor: Any, context: Any) -> int:
        """The rows that hold for a visitor."""
        rows = self.all
        for axis in self.axes:
            rows &= axis.of_raw(raw_at(visitor, axis.reading.path))
        return self.without_odd(rows, visitor, context)

    def without_odd(self, rows: int, visitor: Any, context: Any) -> int:
        """What is left of rows once the tests are asked that belong to no single dimension, or move with now."""
        values = Values(self.readings, visitor)
        for test in self.odd:
            if rows & test.lost and not test.holds(values, context):
                rows &= ~test.lost
        return rows
