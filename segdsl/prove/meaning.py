"""Conditions that say nothing: tests that nobody can pass, and tests that everybody passes.

In: a segment's condition. Out: its smallest parts that hold for nobody or for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import assert_never

from attrs import frozen

from segdsl.operators.operator import Operand
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import lower
from segdsl.program.program import Program
from segdsl.program.schema import Dimension
from segdsl.prove.cells import possible_values
from segdsl.prove.claims import can_hold
from segdsl.prove.verdict import Proved, Refuted
from segdsl.prove.witness import Visitor
from segdsl.values.kinds import Point, SetOf, stepped
from segdsl.values.plain import plainest
from segdsl.values.region import cells


class Extreme(Enum):
    """How a condition can say nothing, or next to nothing."""

    NEVER = auto()
    ALWAYS = auto()
    ALMOST_ALWAYS = auto()
    """An `or` of tests that each leave out one thing of the same dimension: only who is all of them fails."""


@frozen
class Finding:
    """A part of a condition that holds for nobody, or for everybody; or for all but the visitor `but`."""

    part: ex.Condition
    extreme: Extreme
    but: Visitor | None = None


@frozen
class _Chances:
    """Whether a condition can hold, and whether it can fail."""

    hold: bool
    fail: bool


def extremes(program: Program, condition: ex.Condition) -> tuple[Finding, ...]:
    """The smallest parts of a condition that say nothing, in order."""
    found: list[Finding] = []
    _examine(program, condition, found)
    return tuple(found)


def _examine(program: Program, condition: ex.Condition, found: list[Finding]) -> _Chances:
    """Adds what is found within, and then about the condition itself if nothing within explains it."""
    before = len(found)
    match condition:
        case ex.Literal(value):
            return _Chances(value, not value)
        case ex.Named():
            return _Chances(True, True)  # looked at where it is declared
        case ex.Not(operand):
            return _examine_not(program, condition, operand, found)
        case ex.And(operands):
            parts = [_examine(program, operand, found) for operand in operands]
            chances = _Chances(all(part.hold for part in parts), any(part.fail for part in parts))
        case ex.Or(operands):
            parts = [_examine(program, operand, found) for operand in operands]
            chances = _Chances(any(part.hold for part in parts), all(part.fail for part in parts))
        case ex.Test() | ex.Known() | ex.InState():
            chances = _of_test(program, condition)
        case _:
            assert_never(condition)
    if isinstance(condition, ex.And | ex.Or) and chances == _Chances(True, True) and _shares(condition.operands):
        chances = _searched(program, condition)
    if len(found) == before and not (chances.hold and chances.fail):
        found.append(Finding(condition, Extreme.ALWAYS if chances.hold else Extreme.NEVER))
    if len(found) == before and isinstance(condition, ex.Or) and _leaves_out(condition):
        fails = can_hold(program, condition, wanted=False)
        if isinstance(fails, Refuted):
            found.append(Finding(condition, Extreme.ALMOST_ALWAYS, fails.witness.visitor))
    return chances


def _examine_not(program: Program, condition: ex.Not, operand: ex.Condition, found: list[Finding]) -> _Chances:
    """`a != b` is written as one test, so what is found is said of it and not of the `a == b` that it negates."""
    own: list[Finding] = []
    inner = _examine(program, operand, own)
    together = condition.span == operand.span
    found += [_opposite(one, condition) if together and one.part is operand else one for one in own]
    return _Chances(inner.fail, inner.hold)


def _opposite(finding: Finding, part: ex.Condition) -> Finding:
    match finding.extreme:
        case Extreme.NEVER:
            return Finding(part, Extreme.ALWAYS)
        case Extreme.ALWAYS:
            return Finding(part, Extreme.NEVER)
        case Extreme.ALMOST_ALWAYS:
            raise AssertionError("an `or` is not written together with a `not`")
        case _:
            assert_never(finding.extreme)


def _leaves_out(condition: ex.Or) -> bool:
    """Whether every part is the opposite of a text test of one and the same dimension."""
    subjects = {
        part.operand.subject
        if isinstance(part, ex.Not)
        and isinstance(part.operand, ex.Test)
        and part.operand.operator.operand is Operand.PATTERN
        else None
        for part in condition.operands
    }
    return len(subjects) == 1 and None not in subjects


def _searched(program: Program, condition: ex.Condition) -> _Chances:
    never = isinstance(can_hold(program, condition), Proved)
    always = isinstance(can_hold(program, condition, wanted=False), Proved)
    return _Chances(not never, not always)


def _of_test(program: Program, condition: ex.Condition) -> _Chances:
    """A single test by its region alone, which is all there is to it for plain values."""
    kernel = lower(condition, program.zone)
    if (
        not isinstance(kernel, k.Test)
        or not ex.dimensions_of(kernel.term)
        or isinstance(kernel.term.kind, SetOf | Point)
    ):
        if isinstance(kernel, k.TextTest | k.MemberTest | k.All | k.Any):
            return _searched(program, condition)
        return _Chances(True, True)
    possible = possible_values(kernel.term)
    kind = kernel.term.kind
    hold, fail = kernel.region.unknown and possible.unknown, not kernel.region.unknown and possible.unknown
    for signature, interval in cells([stepped(kind, kernel.region), possible.values]):
        if signature & 2 and plainest(kind, interval) is not None:
            hold, fail = hold or bool(signature & 1), fail or not signature & 1
    return _Chances(hold, fail)


def _shares(operands: tuple[ex.Condition, ...]) -> bool:
    """Whether two operands read the same dimension, without which neither can contradict the other."""
    seen: set[Dimension] = set()
    for operand in operands:
        own = set(dimensions_in(operand))
        if own & seen or not own:
            return True
        seen |= own
    return False


def dimensions_in(condition: ex.Condition) -> Iterator[Dimension]:
    """The dimensions that a condition reads, those of the segments that it names included."""
    match condition:
        case ex.Literal():
            return
        case ex.Test(subject=subject, operand=operand):
            yield from ex.dimensions_of(subject)
            yield from ex.dimensions_of(operand)
        case ex.Known(subject):
            yield from ex.dimensions_of(subject)
        case ex.InState(dimension):
            yield dimension
        case ex.Named(condition=inner) | ex.Not(inner):
            yield from dimensions_in(inner)
        case ex.And(operands) | ex.Or(operands):
            for part in operands:
                yield from dimensions_in(part)
        case _:
            assert_never(condition)
