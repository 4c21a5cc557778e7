"""The rows of many formulas side by side, and what is asked of them: which meet, and where some hold and others fail.

In: formulas over variables, and clauses that hold for every visitor. Out: boxes (`Corner`) in which some of the
formulas hold and others fail. Every answer is exact; a search that would take too long says so (`OutOfSteps`), and what
has too many rows is not in here (`Table.has`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, reduce
from itertools import accumulate, product
from math import prod
from operator import or_

from attrs import Factory, define, frozen

from segdsl.prove.boxes import Boxes, Corner, numbers
from segdsl.prove.cover import Place, narrowed, uncovered
from segdsl.prove.rows import Row, all_fail, rows_of, shared
from segdsl.prove.search import Box, Budget, Formula, OutOfSteps, hull

Companions = Callable[[frozenset[int]], frozenset[int]]
"""Some variables with those that have to be looked at along with them."""


@frozen(eq=False)
class Placed:
    """A row in a table: `without` are the numbers of the boxes that it is without."""

    number: int
    corner: Corner
    without: int


@frozen
class Asked:
    """Formulas by number: those of `holding` hold, those of `failing` do not."""

    holding: Sequence[int] = ()
    failing: Sequence[int] = ()


@define(eq=False)
class Table:
    """Boxes by number: the rows of each formula side by side and a free number behind, then what rows are without,
    then where nobody can be. Bit sets of these numbers are ints.
    """

    full: Box
    boxes: Boxes
    rows: tuple[tuple[Placed, ...] | None, ...]
    """Of each formula; None where they would be too many. Then a single box around all of it is in the table."""
    fields: tuple[int, ...]
    """For each formula the numbers of its rows."""
    ends: int
    """The free numbers behind them."""
    impossible: int
    companions: Companions
    _relevant: dict[frozenset[int], int] = Factory(dict)
    _taken: dict[int, int] = Factory(dict)
    _meeting: dict[int, int] = Factory(dict)

    @classmethod
    def of(cls, formulas: Sequence[Formula], full: Box, clauses: Sequence[Formula], companions: Companions) -> Table:
        """`clauses`: choices between tests of single variables, one of which passes for every visitor."""
        nowhere = [corner for corner in (all_fail(clause, full) for clause in clauses) if corner is not None]
        closed = _Closure.of(full, nowhere)
        corners: list[Corner | None] = []
        rows: list[tuple[Placed, ...] | None] = []
        fields: list[int] = []
        ends, waiting = 0, []
        for formula in formulas:
            own = rows_of(formula, full)
            start = len(corners)
            if own is None:
                around = hull(formula)
                corners += [] if around is None else [around]
                rows.append(None)
            else:
                kept = [row for row in map(closed.row, own) if row is not None] if nowhere else own
                corners += [row.corner for row in kept]
                waiting.append((len(rows), start, kept))
                rows.append(())
            fields.append((1 << len(corners)) - (1 << start))
            ends |= 1 << len(corners)
            corners.append(None)
        numbered: dict[frozenset[tuple[int, int]], int] = {}
        for place, start, kept in waiting:
            rows[place] = tuple(
                Placed(number, row.corner, _numbers_of(row.without, corners, numbered) if row.without else 0)
                for number, row in enumerate(kept, start)
            )
        first = len(corners)
        corners += nowhere
        impossible = (1 << len(corners)) - (1 << first)
        return cls(full, Boxes.of(full, corners), tuple(rows), tuple(fields), ends, impossible, companions)

    @cached_property
    def all_rows(self) -> int:
        return reduce(or_, self.fields, 0)

    @cached_property
    def _flat(self) -> bool:
        """Whether every formula is boxes alone."""
        return all(map(_are_boxes, self.rows))

    @property
    def plain(self) -> bool:
        """Whether every formula is boxes alone, and every place is one where somebody can be."""
        return not self.impossible and self._flat

    # Which formulas meet

    def meeting(self, number: int) -> int:
        """The formulas, by the free numbers behind them, whose rows share a place with a row of this one.

        Where the table is plain that is exact; elsewhere no others do.
        """
        met = 0
        own = self.rows[number]
        if own is None:
            met = reduce(or_, (self.boxes.meeting(self.boxes.corner(row)) for row in numbers(self.fields[number])), 0)
        for row in own or ():
            found = self._met(row)
            for place in numbers(self._containing(row.corner)):
                found &= ~self._without.get(place, 0)
            met |= found
        rows = self.all_rows & met & ~self.fields[number]
        if not rows:
            return 0
        return (rows + self.all_rows) & self.ends  # a row that is there carries over to the number behind its field

    def _met(self, row: Placed) -> int:
        """The boxes that share a place with a row."""
        known = self._meeting.get(row.number)
        if known is None:
            known = self._meeting[row.number] = self.boxes.meeting(row.corner)
        return known

    def taken_whole_by(self, number: int) -> list[int]:
        """The formulas one row of which takes all of a formula's single row."""
        rows = self.rows[number] or ()
        if len(rows) != 1 or not self._flat:
            return []
        taking = self.boxes.containing(rows[0].corner) & self.all_rows & ~self.fields[number]
        return [self._number_of[end] for end in numbers(taking + self.all_rows & self.ends)]

    def met_by(self, number: int) -> list[int]:
        """The formulas that a formula may meet; where the table is plain, those that it does meet."""
        return [self._number_of[end] for end in numbers(self.meeting(number))]

    @cached_property
    def _number_of(self) -> dict[int, int]:
        """The formula by the free number behind its rows."""
        return {end: number for number, end in enumerate(numbers(self.ends))}

    def pairs(self, first: int) -> list[tuple[int, int]]:
        """Pairs of the first so many formulas that may meet, in order; where the table is plain, those that do."""
        ends = list(self._number_of)
        below = (1 << ends[first - 1] + 1) - 1 if first else 0
        met = [self.meeting(number) & below for number in range(first)]
        return [
            (number, self._number_of[place + ends[number]])
            for number in range(first)
            for place in numbers(met[number] >> ends[number])
            if self._flat or met[self._number_of[place + ends[number]]] >> ends[number] & 1
        ]

    def _left_over(self, corner: Corner, rows: int) -> int | None:
        """How many places of a box are in none of some rows, where that can be counted.

        Nothing, if some of them that do not meet take all of it. Otherwise, if no three meet: everything, less what
        each row takes, and once more what two of them share (inclusion and exclusion).
        """
        if self.impossible:
            return None
        meeting = numbers(self.boxes.meeting(corner) & rows)
        inside = {
            number: shared(corner, self.boxes.corner(number)) if corner else self.boxes.corner(number)
            for number in meeting
        }
        sizes = {number: self.size(place) for number, place in inside.items() if place is not None}
        own = sum(1 << number for number in sizes)
        met = {number: self._met(self._by_number[number]) & own ^ 1 << number for number in sizes}
        chosen = taken = 0
        for number in sorted(sizes, key=lambda one: met[one].bit_count()):
            if not met[number] & chosen:
                chosen |= 1 << number
                taken += sizes[number]
        left = self.size(corner) - sum(sizes.values())
        if taken == self.size(corner) or not chosen:
            return self.size(corner) - taken
        if sum(map(int.bit_count, met.values())) > 2 * MOST_PAIRS:
            return None
        pairs = [(one, other) for one in sizes for other in numbers(met[one]) if other > one]
        if any(met[one] & met[other] for one, other in pairs):
            return None
        both = (shared(inside[one], inside[other]) for one, other in pairs)
        return left + sum(self.size(place) for place in both if place is not None)

    def size(self, corner: Corner) -> int:
        """How many places of the space a box takes."""
        inside = outside = 1
        sizes = self._sizes
        for variable, cells in corner.items():
            inside *= cells.bit_count()
            outside *= sizes[variable]
        return self._whole_size // outside * inside

    @cached_property
    def _sizes(self) -> tuple[int, ...]:
        return tuple(map(int.bit_count, self.full))

    @cached_property
    def _whole_size(self) -> int:
        return prod(self._sizes)

    def sure(self, first: int, second: int) -> bool:
        """Whether two formulas share a place wherever their rows meet."""
        return not self.impossible and _are_boxes(self.rows[first]) and _are_boxes(self.rows[second])

    @cached_property
    def _without(self) -> dict[int, int]:
        """For each box that rows are without, these rows."""
        found: dict[int, int] = {}
        for own in self.rows:
            for row in own or ():
                for place in numbers(row.without):
                    found[place] = found.get(place, 0) | 1 << row.number
        return found

    def _containing(self, corner: Corner) -> int:
        """The boxes that rows are without that contain a box."""
        if not self._without:
            return 0
        return self.boxes.containing(corner) & ~self.all_rows & ~self.impossible

    # Where some hold and others fail

    def has(self, asked: Asked) -> bool:
        """Whether it can be asked this.

        A formula that has to fail must be boxes alone; or boxes without places that formulas before it take, which have
        to fail too: whoever is in none of the boxes is then in none of the formulas, and the other way round.
        """
        if self._flat:
            return True
        if any(self.rows[number] is None for number in (*asked.holding, *asked.failing)):
            return False
        before = 0
        for number in sorted(asked.failing):
            for row in self.rows[number] or ():
                if not all(self._take(place, before) for place in numbers(row.without)):
                    return False
            before |= self.fields[number]
        return True

    def _take(self, place: int, rows: int) -> bool:
        """Whether some rows are seen to take all of a box, that of a number, at once or after a short search."""
        known = self._taken.get(place)
        if known is not None and known & rows == known:
            return True
        hole = self.boxes.corner(place)
        whole = self.boxes.containing(hole) & rows
        if not whole:
            try:
                if next(uncovered(self.boxes, hole, rows | self.impossible, Budget(SHORT)), None) is not None:
                    return False
            except OutOfSteps:
                return False
        self._taken[place] = whole & -whole or rows
        return True

    def places(self, asked: Asked, budget: Budget) -> Iterator[Corner]:
        """Boxes in which the formulas hold and fail as asked; together all there are. Raises OutOfSteps."""
        failing = self._rows_of(asked.failing)
        for combination in product(*(self.rows[number] or () for number in asked.holding)):
            corner = _shared_by(combination)
            if corner is None:
                continue
            without = reduce(or_, (row.without for row in combination), 0)
            without |= failing
            left = self._left_over(corner, failing) if self._flat else None
            if left == 0:
                continue
            for place in uncovered(self.boxes, corner, without | self.relevant(corner, without), budget):
                yield place
                if left is not None:
                    left -= self.size(place)
                    if not left:
                        break

    def _rows_of(self, formulas: Sequence[int]) -> int:
        if isinstance(formulas, range) and formulas == range(formulas.stop):
            return self._up_to[formulas.stop]
        return reduce(or_, (self.fields[number] for number in formulas), 0)

    @cached_property
    def _up_to(self) -> tuple[int, ...]:
        """The rows of the first formulas, by how many these are."""
        return tuple(accumulate(self.fields, or_, initial=0))

    def count(self, asked: Asked, budget: Budget) -> int | None:
        """How many places there are where the formulas hold and fail as asked, of those where somebody can be.

        None where rows without other boxes would be counted twice. Raises OutOfSteps.
        """
        if not self.has(asked):
            return None
        failing = self._rows_of(asked.failing)
        if not asked.holding and not self.impossible and self._flat:
            left = self._left_over({}, failing)
            if left is not None:
                return left
        counted = 0
        for combination in product(*(self.rows[number] or () for number in asked.holding)):
            corner = _shared_by(combination)
            if corner is None:
                continue
            earlier = [other for row in combination for other in self._earlier(row)]
            if any(row.without for row in earlier):
                return None
            blocked = reduce(or_, (row.without for row in combination), sum({1 << row.number for row in earlier}))
            places = uncovered(self.boxes, corner, failing | blocked | self.impossible, budget)
            counted += sum(map(self.size, places))
        return counted

    def _earlier(self, row: Placed) -> list[Placed]:
        """The rows of the same formula before one."""
        own = next(rows for rows in self.rows if rows and rows[0].number <= row.number <= rows[-1].number)
        return [other for other in own if other.number < row.number]

    def relevant(self, corner: Corner, numbered: int = 0) -> int:
        """The boxes where nobody can be that have to do with a box, and with those of some numbers."""
        if not self.impossible:
            return 0
        variables = frozenset(corner)
        if numbered.bit_count() > MANY:
            variables = frozenset(range(len(self.full)))
        elif numbered:
            variables = variables.union(*(self.boxes.corner(number) for number in numbers(numbered)))
        known = self._relevant.get(variables)
        if known is None:
            own = self.companions(variables)
            known = self.impossible
            for variable in self.boxes.variables:
                if variable not in own:
                    known &= ~self.boxes.restricting(variable)
            self._relevant[variables] = known
        return known

    def shows(self, corner: Corner, asked: Asked, budget: Budget) -> bool:
        """Whether the formulas hold and fail as asked everywhere in a box, but for places where nobody can be.

        False too for some that do, where a formula is boxes without others. Raises OutOfSteps.
        """
        failing = self._rows_of(asked.failing)
        for number in numbers(self.boxes.meeting(corner) & failing):
            row = self._row(number)
            place = shared(corner, row.corner)
            assert place is not None
            if self._anybody(place, row.without, budget):
                return False
        return all(self._holds(corner, number, budget) for number in asked.holding)

    def _row(self, number: int) -> Placed:
        return self._by_number[number]

    @cached_property
    def _by_number(self) -> dict[int, Placed]:
        return {row.number: row for own in self.rows for row in own or ()}

    def _anybody(self, corner: Corner, without: int, budget: Budget) -> bool:
        blocked = without | self.relevant(corner, without)
        return not blocked or next(uncovered(self.boxes, corner, blocked, budget), None) is not None

    def _holds(self, corner: Corner, number: int, budget: Budget) -> bool:
        rows = self.rows[number] or ()
        plain = sum(1 << row.number for row in rows if not row.without)
        if not self._anybody(corner, plain, budget):
            return True
        return any(
            not self._anybody(corner, 1 << row.number, budget)
            and not any(
                (place := shared(corner, self.boxes.corner(hole))) is not None and self._anybody(place, 0, budget)
                for hole in numbers(row.without)
            )
            for row in rows
            if row.without
        )


