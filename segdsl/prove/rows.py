"""Formulas as rows: boxes that are left once the choices of a formula are written out.

In: a formula over variables. Out: its rows, in which it holds and nowhere else; or None where they would be too many.
"""

from __future__ import annotations

from itertools import chain
from typing import assert_never

from attrs import frozen

from segdsl.prove.boxes import Corner
from segdsl.prove.search import Among, Box, Every, Formula, Some

MOST_ROWS = 64
"""Of one formula."""
MOST_CHOICES = 12
"""That are written out; few formulas with more of them have few rows."""


@frozen(eq=False)
class Row:
    """The places of a box but for those in the boxes of `without`."""

    corner: Corner
    without: tuple[Corner, ...] = ()


class _TooMany(Exception):
    """The formula has more rows than are kept."""


def rows_of(formula: Formula, full: Box) -> tuple[Row, ...] | None:
    """The rows of a formula. Those of one formula may overlap.

    Boxes alone if these are few. Otherwise a choice between tests of single variables is not written out: it takes
    away one box, where all of the tests fail.
    """
    if isinstance(formula, Every):  # of single tests of different variables, in the usual case
        corner: dict[int, int] = {}
        for part in formula.parts:
            if type(part) is not Among:
                break
            corner[part.variable] = part.cells
        if len(corner) == len(formula.parts):
            return (Row(corner),)
    for written_out in (True, False):
        try:
            return tuple(_rows(formula, full, written_out))
        except _TooMany:
            continue
    return None


def _rows(formula: Formula, full: Box, written_out: bool) -> list[Row]:
    match formula:
        case Among(variable, cells):
            return [Row({variable: cells} if cells != full[variable] else {})] if cells else []
        case Some(parts):
            return _few(list(chain.from_iterable(_rows(part, full, written_out) for part in parts)))
        case Every(parts):
            return _rows_of_all(parts, full, written_out)
        case _:
            assert_never(formula)


def _rows_of_all(parts: tuple[Formula, ...], full: Box, written_out: bool) -> list[Row]:
    if written_out and sum(isinstance(part, Some) for part in parts) > MOST_CHOICES:
        raise _TooMany
    base: dict[int, int] = {}
    without: list[Corner] = []
    choices: list[list[Row]] = []
    for part in parts:
        if isinstance(part, Among):
            base[part.variable] = base.get(part.variable, part.cells) & part.cells
            if not base[part.variable]:
                return []
        elif isinstance(part, Some) and not written_out and all(isinstance(one, Among) for one in part.parts):
            taken = all_fail(part, full)
            without += [] if taken is None else [taken]
        else:
            choices.append(_rows(part, full, written_out))
    found = [Row({variable: cells for variable, cells in base.items() if cells != full[variable]}, tuple(without))]
    for choice in sorted(choices, key=len):
        joined = (_both(row, other) for row in found for other in choice)
        found = _few([row for row in joined if row is not None])
    return found


def _few(rows: list[Row]) -> list[Row]:
    if len(rows) > MOST_ROWS:
        raise _TooMany
    return rows


def all_fail(choice: Formula, full: Box) -> Corner | None:
    """The box in which every one of some single tests fails; None when there is no such place."""
    corner: Corner | None = {}
    for one in choice.parts if isinstance(choice, Some) else (choice,):
        assert isinstance(one, Among)
        corner = shared(corner, {one.variable: full[one.variable] & ~one.cells})
    return corner


def _both(first: Row, second: Row) -> Row | None:
    corner = shared(first.corner, second.corner)
    return None if corner is None else Row(corner, first.without + second.without)


def shared(first: Corner | None, second: Corner | None) -> dict[int, int] | None:
    """The box that two boxes share; None when they share none."""
    if first is None or second is None:
        return None
    both = dict(first)
    for variable, cells in second.items():
        left = both.get(variable, cells) & cells
        if not left:
            return None
        both[variable] = left
    return both
