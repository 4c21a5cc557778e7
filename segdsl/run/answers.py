"""What a ruleset answers: whether a segment holds, which ones do, and which one a visitor is given."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from itertools import islice
from types import MappingProxyType
from typing import Any, Protocol, cast

from attrs import field, frozen

from segdsl.program.program import Partition, Priority, Program
from segdsl.run.matching import Matching
from segdsl.run.plan import Plan, Strategy
from segdsl.run.predicate import Predicate, predicate_of
from segdsl.run.prepared import Prepared, first_of


class Assign(Protocol):
    """A generated function. `source` is its text."""

    source: str

    def __call__(self, visitor: Any, now: dt.datetime | None = None) -> str | None:
        """The name of the segment that a visitor is given; None when there is none."""


class Match(Protocol):
    """A generated function. `source` is its text."""

    source: str

    def __call__(self, visitor: Any, now: dt.datetime | None = None) -> Matching:
        """The segments that hold for a visitor."""


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


@frozen(slots=False, eq=False)
class Choice:
    """A partition or priority list: gives a visitor one of its segments."""

    name: str
    label: str | None
    members: tuple[SegmentRule, ...]
    otherwise: str | None
    _prepare: Callable[[], Prepared] = field(repr=False)

    @cached_property
    def _prepared(self) -> Prepared:
        return self._prepare()

    @cached_property
    def assign(self) -> Assign:
        """`assign(visitor, now=None)`: the name of the first segment in it that holds; else what `otherwise` says; else
        None. It never raises, whatever the visitor is; `assign.source` is its text.
        """
        return cast("Assign", self._prepared.one)

    def assign_many(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> list[str | None]:
        """What `assign` says of each visitor, all at one instant: faster than one call for each."""
        found: list[str | None] = self._prepared.many(visitors, now)
        return found

    def counts(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> dict[str | None, int]:
        """How many visitors each segment is given, those in no segment under `otherwise` or None.

        Visitors are taken from the iterable as they come; only a few thousand are kept at a time.
        """
        names: list[str | None] = [*(member.name for member in self.members), self.otherwise]
        found = Counter(dict.fromkeys(names, 0))
        found.update(in_parts(self._prepared.many, visitors, now))
        return dict(found)

    def plan(self) -> Plan:
        """How `assign` comes by its answers."""
        return self._prepared.plan


def choices_of(
    program: Program, segments: Mapping[str, SegmentRule], strategy: Strategy | None
) -> Mapping[str, Choice]:
    """Every partition and priority list of a program, in that order."""
    claims: list[Partition | Priority] = [*program.partitions.values(), *program.priorities.values()]
    choices: dict[str, Choice] = {}
    for claim in claims:
        members = tuple(segments[member.name] for member in claim.members)
        otherwise = claim.otherwise if isinstance(claim, Priority) else None
        prepare = partial(first_of, claim, lambda name: segments[name].predicate, program.zone, strategy)
        choices[claim.name] = Choice(claim.name, claim.label, members, otherwise, prepare)
    return MappingProxyType(choices)


_TOGETHER = 4096
"""Visitors whose answers are kept at a time."""


def in_parts(many: Callable[..., list[Any]], visitors: Iterable[Any], now: dt.datetime | None) -> Iterator[Any]:
    """The answers to any number of visitors, of whom a few thousand are taken at a time."""
    remaining = iter(visitors)
    while part := list(islice(remaining, _TOGETHER)):
        yield from many(part, now)
