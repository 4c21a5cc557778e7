"""Hypothesis strategies for visitors and instants that favour the boundaries of given rules.

In: a `Ruleset`. Out: strategies. The only module of segdsl that imports hypothesis.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

from hypothesis import strategies as st

from segdsl.program.record import put, raw_at
from segdsl.program.reference import value_in
from segdsl.testing.boundaries import FIRST, LAST, Boundaries, is_value, usual
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
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import raw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from segdsl.program.schema import Dimension
    from segdsl.ruleset import Ruleset

Strategy = st.SearchStrategy
T = TypeVar("T")


def visitors(rules: Ruleset, *, valid: bool = False) -> Strategy[dict[str, Any]]:
    """Records of visitors for some rules, with values at and just beside every place where the rules change their mind.

    Whatever is not `required` is unknown now and then: left out, `None`, or a value that the rules cannot read (another
    type, outside the declared range, not a number). With `valid` everything that is there is as declared. What is
    `required` is always there and valid, as the host promises, so that a claim that is proved holds for every record.
    """
    program = rules.program
    boundaries = Boundaries.of(program)
    dimensions = tuple(program.dimensions.values())
    raws = {one.name: _raws(one, boundaries, valid) for one in sorted(dimensions, key=lambda one: one.required)}
    parents = () if valid else _parents(dimensions)
    broken = st.one_of(st.just(None), st.just(None), st.sampled_from(parents)) if parents else st.just(None)

    def record(values: dict[str, Any], parent: tuple[str, ...] | None, instead: Any) -> dict[str, Any]:
        made = _record(program.dimensions, values)
        if parent is not None:
            put(made, parent, instead)
        return made

    records = st.builds(record, st.fixed_dictionaries(raws), broken, st.sampled_from(NOT_MAPPINGS))
    return _described("visitor", records.filter(lambda made: _as_promised(dimensions, made, valid)))


def instants(rules: Ruleset) -> Strategy[dt.datetime]:
    """Moments at which to look at visitors: near the times that the rules mention, where clocks change, and others."""
    near = Boundaries.of(rules.program).instants
    ticks = st.sampled_from((0, 0, 0, -1, 1)).map(lambda count: dt.timedelta(microseconds=count))
    mentioned = st.builds(lambda moment, tick: moment + tick, st.sampled_from(near), ticks)
    others = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(dt.UTC))
    return _described("instant", st.one_of(mentioned, mentioned, others))


def _described(name: str, strategy: Strategy[T]) -> Strategy[T]:
    """The same strategy with a short name, for failure reports: its own lists every value that the rules mention."""

    def drawn(draw: st.DrawFn) -> T:
        return draw(strategy)

    drawn.__name__ = name
    return st.composite(drawn)()


# Records


class _Absent:
    """Stands for a value that is left out of a record."""

    def __repr__(self) -> str:
        return "absent"


_ABSENT = _Absent()
NOT_MAPPINGS: tuple[Any, ...] = ("text", 3, [], True)
"""What a record may hold where other values should lie nested."""


def _record(dimensions: Mapping[str, Dimension], values: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in values.items():
        path = dimensions[name].path
        if value is _ABSENT:
            continue
        put(made, path, value)
        if value is None and len(path) == 1:
            made.setdefault(path[0], None)
    return made


def _parents(dimensions: tuple[Dimension, ...]) -> list[tuple[str, ...]]:
    """Paths under which nested dimensions lie, none of which is required."""
    promised = {one.path[:length] for one in dimensions if one.required for length in range(1, len(one.path))}
    nested = {one.path[:length]: None for one in dimensions for length in range(1, len(one.path))}
    return [path for path in nested if path not in promised]


def _as_promised(dimensions: tuple[Dimension, ...], record: dict[str, Any], valid: bool) -> bool:
    """Dimensions that share a path or lie in one another could break what one of them promises."""
    for one in dimensions:
        unread = read(one.kind, raw_at(record, one.path)) is UNKNOWN
        if unread and (one.required or (valid and raw_at(record, one.path) is not None)):
            return False
    return all(not one.required or value_in(one, record) is not UNKNOWN for one in dimensions)


# Values of one dimension


def _raws(dimension: Dimension, boundaries: Boundaries, valid: bool) -> Strategy[Any]:
    """Raw values of a dimension as a record has them."""
    kind = dimension.kind
    near = [st.sampled_from(found) for found in (boundaries.own(dimension), boundaries.near(dimension)) if found]
    values = st.one_of(*near, *near, _any_of(dimension, boundaries)).flatmap(
        lambda value: st.sampled_from(tuple(spellings(kind, value)))
    )
    if dimension.required:
        return values
    unknown = st.sampled_from((_ABSENT, None))
    if valid:
        return st.one_of(values, values, values, unknown)
    return st.one_of(values, values, values, unknown, st.sampled_from(unreadable(kind)))


def _any_of(dimension: Dimension, boundaries: Boundaries) -> Strategy[Any]:
    """Values of the kind, anywhere in its domain."""
    return _strategy(dimension, boundaries).filter(lambda value: is_value(dimension.kind, value))


def _strategy(dimension: Dimension, boundaries: Boundaries) -> Strategy[Any]:
    kind = dimension.kind
    match kind:
        case Text(choices=None):
            return _texts(tuple(dict.fromkeys(boundaries.near(dimension))), kind.ignoring_case)
        case Text() | Boolean() | Version():
            return st.sampled_from(usual(kind))
        case Integer(low, high):
            least = -LARGEST_INTEGER if low is None else max(-LARGEST_INTEGER, low[0])
            most = LARGEST_INTEGER if high is None else min(LARGEST_INTEGER, high[0])
            small = st.integers(-20, 20)
            return st.one_of(small, st.integers(int(least), int(most))) if least <= most else small
        case Number():
            return st.one_of(
                st.integers(-20, 20).map(float),
                st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0),
            )
        case Duration() | Distance():
            return st.one_of(st.integers(0, 10**7).map(float), st.floats(0, 1e9))
        case Date():
            return st.one_of(st.dates(dt.date(2023, 1, 1), dt.date(2027, 12, 31)), st.dates())
        case Datetime():
            years = (dt.datetime(2023, 1, 1), dt.datetime(2027, 12, 31))
            return st.one_of(st.datetimes(*years, timezones=st.just(dt.UTC)), st.datetimes(timezones=st.just(dt.UTC)))
        case Ip():
            fours = st.integers(0, 2**32 - 1).map(lambda address: (4, address))
            return st.one_of(fours, st.integers(0, 2**128 - 1).map(lambda address: (6, address)))
        case SetOf(member):
            return _sets(member, tuple(boundaries.members.get(dimension, ())))
        case Point():
            return st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(
                lambda place: (place[0] + 0.0, place[1] + 0.0)
            )
        case _:
            assert_never(kind)


def _texts(near: tuple[str, ...], ignoring_case: bool) -> Strategy[str]:
    characters = st.characters(exclude_categories=["Cs"])
    pieces = st.one_of(st.sampled_from(near), st.text(st.sampled_from(sorted({*"".join(near), *"ab-"})), max_size=2))
    whole = st.one_of(st.lists(pieces, max_size=4).map("".join), st.text(characters, max_size=6))
    return whole.map(lambda text: read(Text(ignoring_case), text))


def _sets(member: Text, mentioned: tuple[str, ...]) -> Strategy[frozenset[str]]:
    pool = member.choices or tuple(
        dict.fromkeys(
            read(member, text)
            for one in (*mentioned, "other", "")
            for text in (one, one + "x", one.swapcase(), one[:-1])
        )
    )
    return st.frozensets(st.sampled_from(pool), max_size=5)


# Raw forms


def spellings(kind: Kind, value: Any) -> Iterator[Any]:
    """The raw values that read as a value: as in JSON first, then as Python has them."""
    yield raw(kind, value)
    for candidate in _other_forms(kind, value):
        if read(kind, candidate) == value:
            yield candidate


def _other_forms(kind: Kind, value: Any) -> tuple[Any, ...]:
    match kind:
        case Text(ignoring_case=ignoring_case):
            return (value.upper(),) if ignoring_case else ()
        case Integer() | Number() | Distance():
            return (float(value), Decimal(value))
        case Boolean():
            return ()
        case Date():
            return (value,)
        case Datetime(zone):
            try:
                return (value, value.astimezone(zone), value.astimezone(zone).replace(tzinfo=None))
            except OverflowError:  # at the ends of time other zones have no name for it
                return (value,)
        case Duration():
            return (float(value), dt.timedelta(seconds=value)) if abs(value) < 1e13 else (float(value),)
        case Version():
            text = raw(kind, value)
            return (f"v{text}", f"{text}+build")
        case Ip():
            return (ipaddress.IPv4Address(value[1]) if value[0] == 4 else ipaddress.IPv6Address(value[1]),)
        case SetOf():
            return (value, set(value), tuple(value), [*value, *value])
        case Point():
            return (value, {"lat": value[0], "lon": value[1]})
        case _:
            assert_never(kind)


_STRANGE: tuple[Any, ...] = (
    True, False, 0, 1, 3, -1, 1.5, 2**53, -(2**60), 10**400, 0.1, "", "3", "true", "x", "2026-13-01", "2026-02-29",
    "999.1.1.1", "1..2", float("nan"), float("inf"), float("-inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("0.1"),
    Fraction(1, 3), 3 + 0j, b"x", dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, 12), dt.timedelta(days=1), dt.time(12),
    [], ["x", 3], ["x", None], (), {}, {"lat": 91, "lon": 0}, [91.0, 0.0], [0.0], object, range(3), NotImplemented,
)  # fmt: skip


def unreadable(kind: Kind) -> tuple[Any, ...]:
    """Raw values that read as unknown: other types, and values outside of the domain."""
    outside: list[Any] = []
    match kind:
        case Integer(low, high) | Number(low, high):
            outside += [cut[0] + step for cut in (low, high) if cut is not None for step in (-1, 0, 1, 0.5)]
        case Text(choices=choices) if choices is not None:
            outside += [choice + "x" for choice in choices]
        case _:
            outside += []
    return tuple(value for value in (*_STRANGE, *outside) if read(kind, value) is UNKNOWN)
