"""Checked expressions: what a condition says once every name is resolved and every kind has been checked.

Terms have values, conditions are true or false. The reference evaluator is a reading of these classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from attrs import field, frozen

from segdsl.operators.operator import Function, Operator
from segdsl.program.schema import Dimension, State
from segdsl.text.source import Span
from segdsl.values.kinds import Datetime, Kind

# Terms


@frozen(cache_hash=True)
class Read:
    """The value of a dimension."""

    dimension: Dimension

    @property
    def kind(self) -> Kind:
        return self.dimension.kind


@frozen
class Constant:
    """A value that is written in the rules, in the form that its operator or function takes."""

    kind: Kind
    value: Any


@frozen
class Now:
    """The instant of the evaluation."""

    @property
    def kind(self) -> Kind:
        return Datetime()


@frozen(cache_hash=True)
class Apply:
    """The value of a function."""

    function: Function
    arguments: tuple[Term, ...]
    kind: Kind


Term = Read | Constant | Now | Apply


def dimensions_of(term: Term) -> tuple[Dimension, ...]:
    """The dimensions that a term reads, in the order met."""
    match term:
        case Read(dimension):
            return (dimension,)
        case Apply(arguments=arguments):
            return tuple(dict.fromkeys(found for argument in arguments for found in dimensions_of(argument)))
        case Constant() | Now():
            return ()
        case _:
            assert_never(term)


def reads_clock(term: Term) -> bool:
    """Whether its value depends on now."""
    match term:
        case Now():
            return True
        case Apply(function=function, arguments=arguments):
            return function.reads_clock or any(map(reads_clock, arguments))
        case Constant() | Read():
            return False
        case _:
            assert_never(term)


# Conditions. `span` is where the condition stands in its file; it has no part in equality.


def _span() -> Any:
    return field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Literal:
    """`true` or `false`."""

    value: bool
    span: Span | None = _span()


@frozen
class Test:
    """An operator between a term and its operand. False when either is unknown."""

    operator: Operator
    subject: Term
    operand: Term
    span: Span | None = _span()


@frozen
class Known:
    """`is known`."""

    subject: Term
    span: Span | None = _span()


@frozen
class InState:
    """`visits is none`."""

    dimension: Dimension
    state: State
    span: Span | None = _span()


@frozen
class Named:
    """A segment or let by its name: holds when its condition does."""

    name: str
    condition: Condition
    span: Span | None = _span()


@frozen
class Not:
    operand: Condition
    span: Span | None = _span()


@frozen
class And:
    operands: tuple[Condition, ...]
    span: Span | None = _span()


@frozen
class Or:
    operands: tuple[Condition, ...]
    span: Span | None = _span()


Condition = Literal | Test | Known | InState | Named | Not | And | Or


def dimensions_in(condition: Condition) -> Iterator[Dimension]:
    """The dimensions that a condition reads, those of the segments that it names included."""
    match condition:
        case Literal():
            return
        case Test(subject=subject, operand=operand):
            yield from dimensions_of(subject)
            yield from dimensions_of(operand)
        case Known(subject):
            yield from dimensions_of(subject)
        case InState(dimension):
            yield dimension
        case Named(condition=inner) | Not(inner):
            yield from dimensions_in(inner)
        case And(operands) | Or(operands):
            for part in operands:
                yield from dimensions_in(part)
        case _:
            assert_never(condition)
