"""From a box of cells to a visitor one can picture.

In: a box that the search found. Out: a value for each dimension that matters, the plainest there is; or None when the
tests of one text contradict each other after all; or `NOT_FOUND` when functions of the visitor tie dimensions together
and no visitor was found (there may still be one).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from itertools import islice, product
from typing import Any, Final, assert_never

from attrs import evolve, frozen

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.record import put
from segdsl.program.reference import value_of
from segdsl.program.schema import Dimension
from segdsl.prove.cells import NO, YES, Cell, MemberVariable, Space, TextVariable, ValueVariable, Variable
from segdsl.prove.monotone import directions, reached
from segdsl.prove.search import Box, Budget
from segdsl.prove.suggestions import Tied, suggested
from segdsl.prove.text_theory import STEPS, find_text
from segdsl.values.kinds import (
    Datetime,
    Point,
    SetOf,
    Text,
)
from segdsl.values.region import Interval
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import raw, show


class NotFound(Enum):
    NOT_FOUND = "not found"


NOT_FOUND: Final = NotFound.NOT_FOUND
Values = dict[Dimension, Any]
COMBINATIONS = 20_000
"""Tried, at most, where dimensions are tied together."""


@frozen
class Visitor:
    """A witness: a record as a host would send it, and the instant at which it is looked at.

    `clock`: the instant matters, because the rules move with now.
    """

    record: dict[str, Any]
    values: Values
    now: dt.datetime
    clock: bool = False

    def __str__(self) -> str:
        """As a test of the rule language has it, with what is unknown behind."""
        shown = [f"{one.name}: {show(one.kind, value)}" for one, value in self.values.items() if value is not UNKNOWN]
        if self.clock:
            shown.append(f"now: {show(Datetime(), self.now)}")
        unknown = [one.name for one, value in self.values.items() if value is UNKNOWN]
        return "{" + ", ".join(shown) + "}" + (f"   ({', '.join(unknown)} unknown)" if unknown else "")


def visitor_in(space: Space, box: Box, context: Context) -> Visitor | NotFound | None:
    """A visitor in the box, the plainest there is."""
    values: Values = {}
    for number_, variable in enumerate(space.variables):
        if not isinstance(variable, ValueVariable) or not isinstance(variable.term, ex.Read):
            continue
        value = _value(space, box, variable, box[number_])
        if value is None:
            return None
        matters = box[number_] != space.full[number_] or _has_tests(space, box, variable.term)
        if matters or variable.term.dimension.required:
            values[variable.term.dimension] = value
    tied = _tied(space, box)
    if tied and not _satisfied(tied, values, box, context):
        found = _combination(space, box, tied, values, context)
        if not isinstance(found, dict):
            return found
        values = found
    return Visitor(record_of(values), values, context.now)


def minimal(visitor: Visitor, space: Space, box: Box, context: Context, shows: Callable[[Visitor], bool]) -> Visitor:
    """The visitor without what can as well be unknown: then too in the box, and showing what it should."""
    for number, variable in enumerate(space.variables):
        if not isinstance(variable, ValueVariable) or not isinstance(variable.term, ex.Read):
            continue
        dimension = variable.term.dimension
        if visitor.values.get(dimension, UNKNOWN) is not UNKNOWN and box[number] & ~variable.known:
            values = {**visitor.values, dimension: UNKNOWN}
            fewer = evolve(visitor, record=record_of(values), values=values)
            if _is_in(fewer, space, box, context) and shows(fewer):
                visitor = fewer
    return visitor


def _is_in(visitor: Visitor, space: Space, box: Box, context: Context) -> bool:
    return all(
        cells == full or _agrees(variable, cells, value_of(variable.term, visitor.record, context))
        for variable, cells, full in zip(space.variables, box, space.full, strict=True)
    )


def record_of(values: Values) -> dict[str, Any]:
    """The values as plain data, nested as the dimensions' paths are; what is unknown is left out."""
    record: dict[str, Any] = {}
    for dimension, value in values.items():
        put(record, dimension.path, raw(dimension.kind, value))
    return record


