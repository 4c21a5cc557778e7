"""What a change of the rules changes: who is given another answer, and that nobody else is.

In: two programs. Out: a `Difference`: for each pair of answers of a partition, priority list or segment the visitors
who move from one to the other, as regions and witnesses; what only has another name; what was added and removed.
Every witness has been given to the definitions of both programs. That nothing differs is proved like any claim, over
every visitor and instant; what is neither proved nor shown is not decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial, reduce
from itertools import accumulate, chain, islice
from operator import and_, or_
from typing import Any

from attrs import Factory, define, evolve, field, frozen

from segdsl.operators.operator import Context
from segdsl.program import kernel as k
from segdsl.program.program import Partition, Priority, Program, Segment
from segdsl.program.reference import holds, value_in
from segdsl.program.schema import Dimension
from segdsl.prove.boxes import numbers
from segdsl.prove.common_ground import CommonGround, DimensionChange, common_ground, never_both, one_unread
from segdsl.prove.decide import STEPS, TIED, TOO_LONG, Occasion, Question, Undecided, questions
from segdsl.prove.search import Budget
from segdsl.prove.table import Asked, Table
from segdsl.prove.verdict import Counterexample
from segdsl.prove.witness import Visitor
from segdsl.values.unknown import UNKNOWN

REGIONS = 20
"""Of one move that are looked for."""
MOST_MOVES = 500
"""Of one comparison, where a visitor has to be found for each."""
MOST_ASKED = 5_000
"""Pairs of answers that are looked at one by one."""
MOMENTS = 5
"""At which a visitor is looked for in vain, where the rules move with now and finding nobody proves nothing."""
MOST_ALIKE = 2_000
"""Pairs of segments that are compared to find out which have another name now."""
CLOCK = "at another moment it may be others"
MORE_MOVES = f"there are more than {MOST_MOVES} moves"
MOST_LINES = 20
"""Moves of one comparison that are written out."""
MOST_TOLD = 100
"""Moves, or regions of fewer moves, that are told as plain data."""
TOO_MANY = f"there are more than {MOST_ASKED:,} pairs of answers to look at"

Outcome = tuple[str, ...]
"""An answer: the segment's name; () for none; where segments overlap, the first two of those that hold."""


@define(eq=False)
class _Movers:
    """Visitors who move, each worked out when somebody asks for so many. A text among them: why there may be more."""

    _more: Iterator[Counterexample | str]
    found: list[Counterexample] = Factory(list)
    reason: str | None = None
    """"" when these are all."""

    def up_to(self, most: int) -> tuple[Counterexample, ...]:
        while self.reason is None and len(self.found) < most:
            one = next(self._more, "")
            if isinstance(one, Counterexample):
                self.found.append(one)
            else:
                self.reason = one
        return tuple(self.found[:most])


@frozen(slots=False, eq=False)
class Move:
    """Visitors who were given one answer, and are given another one now. Who they are is worked out when looked at.

    `what` and `name`: the partition, priority list or segment whose answer it is. A segment's are its name and ().
    """

    what: str
    name: str
    source: Outcome
    target: Outcome
    _movers: _Movers = field(repr=False)
    _cells: Callable[[], tuple[int, int] | None] = field(repr=False)

    def witnesses(self, most: int = REGIONS) -> tuple[Counterexample, ...]:
        """Visitors who move, each with a largest region in which everybody does; together all, if `complete`."""
        return self._movers.up_to(min(most, REGIONS))

    @property
    def complete(self) -> bool:
        """Whether nobody moves but in the regions; where the rules move with now, that is not told of any moment."""
        return self._complete(REGIONS)

    def _complete(self, most: int) -> bool:
        self._movers.up_to(most + 1)
        return self._movers.reason == "" and len(self._movers.found) <= most

    @property
    def regions(self) -> tuple[str, ...]:
        """Conditions that say who moves; more than one where a single one cannot say it."""
        return tuple(dict.fromkeys(one.region for one in self.witnesses()))

    @property
    def visitor(self) -> Visitor | None:
        """Somebody who moves."""
        return next((one.visitor for one in self.witnesses(1)), None)

    @cached_property
    def share(self) -> tuple[int, int] | None:
        """How many cells of how many of the table that all these rules make; None where that is not counted."""
        return self._cells()

    def __str__(self) -> str:
        return f"{outcome_words(self.source)} → {outcome_words(self.target)}: {' or '.join(self.regions)}"

    def to_dict(self, most: int = REGIONS) -> dict[str, Any]:
        """The same as plain data, with so many regions."""
        cells = self.share
        return {
            "of": self.what,
            "name": self.name,
            "from": list(self.source),
            "to": list(self.target),
            "regions": list(dict.fromkeys(one.region for one in self.witnesses(most))),
            "complete": self._complete(most),
            "cells": cells and cells[0],
            "of_cells": cells and cells[1],
            "visitor": None if self.visitor is None else self.visitor.record,
            "now": self.visitor.now.isoformat() if self.visitor is not None and self.visitor.clock else None,
        }


