"""Predicates answer as the definition does, for every rule and every record, and never raise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hypothesis import given, note, settings
from hypothesis import strategies as st
from strategies_hostile import hostile_records
from strategies_rules import rule_texts

import segdsl
from segdsl.operators.operator import Context
from segdsl.program.reference import holds
from segdsl.testing import instants, visitors

if TYPE_CHECKING:
    import datetime as dt

    from segdsl.ruleset import Ruleset

HALF = settings(max_examples=settings().max_examples // 2)


def assert_agrees(rules: Ruleset, visitor: Any, now: dt.datetime) -> None:
    """Every segment's predicate says what the definition says."""
    for name, segment in rules.program.segments.items():
        expected = holds(segment.condition, visitor, Context(now, rules.program.zone))
        predicate = rules.segments[name].predicate
        answer = rules.segments[name](visitor, now)
        assert answer is expected, (
            f"{name}: {answer} instead of {expected} for {visitor!r} at {now}\n{predicate.source}"
        )


@settings(max_examples=settings().max_examples)
@given(rule_texts(), st.data())
def test_agrees_on_records_near_the_boundaries(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    now = data.draw(instants(rules))
    for visitor in data.draw(st.lists(visitors(rules), min_size=4, max_size=8)):
        assert_agrees(rules, visitor, now)


@settings(max_examples=settings().max_examples)
@given(rule_texts(), st.data())
def test_agrees_on_hostile_records_and_never_raises(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    now = data.draw(instants(rules))
    records = hostile_records(tuple(rules.dimensions.values()), visitors(rules))
    for visitor in data.draw(st.lists(records, min_size=4, max_size=10)):
        assert_agrees(rules, visitor, now)


def _keys(record: Any) -> Any:
    if not isinstance(record, Mapping):
        return None
    return {key: _keys(value) for key, value in record.items()}


@HALF
@given(rule_texts(), st.data())
def test_reading_puts_nothing_into_a_record(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)

    def nested(record: dict[str, Any]) -> defaultdict[str, Any]:
        made: defaultdict[str, Any] = defaultdict(lambda: "a")
        made.update({key: nested(value) if isinstance(value, dict) else value for key, value in record.items()})
        return made

    visitor = nested(data.draw(visitors(rules)))
    before = _keys(visitor)
    assert_agrees(rules, visitor, data.draw(instants(rules)))
    assert _keys(visitor) == before


@HALF
@given(rule_texts(), st.data())
def test_ruleset_answers_are_those_of_its_predicates(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    visitor, now = data.draw(visitors(rules)), data.draw(instants(rules))
    context = Context(now, rules.program.zone)
    expected = [name for name, one in rules.program.segments.items() if holds(one.condition, visitor, context)]
    matching = rules.matching(visitor, now)
    assert list(matching) == expected
    assert len(matching) == len(expected)
    assert bool(matching) is bool(expected)
    assert [name for name in rules.segments if name in matching] == expected
