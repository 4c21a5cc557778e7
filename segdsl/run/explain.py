"""Why a visitor is in a segment, and why not in another.

In: a program and a visitor. Out: an `Explanation`, which reads well as text and is plain data by `to_dict`. What holds
and what decides comes from `segdsl.run.reasons`; here it is put together and written down. Nothing raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from segdsl.program.program import Partition, Priority, Program, Segment
from segdsl.run.reasons import Reason, Reasons
from segdsl.run.validate import Unread, unread
from segdsl.text.columns import columns_of, harmless
from segdsl.text.errors import SegdslError
from segdsl.text.suggest import nearest

if TYPE_CHECKING:
    from segdsl.operators.operator import Context

WIDEST = 48
"""Columns after which conditions no longer keep the values behind them in line."""


@frozen
class SegmentReason:
    """Whether a visitor is in a segment, and why."""

    name: str
    label: str | None
    reason: Reason

    @property
    def holds(self) -> bool:
        return self.reason.holds

    def __str__(self) -> str:
        title = harmless(f"{self.name} {self.label}" if self.label else self.name)
        rows = list(self.reason.rows())
        lines = [f"{'  ' * depth}  {'✔' if one.holds else '✘'} {harmless(one.title)}" for depth, one in rows]
        inside = [columns_of(line) for line, (_, one) in zip(lines, rows, strict=True) if not one.parts]
        edge = max((columns for columns in inside if columns <= WIDEST), default=0)
        behind = [_behind(one) for _, one in rows]
        shown = [
            line if one.parts else f"{line}{' ' * (edge - columns_of(line))}  {text}".rstrip()
            for line, (_, one), text in zip(lines, rows, behind, strict=True)
        ]
        return "\n".join([f"{title}: {'yes' if self.holds else 'no'}", *shown])

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {"name": self.name, "label": self.label, "holds": self.holds, "reason": self.reason.to_dict()}


def _behind(reason: Reason) -> str:
    arrow = "←" if reason.deciding else " "
    return f"{arrow} {harmless(', '.join(map(str, reason.values)))}"


@frozen
class Assignment:
    """What a partition or priority list gives a visitor: None when nothing. `also`: segments that hold as well."""

    name: str
    label: str | None
    segment: str | None
    title: str
    also: tuple[str, ...]
    members: tuple[str, ...]
    otherwise: bool = False
    """No member holds, and the list says what to give then."""
    of: str | None = None
    """The segment that a partition is about, when the visitor is not in it."""

    def __str__(self) -> str:
        return harmless(f"{self.name}: {self._words()}")

    def _words(self) -> str:
        if self.segment is None:
            return f"nothing, as {self.of} does not hold" if self.of else "nothing, as no segment in it holds"
        if self.otherwise:
            return f"{self.title}, as no segment in it holds"
        return self.title + (f"   ({', '.join(self.also)} would hold too)" if self.also else "")

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "name": self.name,
            "label": self.label,
            "segment": self.segment,
            "also": list(self.also),
            "otherwise": self.otherwise,
        }


@frozen
class Explanation:
    """Why a visitor is in each segment or not, and what each partition and priority list gives it."""

    segments: tuple[SegmentReason, ...]
    assignments: tuple[Assignment, ...]

    def only(self, *names: str) -> Explanation:
        """The same for some segments, in the order asked for, and the lists that hold one of them."""
        found = {one.name: one for one in self.segments}
        for name in names:
            if name not in found:
                near = nearest(name, found)
                advice = f'did you mean "{near}"?' if near else "there are: " + ", ".join(found)
                raise SegdslError(f'there is no segment called "{name}"; {advice}')
        lists = tuple(one for one in self.assignments if set(names) & {*one.members, one.segment})
        return evolve(self, segments=tuple(found[name] for name in names), assignments=lists)

    def __str__(self) -> str:
        given = "\n".join(map(str, self.assignments))
        return "\n\n".join([*([given] if given else []), *map(str, self.segments)])

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "assignments": [one.to_dict() for one in self.assignments],
            "segments": [one.to_dict() for one in self.segments],
        }


def explain_visitor(program: Program, visitor: Any, context: Context) -> Explanation:
    """Why a visitor is in each segment, or not. Never raises, whatever the visitor is."""
    notes = {one.dimension: _note(one) for one in unread(program, visitor)}
    segments = []
    for segment in program.segments.values():
        reason = Reasons(visitor, context, notes).reason(segment.condition, True)
        segments.append(SegmentReason(segment.name, segment.label, reason))
    holding = {one.name for one in segments if one.holds}
    claims: list[Partition | Priority] = [*program.partitions.values(), *program.priorities.values()]
    return Explanation(tuple(segments), tuple(_assignment(program, claim, holding) for claim in claims))


def _note(one: Unread) -> str:
    return "the default" if one.default is not None else "" if one.absent else one.reason


def _assignment(program: Program, claim: Partition | Priority, holding: set[str]) -> Assignment:
    members = tuple(member.name for member in claim.members)
    found = [member for member in claim.members if member.name in holding]
    if isinstance(claim, Priority):
        otherwise = claim.otherwise if not found else None
        segment = found[0].name if found else otherwise
        title = _title(program.segments.get(segment), segment) if segment else ""
        return Assignment(claim.name, claim.label, segment, title, (), members, otherwise=otherwise is not None)
    also = tuple(member.name for member in found[1:])
    segment = found[0].name if found else None
    title = _title(found[0], found[0].name) if found else ""
    outside = claim.of.name if claim.of and claim.of.name not in holding else None
    return Assignment(claim.name, claim.label, segment, title, also, members, of=outside)


def _title(segment: Segment | None, name: str) -> str:
    return f"{name} {segment.label}" if segment and segment.label else name
