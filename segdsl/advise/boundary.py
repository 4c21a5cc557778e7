"""The one value that comparisons leave between them: `visits < 3` and `visits > 3`, `score < 6` and `score in 7..8`.

In: a partition and a region in no segment of it that is one value of a dimension. Out: the comparisons to blame, and
how each could be written to take the value in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from attrs import evolve, frozen

from segdsl.advise.neighbours import Neighbourhood
from segdsl.operators.comparison import EQUALS
from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.load import condition_among
from segdsl.program.lower import lower
from segdsl.program.program import Partition, Program
from segdsl.program.reference import holds
from segdsl.program.schema import Dimension
from segdsl.prove.claims import can_hold
from segdsl.prove.verdict import Counterexample, Proved
from segdsl.syntax import tree
from segdsl.text.diagnostic import Edit
from segdsl.text.source import Source, Span
from segdsl.values.kinds import Date, Datetime, Integer, Kind, stepped
from segdsl.values.region import Cut, Region
from segdsl.values.written import show

MOST_TRIED = 8
"""Comparisons with the value that are tried, one after the other, on either side of it."""


@frozen
class Side:
    """A comparison that stops just before the value, or starts just after it, and how it takes the value in."""

    place: Span
    says: str
    edit: Edit
    written: str
    within: str
    """The segment or let that it stands in."""
    sign_only: bool
    whole: bool = False
    """Whether nobody with the value is left out of the region then."""


@frozen
class Boundary:
    """The value, as it is written, and the comparisons to blame: one or two, the one to be changed first."""

    dimension: str
    value: str
    sides: tuple[Side, ...]


def boundary_of(neighbourhood: Neighbourhood, witness: Counterexample) -> Boundary | None:
    """The comparisons that leave out what the witness shows; None when there are none.

    Each of them can be changed so that the visitor is in a segment, and nobody comes into two of them by that.
    """
    program, partition = neighbourhood.program, neighbourhood.partition
    for dimension, value in neighbourhood.alone(witness):
        cuts = stepped(dimension.kind, Region.of((value,))).cuts
        blamed: list[Side] = []
        for below in (False, True):
            for test, wanted in islice(_touching(program, partition, dimension, cuts, below), MOST_TRIED):
                side = _side(program, test, dimension.kind, value, wanted, below)
                helps = _helps(program, partition, witness, test, value, wanted) if side is not None else None
                if side is not None and helps is not None:
                    blamed.append(evolve(side, whole=helps))
                    break
        if blamed:  # a sign is mistaken more often than a number
            blamed.sort(key=lambda side: (not side.whole, not side.sign_only))
            return Boundary(dimension.name, show(dimension.kind, value), tuple(blamed))
    return None


def _touching(
    program: Program, partition: Partition, dimension: Dimension, cuts: tuple[Cut, ...], below: bool
) -> Iterator[tuple[ex.Test, bool]]:
    """The comparisons that stop at the first cut (`below`), or start at the second, each with whether it is wanted."""
    seen: set[int] = set()
    for member in partition.members:
        for test, wanted in _tests(member.condition, True):
            if id(test) in seen or test.span is None or test.operator.name not in _SIGNS:
                continue
            seen.add(id(test))
            if not isinstance(test.subject, ex.Read) or test.subject.dimension is not dimension:
                continue
            meant = lower(test, program.zone, wanted)
            if isinstance(meant, k.Test) and _turns(meant.region, cuts[not below]) == (below, not below):
                yield test, wanted


def _turns(region: Region, cut: Cut) -> tuple[bool, bool] | None:
    """What is just before and just after a cut of a region; None if it is not one of its cuts."""
    if cut not in region.cuts:
        return None
    before = region.below ^ (region.cuts.index(cut) % 2 == 1)
    return before, not before


def _tests(condition: ex.Condition, wanted: bool) -> Iterator[tuple[ex.Test, bool]]:
    """The tests that a condition is made of, each with whether it is wanted or not."""
    match condition:
        case ex.Test():
            yield condition, wanted
        case ex.Not(operand):
            yield from _tests(operand, not wanted)
        case ex.Named(condition=inner):
            yield from _tests(inner, wanted)
        case ex.And(operands) | ex.Or(operands):
            for operand in operands:
                yield from _tests(operand, wanted)
        case _:
            return


# How it would be written

_SIGNS = {"<": "<=", "before": "<=", ">": ">=", "after": ">=", "<=": "<", ">=": ">", "in": ""}
"""Comparisons, each with the one that takes in its value if it does not, or leaves it out if it does."""
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SIGN = re.compile(r"[<>]=?|(?<![\w.])(?:before|after)(?![\w.])")
_RANGE = re.compile(r"(?P<low>[^\s.<]*)\.\.(?P<open><?)(?P<high>[^\s.<]*)")


def _side(program: Program, test: ex.Test, kind: Kind, value: Any, wanted: bool, below: bool) -> Side | None:
    """A comparison that takes in the value beside it (under a `not`: leaves it out); None if that cannot be written."""
    found = _range(test, kind, value, wanted, below) if test.operator.name == "in" else _sign(test, kind, value, wanted)
    if found is None:
        return None
    place, edit = found
    assert test.span is not None
    text, start = test.span.text, test.span.start
    written = text[: edit.span.start - start] + edit.replacement + text[edit.span.end - start :]
    says = f"stops before {show(kind, value)}" if below else f"starts after {show(kind, value)}"
    sign_only = edit.span == place and test.operator.name != "in"
    return Side(place, says, edit, " ".join(written.split()), _statement(program, test.span), sign_only)


def _statement(program: Program, place: Span) -> str:
    """The name of the segment or let that a place is in."""
    return next(
        statement.name.text
        for file in program.files
        for statement in file.statements
        if isinstance(statement, tree.Segment | tree.Let)
        and statement.span.source is place.source
        and statement.span.start <= place.start < statement.span.end
    )


def _sign(test: ex.Test, kind: Kind, value: Any, wanted: bool) -> tuple[Span, Edit] | None:
    """Where its sign stands, and another sign or another number for it."""
    assert test.span is not None
    text = test.span.text
    own = test.operator.name
    found = next((one for one in _SIGN.finditer(text) if one[0] in (own, _MIRRORED.get(own))), None)
    if found is None or not isinstance(test.operand, ex.Constant):
        return None
    sign, start = found[0], found.start()
    place = Span(test.span.source, test.span.start + start, test.span.start + found.end())
    takes_in = own in ("<=", ">=")
    if test.operand.value == value and takes_in is not wanted:
        if isinstance(kind, Datetime) and ":" not in text:  # beside a date, `<=` is about the whole day
            return None
        return place, Edit(place, _SIGNS[sign])
    if takes_in is not wanted:
        return None
    if sign == own:
        number = Span(place.source, test.span.end - len(text[found.end() :].lstrip()), test.span.end)
    else:  # the number stands before its sign
        number = Span(place.source, test.span.start, test.span.start + len(text[:start].rstrip()))
    return place, Edit(number, show(kind, value))


def _range(test: ex.Test, kind: Kind, value: Any, wanted: bool, below: bool) -> tuple[Span, Edit] | None:
    """Where its range stands, and one that ends at another number."""
    assert test.span is not None
    text = test.span.text
    found = _RANGE.search(text)
    if found is None or found.end() != len(text) or not wanted or not isinstance(kind, Integer | Date):
        return None
    place = Span(test.span.source, test.span.start + found.start(), test.span.end)
    ends = (found["low"], show(kind, value)) if below else (show(kind, value), found["open"] + found["high"])
    return place, Edit(place, "..".join(ends))


# Whether that helps


def _helps(
    program: Program, partition: Partition, witness: Counterexample, test: ex.Test, value: Any, wanted: bool
) -> bool | None:
    """Whether the value in all of the region is in segments if a comparison takes it in, or only where the visitor is.

    None if the visitor is not, or if that brings anybody into a second one.
    """
    is_value = ex.Test(EQUALS, test.subject, ex.Constant(test.subject.kind, value))
    wider = ex.Or((test, is_value)) if wanted else ex.And((test, ex.Not(is_value)))
    now = [_with(member.condition, test, wider) for member in partition.members]
    changed = [number for number, one in enumerate(partition.members) if now[number] is not one.condition]
    context = Context(witness.visitor.now, program.zone)
    if not any(holds(now[number], witness.visitor.record, context) for number in changed):
        return None
    wrong: list[ex.Condition] = []
    for number in changed:
        others: list[ex.Condition] = [one for place, one in enumerate(now) if place != number]
        others += [] if partition.of is None else [ex.Not(partition.of.condition)]
        wrong.append(ex.And((is_value, now[number], ex.Not(partition.members[number].condition), ex.Or(tuple(others)))))
    if not isinstance(can_hold(program, ex.Or(tuple(wrong))), Proved):
        return None
    region, _ = condition_among(program, Source("region", witness.region))
    left = None if region is None else ex.And((region, is_value, *(ex.Not(now[number]) for number in changed)))
    return left is not None and isinstance(can_hold(program, left), Proved)


def _with(condition: ex.Condition, test: ex.Test, other: ex.Condition) -> ex.Condition:
    """A condition with one test in it replaced; the same object if the test is not in it."""
    match condition:
        case ex.Test():
            return other if condition is test else condition
        case ex.Not(operand):
            inner = _with(operand, test, other)
            return condition if inner is operand else ex.Not(inner)
        case ex.Named(condition=named):
            inner = _with(named, test, other)
            return condition if inner is named else inner
        case ex.And(operands) | ex.Or(operands):
            inside = tuple(_with(operand, test, other) for operand in operands)
            if all(one is before for one, before in zip(inside, operands, strict=True)):
                return condition
            return type(condition)(inside)
        case _:
            return condition
