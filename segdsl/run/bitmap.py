"""Generated code that looks all rows of an index up at once.

In: an index. Out: functions of a visitor, or of many, with their text. Values of the usual types are looked up in
tables; every other value, and every record that is no dict, is left to the index itself (`segdsl.run.index`), which
is exact. Nothing is written into the text but names of dimensions and numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from math import inf, nextafter
from operator import or_
from typing import Any, TypeVar

from attrs import Factory, define

from segdsl.program.record import raw_at
from segdsl.program.schema import Dimension
from segdsl.run.index import Axis
from segdsl.run.indexing import Indexed, least_above
from segdsl.values.kinds import LARGEST_INTEGER, Boolean, Integer, Number, Text

MOST_LEARNT = 4096
"""Values of one dimension of which it is kept what they leave: those that are met first."""
MOST_BYTES = 4_000_000
"""That are kept for one dimension; where rows are many, fewer values are."""
ONE_DIGIT = 2**30 - 1
"""The largest int that is compared by specialised code."""
MOST_COMPARED = 16
"""Edges among which a number finds its place by comparing: faster than calling bisect."""
MOST_SMALL = 1000
"""Whole numbers of one dimension that have a place in its table."""
LONGEST_LEARNT = 200
"""Characters of a text that is kept."""
LARGEST_DOUBLE = 1.7976931348623157e308
EXACT = 2**53

T = TypeVar("T")


@define(eq=False)
class Learnt:
    """What the values of one dimension leave, worked out when they are first met, as many as are allowed.

    Threads may put the same answer in twice, and each may go beyond the bound by one.
    """

    axis: Axis
    most: int
    table: dict[Any, int] = Factory(dict)

    @classmethod
    def of(cls, axis: Axis, rows: int) -> Learnt:
        """`rows`: of the index, which is how many bits an answer has."""
        return cls(axis, min(MOST_LEARNT, MOST_BYTES // (rows // 8 + 250)))

    def __call__(self, raw: Any) -> int:
        found = self.axis.of_raw(raw)
        if len(self.table) < self.most and (type(raw) is not str or len(raw) <= LONGEST_LEARNT):
            self.table[raw] = found
        return found


@define(eq=False)
class BitmapCode:
    """Makes the statements of an index. `names` are what they refer to."""

    made: Indexed
    names: dict[str, Any] = Factory(dict)

    def _rows(self) -> Iterator[str]:
        """Statements after which `rows` are those that hold for `visitor`."""
        index = self.made.index
        self.names.update(
            {"bisect": bisect_right, "inf": inf, "date": dt.date, "raw_at": raw_at, "rest": index.without_odd}
        )
        start = "rows = "
        for axis, dimension, word in zip(index.axes, self.made.on_axis, self._words(), strict=True):
            yield from reading(dimension)
            yield f"{start}{self._look_up(word, axis, dimension)}"
            start = "rows &= "
        if not index.axes:
            yield f"rows = {self._name('all', index.all)}"
        if index.odd:
            lost = reduce(or_, (test.lost for test in index.odd))
            yield f"if rows & {self._name('odd', lost)}:"
            yield "    rows = rest(rows, visitor, context_at(now))"

    def held(self, answer: Callable[[str], str], deliver: Callable[[str], list[str]]) -> Iterator[str]:
        """Statements that hand over what `answer` makes of the segments that hold, as bits."""
        index = self.made.index
        yield from self._rows()
        held = f"rows & {self._name('marks', index.marks)}"
        if index.carry:
            held = f"(rows + {self._name('carry', index.carry)}) & marks"
        yield from deliver(answer(held))

    def first(self, answers: Sequence[Any], deliver: Callable[[str], list[str]]) -> Iterator[str]:
        """Statements that answer with what belongs to the first row that holds; with the last answer if none does."""
        yield from self._rows()
        self.names["answers"] = answers
        yield from deliver("answers[(rows & -rows).bit_length() - 1]")

    def _name(self, name: str, value: Any) -> str:
        self.names[name] = value
        return name

    def _words(self) -> list[str]:
        """What the names of a dimension's tables end in: its own name as far as Python has it, and its number."""
        names = [re.sub(r"[^0-9A-Za-z]+", "_", dimension.name) for dimension in self.made.on_axis]
        return [f"{name}_{number}" for number, name in enumerate(names)]

    def _by_order(self, word: str, edges: Sequence[float], left: Sequence[int], first: int = 0) -> str:
        """An expression of what a number leaves, by where it lies among edges."""
        if len(edges) > MOST_COMPARED:
            place = f"bisect({self._name(f'edges_{word}', edges)}, value)"
            return f"{self._name(f'left_{word}', left)}[{place}]"
        if not edges:
            return self._name(f"in_{word}_{first}", left[0])
        middle = len(edges) // 2
        low = self._by_order(word, edges[:middle], left[: middle + 1], first)
        high = self._by_order(word, edges[middle + 1 :], left[middle + 1 :], first + middle + 1)
        return f"({low} if {below(edges[middle])} else {high})"

    def _look_up(self, word: str, axis: Axis, dimension: Dimension) -> str:
        """An expression of `value`, whatever that is."""
        unknown = self._name(f"unknown_{word}", axis.unknown)
        other = self._name(f"of_{word}", axis.of_raw)
        unusual = f"{unknown} if value is None else {other}(value)"
        kind = dimension.kind
        if not axis.tests:
            match kind:
                case Text(ignoring_case=False) if (texts := by_text(axis, kind, axis.left, axis.unknown)) is not None:
                    by, rest = self._name(f"by_{word}", texts[0]), self._name(f"else_{word}", texts[1])
                    return f"{by}.get(value, {rest}) if type(value) is str else {unusual}"
                case Integer() | Number():
                    edges, left = whole_line(axis, kind, axis.left, axis.unknown)
                    found = f"{self._by_order(word, edges, left)} if {usual_number(kind)} else {unusual}"
                    if isinstance(kind, Integer) and len(edges) > MOST_COMPARED:
                        by = self._name(f"by_{word}", _small(edges, left))
                        found = f"{by}[value] if type(value) is int and value in {by} else {found}"
                    return found
                case Boolean():
                    true, false = self._name(f"true_{word}", axis.of_value(True)), axis.of_value(False)
                    no = self._name(f"false_{word}", false)
                    return f"{true} if value is True else {no} if value is False else {unusual}"
                case _:
                    pass
        learnt = Learnt.of(axis, self.made.index.all.bit_length())
        table, learn = self._name(f"by_{word}", learnt.table), self._name(f"learn_{word}", learnt)
        kept = f"{table}[value] if value in {table} else {learn}(value)"
        return f"({kept}) if type(value) is str or type(value) is date else {unusual}"


