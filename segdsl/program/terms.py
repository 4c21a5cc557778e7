"""Terms with every name resolved and every kind checked: what has a value rather than being true or false.

In: expressions of the syntax tree and the declared names. Out: checked terms; raises `Wrong` at the first thing that is
wrong in a term.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import Factory, define

from segdsl.operators.arithmetic import SUBTRACT
from segdsl.operators.comparison import TIMES
from segdsl.operators.operator import Context, Function
from segdsl.operators.registry import FUNCTIONS, functions_by_name
from segdsl.operators.temporal import CIVIL_DATE, move
from segdsl.operators.textual import LOWER
from segdsl.program import expression as ex
from segdsl.program.advice import two_kinds, uncountable
from segdsl.program.literal import amount_of, as_kind, natural_kind, version_of
from segdsl.program.schema import Dimension
from segdsl.program.scope import Scope
from segdsl.program.wrong import Wrong, wrong
from segdsl.syntax import tree
from segdsl.syntax.slips import KEYWORDS
from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note
from segdsl.text.source import Span
from segdsl.text.suggest import nearest
from segdsl.values.kinds import Date, Datetime, Integer, Kind, Number, Text, Version, domain, words
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import number

LITERALS = (
    tree.TextLiteral,
    tree.NumberLiteral,
    tree.PercentLiteral,
    tree.DurationLiteral,
    tree.LengthLiteral,
    tree.DateLiteral,
    tree.DatetimeLiteral,
    tree.BooleanLiteral,
)


@define
class Terms:
    """Resolves the terms of one program."""

    scope: Scope
    dimensions: Mapping[str, Dimension]
    zone: dt.tzinfo
    _open: list[tree.Name] = Factory(list)
    _circles: dict[frozenset[str], Wrong] = Factory(dict)
    """Each circle with what was said of it first, wherever it is met again."""

    def term(self, node: tree.Expression) -> ex.Term:
        """The term that an expression is; raises Wrong."""
        match node:
            case tree.Name():
                return self._name(node)
            case tree.Call():
                return self._call(node)
            case tree.Ago(length):
                amount, unit = amount_of(length)
                return ex.Apply(move(-amount, unit), (ex.Now(),), Datetime(self.zone))
            case tree.Arithmetic():
                return self._arithmetic(node)
            case tree.Negative(operand):
                zero = tree.NumberLiteral("0", span=node.span)
                return self._arithmetic(tree.Arithmetic("-", zero, operand, span=node.span))
            case tree.And() | tree.Or() | tree.Not() | tree.Comparison() | tree.WordTest() | tree.IsTest():
                advice = "leave out what it is compared with: a condition is true or false by itself"
                raise wrong("S303", node, "a condition stands where a value is needed", advice=advice)
            case _:
                return self.constant(node, natural_kind(node), node.span.text)

    def constant(self, node: tree.Literal, kind: Kind, subject: str) -> ex.Constant:
        """A literal as a constant of a kind."""
        return ex.Constant(kind, as_kind(node, kind, subject, (), self.zone))

    def through_lets(self, node: Any) -> Any:
        """What a name of a let stands for; anything else is itself. `version("1.2")` stands for its text."""
        if isinstance(node, tree.Name) and node.text in self.scope.lets:
            with self.once(node):
                return self.through_lets(self.scope.lets[node.text].value)
        if isinstance(node, tree.Call) and node.name.text == "version" and len(node.arguments) == 1:
            return self.through_lets(node.arguments[0])
        return node

    @contextmanager
    def once(self, name: tree.Name) -> Iterator[None]:
        """While a name is being resolved, meeting it again is a circle; raises Wrong."""
        opened = [one.text for one in self._open]
        if name.text in opened:
            circle = [*opened[opened.index(name.text) :], name.text]
            raise self._circles.setdefault(frozenset(circle), _circular(name, circle))
        self._open.append(name)
        try:
            yield
        finally:
            self._open.pop()

    # Names

    def means(self, node: tree.Name) -> bool:
        """Whether a name has a value."""
        return node.text in self.dimensions or node.text in self.scope.lets or node.text in ("now", "today")

    def _name(self, node: tree.Name) -> ex.Term:
        name = node.text
        if name in self.dimensions:
            return ex.Read(self.dimensions[name])
        if name in self.scope.lets:
            with self.once(node):
                return self.term(self.scope.lets[name].value)
        if name == "now":
            return ex.Now()
        if name == "today":
            return ex.Apply(CIVIL_DATE, (ex.Now(),), Date())
        if name in self.scope.names:
            raise self._without_value(node)
        raise self.no_such_name(node)

    def _without_value(self, node: tree.Name) -> Wrong:
        """What is said about a name that is declared, but not as something with a value."""
        name = node.text
        if name in self.scope.sets:
            message = f'"{name}" is a set of several values, not one value'
            advice = f"ask whether something is in it: in @{name}"
        elif name in self.scope.segments:
            message = f'"{name}" is a segment: it is true or false, and has no value to compare'
            advice = f"write {name}, or not {name}, by itself"
        else:
            message = f'"{name}" is a list of segments, and not itself true or false'
            advice = "name one of its segments"
        labels = (Label(self.scope.names[name].span, "declared here"),)
        return wrong("S303", node, message, labels=labels, advice=advice)

    def no_such_name(self, node: tree.Name, beside: Kind | None = None) -> Wrong:
        """What is said about a name that nothing declares. `beside`: the kind of what it is compared with."""
        name, lower = node.text, node.text.lower()
        if lower == "unknown":
            advice = "write … is unknown, or … is known"
            return wrong("S201", node, '"unknown" is not a value to compare with', advice=advice)
        if name != lower and lower in KEYWORDS:
            message = f'"{name}" is written in small letters here'
            return wrong("S206", node, message, advice=f"write {lower}", instead=lower)
        known = [*self.dimensions, *self.scope.segments, *self.scope.lets]
        for word in ("not", "and", "or"):
            rest = name.removeprefix(word)
            if rest != name and rest in known:
                at = Span(node.span.source, node.span.start + len(word), node.span.start + len(word))
                message = f'"{name}" runs two words together'
                notes = (Note("try", f"write {word} {rest}, with a space between"),)
                return Wrong(Diagnostic("S209", message, node.span, notes=notes, edits=(Edit(at, " "),)))
        return self._unknown_dimension(node, known, beside)

    def _unknown_dimension(self, node: tree.Name, known: list[str], beside: Kind | None) -> Wrong:
        choices = beside.choices or () if isinstance(beside, Text) else ()
        near = None if node.text in choices else nearest(node.text, known)
        files = {name.span.source.name for name in self.scope.names.values()} - {node.span.source.name}
        caret = "not declared here" + (f" or in {', '.join(sorted(files))}" if files else "")
        advice = f'change it to "{near}"' if near else f"declare it: dimension {node.text}: text"
        what = "dimension" if near is None or near in self.dimensions else "dimension or segment"
        if near is None and isinstance(beside, Text):
            advice = f'put it in quotes, if it is a text: "{node.text}"'
        message = f'there is no {what} called "{node.text}"'
        return wrong("S101", node, message, caret=caret, advice=advice, instead=near)

    # Functions

    def _call(self, node: tree.Call) -> ex.Term:
        name = node.name.text
        if name == "version":
            text = self.through_lets(node)
            if isinstance(text, tree.TextLiteral):
                return ex.Constant(Version(), version_of(text))
            raise wrong("S309", node, "version takes a text in quotes", advice='write version("12.1")')
        function = functions_by_name().get(name)
        if function is None or function.symbol:
            raise _no_such_function(node.name)
        if len(node.arguments) != len(function.parameters):
            count = len(function.parameters)
            message = (
                f'"{name}" takes {count} value{"s" if count > 1 else ""} in its brackets, not {len(node.arguments)}'
            )
            raise wrong("S309", node, message, advice=f"write {function.usage}")
        arguments = tuple(
            self._argument(argument, kinds, function)
            for argument, kinds in zip(node.arguments, function.parameters, strict=True)
        )
        for argument, limit, written in zip(arguments, function.limits, node.arguments, strict=False):
            if limit is not None and isinstance(argument, ex.Constant) and argument.value not in domain(limit):
                message = f'{written.span.text} is outside what "{function.name}" takes here'
                ends = " up to ".join(number(cut[0]) for cut in (limit.low, limit.high) if cut is not None)
                raise wrong("S309", written, message, why=f"it goes from {ends}", advice=f"write {function.usage}")
        return self.apply(function, arguments)

    def _argument(self, node: tree.Expression, kinds: tuple[type[Any], ...], function: Function) -> ex.Term:
        term = self.term(node)
        if not isinstance(term.kind, kinds):
            wanted = " or ".join(dict.fromkeys(words(kind()) for kind in kinds))
            shown = node.span.text if node.span.text.startswith('"') else f'"{node.span.text}"'
            message = f'"{function.name}" takes {wanted} here, and {shown} is {words(term.kind)}'
            raise wrong("S309", node, message, labels=declared(term), advice=f"write {function.usage}")
        return term

    def _arithmetic(self, node: tree.Arithmetic) -> ex.Term:
        length = self.through_lets(node.right)
        left = self.term(node.left)
        if isinstance(length, tree.DurationLiteral) and isinstance(left.kind, TIMES) and node.operator in "+-":
            amount, unit = amount_of(length)
            if isinstance(left.kind, Date) and unit.exact:
                message = f"a date moves by whole days, not by {length.span.text}"
                raise wrong("S304", length, message, advice="count in days")
            return self.apply(move(amount if node.operator == "+" else -amount, unit), (left,))
        right = self.term(node.right)
        function = functions_by_name()[node.operator]
        left, right = self.same_calendar(left, right)
        for term, side in ((left, node.left), (right, node.right)):
            if not isinstance(term.kind, function.parameters[0]):
                raise uncountable(node.operator, term.kind, side.span.text, side, declared(term))
        numbers = [isinstance(term.kind, Integer | Number) for term in (left, right)]
        if type(left.kind) is not type(right.kind) and not all(numbers):
            written = (node.left.span.text, node.right.span.text)
            raise two_kinds(left.kind, right.kind, written, node, ())
        if isinstance(left.kind, TIMES) and function is not SUBTRACT:
            raise wrong(
                "S305",
                node,
                f'between two times there can be "-", but no "{node.operator}"',
                advice="write - between them",
            )
        return self.apply(function, (left, right))

    def apply(self, function: Function, arguments: tuple[ex.Term, ...]) -> ex.Term:
        """A function of terms; of constants it is worked out at once."""
        kind = function.result(*(argument.kind for argument in arguments))
        applied = ex.Apply(function, arguments, kind)
        if any(not isinstance(argument, ex.Constant) for argument in arguments) or function.reads_clock:
            return applied
        context = Context(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), self.zone)
        value = function.meaning(
            context, *(argument.value for argument in arguments if isinstance(argument, ex.Constant))
        )
        return applied if value is UNKNOWN else ex.Constant(kind, value)

    def same_calendar(self, left: ex.Term, right: ex.Term) -> tuple[ex.Term, ex.Term]:
        """Two terms as a comparison sees them: a moment beside a date by its civil date, capitals ignored in both."""
        match left.kind, right.kind:
            case Date(), Datetime():
                return left, self.civil(right)
            case Datetime(), Date():
                return self.civil(left), right
            case Text(ignoring_case=True), Text(ignoring_case=False):
                return left, self.apply(LOWER, (right,))
            case Text(ignoring_case=False), Text(ignoring_case=True):
                return self.apply(LOWER, (left,)), right
            case _:
                return left, right

    def civil(self, term: ex.Term) -> ex.Term:
        """A moment's civil date."""
        return self.apply(CIVIL_DATE, (term,))


