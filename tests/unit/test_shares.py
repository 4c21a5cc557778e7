"""Shares of the table of cells: counted exactly, or not at all with the reason."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from textwrap import dedent

import pytest

from segdsl.prove.shares import TIED, TOO_MANY, Shares
from segdsl.ruleset import loads
from segdsl.text.errors import SegdslError

NOW = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)
SALE = """\
    dimension source: text
    dimension visits: integer 0..
    segment S1 "New": source == "sale_ad" and visits == 0
    segment S2: source != "sale_ad" and visits == 0
    segment S3: visits >= 1
    """


def shares(rules: str, name: str | None = None, now: dt.datetime = NOW) -> Shares:
    return loads(dedent(rules)).shares(name, now)


def cells(found: Shares) -> dict[str, int | None]:
    return {name: share.cells for name, share in found.segments.items()}


def test_a_partition() -> None:
    found = shares(SALE + "partition sale: S1, S2, S3\n")
    assert (found.name, found.cells, cells(found)) == ("sale", 9, {"S1": 1, "S2": 2, "S3": 3})
    assert (found.none.cells, found.several.cells, found.together.cells, found.reason) == (3, 0, 6, "")
    assert found.segments["S3"].fraction == found.segments["S3"].within == Fraction(1, 3)
    assert (found.segments["S1"].label, found.of, found.outside, found.now) == ("New", None, None, None)


def test_all_segments_where_there_is_no_partition() -> None:
    found = shares(SALE + "segment again: visits >= 1 or visits is unknown\n")
    assert found.name is None
    assert cells(found) == {"S1": 1, "S2": 2, "S3": 3, "again": 6}
    assert (found.none.cells, found.several.cells, found.together.cells) == (0, 3, 12)
    assert found.together.fraction == Fraction(4, 3)


def test_a_priority_list_gives_a_cell_to_the_first() -> None:
    found = shares(SALE + "segment everybody: true\npriority first: S3, everybody, S1\n")
    assert cells(found) == {"S3": 3, "everybody": 6, "S1": 0}
    assert (found.none.cells, found.several.cells) == (0, 0)


def test_otherwise_has_the_rest() -> None:
    found = shares(SALE + 'priority first "First": S1, S2 otherwise nobody_in_particular\n')
    assert cells(found) == {"S1": 1, "S2": 2, "nobody_in_particular": 6}
    assert (found.label, found.none.cells) == ("First", 0)
    labelled = shares(SALE + 'segment rest "Rest": S3\npriority first: S1, S2 otherwise rest\n')
    assert labelled.segments["rest"].label == "Rest"


OF = """\
    dimension member: boolean required
    dimension plan: one of ("free", "paid") required
    dimension visits: integer 0.. required
    segment members: member
    segment paid: member and plan == "paid"
    segment free: member and plan == "free" and visits == 0
    segment guests: not member and visits == 0
    partition tiers of members: paid, free
    partition wrong of members: paid, free, guests
    """


def test_a_partition_of_a_segment_is_counted_inside_it() -> None:
    found = shares(OF, "tiers")
    assert found.of is not None
    assert found.outside is not None
    assert (found.cells, found.of.cells, found.of.fraction) == (8, 4, Fraction(1, 2))
    assert cells(found) == {"paid": 2, "free": 1}
    assert (found.none.cells, found.several.cells, found.outside.cells) == (1, 0, 0)
    assert (found.segments["free"].fraction, found.segments["free"].within) == (Fraction(1, 8), Fraction(1, 4))
    assert found.none.within == Fraction(1, 4)


def test_who_is_outside_the_segment_that_a_partition_is_of() -> None:
    found = shares(OF, "wrong")
    assert found.outside is not None
    assert cells(found) == {"paid": 2, "free": 1, "guests": 0}
    assert found.outside.cells == 2


def test_rules_that_move_with_now_have_the_cells_of_an_instant() -> None:
    rules = """\
        dimension seen: date
        segment lately: seen within 30 days
        segment early: seen < 2026-01-01
        """
    found = shares(rules)
    assert (found.cells, cells(found), found.several.cells, found.now) == (5, {"lately": 2, "early": 2}, 1, NOW)
    later = shares(rules, now=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    assert (later.cells, cells(later), later.several.cells) == (4, {"lately": 1, "early": 1}, 0)
    assert loads(dedent(rules)).shares().now is not None


@pytest.mark.parametrize(
    ("declared", "conditions", "whole", "taken"),
    [
        ("t: text", ['t matches "a*c"', 't matches "*a*c*"'], 4, [1, 2]),
        ("t: text required", ['t matches "a*"', 't == "abc"', 't == "b"'], 4, [2, 1, 1]),
        ("t: text", ['t < "b"', 't starts with "c"'], 4, [1, 1]),
        ("d: date", ["year(d) == 2026", "month(d) == 2"], 5, [2, 2]),
        ("s: set of text", ['s has "a"', "s is empty"], 5, [2, 1]),
        ("s: set of text", ['s has "a"', 's has any of ("a", "b")'], 9, [4, 6]),
        ('c: one of ("ab", "b", "c")', ['c contains "b"'], 4, [2]),
        ("p: point", ["distance(p, 59.91, 10.75) < 25 km"], 3, [1]),
    ],
)
def test_cells_that_nobody_can_be_in_do_not_count(
    declared: str, conditions: list[str], whole: int, taken: list[int]
) -> None:
    segments = "\n".join(f"segment s{number}: {condition}" for number, condition in enumerate(conditions))
    found = shares(f"dimension {declared}\n{segments}\n")
    assert (found.reason, found.cells, list(cells(found).values())) == ("", whole, taken)


def test_what_is_not_known_is_not_counted() -> None:
    found = shares("dimension a: number\ndimension b: number\nsegment x: a * b > 2\nsegment y: a - b == 0\n")
    assert (found.reason, found.cells, cells(found)) == (TIED, None, {"x": None, "y": None})
    assert (found.none.cells, found.several.cells, found.together.cells) == (None, None, None)
    assert found.segments["x"].fraction is None
    assert shares("dimension d: date\nsegment x: month(d) == 2\nsegment y: day(d) == 30\n").reason == TIED
    patterns = "\n".join(f'segment s{place}: t matches "a*{sign}*z"' for place, sign in enumerate("bcdefghijkl"))
    assert shares(f"dimension t: text\n{patterns}\n").reason == TIED


def test_large_numbers_are_exact() -> None:
    dimensions = "\n".join(f"dimension d{number}: integer 0.." for number in range(40))
    condition = " and ".join(f"d{number} == 0" for number in range(40))
    found = shares(f"{dimensions}\nsegment a: {condition}\nsegment b: d0 == 0\nsegment c: d1 is unknown or d0 > 0\n")
    assert cells(found) == {"a": 1, "b": 3**39, "c": 3**40 - 2 * 2 * 3**38}
    assert found.several.cells == 3**38 + 1
    assert found.segments["b"].fraction == Fraction(1, 3)
    assert found.segments["a"].fraction == Fraction(1, 3**40)


def test_a_count_that_takes_too_long_is_given_up() -> None:
    dimensions = [f"dimension d{number}: integer 0.." for number in range(24)]
    parts = (f"(d{one * 7 % 24} == 0 and d{one * 5 % 24} == {one % 4} and d{one} > 1)" for one in range(20))
    found = shares("\n".join([*dimensions, f"segment much: {' or '.join(parts)}", "segment little: d0 == 0", ""]))
    assert found.reason == TOO_MANY
    assert found.cells is not None
    assert cells(found)["much"] is None
    assert found.segments["little"].fraction is not None
    assert (found.together.cells, found.none.cells, found.several.cells) == (None, None, None)


def test_a_number_that_nobody_could_read_is_not_counted() -> None:
    many = range(2_600)
    dimensions = "\n".join(f"dimension d{number}: integer 0.." for number in many)
    found = shares(f"{dimensions}\nsegment a: {' and '.join(f'd{number} == 0' for number in many)}\n")
    assert (found.reason, found.cells, cells(found)) == (TOO_MANY, None, {"a": None})


def test_rules_without_segments() -> None:
    found = shares("dimension a: number\n")
    assert (found.cells, cells(found), found.none.cells, found.several.cells) == (1, {}, 1, 0)


def test_names_that_are_wrong() -> None:
    with pytest.raises(SegdslError, match=r'called "tier"; did you mean "tiers"\?'):
        shares(OF, "tier")
    with pytest.raises(SegdslError, match="say which one: tiers, wrong"):
        shares(OF)
    with pytest.raises(SegdslError, match='called "sale"; there is none'):
        shares(SALE, "sale")
