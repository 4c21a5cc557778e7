"""Boxes of cells in words: conditions of the rule language that parse and mean the box.

In: a box. Out: a condition as text, one part for each variable that the box restricts.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from typing import assert_never

from segdsl.operators.comparison import AT_LEAST, AT_MOST, COMPARE, EQUALS, GREATER, LESS
from segdsl.operators.temporal import CIVIL_DATE
from segdsl.program import expression as ex
from segdsl.prove.cells import NO, YES, Cell, MemberVariable, Space, TextVariable, ValueVariable, possible_values
from segdsl.prove.search import Box
from segdsl.values.kinds import Date, Integer, Ip, Kind, SetOf, Text, domain
from segdsl.values.region import Cut, Interval, Region
from segdsl.values.words import Shape
from segdsl.values.written import quoted, show


def box_words(space: Space, box: Box, possible: Box) -> str:
    """The condition that holds exactly in the box; `true` when the box is everything.

    `possible` is the box without cells that cannot be, and so need no words.
    """
    unknown = _may_be_unknown(space, possible)
    emptied = _emptied(space, box)
    parts = [_emptied_words(term, unknown[term]) for term in emptied]
    for variable, cells, full, left in zip(space.variables, box, space.full, possible, strict=True):
        if cells == full or variable.term in emptied or _follows(space, box, variable, left):
            continue
        parts.append(_variable_words(variable, left, unknown[variable.term]))
    return " and ".join(parts) or "true"


def _may_be_unknown(space: Space, possible: Box) -> dict[ex.Term, bool]:
    """For each term whether it is unknown somewhere in the box."""
    return {
        variable.term: bool(cells & ~variable.known)
        for variable, cells in zip(space.variables, possible, strict=True)
        if isinstance(variable, ValueVariable)
    }


def _emptied(space: Space, box: Box) -> list[ex.Term]:
    """The sets that have no members at all in the box."""
    groups: dict[ex.Term, set[int]] = {}
    for variable, cells in zip(space.variables, box, strict=True):
        if isinstance(variable, MemberVariable):
            groups.setdefault(variable.term, set()).add(cells)
    known = {
        variable.term
        for variable, cells in zip(space.variables, box, strict=True)
        if isinstance(variable, ValueVariable) and cells & variable.known
    }
    return [term for term, cells in groups.items() if cells == {NO} and term in known]


def _emptied_words(term: ex.Term, unknown: bool) -> str:
    name = term_words(term)
    return f"({name} is empty or {name} is unknown)" if unknown else f"{name} is empty"


def share_words(space: Space, box: Box) -> str:
    """How much of the table of cells the box is: `1 of 12 cells`. Nothing is said where text tests or members
    take part, whose cells are not counted one by one."""
    inside = whole = 1
    for variable, cells, full in zip(space.variables, box, space.full, strict=True):
        if not isinstance(variable, ValueVariable) and cells != full:
            return ""
        if isinstance(variable, ValueVariable) and len(variable.cells) > 1:
            inside *= cells.bit_count()
            whole *= len(variable.cells)
    return f"{inside} of {whole} cells" if whole > 1 else ""


def _follows(space: Space, box: Box, variable: object, left: int) -> bool:
    """Whether a part says only that a value is known, and another part has said that already."""
    if not isinstance(variable, ValueVariable) or left != variable.known:
        return False
    if any(box[number] == YES for number, _ in space.beside(variable.term)):
        return True
    for number, other in enumerate(space.variables):
        tied = isinstance(other, ValueVariable) and isinstance(other.term, ex.Apply)
        if tied and isinstance(variable.term, ex.Read) and variable.term.dimension in ex.dimensions_of(other.term):
            assert isinstance(other, ValueVariable)
            if box[number] != space.full[number] and not box[number] & ~other.known:
                return True
    return False


def _variable_words(variable: ValueVariable | TextVariable | MemberVariable, cells: int, unknown: bool) -> str:
    match variable:
        case ValueVariable(term=term):
            inside = [cell for at, cell in enumerate(variable.cells) if cells >> at & 1]
            return region_words(term, inside)
        case TextVariable(term=term, pattern=pattern):
            negation = "" if cells == YES else "not "
            verb = "matches" if pattern.shape is Shape.GLOB else pattern.shape.value
            return f"{term_words(term)} {negation}{verb} {quoted(pattern.text)}"
        case MemberVariable(term=term, group=group):
            return _member_words(term, group, cells == YES, unknown)
        case _:
            assert_never(variable)


def _member_words(term: ex.Term, group: Cell, wanted: bool, unknown: bool) -> str:
    """That a set has a member of the group, or that it has none (or is unknown, if it may be)."""
    assert isinstance(term.kind, SetOf)
    name = term_words(term)
    inside = Region.spanning(group.intervals)
    singles = inside.singles() or _stepped_singles(inside)
    if singles is not None:
        listed = ", ".join(map(quoted, singles))
        verb = f"has {listed}" if len(singles) == 1 else f"has any of ({listed})"
        return f"{name} {verb}" if wanted else f"{name} not {verb}"
    outside = domain(term.kind.member) - inside
    others = outside.singles() or _stepped_singles(outside) or ()
    only = f"has only ({', '.join(map(quoted, others))})" if others else "is empty"
    if not wanted:
        return f"({name} {only} or {name} is unknown)" if unknown else f"{name} {only}"
    more = f"{name} not {only}" if others else f"{name} is not empty"
    return f"({name} is known and {more})" if possible_values(term).unknown else more


def _stepped_singles(region: Region) -> tuple[str, ...] | None:
    found = []
    for interval in region.intervals():
        if interval.low is None or interval.high != (interval.low[0] + "\0", False) or interval.low[1]:
            return None
        found.append(interval.low[0])
    return tuple(found)


def region_words(term: ex.Term, inside: list[Cell]) -> str:
    """The condition that a term's value lies in one of these cells."""
    if isinstance(term, ex.Apply) and term.function == COMPARE:
        return _comparison_words(term, inside)
    name, kind = term_words(term), term.kind
    unknown = any(cell.unknown for cell in inside)
    known = Region.spanning(interval for cell in inside for interval in cell.intervals)
    possible = possible_values(term)
    if not known:
        return f"{name} is unknown"
    outside = possible.values - known
    if not outside:
        return f"{name} is known"
    left = _listed(kind, outside)
    if unknown and left is not None and (len(left) <= 3 or _listed(kind, known) is None):
        return _none_of_words(name, kind, left)
    parts = _known_words(name, kind, known, possible, alone=not unknown)
    if unknown:
        parts.append(f"{name} is unknown")
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def _known_words(name: str, kind: Kind, known: Region, possible: Region, alone: bool) -> list[str]:
    listed, left = _listed(kind, known), _listed(kind, possible.values - known)
    if listed is not None and not (isinstance(kind, Ip) and left is not None and len(left) < len(listed)):
        return [_one_of_words(name, kind, listed)]
    stretches = list(known.intervals())
    several = len(stretches) > 1
    if several and left is not None:
        return [f"({name} is known and {_none_of_words(name, kind, left)})"]
    return [_interval_words(name, kind, interval, possible, alone and not several) for interval in stretches]


