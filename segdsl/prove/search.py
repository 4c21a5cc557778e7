"""The exact search: is there a box of cells in which all of these formulas hold?

Variables have finitely many cells; a set of cells is an int with a bit for each. A *box* gives each variable a
non-empty set of cells. The search narrows a box by what is certain and then splits it on one test, both halves in
turn: the procedure of M. Davis, G. Logemann and D. Loveland ("A machine program for theorem-proving", 1962) over finite
domains.
It is bounded in steps, never in seconds, so that the same file always gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from attrs import define, frozen


@frozen
class Among:
    """The variable's cell is one of these."""

    variable: int
    cells: int


@frozen
class Every:
    parts: tuple[Formula, ...]


@frozen
class Some:
    parts: tuple[Formula, ...]


Formula = Among | Every | Some
TRUE = Every(())
FALSE = Some(())
Box = tuple[int, ...]
"""For each variable the cells that it may be in."""


class OutOfSteps(Exception):
    """The budget is spent: nothing is known about what was not looked at."""


@define
class Budget:
    """Steps that may still be taken."""

    steps: int

    def spend(self, steps: int = 1) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise OutOfSteps


def opposite(formula: Formula, full: Box) -> Formula:
    """What holds in exactly the other cells."""
    match formula:
        case Among(variable, cells):
            return Among(variable, full[variable] & ~cells)
        case Every(parts):
            return Some(tuple(opposite(part, full) for part in parts))
        case Some(parts):
            return Every(tuple(opposite(part, full) for part in parts))
        case _:
            assert_never(formula)


def variables_of(formula: Formula) -> frozenset[int]:
    """The variables that stand in a formula."""
    match formula:
        case Among(variable):
            return frozenset((variable,))
        case Every(parts) | Some(parts):
            return frozenset().union(*map(variables_of, parts))
        case _:
            assert_never(formula)


def hull(formula: Formula) -> dict[int, int] | None:
    """For each variable a set of cells outside which the formula never holds; None when it never holds at all."""
    match formula:
        case Among(variable, cells):
            return {variable: cells} if cells else None
        case Every(parts):
            whole: dict[int, int] = {}
            for part in parts:
                inner = hull(part)
                if inner is None:
                    return None
                for variable, cells in inner.items():
                    whole[variable] = whole.get(variable, cells) & cells
                    if not whole[variable]:
                        return None
            return whole
        case Some(parts):
            inners = [inner for inner in map(hull, parts) if inner is not None]
            if not inners:
                return None
            shared = set(inners[0]).intersection(*inners[1:])
            return {variable: _union(inner[variable] for inner in inners) for variable in shared}
        case _:
            assert_never(formula)


def _union(cells: Iterator[int]) -> int:
    union = 0
    for one in cells:
        union |= one
    return union


def boxes(formulas: list[Formula], full: Box, budget: Budget) -> Iterator[Box]:
    """Boxes in which every formula holds; together they are all the cells where all hold. Raises OutOfSteps."""
    stack = [(list(full), formulas)]
    while stack:
        budget.spend()
        box, pending = stack.pop()
        left = narrow(box, pending)
        if left is None:
            continue
        if not left:
            yield tuple(box)
            continue
        test = _first_test(min(left, key=lambda some: len(some.parts)))
        outside = list(box)
        outside[test.variable] &= ~test.cells
        stack.append((outside, list(left)))
        box[test.variable] &= test.cells
        stack.append((box, list(left)))


def narrow(box: list[int], pending: list[Formula]) -> list[Some] | None:
    """Takes into the box what is certain. What is left are choices; None when nothing is left of the box."""
    while True:
        changed = False
        left: list[Some] = []
        queue = pending
        while queue:
            deeper: list[Formula] = []
            for formula in queue:
                now = _simplified(formula, box)
                match now:
                    case Among(variable, cells):
                        box[variable] &= cells
                        changed = True
                    case Every(parts):
                        deeper.extend(parts)
                    case Some(parts):
                        if not parts:
                            return None
                        left.append(now)
                    case _:
                        assert_never(now)
            queue = deeper
        if not changed:
            return left
        pending = list(left)


def _simplified(formula: Formula, box: list[int]) -> Formula:
    """What is left to ask of a formula inside a box."""
    match formula:
        case Among(variable, cells):
            inside = box[variable] & cells
            return FALSE if not inside else TRUE if inside == box[variable] else formula
        case Every(parts):
            kept: list[Formula] = []
            for part in parts:
                one = _simplified(part, box)
                if one is FALSE:
                    return FALSE
                if one is not TRUE:
                    kept.append(one)
            return TRUE if not kept else kept[0] if len(kept) == 1 else Every(tuple(kept))
        case Some(parts):
            kept = []
            for part in parts:
                one = _simplified(part, box)
                if one is TRUE:
                    return TRUE
                if one is not FALSE:
                    kept.append(one)
            return FALSE if not kept else kept[0] if len(kept) == 1 else Some(tuple(kept))
        case _:
            assert_never(formula)


def _first_test(formula: Formula) -> Among:
    while not isinstance(formula, Among):
        formula = formula.parts[0]
    return formula
