"""The value that two comparisons leave between them: `visits < 3` beside `visits > 3`.

In: a partition and a region in no segment of it that is one value of a dimension. Out: the comparisons to blame.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from segdsl.program import expression as ex
from segdsl.program.program import Partition
from segdsl.prove.verdict import Counterexample
from segdsl.text.diagnostic import Edit
from segdsl.text.source import Span
from segdsl.values.written import show

_BELOW, _ABOVE = ("<", "before"), (">", "after")
_FROM, _UP_TO = (">=",), ("<=",)
"""What says `below` and `above` under a `not`."""
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "before": "after", "after": "before"}


@frozen
class Boundary:
    """Where one comparison stops and the other starts, and how the value between is written."""

    dimension: str
    value: str
    stops: Span
    starts: Span
    advice: str
    edits: tuple[Edit, ...]


def boundary_of(partition: Partition, witness: Counterexample) -> Boundary | None:
    """The comparisons that leave out what the witness shows; None when there are none."""
    if witness.boundary is None:
        return None
    name, value = witness.boundary
    below = next(_comparisons(partition, name, value, _BELOW, _FROM), None)
    above = next(_comparisons(partition, name, value, _ABOVE, _UP_TO), None)
    if below is None or above is None:
        return None
    starts, written = _sign(above), show(above.subject.kind, value)
    inclusive = {">": ">=", "after": ">=", "<": "<=", "before": "<="}.get(starts.text)
    advice = "let one of the two take it in"
    edits: tuple[Edit, ...] = ()
    if inclusive is not None and above.span is not None:
        edits = (Edit(starts, inclusive),)
        before, after = above.span.start, above.span.end
        text = above.span.source.text
        advice = f"write {' '.join((text[before : starts.start] + inclusive + text[starts.end : after]).split())}"
    return Boundary(name, written, _sign(below), starts, advice, edits)


def _comparisons(
    partition: Partition, name: str, value: object, signs: tuple[str, ...], negated: tuple[str, ...]
) -> Iterator[ex.Test]:
    for member in partition.members:
        for test, wanted in _tests(member.condition, True):
            read = isinstance(test.subject, ex.Read) and test.subject.dimension.name == name
            constant = isinstance(test.operand, ex.Constant) and test.operand.value == value
            if read and constant and test.span is not None and test.operator.name in (signs if wanted else negated):
                yield test


def _tests(condition: ex.Condition, wanted: bool) -> Iterator[tuple[ex.Test, bool]]:
    """The tests that a condition is made of, each with whether it is wanted or not."""
    match condition:
        case ex.Test():
            yield condition, wanted
        case ex.Not(operand):
            yield from _tests(operand, not wanted)
        case ex.Named(condition=inner):
            yield from _tests(inner, wanted)
        case ex.And(operands) | ex.Or(operands):
            for operand in operands:
                yield from _tests(operand, wanted)
        case _:
            return


def _sign(test: ex.Test) -> Span:
    """Where the comparison's sign stands."""
    assert test.span is not None
    for name in (test.operator.name, _MIRRORED[test.operator.name]):
        found = test.span.text.find(name)
        if found >= 0:
            start = test.span.start + found
            return Span(test.span.source, start, start + len(name))
    return test.span
