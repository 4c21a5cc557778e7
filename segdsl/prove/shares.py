"""How much of the table of cells each segment takes, exactly.

In: a program and the name of a partition or priority list. Out: for each of its segments the number of cells that it
takes, of all in which somebody can be; or why that is not counted. Cells say how finely the rules look, not how many
visitors there are: a cell may have nobody in it, or nearly everybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod

from attrs import define, frozen

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.program import Partition, Priority, Program
from segdsl.prove.cells import Space, TextVariable, ValueVariable, only_value
from segdsl.prove.decide import STEPS_OF_COUNT, Question
from segdsl.prove.search import Among, Box, Budget, OutOfSteps, Some
from segdsl.prove.table import Asked
from segdsl.prove.witness import Visitor, visitor_in
from segdsl.text.errors import SegdslError
from segdsl.text.suggest import nearest
from segdsl.values.words import Shape

STEPS = 100_000
"""Of counting all segments together; one alone may take `STEPS_OF_COUNT`."""
MOST_PLACES = 1_000
"""Looked at one by one, where functions or wildcards tie cells to each other."""
MOST_BITS = 4_000
"""Of a number of cells; more than a thousand digits are of use to nobody."""

TIED = "functions or wildcards tie dimensions together, and whether somebody can be in every cell is not known"
TOO_MANY = "there are too many to count"


@frozen
class Share:
    """What a segment takes: `cells` of `whole`, and of the `parent` cells of the segment that a partition is `of`.

    None is what was not counted.
    """

    name: str
    label: str | None
    cells: int | None
    whole: int | None
    parent: int | None = None

    @property
    def fraction(self) -> Fraction | None:
        """The part of the whole table, as a ratio of whole numbers."""
        return _ratio(self.cells, self.whole)

    @property
    def within(self) -> Fraction | None:
        """The part of the segment that the partition is `of`; of the whole table where it is of everybody."""
        return self.fraction if self.parent is None else _ratio(self.cells, self.parent)


def _ratio(part: int | None, whole: int | None) -> Fraction | None:
    return None if part is None or not whole else Fraction(part, whole)


@frozen
class Shares:
    """The share of every segment of a partition or priority list, or of all segments where `name` is None.

    `segments` map by name. `none`: who is in none of them; `several`: who is in more than one. Of a partition `of` a
    segment, these are shares inside it, `of` is its own, and `outside` is who is in a segment, but not in it.
    """

    name: str | None
    label: str | None
    segments: Mapping[str, Share]
    none: Share
    several: Share
    of: Share | None = None
    outside: Share | None = None
    now: dt.datetime | None = None
    """The instant that they are for, where the rules move with now."""
    reason: str = ""
    """Why something was not counted."""

    @property
    def cells(self) -> int | None:
        """How many cells there are; None where they were not counted."""
        return self.none.whole

    @property
    def together(self) -> Share:
        """The sum of all segments: less than the whole where somebody is in none, more where many are in several."""
        counted = [one.cells for one in self.segments.values()]
        known = [cells for cells in counted if cells is not None]
        total = sum(known) if len(known) == len(counted) and self.cells is not None else None
        return Share("", None, total, self.cells, self.none.parent)


def shares_of(program: Program, name: str | None, now: dt.datetime) -> Shares:
    """The shares of a partition or priority list; without a name of the only one, or of all segments if there is none.

    Rules that move with now have their cells at an instant. In a priority list each segment has those whom no segment
    before it has. Raises SegdslError where the name is wrong.
    """
    claim = _claim(program, name)
    members = tuple(program.segments.values()) if claim is None else claim.members
    parent = claim.of if isinstance(claim, Partition) else None
    kernels = [one.kernel for one in (*members, *([] if parent is None else [parent]))]
    question = Question(kernels, Context(now, program.zone))
    counting = _Counting(question, len(members), isinstance(claim, Priority), parent is not None)
    whole = counting.whole()
    inside = counting.inside() if parent else None
    cells: dict[str, int | None] = {one.name: counting.member(number) for number, one in enumerate(members)}
    labels = {one.name: one.label for one in members}
    none = counting.none()
    several = counting.several(list(cells.values()), whole if parent is None else inside, none)
    if isinstance(claim, Priority) and claim.otherwise is not None:
        rest = program.segments.get(claim.otherwise)
        labels.setdefault(claim.otherwise, None if rest is None else rest.label)
        cells[claim.otherwise] = none
        none = None if none is None else 0

    def share(one: str, label: str | None, number: int | None) -> Share:
        return Share(one, label, number, whole, inside)

    return Shares(
        name=None if claim is None else claim.name,
        label=None if claim is None else claim.label,
        segments={one: share(one, labels[one], number) for one, number in cells.items()},
        none=share("", None, none),
        several=share("", None, several),
        of=Share(parent.name, parent.label, inside, whole) if parent else None,
        outside=Share("", None, counting.outside(whole, inside), whole) if parent else None,
        now=now if question.clock else None,
        reason=counting.reason,
    )


def _claim(program: Program, name: str | None) -> Partition | Priority | None:
    claims: dict[str, Partition | Priority] = {**program.partitions, **program.priorities}
    if name is None and len(claims) > 1:
        raise SegdslError(f"there are several partitions and priority lists; say which one: {', '.join(claims)}")
    if name is not None and name not in claims:
        near = nearest(name, claims)
        advice = f'did you mean "{near}"?' if near else f"there is {', '.join(claims) or 'none'}"
        raise SegdslError(f'there is no partition or priority list called "{name}"; {advice}')
    return next(iter(claims.values()), None) if name is None else claims[name]


@define
class _Counting:
    """Counts in the table of one question, about `members` and after them, perhaps, a parent. All steps are limited."""

    question: Question
    members: int
    first_wins: bool
    parent: bool
    reason: str = ""
    lost: bool = False
    """Not even the whole table was counted."""
    steps: int = STEPS

    def _count(self, holding: Sequence[int] = (), failing: Sequence[int] = ()) -> int | None:
        if self.lost:
            return None
        budget = Budget(min(STEPS_OF_COUNT, self.steps))
        before = budget.steps
        try:
            counted = self.question.table.count(Asked(holding, failing), budget)
        except OutOfSteps:
            counted = None
        self.steps -= before - max(budget.steps, 0)
        if counted is None or counted.bit_length() > MOST_BITS:
            self.reason = TOO_MANY
            return None
        return counted

    @property
    def _within(self) -> tuple[int, ...]:
        return (self.members,) if self.parent else ()

    def whole(self) -> int | None:
        try:
            self.lost = not _settled(self.question)
        except OutOfSteps:
            self.lost = True
        if self.lost:
            self.reason = TIED
        whole = self._count()
        self.lost = whole is None
        return whole

    def inside(self) -> int | None:
        return self._count(self._within)

    def member(self, number: int) -> int | None:
        return self._count((number, *self._within), range(number) if self.first_wins else ())

    def none(self) -> int | None:
        return self._count(self._within, range(self.members))

    def outside(self, whole: int | None, inside: int | None) -> int | None:
        """How many cells are in a member, but not in the parent."""
        nobody = self._count((), range(self.members + 1))
        return None if whole is None or inside is None or nobody is None else whole - inside - nobody

    def several(self, counted: Sequence[int | None], whole: int | None, none: int | None) -> int | None:
        """How many cells are in more than one member."""
        known = [cells for cells in counted if cells is not None]
        if whole is None or none is None or len(known) < len(counted):
            return None
        if self.first_wins or sum(known) + none == whole:
            return 0
        alone = 0
        for number, cells in enumerate(known):
            others = [one for one in self.question.table.met_by(number) if one < self.members and one != number]
            own = self._count((number, *self._within), others) if others else cells
            if own is None:
                return None
            alone += own
        return whole - none - alone


# Cells in which nobody can be


def _settled(question: Question) -> bool:
    """Whether the clauses say of every cell whether somebody can be in it, once those found here are among them.

    Dimensions without functions of them are known to. Of the others all cells are looked at, where these are few; where
    nobody is found in one, it may be that there is nobody, or that we do not see whom. Raises OutOfSteps.
    """
    space = question.space
    if space.independent:
        return True
    for variables in _groups(space):
        if not _open(space, variables):
            continue
        if prod(len(space.variables[one].cells) for one in variables) > MOST_PLACES:
            return False
        for place in _places(space, variables):
            found = visitor_in(space, place, question.context)
            if found is None:
                off = (Among(one, space.full[one] & ~place[one]) for one in variables)
                space.clauses.append(Some(tuple(off)))
            elif not isinstance(found, Visitor):
                return False
    return True


def _groups(space: Space) -> list[list[int]]:
    """The variables that have to do with each other: they are about the same dimensions."""
    groups: list[tuple[set[object], list[int]]] = []
    for number, variable in enumerate(space.variables):
        about: set[object] = set(ex.dimensions_of(variable.term)) or {variable.term}
        together = [number]
        apart = []
        for group in groups:
            if group[0] & about:
                about |= group[0]
                together = [*group[1], *together]
            else:
                apart.append(group)
        groups = [*apart, (about, together)]
    return [sorted(together) for _, together in groups]


def _open(space: Space, variables: Iterable[int]) -> bool:
    """Whether the clauses leave open who can be in the cells of some variables (`Space.independent`)."""
    own = [space.variables[number] for number in variables]
    if any(not isinstance(one.term, ex.Read) for one in own):
        return True
    patterns = [one.pattern for one in own if isinstance(one, TextVariable)]
    values = [cell for one in own if isinstance(one, ValueVariable) for cell in one.cells if not cell.unknown]
    return bool(patterns) and (
        any(pattern.shape is Shape.GLOB for pattern in patterns) or sum(only_value(cell) is None for cell in values) > 1
    )


def _places(space: Space, variables: Sequence[int]) -> Iterator[Box]:
    """Every cell of some variables that the clauses leave, all others open."""
    excluded = [clause for clause in space.clauses if isinstance(clause, Some)]
    own = set(variables)
    about = [
        [(part.variable, part.cells) for part in clause.parts if isinstance(part, Among)]
        for clause in excluded
        if all(isinstance(part, Among) and part.variable in own for part in clause.parts)
    ]
    for cells in product(*(range(len(space.variables[number].cells)) for number in variables)):
        place = list(space.full)
        for number, cell in zip(variables, cells, strict=True):
            place[number] = 1 << cell
        if all(any(place[number] & wanted for number, wanted in clause) for clause in about):
            yield tuple(place)
