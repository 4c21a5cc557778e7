"""Where a claim is false, in words: short, and in the field's own terms for every kind of value."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import segdsl
from segdsl.prove.claims import decide_partition
from segdsl.prove.verdict import Counterexample, Refuted

PAIR = "a: number required\ndimension b: number required"


def missing(declared: str, condition: str) -> Sequence[Counterexample]:
    """What a partition of one segment leaves out."""
    text = f"dimension {declared}\nsegment some: {condition}\npartition everybody: some\n"
    rules = segdsl.loads(text)
    covering = decide_partition(rules.program, rules.program.partitions["everybody"]).covering
    assert isinstance(covering, Refuted)
    for one in covering.witnesses:
        again = segdsl.loads(f"{text}segment rest: {one.region}\n")
        assert again.diagnostics == (), "a region reads well where it is copied to"
        assert again.segments["rest"](one.visitor.record, one.visitor.now)
    return covering.witnesses


@pytest.mark.parametrize(
    ("declared", "condition", "regions"),
    [
        ("n: integer 0..", "n in (1, 2, 3)", ["(n == 0 or n >= 4)", "n is unknown"]),
        ("n: integer 0.. required", "n not in (1, 2, 3)", ["n in 1..3"]),
        ("n: integer 0.. required", "n not in (1, 3)", ["n in (1, 3)"]),
        ("n: integer 0.. required", "n in (1, 3)", ["(n is known and n not in (1, 3))"]),
        ("n: integer 0..9", "n > 0", ["n == 0", "n is unknown"]),
        ("n: integer required", "n < 3 or n > 5", ["n in 3..5"]),
        ("n: integer required", "n >= 3", ["n <= 2"]),
        ("x: number required", "x < 3 or x > 5", ["x in 3..5"]),
        ("x: number required", "x < 3 or x >= 5", ["x in 3..<5"]),
        ("x: number required", "x <= 3 or x >= 5", ["x > 3 and x < 5"]),
        ("x: number required", "x <= 3 or x > 5", ["x > 3 and x <= 5"]),
        ("x: number required", "x <= 3 or (x >= 5 and x < 9)", ["((x > 3 and x < 5) or x >= 9)"]),
        ("x: number required", "(x > 3 and x <= 5) or x == 7", ["(x <= 3 or (x > 5 and x < 7) or x > 7)"]),
        ("x: number required", "x < 3 or (x > 3 and x < 4) or (x > 4 and x < 5)", ["(x == 3 or x == 4 or x >= 5)"]),
        ("x: number", "x <= 3", ["x > 3", "x is unknown"]),
        ("b: boolean", "b", ["b == false", "b is unknown"]),
        ("b: boolean", "not b", ["b == true"]),
        ('c: one of ("a", "b", "c")', 'c == "a"', ['c in ("b", "c")', "c is unknown"]),
        ('c: one of ("a", "b", "c")', 'c in ("a", "b", "c")', ["c is unknown"]),
        ("d: date required", "d in 2026-01-01..2026-01-31", ["(d < 2026-01-01 or d >= 2026-02-01)"]),
        ("d: date required", "d != 2026-01-01", ["d == 2026-01-01"]),
        ("d: datetime required", "d > 2026-01-01T00:00Z", ["d <= 2026-01-01T00:00:00Z"]),
        ("v: version required", 'v >= "2.0"', ['v < version("2.0")']),
        ("t: duration required", "t > 3 minutes", ["t <= 3 minutes"]),
        ("t: text required", 't < "m"', ['t >= "m"']),
        ("t: text required", 't > "m"', ['t <= "m"']),
        ("t: text required", 't < "m" or t > "n"', ['t in "m".."n"']),
        ("t: text required", 't <= "m" or t >= "n"', ['t > "m" and t < "n"']),
        ("t: text required", '(t > "m" and t <= "n") or t == "x"', ['(t <= "m" or (t > "n" and t < "x") or t > "x")']),
        ("t: text required", 't in ("a", "b", "c", "d")', ['(t is known and t not in ("a", "b", "c", "d"))']),
        ("t: text", 't starts with "a"', ['t not starts with "a"']),
        ("t: text", 't not matches "a*"', ['t matches "a*"']),
        ("t: text required", 't matches "a*" or t == "x"', ['(t is known and t != "x") and t not matches "a*"']),
        ("i: ip required", 'i not in ("10.0.0.0/8", "::1")', ['i in ("10.0.0.0/8", "::1")']),
        ("i: ip required", 'i not in "10.0.0.0/30" or i in "10.0.0.1"', ['i in ("10.0.0.0", "10.0.0.2/31")']),
        ('t: set of one of ("a", "b")', 't has only ("a")', ["t is unknown", 't has "b"']),
        ('t: set of one of ("a", "b")', "t is empty", ["t is unknown", 't has any of ("a", "b")']),
        ("t: set of text", 't has all of ("a", "b")', ['t not has "a"', 't not has "b"']),
    ],
)
def test_values_of_one_dimension(declared: str, condition: str, regions: list[str]) -> None:
    assert [one.region for one in missing(declared, condition)] == regions


@pytest.mark.parametrize(
    ("declared", "condition", "regions"),
    [
        (PAIR, "(a + b) * b != 6", ["(a + b) * b == 6"]),
        (PAIR, "a + b * b != 6", ["a + (b * b) == 6"]),
        (PAIR, "a - (b - 3) != 6", ["a - (b - 3) == 6"]),
        (PAIR, "a < b", ["a >= b"]),
        ("d: date required", "d + 3 days + 1 week != 2026-01-31", ["d + 3 days + 1 week == 2026-01-31"]),
        ("d: date required", "today - (d - 1 month) != 3 days", ["today - (d - 1 month) == 3 days"]),
        ("d: datetime required", "now - d != 3 days", ["now - d == 3 days"]),
        ("d: date required", "month(d) < 3 or month(d) > 4", ["month(d) in 3..4"]),
        ("p: point required", "distance(p, 1, -2) < 25 km", ["distance(p, 1, -2) >= 25 km"]),
        ("t: text required", 'lower(t) != "x"', ['lower(t) == "x"']),
        ("t: text required", 'bucket(t, "salt") >= 10%', ['bucket(t, "salt") < 0.1']),
        ("t: text required", 'lower(t) not contains "x"', ['lower(t) contains "x"']),
        ("d: date required", "d != today", ["d == 2026-01-01"]),
        ("d: date required", "weekday(today) != 7", ["true"]),
    ],
)
def test_functions_as_they_are_written(declared: str, condition: str, regions: list[str]) -> None:
    assert [one.region for one in missing(declared, condition)] == regions


@pytest.mark.parametrize(
    ("declared", "condition", "shares"),
    [
        ("n: integer 0..", "n > 3", ["1 of 3 cells", "1 of 3 cells"]),
        ("n: integer\ndimension b: boolean", "b and n > 3", ["3 of 9 cells", "3 of 9 cells", "3 of 9 cells"]),
        ("t: text", 't contains "a"', [""]),
        ("b: boolean required", "weekday(today) != 7", [""]),
    ],
)
def test_how_much_of_the_table_it_is(declared: str, condition: str, shares: list[str]) -> None:
    assert [one.share for one in missing(declared, condition)][:3] == shares
