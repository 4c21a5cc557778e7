"""What a ruleset answers: one segment, the one that a visitor is given, and all that hold."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path

import pytest

import segdsl
from segdsl.run.bitmap import MOST_LEARNT, Learnt
from segdsl.run.leaves import context_at
from segdsl.run.plan import Strategy
from segdsl.values.unknown import UNKNOWN

SALE = """\
dimension source "Traffic source": text
dimension visits "Previous visits": integer 0..

segment S1 "New, from the sale ad": source == "sale_ad" and visits == 0 with banner = "deal", discount = 10%
segment S2 "New, not from the ad": source != "sale_ad" and visits == 0
segment S3: visits >= 1

partition sale "Sale campaign": S1, S2, S3
"""
CLOCK = """\
timezone "Europe/Stockholm"
dimension seen: datetime
dimension signup: date
segment active: seen within 7 days
segment celebrates: signup == today
priority first "First": celebrates, active otherwise quiet
"""
NEW_YEAR = dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)
"""Already the first of January in Stockholm."""


@pytest.fixture(scope="module")
def sale() -> segdsl.Ruleset:
    return segdsl.loads(SALE)


@pytest.mark.parametrize(
    ("visitor", "given", "names"),
    [
        ({"source": "sale_ad", "visits": 0}, "S1", ("S1",)),
        ({"source": "direct", "visits": 0}, "S2", ("S2",)),
        ({"visits": 0}, "S2", ("S2",)),
        ({"source": "sale_ad", "visits": 3}, "S3", ("S3",)),
        ({"source": "sale_ad"}, None, ()),
        ({}, None, ()),
        (None, None, ()),
        ("somebody", None, ()),
    ],
)
def test_a_visitor_is_given_a_segment(
    sale: segdsl.Ruleset, visitor: object, given: str | None, names: tuple[str, ...]
) -> None:
    assert sale.assign(visitor) == given
    assert sale.partitions["sale"].assign(visitor) == given
    matching = sale.matching(visitor)
    assert matching.names == tuple(matching) == names
    assert len(matching) == len(names)
    assert bool(matching) is bool(names)
    assert [name in matching for name in ("S1", "S2", "S3")] == [name in names for name in ("S1", "S2", "S3")]
    assert repr(matching) == f"Matching({', '.join(names)})"


def test_what_is_no_segment_does_not_match(sale: segdsl.Ruleset) -> None:
    matching = sale.matching({"visits": 1})
    assert "S4" not in matching
    assert matching.isdisjoint([3, None, ()])


def test_a_segment_by_itself(sale: segdsl.Ruleset) -> None:
    segment = sale.segments["S1"]
    assert segment({"source": "sale_ad", "visits": 0}) is True
    assert segment({"source": "sale_ad", "visits": 1}, NEW_YEAR) is False
    assert segment.label == "New, from the sale ad"
    assert segment.payload == {"banner": "deal", "discount": 0.1}
    assert segment.dimensions == ("source", "visits")
    assert segment.source == segment.predicate.source
    assert segment.source.startswith("def S1(visitor):\n")
    assert segment.predicate is segment.predicate
    assert sale.segments["S3"].label is None


def test_names_stand_in_file_order(sale: segdsl.Ruleset) -> None:
    assert list(sale.segments) == ["S1", "S2", "S3"]
    assert list(sale.dimensions) == ["source", "visits"]
    assert [member.name for member in sale.partitions["sale"].members] == ["S1", "S2", "S3"]
    assert sale.partitions["sale"].label == "Sale campaign"


def test_now_is_read_in_the_zone_of_the_file() -> None:
    rules = segdsl.loads(CLOCK)
    visitor = {"signup": "2026-01-01", "seen": "2025-12-20T00:00Z"}
    assert rules.assign(visitor, NEW_YEAR) == "celebrates"
    assert rules.assign(visitor, NEW_YEAR - dt.timedelta(hours=1)) == "quiet"
    assert rules.assign({"seen": NEW_YEAR}, NEW_YEAR) == "active"
    assert rules.segments["celebrates"](visitor, NEW_YEAR)
    assert rules.matching(visitor, NEW_YEAR).names == ("celebrates",)
    assert rules.segments["celebrates"].predicate.reads_clock


def test_without_an_instant_it_is_the_current_one() -> None:
    rules = segdsl.loads(CLOCK)
    now = dt.datetime.now(dt.UTC)
    assert rules.matching({"seen": now}).names == ("active",)
    assert rules.matching({"seen": now + dt.timedelta(days=1)}).names == ()
    assert now <= context_at(None, dt.UTC).now <= dt.datetime.now(dt.UTC)


def test_an_instant_without_an_offset_is_in_the_zone_of_the_file() -> None:
    rules = segdsl.loads(CLOCK)
    visitor = {"signup": "2026-01-01"}
    assert rules.assign(visitor, dt.datetime(2026, 1, 1, 0, 30)) == "celebrates"
    assert rules.assign(visitor, dt.datetime(2025, 12, 31, 23, 30)) == "quiet"


@pytest.mark.parametrize(
    ("claims", "names"),
    [("", "none"), ("partition one: a, b\npriority two: a, b", "one, two")],
    ids=["none", "two"],
)
def test_assign_needs_to_know_which_claim_is_meant(claims: str, names: str) -> None:
    rules = segdsl.loads(f"dimension n: integer\nsegment a: n > 3\nsegment b: not n > 3\n{claims}\n")
    with pytest.raises(segdsl.SegdslError, match=f"here are: {names}. Ask partitions"):
        rules.assign({"n": 4})
    assert [choice.assign({"n": 4}) for choice in rules.partitions.values()] == ["a"] * len(rules.partitions)


def test_a_text_uses_no_files() -> None:
    with pytest.raises(segdsl.RuleError) as caught:
        segdsl.loads('use "visitor.seg"\nsegment a: true')
    assert [one.code for one in caught.value.diagnostics] == ["S501"]
    assert 'cannot use "visitor.seg"' in str(caught.value)


def test_a_file_uses_files(tmp_path: Path) -> None:
    (tmp_path / "visitor.seg").write_text("dimension visits: integer 0..\nsegment newcomer: visits == 0\n")
    (tmp_path / "rules.seg").write_text(
        'use "visitor.seg"\nsegment regular: not newcomer\npartition p: newcomer, regular\n'
    )
    rules = segdsl.load(tmp_path / "rules.seg")
    assert list(rules.segments) == ["newcomer", "regular"]
    assert rules.assign({"visits": 0}) == "newcomer"
    assert rules.check().ok


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(segdsl.RuleError) as caught:
        segdsl.load(tmp_path / "rules.seg")
    assert [one.code for one in caught.value.diagnostics] == ["S501"]


def test_a_warning_is_kept() -> None:
    rules = segdsl.loads("dimension a: boolean\ndimension b: boolean\nsegment s: a or b and a")
    assert [one.code for one in rules.diagnostics] == ["S205"]
    assert rules.check().findings[0] is rules.diagnostics[0]


def test_a_report_as_plain_data() -> None:
    rules = segdsl.loads(
        "dimension n: integer 0..9\nstates n: none = 0, some = 1..\nsegment a: n > 3\nsegment b: n > 4\n"
        "partition p: a, b\npriority q: a, b otherwise rest\nassert b implies a\nassert a\n"
        'test "five": {n: 5} expect a\n'
    )
    report = rules.check(NEW_YEAR)
    data = report.to_dict()
    assert not report.ok
    assert not data["ok"]
    assert data["partitions"] == {"p": {"exclusive": "refuted", "covering": "refuted", "inside": "proved"}}
    assert data["priorities"] == {"q": {"members_cover": "refuted", "never_win": ["b"]}}
    assert data["states"] == {"n": {"exclusive": "proved", "covering": "refuted"}}
    assert data["assertions"] == ["proved", "refuted"]
    assert data["tests"] == [{"name": "five", "passed": False}]
    assert [one["code"] for one in data["findings"]] == [one.code for one in report.findings]
    assert {"S401", "S402", "S405", "S407", "S409", "S410"} <= {one.code for one in report.findings}


def test_a_verdict_that_is_not_known() -> None:
    rules = segdsl.loads("dimension a: number required\nsegment s: a * a != 2\nassert s\n")
    report = rules.check()
    assert report.to_dict()["assertions"] == ["unknown"]
    assert report.ok
    assert isinstance(report.assertions[0], segdsl.Unknown)


def test_unknown_is_one_thing_and_says_so() -> None:
    assert repr(UNKNOWN) == "UNKNOWN"
    assert copy.deepcopy(UNKNOWN) is UNKNOWN


def test_assigning_makes_no_function_for_each_segment() -> None:
    many = "\n".join(f"segment s{number}: visits == {number}" for number in range(100))
    names = ", ".join(f"s{number}" for number in range(100))
    rules = segdsl.loads(f"dimension visits: integer 0..\n{many}\npriority all: {names}")
    assert rules.assign({"visits": 42}) == "s42"
    assert rules.matching({"visits": 42}).names == ("s42",)
    assert not any("predicate" in vars(segment) for segment in rules.segments.values())


def test_the_plan_says_how_answers_are_come_by(sale: segdsl.Ruleset) -> None:
    every, partition = sale.plan()
    assert (every.of, every.strategy, every.segments, every.rows, every.dimensions) == (
        "all segments",
        Strategy.BITMAP,
        3,
        3,
        2,
    )
    assert every.masks > 0
    assert every.bytes > 0
    assert (partition.of, partition.strategy) == ("sale", Strategy.TREE)
    assert partition.nodes > 0
    assert str(partition).startswith("sale: tree (")
    assert sale.partitions["sale"].plan() is partition


@pytest.mark.parametrize("way", list(Strategy))
def test_another_way_of_answering_can_be_wanted(sale: segdsl.Ruleset, way: Strategy) -> None:
    other = sale.using(way.value)
    assert other.plan()[1].strategy is way
    assert other.assign({"source": "mail", "visits": 0}) == sale.assign({"source": "mail", "visits": 0})
    assert other.matching({"visits": 3}).names == sale.matching({"visits": 3}).names


def test_a_way_that_there_is_not(sale: segdsl.Ruleset) -> None:
    with pytest.raises(ValueError, match="magic"):
        sale.using("magic")


def test_a_tree_that_would_be_too_large() -> None:
    numbers = range(30)
    dimensions = "\n".join(f"dimension d{one}: integer 0.." for one in numbers)
    segments = "\n".join(f"segment s{one}: d{one} == 1 and d{one * 7 % 30} != {one}" for one in numbers)
    names = ", ".join(f"s{one * 11 % 30}" for one in numbers)
    rules = segdsl.loads(f"{dimensions}\n{segments}\npriority p: {names}")
    assert rules.partitions["p"].plan().strategy is Strategy.BITMAP
    with pytest.raises(ValueError, match="the tree of p would be too large"):
        rules.using("tree").assign({})


def test_values_that_are_learnt_have_a_bound() -> None:
    rules = segdsl.loads(
        'dimension page: text\nsegment a: page contains "x"\nsegment b: page starts with "y"\nsegment c: page == "z"'
    )
    (plan,) = rules.using("bitmap").plan()
    assert plan.learnt == MOST_LEARNT
    matching = rules.using("bitmap").matching
    for number in range(MOST_LEARNT + 100):
        assert matching({"page": f"y{number}"}).names == ("b",)
    learnt = next(one for one in matching.__globals__.values() if isinstance(one, Learnt))  # type: ignore[attr-defined]
    assert len(learnt.table) == MOST_LEARNT
