"""What `segdsl.diff` says about two rule files, by example."""

from __future__ import annotations

import pytest

import segdsl
from segdsl.compare.difference import Move

OLD = """
dimension visits "Previous visits": integer 0..
dimension source: text
segment few "Few": visits < 3
segment hot "Hot": visits >= 3 and source == "ad"
segment rest: not few and not hot
partition sale: few, hot, rest
"""


def changed(*changes: tuple[str, str], old: str = OLD) -> segdsl.Difference:
    new = old
    for before, after in changes:
        assert before in new
        new = new.replace(before, after)
    return segdsl.diff(segdsl.loads(old), segdsl.loads(new))


def told(found: segdsl.Difference) -> list[str]:
    return [f"{move.name}: {move}" for move in found.moves]


def only(found: segdsl.Difference) -> Move:
    (move,) = found.moves
    return move


def test_the_same_file() -> None:
    found = changed()
    assert found.same
    assert not found
    assert found.verdict == "the same"
    assert str(found) == "the same in meaning"
    assert not any((found.moves, found.renamed, found.added, found.removed))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("visits < 3", "visits <= 2"),
        ("visits < 3", "not (visits >= 3 or visits is unknown)"),
        ("visits < 3", "visits in 0..2"),
        ('visits >= 3 and source == "ad"', 'source == "ad" and not few and visits is known'),
        ("few, hot, rest", "rest, few, hot"),
    ],
)
def test_the_same_in_other_words(before: str, after: str) -> None:
    assert changed((before, after)).same


def test_who_moves() -> None:
    found = changed(("visits < 3", "visits < 5"), ("visits >= 3", "visits >= 5"))
    assert found.verdict == "different"
    assert told(found) == [
        'sale: hot → few: visits in 3..4 and source == "ad"',
        'sale: rest → few: visits in 3..4 and source != "ad"',
    ]
    first, second = found.moves
    assert (first.source, first.target) == (("hot",), ("few",))
    assert first.share == (1, 12)  # four cells of visits by three of source
    assert second.share == (2, 12)
    assert str(first.visitor) == '{visits: 3, source: "ad"}'
    assert first.complete


def test_several_regions() -> None:
    old = "dimension visits: integer 0..\nsegment a: visits < 3\nsegment b: not a\npartition p: a, b\n"
    found = changed(("visits < 3", "visits < 3 or visits == 9 or visits is unknown"), old=old)
    move = only(found)
    assert sorted(move.regions) == ["visits == 9", "visits is unknown"]
    assert move.complete
    assert move.share == (2, 4)  # few, nine, all others, unknown
    assert len(move.witnesses(1)) == 1


def test_a_gap_and_an_overlap() -> None:
    found = changed(("visits < 3", "visits < 2"), ("not few and not hot", 'visits != 2 and not few and source != "ad"'))
    assert told(found) == [
        "sale: few → no segment: visits == 2",
        'sale: rest → no segment: visits is unknown and source == "ad"',
    ]
    found = changed(('segment hot "Hot": visits >= 3', 'segment hot "Hot": visits >= 2'))
    assert told(found) == ['sale: few → few and hot: visits == 2 and source == "ad"']


def test_a_segment_with_another_name() -> None:
    found = changed(("few", "newcomers"))
    assert found.same
    assert [(one.what, one.old, one.new) for one in found.renamed] == [("segment", "few", "newcomers")]
    assert found.added == found.removed == ()
    found = changed(("few", "newcomers"), ("visits < 3", "visits <= 2"), ("partition sale", "partition spring"))
    assert found.same
    assert [(one.what, one.old, one.new) for one in found.renamed] == [
        ("segment", "few", "newcomers"),
        ("partition", "sale", "spring"),
    ]


def test_names_that_are_swapped_are_not_renamed() -> None:
    found = changed(
        ("segment few", "segment x"),
        ("segment rest", "segment few"),
        ("segment x", "segment rest"),
        ("not few and not hot", "not rest and not hot"),
    )
    assert not found.renamed
    assert {(move.source, move.target) for move in found.moves} == {(("few",), ("rest",)), (("rest",), ("few",))}


