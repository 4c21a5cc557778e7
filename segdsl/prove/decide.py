"""Asking about some kernels: is there a visitor for whom these hold and those fail, and where?

In: kernels, all at one instant. Out: counterexamples, or the certainty that there is none, or why neither was found.
What is asked goes to the table of rows (`segdsl.prove.table`); what has too many rows, to the plain search over
formulas (`segdsl.prove.search`). Both are exact and bounded in steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from attrs import define, evolve, frozen

from segdsl.operators.operator import Context
from segdsl.program import kernel as k
from segdsl.program.lower import at
from segdsl.prove.boxes import Boxes, Corner
from segdsl.prove.cells import Space, ValueVariable
from segdsl.prove.cover import uncovered
from segdsl.prove.moments import USUAL, Moments, moments, moves, opened
from segdsl.prove.regions import box_words, share_words
from segdsl.prove.search import Box, Budget, Formula, OutOfSteps, Some, boxes, narrow, opposite, variables_of
from segdsl.prove.table import Asked, Table
from segdsl.prove.verdict import Counterexample
from segdsl.prove.witness import Visitor, minimal, visitor_in

STEPS = 100_000
"""Of one search; some seconds."""
STEPS_OF_COUNT = 5_000
"""Of counting cells."""
MOST_CELLS = 256
"""Of one variable that a region is widened by one at a time."""
TRIES = 50
"""Boxes in which a visitor is looked for before the search gives up, where functions tie dimensions together."""

Replay = Callable[[Visitor], bool]
"""Whether a visitor really shows what it should, by the reference evaluator."""


@frozen
class Undecided:
    """There may be a counterexample, or another one; why that is not known."""

    reason: str


@define(eq=False)
class Question:
    """Some kernels at one instant, as formulas over shared cells. `at` of them is done once."""

    kernels: list[k.Kernel]
    context: Context
    decide_closed: bool = True

    @cached_property
    def leaves(self) -> tuple[k.Leaf, ...]:
        """The tests of the kernels, each once."""
        return k.distinct_leaves(self.kernels)

    @cached_property
    def clock(self) -> bool:
        """Whether the kernels depend on now."""
        return k.any_reads_clock(self.leaves)

    @cached_property
    def still(self) -> list[k.Kernel]:
        if not self.clock:
            return self.kernels
        return [at(kernel, self.context, self.decide_closed) for kernel in self.kernels]

    @cached_property
    def space(self) -> Space:
        return Space.of(self.still) if self.clock else Space.telling_apart(self.leaves)

    @cached_property
    def formulas(self) -> list[Formula]:
        return [self.space.formula(kernel) for kernel in self.still]

    @cached_property
    def table(self) -> Table:
        return Table.of(self.formulas, self.space.full, self.space.clauses, self.space.companions)

    # Where it is as asked

    def places(self, asked: Asked, budget: Budget) -> Iterator[Box]:
        """Boxes in which it is as asked; together all there are. Raises OutOfSteps."""
        if self.table.has(asked):
            yield from map(self._box, self.table.places(asked, budget))
        else:
            wanted = self._wanted(asked)
            yield from boxes([*wanted, *self._relevant(wanted)], self.space.full, budget)

    def somewhere(self, asked: Asked, steps: int = STEPS) -> bool | None:
        """Whether there is a place where it is as asked; None when that takes too long to find out."""
        try:
            return next(self.places(asked, Budget(steps)), None) is not None
        except OutOfSteps:
            return None

    def count(self, asked: Asked) -> int | None:
        """How many cells of the table it is as asked in, of those where somebody can be; None where that takes too
        long to count."""
        try:
            return self.table.count(asked, Budget(STEPS_OF_COUNT))
        except OutOfSteps:
            return None

    def counterexamples(
        self, asked: Asked, names: tuple[str, ...], replay: Replay, budget: Budget
    ) -> Iterator[Counterexample | Undecided]:
        """Visitors for whom it is as asked, each with a largest region around that has none of those before.

        When an Undecided comes, it is the last: there may be more of them.
        """
        seen: list[Corner] = []
        missed = 0
        try:
            for place in self.places(asked, budget):
                pieces = self._left_of(place, seen, budget)
                while missed < TRIES and (piece := next(pieces, None)) is not None:
                    visitor = visitor_in(self.space, piece, self.context)
                    found = None
                    if isinstance(visitor, Visitor) and (self.space.independent or replay(visitor)):
                        found = self._around(piece, visitor, asked, replay)
                    if found is None:
                        missed += visitor is not None
                        continue
                    wide, visitor = found
                    yield self._described(wide, visitor, names)
                    seen.append(self._corner(wide))
                    pieces = self._left_of(place, seen, budget)
        except OutOfSteps:
            yield Undecided(TOO_LONG)
            return
        if missed:
            yield Undecided(TIED)

    def visitor(self, wanted: list[Formula], replay: Replay, budget: Budget) -> Visitor | Undecided | None:
        """A visitor in all of the wanted formulas; None when there is certainly none."""
        missed = 0
        try:
            for box in boxes([*wanted, *self._relevant(wanted)], self.space.full, budget):
                visitor = visitor_in(self.space, box, self.context)
                if isinstance(visitor, Visitor) and replay(visitor):
                    return visitor
                missed += visitor is not None
                if missed >= TRIES:
                    break
        except OutOfSteps:
            return Undecided(TOO_LONG)
        return Undecided(TIED) if missed else None

    def _left_of(self, place: Box, seen: list[Corner], budget: Budget) -> Iterator[Box]:
        """The place without the regions that have been seen."""
        if not seen:
            return iter((place,))
        known = Boxes.of(self.space.full, seen)
        return map(self._box, uncovered(known, self._corner(place), known.all, budget))

    def _box(self, corner: Corner) -> Box:
        return tuple(corner.get(variable, cells) for variable, cells in enumerate(self.space.full))

    def _corner(self, box: Box) -> Corner:
        return {number: cells for number, cells in enumerate(box) if cells != self.space.full[number]}

    # Where the table does not know: formulas

    def _wanted(self, asked: Asked) -> list[Formula]:
        return [*(self.formulas[number] for number in asked.holding), *map(self.not_, asked.failing)]

    def not_(self, number: int) -> Formula:
        """The opposite of one formula."""
        return opposite(self.formulas[number], self.space.full)

    def _relevant(self, wanted: list[Formula]) -> list[Formula]:
        """The clauses about the variables of some formulas, and those that have to be looked at along with them."""
        own = self.space.companions(frozenset().union(*map(variables_of, wanted)))
        return [clause for clause in self.space.clauses if variables_of(clause) <= own]

    # The region around a visitor

    def widened(self, box: Box, asked: Asked, budget: Budget) -> Box:
        """The box made as large as it can be with everything in it as asked."""
        for number in range(len(box)):
            for more in self._growth(box, number):
                slab = (*box[:number], more, *box[number + 1 :])
                try:
                    if self._shows(slab, asked, budget):
                        box = (*box[:number], box[number] | more, *box[number + 1 :])
                except OutOfSteps:
                    return box
                if box[number] == self.space.full[number]:
                    break
        return box

    def _shows(self, box: Box, asked: Asked, budget: Budget) -> bool:
        if self.table.has(asked):
            return self.table.shows(self._corner(box), asked, budget)
        wanted = self._wanted(asked)
        against = Some(tuple(opposite(one, self.space.full) for one in wanted))
        return next(boxes([against, *self._relevant(wanted)], box, budget), None) is None

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

    def _described(self, wide: Box, visitor: Visitor, names: tuple[str, ...]) -> Counterexample:
        words, share = box_words(self.space, wide, self._possible(wide)), share_words(self.space, wide)
        if self.clock:
            visitor = evolve(visitor, clock=True)
        return Counterexample(visitor, names, words, share)

    def _around(self, box: Box, visitor: Visitor, asked: Asked, replay: Replay) -> tuple[Box, Visitor] | None:
        """The largest region around, and the plainest visitor in it.

        What is unknown in one dimension has another remedy than its values, so these two are told apart where the
        region is about nothing else.
        """
        wide = box
        apart = self.widened(self._told_apart(box), asked, Budget(STEPS))
        for start in dict.fromkeys((apart, box) if len(self._corner(apart)) == 1 else (box,)):
            wide = self.widened(start, asked, Budget(STEPS))
            try:
                plainer = visitor_in(self.space, wide, self.context)
            except OutOfSteps:
                continue
            if isinstance(plainer, Visitor):
                shows = replay if not self.space.independent else lambda _: True  # it is given to it once at the end
                fewer = minimal(plainer, self.space, wide, self.context, shows)
                if replay(fewer):
                    return wide, fewer
        return (wide, visitor) if replay(visitor) else None

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


TOO_LONG = f"the search took more than {STEPS:,} steps"
TIED = (
    "it depends on how dimensions hang together (through arithmetic, or a function of one of them), "
    "and no visitor was found that shows it"
)


@frozen
class Occasion:
    """A question at one instant, and what its answer is worth.

    `opened`: it leaves open whatever moves with now, so finding nobody is a proof and finding somebody says nothing.
    `reason`: why finding nobody would not be a proof, or "".
    """

    question: Question
    reason: str = ""
    opened: bool = False


UNEVEN = "days and months move past each other in too many ways to look at all of them"


def questions(kernels: list[k.Kernel], zone: dt.tzinfo) -> Iterable[Occasion]:
    """A question for every instant that matters, to be gone through as often as one likes.

    Rules that move with now are first asked about with all that moves left open: whoever is not found then is never
    found. The last ones leave tests of now alone open, which proves what the instants can only make likely.
    """
    question = Question(kernels, Context(USUAL, zone))
    if not moves(question.leaves):
        return (Occasion(question),)
    return _Moving(kernels, zone)


def only(occasions: Iterable[Occasion]) -> Question | None:
    """The one question that decides everything; None when the rules move with now."""
    return occasions[0].question if isinstance(occasions, tuple) else None


def certain(occasions: Iterable[Occasion]) -> Question | None:
    """The same, where there is a visitor in every place; None elsewhere."""
    question = only(occasions)
    return question if question is not None and question.space.independent else None


@frozen(eq=False)
class _Moving:
    """Many questions, which are not all kept at a time."""

    kernels: list[k.Kernel]
    zone: dt.tzinfo

    def __iter__(self) -> Iterator[Occasion]:
        kernels, zone = self.kernels, self.zone
        free = list(map(opened, kernels))
        yield Occasion(Question(free, Context(USUAL, zone), decide_closed=False), opened=True)
        found: Moments = moments(kernels, zone)
        for instant in found.instants:
            yield Occasion(Question(kernels, Context(instant, zone)), "" if found.complete else UNEVEN)
        if found.closed:
            half_free = [opened(kernel, closed_only=True) for kernel in kernels]
            for instant in found.orders:
                yield Occasion(Question(half_free, Context(instant, zone), decide_closed=False))
