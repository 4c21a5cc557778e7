"""Choosing how to answer, and making the functions that do.

In: segments in an order, and how to answer if that is wanted. Out: functions of a visitor and of many, with a plan.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from sys import getsizeof
from typing import Any, assert_never

from attrs import field, frozen

from segdsl.program.program import Partition, Priority, Segment
from segdsl.run.bitmap import BitmapCode, Learnt
from segdsl.run.generated import Lines, function, of_many, of_one
from segdsl.run.indexing import Indexed, indexed
from segdsl.run.leaves import context_at
from segdsl.run.matching import Layout, Matching
from segdsl.run.plan import Plan, Strategy
from segdsl.run.predicate import Predicate
from segdsl.run.tree import TooLarge, tree_of
from segdsl.run.tree_code import TreeCode

MOST_BITS = 8
"""Of answers that are all made beforehand."""
SEVERAL = 16
"""Members of a list that are better asked one by one until one holds, where there is no tree."""


@frozen(slots=False, eq=False)
class Prepared:
    """A question that is ready to be asked. `scope` is what the text of its functions refers to."""

    plan: Plan
    _name: str
    _lines: Lines
    _functions: list[str]
    _scope: dict[str, Any] = field(repr=False)

    @cached_property
    def one(self) -> Callable[..., Any]:
        """The function of a visitor, and of the instant it is asked for. `source` is its text."""
        return self._made(of_one(self._name, self._lines))

    @cached_property
    def many(self) -> Callable[..., Any]:
        """The function of any number of visitors, whose answers it lists."""
        return self._made(of_many(self._name, self._lines))

    def _made(self, lines: list[str]) -> Callable[..., Any]:
        return function(self._name, self.plan.of, [*self._functions, *lines], self._scope)


PredicateOf = Callable[[str], Predicate]
"""A segment's own function by its name."""


def matching_of(
    members: Sequence[Segment], predicate: PredicateOf, zone: dt.tzinfo, wanted: Strategy | None
) -> Prepared:
    """Which segments hold: answered with a `Matching`. Raises ValueError where that way cannot answer this."""
    started = time.perf_counter()
    made = indexed([member.kernel for member in members], zone)
    layout = Layout([one.name for one in members], made.held, {one.name: one.payload for one in members})

    def exactly(visitor: Any, now: dt.datetime | None) -> Matching:
        return Matching(made.index.held(visitor, context_at(now, zone)), layout)

    lines: Lines
    made_before = _all_matchings(made, layout)

    def answer(held: str) -> str:
        return f"matchings[{held}]" if made_before else f"Matching({held}, layout)"

    strategy, why = wanted or Strategy.BITMAP, "wanted" if wanted else "every segment beside the others"
    if wanted is None and len(members) <= len(made.dimensions):
        strategy, why = Strategy.PREDICATES, "fewer segments than dimensions to look up"
    match strategy:
        case Strategy.BITMAP:
            code = BitmapCode(made)
            lines, names = partial(code.held, answer), code.names
        case Strategy.PREDICATES:
            lines, names = _one_by_one(members, predicate, made, answer)
        case Strategy.TREE:
            raise ValueError("a tree finds one segment of a partition or priority list, not all that hold")
        case _:
            assert_never(strategy)
    tuple(lines(lambda answer: [answer]))  # fills the names in
    scope = {**names, "layout": layout, "Matching": Matching, "matchings": made_before, **_common(exactly, zone)}
    return Prepared(_plan("all segments", strategy, why, made, names, 0, started), "matching", lines, [], scope)


def _all_matchings(made: Indexed, layout: Layout) -> list[Matching]:
    """Every answer that there can be, by its bits, where segments are few: taking one is faster than making one."""
    bits = made.index.marks.bit_length()
    return [Matching(held, layout) for held in range(1 << bits)] if bits <= MOST_BITS else []


