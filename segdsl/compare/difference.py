"""What a change of the rules changes: who is given another answer, and that nobody else is.

A `Difference` has for each pair of answers of a partition, priority list or segment the visitors who move from one to
the other, as regions and witnesses (`segdsl.compare.asking` finds them); what only has another name; what was added and
removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from attrs import Factory, define, field, frozen

from segdsl.compare.common_ground import DimensionChange
from segdsl.prove.verdict import Counterexample
from segdsl.prove.witness import Visitor

REGIONS = 20
"""Of one move that are looked for."""
MOST_LINES = 20
"""Moves of one comparison that are written out."""
MOST_TOLD = 100
"""Moves, or regions of fewer moves, that are told as plain data."""

Outcome = tuple[str, ...]
"""An answer: the segment's name; () for none; where segments overlap, the first two of those that hold."""


@define(eq=False)
class Movers:
    """Visitors who move, each worked out when somebody asks for so many. A text among them: why there may be more."""

    _more: Iterator[Counterexample | str]
    found: list[Counterexample] = Factory(list)
    reason: str | None = None
    """"" when these are all."""

    def up_to(self, most: int) -> tuple[Counterexample, ...]:
        while self.reason is None and len(self.found) < most:
            one = next(self._more, "")
            if isinstance(one, Counterexample):
                self.found.append(one)
            else:
                self.reason = one
        return tuple(self.found[:most])


@frozen(slots=False, eq=False)
class Move:
    """Visitors who were given one answer, and are given another one now. Who they are is worked out when looked at.

    `what` and `name`: the partition, priority list or segment whose answer it is. A segment's are its name and ().
    """

    what: str
    name: str
    source: Outcome
    target: Outcome
    _movers: Movers = field(repr=False)
    _cells: Callable[[], tuple[int, int] | None] = field(repr=False)

    def witnesses(self, most: int = REGIONS) -> tuple[Counterexample, ...]:
        """Visitors who move, each with a largest region in which everybody does; together all, if `complete`."""
        return self._movers.up_to(min(most, REGIONS))

    @property
    def complete(self) -> bool:
        """Whether nobody moves but in the regions; where the rules move with now, that is not told of any moment."""
        return self._complete(REGIONS)

    def _complete(self, most: int) -> bool:
        self._movers.up_to(most + 1)
        return self._movers.reason == "" and len(self._movers.found) <= most

    @property
    def regions(self) -> tuple[str, ...]:
        """Conditions that say who moves; more than one where a single one cannot say it."""
        return tuple(dict.fromkeys(one.region for one in self.witnesses()))

    @property
    def visitor(self) -> Visitor | None:
        """Somebody who moves."""
        return next((one.visitor for one in self.witnesses(1)), None)

    @cached_property
    def share(self) -> tuple[int, int] | None:
        """How many cells of how many of the table that all these rules make; None where that is not counted."""
        return self._cells()

    def __str__(self) -> str:
        return f"{outcome_words(self.source)} → {outcome_words(self.target)}: {' or '.join(self.regions)}"

    def to_dict(self, most: int = REGIONS) -> dict[str, Any]:
        """The same as plain data, with so many regions."""
        cells = self.share
        return {
            "of": self.what,
            "name": self.name,
            "from": list(self.source),
            "to": list(self.target),
            "regions": list(dict.fromkeys(one.region for one in self.witnesses(most))),
            "complete": self._complete(most),
            "cells": cells and cells[0],
            "of_cells": cells and cells[1],
            "visitor": None if self.visitor is None else self.visitor.record,
            "now": self.visitor.now.isoformat() if self.visitor is not None and self.visitor.clock else None,
        }


def outcome_words(outcome: Outcome) -> str:
    """`hot`, `no segment`, or `hot and few`, who are in both."""
    return " and ".join(outcome) or "no segment"


@frozen(eq=False)
class Answers:
    """How one side answers: the segments that it asks in order, and what it says if none holds."""

    names: tuple[str, ...]
    first_wins: bool
    otherwise: str | None = None

    def given(self, holding: Callable[[str], bool]) -> Outcome:
        """The answer to a visitor, if one can say which segments hold."""
        found: list[str] = []
        for name in self.names:
            if holding(name):
                found.append(name)
                if self.first_wins or len(found) == 2:
                    break
        return tuple(found) or (() if self.otherwise is None else (self.otherwise,))