def outcome_words(outcome: Outcome) -> str:
    """`hot`, `no segment`, or `hot and few`, who are in both."""
    return " and ".join(outcome) or "no segment"


@frozen(eq=False)
class Answers:
    """How one side answers: the segments that it asks in order, and what it says if none holds."""

    names: tuple[str, ...]
    first_wins: bool
    otherwise: str | None = None

    def given(self, holding: Callable[[str], bool]) -> Outcome:
        """The answer to a visitor, if one can say which segments hold."""
        found: list[str] = []
        for name in self.names:
            if holding(name):
                found.append(name)
                if self.first_wins or len(found) == 2:
                    break
        return tuple(found) or (() if self.otherwise is None else (self.otherwise,))


@frozen(eq=False)
class Comparison:
    """A partition, priority list or segment of both programs. `open`: why there may be more moves than these.

    `now_called`: segments that only have another name now, by the one they had.
    """

    what: str
    name: str
    moves: tuple[Move, ...]
    open: tuple[str, ...]
    before: Answers
    after: Answers
    now_called: Mapping[str, str] = field(repr=False)

    @property
    def same(self) -> bool:
        """Whether it is proved that nobody moves."""
        return not self.moves and not self.open

    def moved(self, source: Outcome, target: Outcome) -> bool:
        """Whether two answers are different ones, and not one under two names."""
        return tuple(self.now_called.get(name, name) for name in source) != target


@frozen
class Named:
    """A segment, partition or priority list (`what`) by its name."""

    what: str
    name: str


@frozen
class Renamed:
    """What only has another name now."""

    what: str
    old: str
    new: str


@frozen
class Remark:
    """Something that differs and moves nobody: a label, what is handed out, the kind of claim."""

    what: str
    name: str
    words: str


