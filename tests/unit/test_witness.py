"""Visitors who show something: the plainest there are, and found where functions tie dimensions together."""

from __future__ import annotations

import datetime as dt

import pytest

from segdsl.prove.claims import can_hold
from segdsl.prove.decide import TIED
from segdsl.prove.verdict import Proved, Refuted, Unknown
from segdsl.prove.witness import Visitor
from segdsl.ruleset import loads
from segdsl.values.unknown import UNKNOWN

NOW = "now: 2026-01-01T12:00:00Z"


def visitor_for(declared: str, condition: str) -> Visitor:
    """Somebody for whom a condition holds."""
    program = loads(f"{declared}\nsegment s: {condition}").program
    verdict = can_hold(program, program.segments["s"].condition)
    assert isinstance(verdict, Refuted), verdict
    return verdict.witness.visitor


@pytest.mark.parametrize(
    ("declared", "condition", "shown"),
    [
        ("dimension n: integer", "n > 3", "{n: 4}"),
        ("dimension n: integer", "n < -3", "{n: -4}"),
        ("dimension n: integer", "n != 3", "{n: 0}"),
        ("dimension n: integer", "n is unknown", "{}   (n unknown)"),
        ("dimension n: integer default 0", "not n < 3", "{n: 3}"),
        ("dimension x: number", "x > 3", "{x: 4}"),
        ("dimension x: number", "x > 3 and x < 4", "{x: 3.1}"),
        ("dimension x: number", "x < 0.5 and x > 0", "{x: 0.1}"),
        ("dimension b: boolean", "not b and b is known", "{b: false}"),
        ("dimension d: date", "d > 2026-03-01", "{d: 2026-03-02}"),
        ("dimension d: datetime", "d <= 2026-03-01T00:00Z", "{d: 2026-01-01T12:00:00Z}"),
        ("dimension t: duration", "t > 90 minutes", "{t: 5401 seconds}"),
        ("dimension v: version", 'v > "2.1" and v < "2.2"', '{v: version("2.1.1")}'),
        ("dimension i: ip", 'i in "10.1.0.0/16"', '{i: "10.1.0.0"}'),
        ("dimension i: ip", "i is known", '{i: "192.0.2.1"}'),
        ('dimension c: one of ("a", "b")', 'c != "a" and c is known', '{c: "b"}'),
        ("dimension t: text", 't contains "b" and t starts with "a" and t ends with "c"', '{t: "abc"}'),
        ("dimension t: text", 't not contains "other" and t is known', '{t: "hello"}'),
        ("dimension t: text ignoring case", 't contains "ABC"', '{t: "abc"}'),
        ("dimension t: set of text", 't has all of ("a", "b") and t not has "c"', '{t: ("a", "b")}'),
        ("dimension t: set of text", 't not has only ("a")', "{}   (t unknown)"),
        ("dimension p: point", "p is known", "{p: (0, 0)}"),
        ("dimension geo.country: text", 'geo.country == "SE"', '{geo.country: "SE"}'),
    ],
)
def test_the_plainest_value_there_is(declared: str, condition: str, shown: str) -> None:
    assert str(visitor_for(declared, condition)) == shown


PAIR = "dimension a: number required\ndimension b: number required"


