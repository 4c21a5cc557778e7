"""The table of dimensions and states, which is what a set of segments means.

In: a program and the name of a partition or priority list. Out: a `Table`: the states of each dimension that the rules
tell apart, and who gets what in each combination. Every cell is answered by the reference evaluator for a visitor that
the prover finds in it, so that nothing here has a meaning of its own.
"""

from __future__ import annotations

import datetime as dt
from itertools import product
from math import prod
from typing import TYPE_CHECKING, assert_never

from attrs import Factory, define, frozen

from segdsl.program import expression as ex
from segdsl.program.program import Partition, Priority, Program, Segment
from segdsl.program.reference import holds
from segdsl.prove.cells import NO, YES, MemberVariable, TextVariable, ValueVariable
from segdsl.prove.decide import Question, Undecided
from segdsl.prove.regions import term_words
from segdsl.prove.search import Among, Budget, Every, Formula, Some, variables_of
from segdsl.prove.witness import Visitor
from segdsl.run.leaves import context_at
from segdsl.text.errors import SegdslError
from segdsl.text.suggest import nearest
from segdsl.tools.grid import Answer, Axis, Claim, Reach, Row, Square, Standing, Table
from segdsl.tools.state_words import test_words, value_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from segdsl.operators.operator import Context

MOST_CELLS = 400
"""Combinations that one table shows."""
MOST_LOOKED_AT = 4_000
"""Combinations that are looked at for those that can be."""
MOST_ANSWERS = 6
"""Different answers that one cell shows, where dimensions are left out."""
STEPS = 20_000
"""Of the search for the visitors of one cell."""


def table_of(
    program: Program, name: str | None = None, *, only: Sequence[str] = (), now: dt.datetime | None = None
) -> Table:
    """The table of a partition or priority list; without a name that of the only one, or of all segments where there is
    none. `only`: names of the dimensions to show, the others being left open. Raises SegdslError where a name is wrong.
    """
    subject = _subject(program, name)
    context = context_at(now or dt.datetime.now(dt.UTC).replace(microsecond=0), program.zone)
    squares = _Squares(program, subject, context, only_whole=not only)
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
        of=squares.parent.name if squares.parent else None,
        now=context.now if squares.question.clock else None,
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
    read = frozenset[int]().union(*map(variables_of, question.formulas))
    lines = [line for number in sorted(read) if (line := _line(program, question, number))]
    order = list(program.dimensions)
    return sorted(lines, key=lambda line: max((order.index(one) for one in line.axis.dimensions), default=-1))


def _line(program: Program, question: Question, number: int) -> _Line | None:
    """The axis of a variable; None when it has one cell only."""
    variable = question.space.variables[number]
    dimensions = tuple(dimension.name for dimension in ex.dimensions_of(variable.term))
    match variable:
        case ValueVariable(term=term):
            if len(variable.cells) < 2:
                return None
            read = term.dimension if isinstance(term, ex.Read) else None
            claim = program.states.get(read) if read else None
            states = value_states(variable, claim.states if claim else ())
            title = (read.label or read.name) if read else term_words(term)
            cells = tuple(Among(number, 1 << place) for place, _ in states)
            return _Line(Axis(title, dimensions, tuple(words for _, words in states)), cells)
        case TextVariable() | MemberVariable():
            answers = ("yes", _no(question, variable))
            return _Line(Axis(test_words(variable), dimensions, answers), (Among(number, YES), Among(number, NO)))
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
    only_whole: bool
    """No dimension is left open, so that each square has one answer."""
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
        example: Visitor | None = None
        another: list[Formula] = []
        for extra in self._nobody_first():
            while len(answers) < MOST_ANSWERS:
                found = self._visitor([*formulas, *another, *extra], answers)
                if not isinstance(found, Visitor):
                    break
                example = example or found
                answers[self._answer(found)] = None
                another.append(self._another(found))
        if found is not None and not answers:
            return Square((), Reach.NOT_KNOWN)
        ordered = tuple(sorted(answers, key=self._place))
        record = example.record if example else None
        return Square(ordered, Reach.SOMEBODY if answers else Reach.NOBODY, record, found is not None)

    def _nobody_first(self) -> tuple[list[Formula], ...]:
        """What is asked for in turn: where some dimensions are open, a gap must not be lost among many answers."""
        if self.only_whole or not isinstance(self.subject, Partition):
            return ([],)
        inside = [self.question.formulas[-1]] if self.parent else []
        return ([*inside, *(self.question.not_(number) for number in range(len(self.members)))], [])

    def _visitor(self, wanted: list[Formula], seen: dict[Answer, None]) -> Visitor | Undecided | None:
        return self.question.visitor(wanted, lambda visitor: self._answer(visitor) not in seen, Budget(STEPS))

    def _place(self, answer: Answer) -> tuple[int, ...]:
        """Answers stand in the order of the members; that of nobody last."""
        order = [one.name for one in self.members]
        return tuple(order.index(name) if name in order else len(order) for name in answer.segments) or (
            len(order) + 1,
        )

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
