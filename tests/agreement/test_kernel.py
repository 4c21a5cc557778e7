"""Kernels, read in the plainest way, say what the definition says: lowering and the pushing down of `not` are right."""

from __future__ import annotations

from hypothesis import given, note, settings
from hypothesis import strategies as st
from plain_kernel import fulfils
from strategies_rules import rule_texts

import segdsl
from segdsl.operators.operator import Context
from segdsl.program.lower import at, lower
from segdsl.program.reference import holds
from segdsl.testing import instants, visitors


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
