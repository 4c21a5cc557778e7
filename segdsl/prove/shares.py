"""How much of the table of cells each segment takes, exactly.

In: segments. Out: for each the number of cells that it takes, of all in which somebody can be. Cells say how finely the
rules look, not how many visitors there are: a cell may have nobody in it, or nearly everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from segdsl.program.program import Program, Segment
from segdsl.prove.claims import Claim
from segdsl.prove.decide import Question
from segdsl.prove.table import Asked


@frozen
class Share:
    """`cells` of `whole`; None where they are too many to be counted, or move with now."""

    name: str
    cells: int | None
    whole: int | None

    @property
    def fraction(self) -> Fraction | None:
        """The part of the table, as a ratio of whole numbers."""
        return None if self.cells is None or not self.whole else Fraction(self.cells, self.whole)


@frozen
class Shares:
    """The share of every segment, and of those visitors who are in none and in more than one of them."""

    segments: tuple[Share, ...]
    none: Share
    several: Share


def shares_of(program: Program, segments: Sequence[Segment], first_wins: bool = False) -> Shares:
    """The shares of some segments in the table that they span together.

    `first_wins`: each has only those whom no segment before it has, as in a priority list.
    """
    names = [segment.name for segment in segments]
    question = Claim.about(segments, program.zone).only
    if question is None:
        return Shares(tuple(Share(name, None, None) for name in names), Share("", None, None), Share("", None, None))
    whole = question.count(Asked())
    counted = [
        question.count(Asked((number,), range(number) if first_wins else ())) for number in range(len(segments))
    ]
    none = question.count(Asked((), range(len(segments))))
    return Shares(
        tuple(Share(name, cells, whole) for name, cells in zip(names, counted, strict=True)),
        Share("", none, whole),
        Share("", _several(question, whole, none, counted), whole),
    )


def _several(question: Question, whole: int | None, none: int | None, counted: list[int | None]) -> int | None:
    """How many cells are in more than one segment."""
    if whole is None or none is None or None in counted:
        return None
    if sum(cells or 0 for cells in counted) + none == whole:
        return 0
    alone = 0
    for number in range(len(counted)):
        own = question.count(Asked((number,), [one for one in range(len(counted)) if one != number]))
        if own is None:
            return None
        alone += own
    return whole - none - alone
