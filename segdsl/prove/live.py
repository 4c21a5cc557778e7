"""A partition that is being edited: one segment changes, and what is claimed is decided again at once.

The rows of all segments stay side by side (`segdsl.prove.boxes`); a change touches the bits of one. A condition that
draws a line where there was none cuts one cell in two. Whether the segments cover everybody is told by weighing: every
cell has a weight, one that is cut shares it between its parts, and so the weights of rows stay what they were. Sound
for any weights: rows that do not meet cover everything exactly when theirs add up to that of the whole.

In: a program and one of its partitions; then conditions, one after the other. Out: whether the claims hold.
"""

from __future__ import annotations

from bisect import bisect_left
from math import prod
from typing import Any

from attrs import Factory, define, evolve, frozen

from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.load import condition_among
from segdsl.program.lower import lower
from segdsl.program.program import Partition, Program, Segment
from segdsl.prove.boxes import Boxes, Corner, numbers
from segdsl.prove.cells import Cell, Space, ValueVariable, possible_values
from segdsl.prove.claims import decide_partition
from segdsl.prove.cover import uncovered
from segdsl.prove.moments import moves
from segdsl.prove.rows import Row, rows_of
from segdsl.prove.search import FALSE, TRUE, Among, Box, Budget, Every, Formula, OutOfSteps, Some
from segdsl.prove.verdict import PartitionVerdict, Proved, Refuted, Unknown, Verdict
from segdsl.text.errors import RuleError
from segdsl.text.source import Source
from segdsl.values.kinds import Point, SetOf, stepped
from segdsl.values.plain import plainest_of_each
from segdsl.values.region import Cut, Region
from segdsl.values.unknown import UNKNOWN

WEIGHT = 1 << 12
"""Of a cell at first: it can be cut so many times over, as a power of two."""
STEPS = 20_000
"""Of a search for what weighing does not tell."""
MOST_PAIRS = 20_000
"""Of rows that meet; with more of them everything is decided anew each time."""


@frozen
class Standing:
    """Whether the claims of a partition hold: True, False, or None where that is not known without `verdict`.

    `overlaps` is the number of pairs of segments that overlap.
    """

    exclusive: bool | None
    covering: bool | None
    overlaps: int


class _Unsuited(Exception):
    """The rules ask for something that is not kept up to date step by step."""


@define(eq=False)
class LivePartition:
    """A partition whose segments can be changed one at a time. Not to be shared between threads."""

    program: Program
    _claim: Partition
    _members: list[Segment] = Factory(lambda self: list(self._claim.members), takes_self=True)
    _places: dict[str, int] = Factory(
        lambda self: {member.name: place for place, member in enumerate(self._members)}, takes_self=True
    )
    _index: _Index | None = Factory(lambda self: self._indexed(), takes_self=True)
    _known: dict[k.Kernel, k.Kernel] = Factory(
        lambda self: {leaf: leaf for leaf in k.distinct_leaves(one.kernel for one in self._members)}, takes_self=True
    )
    """What has been read, so that equal tests are one object."""

    @property
    def partition(self) -> Partition:
        """The partition as it is now."""
        return evolve(self._claim, members=tuple(self._members))

    @property
    def standing(self) -> Standing:
        """What is known now."""
        if self._index is not None:
            return self._index.standing()
        verdict = self.verdict
        overlaps = len(verdict.exclusive.witnesses) if isinstance(verdict.exclusive, Refuted) else 0
        return Standing(_holds(verdict.exclusive), _holds(verdict.covering), overlaps)

    @property
    def verdict(self) -> PartitionVerdict:
        """The whole verdict, with a visitor and a region for everything that is wrong."""
        return decide_partition(self.program, self.partition)

    def overlapping(self, name: str) -> tuple[str, ...]:
        """The segments that overlap with one. Raises KeyError when it is no segment of the partition."""
        own = self._place(name)
        if self._index is not None:
            return tuple(self._members[one].name for one in self._index.overlapping(own))
        exclusive = self.verdict.exclusive
        pairs = exclusive.witnesses.segments if isinstance(exclusive, Refuted) else ()
        return tuple(other for pair in pairs if name in pair for other in pair if other != name)

    def read(self, name: str, condition: str) -> Segment:
        """The segment with another condition, checked but not changed yet; it may name segments as they were loaded.

        Raises KeyError when it is no segment of the partition, and RuleError with every diagnostic.
        """
        member = self._members[self._place(name)]
        checked, found = condition_among(self.program, Source(f"segment {name}", condition))
        if checked is None:
            raise RuleError(found)
        kernel = k.alike(lower(checked, self.program.zone), self._known)
        return evolve(member, condition=checked, kernel=kernel)

    def change(self, segment: Segment) -> Standing:
        """Puts a segment in the place of the one of its name. Raises KeyError when there is none."""
        place = self._place(segment.name)
        self._members[place] = segment
        if self._index is not None:
            try:
                self._index.change(place, segment.kernel)
            except _Unsuited:
                self._index = self._indexed()
        else:
            self._index = self._indexed()
        return self.standing

    def _indexed(self) -> _Index | None:
        if self._claim.of is not None:
            return None
        try:
            return _Index.of([member.kernel for member in self._members])
        except _Unsuited:
            return None

    def _place(self, name: str) -> int:
        if name not in self._places:
            raise KeyError(f'"{name}" is no segment of "{self._claim.name}"')
        return self._places[name]


