"""Kernels, read in the plainest way, say what the definition says: lowering and the pushing down of `not` are right."""

from __future__ import annotations

from typing import Any, assert_never

from hypothesis import given, note, settings
from hypothesis import strategies as st
from strategies_rules import rule_texts

import segdsl
from segdsl.operators.operator import Context
from segdsl.program import kernel as k
from segdsl.program.lower import at, lower
from segdsl.program.reference import holds, value_of
from segdsl.testing import instants, visitors
from segdsl.values.unknown import UNKNOWN


def fulfils(kernel: k.Kernel, visitor: Any, context: Context) -> bool:
    """A kernel as its docstring has it, word for word."""
    match kernel:
        case k.Always():
            return True
        case k.Never():
            return False
        case k.All(parts):
            return all(fulfils(part, visitor, context) for part in parts)
        case k.Any(parts):
            return any(fulfils(part, visitor, context) for part in parts)
        case k.Test(term, region):
            return value_of(term, visitor, context) in region
        case k.Moving(term, operator, operand, wanted):
            left, right = value_of(term, visitor, context), value_of(operand, visitor, context)
            return (left is not UNKNOWN and right is not UNKNOWN and operator.meaning(left, right)) is wanted
        case k.TextTest(term, pattern, wanted):
            value = value_of(term, visitor, context)
            return (value is not UNKNOWN and pattern.holds(value)) is wanted
        case k.MemberTest(term, members, wanted):
            value = value_of(term, visitor, context)
            return (value is not UNKNOWN and any(member in members for member in value)) is wanted
        case _:
            assert_never(kernel)


@settings(max_examples=settings().max_examples)
@given(rule_texts(), st.data())
def test_kernel_says_what_the_condition_says(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    context = Context(data.draw(instants(rules)), rules.program.zone)
    for visitor in data.draw(st.lists(visitors(rules), min_size=4, max_size=8)):
        for name, segment in rules.program.segments.items():
            expected = holds(segment.condition, visitor, context)
            opposite = lower(segment.condition, rules.program.zone, wanted=False)
            still = at(segment.kernel, context)
            assert fulfils(segment.kernel, visitor, context) is expected, f"{name} for {visitor!r} at {context.now}"
            assert fulfils(opposite, visitor, context) is not expected, f"not {name} for {visitor!r} at {context.now}"
            assert fulfils(still, visitor, context) is expected, (
                f"{name} standing still for {visitor!r} at {context.now}"
            )
