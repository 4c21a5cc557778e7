"""Verdicts as diagnostics: what a marketer is told about a claim, with the visitor who shows it and what to change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from segdsl.program import expression as ex
from segdsl.program.program import Assertion, Partition, Priority, Program, Segment, StatesClaim
from segdsl.program.visitors import Outcome
from segdsl.prove.meaning import Extreme, dimensions_in, extremes
from segdsl.prove.verdict import Counterexample, PartitionVerdict, PriorityVerdict, Proved, Refuted, Unknown, Verdict
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Label, Note
from segdsl.text.source import Span
from segdsl.values.kinds import Boolean, Integer, Kind, Number, Text
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import show


def partition_findings(program: Program, partition: Partition, verdict: PartitionVerdict) -> Iterator[Diagnostic]:
    """What is wrong with a partition."""
    place = _heading(partition.node)
    for witness in _witnesses(verdict.exclusive):
        yield _overlap(program, partition, witness, place)
    for witness in _witnesses(verdict.covering):
        yield _boundary(partition, witness) or _gap(program, partition, witness, place)
    for witness in _witnesses(verdict.inside):
        yield _outside(program, partition, witness, place)
    for claim, one in (("exclusive", verdict.exclusive), ("covering", verdict.covering), ("inside", verdict.inside)):
        if isinstance(one, Unknown):
            yield _undecided(f'whether "{partition.name}" is {claim} is not decided', place, one)


def _heading(node: tree.Partition | tree.Priority) -> Span:
    return Span(node.span.source, node.span.start, node.name.span.end)


def _witnesses(verdict: Verdict) -> tuple[Counterexample, ...]:
    return verdict.witnesses if isinstance(verdict, Refuted) else ()


def _undecided(message: str, place: Span, verdict: Unknown) -> Diagnostic:
    advice = "test the case you have in mind with a test statement"
    return Diagnostic("S411", message, place, notes=(Note("why", verdict.reason), Note("try", advice)))


def _visitor(witness: Counterexample) -> Note:
    return Note("visitor", str(witness.visitor))


def _where(topic: str, witness: Counterexample) -> Note:
    share = f"   ({witness.share})" if witness.share else ""
    return Note(topic, "everywhere" if witness.region == "true" else witness.region + share)


def _diagnostic(
    code: str, message: str, place: Span, witness: Counterexample, labels: tuple[Label, ...], *notes: Note
) -> Diagnostic:
    data = {"record": witness.visitor.record, "segments": list(witness.segments), "region": witness.region}
    if witness.visitor.clock:
        data["now"] = witness.visitor.now.isoformat()
    return Diagnostic(code, message, place, labels=labels, notes=(_visitor(witness), *notes), witness=data)


def _overlap(program: Program, partition: Partition, witness: Counterexample, place: Span) -> Diagnostic:
    first, second = (program.segments[name] for name in witness.segments)
    labels = (Label(first.span, "holds"), Label(second.span, "also holds"))
    message = f'"{first.name}" and "{second.name}" overlap, but "{partition.name}" says that they never do'
    members = ", ".join(member.name for member in partition.members)
    advice = (
        f'add "and not {first.name}" to {second.name}, or let the first match win: priority {partition.name}: {members}'
    )
    return _diagnostic("S401", message, place, witness, labels, _where("both hold where", witness), Note("try", advice))


def _gap(program: Program, partition: Partition, witness: Counterexample, place: Span) -> Diagnostic:
    of = f' of "{partition.of.name}"' if partition.of is not None else ""
    message = f'some visitors{of} are in no segment of "{partition.name}"'
    advice = Note("try", _gap_advice(program, partition, witness))
    return _diagnostic("S402", message, place, witness, (), _where("missing", witness), advice)


def _gap_advice(program: Program, partition: Partition, witness: Counterexample) -> str:
    """Two ways out where only unknown is missing; otherwise a segment for the missing ones."""
    unknown = [one for one, value in witness.visitor.values.items() if value is UNKNOWN]
    if not partition.members:
        return f"name the segments: partition {partition.name}: A, B"
    last = partition.members[-1]
    region = witness.region
    if len(unknown) == 1 and region == f"{unknown[0].name} is unknown" and unknown[0].name in program.dimensions:
        node = next(one for one in _dimension_nodes(program) if one.name.text == unknown[0].name)
        written = " ".join(node.span.text.split())
        default = _plain_default(unknown[0].kind)
        ways = [f"{written} default {default}"] if default else [f"{written} required"]
        return "one of\n" + "\n".join(f"+ {way}" for way in [*ways, _widened(last, region)])
    return "one of\n" + "\n".join(f"+ {way}" for way in (_widened(last, region), f"segment others: {region}"))


def _widened(segment: Segment, region: str) -> str:
    node = segment.node
    head = " ".join(Span(node.span.source, node.span.start, node.condition.span.start).text.split())
    condition = " ".join(node.condition.span.text.split())
    extra = f"({region})" if " and " in region or " or " in region else region
    if isinstance(node.condition, tree.And):
        condition = f"({condition})"
    return f"{head} {condition} or {extra}"


def _dimension_nodes(program: Program) -> Iterator[tree.Dimension]:
    for file in program.files:
        for statement in file.statements:
            if isinstance(statement, tree.Dimension):
                yield statement


def _plain_default(kind: Kind) -> str:
    match kind:
        case Integer() | Number():
            return "0" if (kind.low is None or kind.low[0] <= 0) and (kind.high is None or kind.high[0] > 0) else ""
        case Boolean():
            return "false"
        case Text(choices=None):
            return '""'
        case _:
            return ""


def _boundary(partition: Partition, witness: Counterexample) -> Diagnostic | None:
    """The special case of a gap between `<` and `>` of the same value."""
    if witness.boundary is None:
        return None
    name, value = witness.boundary
    below = next(_comparisons(partition, name, value, ("<", "before")), None)
    above = next(_comparisons(partition, name, value, (">", "after")), None)
    if below is None or above is None or below.span is None or above.span is None:
        return None
    kind = above.subject.kind
    written = show(kind, value)
    message = f"exactly at {name} = {written} nobody is home"
    labels = (Label(_sign(below), f"stops before {written}"),)
    advice = Note("try", f"{name} >= {written}")
    place = _sign(above)
    return Diagnostic(
        "S403",
        message,
        place,
        caret=f"starts after {written}",
        labels=labels,
        notes=(_visitor(witness), advice),
        witness={"record": witness.visitor.record, "segments": [], "region": witness.region},
    )


def _comparisons(partition: Partition, name: str, value: object, signs: tuple[str, ...]) -> Iterator[ex.Test]:
    for member in partition.members:
        for test in _tests(member.condition):
            read = isinstance(test.subject, ex.Read) and test.subject.dimension.name == name
            constant = isinstance(test.operand, ex.Constant) and test.operand.value == value
            if read and constant and test.operator.name in signs:
                yield test


def _tests(condition: ex.Condition) -> Iterator[ex.Test]:
    match condition:
        case ex.Test():
            yield condition
        case ex.And(operands) | ex.Or(operands):
            for operand in operands:
                yield from _tests(operand)
        case _:
            return


def _sign(test: ex.Test) -> Span:
    """Where the comparison's sign stands."""
    assert test.span is not None
    name = test.operator.name
    found = test.span.text.find(name)
    start = test.span.start + max(found, 0)
    return Span(test.span.source, start, start + len(name)) if found >= 0 else test.span


