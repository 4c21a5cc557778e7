"""What is only said when it is asked for (`check --strict`): tests that take in the unknown without a word about it,
and rules that read personal data.

In: a program. Out: diagnostics. A test of something unknown is false, so one that is negated is true: whoever is not
known passes `country != "US"`. It has been thought of where the condition says `is known` or `is unknown`, names a
state for the unknown, or takes in nobody who is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from attrs import frozen

from segdsl.advise.rewritten import asks, with_beside
from segdsl.program import expression as ex
from segdsl.program.program import Program
from segdsl.program.schema import Dimension
from segdsl.prove.claims import can_hold
from segdsl.prove.verdict import Proved
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Label, Note
from segdsl.text.listing import listed
from segdsl.text.source import Span

STRICT = frozenset(("S418", "S419"))
"""The codes of what is said in here."""


def strict_findings(program: Program, without: frozenset[str]) -> Iterator[Diagnostic]:
    """`without`: segments about which something else is to be said first."""
    lets = {one.name.text: one for file in program.files for one in file.statements if isinstance(one, tree.Let)}
    for name, segment in program.segments.items():
        if name in without:
            continue
        rules = _Rules(program, lets, segment.node)
        for silent in _silent(rules, segment.condition):
            yield _described(program, silent)
    yield from _personal(program)


# Tests that take in the unknown


@frozen
class _Rules:
    program: Program
    lets: dict[str, tree.Let]
    owner: tree.Segment | tree.Let


@frozen
class _Silent:
    """A negation that holds where one of these dimensions is unknown, and the statement that it stands in."""

    part: ex.Not
    owner: tree.Segment | tree.Let
    dimensions: tuple[Dimension, ...]


@frozen
class _Negation:
    """A negation, and what is so wherever it matters."""

    part: ex.Not
    owner: tree.Segment | tree.Let
    around: tuple[ex.Condition, ...]


def _silent(rules: _Rules, condition: ex.Condition) -> Iterator[_Silent]:
    spelled = set(_mentioned(condition, frozenset(rules.lets)))
    for one in _negations(rules, condition, (), rules.owner):
        asked = dict.fromkeys(_read_by_negated(one.part.operand, True, frozenset()))
        open_ones = [each for each in asked if each.can_be_unknown and each not in spelled]
        found = tuple(each for each in open_ones if not _is_left_out(rules.program, one, each))
        if found:
            spelled.update(found)  # one answer is enough for all tests of a dimension
            yield _Silent(one.part, one.owner, found)


def _negations(
    rules: _Rules, condition: ex.Condition, around: tuple[ex.Condition, ...], owner: tree.Segment | tree.Let
) -> Iterator[_Negation]:
    """The negations that nothing else negates, those of lets included."""
    match condition:
        case ex.Not(ex.Not(inner)):
            yield from _negations(rules, inner, around, owner)
        case ex.Not():
            yield _Negation(condition, owner, around)
        case ex.And(operands) | ex.Or(operands):
            joint = isinstance(condition, ex.And)
            for operand in operands:
                others = tuple(other if joint else ex.Not(other) for other in operands if other is not operand)
                yield from _negations(rules, operand, (*around, *others), owner)
        case ex.Named(name, inner) if name in rules.lets:
            yield from _negations(rules, inner, around, rules.lets[name])
        case ex.Literal() | ex.Test() | ex.Known() | ex.InState() | ex.Named():
            return
        case _:
            assert_never(condition)


def _read_by_negated(condition: ex.Condition, negated: bool, spelled: frozenset[Dimension]) -> Iterator[Dimension]:
    """The dimensions of tests that are negated, but for those about which a segment in between says what is meant."""
    match condition:
        case ex.Test(subject=subject, operand=operand):
            if negated:
                yield from (one for one in ex.dimensions_of(subject) if one not in spelled)
                yield from (one for one in ex.dimensions_of(operand) if one not in spelled)
        case ex.Not(operand):
            yield from _read_by_negated(operand, not negated, spelled)
        case ex.And(operands) | ex.Or(operands):
            for one in operands:
                yield from _read_by_negated(one, negated, spelled)
        case ex.Named(condition=inner):
            yield from _read_by_negated(inner, negated, spelled | frozenset(_mentioned(inner)))
        case ex.Literal() | ex.Known() | ex.InState():
            return
        case _:
            assert_never(condition)


def _mentioned(condition: ex.Condition, lets: frozenset[str] = frozenset()) -> Iterator[Dimension]:
    """The dimensions of which a condition says what it means where they are unknown."""
    match condition:
        case ex.Known(subject):
            yield from ex.dimensions_of(subject)
        case ex.InState(dimension, state):
            if state.region.unknown:
                yield dimension
        case ex.Not(operand):
            yield from _mentioned(operand, lets)
        case ex.And(operands) | ex.Or(operands):
            for one in operands:
                yield from _mentioned(one, lets)
        case ex.Named(name, inner):
            if name in lets:
                yield from _mentioned(inner, lets)
        case ex.Literal() | ex.Test():
            return
        case _:
            assert_never(condition)


def _is_left_out(program: Program, one: _Negation, dimension: Dimension) -> bool:
    """Whether nobody gets in through a negation of whom a dimension is unknown."""
    near = [other for other in one.around if dimension in ex.dimensions_in(other)]
    simple = isinstance(one.part.operand, ex.Test)
    if not near and simple:
        return False
    if any(isinstance(other, ex.Test) for other in near):
        return True
    around = near if simple else one.around
    return isinstance(can_hold(program, ex.And((*around, one.part, _unknown(dimension)))), Proved)


def _unknown(dimension: Dimension) -> ex.Condition:
    return ex.Not(ex.Known(ex.Read(dimension)))


def _described(program: Program, silent: _Silent) -> Diagnostic:
    place = silent.part.span or silent.owner.name.span
    names = [one.name for one in silent.dimensions]
    what = " or ".join(f'"{name}"' for name in names)
    message = f"this holds too where {what} is unknown"
    why = f'"{silent.owner.name.text}" does not say whether these visitors belong in it'
    labels = tuple(Label(one.span, "can be unknown") for one in silent.dimensions if one.span is not None)
    return Diagnostic("S418", message, place, labels=labels, notes=(Note("why", why), _ways(program, silent, place)))


def _ways(program: Program, silent: _Silent, place: Span) -> Note:
    """The same in so many words; and without those who are unknown."""
    names = [one.name for one in silent.dimensions]
    known = [asks(name, "known", place) for name in names]
    unknown = [asks(name, "unknown", place) for name in names]
    out = with_beside(silent.owner, place, tree.And, known)
    some = ex.Or(tuple(map(_unknown, silent.dimensions))) if len(names) > 1 else _unknown(silent.dimensions[0])
    if isinstance(can_hold(program, ex.And((some, ex.Not(silent.part)))), Proved):
        kept = with_beside(silent.owner, place, tree.Or, unknown)
        return Note("try", f"say that they do, or that they do not\n+ {kept}\n+ {out}")
    return Note("try", f"if they do not, say so\n+ {out}")


# Personal data


def _personal(program: Program) -> Iterator[Diagnostic]:
    rules = [(f'"{one.name}" reads', one.condition, one.span) for one in program.segments.values()]
    rules += [("this assertion reads", one.condition, one.node.span) for one in program.assertions]
    for reads, condition, place in rules:
        read = list(dict.fromkeys(one for one in ex.dimensions_in(condition) if one.personal))
        if not read:
            continue
        labels = tuple(Label(one.span, "declared as personal") for one in read if one.span is not None)
        names = listed([f'"{one.name}"' for one in read])
        advice = "make sure that it may be used for this, or ask about something else"
        yield Diagnostic("S419", f"{reads} personal data: {names}", place, labels=labels, notes=(Note("try", advice),))
