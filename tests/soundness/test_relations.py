"""One relation between dimensions on a box is decided exactly: against every visitor there is."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

import segdsl
from segdsl.prove.claims import can_hold
from segdsl.prove.verdict import Proved, Refuted, Unknown

whole = st.integers(-4, 6)
bounds = st.tuples(whole, whole).map(sorted)


@st.composite
def sums(draw: st.DrawFn, name: str) -> str:
    """What rises or falls with one dimension."""
    factor = draw(st.sampled_from(("", "2 * ", "-3 * ", "0.5 * ")))
    rest = draw(st.sampled_from(("", " + 1", " - 2", " / 2")))
    return f"{factor}{name}{rest}"


@st.composite
def relations(draw: st.DrawFn) -> str:
    left, right = draw(sums("a")), draw(sums("b"))
    operator = draw(st.sampled_from(("<", "<=", ">", ">=", "==", "!=")))
    if draw(st.booleans()):
        return f"{left} {operator} {right}"
    return f"{left} {draw(st.sampled_from('+-'))} {right} {operator} {draw(st.integers(-9, 12))}"


@settings(max_examples=3 * settings().max_examples)
@given(bounds, bounds, relations(), st.booleans())
def test_one_linear_relation_on_a_box_is_decided_exactly(
    a: list[int], b: list[int], relation: str, negated: bool
) -> None:
    condition = f"not ({relation})" if negated else relation
    text = f"dimension a: integer {a[0]}..{a[1]} required\ndimension b: integer {b[0]}..{b[1]} required\n"
    text += f"segment S: {condition}\n"
    note(text)
    rules = segdsl.loads(text)
    visitors = [{"a": x, "b": y} for x, y in product(range(a[0], a[1] + 1), range(b[0], b[1] + 1))]
    somebody = any(map(rules.segments["S"], visitors))
    verdict = can_hold(rules.program, rules.program.segments["S"].condition)
    assert isinstance(verdict, (Refuted if somebody else Proved, Unknown))
    if isinstance(verdict, Unknown):  # an equation in whole numbers may have no solution between its ends
        assert "==" in condition or "!=" in condition
    elif isinstance(verdict, Refuted):
        assert rules.segments["S"](verdict.witness.visitor.record)


@pytest.mark.parametrize(
    ("condition", "somebody"),
    [
        ("spend > 10 * visits and spend <= 10 and visits >= 1", False),
        ("spend >= 10 * visits and spend <= 10 and visits >= 1", True),
        ("spend > 10 * visits and spend <= 10.000001 and visits >= 1", True),
        ("spend > visits and visits > spend", False),
        ("first < last and not last > first and first is known and last is known", False),
        ("last - first > 10 days and first >= 2026-01-01 and last < 2026-01-11", False),
        ("last - first >= 10 days and first >= 2026-01-01 and last < 2026-01-12", True),
        ("spend + visits == 12345.678", True),
        ("spend / 3 > 10 and spend < 30", False),
    ],
)
def test_relations_of_numbers_and_dates(condition: str, somebody: bool) -> None:
    rules = segdsl.loads(
        "dimension spend: number 0..\ndimension visits: integer 0..\ndimension first: date\ndimension last: date\n"
        f"segment S: {condition}\n"
    )
    verdict = can_hold(rules.program, rules.program.segments["S"].condition)
    assert isinstance(verdict, Refuted if somebody else Proved)


@pytest.mark.parametrize("condition", ["a * b > 200", "a > b and a + b < 3 and b > 2 * a", "a - a > 1"])
def test_more_than_one_relation_is_never_decided_wrongly(condition: str) -> None:
    rules = segdsl.loads(
        f"dimension a: integer 0..10 required\ndimension b: integer 0..10 required\nsegment S: {condition}\n"
    )
    somebody = any(rules.segments["S"]({"a": a, "b": b}) for a, b in product(range(11), range(11)))
    verdict = can_hold(rules.program, rules.program.segments["S"].condition)
    assert isinstance(verdict, (Refuted if somebody else Proved, Unknown))
