"""What to write in place of a value of the wrong kind.

In: what is written and the kind that is needed there. Out: diagnostics with an example that can be copied.
"""

from __future__ import annotations

import re
from typing import Any, assert_never

from segdsl.operators.comparison import TIMES
from segdsl.operators.operator import Operand, Operator
from segdsl.operators.registry import operators_by_name
from segdsl.program.wrong import Wrong, wrong
from segdsl.syntax import tree
from segdsl.text.diagnostic import Label
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
    Point,
    SetOf,
    Text,
    Version,
    words,
)
from segdsl.values.written import number, quoted


def example_of(kind: Kind, subject: str) -> str:
    """What a value of a kind is compared with, as it is written."""
    match kind:
        case Text(choices=None):
            return 'a text in quotes, as "…"'
        case Text(choices=choices):
            return f"one of its values, as {quoted(choices[0])}" if choices else "one of its values"
        case Integer() | Number():
            return "a number, as 5"
        case Boolean():
            return "true or false"
        case Date():
            return "a date, as 2026-01-31"
        case Datetime():
            return "a date, as 2026-01-31, or one with a time, as 2026-01-31T18:00Z"
        case Duration():
            return "a length of time, as 10 minutes"
        case Distance():
            return "a distance, as 25 km"
        case Version():
            return 'a version, as "12.1"'
        case Ip():
            return 'an address, as "10.0.0.1"'
        case SetOf():
            return f'{subject} has "…"'
        case Point():
            return f"distance({subject}, 59.91, 10.75) <= 25 km"
        case _:
            assert_never(kind)


def mismatch(node: tree.Literal, found: Kind, kind: Kind, subject: str, labels: tuple[Label, ...]) -> Wrong:
    """A value of one kind beside `subject`, which is of another."""
    written = node.span.text
    if isinstance(node, tree.BooleanLiteral):
        message = f'"{subject}" is {words(kind)}, and that is never {written}'
        return _wrong_kind("S303", node, message, "", labels, _compare_with(kind, subject))
    message = f'"{subject}" is {words(kind)}, but {written} is {words(found)}'
    caret = f"this is {words(found)}"
    match kind, node:
        case Text(), tree.NumberLiteral() | tree.DateLiteral() | tree.DatetimeLiteral() | tree.PercentLiteral():
            return _wrong_kind("S301", node, message, caret, labels, "put it in quotes", f'"{written}"')
        case Integer() | Number(), tree.TextLiteral(value):
            return _wrong_kind("S302", node, message, caret, labels, *_figures(value))
        case Date() | Datetime(), tree.TextLiteral(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return _wrong_kind("S303", node, message, caret, labels, "write it without quotes", value)
        case Duration(), tree.NumberLiteral():
            return _wrong_kind("S303", node, message, caret, labels, f"say in what it is counted, as {written} days")
        case Distance(), tree.NumberLiteral():
            return _wrong_kind("S303", node, message, caret, labels, f"say in what it is measured, as {written} km")
        case Version(), tree.NumberLiteral():
            return _wrong_kind("S303", node, message, caret, labels, "put it in quotes", f'"{written}"')
        case _:
            return _wrong_kind("S303", node, message, caret, labels, _compare_with(kind, subject))


def _wrong_kind(
    code: str,
    node: tree.Literal,
    message: str,
    caret: str,
    labels: tuple[Label, ...],
    advice: str,
    instead: str | None = None,
) -> Wrong:
    told = advice if instead is None else f"{advice}: {instead}"
    return wrong(code, node, message, caret=caret, labels=labels, advice=told, instead=instead)


def _compare_with(kind: Kind, subject: str) -> str:
    example = example_of(kind, subject)
    return f"write {example}" if isinstance(kind, SetOf | Point) else f"compare it with {example}"


_SPELLED = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
}


def _figures(text: str) -> tuple[str] | tuple[str, str]:
    spelled = _SPELLED.get(text.strip().lower())
    if spelled is not None:
        return "write the number in figures, without quotes", str(spelled)
    if re.fullmatch(r"\s*-?[0-9]+(\.[0-9]+)?\s*", text):
        return "write the number without quotes", text.strip()
    return ("write a number, in figures and without quotes",)


_SIGNS = {"before": "<", "after": ">"}


