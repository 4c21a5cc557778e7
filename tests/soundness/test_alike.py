"""What is said of parts of conditions and of pairs of segments is so: no visitor tells the difference.

A part that is called spare can be left out, all such parts at a time; segments that are called equal hold for the same
visitors, those called within others never without them. Where there are few enough visitors to try each of them,
nothing of the kind is missed. The rules that `check --strict` offers say what it asks for.
"""

from __future__ import annotations

import datetime as dt
from itertools import permutations

from hypothesis import given, note, settings
from hypothesis import strategies as st
from strategies_dimensions import Declared
from strategies_rules import conditions, header, rule_texts
from test_claims import everybody, few_schemas, truth

import segdsl
from segdsl.advise.meaning import Sense
from segdsl.advise.spare import Spares, without_part
from segdsl.program import expression as ex
from segdsl.ruleset import Ruleset
from segdsl.testing import instants, visitors

ALL = settings(max_examples=settings().max_examples)
HALF = settings(max_examples=settings().max_examples // 2)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def lean(rules: Ruleset, condition: ex.Condition) -> tuple[ex.Condition, list[ex.Condition]]:
    """A condition without all that is called spare, and without each of it."""
    sense = Sense(rules.program)
    if sense.extremes(condition):
        return condition, []
    alone = []
    left: ex.Condition = condition
    for spare in Spares(sense).of(condition):
        alone.append(without_part(condition, spare.part))
        left = without_part(left, spare.part)
    return left, alone


@ALL
@given(rule_texts(), st.data())
def test_what_is_spare_can_be_left_out(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    seen = data.draw(st.lists(visitors(rules), min_size=4, max_size=8))
    now = data.draw(instants(rules))
    for segment in rules.program.segments.values():
        left, alone = lean(rules, segment.condition)
        for other in (left, *alone):
            note(str(other))
            for visitor in seen:
                assert truth(rules, other, visitor, now) is truth(rules, segment.condition, visitor, now), visitor


@ALL
@given(few_schemas, st.data())
def test_what_is_spare_can_be_left_out_for_everybody(schema: tuple[Declared, ...], data: st.DataObject) -> None:
    text = f"{header(schema, 'UTC')}\nsegment S: {data.draw(conditions(schema, 8, across=False))}\n"
    note(text)
    rules = segdsl.loads(text)
    condition = rules.program.segments["S"].condition
    left, alone = lean(rules, condition)
    for visitor in everybody(rules, schema):
        expected = truth(rules, condition, visitor, NOW)
        assert all(truth(rules, other, visitor, NOW) is expected for other in (left, *alone)), visitor


@HALF
@given(few_schemas, st.data())
def test_no_operand_beside_others_that_say_it_is_missed(schema: tuple[Declared, ...], data: st.DataObject) -> None:
    """Of an `and` or `or` of tests, whatever is kept is needed, unless it is said on purpose."""
    tests = data.draw(st.lists(conditions(schema, 1, across=False), min_size=2, max_size=4))
    joint = data.draw(st.sampled_from((" and ", " or ")))
    rules = segdsl.loads(f"{header(schema, 'UTC')}\nsegment S: {joint.join(tests)}\n")
    condition = rules.program.segments["S"].condition
    note(str(rules.program.files[0].source.text))
    if Sense(rules.program).extremes(condition):
        return
    left, _ = lean(rules, condition)
    records = list(everybody(rules, schema))
    for operand in left.operands if isinstance(left, ex.And | ex.Or) else ():
        plain = operand.operand if isinstance(operand, ex.Not) else operand
        plain = plain.operand if isinstance(plain, ex.Not) else plain
        if isinstance(plain, ex.Test):
            fewer = without_part(left, operand)
            assert any(truth(rules, fewer, one, NOW) is not truth(rules, left, one, NOW) for one in records), operand


@HALF
@given(rule_texts(), st.data())
def test_segments_that_are_alike_are_so_for_everybody(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    alike = rules.check().alike
    now = data.draw(instants(rules))
    for visitor in data.draw(st.lists(visitors(rules), min_size=3, max_size=6)):
        held = {name for name, one in rules.program.segments.items() if truth(rules, one.condition, visitor, now)}
        for group in alike.equal:
            assert held.isdisjoint(group) or held.issuperset(group), visitor
        for name, wider in alike.within.items():
            assert name not in held or held.issuperset(wider), visitor


@HALF
@given(few_schemas, st.data())
def test_segments_that_are_alike_are_all_found(schema: tuple[Declared, ...], data: st.DataObject) -> None:
    drawn = data.draw(st.lists(conditions(schema, 3, across=False), min_size=2, max_size=5))
    names = [f"M{place}" for place in range(len(drawn))]
    lines = [f"segment {name}: {condition}" for name, condition in zip(names, drawn, strict=True)]
    rules = segdsl.loads("\n".join([header(schema, "UTC"), *lines, ""]))
    note("\n".join(lines))
    alike = rules.check(NOW).alike
    records = list(everybody(rules, schema))
    who = {
        name: frozenset(place for place, one in enumerate(records) if truth(rules, segment.condition, one, NOW))
        for name, segment in rules.program.segments.items()
    }
    some = [name for name in names if 0 < len(who[name]) < len(records)]
    group = {name: one for one in alike.equal for name in one}
    for first, second in permutations(some, 2):
        assert (who[first] == who[second]) is (second in group.get(first, ()))
    reached = {name: set(wider) for name, wider in alike.within.items()}
    for name in some:
        first = group.get(name, (name,))[0]
        above = {one for other in reached.get(first, ()) for one in (other, *reached.get(other, ()))}
        assert {who[one] for one in above} <= {who[one] for one in some if who[one] > who[name]}
        nearest = {who[one] for one in some if who[one] > who[name]}
        nearest = {one for one in nearest if not any(other < one for other in nearest)}
        assert {who[one] for one in reached.get(first, ())} == nearest


@HALF
@given(rule_texts())
def test_where_the_unknown_is_taken_in_without_a_word_they_are_in(text: str) -> None:
    """Each way out that is offered can be written in place of the segment, and answers the question."""
    note(text)
    rules = segdsl.loads(text)
    for finding in rules.check(strict=True).findings:
        if finding.code == "S418":
            ways = [line[2:] for line in finding.notes[-1].text.split("\n") if line.startswith("+ ")]
            assert 1 <= len(ways) <= 2
            for way in ways:
                head = way.split(":")[0].split(" = ")[0]
                lines = [way if line.startswith(head) else line for line in text.split("\n")]
                assert way in lines, way
                found = segdsl.loads("\n".join(lines)).check(strict=True).findings
                assert (finding.message, finding.notes[0]) not in [
                    (one.message, one.notes[0]) for one in found if one.code == "S418"
                ], way