@frozen(slots=False, eq=False)
class Difference:
    """What differs in meaning between two rule files, the old one and the new one."""

    comparisons: tuple[Comparison, ...]
    """Every partition, priority list and segment of both, in the order of the new file."""
    renamed: tuple[Renamed, ...]
    added: tuple[Named, ...]
    removed: tuple[Named, ...]
    dimensions: tuple[DimensionChange, ...]
    remarks: tuple[Remark, ...]

    @property
    def same(self) -> bool:
        """Whether it is proved that both mean the same, but for names."""
        return not self.added and not self.removed and all(one.same for one in self.comparisons)

    @cached_property
    def different(self) -> bool:
        """Whether something was added or removed, or a visitor shows that both do not mean the same."""
        return bool(self.added or self.removed) or any(move.visitor is not None for move in self._all_moves)

    @property
    def _all_moves(self) -> Iterator[Move]:
        return chain.from_iterable(one.moves for one in self.comparisons)

    @property
    def verdict(self) -> str:
        """`the same`, `different` or `not decided`."""
        return "the same" if self.same else "different" if self.different else "not decided"

    @cached_property
    def told(self) -> tuple[Comparison, ...]:
        """The comparisons that have something to tell: not those of segments whose moves a partition tells already."""
        choices = [one for one in self.comparisons if one.what != "segment" and not one.same]
        shown = {name for one in choices for move in one.moves for name in (*move.source, *move.target)}
        asked = {name for one in choices for name in one.after.names}
        kept = [one for one in self.comparisons if one.what == "segment" and not one.same]
        return (*choices, *(one for one in kept if not (one.name in asked and one.name in shown and one.moves)))

    @property
    def moves(self) -> tuple[Move, ...]:
        """Who moves, from which answer to which."""
        return tuple(move for one in self.told for move in one.moves)

    def __bool__(self) -> bool:
        """Whether they are not known to be the same."""
        return not self.same

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield {"the same": "the same in meaning", "different": "different in meaning"}.get(self.verdict, self.verdict)
        for one in self.told:
            yield f"{one.what} {one.name}"
            yield from (f"  {move}" for move in one.moves[:MOST_LINES])
            if len(one.moves) > MOST_LINES:
                yield f"  and {len(one.moves) - MOST_LINES:,} more"
            yield from (f"  not decided: {reason}" for reason in one.open)
        yield from (f"{one.old} is called {one.new} now" for one in self.renamed)
        yield from (f"{one.what} {one.name} is new" for one in self.added)
        yield from (f"{one.what} {one.name} is gone" for one in self.removed)
        yield from (f"{one.name} {one.words}" for one in self.dimensions)
        yield from (f"{one.name} {one.words}" for one in self.remarks)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data. Of many moves few regions are told, and of very many not all moves."""
        most = min(REGIONS, max(1, MOST_TOLD // max(1, len(self.moves))))
        return {
            "same": self.same,
            "verdict": self.verdict,
            "moves": [move.to_dict(most) for move in self.moves[:MOST_TOLD]],
            "more_moves": max(0, len(self.moves) - MOST_TOLD),
            "not_decided": [
                {"of": one.what, "name": one.name, "reasons": list(one.open)} for one in self.told if one.open
            ],
            "renamed": [{"what": one.what, "old": one.old, "new": one.new} for one in self.renamed],
            "added": [{"what": one.what, "name": one.name} for one in self.added],
            "removed": [{"what": one.what, "name": one.name} for one in self.removed],
            "dimensions": [{"name": one.name, "change": one.words, "another": one.another} for one in self.dimensions],
            "remarks": [{"what": one.what, "name": one.name, "remark": one.words} for one in self.remarks],
        }


def difference(old: Program, new: Program) -> Difference:
    """Compares two programs."""
    work = _Work(old, new, common_ground(old, new))
    work.number_alike()
    compared = {name: work.compare_segments(name, name) for name in new.segments if name in old.segments}
    work.find_renamed()
    choices_before, choices_after = _choices(old), _choices(new)
    called = work.now_called
    pairs = {name: choices_before[name] for name in choices_after if name in choices_before}
    gone = [one for name, one in choices_before.items() if name not in choices_after]
    for name, choice in choices_after.items():
        if name not in choices_before:
            alike = next((one for one in gone if work.alike(one, choice)), None)
            if alike is not None:
                gone.remove(alike)
                pairs[name] = alike
    comparisons = [work.compare(pairs[name], one) for name, one in choices_after.items() if name in pairs]
    renamed = [Renamed("segment", before, after) for before, after in called.items()]
    renamed += [Renamed(choices_after[name].what, one.name, name) for name, one in pairs.items() if one.name != name]
    return Difference(
        (*comparisons, *compared.values()),
        tuple(renamed),
        (
            *(Named(one.what, name) for name, one in choices_after.items() if name not in pairs),
            *(
                Named("segment", name)
                for name in new.segments
                if name not in old.segments and name not in called.values()
            ),
        ),
        (
            *(Named(one.what, one.name) for one in gone),
            *(Named("segment", name) for name in old.segments if name not in new.segments and name not in called),
        ),
        work.ground.changes,
        tuple(_remarks(old, new, pairs, choices_after, called)),
    )


@frozen(eq=False)
class _Choice:
    """A partition or priority list; or a segment by itself, which is given or not."""

    what: str
    name: str
    label: str | None
    members: tuple[Segment, ...]
    first_wins: bool
    otherwise: str | None = None
    of: str | None = None

    @classmethod
    def of_segment(cls, segment: Segment) -> _Choice:
        return cls("segment", segment.name, segment.label, (segment,), True)


def _choices(program: Program) -> dict[str, _Choice]:
    """In file order of each, partitions first."""
    found: dict[str, _Choice] = {}
    for one in (*program.partitions.values(), *program.priorities.values()):
        match one:
            case Partition(name, label, of, members):
                found[name] = _Choice("partition", name, label, members, False, of=None if of is None else of.name)
            case Priority(name, label, members, otherwise):
                found[name] = _Choice("priority", name, label, members, True, otherwise)
    return found


# Comparing


@define(eq=False)
class _Work:
    """Two programs, and what is known already: `_before` and `_after` number segments by what is known of meaning."""

    old: Program
    new: Program
    ground: CommonGround
    now_called: dict[str, str] = Factory(dict)
    _before: dict[str, int] = Factory(dict)
    _after: dict[str, int] = Factory(dict)
    _same: dict[int, int] = Factory(dict)

    def number_alike(self) -> None:
        """One number for kernels that are written alike."""
        known: dict[k.Kernel, int] = {}
        for own, side in ((self._before, self.ground.old), (self._after, self.ground.new)):
            for name, kernel in side.kernels.items():
                fresh = len(self._before) + len(self._after)
                own[name] = fresh if name in side.unusable else known.setdefault(kernel, fresh)

    def _number(self, number: int) -> int:
        while number in self._same:
            number = self._same[number]
        return number

    def _old_number(self, name: str) -> int:
        return self._number(self._before[name])

    def _new_number(self, name: str) -> int:
        return self._number(self._after[name])

    def compare_segments(self, before: str, after: str) -> Comparison:
        """Who joins a segment and who leaves it."""
        choices = (_Choice.of_segment(self.old.segments[before]), _Choice.of_segment(self.new.segments[after]))
        found = self.compare(*choices, {before: after})
        if found.same and self._old_number(before) != self._new_number(after):
            self._same[self._new_number(after)] = self._old_number(before)
        return found

    def find_renamed(self) -> None:
        """Which segments have another name now."""
        gone = [name for name in self.old.segments if name not in self.new.segments]
        fresh = [name for name in self.new.segments if name not in self.old.segments]
        asked = 0
        for match in (self._written_alike, self._in_one_place):
            for before, after in match(gone, fresh):
                if before in self.now_called or after in self.now_called.values():
                    continue
                asked += 1
                if asked > MOST_ALIKE:
                    return
                if self.compare_segments(before, after).same:
                    self.now_called[before] = after
        order = {name: place for place, name in enumerate(self.old.segments)}
        self.now_called = dict(sorted(self.now_called.items(), key=lambda one: order[one[0]]))

    def _written_alike(self, gone: list[str], fresh: list[str]) -> Iterator[tuple[str, str]]:
        by_number: dict[int, list[str]] = {}
        for name in fresh:
            by_number.setdefault(self._new_number(name), []).append(name)
        for before in gone:
            label = self.old.segments[before].label
            there = by_number.get(self._old_number(before), [])
            for after in sorted(there, key=lambda name: self.new.segments[name].label != label):
                yield before, after

    def _in_one_place(self, gone: list[str], fresh: list[str]) -> Iterator[tuple[str, str]]:
        """Pairs that meet, and take as many cells."""
        befores = [name for name in gone if name not in self.now_called and name not in self.ground.old.unusable]
        taken = set(self.now_called.values())
        afters = [name for name in fresh if name not in taken and name not in self.ground.new.unusable]
        if not befores or not afters:
            return
        kernels = [self.ground.old.kernels[name] for name in befores] + [
            self.ground.new.kernels[name] for name in afters
        ]
        question = next(iter(questions(kernels, self.old.zone))).question
        sizes = [question.count(Asked((number,))) for number in range(len(kernels))]
        for number, before in enumerate(befores):
            for other in question.table.met_by(number):
                if other >= len(befores) and sizes[number] == sizes[other]:
                    yield before, afters[other - len(befores)]

    def alike(self, before: _Choice, after: _Choice) -> bool:
        """Whether two choices are known to answer the same, but for names."""
        if before.first_wins is not after.first_wins or self._called(before.otherwise) != after.otherwise:
            return False
        first = [(self._called(one.name), self._old_number(one.name)) for one in before.members]
        second = [(one.name, self._new_number(one.name)) for one in after.members]
        return first == second if before.first_wins else set(first) == set(second)

    def _called(self, name: str | None) -> str | None:
        return None if name is None else self.now_called.get(name, name)

    def compare(self, before: _Choice, after: _Choice, called: Mapping[str, str] | None = None) -> Comparison:
        """Who is given another answer."""
        called = self.now_called if called is None else called
        order = {one.name: place for place, one in enumerate(after.members)}
        answers = (
            _answers(before, lambda name: order.get(called.get(name, name), len(order))),
            _answers(after, lambda name: order[name]),
        )
        known = _Known(after.what, after.name, before, after, *answers, called)
        reasons = [
            side.unusable[one.name]
            for side, choice in ((self.ground.old, before), (self.ground.new, after))
            for one in choice.members
            if one.name in side.unusable
        ]
        if reasons:
            return known.comparison((), reasons)
        if self._answer_alike(before, after, called):
            return known.comparison((), ())
        return _Asking(known, self.old, self.new, self.ground, *self._numbered(before, after)).comparison()

    def _answer_alike(self, before: _Choice, after: _Choice, called: Mapping[str, str]) -> bool:
        if before.what == "segment":
            return self._old_number(before.name) == self._new_number(after.name)
        return called is self.now_called and self.alike(before, after)

    def _numbered(self, before: _Choice, after: _Choice) -> tuple[list[k.Kernel], dict[str, int], dict[str, int]]:
        """The kernels of the members of both, each meaning once, and which is whose."""
        kernels: list[k.Kernel] = []
        places: dict[int, int] = {}
        found: tuple[dict[str, int], dict[str, int]] = ({}, {})
        sides = ((before, self._old_number, self.ground.old), (after, self._new_number, self.ground.new))
        for own, (choice, number_of, side) in zip(found, sides, strict=True):
            for one in choice.members:
                number = number_of(one.name)
                if number not in places:
                    places[number] = len(kernels)
                    kernels.append(side.kernels[one.name])
                own[one.name] = places[number]
        return kernels, *found


def _answers(choice: _Choice, place: Callable[[str], int]) -> Answers:
    """Where segments overlap, the order of the new file says on both sides which are told."""
    names = tuple(dict.fromkeys(one.name for one in choice.members))
    ordered = names if choice.first_wins else tuple(sorted(names, key=place))
    return Answers(ordered, choice.first_wins, choice.otherwise)


@frozen(eq=False)
class _Known:
    """What is compared."""

    what: str
    name: str
    old: _Choice
    new: _Choice
    before: Answers
    after: Answers
    called: Mapping[str, str]

    def comparison(self, moves: Iterable[Move], reasons: Iterable[str]) -> Comparison:
        before = _places(self.old)
        after = _places(self.new)
        return Comparison(
            self.what,
            self.name,
            tuple(sorted(moves, key=lambda move: (_order(move.source, before), _order(move.target, after)))),
            tuple(dict.fromkeys(reasons)),
            self.before,
            self.after,
            dict(self.called),
        )


def _places(choice: _Choice) -> dict[str, int]:
    return {one.name: place for place, one in enumerate(choice.members)}


def _order(outcome: Outcome, places: Mapping[str, int]) -> tuple[bool, list[int]]:
    """Answers in the order of the file, no segment last."""
    return not outcome, [places.get(name, len(places)) for name in outcome]


@frozen(eq=False)
class _Part:
    """An answer that is given exactly where some formulas hold and others fail. No two parts of one side share anybody.

    `told`: the answer by its new names. `own` and `excluded` are the formulas as sets of bits, as `_Meeting` has them.
    """

    outcome: Outcome
    told: Outcome
    own: int
    excluded: int


@frozen(eq=False)
class _Meeting:
    """Which formulas meet. A set of formulas is an int with a bit for each."""

    bits: list[int]
    near: list[int]
    """For each formula those that it may meet, and itself."""
    number_of: dict[int, int]

    @classmethod
    def of(cls, table: Table, count: int) -> _Meeting:
        places = list(islice(numbers(table.ends), count))
        every = sum(1 << place for place in places)
        return cls(
            [1 << place for place in places],
            [table.meeting(number) & every | 1 << place for number, place in enumerate(places)],
            {place: number for number, place in enumerate(places)},
        )

    def formulas(self, bits: int) -> tuple[int, ...]:
        """The numbers of a set of formulas."""
        return tuple(self.number_of[place] for place in numbers(bits))

    def near_all(self, bits: int) -> int:
        """The formulas that may meet each of some."""
        return reduce(and_, (self.near[number] for number in self.formulas(bits)), -1)


@frozen(eq=False)
class _Parts:
    """The answers of one side: those of single formulas, by these, and all others."""

    singles: dict[int, _Part]
    others: list[_Part]
    every: int
    """The formulas of `singles`."""
    excluding: Callable[[int], int]
    """The formulas of those singles that exclude a formula."""


Pair = tuple[Outcome, Outcome]


@define(eq=False)
class _Asking:
    """One comparison: `numbers` of formulas by the names of both sides' members."""

    known: _Known
    old: Program
    new: Program
    ground: CommonGround
    kernels: list[k.Kernel]
    old_numbers: dict[str, int]
    new_numbers: dict[str, int]

    def comparison(self) -> Comparison:
        """Looks at every pair of answers that are not the same."""
        entangled = self.ground.entangled_in(self.kernels)
        kernels = [*self.kernels, one_unread(entangled)] if entangled else self.kernels
        occasions = questions(kernels, self.old.zone)
        only = occasions[0].question if isinstance(occasions, tuple) else None
        if only is not None and only.space.independent and not entangled:
            return self._for_certain(only)
        return self._searched(occasions, entangled)

    def _for_certain(self, question: Question) -> Comparison:
        """Where there is a visitor in every place: whom it is, is worked out only if somebody looks."""
        moves: list[Move] = []
        reasons: list[str] = []
        for pair, asked in self._asked(question.table, reasons).items():
            there = [question.somewhere(one) for one in asked]
            if any(there):
                kept = [one for one, answer in zip(asked, there, strict=True) if answer is not False]
                moves.append(self._move(pair, self._movers(question, pair, kept), partial(_cells, question, kept)))
            elif None in there:
                reasons.append(TOO_LONG)
        return self.known.comparison(moves, reasons)

    def _move(
        self, pair: Pair, movers: Iterable[Counterexample | str], cells: Callable[[], tuple[int, int] | None]
    ) -> Move:
        return Move(self.known.what, self.known.name, *pair, _Movers(iter(movers)), cells)

    def _movers(self, question: Question, pair: Pair, asked: Iterable[Asked]) -> Iterator[Counterexample | str]:
        """Visitors for a pair of answers, and why there may be others."""
        names = tuple(dict.fromkeys((*pair[0], *pair[1])))
        reasons: list[str] = []
        for one in asked:
            for answer in question.counterexamples(one, names, partial(self._shows, pair), Budget(STEPS)):
                if isinstance(answer, Undecided):
                    reasons.append(answer.reason)
                else:
                    yield self._as_read(answer)
        yield from reasons

    def _searched(self, occasions: Iterable[Occasion], entangled: Sequence[tuple[Dimension, Dimension]]) -> Comparison:
        """Where a visitor has to be found for each pair of answers, at the first instant that has one.

        Of dimensions in one place nearly always one is not read: whoever has that is looked for first. Where it is so
        for every value, nobody else has to be looked for.
        """
        moves: dict[Pair, Move] = {}
        reasons: list[str] = []
        doubtful: Counter[Pair] = Counter()
        left: set[Pair] | None = None
        unread = (len(self.kernels),) if entangled else ()
        apart = all(map(never_both, entangled))
        for occasion in occasions:
            question = occasion.question
            pairs = self._asked(question.table, reasons)
            if occasion.opened:
                left = {
                    pair
                    for pair, asked in pairs.items()
                    if any(question.somewhere(one) is not False for one in (_with(unread, asked) if apart else asked))
                }
                if not left:
                    return self.known.comparison((), reasons)
                continue
            reasons += [occasion.reason] if occasion.reason else []
            for pair, asked in pairs.items():
                if pair in moves or doubtful[pair] >= MOMENTS or (left is not None and pair not in left):
                    continue
                if len(moves) >= MOST_MOVES:
                    return self.known.comparison(moves.values(), [*reasons, MORE_MOVES])
                found = self._movers(question, pair, _with(unread, asked))
                first = next(found, None)
                if not apart and not isinstance(first, Counterexample):
                    found = self._movers(question, pair, asked)
                    first = next(found, None)
                if isinstance(first, Counterexample):
                    more = [*([] if apart else [TIED]), *([CLOCK] if question.clock else [])]
                    moves[pair] = self._move(pair, chain([first], found, more), lambda: None)
                elif first is not None:
                    doubtful[pair] += 1
                    reasons.append(self._doubt(first, pair))
        return self.known.comparison(moves.values(), reasons)

    def _doubt(self, reason: str, pair: Pair) -> str:
        """Why a pair of answers is not decided, as clearly as can be said."""
        if reason == TIED:
            sides = ((self.ground.old, self.known.before), (self.ground.new, self.known.after))
            for (side, answers), outcome in zip(sides, pair, strict=True):
                for name in outcome or answers.names:
                    if name in side.doubts:
                        return side.doubts[name]
        return reason

    # What is asked

    def _asked(self, table: Table, reasons: list[str]) -> dict[Pair, list[Asked]]:
        """For each pair of answers that are not the same where to look, in the order of the answers."""
        meeting = _Meeting.of(table, len(self.kernels))
        before = self._parts(self.known.old, self.known.before, self.old_numbers, meeting, self.known.called, reasons)
        after = self._parts(self.known.new, self.known.after, self.new_numbers, meeting, {}, reasons)
        found: dict[Pair, list[Asked]] = {}
        for count, (part, other) in enumerate(_pairs(before, after, meeting)):
            if count >= MOST_ASKED:
                reasons.append(TOO_MANY)
                break
            holding, failing = part.own | other.own, part.excluded | other.excluded
            if not self.known.old.first_wins and not self.known.new.first_wins:
                failing &= meeting.near_all(holding)
            asked = Asked(meeting.formulas(holding), meeting.formulas(failing))
            found.setdefault((part.outcome, other.outcome), []).append(asked)
        return found

    def _parts(
        self,
        choice: _Choice,
        answers: Answers,
        numbers_of: Mapping[str, int],
        meeting: _Meeting,
        called: Mapping[str, str],
        reasons: list[str],
    ) -> _Parts:
        """The answers of one side: those of its members, of two that overlap, and of nobody."""
        own = [numbers_of[name] for name in answers.names]
        bits = [meeting.bits[number] for number in own]
        every = reduce(or_, bits, 0)

        def part(outcome: Outcome, holding: int, excluded: int) -> _Part:
            return _Part(outcome, tuple(called.get(name, name) for name in outcome), holding, excluded)

        rest = part(() if choice.otherwise is None else (choice.otherwise,), 0, every)
        singles: dict[int, _Part] = {}
        others: list[_Part] = []
        if choice.first_wins:
            up_to = list(accumulate(bits, or_, initial=0))
            for place, (name, number) in enumerate(zip(answers.names, own, strict=True)):
                if not up_to[place] & bits[place]:
                    singles[number] = part((name,), bits[place], up_to[place])
            behind = {number: every & ~(one.excluded | one.own) for number, one in singles.items()}
            return _Parts(singles, [rest], every, lambda number: behind.get(number, 0))
        counts = Counter(own)
        for name, number in zip(answers.names, own, strict=True):
            if counts[number] == 1:
                near = meeting.near[number] & every & ~meeting.bits[number]
                singles[number] = part((name,), meeting.bits[number], near)
        pairs = list(islice(_overlapping(own, meeting), MOST_ASKED + 1))
        if len(pairs) > MOST_ASKED:
            reasons.append(TOO_MANY)
            pairs.clear()
        for first, second in pairs:
            both = bits[first] | bits[second]
            before = reduce(or_, (bit for place, bit in enumerate(bits[:second]) if place != first), 0)
            if not before & both:
                others.append(part((answers.names[first], answers.names[second]), both, before))

        def excluding(number: int) -> int:
            return every & ~meeting.bits[number] if number in counts else 0

        taken = reduce(or_, (one.own for one in singles.values()), 0)
        return _Parts(singles, [rest, *others], taken, excluding)

    # Replaying

    def _shows(self, pair: Pair, visitor: Visitor) -> bool:
        """Whether both programs give a visitor these answers, by the definition."""
        before = self._given(self.known.before, self.old, visitor)
        return before == pair[0] and self._given(self.known.after, self.new, visitor) == pair[1]

    def _given(self, answers: Answers, program: Program, visitor: Visitor) -> Outcome:
        context = Context(visitor.now, program.zone)
        return answers.given(lambda name: holds(program.segments[name].condition, visitor.record, context))

    def _as_read(self, found: Counterexample) -> Counterexample:
        """The visitor without what cannot be read beside what is shown: one place of a record holds one value."""
        if not self.ground.entangled:
            return found
        visitor = found.visitor
        read = {one: value_in(one, visitor.record) for one in visitor.values}
        known = {one.path for one, value in read.items() if value is not UNKNOWN}
        shown = {one: value for one, value in read.items() if value is not UNKNOWN or one.path not in known}
        return evolve(found, visitor=evolve(visitor, values=shown))


