"""From checked conditions to kernel: negation pushed to the tests, operators replaced by the sets they stand for."""

from __future__ import annotations

import datetime as dt
from typing import Any, assert_never

from segdsl.operators.comparison import COMPARE
from segdsl.operators.operator import Context, Operator, Requirement
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.values.kinds import stepped
from segdsl.values.members import MemberTest
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN
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
        return _with_value(operator, subject, operand.value, zone, wanted)
    if not ex.dimensions_of(operand):
        return k.Moving(subject, operator, operand, wanted)
    assert operator.signs is not None, "the checker lets only comparisons have a dimension on their right"
    signs = operator.signs
    match subject, operand:
        case ex.Read(first), ex.Read(second) if second.name < first.name:
            subject, operand, signs = operand, subject, frozenset(-one for one in signs)  # `b > a` is `a < b`
        case _:
            pass
    sign = ex.Apply(COMPARE, (subject, operand), COMPARE.result(subject.kind, operand.kind))
    region = stepped(sign.kind, Region.of(signs))
    return k.Test(sign, region if wanted else ~region)


def _with_value(operator: Operator, subject: ex.Term, value: Any, zone: dt.tzinfo, wanted: bool) -> k.Kernel:
    requirements = operator.stands_for(subject.kind, value)
    parts = (_requirement(subject, requirement, zone, wanted) for requirement in requirements)
    return k.every(parts) if wanted else k.some(parts)


def at(kernel: k.Kernel, context: Context, decide_closed: bool = True) -> k.Kernel:
    """The kernel at one instant: regions that move with now stand still.

    Tests of now alone are decided; or left as they are when not `decide_closed`.
    """
    match kernel:
        case k.All(parts):
            return k.every(at(part, context, decide_closed) for part in parts)
        case k.Any(parts):
            return k.some(at(part, context, decide_closed) for part in parts)
        case k.Moving(term, operator, operand, wanted):
            value = closed_value(operand, context)
            if value is UNKNOWN:
                return k.Never() if wanted else k.Always()
            moved = _with_value(operator, term, value, context.zone, wanted)
            return moved if ex.dimensions_of(term) else at(moved, context)
        case k.Test(term, region) if decide_closed and not ex.dimensions_of(term):
            return k.Always() if closed_value(term, context) in region else k.Never()
        case _:
            return kernel


def closed_value(term: ex.Term, context: Context) -> Any:
    """The value of a term that reads no dimension."""
    match term:
        case ex.Constant(value=value):
            return value
        case ex.Now():
            return context.now
        case ex.Apply(function, arguments):
            values = [closed_value(argument, context) for argument in arguments]
            return UNKNOWN if UNKNOWN in values else function.meaning(context, *values)
        case ex.Read():
            raise AssertionError("only terms without dimensions come here")
        case _:
            assert_never(term)


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
