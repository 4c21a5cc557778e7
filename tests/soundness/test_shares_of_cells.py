"""Shares are right: against counting all cells by trying every visitor, and against what cannot be otherwise.

Two visitors are in the same cell when no test that the rules make of a single dimension tells them apart. Where there
are few values all visitors are tried; where there are many, those that are drawn are in no more cells than are counted.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from hypothesis import given, note, settings
from hypothesis import strategies as st
from strategies_dimensions import DECIDED, Declared, boolean, choice, integer, plain_text, set_of
from strategies_partitions import Split, partitions
from strategies_rules import conditions, header, rule_texts, schemas

import segdsl
from segdsl.operators.operator import Context
from segdsl.program import kernel as k
from segdsl.program.record import put
from segdsl.program.reference import holds, value_of
from segdsl.prove.shares import TIED, TOO_MANY
from segdsl.testing import visitors
from segdsl.values.unknown import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from segdsl.prove.shares import Shares
    from segdsl.ruleset import Ruleset

ALL = settings(max_examples=settings().max_examples)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Cell = tuple[object, ...]


def leaves_of(rules: Ruleset) -> tuple[k.Leaf, ...]:
    return k.distinct_leaves([one.kernel for one in rules.program.segments.values()])


def cell_of(rules: Ruleset, record: dict[str, Any]) -> Cell:
    """What the tests of the rules see of a visitor, one dimension at a time."""
    context = Context(NOW, rules.program.zone)
    leaves = leaves_of(rules)
    seen: list[object] = []
    for term in dict.fromkeys(leaf.term for leaf in leaves):
        value = value_of(term, record, context)
        seen.append(value is UNKNOWN)
        own = [leaf for leaf in leaves if leaf.term == term]
        if any(isinstance(leaf, k.TextTest) for leaf in own) and getattr(term.kind, "choices", None):
            seen.append(value)  # choices of which a part is looked at are told apart one by one
        seen += [_answer(leaf, value) for leaf in own if not isinstance(leaf, k.MemberTest)]
        if isinstance(value, frozenset) and any(isinstance(leaf, k.MemberTest) for leaf in own):
            seen.append(frozenset(_group(own, member) for member in value))
    return tuple(seen)


def _answer(leaf: k.Leaf, value: Any) -> bool:
    match leaf:
        case k.Test(region=region):
            return value in region
        case k.TextTest(pattern=pattern):
            return value is not UNKNOWN and pattern.holds(value)
        case _:
            raise AssertionError(leaf)


def _group(leaves: list[k.Leaf], member: str) -> tuple[bool, ...]:
    """Members that no test tells apart are one group, which a set has or has not."""
    return tuple(member in leaf.members for leaf in leaves if isinstance(leaf, k.MemberTest))


def holding(rules: Ruleset, record: dict[str, Any]) -> tuple[str, ...]:
    context = Context(NOW, rules.program.zone)
    return tuple(name for name, one in rules.program.segments.items() if holds(one.condition, record, context))


# Every visitor there is


def few_integers(name: str) -> st.SearchStrategy[Declared]:
    return integer(name).map(lambda one: Declared(name, f"dimension {name}: integer 0..3", one.conditions, one.splits))


def few_members(name: str) -> st.SearchStrategy[Declared]:
    kind = 'set of one of ("a", "b", "c", "d")'
    return set_of(name).map(lambda one: Declared(name, f"dimension {name}: {kind}", one.conditions, one.splits))


FEW = schemas((few_integers, few_integers, choice, choice, boolean, few_members)).filter(
    lambda schema: sum("set of" in one.declaration for one in schema) < 2
)


def _values(declaration: str) -> tuple[Any, ...]:
    known: tuple[Any, ...] = ("a", "ab", "b", "x y")
    if "integer" in declaration:
        known = (0, 1, 2, 3)
    elif "boolean" in declaration:
        known = (True, False)
    elif "set of" in declaration:
        known = tuple(list(some) for size in range(5) for some in combinations("abcd", size))
    return known if "required" in declaration else (*known, None)


def everybody(rules: Ruleset, schema: tuple[Declared, ...]) -> Iterator[dict[str, Any]]:
    for values in product(*(_values(one.declaration) for one in schema)):
        record: dict[str, Any] = {}
        for one, value in zip(schema, values, strict=True):
            put(record, rules.dimensions[one.name].path, value)
        yield record


@st.composite
def few_rules(draw: st.DrawFn) -> tuple[str, tuple[Declared, ...]]:
    schema = draw(FEW)
    drawn = draw(st.lists(conditions(schema, 4, across=False), min_size=1, max_size=4))
    segments = [f"segment M{place}: {condition}" for place, condition in enumerate(drawn)]
    return "\n".join([header(schema, "UTC"), *segments, ""]), schema


def counted(rules: Ruleset, schema: tuple[Declared, ...]) -> dict[Cell, tuple[str, ...]]:
    """Every cell, with the segments that hold in it."""
    found: dict[Cell, tuple[str, ...]] = {}
    for record in everybody(rules, schema):
        held = holding(rules, record)
        assert found.setdefault(cell_of(rules, record), held) == held, "a cell is in a segment as a whole"
    return found


@ALL
@given(few_rules())
def test_all_cells_counted_one_by_one(drawn: tuple[str, tuple[Declared, ...]]) -> None:
    text, schema = drawn
    note(text)
    rules = segdsl.loads(text)
    cells, shares = counted(rules, schema), rules.shares(now=NOW)
    assert (shares.reason, shares.cells) == ("", len(cells))
    for name, share in shares.segments.items():
        assert share.cells == sum(name in held for held in cells.values()), name
    assert shares.none.cells == sum(not held for held in cells.values())
    assert shares.several.cells == sum(len(held) > 1 for held in cells.values())


@ALL
@given(few_rules())
def test_a_priority_list_and_a_part_counted_one_by_one(drawn: tuple[str, tuple[Declared, ...]]) -> None:
    text, schema = drawn
    rules = segdsl.loads(text)
    cells, names = counted(rules, schema), list(rules.segments)
    first, *rest = names
    text += f"priority order: {', '.join(names)}\n" if rest else f"priority order: {first} otherwise nothing\n"
    text += f"partition parts of {first}: {', '.join(rest)}\n" if rest else ""
    note(text)
    rules = segdsl.loads(text)
    order = rules.shares("order", NOW)
    won = [held[0] if held else "nothing" for held in cells.values()]
    assert all(share.cells == won.count(name) for name, share in order.segments.items())
    assert order.none.cells == (won.count("nothing") if rest else 0)
    if rest:
        parts = rules.shares("parts", NOW)
        inside = [held[1:] for held in cells.values() if held[:1] == (first,)]
        assert parts.of is not None
        assert parts.outside is not None
        assert (parts.cells, parts.of.cells) == (len(cells), len(inside))
        assert all(share.cells == sum(name in held for held in inside) for name, share in parts.segments.items())
        assert parts.none.cells == inside.count(())
        assert parts.several.cells == sum(len(held) > 1 for held in inside)
        assert parts.outside.cells == sum(bool(held) and held[0] != first for held in cells.values())


# Whatever the rules are


@ALL
@given(partitions(DECIDED))
def test_the_shares_of_a_proved_partition_are_everything(split: Split) -> None:
    note(split.text())
    shares = segdsl.loads(split.text()).shares(now=NOW)
    if shares.reason:
        assert shares.reason in (TIED, TOO_MANY)
        return
    assert sum((share.fraction or Fraction() for share in shares.segments.values()), Fraction()) == 1
    assert (shares.none.cells, shares.several.cells, shares.together.cells) == (0, 0, shares.cells)


@ALL
@given(rule_texts((plain_text, plain_text, choice, set_of)), st.data())
def test_no_visitor_is_in_a_cell_that_is_not_counted(text: str, data: st.DataObject) -> None:
    """Texts and sets have endless values: what is drawn is in no more cells than there are."""
    note(text)
    rules = segdsl.loads(text)
    shares = rules.shares(now=NOW)
    drawn = data.draw(st.lists(visitors(rules), min_size=10, max_size=25))
    seen = {cell_of(rules, one): holding(rules, one) for one in drawn if isinstance(one, dict)}
    _assert_room_for(shares, seen)


def _assert_room_for(shares: Shares, seen: dict[Cell, tuple[str, ...]]) -> None:
    if shares.cells is None:
        return
    assert shares.cells >= len(seen)
    for name, share in shares.segments.items():
        assert share.cells is None or share.cells >= sum(name in held for held in seen.values())
    if shares.none.cells is not None:
        assert shares.none.cells >= sum(not held for held in seen.values())
    if shares.several.cells is not None and shares.together.cells is not None and shares.none.cells is not None:
        assert shares.several.cells >= sum(len(held) > 1 for held in seen.values())
        once_or_more = shares.cells - shares.none.cells
        assert shares.together.cells >= once_or_more + shares.several.cells


@ALL
@given(st.data())
def test_a_condition_and_its_opposite_take_everything(data: st.DataObject) -> None:
    schema = data.draw(schemas(DECIDED))
    condition = data.draw(conditions(schema, 5, across=False))
    text = f"{header(schema, 'UTC')}\nsegment yes: {condition}\nsegment no: not ({condition})\n"
    note(text)
    shares = segdsl.loads(text).shares(now=NOW)
    if not shares.reason:
        assert (shares.together.cells, shares.none.cells, shares.several.cells) == (shares.cells, 0, 0)
