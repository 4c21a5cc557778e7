"""Values of one dimension that are worth trying, where functions tie dimensions together.

In: the functions and the cells that their values should lie in. Out: values that they point to, likely ones first.
Which of them the dimension can have, and whether the functions agree, is not known here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from segdsl.operators.geo import DISTANCE
from segdsl.operators.operator import Context
from segdsl.operators.temporal import YEAR
from segdsl.operators.textual import BUCKET, NUMBER
from segdsl.program import expression as ex
from segdsl.prove.cells import Cell, Space, TextVariable, ValueVariable
from segdsl.prove.search import Box
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    Point,
    Text,
    Version,
)
from segdsl.values.plain import DOCUMENTED
from segdsl.values.region import Interval
from segdsl.values.version import versions_near
from segdsl.values.written import number

Tied = tuple[int, ValueVariable | TextVariable]
"""A variable whose term is a function of dimensions, and its number."""


def suggested(
    space: Space,
    kind: Kind,
    cells: list[Cell],
    tied: list[Tied],
    box: Box,
    context: Context,
) -> Iterator[Any]:
    """Values of a kind that may make the functions in `tied` come out as the box says. `cells`: where they may lie."""
    match kind:
        case Integer() | Number() | Duration():
            yield from _numbers(space, isinstance(kind, Integer))
        case Date() | Datetime():
            years = sorted(_years(tied, box), key=lambda year: abs(year - context.now.year))
            for cell in cells:
                if not cell.unknown:
                    yield from _times(cell, years, context)
        case Text():
            yield from _texts(tied, box)
        case Point():
            yield from _places(tied, box)
        case Boolean():
            yield from (True, False)
        case _:
            for variable in space.variables:
                if isinstance(variable, ValueVariable) and type(variable.term.kind) is type(kind):
                    yield from (cell.plain for cell in variable.cells if not cell.unknown)
            yield from versions_near(None, None) if isinstance(kind, Version) else ()
            yield from DOCUMENTED if isinstance(kind, Ip) else ()


def _numbers(space: Space, whole: bool) -> Iterator[float]:
    bases = dict.fromkeys((0, 1, 2, 3, 5, 10, 20, 50, 100, 1000, 10_000, 1_000_000))
    for variable in space.variables:
        if isinstance(variable, ValueVariable) and isinstance(variable.term.kind, Integer | Number | Duration):
            for cell in variable.cells:
                for interval in cell.intervals:
                    bases.update(dict.fromkeys(cut[0] for cut in (interval.low, interval.high) if cut is not None))
    for base in bases:
        for value in (base, -base, base + 1, base - 1):
            yield int(value) if whole else float(value)


def _years(tied: list[Tied], box: Box) -> Iterator[int]:
    """The first and last year of those that are asked for."""
    for at, variable in tied:
        if (
            isinstance(variable, ValueVariable)
            and isinstance(variable.term, ex.Apply)
            and variable.term.function == YEAR
        ):
            for place, cell in enumerate(variable.cells):
                if box[at] >> place & 1:
                    yield from (end for interval in cell.intervals for end in _ends(interval))


def _ends(interval: Interval) -> tuple[int, ...]:
    """The least and the greatest whole number inside."""
    assert interval.low is not None
    assert interval.high is not None
    return interval.low[0] + interval.low[1], interval.high[0] - (not interval.high[1])


def _times(cell: Cell, years: list[int], context: Context) -> Iterator[Any]:
    """Days within four years of where the cell begins, of now, and of the years asked for; of moments the hours of a
    week and the minutes of a day too.
    """
    today: Any = context.now if isinstance(cell.plain, dt.datetime) else context.now.date()
    day, steps = dt.timedelta(days=1), [dt.timedelta(days=days) for days in sorted(range(-1500, 1500), key=abs)]
    if isinstance(today, dt.datetime):
        steps += [
            *(day / 24 * hours for hours in sorted(range(-24 * 7, 24 * 7), key=abs)),
            *(day / 1440 * minutes for minutes in range(1440)),
        ]
    for start in (cell.plain, today, *(today.replace(year=year, month=1, day=1) for year in years)):
        for step in steps:
            with suppress(OverflowError):
                yield start + step


def _texts(tied: list[Tied], box: Box) -> Iterator[str]:
    for at, variable in tied:
        assert isinstance(variable.term, ex.Apply)
        if isinstance(variable, TextVariable):
            yield from (variable.pattern.text, variable.pattern.text.upper())
            continue
        for place, cell in enumerate(variable.cells):
            if cell.unknown or not box[at] >> place & 1:
                continue
            if variable.term.function == NUMBER:
                yield number(cell.plain)
            elif isinstance(variable.term.kind, Text):
                yield cell.plain
        if variable.term.function == BUCKET:
            yield from (f"visitor-{count}" for count in range(1, 2000))
    yield from ("a", "b", "other", "1")


def _places(tied: list[Tied], box: Box) -> Iterator[tuple[float, float]]:
    """Places at the wanted distances, to the north, south, east and west."""
    for at, variable in tied:
        term = variable.term
        if not (isinstance(term, ex.Apply) and term.function == DISTANCE and isinstance(variable, ValueVariable)):
            continue
        centre = [argument.value for argument in term.arguments[1:] if isinstance(argument, ex.Constant)]
        if len(centre) != 2:
            continue
        for place, cell in enumerate(variable.cells):
            if not cell.unknown and box[at] >> place & 1:
                degrees = cell.plain / 111.195  # kilometres in a degree of a great circle
                for north, east in ((0.0, 0.0), (degrees, 0.0), (-degrees, 0.0), (0.0, degrees), (0.0, -degrees)):
                    if abs(centre[0] + north) <= 90 and abs(centre[1] + east) <= 180:
                        yield round(centre[0] + north, 5), round(centre[1] + east, 5)
