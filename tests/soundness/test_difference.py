"""What is said about a change of rules is right: who moves is in a region that is told, and nobody moves unsaid.

Against visitors near every boundary of both files, asked about by the definition.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st
from strategies_changes import Change, changes
from strategies_dimensions import DECIDED

import segdsl
from segdsl.compare.common_ground import CommonGround, common_ground
from segdsl.compare.difference import REGIONS, Answers, Comparison, Difference, Move, Outcome
from segdsl.compare.pairing import difference
from segdsl.operators.operator import Context
from segdsl.program.program import Program
from segdsl.program.reference import holds
from segdsl.program.schema import Dimension
from segdsl.ruleset import Ruleset
from segdsl.testing import instants, visitors
from segdsl.values.kinds import Integer, Number, SetOf, Text
from segdsl.values.region import Cut
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import quoted, show

ALL = settings(max_examples=settings().max_examples)
HALF = settings(max_examples=settings().max_examples // 2)


def answer(answers: Answers, program: Program, visitor: Any, now: dt.datetime) -> Outcome:
    context = Context(now, program.zone)
    return answers.given(lambda name: holds(program.segments[name].condition, visitor, context))


def people(data: st.DataObject, old: Ruleset, new: Ruleset) -> tuple[list[Any], dt.datetime]:
    """Visitors as both files expect them, and a moment."""
    either = st.one_of(visitors(old), visitors(new))
    now = data.draw(st.one_of(instants(old), instants(new)))
    return data.draw(st.lists(either, min_size=4, max_size=8)), now


def declaration(dimension: Dimension) -> str:
    """The statement that declares a shared dimension, by which regions are read."""
    kind = dimension.kind
    match kind:
        case Integer(low, high) | Number(low, high):
            name = "integer" if isinstance(kind, Integer) else "number"
            words = (
                name if low is None and high is None else f"{name} {_end(kind, low)}..{_dot(high)}{_end(kind, high)}"
            )
        case Text():
            words = _text(kind)
        case SetOf(member):
            words = f"set of {_text(member)}"
        case _:
            words = type(kind).__name__.lower()
    shown = "" if dimension.default is UNKNOWN else show(kind, dimension.default)
    default = f" default {shown.removeprefix('version(').rstrip(')')}" if shown else ""
    return f'dimension {dimension.name}: {words}{default} from "{".".join(dimension.path)}"'


def _text(kind: Text) -> str:
    case = " ignoring case" if kind.ignoring_case else ""
    return f"text{case}" if kind.choices is None else f"one of ({', '.join(map(quoted, kind.choices))},){case}"


def _end(kind: Integer | Number, cut: Cut | None) -> str:
    return "" if cut is None else show(kind, cut[0])


def _dot(high: Cut | None) -> str:
    return "" if high is None or high[1] else "<"


class Said:
    """Regions as conditions, read from what a record holds; None where two dimensions are read from one place."""

    def __init__(self, ground: CommonGround, zone: dt.tzinfo) -> None:
        self.usable = not ground.entangled
        self.lines = [f'timezone "{zone}"', *(declaration(one) for one in ground.shared)]
        self.known: dict[str, Program] = {}

    def holds(self, region: str, visitor: Any, now: dt.datetime) -> bool:
        if region not in self.known:
            text = "\n".join([*self.lines, f"segment probe: {region}", ""])
            note(text)
            self.known[region] = segdsl.loads(text).program
        program = self.known[region]
        return holds(program.segments["probe"].condition, visitor, Context(now, program.zone))


def check(change: Change, data: st.DataObject, most: int = REGIONS) -> Difference:
    """Compares, and asks both definitions about visitors. Looks at so many regions of each move."""
    note(change.old)
    note(change.new)
    old, new = segdsl.loads(change.old), segdsl.loads(change.new)
    found = difference(old.program, new.program)
    note(str(found))
    said = Said(common_ground(old.program, new.program), old.program.zone)
    seen, now = people(data, old, new)
    for one in found.comparisons:
        assert_comparison(one, old.program, new.program, seen, now, said, most)
    if found.same:
        assert not any(one.moves or one.open for one in found.comparisons)
    assert not (found.same and found.different)
    for renamed in found.renamed:
        if renamed.what == "segment":
            assert renamed.old not in new.segments
            assert renamed.new not in old.segments
            for visitor in seen:
                before = old.program.segments[renamed.old].condition
                after = new.program.segments[renamed.new].condition
                contexts = Context(now, old.program.zone), Context(now, new.program.zone)
                assert holds(before, visitor, contexts[0]) is holds(after, visitor, contexts[1])
    return found


def assert_comparison(
    one: Comparison, old: Program, new: Program, seen: list[Any], now: dt.datetime, said: Said, most: int
) -> None:
    told = {(move.source, move.target): move for move in one.moves}
    for visitor in seen:
        source, target = answer(one.before, old, visitor, now), answer(one.after, new, visitor, now)
        if not one.moved(source, target):
            continue
        if one.open:
            continue
        assert (source, target) in told, f"{one.what} {one.name}: {visitor} at {now} moves: {source} to {target}"
        move = told[source, target]
        if most == REGIONS and move.complete and said.usable:
            assert any(said.holds(region, visitor, now) for region in move.regions), f"{visitor}: {source} to {target}"
    for move in one.moves:
        assert_move(move, one, old, new, seen, said, most)


def assert_move(
    move: Move, one: Comparison, old: Program, new: Program, seen: list[Any], said: Said, most: int
) -> None:
    assert move.visitor is not None, str(move)
    for witness in move.witnesses(most):
        visitor, now = witness.visitor.record, witness.visitor.now
        answers = answer(one.before, old, visitor, now), answer(one.after, new, visitor, now)
        assert answers == (move.source, move.target), f"{witness.visitor}: {answers}"
        if not said.usable:
            continue
        assert said.holds(witness.region, visitor, now), witness.region
        for other in seen:
            if said.holds(witness.region, other, now):
                answers = answer(one.before, old, other, now), answer(one.after, new, other, now)
                assert answers == (move.source, move.target), f"{other} in {witness.region}: {answers}"


@ALL
@given(changes(), st.data())
def test_who_moves_is_in_a_region_that_is_told(change: Change, data: st.DataObject) -> None:
    check(change, data, most=2)


@ALL
@given(changes(DECIDED, across=False), st.data())
def test_plain_rules_are_compared_for_certain(change: Change, data: st.DataObject) -> None:
    """Whatever is declared otherwise, and when now moves the rules."""
    found = check(change, data)
    if not any("another dimension" in one.words for one in found.dimensions):
        assert not any(one.open for one in found.comparisons)
        assert found.verdict != "not decided"


@HALF
@given(changes(declared_alike=True), st.data())
def test_the_same_rules_are_the_same(change: Change, data: st.DataObject) -> None:
    rules = segdsl.loads(change.old).program
    again = segdsl.loads(change.old).program
    found = difference(rules, again)
    assert found.same
    told = (found.moves, found.renamed, found.added, found.removed, found.remarks, found.dimensions)
    assert not any(told)
    backwards = check(Change(change.new, change.old), data)
    forwards = difference(rules, segdsl.loads(change.new).program)
    if not any(one.open for one in (*backwards.comparisons, *forwards.comparisons)):
        assert forwards.same is backwards.same