def test_added_and_removed() -> None:
    found = changed(
        ('segment hot "Hot": visits >= 3 and source == "ad"\n', ""),
        (" and not hot", ""),
        ("few, hot, rest", "few, rest"),
        ("partition", "segment big: visits > 100\npartition"),
    )
    assert [one.name for one in found.added] == ["big"]
    assert [one.name for one in found.removed] == ["hot"]
    assert found.verdict == "different"
    assert told(found) == ['sale: hot → rest: visits >= 3 and source == "ad"']


def test_a_segment_by_itself() -> None:
    old = "dimension visits: integer 0..\nsegment vip: visits in 3..9\n"
    found = changed(("3..9", "5..12"), old=old)
    assert told(found) == ["vip: vip → no segment: visits in 3..4", "vip: no segment → vip: visits in 10..12"]


def test_a_default() -> None:
    found = changed(("integer 0..", "integer 0.. default 0"))
    assert told(found) == ["sale: rest → few: visits is unknown"]
    assert str(only(found).visitor) == "{}   (visits unknown)"
    assert [f"{one.name} {one.words}" for one in found.dimensions] == ["visits has a default now: 0"]
    assert not changed(("integer 0..", "integer 0.. default 3")).same
    back = changed((" default 0", ""), old=OLD.replace("integer 0..", "integer 0.. default 0"))
    assert told(back) == ["sale: few → rest: visits is unknown"]


def test_a_default_that_changes_nothing() -> None:
    old = OLD.replace("visits < 3", "visits < 3 or visits is unknown")
    found = changed(("integer 0..", "integer 0.. default 0"), old=old)
    assert found.same
    assert [one.name for one in found.dimensions] == ["visits"]


def test_other_values() -> None:
    found = changed(("integer 0..", "integer 1..100"))
    assert told(found) == [
        "sale: few → rest: visits == 0",
        'sale: hot → rest: visits >= 101 and source == "ad"',
    ]


def test_texts_and_sets_with_other_values() -> None:
    old = """
dimension a: one of ("x", "y")
dimension s: set of one of ("p", "q")
segment A: a not contains "x"
segment S: s has "p"
"""
    found = changed(('("x", "y")', '("x", "y", "xx")'), ('("p", "q")', '("p", "q", "r")'), old=old)
    assert told(found) == [
        'A: A → no segment: a == "xx" and a contains "x"',
        'S: no segment → S: s has "p" and s has "r"',
    ]


def test_required_makes_no_difference_to_answers() -> None:
    found = changed(("integer 0..", "integer 0.. required"))
    assert found.same
    assert [one.words for one in found.dimensions] == ["is required now"]


def test_a_moved_dimension() -> None:
    old = "dimension visits: integer 0..\nsegment vip: visits > 3\n"
    found = changed(("integer 0..", 'integer 0.. from "count"'), old=old)
    assert found.verdict == "different"
    assert found.dimensions[0].another
    assert told(found)[0] == "vip: vip → no segment: old.visits >= 4 and (new.visits <= 3 or new.visits is unknown)"
    assert [move.visitor.record for move in found.moves if move.visitor is not None] == [{"visits": 4}, {"count": 4}]


def test_another_kind() -> None:
    old = 'dimension plan: text\nsegment vip: plan == "3"\nsegment all_known: plan is known\n'
    found = changed(("plan: text", "plan: integer"), ('plan == "3"', "plan == 3"), old=old)
    assert [str(one.words) for one in found.dimensions] == ["is another dimension now: a whole number, not text"]
    assert found.verdict == "different"
    records = [(move.source, move.visitor.record) for move in found.moves if move.visitor is not None]
    assert ((), {"plan": 3}) in records
    assert (("vip",), {"plan": "3"}) in records


def test_a_renamed_dimension_is_read_from_the_same_place() -> None:
    old = 'dimension visits: integer 0.. from "count"\nsegment vip: visits > 3\n'
    found = changed(("visits", "number_of_visits"), old=old)
    assert found.same
    assert [(one.name, one.words) for one in found.dimensions] == [("number_of_visits", "was called visits before")]


