"""Where a test changes its mind that is no plain set of values: along one dimension, or along time.

In: a test, and a visitor around whom it is looked at. Out: values (or instants) on both sides of places where the test
comes out differently, as close together as the kind allows. They are found by trying values that suggest themselves
and halving the stretch between two that differ; not every such place is found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from math import cos, inf, isfinite, nextafter, radians
from typing import Any

from segdsl.conform.edges import DAY, TICK, Probe, missing, plain_value, probe
from segdsl.conform.replies import Person, Replies
from segdsl.conform.turning import Leaf
from segdsl.operators.geo import DISTANCE, MEAN_RADIUS
from segdsl.operators.operator import Context
from segdsl.operators.textual import BUCKET, NUMBER
from segdsl.program import expression as ex
from segdsl.program.lower import closed_value
from segdsl.program.reference import value_of
from segdsl.program.schema import Dimension
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Distance,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    Point,
    SetOf,
    Text,
    Version,
)
from segdsl.values.unknown import UNKNOWN
from segdsl.values.version import versions_near
from segdsl.values.written import number

MOST_FLIPS = 4
"""Of one test along one dimension."""
MOST_IDENTIFIERS = 400
"""That are tried for shares of visitors."""
CLOSE = 1e-6
"""How near to the edge of a circle a place is put, as a part of its radius: kilometres are worked out in floats."""
HOUR = dt.timedelta(hours=1)
Known = Callable[[Any], bool]


def value_flips(replies: Replies, leaf: Leaf, dimension: Dimension, person: Person) -> Iterator[Probe]:
    """Values of one dimension on both sides of where a test flips, all others being as they are; and nothing at all."""
    context = Context(person.now, replies.program.zone)
    terms = _terms(leaf)

    def truth(value: Any) -> bool:
        made = probe(dimension, value)
        return made is not None and replies.truth(leaf, person.but(dimension, made.text))

    candidates = list(dict.fromkeys(_candidates(dimension, terms, replies, person, context)))
    if isinstance(dimension.kind, Integer | Number | Duration | Date | Datetime):
        found = list(_edges(dimension.kind, sorted(candidates), truth))
    else:

        def rank(value: Any) -> tuple[int, float]:
            return rank_of(terms, dimension, value, person, context)

        ranked = sorted(candidates, key=rank)
        flips = [(left, right) for left, right in pairwise(ranked) if truth(left) is not truth(right)][:MOST_FLIPS]
        if isinstance(dimension.kind, Point):
            flips = [_nearer(left, right, truth, rank) for left, right in flips]
        found = list(dict.fromkeys(value for flip in flips for value in flip))
    for goal in _goals(terms, context):
        found += _around(goal, [(rank_of(terms, dimension, value, person, context), value) for value in candidates])
    found = list(dict.fromkeys(found))
    outcomes = {truth(value) for value in found}
    for value in candidates:
        if len(outcomes) == 2:
            break
        if truth(value) not in outcomes:
            outcomes.add(truth(value))
            found.append(value)
    made = (probe(dimension, value) for value in found)
    yield from (one for one in made if one is not None)
    yield missing(dimension)


def instant_flips(replies: Replies, leaf: Leaf, person: Person) -> Iterator[tuple[dt.datetime, str]]:
    """Instants on both sides of where a test that reads the clock flips for a visitor, nearest ones first."""

    def truth(now: Any) -> bool:
        return replies.truth(leaf, person.at(now))

    steps = sorted(_steps())
    after = [person.now + step for step in steps]
    before = [person.now - step for step in steps]
    words = leaf_words(leaf)
    for instants in (after, before):
        for low, high in pairwise(instants):
            if truth(low) is not truth(high):
                early, late = _halved(Datetime(), min(low, high), max(low, high), truth)
                yield early, f"just before now turns {words}"
                yield late, f"just when now turns {words}"
                break


def leaf_words(leaf: Leaf) -> str:
    """A test as it is written."""
    if isinstance(leaf, ex.Named):
        return leaf.name
    text = "a state" if leaf.span is None else " ".join(leaf.span.text.split())
    return text if len(text) <= 80 else text[:79] + "…"


@lru_cache(maxsize=1)
def _steps() -> tuple[dt.timedelta, ...]:
    return tuple(
        dict.fromkeys(
            (
                dt.timedelta(0),
                TICK,
                *(dt.timedelta(minutes=one) for one in (1, 10, 30)),
                *(HOUR * one for one in range(1, 49)),
                *(DAY * one for one in range(2, 70)),
                *(DAY * 15 * one for one in range(5, 30)),
                *(DAY * 365 * one for one in range(2, 12)),
            )
        )
    )


def _terms(leaf: Leaf) -> tuple[ex.Term, ...]:
    match leaf:
        case ex.Test(subject=subject, operand=operand):
            return (subject, operand)
        case ex.Known(subject):
            return (subject,)
        case _:
            return ()


def _goals(terms: tuple[ex.Term, ...], context: Context) -> list[float]:
    """The numbers that a function is compared with."""
    return [float(one) for one in _constants(terms[1:], context) if isinstance(one, int | float)][:MOST_FLIPS]


def _around(goal: float, ranked: list[tuple[tuple[int, float], Any]]) -> Iterator[Any]:
    """Of values with what a function makes of them: one that gives just what is wanted, the next below and above."""
    known = [(result, value) for (told, result), value in ranked if told]
    for side in (
        [one for one in known if one[0] == goal],
        [(-result, value) for result, value in known if result < goal],
        [one for one in known if one[0] > goal],
    ):
        if side:
            yield min(side, key=lambda one: one[0])[1]


def rank_of(
    terms: tuple[ex.Term, ...], dimension: Dimension, value: Any, person: Person, context: Context
) -> tuple[int, float]:
    """What a test's function makes of a value, as a place in an order; (0, 0) where it makes no number of it."""
    made = probe(dimension, value)
    if made is None or not terms or not isinstance(terms[0].kind, Number | Integer | Duration | Distance):
        return (0, 0.0)
    result = value_of(terms[0], person.but(dimension, made.text).record, context)
    return (0, 0.0) if result is UNKNOWN else (1, float(result))


