"""What is written in rules as a value: read by the kind beside it, and shown again as it would be written."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import segdsl
from segdsl.operators.registry import word_operators
from segdsl.program import expression as ex
from segdsl.program.literal import as_kind, intervals, natural_kind
from segdsl.program.wrong import Wrong
from segdsl.syntax import tree
from segdsl.syntax.parse import parse_condition
from segdsl.text.source import Source
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Distance,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    Point,
    SetOf,
    Text,
    Version,
    read,
)
from segdsl.values.region import Interval
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import from_cell, raw, show

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def written(text: str) -> Any:
    """The node of what stands on the right of a comparison."""
    parsed, found = parse_condition(Source("rule", f"x == {text}"), word_operators())
    assert isinstance(parsed, tree.Comparison), found
    return parsed.right


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ('"Ab"', Text(), "Ab"),
        ('"ÅBC"', Text(ignoring_case=True), "Åbc"),
        ("3", Integer(), 3),
        ("3", Number(), 3),
        ("2.50", Number(), 2.5),
        ("15%", Number(), 0.15),
        ("true", Boolean(), True),
        ("2026-02-28", Date(), dt.date(2026, 2, 28)),
        ("2026-01-01T00:30", Datetime(), dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)),
        ("2026-01-01T00:30Z", Datetime(), dt.datetime(2026, 1, 1, 0, 30, tzinfo=dt.UTC)),
        ("2025-12-31T23:30Z", Date(), dt.date(2026, 1, 1)),
        ("90 minutes", Duration(), 5400.0),
        ("2 weeks", Duration(), 1_209_600.0),
        ("500 m", Distance(), 0.5),
        ("10 miles", Distance(), 16.09344),
        ('"v12.1"', Version(), read(Version(), "12.1.0")),
        ('"10.0.0.1"', Ip(), (4, 0x0A000001)),
        ('"::1"', Ip(), (6, 1)),
    ],
)
def test_a_literal_is_read_by_the_kind_beside_it(text: str, kind: Kind, value: Any) -> None:
    assert as_kind(written(text), kind, "x", (), STOCKHOLM) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"a"', Text()),
        ("3", Number()),
        ("3%", Number()),
        ("3 days", Duration()),
        ("3 km", Distance()),
        ("2026-01-01", Date()),
        ("2026-01-01T00:00Z", Datetime()),
        ("false", Boolean()),
    ],
)
def test_a_literal_by_itself_has_a_kind(text: str, kind: Kind) -> None:
    assert natural_kind(written(text)) == kind


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("3", Text(), "S301"),
        ("2026-01-01", Text(), "S301"),
        ("true", Text(), "S303"),
        ('"3"', Integer(), "S302"),
        ('"three"', Number(), "S302"),
        ("true", Number(), "S303"),
        ("3", Duration(), "S303"),
        ("3", Distance(), "S303"),
        ("3", Version(), "S303"),
        ("3", Boolean(), "S303"),
        ('"2026-01-01"', Date(), "S303"),
        ("3", Date(), "S303"),
        ('"twelve"', Version(), "S304"),
        ('"10.0.0"', Ip(), "S304"),
        ('"10.0.0.0/8"', Ip(), "S305"),
        ("2026-02-30", Date(), "S304"),
        ("2026-01-01T25:00Z", Datetime(), "S304"),
        ("0.1234567890123456", Number(), "S306"),
        ("1 month", Duration(), "S310"),
    ],
)
def test_a_literal_of_another_kind_is_a_mistake(text: str, kind: Kind, code: str) -> None:
    with pytest.raises(Wrong) as caught:
        as_kind(written(text), kind, "x", (), dt.UTC)
    assert caught.value.diagnostic.code == code
    assert str(caught.value) == caught.value.diagnostic.message
    assert [note.topic for note in caught.value.diagnostic.notes][-1] == "try"


def test_a_number_may_have_fifteen_digits() -> None:
    assert as_kind(written("0.123456789012345"), Number(), "x", (), dt.UTC) == 0.123456789012345
    assert as_kind(written("1000000000000000000"), Number(), "x", (), dt.UTC) == 10**18


def operand(declared: str, condition: str) -> Any:
    """The operand of the only test in a condition."""
    found = segdsl.loads(f"dimension {declared}\nsegment s: {condition}").program.segments["s"].condition
    assert isinstance(found, ex.Test)
    assert isinstance(found.operand, ex.Constant)
    return found.operand.value


def between(low: Any, high: Any, *, low_out: bool = False, high_in: bool = True) -> Interval:
    return Interval(None if low is None else (low, low_out), None if high is None else (high, high_in))


@pytest.mark.parametrize(
    ("declared", "condition", "found"),
    [
        ("n: integer", "n in (1, 3)", (between(1, 1), between(3, 3))),
        ("n: integer", "n in 1..3", (between(1, 3),)),
        ("n: integer", "n in 1..<3", (between(1, 3, high_in=False),)),
        ("n: integer", "n in 1..", (between(1, None),)),
        ("n: integer", "n in ..3", (between(None, 3),)),
        ("n: integer", "n in (1, 5..7)", (between(1, 1), between(5, 7))),
        ("x: number", "x in 0%..50%", (between(0, 0.5),)),
        ("t: text ignoring case", 't in ("A", "b")', (between("a", "a"), between("b", "b"))),
        ("i: ip", 'i in "10.0.0.0/30"', (between((4, 0x0A000000), (4, 0x0A000003)),)),
        ("i: ip", 'i in ("10.0.0.1", "::/127")', (between((4, 0x0A000001), (4, 0x0A000001)), between((6, 0), (6, 1)))),
        ("i: ip", 'i == "10.0.0.1"', (4, 0x0A000001)),
        ("d: date", "d in 2026-01-01..2026-01-31", (between(dt.date(2026, 1, 1), dt.date(2026, 1, 31)),)),
        ("t: set of text ignoring case", 't has any of ("A", "b")', frozenset("ab")),
        ("t: set of text ignoring case", 't has "A"', "a"),
        ("t: text ignoring case", 't contains "AbC"', "abc"),
        ("t: text", 't contains "AbC"', "AbC"),
    ],
)
def test_lists_and_ranges_are_values_of_the_kind(declared: str, condition: str, found: Any) -> None:
    assert operand(declared, condition) == found


def test_names_of_lists_and_values_stand_for_what_they_are() -> None:
    rules = 'd: text\nset nordic = ("SE", "NO")\nlet home = "DK"\n'
    program = segdsl.loads(f"dimension {rules}segment s: d in @nordic\nsegment t: d in (home)").program
    found = {
        name: one.condition.operand.value
        for name, one in program.segments.items()
        if isinstance(one.condition, ex.Test) and isinstance(one.condition.operand, ex.Constant)
    }
    assert found == {"s": (between("SE", "SE"), between("NO", "NO")), "t": (between("DK", "DK"),)}


@pytest.mark.parametrize("kind", [Boolean(), SetOf(Text()), Point()])
def test_some_kinds_have_no_ranges(kind: Kind) -> None:
    parsed, _ = parse_condition(Source("rule", "x in 1..3"), word_operators())
    assert isinstance(parsed, tree.WordTest)
    with pytest.raises(Wrong, match="has no ranges"):
        intervals(parsed.right, kind, "x", (), dt.UTC)  # type: ignore[arg-type]  # a range, as written above


@pytest.mark.parametrize(
    ("kind", "value", "rule", "record"),
    [
        (Text(), 'a"\n\t\\\x00', r'"a\"\n\t\\\u{0}"', 'a"\n\t\\\x00'),
        (Integer(), 3, "3", 3),
        (Number(), 0.1, "0.1", 0.1),
        (Number(), 3.0, "3", 3),
        (Number(), 1e-7, "0.0000001", 1e-7),
        (Number(), 1e22, "10000000000000000000000", 1e22),
        (Boolean(), False, "false", False),
        (Date(), dt.date(2026, 1, 31), "2026-01-31", "2026-01-31"),
        (Datetime(), dt.datetime(2026, 1, 31, tzinfo=dt.UTC), "2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z"),
        (Duration(), 86400.0, "1 day", 86400),
        (Duration(), 5400.0, "90 minutes", 5400),
        (Duration(), 0.5, "0.5 seconds", 0.5),
        (Duration(), 0.0, "0 seconds", 0),
        (Distance(), 2.5, "2.5 km", 2.5),
        (Version(), read(Version(), "2.0.0-beta.1"), 'version("2.0-beta.1")', "2.0-beta.1"),
        (Ip(), (6, 1), '"::1"', "::1"),
        (SetOf(Text()), frozenset("ba"), '("a", "b")', ["a", "b"]),
        (Point(), (59.9, 10.0), "(59.9, 10)", [59.9, 10.0]),
        (Text(), UNKNOWN, "unknown", None),
    ],
)
def test_a_value_is_written_in_rules_and_in_records(kind: Kind, value: Any, rule: str, record: Any) -> None:
    assert show(kind, value) == rule
    assert raw(kind, value) == record
    assert read(kind, record) == value


def test_a_cell_of_a_table_is_read_by_the_declared_kind() -> None:
    assert from_cell(SetOf(Text()), "a|b") == ["a", "b"]
