"""Parts of a condition that can be left out: without them it holds for the same visitors.

In: a segment's condition. Out: operands of its `and`s and `or`s that change nothing, each with the other parts that
make it so. A part matters for somebody for whom in an `and` it fails and all others hold, or in an `or` it holds and
all others fail, and whatever stands in an `and` with all of this holds. It is spare when there is nobody like that,
which is one question about the parts. What another branch of an `or` further up takes in anyway is no reason: whoever
lists cases writes each of them in full.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import assert_never

from attrs import Factory, define, frozen

from segdsl.advise.meaning import Sense, anything, is_plain, written
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import lower
from segdsl.program.schema import Dimension
from segdsl.prove.cells import possible_values
from segdsl.prove.claims import Claim
from segdsl.prove.table import Asked
from segdsl.values.kinds import Kind
from segdsl.values.region import Region

MOST_PARTS = 40
"""Of parts that read the same dimensions; where there are more of them, none is called spare."""
QUESTIONS = 4_000
"""About all conditions of a program."""
DEAR = 20
"""Questions that one counts for where it is not answered by the table alone."""
STEPS = 2_000
"""Of one search."""


@frozen
class Wanted:
    """A part of a condition that holds, or one that does not."""

    part: ex.Condition
    holds: bool


@frozen
class Spare:
    """An operand of `node` that changes nothing: wherever it could matter, what is in `because` forbids it."""

    part: ex.Condition
    node: ex.And | ex.Or
    because: tuple[Wanted, ...]


@frozen
class _Candidate:
    """An operand, and what is so for somebody for whom it matters: beside it, and further up."""

    part: ex.Condition
    node: ex.And | ex.Or
    beside: tuple[Wanted, ...]
    above: tuple[Wanted, ...]

    @property
    def itself(self) -> Wanted:
        return Wanted(self.part, isinstance(self.node, ex.Or))


@define(eq=False)
class Spares:
    """What can be spared in the conditions of a program; a part that is written in many of them is looked at once."""

    sense: Sense
    left: int = QUESTIONS
    _none_in: set[str] = Factory(set)

    def of(self, condition: ex.Condition) -> tuple[Spare, ...]:
        """Parts that change nothing, all of which can be left out at a time. The condition must not be an extreme."""
        text = written(condition)
        if text in self._none_in:
            return ()
        found = tuple(self._within(condition))
        if text and not found:
            self._none_in.add(text)
        return found

    def _within(self, condition: ex.Condition) -> Iterator[Spare]:
        """Parts that read the same dimensions are looked at together: there one can say what another one says."""
        match condition:
            case ex.Literal() | ex.Test() | ex.Known() | ex.InState() | ex.Named():
                return
            case ex.Not(operand):
                yield from self.of(operand)
            case ex.And(operands) | ex.Or(operands):
                for group in self._together(operands):
                    if len(group) == 1:
                        yield from self.of(group[0])
                    else:
                        yield from self._in_knot(type(condition)(tuple(group), span=condition.span))
            case _:
                assert_never(condition)

    def _together(self, operands: tuple[ex.Condition, ...]) -> list[list[ex.Condition]]:
        """The operands in groups that have no dimension in common."""
        if not self._meet(operands):
            return [[one] for one in operands]
        group_of: dict[Dimension, list[ex.Condition]] = {}
        groups: list[list[ex.Condition]] = []
        for operand in operands:
            read = self.sense.read_by(operand)
            merged = [group for group in groups if any(group_of.get(one) is group for one in read)]
            group = [*(one for old in merged for one in old), operand]
            groups = [old for old in groups if old not in merged] + [group]
            for part in group:
                group_of.update(dict.fromkeys(self.sense.read_by(part), group))
        order = {id(operand): place for place, operand in enumerate(operands)}
        return [sorted(group, key=lambda one: order[id(one)]) for group in groups]

    def _meet(self, operands: tuple[ex.Condition, ...]) -> bool:
        """Whether two of them read the same dimension."""
        read = [self.sense.read_by(operand) for operand in operands]
        return len(frozenset().union(*read)) < sum(map(len, read))

    def _in_knot(self, knot: ex.And | ex.Or) -> list[Spare]:
        found = [_spare(asking, one) for asking, one in self._asked(knot) if asking.never(_all_of(one))]
        found = [one for one in found if one.because]
        rest: ex.Condition = knot
        kept = found[:1]
        for spare in found[1:]:
            rest = without_part(rest, kept[-1].part)
            still = next(((asking, one) for asking, one in self._asked(rest) if one.part is spare.part), None)
            if still is None or not still[0].never(_all_of(still[1])):
                continue
            kept.append(spare)
        return kept

    def _asked(self, knot: ex.Condition) -> Iterator[tuple[_Asking, _Candidate]]:
        candidates = list(_candidates(knot, ()))
        if len(candidates) > MOST_PARTS or self.left <= 0:
            return
        asking = _Asking.about(self, candidates)
        for one in candidates:
            if not self._is_said_on_purpose(one):
                yield asking, one

    def _is_said_on_purpose(self, one: _Candidate) -> bool:
        """Whether a part says what is meant for the unknown, or names a segment, which may be changed some day."""
        part = one.part
        while isinstance(part, ex.Not):
            part = part.operand
        match part:
            case ex.Known() | ex.Literal():
                return True
            case ex.InState(state=state):
                return state.region.unknown and not state.region.values
            case ex.Named(name):
                return name in self.sense.program.segments and one.part not in [other.part for other in one.beside]
            case _:
                return False


def _spare(asking: _Asking, one: _Candidate) -> Spare:
    """With as few reasons as there can be, the nearest ones."""
    reasons = [*one.above, *one.beside]
    for reason in list(reasons):
        fewer = [other for other in reasons if other is not reason]
        if asking.never([*fewer, one.itself]):
            reasons = fewer
    return Spare(one.part, one.node, tuple(reasons))


def _candidates(condition: ex.Condition, above: tuple[Wanted, ...], wanted: bool = True) -> Iterator[_Candidate]:
    """The operands within a condition, outer ones first, the last of each first. Not `wanted`: within a `not`."""
    if isinstance(condition, ex.Not):
        yield from _candidates(condition.operand, above, not wanted)
    if not isinstance(condition, ex.And | ex.Or):
        return
    joint = isinstance(condition, ex.And)
    beside = [
        tuple(Wanted(other, joint) for other in condition.operands if other is not operand)
        for operand in condition.operands
    ]
    both = list(zip(condition.operands, beside, strict=True))
    for operand, others in reversed(both):
        yield _Candidate(operand, condition, others, above)
    for operand, others in reversed(both):
        yield from _candidates(operand, (*above, *others) if joint is wanted else above, wanted)


def _all_of(one: _Candidate) -> list[Wanted]:
    return [*one.above, *one.beside, one.itself]


@define(eq=False)
class _Asking:
    """Questions about the parts of one condition: of their values, where they are about one term alone."""

    spares: Spares
    values: tuple[Kind, Region] | None
    claim: Claim
    atoms: dict[int, tuple[int, k.Kernel]]

    @classmethod
    def about(cls, spares: Spares, candidates: list[_Candidate]) -> _Asking:
        parts = {id(atom.part): atom.part for one in candidates for wanted in _all_of(one) for atom in _atoms(wanted)}
        zone = spares.sense.program.zone
        kernels = [lower(part, zone) for part in parts.values()]
        claim = Claim.of([("", part, kernel) for part, kernel in zip(parts.values(), kernels, strict=True)], zone)
        atoms = {key: (number, kernels[number]) for number, key in enumerate(parts)}
        terms = {kernel.term for kernel in kernels if is_plain(kernel)}
        if len(terms) == 1 and all(map(is_plain, kernels)):
            (term,) = terms
            return cls(spares, (term.kind, possible_values(term)), claim, atoms)
        return cls(spares, None, claim, atoms)

    def never(self, wanted: list[Wanted]) -> bool:
        """Whether it is certain that nobody is like this."""
        if self.spares.left <= 0:
            return False
        found = [(*self.atoms[id(atom.part)], atom.holds) for one in wanted for atom in _atoms(one)]
        if self.values is not None:
            kind, region = self.values
            for _, kernel, holds in found:
                assert isinstance(kernel, k.Test)
                region = region & kernel.region if holds else region - kernel.region
            return not anything(kind, region)
        self.spares.left -= DEAR if self.claim.certain is None else 1
        asked = Asked(
            tuple(dict.fromkeys(number for number, _, holds in found if holds)),
            tuple(dict.fromkeys(number for number, _, holds in found if not holds)),
        )
        return self.claim.somebody(asked, STEPS) is False


def _atoms(wanted: Wanted) -> Iterator[Wanted]:
    """What is wanted as parts that are no `and` that holds and no `or` that fails."""
    match wanted.part:
        case ex.Not(operand):
            yield from _atoms(Wanted(operand, not wanted.holds))
        case ex.And(operands) if wanted.holds:
            for operand in operands:
                yield from _atoms(Wanted(operand, True))
        case ex.Or(operands) if not wanted.holds:
            for operand in operands:
                yield from _atoms(Wanted(operand, False))
        case _:
            yield wanted


def without_part(condition: ex.Condition, part: ex.Condition) -> ex.Condition:
    """A condition without one of the operands in it; the condition itself when it is not in there."""
    match condition:
        case ex.Not(operand):
            inner = without_part(operand, part)
            return condition if inner is operand else ex.Not(inner, span=condition.span)
        case ex.And(operands) | ex.Or(operands):
            kept = tuple(without_part(operand, part) for operand in operands if operand is not part)
            if len(kept) == len(operands) and all(map(operator.is_, kept, operands)):
                return condition
            return kept[0] if len(kept) == 1 else type(condition)(kept, span=condition.span)
        case _:
            return condition
