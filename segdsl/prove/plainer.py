"""Conditions that are offered, without parts that change nothing: what was put beside them may have said it already.

In: a condition in words, among the rules of a program. Out: the same in fewer words, if there are any.
"""

from __future__ import annotations

from functools import cached_property

from attrs import define, evolve

from segdsl.operators.registry import word_operators
from segdsl.program.load import condition_among
from segdsl.program.program import Program
from segdsl.prove.meaning import Sense
from segdsl.prove.spare import Spares
from segdsl.syntax import tree
from segdsl.syntax.format import format_expression
from segdsl.syntax.parse import parse_condition
from segdsl.text.source import Source, Span

LONGEST = 2_000
"""Characters; a longer condition is left as it is."""
ROUNDS = 5
QUESTIONS = 1_000
"""About all conditions that are offered against one claim."""


@define(eq=False)
class Plainer:
    """What is known of the conditions of a program."""

    program: Program

    @cached_property
    def _spares(self) -> Spares:
        return Spares(Sense(self.program), QUESTIONS)

    def of(self, condition: str) -> str:
        """The condition in fewer words; as it is when nothing can be left out."""
        for _ in range(ROUNDS if len(condition) <= LONGEST else 0):
            source = Source("offered", condition)
            parsed, _ = parse_condition(source, word_operators())
            checked, _ = condition_among(self.program, source)
            if parsed is None or checked is None:
                break
            places = [one.part.span for one in self._spares.of(checked) if one.part.span is not None]
            left: tree.Expression | None = parsed
            for place in places:
                left = left and _without(left, place)
            if not places or left is None:
                break
            condition = format_expression(left)
        return condition


def _without(node: tree.Expression, place: Span) -> tree.Expression | None:
    """An expression without what stands in a place; None when nothing is left."""
    if node.span == place:
        return None
    match node:
        case tree.Not(operand):
            inner = _without(operand, place)
            return None if inner is None else evolve(node, operand=inner)
        case tree.And(operands) | tree.Or(operands):
            kept: list[tree.Expression] = []
            for operand in operands:
                one = _without(operand, place)
                kept += [] if one is None else one.operands if type(one) is type(node) else [one]
            return None if not kept else kept[0] if len(kept) == 1 else evolve(node, operands=tuple(kept))
        case _:
            return node
