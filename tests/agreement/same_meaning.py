"""Whether two rule files answer the same for every visitor, as far as that can be proved.

In: two programs with dimensions of the same names. Out: True when a proof was found that every segment is the same.
Dimensions that are declared differently are looked at as one that can be anything: each program reads of it what it
declares, and takes the rest for unknown.
"""

from __future__ import annotations

from typing import Any, assert_never

from attrs import evolve

from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.program import Program
from segdsl.program.schema import Dimension
from segdsl.prove.decide import questions
from segdsl.prove.table import Asked
from segdsl.values.kinds import Integer, Kind, Number, Text, domain, fold
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN


class _CannotTell(Exception):
    pass


def same_meaning(program: Program, other: Program) -> bool:
    """Whether no visitor whatever is in different segments, by a proof."""
    if program.zone is not other.zone or program.dimensions.keys() != other.dimensions.keys():
        return False
    world = {name: _common(one, other.dimensions[name]) for name, one in program.dimensions.items()}
    try:
        return all(
            _never_apart(_in_world(segment.kernel, world), _in_world(other.segments[name].kernel, world), program)
            for name, segment in program.segments.items()
        )
    except _CannotTell:
        return False


def _never_apart(first: k.Kernel, second: k.Kernel, program: Program) -> bool:
    if first == second:
        return True
    for asked in (Asked((0,), (1,)), Asked((1,), (0,))):
        for occasion in questions([first, second], program.zone):
            there = occasion.question.somewhere(asked)
            if occasion.opened:
                if there is False:
                    break
                continue
            if there is not False or occasion.reason:
                return False
    return True


def _common(one: Dimension, other: Dimension) -> Dimension:
    """A dimension of which both read what they declare. `required` changes nothing about what is answered."""
    if one.kind == other.kind and one.default == other.default:
        return evolve(one, required=False)
    return evolve(one, kind=_widest(one.kind, other.kind), default=UNKNOWN, required=False)


def _widest(one: Kind, other: Kind) -> Kind:
    if one == other:
        return one
    match one, other:
        case Integer(), Integer():
            return Integer()
        case Number(), Number():
            return Number()
        case Text(ignoring_case=False), Text(ignoring_case=False):
            return Text()
        case _:
            return one


def _in_world(kernel: k.Kernel, world: dict[str, Dimension]) -> k.Kernel:
    match kernel:
        case k.All(parts):
            return k.every(_in_world(part, world) for part in parts)
        case k.Any(parts):
            return k.some(_in_world(part, world) for part in parts)
        case k.Always() | k.Never():
            return kernel
        case k.Test(term, region):
            if not isinstance(term, ex.Read):
                return k.Test(_term(term, world), region)
            own, common = term.dimension, world[term.dimension.name]
            if own.kind == common.kind and own.default == common.default:
                return k.Test(ex.Read(common), region)
            if own.kind != common.kind and type(own.kind) is not type(common.kind):
                raise _CannotTell
            readable = domain(own.kind) if own.kind != common.kind else Region.known()
            if region.cuts and _folds(own.kind) is not _folds(common.kind):
                raise _CannotTell
            instead = _instead(own)
            rest = region.unknown if instead is UNKNOWN else instead in region
            found = region.values & readable
            return k.Test(ex.Read(common), found | ~readable if rest else found)
        case k.TextTest(term, pattern, wanted):
            if not isinstance(term, ex.Read):
                return k.TextTest(_term(term, world), pattern, wanted)
            own, common = term.dimension, world[term.dimension.name]
            if own.kind == common.kind and own.default == common.default:
                return k.TextTest(ex.Read(common), pattern, wanted)
            if isinstance(own.kind, Text) and own.kind.choices is not None:  # these are few
                having = Region.of(one for one in own.kind.choices if pattern.holds(one))
                return _in_world(k.Test(term, having if wanted else ~having), world)
            if own.kind != common.kind:
                raise _CannotTell
            instead = _instead(own)
            known = k.Test(ex.Read(common), Region.known())
            rest = (instead is not UNKNOWN and pattern.holds(instead)) is wanted
            test = k.TextTest(ex.Read(common), pattern, wanted)
            unknown = k.Test(ex.Read(common), Region.only_unknown())
            return k.some((k.every((test, known)), unknown)) if rest else k.every((test, known))
        case k.MemberTest(ex.Read(dimension), members, wanted) if not members.cuts:
            return k.MemberTest(ex.Read(world[dimension.name]), members, wanted)
        case k.MemberTest(term, members, wanted):
            return k.MemberTest(_term(term, world), members, wanted)
        case k.Moving(term, operator, operand, wanted):
            return k.Moving(_term(term, world), operator, operand, wanted)
        case _:
            assert_never(kernel)


def _instead(dimension: Dimension) -> Any:
    value = dimension.default
    return fold(value) if _folds(dimension.kind) and value is not UNKNOWN else value


def _folds(kind: Kind) -> bool:
    return isinstance(kind, Text) and kind.ignoring_case


def _term(term: ex.Term, world: dict[str, Dimension]) -> ex.Term:
    match term:
        case ex.Read(dimension):
            common = world[dimension.name]
            if dimension.kind != common.kind or dimension.default != common.default:
                raise _CannotTell
            return ex.Read(common)
        case ex.Apply(function, arguments, kind):
            return ex.Apply(function, tuple(_term(argument, world) for argument in arguments), kind)
        case _:
            return term
