"""Indices answer as the definition does: every segment at once, for every rule and every record."""

from __future__ import annotations

import builtins
import dis
from typing import TYPE_CHECKING, Any

from hypothesis import given, note
from hypothesis import strategies as st
from strategies_hostile import hostile_records
from strategies_rules import rule_texts

import segdsl
from segdsl.operators.operator import Context
from segdsl.program.reference import holds
from segdsl.run.indexing import Indexed, indexed
from segdsl.testing import instants, visitors

if TYPE_CHECKING:
    from segdsl.ruleset import Ruleset


def by_definition(rules: Ruleset, visitor: Any, context: Context) -> list[str]:
    """The segments that hold for a visitor."""
    return [name for name, one in rules.program.segments.items() if holds(one.condition, visitor, context)]


def by_index(rules: Ruleset, made: Indexed, visitor: Any, context: Context) -> list[str]:
    bits = made.index.held(visitor, context)
    return [name for name, bit in zip(rules.segments, made.held, strict=True) if bit is not None and bits >> bit & 1]


CHOICES = """
partition listed: {names}
priority in_turn: {reversed} otherwise nobody
"""
WAYS = (None, "predicates", "tree", "bitmap")


def answers(rules: Ruleset, visitor: Any, now: Any) -> dict[str, Any]:
    """Everything that rules answer of a visitor."""
    found: dict[str, Any] = {"matching": tuple(rules.matching(visitor, now))}
    return found | {name: choice.assign(visitor, now) for name, choice in rules.partitions.items()}


@given(rule_texts(), st.data())
def test_every_way_of_answering_says_what_the_definition_says(text: str, data: st.DataObject) -> None:
    names = list(segdsl.loads(text).segments)
    text += CHOICES.format(names=", ".join(names), reversed=", ".join(reversed(names)))
    note(text)
    rules = segdsl.loads(text)
    now = data.draw(instants(rules))
    records = hostile_records(tuple(rules.dimensions.values()), visitors(rules))
    met = data.draw(st.lists(visitors(rules) | records, min_size=4, max_size=10))
    held = [by_definition(rules, visitor, Context(now, rules.program.zone)) for visitor in met]
    for way in WAYS:
        other = rules if way is None else rules.using(way)
        for visitor, own in zip(met, held, strict=True):
            expected = {"matching": tuple(own), "listed": (*own, None)[0], "in_turn": (*own[::-1], "nobody")[0]}
            assert answers(other, visitor, now) == expected, f"{way}: {visitor!r}\n{source(other)}"
        assert [tuple(one) for one in other.matching_many(met, now)] == [tuple(own) for own in held]
        assert other.partitions["listed"].assign_many(met, now) == [(*own, None)[0] for own in held]
        assert other.counts(met, now) == {name: sum(name in own for own in held) for name in names}


@given(rule_texts())
def test_generated_text_names_nothing_that_is_not_there(text: str) -> None:
    """It would raise, and be answered by the index, and nobody would see that it is slow."""
    names = list(segdsl.loads(text).segments)
    text += CHOICES.format(names=", ".join(names), reversed=", ".join(reversed(names)))
    for way in WAYS[1:]:
        rules = segdsl.loads(text).using(way or "bitmap")
        for made in (rules._matching, *(choice._prepared for choice in rules.partitions.values())):
            for function in (made.one, made.many):
                assert missing_names(function) == set(), f"{way}:\n{function.source}"  # type: ignore[attr-defined]


def missing_names(function: Any) -> set[str]:
    """What a generated function, and those that it calls, look up in vain."""
    codes = [function.__code__]
    codes += [one.__code__ for name, one in function.__globals__.items() if name.startswith("part_")]
    looked_up = {
        str(step.argval) for code in codes for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"
    }
    return looked_up - set(function.__globals__) - set(dir(builtins))


def source(rules: Ruleset) -> str:
    """The text of all that answers."""
    return rules.matching.source + "".join(choice.assign.source for choice in rules.partitions.values())


@given(rule_texts(), st.data())
def test_an_index_says_what_the_definition_says(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    made = indexed([segment.kernel for segment in rules.program.segments.values()], rules.program.zone)
    context = Context(data.draw(instants(rules)), rules.program.zone)
    records = hostile_records(tuple(rules.dimensions.values()), visitors(rules))
    for visitor in data.draw(st.lists(visitors(rules) | records, min_size=4, max_size=10)):
        assert by_index(rules, made, visitor, context) == by_definition(rules, visitor, context), repr(visitor)
