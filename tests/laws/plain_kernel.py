"""Kernels read in the plainest way: what the docstring of `segdsl.program.kernel` says, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from segdsl.program import kernel as k
from segdsl.program.reference import value_of
from segdsl.values.unknown import UNKNOWN

if TYPE_CHECKING:
    from segdsl.operators.operator import Context


def fulfils(kernel: k.Kernel, visitor: Any, context: Context) -> bool:
    """Whether a visitor passes a kernel."""
    match kernel:
        case k.Always():
            return True
        case k.Never():
            return False
        case k.All(parts):
            return all(fulfils(part, visitor, context) for part in parts)
        case k.Any(parts):
            return any(fulfils(part, visitor, context) for part in parts)
        case k.Test(term, region):
            return value_of(term, visitor, context) in region
        case k.Moving(term, operator, operand, wanted):
            left, right = value_of(term, visitor, context), value_of(operand, visitor, context)
            return (left is not UNKNOWN and right is not UNKNOWN and operator.meaning(left, right)) is wanted
        case k.TextTest(term, pattern, wanted):
            value = value_of(term, visitor, context)
            return (value is not UNKNOWN and pattern.holds(value)) is wanted
        case k.MemberTest(term, members, wanted):
            value = value_of(term, visitor, context)
            return (value is not UNKNOWN and any(member in members for member in value)) is wanted
        case _:
            assert_never(kernel)
