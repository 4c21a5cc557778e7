"""Every operator and function, by the name a rule file gives it."""

from __future__ import annotations

from functools import cache

from segdsl.operators import arithmetic, comparison, geo, membership, sets, temporal, textual
from segdsl.operators.operator import Function, Operator

OPERATORS: tuple[Operator, ...] = (
    *comparison.OPERATORS,
    *membership.OPERATORS,
    *textual.OPERATORS,
    *temporal.OPERATORS,
    *sets.OPERATORS,
)
FUNCTIONS: tuple[Function, ...] = (
    *arithmetic.FUNCTIONS,
    *textual.FUNCTIONS,
    *temporal.FUNCTIONS,
    *geo.FUNCTIONS,
)


@cache
def operators_by_name() -> dict[str, Operator]:
    return {operator.name: operator for operator in OPERATORS}


@cache
def functions_by_name() -> dict[str, Function]:
    return {function.name: function for function in FUNCTIONS}


@cache
def word_operators() -> tuple[str, ...]:
    """The operators between two operands that are words, longest first: what the lexer looks for."""
    names = [operator.name for operator in OPERATORS if operator.infix and operator.name[0].isalpha()]
    return tuple(sorted(names, key=len, reverse=True))
