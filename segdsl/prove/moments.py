"""Which instants have to be looked at when rules move with now.

A rule such as `seen within 30 days` cuts the times of a visitor at places that move with now, past the fixed dates in
other rules. Between two instants at which such a cut reaches a fixed date nothing changes its order, so it is enough to
look at those instants and between them. In: kernels. Out: instants, one for each order, and whether they are all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

from attrs import frozen

from segdsl.operators.operator import Context, Function, Operator
from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.lower import at, closed_value
from segdsl.values.kinds import Boolean, Date
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN

USUAL = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
FIRST, LAST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
"""The instants of evaluation that a proof speaks of."""
TICK = dt.timedelta(microseconds=1)
MOST_CROSSINGS = 2_000
"""Of moving cuts with fixed ones that are looked at; with more of them no proof is complete."""


@frozen
class Moments:
    """`instants` show every order and every answer that was found, `orders` one instant for each order of the cuts.

    `closed`: there are tests of now alone, so that the instants may not show all of their answers. `complete`: there
    are no other orders of the cuts than these.
    """

    instants: tuple[dt.datetime, ...]
    orders: tuple[dt.datetime, ...]
    closed: bool
    complete: bool


def moments(kernels: list[k.Kernel], zone: dt.tzinfo) -> Moments:
    """The instants at which a claim about these kernels has to be decided."""
    every = list(k.distinct_leaves(kernels))
    closed = [leaf for leaf in every if not ex.dimensions_of(leaf.term)]
    moving = [leaf for leaf in every if isinstance(leaf, k.Moving) and ex.dimensions_of(leaf.term)]
    if not closed and not moving:
        return Moments((USUAL,), (USUAL,), closed=False, complete=True)
    uniform = _one_family(moving, zone)
    meetings = list(_meetings(every, moving, zone))
    crossings = _crossings(meetings[:MOST_CROSSINGS])
    candidates = {USUAL, *crossings, *(_calendar() if closed or not uniform else ())}
    instants: dict[object, dt.datetime] = {}
    orders: dict[object, dt.datetime] = {}
    for instant in sorted(candidates, key=lambda instant: abs(instant - USUAL)):
        context = Context(instant, zone)
        order = _order(every, moving, context)
        orders.setdefault(order, instant)
        instants.setdefault((order, tuple(type(at(leaf, context)) for leaf in closed)), instant)
    complete = uniform and len(meetings) <= MOST_CROSSINGS
    return Moments(tuple(instants.values()), tuple(orders.values()), bool(closed), complete)


def moves(leaves: Iterable[k.Leaf]) -> bool:
    """Whether a claim about these tests has to be asked at more than one instant.

    A function of a dimension and now is a value of its own, with the same cells at every instant: it does not count.
    """
    return any(isinstance(leaf, k.Moving) or not ex.dimensions_of(leaf.term) for leaf in leaves)


def opened(kernel: k.Kernel, closed_only: bool = False) -> k.Kernel:
    """The kernel with each test that moves as a test of a value of its own, which may be anything.

    What holds of it holds at every instant; what does not may still. `closed_only`: only tests of now alone.
    """
    match kernel:
        case k.All(parts):
            return k.every(opened(part, closed_only) for part in parts)
        case k.Any(parts):
            return k.some(opened(part, closed_only) for part in parts)
        case k.Moving(term, operator, operand, wanted) if not (closed_only and ex.dimensions_of(term)):
            function = _as_function(operator, operand)
            region = Region.of((True,))
            return k.Test(ex.Apply(function, (term,), Boolean()), region if wanted else ~region)
        case _:
            return kernel


def _as_function(operator: Operator, operand: ex.Term) -> Function:
    """Whether an operator holds between a value and what moves with now, as a function of the value."""

    def meaning(context: Context, value: object) -> object:
        moved = closed_value(operand, context)
        return False if moved is UNKNOWN else operator.meaning(value, moved)

    return Function(
        name=f"{operator.name} {operand!r}",
        usage="",
        parameters=((object,),),
        result=lambda *_: Boolean(),
        meaning=meaning,
        prose="",
        examples=(),
        public=False,
    )


def _one_family(moving: list[k.Moving], zone: dt.tzinfo) -> bool:
    """Whether every cut moves evenly: all by exact lengths, all by days and weeks, or all by months and years."""
    families = {family for leaf in moving for family in _families(leaf.operand)}
    if zone is dt.UTC and "days" in families and not any(isinstance(leaf.term.kind, Date) for leaf in moving):
        families = {"exact" if family == "days" else family for family in families}  # no clock is set there
    return len(families) <= 1


def _families(term: ex.Term) -> Iterator[str]:
    if isinstance(term, ex.Apply):
        name = term.function.name
        if any(unit in name for unit in ("month", "year")):
            yield "calendar"
        elif any(unit in name for unit in ("day", "week")) or name == "date":
            yield "days"
        elif name.startswith(("move", "window")):
            yield "exact"
        else:
            yield name
        for argument in term.arguments:
            yield from _families(argument)


def _calendar() -> Iterator[dt.datetime]:
    """Every day of four years and every hour of a week."""
    for day in range(1462):
        yield USUAL + dt.timedelta(days=day)
    for hour in range(24 * 7):
        yield USUAL + dt.timedelta(hours=hour)


def _fixed_cuts(every: list[k.Leaf]) -> dict[ex.Term, set[Any]]:
    cuts: dict[ex.Term, set[Any]] = {}
    for leaf in every:
        if isinstance(leaf, k.Test):
            cuts.setdefault(leaf.term, set()).update(cut[0] for cut in leaf.region.cuts)
    return cuts


def _moving_cuts(leaf: k.Moving, context: Context) -> tuple[tuple[ex.Term, Any], ...]:
    """Where a test that moves cuts its term's values at one instant."""
    return tuple(
        (still.term, cut[0])
        for still in k.leaves(at(leaf, context))
        if isinstance(still, k.Test)
        for cut in still.region.cuts
    )


