"""Running the test visitors of a file through the definition."""

from __future__ import annotations

import datetime as dt

from attrs import frozen

from segdsl.operators.operator import Context
from segdsl.program.program import Program, Segment, TestVisitor
from segdsl.program.reference import holds


@frozen
class Outcome:
    """What a test visitor was in: expected segments that did not hold, and others of the test's file that did."""

    test: TestVisitor
    missing: tuple[Segment, ...]
    unexpected: tuple[Segment, ...]

    @property
    def passed(self) -> bool:
        return not self.missing and not self.unexpected


def run_tests(program: Program, now: dt.datetime) -> tuple[Outcome, ...]:
    """Every test of a program; `now` is for those that do not fix their own."""
    return tuple(_run(program, test, now) for test in program.tests)


def _run(program: Program, test: TestVisitor, now: dt.datetime) -> Outcome:
    context = Context(test.now or now, program.zone)
    holding = [one for one in program.segments.values() if holds(one.condition, test.record, context)]
    return Outcome(
        test,
        missing=tuple(one for one in test.expected if one not in holding),
        unexpected=tuple(one for one in holding if one not in test.expected and one.span.source is test.node.span.source),
    )