@pytest.mark.parametrize(
    ("declared", "condition", "shown"),
    [
        (PAIR, "a + b == 3", "{a: 0, b: 3}"),
        (PAIR, "a * b == 6", "{a: 1, b: 6}"),
        (PAIR, "a / b > 100", "{a: 101, b: 1}"),
        (PAIR, "a < b", "{a: 0, b: 1}"),
        (PAIR + "\ndimension c: number required", "a < b and b < c", "{a: -1, b: 0, c: 1}"),
        (PAIR, "a / b is unknown", "{a: 0, b: 0}"),
        ("dimension a: text required\ndimension b: text required", "a < b", '{a: "a", b: "other"}'),
        ("dimension a: boolean required\ndimension b: boolean required", "a != b", "{a: true, b: false}"),
        ("dimension a: version\ndimension b: version", "a < b", '{a: version("1.0"), b: version("2.0")}'),
        (
            "dimension a: ip\ndimension b: ip",
            "a != b and b is known and a is known",
            '{a: "192.0.2.1", b: "2001:db8::1"}',
        ),
        ("dimension p: point", "distance(p, 59.9, 10.7) < 1 km", "{p: (59.9, 10.7)}"),
        ("dimension p: point", "distance(p, 59.9, 10.7) > 100 km", "{p: (0, 0)}"),
        ("dimension p: point", "distance(p, 0, 0) > 100 km and distance(p, 0, 0) < 120 km", "{p: (0.90831, 0)}"),
        ("dimension t: text", 'lower(t) == "abc"', '{t: "abc"}'),
        ("dimension t: text", 'lower(t) contains "x" and t not contains "x"', '{t: "X"}'),
        ("dimension t: text", "number(t) > 3", '{t: "4"}'),
        ("dimension t: text", "number(t) is unknown and t is known", '{t: "other"}'),
        ("dimension t: text", 'bucket(t, "a") < 1%', '{t: "visitor-2"}'),
        ("dimension d: date", "month(d) == 7 and day(d) == 31", "{d: 2025-07-31}"),
        ("dimension d: date", "month(d) == 2 and day(d) == 29", "{d: 2024-02-29}"),
        ("dimension d: date", "year(d) == 2001", "{d: 2001-01-01}"),
        ("dimension d: date", "year(d) < 2001", "{d: 2000-01-01}"),
        ("dimension d: date", "week(d) == 53", "{d: 2026-12-28}"),
        ("dimension d: datetime", "hour(d) == 3 and minute(d) == 7", "{d: 2026-01-02T03:07:00Z}"),
        ("dimension d: datetime", "weekday(d) == 7 and hour(d) == 3", "{d: 2026-01-04T03:00:00Z}"),
        ("dimension d: date", "today - d > 30 days and today - d < 32 days", f"{{d: 2025-12-01, {NOW}}}"),
        ("dimension d: date", "d + 3 days == 2026-01-31", "{d: 2026-01-28}"),
        (
            "dimension d: datetime\ndimension e: datetime",
            "e - d == 36 hours",
            "{e: 2026-01-01T12:00:00Z, d: 2025-12-31T00:00:00Z}",
        ),
    ],
)
def test_functions_tie_dimensions_together(declared: str, condition: str, shown: str) -> None:
    assert str(visitor_for(declared, condition)) == shown


def test_what_is_required_is_always_there() -> None:
    found = visitor_for("dimension n: integer\ndimension country: text required", 'n is unknown or country == "SE"')
    assert found.record == {"country": "other"}
    assert str(found) == '{country: "other"}   (n unknown)'


def test_a_record_has_the_values_where_the_host_puts_them() -> None:
    declared = 'dimension n: integer from "stats.visits"\ndimension stats.days: integer\ndimension tags: set of text'
    found = visitor_for(declared, 'n == 3 and stats.days == 4 and tags has "vip"')
    assert found.record == {"stats": {"visits": 3, "days": 4}, "tags": ["vip"]}


def test_the_instant_is_shown_where_it_matters() -> None:
    found = visitor_for("dimension seen: datetime", "seen within 30 days and hour(now) == 3")
    assert str(found) == "{seen: 2026-01-01T12:00:00Z, now: 2026-01-02T03:00:00Z}"


def test_values_tell_unknown_apart_from_what_does_not_matter() -> None:
    found = visitor_for("dimension a: integer\ndimension b: integer", "a is unknown")
    assert {one.name: value for one, value in found.values.items()} == {"a": UNKNOWN}


def test_what_nobody_finds_is_not_said_to_be_impossible() -> None:
    program = loads(f"{PAIR}\nsegment s: a * a == 2").program
    assert can_hold(program, program.segments["s"].condition) == Unknown(TIED)


def test_texts_that_contradict_each_other_are_nobodys() -> None:
    program = loads('dimension t: text\nsegment s: t matches "a?" and t matches "?b" and t not matches "ab"').program
    assert can_hold(program, program.segments["s"].condition) == Proved()


def test_a_test_of_now_alone_that_never_holds() -> None:
    program = loads("segment s: hour(now) > 12 and hour(now) < 9").program
    assert can_hold(program, program.segments["s"].condition) == Proved()
    assert dt.UTC is program.zone
