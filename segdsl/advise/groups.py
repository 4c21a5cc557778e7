"""Many overlapping pairs as few groups: one segment that was made too wide collides with many others.

In: pairs of names. Out: which of them to tell together, and which one by one; in time linear in the pairs.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

MOST_GROUPS = 10
"""Groups that are told; whoever has more should put these right first."""
MOST_FINDINGS = 20
"""Groups and single pairs that are told."""
FEWEST = 4
"""Pairs that make a group."""


@frozen
class Group:
    """A segment, and the pairs that it is in: by number, in order."""

    segment: str
    pairs: tuple[int, ...]
    others: tuple[str, ...]


@frozen
class Grouped:
    """What is told of some pairs: the groups, the largest first, then single pairs, in order. `rest`: the others."""

    groups: tuple[Group, ...]
    single: tuple[int, ...]
    rest: tuple[int, ...]


def grouped(pairs: Sequence[tuple[str, ...]]) -> Grouped:
    """Again and again the segment with most of the pairs that are left, and all these pairs."""
    numbers: dict[str, list[int]] = {}
    for number, (first, second) in enumerate(pairs):
        numbers.setdefault(first, []).append(number)
        numbers.setdefault(second, []).append(number)
    count = {name: len(own) for name, own in numbers.items()}
    waiting = bytearray(b"\1") * len(pairs)
    groups: list[Group] = []
    while len(groups) < MOST_GROUPS and max(count.values(), default=0) >= FEWEST:
        name = max(count, key=count.__getitem__)
        own = tuple(number for number in numbers[name] if waiting[number])
        others = []
        for number in own:
            waiting[number] = 0
            first, second = pairs[number]
            others.append(second if first == name else first)
            count[others[-1]] -= 1
        count[name] = 0
        groups.append(Group(name, own, tuple(others)))
    left = tuple(number for number, waits in enumerate(waiting) if waits)
    told = 0 if max(count.values(), default=0) >= FEWEST else MOST_FINDINGS - len(groups)
    return Grouped(tuple(groups), left[:told], left[told:])
