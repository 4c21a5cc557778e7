"""Why a visitor is in a segment, and why not in another.

In: a program and a visitor. Out: an `Explanation`, which reads well as text and is plain data by `to_dict`. Every
condition is asked of the reference evaluator; nothing in here decides anything by itself, and nothing raises.

Which parts *decide*: of a false `and` those that are false, of a true `or` those that are true, otherwise all of them.
Were they the other way round, the answer could be too; the parts that do not decide could change and it would stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, assert_never

from attrs import Factory, define, evolve, frozen

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.program import Partition, Priority, Program, Segment
from segdsl.program.reference import holds, value_of
from segdsl.program.schema import Dimension
from segdsl.run.validate import Unread, unread
from segdsl.text.errors import SegdslError
from segdsl.text.render import columns_of, harmless
from segdsl.text.suggest import nearest
from segdsl.values.kinds import Datetime, Kind
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import raw, show

WIDEST = 48
"""Columns after which conditions no longer keep the values behind them in line."""


@frozen
class Seen:
    """A value that a condition looked at. `note` is why it is unknown, or that a default stands in."""

    name: str
    kind: Kind
    value: Any
    note: str = ""
    computed: bool = False
    """It is what the rule makes of the dimensions, not one of them."""

    def __str__(self) -> str:
        shown = show(self.kind, self.value)
        if self.computed:
            return f"which makes {shown}"
        return f"{self.name}: {shown}" + (f" ({self.note})" if self.note else "")

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {"name": self.name, "value": raw(self.kind, self.value), "known": self.value is not UNKNOWN, "note": self.note or None}


@frozen
class Reason:
    """A condition, whether it holds, and what it is made of. `text` is how the file writes it."""

    text: str
    title: str
    holds: bool
    deciding: bool
    values: tuple[Seen, ...] = ()
    parts: tuple[Reason, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "condition": self.text,
            "holds": self.holds,
            "deciding": self.deciding,
            "values": [value.to_dict() for value in self.values],
            "parts": [part.to_dict() for part in self.parts],
        }

    def rows(self, depth: int = 0) -> Iterator[tuple[int, Reason]]:
        """It and all that it is made of, each with how deep it lies."""
        yield depth, self
        for part in self.parts:
            yield from part.rows(depth + 1)


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
        return {"name": self.name, "label": self.label, "segment": self.segment, "also": list(self.also), "otherwise": self.otherwise}


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
        reason = _Reasons(visitor, context, notes).reason(segment.condition, True)
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


@define
class _Reasons:
    """The reasons within one segment. A name that stands there twice is opened once, or files could explode."""

    visitor: Any
    context: Context
    notes: dict[str, str]
    _opened: set[tuple[str, bool]] = Factory(set)

    def reason(self, condition: ex.Condition, deciding: bool) -> Reason:
        """A condition with all that it is made of."""
        truth = holds(condition, self.visitor, self.context)
        text = _text(condition)
        match condition:
            case ex.And(operands):
                parts = self._parts(operands, deciding, truth, False)
                return Reason(text, "all of these:", truth, deciding, parts=parts)
            case ex.Or(operands):
                parts = self._parts(operands, deciding, truth, True)
                return Reason(text, "at least one of these:", truth, deciding, parts=parts)
            case ex.Not(ex.Named(name, inner)):
                return Reason(text, text, truth, deciding, parts=self._opened_once(name, inner, deciding))
            case ex.Not(operand) if not _is_test(operand):
                return Reason(text, "not this:", truth, deciding, parts=(self.reason(operand, deciding),))
            case ex.Named(name, inner):
                return _joined(Reason(text, name, truth, deciding, parts=self._opened_once(name, inner, deciding)))
            case ex.Literal() | ex.Test() | ex.Known() | ex.InState() | ex.Not():
                return Reason(text, text, truth, deciding, values=tuple(self._values(condition)))
            case _:
                assert_never(condition)

    def _opened_once(self, name: str, condition: ex.Condition, deciding: bool) -> tuple[Reason, ...]:
        """What a name stands for; nothing where that stands further up already."""
        if (name, deciding) in self._opened:
            return ()
        self._opened.add((name, deciding))
        return (self.reason(condition, deciding),)

    def _parts(self, operands: tuple[ex.Condition, ...], deciding: bool, truth: bool, choice: bool) -> tuple[Reason, ...]:
        """Where all have to hold one that does not decides, and where one is enough one that does."""
        found = []
        for operand in operands:
            decides = truth is not choice or holds(operand, self.visitor, self.context) is choice
            found.append(self.reason(operand, deciding and decides))
        return tuple(found)

    def _values(self, condition: ex.Condition) -> Iterator[Seen]:
        match condition:
            case ex.Literal():
                return
            case ex.Not(operand):
                yield from self._values(operand)
            case ex.InState(dimension):
                yield self._seen(dimension)
            case ex.Known(subject):
                yield from self._of_terms(subject)
            case ex.Test(subject=subject, operand=operand):
                yield from self._of_terms(subject, operand)
            case ex.Named() | ex.And() | ex.Or():
                raise AssertionError("these have parts")
            case _:
                assert_never(condition)

    def _of_terms(self, *terms: ex.Term) -> Iterator[Seen]:
        for dimension in dict.fromkeys(found for term in terms for found in ex.dimensions_of(term)):
            yield self._seen(dimension)
        if any(map(ex.reads_clock, terms)):
            yield Seen("now", Datetime(), self.context.now)
        if isinstance(terms[0], ex.Apply):
            value = value_of(terms[0], self.visitor, self.context)
            yield Seen("", terms[0].kind, value, computed=True)

    def _seen(self, dimension: Dimension) -> Seen:
        value = value_of(ex.Read(dimension), self.visitor, self.context)
        return Seen(dimension.name, dimension.kind, value, self.notes.get(dimension.name, ""))


def _joined(named: Reason) -> Reason:
    """A name and the heading of what it stands for on one line."""
    if not named.parts:
        return evolve(named, title=f"{named.title} (as above)")
    inner = named.parts[0]
    return evolve(named, title=f"{named.title}, {inner.title}", parts=inner.parts) if inner.parts else named


def _is_test(condition: ex.Condition) -> bool:
    """Whether it is one test, perhaps negated, so that one line says all of it."""
    match condition:
        case ex.Not(operand):
            return _is_test(operand)
        case ex.Named() | ex.And() | ex.Or():
            return False
        case ex.Literal() | ex.Test() | ex.Known() | ex.InState():
            return True
        case _:
            assert_never(condition)


_PIECE = re.compile(r'"(?:\\.|[^"\\])*"|#[^\n]*|\s+|[^"#\s]+|.', re.DOTALL)


def _text(condition: ex.Condition) -> str:
    """A condition as its file writes it, on one line and without comments; in words where it stands in no file."""
    if condition.span is None:
        return _words(condition)
    kept: list[str] = []
    for piece in _PIECE.findall(condition.span.text):
        if not (piece.isspace() or piece.startswith("#")):
            kept.append(piece)
        elif kept and kept[-1] != " ":
            kept.append(" ")
    return "".join(kept).strip()


def _words(condition: ex.Condition) -> str:
    match condition:
        case ex.Literal(value):
            return "true" if value else "false"
        case ex.Test(operator, subject):
            return f"{_names(subject)} {operator.name}" + (" …" if operator.infix else "")
        case ex.Known(subject):
            return f"{_names(subject)} is known"
        case ex.InState(dimension, state):
            return f"{dimension.name} is {state.name}"
        case ex.Named(name):
            return name
        case ex.Not(operand):
            return f"not ({_words(operand)})"
        case ex.And(operands):
            return " and ".join(f"({_words(operand)})" for operand in operands)
        case ex.Or(operands):
            return " or ".join(f"({_words(operand)})" for operand in operands)
        case _:
            assert_never(condition)


def _names(term: ex.Term) -> str:
    """The dimensions of a term that stands in no file."""
    return ", ".join(dimension.name for dimension in ex.dimensions_of(term)) or "now"