@frozen(eq=False)
class Comparison:
    """A partition, priority list or segment of both programs. `open`: why there may be more moves than these.

    `now_called`: segments that only have another name now, by the one they had.
    """

    what: str
    name: str
    moves: tuple[Move, ...]
    open: tuple[str, ...]
    before: Answers
    after: Answers
    now_called: Mapping[str, str] = field(repr=False)

    @property
    def same(self) -> bool:
        """Whether it is proved that nobody moves."""
        return not self.moves and not self.open

    def moved(self, source: Outcome, target: Outcome) -> bool:
        """Whether two answers are different ones, and not one under two names."""
        return tuple(self.now_called.get(name, name) for name in source) != target


@frozen
class Named:
    """A segment, partition or priority list (`what`) by its name."""

    what: str
    name: str


@frozen
class Renamed:
    """What only has another name now."""

    what: str
    old: str
    new: str


@frozen
class Remark:
    """Something that differs and moves nobody: a label, what is handed out, the kind of claim."""

    what: str
    name: str
    words: str


@frozen(slots=False, eq=False)
class Difference:
    """What differs in meaning between two rule files, the old one and the new one."""

    comparisons: tuple[Comparison, ...]
    """Every partition, priority list and segment of both, in the order of the new file."""
    renamed: tuple[Renamed, ...]
    added: tuple[Named, ...]
    removed: tuple[Named, ...]
    dimensions: tuple[DimensionChange, ...]
    remarks: tuple[Remark, ...]

    @property
    def same(self) -> bool:
        """Whether it is proved that both mean the same, but for names."""
        return not self.added and not self.removed and all(one.same for one in self.comparisons)

    @cached_property
    def different(self) -> bool:
        """Whether something was added or removed, or a visitor shows that both do not mean the same."""
        return bool(self.added or self.removed) or any(move.visitor is not None for move in self._all_moves)

    @property
    def _all_moves(self) -> Iterator[Move]:
        return chain.from_iterable(one.moves for one in self.comparisons)

    @property
    def verdict(self) -> str:
        """`the same`, `different` or `not decided`."""
        return "the same" if self.same else "different" if self.different else "not decided"

    @cached_property
    def told(self) -> tuple[Comparison, ...]:
        """The comparisons that have something to tell: not those of segments whose moves a partition tells already."""
        choices = [one for one in self.comparisons if one.what != "segment" and not one.same]
        shown = {name for one in choices for move in one.moves for name in (*move.source, *move.target)}
        asked = {name for one in choices for name in one.after.names}
        kept = [one for one in self.comparisons if one.what == "segment" and not one.same]
        return (*choices, *(one for one in kept if not (one.name in asked and one.name in shown and one.moves)))

    @property
    def moves(self) -> tuple[Move, ...]:
        """Who moves, from which answer to which."""
        return tuple(move for one in self.told for move in one.moves)

    def __bool__(self) -> bool:
        """Whether they are not known to be the same."""
        return not self.same

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield {"the same": "the same in meaning", "different": "different in meaning"}.get(self.verdict, self.verdict)
        for one in self.told:
            yield f"{one.what} {one.name}"
            yield from (f"  {move}" for move in one.moves[:MOST_LINES])
            if len(one.moves) > MOST_LINES:
                yield f"  and {len(one.moves) - MOST_LINES:,} more"
            yield from (f"  not decided: {reason}" for reason in one.open)
        yield from (f"{one.old} is called {one.new} now" for one in self.renamed)
        yield from (f"{one.what} {one.name} is new" for one in self.added)
        yield from (f"{one.what} {one.name} is gone" for one in self.removed)
        yield from (f"{one.name} {one.words}" for one in self.dimensions)
        yield from (f"{one.name} {one.words}" for one in self.remarks)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data. Of many moves few regions are told, and of very many not all moves."""
        most = min(REGIONS, max(1, MOST_TOLD // max(1, len(self.moves))))
        return {
            "same": self.same,
            "verdict": self.verdict,
            "moves": [move.to_dict(most) for move in self.moves[:MOST_TOLD]],
            "more_moves": max(0, len(self.moves) - MOST_TOLD),
            "not_decided": [
                {"of": one.what, "name": one.name, "reasons": list(one.open)} for one in self.told if one.open
            ],
            "renamed": [{"what": one.what, "old": one.old, "new": one.new} for one in self.renamed],
            "added": [{"what": one.what, "name": one.name} for one in self.added],
            "removed": [{"what": one.what, "name": one.name} for one in self.removed],
            "dimensions": [{"name": one.name, "change": one.words, "another": one.another} for one in self.dimensions],
            "remarks": [{"what": one.what, "name": one.name, "remark": one.words} for one in self.remarks],
        }
