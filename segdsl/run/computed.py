"""Tests that are asked by themselves: of values that are computed, of patterns, of members, of several dimensions.

In: what such a test is made of. Out: functions of a visitor's known values and a context. Light, as `segdsl.run.index`.
"""

from __future__ import annotations

from bisect import bisect_right

from segdsl.values.unknown import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Compute = Callable[[Any, Any], Any]


def reading(number: int) -> Compute:
    """The value of the dimension of a number."""
    return lambda values, _context: values[number]


def itself() -> Compute:
    """The value that is asked about: of tests of a single dimension."""
    return lambda value, _context: value


def constant(value: Any) -> Compute:
    return lambda _values, _context: value


def now() -> Compute:
    return lambda _values, context: context.now


def applied(meaning: Callable[..., Any], arguments: Sequence[Compute]) -> Compute:
    """The value of a function; UNKNOWN when an argument is."""

    def value(values: Any, context: Any) -> Any:
        given = []
        for argument in arguments:
            one = argument(values, context)
            if one is UNKNOWN:
                return UNKNOWN
            given.append(one)
        return meaning(context, *given)

    return value


def within(term: Compute, cuts: Sequence[Any], below: bool, unknown: bool) -> Compute:
    """Whether a value lies between cuts (`segdsl.values.region.Region`)."""

    def holds(values: Any, context: Any) -> bool:
        value = term(values, context)
        if value is UNKNOWN:
            return unknown
        return below ^ (bisect_right(cuts, (value, False)) % 2 == 1)

    return holds


def compared(term: Compute, meaning: Callable[[Any, Any], bool], operand: Compute, wanted: bool) -> Compute:
    """Whether an operator holds between two values, if `wanted`; it does not when one is unknown."""

    def holds(values: Any, context: Any) -> bool:
        left, right = term(values, context), operand(values, context)
        return (left is not UNKNOWN and right is not UNKNOWN and meaning(left, right)) is wanted

    return holds


def of_known(term: Compute, rule: Callable[[Any], bool], wanted: bool) -> Compute:
    """Whether a value is known and as a rule says, if `wanted`."""

    def holds(values: Any, context: Any) -> bool:
        value = term(values, context)
        return (value is not UNKNOWN and rule(value)) is wanted

    return holds


def any_of(rule: Compute) -> Callable[[Any], bool]:
    """Whether a rule holds for some member of a set."""
    return lambda members: any(rule(member, None) for member in members)


def every(parts: Sequence[Compute]) -> Compute:
    return lambda values, context: all(part(values, context) for part in parts)


def some(parts: Sequence[Compute]) -> Compute:
    return lambda values, context: any(part(values, context) for part in parts)