def _cells(question: Question, asked: Iterable[Asked]) -> tuple[int, int] | None:
    """How many cells of all it is as asked in, in one way or another."""
    counts = [question.count(one) for one in asked]
    known = [count for count in counts if count is not None]
    whole = question.count(Asked())
    return (sum(known), whole) if whole is not None and len(known) == len(counts) else None


def _with(unread: tuple[int, ...], asked: Iterable[Asked]) -> list[Asked]:
    return [Asked((*one.holding, *unread), one.failing) for one in asked]


def _overlapping(own: Sequence[int], meeting: _Meeting) -> Iterator[tuple[int, int]]:
    """Places of members that may hold both, in order."""
    places: dict[int, list[int]] = {}
    for place, number in enumerate(own):
        places.setdefault(number, []).append(place)
    every = reduce(or_, (meeting.bits[number] for number in places), 0)
    for first, number in enumerate(own):
        near = meeting.formulas(meeting.near[number] & every)
        yield from ((first, second) for other in near for second in places[other] if second > first)


def _pairs(before: _Parts, after: _Parts, meeting: _Meeting) -> Iterator[tuple[_Part, _Part]]:
    """Answers of both sides that are not the same and do not exclude each other."""
    for part in (*before.singles.values(), *before.others):
        holding = meeting.formulas(part.own)
        near = reduce(and_, (meeting.near[number] for number in holding), -1)
        excluding = reduce(or_, map(after.excluding, holding), 0)
        possible = meeting.formulas(after.every & near & ~part.excluded & ~excluding)
        for other in chain((after.singles[number] for number in possible if number in after.singles), after.others):
            apart = part.excluded & other.own or other.excluded & part.own or other.own & ~near
            if part.told != other.told and not apart:
                yield part, other