_AGGREGATES = ("count", "any", "none", "every", "share", "sum", "avg", "min", "max", "first", "last", "distinct")
"""Questions about lists of events."""


def _no_such_function(node: tree.Name) -> Wrong:
    name = node.text
    if name in _AGGREGATES:
        message = f'"{name}" asks about a list of events, and these are not part of this version'
        advice = "keep a count or a date of such events as a dimension, and test that"
        return wrong("S221", node, message, advice=advice)
    names = [one.name for one in FUNCTIONS if not one.symbol] + ["version"]
    near = nearest(name, names)
    advice = f'change it to "{near}"' if near else f"one of {', '.join(names)}"
    return wrong("S105", node, f'there is no function called "{name}"', advice=advice, instead=near)


def _circular(name: tree.Name, circle: list[str]) -> Wrong:
    message = f'what "{name.text}" means goes round in a circle'
    why = ", which needs ".join(f'"{one}"' for one in circle).replace(", which needs ", " needs ", 1)
    advice = "leave it out of its own condition" if len(circle) == 2 else "describe one of them without the others"
    return wrong("S108", name, message, why=why, advice=advice)


def declared(term: ex.Term) -> tuple[Label, ...]:
    """The place where the dimension of a term is declared, for a message's second label."""
    if isinstance(term, ex.Apply) and term.function is CIVIL_DATE:
        term = term.arguments[0]
    if isinstance(term, ex.Read) and term.dimension.span is not None:
        return (Label(term.dimension.span, "declared here"),)
    return ()
