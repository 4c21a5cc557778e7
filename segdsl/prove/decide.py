"""Deciding one question at a time: is there a visitor in all of these conditions?

In: kernels. Out: a counterexample, or the certainty that there is none, or why neither was found. This is the plain
exact method: cells, and a search over them that is bounded in steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property

from attrs import Factory, define, evolve, frozen

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import at
from segdsl.prove.cells import Space, ValueVariable
from segdsl.prove.moments import USUAL, Moments, moments, moves, opened
from segdsl.prove.regions import box_words, share_words
from segdsl.prove.search import Box, Budget, Formula, OutOfSteps, Some, boxes, hull, narrow, opposite, variables_of
from segdsl.prove.verdict import Counterexample
from segdsl.prove.witness import Visitor, visitor_in

STEPS = 200_000
"""Of one search; some seconds."""
MOST_CELLS = 256
"""Of one variable that a region is widened by one at a time."""
TRIES = 50
"""Boxes in which a visitor is looked for before the search gives up, where functions tie dimensions together."""

Replay = Callable[[Visitor], bool]
"""Whether a visitor really shows what it should, by the reference evaluator."""


@frozen
class Nobody:
    """There is no such visitor."""


@frozen
class Undecided:
    """There may be one; why that is not known."""

    reason: str


@define(eq=False)
class Question:
    """Some kernels at one instant, as formulas over shared cells. `at` of them is done once."""

    kernels: list[k.Kernel]
    context: Context
    decide_closed: bool = True
    _hulls: dict[int, dict[int, int] | None] = Factory(dict)

    @cached_property
    def still(self) -> list[k.Kernel]:
        return [at(kernel, self.context, self.decide_closed) for kernel in self.kernels]

    @cached_property
    def space(self) -> Space:
        return Space.of(self.still)

    @cached_property
    def formulas(self) -> list[Formula]:
        return [self.space.formula(kernel) for kernel in self.still]

    @cached_property
    def clauses(self) -> list[tuple[Formula, frozenset[int]]]:
        return [(clause, variables_of(clause)) for clause in self.space.clauses]

    def hull_of(self, number: int) -> dict[int, int] | None:
        """The hull of one formula (`segdsl.prove.search.hull`), worked out once."""
        if number not in self._hulls:
            self._hulls[number] = hull(self.formulas[number])
        return self._hulls[number]

    def not_(self, number: int) -> Formula:
        """The opposite of one formula."""
        return opposite(self.formulas[number], self.space.full)

    def visitor(self, wanted: list[Formula], replay: Replay, budget: Budget) -> Visitor | Nobody | Undecided:
        """A visitor in all of the wanted formulas."""
        found = self.box(wanted, replay, budget)
        return found if isinstance(found, Nobody | Undecided) else found[1]

    def box(self, wanted: list[Formula], replay: Replay, budget: Budget) -> tuple[Box, Visitor] | Nobody | Undecided:
        """A box in all of the wanted formulas, with a visitor in it."""
        formulas = [*wanted, *self._relevant(wanted)]
        missed = 0
        try:
            for box in boxes(formulas, self.space.full, budget):
                visitor = visitor_in(self.space, box, self.context)
                if visitor is None:
                    continue
                if not isinstance(visitor, Visitor) or not replay(visitor):
                    missed += 1
                    if missed >= TRIES:
                        return Undecided(TIED)
                    continue
                return box, visitor
        except OutOfSteps:
            return Undecided(f"the search took more than {STEPS:,} steps")
        return Undecided(TIED) if missed else Nobody()

    def _relevant(self, wanted: list[Formula]) -> list[Formula]:
        """The clauses about the variables of some formulas and of the dimensions that these are functions of."""
        variables: set[int] = set()
        for formula in wanted:
            variables |= variables_of(formula)
        terms = {self.space.variables[number].term for number in variables}
        read = {ex.Read(dimension) for term in terms for dimension in ex.dimensions_of(term)}
        for number, variable in enumerate(self.space.variables):
            if isinstance(variable, ValueVariable) and (variable.term in terms or variable.term in read):
                variables.add(number)
        return [clause for clause, own in self.clauses if own <= variables]

    def impossible(self, wanted: list[Formula]) -> bool:
        """Whether there is certainly no box in all of the wanted formulas."""
        try:
            return next(boxes([*wanted, *self._relevant(wanted)], self.space.full, Budget(STEPS)), None) is None
        except OutOfSteps:
            return False

    def widened(self, box: Box, wanted: list[Formula], budget: Budget) -> Box:
        """The box made as large as it can be with all of the wanted formulas still holding everywhere in it."""
        against: list[Formula] = [Some(tuple(opposite(formula, self.space.full) for formula in wanted))]
        against += self._relevant(wanted)
        for number in range(len(box)):
            for more in self._growth(box, number):
                slab = (*box[:number], more, *box[number + 1 :])
                try:
                    if next(boxes(against, slab, budget), None) is None:
                        box = (*box[:number], box[number] | more, *box[number + 1 :])
                except OutOfSteps:
                    return box
                if box[number] == self.space.full[number]:
                    break
        return box

    def _growth(self, box: Box, number: int) -> Iterator[int]:
        missing = self.space.full[number] & ~box[number]
        if not missing:
            return
        yield missing
        variable = self.space.variables[number]
        if isinstance(variable, ValueVariable):  # what is unknown has another remedy than what is known: told apart
            known = variable.known
            missing &= known if box[number] & known else ~known
            if box[number] & known and missing != self.space.full[number] & ~box[number]:
                yield missing
        for place in range(min(missing.bit_length(), MOST_CELLS)):
            if missing >> place & 1:
                yield 1 << place

    def counterexample(
        self, wanted: list[Formula], names: tuple[str, ...], replay: Replay, budget: Budget
    ) -> tuple[Counterexample, Box] | Nobody | Undecided:
        """A visitor in all of the wanted formulas, with the region around."""
        found = self.box(wanted, replay, budget)
        if isinstance(found, Nobody | Undecided):
            return found
        box, visitor = found
        wide, visitor = self._around(box, visitor, wanted, replay)
        words, share = box_words(self.space, wide, self._possible(wide)), share_words(self.space, wide)
        if any(map(k.reads_clock, self.kernels)):
            visitor = evolve(visitor, clock=True)
        return Counterexample(visitor, names, words, share, self._boundary(wide)), wide

    def _around(self, box: Box, visitor: Visitor, wanted: list[Formula], replay: Replay) -> tuple[Box, Visitor]:
        """The largest region around, and the plainest visitor in it: without unknown if there is a visitor then."""
        wide = box
        for start in dict.fromkeys((self._told_apart(box), box)):
            wide = self.widened(start, wanted, Budget(STEPS))
            try:
                plainer = visitor_in(self.space, wide, self.context)
            except OutOfSteps:
                continue
            if isinstance(plainer, Visitor) and replay(plainer):
                return wide, plainer
        return wide, visitor

    def _told_apart(self, box: Box) -> Box:
        """The box without unknown wherever some values are missing from it: these have another remedy than unknown."""
        return tuple(
            cells & variable.known or cells if isinstance(variable, ValueVariable) and cells != full else cells
            for variable, cells, full in zip(self.space.variables, box, self.space.full, strict=True)
        )

    def _possible(self, box: Box) -> Box:
        """The box without cells that the clauses rule out in it: what does not need to be said."""
        narrowed = list(box)
        narrow(narrowed, list(self.space.clauses))
        return tuple(narrowed)

    def _boundary(self, box: Box) -> tuple[str, object] | None:
        """A dimension and value, where the box says that a number or time has this one value."""
        for variable, cells, full in zip(self.space.variables, box, self.space.full, strict=True):
            if cells == full or cells.bit_count() != 1:
                continue
            if not isinstance(variable, ValueVariable) or not isinstance(variable.term, ex.Read):
                continue
            cell = variable.cells[cells.bit_length() - 1]
            interval = cell.intervals[0] if len(cell.intervals) == 1 and not cell.unknown else None
            if interval is not None and interval.low is not None and _one(interval.low, interval.high):
                return variable.term.dimension.name, interval.low[0]
        return None


def _one(low: object, high: object) -> bool:
    """Whether two cuts have one value between them."""
    if not isinstance(low, tuple) or not isinstance(high, tuple) or low[1]:
        return False
    whole = isinstance(low[0], int) and isinstance(high[0], int) and not high[1] and high[0] - low[0] == 1
    days = type(low[0]) is dt.date and not high[1] and high[0] - low[0] == dt.timedelta(days=1)
    return whole or days or bool(high[1] and high[0] == low[0])


TIED = (
    "it depends on how dimensions hang together (through arithmetic, or a function of one of them), "
    "and no visitor was found that shows it"
)


@frozen
class Asked:
    """A question, and what its answer is worth.

    `opened`: it leaves open whatever moves with now, so finding nobody is a proof and finding somebody says nothing.
    `reason`: why finding nobody would not be a proof, or "".
    """

    question: Question
    reason: str = ""
    opened: bool = False


UNEVEN = "days and months move past each other in too many ways to look at all of them"


def questions(kernels: list[k.Kernel], zone: dt.tzinfo) -> Iterator[Asked]:
    """A question for every instant that matters.

    Rules that move with now are first asked about with all that moves left open: whoever is not found then is never
    found. The last ones leave tests of now alone open, which proves what the instants can only make likely.
    """
    if moves(kernels):
        free = [opened(kernel, zone) for kernel in kernels]
        yield Asked(Question(free, Context(USUAL, zone), decide_closed=False), opened=True)
    found: Moments = moments(kernels, zone)
    for instant in found.instants:
        yield Asked(Question(kernels, Context(instant, zone)), "" if found.complete else UNEVEN)
    if found.closed:
        for instant in found.orders:
            yield Asked(Question(kernels, Context(instant, zone), decide_closed=False))
