"""The meaning of a function by its name is the one of its record, and costs next to nothing to import."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import subprocess
import sys
from calendar import monthrange
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.operators.comparison import COMPARE
from segdsl.operators.meanings import meaning_of
from segdsl.operators.operator import Context, Function
from segdsl.operators.registry import FUNCTIONS
from segdsl.operators.temporal import CIVIL_DATE, Unit, move, shift_date, window
from segdsl.values.kinds import Date, Datetime, Duration, Integer, Number, Point, Text
from segdsl.values.unknown import UNKNOWN, Unknown

ROOT = Path(__file__).parents[2]
ZONES = (dt.UTC, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia"), dt.timezone(dt.timedelta(hours=14)))
FINITE = st.floats(allow_nan=False, allow_infinity=False)
MOMENTS = st.datetimes(timezones=st.just(dt.UTC))
VALUES: dict[type[Any], st.SearchStrategy[Any]] = {
    Text: st.text() | st.from_regex(r"[+-]?[0-9]{1,3}(\.[0-9]{1,3})?(e[+-]?[0-9]{1,3})?", fullmatch=True),
    Integer: st.integers(-(2**53), 2**53),
    Number: FINITE,
    Duration: FINITE,
    Date: st.dates(),
    Datetime: MOMENTS,
    Point: st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
}
MOVES = (
    move(1, Unit.MONTH), move(-1, Unit.YEAR), move(0, Unit.DAY), move(2, Unit.WEEK), move(1.5, Unit.HOUR),
    move(-0.5, Unit.MINUTE), move(-0.0, Unit.HOUR), move(1e-7, Unit.SECOND), move(1e16, Unit.SECOND),
    move(2.0, Unit.DAY), move(10**15, Unit.YEAR),
)  # fmt: skip
WINDOWS = (
    window(30, Unit.DAY, False, False), window(30, Unit.DAY, True, True), window(1, Unit.MONTH, True, False),
    window(1.5, Unit.HOUR, False, True), window(0, Unit.DAY, False, True), window(9999, Unit.YEAR, False, True),
)  # fmt: skip
ALL = (*FUNCTIONS, COMPARE, CIVIL_DATE, *MOVES, *WINDOWS)


def arguments(function: Function, data: st.DataObject) -> list[Any]:
    """A value for each argument; of the two that may be of several kinds alike, two of one kind."""
    kinds: dict[tuple[type[Any], ...], type[Any]] = {}
    for taken in function.parameters:
        kinds.setdefault(taken, data.draw(st.sampled_from([kind for kind in taken if kind in VALUES])))
    return [data.draw(VALUES[kinds[taken]]) for taken in function.parameters]


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.name)
@given(data=st.data())
def test_a_meaning_by_name_is_that_of_the_record(function: Function, data: st.DataObject) -> None:
    found = meaning_of(function.name)
    assert found is not None
    context = Context(data.draw(MOMENTS), data.draw(st.sampled_from(ZONES)))
    values = arguments(function, data)
    assert found(context, *values) == function.meaning(context, *values)


@given(st.integers(-(10**15), 10**15) | FINITE, st.sampled_from(Unit), st.booleans(), st.booleans(), MOMENTS)
def test_every_length_of_time_is_found(
    amount: float, unit: Unit, forward: bool, dates: bool, moment: dt.datetime
) -> None:
    context = Context(moment, dt.UTC)
    for function in (move(amount, unit), window(amount, unit, forward, dates)):
        found = meaning_of(function.name)
        assert found is not None
        assert found(context, moment) == function.meaning(context, moment)


STRANGE: tuple[Any, ...] = (
    "", " ", "move", "move 1", "move 1 fortnight", "move 1 days", "move one day", "move 1  day", "move 1 day ",
    "move 1e999 day", "move inf hour", "move nan hour", "move -inf hour", "move 1_0 day", "move +1 day", "move 01 day",
    "move -0 day", "move 1.50 hour", "move 1e3 hour", "move ١ day", "move True day", "move 1\nday", "move 1 day True",
    "window x", "window 1 day", "window 1 day True", "window 1 day true False", "window 1 day True 0",
    "window 1 day True False ", "window nan day True False", "Year", "year ", "__class__", "meaning_of", "haversine",
    "\ud800", "\0", "x" * 1_000_000, " " * 1_000_000, f"move {'9' * 1_000_000} day", f"move 1.{'0' * 1_000_000} day",
    f"window {'9' * 4_000} day True False", None, 1, 1.5, b"year", ["year"], {"year": 1}, ("move", "1", "day"),
)  # fmt: skip


@pytest.mark.parametrize("name", STRANGE, ids=lambda name: repr(name)[:30])
def test_a_name_that_no_function_has(name: Any) -> None:
    assert meaning_of(name) is None


NAMES = {function.name for function in ALL}


@given(
    st.text()
    | st.from_regex(r"(move|window) [-+0-9.einfa_]{0,9} (day|hour|year|x)( (True|False|x)){0,3}", fullmatch=True)
)
def test_no_name_raises_and_what_is_found_has_that_name(name: str) -> None:
    found = meaning_of(name)
    if name not in NAMES and not name.startswith(("move ", "window ")):
        assert found is None
    if found is not None and name.startswith("move "):
        assert found(Context(dt.datetime(2026, 1, 31, tzinfo=dt.UTC), dt.UTC), dt.date(2026, 1, 31)) is not None


@given(st.dates(), st.integers(-30_000, 30_000))
def test_a_month_ends_when_the_calendar_says(day: dt.date, amount: int) -> None:
    try:
        moved = shift_date(day.replace(day=31 if day.month in (1, 3, 5, 7, 8, 10, 12) else 28), amount, Unit.MONTH)
    except (OverflowError, ValueError):
        return
    assert moved.day <= monthrange(moved.year, moved.month)[1]


@pytest.mark.parametrize("year", [1, 4, 100, 400, 1900, 2000, 2023, 2024, 2100, 9999])
def test_months_have_their_last_day(year: int) -> None:
    for month in range(1, 13):
        assert shift_date(dt.date(year, 1, 31), month - 1, Unit.MONTH).day == monthrange(year, month)[1]


def test_there_is_one_unknown() -> None:
    assert Unknown() is UNKNOWN
    assert copy.copy(UNKNOWN) is copy.deepcopy([UNKNOWN])[0] is UNKNOWN
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(UNKNOWN, protocol)) is UNKNOWN
    assert isinstance(UNKNOWN, Unknown)
    assert repr(UNKNOWN) == "UNKNOWN"
    assert bool(UNKNOWN)


HEAVY = (
    *("attr", "attrs", "lark", "typing", "re", "enum", "collections", "functools", "importlib"),
    *("decimal", "ipaddress", "zoneinfo", "hashlib", "calendar", "locale"),
)


def newly_loaded(code: str) -> set[str]:
    """Which heavy modules an interpreter loads for something."""
    program = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*({HEAVY!r} & sys.modules.keys() - before))"
    program = program.replace(repr(HEAVY), repr(set(HEAVY)))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["operators.meanings", "values.reading", "values.globs", "values.version", "values.unknown"]
)
def test_importing_loads_nothing_heavy(module: str) -> None:
    assert newly_loaded(f"import segdsl.{module}") == set()


def test_plain_values_are_read_without_anything_heavy() -> None:
    code = """
from segdsl.operators.meanings import meaning_of
from segdsl.values import globs, reading
assert reading.text("A", True) == "a"
assert reading.integer(1.0) == 1
assert reading.number(2) == 2.0
assert reading.boolean(True) is True
assert reading.text_set(["a"], False, None) == {"a"}
assert reading.point([1, 2]) == reading.point({"lat": 1, "lon": 2}) == (1.0, 2.0)
assert globs.matches("abc", "a*")
assert meaning_of("+")(None, 1, 2) == 3.0
"""
    assert newly_loaded(code) == set()
