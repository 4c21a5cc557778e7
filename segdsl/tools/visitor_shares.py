"""The shares of segments: of all cells of the table, and of the visitors in a file beside them.

In: rules, and data if there is some. Out: `Measured`. The data is read and counted as `segdsl assign` does it; but in a
partition a visitor who is in two segments counts in both, since that is what the rules say.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field, frozen

from segdsl.tools.assign import Assignment, Chooser, Tick, Wishes, assign, read_by

if TYPE_CHECKING:
    from segdsl.prove.shares import Share, Shares
    from segdsl.run.answers import SegmentRule
    from segdsl.tools.rows import AnyData


@frozen
class Portion:
    """What takes some cells, and how many visitors are in it, `of` how many; these are None without data."""

    share: Share
    visitors: int | None = None
    of: int | None = None

    @property
    def real(self) -> Fraction | None:
        """The share of the visitors."""
        return None if self.visitors is None or not self.of else Fraction(self.visitors, self.of)

    @property
    def gap(self) -> Fraction | None:
        """By how much the share of the visitors is larger than that of the cells."""
        cells, real = self.share.within, self.real
        return None if cells is None or real is None else real - cells

    @property
    def nothing(self) -> bool:
        """Whether no cell and no visitor is in it."""
        return self.share.cells == 0 and not self.visitors


@frozen(eq=False)
class Measured:
    """Shares of cells, and of visitors if there was data (`done`).

    Of a partition `of` a segment everything is counted inside that segment, but for `of` itself and `outside`: in a
    segment of the partition, but not in the one it is `of`.
    """

    shares: Shares
    segments: tuple[Portion, ...]
    together: Portion
    none: Portion
    several: Portion | None
    """None in a priority list, where nobody is in several."""
    of: Portion | None
    outside: Portion | None
    done: Assignment | None = None


def of_cells(chooser: Chooser, now: dt.datetime) -> Measured:
    """The shares of what is chosen, at one instant."""
    shares = chooser.rules.shares(chooser.name, now)
    first_wins = chooser.name in chooser.rules.program.priorities
    return Measured(
        shares,
        tuple(map(Portion, shares.segments.values())),
        Portion(shares.together),
        Portion(shares.none),
        None if first_wins else Portion(shares.several),
        None if shares.of is None else Portion(shares.of),
        None if shares.outside is None else Portion(shares.outside),
    )


def of_visitors(
    chooser: Chooser, now: dt.datetime, data: AnyData, wishes: Wishes, tick: Tick = lambda: None
) -> Measured:
    """The same with the visitors in some data. Raises Unusable and Misused as `assign` does."""
    cells = of_cells(chooser, now)
    counting = _Counting(chooser, None if cells.of is None else cells.of.share.name, now)
    done = assign(counting.chooser(), data, wishes, tick)
    inside = done.rows - counting.beyond

    def among(portion: Portion, visitors: int) -> Portion:
        return evolve(portion, visitors=visitors, of=inside)

    return evolve(
        cells,
        segments=tuple(among(one, done.counts[one.share.name]) for one in cells.segments),
        together=among(cells.together, sum(done.counts[one.share.name] for one in cells.segments)),
        none=among(cells.none, done.nowhere - counting.beyond),
        several=cells.several and among(cells.several, counting.several),
        of=cells.of and evolve(cells.of, visitors=inside, of=done.rows),
        outside=cells.outside and evolve(cells.outside, visitors=counting.outside, of=done.rows),
        done=done,
    )


@define(eq=False)
class _Counting:
    """What a chooser does not tell, counted while it answers with every segment of a partition that holds.

    `beyond`: visitors who are not in the segment that the partition is `of`. They are answered nothing.
    """

    asked: Chooser
    of: str | None
    now: dt.datetime
    several: int = field(default=0, init=False)
    beyond: int = field(default=0, init=False)
    outside: int = field(default=0, init=False)

    def chooser(self) -> Chooser:
        rules, now = self.asked.rules, self.now
        members = _members(self.asked)
        parent = None if self.of is None else rules.segments[self.of]

        def everything(visitor: Any) -> tuple[str, ...]:
            return tuple(one.name for one in members if one(visitor, now))

        own = everything if members else self.asked.answer

        def answer(visitor: Any) -> tuple[str, ...]:
            names = own(visitor)
            if parent is not None and not parent(visitor, now):
                self.beyond += 1
                self.outside += bool(names)
                return ()
            self.several += len(names) > 1
            return names

        read = self.asked.dimensions if parent is None else read_by(rules, (*members, parent))
        return evolve(self.asked, answer=answer, dimensions=read)


def _members(chooser: Chooser) -> tuple[SegmentRule, ...]:
    """The segments of a partition; none where the chooser answers with all there is to say already."""
    rules, name = chooser.rules, chooser.name
    return () if name is None or name in rules.program.priorities else rules.partitions[name].members
