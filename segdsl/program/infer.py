"""Dimensions that nobody declared: their kinds from what stands beside them in one condition.

In: a condition's tree. Out: declarations. A value beside a name gives it its kind; two names beside each other share
theirs; a name by itself is true or false; one that is only asked whether it is known is text.
"""

from __future__ import annotations

from typing import assert_never

from attrs import Factory, define

from segdsl.operators.operator import Operand
from segdsl.operators.registry import functions_by_name, operators_by_name
from segdsl.program.declare import PLAIN_KINDS
from segdsl.program.wrong import wrong
from segdsl.syntax import tree

CLOCK = ("now", "today")


@define
class _Evidence:
    """What is known of each name so far, and which names share a kind. `names` are where each stands first."""

    names: dict[str, tree.Name] = Factory(dict)
    kinds: dict[str, str] = Factory(dict)
    pairs: list[tuple[str, str]] = Factory(list)

    def says(self, node: object, kind: str | None) -> None:
        """`node`, where it is a name, has a value of this kind (None: nothing is known about it)."""
        if isinstance(node, tree.Name) and node.text not in CLOCK:
            self.names.setdefault(node.text, node)
            if kind is not None:
                self.kinds.setdefault(node.text, kind)

    def same(self, left: object, right: object) -> None:
        """Two nodes have values of one kind."""
        for node, other in ((left, right), (right, left)):
            self.says(_unmoved(node), _written(other))
        if isinstance(left, tree.Name) and isinstance(right, tree.Name):
            self.pairs.append((left.text, right.text))


def inferred_declarations(condition: tree.Expression) -> tuple[tree.Dimension, ...]:
    """A declaration for every name in a condition, in the order met.

    Raises Wrong where two names stand beside each other and nothing says of what kind they are.
    """
    evidence = _Evidence()
    _condition(condition, evidence)
    for _ in evidence.pairs:  # a kind can come from one end of a chain of names to the other
        for left, right in evidence.pairs:
            for one, other in ((left, right), (right, left)):
                if one in evidence.kinds:
                    evidence.kinds.setdefault(other, evidence.kinds[one])
    for left, right in evidence.pairs:
        if left not in evidence.kinds and left in evidence.names:
            raise wrong(
                "S303",
                evidence.names[left],
                f'nothing says what "{left}" and "{right}" are',
                why="numbers and texts are compared in different ways",
                advice=f'declare them: compile(…, schema="dimension {left}: number …")',
            )
    return tuple(_declaration(name, evidence.kinds.get(text, "text")) for text, name in evidence.names.items())


def _declaration(name: tree.Name, kind: str) -> tree.Dimension:
    plain = tree.NamedType(tree.Name((kind.removeprefix("set of "),), span=name.span), None, span=name.span)
    declared = tree.SetType(plain, span=name.span) if kind.startswith("set of ") else plain
    return tree.Dimension(name, None, declared, (), span=name.span)


def _written(node: object) -> str | None:
    """The kind that a literal, or what is made of literals, shows."""
    match node:
        case tree.TextLiteral():
            return "text"
        case tree.NumberLiteral() | tree.PercentLiteral() | tree.Negative():
            return "number"
        case tree.BooleanLiteral():
            return "boolean"
        case tree.DateLiteral():
            return "date"
        case tree.DatetimeLiteral() | tree.Ago():
            return "datetime"
        case tree.DurationLiteral():
            return "duration"
        case tree.Name(("now",)):
            return "datetime"
        case tree.Name(("today",)):
            return "date"
        case tree.Call(tree.Name(("version",))):
            return "version"
        case tree.Arithmetic(left=left, right=right):
            return _difference(left, right) or "number"
        case tree.ListOf(items):
            return next((kind for kind in map(_written, items) if kind), None)
        case tree.Range(low, high):
            return _written(low) or _written(high)
        case _:
            return None


def _unmoved(node: object) -> object:
    """What is moved by lengths of time, if anything is: it has the kind of the whole."""
    while isinstance(node, tree.Arithmetic) and isinstance(node.right, tree.DurationLiteral):
        node = node.left
    return node


def _difference(left: object, right: object) -> str | None:
    times = ("date", "datetime")
    if isinstance(right, tree.DurationLiteral):
        return _written(left)
    return "duration" if _written(left) in times or _written(right) in times else None


def _condition(node: tree.Expression, evidence: _Evidence) -> None:
    match node:
        case tree.And(operands) | tree.Or(operands):
            for operand in operands:
                _condition(operand, evidence)
        case tree.Not(operand):
            _condition(operand, evidence)
        case tree.Comparison(left=left, right=right):
            _values(evidence, left, right)
        case tree.WordTest():
            _word_test(node, evidence)
        case tree.IsTest(subject, _, word):
            evidence.says(subject, "set of text" if word.text == "empty" else None)
            _term(subject, evidence)
        case tree.Name():
            evidence.says(node, "boolean")
        case _:
            _term(node, evidence)


def _values(evidence: _Evidence, left: tree.Expression, right: tree.Expression) -> None:
    evidence.same(left, right)
    _term(left, evidence)
    _term(right, evidence)


def _word_test(node: tree.WordTest, evidence: _Evidence) -> None:
    operator = operators_by_name()[node.operator]
    match operator.operand:
        case Operand.SAME:
            if not isinstance(node.right, tree.Range | tree.ListOf | tree.SetName):
                _values(evidence, node.left, node.right)
        case Operand.WINDOW:
            evidence.says(node.left, "datetime")
        case Operand.MEMBER | Operand.MEMBERS:
            evidence.says(node.left, "set of text")
        case Operand.PATTERN:
            evidence.says(node.left, "text")
        case Operand.VALUES:
            evidence.says(node.left, "ip" if isinstance(node.right, tree.TextLiteral) else _written(node.right))
        case Operand.NOTHING:
            raise AssertionError("it does not stand between two things")
        case _:
            assert_never(operator.operand)
    _term(node.left, evidence)


def _term(node: tree.Expression, evidence: _Evidence) -> None:
    match node:
        case tree.Call(name, arguments):
            function = functions_by_name().get(name.text)
            for position, argument in enumerate(arguments):
                kinds = function.parameters[position] if function and position < len(function.parameters) else ()
                word = next((word for word, kind in PLAIN_KINDS.items() if kinds and type(kind) is kinds[0]), None)
                evidence.says(argument, word)
                _term(argument, evidence)
        case tree.Arithmetic(_, left, right):
            times = isinstance(right, tree.DurationLiteral) or _written(left) in ("date", "datetime")
            evidence.says(left, "datetime" if times else "number")
            evidence.says(right, _written(left) if times else "number")
            _term(left, evidence)
            _term(right, evidence)
        case tree.Negative(operand):
            evidence.says(operand, "number")
            _term(operand, evidence)
        case tree.Name():
            evidence.says(node, None)
        case tree.And() | tree.Or() | tree.Not() | tree.Comparison() | tree.WordTest() | tree.IsTest():
            _condition(node, evidence)
        case _:
            return
