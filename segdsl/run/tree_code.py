"""A decision diagram as nested `if` statements.

In: a tree. Out: statements that hand the answer for `visitor` over. Nodes to which several others lead, and those that
would stand too far to the right, are functions of their own. As in `segdsl.run.bitmap` only values of the usual types
are decided here; for any other the index is asked for the cell, which is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from typing import Any, assert_never

from attrs import Factory, define

from segdsl.program.record import raw_at
from segdsl.run.bitmap import below, by_text, reading, usual_number, whole_line
from segdsl.run.generated import indented
from segdsl.run.index import Axis, Values
from segdsl.run.indexing import Indexed
from segdsl.run.tree import Branch, ByTest, ByValue, Leaf, Node, Tree
from segdsl.values.kinds import Boolean, Integer, Number, Text
from segdsl.values.unknown import UNKNOWN

DEEPEST = 40
"""Levels of indentation; Python reads at most 100."""
LARGEST_COPY = 1
"""Nodes that are written anew wherever something leads to them."""
MOST_GROUPS = 6
"""Of texts that are compared one after the other."""

Deliver = Callable[[str], list[str]]


@define(eq=False)
class TreeCode:
    """Makes the text of a tree. `names` are what it refers to; `answers` those of the members, and then of nobody."""

    made: Indexed
    tree: Tree
    answers: list[Any]
    names: dict[str, Any] = Factory(dict)
    _functions: dict[Node, str] = Factory(dict)
    _texts: list[str] = Factory(list)
    _known: dict[object, str] = Factory(dict)

    def lines(self, deliver: Deliver) -> list[str]:
        """Statements that hand over the answer."""
        self.names.update({"raw_at": raw_at, "inf": inf})
        return list(self._node(self.tree.root, deliver, 0))

    @property
    def functions(self) -> list[str]:
        """The text of the functions that the statements call."""
        return self._texts

    def _node(self, node: Node, deliver: Deliver, level: int) -> Iterator[str]:
        match node:
            case Leaf(member):
                yield from deliver(repr(self.answers[len(self.answers) - 1 if member is None else member]))
            case Branch():
                shared = node.uses > 1 and node.size > LARGEST_COPY
                if level and (shared or level > DEEPEST):
                    yield from deliver(f"{self._function(node)}(visitor, now)")
                else:
                    yield from self._branch(node, deliver, level)
            case _:
                assert_never(node)

    def _function(self, node: Branch) -> str:
        """The name of the function of a node."""
        if node not in self._functions:
            name = self._functions[node] = f"part_{len(self._functions) + 1}"
            body = self._branch(node, lambda answer: [f"return {answer}"], 0)
            self._texts += [f"def {name}(visitor, now):", *(f"    {line}" for line in body)]
        return self._functions[node]

    def _branch(self, node: Branch, deliver: Deliver, level: int) -> Iterator[str]:
        match node.question:
            case ByTest(test, on_axis):
                yield f"if {self._asked(test.holds, on_axis)}:"
                yield from self._inside(node.nodes[1], None, deliver, level)
                yield from self._node(node.nodes[0], deliver, level)
            case ByValue(number, axis):
                yield from reading(self.made.on_axis[number])
                yield from self._by_value(axis, number, node.nodes, deliver, level)
            case _:
                assert_never(node.question)

    def _asked(self, holds: Callable[[Any, Any], bool], on_axis: int | None) -> str:
        if on_axis is None:
            readings = self.made.index.readings
            name = self._named("test", holds, lambda visitor, context: holds(Values(readings, visitor), context))
            return f"{name}(visitor, context_at(now))"
        axis = self.made.index.axes[on_axis]
        name = self._named("test", holds, lambda visitor: holds(axis.reading.of(visitor), axis.context))
        return f"{name}(visitor)"

    def _named(self, word: str, what: object, value: Any) -> str:
        """The name of a value in the text: the same whenever the text is written."""
        if what not in self._known:
            self._known[what] = f"{word}_{len(self._known) + 1}"
            self.names[self._known[what]] = value
        return self._known[what]

    # By the value of a dimension. What leads to the same node as unknown falls through to it.

    def _by_value(
        self, axis: Axis, number: int, nodes: tuple[Node, ...], deliver: Deliver, level: int
    ) -> Iterator[str]:
        *known, unknown = nodes
        kind = self.made.on_axis[number].kind
        match kind:
            case Text(ignoring_case=False) if (table := by_text(axis, kind, known, unknown)) is not None:
                usual, inside = "type(value) is str", self._by_text(*table, unknown, deliver, level + 1)
            case Integer() | Number():
                edges, between = whole_line(axis, kind, known, unknown)
                usual, inside = usual_number(kind), self._by_order(edges, between, unknown, deliver, level + 1)
            case Boolean():
                usual, inside = "type(value) is bool", self._by_truth(axis, known, unknown, deliver, level + 1)
            case _:
                self.names[f"cell_{number}"] = partial(_cell, axis)
                yield f"value = cell_{number}(value)"
                yield from self._by_order(list(range(1, len(nodes))), list(nodes), None, deliver, level)
                return
        yield f"if {usual}:"
        yield from indented(inside, 1)
        yield "elif value is not None:"
        yield from indented(deliver("exactly(visitor, now)"), 1)
        yield from self._node(unknown, deliver, level)

    def _by_text(
        self, found: dict[str, Node], rest: Node, unknown: Node, deliver: Deliver, level: int
    ) -> Iterator[str]:
        texts: dict[Node, list[str]] = {}
        for text, node in found.items():
            if node is not rest:
                texts.setdefault(node, []).append(text)
        if len(texts) > MOST_GROUPS:
            nodes = [rest, *texts]
            numbers = {text: number for number, own in enumerate(texts.values(), 1) for text in own}
            name = self._named("texts", tuple(numbers.items()), numbers)
            yield f"value = {name}.get(value, 0)"
            yield from self._by_order(list(range(1, len(nodes))), nodes, unknown, deliver, level)
            return
        keyword = "if"
        for node, own in sorted(texts.items(), key=lambda one: len(one[1])):
            listed = ", ".join(map(repr, own))
            yield f"{keyword} value == {listed}:" if len(own) == 1 else f"{keyword} value in {{{listed}}}:"
            yield from self._inside(node, unknown, deliver, level)
            keyword = "elif"
        if not texts:
            yield from self._unless(rest, unknown, deliver, level)
        elif rest is not unknown:
            yield "else:"
            yield from self._inside(rest, unknown, deliver, level)

    def _by_truth(self, axis: Axis, known: list[Node], unknown: Node, deliver: Deliver, level: int) -> Iterator[str]:
        yes, no = known[axis.cell(True)], known[axis.cell(False)]
        if yes is no:
            yield from self._unless(yes, unknown, deliver, level)
            return
        yield "if value:"
        yield from self._inside(yes, unknown, deliver, level)
        yield "else:"
        yield from self._inside(no, unknown, deliver, level)

    def _by_order(
        self, edges: list[Any], nodes: list[Node], unknown: Node | None, deliver: Deliver, level: int
    ) -> Iterator[str]:
        """Halves the edges until one node is left: `nodes[i]` lies between the edges `i - 1` and `i`."""
        kept = [place for place in range(len(edges)) if nodes[place] is not nodes[place + 1]]
        edges, nodes = [edges[place] for place in kept], [nodes[0], *(nodes[place + 1] for place in kept)]
        if not edges:
            yield from self._unless(nodes[0], unknown, deliver, level)
            return
        middle = len(edges) // 2
        yield f"if {below(edges[middle])}:"
        yield from indented(self._by_order(edges[:middle], nodes[: middle + 1], unknown, deliver, level + 1), 1)
        yield "else:"
        yield from indented(self._by_order(edges[middle + 1 :], nodes[middle + 1 :], unknown, deliver, level + 1), 1)

    def _inside(self, node: Node, unknown: Node | None, deliver: Deliver, level: int) -> list[str]:
        return indented(self._unless(node, unknown, deliver, level + 1), 1)

    def _unless(self, node: Node, unknown: Node | None, deliver: Deliver, level: int) -> Iterator[str]:
        """A node, unless it is the one that falling through leads to."""
        if node is unknown:
            yield "pass"
        else:
            yield from self._node(node, deliver, level)


def _cell(axis: Axis, raw: Any) -> int:
    """The cell of a raw value; the last one is unknown."""
    value = axis.reading.read(raw)
    return len(axis.left) if value is UNKNOWN else axis.cell(value)
