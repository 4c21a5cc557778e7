"""Ways out of a claim that does not hold, as rules that can be copied in place of those of the same name.

In: a partition and the visitors who show that it is wrong. Out: lines of advice; those that begin with `+` are rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from attrs import define

from segdsl.advise.neighbours import Neighbourhood
from segdsl.advise.orders import MOST_LISTED, gets_somebody, in_order
from segdsl.advise.plainer import Plainer
from segdsl.program import expression as ex
from segdsl.program.program import Assertion, Partition, Priority, Program, Segment
from segdsl.program.schema import Dimension
from segdsl.prove.claims import Claim, can_hold
from segdsl.prove.verdict import Counterexample, Proved
from segdsl.syntax import tree
from segdsl.text.listing import listed
from segdsl.text.source import Span
from segdsl.values.kinds import Boolean, Integer, Kind, Number, Text
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import quoted

MOST_EXCEPT = 12
"""Segments that are named behind a `not` in one rule that is offered."""


def one_of(ways: Iterable[str], together: Iterable[str] = (), joint: str = "or both of") -> str:
    """Advice that leaves a choice between rules, the last way being several rules `together`."""
    choices = [f"+ {way}" for way in ways]
    rest = [f"+ {way}" for way in together]
    lines = ["one of" if len(choices) > 1 else "", *choices]
    if rest and choices:
        lines.append(joint)
    elif rest:
        lines = ["both of"]
    return "\n".join([*lines, *rest])


@define(eq=False)
class WaysOut:
    """Ways out of what is wrong with one partition. What they share is worked out once.

    Ways out that go together: whoever follows them one after the other leaves somebody in every segment, and never goes
    in a circle, where there is an order of the segments in which each gets somebody.
    """

    program: Program
    partition: Partition

    @cached_property
    def plainer(self) -> Plainer:
        return Plainer(self.program)

    @cached_property
    def _order(self) -> tuple[Segment, ...] | None:
        return in_order(self.program, self.partition.members)

    @cached_property
    def neighbourhood(self) -> Neighbourhood:
        return Neighbourhood(self.program, self.partition)

    def of_overlap(self, first: Segment, second: Segment, *, whole: bool) -> str:
        """One of two segments leaves out the other, so that somebody is left in it.

        `whole`: or the first match wins in all of the partition, which is offered too where there is no other way.
        """
        ordered = self._order
        if ordered is not None and ordered.index(second) < ordered.index(first):
            first, second = second, first
        ways = list(islice(self._apart(first, second), 1))
        if whole or not ways:
            ways += self._as_priority()
        if ways:
            return one_of(ways)
        if self._is_empty(first, [second]) and self._is_empty(second, [first]):
            return f"leave one of the two out of {self.partition.name}: they hold for the same visitors"
        return f"narrow {first.name} or {second.name} so that nobody is in both"

    def _apart(self, first: Segment, second: Segment) -> Iterator[str]:
        for inner, outer in ((first, second), (second, first)):
            if not _names(inner, outer) and not self._is_empty(outer, [inner]):
                yield narrowed(outer, f"not {inner.name}", self.plainer)

    def of_group(self, segment: Segment, others: Sequence[Segment], *, whole: bool) -> str:
        """One segment leaves out the many others that it overlaps with; or the first match wins."""
        few = len(others) <= MOST_LISTED
        if few and self._is_empty(segment, others):
            ways = list(self._as_priority()) if whole else []
            start = f"leave {segment.name} out of {self.partition.name}: whoever is in it is in one of these too"
            return "\n".join([start, *(["or let the first match win:"] if ways else []), *(f"+ {way}" for way in ways)])
        ways = []
        if len(others) <= MOST_EXCEPT and not any(_names(other, segment) for other in others):
            rest = f"not ({' or '.join(other.name for other in others)})"
            ways.append(narrowed(segment, rest, self.plainer))
        narrow = bool(ways)
        if whole:
            ways += self._as_priority()
        if narrow:
            return one_of(ways)
        start = f"narrow {segment.name}, as it is in all of these"
        return "\n".join([start, *(["or let the first match win:"] if ways else []), *(f"+ {way}" for way in ways)])

    def _is_empty(self, segment: Segment, others: Sequence[Segment]) -> bool:
        """Whether there is certainly nobody in a segment but in none of the others."""
        claim = Claim.about([segment, *others], self.program.zone)
        return gets_somebody(claim, 0, range(1, len(others) + 1)) is False

    def _as_priority(self) -> Iterator[str]:
        """The partition as a list in which each segment gets somebody."""
        if self._order is not None:
            yield from _as_priority(self.partition, [one.name for one in self._order])

    def of_gap(self, witness: Counterexample, *, first: bool, alone: bool) -> str:
        """Segments beside the gap are widened; or, as the `first` offers, a new one takes in all that is missing."""
        program, partition = self.program, self.partition
        if not partition.members:
            return f"name the segments: partition {partition.name}: A, B"
        region, new = without_brackets(witness.region), _new_name(program)
        longer = f"{_head(partition)}, {new}"
        short = len(partition.members) <= MOST_LISTED
        if witness.visitor.clock:  # the region is what is missing at one moment, and no rule for every other
            if not first:
                return "a segment for all that is missing, as above, takes in these too"
            if not short:
                return "add a segment for those who are left"
            names = [member.name for member in partition.members]
            return one_of(_as_priority(partition, names, f" otherwise {new}"), [_rest(partition, new), longer])
        unknown = [one for one, value in witness.visitor.values.items() if value is UNKNOWN]
        if len(unknown) == 1 and region == f"{unknown[0].name} is unknown":
            ways, own = self._known(unknown[0], region), False
        else:
            ways, own = [widened(one, region, self.plainer) for one in self.neighbourhood.of(witness)], True
        if not first or not (own or not alone):
            return one_of(ways)
        if not short:
            return one_of(ways) + "\nor give those who are missing a segment of their own"
        if alone:
            return one_of(ways, [f"segment {new}: {region}", longer])
        return one_of(ways, [_rest(partition, new), longer], "or, for all that is missing, both of")

    def _known(self, dimension: Dimension, region: str) -> list[str]:
        """Where only unknown is missing: it stands for something, or a segment takes it in."""
        last = self.partition.members[-1]
        if any(_asks_whether_known(member.condition, dimension) for member in self.partition.members):
            return [widened(last, region, self.plainer)]
        node = next(one for one in _dimension_nodes(self.program) if one.name.text == dimension.name)
        clause = f"default {_plain_default(dimension.kind)}" if _plain_default(dimension.kind) else "required"
        return [f"{one_line(node.span.text)} {clause}", widened(last, region, self.plainer)]


@define(eq=False)
class WaysUp:
    """Ways out for those whom nobody gets from a priority list, because others come first."""

    program: Program
    priority: Priority
    _tries: int = 200
    """Questions that are asked about moves."""

    @cached_property
    def _claim(self) -> Claim:
        return Claim.about(self.priority.members, self.program.zone)

    @cached_property
    def _order(self) -> tuple[Segment, ...] | None:
        return in_order(self.program, self.priority.members)

    def before(self, name: str, shadowing: Sequence[str]) -> str:
        """A member comes before the first of those that take everybody; or the list is put in another order."""
        if self._can_move(name, shadowing[0]):
            return f"move {name} before {shadowing[0]}"
        if self._order is None:
            return f"leave {name} out of the list, or narrow {shadowing[0]}"
        node = self.priority.node
        text, members = node.span.source.text, node.members
        head, end = text[node.span.start : members[0].span.start], text[members[-1].span.end : node.span.end]
        return one_of([one_line(f"{head}{', '.join(one.name for one in self._order)}{end}")])

    def _can_move(self, name: str, to: str) -> bool:
        """Whether a member gets somebody before another one, and each of those that it comes before keeps somebody."""
        names = [one.name for one in self.priority.members]
        own, place = names.index(name), names.index(to)
        passed = range(place, own)
        if self._claim.only is not None:  # whoever shares nobody with it loses nobody
            met = self._claim.only.table.met_by(own)
            losing = [number for number in met if number in passed]
        else:
            losing = list(passed)
        self._tries -= len(losing)
        return (
            self._tries >= 0
            and gets_somebody(self._claim, own, range(place)) is True
            and all(
                gets_somebody(self._claim, number, [*range(number), own]) is True
                or gets_somebody(self._claim, number, range(number)) is False
                for number in losing
            )
        )


def against_false(program: Program, assertion: Assertion) -> str:
    """What can be done about an assertion that does not hold: the segments that it names are changed."""
    names = [one for one in named_at_once(assertion.condition) if one in program.segments]
    if not names:
        return "if there are no such visitors, say so where the dimension is declared; if there are, assert less"
    narrower = _with_conclusion(program, assertion)
    if narrower is not None:
        return f"\n+ {narrower}\nor let the assertion say less"
    return f"change {listed(names, 'or')}, or let the assertion say less"


def _with_conclusion(program: Program, assertion: Assertion) -> str | None:
    """A segment that implies something, with that in its condition; None if that would say something else elsewhere."""
    conclusion, condition = assertion.node.conclusion, assertion.condition
    if conclusion is None or not isinstance(condition, ex.Or):
        return None
    premise, implied = condition.operands
    named = premise.operand if isinstance(premise, ex.Not) else premise
    segment = program.segments.get(named.name) if isinstance(named, ex.Named) else None
    claims = [one.members for one in program.partitions.values()]
    claims += [one.members for one in program.priorities.values()]
    if (
        segment is None
        or segment.name in _named_in(implied)
        or any(segment in members for members in claims)
        or isinstance(can_hold(program, ex.And((segment.condition, implied))), Proved)
    ):
        return None
    text = one_line(_with_brackets(conclusion.span).text)
    text = f"({text})" if isinstance(conclusion, tree.Or) and _has(text, "or") else text
    return narrowed(segment, text, Plainer(program))


def named_at_once(condition: ex.Condition) -> list[str]:
    """The segments and lets that a condition names itself, each once."""
    match condition:
        case ex.Named(name):
            return [name]
        case ex.Not(operand):
            return named_at_once(operand)
        case ex.And(operands) | ex.Or(operands):
            return list(dict.fromkeys(name for operand in operands for name in named_at_once(operand)))
        case _:
            return []


def _names(segment: Segment, other: Segment) -> bool:
    """Whether the condition of one segment names another one, directly or by way of others."""
    return other.name in _named_in(segment.condition)


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


def widened(segment: Segment, condition: str, plainer: Plainer) -> str:
    """The segment with those added for whom a condition holds."""
    return _joined(segment, "or", f"({condition})" if _has(condition, "and") else condition, plainer)


def narrowed(segment: Segment, condition: str, plainer: Plainer) -> str:
    """The segment without those for whom a condition does not hold."""
    return _joined(segment, "and", condition, plainer)


def _joined(segment: Segment, word: str, condition: str, plainer: Plainer) -> str:
    node = segment.node
    text, whole = node.span.source.text, _with_brackets(node.condition.span)
    mixed = isinstance(node.condition, tree.Or if word == "and" else tree.And) and whole == node.condition.span
    own = text[whole.start : whole.end]
    joined = plainer.of(one_line(f"{f'({own})' if mixed else own} {word} {condition}"))
    return one_line(f"{text[node.span.start : whole.start]} {joined} {text[whole.end : node.span.end]}")


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
