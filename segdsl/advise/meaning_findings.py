"""Conditions that say nothing, as diagnostics: what a marketer is told about each, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from segdsl.advise.meaning import Extreme, Finding, Sense
from segdsl.advise.remedies import one_line
from segdsl.advise.rewritten import without
from segdsl.advise.spare import Spare, Spares
from segdsl.operators.comparison import EQUALS
from segdsl.program import expression as ex
from segdsl.program.program import Program, Segment
from segdsl.prove.claims import can_hold
from segdsl.prove.verdict import Proved
from segdsl.text.diagnostic import Diagnostic, Label, Note
from segdsl.text.listing import listed


def meaning_findings(sense: Sense, spares: Spares, segment: Segment) -> Iterator[Diagnostic]:
    """Parts of a segment's condition that hold for nobody or for everybody, if nothing has been said about them.

    Where there are none, those that change nothing.
    """
    program = sense.program
    said = [one.span for one in program.diagnostics if one.code == "S313" and one.span is not None]
    extremes = sense.extremes(segment.condition)
    if not extremes:
        yield from spare_findings(spares, segment)
    for finding in extremes:
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
    found = list(dict.fromkeys(ex.dimensions_in(part)))
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
    read = [set(ex.dimensions_in(operand)) for operand in part.operands]
    shared = [one for one in dict.fromkeys(ex.dimensions_in(part)) if sum(one in own for own in read) > 1]
    names = [f'"{one.name}"' for one in shared or dict.fromkeys(ex.dimensions_in(part))]
    return listed(names) or "the visitor"


# Parts that change nothing


def spare_findings(spares: Spares, segment: Segment) -> Iterator[Diagnostic]:
    """Parts of a segment's condition that can be left out. Nothing else must be wrong with the condition."""
    for spare in spares.of(segment.condition):
        place = spare.part.span
        if place is None:
            continue
        says = "this says it already" if isinstance(spare.node, ex.And) else "this takes them in already"
        says = says if len(spare.because) == 1 and _is_beside(spare) else "because of this"
        labels = tuple(Label(one.part.span, says) for one in spare.because if one.part.span is not None)
        notes = (Note("why", _why_spare(spare)), Note("try", f"leave it out\n+ {without(segment.node, place)}"))
        message = f'this part of "{segment.name}" changes nothing'
        yield Diagnostic("S415", message, place, labels=labels, notes=notes)


def _is_beside(spare: Spare) -> bool:
    """Whether it says the same as its neighbours do, rather than something that cannot be where it would matter."""
    return all(one.holds is isinstance(spare.node, ex.And) for one in spare.because)


def _why_spare(spare: Spare) -> str:
    held = [_short(one.part) for one in spare.because if one.holds]
    failing = [_short(one.part) for one in spare.because if not one.holds]
    if isinstance(spare.node, ex.And):
        passes = f"passes {' and '.join(held)}" if held else ""
        fails = f"does not pass {' or '.join(failing)}" if failing else ""
        return f"whoever {' and '.join(filter(None, (passes, fails)))} passes this part too"
    both = " and ".join(["this part", *held]) if failing else " and ".join(held)
    if failing:
        return f"whoever passes {both} passes {' or '.join(failing)} too"
    return f"whoever passes {both} does not pass this part"


_LONGEST = 60


def _short(part: ex.Condition) -> str:
    text = "" if part.span is None else one_line(part.span.text)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"({text})" if isinstance(part, ex.And | ex.Or) else text
