"""What a ruleset answers: whether a segment holds, which ones do, and which one a visitor is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from segdsl.program.program import Partition, Priority, Program
from segdsl.run.predicate import Predicate, predicate_of


@frozen(slots=False, eq=False)
class SegmentRule:
    """One segment: a function of a visitor. Its predicate is made when it is asked for the first time."""

    name: str
    label: str | None
    payload: Mapping[str, Any]
    _make: Callable[[], Predicate] = field(repr=False)

    @cached_property
    def predicate(self) -> Predicate:
        """The plain function: `predicate(visitor)`, or `predicate(visitor, now)` where the rules read the clock."""
        return self._make()

    @property
    def source(self) -> str:
        """The Python text of the predicate."""
        return self.predicate.source

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names of the dimensions that it reads."""
        return self.predicate.dimensions

    def __call__(self, visitor: Any, now: dt.datetime | None = None) -> bool:
        """Whether a visitor is in the segment. Never raises, whatever the visitor is."""
        predicate = self.predicate
        return predicate(visitor, now) if predicate.reads_clock else predicate(visitor)


def segments_of(program: Program) -> Mapping[str, SegmentRule]:
    """A rule for every segment of a program."""
    rules = {
        name: SegmentRule(
            name, one.label, one.payload, partial(predicate_of, name, one.condition, one.kernel, program.zone)
        )
        for name, one in program.segments.items()
    }
    return MappingProxyType(rules)


@frozen(eq=False)
class Choice:
    """A partition or priority list: gives a visitor one of its segments."""

    name: str
    label: str | None
    members: tuple[SegmentRule, ...]
    otherwise: str | None = None

    def assign(self, visitor: Any, now: dt.datetime | None = None) -> str | None:
        """The name of the first segment in it that holds; else what `otherwise` says; else None."""
        for member in self.members:
            if member(visitor, now):
                return member.name
        return self.otherwise


def choices_of(program: Program, segments: Mapping[str, SegmentRule]) -> Mapping[str, Choice]:
    """Every partition and priority list of a program, in that order."""
    claims: list[Partition | Priority] = [*program.partitions.values(), *program.priorities.values()]
    choices = {
        claim.name: Choice(
            claim.name,
            claim.label,
            tuple(segments[member.name] for member in claim.members),
            claim.otherwise if isinstance(claim, Priority) else None,
        )
        for claim in claims
    }
    return MappingProxyType(choices)


@frozen(slots=False, eq=False)
class Matching:
    """The segments that hold for a visitor: truth, `in`, `len`, iteration in file order. Worked out when asked."""

    _segments: Mapping[str, SegmentRule] = field(repr=False)
    _visitor: Any = field(repr=False)
    _now: dt.datetime = field(repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the segments that hold."""
        return tuple(name for name in self._segments if name in self)

    def __contains__(self, name: object) -> bool:
        segment = self._segments.get(name) if isinstance(name, str) else None
        return segment is not None and segment(self._visitor, self._now)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __bool__(self) -> bool:
        return any(name in self for name in self._segments)

    def __repr__(self) -> str:
        return f"Matching({', '.join(self.names)})"