# Halving


def _edges(kind: Kind, ordered: list[Any], truth: Known) -> Iterator[Any]:
    """Values on both sides of the first places where the truth changes along an order; single ones with a neighbour."""
    flips = 0
    for low, high in pairwise(ordered):
        if flips < MOST_FLIPS and truth(low) is not truth(high):
            flips += 1
            yield from _halved(kind, low, high, truth)


def _halved(kind: Kind, low: Any, high: Any, truth: Known) -> tuple[Any, Any]:
    """Two neighbours between two values that come out differently, that come out differently too."""
    first = truth(low)
    for _ in range(1100):  # halvings of the widest stretch of doubles
        middle = _middle(kind, low, high)
        if middle is None or not low < middle < high:
            break
        low, high = (middle, high) if truth(middle) is first else (low, middle)
    return low, high


def _middle(kind: Kind, low: Any, high: Any) -> Any | None:
    match kind:
        case Integer():
            return (low + high) // 2
        case Date():
            return low + DAY * ((high - low).days // 2)
        case Datetime():
            return low + (high - low) / 2
        case _:
            middle = low / 2 + high / 2
            return middle if isfinite(middle) else None


def _nearer(one: Any, other: Any, truth: Known, rank: Callable[[Any], tuple[int, float]]) -> tuple[Any, Any]:
    """Two places on the way from one to another, as near to each other as kilometres can be told apart for certain."""
    first = truth(one)
    for _ in range(60):
        if abs(rank(one)[1] - rank(other)[1]) <= max(CLOSE * rank(one)[1], CLOSE):
            break
        middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
        one, other = (middle, other) if truth(middle) is first else (one, middle)
    return one, other


# What suggests itself


def _candidates(
    dimension: Dimension, terms: Iterable[ex.Term], replies: Replies, person: Person, context: Context
) -> Iterator[Any]:
    """Values worth trying: those that the test mentions, those of other dimensions in it, and usual ones."""
    kind = dimension.kind
    constants = list(_constants(terms, context))
    others = [
        value
        for term in terms
        for one in ex.dimensions_of(term)
        if one is not dimension and (value := replies.value(one, person)) is not UNKNOWN
    ]
    own = replies.value(dimension, person)
    yield from () if own is UNKNOWN else (own,)
    match kind:
        case Integer() | Number() | Duration():
            numbers = [one for one in (*constants, *others) if isinstance(one, int | float)]
            for value in _numbers(numbers, isinstance(kind, Duration)):
                if isfinite(value) and _inside(kind, value):
                    yield round(value) if isinstance(kind, Integer) else float(value)
        case Date() | Datetime():
            yield from _times(isinstance(kind, Datetime), [*constants, *others], context)
        case Text():
            yield from _texts(terms, [*constants, *others])
        case Point():
            yield from _places(terms, constants)
        case Boolean():
            yield from (True, False)
        case Version():
            found = [one for one in (*constants, *others) if isinstance(one, tuple) and len(one) == 3]
            yield from (near for one in found for near in (one, *versions_near(one, None), *versions_near(None, one)))
            yield from versions_near(None, None)
        case Ip():
            yield from (one for one in (*constants, *others) if isinstance(one, tuple) and len(one) == 2)
            yield plain_value(kind)
        case SetOf():
            yield frozenset()


def _constants(terms: Iterable[ex.Term], context: Context) -> Iterator[Any]:
    """The values that terms mention, the ends of ranges among them."""
    for term in terms:
        match term:
            case ex.Constant(value=value) if isinstance(value, tuple) and value and hasattr(value[0], "low"):
                yield from (cut[0] for one in value for cut in (one.low, one.high) if cut is not None)
            case ex.Constant(value=value):
                yield value
            case ex.Apply(arguments=arguments):
                if not ex.dimensions_of(term):
                    value = closed_value(term, context)
                    yield from value if isinstance(value, tuple) else () if value is UNKNOWN else (value,)
                else:
                    yield from _constants(arguments, context)
            case ex.Now():
                yield context.now
            case ex.Read():
                continue


def _inside(kind: Integer | Number | Duration, value: float) -> bool:
    if isinstance(kind, Duration):
        return True
    return (kind.low is None or kind.low <= (value, False)) and (kind.high is None or (value, True) <= kind.high)


def _numbers(mentioned: list[float], lengths: bool) -> Iterator[float]:
    usual = (0, 1, 2, 3, 5, 10, 20, 50, 100, 1000, 1_000_000, *((60, 3600, 86400, 30 * 86400) if lengths else ()))
    bases = list(dict.fromkeys((*mentioned, *usual)))
    for base in bases:
        yield from (base, -base, base + 1, base - 1, base / 2, base + 0.5)
    for one in mentioned[:6]:
        for other in mentioned[:6]:
            yield from (one - other, one + other, one * other, *((one / other,) if other else ()))
            for value in (one - other, one / other if other else 0.0):
                yield from (nextafter(value, inf), nextafter(value, -inf))


def _times(moments: bool, mentioned: list[Any], context: Context) -> Iterator[Any]:
    zone = context.zone
    anchors = [context.now, *(one for one in mentioned if isinstance(one, dt.date | dt.datetime))]
    years = [one for one in mentioned if isinstance(one, int) and not isinstance(one, bool) and 1900 < one < 2200]
    anchors += [dt.date(year, 1, 1) for year in years]
    lengths = [one for one in mentioned if isinstance(one, float) and abs(one) < 4e9]
    for anchor in anchors:
        with suppress(OverflowError, ValueError):
            if moments:
                moment = anchor if isinstance(anchor, dt.datetime) else dt.datetime.combine(anchor, dt.time(), zone)
                start: Any = moment.astimezone(dt.UTC)
            else:
                start = anchor.astimezone(zone).date() if isinstance(anchor, dt.datetime) else anchor
            steps = [DAY * one for one in (*range(-40, 41), *range(-400, 401, 10), *range(-4000, 4001, 365))]
            steps += [dt.timedelta(seconds=sign * one) for one in lengths for sign in (1, -1)]
            if moments:
                steps += [*(HOUR * one for one in range(-48, 49)), *(HOUR / 60 * one for one in range(-90, 91))]
            for step in steps:
                with suppress(OverflowError):
                    yield start + step
                    if step.days == 0 and moments:
                        yield from (start + step - TICK, start + step + TICK)


def _texts(terms: Iterable[ex.Term], mentioned: list[Any]) -> Iterator[str]:
    functions = {one.function for term in terms for one in _applied(term)}
    for one in mentioned:
        if isinstance(one, str):
            yield from (one, one.upper(), one.lower(), one + " ", one[:-1], f"x{one}x", f"x{one}", f"{one}x")
    if NUMBER in functions:
        for one in mentioned:
            if isinstance(one, int | float):
                near = (one, one - 1, one + 1, nextafter(float(one), inf), nextafter(float(one), -inf))
                yield from (number(value) for value in near if isfinite(value))
        yield from ("1e3", " 1", "", "many")
    if BUCKET in functions:
        yield from (f"visitor-{count}" for count in range(1, MOST_IDENTIFIERS))
    yield from ("other", "")


def _applied(term: ex.Term) -> Iterator[ex.Apply]:
    if isinstance(term, ex.Apply):
        yield term
        for argument in term.arguments:
            yield from _applied(argument)


def _places(terms: Iterable[ex.Term], mentioned: list[Any]) -> Iterator[tuple[float, float]]:
    """The centre, places just inside and outside of each circle around it, and far away."""
    for term in terms:
        for applied in _applied(term):
            centre = [one.value for one in applied.arguments if isinstance(one, ex.Constant)]
            if applied.function != DISTANCE or len(centre) != 2:
                continue
            latitude, longitude = centre
            yield (latitude, longitude)
            for length in mentioned:
                degrees = float(length) / radians(1) / MEAN_RADIUS if isinstance(length, int | float) else 0.0
                for scale in (1 - CLOSE, 1 + CLOSE, 0.5, 2.0):
                    yield from (
                        place
                        for place in (
                            (latitude + degrees * scale, longitude),
                            (latitude - degrees * scale, longitude),
                            (latitude, longitude + degrees * scale / max(cos(radians(latitude)), 0.01)),
                        )
                        if abs(place[0]) <= 90 and abs(place[1]) <= 180
                    )
    yield from ((0.0, 0.0), (-59.91, -169.25))
