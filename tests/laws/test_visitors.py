"""Laws of the public strategies: they keep to the declarations, and they reach both sides of every boundary."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import find, given, note, settings
from hypothesis import strategies as st
from strategies_rules import rule_texts

import segdsl
from segdsl.program.record import raw_at
from segdsl.program.reference import value_in
from segdsl.testing import instants, visitors
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


def reached(path: str, wanted: Any) -> bool:
    """Whether some visitor has a value, as it is read."""
    dimension = RULES.dimensions[path]
    expected = read(dimension.kind, wanted)
    find(
        visitors(RULES),
        lambda visitor: value_in(dimension, visitor) == expected,
        settings=settings(max_examples=5_000, derandomize=True, database=None),
    )
    return True


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("visits", 9),
        ("visits", 10),
        ("visits", 100),
        ("spend", 9.99),
        ("spend", 9.990000000000002),
        ("spend", 9.989999999999998),
        ("geo.country", "SE"),
        ("geo.country", "se"),
        ("geo.country", None),
        ("page", "/blog"),
        ("page", "/blog/"),
        ("page", "/blogog/"),
        ("tags", ["vip"]),
        ("tags", []),
        ("tags", None),
        ("seen", "2025-12-02T12:00Z"),
        ("seen", "2025-12-02T12:00:00.000001Z"),
        ("seen", "2026-01-01T12:00Z"),
        ("app", "12.1"),
        ("app", "12.1-0"),
        ("member", True),
        ("member", None),
    ],
)
def test_boundaries_are_reached(path: str, value: Any) -> None:
    assert reached(path, value)


def test_values_that_cannot_be_read_are_made_and_left_out_where_asked() -> None:
    def is_strange(visitor: dict[str, Any]) -> bool:
        return visitor.get("member") is not None and value_in(RULES.dimensions["member"], visitor) is UNKNOWN

    assert is_strange(find(visitors(RULES), is_strange))


@given(instants(RULES))
def test_instants_are_those_that_a_proof_speaks_of(now: dt.datetime) -> None:
    assert now.utcoffset() == dt.timedelta(0)
    assert 1990 <= now.year <= 2100


def test_a_property_test_is_three_lines() -> None:
    rules = segdsl.loads(
        "dimension visits: integer 0.. required\nsegment few: visits < 3\nsegment many: visits >= 3\npartition p: few, many\n"
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
