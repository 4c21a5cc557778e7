"""Verdicts: proved, refuted with visitors that show it, or unknown with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from attrs import Factory, define, field, frozen

from segdsl.prove.witness import Visitor


@frozen
class Counterexample:
    """A visitor for whom a claim is false.

    `segments` are the names of those that hold, where that is the point; `region` is the largest box around the visitor
    in which the claim is false, as a condition, and `share` how many of the cells it is.
    """

    visitor: Visitor
    segments: tuple[str, ...]
    region: str
    share: str


@define(eq=False)
class Found(Sequence[Counterexample]):
    """Counterexamples, each worked out when it is first looked at: it is certain before that there is one.

    `segments` has the names of those that hold, for each; which one to look at can be chosen by them.
    """

    segments: Sequence[tuple[str, ...]]
    _look: Callable[[int], Counterexample] = field(repr=False)
    _seen: dict[int, Counterexample] = field(default=Factory(dict), repr=False)

    @classmethod
    def of(cls, counterexamples: Sequence[Counterexample]) -> Found:
        """Those that are worked out already."""
        return cls([one.segments for one in counterexamples], counterexamples.__getitem__)

    def __len__(self) -> int:
        return len(self.segments)

    @overload
    def __getitem__(self, place: int) -> Counterexample: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Counterexample]: ...
    def __getitem__(self, place: int | slice) -> Counterexample | Sequence[Counterexample]:
        if isinstance(place, slice):
            return [self[number] for number in range(len(self))[place]]
        number = range(len(self))[place]
        if number not in self._seen:
            self._seen[number] = self._look(number)
        return self._seen[number]


@frozen
class Proved:
    """True of every possible visitor."""


@frozen
class Refuted:
    """False, as these visitors show. `complete` is False when the search stopped before it had seen everything."""

    witnesses: Found
    complete: bool = True

    @property
    def witness(self) -> Counterexample:
        """The first of them."""
        return self.witnesses[0]


@frozen
class Unknown:
    """Neither proved nor refuted, and why."""

    reason: str


Verdict = Proved | Refuted | Unknown


@frozen
class PartitionVerdict:
    """What is known of a partition: do no two segments overlap, is everybody in one, and nobody in one outside `of`?"""

    exclusive: Verdict
    covering: Verdict
    inside: Verdict


@frozen
class PriorityVerdict:
    """What is known of a priority list: for each member whether it can win, and whether the members cover everybody.

    Whoever they do not cover is given what `otherwise` says, if it says anything.
    """

    winners: dict[str, Verdict]
    """`Refuted` shows a visitor who gets the segment: the claim is that nobody does."""
    covering: Verdict
    shadowed: dict[str, tuple[str, ...]] = Factory(dict)
    """For each member that nobody gets, though somebody is in it, the earlier ones that take everybody."""
