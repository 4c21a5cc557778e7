"""The names that a program's files declare, before their meaning is looked at.

In: the syntax trees, used files first. Out: a `Scope`: one namespace, each name once, with a diagnostic for every
second declaration and for every word of the language taken as a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from attrs import Factory, frozen

from segdsl.syntax import tree
from segdsl.syntax.slips import RESERVED
from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note
from segdsl.text.suggest import nearest


@frozen
class Scope:
    """Everything by name, in file order. `names` is where each name was declared first."""

    names: dict[str, tree.Name] = Factory(dict)
    dimensions: dict[str, tree.Dimension] = Factory(dict)
    states: dict[str, tree.States] = Factory(dict)
    sets: dict[str, tree.SetDefinition] = Factory(dict)
    lets: dict[str, tree.Let] = Factory(dict)
    segments: dict[str, tree.Segment] = Factory(dict)
    partitions: dict[str, tree.Partition] = Factory(dict)
    priorities: dict[str, tree.Priority] = Factory(dict)
    assertions: list[tree.Assertion] = Factory(list)
    tests: list[tree.Test] = Factory(list)
    timezones: list[tree.Timezone] = Factory(list)
    diagnostics: list[Diagnostic] = Factory(list)
    broken: set[str] = Factory(set)
    """Names that are declared where they cannot be."""


def gather(files: tuple[tree.RuleFile, ...]) -> Scope:
    """All declarations of all files in one namespace."""
    scope = Scope()
    for file in files:
        for statement in file.statements:
            _declare(scope, statement)
    return scope


def _declare(scope: Scope, statement: tree.Statement) -> None:
    match statement:
        case tree.Use():
            return
        case tree.Timezone():
            scope.timezones.append(statement)
        case tree.Dimension(name=name):
            _keep(scope, scope.dimensions, name, statement)
        case tree.States(dimension=name):
            earlier = scope.states.setdefault(name.text, statement)
            if earlier is not statement:
                message = f'the states of "{name.text}" are named twice'
                advice = "name all its states in one statement"
                scope.diagnostics.append(_twice(message, name, earlier.dimension, advice, "named here first"))
        case tree.SetDefinition(name=name):
            _keep(scope, scope.sets, name, statement)
        case tree.Let(name=name):
            _keep(scope, scope.lets, name, statement)
        case tree.Segment(name=name, payload=payload):
            _keep(scope, scope.segments, name, statement)
            scope.diagnostics.extend(given_once(payload))
        case tree.Partition(name=name):
            _keep(scope, scope.partitions, name, statement)
        case tree.Priority(name=name):
            _keep(scope, scope.priorities, name, statement)
        case tree.Assertion():
            scope.assertions.append(statement)
        case tree.Test(record=record):
            scope.tests.append(statement)
            scope.diagnostics.extend(given_once(record))
        case _:
            assert_never(statement)


def _keep(scope: Scope, kept: dict[str, Any], name: tree.Name, statement: tree.Statement) -> None:
    text = name.text
    if text in RESERVED:
        message = f'"{text}" has a fixed meaning in rules and cannot be a name'
        notes = (Note("try", f"choose a name that says more, or {text}_"),)
        scope.broken.add(text)
        scope.diagnostics.append(Diagnostic("S109", message, name.span, notes=notes))
        return
    if len(name.parts) > 1 and not isinstance(statement, tree.Dimension):
        message = f'only a dimension can have a name with dots or brackets, as "{text}"'
        meant = "_".join(part for part in name.parts if part.isidentifier())
        notes = (Note("try", f"write {meant}"),)
        scope.broken.add(text)
        scope.diagnostics.append(Diagnostic("S201", message, name.span, notes=notes))
        return
    earlier = scope.names.setdefault(text, name)
    if earlier is name:
        kept[text] = statement
    else:
        scope.diagnostics.append(_twice(f'the name "{text}" is taken', name, earlier))


def _twice(
    message: str,
    name: tree.Name,
    earlier: tree.Name,
    advice: str = "choose another name for one of the two",
    label: str = "declared here first",
) -> Diagnostic:
    labels = (Label(earlier.span, label),)
    return Diagnostic("S106", message, name.span, labels=labels, notes=(Note("try", advice),))


def no_such_segment(name: tree.Name, segments: Iterable[str], scope: Scope) -> Diagnostic:
    """What is said about a name where a segment is needed."""
    declared = scope.names.get(name.text)
    if declared is not None:
        message = f'"{name.text}" is the name of something else than a segment'
        labels = (Label(declared.span, "declared here"),)
        notes = (Note("try", "declare a segment with a condition, and use its name"),)
        return Diagnostic("S102", message, name.span, labels=labels, notes=notes)
    near = nearest(name.text, segments)
    notes = (Note("try", f'change it to "{near}"' if near else f"declare it: segment {name.text}: CONDITION"),)
    edits = (Edit(name.span, near),) if near else ()
    return Diagnostic("S102", f'there is no segment called "{name.text}"', name.span, notes=notes, edits=edits)


def given_once(fields: Iterable[tree.RecordField | tree.Pair]) -> Iterator[Diagnostic]:
    """What is said about the second value for a name in a test visitor, or among the pairs of a segment."""
    first: dict[str, tree.Name] = {}
    for one in fields:
        name = one.name if isinstance(one, tree.RecordField) else one.key
        earlier = first.setdefault(name.text, name)
        if earlier is not name:
            yield _twice(f'"{name.text}" is given twice', name, earlier, "leave one of the two out", "here first")
