"""From checked conditions to kernel: negation pushed to the tests, operators replaced by the sets they stand for."""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from segdsl.operators.comparison import COMPARE
from segdsl.operators.operator import Requirement
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.values.kinds import stepped
from segdsl.values.members import MemberTest
from segdsl.values.region import Region
from segdsl.values.words import TextPattern


def lower(condition: ex.Condition, zone: dt.tzinfo, wanted: bool = True) -> k.Kernel:
    """The kernel of a condition, or of its opposite when not `wanted`."""
    match condition:
        case ex.Literal(value):
            return k.Always() if value is wanted else k.Never()
        case ex.Not(operand):
            return lower(operand, zone, not wanted)
        case ex.Named(condition=inner):
            return lower(inner, zone, wanted)
        case ex.And(operands):
            return (k.every if wanted else k.some)(lower(operand, zone, wanted) for operand in operands)
        case ex.Or(operands):
            return (k.some if wanted else k.every)(lower(operand, zone, wanted) for operand in operands)
        case ex.Known(subject):
            return settled(subject, Region.known() if wanted else Region.only_unknown(), zone)
        case ex.InState(dimension, state):
            return k.Test(ex.Read(dimension), state.region if wanted else ~state.region)
        case ex.Test():
            return _test(condition, zone, wanted)
        case _:
            assert_never(condition)


def _test(test: ex.Test, zone: dt.tzinfo, wanted: bool) -> k.Kernel:
    operator, subject, operand = test.operator, test.subject, test.operand
    if isinstance(operand, ex.Constant):
        requirements = operator.stands_for(subject.kind, operand.value)
        parts = (_requirement(subject, requirement, zone, wanted) for requirement in requirements)
        return k.every(parts) if wanted else k.some(parts)
    if not ex.dimensions_of(operand):
        return k.Moving(subject, operator, operand, wanted)
    assert operator.signs is not None, "the checker lets only comparisons have a dimension on their right"
    sign = ex.Apply(COMPARE, (subject, operand), COMPARE.result(subject.kind, operand.kind))
    region = stepped(sign.kind, Region.of(operator.signs))
    return k.Test(sign, region if wanted else ~region)


def _requirement(subject: ex.Term, requirement: Requirement, zone: dt.tzinfo, wanted: bool) -> k.Kernel:
    match requirement:
        case Region():
            return settled(subject, requirement if wanted else ~requirement, zone)
        case TextPattern():
            return k.TextTest(subject, requirement, wanted)
        case MemberTest(members, some):
            return k.MemberTest(subject, members, some is wanted)
        case _:
            assert_never(requirement)


def settled(term: ex.Term, region: Region, zone: dt.tzinfo) -> k.Test:
    """A test of a term's value, as a test of what is inside wherever a function can be undone exactly."""
    while isinstance(term, ex.Apply) and term.function.inverse is not None:
        inverse = term.function.inverse(zone, region.values)
        region = inverse | Region.only_unknown() if region.unknown else inverse
        term = term.arguments[0]
    return k.Test(term, region)