def _one_by_one(
    members: Sequence[Segment], predicate: PredicateOf, made: Indexed, answer: Callable[[str], str]
) -> tuple[Lines, dict[str, Any]]:
    """Asks each segment's own function."""
    asked = [
        (f"segment_{number}", predicate(member.name), bit)
        for number, (member, bit) in enumerate(zip(members, made.held, strict=True))
        if bit is not None
    ]

    def lines(deliver: Callable[[str], list[str]]) -> Iterable[str]:
        yield "held = 0"
        for name, rule, bit in asked:
            yield f"if {name}({'visitor, now' if rule.reads_clock else 'visitor'}):"
            yield f"    held |= {1 << bit}"
        yield from deliver(answer("held"))

    return lines, {name: rule for name, rule, _ in asked}


def first_of(claim: Partition | Priority, predicate: PredicateOf, zone: dt.tzinfo, wanted: Strategy | None) -> Prepared:
    """The first member that holds, by name; else `otherwise`. Raises ValueError where that way cannot answer this."""
    started = time.perf_counter()
    members, otherwise = claim.members, claim.otherwise if isinstance(claim, Priority) else None
    made = indexed([member.kernel for member in members], zone)
    by_row = [otherwise] * (made.index.all.bit_length() + 1)
    for member, own in zip(members, made.rows, strict=True):
        for place in own:
            by_row[place] = member.name

    def exactly(visitor: Any, now: dt.datetime | None) -> str | None:
        rows = made.index.rows(visitor, context_at(now, zone))
        return by_row[(rows & -rows).bit_length() - 1]

    names: dict[str, Any] = {}
    functions: list[str] = []
    nodes = 0
    strategy, why = wanted or Strategy.TREE, "wanted" if wanted else "one answer, and its tree is small enough"
    if strategy is Strategy.TREE:
        try:
            tree = tree_of(made)
        except TooLarge:
            if wanted:
                raise ValueError(f"the tree of {claim.name} would be too large") from None
            strategy, why = Strategy.BITMAP, "its tree would be too large"
            if len(members) <= SEVERAL:
                strategy, why = Strategy.PREDICATES, "its tree would be too large, and the members are not many"
        else:
            nodes = tree.nodes
            branching = TreeCode(made, tree, [*(member.name for member in members), otherwise])
            lines: Lines = branching.lines
            names, functions = branching.names, branching.functions
    match strategy:
        case Strategy.TREE:
            pass
        case Strategy.BITMAP:
            code = BitmapCode(made)
            lines, names = partial(code.first, by_row), code.names
        case Strategy.PREDICATES:
            lines, names = _in_turn(members, predicate, otherwise)
        case _:
            assert_never(strategy)
    tuple(lines(lambda answer: [answer]))  # fills the names in
    scope = {**names, **_common(exactly, zone)}
    return Prepared(_plan(claim.name, strategy, why, made, names, nodes, started), "assign", lines, functions, scope)


def _in_turn(members: Sequence[Segment], predicate: PredicateOf, otherwise: str | None) -> tuple[Lines, dict[str, Any]]:
    """Asks each member's own function until one holds."""
    asked = [(f"segment_{number}", predicate(member.name), member.name) for number, member in enumerate(members)]

    def lines(deliver: Callable[[str], list[str]]) -> Iterable[str]:
        for function_name, rule, name in asked:
            yield f"if {function_name}({'visitor, now' if rule.reads_clock else 'visitor'}):"
            yield from (f"    {line}" for line in deliver(repr(name)))
        yield from deliver(repr(otherwise))

    return lines, {name: rule for name, rule, _ in asked}


def _common(exactly: Callable[..., Any], zone: dt.tzinfo) -> dict[str, Any]:
    return {
        "exactly": exactly,
        "context_at": lambda now: context_at(now, zone),
        "instant": lambda now: context_at(now, zone).now,
    }


def _plan(
    of: str, strategy: Strategy, why: str, made: Indexed, names: dict[str, Any], nodes: int, started: float
) -> Plan:
    index = made.index
    masks: list[int] = []
    learnt = 0
    if strategy is Strategy.BITMAP:
        for axis in index.axes:
            masks += [*axis.left, axis.unknown]
        for one in names.values():
            learnt += one.most if isinstance(one, Learnt) else 0
    size = sum(map(getsizeof, masks)) + learnt * getsizeof(index.all)
    rows = sum(map(len, made.rows))
    dimensions = len(made.dimensions)
    seconds = time.perf_counter() - started
    return Plan(of, strategy, why, len(made.rows), rows, dimensions, nodes, len(masks), learnt, size, seconds)
