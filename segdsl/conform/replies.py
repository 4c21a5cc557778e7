"""What the definition answers for many visitors: asked once for each thing that can make a difference.

In: a program, and visitors as plain data. Out: the segments that hold. Every truth in here is one that the reference
evaluator gave; what it was asked before, about the same values, is not asked again, and a segment of several
conditions joined by `and` is ruled out by those of them that are false.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from attrs import Factory, define, evolve, field, frozen

from segdsl.conform.turning import Leaf, reads_clock
from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.program import Program
from segdsl.program.reference import holds, value_in
from segdsl.program.schema import Dimension

Sent = str
"""A value as a host would send it, as JSON text."""


def sent(value: Any) -> Sent:
    """Plain data as JSON text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=50_000)
def received(text: Sent) -> Any:
    """The plain data again. It is shared, and nobody changes it."""
    return json.loads(text)


@frozen(slots=False, eq=False)
class Person:
    """A visitor: what is sent of each dimension, and the instant. What is not in `values` is not sent."""

    values: Mapping[Dimension, Sent]
    now: dt.datetime

    def but(self, dimension: Dimension, text: Sent | None) -> Person:
        """The same with another value of one dimension, or without one."""
        values = {one: value for one, value in self.values.items() if one is not dimension}
        if text is not None:
            values[dimension] = text
        return Person(values, self.now)

    def at(self, now: dt.datetime) -> Person:
        """The same at another instant."""
        return evolve(self, now=now)

    @cached_property
    def record(self) -> dict[str, Any]:
        """As a host would send it: objects inside of objects for dotted paths, names in order."""
        return record_of(self.values)

    @cached_property
    def text(self) -> str:
        """The record as JSON text."""
        return sent(self.record)


def record_of(values: Mapping[Dimension, Sent]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for dimension, text in values.items():
        inner = record
        for part in dimension.path[:-1]:
            inner = inner.setdefault(part, {})
        inner[dimension.path[-1]] = received(text)
    return record


@frozen(eq=False)
class _Part:
    """A condition that some segments (their places, as bits) cannot do without, and all that it depends on."""

    condition: ex.Condition
    dimensions: tuple[Dimension, ...]
    clock: bool
    segments: int


@define(eq=False)
class Replies:
    """The answers of a program."""

    program: Program
    _parts: dict[tuple[Dimension, ...], list[_Part]] = field(init=False)
    _ruled_out: dict[object, int] = Factory(dict)
    _truths: dict[object, bool] = Factory(dict)
    _read: dict[int, tuple[Leaf, tuple[Dimension, ...], bool]] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        owners: dict[ex.Condition, int] = {}
        for place, segment in enumerate(self.program.segments.values()):
            for part in _conjuncts(segment.condition):
                owners[part] = owners.get(part, 0) | 1 << place
        self._parts = {}
        for condition, bits in owners.items():
            made = _Part(condition, _dimensions(condition), reads_clock(condition), bits)
            self._parts.setdefault(made.dimensions, []).append(made)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.program.segments)

    @cached_property
    def clock(self) -> bool:
        """Whether any segment depends on now."""
        return any(part.clock for parts in self._parts.values() for part in parts)

    def segments(self, person: Person) -> tuple[str, ...]:
        """The names of the segments that hold, in file order."""
        out = 0
        for dimensions, parts in self._parts.items():
            values = tuple(map(person.values.get, dimensions))
            if len(dimensions) <= 1:
                out |= self._without(person, dimensions, values, parts)
            else:
                out |= self._asked(person, values, parts, out)
        return tuple(self._names[place] for place in _places(~out & (1 << len(self._names)) - 1))

    def _without(
        self, person: Person, dimensions: tuple[Dimension, ...], values: tuple[Sent | None, ...], parts: list[_Part]
    ) -> int:
        """The segments that conditions of one dimension rule out."""
        key = (dimensions, values, person.now if self.clock else None)
        known = self._ruled_out.get(key)
        if known is None:
            known = self._ruled_out[key] = self._asked(person, values, parts, 0)
        return known

    def _asked(self, person: Person, values: tuple[Sent | None, ...], parts: list[_Part], out: int) -> int:
        for part in parts:
            if not part.segments & ~out:
                continue
            key = (id(part), values, person.now if part.clock else None)
            truth = self._truths.get(key)
            if truth is None:
                truth = self._truths[key] = self._holds(part.condition, part.dimensions, person)
            if not truth:
                out |= part.segments
        return out

    def _holds(self, condition: ex.Condition, dimensions: tuple[Dimension, ...], person: Person) -> bool:
        own = {one: person.values[one] for one in dimensions if one in person.values}
        return holds(condition, record_of(own), Context(person.now, self.program.zone))

    def truth(self, leaf: Leaf, person: Person) -> bool:
        """Whether one test of a segment holds."""
        _, dimensions, clock = self._of(leaf)
        key = (id(leaf), tuple(map(person.values.get, dimensions)), person.now if clock else None)
        truth = self._truths.get(key)
        if truth is None:
            truth = self._truths[key] = self._holds(leaf, dimensions, person)
        return truth

    def _of(self, leaf: Leaf) -> tuple[Leaf, tuple[Dimension, ...], bool]:
        known = self._read.get(id(leaf))
        if known is None:
            known = self._read[id(leaf)] = (leaf, _dimensions(leaf), reads_clock(leaf))
        return known

    def dimensions(self, leaf: Leaf) -> tuple[Dimension, ...]:
        """The dimensions that a test reads."""
        return self._of(leaf)[1]

    def reads_clock(self, leaf: Leaf) -> bool:
        """Whether a test depends on now."""
        return self._of(leaf)[2]

    def value(self, dimension: Dimension, person: Person) -> Any:
        """What a dimension reads as."""
        return value_in(dimension, record_of({one: text for one, text in person.values.items() if one is dimension}))


def _dimensions(condition: ex.Condition) -> tuple[Dimension, ...]:
    return tuple(dict.fromkeys(ex.dimensions_in(condition)))


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, going up."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _conjuncts(condition: ex.Condition) -> Iterator[ex.Condition]:
    """The conditions that `and` joins, all of which have to hold."""
    match condition:
        case ex.Named(condition=inner):
            yield from _conjuncts(inner)
        case ex.And(operands):
            for operand in operands:
                yield from _conjuncts(operand)
        case _:
            yield condition
