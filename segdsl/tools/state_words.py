"""Names for the states of a dimension, as the head of a row or column.

In: a cell that the prover made. Out: a few words, in the notation of rule files: `0`, `1..3`, `"sale_ad"`,
`anything else`, `unknown`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from segdsl.prove.cells import MemberVariable, TextVariable, ValueVariable, possible_values
from segdsl.prove.regions import term_words
from segdsl.values.kinds import Date, Datetime, Integer, Kind, Number, Text, Version, stepped
from segdsl.values.region import Cut, Interval, Region
from segdsl.values.version import show_version
from segdsl.values.words import Shape
from segdsl.values.written import quoted, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from segdsl.program import expression as ex
    from segdsl.program.schema import State

REST = "anything else"
MOST_PARTS = 4
"""Values and stretches that one state names; of more the first are named, and how many there are."""


def value_states(variable: ValueVariable, states: Sequence[State]) -> list[tuple[int, str]]:
    """The cells of a term's values by number, each with its name, in the order in which a table shows them.

    Where every cell of known values is one of the named states, these are the names, in the order declared; otherwise
    the values are, in their own order and "anything else" behind. Unknown comes last.
    """
    regions = [Region.spanning(cell.intervals) for cell in variable.cells]
    possible = possible_values(variable.term).values
    named = [_state_of(variable.term.kind, region, possible, states) for region in regions if region]
    fitting = [state for state in named if state is not None]
    exact = len(fitting) == len(named) == len(set(fitting))
    names = iter(fitting)
    found: list[tuple[int, int, str]] = []
    for number, region in enumerate(regions):
        if not region:
            found.append((len(regions) + len(states) + 1, number, _unknown(states)))
        elif exact:
            state = next(names)
            found.append((states.index(state), number, state.label or state.name))
        else:
            words = _region(variable.term, region, possible)
            found.append((len(states) + (len(regions) if words == REST else 0), number, words))
    return [(number, words) for _, number, words in sorted(found)]


def _state_of(kind: Kind, region: Region, possible: Region, states: Sequence[State]) -> State | None:
    wanted = stepped(kind, region)
    return next((state for state in states if stepped(kind, state.region.values & possible) == wanted), None)


def _unknown(states: Sequence[State]) -> str:
    return next((state.label or state.name for state in states if state.region == Region.only_unknown()), "unknown")


def test_words(variable: TextVariable | MemberVariable) -> str:
    """A text test, or what a set is asked for, as a rule file writes it."""
    name = term_words(variable.term)
    if isinstance(variable, TextVariable):
        shape = variable.pattern.shape
        return f"{name} {'matches' if shape is Shape.GLOB else shape.value} {quoted(variable.pattern.text)}"
    inside = Region.spanning(variable.group.intervals)
    return f"{name} has {_region_of_kind(Text(), inside, Region.between(('', False), None))}"


def _region(term: ex.Term, region: Region, possible: Region) -> str:
    return _region_of_kind(term.kind, region, possible)


def _region_of_kind(kind: Kind, region: Region, possible: Region) -> str:
    outside = possible - region
    if not outside:
        return "known"
    intervals = list(region.intervals())
    listed = len(intervals) <= MOST_PARTS and all(_single(kind, one) for one in intervals)
    others = list(outside.intervals())
    if not listed and 1 < len(intervals) >= len(others) and all(_single(kind, one) for one in others):
        return REST
    edges = _edges(kind, possible)
    parts = [_interval(kind, one, edges) for one in intervals]
    if len(parts) > MOST_PARTS:
        return f"{', '.join(parts[: MOST_PARTS - 1])} and {len(parts) - MOST_PARTS + 1} more"
    return ", ".join(parts)


def _edges(kind: Kind, possible: Region) -> tuple[Cut | None, Cut | None]:
    """The ends of all values that need no words: those that the author has not declared."""
    intervals = list(possible.intervals())
    declared = kind if isinstance(kind, Integer | Number) else Number()
    return (
        intervals[0].low if declared.low is None else None,
        intervals[-1].high if declared.high is None else None,
    )


def _interval(kind: Kind, interval: Interval, edges: tuple[Cut | None, Cut | None]) -> str:
    if interval.low is not None and _single(kind, interval):
        return _value(kind, interval.low[0])
    low = None if interval.low == edges[0] else interval.low
    high = None if interval.high == edges[1] else interval.high
    if high is not None and not high[1] and isinstance(kind, Integer | Date):
        high = (high[0] - (dt.timedelta(days=1) if isinstance(kind, Date) else 1), True)
    if low is None:
        return "known" if high is None else _up_to(kind, high)
    begin = _value(kind, low[0])
    if high is None:
        return f"above {begin}" if low[1] else f"{begin}.."
    end = _value(kind, high[0])
    if low[1]:
        return f"above {begin}, {'at most' if high[1] else 'below'} {end}"
    return f"{begin}{'..' if high[1] else '..<'}{end}"


def _value(kind: Kind, value: Any) -> str:
    return show_version(value) if isinstance(kind, Version) else show(kind, value)


def _up_to(kind: Kind, high: Cut) -> str:
    word = "before" if isinstance(kind, Date | Datetime) else "below"
    return f"..{_value(kind, high[0])}" if high[1] else f"{word} {_value(kind, high[0])}"


def _single(kind: Kind, interval: Interval) -> bool:
    """Whether one value alone lies in it."""
    low, high = interval.low, interval.high
    if low is None or high is None:
        return False
    if interval.single or low[1] or high[1]:
        return interval.single
    match kind:
        case Text():
            return bool(high[0] == low[0] + "\0")
        case Integer():
            return bool(high[0] - low[0] == 1)
        case Date():
            return bool(high[0] - low[0] == dt.timedelta(days=1))
        case _:
            return False
