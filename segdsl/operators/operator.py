"""What an operator and a function are: the records that the rest of segdsl reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from attrs import field, frozen

from segdsl.values.kinds import Kind, Number
from segdsl.values.members import MemberTest
from segdsl.values.region import Region
from segdsl.values.words import TextPattern

Requirement = Region | TextPattern | MemberTest
"""Something that a known value has to fulfil."""


class Operand(Enum):
    """What stands on the right of an operator."""

    SAME = auto()
    """A value of the subject's kind, or a term of it."""
    VALUES = auto()
    """A list of values, ranges, or a named set, as a tuple of Intervals."""
    PATTERN = auto()
    """A text in quotes."""
    MEMBER = auto()
    """One member of a set, as a text."""
    MEMBERS = auto()
    """Members of a set, as a frozenset of texts."""
    WINDOW = auto()
    """A length of time, which becomes a pair of moments: after the first, up to and with the second."""
    NOTHING = auto()


@frozen
class Example:
    """A rule that a test runs: with these dimensions and this record, the condition holds or does not."""

    declare: str
    condition: str
    record: dict[str, Any]
    holds: bool
    now: str | None = None


@frozen
class Operator:
    """One test. Two are equal when their names and signatures are.

    `meaning(value, operand)` is the definition, on known values only; reading unknown makes the test false.
    `stands_for(kind, operand)` says the same as requirements that must all be fulfilled.
    """

    name: str
    subjects: tuple[type[Any], ...]
    operand: Operand
    prose: str = field(eq=False, repr=False)
    examples: tuple[Example, ...] = field(eq=False, repr=False)
    meaning: Callable[[Any, Any], bool] = field(eq=False, repr=False)
    stands_for: Callable[[Kind, Any], tuple[Requirement, ...]] = field(eq=False, repr=False)
    signs: frozenset[int] | None = None
    """For comparisons: the outcomes of `compare(left, right)` (-1, 0, 1) for which it holds."""
    negates: str | None = None
    """The operator whose exact opposite this is (`!=` of `==`); `meaning` and `stands_for` are then that one's."""
    infix: bool = True
    """Whether it stands between its operands; otherwise it comes after `is`."""


@frozen
class Context:
    """What an evaluation may know beside the visitor: the instant it happens, and the file's timezone."""

    now: dt.datetime
    zone: dt.tzinfo


@frozen
class Function:
    """One function of values.

    `meaning(context, *values)` gives a value or UNKNOWN. `result(*kinds)` is the kind of what it gives. `total`: known
    arguments always give a known value. `reads_clock`: the value depends on now beside its arguments.
    """

    name: str
    usage: str
    parameters: tuple[tuple[type[Any], ...], ...]
    result: Callable[..., Kind] = field(eq=False, repr=False)
    meaning: Callable[..., Any] = field(eq=False, repr=False)
    prose: str = field(eq=False, repr=False)
    examples: tuple[Example, ...] = field(eq=False, repr=False)
    total: bool = True
    reads_clock: bool = False
    symbol: bool = False
    """Whether it is written between its arguments, as `+` is."""
    public: bool = True
    """Whether a rule file can name it."""
    limits: tuple[Number | None, ...] = ()
    """For each argument the range that one written in the rules has to be in; () is no limits."""
    inverse: Callable[[dt.tzinfo, Region], Region] | None = field(default=None, eq=False, repr=False)
    """For a function of one argument: the arguments whose value lies in a Region, where that is a Region itself."""
