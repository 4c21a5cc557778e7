"""Verdicts of segdsl beside those of an oracle.

In: a rule file and an oracle for its checked conditions. Every claim of the file becomes cases: may there be a visitor
for whom these conditions hold and those do not? Out: whatever disagrees, with the seed and the rule text; every witness
is given to the definition of the language, whatever the oracle says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import combinations
from typing import Any, Protocol

from attrs import frozen
from generated_claims import RIGHT, RuleFile
from volume import Tally, quota, seeds

import segdsl
from segdsl.advise.report import Report
from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.program import Program
from segdsl.program.record import put
from segdsl.program.reference import holds, value_in
from segdsl.program.schema import Dimension
from segdsl.prove.claims import can_hold, decide_assertion, decide_partition, decide_priority, decide_states
from segdsl.prove.verdict import Counterexample, PartitionVerdict, PriorityVerdict, Proved, Refuted, Verdict
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    SetOf,
    Text,
    Version,
)
from segdsl.values.unknown import UNKNOWN

FIRST, LAST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
MOST_SHOWN = 5
"""Disagreements of one chunk, after which it stops."""


class Oracle(Protocol):
    """Decides without segdsl's prover. `exact`: it never takes something possible for impossible."""

    exact: bool

    def possible(self, wanted: Sequence[ex.Condition], unwanted: Sequence[ex.Condition]) -> bool | None:
        """Whether all of the wanted conditions can hold, and none of the unwanted; None when it cannot tell."""
        ...


OracleOf = Callable[[Program], Oracle]


@frozen
class Case:
    """One question, and what segdsl answered: `answer` is None where it did not decide.

    `whole`: the regions of the witnesses together are said to be everybody who is asked for.
    """

    about: str
    wanted: Sequence[ex.Condition]
    unwanted: Sequence[ex.Condition]
    answer: bool | None
    witnesses: Sequence[Counterexample]
    whole: bool = False


def case_of(
    about: str,
    wanted: Sequence[ex.Condition],
    unwanted: Sequence[ex.Condition],
    verdict: Verdict,
    all_regions: bool = False,
) -> Case:
    """A case that a whole verdict answers. `all_regions`: it shows every region, where it is complete."""
    match verdict:
        case Proved():
            return Case(about, wanted, unwanted, False, ())
        case Refuted(witnesses, complete):
            return Case(about, wanted, unwanted, True, witnesses, whole=complete and all_regions)
        case _:
            return Case(about, wanted, unwanted, None, ())


def cases(program: Program, report: Report | None = None) -> Iterator[Case]:
    """Every claim of a program, decided by segdsl, and whether each segment can hold, or not.

    With a report the verdicts are those that stand in it.
    """
    for segment in program.segments.values():
        condition = segment.condition
        yield case_of(f"somebody is in {segment.name}", [condition], [], can_hold(program, condition))
        yield case_of(f"somebody is not in {segment.name}", [], [condition], can_hold(program, condition, False))
    for partition in program.partitions.values():
        members = {member.name: member.condition for member in partition.members}
        verdict = report.partitions[partition.name] if report else decide_partition(program, partition)
        parent = [] if partition.of is None else [partition.of.condition]
        yield from _parts(verdict, members, parent)
    for claim in program.states.values():
        states: dict[str, ex.Condition] = {one.name: ex.InState(claim.dimension, one) for one in claim.states}
        cut = report.states[claim.dimension.name] if report else decide_states(program, claim)
        yield from _parts(cut, states, [])
    for priority in program.priorities.values():
        listed = {member.name: member.condition for member in priority.members}
        winners = report.priorities[priority.name] if report else decide_priority(program, priority)
        yield from _winners(winners, listed)
    for number, assertion in enumerate(program.assertions):
        holds_for_all = report.assertions[number] if report else decide_assertion(program, assertion)
        yield case_of(f"assertion {number}", [], [assertion.condition], holds_for_all)


def _parts(
    verdict: PartitionVerdict, members: dict[str, ex.Condition], parent: Sequence[ex.Condition]
) -> Iterator[Case]:
    yield from _pairs(verdict.exclusive, members)
    yield case_of("somebody is in no member", parent, list(members.values()), verdict.covering, all_regions=True)
    yield from _outsiders(verdict.inside, members, parent)