def _allowed(variable: ValueVariable, cells: int) -> list[Cell]:
    """The cells of a set, plainest first: known before unknown, and otherwise as in the order of values."""
    inside = [cell for at, cell in enumerate(variable.cells) if cells >> at & 1]
    return sorted(inside, key=lambda cell: (cell.unknown, _size(cell.plain)))


def _size(value: Any) -> float:
    return abs(value) if isinstance(value, int | float) else 0.0


def _value(space: Space, box: Box, variable: ValueVariable, cells: int) -> Any:
    """The plainest value of one dimension by itself; None when its text tests leave none."""
    allowed = _allowed(variable, cells)
    kind = variable.term.kind
    if isinstance(kind, SetOf) and not allowed[0].unknown:
        return frozenset(
            one.group.plain
            for at, one in space.beside(variable.term)
            if isinstance(one, MemberVariable) and box[at] == YES
        )
    if isinstance(kind, Point) and not allowed[0].unknown:
        return (0.0, 0.0)
    if isinstance(kind, Text):
        return _text(space, box, variable.term, kind, allowed)
    return UNKNOWN if allowed[0].unknown else allowed[0].plain


def _text(space: Space, box: Box, term: ex.Term, kind: Text, allowed: list[Cell]) -> Any:
    wanted = [one.pattern for at, one in _patterns(space, term) if box[at] == YES]
    unwanted = [one.pattern for at, one in _patterns(space, term) if box[at] == NO]
    if not wanted and not unwanted:
        return UNKNOWN if allowed[0].unknown else allowed[0].plain
    known = tuple(interval for cell in allowed for interval in cell.intervals)
    text = find_text(wanted, unwanted, known, Budget(STEPS), kind.ignoring_case) if known else None
    if text is not None:
        return text
    return UNKNOWN if allowed[-1].unknown and not wanted else None


def _patterns(space: Space, term: ex.Term) -> Iterator[tuple[int, TextVariable]]:
    return ((at, variable) for at, variable in space.beside(term) if isinstance(variable, TextVariable))


def _has_tests(space: Space, box: Box, term: ex.Term) -> bool:
    return any(box[at] != space.full[at] for at, _ in space.beside(term))


# Dimensions tied together by functions of them


def _tied(space: Space, box: Box) -> list[Tied]:
    """The restricted variables whose terms are functions of dimensions."""
    return [
        (at, variable)
        for at, variable in enumerate(space.variables)
        if isinstance(variable, ValueVariable | TextVariable)
        and isinstance(variable.term, ex.Apply)
        and box[at] != space.full[at]
    ]


def _satisfied(tied: list[Tied], values: Values, box: Box, context: Context) -> bool:
    record = record_of(values)
    return all(_agrees(variable, box[at], value_of(variable.term, record, context)) for at, variable in tied)


def _agrees(variable: Variable, cells: int, value: Any) -> bool:
    match variable:
        case TextVariable(pattern=pattern):
            return bool(cells & (YES if value is not UNKNOWN and pattern.holds(value) else NO))
        case MemberVariable(group=group):
            has = value is not UNKNOWN and any(_in_cell(group, member) for member in value)
            return bool(cells & (YES if has else NO))
        case ValueVariable():
            return any(_in_cell(cell, value) for at, cell in enumerate(variable.cells) if cells >> at & 1)
        case _:
            assert_never(variable)


def _in_cell(cell: Cell, value: Any) -> bool:
    if value is UNKNOWN or cell.unknown:
        return value is UNKNOWN and cell.unknown
    return any(value in interval for interval in cell.intervals)


