"""Orders of a list in which the first match wins, so that everybody in it gets somebody."""

from __future__ import annotations

from collections.abc import Sequence

from segdsl.program.program import Program, Segment
from segdsl.prove.claims import Claim
from segdsl.prove.table import Asked

MOST_LISTED = 60
"""Segments that an order is looked for of, and that a line of rules is offered with."""


def in_order(program: Program, segments: Sequence[Segment]) -> tuple[Segment, ...] | None:
    """The segments, narrow before wide, so that each gets somebody; None where there is no such order or none is found.

    As they are, if that is one. It is found from its end: whoever has somebody that none of the others has can come
    last, and that takes nobody away from any other. So if nobody can come last, there is no order.
    """
    if len(segments) > MOST_LISTED:
        return None
    claim = Claim.about(segments, program.zone)
    left, order = list(range(len(segments))), list[Segment]()
    while left:
        for number in reversed(left):
            others = [one for one in left if one != number]
            gets = gets_somebody(claim, number, others)
            if gets is None:
                return None
            if gets:
                break
        else:
            return None
        order.append(segments[number])
        left = others
    return tuple(reversed(order))


def gets_somebody(claim: Claim, number: int, earlier: Sequence[int]) -> bool | None:
    """Whether somebody is in a segment and in none of the earlier ones; None when that is not decided."""
    return claim.somebody(Asked((number,), earlier))
