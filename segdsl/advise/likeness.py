"""Segments that hold for the same visitors, segments within others, and partitions that cut in the same way.

In: a program. Out: a `Likeness`. What it says is proved; what would take too long to find out is not in it. Rows side
by side in a table tell at once which segments take all of a few places of another one; only those are asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import Factory, define, frozen

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.program import Partition, Program, Segment
from segdsl.program.reference import holds
from segdsl.prove.boxes import Corner, numbers
from segdsl.prove.claims import Claim, can_hold, implies
from segdsl.prove.decide import Question
from segdsl.prove.moments import moves
from segdsl.prove.search import Budget, OutOfSteps
from segdsl.prove.table import Asked
from segdsl.prove.verdict import PartitionVerdict, Proved, Refuted

PLACES = 6
"""Places of each row that are tried before a question is asked."""
QUESTIONS = 2_000
"""About pairs of segments."""
STEPS = 2_000
"""Of one search."""
MOST_PAIRED = 60
"""Segments of which every pair that meets is asked about, where single places tell nothing."""
MOST_MOVING = 30
"""Segments that move with now, which are asked about at many instants."""
MOVING_QUESTIONS = 60
"""About pairs of which one moves with now."""


@frozen
class SameCut:
    """Two partitions of the same visitors, with the members that have the same ones."""

    first: Partition
    second: Partition
    members: tuple[tuple[str, str], ...]


@frozen
class Likeness:
    """Names of segments. `equal`: groups of those that hold for the same visitors.

    `within`: for each segment the narrowest others that everybody in it is in too.
    """

    equal: tuple[tuple[str, ...], ...] = ()
    within: Mapping[str, tuple[str, ...]] = Factory(dict)
    same_cuts: tuple[SameCut, ...] = ()


def likeness(program: Program, without: frozenset[str], verdicts: Mapping[str, PartitionVerdict]) -> Likeness:
    """What is alike in a program. `without`: segments that hold for nobody or for everybody."""
    segments = [
        one
        for name, one in program.segments.items()
        if name not in without and not isinstance(one.condition, ex.Literal)
    ]
    wider = _wider(program, segments)
    kind: dict[int, int] = {}
    """For each segment the first one that is equal to it."""
    for number in range(len(segments)):
        same = (other for other in sorted(wider[number]) if other < number and number in wider[other])
        kind[number] = next(same, number)
    groups: dict[int, list[str]] = {}
    for number, first in kind.items():
        groups.setdefault(first, []).append(segments[number].name)
    names = {segments[number].name: segments[first].name for number, first in kind.items()}
    return Likeness(
        tuple(tuple(group) for group in groups.values() if len(group) > 1),
        _nearest(segments, wider, kind),
        tuple(_same_cuts(program, names, verdicts)),
    )


def _nearest(
    segments: Sequence[Segment], wider: Sequence[set[int]], kind: Mapping[int, int]
) -> dict[str, tuple[str, ...]]:
    own = {first: {kind[other] for other in wider[first]} - {first} for first in set(kind.values())}
    found = {}
    for first, others in sorted(own.items()):
        nearest = [other for other in sorted(others) if not any(other in own[between] for between in others)]
        if nearest:
            found[segments[first].name] = tuple(segments[other].name for other in nearest)
    return found


def _same_cuts(
    program: Program, kind: Mapping[str, str], verdicts: Mapping[str, PartitionVerdict]
) -> Iterator[SameCut]:
    """Partitions that are proved, each with the first that cuts in the same way."""
    seen: dict[tuple[str | None, frozenset[str]], Partition] = {}
    for name, partition in program.partitions.items():
        verdict = verdicts[name]
        members = {kind[one.name]: one.name for one in partition.members if one.name in kind}
        proved = all(isinstance(one, Proved) for one in (verdict.exclusive, verdict.covering, verdict.inside))
        if not proved or len(members) < 2:
            continue
        whole = None if partition.of is None else kind.get(partition.of.name, partition.of.name)
        first = seen.setdefault((whole, frozenset(members)), partition)
        if first is not partition:
            theirs = {kind[one.name]: one.name for one in first.members if one.name in kind}
            yield SameCut(first, partition, tuple((theirs[one], members[one]) for one in theirs))


# Which segments take all of which


def _wider(program: Program, segments: Sequence[Segment]) -> list[set[int]]:
    """For each segment others that everybody in it is in too; none for one that nobody is in."""
    wider: list[set[int]] = [set() for _ in segments]
    moving: list[int] = []
    claim = Claim.about(segments, program.zone)
    if claim.only is None:
        moving = [number for number, one in enumerate(segments) if moves(k.distinct_leaves([one.kernel]))]
    still = [number for number in range(len(segments)) if number not in set(moving)]
    if moving:
        claim = Claim.about([segments[number] for number in still], program.zone)
    if len(still) > 1 and claim.only is not None:
        for number, others in _Standing(claim.only).wider():
            wider[still[number]] = {still[other] for other in others}
    if moving:
        _add_moving(program, segments, moving, wider)
    return wider


@define(eq=False)
class _Standing:
    """Segments that do not move with now, as formulas of one question."""

    question: Question
    left: int = QUESTIONS

    def wider(self) -> Iterator[tuple[int, set[int]]]:
        table = self.question.table
        paired = not table.plain and len(table.rows) <= MOST_PAIRED
        for number, rows in enumerate(table.rows):
            if rows == () or (paired and not self._somebody(Asked((number,)))):
                continue
            flat = rows is not None and not any(row.without for row in rows)
            whole = self._in_all(row.corner for row in rows or ()) if flat else 0
            candidates = whole
            if table.plain:
                candidates = self._in_all(place for row in rows or () for place in self._places(row.corner))
            elif paired:
                candidates = table.meeting(number)
            sure = {other for other in self._formulas(whole) if not any(row.without for row in table.rows[other] or ())}
            others = (other for other in self._formulas(candidates) if other != number)
            yield number, {one for one in others if one in sure or not self._somebody(Asked((number,), (one,)))}

    def _in_all(self, corners: Iterable[Corner]) -> int:
        """The formulas that have a row around each of some boxes, by the free numbers behind their rows."""
        table = self.question.table
        taking = table.ends
        for corner in corners:
            taking &= (table.boxes.containing(corner) & table.all_rows) + table.all_rows
            if not taking & taking - 1:  # the formula itself at most
                break
        return taking

    def _formulas(self, ends: int) -> list[int]:
        return [(self.question.table.ends & (1 << end) - 1).bit_count() for end in numbers(ends)]

    def _places(self, corner: Corner) -> Iterator[Corner]:
        """Single places of a box."""
        everywhere = self._everywhere
        own = {variable: list(numbers(cells)) for variable, cells in corner.items()}
        for place, all_over in enumerate(everywhere):
            yield {**all_over, **{variable: 1 << cells[place % len(cells)] for variable, cells in own.items()}}

    @cached_property
    def _everywhere(self) -> list[dict[int, int]]:
        full = self.question.table.full
        cells = {variable: full[variable].bit_count() for variable in self.question.table.boxes.variables}
        return [{variable: 1 << place % number for variable, number in cells.items()} for place in range(PLACES)]

    def _somebody(self, asked: Asked) -> bool:
        """Whether there may be somebody for whom it is so."""
        self.left -= 1
        if self.left < 0:
            return True
        try:
            return next(self.question.places(asked, Budget(STEPS)), None) is not None
        except OutOfSteps:
            return True


def _add_moving(program: Program, segments: Sequence[Segment], moving: list[int], wider: list[set[int]]) -> None:
    same: dict[k.Kernel, list[int]] = {}
    for number in moving:
        same.setdefault(segments[number].kernel, []).append(number)
    for group in same.values():
        for number in group:
            wider[number].update(other for other in group if other != number)
    if len(moving) > MOST_MOVING:
        return
    left = MOVING_QUESTIONS
    for number in moving:
        own = segments[number]
        verdict = can_hold(program, own.condition)
        if not isinstance(verdict, Refuted):
            wider[number].clear()
            continue
        visitor, read = verdict.witness.visitor, set(ex.dimensions_in(own.condition))
        context = Context(visitor.now, program.zone)
        for other, segment in enumerate(segments):
            apart = read.isdisjoint(ex.dimensions_in(segment.condition))
            if apart or other == number or other in wider[number] or not left:
                continue
            if holds(segment.condition, visitor.record, context):
                left -= 1
                if isinstance(implies(program, own.condition, segment.condition), Proved):
                    wider[number].add(other)
                    if other not in moving and isinstance(implies(program, segment.condition, own.condition), Proved):
                        wider[other].add(number)
