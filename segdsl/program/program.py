"""A checked rule file: its dimensions, segments, claims and test visitors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from segdsl.program.expression import Condition
from segdsl.program.kernel import Kernel
from segdsl.program.schema import Dimension, State
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic
from segdsl.text.source import Span


@frozen(eq=False)
class Segment:
    """A segment, with its condition both as written and lowered."""

    name: str
    label: str | None
    condition: Condition
    kernel: Kernel
    payload: Mapping[str, Any]
    node: tree.Segment

    @property
    def span(self) -> Span:
        """Where its name stands."""
        return self.node.name.span


@frozen(eq=False)
class Partition:
    """The claim that exactly one member holds for every visitor (of the segment `of`)."""

    name: str
    label: str | None
    of: Segment | None
    members: tuple[Segment, ...]
    node: tree.Partition


@frozen(eq=False)
class Priority:
    """First match wins. `otherwise` is the answer when none does; None when there is none."""

    name: str
    label: str | None
    members: tuple[Segment, ...]
    otherwise: str | None
    node: tree.Priority


@frozen(eq=False)
class StatesClaim:
    """The claim that the states of a dimension are exclusive and cover it."""

    dimension: Dimension
    states: tuple[State, ...]
    node: tree.States


@frozen(eq=False)
class Assertion:
    """The claim that a condition holds for every visitor."""

    condition: Condition
    kernel: Kernel
    node: tree.Assertion


@frozen(eq=False)
class TestVisitor:
    """An example visitor, and the segments that should hold: no others of this file do."""

    name: str
    record: Mapping[str, Any]
    now: dt.datetime | None
    expected: tuple[Segment, ...]
    node: tree.Test


@frozen(eq=False)
class Program:
    """Everything that a rule file declares. Names map in file order, those of used files first."""

    dimensions: Mapping[str, Dimension]
    states: Mapping[Dimension, StatesClaim]
    segments: Mapping[str, Segment]
    partitions: Mapping[str, Partition]
    priorities: Mapping[str, Priority]
    assertions: tuple[Assertion, ...]
    tests: tuple[TestVisitor, ...]
    zone: dt.tzinfo
    files: tuple[tree.RuleFile, ...] = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    """Warnings; a file with errors makes no Program."""
