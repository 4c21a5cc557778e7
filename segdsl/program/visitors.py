"""The test visitors of a file: read as they are written, and run through the definition.

In: the `test` statements of a program. Out: a record and its expected segments for each, and what came of running it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, assert_never

from attrs import frozen

from segdsl.operators.operator import Context
from segdsl.program.program import Program, Segment, TestVisitor
from segdsl.program.record import put
from segdsl.program.reference import holds
from segdsl.program.schema import Dimension
from segdsl.program.scope import Scope, no_such_segment
from segdsl.program.terms import Terms
from segdsl.program.wrong import Wrong, wrong
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic
from segdsl.values.kinds import Datetime, Text, read, words
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import UNITS

# As written


def read_tests(
    scope: Scope,
    dimensions: dict[str, Dimension],
    segments: dict[str, Segment],
    zone: dt.tzinfo,
    found: list[Diagnostic],
) -> tuple[TestVisitor, ...]:
    """The test visitors that the files write down. `found` takes in what is wrong with them."""
    terms = Terms(scope, dimensions, zone)
    made = []
    for node in scope.tests:
        record: dict[str, Any] = {}
        now: dt.datetime | None = None
        for field in node.record:
            try:
                if field.name.text == "now" and "now" not in dimensions:
                    now = _moment(field, zone)
                elif field.name.text not in dimensions:
                    raise terms.no_such_name(field.name)
                else:
                    put(record, dimensions[field.name.text].path, plain_value(field.value))
            except Wrong as problem:
                if field.name.text not in scope.dimensions:
                    found.append(problem.diagnostic)
        made.append(TestVisitor(node.name, record, now, _expected(node, segments, scope, found), node))
    return tuple(made)


def _expected(
    node: tree.Test, segments: dict[str, Segment], scope: Scope, found: list[Diagnostic]
) -> tuple[Segment, ...]:
    if [name.text for name in node.expected] == ["nothing"] and "nothing" not in segments:
        return ()
    found += [no_such_segment(name, segments, scope) for name in node.expected if name.text not in segments]
    return tuple(segments[name.text] for name in node.expected if name.text in segments)


def _moment(field: tree.RecordField, zone: dt.tzinfo) -> dt.datetime:
    raw = plain_value(field.value)
    moment = read(Datetime(zone), f"{raw}T00:00" if isinstance(field.value, tree.DateLiteral) else raw)
    if moment is UNKNOWN:
        raise wrong("S304", field.value, '"now" is a date with a time', advice="write now: 2026-01-31T18:00Z")
    assert isinstance(moment, dt.datetime)
    return moment


def plain_value(node: tree.Literal | tree.ListOf | tree.UnknownWord) -> Any:
    """What a record in JSON would hold in place of a literal."""
    match node:
        case tree.UnknownWord():
            return None
        case tree.ListOf(items):
            return [plain_value(item) for item in items]  # type: ignore[arg-type]  # the grammar lets only literals stand there
        case tree.TextLiteral(value) | tree.BooleanLiteral(value):
            return value
        case tree.NumberLiteral():
            return node.value
        case tree.PercentLiteral(text):
            return float(text) / 100
        case tree.DurationLiteral(text, unit):
            return float(text) * UNITS.get(unit, float("nan"))
        case tree.DateLiteral(text) | tree.DatetimeLiteral(text):
            return text
        case tree.LengthLiteral():
            return node.span.text
        case _:
            assert_never(node)


# Run through the definition


@frozen
class Outcome:
    """What a test visitor was in: expected segments that did not hold, and others of the test's file that did."""

    test: TestVisitor
    missing: tuple[Segment, ...]
    unexpected: tuple[Segment, ...]
    unread: tuple[tuple[tree.RecordField, str], ...] = ()
    """Values of the test that the dimension cannot have, and why not: they are read as unknown."""

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
        unread=tuple(_unread(program, test)),
        missing=tuple(one for one in test.expected if one not in holding),
        unexpected=tuple(
            one for one in holding if one not in test.expected and one.span.source is test.node.span.source
        ),
    )


def _unread(program: Program, test: TestVisitor) -> Iterator[tuple[tree.RecordField, str]]:
    for field in test.node.record:
        dimension = program.dimensions.get(field.name.text)
        if dimension is None or isinstance(field.value, tree.UnknownWord):
            continue
        if read(dimension.kind, plain_value(field.value)) is UNKNOWN:
            closed = isinstance(dimension.kind, Text) and isinstance(field.value, tree.TextLiteral)
            yield field, "not one of its values" if closed else f"not {words(dimension.kind)} that it can be"