_SIGNS = {operator.signs: operator.name for operator in (EQUALS, LESS, AT_MOST, GREATER, AT_LEAST)}


def _comparison_words(term: ex.Apply, inside: list[Cell]) -> str:
    """The condition that two values compare as in one of these cells."""
    every = frozenset((-1, 0, 1))
    signs = frozenset(sign for sign in every if any(sign in one for cell in inside for one in cell.intervals))
    if any(cell.unknown for cell in inside):
        return f"not {_known_signs_words(term, every - signs)}"
    return _known_signs_words(term, signs)


def _known_signs_words(term: ex.Apply, signs: frozenset[int]) -> str:
    left, right = map(term_words, term.arguments)
    if signs in _SIGNS:
        return f"{left} {_SIGNS[signs]} {right}"
    parts = [f"{term_words(one)} is known" for one in term.arguments if possible_values(one).unknown]
    if 0 not in signs:
        parts.append(f"{left} != {right}")
    return parts[0] if len(parts) == 1 else f"({' and '.join(parts)})"


def _one_of_words(name: str, kind: Kind, listed: list[str]) -> str:
    if len(listed) > 1:
        return f"{name} in ({', '.join(listed)})"
    return f"{name} in {listed[0]}" if isinstance(kind, Ip) else f"{name} == {listed[0]}"


def _none_of_words(name: str, kind: Kind, listed: list[str]) -> str:
    if len(listed) > 1:
        return f"{name} not in ({', '.join(listed)})"
    return f"{name} not in {listed[0]}" if isinstance(kind, Ip) else f"{name} != {listed[0]}"


