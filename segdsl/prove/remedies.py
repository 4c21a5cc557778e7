"""Ways out of a claim that does not hold, as rules that can be copied in place of those of the same name.

In: a partition and the visitors who show that it is wrong. Out: lines of advice; those that begin with `+` are rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from segdsl.program import expression as ex
from segdsl.program.program import Partition, Program, Segment
from segdsl.program.schema import Dimension
from segdsl.prove.claims import can_hold
from segdsl.prove.verdict import Counterexample, Proved
from segdsl.syntax import tree
from segdsl.text.source import Span
from segdsl.values.kinds import Boolean, Integer, Kind, Number, Text
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import quoted


def one_of(ways: Iterable[str], together: Iterable[str] = ()) -> str:
    """Advice that leaves a choice between rules, the last way being several rules `together`."""
    listed = [f"+ {way}" for way in ways]
    rest = [f"+ {way}" for way in together]
    lines = ["one of" if len(listed) > 1 else "", *listed]
    if rest and listed:
        lines.append("or both of")
    elif rest:
        lines = ["both of"]
    return "\n".join([*lines, *rest])


def against_overlap(program: Program, partition: Partition, first: Segment, second: Segment) -> str:
    """One segment leaves out the other, so that somebody is left in it; or the first match wins."""
    for inner, outer in ((first, second), (second, first)):
        rest = ex.And((outer.condition, ex.Not(inner.condition)))
        if inner.name != outer.name and not isinstance(can_hold(program, rest), Proved):
            circular = outer.name in _named_in(inner.condition)
            ways = [] if circular else [narrowed(outer, f"not {inner.name}")]
            return one_of([*ways, *_as_priority(partition, _in_order(partition, inner, outer))])
    return f"leave one of the two out of {partition.name}: they hold for the same visitors"


def _in_order(partition: Partition, inner: Segment, outer: Segment) -> list[str]:
    """The names of the members, `inner` before `outer`."""
    names = [member.name for member in partition.members if member is not inner]
    names.insert(min(names.index(outer.name), partition.members.index(inner)), inner.name)
    return names


def against_gap(program: Program, partition: Partition, witness: Counterexample) -> str:
    """Two ways out where only unknown is missing; otherwise a segment for the missing ones."""
    if not partition.members:
        return f"name the segments: partition {partition.name}: A, B"
    last, region, new = partition.members[-1], without_brackets(witness.region), _new_name(program)
    longer = f"{_head(partition)}, {new}"
    if witness.visitor.clock:  # the region is what is missing at one moment, and no rule for every other
        names = [member.name for member in partition.members]
        return one_of(_as_priority(partition, names, f" otherwise {new}"), [_rest(partition, new), longer])
    unknown = [one for one, value in witness.visitor.values.items() if value is UNKNOWN]
    if len(unknown) == 1 and region == f"{unknown[0].name} is unknown":
        if any(_asks_whether_known(member.condition, unknown[0]) for member in partition.members):
            return one_of([widened(last, region)])
        node = next(one for one in _dimension_nodes(program) if one.name.text == unknown[0].name)
        clause = f"default {_plain_default(unknown[0].kind)}" if _plain_default(unknown[0].kind) else "required"
        return one_of([f"{one_line(node.span.text)} {clause}", widened(last, region)])
    return one_of([widened(last, region)], [f"segment {new}: {region}", longer])


def _head(partition: Partition) -> str:
    """The partition as it is written."""
    return one_line(partition.node.span.text)


def _as_priority(partition: Partition, names: list[str], end: str = "") -> Iterator[str]:
    """The partition as a priority list, which needs no promise; one `of` a segment cannot be one."""
    if partition.of is None:
        label = "" if partition.label is None else f" {quoted(partition.label)}"
        yield f"priority {partition.name}{label}: {', '.join(names)}{end}"


def _rest(partition: Partition, new: str) -> str:
    whole = "" if partition.of is None else f"{partition.of.name} and "
    return f"segment {new}: {whole}" + " and ".join(f"not {member.name}" for member in partition.members)


def _new_name(program: Program) -> str:
    taken = {*program.dimensions, *program.segments, *program.partitions, *program.priorities}
    return next(name for name in ("others", "everybody_else", "all_others", "the_rest") if name not in taken)


def widened(segment: Segment, condition: str) -> str:
    """The segment with those added for whom a condition holds."""
    return _joined(segment, "or", f"({condition})" if _has(condition, "and") else condition)


def narrowed(segment: Segment, condition: str) -> str:
    """The segment without those for whom a condition does not hold."""
    return _joined(segment, "and", condition)


def _joined(segment: Segment, word: str, condition: str) -> str:
    node = segment.node
    text, whole = node.span.source.text, _with_brackets(node.condition.span)
    mixed = isinstance(node.condition, tree.Or if word == "and" else tree.And) and whole == node.condition.span
    own = text[whole.start : whole.end]
    parts = (text[node.span.start : whole.start], f"({own})" if mixed else own)
    rest = text[whole.end : node.span.end]
    return one_line(f"{parts[0]} {parts[1]} {word} {condition} {rest}")


def _with_brackets(span: Span) -> Span:
    """A stretch with the brackets around it."""
    text, start, end = span.source.text, span.start, span.end
    while True:
        before, after = text[:start].rstrip(), text[end:]
        if not before.endswith("(") or not after.lstrip().startswith(")"):
            return Span(span.source, start, end)
        start, end = len(before) - 1, end + len(after) - len(after.lstrip()) + 1


def without_brackets(condition: str) -> str:
    """A condition without the brackets around all of it."""
    inner = condition[1:-1]
    if not (condition.startswith("(") and condition.endswith(")")):
        return condition
    depth = 0
    for found in _BRACKET.finditer(inner):
        depth += (found[0] == "(") - (found[0] == ")")
        if depth < 0:
            return condition
    return inner


_BRACKET = re.compile(r'"(?:\\.|[^"\\])*"|[()]|\b(?:and|or)\b')


def _has(condition: str, joint: str) -> bool:
    """Whether it has an `and` (or an `or`) that is not within brackets or a text."""
    depth = 0
    for found in _BRACKET.finditer(condition):
        depth += (found[0] == "(") - (found[0] == ")")
        if depth == 0 and found[0] == joint:
            return True
    return False


def one_line(text: str) -> str:
    """Rules in one line, without remarks."""
    return " ".join(re.sub(r'("(?:\\.|[^"\\\n])*")|#[^\n]*', lambda found: found[1] or "", text).split())


def _asks_whether_known(condition: ex.Condition, dimension: Dimension) -> bool:
    """Whether a condition tells the known from the unknown by itself, so that a default would make it say nothing."""
    match condition:
        case ex.Known(subject):
            return dimension in ex.dimensions_of(subject)
        case ex.Named(condition=inner) | ex.Not(inner):
            return _asks_whether_known(inner, dimension)
        case ex.And(operands) | ex.Or(operands):
            return any(_asks_whether_known(operand, dimension) for operand in operands)
        case _:
            return False


def _named_in(condition: ex.Condition) -> set[str]:
    """The segments and lets that a condition names, directly or by way of others."""
    match condition:
        case ex.Named(name, inner):
            return {name} | _named_in(inner)
        case ex.Not(operand):
            return _named_in(operand)
        case ex.And(operands) | ex.Or(operands):
            return {name for operand in operands for name in _named_in(operand)}
        case _:
            return set()


def _dimension_nodes(program: Program) -> Iterator[tree.Dimension]:
    for file in program.files:
        for statement in file.statements:
            if isinstance(statement, tree.Dimension):
                yield statement


def _plain_default(kind: Kind) -> str:
    match kind:
        case Integer() | Number():
            return "0" if (kind.low is None or kind.low[0] <= 0) and (kind.high is None or kind.high[0] > 0) else ""
        case Boolean():
            return "false"
        case Text(choices=None):
            return '""'
        case _:
            return ""
