"""Two programs on the same dimensions, so that their rules can be asked about together.

In: two programs. Out: the kernel of every segment of both, over shared dimensions, and how the dimensions differ.

What both read from one place of a record, and in the same way, is one dimension. Where the declared values or `default`
differ, one record means two things: both are then written over what the record *holds*, a dimension without a default
that has the values of both, and what a side does not read, or reads as its default, is said in its kernels. A function
of such a dimension is left a function of the side's own one, as a value by itself: whatever is proved then is proved,
and what cannot be shown by a record is not decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, assert_never

from attrs import Factory, define, evolve, frozen

from segdsl.operators.operator import Context, Function, Operator
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import closed_value
from segdsl.program.program import Program
from segdsl.program.schema import Dimension
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Distance,
    Duration,
    Integer,
    Kind,
    Number,
    Point,
    SetOf,
    Text,
    domain,
    stepped,
    words,
)
from segdsl.values.region import Cut, Region
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import show

ANOTHER_CLOCK = "the timezone is another one now, and days and hours are counted in it"


@frozen
class DimensionChange:
    """A dimension that is declared otherwise now, and how. `another`: rules that name it ask about something else."""

    name: str
    words: str
    another: bool = False


@frozen(eq=False)
class Side:
    """The segments of one program: their kernels over the shared dimensions; or why one cannot be asked about.

    `doubts`: what to say of a segment if nothing can be shown.
    """

    kernels: Mapping[str, k.Kernel]
    unusable: Mapping[str, str]
    doubts: Mapping[str, str]


@frozen(eq=False)
class CommonGround:
    """Two programs on the same dimensions.

    `shared`: all that the kernels read. `entangled`: pairs of them that are read from one place, or one inside the
    other: they depend on each other.
    """

    old: Side
    new: Side
    changes: tuple[DimensionChange, ...]
    shared: frozenset[Dimension]
    entangled: tuple[tuple[Dimension, Dimension], ...]

    def entangled_in(self, kernels: Iterable[k.Kernel]) -> tuple[tuple[Dimension, Dimension], ...]:
        """The entangled pairs that some kernels read."""
        if not self.entangled:
            return ()
        read = _read_by(kernels)
        return tuple(pair for pair in self.entangled if read.issuperset(pair))


def _read_by(kernels: Iterable[k.Kernel]) -> set[Dimension]:
    return {one for leaf in k.distinct_leaves(kernels) for one in ex.dimensions_of(leaf.term)}


def one_unread(pairs: Iterable[tuple[Dimension, Dimension]]) -> k.Kernel:
    """That of each pair one is not read, as it is for most values."""
    return k.every(k.some(map(_not_read, pair)) for pair in pairs)


def _not_read(dimension: Dimension) -> k.Kernel:
    default = dimension.default
    if default is UNKNOWN or isinstance(dimension.kind, SetOf | Point):
        return k.Test(ex.Read(dimension), Region.only_unknown() if default is UNKNOWN else Region.known())
    return k.Test(ex.Read(dimension), stepped(dimension.kind, Region.of((default,))))


def never_both(pair: tuple[Dimension, Dimension]) -> bool:
    """Whether no value is read as both of a pair, whatever it is."""
    first, second = pair
    return first.path == second.path and _forms(first.kind).isdisjoint(_forms(second.kind))


def _forms(kind: Kind) -> set[str]:
    """What raw values of a kind are in Python or JSON."""
    match kind:
        case Integer() | Number() | Distance():
            return {"number"}
        case Boolean():
            return {"truth"}
        case SetOf() | Point():
            return {"several"}
        case Duration():
            return {"number", "text"}
        case _:
            return {"text"}


@frozen(eq=False)
class _Place:
    """Where one dimension of a program stands in the shared ones; `own`: as the program itself reads it."""

    shared: Dimension
    own: Dimension
    as_declared: bool


def common_ground(old: Program, new: Program) -> CommonGround:
    """Brings two programs onto the same dimensions."""
    before = {(one.path, _unlimited(one.kind)): one for one in old.dimensions.values()}
    after = {(one.path, _unlimited(one.kind)): one for one in new.dimensions.values()}
    names = _Names({one.name for one in (*before.values(), *after.values())})
    places_of: tuple[dict[Dimension, _Place], dict[Dimension, _Place]] = ({}, {})
    for key in dict.fromkeys((*before, *after)):
        first, second = before.get(key), after.get(key)
        one = second or first
        assert one is not None
        if first is None or second is None:
            others = old.dimensions if first is None else new.dimensions
            own = names.own(one, "old" if second is None else "new") if one.name in others else one
            if one.path in {other.path for other in others.values()}:
                own = evolve(own, required=False)  # no record keeps both promises
            places_of[first is None][one] = _Place(own, own, True)
        elif _same_reading(first, second):
            shared = first if first.name == second.name else second
            if shared.required and not (first.required and second.required):
                shared = evolve(shared, required=False)
            places_of[0][first] = places_of[1][second] = _Place(shared, shared, True)
        else:
            shared = _raw(first, second)
            places_of[0][first] = _Place(shared, evolve(names.own(first, "old"), required=False), False)
            places_of[1][second] = _Place(shared, evolve(names.own(second, "new"), required=False), False)
    readings = [_Reading(places) for places in places_of]
    sides = [
        {name: reading.kernel(one.kernel) for name, one in program.segments.items()}
        for program, reading in zip((old, new), readings, strict=True)
    ]
    read = _read_by(kernel for kernels in sides for kernel in kernels.values())
    another_clock = old.zone != new.zone
    return CommonGround(
        _side(old, sides[0], readings[0], another_clock),
        _side(new, sides[1], readings[1], another_clock),
        _changes(old, new, after),
        frozenset(read),
        _entangled(read),
    )


def _same_reading(first: Dimension, second: Dimension) -> bool:
    """Whether every record gives both the same value. What is `required` makes no difference to that."""
    return (first.kind, first.default) == (second.kind, second.default)


def _unlimited(kind: Kind) -> Kind:
    """The kind without limits: what decides how a raw value is read, before it is asked whether it is allowed."""
    match kind:
        case Text(ignoring_case):
            return Text(ignoring_case)
        case SetOf(Text(ignoring_case)):
            return SetOf(Text(ignoring_case))
        case Integer():
            return Integer()
        case Number():
            return Number()
        case _:
            return kind


def _raw(first: Dimension, second: Dimension) -> Dimension:
    """What a record holds, as far as either side reads it."""
    return evolve(
        second,
        kind=_wider(first.kind, second.kind),
        required=first.required and second.required,
        default=UNKNOWN,
    )


def _wider(first: Kind, second: Kind) -> Kind:
    match first, second:
        case Text(ignoring_case, choices), Text(choices=others):
            return Text(ignoring_case, None if choices is None or others is None else _joined(choices, others))
        case SetOf(member), SetOf(other):
            both = _wider(member, other)
            assert isinstance(both, Text)
            return SetOf(both)
        case Integer(low, high), Integer(low2, high2):
            return Integer(_outer(low, low2, min), _outer(high, high2, max))
        case Number(low, high), Number(low2, high2):
            return Number(_outer(low, low2, min), _outer(high, high2, max))
        case _:
            return first


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _outer(first: Cut | None, second: Cut | None, choose: Callable[[Cut, Cut], Cut]) -> Cut | None:
    return None if first is None or second is None else choose(first, second)


@define
class _Names:
    """Names that no other dimension has."""

    taken: set[str]

    def own(self, dimension: Dimension, side: str) -> Dimension:
        name = f"{side}.{dimension.name}"
        while name in self.taken:
            name = f"{side}.{name}"
        self.taken.add(name)
        return evolve(dimension, name=name)


def _entangled(dimensions: set[Dimension]) -> tuple[tuple[Dimension, Dimension], ...]:
    around: dict[tuple[str, ...], list[Dimension]] = {}
    found: list[tuple[Dimension, Dimension]] = []
    for one in sorted(dimensions, key=lambda one: (len(one.path), one.name)):
        for length in range(1, len(one.path) + 1):
            found += [(other, one) for other in around.get(one.path[:length], ())]
        around.setdefault(one.path, []).append(one)
    return tuple(found)


# Kernels


def _side(program: Program, kernels: dict[str, k.Kernel], reading: _Reading, another_clock: bool) -> Side:
    unusable: dict[str, str] = {}
    doubts: dict[str, str] = {}
    for name, segment in program.segments.items():
        if another_clock and any(map(_counts_time, k.leaves(segment.kernel))):
            unusable[name] = ANOTHER_CLOCK
        doubtful = reading.doubtful(segment.kernel)
        if doubtful is not None:
            doubts[name] = f'it reads "{doubtful}", which is declared otherwise now'
    return Side(kernels, unusable, doubts)


def _counts_time(leaf: k.Leaf) -> bool:
    """Whether a test depends on the timezone."""
    return isinstance(leaf, k.Moving) or isinstance(leaf.term, ex.Now) or _computes_time(leaf.term)


def _computes_time(term: ex.Term) -> bool:
    if not isinstance(term, ex.Apply):
        return False
    timed = any(isinstance(one, ex.Now) or isinstance(one.kind, Date | Datetime) for one in term.arguments)
    return timed or any(map(_computes_time, term.arguments))


@define(slots=False)
class _Reading:
    """The tests of one program as tests of the shared dimensions."""

    places: dict[Dimension, _Place]
    _known: dict[k.Leaf, k.Kernel] = Factory(dict)

    @cached_property
    def _changes_nothing(self) -> bool:
        return all(place.shared is one for one, place in self.places.items())

    def kernel(self, kernel: k.Kernel) -> k.Kernel:
        """A kernel over the shared dimensions."""
        if self._changes_nothing:
            return kernel
        match kernel:
            case k.All(parts):
                return k.every(map(self.kernel, parts))
            case k.Any(parts):
                return k.some(map(self.kernel, parts))
            case k.Always() | k.Never():
                return kernel
            case _:
                known = self._known.get(kernel)
                if known is None:
                    known = self._known[kernel] = self._leaf(kernel)
                return known

    def doubtful(self, kernel: k.Kernel) -> str | None:
        """A dimension that the other side reads otherwise and that is not brought together with what it reads."""
        if self._changes_nothing:
            return None
        for leaf in k.leaves(kernel):
            inside = isinstance(leaf.term, ex.Apply)
            for one in ex.dimensions_of(leaf.term):
                place = self.places[one]
                if place.own.name != one.name and (inside or place.as_declared):
                    return one.name
        return None

    def _leaf(self, leaf: k.Leaf) -> k.Kernel:
        if not isinstance(leaf.term, ex.Read):
            return evolve(leaf, term=self._term(leaf.term))
        place = self.places[leaf.term.dimension]
        moved: k.Leaf = evolve(leaf, term=ex.Read(place.shared))
        return moved if place.as_declared else _over_raw(moved, place)

    def _term(self, term: ex.Term) -> ex.Term:
        match term:
            case ex.Read(dimension):
                return ex.Read(self.places[dimension].own)
            case ex.Apply(arguments=arguments):
                return evolve(term, arguments=tuple(map(self._term, arguments)))
            case _:
                return term


def _over_raw(leaf: k.Leaf, place: _Place) -> k.Kernel:
    """A test of a dimension as a test of what the record holds: what is not read is the default, or unknown."""
    default, term = place.own.default, ex.Read(place.shared)
    match leaf:
        case k.Test(region=region) if not isinstance(place.own.kind, SetOf):
            values = domain(place.own.kind)
            otherwise = ~values if default in region else Region.nothing()
            return k.Test(term, stepped(place.own.kind, region & values | otherwise))
        case k.Test(region=region):
            unread = default in region
        case k.TextTest(_, pattern, wanted):
            unread = (default is not UNKNOWN and pattern.holds(default)) is wanted
        case k.MemberTest(_, members, wanted):
            unread = (default is not UNKNOWN and any(one in members for one in default)) is wanted
        case k.Moving(_, operator, operand, wanted):
            if default is not UNKNOWN:
                other = _of_default(operator, operand, ex.Constant(place.own.kind, default), wanted)
                return k.some((k.every((leaf, _read(place))), k.every((other, _unread(place)))))
            unread = not wanted
        case _:
            assert_never(leaf)
    return k.some((leaf, _unread(place))) if unread else k.every((leaf, _read(place)))


def _read(place: _Place) -> k.Kernel:
    """That the side reads what the record holds."""
    term, kind = ex.Read(place.shared), place.own.kind
    if not isinstance(kind, SetOf):
        return k.Test(term, stepped(kind, domain(kind)))
    strange = _strange_members(kind, place.shared)
    known = k.Test(term, Region.known())
    return known if strange is None else k.every((known, k.MemberTest(term, strange, wanted=False)))


def _unread(place: _Place) -> k.Kernel:
    """The opposite."""
    term, kind = ex.Read(place.shared), place.own.kind
    if not isinstance(kind, SetOf):
        return k.Test(term, stepped(kind, ~domain(kind)))
    strange = _strange_members(kind, place.shared)
    unknown = k.Test(term, Region.only_unknown())
    return unknown if strange is None else k.some((unknown, k.MemberTest(term, strange, wanted=True)))


def _strange_members(kind: SetOf, shared: Dimension) -> Region | None:
    """The members with which a set is not read; None when the side reads all that there is."""
    return None if kind == shared.kind else (~domain(kind.member)).values


def _of_default(operator: Operator, operand: ex.Term, default: ex.Constant, wanted: bool) -> k.Test:
    """How a test that moves with now turns out for the default: a test of now alone."""

    def meaning(context: Context, value: Any) -> Any:
        moved = closed_value(operand, context)
        return moved is not UNKNOWN and operator.meaning(value, moved)

    function = Function(
        name=f"is {operator.name} {operand!r}",
        usage="",
        parameters=((object,),),
        result=lambda *_: Boolean(),
        meaning=meaning,
        prose="",
        examples=(),
        reads_clock=True,
        public=False,
    )
    return k.Test(ex.Apply(function, (default,), Boolean()), Region.of((wanted,)))


# How dimensions differ


_Places = Mapping[tuple[tuple[str, ...], Kind], Dimension]


def _changes(old: Program, new: Program, after: _Places) -> tuple[DimensionChange, ...]:
    found: list[DimensionChange] = []
    for name, first in old.dimensions.items():
        second = new.dimensions.get(name)
        other = after.get((first.path, _unlimited(first.kind)))
        if second is not None:
            found += _how(first, second)
        elif other is not None and other.name not in old.dimensions:
            found.append(DimensionChange(other.name, f"was called {name} before"))
            found += _how(first, evolve(other, name=name))
    return tuple(found)


def _how(first: Dimension, second: Dimension) -> Iterable[DimensionChange]:
    name = second.name
    if first.path != second.path:
        there, here = ".".join(first.path), ".".join(second.path)
        yield DimensionChange(name, f'is another dimension now: read from "{here}", not "{there}"', another=True)
    elif _unlimited(first.kind) != _unlimited(second.kind):
        yield DimensionChange(name, f"is another dimension now: {_kinds_apart(first.kind, second.kind)}", another=True)
    elif first.kind != second.kind:
        yield DimensionChange(name, "can have other values now")
    if first.required is not second.required:
        yield DimensionChange(name, "is required now" if second.required else "is no longer required")
    if first.default != second.default:
        if second.default is UNKNOWN:
            yield DimensionChange(name, f"has no default now; it was {show(first.kind, first.default)}")
        elif first.default is UNKNOWN:
            yield DimensionChange(name, f"has a default now: {show(second.kind, second.default)}")
        else:
            defaults = f"{show(first.kind, first.default)} to {show(second.kind, second.default)}"
            yield DimensionChange(name, f"has another default now: from {defaults}")


def _kinds_apart(first: Kind, second: Kind) -> str:
    if words(first) != words(second):
        return f"{words(second)}, not {words(first)}"
    if isinstance(first, Datetime):
        return "its times are read in another timezone"
    return "capitals count now" if "ignoring_case=True" in repr(first) else "capitals do not count now"
