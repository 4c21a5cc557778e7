"""Values on and beside every boundary that some tests draw, one at least from each stretch between them.

In: a dimension, and single tests that read it, at one instant. Out: raw values as a record holds them, None for
unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from itertools import combinations, pairwise
from math import ceil, floor, inf, nextafter
from typing import Any

from text_automaton import Reader, answers, order_reader, pattern_reader

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.reference import value_of
from segdsl.program.schema import Dimension
from segdsl.values.kinds import Boolean, Date, Datetime, Duration, Integer, Ip, Number, SetOf, Text, Version, read
from segdsl.values.region import Interval
from segdsl.values.unknown import UNKNOWN
from segdsl.values.words import Shape

LARGEST = 2**53 - 1
ALL_OF_A_RANGE = 64
"""Whole numbers of a range that are all tried, where it has no more."""
NOON = dt.time(12, tzinfo=dt.UTC)
DAY, TICK = dt.timedelta(days=1), dt.timedelta(microseconds=1)
PATTERNS = {shape.value: shape for shape in Shape}
STRANGE_TEXTS = ("", "3", "0", "0.5", "0.4", "-1", "12", "A", "AB", "B", "other", "x1", "x2", "x3", "x4", "x5")
"""Tried where functions of a text are asked for."""


def values_near(dimension: Dimension, tests: Sequence[ex.Condition], context: Context) -> list[Any]:
    """Raw values of a dimension. Raises TooManyStates for texts with too much asked of them."""
    found = _known(dimension, tests, list(constants(dimension, tests, context)), context)
    known = [value for value in dict.fromkeys(found) if read(dimension.kind, value) is not UNKNOWN]
    return known if dimension.required else [*known, None]


def simple(test: ex.Condition) -> bool:
    """Whether a test asks a dimension itself (or the civil date of a moment), or compares two, and no function."""
    return not isinstance(test, ex.Test) or all(
        not isinstance(term, ex.Apply) or term.function.name == "date" or not ex.dimensions_of(term)
        for term in (test.subject, test.operand)
    )


def constants(dimension: Dimension, tests: Sequence[ex.Condition], context: Context) -> Iterator[Any]:
    """Every value that a test compares the dimension itself with, what moves with now as it stands at the instant."""
    for test in tests:
        match test:
            case ex.Test(operator, operand=operand) if operator.name not in PATTERNS and simple(test):
                if not ex.dimensions_of(operand):
                    yield from _flat(value_of(operand, {}, context))
            case ex.InState(state=state):
                yield from (cut[0] for cut in state.region.cuts)
            case _:
                pass
    if dimension.default is not UNKNOWN:
        yield dimension.default


def _flat(value: Any) -> Iterator[Any]:
    """The values in what an operator takes on its right: a value, intervals, words, a pair of times."""
    if isinstance(value, tuple) and value and isinstance(value[0], Interval):
        yield from (cut[0] for span in value for cut in (span.low, span.high) if cut is not None)
    elif isinstance(value, tuple) and value and isinstance(value[0], dt.date):
        yield from value
    elif isinstance(value, frozenset):
        yield from sorted(value)
    elif value is not None and value is not UNKNOWN:
        yield value


def _known(dimension: Dimension, tests: Sequence[ex.Condition], near: list[Any], context: Context) -> Iterable[Any]:
    kind = dimension.kind
    match kind:
        case Text(choices=tuple(choices)):
            return choices
        case Text():
            return _texts(tests, near, kind.ignoring_case)
        case Boolean():
            return True, False
        case Integer(low, high):
            return _whole_numbers(near, -LARGEST if low is None else low[0], LARGEST if high is None else high[0])
        case Number() | Duration():
            ends = [cut[0] for cut in (getattr(kind, "low", None), getattr(kind, "high", None)) if cut]
            return _numbers([*near, *ends, 0.0])
        case Date():
            return (*_dates(near), *([] if all(map(simple, tests)) else _days_of_some_years()))
        case Datetime():
            days = [] if all(map(simple, tests)) else _days_of_some_years()
            return (*_moments(near, context.zone), *(dt.datetime.combine(day, NOON) for day in days))
        case Version():
            return _versions(near)
        case Ip():
            return _addresses(near)
        case SetOf(member):
            return _sets(near if member.choices is None else member.choices, closed=member.choices is not None)
        case _:
            raise AssertionError(f"no values of {kind} are known here")


def _texts(tests: Sequence[ex.Condition], near: Iterable[str], folded: bool) -> Iterator[str]:
    """A text for every combination of answers to tests of patterns and of order."""
    asked: dict[tuple[str, str], Reader] = {("order", bound): order_reader(bound) for bound in near}
    for test in tests:
        match test:
            case ex.Test(operator, ex.Read(), ex.Constant(value=str(text))) if operator.name in PATTERNS:
                asked[operator.name, text] = pattern_reader(PATTERNS[operator.name], text)
            case _:
                pass
    yield from (text for _, text in answers(list(asked.values()), folded))
    if not all(map(simple, tests)):
        yield from STRANGE_TEXTS


def _whole_numbers(near: Iterable[float], low: int, high: int) -> Iterator[int]:
    if high - low < ALL_OF_A_RANGE:
        yield from range(low, high + 1)
        return
    edges = sorted({low, high, 0, *(edge for value in near for edge in (floor(value), ceil(value)))})
    for value in sorted({edge + step for edge in edges for step in (-2, -1, 0, 1, 2)}):
        if low <= value <= high:
            yield value


def _numbers(near: Iterable[float]) -> Iterator[float]:
    values = sorted({float(value) for value in near})
    for value in values:
        yield from (nextafter(value, -inf), value, nextafter(value, inf))
    yield from (-1e300, 1e300)
    yield from ((low + high) / 2 for low, high in pairwise(values))


def _dates(near: Iterable[dt.date]) -> Iterator[dt.date]:
    yield from (dt.date.min, dt.date.max, dt.date(2026, 1, 1))
    for day in near:
        yield day
        for step in (-DAY, DAY):
            with suppress(OverflowError):
                yield day + step


def _days_of_some_years() -> list[dt.date]:
    """Tried where functions of a time are asked for."""
    return [dt.date(2023, 11, 15) + number * DAY for number in range(900)]


def _moments(near: Iterable[dt.date], zone: dt.tzinfo) -> Iterator[dt.datetime]:
    yield from (dt.datetime(2, 1, 1, tzinfo=dt.UTC), dt.datetime(9998, 1, 1, tzinfo=dt.UTC))
    for value in near:
        for moment in [value] if isinstance(value, dt.datetime) else civil_edges(value, zone):
            yield from (moment - TICK, moment, moment + TICK)


@lru_cache(maxsize=1000)
def civil_edges(day: dt.date, zone: dt.tzinfo) -> tuple[dt.datetime, ...]:
    """The moments at which a clock on the wall comes to a date or leaves it, found by looking at the clock."""

    def side(moment: dt.datetime) -> int:
        local = moment.astimezone(zone).date()
        return int(local > day) - int(local < day)

    start = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(hours=36)
    found = []
    for quarter in range(4 * 96):
        low, high = (start + dt.timedelta(minutes=15 * (quarter + step)) for step in (0, 1))
        before = side(low)
        if before == side(high):
            continue
        while high - low > TICK:
            middle = low + (high - low) / 2
            low, high = (middle, high) if side(middle) == before else (low, middle)
        found.append(high)
    return tuple(found)


def _versions(near: Iterable[Any]) -> Iterator[str]:
    """Written out: each, and what lies close below and above it."""
    yield from ("0-0", "0", "0.0.1", "99999.9")
    for numbers, release, identifiers in near:
        base = ".".join(map(str, numbers)) or "0"
        padded = [*numbers, *[0] * (3 - len(numbers))]
        yield from (base, f"{base}-0", f"{base}-zzz", ".".join(map(str, [*padded, 1])) + "-0")
        yield ".".join(map(str, [*padded[:-1], padded[-1] + 1]))
        if not release:
            words = [word if is_word else str(number) for is_word, number, word in identifiers]
            before, last = words[:-1], words[-1]
            below = str(int(last) - 1) if last.isdigit() else last[:-1] + chr(ord(last[-1]) - 1) + "zz"
            above = str(int(last) + 1) if last.isdigit() else last + "-"
            longer = [[*words, *more] for more in ((), ("0",), ("0", "0"), ("zz",))]
            several = [before, [*before, below], [*before, above], *longer]
            yield from (f"{base}-{'.'.join(parts)}" for parts in several if parts and not parts[-1].startswith("-"))


def _addresses(near: Iterable[tuple[int, int]]) -> Iterator[IPv4Address | IPv6Address]:
    for family, number in [*near, (4, 0), (4, 2**32 - 1), (6, 0), (6, 2**128 - 1)]:
        make = IPv4Address if family == 4 else IPv6Address
        for value in (number - 1, number, number + 1):
            if 0 <= value < 2 ** (32 if family == 4 else 128):
                yield make(value)


def _sets(words: Iterable[str], closed: bool) -> Iterator[tuple[str, ...]]:
    """Every set of the words, and of one that no rule mentions."""
    used = sorted({*words, *(() if closed else ("nobody asked",))})
    for size in range(len(used) + 1):
        yield from combinations(used, size)
