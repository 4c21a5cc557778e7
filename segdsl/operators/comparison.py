"""`==` and the orders: a known value beside another of its kind."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from segdsl.operators import meanings
from segdsl.operators.operator import Example, Function, Operand, Operator, Requirement
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Distance,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    Text,
    Version,
    stepped,
)
from segdsl.values.region import Region

ORDERED = (Text, Integer, Number, Date, Datetime, Duration, Distance, Version)
TIMES = (Date, Datetime)


def _region(build: Callable[[Any], Region]) -> Callable[[Kind, Any], tuple[Requirement, ...]]:
    return lambda kind, operand: (stepped(kind, build(operand)),)


EQUALS = Operator(
    name="==",
    subjects=(*ORDERED, Boolean, Ip),
    operand=Operand.SAME,
    prose="The value is known and is exactly this one.",
    examples=(
        Example("dimension source: text", 'source == "sale_ad"', {"source": "sale_ad"}, True),
        Example("dimension source: text", 'source == "sale_ad"', {"source": "direct"}, False),
        Example("dimension source: text", 'source == "sale_ad"', {}, False),
    ),
    meaning=operator.eq,
    stands_for=_region(lambda value: Region.of((value,))),
    signs=frozenset((0,)),
)

DIFFERS = Operator(
    name="!=",
    subjects=(*ORDERED, Boolean, Ip),
    operand=Operand.SAME,
    prose="The value is unknown or another one: exactly `not (… == …)`.",
    examples=(
        Example("dimension country: text", 'country != "US"', {"country": "SE"}, True),
        Example("dimension country: text", 'country != "US"', {"country": "US"}, False),
        Example("dimension country: text", 'country != "US"', {}, True),
    ),
    meaning=EQUALS.meaning,
    stands_for=EQUALS.stands_for,
    signs=EQUALS.signs,
    negates="==",
)

LESS = Operator(
    name="<",
    subjects=ORDERED,
    operand=Operand.SAME,
    prose="The value is known and comes before this one.",
    examples=(
        Example("dimension visits: integer 0..", "visits < 3", {"visits": 2}, True),
        Example("dimension visits: integer 0..", "visits < 3", {"visits": 3}, False),
        Example("dimension visits: integer 0..", "visits < 3", {}, False),
    ),
    meaning=operator.lt,
    stands_for=_region(lambda value: Region.between(None, (value, False))),
    signs=frozenset((-1,)),
)

AT_MOST = Operator(
    name="<=",
    subjects=ORDERED,
    operand=Operand.SAME,
    prose="The value is known and is this one or comes before it.",
    examples=(
        Example("dimension visits: integer 0..", "visits <= 3", {"visits": 3}, True),
        Example("dimension visits: integer 0..", "visits <= 3", {"visits": 4}, False),
        Example("dimension visits: integer 0..", "visits <= 3", {}, False),
    ),
    meaning=operator.le,
    stands_for=_region(lambda value: Region.between(None, (value, True))),
    signs=frozenset((-1, 0)),
)

GREATER = Operator(
    name=">",
    subjects=ORDERED,
    operand=Operand.SAME,
    prose="The value is known and comes after this one.",
    examples=(
        Example("dimension spend: number 0..", "spend > 9.99", {"spend": 10}, True),
        Example("dimension spend: number 0..", "spend > 9.99", {"spend": 9.99}, False),
        Example("dimension spend: number 0..", "spend > 9.99", {}, False),
    ),
    meaning=operator.gt,
    stands_for=_region(lambda value: Region.between((value, True), None)),
    signs=frozenset((1,)),
)

AT_LEAST = Operator(
    name=">=",
    subjects=ORDERED,
    operand=Operand.SAME,
    prose="The value is known and is this one or comes after it.",
    examples=(
        Example("dimension app: version", 'app >= "12.1"', {"app": "v12.1.0"}, True),
        Example("dimension app: version", 'app >= "12.1"', {"app": "12.1-beta"}, False),
        Example("dimension app: version", 'app >= "12.1"', {}, False),
    ),
    meaning=operator.ge,
    stands_for=_region(lambda value: Region.between((value, False), None)),
    signs=frozenset((0, 1)),
)

BEFORE = Operator(
    name="before",
    subjects=TIMES,
    operand=Operand.SAME,
    prose="The word for `<` beside times.",
    examples=(
        Example("dimension signup: date", "signup before 2026-01-01", {"signup": "2025-12-31"}, True),
        Example("dimension signup: date", "signup before 2026-01-01", {"signup": "2026-01-01"}, False),
        Example("dimension signup: date", "signup before 2026-01-01", {}, False),
    ),
    meaning=LESS.meaning,
    stands_for=LESS.stands_for,
    signs=LESS.signs,
)

AFTER = Operator(
    name="after",
    subjects=TIMES,
    operand=Operand.SAME,
    prose="The word for `>` beside times. After a date begins on the next day.",
    examples=(
        Example("dimension signup: datetime", "signup after 2026-01-01", {"signup": "2026-01-02T00:00Z"}, True),
        Example("dimension signup: datetime", "signup after 2026-01-01", {"signup": "2026-01-01T23:59Z"}, False),
        Example("dimension signup: datetime", "signup after 2026-01-01", {}, False),
    ),
    meaning=GREATER.meaning,
    stands_for=GREATER.stands_for,
    signs=GREATER.signs,
)

OPERATORS = (EQUALS, DIFFERS, LESS, AT_MOST, GREATER, AT_LEAST, BEFORE, AFTER)

IS_TRUE = Operator(
    name="is true",
    subjects=(Boolean,),
    operand=Operand.NOTHING,
    prose="A true-or-false dimension by itself: known and true.",
    examples=(
        Example("dimension member: boolean", "member", {"member": True}, True),
        Example("dimension member: boolean", "member", {"member": False}, False),
        Example("dimension member: boolean", "not member", {}, True),
    ),
    meaning=lambda value, _: value is True,
    stands_for=lambda _kind, _operand: (Region.of((True,)),),
    infix=False,
)


COMPARE = Function(
    name="compare",
    usage="left ? right",
    parameters=((*ORDERED, Boolean, Ip), (*ORDERED, Boolean, Ip)),
    result=lambda *_: Integer((-1, False), (1, True)),
    meaning=meanings.compare,
    prose="-1, 0 or 1 as the left value comes before, is, or comes after the right one.",
    examples=(),
    public=False,
)
