"""A kernel as rows: tests that all have to pass, one row of which is enough.

In: kernels. Out: rows of parts. A part is a test, or a whole kernel where writing out its choices would make too many
rows, or where all of it is about one dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.schema import Dimension

MOST_ROWS = 64
"""Of one kernel; what would make more of them stays a part of its own."""

Row = tuple[k.Kernel, ...]


def rows_of(kernel: k.Kernel) -> tuple[Row, ...]:
    """The rows of a kernel; none when it never holds, an empty one when it always does."""
    match kernel:
        case k.Always():
            return ((),)
        case k.Never():
            return ()
        case k.All(parts):
            if set(map(type, parts)) == {k.Test}:
                return (parts,)
            return _rows_of_all(parts)
        case k.Any(parts):
            if one_dimension(kernel) is not None:
                return ((kernel,),)
            found = tuple(row for part in parts for row in rows_of(part))
            return found if len(found) <= MOST_ROWS else ((kernel,),)
        case _:
            return ((kernel,),)


def _rows_of_all(parts: tuple[k.Kernel, ...]) -> tuple[Row, ...]:
    """Choices are written out, those with the fewest rows first, as long as the rows are not too many."""
    found: tuple[Row, ...] = ((),)
    for choice in sorted(map(rows_of, parts), key=len):
        if len(found) * len(choice) <= MOST_ROWS:
            found = tuple(row for one, other in product(found, choice) for row in _both(one, other))
        else:
            whole = k.some(k.every(row) for row in choice)
            found = tuple((*row, whole) for row in found)
    return found


def _both(one: Row, other: Row) -> Iterator[Row]:
    joined = k.every((*one, *other))
    if isinstance(joined, k.Never):
        return
    yield joined.parts if isinstance(joined, k.All) else () if isinstance(joined, k.Always) else (joined,)


def one_dimension(part: k.Kernel) -> Dimension | None:
    """The only dimension on which a part depends; None when there are others, or now."""
    found: set[Dimension] = set()
    for leaf in k.leaves(part):
        if isinstance(leaf, k.Moving) or ex.reads_clock(leaf.term):
            return None
        found.update(ex.dimensions_of(leaf.term))
    return found.pop() if len(found) == 1 else None
