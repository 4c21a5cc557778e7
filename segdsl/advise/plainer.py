"""Conditions that are offered, without parts that change nothing: what was put beside them may have said it already.

In: a condition in words, among the rules of a program. Out: the same in fewer words, if there are any.
"""

from __future__ import annotations

from functools import cached_property

from attrs import define

from segdsl.advise.meaning import Sense
from segdsl.advise.rewritten import left_of
from segdsl.advise.spare import Spares
from segdsl.operators.registry import word_operators
from segdsl.program.load import condition_among
from segdsl.program.program import Program
from segdsl.syntax import tree
from segdsl.syntax.format import format_expression
from segdsl.syntax.parse import parse_condition
from segdsl.text.source import Source

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
                left = left and left_of(left, place)
            if not places or left is None:
                break
            condition = format_expression(left)
        return condition
