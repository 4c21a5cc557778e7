"""From the text of a rule file to a checked program: the whole way on one page.

In: a source, and a function that finds the files that it uses. Out: a `Program`, or the reasons why there is none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from attrs import evolve, frozen

from segdsl.operators.registry import word_operators
from segdsl.program.consequences import missing, without_consequences
from segdsl.program.declare import dimension_of, states_of
from segdsl.program.expression import Condition, Literal, Not, Or
from segdsl.program.growth import too_large
from segdsl.program.kernel import Kernel, alike
from segdsl.program.literal import number_of
from segdsl.program.lower import lower
from segdsl.program.program import Assertion, Partition, Priority, Program, Segment, StatesClaim
from segdsl.program.resolve import Resolver
from segdsl.program.schema import Dimension
from segdsl.program.scope import Scope, gather, no_such_segment
from segdsl.program.terms import Terms
from segdsl.program.visitors import read_tests
from segdsl.program.wrong import Wrong, wrong
from segdsl.syntax import tree
from segdsl.syntax.parse import parse, parse_condition
from segdsl.text.diagnostic import Diagnostic, Label, Note, errors, in_file_order
from segdsl.text.source import Source, Span
from segdsl.text.suggest import nearest

FindFile = Callable[[str, Source], Source | Diagnostic]
"""The file that a `use` names, seen from the file that uses it; or what is wrong with it."""


@frozen
class Loaded:
    """`program` is None exactly when some diagnostic is an error."""

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[tree.RuleFile, ...]


def load_program(source: Source, find_file: FindFile) -> Loaded:
    """Reads, resolves, checks and lowers a rule file with all that it uses. Raises nothing."""
    found: list[Diagnostic] = []
    return assemble(_with_used(source, find_file, (), {}, found), found)


def assemble(files: tuple[tree.RuleFile, ...], found: list[Diagnostic]) -> Loaded:
    """Resolves, checks and lowers parsed files, the main one last. `found` are the diagnostics so far."""
    scope = gather(files)
    overgrown = list(too_large(scope))
    if overgrown:
        return Loaded(None, in_file_order([*scope.diagnostics, *found, *overgrown]), files)
    zone = _zone(scope, found)
    dimensions = _dimensions(scope, zone, found)
    states = _states(scope, dimensions, zone, found)
    resolver = Resolver(Terms(scope, dimensions, zone), {one: claim.states for one, claim in states.items()}, found)
    segments = _segments(scope, resolver)
    program = Program(
        dimensions=dimensions,
        states=states,
        segments=segments,
        partitions=_partitions(scope, segments, found),
        priorities=_priorities(scope, segments, found),
        assertions=_assertions(scope, resolver),
        tests=read_tests(scope, dimensions, segments, zone, found),
        zone=zone,
        files=files,
    )
    absent = missing(files, scope.broken | (scope.dimensions.keys() - dimensions.keys()), found)
    diagnostics = in_file_order(without_consequences([*scope.diagnostics, *found], absent))
    if errors(diagnostics):
        return Loaded(None, diagnostics, files)
    return Loaded(evolve(program, diagnostics=diagnostics), diagnostics, files)


def condition_among(program: Program, source: Source) -> tuple[Condition | None, tuple[Diagnostic, ...]]:
    """A condition about what a program declares, checked; None when some diagnostic is an error."""
    parsed, found = parse_condition(source, word_operators())
    if parsed is None or errors(found):
        return None, found
    states = {one: claim.states for one, claim in program.states.items()}
    resolver = Resolver(Terms(gather(program.files), program.dimensions, program.zone), states, list(found))
    condition = resolver.condition(parsed)
    diagnostics = tuple(resolver.diagnostics)
    return (None if errors(diagnostics) else condition), diagnostics


def _with_used(
    source: Source, find_file: FindFile, path: tuple[str, ...], done: dict[str, None], found: list[Diagnostic]
) -> tuple[tree.RuleFile, ...]:
    """The file's tree behind those of the files that it uses, each once."""
    parsed = parse(source, word_operators())
    found += parsed.diagnostics
    done[source.name] = None
    trees: list[tree.RuleFile] = []
    for statement in parsed.tree.statements:
        if not isinstance(statement, tree.Use):
            continue
        used = find_file(statement.path, source)
        if isinstance(used, Diagnostic):
            found.append(Diagnostic(used.code, used.message, statement.span, notes=used.notes))
        elif used.name in (*path, source.name):
            found.append(_circle([*path, source.name, used.name], statement))
        elif used.name not in done:
            trees += _with_used(used, find_file, (*path, source.name), done, found)
    return (*trees, parsed.tree)


