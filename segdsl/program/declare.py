"""Declarations: dimensions with their kinds, and states with their values."""

from __future__ import annotations

import datetime as dt
from math import ceil, floor
from typing import Any, assert_never

from segdsl.operators.temporal import CIVIL_DATE
from segdsl.program.advice import example_of
from segdsl.program.literal import as_kind, check_choice, intervals
from segdsl.program.schema import Dimension, State
from segdsl.program.wrong import Wrong, wrong
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Label
from segdsl.text.suggest import nearest
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    Point,
    SetOf,
    Text,
    Version,
    domain,
    fold,
    stepped,
)
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN

PLAIN_KINDS: dict[str, Kind] = {
    "text": Text(),
    "integer": Integer(),
    "number": Number(),
    "boolean": Boolean(),
    "date": Date(),
    "datetime": Datetime(),
    "duration": Duration(),
    "version": Version(),
    "ip": Ip(),
    "point": Point(),
}
"""Kinds by the word that declares them."""
FIXED = ("known", "unknown", "empty")
"""What can stand after `is` whatever the states are called."""
_MEANT = {
    "string": "text",
    "str": "text",
    "int": "integer",
    "float": "number",
    "decimal": "number",
    "bool": "boolean",
    "time": "datetime",
}


def dimension_of(node: tree.Dimension, zone: dt.tzinfo) -> Dimension:
    """The dimension that a statement declares; raises Wrong."""
    clauses = {type(clause): clause for clause in node.clauses}
    for clause in node.clauses:
        if clauses[type(clause)] is not clause:
            raise wrong("S311", clause, "this is said twice", advice="say it once")
    kind = _kind(node.type, tree.IgnoringCase in clauses, zone)
    if tree.IgnoringCase in clauses and not isinstance(kind, Text | SetOf):
        raise wrong("S311", clauses[tree.IgnoringCase], "only text can ignore case", advice="leave it out")
    if tree.Required in clauses and tree.Default in clauses:
        why = "required says that the value is always there, default says what to take when it is not"
        raise wrong(
            "S311", clauses[tree.Default], "required and default do not go together", why=why, advice="keep one of them"
        )
    source = clauses.get(tree.FromPath)
    return Dimension(
        name=node.name.text,
        kind=kind,
        path=tuple(source.path.split(".")) if isinstance(source, tree.FromPath) else node.name.parts,
        label=node.label,
        required=tree.Required in clauses,
        default=_default(clauses.get(tree.Default), node, kind, zone),
        personal=tree.Personal in clauses,
        span=node.name.span.to(node.type.span),
    )


def _default(clause: tree.Clause | None, node: tree.Dimension, kind: Kind, zone: dt.tzinfo) -> Any:
    if not isinstance(clause, tree.Default):
        return UNKNOWN
    labels = (Label(node.type.span, "declared here"),)
    value = as_kind(clause.value, kind, node.name.text, labels, zone)
    check_choice(value, clause.value, kind, node.name.text, labels)
    if isinstance(kind, Number):
        value = float(value)
    if value not in domain(kind) or (isinstance(kind, Integer) and value != int(value)):
        message = f'{clause.value.span.text} is not a value that "{node.name.text}" can have'
        raise wrong("S311", clause, message, labels=labels, advice="choose a default within the declared values")
    return value


def _kind(node: tree.TypeExpression, ignoring_case: bool, zone: dt.tzinfo) -> Kind:
    match node:
        case tree.NamedType():
            return _named_kind(node, ignoring_case, zone)
        case tree.OneOf(values):
            return _one_of(values, ignoring_case)
        case tree.SetType(member):
            inner = _kind(member, ignoring_case, zone)
            if not isinstance(inner, Text):
                raise wrong("S312", member, "a set holds texts", advice="write set of text, or set of one of (…)")
            return SetOf(inner)
        case _:
            assert_never(node)


def _named_kind(node: tree.NamedType, ignoring_case: bool, zone: dt.tzinfo) -> Kind:
    word = node.name.text
    kind = PLAIN_KINDS.get(word)
    if kind is None:
        near = _MEANT.get(word.lower()) or nearest(word, PLAIN_KINDS)
        advice = f'change it to "{near}"' if near else f"one of {', '.join(PLAIN_KINDS)}, one of (…), set of text"
        raise wrong("S312", node.name, f'there is no kind of value called "{word}"', advice=advice, instead=near)
    if node.range is not None and not isinstance(kind, Integer | Number):
        raise wrong("S311", node.range, "only integer and number can have a range", advice="leave the range out")
    match kind:
        case Text():
            return Text(ignoring_case)
        case Datetime():
            return Datetime(zone)
        case Integer() | Number():
            return _ranged(node, kind, zone)
        case _:
            return kind


