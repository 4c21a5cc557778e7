"""`+ - * /` on numbers, and differences of times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segdsl.operators import meanings
from segdsl.operators.operator import Context, Example, Function
from segdsl.values.kinds import Date, Datetime, Duration, Integer, Kind, Number

NUMBERS = (Number, Integer)


def _result(left: Kind, _right: Kind) -> Kind:
    return Duration() if isinstance(left, (Date, Datetime, Duration)) else Number()


def _arithmetic(
    name: str, rule: Callable[[Context, Any, Any], Any], kinds: tuple[type[Any], ...], prose: str, *examples: Example
) -> Function:
    return Function(
        name=name,
        usage=f"a {name} b",
        parameters=(kinds, kinds),
        result=_result,
        meaning=rule,
        prose=prose,
        examples=examples,
        total=False,
        symbol=True,
    )


_SHOP = "dimension spend: number 0..\ndimension visits: integer 0.."
ADD = _arithmetic(
    "+",
    meanings.add,
    (*NUMBERS, Duration),
    "The sum of two numbers, or of two lengths of time.",
    Example(_SHOP, "spend + visits > 10", {"spend": 8, "visits": 3}, True),
    Example(_SHOP, "spend + visits > 10", {"spend": 8, "visits": 2}, False),
    Example(_SHOP, "spend + visits > 10", {"spend": 80}, False),
)
SUBTRACT = _arithmetic(
    "-",
    meanings.subtract,
    (*NUMBERS, Duration, Date, Datetime),
    "The difference of two numbers, or the time from the right moment to the left one.",
    Example(
        "dimension last_order: date",
        "today - last_order > 30 days",
        {"last_order": "2026-01-01"},
        True,
        "2026-02-01T00:00Z",
    ),
    Example(
        "dimension last_order: date",
        "today - last_order > 30 days",
        {"last_order": "2026-01-02"},
        False,
        "2026-02-01T00:00Z",
    ),
    Example("dimension last_order: date", "today - last_order > 30 days", {}, False, "2026-02-01T00:00Z"),
)
MULTIPLY = _arithmetic(
    "*",
    meanings.multiply,
    NUMBERS,
    "The product of two numbers.",
    Example(_SHOP, "spend > 10 * visits", {"spend": 31, "visits": 3}, True),
    Example(_SHOP, "spend > 10 * visits", {"spend": 30, "visits": 3}, False),
    Example(_SHOP, "spend > 10 * visits", {"spend": 30}, False),
)
DIVIDE = _arithmetic(
    "/",
    meanings.divide,
    NUMBERS,
    "The ratio of two numbers; divided by zero it is unknown.",
    Example(_SHOP, "spend / visits >= 10", {"spend": 30, "visits": 3}, True),
    Example(_SHOP, "spend / visits >= 10", {"spend": 30, "visits": 0}, False),
    Example(_SHOP, "spend / visits >= 10", {"spend": 30}, False),
)

FUNCTIONS = (ADD, SUBTRACT, MULTIPLY, DIVIDE)
