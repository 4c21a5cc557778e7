"""Names for the states of a dimension, as the head of a row or column.

In: a cell that the prover made. Out: a few words, in the notation of rule files: `0`, `1..3`, `"sale_ad"`,
`anything else`, `unknown`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from segdsl.program import expression as ex
from segdsl.program.schema import State
from segdsl.prove.cells import Cell, MemberVariable, TextVariable, ValueVariable, possible_values
from segdsl.prove.regions import term_words
from segdsl.values.kinds import Date, Datetime, Integer, Kind, Text, stepped
from segdsl.values.region import Cut, Interval, Region
from segdsl.values.words import Shape
from segdsl.values.written import quoted, show

MOST_PARTS = 4
"""Values and stretches that one state names; of more the first are named, and how many there are."""


def value_states(variable: ValueVariable, states: Sequence[State]) -> list[str]:
    """The name of each cell of a term's values: by the named states, where every cell of known values is one of them."""
    regions = [Region.spanning(cell.intervals) for cell in variable.cells]
    possible = possible_values(variable.term).values
    by_name = [_state_of(variable.term.kind, region, possible, states) for region in regions if region]
    if states and all(by_name) and len(set(by_name)) == len(by_name):
        names = iter(by_name)
        return [str(next(names)) if region else _unknown(states) for region in regions]
    return [_region(variable.term, region, possible) if region else _unknown(states) for region in regions]


def _state_of(kind: Kind, region: Region, possible: Region, states: Sequence[State]) -> str | None:
    wanted = stepped(kind, region)
    return next((state.label or state.name for state in states if stepped(kind, state.region.values & possible) == wanted), None)


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
    if not possible - region:
        return "known"
    edges = next(possible.intervals()).low, list(possible.intervals())[-1].high
    parts = [_interval(kind, interval, edges) for interval in region.intervals()]
    others = [interval for interval in (possible - region).intervals()]
    if len(parts) > 1 and len(parts) >= len(others) and all(_single(kind, one) for one in others):
        return "anything else"
    if len(parts) > MOST_PARTS:
        return f"{', '.join(parts[: MOST_PARTS - 1])} and {len(parts) - MOST_PARTS + 1} more"
    return ", ".join(parts)


def _interval(kind: Kind, interval: Interval, edges: tuple[Cut | None, Cut | None]) -> str:
    if _single(kind, interval) and interval.low is not None:
        return show(kind, interval.low[0])
    low = None if interval.low == edges[0] else interval.low
    high = None if interval.high == edges[1] else interval.high
    if high is not None and not high[1] and isinstance(kind, Integer | Date):
        high = (high[0] - (dt.timedelta(days=1) if isinstance(kind, Date) else 1), True)
    if low is None:
        return "known" if high is None else _up_to(kind, high)
    begin = show(kind, low[0])
    if high is None:
        return f"above {begin}" if low[1] else f"{begin}.."
    end = show(kind, high[0])
    if low[1]:
        return f"above {begin}, {'at most' if high[1] else 'below'} {end}"
    return f"{begin}{'..' if high[1] else '..<'}{end}"


def _up_to(kind: Kind, high: Cut) -> str:
    word = "before" if isinstance(kind, Date | Datetime) else "below"
    return f"..{show(kind, high[0])}" if high[1] else f"{word} {show(kind, high[0])}"


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