def reading(dimension: Dimension) -> Iterator[str]:
    """Statements after which `value` is what a dict holds at the dimension's path; KeyError where that is promised."""
    first, *others = dimension.path
    yield f"value = visitor[{first!r}]" if dimension.required else f"value = visitor.get({first!r})"
    for part in others:
        yield f"value = value.get({part!r}) if type(value) is dict else raw_at(value, {(part,)!r})"


def below(edge: float) -> str:
    """That `value` is below an edge. CPython compares ints of one digit of its own faster, so these are asked first."""
    before = nextafter(edge, -inf) if isinstance(edge, float) else edge
    if isinstance(edge, float) and len(repr(before)) < len(repr(edge)):
        return f"value <= {before!r}"
    if isinstance(edge, int) and abs(edge) > ONE_DIGIT:
        return f"value < {ONE_DIGIT} or value < {edge}" if edge > 0 else f"value < -{ONE_DIGIT} and value < {edge}"
    return "value < inf" if edge == inf else f"value < {edge!r}"


def _small(edges: Sequence[float], left: Sequence[int]) -> dict[int, int]:
    """What the first whole numbers that are allowed leave: looking them up is faster than finding their place."""
    first = max(int(edges[0]), 0)
    last = int(min(edges[-2], first + MOST_SMALL))
    return {value: left[bisect_right(edges, value)] for value in range(first, last + 1)}


def usual_number(kind: Integer | Number) -> str:
    """Whether `value` is a number that compares as exactly as the language does."""
    if isinstance(kind, Integer):
        return "type(value) is int"
    return f"type(value) is float or (type(value) is int and -{EXACT} <= value <= {EXACT})"


def by_text(axis: Axis, kind: Text, known: Sequence[T], unknown: T) -> tuple[dict[str, T], T] | None:
    """What belongs to single texts, and to all others; None where others are not all alike.

    `known` is what belongs to the cells of an axis. Of a closed list of texts, others are none of it, and so unknown.
    """
    if kind.choices is not None:
        return {choice: known[axis.cell(choice)] for choice in kind.choices}, unknown
    found: dict[str, T] = {}
    others: list[T] = []
    for low, high, one in zip([None, *axis.edges], [*axis.edges, None], known, strict=True):
        if low is not None and high == low + "\0":
            found[low] = one
        elif high != "":  # no text comes before the empty one
            others.append(one)
    return (found, others[0]) if all(one == others[0] for one in others) else None


def whole_line(axis: Axis, kind: Integer | Number, known: Sequence[T], unknown: T) -> tuple[list[float], list[T]]:
    """Edges and what belongs between them; what is outside the kind's range is unknown. NaN comes last in bisect."""
    widest = LARGEST_INTEGER if isinstance(kind, Integer) else LARGEST_DOUBLE
    low, high = least_above(kind, kind.low or (-widest, False)), least_above(kind, kind.high or (widest, True))
    edges = [low, *(edge for edge in axis.edges if low < edge < high), high]
    if isinstance(kind, Number):  # CPython compares floats with floats faster than with ints
        edges = list(map(float, edges))
    return edges, [unknown, *(known[axis.cell(edge)] for edge in edges[:-1]), unknown]
