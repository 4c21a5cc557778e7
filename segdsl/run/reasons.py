"""Why one condition holds for a visitor, or does not.

In: a condition and a visitor. Out: a `Reason` for it and for each of its parts. Every one is asked of the reference
evaluator; nothing in here decides anything by itself, and nothing raises.

Which parts *decide*: of a false `and` those that are false, of a true `or` those that are true, otherwise all of them.
Were they the other way round, the answer could be too; the parts that do not decide could change and it would stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, assert_never

from attrs import Factory, define, evolve, frozen

from segdsl.program import expression as ex
from segdsl.program.reference import holds, value_of
from segdsl.values.kinds import Datetime, Kind
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import raw, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from segdsl.operators.operator import Context
    from segdsl.program.schema import Dimension


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
        return {
            "name": self.name,
            "value": raw(self.kind, self.value),
            "known": self.value is not UNKNOWN,
            "note": self.note or None,
        }


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


@define
class Reasons:
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

    def _parts(
        self, operands: tuple[ex.Condition, ...], deciding: bool, truth: bool, choice: bool
    ) -> tuple[Reason, ...]:
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