def _pairs(verdict: Verdict, members: dict[str, ex.Condition]) -> Iterator[Case]:
    """Each pair by itself: a refutation that is complete says of every other pair that it is exclusive."""
    shown = _by_segments(verdict)
    known = isinstance(verdict, Proved) or (isinstance(verdict, Refuted) and verdict.complete)
    for pair in combinations(members, 2):
        both = [members[name] for name in pair]
        witnesses = shown.pop(pair, [])
        yield Case(f"{' and '.join(pair)}", both, [], True if witnesses else False if known else None, witnesses)
    assert not shown, f"witnesses of no pair: {list(shown)}"


def _outsiders(verdict: Verdict, members: dict[str, ex.Condition], parent: Sequence[ex.Condition]) -> Iterator[Case]:
    if not parent:
        assert isinstance(verdict, Proved)
        return
    shown = _by_segments(verdict)
    known = isinstance(verdict, Proved) or (isinstance(verdict, Refuted) and verdict.complete)
    for name, condition in members.items():
        witnesses = shown.pop((name,), [])
        yield Case(f"{name} outside", [condition], parent, True if witnesses else False if known else None, witnesses)
    assert not shown, f"witnesses of no member: {list(shown)}"


def _by_segments(verdict: Verdict) -> dict[tuple[str, ...], list[Counterexample]]:
    shown: dict[tuple[str, ...], list[Counterexample]] = {}
    for one in verdict.witnesses if isinstance(verdict, Refuted) else ():
        shown.setdefault(one.segments, []).append(one)
    return shown


def _winners(verdict: PriorityVerdict, listed: dict[str, ex.Condition]) -> Iterator[Case]:
    earlier: list[ex.Condition] = []
    for name, condition in listed.items():
        yield case_of(f"somebody gets {name}", [condition], list(earlier), verdict.winners[name])
        earlier.append(condition)
    yield case_of("nobody in the list", [], earlier, verdict.covering)


def misshown(program: Program, case: Case) -> Iterator[str]:
    """What is wrong with the witnesses of a case, by the definition of the language."""
    if case.answer and not case.witnesses:
        yield "refuted, and nobody shows it"
    for one in case.witnesses:
        now = one.visitor.now
        for record in (one.visitor.record, completed(program, one.visitor.record)):
            context = Context(now, program.zone)
            if not all(holds(condition, record, context) for condition in case.wanted):
                yield f"the witness is not in what it should be in: {record} at {now}"
            if any(holds(condition, record, context) for condition in case.unwanted):
                yield f"the witness is in what it should not be in: {record} at {now}"
        if not FIRST <= now <= LAST:
            yield f"no proof speaks of {now}"


def completed(program: Program, record: dict[str, Any]) -> dict[str, Any]:
    """The record with a value for each required dimension that it leaves out, as it may where any value will do."""
    whole = deepcopy(record)
    for dimension in program.dimensions.values():
        if dimension.required and value_in(dimension, whole) is UNKNOWN:
            put(whole, dimension.path, _some_value(dimension.kind))
    return whole


def _some_value(kind: Kind) -> Any:
    match kind:
        case Text(choices=choices):
            return choices[-1] if choices else "some text"
        case Integer(low, high) | Number(low, high):
            return low[0] if low else high[0] if high else 1
        case Boolean():
            return True
        case Date():
            return "2024-02-29"
        case Datetime():
            return "2024-02-29T12:00Z"
        case Duration():
            return 600
        case Version():
            return "1.0"
        case Ip():
            return "10.0.0.1"
        case SetOf():
            return []
        case _:
            raise AssertionError(f"no value of {kind} is known here")


def tests_of(condition: ex.Condition) -> Iterator[ex.Condition]:
    """The tests of a condition, each as often as it stands there: what is neither and, or, not, nor a name."""
    match condition:
        case ex.Not(operand):
            yield from tests_of(operand)
        case ex.And(operands) | ex.Or(operands):
            for operand in operands:
                yield from tests_of(operand)
        case ex.Named(condition=inner):
            yield from tests_of(inner)
        case _:
            yield condition


def dimensions_of(condition: ex.Condition) -> Iterator[Dimension]:
    """The dimensions that a condition reads, each as often as it is read."""
    for test in tests_of(condition):
        match test:
            case ex.Test(_, subject, operand):
                yield from (*ex.dimensions_of(subject), *ex.dimensions_of(operand))
            case ex.Known(subject):
                yield from ex.dimensions_of(subject)
            case ex.InState(dimension):
                yield dimension
            case _:
                pass


