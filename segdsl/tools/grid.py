"""The table of dimensions and states, which is what a set of segments means.

In: a program and the name of a partition or priority list. Out: a `Table`, plain data: the states of each dimension that
the rules tell apart, and who gets what in each combination. Every cell is answered by the reference evaluator for a
visitor that the prover finds in it, so that nothing here has a meaning of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import product
from math import prod
from typing import Any, assert_never

from attrs import Factory, define, frozen

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.program import Partition, Priority, Program, Segment
from segdsl.program.reference import holds
from segdsl.prove.cells import NO, YES, MemberVariable, TextVariable, ValueVariable
from segdsl.prove.decide import Nobody, Question, Undecided
from segdsl.prove.regions import term_words
from segdsl.prove.search import Among, Budget, Every, Formula, Some
from segdsl.prove.witness import Visitor
from segdsl.text.errors import SegdslError
from segdsl.text.suggest import nearest
from segdsl.tools.state_words import test_words, value_states

MOST_CELLS = 400
"""Combinations that one table shows."""
MOST_LOOKED_AT = 4_000
"""Combinations that are looked at for those that can be."""
MOST_ANSWERS = 6
"""Different answers that one cell shows, where dimensions are left out."""
STEPS = 20_000
"""Of the search for the visitors of one cell."""


@frozen
class Axis:
    """A dimension, or a test of one, and its states."""

    title: str
    dimensions: tuple[str, ...]
    states: tuple[str, ...]


class Standing(Enum):
    """What an answer is to the claim that the table is about."""

    FINE = "fine"
    GAP = "gap"
    OVERLAP = "overlap"
    OUTSIDE = "outside"
    """Not in the segment that the partition is about, and in none of its parts."""
    ASTRAY = "astray"
    """Not in the segment that the partition is about, but in a part of it."""


@frozen
class Answer:
    """The segments that some visitors get, and whether that is as it should be."""

    segments: tuple[str, ...]
    standing: Standing


class Reach(Enum):
    """Whether somebody can be in a combination of states."""

    SOMEBODY = "somebody"
    NOBODY = "nobody"
    NOT_KNOWN = "not known"


@frozen
class Square:
    """One combination of states: more answers than one only where dimensions are left out. `visitor` is an example."""

    answers: tuple[Answer, ...]
    reach: Reach
    visitor: dict[str, Any] | None = None


@frozen
class Row:
    """The states of all axes but the last, and a square for each state of the last."""

    states: tuple[str, ...]
    squares: tuple[Square, ...]


class Claim(Enum):
    """What the table is about."""

    PARTITION = "partition"
    PRIORITY = "priority"
    SEGMENTS = "segments"
    """All segments of a file that claims nothing about them."""


@frozen
class Table:
    """Who gets what. With one axis, or none, each row has one square."""

    claim: Claim
    name: str
    label: str | None
    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    labels: dict[str, str | None]
    """The label of each segment that the table can name."""
    squares: int
    """Combinations that there are, shown or not."""
    looked_at: int
    """Combinations that were looked at before the table was full."""
    left_out: tuple[str, ...] = ()
    """Titles of the dimensions that `only` left out."""

    @property
    def across(self) -> Axis | None:
        """The axis whose states are the columns."""
        return self.axes[-1] if len(self.axes) > 1 else None

    @property
    def down(self) -> tuple[Axis, ...]:
        """The axes whose states head the rows."""
        return self.axes[:-1] if len(self.axes) > 1 else self.axes

    def count(self, standing: Standing) -> int:
        """In how many of the squares shown some answer stands so to the claim."""
        return sum(any(one.standing is standing for one in square.answers) for row in self.rows for square in row.squares)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "claim": self.claim.value,
            "name": self.name,
            "label": self.label,
            "axes": [{"title": one.title, "dimensions": list(one.dimensions), "states": list(one.states)} for one in self.axes],
            "cells": [cell for row in self.rows for cell in _row_dicts(row, self.across)],
            "segments": [{"name": name, "label": label} for name, label in self.labels.items()],
            "combinations": self.squares,
            "looked_at": self.looked_at,
            "left_out": list(self.left_out),
        }


def _row_dicts(row: Row, across: Axis | None) -> Iterator[dict[str, Any]]:
    for square, column in zip(row.squares, across.states if across else ("",), strict=True):
        yield {
            "states": [*row.states, *([column] if across else [])],
            "possible": square.reach is not Reach.NOBODY,
            "answers": [{"segments": list(one.segments), "standing": one.standing.value} for one in square.answers],
            "visitor": square.visitor,
        }


def table_of(program: Program, name: str | None = None, *, only: Sequence[str] = (), now: dt.datetime | None = None) -> Table:
    """The table of a partition or priority list; without a name that of the only one, or of all segments where there is
    none. `only`: names of the dimensions to show, the others being left open. Raises SegdslError where a name is wrong.
    """
    subject = _subject(program, name)
    context = Context((now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC), program.zone)
    squares = _Squares(program, subject, context)
    every = _lines(program, squares.question)
    chosen = _chosen(program, every, only)
    rows, looked_at = _rows(squares, chosen)
    otherwise = subject.otherwise if isinstance(subject, Priority) else None
    labels = {one.name: one.label for one in squares.members}
    if otherwise is not None:
        found = program.segments.get(otherwise)
        labels.setdefault(otherwise, found.label if found else None)
    return Table(
        claim=_claim(subject),
        name=subject.name if subject else "",
        label=subject.label if subject else None,
        axes=tuple(line.axis for line in chosen),
        rows=rows,
        labels=labels,
        squares=prod(len(line.formulas) for line in chosen),
        looked_at=looked_at,
        left_out=tuple(line.axis.title for line in every if line not in chosen),
    )


def _claim(subject: Partition | Priority | None) -> Claim:
    match subject:
        case Partition():
            return Claim.PARTITION
        case Priority():
            return Claim.PRIORITY
        case None:
            return Claim.SEGMENTS
        case _:
            assert_never(subject)


def _subject(program: Program, name: str | None) -> Partition | Priority | None:
    claims: dict[str, Partition | Priority] = {**program.partitions, **program.priorities}
    if name is not None and name in claims:
        return claims[name]
    listed = ", ".join(claims) or "none"
    if name is not None:
        near = nearest(name, claims)
        advice = f'did you mean "{near}"?' if near else f"there are: {listed}"
        raise SegdslError(f'there is no partition or priority list called "{name}"; {advice}')
    if len(claims) > 1:
        raise SegdslError(f"there are several partitions and priority lists; say which one to show: {listed}")
    return next(iter(claims.values()), None)


# Axes


@frozen(eq=False)
class _Line:
    """An axis with what each of its states is for the prover."""

    axis: Axis
    formulas: tuple[Formula, ...]


def _lines(program: Program, question: Question) -> list[_Line]:
    """The axes that the question tells apart, in the order in which their dimensions are declared."""
    lines = [line for number in range(len(question.space.variables)) if (line := _line(program, question, number))]
    order = list(program.dimensions)
    return sorted(lines, key=lambda line: max((order.index(one) for one in line.axis.dimensions), default=-1))


def _line(program: Program, question: Question, number: int) -> _Line | None:
    """The axis of a variable; None when no rule tells its cells apart."""
    variable = question.space.variables[number]
    dimensions = tuple(dimension.name for dimension in ex.dimensions_of(variable.term))
    match variable:
        case ValueVariable(term=term):
            if len(variable.cells) < 2 or not variable.masks:
                return None
            read = term.dimension if isinstance(term, ex.Read) else None
            claim = program.states.get(read) if read else None
            states = value_states(variable, claim.states if claim else ())
            title = (read.label or read.name) if read else term_words(term)
            cells = tuple(Among(number, 1 << place) for place in range(len(states)))
            return _Line(Axis(title, dimensions, tuple(states)), cells)
        case TextVariable() | MemberVariable():
            states = ["yes", _no(question, variable)]
            cells = (Among(number, YES), Among(number, NO))
            return _Line(Axis(test_words(variable), dimensions, tuple(states)), cells)
        case _:
            assert_never(variable)


def _no(question: Question, test: TextVariable | MemberVariable) -> str:
    """The state of failing a test, which unknown does too; said where unknown has no row of its own."""
    for variable in question.space.variables:
        if isinstance(variable, ValueVariable) and variable.term == test.term:
            apart = bool(variable.masks) or all(not cell.unknown for cell in variable.cells)
            return "no" if apart else "no, or unknown"
    return "no"


def _chosen(program: Program, lines: list[_Line], only: Sequence[str]) -> list[_Line]:
    if not only:
        return lines
    for name in only:
        if name not in program.dimensions:
            near = nearest(name, program.dimensions)
            advice = f'did you mean "{near}"?' if near else "there are: " + ", ".join(program.dimensions)
            raise SegdslError(f'there is no dimension called "{name}"; {advice}')
    return [line for line in lines if set(line.axis.dimensions) & set(only)]


# Squares


def _rows(squares: _Squares, lines: list[_Line]) -> tuple[tuple[Row, ...], int]:
    """The rows that somebody can be in, until the table is full, and how many squares were looked at for them."""
    across = lines[-1].formulas if len(lines) > 1 else (Every(()),)
    down = lines[:-1] if len(lines) > 1 else lines
    rows: list[Row] = []
    looked_at = shown = 0
    for places in product(*(range(len(line.formulas)) for line in down)):
        if looked_at and (shown + len(across) > MOST_CELLS or looked_at + len(across) > MOST_LOOKED_AT):
            break
        looked_at += len(across)
        heads = [line.formulas[place] for line, place in zip(down, places, strict=True)]
        found = tuple(squares.at([*heads, formula]) for formula in across)
        if any(square.reach is not Reach.NOBODY for square in found):
            shown += len(across)
            rows.append(Row(tuple(line.axis.states[place] for line, place in zip(down, places, strict=True)), found))
    return tuple(rows), looked_at


@define(eq=False)
class _Squares:
    """Answers what visitors in a combination of states get."""

    program: Program
    subject: Partition | Priority | None
    context: Context
    members: tuple[Segment, ...] = Factory(lambda self: _members(self.program, self.subject), takes_self=True)
    question: Question = Factory(lambda self: self._ask(), takes_self=True)

    @property
    def parent(self) -> Segment | None:
        return self.subject.of if isinstance(self.subject, Partition) else None

    def _ask(self) -> Question:
        asked = [*self.members, *([self.parent] if self.parent else [])]
        return Question([one.kernel for one in asked], self.context)

    def at(self, formulas: list[Formula]) -> Square:
        """The answers that visitors get for whom all of these formulas hold."""
        answers: dict[Answer, None] = {}
        first: Visitor | None = None
        wanted = list(formulas)
        while len(answers) < MOST_ANSWERS:
            found = self.question.visitor(wanted, lambda visitor: self._answer(visitor) not in answers, Budget(STEPS))
            if isinstance(found, Undecided) and not answers:
                return Square((), Reach.NOT_KNOWN)
            if isinstance(found, Nobody | Undecided):
                break
            first = first or found
            answers[self._answer(found)] = None
            wanted.append(self._another(found))
        return Square(tuple(answers), Reach.SOMEBODY if answers else Reach.NOBODY, first.record if first else None)

    def _another(self, visitor: Visitor) -> Formula:
        """What holds for exactly the visitors with another answer."""
        asked = [*self.members, *([self.parent] if self.parent else [])]
        differing: list[Formula] = []
        for number, one in enumerate(asked):
            inside = holds(one.condition, visitor.record, self.context)
            differing.append(self.question.not_(number) if inside else self.question.formulas[number])
            if inside and isinstance(self.subject, Priority):
                break  # those after the first that holds have no part in the answer
        return Some(tuple(differing))

    def _answer(self, visitor: Visitor) -> Answer:
        holding = tuple(one.name for one in self.members if holds(one.condition, visitor.record, self.context))
        match self.subject:
            case Priority(otherwise=otherwise):
                first = holding[:1] or ((otherwise,) if otherwise is not None else ())
                return Answer(first, Standing.FINE if first else Standing.GAP)
            case None:
                return Answer(holding, Standing.FINE)
            case Partition():
                return Answer(holding, self._standing(holding, visitor))
            case _:
                assert_never(self.subject)

    def _standing(self, holding: tuple[str, ...], visitor: Visitor) -> Standing:
        parent = self.parent
        if parent is not None and not holds(parent.condition, visitor.record, self.context):
            return Standing.ASTRAY if holding else Standing.OUTSIDE
        if len(holding) == 1:
            return Standing.FINE
        return Standing.OVERLAP if holding else Standing.GAP


def _members(program: Program, subject: Partition | Priority | None) -> tuple[Segment, ...]:
    return tuple(program.segments.values()) if subject is None else subject.members
