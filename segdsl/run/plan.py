"""How answers are come by, in words and figures."""

from __future__ import annotations

from enum import Enum

from attrs import frozen


class Strategy(Enum):
    """How the segments that hold, or the first of them, are found."""

    PREDICATES = "predicates"
    """Each segment's own function, one after the other: for a handful of them."""
    TREE = "tree"
    """Nested `if` statements that ask each dimension once: for partitions and priority lists."""
    BITMAP = "bitmap"
    """A table for each dimension, with a bit for each row of each segment: for everything else."""


@frozen
class Plan:
    """What was chosen for one question: all segments that hold, or the one that a partition or list gives.

    `rows`: conditions without `or`, after choices were written out. `nodes`: of a tree. `masks`: bit sets in tables.
    `learnt`: how many values not in the tables are remembered at most. `bytes`: of the masks, at most. `seconds`: it
    took to make it.
    """

    of: str
    strategy: Strategy
    why: str
    segments: int
    rows: int
    dimensions: int
    nodes: int
    masks: int
    learnt: int
    bytes: int
    seconds: float

    def __str__(self) -> str:
        figures = [
            f"{_several(self.segments, 'segment')} as {_several(self.rows, 'row')}"
            f" over {_several(self.dimensions, 'dimension')}",
            *([_several(self.nodes, "node")] if self.nodes else []),
            *([f"{_several(self.masks, 'mask')} of {self.bytes:,} bytes at most"] if self.masks else []),
            *([f"at most {_several(self.learnt, 'value')} learnt"] if self.learnt else []),
            f"made in {1000 * self.seconds:.1f} ms",
        ]
        return f"{self.of}: {self.strategy.value} ({self.why}); {', '.join(figures)}"


def _several(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