def _holds(verdict: Verdict) -> bool | None:
    return None if isinstance(verdict, Unknown) else isinstance(verdict, Proved)


@define(eq=False)
class _Axis:
    """A variable that can be cut further: its cells as regions, a value in each, what they weigh, and the cells of
    known regions.
    """

    term: ex.Term
    cells: list[Region]
    values: list[Any]
    weights: list[int]
    masks: dict[Region, int]
    cuts: set[Cut]
    heavy: dict[int, int] = Factory(dict)
    total: int = 0

    @classmethod
    def of(cls, term: ex.Term, cells: list[Region], masks: dict[Region, int]) -> _Axis:
        values = [_value(term, cell) for cell in cells]
        cuts = {cut for cell in cells for cut in cell.cuts}
        return cls(term, cells, values, [WEIGHT] * len(cells), masks, cuts, total=WEIGHT * len(cells))

    def weight(self, cells: int) -> int:
        known = self.heavy.get(cells)
        if known is None:
            known = self.heavy[cells] = sum(self.weights[cell] for cell in numbers(cells))
        return known


@define(eq=False)
class _Index:
    """The rows of all segments, who meets whom, and what they weigh."""

    axes: list[_Axis]
    axis_of: dict[ex.Term, int]
    boxes: Boxes
    rows: list[list[int]]
    owner: dict[int, int]
    met: dict[int, int] = Factory(dict)
    """For each row that meets others, these."""
    weights: dict[int, int] = Factory(dict)
    total: int = 1
    weighed: int = 0
    pairs: dict[tuple[int, int], int] = Factory(dict)
    """For each pair of segments that overlap, how many of their rows do."""
    meeting: int = 0
    """Pairs of rows that meet."""
    formulas: dict[k.Kernel, Formula] = Factory(dict)
    """Of tests that have been met, until a cell is cut."""

    @classmethod
    def of(cls, kernels: list[k.Kernel]) -> _Index:
        leaves = k.distinct_leaves(kernels)
        if moves(leaves) or k.any_reads_clock(leaves):
            raise _Unsuited
        space = Space.telling_apart(leaves)
        axes = [_axis(variable) for variable in space.variables]
        if not space.independent or space.clauses:
            raise _Unsuited
        corners = [[row.corner for row in _rows(space.formula(kernel), space.full)] for kernel in kernels]
        numbered = [corner for own in corners for corner in own]
        axis_of = {axis.term: number for number, axis in enumerate(axes)}
        index = cls(axes, axis_of, Boxes.of(space.full, numbered), [], {}, total=prod(axis.total for axis in axes))
        for own in corners:
            start = len(index.owner)
            index.rows.append(list(range(start, start + len(own))))
            index.owner.update(dict.fromkeys(index.rows[-1], len(index.rows) - 1))
        for number, corner in enumerate(numbered):
            index._weigh(number, corner)
            index._meet(number, index.boxes.meeting(corner) & (1 << number) - 1)
        return index

    # Changing one segment

    def change(self, segment: int, kernel: k.Kernel) -> None:
        for leaf in k.leaves(kernel):
            if leaf not in self.formulas:
                if not isinstance(leaf, k.Test):
                    raise _Unsuited
                self._learn(leaf)
        formula = self._formula(kernel)
        corners = [row.corner for row in _rows(formula, self.boxes.full)]
        old = self.rows[segment]
        for number in old:
            self._part(number)
        own = old[: len(corners)]
        for number in old[len(corners) :]:
            self.boxes.put(number, None)
        while len(own) < len(corners):
            own.append(len(self.boxes.corners))
            self.boxes.put(own[-1], None)
        self.rows[segment] = own
        for number, corner in zip(own, corners, strict=True):
            self.boxes.put(number, corner)
            self.owner[number] = segment
        for number, corner in zip(own, corners, strict=True):
            self._weigh(number, corner)
            self._meet(number, self.boxes.meeting(corner) & ~(1 << number) & ~self._not_yet(own, number))

    def _not_yet(self, own: list[int], number: int) -> int:
        """The segment's own rows after one, which meet it when their turn comes."""
        return sum(1 << other for other in own[own.index(number) + 1 :])

    def _weigh(self, number: int, corner: Corner) -> None:
        self.weights[number] = weight = self._weight(corner)
        self.weighed += weight

    def _weight(self, corner: Corner) -> int:
        inside = outside = 1
        for variable, cells in corner.items():
            axis = self.axes[variable]
            inside *= axis.weight(cells)
            outside *= axis.total
        return self.total // outside * inside

    def _shared_weight(self, one: int, other: int) -> int:
        """What two rows share weighs: the weight of one with the factors in which it takes more."""
        weight, own = self.weights[one], self.boxes.corner(one)
        for variable, cells in self.boxes.corner(other).items():
            axis, mine = self.axes[variable], own.get(variable)
            if mine is None:
                weight = weight // axis.total * axis.weight(cells)
            elif mine & cells != mine:
                weight = weight // axis.weight(mine) * axis.weight(mine & cells)
        return weight

    def _meet(self, number: int, others: int) -> None:
        if others:
            self.met[number] = self.met.get(number, 0) | others
        for other in numbers(others):
            self.met[other] = self.met.get(other, 0) | 1 << number
            self._count(number, other, 1)

    def _part(self, number: int) -> None:
        others = self.met.pop(number, 0)
        for other in numbers(others):
            self.met[other] ^= 1 << number
            if not self.met[other]:
                del self.met[other]
            self._count(number, other, -1)
        self.weighed -= self.weights.pop(number)

    def _count(self, number: int, other: int, by: int) -> None:
        self.meeting += by
        if self.meeting > MOST_PAIRS:
            raise _Unsuited
        first, second = sorted((self.owner[number], self.owner[other]))
        if first != second:
            left = self.pairs.get((first, second), 0) + by
            if left:
                self.pairs[first, second] = left
            else:
                del self.pairs[first, second]

    # Cells

    def _learn(self, test: k.Test) -> None:
        """Cuts cells so that each is inside the test's region or outside it."""
        number = self.axis_of.get(test.term)
        if number is None:
            number = self._add_axis(test.term)
        axis = self.axes[number]
        if test.region in axis.masks:
            return
        region = stepped(test.term.kind, test.region)
        new = [cut for cut in region.cuts if cut not in axis.cuts]
        for cell, whole in enumerate(axis.cells.copy()):
            if (len(whole.cuts) + whole.below + 1) // 2 > 1 or any(_crosses(whole, cut) for cut in new):
                common, rest = whole & region, whole - region
                if _value(test.term, common) is not None and _value(test.term, rest) is not None:
                    self._split(number, cell, common, rest)
        axis.cuts.update(new)
        axis.masks[test.region] = sum(1 << cell for cell, value in enumerate(axis.values) if value in region)

    def _split(self, number: int, cell: int, inside: Region, rest: Region) -> None:
        axis, new = self.axes[number], len(self.axes[number].cells)
        half = axis.weights[cell] // 2
        if not half:
            raise _Unsuited
        axis.cells[cell] = inside
        axis.cells.append(rest)
        axis.values[cell] = _value(axis.term, inside)
        axis.values.append(_value(axis.term, rest))
        axis.weights[cell] -= half
        axis.weights.append(half)
        axis.heavy.clear()
        for region, cells in axis.masks.items():
            if cells >> cell & 1:
                axis.masks[region] = cells | 1 << new
        self.boxes.split(number, cell, new)
        self.formulas.clear()

    def _add_axis(self, term: ex.Term) -> int:
        if not isinstance(term, ex.Read) or isinstance(term.kind, SetOf | Point):
            raise _Unsuited
        possible = possible_values(term)
        cells = [possible.values, *([Region.only_unknown()] if possible.unknown else [])]
        number = self.boxes.add_variable((1 << len(cells)) - 1)
        axis = _Axis.of(term, cells, {})
        self.axes.append(axis)
        self.axis_of[term] = number
        self.total *= axis.total
        self.weighed *= axis.total
        self.weights = {row: weight * axis.total for row, weight in self.weights.items()}
        return number

    def _formula(self, kernel: k.Kernel) -> Formula:
        match kernel:
            case k.Always():
                return TRUE
            case k.Never():
                return FALSE
            case k.All(parts):
                return Every(tuple(map(self._formula, parts)))
            case k.Any(parts):
                return Some(tuple(map(self._formula, parts)))
            case k.Test(term, region):
                known = self.formulas.get(kernel)
                if known is None:
                    number = self.axis_of[term]
                    cells, full = self.axes[number].masks[region], self.boxes.full[number]
                    known = FALSE if not cells else TRUE if cells == full else Among(number, cells)
                    self.formulas[kernel] = known
                return known
            case _:
                raise _Unsuited

    # What is known

    def standing(self) -> Standing:
        return Standing(not self.pairs, self._covering(), len(self.pairs))

    def overlapping(self, segment: int) -> list[int]:
        return sorted({other for pair in self.pairs if segment in pair for other in pair if other != segment})

    def _covering(self) -> bool | None:
        """Everything, less what each row takes, and once more what two of them share, if no three meet."""
        if not self.meeting:
            return self.weighed == self.total
        met = self.met
        pairs = [(one, other) for one in met for other in numbers(met[one]) if one < other]
        if not any(met[one] & met[other] for one, other in pairs):
            return self.weighed - sum(self._shared_weight(one, other) for one, other in pairs) == self.total
        try:
            return next(uncovered(self.boxes, {}, self.boxes.all, Budget(STEPS)), None) is None
        except OutOfSteps:
            return None


def _axis(variable: object) -> _Axis:
    if not isinstance(variable, ValueVariable) or not isinstance(variable.term, ex.Read):
        raise _Unsuited
    if isinstance(variable.term.kind, SetOf | Point):
        raise _Unsuited
    cells = [_region(cell) for cell in variable.cells]
    return _Axis.of(variable.term, cells, dict(variable.masks))


def _region(cell: Cell) -> Region:
    return Region.only_unknown() if cell.unknown else Region.spanning(cell.intervals)


def _crosses(region: Region, cut: Cut) -> bool:
    """Whether a cut lies inside one of the stretches of a region."""
    return bool(bisect_left(region.cuts, cut) % 2) is not region.below


def _value(term: ex.Term, region: Region) -> Any:
    """A value in a region, or UNKNOWN; None when there is none."""
    if region.unknown:
        return UNKNOWN
    return next(plainest_of_each(term.kind, region.intervals()), None)


def _rows(formula: Formula, full: Box) -> tuple[Row, ...]:
    rows = rows_of(formula, full)
    if rows is None or any(row.without for row in rows):
        raise _Unsuited
    return rows
