"""The nodes of our tree: one method per rule of the grammar, in its order.

Each is given where its part of the text starts and ends, and what was made of the parts within.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from attrs import evolve, frozen

from segdsl.syntax import tree
from segdsl.text.source import Span

Place = Callable[[int, int], Span]
"""Positions in the parsed text as a place in the file (they differ where a slip was repaired first)."""
Word = tuple[str, int, int]
"""A word of the text, where it starts and where it ends."""
Parts = list[Any]
"""What was made of the parts of a rule: nodes and words; None for what is left out."""

_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class Misspelt(Exception):
    """Something that the grammar lets through and the spelling rules do not."""

    def __init__(self, code: str, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.code, self.message, self.start, self.end = code, message, start, end


def unquoted(word: Word) -> str:
    """The characters that a quoted text stands for; raises Misspelt."""
    quoted, start, _ = word
    if "\\" not in quoted:
        return quoted[1:-1]

    def character(found: re.Match[str]) -> str:
        code, simple = found.groups()
        if code and int(code, 16) <= 0x10FFFF and not 0xD800 <= int(code, 16) <= 0xDFFF:
            return chr(int(code, 16))
        if simple in _SIMPLE:
            return _SIMPLE[simple]
        message = f"{found[0]} means nothing inside a text"
        raise Misspelt("S218", message, start + 1 + found.start(), start + 1 + found.end())

    return _ESCAPE.sub(character, quoted[1:-1])


@frozen
class _Group:
    """Brackets, until it is known what they stand for."""

    operand: Any
    span: Span


def _bare(node: Any) -> Any:
    if not isinstance(node, _Group):
        return node
    operand = node.operand
    return evolve(operand, bracketed=True) if isinstance(operand, tree.And | tree.Or) else operand


_PART = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_]*)|\["((?:\\.|[^"\\\n])*)"\]')
_LENGTH = re.compile(r"([0-9.]+)[ \t]*([a-z]+|%)")


class Build:
    """Makes our nodes, places included. `segdsl.syntax.automaton` calls the method with the name of the rule."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def _word_span(self, word: Word) -> Span:
        return self._place(word[1], word[2])

    def _name(self, word: Word) -> tree.Name:
        name, start, end = word
        if "." not in name and "[" not in name:
            return tree.Name((name,), span=self._place(start, end))
        parts = tuple(plain or unquoted((f'"{bracketed}"', start, end)) for plain, bracketed in _PART.findall(name))
        return tree.Name(parts, span=self._place(start, end))

    def _label(self, word: Word | None) -> str | None:
        return None if word is None else unquoted(word)

    # Statements

    def use(self, start: int, end: int, children: Parts) -> tree.Use:
        return tree.Use(unquoted(children[0]), span=self._place(start, end))

    def timezone(self, start: int, end: int, children: Parts) -> tree.Timezone:
        return tree.Timezone(unquoted(children[0]), span=self._place(start, end))

    def dimension(self, start: int, end: int, children: Parts) -> tree.Dimension:
        name, label, kind, *clauses = children
        return tree.Dimension(self._name(name), self._label(label), kind, tuple(clauses), span=self._place(start, end))

    def named_type(self, start: int, end: int, children: Parts) -> tree.NamedType:
        return tree.NamedType(self._name(children[0]), children[1], span=self._place(start, end))

    def one_of(self, start: int, end: int, children: Parts) -> tree.OneOf:
        return tree.OneOf(children[0], span=self._place(start, end))

    def set_of(self, start: int, end: int, children: Parts) -> tree.SetType:
        return tree.SetType(children[0], span=self._place(start, end))

    def required(self, start: int, end: int, _children: Parts) -> tree.Required:
        return tree.Required(span=self._place(start, end))

    def default(self, start: int, end: int, children: Parts) -> tree.Default:
        return tree.Default(children[0], span=self._place(start, end))

    def ignoring_case(self, start: int, end: int, _children: Parts) -> tree.IgnoringCase:
        return tree.IgnoringCase(span=self._place(start, end))

    def from_path(self, start: int, end: int, children: Parts) -> tree.FromPath:
        return tree.FromPath(unquoted(children[0]), span=self._place(start, end))

    def personal(self, start: int, end: int, _children: Parts) -> tree.Personal:
        return tree.Personal(span=self._place(start, end))

    def states(self, start: int, end: int, children: Parts) -> tree.States:
        return tree.States(self._name(children[0]), tuple(children[1:]), span=self._place(start, end))

    def state(self, start: int, end: int, children: Parts) -> tree.State:
        name, label, values = children
        return tree.State(self._name(name), self._label(label), values, span=self._place(start, end))

    def unknown_values(self, start: int, end: int, _children: Parts) -> tree.UnknownWord:
        return tree.UnknownWord(span=self._place(start, end))

    def otherwise_values(self, start: int, end: int, _children: Parts) -> tree.OtherwiseWord:
        return tree.OtherwiseWord(span=self._place(start, end))

    def set_definition(self, start: int, end: int, children: Parts) -> tree.SetDefinition:
        return tree.SetDefinition(self._name(children[0]), children[1], span=self._place(start, end))

    def let(self, start: int, end: int, children: Parts) -> tree.Let:
        return tree.Let(self._name(children[0]), _bare(children[1]), span=self._place(start, end))

    def segment(self, start: int, end: int, children: Parts) -> tree.Segment:
        name, label, condition, payload = children
        return tree.Segment(
            self._name(name), self._label(label), _bare(condition), payload or (), span=self._place(start, end)
        )

    def payload(self, _start: int, _end: int, children: Parts) -> tuple[tree.Pair, ...]:
        return tuple(children)

    def pair(self, start: int, end: int, children: Parts) -> tree.Pair:
        return tree.Pair(self._name(children[0]), children[1], span=self._place(start, end))

    def partition(self, start: int, end: int, children: Parts) -> tree.Partition:
        name, label, of, members = children
        parent = None if of is None else self._name(of)
        return tree.Partition(self._name(name), self._label(label), parent, members, span=self._place(start, end))

    def priority(self, start: int, end: int, children: Parts) -> tree.Priority:
        name, label, members, otherwise = children
        rest = None if otherwise is None else self._name(otherwise)
        return tree.Priority(self._name(name), self._label(label), members, rest, span=self._place(start, end))

    def names(self, _start: int, _end: int, children: Parts) -> tuple[tree.Name, ...]:
        return tuple(self._name(child) for child in children)

    def assertion(self, start: int, end: int, children: Parts) -> tree.Assertion:
        condition, conclusion = children
        return tree.Assertion(_bare(condition), _bare(conclusion), span=self._place(start, end))

    def test(self, start: int, end: int, children: Parts) -> tree.Test:
        name, record, expected = children
        return tree.Test(unquoted(name), record, expected, span=self._place(start, end))

    def record(self, _start: int, _end: int, children: Parts) -> tuple[tree.RecordField, ...]:
        return tuple(child for child in children if child is not None)

    def field(self, start: int, end: int, children: Parts) -> tree.RecordField:
        return tree.RecordField(self._name(children[0]), children[1], span=self._place(start, end))

    # Conditions

    def disjunction(self, start: int, end: int, children: Parts) -> tree.Or:
        return tree.Or(tuple(_bare(child) for child in children), span=self._place(start, end))

    def conjunction(self, start: int, end: int, children: Parts) -> tree.And:
        return tree.And(tuple(_bare(child) for child in children), span=self._place(start, end))

    def negation(self, start: int, end: int, children: Parts) -> tree.Not:
        return tree.Not(_bare(children[1]), span=self._place(start, end))

    def comparison(self, start: int, end: int, children: Parts) -> tree.Comparison:
        left, operator, right = children
        span = self._word_span(operator)
        return tree.Comparison(operator[0], _bare(left), _bare(right), span=self._place(start, end), operator_span=span)

    def word_test(self, start: int, end: int, children: Parts) -> tree.WordTest:
        left, negated, operator, right = children
        if isinstance(right, _Group) and not isinstance(right.operand, tree.And | tree.Or):
            right = tree.ListOf((right.operand,), span=right.span)
        return tree.WordTest(
            " ".join(operator[0].split()),
            negated is not None,
            _bare(left),
            _bare(right),
            span=self._place(start, end),
            operator_span=self._word_span(operator),
        )

    def is_test(self, start: int, end: int, children: Parts) -> tree.IsTest:
        subject, negated, word = children
        return tree.IsTest(_bare(subject), negated is not None, self._name(word), span=self._place(start, end))

    def arithmetic(self, start: int, end: int, children: Parts) -> tree.Arithmetic:
        left, operator, right = children
        return tree.Arithmetic(operator[0], _bare(left), _bare(right), span=self._place(start, end))

    def negative(self, start: int, end: int, children: Parts) -> tree.NumberLiteral | tree.Negative:
        operand = _bare(children[1])
        if isinstance(operand, tree.NumberLiteral) and not operand.text.startswith("-"):
            return tree.NumberLiteral("-" + operand.text, span=self._place(start, end))
        return tree.Negative(operand, span=self._place(start, end))

    def name(self, _start: int, _end: int, children: Parts) -> tree.Name:
        return self._name(children[0])

    def call(self, start: int, end: int, children: Parts) -> tree.Call:
        arguments = tuple(_bare(child) for child in children[1:] if child is not None)
        return tree.Call(self._name(children[0]), arguments, span=self._place(start, end))

    def ago(self, start: int, end: int, children: Parts) -> tree.Ago:
        length = _duration(children[0], self._word_span(children[0]))
        return tree.Ago(length, span=self._place(start, end))

    def group(self, start: int, end: int, children: Parts) -> _Group:
        return _Group(_bare(children[0]), self._place(start, end))

    def range(self, start: int, end: int, children: Parts) -> tree.Range:
        return self._range(start, end, children)

    def fixed_range(self, start: int, end: int, children: Parts) -> tree.Range:
        return self._range(start, end, children)

    def _range(self, start: int, end: int, children: Parts) -> tree.Range:
        dots = next(i for i, child in enumerate(children) if isinstance(child, tuple))
        low, high = children[:dots], children[dots + 1 :]
        return tree.Range(
            _bare(low[0]) if low else None,
            _bare(high[0]) if high else None,
            children[dots][0] == "..<",
            span=self._place(start, end),
        )

    def list(self, start: int, end: int, children: Parts) -> tree.ListOf:
        return tree.ListOf(tuple(_bare(child) for child in children if child is not None), span=self._place(start, end))

    values = list

    def set_name(self, start: int, end: int, children: Parts) -> tree.SetName:
        return tree.SetName(children[0][0][1:], span=self._place(start, end))

    def constant(self, start: int, end: int, children: Parts) -> Any:
        literal = children[-1]
        if len(children) == 1:
            return literal
        if isinstance(literal, tree.NumberLiteral):
            return tree.NumberLiteral("-" + literal.text, span=self._place(start, end))
        raise Misspelt("S201", "a minus sign can only stand before a number", start, end)

    # Literals

    def text(self, start: int, end: int, children: Parts) -> tree.TextLiteral:
        return tree.TextLiteral(unquoted(children[0]), span=self._place(start, end))

    def number(self, start: int, end: int, children: Parts) -> tree.NumberLiteral:
        return tree.NumberLiteral(_plain_number(children[0][0]), span=self._place(start, end))

    def percent(self, start: int, end: int, children: Parts) -> tree.PercentLiteral:
        return tree.PercentLiteral(_plain_number(children[0][0][:-1].strip()), span=self._place(start, end))

    def duration(self, start: int, end: int, children: Parts) -> tree.DurationLiteral:
        return _duration(children[0], self._place(start, end))

    def length(self, start: int, end: int, children: Parts) -> tree.LengthLiteral:
        found = _LENGTH.fullmatch(children[0][0])
        assert found is not None
        return tree.LengthLiteral(_plain_number(found[1]), found[2].removesuffix("s"), span=self._place(start, end))

    def date(self, start: int, end: int, children: Parts) -> tree.DateLiteral:
        return tree.DateLiteral(children[0][0], span=self._place(start, end))

    def datetime(self, start: int, end: int, children: Parts) -> tree.DatetimeLiteral:
        return tree.DatetimeLiteral(children[0][0], span=self._place(start, end))

    def true(self, start: int, end: int, _children: Parts) -> tree.BooleanLiteral:
        return tree.BooleanLiteral(True, span=self._place(start, end))

    def false(self, start: int, end: int, _children: Parts) -> tree.BooleanLiteral:
        return tree.BooleanLiteral(False, span=self._place(start, end))


def _duration(word: Word, span: Span) -> tree.DurationLiteral:
    found = _LENGTH.fullmatch(word[0])
    assert found is not None
    return tree.DurationLiteral(_plain_number(found[1]), found[2].removesuffix("s"), span=span)


def _plain_number(text: str) -> str:
    """Without zeros that say nothing: 007 is 7, 1.50 is 1.5."""
    whole, dot, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if dot and fraction else "")
