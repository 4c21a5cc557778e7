"""Segments with a part of their condition left out or put in other words, as rules that can be copied.

In: the statement of a segment and the place of a part of its condition. Out: the statement on one line.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from segdsl.syntax import tree
from segdsl.syntax.format import format_expression
from segdsl.syntax.tree import quoted
from segdsl.text.source import Span


def rule(node: tree.Segment | tree.Let, condition: tree.Expression | None = None) -> str:
    """A statement on one line, with another condition if one is given."""
    if isinstance(node, tree.Let):
        return f"let {node.name.text} = {format_expression(condition or node.value)}"
    label = "" if node.label is None else f" {quoted(node.label)}"
    pairs = ", ".join(f"{pair.key.text} = {format_expression(pair.value)}" for pair in node.payload)
    payload = f" with {pairs}" if pairs else ""
    return f"segment {node.name.text}{label}: {format_expression(condition or node.condition)}{payload}"


def without(node: tree.Segment, part: Span) -> str:
    """The segment without one of the operands in its condition."""
    return rule(node, left_of(node.condition, part))


def with_beside(
    node: tree.Segment | tree.Let, part: Span, joint: type[tree.And | tree.Or], more: list[tree.Expression]
) -> str:
    """The statement with something beside a part: `part and more` or `part or more`."""
    whole = node.value if isinstance(node, tree.Let) else node.condition
    return rule(node, _changed(whole, part, lambda found: joint((found, *more), span=found.span)))


def asks(name: str, word: str, span: Span) -> tree.Expression:
    """`name is known`, `name is unknown`. The span is where it will stand, more or less."""
    return tree.IsTest(tree.Name((name,), span=span), False, tree.Name((word,), span=span), span=span)


def left_of(node: tree.Expression, part: Span) -> tree.Expression | None:
    """An expression without what stands in a place; None when nothing is left."""
    return _changed(node, part, lambda _: None)


def _changed(
    node: tree.Expression, part: Span, change: Callable[[tree.Expression], tree.Expression | None]
) -> tree.Expression | None:
    if node.span == part:
        return change(node)
    match node:
        case tree.Not(operand):
            inner = _changed(operand, part, change)
            return None if inner is None else evolve(node, operand=inner)
        case tree.And(operands) | tree.Or(operands):
            changed = [_changed(operand, part, change) for operand in operands]
            kept: list[tree.Expression] = []
            for one in changed:
                kept += one.operands if one is not None and type(one) is type(node) else [] if one is None else [one]
            return None if not kept else kept[0] if len(kept) == 1 else evolve(node, operands=tuple(kept))
        case _:
            return node