def _combination(
    space: Space, box: Box, tied: list[Tied], values: Values, context: Context
) -> Values | NotFound | None:
    """Values for all tied dimensions with which every function gives what the box says; each group by itself.

    None when there certainly are none.
    """
    found = dict(values)
    closed = [(at, variable) for at, variable in tied if not ex.dimensions_of(variable.term)]
    if not _satisfied(closed, values, box, context):
        return NOT_FOUND
    for dimensions in _groups(tied):
        own = [(at, variable) for at, variable in tied if set(ex.dimensions_of(variable.term)) & set(dimensions)]
        candidates = [_candidates(space, box, dimension, own, context) for dimension in dimensions]
        for combination in islice(product(*candidates), COMBINATIONS):
            found.update(zip(dimensions, combination, strict=True))
            if _satisfied(own, found, box, context):
                break
        else:
            exact = _reached(space, box, own, context)
            if not isinstance(exact, dict):
                return exact
            found.update(exact)
            if not _satisfied(own, found, box, context):
                return NOT_FOUND
    return found


def _reached(space: Space, box: Box, tied: list[Tied], context: Context) -> Values | NotFound | None:
    """The same for one relation that rises or falls with each of its dimensions (`segdsl.prove.monotone`)."""
    (at, variable), others = tied[0], tied[1:]
    rising = directions(variable.term)
    if others or rising is None or not isinstance(variable, ValueVariable):
        return NOT_FOUND
    inside = [cell for place, cell in enumerate(variable.cells) if box[at] >> place & 1]
    allowed = {dimension: _intervals_of(space, box, dimension) for dimension in rising}
    wanted = [interval for cell in inside for interval in cell.intervals]

    def value(values: Values) -> Any:
        return value_of(variable.term, record_of(values), context)

    found = reached(rising, allowed, wanted, value)
    if isinstance(found, dict):
        return found
    if not found or (any(cell.unknown for cell in inside) and any(map(partial(_can_be_unknown, space, box), rising))):
        return NOT_FOUND
    return None  # between two ends that are known it is known too


def _can_be_unknown(space: Space, box: Box, dimension: Dimension) -> bool:
    at, variable = space.reading(dimension)
    return bool(box[at] & ~variable.known)


def _intervals_of(space: Space, box: Box, dimension: Dimension) -> list[Interval]:
    """Where the known values of a dimension may lie in a box."""
    at, variable = space.reading(dimension)
    return [
        interval for place, cell in enumerate(variable.cells) if box[at] >> place & 1 for interval in cell.intervals
    ]


def _groups(tied: list[Tied]) -> list[tuple[Dimension, ...]]:
    """Dimensions that functions tie to each other, directly or through others."""
    groups: list[tuple[Dimension, ...]] = []
    for _, variable in tied:
        merged = dict.fromkeys(ex.dimensions_of(variable.term))
        if not merged:
            continue
        rest = []
        for group in groups:
            if merged.keys() & set(group):
                merged.update(dict.fromkeys(group))
            else:
                rest.append(group)
        groups = [*rest, tuple(merged)]
    return groups


def _candidates(space: Space, box: Box, dimension: Dimension, tied: list[Tied], context: Context) -> list[Any]:
    """Values of a dimension worth trying: plain ones of its own cells, and ones that its functions point to."""
    at, variable = space.reading(dimension)
    cells = [cell for number_, cell in enumerate(variable.cells) if box[at] >> number_ & 1]
    plain = [UNKNOWN if cell.unknown else cell.plain for cell in cells if not isinstance(dimension.kind, SetOf | Point)]
    if isinstance(dimension.kind, Point) and any(cell.unknown for cell in cells):
        plain.append(UNKNOWN)
    own = _value(space, box, variable, box[at])
    likely = suggested(space, dimension.kind, cells, tied, box, context)
    usable = [value for value in likely if _usable(space, box, variable, cells, value)]
    return list(dict.fromkeys([own, *plain, *usable]))


def _usable(space: Space, box: Box, variable: ValueVariable, cells: list[Cell], value: Any) -> bool:
    known = isinstance(variable.term.kind, Point) and any(not cell.unknown for cell in cells)
    if not known and not any(_in_cell(cell, value) for cell in cells):
        return False
    return all(
        one.pattern.holds(value) is (box[at] == YES)
        for at, one in _patterns(space, variable.term)
        if box[at] in (YES, NO)
    )
