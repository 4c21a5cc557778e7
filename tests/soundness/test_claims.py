"""Verdicts are right: what is proved no visitor contradicts, and what is refuted its witnesses show.

Against partitions that are right by construction, against trying every visitor where there are few, and against
visitors near every boundary where there are too many. A search that may not take its steps says so and is never wrong.
"""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack, contextmanager
from itertools import combinations, product
from typing import TYPE_CHECKING, Any
from unittest import mock

from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from strategies_dimensions import Declared, Family, among, boolean, choice, integer, negated, number, set_of
from strategies_partitions import Split, partitions
from strategies_rules import conditions, header, rule_texts, schemas

import segdsl
from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.reference import holds
from segdsl.prove import claims, decide, witness
from segdsl.prove.claims import can_hold, decide_partition, decide_priority, decide_states
from segdsl.prove.verdict import Counterexample, Proved, Refuted, Unknown, Verdict
from segdsl.testing import instants, visitors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from segdsl.ruleset import Ruleset

ALL = settings(max_examples=settings().max_examples)
HALF = settings(max_examples=settings().max_examples // 2)


def truth(rules: Ruleset, condition: ex.Condition, visitor: Any, now: dt.datetime) -> bool:
    return holds(condition, visitor, Context(now, rules.program.zone))


def holding(rules: Ruleset, visitor: Any, now: dt.datetime) -> tuple[str, ...]:
    """The members that hold, by the definition."""
    return tuple(name for name, one in rules.program.segments.items() if truth(rules, one.condition, visitor, now))


def verdicts(rules: Ruleset) -> tuple[Verdict, Verdict]:
    found = decide_partition(rules.program, rules.program.partitions["all_of_them"])
    return found.exclusive, found.covering


def witnesses(verdict: Verdict) -> Sequence[Counterexample]:
    return verdict.witnesses if isinstance(verdict, Refuted) else ()


# Partitions by construction


@ALL
@given(partitions(), st.data())
def test_a_partition_by_construction_is_proved_and_never_contradicted(split: Split, data: st.DataObject) -> None:
    note(split.text())
    rules = segdsl.loads(split.text())
    assert verdicts(rules) == (Proved(), Proved())
    now = data.draw(instants(rules))
    for visitor in data.draw(st.lists(visitors(rules), min_size=3, max_size=6)):
        assert len(holding(rules, visitor, now)) == 1, f"{visitor} at {now}"


def _broken(data: st.DataObject, split: Split, change: str) -> tuple[Ruleset, str]:
    """A partition with a member that somebody is in left out, or added to another one."""
    rules = segdsl.loads(split.text())
    visitor, now = data.draw(visitors(rules)), data.draw(instants(rules))
    number_ = int(holding(rules, visitor, now)[0].removeprefix("M"))
    others = [condition for place, condition in enumerate(split.members) if place != number_]
    if change == "left out":
        text = split.text(tuple(others))
    else:
        widened = f"({others[0]}) or ({split.members[number_]})"
        text = split.text((widened, *others[1:], split.members[number_]))
    note(text)
    return segdsl.loads(text), text


@ALL
@given(partitions(), st.data())
def test_a_member_left_out_is_found_missing(split: Split, data: st.DataObject) -> None:
    rules, text = _broken(data, split, "left out")
    exclusive, covering = verdicts(rules)
    assert exclusive == Proved()
    assert isinstance(covering, Refuted)
    for one in covering.witnesses:
        assert holding(rules, one.visitor.record, one.visitor.now) == (), str(one.visitor)
        _assert_region(data, text, one, 0)


@ALL
@given(partitions(), st.data())
def test_a_member_that_grew_is_found_to_overlap(split: Split, data: st.DataObject) -> None:
    rules, text = _broken(data, split, "grew")
    exclusive, covering = verdicts(rules)
    assert covering == Proved()
    assert isinstance(exclusive, Refuted)
    for one in exclusive.witnesses:
        assert holding(rules, one.visitor.record, one.visitor.now) == one.segments, str(one.visitor)
        _assert_region(data, text, one, 2)


def _assert_region(data: st.DataObject, text: str, found: Counterexample, count: int) -> None:
    """A witness's region is a condition of the rule language, and holds for it, and only where the claim is false."""
    note(f"probe: {found.region}")
    rules = segdsl.loads(f"{text}\nsegment probe: {found.region}\n")
    probe, now = rules.program.segments["probe"].condition, found.visitor.now
    assert truth(rules, probe, found.visitor.record, now)
    for visitor in data.draw(st.lists(visitors(rules), max_size=4)):
        if truth(rules, probe, visitor, now):
            members = [name for name in holding(rules, visitor, now) if name != "probe"]
            assert set(found.segments) <= set(members) if count else members == [], f"{visitor} at {now}"


# Every visitor there is


def few_integers(name: str) -> st.SearchStrategy[Declared]:
    whole = integer(name)
    return whole.map(lambda one: Declared(name, f"dimension {name}: integer 0..3", one.conditions, one.splits))


def few_members(name: str) -> st.SearchStrategy[Declared]:
    sets = set_of(name)
    kind = 'set of one of ("a", "b", "c", "d")'
    return sets.map(lambda one: Declared(name, f"dimension {name}: {kind}", one.conditions, one.splits))


FEW: tuple[Family, ...] = (few_integers, choice, boolean, few_members)


def _raw_values(declaration: str) -> tuple[Any, ...]:
    choices = ("a", "ab", "b", "x y")
    subsets = tuple(list(some) for size in range(5) for some in combinations("abcd", size))
    known: tuple[Any, ...]
    if "integer" in declaration:
        known = (0, 1, 2, 3)
    elif "boolean" in declaration:
        known = (True, False)
    else:
        known = subsets if "set of" in declaration else choices
    return known if "required" in declaration else (*known, None)


def everybody(rules: Ruleset, schema: tuple[Declared, ...]) -> Iterator[dict[str, Any]]:
    """Every record that there can be, by the declarations."""
    for values in product(*(_raw_values(one.declaration) for one in schema)):
        record: dict[str, Any] = {}
        for one, value in zip(schema, values, strict=True):
            put_at(record, rules.dimensions[one.name].path, value)
        yield record


def put_at(record: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        record = record.setdefault(part, {})
    record[path[-1]] = value


few_schemas = schemas(FEW).filter(lambda schema: sum("set of" in one.declaration for one in schema) < 2)
"""With few enough visitors to try each of them."""


@ALL
@given(few_schemas, st.data())
def test_whether_a_condition_can_hold_is_known_exactly(schema: tuple[Declared, ...], data: st.DataObject) -> None:
    text = f"{header(schema, 'UTC')}\nsegment S: {data.draw(conditions(schema, 8, across=False))}\n"
    note(text)
    rules = segdsl.loads(text)
    condition, now = rules.program.segments["S"].condition, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    answers = {truth(rules, condition, visitor, now) for visitor in everybody(rules, schema)}
    for wanted in (True, False):
        verdict = can_hold(rules.program, condition, wanted)
        assert isinstance(verdict, Refuted if wanted in answers else Proved), wanted
        for one in witnesses(verdict):
            assert truth(rules, condition, one.visitor.record, one.visitor.now) is wanted


@HALF
@given(few_schemas, st.data())
def test_members_that_never_win_are_known_exactly(schema: tuple[Declared, ...], data: st.DataObject) -> None:
    drawn = data.draw(st.lists(conditions(schema, 3, across=False), min_size=2, max_size=4))
    names = [f"M{place}" for place in range(len(drawn))]
    lines = [f"segment {name}: {condition}" for name, condition in zip(names, drawn, strict=True)]
    text = "\n".join([header(schema, "UTC"), *lines, f"priority first: {', '.join(names)}", ""])
    note(text)
    rules = segdsl.loads(text)
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    won = {next(iter(holding(rules, visitor, now)), None) for visitor in everybody(rules, schema)}
    verdict = decide_priority(rules.program, rules.program.priorities["first"])
    assert {name for name, one in verdict.winners.items() if isinstance(one, Refuted)} == won - {None}
    assert {name for name, one in verdict.winners.items() if isinstance(one, Proved)} == set(names) - won
    assert isinstance(verdict.covering, Refuted if None in won else Proved)
    for name, one in verdict.winners.items():
        for found in witnesses(one):
            assert holding(rules, found.visitor.record, found.visitor.now)[0] == name


@HALF
@given(
    st.lists(
        among("0", "1..2", "2", "..1", "3..", "(0, 3)", "unknown", "otherwise", "1..<3"),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_states_are_decided_exactly(values: list[str]) -> None:
    states = ", ".join(f"s{place} = {value}" for place, value in enumerate(values))
    rules = segdsl.loads(f"dimension visits: integer 0..3\nstates visits: {states}\n")
    (claim,) = rules.program.states.values()
    verdict = decide_states(rules.program, claim)
    counts = [
        sum(
            truth(rules, ex.InState(claim.dimension, state), {"visits": value}, decide_instant)
            for state in claim.states
        )
        for value in (0, 1, 2, 3, None)
    ]
    assert isinstance(verdict.exclusive, Refuted if max(counts) > 1 else Proved)
    assert isinstance(verdict.covering, Refuted if 0 in counts else Proved)


decide_instant = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


# Whatever the rules are


@HALF
@given(rule_texts(), st.data())
def test_no_verdict_about_any_rules_is_wrong(text: str, data: st.DataObject) -> None:
    """Arithmetic, functions and clocks may be too much to decide; then the verdict is unknown."""
    note(text)
    rules = segdsl.loads(text)
    names = ", ".join(rules.segments)
    rules = segdsl.loads(f"{text}partition all_of_them: {names}\n") if len(rules.segments) > 1 else rules
    now = data.draw(instants(rules))
    seen = [(visitor, now) for visitor in data.draw(st.lists(visitors(rules), min_size=3, max_size=6))]
    for segment in rules.program.segments.values():
        for wanted in (True, False):
            verdict = can_hold(rules.program, segment.condition, wanted)
            for one in witnesses(verdict):
                assert truth(rules, segment.condition, one.visitor.record, one.visitor.now) is wanted
                _assert_region_of(segment.name, wanted, one, text, [visitor for visitor, _ in seen])
            contradicted = [one for one in seen if truth(rules, segment.condition, *one) is wanted]
            assert not (isinstance(verdict, Proved) and contradicted), f"{segment.name} is {wanted} for {contradicted}"
    if "all_of_them" in rules.partitions:
        _assert_partition_not_wrong(rules, seen)


def _assert_region_of(name: str, wanted: bool, found: Counterexample, text: str, visitors_: list[Any]) -> None:
    """The region of a witness is a condition that holds for it, and only where the segment holds (or does not)."""
    note(f"probe: {found.region}")
    rules = segdsl.loads(f"{text}\nsegment probe: {found.region}\n")
    probe, segment = (rules.program.segments[one].condition for one in ("probe", name))
    assert truth(rules, probe, found.visitor.record, found.visitor.now)
    for visitor in visitors_:
        if truth(rules, probe, visitor, found.visitor.now):
            assert truth(rules, segment, visitor, found.visitor.now) is wanted, visitor


def _assert_partition_not_wrong(rules: Ruleset, seen: list[tuple[Any, dt.datetime]]) -> None:
    exclusive, covering = verdicts(rules)
    for one in witnesses(exclusive):
        assert set(one.segments) <= set(holding(rules, one.visitor.record, one.visitor.now))
    for one in witnesses(covering):
        assert holding(rules, one.visitor.record, one.visitor.now) == ()
    for visitor, now in seen:
        count = len(holding(rules, visitor, now))
        assert not (isinstance(exclusive, Proved) and count > 1), f"{visitor} at {now}"
        assert not (isinstance(covering, Proved) and count == 0), f"{visitor} at {now}"


@HALF
@given(st.data())
def test_sums_are_refuted_by_a_witness_or_not_decided(data: st.DataObject) -> None:
    schema = data.draw(schemas((integer, number), 2))
    assume(len(schema) == 2)
    first, second = (one.name for one in schema)
    sums = among(
        f"{first} + {second} > 2",
        f"{first} * {second} == 1",
        f"{first} - {second} < 0",
        f"{first} / {second} >= 2",
        f"{first} < {second}",
    )
    condition, opposite = data.draw(negated(sums))
    text = f"{header(schema, 'UTC')}\nsegment M0: {condition}\nsegment M1: {opposite}\npartition all_of_them: M0, M1\n"
    note(text)
    assert verdicts(segdsl.loads(text)) == (Proved(), Proved())
    rules = segdsl.loads(text.replace(f"segment M1: {opposite}", f"segment M1: {data.draw(sums)}"))
    seen = [(visitor, decide_instant) for visitor in data.draw(st.lists(visitors(rules), max_size=6))]
    _assert_partition_not_wrong(rules, seen)


# Too few steps


@contextmanager
def steps(count: int) -> Iterator[None]:
    with ExitStack() as stack:
        for module in (decide, claims, witness):
            stack.enter_context(mock.patch.object(module, "STEPS", count))
        yield


@HALF
@given(partitions(), st.integers(0, 12), st.data())
def test_a_search_without_steps_is_unknown_and_never_wrong(split: Split, count: int, data: st.DataObject) -> None:
    note(split.text())
    rules = segdsl.loads(split.text())
    with steps(count):
        assert not any(isinstance(one, Refuted) for one in verdicts(rules))
        broken, _ = _broken(data, split, "left out")
        exclusive, covering = verdicts(broken)
    assert not isinstance(exclusive, Refuted)
    assert not isinstance(covering, Proved)
    for one in witnesses(covering):
        assert holding(broken, one.visitor.record, one.visitor.now) == ()


def test_a_search_without_steps_says_so() -> None:
    rules = segdsl.loads(
        'dimension a: text\nsegment M0: a starts with "x"\nsegment M1: not a starts with "x"\n'
        "partition all_of_them: M0, M1\n"
    )
    with steps(0):
        exclusive, covering = verdicts(rules)
    assert exclusive == Proved()  # seen without a search: the one asks for what the other excludes
    assert isinstance(covering, Unknown)
    assert "steps" in covering.reason