def test_what_cannot_be_decided() -> None:
    old = "dimension a: number\ndimension b: number\nsegment s: a * b * b * a * b * a > 123456.789\n"
    found = changed(("a * b * b * a * b * a > 123456.789", "b * a * a * b * a * b > 123456.789"), old=old)
    assert found.verdict in ("not decided", "different")  # floating-point products may differ
    assert not found.same
    assert all(move.visitor is not None for move in found.moves)


def test_a_function_of_a_dimension_that_is_declared_otherwise() -> None:
    old = "dimension d: date\nsegment s: month(d) == 3\n"
    found = changed(("date", "date default 2026-03-01"), old=old)
    assert found.verdict == "different"
    assert [move.visitor.record for move in found.moves if move.visitor is not None] == [{}]


def test_a_priority_list() -> None:
    old = """
dimension visits: integer 0..
segment a: visits > 10
segment b: visits > 5
segment c: visits > 1
priority p: a, b, c otherwise nobody
"""
    assert told(changed(("a, b, c", "b, a, c"), old=old)) == ["p: a → b: visits >= 11"]
    assert told(changed(("a, b, c", "a, c"), old=old)) == ["p: b → c: visits in 6..10"]
    assert told(changed(("otherwise nobody", "otherwise c"), ("a, b, c", "a, b"), old=old)) == [
        "p: nobody → c: visits <= 1 or visits is unknown"
    ]
    assert told(changed((" otherwise nobody", ""), old=old)) == [
        "p: nobody → no segment: visits <= 1 or visits is unknown"
    ]
    assert changed(("segment a: visits > 10", "segment a: visits > 10 or visits > 20"), old=old).same


def test_a_partition_that_becomes_a_list() -> None:
    found = changed(("partition", "priority"))
    assert found.same
    assert [one.words for one in found.remarks] == ["was a partition before, and is a priority list now"]


def test_rules_that_move_with_now() -> None:
    old = (
        "dimension seen: date\nsegment recent: seen within 30 days\nsegment old: not recent\npartition p: recent, old\n"
    )
    assert changed(("not recent", "not (seen within 30 days)"), old=old).same
    found = changed(("30 days", "10 days"), old=old)
    move = only(found)
    assert (move.source, move.target) == (("recent",), ("old",))
    assert move.visitor is not None
    assert move.visitor.clock
    assert not move.complete
    assert move.to_dict()["now"] is not None


def test_another_timezone() -> None:
    old = """
dimension seen: datetime
dimension n: integer
segment today_: seen == today
segment n_: n > 3
"""
    found = segdsl.diff(segdsl.loads(old), segdsl.loads('timezone "Europe/Oslo"\n' + old))
    assert not found.same
    (today,) = (one for one in found.comparisons if one.name == "today_")
    assert today.open == ("the timezone is another one now, and days and hours are counted in it",)
    (plain,) = (one for one in found.comparisons if one.name == "n_")
    assert plain.same


def test_labels_and_what_is_handed_out() -> None:
    found = changed(
        ('"Hot"', '"Very hot"'),
        ('segment few "Few": visits < 3', 'segment few: visits < 3 with banner = "x"'),
        ("Previous visits", "Visits"),
    )
    assert found.same
    assert [f"{one.what} {one.name} {one.words}" for one in found.remarks] == [
        'segment few is labelled nothing now, not "Few"',
        'segment few hands out "banner" now',
        'segment hot is labelled "Very hot" now, not "Hot"',
        'dimension visits is labelled "Visits" now, not "Previous visits"',
    ]


def test_plain_data() -> None:
    found = changed(("visits < 3", "visits < 5"), ("visits >= 3", "visits >= 5")).to_dict()
    assert found["same"] is False
    assert found["verdict"] == "different"
    assert found["moves"][0] == {
        "of": "partition",
        "name": "sale",
        "from": ["hot"],
        "to": ["few"],
        "regions": ['visits in 3..4 and source == "ad"'],
        "complete": True,
        "cells": 1,
        "of_cells": 12,
        "visitor": {"visits": 3, "source": "ad"},
        "now": None,
    }