def _ranged(node: tree.NamedType, kind: Integer | Number, zone: dt.tzinfo) -> Kind:
    if node.range is None:
        return kind
    interval = intervals(node.range, kind, node.name.text, (), zone)[0]
    low, high = interval.low, interval.high
    if isinstance(kind, Number):
        return Number(low and (float(low[0]), False), high and (float(high[0]), high[1]))
    most = None if high is None else floor(high[0]) if high[1] else ceil(high[0]) - 1
    return Integer(low and (ceil(low[0]), False), None if most is None else (most, True))


def _one_of(values: tree.ListOf, ignoring_case: bool) -> Text:
    choices: dict[str, None] = {}
    for item in values.items:
        if not isinstance(item, tree.TextLiteral):
            raise wrong("S303", item, "one of takes texts in quotes", advice=f'write "{item.span.text}"')
        choices[fold(item.value) if ignoring_case else item.value] = None
    return Text(ignoring_case, tuple(choices))


def states_of(
    node: tree.States, dimension: Dimension, sets: dict[str, tree.ListOf], zone: dt.tzinfo
) -> tuple[tuple[State, ...], list[Diagnostic]]:
    """The states that a statement names, and what is wrong with those that are left out."""
    found: list[State] = []
    problems: list[Diagnostic] = []
    seen: dict[str, tree.State] = {}
    for state in node.states:
        earlier = seen.setdefault(state.name.text, state)
        try:
            if earlier is not state:
                labels = (Label(earlier.name.span, "named here first"),)
                raise wrong(
                    "S106",
                    state.name,
                    f'there are two states called "{state.name.text}"',
                    labels=labels,
                    advice="choose another name for one of the two",
                )
            if state.name.text in FIXED:
                message = f'"is {state.name.text}" has a fixed meaning, so no state can be called that'
                raise wrong("S109", state.name, message, advice=f"choose another name, as {state.name.text}_state")
            region = _state_region(state.values, dimension, sets, zone)
            otherwise = isinstance(state.values, tree.OtherwiseWord)
            found.append(State(state.name.text, state.label, region, otherwise, state.name.span))
        except Wrong as problem:
            problems.append(problem.diagnostic)
            found.append(State(state.name.text, state.label, Region.nothing(), False, state.name.span))
    named = Region.nothing()
    for one in found:
        named |= one.region
    return tuple(
        State(one.name, one.label, ~named, True, one.span) if one.otherwise else one for one in found
    ), problems


def _state_region(
    values: tree.StateValues, dimension: Dimension, sets: dict[str, tree.ListOf], zone: dt.tzinfo
) -> Region:
    kind, name = dimension.kind, dimension.name
    labels = () if dimension.span is None else (Label(dimension.span, "declared here"),)
    match values:
        case tree.UnknownWord():
            return Region.only_unknown()
        case tree.OtherwiseWord():
            return Region.nothing()
        case _ if isinstance(kind, SetOf | Point):
            raise wrong(
                "S305",
                values,
                f'"{name}" has no single values that states could be made of',
                labels=labels,
                advice=f"write a segment: {example_of(kind, name)}",
            )
        case tree.SetName(set_name):
            if set_name not in sets:
                raise unknown_set(values, sets)
            listed: tree.ListOf | tree.Range | tree.Literal = sets[set_name]
        case _:
            listed = values
    if isinstance(kind, Datetime) and mentions_dates(listed):
        dates = stepped(Date(), Region.spanning(intervals(listed, Date(), name, labels, zone)))
        assert CIVIL_DATE.inverse is not None
        return CIVIL_DATE.inverse(zone, dates)
    return stepped(kind, Region.spanning(intervals(listed, kind, name, labels, zone)))


def unknown_set(node: tree.SetName, sets: dict[str, Any]) -> Wrong:
    """What is said about `@name` where no set has that name."""
    near = nearest(node.name, sets)
    advice = f'change it to "@{near}"' if near else f'declare it: set {node.name} = ("…", "…")'
    instead = f"@{near}" if near else None
    return wrong("S107", node, f'there is no set called "{node.name}"', advice=advice, instead=instead)


def mentions_dates(node: Any) -> bool:
    """Whether a list, range or literal is written in whole days."""
    match node:
        case tree.ListOf(items):
            return any(map(mentions_dates, items))
        case tree.Range(low, high):
            return mentions_dates(low) or mentions_dates(high)
        case _:
            return isinstance(node, tree.DateLiteral)
