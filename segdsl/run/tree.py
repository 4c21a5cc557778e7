"""A list of segments as a decision diagram: which of them is the first that holds, asked dimension by dimension.

In: the index of the members, in their order. Out: nodes. A node is what is still open: the rows that may hold, and what
has not been asked yet; equal ones are the same node (R. E. Bryant, "Graph-based algorithms for Boolean function
manipulation", 1986, without a fixed order of the variables). Every question is asked once on a way at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import Factory, define, field, frozen

from segdsl.run.index import Axis, Index, Test
from segdsl.run.indexing import Indexed

NODES_FOR_EACH = 12
"""Nodes for each member that are allowed, and some for small lists."""
SOME_NODES = 64
MOST_NODES = 6_000
MOST_QUESTIONS = 64
"""So many questions one after the other are too many for a tree."""


@frozen(eq=False)
class ByValue:
    """Which cell of an axis does the value lie in? The last cell is unknown."""

    number: int
    axis: Axis


@frozen(eq=False)
class ByTest:
    """Does a test hold? No and yes are its cells. `axis`: of which dimension's value, by number; None for any."""

    test: Test
    axis: int | None


Question = ByValue | ByTest


@frozen(eq=False)
class Leaf:
    """The answer: a member's number, or None for nobody."""

    member: int | None


@define(eq=False)
class Branch:
    """A question, and the node for each of its cells. `uses`: how many nodes lead here."""

    question: Question
    nodes: tuple[Node, ...]
    size: int = field(init=False)
    uses: int = 0

    def __attrs_post_init__(self) -> None:
        self.size = 1 + sum(node.size for node in set(self.nodes) if isinstance(node, Branch))


Node = Leaf | Branch


class TooLarge(Exception):
    """The tree would have more nodes than are allowed."""


@frozen(eq=False)
class Tree:
    """The first node, and how many there are."""

    root: Node
    nodes: int


def tree_of(made: Indexed) -> Tree:
    """The tree of a list of members. Raises TooLarge."""
    members = len(made.rows)
    most = min(MOST_NODES, SOME_NODES + NODES_FOR_EACH * members)
    growing = _Growing.of(made, most)
    root = growing.node(made.index.all, (1 << len(growing.questions)) - 1)
    for node in growing.known.values():
        for child in set(node.nodes) if isinstance(node, Branch) else ():
            if isinstance(child, Branch):
                child.uses += 1
    return Tree(root, len(growing.known))


@define(eq=False)
class _Growing:
    """Rows and questions as bit sets. `asked[q]`: the rows that can be lost by a question."""

    made: Indexed
    most: int
    questions: list[Question]
    left: list[list[int]]
    """For each question what each of its cells leaves of the rows."""
    asked: list[int]
    member_of: dict[int, int]
    """By the place of a row."""
    known: dict[tuple[int, int], Node] = Factory(dict)
    _leaves: dict[int | None, Leaf] = Factory(dict)

    @classmethod
    def of(cls, made: Indexed, most: int) -> _Growing:
        index = made.index
        questions: list[Question] = []
        left: list[list[int]] = []
        for question, cells in _questions(index):
            questions.append(question)
            left.append(cells)
        if len(questions) > MOST_QUESTIONS:
            raise TooLarge
        asked = [index.all & ~_shared(cells) for cells in left]
        member_of = {place: number for number, own in enumerate(made.rows) for place in own}
        return cls(made, most, questions, left, asked, member_of)

    def node(self, rows: int, open_questions: int) -> Node:
        """The node where these rows may hold and these questions are open."""
        relevant = pending = 0
        for number in _places(open_questions):
            if self.asked[number] & rows:
                relevant |= 1 << number
                pending |= self.asked[number]
        rows, sure = self._without_later(rows, pending)
        if not rows:
            return self._leaf(None)
        if rows == sure:
            return self._leaf(self.member_of[rows.bit_length() - 1])
        relevant = sum(1 << number for number in _places(relevant) if self.asked[number] & rows)
        known = self.known.get((rows, relevant))
        if known is None:
            if len(self.known) >= self.most:
                raise TooLarge
            known = self._branch(rows, relevant)
            self.known[rows, relevant] = known
        return known

    def _without_later(self, rows: int, pending: int) -> tuple[int, int]:
        """The rows without those that a sure one makes needless, and the sure one."""
        sure = rows & ~pending
        if not sure:
            return rows, 0
        first = sure & -sure
        own = self.made.rows[self.member_of[first.bit_length() - 1]]
        return rows & ((1 << own.start) - 1) | first, first

    def _branch(self, rows: int, relevant: int) -> Node:
        """Asks what most rows need to know; where that is the same, what has the fewest answers."""
        chosen = max(_places(relevant), key=lambda one: ((self.asked[one] & rows).bit_count(), -len(self.left[one])))
        others = relevant & ~(1 << chosen)
        met: dict[int, Node] = {}
        nodes: list[Node] = []
        for left in self.left[chosen]:
            kept = rows & left
            if kept not in met:
                met[kept] = self.node(kept, others)
            nodes.append(met[kept])
        if all(node is nodes[0] for node in nodes):
            return nodes[0]
        return Branch(self.questions[chosen], tuple(nodes))

    def _leaf(self, member: int | None) -> Leaf:
        return self._leaves.setdefault(member, Leaf(member))


def _questions(index: Index) -> Iterator[tuple[Question, list[int]]]:
    """Every question, with what its cells leave."""
    for number, axis in enumerate(index.axes):
        cells = [*axis.left, axis.unknown]
        if any(one != index.all for one in cells):
            yield ByValue(number, axis), cells
        for test in axis.tests:
            yield ByTest(test, number), [index.all & ~test.lost, index.all]
    for test in index.odd:
        yield ByTest(test, None), [index.all & ~test.lost, index.all]


def _shared(cells: list[int]) -> int:
    """The rows that all cells leave."""
    shared = cells[0]
    for one in cells:
        shared &= one
    return shared


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
