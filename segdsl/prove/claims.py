"""The claims of a program, each with its verdict.

In: a `Program`. Out: verdicts for every partition, priority list, states declaration and assertion. Every visitor that
refutes one has been given to the reference evaluator first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial

from attrs import frozen

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import lower
from segdsl.program.program import Assertion, Partition, Priority, Program, Segment, StatesClaim
from segdsl.program.reference import holds
from segdsl.prove.decide import STEPS, TOO_LONG, Occasion, Question, Undecided, certain, only, questions
from segdsl.prove.search import Budget
from segdsl.prove.table import Asked
from segdsl.prove.verdict import (
    Counterexample,
    Found,
    PartitionVerdict,
    PriorityVerdict,
    Proved,
    Refuted,
    Unknown,
    Verdict,
)
from segdsl.prove.witness import Visitor

GAPS = 20
"""Regions of visitors in no segment that are looked for."""
OVERLAPS = 500
"""Overlapping pairs that are looked for where a visitor has to be found for each."""
CHECKED = 20_000
"""Pairs that are looked at one by one, where bitmaps alone do not tell whether they overlap."""


@frozen(eq=False)
class Claim:
    """Conditions that a claim is about, with their names, and all that is asked about them."""

    names: tuple[str, ...]
    conditions: tuple[ex.Condition, ...]
    kernels: tuple[k.Kernel, ...]
    zone: dt.tzinfo
    occasions: Iterable[Occasion]

    @classmethod
    def about(cls, segments: Sequence[Segment], zone: dt.tzinfo) -> Claim:
        return cls.of([(one.name, one.condition, one.kernel) for one in segments], zone)

    @classmethod
    def of(cls, parts: Sequence[tuple[str, ex.Condition, k.Kernel]], zone: dt.tzinfo) -> Claim:
        kernels = [kernel for _, _, kernel in parts]
        return cls(
            tuple(name for name, _, _ in parts),
            tuple(condition for _, condition, _ in parts),
            tuple(kernels),
            zone,
            questions(kernels, zone),
        )

    @property
    def only(self) -> Question | None:
        """The one question that decides everything; None when the rules move with now."""
        return only(self.occasions)

    @cached_property
    def certain(self) -> Question | None:
        """The same, where there is a visitor in every place; None elsewhere."""
        return certain(self.occasions)

    def shows(self, visitor: Visitor, asked: Asked) -> bool:
        """Whether it is as asked for a visitor, by the definition."""
        context = Context(visitor.now, self.zone)
        return all(holds(self.conditions[one], visitor.record, context) for one in asked.holding) and not any(
            holds(self.conditions[one], visitor.record, context) for one in asked.failing
        )

    def counterexamples(
        self, question: Question, asked: Asked, names: tuple[str, ...] = ()
    ) -> Iterator[Counterexample | Undecided]:
        """What shows that it is as asked for somebody (`Question.counterexamples`)."""
        return question.counterexamples(asked, names, lambda visitor: self.shows(visitor, asked), Budget(STEPS))

    def somebody(self, asked: Asked, steps: int = STEPS) -> bool | None:
        """Whether it is so for somebody; None when that is not decided. `steps`: of a search that is `certain`."""
        if self.certain is not None:
            return self.certain.somewhere(asked, steps)
        verdict = self.first(asked)
        return None if isinstance(verdict, Unknown) else isinstance(verdict, Refuted)

    def first(self, asked: Asked, names: tuple[str, ...] = ()) -> Verdict:
        """Whether it is so for nobody: `Refuted` shows the first visitor for whom it is, at any instant."""
        reasons: list[str] = []
        for occasion in self.occasions:
            if occasion.opened:
                if occasion.question.somewhere(asked) is False:
                    return Proved()
                continue
            reasons += [occasion.reason] if occasion.reason else []
            answer = next(self.counterexamples(occasion.question, asked, names), None)
            if isinstance(answer, Undecided):
                reasons.append(answer.reason)
            elif answer is not None:
                return Refuted(Found.of((answer,)))
        return _verdict([], reasons)

    def largest(self, asked: Asked, most: int) -> Verdict:
        """The same, with up to so many regions at the first instant that has one."""
        found: list[Counterexample] = []
        reasons: list[str] = []
        for occasion in self.occasions:
            if occasion.opened:
                if occasion.question.somewhere(asked) is False:
                    return Proved()
                continue
            reasons += [occasion.reason] if occasion.reason else []
            for answer in self.counterexamples(occasion.question, asked):
                if isinstance(answer, Undecided):
                    reasons.append(answer.reason)
                elif len(found) == most:
                    return Refuted(Found.of(found), complete=False)
                elif answer.region not in [one.region for one in found]:
                    found.append(answer)
            if found:
                break
        return _verdict(found, reasons)


def decide_partition(program: Program, partition: Partition) -> PartitionVerdict:
    """Are its segments exclusive, do they cover everybody (in `of`), and is none of them outside `of`?"""
    parent = partition.of
    members = range(len(partition.members))
    claim = Claim.about([*partition.members, *([] if parent is None else [parent])], program.zone)
    whole = () if parent is None else (len(partition.members),)
    return PartitionVerdict(
        exclusive=_exclusive(claim, len(members)),
        covering=claim.largest(Asked(whole, members), GAPS),
        inside=Proved() if parent is None else _inside(claim, len(members)),
    )


def decide_priority(program: Program, priority: Priority) -> PriorityVerdict:
    """For each member whether anybody gets it, and whether anybody gets nothing."""
    claim = Claim.about(priority.members, program.zone)
    winners = {name: _wins(claim, number) for number, name in enumerate(claim.names)}
    never = [number for number, name in enumerate(claim.names) if isinstance(winners[name], Proved)]
    return PriorityVerdict(
        winners,
        claim.largest(Asked((), range(len(claim.names))), GAPS),
        {claim.names[number]: tuple(claim.names[one] for one in _shadowing(claim, number)) for number in never},
    )


def _wins(claim: Claim, number: int) -> Verdict:
    """Whether nobody gets a member of a priority list."""
    asked, names = Asked((number,), range(number)), (claim.names[number],)
    question = claim.certain
    there = None if question is None else question.somewhere(asked)
    if question is None or there is None:
        return claim.first(asked, names)
    # whom it is, is worked out only if somebody looks
    return Refuted(Found((names,), lambda _: _shown(claim, question, asked, names))) if there else Proved()


def _shown(claim: Claim, question: Question, asked: Asked, names: tuple[str, ...]) -> Counterexample:
    found = next(claim.counterexamples(question, asked, names))
    assert isinstance(found, Counterexample), "there is a visitor in every place"
    return found


MOST_SHADOWS = 12
"""Earlier members of a priority list from which those that can be spared are told."""


def _shadowing(claim: Claim, number: int) -> tuple[int, ...]:
    """Earlier members of a priority list that leave nobody to this one; none when nobody is in it at all.

    A single one if there is one that takes everybody. Otherwise none of them can be spared, unless they are many.
    """
    before: set[int] = set()
    for occasion in claim.occasions:
        table = occasion.question.table
        before.update(one for one in table.met_by(number) if one < number)
    whole = [] if claim.only is None else claim.only.table.taken_whole_by(number)
    single = [one for one in whole if one < number]
    if single:
        return (single[0],)
    kept = sorted(before)
    if not kept or isinstance(claim.first(Asked((number,))), Proved):
        return ()
    for one in reversed(kept if len(kept) <= MOST_SHADOWS else ()):
        fewer = [other for other in kept if other != one]
        if isinstance(claim.first(Asked((number,), fewer)), Proved):
            kept = fewer
    return tuple(kept)


def decide_states(program: Program, claim: StatesClaim) -> PartitionVerdict:
    """Are the states of a dimension exclusive, and do they cover it?"""
    conditions: list[ex.Condition] = [ex.InState(claim.dimension, state) for state in claim.states]
    parts = [
        (state.name, condition, lower(condition, program.zone))
        for state, condition in zip(claim.states, conditions, strict=True)
    ]
    about = Claim.of(parts, program.zone)
    return PartitionVerdict(
        exclusive=_exclusive(about, len(parts)),
        covering=about.largest(Asked((), range(len(parts))), GAPS),
        inside=Proved(),
    )


def decide_assertion(program: Program, assertion: Assertion) -> Verdict:
    """Does it hold for everybody?"""
    return Claim.of([("", assertion.condition, assertion.kernel)], program.zone).first(Asked((), (0,)))


def can_hold(program: Program, condition: ex.Condition, wanted: bool = True) -> Verdict:
    """Whether a condition is true (or, not `wanted`, false) for nobody: `Refuted` shows a visitor for whom it is."""
    meant = condition if wanted else ex.Not(condition)
    return Claim.of([("", meant, lower(meant, program.zone))], program.zone).first(Asked((0,)))


def implies(program: Program, condition: ex.Condition, other: ex.Condition) -> Verdict:
    """Whether one condition never holds without another: `Refuted` shows a visitor for whom it does."""
    parts = [("", one, lower(one, program.zone)) for one in (condition, other)]
    return Claim.of(parts, program.zone).first(Asked((0,), (1,)))


def _exclusive(claim: Claim, members: int) -> Verdict:
    if claim.certain is not None:
        return _exclusive_for_certain(claim, claim.certain, members)
    found: dict[tuple[int, int], Counterexample] = {}
    reasons: list[str] = []
    open_pairs: set[tuple[int, int]] | None = None
    for occasion in claim.occasions:
        question = occasion.question
        pairs = question.table.pairs(members)
        if occasion.opened:
            open_pairs = {pair for pair in pairs if question.somewhere(Asked(pair)) is not False}
            if not open_pairs:
                return Proved()
            continue
        reasons += [occasion.reason] if occasion.reason else []
        for pair in pairs:
            if pair in found or (open_pairs is not None and pair not in open_pairs):
                continue
            if len(found) >= OVERLAPS:
                return Refuted(Found.of(list(found.values())), complete=False)
            names = (claim.names[pair[0]], claim.names[pair[1]])
            answer = next(claim.counterexamples(question, Asked(pair), names), None)
            if isinstance(answer, Undecided):
                reasons.append(answer.reason)
            elif answer is not None:
                found[pair] = answer
    return _verdict([found[pair] for pair in sorted(found)], reasons)


def _exclusive_for_certain(claim: Claim, question: Question, members: int) -> Verdict:
    """Where every place has a visitor, pairs are decided first, and who shows it is worked out when looked at."""
    pairs: list[tuple[int, int]] = []
    undecided = checked = 0
    for pair in question.table.pairs(members):
        if question.table.sure(*pair):
            pairs.append(pair)
            continue
        checked += 1
        there = None if checked > CHECKED else question.somewhere(Asked(pair))
        if there:
            pairs.append(pair)
        undecided += there is None
    names = [(claim.names[first], claim.names[second]) for first, second in pairs]
    if pairs:
        look = partial(_overlap, claim, question, pairs, names)
        return Refuted(Found(names, look), complete=not undecided)
    return Unknown(TOO_LONG) if undecided else Proved()


def _overlap(
    claim: Claim, question: Question, pairs: list[tuple[int, int]], names: list[tuple[str, str]], number: int
) -> Counterexample:
    return _shown(claim, question, Asked(pairs[number]), names[number])


def _inside(claim: Claim, members: int) -> Verdict:
    verdicts = [claim.first(Asked((number,), (members,)), (claim.names[number],)) for number in range(members)]
    found = [one for verdict in verdicts if isinstance(verdict, Refuted) for one in verdict.witnesses]
    return _verdict(found, [verdict.reason for verdict in verdicts if isinstance(verdict, Unknown)])


def _verdict(found: Sequence[Counterexample], reasons: list[str]) -> Verdict:
    if found:
        return Refuted(Found.of(found), complete=not reasons)
    return Unknown("; ".join(dict.fromkeys(reasons))) if reasons else Proved()