def unsuited(operator: Operator, kind: Kind, subject: str, node: Any, labels: tuple[Label, ...]) -> Wrong:
    """An operator that does not go with what stands to its left."""
    if subject.startswith('"'):
        message = f'"{operator.name}" does not suit {words(kind)} such as {subject}'
    else:
        message = f'"{operator.name}" does not suit "{subject}", which is {words(kind)}'
    span = node.span if isinstance(node, tree.IsTest) else node.operator_span
    return wrong("S305", span, message, labels=labels, advice=_suited(operator, kind, subject, node))


def _suited(operator: Operator, kind: Kind, subject: str, node: Any) -> str:
    match kind:
        case Boolean():
            return f"write {subject}, or not {subject}"
        case SetOf():
            pattern = operator.operand in (Operand.SAME, Operand.VALUES, Operand.PATTERN)
            return f'write {subject} has "…", or {subject} has any of ("…", "…")' if pattern else f"{subject} is known"
        case Point():
            return f"write {example_of(kind, subject)}"
        case Text() if isinstance(node, tree.IsTest):
            return f'write {subject} == "", or {subject} is unknown'
        case Integer() | Number() | Text() | Version() | Duration() | Distance() if operator.name in _SIGNS:
            return f"write {_SIGNS[operator.name]}"
        case Date() | Datetime() if operator.operand is Operand.PATTERN:
            return f"compare it with {example_of(kind, subject)}"
        case _:
            *several, last = (
                one.name
                for one in operators_by_name().values()
                if isinstance(kind, one.subjects) and one.negates is None and one.infix
            )
            return f"write {', '.join(several)} or {last}"


def uncountable(operator: str, kind: Kind, written: str, node: Any, labels: tuple[Label, ...]) -> Wrong:
    """Arithmetic with something that is no number."""
    message = f'"{operator}" does not suit "{written}", which is {words(kind)}'
    advice = "write numbers on both sides"
    if isinstance(kind, TIMES) and operator in "+-":
        advice = f"move it by a length of time, as {written} {operator} 3 days"
    elif isinstance(kind, Text):
        advice = f"write number({written}), if it holds a number"
    return wrong("S305", node, message, labels=labels, advice=advice)


def two_kinds(left: Kind, right: Kind, written: tuple[str, str], node: Any, labels: tuple[Label, ...]) -> Wrong:
    """Two things of different kinds beside each other, neither of which is a value as written."""
    message = f'"{written[0]}" is {words(left)}, but "{written[1]}" is {words(right)}'
    advice = "compare two things of one kind"
    if isinstance(left, TIMES) and re.fullmatch(r"[0-9]{1,2} */ *[0-9]{1,2} */ *[0-9]{2,4}", written[1]):
        advice = "write a date as year-month-day, as 2026-01-31"
    for one, other, text in ((left, right, written[0]), (right, left, written[1])):
        if isinstance(one, Text) and one.choices is None and isinstance(other, Integer | Number):
            advice = f"compare number({text}), if it holds a number"
    return wrong("S303", node, message, labels=labels, advice=advice)


def neither_true_nor_false(kind: Kind, node: Any, labels: tuple[Label, ...], before: Any = None) -> Wrong:
    """Something that is no condition. `before`: the comparison whose left side it was perhaps meant for too."""
    written = node.span.text
    shown = written if written.startswith('"') else f'"{written}"'
    message = f"{shown} is {words(kind)}, which is neither true nor false by itself"
    literal = isinstance(node, tree.TextLiteral | tree.NumberLiteral | tree.DateLiteral | tree.DatetimeLiteral)
    if literal and isinstance(before, tree.Comparison):
        whole = f"{before.left.span.text} {before.operator} {written}"
        return wrong("S308", node, message, labels=labels, advice=f"say it in full: {whole}", instead=whole)
    if literal:
        advice = f"say what should be the same as it, as: … == {written}"
    elif isinstance(kind, Text):
        advice = f'compare it, as {written} == "…"'
    elif isinstance(kind, Integer | Number):
        advice = f"compare it, as {written} > 0"
    elif isinstance(kind, SetOf):
        advice = f'ask what is in it, as {written} has "…"'
    else:
        advice = f"compare it, or ask whether {written} is known"
    return wrong("S308", node, message, labels=labels, advice=advice)


def reach_of(kind: Integer | Number, value: float) -> str:
    """How far a kind of number goes on the side where a value lies outside."""
    if kind.low is not None and value < kind.low[0]:
        return f"{number(kind.low[0])} is the least it can be"
    assert kind.high is not None
    most, included = kind.high
    return f"{number(most)} is the most it can be" if included else f"it stays below {number(most)}"
