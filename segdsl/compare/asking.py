"""Who is given another answer by one choice than by another: all pairs of answers that differ are asked about.

In: two choices (`Known`) on common ground. Out: a `Comparison`. Answers are given exactly where some formulas hold and
others fail, so a pair of them is one question to the table. Every witness has been given to the definitions of both
programs. That nothing differs is proved like any claim, over every visitor and instant; what is neither proved nor
shown is not decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import accumulate, chain, islice
from operator import and_, or_

from attrs import define, evolve, frozen

from segdsl.compare.choices import Choice
from segdsl.compare.common_ground import CommonGround, never_both, one_unread
from segdsl.compare.difference import Answers, Comparison, Move, Movers, Outcome
from segdsl.operators.operator import Context
from segdsl.program import kernel as k
from segdsl.program.program import Program
from segdsl.program.reference import holds, value_in
from segdsl.program.schema import Dimension
from segdsl.prove.boxes import numbers
from segdsl.prove.decide import STEPS, TIED, TOO_LONG, Occasion, Question, Undecided, certain, questions
from segdsl.prove.search import Budget
from segdsl.prove.table import Asked, Table
from segdsl.prove.verdict import Counterexample
from segdsl.prove.witness import Visitor
from segdsl.values.unknown import UNKNOWN

MOST_MOVES = 500
"""Of one comparison, where a visitor has to be found for each."""
MOST_ASKED = 5_000
"""Pairs of answers that are looked at one by one."""
MOMENTS = 5
"""At which a visitor is looked for in vain, where the rules move with now and finding nobody proves nothing."""
CLOCK = "at another moment it may be others"
MORE_MOVES = f"there are more than {MOST_MOVES} moves"
TOO_MANY = f"there are more than {MOST_ASKED:,} pairs of answers to look at"


@frozen(eq=False)
class Known:
    """What is compared."""

    what: str
    name: str
    old: Choice
    new: Choice
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


def _places(choice: Choice) -> dict[str, int]:
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
class Asking:
    """One comparison: `numbers` of formulas by the names of both sides' members."""

    known: Known
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
        question = None if entangled else certain(occasions)
        if question is not None:
            return self._for_certain(question)
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
        return Move(self.known.what, self.known.name, *pair, Movers(iter(movers)), cells)

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
        choice: Choice,
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
