"""The values at which a test changes its mind, and those beside them.

In: a test of one dimension, standing still. Out: `Probe`s: values as a host would send them, in words, on both sides of
every boundary of the test. What tests of functions need is looked for around a visitor (`segdsl.conform.flips`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import suppress
from math import inf, isfinite, nextafter
from typing import Any, assert_never

from attrs import frozen

from segdsl.conform.replies import Sent, sent
from segdsl.program import expression as ex
from segdsl.program import kernel as k
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
    domain,
    read,
)
from segdsl.values.plain import plainest_of_each
from segdsl.values.region import Cut, Region
from segdsl.values.unknown import UNKNOWN
from segdsl.values.version import versions_near
from segdsl.values.words import Shape, TextPattern, Wildcard, parse_glob
from segdsl.values.written import raw, show

DAY, TICK = dt.timedelta(days=1), dt.timedelta(microseconds=1)
LONGEST = 60
"""Characters of a value that are shown in words."""
ABSENT = "other"
"""A text that rules seldom mention."""


@frozen
class Probe:
    """A value to send (None: send nothing), and what it is in words. `deep`: further from a boundary than needed."""

    text: Sent | None
    words: str
    deep: bool = False
    region: Region | None = None
    """What it reads as, as a set of values; None where that is not known."""


def probe(dimension: Dimension, value: Any, words: str | None = None, deep: bool = False) -> Probe | None:
    """A known value; None where plain data cannot hold it."""
    try:
        plain = raw(dimension.kind, value)
        text = sent(plain)
        text.encode("utf-8")
    except (ValueError, OverflowError, TypeError):
        return None
    return Probe(
        text, f"{dimension.name} {words or 'is'} {shown(dimension.kind, value)}", deep, _read_as(dimension, plain)
    )


def _read_as(dimension: Dimension, plain: Any) -> Region | None:
    value = read(dimension.kind, plain)
    if value is UNKNOWN:
        value = dimension.default
    if value is UNKNOWN:
        return Region.only_unknown() if dimension.can_be_unknown else None
    return None if isinstance(dimension.kind, SetOf | Point) else Region.of((value,))


def missing(dimension: Dimension) -> Probe:
    """Nothing is sent; further from the boundaries than needed where a value is promised."""
    return Probe(None, f"{dimension.name} is missing", dimension.required, _read_as(dimension, None))


def shown(kind: Kind, value: Any) -> str:
    text = show(kind, value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def probes(dimension: Dimension, leaves: Iterable[k.Leaf]) -> list[Probe]:
    """Values of a dimension at and beside every boundary of the tests of it, each once; and nothing at all."""
    found: dict[Sent | None, Probe] = {}
    own = [leaf for leaf in leaves if leaf.term == ex.Read(dimension)]
    made: list[Probe | None] = []
    for leaf in own:
        match leaf:
            case k.Test(region=region):
                made += _of_region(dimension, region)
            case k.TextTest(pattern=pattern):
                made += (probe(dimension, text) for text in _texts(pattern))
            case k.MemberTest() | k.Moving():
                continue
            case _:
                assert_never(leaf)
    if isinstance(dimension.kind, Text):
        made += _other_texts(dimension, dimension.kind, own)
    if isinstance(dimension.kind, SetOf):
        made += (probe(dimension, members) for members in _sets(dimension.kind.member, own))
    made.append(missing(dimension))
    for one in made:
        if one is not None and (one.text not in found or (found[one.text].deep and not one.deep)):
            found[one.text] = one
    return list(found.values())


# Orders


def _of_region(dimension: Dimension, region: Region) -> Iterator[Probe | None]:
    kind = dimension.kind
    if isinstance(kind, SetOf | Point):
        yield probe(dimension, frozenset() if isinstance(kind, SetOf) else (0.0, 0.0))
        return
    if not region.cuts:
        value = plain_value(kind)
        yield None if value is None else probe(dimension, value)
        return
    half = len(region.cuts) == 1
    for cut in region.cuts:
        yield from _at_cut(dimension, kind, cut, half)


def _at_cut(dimension: Dimension, kind: Kind, cut: Cut, half: bool) -> Iterator[Probe | None]:
    """Both sides of a cut; and where it is the only one, a value that is further away on each side."""
    value, after = cut
    match kind:
        case Integer() | Date():
            step: Any = 1 if isinstance(kind, Integer) else DAY
            with suppress(OverflowError):
                first = value + step if after else value
                yield probe(dimension, first - step)
                yield probe(dimension, first)
                if half:
                    yield probe(dimension, first - 2 * step, deep=True)
                    yield probe(dimension, first + step, deep=True)
        case Number() | Duration() | Distance():
            below, above = nextafter(value, -inf), nextafter(value, inf)
            yield from _beside(dimension, value, after, half, below, above, isfinite(below), isfinite(above))
            yield from (probe(dimension, value + step, deep=True) for step in (-1.0, 1.0))
        case Datetime():
            with suppress(OverflowError):
                yield from _beside(dimension, value, after, half, value - TICK, value + TICK)
        case Boolean():
            yield probe(dimension, True)
            yield probe(dimension, False)
        case Text():
            ended = value.endswith("\0")  # the next text after one is that with a NUL behind
            text = value[:-1] if ended else value
            yield probe(dimension, text)
            if ended or after:
                yield probe(dimension, text + " ")
            if text and not (ended or after):
                yield probe(dimension, text[:-1], deep=not half)
        case Version():
            near = sorted({*versions_near(value, None), *versions_near(None, value)})
            yield from (probe(dimension, one) for one in [one for one in near if one < value][-1:])
            yield probe(dimension, value)
            yield from (probe(dimension, one) for one in [one for one in near if one > value][:1])
        case Ip():
            family, address = value
            for one in (address, address + 1) if after else (address - 1, address):
                if 0 <= one < 2 ** (32 if family == 4 else 128):
                    yield probe(dimension, (family, one))
        case SetOf() | Point():
            return
        case _:
            assert_never(kind)


def _beside(
    dimension: Dimension,
    value: Any,
    after: bool,
    half: bool,
    below: Any,
    above: Any,
    lower: bool = True,
    upper: bool = True,
) -> Iterator[Probe | None]:
    yield probe(dimension, value)
    if lower and (half or not after):
        yield _just(dimension, below, value, "just below", deep=after)
    if upper and (half or after):
        yield _just(dimension, above, value, "just above", deep=not after)


def _just(dimension: Dimension, value: Any, beside: Any, words: str, deep: bool) -> Probe | None:
    """A value that reads badly itself: in words it is the one that it is next to."""
    found = probe(dimension, value, deep=deep)
    if found is None:
        return None
    return Probe(found.text, f"{dimension.name} {words} {shown(dimension.kind, beside)}", deep, found.region)


def plain_value(kind: Kind) -> Any:
    """The plainest value that a kind has; None where it has none."""
    match kind:
        case SetOf():
            return frozenset()
        case Point():
            return (0.0, 0.0)
        case _:
            return next(plainest_of_each(kind, domain(kind).intervals()), None)


# Texts and sets


def _texts(pattern: TextPattern) -> Iterator[str]:
    """Texts that have a pattern, and others that nearly do."""
    text = pattern.text
    match pattern.shape:
        case Shape.STARTS:
            yield from (text, text + "x", "x" + text, text[:-1])
        case Shape.ENDS:
            yield from (text, "x" + text, text + "x", text[1:])
        case Shape.CONTAINS:
            yield from (text, f"x{text}x", text[:-1], text[1:])
        case Shape.GLOB:
            parts = parse_glob(text)
            for one, run in (("x", ""), ("é", "xy"), ("", "x"), ("xy", "x")):
                yield "".join(
                    part if isinstance(part, str) else run if part is Wildcard.ANY_RUN else one for part in parts
                )
            shortest = "".join(
                part if isinstance(part, str) else "" if part is Wildcard.ANY_RUN else "x" for part in parts
            )
            yield from (shortest + "x", "x" + shortest, shortest[:-1], shortest[1:])
        case _:
            assert_never(pattern.shape)
    if text.swapcase() != text:
        yield text.swapcase()


def _other_texts(dimension: Dimension, kind: Text, leaves: list[k.Leaf]) -> Iterator[Probe | None]:
    """One text that no list mentions; and the first that is mentioned in other letters."""
    mentioned: dict[str, None] = {}
    for leaf in leaves:
        if isinstance(leaf, k.Test):
            mentioned.update(dict.fromkeys(cut[0].rstrip("\0") for cut in leaf.region.cuts))
    if kind.choices is not None:
        others = sorted(one for one in kind.choices if one not in mentioned)
        below = [one for one in others if mentioned and one < min(mentioned)]
        above = [one for one in others if mentioned and one > max(mentioned)]
        yield from (probe(dimension, one) for one in (*(below[-1:] + above[:1] or others[:1]),))
    elif mentioned:
        yield probe(dimension, next(one for one in (ABSENT, "something", "another one") if one not in mentioned))
    for text in mentioned:
        if text.swapcase() != text:
            yield probe(dimension, text.swapcase())
            yield probe(dimension, text.swapcase() + " ", deep=True)
            break


def around_text(dimension: Dimension, text: str) -> list[Probe]:
    """Texts a little different from one that fulfils several tests."""
    made = (
        probe(dimension, one) for one in (text + "x", "x" + text, f"x{text}x", text[:-1], text[1:], text.swapcase())
    )
    return [one for one in made if one is not None and one.text != sent(text)]


def _sets(member: Text, leaves: list[k.Leaf]) -> Iterator[frozenset[str]]:
    """Sets with each member that is asked for alone, without each, with all, and with another one."""
    regions = [leaf.members for leaf in leaves if isinstance(leaf, k.MemberTest)]
    mentioned = list(dict.fromkeys(cut[0].rstrip("\0") for region in regions for cut in region.cuts))
    free = member.choices if member.choices is not None else (ABSENT, "something")
    other = [one for one in free if one not in mentioned][:1]
    yield frozenset()
    for one in mentioned:
        yield frozenset((one,))
    yield frozenset(mentioned)
    if len(mentioned) > 2:
        for one in mentioned:
            yield frozenset(mentioned) - {one}
    if other:
        yield frozenset(other)
        yield frozenset((*mentioned, *other))
        for one in mentioned[:1]:
            yield frozenset((one, *other))
    for one in mentioned:
        if one.swapcase() != one:
            yield frozenset((one.swapcase(),))
            break
