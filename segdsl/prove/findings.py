"""Verdicts as diagnostics: what a marketer is told about a claim, with the visitor who shows it and what to change."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from segdsl.program.program import Assertion, Partition, Priority, Program, StatesClaim
from segdsl.program.visitors import Outcome
from segdsl.prove.boundary import Boundary, boundary_of
from segdsl.prove.claims import can_hold
from segdsl.prove.remedies import against_gap, against_overlap, narrowed, one_of, without_brackets
from segdsl.prove.verdict import Counterexample, PartitionVerdict, PriorityVerdict, Proved, Refuted, Unknown, Verdict
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note
from segdsl.text.source import Span


def partition_findings(program: Program, partition: Partition, verdict: PartitionVerdict) -> Iterator[Diagnostic]:
    """What is wrong with a partition."""
    place = _heading(partition.node)
    for witness in _witnesses(verdict.exclusive):
        yield _overlap(program, partition, witness, place)
    for witness in _witnesses(verdict.covering):
        boundary = boundary_of(partition, witness)
        yield _gap(program, partition, witness, place) if boundary is None else _between(boundary, witness)
    for witness in _witnesses(verdict.inside):
        yield _outside(program, partition, witness, place)
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


def _witnesses(verdict: Verdict) -> tuple[Counterexample, ...]:
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
    advice = Note("try", against_overlap(program, partition, first, second))
    return _diagnostic("S401", message, place, witness, labels, _where("both hold where", witness), advice)


def _gap(program: Program, partition: Partition, witness: Counterexample, place: Span) -> Diagnostic:
    message = f'some visitors{_of(partition)} are in no segment of "{partition.name}"'
    advice = Note("try", against_gap(program, partition, witness))
    return _diagnostic("S402", message, place, witness, (), _where("missing", witness), advice)


def _of(partition: Partition) -> str:
    return "" if partition.of is None else f' of "{partition.of.name}"'


def _between(boundary: Boundary, witness: Counterexample) -> Diagnostic:
    """The special case of a gap between `<` and `>` of the same value."""
    value = boundary.value
    message = f"exactly at {boundary.dimension} = {value} nobody is home"
    labels = (Label(boundary.stops, f"stops before {value}"),)
    alone = witness.region == f"{boundary.dimension} == {value}"
    missing = () if alone else (_where("missing", witness),)
    notes = (_visitor(witness), *missing, Note("try", boundary.advice))
    data = {"record": witness.visitor.record, "segments": [], "region": witness.region}
    caret = f"starts after {value}"
    return Diagnostic("S403", message, boundary.starts, caret, labels, notes, boundary.edits, data)


def _outside(program: Program, partition: Partition, witness: Counterexample, place: Span) -> Diagnostic:
    segment = program.segments[witness.segments[0]]
    assert partition.of is not None
    message = f'"{segment.name}" reaches outside "{partition.of.name}", which "{partition.name}" divides'
    labels = (Label(segment.span, "holds"), Label(partition.of.span, "does not hold"))
    advice = Note("try", one_of([narrowed(segment, partition.of.name)]))
    return _diagnostic("S412", message, place, witness, labels, _where("outside where", witness), advice)


def priority_findings(
    program: Program, priority: Priority, verdict: PriorityVerdict, nobody: frozenset[str]
) -> Iterator[Diagnostic]:
    """Members of a priority list that nobody can ever get. `nobody`: segments about which that is said already."""
    for name, wins in verdict.winners.items():
        written = next(one for one in priority.node.members if one.text == name)
        if isinstance(wins, Unknown):
            yield _undecided(f'whether anybody can get "{name}" is not decided', written.span, wins)
        elif isinstance(wins, Proved) and name not in nobody:
            yield _never_wins(program, priority, written)


def _never_wins(program: Program, priority: Priority, written: tree.Name) -> Diagnostic:
    name = written.text
    names = [member.name for member in priority.members]
    earlier = names[: names.index(name)]
    if isinstance(can_hold(program, program.segments[name].condition), Proved):
        notes = (Note("why", f'nobody can ever be in "{name}" itself'), Note("try", "leave it out of the list"))
    else:
        listed = _listed([f'"{one}"' for one in earlier])
        comes, takes = ("comes", "takes") if len(earlier) == 1 else ("come", "take")
        why = f'{listed} {comes} first and already {takes} everybody who is in "{name}"'
        notes = (Note("why", why), Note("try", f"move {name} before {earlier[0]}"))
    return Diagnostic("S405", f'nobody can ever get "{name}"', written.span, notes=notes)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def states_findings(claim: StatesClaim, verdict: PartitionVerdict) -> Iterator[Diagnostic]:
    """States of a dimension that overlap or leave something out."""
    spans = {state.name: state.span for state in claim.states if state.span is not None}
    place = Span(claim.node.span.source, claim.node.span.start, claim.node.dimension.span.end)
    name = claim.dimension.name
    for witness in _witnesses(verdict.exclusive):
        first, second = witness.segments
        labels = (Label(spans[first], "takes in some of the same"),)
        message = f'the states "{first}" and "{second}" of "{name}" overlap'
        advice = Note("try", "let one begin only after the other has ended")
        yield _diagnostic("S408", message, spans[second], witness, labels, _where("both hold where", witness), advice)
    missing = _witnesses(verdict.covering)
    if missing:
        message = f'the states of "{name}" leave something out'
        only_unknown = [witness.region for witness in missing] == [f"{name} is unknown"]
        meant, kind = (("not_known", "missing"), "unknown") if only_unknown else (("others", "any_other"), "otherwise")
        added = f", {next((one for one in meant if one not in spans), meant[-1])} = {kind}"
        notes = (*(_where("missing", witness) for witness in missing), Note("try", f"add at its end: {added}"))
        end = Span(place.source, claim.node.span.end, claim.node.span.end)
        yield evolve(_diagnostic("S409", message, place, missing[0], (), *notes), edits=(Edit(end, added),))


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