# What moves nobody


def _remarks(
    old: Program, new: Program, pairs: Mapping[str, _Choice], choices: Mapping[str, _Choice], called: Mapping[str, str]
) -> Iterator[Remark]:
    for name, choice in choices.items():
        before = pairs.get(name)
        if before is None:
            continue
        if before.what != choice.what:
            yield Remark(choice.what, name, f"was a {_CLAIMS[before.what]} before, and is a {_CLAIMS[choice.what]} now")
        yield from _labels(choice.what, name, before.label, choice.label)
        if (before.of and called.get(before.of, before.of)) != choice.of:
            yield Remark(choice.what, name, f"divides {choice.of or 'everybody'} now, not {before.of or 'everybody'}")
    for name, segment in old.segments.items():
        after = new.segments.get(called.get(name, name))
        if after is not None:
            yield from _labels("segment", after.name, segment.label, after.label)
            for key in {**segment.payload, **after.payload}:
                if key not in segment.payload:
                    yield Remark("segment", after.name, f'hands out "{key}" now')
                elif key not in after.payload:
                    yield Remark("segment", after.name, f'no longer hands out "{key}"')
                elif segment.payload[key] != after.payload[key]:
                    yield Remark("segment", after.name, f'hands out another "{key}" now')
    for name, dimension in old.dimensions.items():
        if name in new.dimensions:
            yield from _labels("dimension", name, dimension.label, new.dimensions[name].label)


_CLAIMS = {"partition": "partition", "priority": "priority list"}


def _labels(what: str, name: str, before: str | None, after: str | None) -> Iterator[Remark]:
    if before != after:
        there, here = (f'"{label}"' if label is not None else "nothing" for label in (before, after))
        yield Remark(what, name, f"is labelled {here} now, not {there}")
