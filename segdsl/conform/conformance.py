"""Visitors that tell a right implementation of some rules from nearly every wrong one, with the answers.

In: a program. Out: `Conformance`: visitors as a host would send them, with the segments that the definition gives them.
Each visitor differs in one dimension from one for whom a test decides about a segment: there are some on both sides of
every boundary of every test, so that a test that is slightly different answers differently for one of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import Factory, define, field, frozen

from segdsl.conform import misreadings
from segdsl.conform.edges import Probe, around_text, plain_value, probes
from segdsl.conform.flips import instant_flips, leaf_words, value_flips
from segdsl.conform.replies import Person, Replies, Sent, received, sent
from segdsl.conform.turning import Leaf, Needs, leaves_of, leaves_with_needs, turning
from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import at, lower
from segdsl.program.program import Partition, Priority, Program, Segment
from segdsl.program.record import raw_at
from segdsl.program.reference import holds
from segdsl.program.schema import Dimension
from segdsl.prove.claims import decide_assertion, decide_partition, decide_priority, decide_states
from segdsl.prove.decide import Question
from segdsl.prove.moments import USUAL, moments, moves
from segdsl.prove.search import Budget, OutOfSteps
from segdsl.prove.table import Asked
from segdsl.prove.verdict import Refuted, Verdict
from segdsl.prove.witness import Visitor, visitor_in
from segdsl.values.kinds import Point, SetOf, read
from segdsl.values.plain import plainest_of_each
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import raw

MOST_CASES = 10_000
"""Of one file, where nothing else is asked for."""
MOST_WITNESSES = 20
"""Of one verdict."""
MOST_WINNERS = 100
"""Of one priority list, of whom it is shown that they can win."""
MOST_PIVOTS = 40
"""Visitors for whom something turns on one dimension, that are kept for what is wrong or missing there."""
MOST_INSTANTS = 6
"""At which visitors of one segment are looked for."""
MOST_CLOCKS = 60
"""Different sets of tests that move with now, for which instants are worked out."""
SEARCH = 2_000
"""Steps of one search for a visitor."""
EFFORT = 1_000_000
"""Tests that are looked at, in all visitors together."""
SEARCHED = 30
"""As many looks is a test worth that a search for a visitor has to do with."""
NEIGHBOURS = 40
"""Segments, up to which all of them are looked at for what a visitor shows; of more, those that the visitor is in."""
MOST_HOLDING = 5
"""Of those."""
MOST_MISSED = 8
"""Places in which a visitor is looked for in vain, because functions tie dimensions together: each takes long."""
TRIED = 10
"""As many looks is it worth to find out what a test has to be tried with."""

_Point = tuple[Dimension, Sent | None, dt.datetime | None]
"""What a visitor shows of a test that decides: a value of a dimension; if it reads the clock, at which instant."""


@frozen(eq=False)
class Case:
    """A visitor, the segments that hold, the answer of each partition and priority list, and what the case is about."""

    person: Person
    segments: tuple[str, ...]
    answers: dict[str, str | None]
    why: str


@frozen(eq=False)
class Conformance:
    """The cases in the order of their visitors. `clock`: they depend on now. `left_out`: what there is too much of."""

    cases: tuple[Case, ...]
    clock: bool
    left_out: tuple[str, ...]


def conformance(program: Program, most: int = MOST_CASES, effort: int = EFFORT) -> Conformance:
    """The cases of a program, at most so many, and as many as so many looks at single tests find."""
    making = _Making(program, Replies(program), most, effort)
    making.everything()
    cases = sorted(making.cases.values(), key=lambda case: (case.person.text, case.person.now))
    return Conformance(tuple(cases), making.replies.clock, tuple(making.left_out()))


@frozen(eq=False)
class _Pivot:
    """A visitor for whom a segment, which holds or not (`inside`), turns on a test."""

    segment: Segment
    leaf: Leaf
    person: Person
    inside: bool


@define(eq=False)
class _Making:
    program: Program
    replies: Replies
    most: int
    effort: int
    cases: dict[tuple[str, dt.datetime], Case] = Factory(dict)
    over: int = 0
    """Cases for which there was no room."""
    undecided: int = 0
    """Searches that found nobody, though there may be somebody."""
    missed: int = 0
    """Places in which nobody was found, though there may be somebody."""
    shown: dict[int, set[_Point | bool]] = Factory(dict)
    """By test: what cases show of it, and (of known values) whether it holds where it decides."""
    wanted: dict[int, dict[_Point, Probe]] = Factory(dict)
    """By test: what they should show of it."""
    bases: dict[int, _Pivot] = Factory(dict)
    """By test: a visitor for whom it decides."""
    pivots: dict[Dimension, list[_Pivot]] = Factory(dict)
    done: set[Dimension] = Factory(set)
    """Dimensions with cases for what is wrong or missing there."""
    tests: dict[str, list[Leaf]] = field(init=False)
    """By segment: all its tests."""
    _instants: dict[frozenset[k.Leaf], tuple[dt.datetime, ...]] = Factory(dict)
    _probed: dict[tuple[Dimension, tuple[k.Leaf, ...]], list[Probe]] = Factory(dict)
    _promised: dict[Dimension, Sent] = field(init=False)
    """Values for the dimensions of which the host promises one."""

    def __attrs_post_init__(self) -> None:
        self.tests = {name: list(leaves_of(one.condition)) for name, one in self.program.segments.items()}
        self._promised = {
            one: sent(raw(one.kind, value))
            for one in self.program.dimensions.values()
            if one.required and (value := plain_value(one.kind)) is not None
        }

    def everything(self) -> None:
        """All cases; those that must not be missing come first."""
        segments = list(self.program.segments.values())
        for test in self.program.tests:
            self._take_record(test.record, test.now or USUAL, f'test "{test.name}"')
        self._witnesses()
        self._take(self._somebody({}), "nothing is known")
        self._take(Person({}, USUAL), "nothing is sent")
        found = dict(self._somebody_in_each(segments))
        for name, person in found.items():
            if person is not None:
                self._take(person, f"in {name}")
        around = {one.name: [found[one.name], self._somebody({}), Person({}, USUAL)] for one in segments}
        for segment in segments:
            for person in around[segment.name]:
                if person is not None:
                    self._begin(segment, person)
        self._wrong_values()
        for base in list(self.bases.values()):
            self._vary(base)
        for segment in segments:
            self._search(segment)
        for segment in segments:
            self._never_alone(segment, [one for one in around[segment.name] if one is not None])
        self._wrong_values()
        for base in list(self.bases.values()):
            self._vary(base, deep=True)

    def left_out(self) -> Iterator[str]:
        """What was not taken in, in words."""
        if self.over:
            yield f"up to {self.over:,} more visitors, because there are {self.most:,} already"
        if self.undecided:
            yield f"up to {self.undecided:,} more visitors, because looking for them takes too long"

    # Taking in

    def _somebody(self, values: dict[Dimension, Sent], now: dt.datetime = USUAL) -> Person:
        return Person({**self._promised, **values}, now)

    def _take_record(self, record: Any, now: dt.datetime, why: str) -> None:
        """A visitor whose record is given."""
        raws = {one: raw_at(record, one.path) for one in self.program.dimensions.values()}
        self._take(self._somebody({one: sent(value) for one, value in raws.items() if value is not None}, now), why)

    @property
    def full(self) -> bool:
        return len(self.cases) >= self.most

    def _stopped(self, more: int = 1) -> bool:
        """Whether there is no room or no effort left; what is then not looked at is counted."""
        if self.full:
            self.over += more
        elif self.effort < 0:
            self.undecided += more
        else:
            return False
        return True

    def _take(self, person: Person, why: str, known: tuple[Segment, list[Leaf]] | None = None) -> None:
        """Makes a case of a visitor and notes what it shows. `known`: a segment with the tests that decide about it."""
        if not self.replies.clock:
            person = person.at(USUAL)
        try:
            key = (person.text, person.now)
            person.text.encode("utf-8")
        except UnicodeEncodeError:  # half a surrogate pair is no Unicode text
            return
        if key in self.cases:
            return
        if self.full:
            self.over += 1
            return
        names = self.replies.segments(person)
        self.cases[key] = Case(person, names, dict(self._answers(frozenset(names))), why)
        every = self.program.segments
        few = every if len(every) <= NEIGHBOURS else names[:MOST_HOLDING]
        looked_at = {name: self._turning(every[name], person) for name in few}
        if known is not None:
            looked_at[known[0].name] = known[1]
        for leaves in looked_at.values():
            for leaf in leaves:
                self.shown.setdefault(id(leaf), set()).update(self._points(leaf, person))

    def _answers(self, names: frozenset[str]) -> Iterator[tuple[str, str | None]]:
        claims: list[Partition | Priority] = [*self.program.partitions.values(), *self.program.priorities.values()]
        for claim in claims:
            otherwise = claim.otherwise if isinstance(claim, Priority) else None
            yield claim.name, next((one.name for one in claim.members if one.name in names), otherwise)

    def _asked(self, segment: Segment, person: Person) -> tuple[bool, list[Leaf]]:
        """Whether a segment holds for a visitor, and the tests on which that turns."""
        self.effort -= len(self.tests[segment.name])
        return turning(segment.condition, lambda leaf: self.replies.truth(leaf, person))

    def _turning(self, segment: Segment, person: Person) -> list[Leaf]:
        return self._asked(segment, person)[1]

    def _points(self, leaf: Leaf, person: Person) -> Iterator[_Point | bool]:
        now = person.now if self.replies.reads_clock(leaf) else None
        if all(self.replies.value(one, person) is not UNKNOWN for one in self._sees(leaf)):
            yield self.replies.truth(leaf, person)
        if not isinstance(leaf, ex.Named):
            for dimension in self.replies.dimensions(leaf):
                yield (dimension, person.values.get(dimension), now)

    def _sees(self, leaf: Leaf) -> tuple[Dimension, ...]:
        """The dimensions that have to be known for a test to show more than what it says of something unknown."""
        return self.replies.dimensions(leaf) if isinstance(leaf, ex.Test) else ()

    # Around a visitor for whom tests decide

    def _begin(self, segment: Segment, person: Person) -> None:
        """Notes what each test that decides about a segment should be tried with, and has it come out otherwise."""
        if self._stopped(0):
            return
        inside, decisive = self._asked(segment, person)
        for leaf in decisive:
            if id(leaf) in self.bases:
                continue
            self.effort -= TRIED
            base = self.bases[id(leaf)] = _Pivot(segment, leaf, person, inside)
            wanted = self.wanted[id(leaf)] = {}
            if isinstance(leaf, ex.Named):
                continue
            now = person.now if self.replies.reads_clock(leaf) else None
            for dimension in self.replies.dimensions(leaf):
                kept = self.pivots.setdefault(dimension, [])
                if len(kept) < MOST_PIVOTS:
                    kept.append(base)
                wanted.update({(dimension, one.text, now): one for one in self._probes(leaf, dimension, person)})
            opposite = not self.replies.truth(leaf, person)
            for (dimension, text, _), one in wanted.items():
                if self._is_shown(leaf, opposite):
                    break
                other = person.but(dimension, text)
                if self.replies.truth(leaf, other) is opposite:
                    self._try(base, other, one.words)

    def _vary(self, base: _Pivot, deep: bool = False) -> None:
        """Changes what a test reads, one thing at a time, to what is on both sides of its boundaries."""
        leaf, person = base.leaf, base.person
        for point, one in self.wanted[id(leaf)].items():
            if one.deep is deep and not self._is_shown(leaf, point):
                self._try(base, person.but(point[0], one.text), one.words)
        if self.replies.reads_clock(leaf) and not deep and not isinstance(leaf, ex.Named):
            for moment, words in instant_flips(self.replies, leaf, person):
                self._try(base, person.at(moment), words)

    def _probes(self, leaf: Leaf, dimension: Dimension, person: Person) -> list[Probe]:
        """The values of a dimension that a test has to be tried with."""
        still = k.distinct_leaves([at(lower(leaf, self.program.zone), Context(person.now, self.program.zone))])
        if all(isinstance(one.term, ex.Read) for one in still):
            key = (dimension, still)
            if key not in self._probed:
                self._probed[key] = probes(dimension, still)
            found = self._probed[key]
            text = person.values.get(dimension)
            if any(isinstance(one, k.TextTest) for one in still) and all(one.text != text for one in found):
                value = self.replies.value(dimension, person)
                return [*found, *(around_text(dimension, value) if isinstance(value, str) else ())]
            return found
        return list(value_flips(self.replies, leaf, dimension, person))

    def _is_shown(self, leaf: Leaf, point: _Point | bool) -> bool:
        return point in self.shown.get(id(leaf), ())

    def _try(self, base: _Pivot, person: Person, words: str) -> None:
        """Takes in a visitor if the segment turns on the test, or is another one than for the visitor of the base."""
        if self._stopped():
            return
        inside, found = self._asked(base.segment, person)
        if any(one is base.leaf for one in found) or inside is not base.inside:
            self._take(person, f"{base.segment.name}: {words}", (base.segment, found))

    # Looking for visitors

    def _somebody_in_each(self, segments: list[Segment]) -> Iterator[tuple[str, Person | None]]:
        """A visitor in each segment; None where there is none, or none that can be found soon."""
        context = Context(USUAL, self.program.zone)
        question = Question([segment.kernel for segment in segments], context)
        for number, segment in enumerate(segments):
            needs = ((segment.condition, True),)
            visitor = None
            try:
                box = next(question.places(Asked((number,)), Budget(SEARCH)), None)
                if box is None and not question.clock:
                    yield segment.name, None
                    continue
                visitor = None if box is None else visitor_in(question.space, box, context)
            except OutOfSteps:
                pass
            person = self._person(visitor) if isinstance(visitor, Visitor) else None
            yield segment.name, person if person is not None and self._is_so(needs, person) else self._find(needs)

    def _find(self, needs: Needs, more: Sequence[k.Kernel] = (), instant: dt.datetime | None = None) -> Person | None:
        """A visitor for whom conditions hold or fail; None when there is none, or none that can be found soon."""
        zone = self.program.zone
        if self._stopped():
            return None
        kernel = k.every((*(lower(condition, zone, wanted) for condition, wanted in needs), *more))
        simple = self._simple(kernel)
        if simple is None:
            return None
        if isinstance(simple, Person) and self._is_so(needs, simple):
            return simple
        doubt = False
        for now in self._instants_of(kernel) if instant is None else (instant,):
            context = Context(now, zone)
            self.effort -= SEARCHED * (sum(1 for _ in k.leaves(kernel)) + 5)
            question = Question([kernel], context)
            if not question.space.independent and self.missed >= MOST_MISSED:
                doubt = True
                break
            before = self.missed
            try:
                for box in question.places(Asked((0,)), Budget(SEARCH)):
                    visitor = visitor_in(question.space, box, context)
                    if isinstance(visitor, Visitor) and self._is_so(needs, person := self._person(visitor)):
                        return person
                    self.missed += visitor is not None
                    self.effort -= SEARCHED
                    if self.missed > before or self.effort < 0:
                        break
            except OutOfSteps:
                doubt = True
            doubt = doubt or self.missed > before
            if self.effort < 0:
                break
        self.undecided += doubt
        return None

    def _simple(self, kernel: k.Kernel) -> Person | bool | None:
        """The plainest visitor where every test is of one dimension; None where nobody is; True where it takes more."""
        values: dict[Dimension, Sent] = {}
        more = False
        for part in kernel.parts if isinstance(kernel, k.All) else (kernel,):
            match part:
                case k.Never():
                    return None
                case k.Test(ex.Read(dimension), region) if not isinstance(dimension.kind, SetOf | Point):
                    allowed = region & dimension.values
                    found = plainest_of_each(dimension.kind, allowed.intervals())
                    value = min(found, key=_plainness, default=None)
                    if value is not None:
                        values[dimension] = sent(raw(dimension.kind, value))
                    elif not allowed.unknown:
                        return None
                case _:
                    more = True
        return True if more else self._somebody(values)

    def _is_so(self, needs: Needs, person: Person) -> bool:
        context = Context(person.now, self.program.zone)
        self.effort -= len(needs)
        return all(holds(condition, person.record, context) is wanted for condition, wanted in needs)

    def _person(self, visitor: Visitor) -> Person:
        values = {one: sent(raw(one.kind, value)) for one, value in visitor.values.items() if value is not UNKNOWN}
        return self._somebody(values, visitor.now)

    def _instants_of(self, kernel: k.Kernel) -> tuple[dt.datetime, ...]:
        """Instants at which visitors differ."""
        leaves = k.distinct_leaves([kernel])
        if not moves(leaves):
            return (USUAL,)
        key = frozenset(leaves)
        if key not in self._instants:
            if len(self._instants) >= MOST_CLOCKS:
                return (USUAL,)
            self._instants[key] = moments([kernel], self.program.zone).instants[:MOST_INSTANTS]
        return self._instants[key]

    def _search(self, segment: Segment) -> None:
        """Looks for visitors who show what no case shows yet of the tests of a segment."""
        if self._stopped(len(self.tests[segment.name])):
            return
        for leaf, needs in leaves_with_needs(segment.condition):
            self.effort -= 1 + len(needs) // 20
            if self._stopped():
                break
            if id(leaf) not in self.bases:
                found = self._find(needs)
                if found is None:
                    continue
                before = len(self.bases)
                self._begin(segment, found)
                for new in list(self.bases.values())[before:]:
                    self._vary(new)
            base = self.bases.get(id(leaf))
            if base is None:
                continue
            known = tuple(k.Test(ex.Read(one), Region.known()) for one in self._sees(leaf))
            for wanted in (True, False):
                if not self._is_shown(leaf, wanted):
                    found = self._find((*needs, (leaf, wanted)), known)
                    if found is not None:
                        self._take(found, f"{segment.name}: {'' if wanted else 'not '}{leaf_words(leaf)}")
            for point, one in self.wanted.get(id(leaf), {}).items():
                dimension, _, now = point
                if one.deep or one.region is None or self._is_shown(leaf, point):
                    continue
                found = self._find(needs, (k.Test(ex.Read(dimension), one.region),), now)
                if found is not None:
                    around = _Pivot(segment, leaf, found, self._asked(segment, found)[0])
                    self._try(around, found.but(dimension, one.text), one.words)

    def _never_alone(self, segment: Segment, persons: list[Person]) -> None:
        """Tests on which nothing turns by themselves, because another one says the same: what they do together."""
        for leaf in self.tests[segment.name]:
            if id(leaf) in self.bases or isinstance(leaf, ex.Named) or self._stopped():
                continue
            for person in persons:
                inside = self._asked(segment, person)[0]
                base = _Pivot(segment, leaf, person, inside)
                for dimension in self.replies.dimensions(leaf):
                    for one in self._probes(leaf, dimension, person):
                        other = person.but(dimension, one.text)
                        if self._is_in(base, other) is not inside:
                            self._take(other, f"{segment.name}: {one.words}")

    # What is wrong or missing, and what the report shows

    def _wrong_values(self) -> None:
        """For each dimension that decides something: null, other types, and values outside of what is declared."""
        for dimension, pivots in self.pivots.items():
            if dimension not in self.done:
                self.done.add(dimension)
                self._wrong_values_of(dimension, pivots)

    def _wrong_values_of(self, dimension: Dimension, pivots: list[_Pivot]) -> None:
        name = dimension.name
        choices: list[tuple[_Pivot, Sent | None]] = [
            (pivot, text) for pivot in pivots for text in self._known(dimension, pivot)
        ]
        telling = [(pivot, text) for pivot, text in choices if text is not None and self._tells(dimension, pivot, text)]
        pivot, text = min(telling or choices or [(pivots[0], None)], key=lambda one: len(one[1] or ""))
        self._take(pivot.person.but(dimension, None), f"{name} is missing")
        self._take(pivot.person.but(dimension, "null"), f"{name} is null")
        if text is not None:
            value = read(dimension.kind, received(text))
            self._take(pivot.person.but(dimension, text), f"{name} decides")
            for plain, words in misreadings.wrong_types(dimension, value):
                like = {True: 1, False: 0}.get(plain) if isinstance(plain, bool) else None
                better = next(
                    (
                        one
                        for one, other in telling
                        if like is not None and other is not None and received(other) == like
                    ),
                    pivot,
                )
                self._take(better.person.but(dimension, sent(plain)), f"{name} is {words}")
            for plain, words in misreadings.other_forms(dimension, value):
                self._take(pivot.person.but(dimension, sent(plain)), f"{name} is written {words}")
        for plain, words in misreadings.outside(dimension):
            better = next((one for one in pivots if self._would_tell(dimension, one, plain)), pivot)
            self._take(better.person.but(dimension, sent(plain)), f"{name} is {words}")
        for value in misreadings.ends(dimension):
            end = sent(raw(dimension.kind, value))
            better = next((one for one in pivots if self._tells(dimension, one, end)), pivot)
            self._take(better.person.but(dimension, end), f"{name} is at an end of what is declared")

    def _known(self, dimension: Dimension, pivot: _Pivot) -> Iterator[Sent]:
        """Known values of a dimension that a test is tried with."""
        texts = [point[1] for point in self.wanted.get(id(pivot.leaf), {}) if point[0] is dimension]
        for text in texts:
            if isinstance(text, str) and read(dimension.kind, received(text)) is not UNKNOWN:
                yield text

    def _tells(self, dimension: Dimension, pivot: _Pivot, text: Sent) -> bool:
        """Whether the segment is another one when the value is not sent."""
        return self._is_in(pivot, pivot.person.but(dimension, text)) is not self._is_in(
            pivot, pivot.person.but(dimension, None)
        )

    def _is_in(self, pivot: _Pivot, person: Person) -> bool:
        return self._asked(pivot.segment, person)[0]

    def _would_tell(self, dimension: Dimension, pivot: _Pivot, plain: Any) -> bool:
        """Whether a test tells a value that cannot be from unknown, for whoever reads it all the same."""
        zone = self.program.zone
        still = at(lower(pivot.leaf, zone), Context(pivot.person.now, zone))
        match still:
            case k.Test(ex.Read(read_), region) if read_ is dimension and not isinstance(plain, list):
                return (plain in region) is not region.unknown
            case _:
                return False

    def _witnesses(self) -> None:
        """The visitors who show that claims are false."""
        program = self.program
        for name, partition in program.partitions.items():
            verdict = decide_partition(program, partition)
            self._show(verdict.exclusive, f"in {{}} of {name}")
            self._show(verdict.covering, f"in no segment of {name}")
            self._show(verdict.inside, f"in {{}} outside of {partition.of.name if partition.of else ''}")
        for name, priority in program.priorities.items():
            wins = decide_priority(program, priority)
            self._show(wins.covering, f"in no segment of {name}")
            for winner in list(wins.winners.values())[:MOST_WINNERS]:
                self._show(winner, f"{{}} wins in {name}")
        for claim in program.states.values():
            of_states = decide_states(program, claim)
            self._show(of_states.exclusive, f"in two states of {claim.dimension.name}")
            self._show(of_states.covering, f"in no state of {claim.dimension.name}")
        for assertion in program.assertions:
            self._show(decide_assertion(program, assertion), "an assertion does not hold")

    def _show(self, verdict: Verdict, words: str) -> None:
        if isinstance(verdict, Refuted):
            for witness in verdict.witnesses[:MOST_WITNESSES]:
                self._take(self._person(witness.visitor), words.replace("{}", " and ".join(witness.segments)))


def _plainness(value: Any) -> tuple[float, int, str]:
    text = str(value)
    return abs(value) if isinstance(value, int | float) else 0.0, len(text), text
