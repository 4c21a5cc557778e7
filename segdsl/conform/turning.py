"""On which tests of a condition a visitor's answer turns: those that change it when they alone come out differently.

In: a checked condition. Out: its tests, those that decide for a visitor, and what has to hold around a test so that it
decides. (Where each test is shown to decide both ways, a condition is covered as J. J. Chilenski and S. P. Miller,
"Applicability of modified condition/decision coverage", 1994, ask for.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from segdsl.program import expression as ex

Leaf = ex.Test | ex.Known | ex.InState | ex.Named
"""A test where it stands; or a segment or let by its name, which is one as well."""
Truth = Callable[[Leaf], bool]
Needs = tuple[tuple[ex.Condition, bool], ...]
"""Conditions that have to hold, or to fail."""


def turning(condition: ex.Condition, truth: Truth) -> tuple[bool, list[Leaf]]:
    """Whether a condition holds, by the truth of its tests; and the tests each of which would change that."""
    match condition:
        case ex.Literal(value):
            return value, []
        case ex.Test() | ex.Known() | ex.InState():
            return truth(condition), [condition]
        case ex.Named(condition=inner):
            holds, found = turning(inner, truth)
            return holds, [condition, *found]
        case ex.Not(operand):
            holds, found = turning(operand, truth)
            return not holds, found
        case ex.And(operands) | ex.Or(operands):
            usual = isinstance(condition, ex.And)
            agreeing: list[Leaf] = []
            against: list[Leaf] | None = None
            for operand in operands:
                holds, found = turning(operand, truth)
                if holds is usual:
                    agreeing += found
                elif against is not None:  # of two that decide, neither does so alone
                    return holds, []
                else:
                    against = found
            return (usual, agreeing) if against is None else (not usual, against)
        case _:
            assert_never(condition)


def leaves_with_needs(condition: ex.Condition, needs: Needs = ()) -> Iterator[tuple[Leaf, Needs]]:
    """Every test, with what has to be so around it for the answer to turn on it."""
    match condition:
        case ex.Literal():
            return
        case ex.Test() | ex.Known() | ex.InState():
            yield condition, needs
        case ex.Named(condition=inner):
            yield condition, needs
            yield from leaves_with_needs(inner, needs)
        case ex.Not(operand):
            yield from leaves_with_needs(operand, needs)
        case ex.And(operands) | ex.Or(operands):
            usual = isinstance(condition, ex.And)
            for place, operand in enumerate(operands):
                others = ((other, usual) for at, other in enumerate(operands) if at != place)
                yield from leaves_with_needs(operand, (*needs, *others))
        case _:
            assert_never(condition)


def leaves_of(condition: ex.Condition) -> Iterator[Leaf]:
    """Every test of a condition."""
    match condition:
        case ex.Literal():
            return
        case ex.Test() | ex.Known() | ex.InState():
            yield condition
        case ex.Named(condition=inner):
            yield condition
            yield from leaves_of(inner)
        case ex.Not(operand):
            yield from leaves_of(operand)
        case ex.And(operands) | ex.Or(operands):
            for operand in operands:
                yield from leaves_of(operand)
        case _:
            assert_never(condition)


def reads_clock(condition: ex.Condition) -> bool:
    """Whether a condition depends on now."""
    match condition:
        case ex.Literal() | ex.InState():
            return False
        case ex.Test(subject=subject, operand=operand):
            return ex.reads_clock(subject) or ex.reads_clock(operand)
        case ex.Known(subject):
            return ex.reads_clock(subject)
        case ex.Named(condition=inner) | ex.Not(inner):
            return reads_clock(inner)
        case ex.And(operands) | ex.Or(operands):
            return any(map(reads_clock, operands))
        case _:
            assert_never(condition)
