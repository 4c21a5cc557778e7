"""The definition: what every rule means for every visitor.

Small, slow, and to be read in five minutes. Every fast path, every proof and every emitted program is tested against
it. It raises nothing, whatever is in the record.
"""

from __future__ import annotations

from typing import Any, assert_never

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.record import raw_at
from segdsl.program.schema import Dimension
from segdsl.values.kinds import read
from segdsl.values.unknown import UNKNOWN


def holds(condition: ex.Condition, visitor: Any, context: Context) -> bool:
    """Whether a condition is true of a visitor: never a third thing."""
    match condition:
        case ex.Literal(value):
            return value
        case ex.Test(operator, subject, operand):
            left, right = value_of(subject, visitor, context), value_of(operand, visitor, context)
            return left is not UNKNOWN and right is not UNKNOWN and operator.meaning(left, right)
        case ex.Known(subject):
            return value_of(subject, visitor, context) is not UNKNOWN
        case ex.InState(dimension, state):
            return value_in(dimension, visitor) in state.region
        case ex.Named(condition=inner):
            return holds(inner, visitor, context)
        case ex.Not(operand):
            return not holds(operand, visitor, context)
        case ex.And(operands):
            return all(holds(operand, visitor, context) for operand in operands)
        case ex.Or(operands):
            return any(holds(operand, visitor, context) for operand in operands)
        case _:
            assert_never(condition)


def value_of(term: ex.Term, visitor: Any, context: Context) -> Any:
    """The value of a term, or UNKNOWN: a function of something unknown is unknown."""
    match term:
        case ex.Constant(value=value):
            return value
        case ex.Now():
            return context.now
        case ex.Read(dimension):
            return value_in(dimension, visitor)
        case ex.Apply(function, arguments):
            values = [value_of(argument, visitor, context) for argument in arguments]
            return UNKNOWN if any(value is UNKNOWN for value in values) else function.meaning(context, *values)
        case _:
            assert_never(term)


def value_in(dimension: Dimension, visitor: Any) -> Any:
    """The value of a dimension in a record: what is there if it can be read, else the default, else UNKNOWN."""
    value = read(dimension.kind, raw_at(visitor, dimension.path))
    return dimension.default if value is UNKNOWN else value
