"""Which visitors a conformance file has, by example."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

import segdsl
from segdsl.conform.conformance import MOST_CASES, Conformance, conformance

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def made(text: str, most: int = MOST_CASES) -> Conformance:
    return conformance(segdsl.loads(text).program, most)


def values(text: str, name: str) -> dict[str, bool]:
    """What is sent of a dimension, at the usual instant, as JSON; and whether the only segment holds."""
    found = {}
    for case in made(text).cases:
        record: Any = case.person.record
        if case.person.now == NOW and name in record:
            found[json.dumps(record[name], ensure_ascii=False)] = bool(case.segments)
    return found


@pytest.mark.parametrize(
    ("kind", "condition", "expected"),
    [
        ("integer", "v < 3", {"1": True, "2": True, "3": False, "4": False, '"2"': False, "true": False}),
        ("integer", "v in 2..4", {"1": False, "2": True, "4": True, "5": False}),
        ("integer 0..5", "v >= 0", {"0": True, "-1": False, "6": False, "5": True, "null": False, "0.5": False}),
        ("integer 0..5", "not v <= 5", {"5": False, "6": True}),
        ("number", "v <= 0.3", {"0.3": True, "0.30000000000000004": False, "0.29999999999999993": True}),
        ("number", "v == 0.3", {"0.3": True, "0.30000000000000004": False, "0.29999999999999993": False}),
        ("boolean", "v", {"true": True, "false": False, '"true"': False, "1": False, "null": False}),
        ("text", 'v == "ab"', {'"ab"': True, '"AB"': False, '"ab "': False, '"a"': False, '"other"': False}),
        ("text ignoring case", 'v == "ab"', {'"ab"': True, '"AB"': True}),
        ("text", 'v in ("a", "b")', {'"a"': True, '"b"': True, '"other"': False}),
        ("text", 'v starts with "ab"', {'"ab"': True, '"abx"': True, '"xab"': False, '"a"': False, '"AB"': False}),
        ("text", 'v ends with "ab"', {'"ab"': True, '"xab"': True, '"abx"': False, '"b"': False}),
        ("text", 'v contains "ab"', {'"ab"': True, '"xabx"': True, '"a"': False, '"b"': False}),
        ("text", 'v matches "a*c?"', {'"acx"': True, '"axycé"': True, '"acxx"': False, '"xacx"': False}),
        ('one of ("a", "b", "c")', 'v == "b"', {'"a"': False, '"b"': True, '"c"': False, '"other"': False}),
        ("set of text", 'v has "a"', {"[]": False, '["a"]': True, '["other"]': False, '["a", "other"]': True}),
        ("set of text", 'v has all of ("a", "b")', {'["a"]': False, '["b"]': False, '["a", "b"]': True}),
        ("set of text", 'v has only ("a", "b")', {'["a"]': True, '["a", "b"]': True, '["a", "other"]': False}),
        ("date", "v < 2026-03-01", {'"2026-02-28"': True, '"2026-03-01"': False, '"2026-02-28T00:00"': False}),
        (
            "datetime",
            "v >= 2026-03-01T00:00Z",
            {'"2026-02-28T23:59:59.999999Z"': False, '"2026-03-01T00:00:00Z"': True, '"2026-03-01 00:00:00Z"': True},
        ),
        ("duration", "v > 10 minutes", {"600": False, "600.0000000000001": True, '"601 seconds"': False}),
        ("version", 'v >= "1.2"', {'"1.2"': True, '"v1.2"': True, '"1.2-beta"': False, "1.5": False}),
        ("ip", 'v in "10.0.0.0/8"', {'"9.255.255.255"': False, '"10.0.0.0"': True, '"10.255.255.255"': True}),
        ("date", "year(v) == 2025", {'"2024-12-31"': False, '"2025-01-01"': True, '"2025-12-31"': True}),
        ("text", "number(v) >= 10", {'"10"': True, '"9.999999999999998"': False}),
        ("date", "v within 30 days", {'"2025-12-02"': False, '"2025-12-03"': True, '"2026-01-02"': False}),
        ("date", "v is known", {"null": False, '"2026-01-01"': True}),
    ],
)
def test_both_sides_of_every_boundary(kind: str, condition: str, expected: dict[str, bool]) -> None:
    found = values(f"dimension v: {kind}\nsegment s: {condition}\n", "v")
    assert {value: found.get(value) for value in expected} == expected


def test_the_other_tests_are_such_that_the_one_decides() -> None:
    """Whoever spends too little is in no segment, whatever their visits are: nothing is tried there."""
    cases = made(
        "dimension visits: integer\ndimension spend: number\nsegment s: visits == 3 and spend > 10 or visits < 0\n"
    ).cases
    spends = [
        case.person.record["spend"]
        for case in cases
        if case.person.record.get("visits") == 3 and "spend" in case.person.record
    ]
    assert all(spend in spends for spend in (9.999999999999998, 10, 10.000000000000002))
    assert all(
        case.person.record.get("visits") == 3
        for case in cases
        if "spend" in case.person.record and not case.segments and "spend" in case.why
    )


def test_a_promised_value_is_sent_but_where_its_absence_is_the_point() -> None:
    cases = made("dimension a: integer required\ndimension b: integer\nsegment s: a > 3\nsegment t: b > 3\n").cases
    without = [case for case in cases if "a" not in case.person.record]
    assert without
    assert len(without) < len(cases) / 3


def test_a_default_is_seen_where_it_decides() -> None:
    cases = made("dimension a: integer default 5\nsegment s: a > 3\n").cases
    assert {case.why: case.segments for case in cases}["a is null"] == ("s",)
    assert any(case.person.record.get("a") == 3 and not case.segments for case in cases)


def test_each_segment_and_each_witness() -> None:
    text = """
