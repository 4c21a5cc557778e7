"""An oracle for dimensions of few values: a SAT solver.

In: a program whose dimensions are choices, short ranges of whole numbers, or booleans. Each value of a dimension, and
its being unknown, is a variable of which exactly one is true; each condition is a variable that is tied to its parts by
clauses (G. S. Tseitin, "On the complexity of derivation in propositional calculus", 1968). What a test says of a value
is worked out here, with nothing of the prover or the operators.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from typing import Any

import pytest
from compared import dimensions_of

from segdsl.program import expression as ex
from segdsl.program.program import Program
from segdsl.program.schema import Dimension
from segdsl.values.kinds import Boolean, Integer, Text
from segdsl.values.unknown import UNKNOWN

solvers: Any = pytest.importorskip("pysat.solvers", reason="python-sat is not installed: it is in the extra oracle")

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "contains": lambda value, part: part in value,
    "starts with": lambda value, part: value[: len(part)] == part,
    "ends with": lambda value, part: value[len(value) - len(part) :] == part and len(part) <= len(value),
    "is true": lambda value, _: value is True,
    "in": lambda value, spans: any(between(value, span.low, span.high) for span in spans),
}
SUMS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def between(value: Any, low: tuple[Any, bool] | None, high: tuple[Any, bool] | None) -> bool:
    """Whether a value lies above one cut and below another; None is no cut."""
    above = low is None or value > low[0] or (value == low[0] and not low[1])
    below = high is None or value < high[0] or (value == high[0] and high[1])
    return above and below


def values_of(dimension: Dimension) -> list[Any]:
    """Everything that a dimension of few values can be."""
    known: Sequence[Any]
    match dimension.kind:
        case Text(choices=tuple(choices)):
            known = choices
        case Boolean():
            known = (True, False)
        case Integer((low, False), (high, True)):
            known = range(low, high + 1)
        case _:
            raise AssertionError(f"{dimension.name} has too many values for this oracle")
    open_to_unknown = not dimension.required and dimension.default is UNKNOWN
    return [*known, UNKNOWN] if open_to_unknown else list(known)


def value_of(term: ex.Term, values: dict[str, Any]) -> Any:
    """The value of a term of dimensions of few values."""
    match term:
        case ex.Constant(value=value):
            return value
        case ex.Read(dimension):
            return values[dimension.name]
        case ex.Apply(function, arguments):
            found = [value_of(argument, values) for argument in arguments]
            return UNKNOWN if UNKNOWN in found else SUMS[function.name](*found)
        case _:
            raise AssertionError(f"this oracle does not know {term}")


def test_holds(test: ex.Condition, values: dict[str, Any]) -> bool:
    """Whether a single test holds."""
    match test:
        case ex.Literal(value):
            return value
        case ex.Known(subject):
            return value_of(subject, values) is not UNKNOWN
        case ex.InState(dimension, state):
            value = values[dimension.name]
            if value is UNKNOWN:
                return state.region.unknown
            flips = sum(1 for cut in state.region.cuts if between(value, cut, None))
            return state.region.below is (flips % 2 == 0)
        case ex.Test(asked, subject, operand):
            left, right = value_of(subject, values), value_of(operand, values)
            return left is not UNKNOWN and right is not UNKNOWN and COMPARISONS[asked.name](left, right)
        case _:
            raise AssertionError(f"{test} is no single test")


class SatOracle:
    """One solver for one program."""

    exact = True

    def __init__(self, _program: Program) -> None:
        self._solver: Any = solvers.Solver(name="minisat22")
        self._last = 0
        self._values: dict[str, list[tuple[Any, int]]] = {}
        self._conditions: dict[int, tuple[ex.Condition, int]] = {}

    def possible(self, wanted: Sequence[ex.Condition], unwanted: Sequence[ex.Condition]) -> bool | None:
        """Whether all of the wanted conditions can hold, and none of the unwanted."""
        assumed = [self._literal(one) for one in wanted] + [-self._literal(one) for one in unwanted]
        return bool(self._solver.solve(assumptions=assumed))

    def _new(self) -> int:
        self._last += 1
        return self._last

    def _literal(self, condition: ex.Condition) -> int:
        """The variable that is true exactly when the condition is. It is kept, so that its id stays its own."""
        if id(condition) not in self._conditions:
            self._conditions[id(condition)] = condition, self._made(condition)
        return self._conditions[id(condition)][1]

    def _made(self, condition: ex.Condition) -> int:
        match condition:
            case ex.Not(operand):
                return -self._literal(operand)
            case ex.Named(condition=inner):
                return self._literal(inner)
            case ex.And(operands):
                return self._all([self._literal(operand) for operand in operands])
            case ex.Or(operands):
                return -self._all([-self._literal(operand) for operand in operands])
            case _:
                return -self._all([-self._all(point) for point in self._points(condition)])

    def _all(self, parts: list[int]) -> int:
        whole = self._new()
        for part in parts:
            self._solver.add_clause([-whole, part])
        self._solver.add_clause([whole, *(-part for part in parts)])
        return whole

    def _points(self, test: ex.Condition) -> Iterator[list[int]]:
        """The values of the dimensions of a single test for which it holds."""
        names = {dimension.name: dimension for dimension in dimensions_of(test)}
        for point in product(*(self._one_hot(dimension) for dimension in names.values())):
            values = {name: value for name, (value, _) in zip(names, point, strict=True)}
            if test_holds(test, values):
                yield [variable for _, variable in point]

    def _one_hot(self, dimension: Dimension) -> list[tuple[Any, int]]:
        if dimension.name not in self._values:
            found = [(value, self._new()) for value in values_of(dimension)]
            self._values[dimension.name] = found
            self._solver.add_clause([variable for _, variable in found])
            for (_, one), (_, other) in combinations(found, 2):
                self._solver.add_clause([-one, -other])
        return self._values[dimension.name]
