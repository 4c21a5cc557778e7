"""Segments and partitions that say the same, as diagnostics: which ones, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segdsl.advise.likeness import Likeness, SameCut
from segdsl.advise.rewritten import rule
from segdsl.program import expression as ex
from segdsl.program.program import Partition, Program, Segment
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Label, Note
from segdsl.text.source import Span

MOST_NAMED = 6
"""Pairs of members that are listed."""


def likeness_findings(program: Program, likeness: Likeness, without: frozenset[str]) -> Iterator[Diagnostic]:
    """Segments that hold for the same visitors, where nothing says that they should; and partitions that cut alike.

    `without`: segments about which something else is to be said first.
    """
    told = {frozenset(pair) for cut in likeness.same_cuts for pair in cut.members}
    for group in likeness.equal:
        segments = [program.segments[name] for name in group]
        own = [one for one in segments if one.name not in without and not isinstance(one.condition, ex.Named)]
        for place, segment in enumerate(own[1:], 1):
            first = next((one for one in own[:place] if not _is_told(program, one, segment)), None)
            if first is not None and frozenset((first.name, segment.name)) not in told:
                yield _equal(first, segment)
    for cut in likeness.same_cuts:
        yield _same_cut(cut)


def _is_told(program: Program, first: Segment, second: Segment) -> bool:
    """Whether something else is said about two segments that hold for the same visitors.

    In one partition they overlap, in one priority list nobody gets the second of them.
    """
    together = [one.members for one in program.partitions.values()]
    together += [one.members for one in program.priorities.values()]
    return any(first in members and second in members for members in together)


def _equal(first: Segment, second: Segment) -> Diagnostic:
    message = f'"{second.name}" holds for the same visitors as "{first.name}"'
    why = "they are written in different ways, but nobody is in one and not in the other"
    if second.condition == first.condition:
        why = "both have the same condition"
    node = second.node
    named = rule(node, tree.Name((first.name,), span=node.condition.span))
    labels = (Label(first.span, "the same visitors"),)
    notes = (Note("why", why), Note("try", f"keep one of them, or let the second follow the first\n+ {named}"))
    return Diagnostic("S416", message, second.span, labels=labels, notes=notes)


def _same_cut(cut: SameCut) -> Diagnostic:
    first, second = cut.first, cut.second
    message = f'"{second.name}" divides visitors in the same way as "{first.name}"'
    pairs = [f"{theirs} is {mine}" for theirs, mine in cut.members if theirs != mine]
    more = f" and {len(pairs) - MOST_NAMED} more" if len(pairs) > MOST_NAMED else ""
    why = ", ".join(pairs[:MOST_NAMED]) + more if pairs else "both have the same segments"
    notes = (Note("why", why), Note("try", "keep one of them, or let one divide them in another way"))
    return Diagnostic("S417", message, _heading(second), labels=(Label(_heading(first), "the same"),), notes=notes)


def _heading(partition: Partition) -> Span:
    node = partition.node
    return Span(node.span.source, node.span.start, node.name.span.end)


def nested(program: Program, likeness: Likeness) -> Mapping[str, tuple[str, ...]]:
    """Segments within others that neither their own condition nor a partition says to be within."""
    divided = [(one.of, one.members) for one in program.partitions.values() if one.of is not None]
    parts = {(one.name, whole.name) for whole, members in divided for one in members}
    found = {}
    for name, wider in likeness.within.items():
        said = _named(program.segments[name].condition, ex.And)
        said |= {one for one in wider if name in _named(program.segments[one].condition, ex.Or)}
        left = tuple(one for one in wider if one not in said and (name, one) not in parts)
        if left:
            found[name] = left
    return found


def _named(condition: ex.Condition, joint: type[ex.And | ex.Or]) -> set[str]:
    """The segments that stand by themselves in an `and` (an `or`)."""
    operands = condition.operands if isinstance(condition, joint) else (condition,)
    return {one.name for one in operands if isinstance(one, ex.Named)}
