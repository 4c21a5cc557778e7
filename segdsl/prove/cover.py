"""What boxes leave uncovered: the exact search behind "do they cover everything?".

The procedure of M. Davis, G. Logemann and D. Loveland ("A machine program for theorem-proving", 1962), where each box
is a clause that forbids it, done for all boxes at once with bit sets: a box that takes all of a place but for one
variable narrows that variable; a place that no box meets is left over. Bounded in steps, so that the same file always
gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

from segdsl.prove.boxes import Boxes, Corner, numbers
from segdsl.prove.search import Budget


def uncovered(boxes: Boxes, start: Corner, among: int, budget: Budget) -> Iterator[dict[int, int]]:
    """Boxes inside `start` that none of the boxes numbered in `among` meets; together all that these leave of it.

    They do not overlap. Raises OutOfSteps.
    """
    full = boxes.full
    variables = [variable for variable in boxes.variables if boxes.restricting(variable) & among]
    place = {variable: start.get(variable, full[variable]) for variable in variables}
    others = {variable: cells for variable, cells in start.items() if variable not in place}
    stack = [(place, among)]
    while stack:
        budget.spend()
        place, live = stack.pop()
        found = narrowed(boxes, place, live)
        if found is None:
            continue
        live, split = found
        if not live:
            left = {variable: cells for variable, cells in place.items() if cells != full[variable]}
            yield {**others, **left}
            continue
        variable, cells = split
        for part in (place[variable] & cells, place[variable] & ~cells):
            stack.append(({**place, variable: part}, live))


def narrowed(boxes: Boxes, place: dict[int, int], live: int) -> tuple[int, tuple[int, int]] | None:
    """Takes out of the place what single boxes take for certain. Returns the boxes that still meet it, and a variable
    with cells to split on; None when nothing is left of the place.
    """
    while True:
        for variable, cells in place.items():
            live &= ~boxes.outside(variable, cells)
        if not live:
            return 0, (0, 0)
        once = twice = 0
        lacking: list[tuple[int, int]] = []
        for variable, cells in place.items():
            short = boxes.lacking(variable, cells) & live
            if short:
                lacking.append((variable, short))
                twice |= once & short
                once |= short
        if live & ~once:
            return None
        units = once & ~twice
        if not units:
            return live, _split(boxes, lacking, live, twice)
        for variable, short in lacking:
            own = units & short
            if own:
                for cell in numbers(place[variable]):
                    if boxes.taking(variable, cell) & own:
                        place[variable] &= ~(1 << cell)
                if not place[variable]:
                    return None


def _split(boxes: Boxes, lacking: list[tuple[int, int]], live: int, twice: int) -> tuple[int, int]:
    """The variable on which most boxes depend that lack two only, or most at all, and the cells of one of them."""
    once = two = three = 0
    for _, short in lacking:
        three |= two & short
        two |= once & short
        once |= short
    wanted = two & ~three or live
    variable, short = max(lacking, key=lambda one: (one[1] & wanted).bit_count())
    chosen = short & wanted
    number = (chosen & -chosen).bit_length() - 1
    return variable, boxes.corner(number)[variable]
