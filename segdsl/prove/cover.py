"""What boxes leave uncovered: the exact search behind "do they cover everything?".

The procedure of M. Davis, G. Logemann and D. Loveland ("A machine program for theorem-proving", 1962), where each box
is a clause that forbids it, done for all boxes at once with bit sets: a box that takes all of a place but for one
variable narrows that variable; a place that no box meets is left over. Bounded in steps, so that the same file always
gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define

from segdsl.prove.boxes import Boxes, Corner, numbers
from segdsl.prove.search import Budget


@define(eq=False)
class Place:
    """A part of the space that is not decided yet.

    `cells`: what is left of each variable that matters. `lacking`: for each of these the boxes that do not take all of
    that. `live`: the boxes that meet it.
    """

    cells: dict[int, int]
    lacking: dict[int, int]
    live: int

    @classmethod
    def of(cls, boxes: Boxes, cells: dict[int, int], among: int) -> Place:
        """A place, and those among some boxes that meet it."""
        place = cls(cells, {}, among)
        for variable in cells:
            place.look_again(boxes, variable)
        return place

    def part(self, boxes: Boxes, variable: int, cells: int) -> Place:
        """The place with other cells of one variable."""
        part = Place({**self.cells, variable: cells}, self.lacking.copy(), self.live)
        part.look_again(boxes, variable)
        return part

    def look_again(self, boxes: Boxes, variable: int) -> None:
        """To be called when a variable has changed."""
        cells = self.cells[variable]
        self.live &= ~boxes.outside(variable, cells)
        short = boxes.lacking(variable, cells)
        if cells & cells - 1 and short:
            self.lacking[variable] = short
        else:  # whatever meets a single cell takes all of it
            self.lacking.pop(variable, None)


def uncovered(boxes: Boxes, start: Corner, among: int, budget: Budget) -> Iterator[dict[int, int]]:
    """Boxes inside `start` that none of the boxes numbered in `among` meets; together all that these leave of it.

    They do not overlap. Raises OutOfSteps.
    """
    full = boxes.full
    variables = [variable for variable in boxes.variables if boxes.restricting(variable) & among]
    others = {variable: cells for variable, cells in start.items() if variable not in variables}
    stack = [Place.of(boxes, {variable: start.get(variable, full[variable]) for variable in variables}, among)]
    while stack:
        budget.spend()
        place = stack.pop()
        split = narrowed(boxes, place)
        if split is not None:
            variable, cells = split
            left = place.cells[variable]
            stack.append(place.part(boxes, variable, left & cells))
            stack.append(place.part(boxes, variable, left & ~cells))
        elif not place.live:
            yield {**others, **{variable: cells for variable, cells in place.cells.items() if cells != full[variable]}}


def narrowed(boxes: Boxes, place: Place) -> tuple[int, int] | None:
    """Takes out of a place what single boxes take for certain.

    Returns a variable with cells to split on; None when the place is decided: no box meets it (`live` is empty), or
    nothing is left of it.
    """
    while place.live:
        live = place.live
        once = twice = 0
        for short in place.lacking.values():
            short &= live
            twice |= once & short
            once |= short
        if live & ~once:
            return None
        units = once & ~twice
        if not units:
            return _split(boxes, place)
        for variable, short in list(place.lacking.items()):
            own = units & short & place.live
            if own:
                taken = sum(1 << cell for cell in numbers(place.cells[variable]) if boxes.taking(variable, cell) & own)
                place.cells[variable] &= ~taken
                if not place.cells[variable]:
                    return None
                place.look_again(boxes, variable)
    return None


def _split(boxes: Boxes, place: Place) -> tuple[int, int]:
    """The variable on which most boxes depend that lack two only, or most at all, and the cells of one of them."""
    live = place.live
    once = twice = thrice = 0
    for short in place.lacking.values():
        short &= live
        thrice |= twice & short
        twice |= once & short
        once |= short
    wanted = twice & ~thrice or live
    variable = max(place.lacking, key=lambda one: (place.lacking[one] & wanted).bit_count())
    chosen = place.lacking[variable] & wanted
    return variable, boxes.corner((chosen & -chosen).bit_length() - 1)[variable]
