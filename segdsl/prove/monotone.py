"""One relation between dimensions on a box, exactly, where it only rises or only falls with each of them.

`spend > 10 * visits` compares what rises with `spend` and falls with `visits`: over a box it is least in one corner and
greatest in the opposite one. Arithmetic on floats is rounded, but rounding keeps order, and so the corners are exact,
worked out by the functions themselves. Between the two a value is looked for along the edges, by halving.

In: a term in which every dimension stands once, and the values that each may have. Out: values with which the term has
one of those wanted; or that there are certainly none; or that this is not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from math import inf, nextafter
from sys import float_info
from typing import Any

from segdsl.operators.arithmetic import ADD, DIVIDE, MULTIPLY, SUBTRACT
from segdsl.operators.comparison import COMPARE
from segdsl.program import expression as ex
from segdsl.program.schema import Dimension
from segdsl.values.kinds import LARGEST_INTEGER, Date, Datetime, Duration, Integer, Kind, Number
from segdsl.values.region import Interval
from segdsl.values.unknown import UNKNOWN

Values = dict[Dimension, Any]
Evaluate = Callable[[Values], Any]
"""The value of the term, UNKNOWN where it has none."""
HALVINGS = 70
"""Of one edge: floats that far apart have none between them any more."""


def directions(term: ex.Term) -> dict[Dimension, int] | None:
    """For each dimension of a term 1 where it rises with it and -1 where it falls; None where that is not known."""
    match term:
        case ex.Read(dimension):
            return {dimension: 1}
        case ex.Constant():
            return {}
        case ex.Apply(function, (left, right)) if function in (ADD, SUBTRACT, COMPARE):
            return _joined(directions(left), _times(directions(right), 1 if function == ADD else -1))
        case ex.Apply(function, (left, ex.Constant(value=value))) if function in (MULTIPLY, DIVIDE) and value:
            return _times(directions(left), 1 if value > 0 else -1)
        case ex.Apply(function, (ex.Constant(value=value), right)) if function == MULTIPLY and value:
            return _times(directions(right), 1 if value > 0 else -1)
        case _:
            return None


def _times(found: dict[Dimension, int] | None, sign: int) -> dict[Dimension, int] | None:
    return None if found is None else {dimension: sign * own for dimension, own in found.items()}


def _joined(first: dict[Dimension, int] | None, second: dict[Dimension, int] | None) -> dict[Dimension, int] | None:
    """Both; None where a dimension stands in both, so that rounding decides which way the term goes."""
    return None if first is None or second is None or first.keys() & second.keys() else {**first, **second}


def reached(
    rising: Mapping[Dimension, int],
    allowed: Mapping[Dimension, Sequence[Interval]],
    wanted: Sequence[Interval],
    evaluate: Evaluate,
) -> Values | bool:
    """Values of the dimensions with which the term is in one of the wanted intervals.

    True when there certainly are none, False when none were found.
    """
    ends = {dimension: _ends(dimension.kind, allowed[dimension]) for dimension in rising}
    least: Values = {}
    greatest: Values = {}
    for dimension, end in ends.items():
        if end is None:
            return False
        low, high = end if rising[dimension] > 0 else (end[1], end[0])
        least[dimension], greatest[dimension] = low, high
    bottom, top = evaluate(least), evaluate(greatest)
    if bottom is UNKNOWN or top is UNKNOWN:
        return False
    if not any(_overlaps(bottom, top, interval) for interval in wanted):
        return True
    return _along(least, greatest, allowed, wanted, evaluate) or False


def _along(
    start: Values,
    end: Values,
    allowed: Mapping[Dimension, Sequence[Interval]],
    wanted: Sequence[Interval],
    evaluate: Evaluate,
) -> Values | None:
    """Values on the way from one corner to the other, one dimension after the other, each by halving."""
    here = dict(start)
    for dimension in start:
        low, high = here, {**here, dimension: end[dimension]}
        for _ in range(HALVINGS):
            for found in (low, high):
                value = evaluate(found)
                inside = any(found[dimension] in interval for interval in allowed[dimension])
                if value is not UNKNOWN and inside and any(value in interval for interval in wanted):
                    return found
            middle = _middle(low[dimension], high[dimension])
            if middle is None:
                break
            between = {**here, dimension: middle}
            value = evaluate(between)
            if value is UNKNOWN:
                break
            if any(value in interval for interval in wanted):
                low = high = between
                if not any(middle in interval for interval in allowed[dimension]):
                    break
            elif any(interval.low is not None and (value, True) <= interval.low for interval in wanted):
                low = between
            else:
                high = between
        here = {**here, dimension: end[dimension]}
    return None


def _overlaps(bottom: Any, top: Any, interval: Interval) -> bool:
    """Whether an interval has something between two values."""
    above = interval.low is None or interval.low < (top, True)
    below = interval.high is None or (bottom, False) < interval.high
    return above and below


def _ends(kind: Kind, intervals: Sequence[Interval]) -> tuple[Any, Any] | None:
    """The least and the greatest value in some intervals; None where the kind has none, or there are none."""
    if not intervals:
        return None
    lows = [_first_above(kind, interval) for interval in intervals]
    highs = [_last_below(kind, interval) for interval in intervals]
    if any(one is None for one in (*lows, *highs)):
        return None
    return min(lows), max(highs)


def _first_above(kind: Kind, interval: Interval) -> Any:
    low = interval.low
    match kind:
        case Integer():
            return -LARGEST_INTEGER if low is None else low[0] + low[1]
        case Number() | Duration():
            return -float_info.max if low is None else nextafter(low[0], inf) if low[1] else float(low[0])
        case Date():
            return dt.date.min if low is None else low[0] + dt.timedelta(days=low[1])
        case Datetime():
            return None if low is None else low[0] + dt.timedelta(microseconds=low[1])
        case _:
            return None


def _last_below(kind: Kind, interval: Interval) -> Any:
    high = interval.high
    match kind:
        case Integer():
            return LARGEST_INTEGER if high is None else high[0] - (not high[1])
        case Number() | Duration():
            return float_info.max if high is None else float(high[0]) if high[1] else nextafter(high[0], -inf)
        case Date():
            return dt.date.max if high is None else high[0] - dt.timedelta(days=not high[1])
        case Datetime():
            return None if high is None else high[0] - dt.timedelta(microseconds=not high[1])
        case _:
            return None


def _middle(low: Any, high: Any) -> Any:
    """A value between two; None when there is none."""
    if isinstance(low, int) and isinstance(high, int):
        middle: Any = (low + high) // 2
    elif isinstance(low, float):
        middle = low / 2 + high / 2
    else:
        middle = low + (high - low) / 2
    return None if middle in (low, high) else middle