def _networks(interval: Interval) -> list[str]:
    """Addresses from one to another as the fewest networks."""
    found: list[str] = []
    for family, address, most in ((4, IPv4Address, 2**32 - 1), (6, IPv6Address, 2**128 - 1)):
        bounds = Region.between(interval.low, interval.high) & Region.between(
            ((family, 0), False), ((family, most), True)
        )
        for part in bounds.intervals():
            assert part.low is not None
            assert part.high is not None
            first, last = part.low[0][1] + part.low[1], part.high[0][1] - (not part.high[1])
            if first <= last:
                found += [str(network) for network in summarize_address_range(address(first), address(last))]
    return [quoted(network.removesuffix("/32" if "." in network else "/128")) for network in found]


def _listed(kind: Kind, region: Region) -> list[str] | None:
    """Its values one by one, where they are few and each stands alone; addresses by their networks."""
    if isinstance(kind, Ip):
        networks = [network for interval in region.intervals() for network in _networks(interval)]
        return networks if 0 < len(networks) <= 12 else None
    values = []
    for interval in region.intervals():
        single = _single(kind, interval)
        if single is None:
            return None
        values += single
    return [show(kind, value) for value in values] if 0 < len(values) <= 12 else None


def _single(kind: Kind, interval: Interval) -> list[object] | None:
    if interval.low is None or interval.high is None:
        return None
    if interval.single:
        return [interval.low[0]]
    low, high = interval.low, interval.high
    if isinstance(kind, Text) and not low[1] and high == (low[0] + "\0", False):
        return [low[0]]
    if isinstance(kind, Integer) and not low[1] and not high[1] and high[0] - low[0] == 1:
        return [low[0]]
    if isinstance(kind, Date) and not low[1] and not high[1] and (high[0] - low[0]).days == 1:
        return [low[0]]
    return None


def _as_written(kind: Kind, cut: Cut | None) -> Cut | None:
    """A cut just before the first text after another is one just after that other, and reads better so."""
    if isinstance(kind, Text) and cut is not None and not cut[1] and cut[0].endswith("\0"):
        return cut[0][:-1], True
    return cut


def _interval_words(name: str, kind: Kind, interval: Interval, possible: Region, alone: bool) -> str:
    if isinstance(kind, Ip):
        return _one_of_words(name, kind, _networks(interval))
    single = _single(kind, interval)
    if single is not None:
        return _one_of_words(name, kind, [show(kind, single[0])])
    stretches = list(possible.values.intervals())
    low = None if interval.low == stretches[0].low else _as_written(kind, interval.low)
    high = None if interval.high == stretches[-1].high else _as_written(kind, interval.high)
    whole = isinstance(kind, Integer)
    if low is not None and high is not None:
        if whole:
            return f"{name} in {show(kind, low[0])}..{show(kind, high[0] - (not high[1]))}"
        if not low[1]:
            dots = ".." if high[1] else "..<"
            return f"{name} in {show(kind, low[0])}{dots}{show(kind, high[0])}"
        below = "<=" if high[1] else "<"
        both = f"{name} > {show(kind, low[0])} and {name} {below} {show(kind, high[0])}"
        return both if alone else f"({both})"
    if low is not None:
        return f"{name} {'>' if low[1] else '>='} {show(kind, low[0])}"
    assert high is not None
    if whole and not high[1]:
        return f"{name} <= {show(kind, high[0] - 1)}"
    return f"{name} {'<=' if high[1] else '<'} {show(kind, high[0])}"


def term_words(term: ex.Term) -> str:
    """A term as a rule file writes it."""
    match term:
        case ex.Read(dimension):
            return dimension.name
        case ex.Constant(kind, value):
            return show(kind, value)
        case ex.Now():
            return "now"
        case ex.Apply(function, arguments):
            written = [term_words(argument) for argument in arguments]
            if function.symbol:
                left, right = (_bracketed(one, text) for one, text in zip(arguments, written, strict=True))
                return f"{left} {function.name} {right}"
            if function == CIVIL_DATE:
                return "today" if arguments == (ex.Now(),) else written[0]  # beside a date a moment is one
            if function.usage.startswith("time "):
                return function.usage.replace("time", written[0], 1)
            return f"{function.name}({', '.join(written)})"
        case _:
            assert_never(term)


def _bracketed(term: ex.Term, written: str) -> str:
    """An operand of arithmetic, in brackets where it is arithmetic itself."""
    while isinstance(term, ex.Apply) and term.function == CIVIL_DATE:
        term = term.arguments[0]
    moves = isinstance(term, ex.Apply) and (term.function.symbol or term.function.usage.startswith("time "))
    return f"({written})" if moves else written
