"""The table of dimensions and states as plain data: who gets what in each combination.

`segdsl.tools.tabulate` makes it from a program; `segdsl.tools.table` shows it. It knows neither.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from segdsl.values.kinds import Datetime
from segdsl.values.written import raw

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator


@frozen
class Axis:
    """A dimension, or a test of one, and its states."""

    title: str
    dimensions: tuple[str, ...]
    states: tuple[str, ...]


class Standing(Enum):
    """What an answer is to the claim that the table is about."""

    FINE = "fine"
    GAP = "gap"
    OVERLAP = "overlap"
    OUTSIDE = "outside"
    """Not in the segment that the partition is about, and in none of its parts."""
    ASTRAY = "astray"
    """Not in the segment that the partition is about, but in a part of it."""


@frozen
class Answer:
    """The segments that some visitors get, and whether that is as it should be."""

    segments: tuple[str, ...]
    standing: Standing


class Reach(Enum):
    """Whether somebody can be in a combination of states."""

    SOMEBODY = "somebody"
    NOBODY = "nobody"
    NOT_KNOWN = "not known"


@frozen
class Square:
    """One combination of states: more answers than one only where dimensions are left out. `visitor` is an example."""

    answers: tuple[Answer, ...]
    reach: Reach
    visitor: dict[str, Any] | None = None
    more: bool = False
    """There may be answers beside these."""


@frozen
class Row:
    """The states of all axes but the last, and a square for each state of the last."""

    states: tuple[str, ...]
    squares: tuple[Square, ...]


class Claim(Enum):
    """What the table is about."""

    PARTITION = "partition"
    PRIORITY = "priority"
    SEGMENTS = "segments"
    """All segments of a file that claims nothing about them."""


@frozen
class Table:
    """Who gets what. With one axis, or none, each row has one square."""

    claim: Claim
    name: str
    label: str | None
    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    labels: dict[str, str | None]
    """The label of each segment that the table can name."""
    squares: int
    """Combinations that there are, shown or not."""
    looked_at: int
    """Combinations that were looked at before the table was full."""
    of: str | None = None
    """The segment that a partition divides; None when it is everybody."""
    now: dt.datetime | None = None
    """The instant that it is for, where the rules move with the clock."""
    left_out: tuple[str, ...] = ()
    """Titles of the dimensions that `only` left out."""

    @property
    def across(self) -> Axis | None:
        """The axis whose states are the columns."""
        return self.axes[-1] if len(self.axes) > 1 else None

    @property
    def down(self) -> tuple[Axis, ...]:
        """The axes whose states head the rows."""
        return self.axes[:-1] if len(self.axes) > 1 else self.axes

    def count(self, standing: Standing) -> int:
        """In how many of the squares shown some answer stands so to the claim."""
        return sum(
            any(one.standing is standing for one in square.answers) for row in self.rows for square in row.squares
        )

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "claim": self.claim.value,
            "name": self.name,
            "label": self.label,
            "of": self.of,
            "now": None if self.now is None else raw(Datetime(), self.now),
            "axes": [
                {"title": one.title, "dimensions": list(one.dimensions), "states": list(one.states)}
                for one in self.axes
            ],
            "cells": [cell for row in self.rows for cell in _row_dicts(row, self.across)],
            "segments": [{"name": name, "label": label} for name, label in self.labels.items()],
            "combinations": self.squares,
            "looked_at": self.looked_at,
            "left_out": list(self.left_out),
        }


def _row_dicts(row: Row, across: Axis | None) -> Iterator[dict[str, Any]]:
    for square, column in zip(row.squares, across.states if across else ("",), strict=True):
        yield {
            "states": [*row.states, *([column] if across else [])],
            "possible": square.reach is not Reach.NOBODY,
            "answers": [{"segments": list(one.segments), "standing": one.standing.value} for one in square.answers],
            "more": square.more,
            "visitor": square.visitor,
        }
