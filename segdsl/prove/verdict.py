"""Verdicts: proved, refuted with visitors that show it, or unknown with the reason."""

from __future__ import annotations

from attrs import frozen

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
    boundary: tuple[str, object] | None = None
    """A dimension and its one value, where the region has no other of it."""


@frozen
class Proved:
    """True of every possible visitor."""


@frozen
class Refuted:
    """False, as these visitors show. `complete` is False when the search stopped before it had seen everything."""

    witnesses: tuple[Counterexample, ...]
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
