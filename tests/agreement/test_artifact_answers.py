"""Artifacts answer as the definition does: for every rule and every record, at every instant."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import given, note
from hypothesis import strategies as st
from strategies_hostile import hostile_records
from strategies_rules import rule_texts

import segdsl
from segdsl.operators.operator import Context
from segdsl.program.reference import holds
from segdsl.run.pack import packed
from segdsl.testing import instants, visitors

if TYPE_CHECKING:
    from segdsl.ruleset import Ruleset

CHOICES = """
partition listed: {names}
priority in_turn: {reversed} otherwise nobody
"""


def by_definition(rules: Ruleset, visitor: Any, now: dt.datetime) -> list[str]:
    """The segments that hold for a visitor."""
    context = Context(now, rules.program.zone)
    return [name for name, one in rules.program.segments.items() if holds(one.condition, visitor, context)]


def met(rules: Ruleset) -> st.SearchStrategy[list[Any]]:
    """Some visitors near the boundaries of rules, and some that no host should send."""
    hostile = hostile_records(tuple(rules.dimensions.values()), visitors(rules))
    return st.lists(visitors(rules) | hostile, min_size=4, max_size=10)


@given(rule_texts(), st.data())
def test_an_artifact_says_what_the_definition_says(text: str, data: st.DataObject) -> None:
    names = list(segdsl.loads(text).segments)
    text += CHOICES.format(names=", ".join(names), reversed=", ".join(reversed(names)))
    note(text)
    rules = segdsl.loads(text)
    artifact = segdsl.load_artifact(packed(rules.program, "this test"))
    listed, in_turn = artifact.partitions["listed"], artifact.partitions["in_turn"]
    now = data.draw(instants(rules))
    people = data.draw(met(rules))
    held = [by_definition(rules, visitor, now) for visitor in people]
    for visitor, own in zip(people, held, strict=True):
        assert artifact.matching(visitor, now).names == tuple(own), repr(visitor)
        assert listed.assign(visitor, now) == (*own, None)[0], repr(visitor)
        assert in_turn.assign(visitor, now) == (*own[::-1], "nobody")[0], repr(visitor)
    assert [one.names for one in artifact.matching_many(people, now)] == [tuple(own) for own in held]
    assert listed.assign_many(people, now) == [(*own, None)[0] for own in held]
    assert in_turn.assign_many(iter(people), now) == [(*own[::-1], "nobody")[0] for own in held]
    assert artifact.counts(people, now) == {name: sum(name in own for own in held) for name in names}
    given = [(*own, None)[0] for own in held]
    assert listed.counts(people, now) == {name: given.count(name) for name in (*names, None)}


@given(rule_texts(), st.data())
def test_an_instant_without_an_offset_is_one_of_the_rules_timezone(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    artifact = segdsl.load_artifact(packed(rules.program, "this test"))
    local = data.draw(instants(rules)).replace(tzinfo=None)
    for visitor in data.draw(met(rules)):
        expected = by_definition(rules, visitor, local.replace(tzinfo=rules.program.zone).astimezone(dt.UTC))
        assert artifact.matching(visitor, local).names == rules.matching(visitor, local).names == tuple(expected)
