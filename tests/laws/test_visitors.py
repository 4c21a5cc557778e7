"""Laws of the public strategies: they keep to the declarations, and they reach both sides of every boundary."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from plain_kernel import fulfils
from strategies_rules import rule_texts

import segdsl
from segdsl.operators.operator import Context
from segdsl.program import kernel as k
from segdsl.program.record import raw_at
from segdsl.program.reference import value_in
from segdsl.testing import instants, visitors
from segdsl.testing.boundaries import Boundaries
from segdsl.values.kinds import read
from segdsl.values.unknown import UNKNOWN

HALF = settings(max_examples=settings().max_examples // 2)
RULES = segdsl.loads(
    """
    timezone "Europe/London"
    dimension visits: integer 0..100 required
    dimension spend: number
    dimension geo.country: text
    dimension page: text
    dimension tags: set of text
    dimension seen: datetime
    dimension app: version
    dimension member: boolean
    segment loyal: visits >= 10 and spend > 9.99 and geo.country == "SE"
    segment reader: page starts with "/blog" and page ends with "og/" and tags has "vip"
    segment recent: seen within 30 days and app >= "12.1" and member
    """.replace("\n    ", "\n")
)


@HALF
@given(rule_texts(), st.data())
def test_valid_visitors_keep_to_the_declarations(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    visitor = data.draw(visitors(rules, valid=True))
    for dimension in rules.dimensions.values():
        found = raw_at(visitor, dimension.path)
        assert found is None or read(dimension.kind, found) is not UNKNOWN
        assert not dimension.required or found is not None


@HALF
@given(rule_texts(), st.data())
def test_every_visitor_has_what_is_required(text: str, data: st.DataObject) -> None:
    note(text)
    rules = segdsl.loads(text)
    visitor = data.draw(visitors(rules))
    assert all(value_in(one, visitor) is not UNKNOWN for one in rules.dimensions.values() if one.required)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("visits", (9, 10, 11, 0, 100)),
        ("spend", (9.99, 9.990000000000002, 9.989999999999998)),
        ("geo.country", ("SE", "se", "S", "SEa", "")),
        ("page", ("/blog", "og/", "/blogog/", "/blog/", "/blo", "x/blog", "other")),
        (
            "seen",
            ("2025-12-02T12:00Z", "2025-12-02T12:00:00.000001Z", "2026-01-01T12:00Z", "2026-01-01T12:00:00.000001Z"),
        ),
        ("app", ("12.1", "12.1-beta", "12.2")),
        ("member", (True, False)),
    ],
)
def test_values_lie_on_both_sides_of_every_cut_point(name: str, values: tuple[Any, ...]) -> None:
    dimension = RULES.dimensions[name]
    near = Boundaries.of(RULES.program).near(dimension)
    assert {read(dimension.kind, value) for value in values} <= set(near)
    assert all(value in dimension.values for value in near)


def test_visitors_pass_and_fail_every_test_of_the_rules() -> None:
    """And what is unknown is so in all ways: left out, None, and what cannot be read."""
    leaves = [leaf for segment in RULES.program.segments.values() for leaf in k.leaves(segment.kernel)]
    seen: set[Any] = set()

    @settings(max_examples=300, derandomize=True, database=None)
    @given(visitors(RULES), instants(RULES))
    def collect(visitor: dict[str, Any], now: dt.datetime) -> None:
        seen.update(
            (number, fulfils(leaf, visitor, Context(now, RULES.program.zone))) for number, leaf in enumerate(leaves)
        )
        seen.add(("left out", "member" not in visitor))
        seen.add(("None", visitor.get("member", 0) is None))
        unknown = value_in(RULES.dimensions["member"], visitor) is UNKNOWN
        seen.add(("unreadable", unknown and visitor.get("member") is not None))

    collect()
    asked = [*range(len(leaves)), "left out", "None", "unreadable"]
    assert seen == {(one, answer) for one in asked for answer in (True, False)}


@given(instants(RULES))
def test_instants_are_those_that_a_proof_speaks_of(now: dt.datetime) -> None:
    assert now.utcoffset() == dt.timedelta(0)
    assert 1990 <= now.year <= 2100


def test_a_property_test_is_three_lines() -> None:
    rules = segdsl.loads(
        "dimension visits: integer 0.. required\nsegment few: visits < 3\nsegment many: visits >= 3\n"
        "partition all_of_them: few, many\n"
    )

    @given(visitors(rules))
    def exactly_one(visitor: dict[str, Any]) -> None:
        assert len(rules.matching(visitor)) == 1

    exactly_one()


def test_a_missing_hypothesis_is_said() -> None:
    script = "import sys; sys.modules['hypothesis'] = None\nimport segdsl\nimport segdsl.testing"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert 'segdsl.testing needs hypothesis: pip install "segdsl[testing]"' in done.stderr