def _circle(names: list[str], statement: tree.Use) -> Diagnostic:
    if names[-1] == names[-2]:
        notes: tuple[Note, ...] = (Note("try", "leave this line out"),)
        return Diagnostic("S110", "this file uses itself", statement.span, notes=notes)
    circle = ", which uses ".join(names[names.index(names[-1]) :]).replace(", which uses ", " uses ", 1)
    notes = (Note("why", circle), Note("try", "keep dimensions in one file that uses no other"))
    return Diagnostic("S110", "these files use each other in a circle", statement.span, notes=notes)


def zone_named(name: str) -> dt.tzinfo | None:
    """The timezone of a name from the IANA database; None where there is none."""
    if name == "UTC":
        return dt.UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # what zoneinfo raises for a missing, malformed or directory name
        return None


def _zone(scope: Scope, found: list[Diagnostic]) -> dt.tzinfo:
    zone: dt.tzinfo = dt.UTC
    for statement in scope.timezones:
        first = scope.timezones[0]
        if statement.name != first.name:
            labels = (Label(first.span, "declared here first"),)
            notes = (Note("try", "keep one of the two"),)
            found.append(Diagnostic("S106", "there are two timezones", statement.span, labels=labels, notes=notes))
        named = zone_named(statement.name)
        if named is None:
            near = nearest(statement.name, available_timezones())
            advice = f'change it to "{near}"' if near else 'write an area and a city, as "Europe/London"'
            quote = statement.span.start + statement.span.text.index('"')
            place = Span(statement.span.source, quote, statement.span.end)
            instead = f'"{near}"' if near else None
            message = f'there is no timezone "{statement.name}"'
            found.append(wrong("S304", place, message, advice=advice, instead=instead).diagnostic)
        elif statement is first:
            zone = named
    return zone


def _dimensions(scope: Scope, zone: dt.tzinfo, found: list[Diagnostic]) -> dict[str, Dimension]:
    dimensions: dict[str, Dimension] = {}
    for name, node in scope.dimensions.items():
        try:
            dimensions[name] = dimension_of(node, zone)
        except Wrong as problem:
            found.append(problem.diagnostic)
    found += _same_places(scope, dimensions)
    return dimensions


def _same_places(scope: Scope, dimensions: dict[str, Dimension]) -> Iterator[Diagnostic]:
    """Dimensions that a record could not hold both: at one path, or one inside the other."""
    ordered = sorted(dimensions.values(), key=lambda dimension: dimension.path)
    for first, second in pairwise(ordered):
        if second.path[: len(first.path)] != first.path:
            continue
        earlier, later = sorted(
            (scope.dimensions[one.name] for one in (first, second)), key=lambda node: node.span.start
        )
        labels = (Label(earlier.name.span, "read from here too"),)
        message = f'"{later.name.text}" and "{earlier.name.text}" are read from the same place of a record'
        notes = (
            Note("why", "one place holds one value, so only one of them could be known"),
            Note("try", "keep one of them"),
        )
        yield Diagnostic("S106", message, later.name.span, labels=labels, notes=notes)


def _states(
    scope: Scope, dimensions: dict[str, Dimension], zone: dt.tzinfo, found: list[Diagnostic]
) -> dict[Dimension, StatesClaim]:
    sets = {name: node.values for name, node in scope.sets.items()}
    states: dict[Dimension, StatesClaim] = {}
    for name, node in scope.states.items():
        dimension = dimensions.get(name)
        if dimension is not None:
            named, problems = states_of(node, dimension, sets, zone)
            found += problems
            states[dimension] = StatesClaim(dimension, named, node)
        elif name not in scope.dimensions:
            found.append(Terms(scope, dimensions, zone).no_such_name(node.dimension).diagnostic)
    return states


