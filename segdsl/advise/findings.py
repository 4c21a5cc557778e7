"""Verdicts as diagnostics: what a marketer is told about a claim, with the visitor who shows it and what to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import evolve

from segdsl.advise.boundary import Boundary, boundary_of
from segdsl.advise.groups import MOST_FINDINGS, Group, grouped
from segdsl.advise.remedies import WaysOut, WaysUp, against_false, named_at_once, narrowed, one_of, without_brackets
from segdsl.operators.operator import Context
from segdsl.program.program import Assertion, Partition, Priority, Program, Segment, StatesClaim
from segdsl.program.reference import holds
from segdsl.program.visitors import Outcome
from segdsl.prove.claims import Claim
from segdsl.prove.table import Asked
from segdsl.prove.verdict import Counterexample, PartitionVerdict, PriorityVerdict, Proved, Refuted, Unknown, Verdict
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note
from segdsl.text.listing import listed
from segdsl.text.source import Span

MOST_GAPS = 10
"""Regions in no segment of one partition that are told one by one."""
MOST_NAMED = 3
"""Segments that are named, or shown with a visitor, where there are many."""


def partition_findings(program: Program, partition: Partition, verdict: PartitionVerdict) -> Iterator[Diagnostic]:
    """What is wrong with a partition."""
    place = _heading(partition.node)
    ways = WaysOut(program, partition)
    yield from _overlaps(program, partition, verdict.exclusive, ways)
    yield from _gaps(partition, verdict.covering, ways)
    for witness in _witnesses(verdict.inside):
        yield _outside(program, partition, witness, ways)
    name, of = partition.name, partition.of.name if partition.of is not None else ""
    for one, question in (
        (verdict.exclusive, f'whether segments of "{name}" overlap'),
        (verdict.covering, f'whether some visitors{_of(partition)} are in no segment of "{name}"'),
        (verdict.inside, f'whether the segments of "{name}" stay within "{of}"'),
    ):
        if isinstance(one, Unknown):
            yield _undecided(f"{question} is not decided", place, one)


def _heading(node: tree.Partition | tree.Priority) -> Span:
    return Span(node.span.source, node.span.start, node.name.span.end)


def _witnesses(verdict: Verdict) -> Sequence[Counterexample]:
    return verdict.witnesses if isinstance(verdict, Refuted) else ()


def _undecided(message: str, place: Span, verdict: Unknown) -> Diagnostic:
    advice = "write the case that you have in mind as a test"
    return Diagnostic("S411", message, place, notes=(Note("why", verdict.reason), Note("try", advice)))


def _visitor(witness: Counterexample) -> Note:
    return Note("visitor", str(witness.visitor))


def _where(topic: str, witness: Counterexample) -> Note:
    share = f"   ({witness.share})" if witness.share else ""
    share = "   (at that moment)" if witness.visitor.clock else share
    return Note(topic, "everywhere" if witness.region == "true" else without_brackets(witness.region) + share)


def _data(witness: Counterexample) -> dict[str, Any]:
    data: dict[str, Any] = {"record": witness.visitor.record, "segments": list(witness.segments)}
    data["region"] = witness.region
    if witness.visitor.clock:
        data["now"] = witness.visitor.now.isoformat()
    return data


def _diagnostic(
    code: str, message: str, place: Span, witness: Counterexample, labels: tuple[Label, ...], *notes: Note
) -> Diagnostic:
    return Diagnostic(code, message, place, labels=labels, notes=(_visitor(witness), *notes), witness=_data(witness))


# Two segments that overlap


def _overlaps(program: Program, partition: Partition, verdict: Verdict, ways: WaysOut) -> Iterator[Diagnostic]:
    """Each segment that collides with many others, then single pairs, then how many more there are.

    There may be very many pairs, and each takes a while to look at: only what is told is looked at.
    """
    if not isinstance(verdict, Refuted):
        return
    found = verdict.witnesses
    told = grouped(found.segments)
    whole = True  # the first says what would help against all of them
    for group in told.groups:
        yield _group(program, partition, verdict, group, ways.of_group, whole=whole)
        whole = False
    for number in told.single:
        first, second = (program.segments[name] for name in found.segments[number])
        advice = ways.of_overlap(first, second, whole=whole)
        yield _overlap(program, partition, found[number], first, second, advice)
        whole = False
    if told.rest:
        yield _more_overlaps(partition, verdict, told.rest)


def _overlap(
    program: Program, partition: Partition, witness: Counterexample, first: Segment, second: Segment, advice: str
) -> Diagnostic:
    labels = (Label(first.span, "holds"), Label(second.span, "also holds"))
    message = f'"{first.name}" and "{second.name}" overlap, but "{partition.name}" says that they never do'
    place, notes = _heading(partition.node), (_both_hold(program, witness), Note("try", advice))
    return _diagnostic("S401", message, place, witness, labels, *notes)


def _both_hold(program: Program, witness: Counterexample) -> Note:
    """Where two segments hold; if they do elsewhere too, that is an example."""
    if witness.visitor.clock:
        return _where("both hold where", witness)
    both = Claim.about([program.segments[name] for name in witness.segments], program.zone).largest(Asked((0, 1)), 1)
    alone = isinstance(both, Refuted) and both.complete
    return _where("both hold where" if alone else "for example where", witness)


def _group(
    program: Program,
    partition: Partition,
    verdict: Refuted,
    group: Group,
    against: Callable[..., str],
    *,
    whole: bool,
) -> Diagnostic:
    """One segment that overlaps with many, with a visitor for some of them."""
    segment, others = program.segments[group.segment], [program.segments[name] for name in group.others]
    least = "" if verdict.complete else "at least "
    message = f'"{segment.name}" overlaps with {least}{len(others):,} other segments of "{partition.name}"'
    labels = [Label(_heading(partition.node), "says that they never overlap")]
    labels += [Label(one.span, "one of them") for one in others[:MOST_NAMED]]
    witnesses = [verdict.witnesses[number] for number in group.pairs[:MOST_NAMED]]
    notes = []
    for witness, other in zip(witnesses, others, strict=False):
        notes.append(Note("visitor", f'{witness.visitor}   (in "{segment.name}" and "{other.name}")'))
        notes.append(_both_hold(program, witness))
    left = [one.name for one in others[MOST_NAMED:]]
    notes.append(Note(f"and {least}{len(left):,} more", _some_of(left, 2 * MOST_NAMED)))
    notes.append(Note("try", against(segment, others, whole=whole)))
    data = _data(witnesses[0]) | {
        "segment": segment.name,
        "overlaps_with": list(group.others),
        "count": len(others),
        "complete": verdict.complete,
        "witnesses": [_data(one) for one in witnesses],
    }
    return Diagnostic("S401", message, segment.span, labels=tuple(labels), notes=tuple(notes), witness=data)


def _more_overlaps(partition: Partition, verdict: Refuted, rest: Sequence[int]) -> Diagnostic:
    """How many overlaps are not told, and of whom."""
    pairs = verdict.witnesses.segments
    names = list(dict.fromkeys(name for number in rest for name in pairs[number]))
    least = "" if verdict.complete else "at least "
    several = "pair overlaps" if len(rest) == 1 else "pairs overlap"
    message = f'{least}{len(rest):,} more {several} among {len(names):,} segments of "{partition.name}"'
    notes = (
        Note("of", _some_of(names, 2 * MOST_NAMED)),
        Note("try", "put the ones above right first, and check again"),
    )
    data = {"segments": names, "count": len(rest), "complete": verdict.complete}
    return Diagnostic("S401", message, _heading(partition.node), notes=notes, witness=data)


def _some_of(names: Sequence[str], most: int) -> str:
    """Some of many names, and how many there are besides."""
    shown = [f'"{name}"' for name in names[:most]]
    return listed([*shown, f"{len(names) - most:,} others"]) if len(names) > most + 1 else _listed_all(names)


def _listed_all(names: Sequence[str]) -> str:
    return listed([f'"{name}"' for name in names])


# Nobody's


def _gaps(partition: Partition, verdict: Verdict, ways: WaysOut) -> Iterator[Diagnostic]:
    """Each region in no segment, up to some. Whatever would take in all of them is said with the first."""
    if not isinstance(verdict, Refuted):
        return
    place = _heading(partition.node)
    found = list(verdict.witnesses)
    told = [(one, boundary_of(ways.neighbourhood, one)) for one in found[:MOST_GAPS]]
    gaps = [one for one, boundary in told if boundary is None]
    alone = len(gaps) == 1 and len(found) == len(told)
    for witness, boundary in told:
        if boundary is None:
            advice = ways.of_gap(witness, first=witness is gaps[0], alone=alone)
            message = f'some visitors{_of(partition)} are in no segment of "{partition.name}"'
            notes = (_where("missing", witness), Note("try", advice))
            yield _diagnostic("S402", message, place, witness, (), *notes)
        else:
            yield _between(boundary, witness)
    left = found[MOST_GAPS:]
    if left:
        least = "" if verdict.complete else "at least "
        message = f'visitors of {least}{len(left):,} more kinds{_of(partition)} are in no segment of "{partition.name}"'
        more = (*(_where("missing", one) for one in left[:MOST_NAMED]), _later())
        data = {"segments": [], "witnesses": [_data(one) for one in left], "complete": verdict.complete}
        yield Diagnostic("S402", message, place, notes=more, witness=data)


def _later() -> Note:
    return Note("try", "put the ones above right first, and check again")


def _of(partition: Partition) -> str:
    return "" if partition.of is None else f' of "{partition.of.name}"'


def _between(boundary: Boundary, witness: Counterexample) -> Diagnostic:
    """The special case of a gap of one value between comparisons."""
    message = f"exactly at {boundary.dimension} = {boundary.value} nobody is home"
    own, *others = boundary.sides
    labels = tuple(Label(other.place, other.says) for other in others)
    alone = witness.region == f"{boundary.dimension} == {boundary.value}"
    missing = () if alone else (_where("missing", witness),)
    advice = "write " + ", or ".join(f"{side.written} in {side.within}" for side in boundary.sides)
    notes = (_visitor(witness), *missing, Note("try", advice))
    edits = (own.edit,) if own.whole else ()
    return Diagnostic("S403", message, own.place, own.says, labels, notes, edits, _data(witness))


def _outside(program: Program, partition: Partition, witness: Counterexample, ways: WaysOut) -> Diagnostic:
    place = _heading(partition.node)
    segment = program.segments[witness.segments[0]]
    assert partition.of is not None
    message = f'"{segment.name}" reaches outside "{partition.of.name}", which "{partition.name}" divides'
    labels = (Label(segment.span, "holds"), Label(partition.of.span, "does not hold"))
    advice = Note("try", one_of([narrowed(segment, partition.of.name, ways.plainer)]))
    return _diagnostic("S412", message, place, witness, labels, _where("outside where", witness), advice)


def priority_findings(
    program: Program, priority: Priority, verdict: PriorityVerdict, nobody: frozenset[str]
) -> Iterator[Diagnostic]:
    """Members of a priority list that nobody can ever get. `nobody`: segments about which that is said already."""
    ways = WaysUp(program, priority)
    for name, wins in verdict.winners.items():
        written = next(one for one in priority.node.members if one.text == name)
        if isinstance(wins, Unknown):
            yield _undecided(f'whether anybody can get "{name}" is not decided', written.span, wins)
        elif isinstance(wins, Proved) and name not in nobody:
            yield _never_wins(written, verdict.shadowed.get(name, ()), ways)


def _never_wins(written: tree.Name, shadowing: Sequence[str], ways: WaysUp) -> Diagnostic:
    name = written.text
    if shadowing:
        left = len(shadowing) - MOST_NAMED
        before = [f'"{one}"' for one in shadowing[: MOST_NAMED if left > 0 else None]]
        before += [f"{left:,} more"] if left > 0 else []
        comes, takes = ("comes", "takes") if len(shadowing) == 1 else ("come", "take")
        why = f'{listed(before)} {comes} first and already {takes} everybody who is in "{name}"'
        advice = ways.before(name, shadowing)
    else:
        why, advice = f'nobody can ever be in "{name}" itself', "leave it out of the list"
    notes = (Note("why", why), Note("try", advice))
    return Diagnostic("S405", f'nobody can ever get "{name}"', written.span, notes=notes)


def states_findings(claim: StatesClaim, verdict: PartitionVerdict) -> Iterator[Diagnostic]:
    """States of a dimension that overlap or leave something out."""
    spans = {state.name: state.span for state in claim.states if state.span is not None}
    place = Span(claim.node.span.source, claim.node.span.start, claim.node.dimension.span.end)
    name = claim.dimension.name
    overlapping = _witnesses(verdict.exclusive)
    for witness in overlapping[:MOST_FINDINGS]:
        first, second = witness.segments
        labels = (Label(spans[first], "takes in some of the same"),)
        message = f'the states "{first}" and "{second}" of "{name}" overlap'
        advice = Note("try", "let one begin only after the other has ended")
        yield _diagnostic("S408", message, spans[second], witness, labels, _where("both hold where", witness), advice)
    if len(overlapping) > MOST_FINDINGS:
        message = f'{len(overlapping) - MOST_FINDINGS:,} more pairs of states of "{name}" overlap'
        yield Diagnostic("S408", message, place, notes=(_later(),))
    missing = _witnesses(verdict.covering)
    if missing:
        message = f'the states of "{name}" leave something out'
        only_unknown = [witness.region for witness in missing] == [f"{name} is unknown"]
        meant, kind = (("not_known", "missing"), "unknown") if only_unknown else (("others", "any_other"), "otherwise")
        added = f", {next((one for one in meant if one not in spans), meant[-1])} = {kind}"
        notes = (*(_where("missing", witness) for witness in missing), Note("try", f"add at its end: {added}"))
        end = Span(place.source, claim.node.span.end, claim.node.span.end)
        yield evolve(_diagnostic("S409", message, place, missing[0], (), *notes), edits=(Edit(end, added),))


def assertion_findings(program: Program, assertion: Assertion, verdict: Verdict) -> Iterator[Diagnostic]:
    """A visitor for whom an assertion is false."""
    node = assertion.node
    message = "this assertion does not hold for everybody"
    for witness in _witnesses(verdict):
        advice = Note("try", against_false(program, assertion))
        where = _where("false where", witness)
        yield _diagnostic(
            "S407", message, node.span, witness, (), *_standing(program, assertion, witness), where, advice
        )
    if isinstance(verdict, Unknown):
        yield _undecided("whether this assertion holds is not decided", node.span, verdict)


def _standing(program: Program, assertion: Assertion, witness: Counterexample) -> Iterator[Note]:
    """In which of the segments that the assertion names the visitor is."""
    named = [program.segments[name] for name in named_at_once(assertion.condition) if name in program.segments]
    context = Context(witness.visitor.now, program.zone)
    within = [one.name for one in named if holds(one.condition, witness.visitor.record, context)]
    without = [one.name for one in named if one.name not in within]
    parts = [f"in {_listed_all(within)}"] if within else []
    parts += [f"not in {_listed_all(without)}"] if without else []
    if parts and witness.region != "true":
        yield Note("why", f"this visitor is {', but '.join(parts)}")


def test_findings(outcome: Outcome) -> Iterator[Diagnostic]:
    """A test visitor who is in other segments than expected."""
    if outcome.passed:
        return
    node = outcome.test.node
    notes = [Note("why", f'"{one.name}" does not hold') for one in outcome.missing]
    notes += [Note("why", f'"{one.name}" holds too') for one in outcome.unexpected]
    holding = [one.name for one in outcome.test.expected if one not in outcome.missing]
    actual = ", ".join([*holding, *(one.name for one in outcome.unexpected)]) or "nothing"
    notes.append(Note("try", f"change the rules, or: expect {actual}"))
    labels = tuple(Label(field.value.span, f"{why}, so it is unknown") for field, why in outcome.unread)
    labels += tuple(Label(one.span, "expected") for one in outcome.missing)
    labels += tuple(Label(one.span, "not expected") for one in outcome.unexpected)
    message = f'the test visitor "{outcome.test.name}" is in other segments than expected'
    place = Span(node.span.source, node.expected[0].span.start, node.expected[-1].span.end)
    yield Diagnostic("S410", message, place, labels=labels, notes=tuple(notes))
