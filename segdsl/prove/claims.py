"""The claims of a program, each with its verdict.

In: a `Program`. Out: verdicts for every partition, priority list, states declaration and assertion. Every visitor that
refutes one has been given to the reference evaluator first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import lower
from segdsl.program.program import Assertion, Partition, Priority, Program, Segment, StatesClaim
from segdsl.program.reference import holds
from segdsl.prove.decide import STEPS, Nobody, Question, Replay, Undecided, questions
from segdsl.prove.search import Among, Budget, Every, Formula, apart, opposite
from segdsl.prove.verdict import Counterexample, PartitionVerdict, PriorityVerdict, Proved, Refuted, Unknown, Verdict
from segdsl.prove.witness import Visitor

GAPS = 20
"""Regions of visitors in no segment that are looked for, largest first seen."""
OVERLAPS = 200
"""Overlapping pairs that are looked for."""


def decide_partition(program: Program, partition: Partition) -> PartitionVerdict:
    """Are its segments exclusive, do they cover everybody (in `of`), and is none of them outside `of`?"""
    members = partition.members
    conditions = [member.condition for member in members]
    names = [member.name for member in members]
    parent = partition.of
    kernels = [member.kernel for member in members]
    return PartitionVerdict(
        exclusive=_exclusive(program, kernels, names, conditions),
        covering=_covering(program, kernels, conditions, parent),
        inside=_inside(program, kernels, names, conditions, parent),
    )


def decide_priority(program: Program, priority: Priority) -> PriorityVerdict:
    """For each member whether anybody gets it, and whether anybody gets nothing."""
    kernels = [member.kernel for member in priority.members]
    conditions = [member.condition for member in priority.members]
    winners: dict[str, Verdict] = {}
    for number, member in enumerate(priority.members):
        earlier, own = conditions[:number], member.condition

        def shows(visitor: Visitor, own: ex.Condition = own, earlier: list[ex.Condition] = earlier) -> bool:
            return _truth(program, own, visitor) and not any(_truth(program, one, visitor) for one in earlier)

        def wanted(question: Question, number: int = number) -> list[Formula]:
            return [question.formulas[number], *(question.not_(one) for one in range(number))]

        winners[member.name] = _first(program, kernels[: number + 1], wanted, (member.name,), shows)
    return PriorityVerdict(winners, _covering(program, kernels, conditions, None))


def decide_states(program: Program, claim: StatesClaim) -> PartitionVerdict:
    """Are the states of a dimension exclusive, and do they cover it?"""
    conditions: list[ex.Condition] = [ex.InState(claim.dimension, state) for state in claim.states]
    kernels = [lower(condition, program.zone) for condition in conditions]
    names = [state.name for state in claim.states]
    return PartitionVerdict(
        exclusive=_exclusive(program, kernels, names, conditions),
        covering=_covering(program, kernels, conditions, None),
        inside=Proved(),
    )


def decide_assertion(program: Program, assertion: Assertion) -> Verdict:
    """Does it hold for everybody?"""

    def shows(visitor: Visitor) -> bool:
        return not _truth(program, assertion.condition, visitor)

    return _first(program, [assertion.kernel], lambda question: [question.not_(0)], (), shows)


def can_hold(program: Program, condition: ex.Condition, wanted: bool = True) -> Verdict:
    """Whether a condition is true (or, not `wanted`, false) for nobody: `Refuted` shows a visitor for whom it is."""
    kernel = lower(condition, program.zone, wanted)

    def shows(visitor: Visitor) -> bool:
        return _truth(program, condition, visitor) is wanted

    return _first(program, [kernel], lambda question: [question.formulas[0]], (), shows)


def _truth(program: Program, condition: ex.Condition, visitor: Visitor) -> bool:
    return holds(condition, visitor.record, Context(visitor.now, program.zone))


def _exclusive(
    program: Program, kernels: Sequence[k.Kernel], names: Sequence[str], conditions: Sequence[ex.Condition]
) -> Verdict:
    found: dict[tuple[int, int], Counterexample] = {}
    open_pairs = list(combinations(range(len(kernels)), 2))
    reasons: list[str] = []
    for asked in questions(list(kernels), program.zone):
        question = asked.question
        if asked.opened:
            open_pairs = [pair for pair in open_pairs if not _never_both(question, pair)]
            if not open_pairs:
                return Proved()
            continue
        reasons += [asked.reason] if asked.reason else []
        budget = Budget(STEPS)
        for first, second in open_pairs:
            if (first, second) in found or apart(question.hull_of(first), question.hull_of(second)):
                continue
            if len(found) >= OVERLAPS:
                return Refuted(tuple(found.values()), complete=False)
            both = [question.formulas[first], question.formulas[second]]
            pair = (conditions[first], conditions[second])
            answer = question.counterexample(both, (names[first], names[second]), _all_hold(program, pair), budget)
            if isinstance(answer, Undecided):
                reasons.append(answer.reason)
            elif not isinstance(answer, Nobody):
                found[first, second] = answer[0]
    return _verdict(list(found.values()), reasons)


def _never_both(question: Question, pair: tuple[int, int]) -> bool:
    first, second = pair
    if apart(question.hull_of(first), question.hull_of(second)):
        return True
    return question.impossible([question.formulas[first], question.formulas[second]])


def _all_hold(program: Program, conditions: Sequence[ex.Condition]) -> Replay:
    return lambda visitor: all(_truth(program, condition, visitor) for condition in conditions)


def _covering(
    program: Program, kernels: Sequence[k.Kernel], conditions: Sequence[ex.Condition], parent: Segment | None
) -> Verdict:
    everyone: list[k.Kernel] = [] if parent is None else [parent.kernel]

    def shows(visitor: Visitor) -> bool:
        inside = parent is None or _truth(program, parent.condition, visitor)
        return inside and not any(_truth(program, condition, visitor) for condition in conditions)

    found: list[Counterexample] = []
    reasons: list[str] = []
    for asked in questions([*kernels, *everyone], program.zone):
        question = asked.question
        wanted = [question.not_(number) for number in range(len(kernels))]
        wanted += question.formulas[len(kernels) :]
        if asked.opened:
            if question.impossible(wanted):
                return Proved()
            continue
        reasons += [asked.reason] if asked.reason else []
        for answer in _gaps(question, wanted, shows):
            if isinstance(answer, Undecided):
                reasons.append(answer.reason)
            elif answer.region not in [one.region for one in found]:
                found.append(answer)
        if found:
            break
    return _verdict(found, reasons)


def _gaps(question: Question, wanted: list[Formula], shows: Replay) -> Iterator[Counterexample | Undecided]:
    """The largest regions with nobody home, one after the other."""
    seen: list[Formula] = []
    for _ in range(GAPS):
        answer = question.counterexample([*wanted, *seen], (), shows, Budget(STEPS))
        if isinstance(answer, Nobody):
            return
        if isinstance(answer, Undecided):
            yield answer
            return
        counterexample, box = answer
        yield counterexample
        seen.append(opposite(_as_formula(box, question), question.space.full))
    yield Undecided(f"there may be more than {GAPS} such regions")


def _as_formula(box: tuple[int, ...], question: Question) -> Formula:
    full = question.space.full
    return Every(tuple(Among(number, cells) for number, cells in enumerate(box) if cells != full[number]))


def _inside(
    program: Program,
    kernels: Sequence[k.Kernel],
    names: Sequence[str],
    conditions: Sequence[ex.Condition],
    parent: Segment | None,
) -> Verdict:
    if parent is None:
        return Proved()
    verdicts = []
    for kernel, name, condition in zip(kernels, names, conditions, strict=True):

        def shows(visitor: Visitor, condition: ex.Condition = condition) -> bool:
            return _truth(program, condition, visitor) and not _truth(program, parent.condition, visitor)

        verdicts.append(
            _first(
                program,
                [kernel, parent.kernel],
                lambda question: [question.formulas[0], question.not_(1)],
                (name,),
                shows,
            )
        )
    witnesses = [one for verdict in verdicts if isinstance(verdict, Refuted) for one in verdict.witnesses]
    return _verdict(witnesses, [verdict.reason for verdict in verdicts if isinstance(verdict, Unknown)])


def _first(
    program: Program,
    kernels: list[k.Kernel],
    wanted: Callable[[Question], list[Formula]],
    names: tuple[str, ...],
    shows: Replay,
) -> Verdict:
    """The first visitor that shows something, at any instant."""
    reasons: list[str] = []
    for asked in questions(kernels, program.zone):
        question = asked.question
        if asked.opened:
            if question.impossible(wanted(question)):
                return Proved()
            continue
        reasons += [asked.reason] if asked.reason else []
        answer = question.counterexample(wanted(question), names, shows, Budget(STEPS))
        if isinstance(answer, Undecided):
            reasons.append(answer.reason)
        elif not isinstance(answer, Nobody):
            return Refuted((answer[0],))
    return _verdict([], reasons)


def _verdict(found: list[Counterexample], reasons: list[str]) -> Verdict:
    if found:
        return Refuted(tuple(found), complete=not reasons)
    return Unknown("; ".join(dict.fromkeys(reasons))) if reasons else Proved()
