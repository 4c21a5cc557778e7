"""Laws of values: reading never raises and is undone by writing, literals parse back, the plainest value is one."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import segdsl
from segdsl.operators.operator import Context
from segdsl.program.literal import DIGITS
from segdsl.program.reference import holds
from segdsl.testing import visitors
from segdsl.values.kinds import (
    LARGEST_INTEGER,
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
from segdsl.values.plain import plainest
from segdsl.values.region import Cut, Interval
from segdsl.values.unknown import UNKNOWN
from segdsl.values.version import LOWEST, parse_version, show_version
from segdsl.values.written import from_cell, raw, show

LONDON = ZoneInfo("Europe/London")
KINDS: tuple[Kind, ...] = (
    Text(), Text(ignoring_case=True), Text(choices=("a", "B")), Integer(), Integer((0, False), (9, True)), Number(),
    Number((0.0, False), (1.0, False)), Boolean(), Date(), Datetime(), Datetime(LONDON), Duration(), Distance(),
    Version(), Ip(), SetOf(Text()), SetOf(Text(ignoring_case=True)), Point(),
)  # fmt: skip
every_kind = pytest.mark.parametrize("kind", KINDS, ids=str)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.fractions(), st.complex_numbers(),
    st.text(), st.binary(), st.dates(), st.times(), st.datetimes(), st.timedeltas(),
    st.datetimes(timezones=st.timezones()), st.uuids(), st.ip_addresses(), st.ip_addresses().map(str),
    st.dates().map(str), st.datetimes().map(lambda moment: moment.isoformat()),
    st.from_regex(r"v?[0-9]{1,3}(\.[0-9]{1,3}){0,3}(-[a-z0-9.]{1,5})?", fullmatch=True),
    st.from_regex(r"-?P([0-9]+D)?(T[0-9]+M)?", fullmatch=True),
)  # fmt: skip


def _collections(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    mappings = st.dictionaries(st.sampled_from(("lat", "lon", "a")), inner)
    return st.one_of(st.lists(inner, max_size=3), mappings, st.tuples(inner, inner))


raws: st.SearchStrategy[Any] = st.recursive(scalars, _collections, max_leaves=4)


# Reading and writing


@every_kind
@settings(max_examples=2 * settings().max_examples)
@given(value=raws)
def test_reading_never_raises_and_writing_undoes_it(kind: Kind, value: Any) -> None:
    found = read(kind, value)
    if found is UNKNOWN:
        return
    again = read(kind, raw(kind, found))
    assert again == found
    assert type(again) is type(found)
    assert read(kind, raw(kind, again)) == found
    hash(found)


@every_kind
@given(text=st.one_of(st.text(max_size=12), scalars.map(str)))
def test_cells_of_csv_read_as_what_they_say_or_not_at_all(kind: Kind, text: str) -> None:
    found = from_cell(kind, text)
    if found is not None and found is not UNKNOWN:
        assert read(kind, found) is not UNKNOWN


WRITTEN = ("text", "text ignoring case", "integer", "boolean", "date", "datetime", "duration", "version", "ip")
"""The kinds of which every value has a literal."""


@pytest.mark.parametrize("declaration", WRITTEN)
@settings(max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_a_shown_value_is_a_literal_that_means_it(declaration: str, data: st.DataObject) -> None:
    schema = segdsl.loads(f"dimension it: {declaration}\n")
    value = value_of(schema, data)
    kind = schema.dimensions["it"].kind
    if isinstance(kind, Duration) and not 0 <= value < 1e13:
        return  # lengths of time that are negative or beyond all time are not written in rules
    written = show(kind, value)
    text = f"dimension it: {declaration}\nsegment S: it == {written}\n"
    digits = "".join(filter(str.isdigit, written)).strip("0")
    if isinstance(kind, Integer | Duration) and len(digits) > DIGITS:
        with pytest.raises(segdsl.RuleError, match="S306"):
            segdsl.loads(text)
        return
    rules = segdsl.loads(text)
    condition = rules.program.segments["S"].condition
    assert holds(condition, {"it": raw(kind, value)}, Context(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.UTC)), written


def value_of(rules: segdsl.Ruleset, data: st.DataObject) -> Any:
    """A known value of the one dimension of some rules."""
    dimension = rules.dimensions["it"]
    record = data.draw(visitors(rules, valid=True).filter(lambda made: made.get("it") is not None))
    return read(dimension.kind, record["it"])


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_shown_number_of_fifteen_digits_is_the_number(value: float) -> None:
    value = float(f"{value:.15g}")
    rules = segdsl.loads(f"dimension it: number\nsegment S: it == {show(Number(), value)}\n")
    condition = rules.program.segments["S"].condition
    assert holds(condition, {"it": value}, Context(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.UTC))


# The plainest value


def cuts_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Cut | None]:
    return st.one_of(st.none(), st.tuples(values, st.booleans()))


def intervals_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Interval]:
    return st.builds(Interval, cuts_of(values), cuts_of(values)).filter(
        lambda one: one.low is None or one.high is None or one.low < one.high
    )


def assert_plain(kind: Kind, interval: Interval, values: list[Any]) -> None:
    """The plainest value lies inside; there is one whenever one of the values does."""
    found = plainest(kind, interval)
    if found is None:
        assert not any(value in interval for value in values), interval
    else:
        assert found in interval
        assert read(kind, raw(kind, found)) == found


@given(intervals_of(st.one_of(st.integers(-5, 5), st.floats(-5, 5))))
def test_plainest_integer(interval: Interval) -> None:
    assert_plain(Integer(), interval, list(range(-7, 8)))


@pytest.mark.parametrize("bound", [LARGEST_INTEGER, -LARGEST_INTEGER])
@given(low=st.booleans(), high=st.booleans())
def test_plainest_integer_at_the_ends(bound: int, low: bool, high: bool) -> None:
    for interval in (Interval((bound, low), None), Interval(None, (bound, high))):
        inside = [value for value in (bound - 1, bound, bound + 1) if abs(value) <= LARGEST_INTEGER]
        assert_plain(Integer(), interval, inside)


@given(
    intervals_of(
        st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from((0.0, 5e-324, 0.1, 1.0, 1e308)))
    )
)
def test_plainest_number(interval: Interval) -> None:
    ends = [cut[0] for cut in (interval.low, interval.high) if cut is not None]
    middle = [ends[0] / 2 + ends[1] / 2] if len(ends) == 2 else []
    assert_plain(Number(), interval, [0.0, 1.0, -1.0, *ends, *middle])


SHORT_TEXTS = ["".join(letters) for length in range(4) for letters in product("\0ab", repeat=length)]


@settings(max_examples=3 * settings().max_examples)
@given(intervals_of(st.text(st.sampled_from("\0ab"), max_size=3)))
def test_plainest_text(interval: Interval) -> None:
    assert_plain(Text(), interval, SHORT_TEXTS)


@given(intervals_of(st.dates(dt.date(2026, 2, 26), dt.date(2026, 3, 3))))
@example(Interval((dt.date.max, False), None))
@example(Interval(None, (dt.date.min, True)))
def test_plainest_date(interval: Interval) -> None:
    days = [dt.date(2026, 2, 20) + dt.timedelta(days=days) for days in range(20)]
    assert_plain(Date(), interval, [*days, dt.date.min, dt.date.max])


@given(intervals_of(st.datetimes(timezones=st.just(dt.UTC))))
def test_plainest_datetime(interval: Interval) -> None:
    ends = [cut[0] for cut in (interval.low, interval.high) if cut is not None]
    middle = [ends[0] + (ends[1] - ends[0]) / 2] if len(ends) == 2 else []
    assert_plain(Datetime(), interval, [dt.datetime(2026, 1, 1, tzinfo=dt.UTC), *ends, *middle])


identifiers = st.sampled_from(((0, 0, ""), (0, 1, ""), (1, 0, "-"), (1, 0, "a"), (1, 0, "a-"), (1, 0, "b")))
versions = st.builds(
    lambda numbers, pre: (tuple(numbers), 0 if pre else 1, tuple(pre)),
    st.lists(st.integers(0, 2), max_size=3).map(lambda found: found if not found or found[-1] else [*found, 1]),
    st.lists(identifiers, max_size=2),
)
SOME_VERSIONS = [
    (numbers, 0 if pre else 1, pre)
    for length in range(4)
    for numbers in product(range(4), repeat=length)
    if not numbers or numbers[-1]
    for pre in ((), ((0, 0, ""),), ((0, 1, ""),), ((1, 0, "a"),), ((1, 0, "a"), (0, 0, "")))
]


@settings(max_examples=3 * settings().max_examples)
@given(intervals_of(versions))
def test_plainest_version(interval: Interval) -> None:
    assert_plain(Version(), interval, SOME_VERSIONS)


addresses = st.sampled_from(((4, 0), (4, 1), (4, 2**32 - 1), (6, 0), (6, 1), (6, 2**32), (6, 2**128 - 1)))


@given(intervals_of(addresses))
def test_plainest_address(interval: Interval) -> None:
    assert_plain(Ip(), interval, [(4, 0), (4, 1), (4, 2), (4, 2**32 - 1), (6, 0), (6, 1), (6, 2), (6, 2**128 - 1)])


# Versions


def test_versions_are_in_the_order_of_semantic_versioning() -> None:
    """Item 11 of semver.org: the examples, word for word, in order."""
    written = (
        "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
        "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1",
    )  # fmt: skip
    parsed = [parse_version(text) for text in written]
    assert all(one is not None for one in parsed)
    assert all(one < two for one, two in pairwise(parsed))  # type: ignore[operator]  # none of them is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.0", "1.0.0"),
        ("v1", "1.0.0"),
        ("V1.0.0", "1"),
        ("1.0.0+build", "1.0.0"),
        ("01.0", "1.0"),
        ("0.0", "0"),
        ("1-rc", "1.0-rc"),
    ],
)
def test_versions_that_are_the_same(one: str, other: str) -> None:
    assert parse_version(one) == parse_version(other) is not None


@pytest.mark.parametrize(
    "text", ["", "v", "1.", ".1", "1..2", "a", "1.a", "1.0-", "1.0-a..b", " 1.0", "1.0 ", "1,0", "-1", "1.0-ä", "1.0\n"]
)
def test_texts_that_are_not_versions(text: str) -> None:
    assert parse_version(text) is None


@given(versions)
def test_a_shown_version_is_the_version(version: Any) -> None:
    assert parse_version(show_version(version)) == version
    assert version >= LOWEST
