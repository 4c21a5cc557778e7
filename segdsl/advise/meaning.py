"""Conditions that say nothing: tests that nobody can pass, and tests that everybody passes.

In: a segment's condition. Out: its smallest parts that hold for nobody or for everybody. A part that is written in many
segments is looked at once (`Sense`).
"""

from __future__ import annotations

import datetime as dt
from enum import Enum, auto
from typing import TypeGuard, assert_never

from attrs import Factory, define, frozen

from segdsl.operators.operator import Operand
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import lower
from segdsl.program.program import Program
from segdsl.program.schema import Dimension
from segdsl.prove.cells import possible_values
from segdsl.prove.claims import Claim, can_hold
from segdsl.prove.table import Asked
from segdsl.prove.verdict import Refuted
from segdsl.prove.witness import Visitor
from segdsl.values.kinds import Kind, Point, SetOf, stepped
from segdsl.values.plain import plainest_of_each
from segdsl.values.region import Region


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


@define(eq=False)
class Sense:
    """The conditions of one program: what is known of a part by how it is written: a text means one thing there."""

    program: Program
    _chances: dict[str, _Chances] = Factory(dict)
    """Of parts about which there is nothing to be said."""
    _read: dict[str, frozenset[Dimension]] = Factory(dict)

    def extremes(self, condition: ex.Condition) -> tuple[Finding, ...]:
        """The smallest parts of a condition that say nothing, in order."""
        found: list[Finding] = []
        self.chances(condition, found)
        return tuple(found)

    def is_decided(self, condition: ex.Condition) -> bool:
        """Whether a condition holds for nobody or for everybody."""
        chances = self.chances(condition, [])
        return not (chances.hold and chances.fail)

    def chances(self, condition: ex.Condition, found: list[Finding]) -> _Chances:
        """Of a part as it stands in the rules; adds what there is to be said about it."""
        text = written(condition)
        known = self._chances.get(text)
        if known is None:
            before = len(found)
            known = _examine(self, condition, found)
            if text and len(found) == before:
                self._chances[text] = known
        return known

    def read_by(self, condition: ex.Condition) -> frozenset[Dimension]:
        """The dimensions that a part reads, those of the segments that it names included."""
        text = written(condition)
        known = self._read.get(text)
        if known is None:
            known = frozenset(ex.dimensions_in(condition))
            if text:
                self._read[text] = known
        return known


def written(condition: ex.Condition) -> str:
    """A part of a condition as it stands in the rules; "" for one that does not."""
    return "" if condition.span is None else condition.span.text


def _examine(sense: Sense, condition: ex.Condition, found: list[Finding]) -> _Chances:
    """Adds what is found within, and then about the condition itself if nothing within explains it."""
    before = len(found)
    match condition:
        case ex.Literal(value):
            return _Chances(value, not value)
        case ex.Named():
            return _Chances(True, True)  # looked at where it is declared
        case ex.Not(operand):
            return _examine_not(sense, condition, operand, found)
        case ex.And(operands):
            parts = [sense.chances(operand, found) for operand in operands]
            chances = _Chances(all(part.hold for part in parts), any(part.fail for part in parts))
        case ex.Or(operands):
            parts = [sense.chances(operand, found) for operand in operands]
            chances = _Chances(any(part.hold for part in parts), all(part.fail for part in parts))
        case ex.Test() | ex.Known() | ex.InState():
            chances = _of_test(sense.program, condition)
        case _:
            assert_never(condition)
    if isinstance(condition, ex.And | ex.Or) and chances == _Chances(True, True) and _shares(sense, condition.operands):
        chances = _of_all(sense.program, condition)
    if len(found) == before and not (chances.hold and chances.fail):
        found.append(Finding(condition, Extreme.ALWAYS if chances.hold else Extreme.NEVER))
    if len(found) == before and isinstance(condition, ex.Or) and _leaves_out(condition):
        fails = can_hold(sense.program, condition, wanted=False)
        if isinstance(fails, Refuted):
            found.append(Finding(condition, Extreme.ALMOST_ALWAYS, fails.witness.visitor))
    return chances


def _examine_not(sense: Sense, condition: ex.Not, operand: ex.Condition, found: list[Finding]) -> _Chances:
    """`a != b` is written as one test, so what is found is said of it and not of the `a == b` that it negates."""
    own: list[Finding] = []
    inner = _examine(sense, operand, own)
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


def _searched(kernel: k.Kernel, condition: ex.Condition, zone: dt.tzinfo) -> _Chances:
    claim = Claim.of([("", condition, kernel)], zone)
    return _Chances(claim.somebody(Asked((0,))) is not False, claim.somebody(Asked((), (0,))) is not False)


def _of_all(program: Program, condition: ex.Condition) -> _Chances:
    kernel = lower(condition, program.zone)
    return _of_values(kernel) if is_plain(kernel) else _searched(kernel, condition, program.zone)


def _of_test(program: Program, condition: ex.Condition) -> _Chances:
    """A single test by its region alone, which is all there is to it for plain values."""
    kernel = lower(condition, program.zone)
    if is_plain(kernel):
        return _of_values(kernel)
    if isinstance(kernel, k.TextTest | k.MemberTest | k.All | k.Any):
        return _searched(kernel, condition, program.zone)
    return _Chances(True, True)


def is_plain(kernel: k.Kernel) -> TypeGuard[k.Test]:
    """Whether it is about the value of one term, and this is all there is to it."""
    return (
        isinstance(kernel, k.Test)
        and bool(ex.dimensions_of(kernel.term))
        and not isinstance(kernel.term.kind, SetOf | Point)
    )


def _of_values(test: k.Test) -> _Chances:
    possible = possible_values(test.term)
    return _Chances(anything(test.term.kind, test.region & possible), anything(test.term.kind, possible - test.region))


def anything(kind: Kind, region: Region) -> bool:
    """Whether a set of values of a kind has any, unknown being one."""
    return region.unknown or next(plainest_of_each(kind, stepped(kind, region).intervals()), None) is not None


def _shares(sense: Sense, operands: tuple[ex.Condition, ...]) -> bool:
    """Whether two operands read the same dimension, without which neither can contradict the other."""
    seen: set[Dimension] = set()
    for operand in operands:
        own = sense.read_by(operand)
        if own & seen or not own:
            return True
        seen |= own
    return False
