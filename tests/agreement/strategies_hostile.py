"""Records that a host should never send, and does: values of every wrong type, with methods that lie or raise.

In: a schema's dimensions. Out: strategies of raw values and of records. `exotic` values are made anew for each draw, as
some of them change when they are read.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, UserDict, UserString, defaultdict
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st
from strange_objects import (
    BadZone,
    Color,
    EqualsAll,
    Lazy,
    Level,
    LyingDict,
    LyingSet,
    Named,
    NotAvailable,
    NoZone,
    Odd,
    OddFloat,
    OtherDay,
    Raises,
    RaisingMapping,
    Shouting,
    StopsTheProgram,
    Whole,
)

from segdsl.program.record import put

if TYPE_CHECKING:
    from collections.abc import Callable

    from segdsl.program.schema import Dimension

Strategy = st.SearchStrategy


_MAKERS: tuple[Callable[[], Any], ...] = (
    EqualsAll, Raises, NotAvailable, StopsTheProgram, RaisingMapping, object, SimpleNamespace, LyingSet,
    lambda: mock.ANY, lambda: NotImplemented, lambda: Ellipsis, mock.MagicMock, lambda: Shouting("zzz"),
    lambda: Shouting("a"), lambda: UserString("a"), lambda: Color.A, lambda: Color.AB, lambda: Named.A,
    lambda: Named.EMPTY, lambda: Level.ZERO, lambda: Level.TWO, lambda: Whole.TWO, lambda: Odd(2),
    lambda: Odd(10**30), lambda: OddFloat("nan"), lambda: OddFloat(2.5), lambda: True, lambda: False, lambda: 0,
    lambda: 1, lambda: 2, lambda: -0.0, lambda: 2.0, lambda: 2.5, lambda: 0.1, lambda: "2", lambda: "0.1",
    lambda: "true", lambda: "", lambda: "a", lambda: "B", lambda: "ab", lambda: "\ud800", lambda: "a\0",
    lambda: float("nan"), lambda: float("inf"), lambda: float("-inf"), lambda: 1e308, lambda: 5e-324,
    lambda: 2**53 - 1, lambda: 2**53, lambda: -(2**53), lambda: float(2**53), lambda: 10**400, lambda: -(10**5000),
    lambda: Decimal("NaN"), lambda: Decimal("sNaN"), lambda: Decimal("0.1"), lambda: Decimal("2"),
    lambda: Decimal("2.50"), lambda: Decimal("Infinity"), lambda: Decimal("1e400"), lambda: Decimal("-0"),
    lambda: Decimal("9.99"), lambda: Fraction(1, 2), lambda: Fraction(2, 1), lambda: 2 + 0j, lambda: b"a",
    lambda: bytearray(b"a"), lambda: np.float16(0.1), lambda: np.float32(0.1), lambda: np.float64(0.1),
    lambda: np.float64("nan"), lambda: np.longdouble(2), lambda: np.float64(2), lambda: np.float32(2.5),
    lambda: np.int8(2), lambda: np.int64(3), lambda: np.uint64(2**64 - 1), lambda: np.bool_(True),
    lambda: np.bool_(False), lambda: np.str_("a"), lambda: np.str_("B"), lambda: np.bytes_(b"a"),
    lambda: np.datetime64("2026-01-01"), lambda: np.datetime64("2026-01-01T00:00"),
    lambda: np.datetime64("2026-01-01T00:00:00.000000001"), lambda: np.datetime64("NaT"),
    lambda: np.timedelta64(600, "s"), lambda: np.timedelta64("NaT"), lambda: np.array([1, 2]), lambda: np.array(2),
    lambda: np.array("a"), lambda: np.array([]), lambda: np.array(["a"]), lambda: np.void(b"a"),
    lambda: np.complex128(2), lambda: dt.date(2026, 1, 1), lambda: dt.date(2024, 2, 29), lambda: OtherDay(2026, 1, 2),
    lambda: dt.datetime(2026, 1, 1), lambda: dt.datetime(2026, 3, 29, 1, 30),
    lambda: dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC),
    lambda: dt.datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=1),
    lambda: dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14))),
    lambda: dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.timezone(-dt.timedelta(hours=14))), lambda: dt.datetime.min,
    lambda: dt.datetime.max, lambda: dt.datetime(2026, 1, 1, tzinfo=NoZone()),
    lambda: dt.datetime(2026, 1, 1, tzinfo=BadZone()), lambda: dt.time(12), lambda: dt.timedelta(minutes=10),
    lambda: dt.timedelta.max, lambda: dt.timedelta(0), lambda: "2026-01-01", lambda: "2026-02-30",
    lambda: "2026-01-01T00:00Z", lambda: "2026-01-01T00:00", lambda: "2026-01-01T24:00Z", lambda: "20260101",
    lambda: "PT10M", lambda: "P1D", lambda: "-PT1S", lambda: "P1M", lambda: "PT", lambda: "P999999999999D",
    lambda: "1.0", lambda: "v1.0", lambda: "1.0.0", lambda: "1.0-rc.1", lambda: "1.0-", lambda: "1.0+b",
    lambda: "10.0.0.1", lambda: "::1", lambda: "::ffff:10.0.0.1", lambda: "10.0.0.1/8", lambda: "fe80::1%eth0",
    lambda: "010.0.0.1", lambda: None, lambda: {1: 2}, lambda: [("alpha", 1)], list, dict, tuple, set, frozenset,
    lambda: ["a"], lambda: ["a", "a"], lambda: {"a", "b"}, lambda: ("A",), lambda: ["a", 3], lambda: ["a", None],
    lambda: [["a"]], lambda: {"a": 1}, lambda: [Color.A], lambda: [EqualsAll()], lambda: [Raises()],
    lambda: iter(["a"]), lambda: range(2), lambda: LyingSet({"z"}), lambda: [np.str_("a")], lambda: ["d"],
    lambda: ["zzz"], lambda: [59.91, 10.75], lambda: (59.91, 10.75), lambda: {"lat": 59.91, "lon": 10.75},
    lambda: {"latitude": 0, "longitude": 0}, lambda: [91, 0], lambda: [True, 0], lambda: ["59", "10"],
    lambda: [59.91, float("nan")], lambda: [np.float32(59.91), np.float64(10.75)], lambda: (59.91, 10.75, 3),
    lambda: {"lat": 59.91}, lambda: defaultdict(float),
)  # fmt: skip


@st.composite
def _exotic(draw: st.DrawFn) -> Any:
    return draw(st.sampled_from(_MAKERS))()


exotic: Strategy[Any] = _exotic()


def hostile_records(dimensions: tuple[Dimension, ...], sane: Strategy[dict[str, Any]]) -> Strategy[Any]:
    """Sane records in which some values, or what holds them, are replaced by strange ones; or no records at all."""
    inner = [one.path[:length] for one in dimensions for length in range(1, len(one.path))]
    paths = st.sampled_from((*inner, *(one.path for one in dimensions)))
    swaps = st.lists(st.tuples(paths, exotic), min_size=1, max_size=3)

    def swapped(record: dict[str, Any], changes: list[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
        for path, value in changes:
            put(record, path, value)
        return record

    changed = st.builds(swapped, sane, swaps)
    return st.one_of(changed, changed, changed, st.builds(_wrapped, changed, st.sampled_from(_WRAPPERS)), exotic)


def _wrapped(record: dict[str, Any], wrap: Callable[[dict[str, Any]], Any]) -> Any:
    return wrap({key: _wrapped(value, wrap) if type(value) is dict else value for key, value in record.items()})


def _as_attributes(record: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{key: value for key, value in record.items() if isinstance(key, str)})


def _making_texts(record: dict[str, Any]) -> defaultdict[str, str]:
    return defaultdict(lambda: "a", record)


_WRAPPERS: tuple[Callable[[dict[str, Any]], Any], ...] = (
    MappingProxyType,
    UserDict,
    OrderedDict,
    Lazy,
    LyingDict,
    _making_texts,
    _as_attributes,
)
