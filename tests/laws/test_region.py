"""Laws of regions: the algebra of sets, membership, one form for one set, cells that cut the order without a gap."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from math import inf, nextafter
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from segdsl.values.kinds import Date, Integer, Kind, Number, Text, Version, domain, stepped
from segdsl.values.region import Cut, Interval, Region, cells
from segdsl.values.unknown import UNKNOWN
from segdsl.values.version import parse_version


@frozen
class Ordered:
    """Values in an order, few enough that regions of them meet; `points` are all values to ask about."""

    kind: Kind
    values: tuple[Any, ...]
    points: tuple[Any, ...]

    def cuts(self) -> st.SearchStrategy[Cut]:
        return st.tuples(st.sampled_from(self.values), st.booleans())

    def intervals(self) -> st.SearchStrategy[Interval]:
        ends = st.one_of(st.none(), self.cuts())
        return st.builds(Interval, ends, ends).filter(
            lambda one: one.low is None or one.high is None or one.low < one.high
        )

    def regions(self) -> st.SearchStrategy[Region]:
        cuts = st.lists(self.cuts(), unique=True, max_size=6).map(lambda found: tuple(sorted(found)))
        return st.builds(Region, cuts, st.booleans(), st.booleans())

    def members(self, region: Region) -> set[Any]:
        return {value for value in (*self.points, UNKNOWN) if value in region}


_VERSIONS = tuple(
    sorted(
        filter(None, map(parse_version, ("0", "0.9", "1.0-alpha", "1.0-alpha.1", "1.0-1", "1.0", "1.0.1", "2-rc", "2")))
    )
)
_FLOATS = (-1.5, 0.0, 0.1, 1.0, 9.99)
_DAYS = tuple(dt.date(2024, 2, 27) + dt.timedelta(days=days) for days in range(5))
_TEXTS = ("", "a", "a\0", "aa", "ab", "b", "é")
INTEGERS = Ordered(Integer(), (-1, 0, 1, 2, 3), tuple(range(-3, 6)))
FLOATS = Ordered(
    Number(),
    _FLOATS,
    tuple(sorted({near for one in _FLOATS for near in (nextafter(one, -inf), one, nextafter(one, inf))})),
)
TEXTS = Ordered(
    Text(),
    _TEXTS,
    tuple(sorted({*_TEXTS, *(one + "\0" for one in _TEXTS), *(one + "\0\0" for one in _TEXTS), "A", "z", "🎯"})),
)
DATES = Ordered(Date(), _DAYS, tuple(dt.date(2024, 2, 25) + dt.timedelta(days=days) for days in range(9)))
VERSIONS = Ordered(Version(), _VERSIONS, _VERSIONS)

every_order = pytest.mark.parametrize(
    "order", [INTEGERS, FLOATS, TEXTS, DATES, VERSIONS], ids=["integers", "floats", "texts", "dates", "versions"]
)


def is_canonical(region: Region) -> bool:
    return all(low < high for low, high in pairwise(region.cuts))


@every_order
@given(data=st.data())
def test_membership_follows_the_operations(order: Ordered, data: st.DataObject) -> None:
    a, b = data.draw(order.regions()), data.draw(order.regions())
    everyone = {*order.points, UNKNOWN}
    assert order.members(a & b) == order.members(a) & order.members(b)
    assert order.members(a | b) == order.members(a) | order.members(b)
    assert order.members(a - b) == order.members(a) - order.members(b)
    assert order.members(~a) == everyone - order.members(a)
    assert order.members(a.values) == order.members(a) - {UNKNOWN}
    assert all(map(is_canonical, (a & b, a | b, a - b, ~a)))


@every_order
@given(data=st.data())
def test_regions_are_a_boolean_algebra(order: Ordered, data: st.DataObject) -> None:
    a, b, c = (data.draw(order.regions()) for _ in range(3))
    nothing, everything = Region.nothing(), Region.everything()
    assert a & everything == a == a | nothing
    assert a & nothing == nothing
    assert a | everything == everything
    assert a & a == a == a | a
    assert ~~a == a
    assert a & ~a == nothing
    assert a | ~a == everything
    assert a & b == b & a
    assert a | b == b | a
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)
    assert a & (a | b) == a == a | (a & b)
    assert ~(a & b) == ~a | ~b
    assert ~(a | b) == ~a & ~b
    assert a - b == a & ~b


@every_order
@given(data=st.data())
def test_a_region_is_empty_exactly_when_nothing_belongs(order: Ordered, data: st.DataObject) -> None:
    region = data.draw(order.regions())
    assert bool(region) is (region != Region.nothing())
    if order.members(region):
        assert region


@every_order
@given(data=st.data())
def test_intervals_make_the_region_again(order: Ordered, data: st.DataObject) -> None:
    region = data.draw(order.regions())
    intervals = list(region.intervals())
    assert Region.spanning(intervals) == region.values
    assert Region.spanning(reversed(intervals)) == region.values
    for value in order.points:
        assert sum(value in interval for interval in intervals) == (value in region)


@every_order
@given(data=st.data())
def test_spanning_is_the_union_of_intervals(order: Ordered, data: st.DataObject) -> None:
    intervals = data.draw(st.lists(order.intervals(), max_size=5))
    union = Region.nothing()
    for interval in intervals:
        union |= Region.between(interval.low, interval.high)
    assert Region.spanning(intervals) == union
    for value in order.points:
        assert (value in union) is any(value in interval for interval in intervals)


@every_order
@given(data=st.data())
def test_values_one_by_one(order: Ordered, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.sampled_from(order.values)))
    region = Region.of(values)
    assert order.members(region) == set(values)
    assert region.singles() == tuple(sorted(set(values)))
    wide = data.draw(order.intervals().filter(lambda interval: not interval.single))
    assert (region | Region.between(wide.low, wide.high)).singles() is None
    assert (region | Region.only_unknown()).singles() == region.singles()


@every_order
@given(data=st.data())
def test_stepping_keeps_every_value_and_gives_one_form(order: Ordered, data: st.DataObject) -> None:
    first, second = data.draw(order.regions()), data.draw(order.regions())
    for region in (first, second):
        moved = stepped(order.kind, region)
        assert order.members(moved) == order.members(region)
        assert stepped(order.kind, moved) == moved
        assert is_canonical(moved)
    assert stepped(order.kind, first & second) == stepped(order.kind, first) & stepped(order.kind, second)
    assert stepped(order.kind, first | second) == stepped(order.kind, first) | stepped(order.kind, second)
    if isinstance(order.kind, Integer | Date) and order.members(first) == order.members(second):
        assert stepped(order.kind, first) == stepped(order.kind, second)


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.booleans()), unique=True, max_size=5).map(lambda cuts: tuple(sorted(cuts))),
    st.booleans(),
)
def test_stepping_moves_cuts_between_integers_onto_them(cuts: tuple[Cut, ...], below: bool) -> None:
    region = Region(cuts, below, False)
    moved = stepped(Integer(), region)
    assert all(isinstance(value, int) and not after for value, after in moved.cuts)
    assert [value in moved for value in range(-5, 6)] == [value in region for value in range(-5, 6)]


@given(st.booleans(), st.booleans())
def test_the_last_day_has_no_next_one(after: bool, below: bool) -> None:
    region = Region(((dt.date.max, after),), below, False)
    moved = stepped(Date(), region)
    for day in (dt.date.max, dt.date.max - dt.timedelta(days=1), dt.date.min):
        assert (day in moved) is (day in region)


@every_order
@given(data=st.data())
def test_cells_cut_the_order_without_gap_or_overlap(order: Ordered, data: st.DataObject) -> None:
    regions = data.draw(st.lists(order.regions(), max_size=4))
    found = list(cells(regions))
    assert found[0][1].low is None
    assert found[-1][1].high is None
    assert all(before.high == after.low for (_, before), (_, after) in pairwise(found))
    assert all(one != two for (one, _), (two, _) in pairwise(found))
    for value in order.points:
        (signature,) = [signature for signature, interval in found if value in interval]
        assert [bool(signature >> place & 1) for place in range(len(regions))] == [
            value in region for region in regions
        ]


@every_order
@given(data=st.data())
def test_between_holds_what_lies_between(order: Ordered, data: st.DataObject) -> None:
    low, high = (data.draw(st.one_of(st.none(), order.cuts())) for _ in range(2))
    region = Region.between(low, high)
    interval = Interval(low, high)
    assert UNKNOWN not in region
    for value in order.points:
        assert (value in region) is (value in interval)


@every_order
def test_a_domain_holds_every_value_and_not_unknown(order: Ordered) -> None:
    assert order.members(domain(order.kind)) == set(order.points)
