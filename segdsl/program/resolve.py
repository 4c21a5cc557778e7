"""Conditions with every name resolved and every kind checked.

In: expressions of the syntax tree and the declared names. Out: checked conditions. What is wrong is collected, so that
both sides of an `and` are looked at; a broken part stands as `false` and makes the file unusable anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from attrs import Factory, define

from segdsl.operators.comparison import IS_TRUE
from segdsl.operators.operator import Operand, Operator
from segdsl.operators.registry import operators_by_name
from segdsl.operators.sets import IS_EMPTY
from segdsl.operators.temporal import WITHIN_NEXT, window
from segdsl.program import expression as ex
from segdsl.program.declare import mentions_dates, unknown_set
from segdsl.program.literal import amount_of, as_kind, check_choice, intervals
from segdsl.program.wrong import Wrong, wrong
from segdsl.program.schema import Dimension, State
from segdsl.program.terms import LITERALS, Terms, declared
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note
from segdsl.text.suggest import nearest
from segdsl.values.kinds import Boolean, Date, Datetime, Integer, Ip, Kind, Number, SetOf, Text, domain, fold, words
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
                return ex.And(tuple(map(self.condition, operands)), span=node.span)
            case tree.Or(operands):
                return ex.Or(tuple(map(self.condition, operands)), span=node.span)
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
                raise self._no_condition(node, self.terms.term(node))

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
        raise self._no_condition(node, term)

    def _no_condition(self, node: tree.Expression, term: ex.Term) -> Wrong:
        written = node.span.text
        if isinstance(term.kind, Text):
            advice = f'compare it, as {written} == "…"'
        elif isinstance(term.kind, Integer | Number):
            advice = f"compare it, as {written} > 0"
        else:
            advice = f"ask something of it, as {written} is known"
        message = f"{written} is {words(term.kind)}, which is neither true nor false by itself"
        return wrong("S308", node, message, labels=declared(term), advice=advice)

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
        operand = self.terms.term(right)
        subject, operand = self.terms.same_calendar(subject, operand)
        if not ex.dimensions_of(subject) and ex.dimensions_of(operand):
            operator, subject, operand = operators_by_name()[_FLIPPED[name]], operand, subject
        self._goes_with(operator, subject, node)
        both_numbers = isinstance(subject.kind, Integer | Number) and isinstance(operand.kind, Integer | Number)
        if type(subject.kind) is not type(operand.kind) and not both_numbers:
            message = f"{left.span.text} is {words(subject.kind)}, but {right.span.text} is {words(operand.kind)}"
            raise wrong("S303", node, message, labels=declared(subject), advice="compare two values of one kind")
        return _test(operator, subject, operand, node)

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
        self._goes_with(operator, subject, node)
        check_choice(value, literal, subject.kind, written, labels)
        self._warn_outside(value, literal, subject, written)
        return _test(operator, subject, ex.Constant(subject.kind, value), node)

    def _warn_outside(self, value: Any, literal: tree.Literal, subject: ex.Term, written: str) -> None:
        kind = subject.kind
        if not isinstance(kind, Integer | Number) or value in domain(Number(kind.low, kind.high)):
            return
        span = f"from {kind.low[0]}" if kind.low else ""
        span += f" up to {kind.high[0]}" if kind.high else ""
        message = f'"{written}" never reaches {literal.span.text}: it goes {span.strip()}'
        labels = declared(subject)
        notes = (Note("try", "a value within it, or a wider range in the declaration"),)
        self.diagnostics.append(Diagnostic("S313", message, literal.span, labels=labels, notes=notes))

    def _goes_with(self, operator: Operator, subject: ex.Term, node: Any) -> None:
        if isinstance(subject.kind, operator.subjects):
            return
        fitting = [
            one.name
            for one in operators_by_name().values()
            if isinstance(subject.kind, one.subjects) and one.negates is None
        ]
        message = f"{operator.name} does not go with {words(subject.kind)}"
        advice = "one of " + ", ".join(fitting) if fitting else "is known, or is unknown"
        if isinstance(subject.kind, SetOf) and operator.operand in (Operand.SAME, Operand.VALUES, Operand.PATTERN):
            advice = 'has "…", has any of ("…", "…")'
        raise wrong("S305", node, message, labels=declared(subject), advice=advice)

    # Word operators

    def _word_test(self, node: tree.WordTest) -> ex.Condition:
        operator = operators_by_name()[node.operator]
        if operator.operand is Operand.SAME:
            right = _single(node.right)
            if isinstance(right, tree.ListOf | tree.Range | tree.SetName):
                raise wrong("S305", right, f"{operator.name} takes one value", advice="in takes several")
            found = self._comparison(node.operator, node.left, right, node)
        else:
            found = self._with_operand(operator, self.terms.term(node.left), node)
        return ex.Not(found, span=node.span) if node.negated else found

    def _with_operand(self, operator: Operator, subject: ex.Term, node: tree.WordTest) -> ex.Condition:
        self._goes_with(operator, subject, node)
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
        written = node.right.span.text
        plain = isinstance(right, tree.Name | tree.NumberLiteral)
        advice = f'{node.operator} "{written}"' if plain else f'{node.operator} "…"; for several, join tests with or'
        raise wrong("S303", node.right, f"{node.operator} takes one text in quotes", advice=advice)

    def _member(self, text: tree.TextLiteral, kind: Kind, node: tree.WordTest) -> str:
        assert isinstance(kind, SetOf)
        value = fold(text.value) if kind.member.ignoring_case else text.value
        check_choice(value, text, kind.member, node.left.span.text, declared(self.terms.term(node.left)))
        return value

    def _members(self, node: tree.WordTest, kind: Kind) -> frozenset[str]:
        listed = self._listed(node.right)
        if not isinstance(listed, tree.ListOf):
            raise wrong("S303", node.right, f"{node.operator} takes a list", advice=f'{node.operator} ("…", "…")')
        found = []
        for item in listed.items:
            if not isinstance(item, tree.TextLiteral):
                raise wrong("S303", item, f"{node.operator} takes texts in quotes", advice=quoted(item.span.text))
            found.append(self._member(item, kind, node))
        return frozenset(found)

    def _listed(self, node: Any) -> Any:
        """A list, range or single value with names of sets and lets replaced by what they stand for."""
        match node:
            case tree.SetName(name):
                if name not in self.terms.scope.sets:
                    raise unknown_set(node, self.terms.scope.sets)
                return self.terms.scope.sets[name].values
            case tree.ListOf(items):
                return tree.ListOf(tuple(map(self._listed, items)), span=node.span)
            case tree.Range(low, high, below):
                ends = [end and self._fixed(end) for end in (low, high)]
                return tree.Range(ends[0], ends[1], below, span=node.span)
            case _:
                return self._fixed(node)

    def _fixed(self, node: tree.Expression) -> tree.Literal:
        found = self.terms.through_lets(node)
        if isinstance(found, LITERALS):
            return found
        if isinstance(found, tree.Name) and found.text not in self.terms.scope.names:
            raise self.terms.no_such_name(found)
        raise wrong(
            "S303", node, "only fixed values can stand in a list or range", advice="compare with == or < instead"
        )

    def _values(self, operator: Operator, subject: ex.Term, node: tree.WordTest) -> ex.Condition:
        listed = self._listed(node.right)
        if isinstance(subject.kind, Datetime) and mentions_dates(listed):
            subject = self.terms.civil(subject)
        kind, written, labels = subject.kind, node.left.span.text, declared(subject)
        if isinstance(listed, LITERALS) and not isinstance(kind, Ip):
            as_kind(listed, kind, written, labels, self.terms.zone)
            advice = f"{written} == {listed.span.text}, or {written} in ({listed.span.text})"
            raise wrong(
                "S303", node.right, f"{operator.name} takes a list in brackets, a range or a set", advice=advice
            )
        found = intervals(listed, kind, written, labels, self.terms.zone)
        return _test(operator, subject, ex.Constant(kind, found), node)

    def _window(self, operator: Operator, subject: ex.Term, node: tree.WordTest) -> ex.Condition:
        length = self.terms.through_lets(_single(node.right))
        if not isinstance(length, tree.DurationLiteral):
            raise wrong(
                "S303", node.right, f"{operator.name} takes a length of time", advice=f"{operator.name} 30 days"
            )
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
            self._goes_with(IS_EMPTY, subject, node)
            return ex.Test(IS_EMPTY, subject, ex.Constant(subject.kind, None), span=node.span)
        raise self._no_such_state(node, subject, states)

    def _no_such_state(self, node: tree.IsTest, subject: ex.Term, states: tuple[State, ...]) -> Wrong:
        name, word = node.subject.span.text, node.word.text
        near = nearest(word, [state.name for state in states]) or nearest(word, ("known", "unknown", "empty"), 0.75)
        if not states and not near:
            message = f'"{name}" has no states by name'
            advice = f"states {name}: {word} = …" if isinstance(subject, ex.Read) else f"{name} == …"
            return wrong("S103", node.word, message, labels=declared(subject), advice=advice)
        message = f'"{name}" has no state called "{word}"'
        several = ", ".join(state.name for state in states)
        notes = (Note("try", f'change it to "{near}"' if near else f"one of {several}"),)
        labels = tuple(Label(state.span, "its states begin here") for state in states[:1] if state.span) or declared(
            subject
        )
        edits = (Edit(node.word.span, near),) if near else ()
        return Wrong(Diagnostic("S103", message, node.word.span, labels=labels, notes=notes, edits=edits))


def _single(node: Any) -> Any:
    """`(x)` after an operator that takes one value is x."""
    return node.items[0] if isinstance(node, tree.ListOf) and len(node.items) == 1 else node


def _test(operator: Operator, subject: ex.Term, operand: ex.Term, node: Any) -> ex.Condition:
    """The test of an operator, or the opposite of the one that it negates."""
    if operator.negates is None:
        return ex.Test(operator, subject, operand, span=node.span)
    opposite = operators_by_name()[operator.negates]
    return ex.Not(ex.Test(opposite, subject, operand, span=node.span), span=node.span)
