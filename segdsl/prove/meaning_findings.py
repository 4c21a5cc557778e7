"""Conditions that say nothing, as diagnostics: what a marketer is told about each, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from segdsl.operators.comparison import EQUALS
from segdsl.program import expression as ex
from segdsl.program.program import Program, Segment
from segdsl.prove.claims import can_hold
from segdsl.prove.meaning import Extreme, Finding, dimensions_in, extremes
from segdsl.prove.verdict import Proved
from segdsl.text.diagnostic import Diagnostic, Label, Note


def meaning_findings(program: Program, segment: Segment) -> Iterator[Diagnostic]:
    """Parts of a segment's condition that hold for nobody or for everybody, if nothing has been said about them."""
    said = [one.span for one in program.diagnostics if one.code == "S313" and one.span is not None]
    for finding in extremes(program, segment.condition):
        place = finding.part.span or segment.span
        if not any(
            span.source is place.source and place.start <= span.start and span.end <= place.end for span in said
        ):
            yield _described(program, finding, segment)


def _described(program: Program, finding: Finding, segment: Segment) -> Diagnostic:
    part = finding.part
    place = part.span or segment.span
    match finding.extreme:
        case Extreme.NEVER:
            whole = part is segment.condition
            message = f'nobody can ever be in "{segment.name}"' if whole else "this part never holds"
            return Diagnostic("S404", message, place, labels=_declared(part), notes=_why_never(program, part))
        case Extreme.ALWAYS:
            message = "this condition holds for every visitor"
            return Diagnostic("S406", message, place, labels=_declared(part), notes=_why_always(program, part))
        case Extreme.ALMOST_ALWAYS:
            assert isinstance(part, ex.Or)
            message = "this condition holds for almost every visitor"
            why = Note("why", f"whatever {_subjects(part)} is, it is enough that one of these is missing from it")
            fails = Note("fails for", f"{finding.but}, to name one")
            return Diagnostic("S414", message, place, notes=(why, fails, Note("try", 'did you mean "and"?')))
        case _:
            assert_never(finding.extreme)


_CHANGE = "leave it out, or change one of its parts"


def _declared(part: ex.Condition) -> tuple[Label, ...]:
    """Where the dimension of a single test is declared."""
    if isinstance(part, ex.And | ex.Or):
        return ()
    found = list(dict.fromkeys(dimensions_in(part)))
    return tuple(Label(one.span, "declared here") for one in found if one.span is not None and len(found) == 1)


def _why_never(program: Program, part: ex.Condition) -> tuple[Note, ...]:
    if isinstance(part, ex.And):
        why = f"whatever {_subjects(part)} is, the parts never hold together"
        sensible = not isinstance(can_hold(program, ex.Or(part.operands), wanted=False), Proved)
        return (Note("why", why), Note("try", 'did you mean "or"?' if sensible else _CHANGE))
    why = "nothing that it can be passes this test"
    return (Note("why", why), Note("try", "change the test, or what the dimension is declared to be"))


def _why_always(program: Program, part: ex.Condition) -> tuple[Note, ...]:
    if isinstance(part, ex.Or):
        differs = all(_is_different(one) for one in part.operands)
        why = f"whatever {_subjects(part)} is, "
        why += "it differs from at least one of them" if differs else "at least one of the parts holds"
        sensible = not isinstance(can_hold(program, ex.And(part.operands)), Proved)
        return (Note("why", why), Note("try", 'did you mean "and"?' if sensible else _CHANGE))
    why = "everything that it can be passes this test"
    return (Note("why", why), Note("try", "leave it out, or change the test"))


def _is_different(part: ex.Condition) -> bool:
    return isinstance(part, ex.Not) and isinstance(part.operand, ex.Test) and part.operand.operator is EQUALS


def _subjects(part: ex.And | ex.Or) -> str:
    """The dimensions that more than one part reads: those that the parts can disagree about."""
    read = [set(dimensions_in(operand)) for operand in part.operands]
    shared = [one for one in dict.fromkeys(dimensions_in(part)) if sum(one in own for own in read) > 1]
    names = [f'"{one.name}"' for one in shared or dict.fromkeys(dimensions_in(part))]
    return names[0] if len(names) == 1 else " and ".join((", ".join(names[:-1]), names[-1])) if names else "the visitor"