def _outside(program: Program, partition: Partition, witness: Counterexample, place: Span) -> Diagnostic:
    segment = program.segments[witness.segments[0]]
    assert partition.of is not None
    message = f'"{segment.name}" reaches outside "{partition.of.name}", which "{partition.name}" divides'
    labels = (Label(segment.span, "holds"), Label(partition.of.span, "does not hold"))
    advice = Note("try", f'add "and {partition.of.name}" to {segment.name}')
    return _diagnostic("S412", message, place, witness, labels, _where("outside where", witness), advice)


def priority_findings(program: Program, priority: Priority, verdict: PriorityVerdict) -> Iterator[Diagnostic]:
    """Members of a priority list that nobody can ever get."""
    place = _heading(priority.node)
    for name, wins in verdict.winners.items():
        segment = program.segments[name]
        written = next(one for one in priority.node.members if one.text == name)
        if isinstance(wins, Unknown):
            yield _undecided(f'whether anybody can get "{name}" is not decided', written.span, wins)
        elif isinstance(wins, Proved):
            earlier = [member.name for member in priority.members[: priority.members.index(segment)]]
            names = ", ".join(f'"{one}"' for one in earlier)
            ending = "s" if len(earlier) == 1 else ""
            why = f"{names} come{ending} first in this list and already take{ending} everybody in it"
            notes = (
                Note("why", why if earlier else "its own condition holds for nobody"),
                Note("try", f"move {name} further up"),
            )
            yield Diagnostic(
                "S405",
                f'nobody can ever get "{name}"',
                written.span,
                labels=(Label(place, "in this list"),),
                notes=notes,
            )


