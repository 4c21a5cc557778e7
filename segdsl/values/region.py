"""A set of values of one dimension, with unknown in it or not.

The values of a dimension are in one total order (`segdsl.values.kinds` chooses Python values for which `<` is that
order). A set is written as the *cut points* at which membership flips, going up the order: a cut `(v, False)` lies just
before v, `(v, True)` just after it, so every mix of open, closed and unbounded intervals has one form. Union,
intersection and complement are a merge of two sorted lists (the sweep of F. P. Preparata and M. I. Shamos,
"Computational Geometry", 1985, section 8.4, in one dimension).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Self

from attrs import frozen

from segdsl.values.unknown import UNKNOWN

Cut = tuple[Any, bool]
"""A place in the order: (value, False) just before the value, (value, True) just after it."""


@frozen
class Interval:
    """The values between two cuts; None is no bound on that side."""

    low: Cut | None
    high: Cut | None

    @property
    def single(self) -> bool:
        """Whether it holds one value only."""
        return (
            self.low is not None
            and self.high is not None
            and self.low[0] == self.high[0]
            and not self.low[1]
            and self.high[1]
        )

    def __contains__(self, value: Any) -> bool:
        return (self.low is None or self.low <= (value, False)) and (self.high is None or (value, True) <= self.high)


@frozen(cache_hash=True)
class Region:
    """Values between cuts. `below`: do the values under every cut belong? `unknown`: does unknown belong?

    `a & b`, `a | b`, `~a`, `a - b`, `value in a` are those of sets, over all values and unknown.
    """

    cuts: tuple[Cut, ...]
    below: bool
    unknown: bool

    @classmethod
    def nothing(cls) -> Self:
        return cls((), False, False)

    @classmethod
    def everything(cls) -> Self:
        return cls((), True, True)

    @classmethod
    def known(cls) -> Self:
        """Every value, but not unknown."""
        return cls((), True, False)

    @classmethod
    def only_unknown(cls) -> Self:
        return cls((), False, True)

    @classmethod
    def of(cls, values: Iterable[Any]) -> Self:
        """Exactly these values."""
        cuts = tuple(cut for value in sorted(set(values)) for cut in ((value, False), (value, True)))
        return cls(cuts, False, False)

    @classmethod
    def between(cls, low: Cut | None, high: Cut | None) -> Self:
        """The values above one cut and below the other; None is no bound."""
        if low is not None and high is not None and low >= high:
            return cls.nothing()
        return cls(tuple(cut for cut in (low, high) if cut is not None), low is None, False)

    @classmethod
    def spanning(cls, intervals: Iterable[Interval]) -> Self:
        """The values in at least one of the intervals."""
        depth: dict[Cut, int] = {}
        below = 0
        for interval in intervals:
            if interval.low is None:
                below += 1
            else:
                depth[interval.low] = depth.get(interval.low, 0) + 1
            if interval.high is not None:
                depth[interval.high] = depth.get(interval.high, 0) - 1
        cuts: list[Cut] = []
        open_now = below
        for cut in sorted(depth):
            before, open_now = open_now, open_now + depth[cut]
            if (before > 0) is not (open_now > 0):
                cuts.append(cut)
        return cls(tuple(cuts), below > 0, False)

    def __contains__(self, value: Any) -> bool:
        if value is UNKNOWN:
            return self.unknown
        return self.below ^ (bisect_right(self.cuts, (value, False)) % 2 == 1)

    def __invert__(self) -> Self:
        return type(self)(self.cuts, not self.below, not self.unknown)

    def __and__(self, other: Self) -> Self:
        return self._merge(other, lambda a, b: a and b)

    def __or__(self, other: Self) -> Self:
        return self._merge(other, lambda a, b: a or b)

    def __sub__(self, other: Self) -> Self:
        return self._merge(other, lambda a, b: a and not b)

    def __bool__(self) -> bool:
        """Whether anything belongs, as far as the order alone can tell."""
        return self.unknown or self.below or bool(self.cuts)

    @property
    def values(self) -> Self:
        """The same without unknown."""
        return type(self)(self.cuts, self.below, False)

    def intervals(self) -> Iterator[Interval]:
        """The stretches that belong, going up."""
        edges: list[Cut | None] = [*([None] if self.below else []), *self.cuts]
        if len(edges) % 2:
            edges.append(None)
        for position in range(0, len(edges), 2):
            yield Interval(edges[position], edges[position + 1])

    def singles(self) -> tuple[Any, ...] | None:
        """Its values, when they are finitely many and written one by one; otherwise None. Unknown is not counted."""
        values = []
        for interval in self.intervals():
            if not interval.single or interval.low is None:
                return None
            values.append(interval.low[0])
        return tuple(values)

    def stepped(self, first_after: Callable[[Cut], Any]) -> Self:
        """The same set where every value has a next one: each cut moves to just before the first value above it.

        `first_after` gives that value, or None when no value is above.
        """
        flipped: dict[Cut, None] = {}
        for cut in self.cuts:
            value = first_after(cut)
            if value is None:
                continue
            if (value, False) in flipped:  # two flips in one place are none
                del flipped[value, False]
            else:
                flipped[value, False] = None
        return type(self)(tuple(flipped), self.below, self.unknown)

    def _merge(self, other: Self, rule: Callable[[bool, bool], bool]) -> Self:
        mine, theirs = self.below, other.below
        below = inside = rule(mine, theirs)
        cuts: list[Cut] = []
        left, right = 0, 0
        while left < len(self.cuts) or right < len(other.cuts):
            first = self.cuts[left] if left < len(self.cuts) else None
            second = other.cuts[right] if right < len(other.cuts) else None
            cut = min(c for c in (first, second) if c is not None)
            if first == cut:
                mine, left = not mine, left + 1
            if second == cut:
                theirs, right = not theirs, right + 1
            if rule(mine, theirs) is not inside:
                inside = not inside
                cuts.append(cut)
        return type(self)(tuple(cuts), below, rule(self.unknown, other.unknown))


def cells(regions: Iterable[Region]) -> Iterator[tuple[int, Interval]]:
    """Cut the order at every cut point of the regions.

    Yields, going up, each stretch between neighbouring cuts with its signature: an integer whose bit i says that the
    stretch lies in the i-th region. Stretches may be empty when values have gaps (no integer lies between 1 and 2).
    """
    flips: dict[Cut, int] = {}
    signature = 0
    for number, region in enumerate(regions):
        bit = 1 << number
        if region.below:
            signature |= bit
        for cut in region.cuts:
            flips[cut] = flips.get(cut, 0) ^ bit
    ordered = sorted(flips)
    edges: list[Cut | None] = [None, *ordered, None]
    for low, high in pairwise(edges):
        if low is not None:
            signature ^= flips[low]
        yield signature, Interval(low, high)
