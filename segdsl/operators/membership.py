"""`in`: a value among many."""

from __future__ import annotations

from segdsl.operators.comparison import ORDERED
from segdsl.operators.operator import Example, Operand, Operator
from segdsl.values.kinds import Boolean, Ip, stepped
from segdsl.values.region import Region

IN = Operator(
    name="in",
    subjects=(*ORDERED, Boolean, Ip),
    operand=Operand.VALUES,
    prose='The value is known and among these: a list `("SE", "NO")`, a range `20..35`, a named set `@nordic`, '
    'a network `"10.0.0.0/8"`. `not in` is its exact opposite.',
    examples=(
        Example("dimension age: integer 0..", "age in 20..35", {"age": 35}, True),
        Example("dimension age: integer 0..", "age in 20..<35", {"age": 35}, False),
        Example("dimension country: text", 'country in ("SE", "NO")', {}, False),
        Example("dimension client: ip", 'client in "10.0.0.0/8"', {"client": "10.1.2.3"}, True),
    ),
    meaning=lambda value, intervals: any(value in interval for interval in intervals),
    stands_for=lambda kind, intervals: (stepped(kind, Region.spanning(intervals)),),
)

OPERATORS = (IN,)