def states_findings(claim: StatesClaim, verdict: PartitionVerdict) -> Iterator[Diagnostic]:
    """States of a dimension that overlap or leave something out."""
    spans = {state.name: state.span for state in claim.states if state.span is not None}
    place = Span(claim.node.span.source, claim.node.span.start, claim.node.dimension.span.end)
    name = claim.dimension.name
    for witness in _witnesses(verdict.exclusive):
        first, second = witness.segments
        labels = (Label(spans[first], "holds"),)
        message = f'the states "{first}" and "{second}" of "{name}" overlap'
        advice = Note("try", "let one begin where the other ends")
        yield _diagnostic("S408", message, spans[second], witness, labels, _where("both hold where", witness), advice)
    for witness in _witnesses(verdict.covering):
        message = f'the states of "{name}" leave something out'
        only_unknown = witness.region == f"{name} is unknown"
        advice = Note("try", f"add: {'not_known = unknown' if only_unknown else 'others = otherwise'}")
        yield _diagnostic("S409", message, place, witness, (), _where("missing", witness), advice)


def assertion_findings(assertion: Assertion, verdict: Verdict) -> Iterator[Diagnostic]:
    """A visitor for whom an assertion is false."""
    node = assertion.node
    for witness in _witnesses(verdict):
        advice = Note("try", "change the rules, or say less in the assertion")
        yield _diagnostic(
            "S407",
            "this assertion does not hold for everybody",
            node.span,
            witness,
            (),
            _where("false where", witness),
            advice,
        )
    if isinstance(verdict, Unknown):
        yield _undecided("whether this assertion holds is not decided", node.span, verdict)


def meaning_findings(program: Program, segment: Segment) -> Iterator[Diagnostic]:
    """Parts of a segment's condition that hold for nobody or for everybody."""
    for finding in extremes(program, segment.condition):
        part = finding.part
        place = part.span or segment.span
        whole = part is segment.condition
        match finding.extreme:
            case Extreme.NEVER:
                message = f'nobody can ever be in "{segment.name}"' if whole else "this part never holds"
                yield Diagnostic("S404", message, place, notes=_why_never(part))
            case Extreme.ALWAYS:
                yield Diagnostic("S406", "this condition holds for every visitor", place, notes=_why_always(part))
            case Extreme.ALMOST_ALWAYS:
                assert isinstance(part, ex.Or)
                message = "this condition holds for almost every visitor"
                why = Note("why", f"whatever {_subjects(part)} is, it is enough that one of these is missing from it")
                fails = Note("fails only for", str(finding.but))
                yield Diagnostic("S414", message, place, notes=(why, fails, Note("try", 'did you mean "and"?')))
            case _:
                assert_never(finding.extreme)


def _why_never(part: ex.Condition) -> tuple[Note, ...]:
    if isinstance(part, ex.And):
        names = _subjects(part)
        why = f"whatever {names} is, the parts never hold together"
        return (Note("why", why), Note("try", 'did you mean "or"?'))
    return (Note("why", "no value that it can have passes"), Note("try", "check the value, or the declared values"))


def _why_always(part: ex.Condition) -> tuple[Note, ...]:
    if isinstance(part, ex.Or):
        names = _subjects(part)
        differs = all(isinstance(one, ex.Not) for one in part.operands)
        why = f"whatever {names} is, "
        why += "it differs from at least one of them" if differs else "at least one of the parts holds"
        return (Note("why", why), Note("try", 'did you mean "and"?'))
    return (Note("why", "every value that it can have passes"), Note("try", "leave it out, or check the value"))


def _subjects(part: ex.And | ex.Or) -> str:
    """The dimensions that more than one part reads: those that the parts can disagree about."""
    read = [set(dimensions_in(operand)) for operand in part.operands]
    shared = [one for one in dict.fromkeys(dimensions_in(part)) if sum(one in own for own in read) > 1]
    names = [one.name for one in shared or dict.fromkeys(dimensions_in(part))]
    return names[0] if len(names) == 1 else " and ".join((", ".join(names[:-1]), names[-1])) if names else "the visitor"


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
    labels = tuple(Label(one.span, "expected") for one in outcome.missing)
    labels += tuple(Label(one.span, "not expected") for one in outcome.unexpected)
    message = f'the test visitor "{outcome.test.name}" is in other segments than expected'
    place = Span(node.span.source, node.expected[0].span.start, node.expected[-1].span.end)
    yield Diagnostic("S410", message, place, labels=labels, notes=tuple(notes))