def _are_boxes(rows: Sequence[Placed] | None) -> bool:
    """Whether the rows of a formula are boxes alone."""
    return rows is not None and not any(row.without for row in rows)


def _shared_by(rows: Sequence[Placed]) -> Corner | None:
    """The box that rows share; None when they share none."""
    corner: Corner | None = {}
    for row in rows:
        corner = shared(corner, row.corner)
    return corner


MOST_PAIRS = 200
"""Of rows that meet, which are counted."""
SHORT = 1_000
"""Steps of a search for what can be told in another way too."""
MANY = 64
"""Boxes of which one asks which variables they restrict; of more, all are taken."""


def _numbers_of(
    without: Iterable[Corner], corners: list[Corner | None], numbered: dict[frozenset[tuple[int, int]], int]
) -> int:
    """The numbers of boxes that a row is without; those that are new are put behind."""
    found = 0
    for corner in without:
        key = frozenset(corner.items())
        if key not in numbered:
            numbered[key] = len(corners)
            corners.append(corner)
        found |= 1 << numbered[key]
    return found


@define(eq=False)
class _Closure:
    """What follows for a row from where nobody can be: variables that hang together narrow each other."""

    full: Box
    nowhere: Boxes
    groups: dict[int, tuple[tuple[int, ...], int]]
    """For each variable all that hang together with it, and the boxes about them."""

    @classmethod
    def of(cls, full: Box, corners: Sequence[Corner]) -> _Closure:
        boxes = Boxes.of(full, corners)
        group_of: dict[int, set[int]] = {}
        for corner in corners:
            merged = set(corner).union(*(group_of.get(variable, ()) for variable in corner))
            for variable in merged:
                group_of[variable] = merged
        groups: dict[int, tuple[tuple[int, ...], int]] = {}
        for group in {id(one): one for one in group_of.values()}.values():
            own = reduce(or_, map(boxes.restricting, group), 0)
            for variable in group:
                groups[variable] = (tuple(sorted(group)), own)
        return cls(full, boxes, groups)

    def row(self, row: Row) -> Row | None:
        """The row, narrowed; None when nobody can be in it."""
        found = {self.groups[variable] for variable in row.corner if variable in self.groups}
        if not found:
            return row
        corner = dict(row.corner)
        for group, live in found:
            cells = {variable: corner.get(variable, self.full[variable]) for variable in group}
            place = Place.of(self.nowhere, cells, live)
            if narrowed(self.nowhere, place) is None and place.live:
                return None
            corner.update((variable, cells) for variable, cells in place.cells.items() if cells != self.full[variable])
        return Row(corner, row.without)