dimension a: integer 0..
segment low: a < 3
segment middle: a in 2..5
segment nobody: a > 5 and a < 5
partition all_of_them: low, middle
priority first: low, middle otherwise rest
assert low implies a == 0
"""
    found = made(text)
    whys = [case.why for case in found.cases]
    assert "in low and middle of all_of_them" in whys
    assert "in no segment of all_of_them" in whys
    assert any(case.segments == ("low", "middle") for case in found.cases)
    assert any(case.answers == {"all_of_them": None, "first": "rest"} for case in found.cases)
    assert {name for case in found.cases for name in case.segments} == {"low", "middle"}
    assert found.left_out == ()


def test_tests_of_the_file_are_cases() -> None:
    cases = made('dimension a: integer\nsegment s: a > 3\ntest "four": {a: 4} expect s\n').cases
    assert 'test "four"' in [case.why for case in cases]


def test_dotted_paths_lie_inside() -> None:
    cases = made(
        'dimension geo.area.code: integer\ndimension b: integer from "geo.b"\nsegment s: geo.area.code + b > 3\n'
    )
    assert any(case.segments and {"area", "b"} == case.person.record["geo"].keys() for case in cases.cases)


def test_a_test_of_now_alone_is_asked_on_both_sides() -> None:
    cases = made('timezone "Europe/London"\nsegment s: today >= 2026-05-01\n').cases
    turns = dt.datetime(2026, 4, 30, 23, tzinfo=dt.UTC)
    answers = {case.person.now: bool(case.segments) for case in cases}
    assert answers[turns] is True
    assert answers[turns - dt.timedelta(microseconds=1)] is False


def test_cases_grow_with_the_boundaries_and_no_faster() -> None:
    def cases(segments: int) -> int:
        rules = "\n".join(f"segment s{one}: a in {one * 10}..{one * 10 + 9} and b < {one}" for one in range(segments))
        return len(made(f"dimension a: integer\ndimension b: integer\n{rules}\n").cases)

    assert cases(40) < 2.5 * cases(20)


def test_no_more_than_asked_for() -> None:
    found = made("dimension a: integer\nsegment s: a > 3 and a < 9\n", most=7)
    assert len(found.cases) == 7
    assert found.left_out[0].endswith("more visitors, because there are 7 already")


def test_what_takes_too_long_is_said() -> None:
    text = "dimension a: integer\ndimension b: integer\nsegment s: (a > 3 or b > 3) and (a < 9 or b < 9)\n"
    found = conformance(segdsl.loads(text).program, effort=10)
    assert 0 < len(found.cases) < len(made(text).cases)
    assert found.left_out[0].endswith("because looking for them takes too long")


def test_a_thousand_segments_stay_within_bounds() -> None:
    """Each of them has somebody in it, and every test of each comes out both ways before anything else is looked at."""
    axes = ("a", "b", "c")
    lines = [f"dimension {axis}: integer 0..99" for axis in axes]
    for number in range(1000):
        tens = [number // 10**place % 10 * 10 for place in range(3)]
        tests = " and ".join(f"{axis} in {low}..{low + 9}" for axis, low in zip(axes, tens, strict=True))
        lines.append(f"segment s{number}: {tests}")
    lines.append(f"partition all_of_them: {', '.join(f's{number}' for number in range(1000))}")
    found = made("\n".join([*lines, ""]))
    assert len(found.cases) <= MOST_CASES
    assert {name for case in found.cases for name in case.segments} == {f"s{number}" for number in range(1000)}
    assert sum(len(case.person.text) + len(case.why) for case in found.cases) < 3_000_000


def test_written_out_negations_do_not_take_forever() -> None:
    """Each segment repeats the opposite of all before: tests grow with the square of the segments."""
    own = [f"(a == {number} and b > {number % 7})" for number in range(100)]
    lines = [
        f"segment s{number}: " + " and ".join([one, *(f"not {other}" for other in own[:number])])
        for number, one in enumerate(own)
    ]
    found = made("\n".join(["dimension a: integer", "dimension b: integer", *lines, ""]))
    assert {name for case in found.cases for name in case.segments} == {f"s{number}" for number in range(100)}


def test_functions_that_tie_dimensions_together_do_not_take_forever() -> None:
    """Looking for visitors there is slow: it is given up after some searches in vain, which is said."""
    dimensions = "\n".join(f"dimension {name}: datetime" for name in "abc")
    segments = "\n".join(
        f"segment s{day}: a == b and day(a) == {day} and month(b) == 2 and hour(c) < 3 and a > c"
        for day in range(29, 32)
    )
    found = made(f'timezone "Europe/London"\n{dimensions}\n{segments}\n')
    assert found.cases