def _meetings(every: list[k.Leaf], moving: list[k.Moving], zone: dt.tzinfo) -> Iterator[Callable[[], dt.datetime]]:
    """For each cut that moves and each fixed one on its way: the instant at which it is reached."""
    fixed = _fixed_cuts(every)
    for leaf in moving:
        for number, (term, _) in enumerate(_moving_cuts(leaf, Context(USUAL, zone))):
            for target in fixed.get(term, ()):
                yield partial(_first_reached, leaf, number, target, zone)


def _crossings(meetings: list[Callable[[], dt.datetime]]) -> Iterator[dt.datetime]:
    """Instants just before, at and after which a moving cut reaches a fixed one, and between any two of them."""
    ordered = sorted({reached() for reached in meetings})
    for crossing in ordered:
        yield crossing
        for step in (TICK, dt.timedelta(hours=1), dt.timedelta(days=1)):
            yield crossing - step
            yield crossing + step
    for left, right in pairwise(ordered):
        yield left + (right - left) / 2


@lru_cache(maxsize=20_000)
def _first_reached(leaf: k.Moving, number: int, target: Any, zone: dt.tzinfo) -> dt.datetime:
    """The same cuts meet in many claims of a file: each meeting is looked for once."""
    return _first(partial(_reached, leaf, number, target, zone))


def _reached(leaf: k.Moving, number: int, target: Any, zone: dt.tzinfo, now: dt.datetime) -> bool:
    cuts = _moving_cuts(leaf, Context(now, zone))
    return number < len(cuts) and bool(cuts[number][1] >= target)


def _first(holds: Callable[[dt.datetime], bool]) -> dt.datetime:
    """The first instant from which on something holds, to the microsecond."""
    low, high = FIRST, LAST
    while high - low > TICK:
        middle = low + (high - low) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _order(every: list[k.Leaf], moving: list[k.Moving], context: Context) -> object:
    """The order of all cuts of each term at one instant, and whether there is room between them."""
    cuts = {term: {(value, -1) for value in values} for term, values in _fixed_cuts(every).items()}
    for number, leaf in enumerate(moving):
        for term, value in _moving_cuts(leaf, context):
            cuts.setdefault(term, set()).add((value, number))
    orders = []
    for term, values in cuts.items():
        ranked = sorted(values)
        room = tuple(_room(before, after) for (before, _), (after, _) in pairwise(ranked))
        orders.append((term, tuple(owner for _, owner in ranked), room))
    return tuple(orders)


def _room(before: Any, after: Any) -> int:
    """Whether two cuts are in one place, so near that no moment is between them, or apart."""
    if before == after:
        return 0
    return 1 if isinstance(after, dt.datetime) and after - before <= TICK else 2