def disagreements(
    program: Program, oracle: Oracle, tally: Tally, decided: bool, report: Report | None = None
) -> Iterator[str]:
    """What is wrong with segdsl's verdicts about a program. `decided`: all of them have to be decided."""
    for case in cases(program, report):
        tally.cases += 1
        tally.witnesses += len(case.witnesses)
        yield from (f"{case.about}: {wrong}" for wrong in misshown(program, case))
        expected = oracle.possible(case.wanted, case.unwanted)
        if expected is None:
            tally.silent += 1
        elif expected:
            tally.possible += 1
        else:
            tally.impossible += 1
        if case.answer is None:
            tally.unknown += 1
            if decided:
                yield f"{case.about}: not decided"
        elif expected is not None and case.answer is not expected and (oracle.exact or expected):
            yield f"{case.about}: segdsl says {_word(case.answer)}, {tally.oracle} says {_word(expected)}"


def misplaced(file: RuleFile, program: Program, oracle_of: OracleOf, tally: Tally) -> Iterator[str]:
    """What is wrong with the regions in words: each holds for its witness, and for nobody who is not asked for."""
    shown = [(case, one) for case in cases(program) for one in case.witnesses]
    probes = [f"segment probe{number}: {one.region}" for number, (_, one) in enumerate(shown)]
    probed = segdsl.loads("\n".join([file.text, *probes, ""])).program
    oracle = oracle_of(probed)
    regions: dict[int, list[ex.Condition]] = {}
    for number, (case, one) in enumerate(shown):
        tally.regions += 1
        probe = probed.segments[f"probe{number}"].condition
        regions.setdefault(id(case), []).append(probe)
        if not holds(probe, one.visitor.record, Context(one.visitor.now, program.zone)):
            yield f"{case.about}: {one.visitor.record} is not in its region: {one.region}"
        outside = any(oracle.possible([probe], [condition]) for condition in case.wanted)
        if outside or any(oracle.possible([probe, condition], []) for condition in case.unwanted):
            yield f"{case.about}: false somewhere in {one.region}"
    for case in {id(case): case for case, _ in shown}.values():
        if case.whole and oracle.possible(case.wanted, [*case.unwanted, *regions[id(case)]]):
            yield f"{case.about}: not only where it says: {[one.region for one in case.witnesses]}"


def conditions_of(program: Program) -> list[ex.Condition]:
    """Everything that a claim of a program can be about."""
    return [
        *(segment.condition for segment in program.segments.values()),
        *(assertion.condition for assertion in program.assertions),
        *(ex.InState(claim.dimension, state) for claim in program.states.values() for state in claim.states),
    ]


def _word(possible: bool) -> str:
    return "possible" if possible else "impossible"


def gone_wrong(
    file: RuleFile, oracle_of: OracleOf, tally: Tally, decided: bool = True, regions: bool = False
) -> Iterator[str]:
    """The disagreements about one file, in words.

    One file of eight is asked through `check`; and with `regions`, where each claim is false is looked at in another.
    """
    tally.files += 1
    about = f"seed {file.seed} ({file.shape}), {tally.oracle}\n{file.text}"
    try:
        rules = segdsl.loads(file.text)
        report = rules.check() if tally.files % 8 == 5 else None
        found = list(disagreements(rules.program, oracle_of(rules.program), tally, decided, report))
        if file.shape in RIGHT:
            verdict = decide_partition(rules.program, rules.program.partitions["everybody"])
            if (verdict.exclusive, verdict.covering) != (Proved(), Proved()):
                found.append(f"right by construction, but {verdict}")
        if regions and tally.files % 8 == 1:
            found += misplaced(file, rules.program, oracle_of, tally)
    except Exception as error:
        error.add_note(about)
        raise
    if found:
        yield f"{about}\n" + "\n".join(found)


def compare(
    oracle: str,
    chunk: int,
    file_of: Callable[[int], RuleFile],
    oracle_of: OracleOf,
    decided: bool = True,
    regions: bool = False,
) -> tuple[Tally, list[str]]:
    """Compares the files of a chunk until its quota of cases is reached. What went wrong comes with its file."""
    tally = Tally(oracle)
    wrong: list[str] = []
    for seed in seeds(chunk):
        if tally.cases >= quota(oracle) or len(wrong) >= MOST_SHOWN:
            break
        wrong += gone_wrong(file_of(seed), oracle_of, tally, decided, regions)
    return tally, wrong