def _segments(scope: Scope, resolver: Resolver) -> dict[str, Segment]:
    segments: dict[str, Segment] = {}
    known: dict[Kernel, Kernel] = {}
    for name, node in scope.segments.items():
        try:
            condition = resolver.segment(name)
        except Wrong as problem:
            resolver.diagnostics.append(problem.diagnostic)
            condition = Literal(False, span=node.span)
        payload = {pair.key.text: _payload(pair.value, resolver.diagnostics) for pair in node.payload}
        kernel = alike(lower(condition, resolver.terms.zone), known)
        segments[name] = Segment(name, node.label, condition, kernel, MappingProxyType(payload), node)
    for let in scope.lets.values():
        _check_let(let, resolver)
    return segments


def _check_let(let: tree.Let, resolver: Resolver) -> None:
    """A let that no segment uses is looked at too."""
    before = len(resolver.diagnostics)
    spans = {one.span for one in resolver.diagnostics}
    value = let.value
    is_condition = isinstance(value, tree.And | tree.Or | tree.Not | tree.Comparison | tree.WordTest | tree.IsTest)
    try:
        with resolver.terms.once(let.name):
            if is_condition or (isinstance(value, tree.Name) and value.text in resolver.terms.scope.segments):
                resolver.condition(value)
            else:
                resolver.terms.term(value)
    except Wrong as problem:
        if problem.diagnostic.code != "S303" or not isinstance(value, tree.Name):
            resolver.diagnostics.append(problem.diagnostic)
    resolver.diagnostics[before:] = [one for one in resolver.diagnostics[before:] if one.span not in spans]


def _payload(node: tree.Literal, found: list[Diagnostic]) -> Any:
    """A literal as plain data for the host: numbers, texts, booleans; times and lengths as they are written."""
    match node:
        case tree.TextLiteral(value) | tree.BooleanLiteral(value):
            return value
        case tree.NumberLiteral() | tree.PercentLiteral():
            try:
                number = number_of(node)
            except Wrong as problem:
                found.append(problem.diagnostic)
                return None
            return number / 100 if isinstance(node, tree.PercentLiteral) else number
        case _:
            return node.span.text


def _members(
    names: tuple[tree.Name, ...],
    segments: dict[str, Segment],
    owner: tree.Name,
    scope: Scope,
    found: list[Diagnostic],
) -> tuple[Segment, ...]:
    members: dict[str, tree.Name] = {}
    for name in names:
        if name.text == owner.text:
            notes = (Note("try", "leave it out"),)
            found.append(Diagnostic("S413", f'"{name.text}" cannot be a part of itself', name.span, notes=notes))
        elif name.text in members:
            labels = (Label(members[name.text].span, "already here"),)
            notes = (Note("try", "leave one of the two out"),)
            found.append(Diagnostic("S413", f'"{name.text}" stands here twice', name.span, labels=labels, notes=notes))
        elif name.text not in segments:
            found.append(no_such_segment(name, segments, scope))
        else:
            members[name.text] = name
    return tuple(segments[name] for name in members)


def _partitions(scope: Scope, segments: dict[str, Segment], found: list[Diagnostic]) -> dict[str, Partition]:
    partitions: dict[str, Partition] = {}
    for name, node in scope.partitions.items():
        parent = None if node.of is None else segments.get(node.of.text)
        if node.of is not None and parent is None:
            found.append(no_such_segment(node.of, segments, scope))
        members = _members(node.members, segments, node.of or node.name, scope, found)
        partitions[name] = Partition(name, node.label, parent, members, node)
    return partitions


def _priorities(scope: Scope, segments: dict[str, Segment], found: list[Diagnostic]) -> dict[str, Priority]:
    priorities: dict[str, Priority] = {}
    for name, node in scope.priorities.items():
        otherwise = None if node.otherwise is None else node.otherwise.text
        if node.otherwise is not None and node.otherwise.text in (member.text for member in node.members):
            notes = (Note("try", "choose another name for the rest"),)
            message = f'"{otherwise}" is in the list and cannot be the rest too'
            found.append(Diagnostic("S413", message, node.otherwise.span, notes=notes))
        priorities[name] = Priority(
            name, node.label, _members(node.members, segments, node.name, scope, found), otherwise, node
        )
    return priorities


def _assertions(scope: Scope, resolver: Resolver) -> tuple[Assertion, ...]:
    made = []
    for node in scope.assertions:
        condition = resolver.condition(node.condition)
        if node.conclusion is not None:
            condition = Or(
                (Not(condition, span=node.condition.span), resolver.condition(node.conclusion)), span=node.span
            )
        made.append(Assertion(condition, lower(condition, resolver.terms.zone), node))
    return tuple(made)
