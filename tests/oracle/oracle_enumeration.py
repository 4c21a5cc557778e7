"""An oracle that looks at everybody: all combinations of values on and beside every boundary.

In: a program. Of each dimension one value is kept for every combination of answers that its tests give. The visitors
are all combinations of these; a condition is the set of visitors for whom it holds, as the bits of one whole number,
made of single tests that the definition of the language (`segdsl.program.reference`) answered, and of nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from compared import conditions_of, dimensions_of, tests_of
from text_automaton import TooManyStates
from values_near import constants, simple, values_near

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.program import Program
from segdsl.program.record import put
from segdsl.program.reference import holds, value_of
from segdsl.program.schema import Dimension
from segdsl.values.unknown import UNKNOWN

USUAL = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MOST_VISITORS = 2_000_000


class Enumeration:
    """The tables of a program: one, or where rules move with now one for each instant that may matter."""

    def __init__(self, program: Program) -> None:
        tests = [test for condition in conditions_of(program) for test in tests_of(condition)]
        self.exact = all(map(simple, tests))
        try:
            self._tables = [Table(tests, Context(now, program.zone)) for now in instants(tests, program.zone)]
        except TooManyStates:
            self._tables = []

    def possible(self, wanted: Sequence[ex.Condition], unwanted: Sequence[ex.Condition]) -> bool | None:
        """Whether all of the wanted conditions can hold, and none of the unwanted; None where it is too much."""
        if not self._tables or any(table.too_large for table in self._tables):
            return None
        return any(table.some(wanted, unwanted) for table in self._tables)


class Table:
    """All visitors at one instant."""

    def __init__(self, tests: Sequence[ex.Condition], context: Context) -> None:
        self._context = context
        self._sets: dict[int, tuple[ex.Condition, int]] = {}
        own: dict[Dimension, list[ex.Condition]] = {}
        tied: dict[Dimension, list[Dimension]] = {}
        for test in tests:
            together = list(dict.fromkeys(dimensions_of(test)))
            for dimension in together:
                own.setdefault(dimension, []).append(test)
                tied.setdefault(dimension, []).extend(other for other in together if other is not dimension)
        self._values: dict[str, list[Any]] = {}
        for dimension, asked in own.items():
            also = [test for other in tied[dimension] for test in own[other]]
            values = values_near(dimension, [*asked, *also], context)
            self._values[dimension.name] = values if also else self._told_apart(dimension, values, asked)
        self._strides: dict[str, int] = {}
        self._count = 1
        for name, values in self._values.items():
            self._strides[name] = self._count
            self._count *= len(values)
        self.too_large = self._count > MOST_VISITORS
        self._full = (1 << self._count) - 1

    def _told_apart(self, dimension: Dimension, values: list[Any], tests: Sequence[ex.Condition]) -> list[Any]:
        """One value for each combination of answers."""
        found: dict[tuple[bool, ...], Any] = {}
        for value in values:
            record = _record([(dimension, value)])
            found.setdefault(tuple(holds(test, record, self._context) for test in tests), value)
        return list(found.values())

    def some(self, wanted: Sequence[ex.Condition], unwanted: Sequence[ex.Condition]) -> bool:
        """Whether there is a visitor."""
        left = self._full
        for condition in wanted:
            left &= self._visitors(condition)
        for condition in unwanted:
            left &= ~self._visitors(condition)
        return left != 0

    def _visitors(self, condition: ex.Condition) -> int:
        if id(condition) not in self._sets:
            self._sets[id(condition)] = condition, self._made(condition)
        return self._sets[id(condition)][1]

    def _made(self, condition: ex.Condition) -> int:
        match condition:
            case ex.Named(condition=inner):
                return self._visitors(inner)
            case ex.Not(operand):
                return self._full & ~self._visitors(operand)
            case ex.And(operands):
                found = self._full
                for operand in operands:
                    found &= self._visitors(operand)
                return found
            case ex.Or(operands):
                found = 0
                for operand in operands:
                    found |= self._visitors(operand)
                return found
            case _:
                return self._of_test(condition)

    def _of_test(self, test: ex.Condition) -> int:
        dimensions = list(dict.fromkeys(dimensions_of(test)))
        if not dimensions:
            return self._full if holds(test, {}, self._context) else 0
        found = 0
        columns = [[(dimension, at) for at in range(len(self._values[dimension.name]))] for dimension in dimensions]
        for chosen in product(*columns):
            record = _record([(dimension, self._values[dimension.name][at]) for dimension, at in chosen])
            if holds(test, record, self._context):
                some = self._full
                for dimension, at in chosen:
                    some &= self._with(dimension, at)
                found |= some
        return found

    def _with(self, dimension: Dimension, place: int) -> int:
        """The visitors who have one value of a dimension: a pattern of bits that comes again and again."""
        stride = self._strides[dimension.name]
        period = stride * len(self._values[dimension.name])
        pattern, have = ((1 << stride) - 1) << stride * place, period
        while have < self._count:
            pattern |= pattern << have
            have *= 2
        return pattern & self._full


def _record(values: Sequence[tuple[Dimension, Any]]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for dimension, value in values:
        put(record, dimension.path, value)
    return record


def instants(tests: Sequence[ex.Condition], zone: dt.tzinfo) -> list[dt.datetime]:
    """Instants at which what moves with now stands before, at and after every fixed value it may meet."""
    usual = Context(USUAL, zone)
    found = {USUAL}
    fixed: dict[Dimension, set[Any]] = {}
    moving: dict[Dimension, set[Any]] = {}
    for test in tests:
        for dimension in dimensions_of(test):
            fixed.setdefault(dimension, set())
            moving.setdefault(dimension, set())
            if isinstance(test, ex.Test) and ex.reads_clock(test.operand):
                moved = value_of(test.operand, {}, usual)
                moving[dimension].update(moved if isinstance(moved, tuple) else [moved])
            else:
                fixed[dimension].update(constants(dimension, [test], usual))
    for dimension, values in fixed.items():
        for value in values:
            for moved in moving[dimension]:
                found.update(_meeting(value, moved))
    return sorted(instant for instant in found if 1991 <= instant.year < 2099)


def _meeting(value: Any, moved: Any) -> Iterator[dt.datetime]:
    """Where now is when what moves reaches a value, and around it."""
    if moved is UNKNOWN or not isinstance(value, dt.date):
        return
    if isinstance(value, dt.datetime) and isinstance(moved, dt.datetime):
        meeting = USUAL + (value - moved)
        for step in (-1, 0, 1):
            yield meeting + step * dt.timedelta(microseconds=1)
    else:
        days = dt.date(value.year, value.month, value.day) - dt.date(moved.year, moved.month, moved.day)
        for step in range(-2, 3):
            yield USUAL + days + dt.timedelta(days=step)
