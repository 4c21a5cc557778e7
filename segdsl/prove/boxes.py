"""Many boxes side by side: which of them does a box meet, and which contain it?

For each variable and cell an int is kept whose bit i says that box i takes the cell. The boxes that meet a given one
are then an `and` over its variables of an `or` over its cells, for all boxes at once: bitmap indices, as P. O'Neil and
D. Quass have them ("Improved query performance with variant indexes", 1997). Bit sets of boxes are ints throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from attrs import Factory, define

from segdsl.prove.search import Box

Corner: TypeAlias = Mapping[int, int]
"""A box by the variables that it restricts, each with its set of cells. It takes all cells of the others."""


@define(eq=False)
class Boxes:
    """Boxes by number. `full`: for each variable the set of all its cells."""

    full: Box
    corners: list[Corner | None]
    all: int
    """The numbers that have a box."""
    _restricting: dict[int, int] = Factory(dict)
    """For each variable the boxes that restrict it."""
    _taking: dict[int, dict[int, int]] = Factory(dict)
    """For each variable and cell the boxes that restrict the variable and take the cell."""
    _meeting: dict[int, dict[int, int]] = Factory(dict)
    _containing: dict[int, dict[int, int]] = Factory(dict)

    @classmethod
    def of(cls, full: Box, corners: Iterable[Corner | None]) -> Boxes:
        """These boxes, numbered in this order; None keeps a number free."""
        listed = list(corners)
        own = cls(full, listed, (1 << len(listed)) - 1)
        having: dict[int, dict[int, int]] = {}
        bit = 1
        for corner in listed:
            if corner is None:
                own.all ^= bit
                bit <<= 1
                continue
            for variable, cells in corner.items():
                masks = having.get(variable)
                if masks is None:
                    masks = having[variable] = {}
                masks[cells] = masks.get(cells, 0) | bit
            bit <<= 1
        for variable, masks in having.items():
            taking: dict[int, int] = {}
            restricting = 0
            for cells, boxes in masks.items():
                restricting |= boxes
                for cell in numbers(cells):
                    taking[cell] = taking.get(cell, 0) | boxes
            own._restricting[variable] = restricting
            own._taking[variable] = taking
        return own

    # Changes, which cost what they touch

    def put(self, number: int, corner: Corner | None) -> None:
        """Gives a number another box, or none; a number that comes next is new."""
        if number == len(self.corners):
            self.corners.append(None)
        old, new = self.corners[number] or {}, corner or {}
        bit = 1 << number
        for variable in (one for one in {**old, **new} if old.get(one) != new.get(one)):
            taking = self._taking.setdefault(variable, {})
            for cell in numbers(old.get(variable, 0) ^ new.get(variable, 0)):
                taking[cell] = taking.get(cell, 0) ^ bit
            if (variable in old) is not (variable in new):
                self._restricting[variable] = self._restricting.get(variable, 0) ^ bit
            self._forget(variable)
        self.corners[number] = corner
        self.all = self.all & ~bit | (0 if corner is None else bit)

    def split(self, variable: int, cell: int, new: int) -> None:
        """Gives a variable a new cell, which was a part of one that it has."""
        taking = self._taking.setdefault(variable, {})
        taking[new] = taking.get(cell, 0)
        for number in numbers(taking[new]):
            corner = self.corner(number)
            self.corners[number] = {**corner, variable: corner[variable] | 1 << new}
        self.full = (*self.full[:variable], self.full[variable] | 1 << new, *self.full[variable + 1 :])
        self._forget(variable)

    def add_variable(self, cells: int) -> int:
        """A variable that no box restricts yet, with these cells. Returns its number."""
        self.full = (*self.full, cells)
        return len(self.full) - 1

    def _forget(self, variable: int) -> None:
        self._meeting.pop(variable, None)
        self._containing.pop(variable, None)

    # What is asked

    def corner(self, number: int) -> Corner:
        """The box of a number."""
        corner = self.corners[number]
        assert corner is not None
        return corner

    @property
    def variables(self) -> Iterable[int]:
        """Those that any box restricts."""
        return self._restricting.keys()

    def restricting(self, variable: int) -> int:
        """The boxes that do not take every cell of a variable."""
        return self._restricting.get(variable, 0)

    def taking(self, variable: int, cell: int) -> int:
        """The boxes that restrict a variable and take a cell of it."""
        return self._taking[variable].get(cell, 0)

    def outside(self, variable: int, cells: int) -> int:
        """The boxes that take none of these cells of a variable."""
        known = self._meeting.get(variable)
        if known is None:
            known = self._meeting[variable] = {}
        found = known.get(cells)
        if found is None:
            taking, found = self._taking.get(variable, {}), self._restricting.get(variable, 0)
            for cell in numbers(cells):
                found &= ~taking.get(cell, 0)
            known[cells] = found
        return found

    def lacking(self, variable: int, cells: int) -> int:
        """The boxes that do not take all of these cells of a variable."""
        known = self._containing.get(variable)
        if known is None:
            known = self._containing[variable] = {}
        found = known.get(cells)
        if found is None:
            taking, inside = self._taking.get(variable, {}), -1
            for cell in numbers(cells):
                inside &= taking.get(cell, 0)
            found = known[cells] = self._restricting.get(variable, 0) & ~inside
        return found

    def meeting(self, corner: Corner) -> int:
        """The boxes that share at least one place with a box."""
        apart = 0
        known = self._meeting
        for variable, cells in corner.items():
            try:
                apart |= known[variable][cells]
            except KeyError:
                apart |= self.outside(variable, cells)
        return self.all & ~apart

    def containing(self, corner: Corner) -> int:
        """The boxes that contain a box."""
        short = 0
        for variable in self._restricting:
            short |= self.lacking(variable, corner.get(variable, self.full[variable]))
        return self.all & ~short


def numbers(bits: int) -> Iterator[int]:
    """The places of the bits that are set, going up."""
    if bits.bit_count() * 8 > bits.bit_length():
        for place, digit in enumerate(reversed(bin(bits))):
            if digit == "1":
                yield place
        return
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
