"""Conditions with every name resolved and every kind checked.

In: expressions of the syntax tree and the declared names. Out: checked conditions. What is wrong is collected, so that
both sides of an `and` are looked at; a broken part stands as `false` and makes the file unusable anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from attrs import Factory, define

from segdsl.operators.comparison import EQUALS, IS_TRUE
from segdsl.operators.operator import Operand, Operator
from segdsl.operators.registry import operators_by_name
from segdsl.operators.sets import IS_EMPTY
from segdsl.operators.temporal import WITHIN_NEXT, window
from segdsl.program import expression as ex
from segdsl.program.advice import neither_true_nor_false, reach_of, two_kinds, unsuited
from segdsl.program.declare import mentions_dates, unknown_set
from segdsl.program.literal import amount_of, as_kind, check_choice, intervals, number_of
from segdsl.program.schema import Dimension, State
from segdsl.program.state_advice import no_such_state
from segdsl.program.terms import LITERALS, Terms, declared
from segdsl.program.wrong import Wrong, wrong
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Label, Note
from segdsl.values.kinds import Boolean, Date, Datetime, Integer, Ip, Kind, Number, SetOf, Text, domain, fold
from segdsl.values.written import quoted

_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=", "before": "after", "after": "before"}


@define
class Resolver:
    """Resolves the conditions of one program. `segments` are filled in as they are asked for."""

    terms: Terms
    states: Mapping[Dimension, tuple[State, ...]]
    diagnostics: list[Diagnostic] = Factory(list)
    segments: dict[str, ex.Condition] = Factory(dict)
    lets: dict[str, ex.Condition] = Factory(dict)

    def segment(self, name: str) -> ex.Condition:
        """The condition of a segment, which may need other segments; raises Wrong where names go in a circle."""
        if name not in self.segments:
            node = self.terms.scope.segments[name]
            with self.terms.once(node.name):
                self.segments[name] = self.condition(node.condition)
        return self.segments[name]

    def condition(self, node: tree.Expression) -> ex.Condition:
        """A condition, with what is wrong in it added to `diagnostics`."""
        try:
            return self._condition(node)
        except Wrong as problem:
            self.diagnostics.append(problem.diagnostic)
            return ex.Literal(False, span=node.span)

    def _condition(self, node: tree.Expression) -> ex.Condition:
        match node:
            case tree.BooleanLiteral(value):
                return ex.Literal(value, span=node.span)
            case tree.And(operands):
                return ex.And(self._joined(operands), span=node.span)
            case tree.Or(operands):
                return ex.Or(self._joined(operands), span=node.span)
            case tree.Not(operand):
                return ex.Not(self.condition(operand), span=node.span)
            case tree.Comparison():
                return self._comparison(node.operator, node.left, node.right, node)
            case tree.WordTest():
                return self._word_test(node)
            case tree.IsTest():
                return self._is_test(node)
            case tree.Name():
                return self._name(node)
            case _:
                term = self.terms.term(node)
                raise neither_true_nor_false(term.kind, node, declared(term))

    def _name(self, node: tree.Name) -> ex.Condition:
        name, scope = node.text, self.terms.scope
        if name in scope.segments:
            return ex.Named(name, self.segment(name), span=node.span)
        if name in scope.lets:
            if name not in self.lets:
                with self.terms.once(node):
                    self.lets[name] = self._condition(scope.lets[name].value)
            return ex.Named(name, self.lets[name], span=node.span)
        term = self.terms.term(node)
        if isinstance(term.kind, Boolean):
            return ex.Test(IS_TRUE, term, ex.Constant(Boolean(), None), span=node.span)
        raise neither_true_nor_false(term.kind, node, declared(term))

    def _joined(self, operands: tuple[tree.Expression, ...]) -> tuple[ex.Condition, ...]:
        """The parts of an `and` or `or`, of which some may go on with the comparison before them: `a == 1 or 2`."""
        found: list[ex.Condition] = []
        for place, operand in enumerate(operands):
            before = next((one for one in reversed(operands[:place]) if not isinstance(one, LITERALS)), None)
            has_value = isinstance(operand, LITERALS) and not isinstance(operand, tree.BooleanLiteral)
            if has_value and isinstance(before, tree.Comparison):
                term = self.terms.term(operand)
                self.diagnostics.append(neither_true_nor_false(term.kind, operand, (), before).diagnostic)
                found.append(ex.Literal(False, span=operand.span))
            else:
                found.append(self.condition(operand))
        return tuple(found)

    # Comparisons

    def _comparison(
        self, name: str, left: tree.Expression, right: tree.Expression, node: tree.Comparison | tree.WordTest
    ) -> ex.Condition:
        operator = operators_by_name()[name]
        left_value, right_value = self.terms.through_lets(left), self.terms.through_lets(right)
        if isinstance(left_value, LITERALS) and not isinstance(right_value, LITERALS):
            return self._comparison(_FLIPPED[name], right, left, node)
        subject = self.terms.term(left)
        if isinstance(right_value, LITERALS):
            return self._with_literal(operator, subject, right_value, left, node)
        operand = self._beside(subject, left, right, node)
        subject, operand = self.terms.same_calendar(subject, operand)
        if not ex.dimensions_of(subject) and ex.dimensions_of(operand):
            operator, subject, operand = operators_by_name()[_FLIPPED[name]], operand, subject
        self._goes_with(operator, subject, left, node)
        both_numbers = isinstance(subject.kind, Integer | Number) and isinstance(operand.kind, Integer | Number)
        if type(subject.kind) is not type(operand.kind) and not both_numbers:
            written = (left.span.text, right.span.text)
            raise two_kinds(subject.kind, operand.kind, written, node, declared(subject))
        return _test(operator, subject, operand, node)

    def _beside(
        self, subject: ex.Term, left: tree.Expression, right: tree.Expression, node: tree.Comparison | tree.WordTest
    ) -> ex.Term:
        """What a term is compared with, where it is not a value as written."""
        if isinstance(right, tree.Name) and not self.terms.means(right):
            if right.text.lower() == "unknown":
                instead = f"{left.span.text} is {'not ' if node.operator == '!=' else ''}unknown"
                message = '"unknown" is not a value to compare with'
                raise wrong("S201", node, message, advice=f"write {instead}", instead=instead)
            if right.text in self.terms.scope.sets:
                instead = f"{left.span.text} {'not in' if node.operator == '!=' else 'in'} @{right.text}"
                message = f'"{right.text}" is a set of several values, not one value'
                labels = (Label(self.terms.scope.sets[right.text].name.span, "declared here"),)
                raise wrong("S303", node, message, labels=labels, advice=f"write {instead}", instead=instead)
            if right.text not in self.terms.scope.names:
                raise self.terms.no_such_name(right, subject.kind)
        return self.terms.term(right)

    def _with_literal(
        self,
        operator: Operator,
        subject: ex.Term,
        literal: tree.Literal,
        left: tree.Expression,
        node: tree.Comparison | tree.WordTest,
    ) -> ex.Condition:
        if isinstance(subject.kind, Datetime) and isinstance(literal, tree.DateLiteral):
            subject = self.terms.civil(subject)
        written, labels = left.span.text, declared(subject)
        if not isinstance(subject.kind, SetOf):
            value = as_kind(literal, subject.kind, written, labels, self.terms.zone)
        self._goes_with(operator, subject, left, node)
        check_choice(value, literal, subject.kind, written, labels)
        self._warn_outside(value, literal, subject, written, operator.signs == EQUALS.signs)
        return _test(operator, subject, ex.Constant(subject.kind, value), node)

    def _warn_outside(self, value: Any, literal: tree.Literal, subject: ex.Term, written: str, exactly: bool) -> None:
        """A number that is never reached. `exactly`: it is asked for itself, and not as a bound."""
        kind, labels = subject.kind, declared(subject)
        if not isinstance(kind, Integer | Number):
            return
        reach = None
        if value not in domain(Number(kind.low, kind.high)):
            reach = reach_of(kind, value)
        elif exactly and isinstance(kind, Integer) and value != int(value):
            reach = "it is a whole number"
        if reach is not None:
            message = f'"{written}" is never {literal.span.text}: {reach}'
            advice = "change the value, or what the dimension is declared to be" if labels else "change the value"
            notes = (Note("try", advice),)
            self.diagnostics.append(Diagnostic("S313", message, literal.span, labels=labels, notes=notes))

    def _goes_with(self, operator: Operator, subject: ex.Term, left: tree.Expression, node: Any) -> None:
        if not isinstance(subject.kind, operator.subjects):
            raise unsuited(operator, subject.kind, left.span.text, node, declared(subject))

    # Word operators

    def _word_test(self, node: tree.WordTest) -> ex.Condition:
        operator = operators_by_name()[node.operator]
        if operator.operand is Operand.SAME:
            right = _single(node.right)
            if isinstance(right, tree.ListOf | tree.Range | tree.SetName):
                advice = "choose one of them; for several, write in"
                raise wrong("S305", right, f'"{operator.name}" takes one value', advice=advice)
            found = self._comparison(node.operator, node.left, right, node)
        else:
            found = self._with_operand(operator, self.terms.term(node.left), node)
        return ex.Not(found, span=node.span) if node.negated else found

    def _with_operand(self, operator: Operator, subject: ex.Term, node: tree.WordTest) -> ex.Condition:
        self._goes_with(operator, subject, node.left, node)
        kind = subject.kind
        match operator.operand:
            case Operand.PATTERN:
                text = self._text(node)
                folded = fold(text.value) if isinstance(kind, Text) and kind.ignoring_case else text.value
                return _test(operator, subject, ex.Constant(Text(), folded), node)
            case Operand.MEMBER:
                return _test(operator, subject, ex.Constant(kind, self._member(self._text(node), kind, node)), node)
            case Operand.MEMBERS:
                return _test(operator, subject, ex.Constant(kind, self._members(node, kind)), node)
            case Operand.VALUES:
                return self._values(operator, subject, node)
            case Operand.WINDOW:
                return self._window(operator, subject, node)
            case Operand.SAME | Operand.NOTHING:
                raise AssertionError("these do not come here")
            case _:
                assert_never(operator.operand)

    def _text(self, node: tree.WordTest) -> tree.TextLiteral:
        right = self.terms.through_lets(_single(node.right))
        if isinstance(right, tree.TextLiteral):
            return right
        written, test = node.right.span.text, f"{node.left.span.text} {node.operator}"
        message = f'"{node.operator}" takes one text in quotes'
        if isinstance(right, tree.ListOf) and all(isinstance(item, tree.TextLiteral) for item in right.items):
            advice = "write a test for each: " + " or ".join(f"{test} {item.span.text}" for item in right.items[:2])
            raise wrong("S303", node.right, message, advice=advice)
        if isinstance(right, tree.Name | tree.NumberLiteral):
            code = "S303" if isinstance(right, tree.Name) else "S301"
            raise wrong(code, node.right, message, advice=f'write {node.operator} "{written}"', instead=f'"{written}"')
        raise wrong("S303", node.right, message, advice=f'write {test} "…"')

    def _member(self, text: tree.TextLiteral, kind: Kind, node: tree.WordTest) -> str:
        assert isinstance(kind, SetOf)
        value = fold(text.value) if kind.member.ignoring_case else text.value
        check_choice(value, text, kind.member, node.left.span.text, declared(self.terms.term(node.left)))
        return value

    def _members(self, node: tree.WordTest, kind: Kind) -> frozenset[str]:
        listed = self._listed(node.right, Text())
        if not isinstance(listed, tree.ListOf):
            instead = f"({node.right.span.text})"
            message = f'"{node.operator}" takes a list in brackets'
            raise wrong("S303", node.right, message, advice=f"write {node.operator} {instead}", instead=instead)
        found = []
        for item in listed.items:
            if not isinstance(item, tree.TextLiteral):
                instead = quoted(item.span.text)
                message = f'"{node.operator}" takes texts in quotes'
                raise wrong("S303", item, message, advice=f"write {instead}", instead=instead)
            found.append(self._member(item, kind, node))
        return frozenset(found)

    def _listed(self, node: Any, beside: Kind) -> Any:
        """A list, range or single value with names of sets and lets replaced by what they stand for."""
        match node:
            case tree.SetName(name):
                if name not in self.terms.scope.sets:
                    raise unknown_set(node, self.terms.scope.sets)
                return self.terms.scope.sets[name].values
            case tree.ListOf(items):
                return tree.ListOf(tuple(self._listed(item, beside) for item in items), span=node.span)
            case tree.Range(low, high, below):
                ends = [end and self._fixed(end, beside) for end in (low, high)]
                return tree.Range(ends[0], ends[1], below, span=node.span)
            case _:
                return self._fixed(node, beside)

    def _fixed(self, node: tree.Expression, beside: Kind) -> tree.Literal:
        found = self.terms.through_lets(node)
        if isinstance(found, LITERALS):
            return found
        if isinstance(found, tree.Name) and found.text in self.terms.scope.sets:
            message, instead = f'a set such as "{found.text}" is written with @ before its name', f"@{found.text}"
            raise wrong("S107", node, message, advice=f"write {instead}", instead=instead)
        moves = isinstance(found, tree.Ago) or (isinstance(found, tree.Name) and found.text in ("now", "today"))
        if isinstance(found, tree.Name) and not moves and found.text not in self.terms.scope.names:
            raise self.terms.no_such_name(found, beside)
        if moves:
            message = f'"{node.span.text}" moves with the clock, and a list or range holds fixed values'
            raise wrong("S303", node, message, advice="compare each end by itself, as … >= 2026-01-01 and … <= today")
        message = f'"{node.span.text}" is not a value as it is written, so it cannot stand in a list or range'
        raise wrong("S303", node, message, advice="compare with == or < instead")

    def _values(self, operator: Operator, subject: ex.Term, node: tree.WordTest) -> ex.Condition:
        listed = self._listed(node.right, subject.kind)
        if isinstance(subject.kind, Datetime) and mentions_dates(listed):
            subject = self.terms.civil(subject)
        kind, written, labels = subject.kind, node.left.span.text, declared(subject)
        if isinstance(listed, LITERALS) and not isinstance(kind, Ip):
            as_kind(listed, kind, written, labels, self.terms.zone)
            instead = f"({node.right.span.text})"
            message = f'"{operator.name}" takes a list in brackets, a range or a set'
            raise wrong("S303", node.right, message, advice=f"write {operator.name} {instead}", instead=instead)
        found = intervals(listed, kind, written, labels, self.terms.zone)
        for item in listed.items if isinstance(listed, tree.ListOf) else ():
            if isinstance(item, tree.NumberLiteral):
                self._warn_outside(number_of(item), item, subject, written, exactly=True)
        return _test(operator, subject, ex.Constant(kind, found), node)

    def _window(self, operator: Operator, subject: ex.Term, node: tree.WordTest) -> ex.Condition:
        length = self.terms.through_lets(_single(node.right))
        if not isinstance(length, tree.DurationLiteral):
            instead = f"{operator.name} 30 days"
            if isinstance(length, tree.NumberLiteral):
                instead = f"{operator.name} {node.right.span.text} days"
            elif isinstance(length, tree.DateLiteral | tree.DatetimeLiteral):
                instead = f"after {node.right.span.text}"
            message = f'"{operator.name}" takes a length of time'
            raise wrong("S303", node.right, message, advice=f"write {instead}")
        amount, unit = amount_of(length)
        function = window(amount, unit, operator is WITHIN_NEXT, isinstance(subject.kind, Date))
        return _test(operator, subject, ex.Apply(function, (ex.Now(),), Datetime(self.terms.zone)), node)

    # After `is`

    def _is_test(self, node: tree.IsTest) -> ex.Condition:
        found = self._is(node)
        return ex.Not(found, span=node.span) if node.negated else found

    def _is(self, node: tree.IsTest) -> ex.Condition:
        subject, word = self.terms.term(node.subject), node.word.text
        states = self.states.get(subject.dimension, ()) if isinstance(subject, ex.Read) else ()
        for state in states:
            if state.name == word and isinstance(subject, ex.Read):
                return ex.InState(subject.dimension, state, span=node.span)
        if word == "known":
            return ex.Known(subject, span=node.span)
        if word == "unknown":
            return ex.Not(ex.Known(subject, span=node.span), span=node.span)
        if word == "empty":
            self._goes_with(IS_EMPTY, subject, node.subject, node)
            return ex.Test(IS_EMPTY, subject, ex.Constant(subject.kind, None), span=node.span)
        raise no_such_state(node, subject, states)


def _single(node: Any) -> Any:
    """`(x)` after an operator that takes one value is x."""
    return node.items[0] if isinstance(node, tree.ListOf) and len(node.items) == 1 else node


def _test(operator: Operator, subject: ex.Term, operand: ex.Term, node: Any) -> ex.Condition:
    """The test of an operator, or the opposite of the one that it negates."""
    if operator.negates is None:
        return ex.Test(operator, subject, operand, span=node.span)
    opposite = operators_by_name()[operator.negates]
    return ex.Not(ex.Test(opposite, subject, operand, span=node.span), span=node.span)
