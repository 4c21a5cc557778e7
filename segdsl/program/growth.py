"""How large conditions become once names are replaced by what they stand for.

A segment that names another twice, which names a third twice, … doubles with every step. In: the declared names. Out: a
diagnostic for each segment, let or assertion that would become too large, or too deep, to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from segdsl.program.scope import Scope
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Note
from segdsl.text.source import Span

LARGEST = 20_000
"""Parts of a condition, names filled in."""
DEEPEST = 200
"""Parts within each other, names filled in: what reads conditions goes down them level by level."""


@frozen
class Growth:
    """How many parts a condition has, and how many of them lie within each other."""

    parts: int
    levels: int


NOTHING = Growth(1, 1)


def too_large(scope: Scope) -> Iterator[Diagnostic]:
    """What is said about every name that stands for too much; the first in a chain of them only."""
    known: dict[str, Growth] = {}
    statements: dict[str, tree.Let | tree.Segment] = {**scope.lets, **scope.segments}
    for name, statement in statements.items():
        try:
            growth = _of_name(name, scope, known)
        except RecursionError:  # a chain of names, the last declared first
            growth = Growth(1, DEEPEST + 1)
        yield from _judged(f'"{name}"', statement.name.span, growth)
    for assertion in scope.assertions:
        parts = [part for part in (assertion.condition, assertion.conclusion) if part is not None]
        yield from _judged("this assertion", assertion.span, _together(parts, scope, known))


def _judged(what: str, span: Span, growth: Growth) -> Iterator[Diagnostic]:
    if growth.parts > LARGEST:
        message = f"{what} has more than {LARGEST:,} parts once its names are filled in"
    elif growth.levels > DEEPEST:
        message = f"{what} has more than {DEEPEST} parts within each other once its names are filled in"
    else:
        return
    notes = (Note("why", "names that use names grow with every step"), Note("try", "say it with fewer names in a row"))
    yield Diagnostic("S214", message, span, notes=notes)


def _of_name(name: str, scope: Scope, known: dict[str, Growth]) -> Growth:
    """The growth of what a name stands for; one met again while it is measured is a circle, judged elsewhere."""
    if name not in known:
        known[name] = NOTHING
        segment, let = scope.segments.get(name), scope.lets.get(name)
        value = segment.condition if segment is not None else let.value if let is not None else None
        if value is not None:
            growth = _of(value, scope, known)
            if growth.parts > LARGEST or growth.levels > DEEPEST:
                return growth  # what uses it is not blamed too
            known[name] = growth
    return known[name]


def _of(node: tree.Expression, scope: Scope, known: dict[str, Growth]) -> Growth:
    match node:
        case tree.Name():
            inner = _of_name(node.text, scope, known)
            return Growth(inner.parts, inner.levels + 1)
        case tree.And(operands) | tree.Or(operands) | tree.Call(arguments=operands):
            return _together(operands, scope, known)
        case tree.Not(operand) | tree.Negative(operand) | tree.IsTest(subject=operand) | tree.WordTest(left=operand):
            return _together((operand,), scope, known)
        case tree.Comparison(left=left, right=right) | tree.Arithmetic(left=left, right=right):
            return _together((left, right), scope, known)
        case _:
            return NOTHING


def _together(operands: Iterable[tree.Expression], scope: Scope, known: dict[str, Growth]) -> Growth:
    inner = [_of(operand, scope, known) for operand in operands]
    return Growth(1 + sum(one.parts for one in inner), 1 + max((one.levels for one in inner), default=0))
