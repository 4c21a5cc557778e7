"""From Lark's tree to ours: one method per rule of the grammar, in its order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve, frozen
from lark import Token, Tree
from lark.tree import Meta

from segdsl.syntax import tree
from segdsl.text.source import Span

Place = Callable[[int, int], Span]
"""Positions in the parsed text as a place in the file (they differ where a slip was repaired first)."""

_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class Misspelt(Exception):
    """Something that the grammar lets through and the spelling rules do not."""

    def __init__(self, code: str, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.code, self.message, self.start, self.end = code, message, start, end


def unquoted(token: Token) -> str:
    """The characters that a quoted text stands for; raises Misspelt."""
    start = token.start_pos or 0

    def character(found: re.Match[str]) -> str:
        code, simple = found.groups()
        if code and int(code, 16) <= 0x10FFFF and not 0xD800 <= int(code, 16) <= 0xDFFF:
            return chr(int(code, 16))
        if simple in _SIMPLE:
            return _SIMPLE[simple]
        message = f"{found[0]} means nothing inside a text"
        raise Misspelt("S218", message, start + 1 + found.start(), start + 1 + found.end())

    return _ESCAPE.sub(character, str(token)[1:-1])


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
    """Makes our nodes, places included: of each of Lark's, by the method of its name, from what was made of its parts.

    (Lark's own Transformer wraps every method anew each time that it is called.)
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def node(self, parsed: Tree[Token]) -> Any:
        """Our node for one of Lark's. Raises Misspelt."""
        children = [self.node(child) if isinstance(child, Tree) else child for child in parsed.children]
        return getattr(self, parsed.data)(parsed.meta, children)

    def _span(self, meta: Meta) -> Span:
        return self._place(meta.start_pos, meta.end_pos)

    def _token_span(self, token: Token) -> Span:
        return self._place(token.start_pos or 0, token.end_pos or 0)

    def _name(self, token: Token) -> tree.Name:
        parts = tuple(
            plain or unquoted(Token("STRING", f'"{bracketed}"', start_pos=token.start_pos))
            for plain, bracketed in _PART.findall(str(token))
        )
        return tree.Name(parts, span=self._token_span(token))

    def _label(self, token: Token | None) -> str | None:
        return None if token is None else unquoted(token)

    # Statements

    def use(self, meta: Meta, children: list[Any]) -> tree.Use:
        return tree.Use(unquoted(children[0]), span=self._span(meta))

    def timezone(self, meta: Meta, children: list[Any]) -> tree.Timezone:
        return tree.Timezone(unquoted(children[0]), span=self._span(meta))

    def dimension(self, meta: Meta, children: list[Any]) -> tree.Dimension:
        name, label, kind, *clauses = children
        return tree.Dimension(self._name(name), self._label(label), kind, tuple(clauses), span=self._span(meta))

    def named_type(self, meta: Meta, children: list[Any]) -> tree.NamedType:
        return tree.NamedType(self._name(children[0]), children[1], span=self._span(meta))

    def one_of(self, meta: Meta, children: list[Any]) -> tree.OneOf:
        return tree.OneOf(children[0], span=self._span(meta))

    def set_of(self, meta: Meta, children: list[Any]) -> tree.SetType:
        return tree.SetType(children[0], span=self._span(meta))

    def required(self, meta: Meta, _children: list[Any]) -> tree.Required:
        return tree.Required(span=self._span(meta))

    def default(self, meta: Meta, children: list[Any]) -> tree.Default:
        return tree.Default(children[0], span=self._span(meta))

    def ignoring_case(self, meta: Meta, _children: list[Any]) -> tree.IgnoringCase:
        return tree.IgnoringCase(span=self._span(meta))

    def from_path(self, meta: Meta, children: list[Any]) -> tree.FromPath:
        return tree.FromPath(unquoted(children[0]), span=self._span(meta))

    def personal(self, meta: Meta, _children: list[Any]) -> tree.Personal:
        return tree.Personal(span=self._span(meta))

    def states(self, meta: Meta, children: list[Any]) -> tree.States:
        return tree.States(self._name(children[0]), tuple(children[1:]), span=self._span(meta))

    def state(self, meta: Meta, children: list[Any]) -> tree.State:
        name, label, values = children
        return tree.State(self._name(name), self._label(label), values, span=self._span(meta))

    def unknown_values(self, meta: Meta, _children: list[Any]) -> tree.UnknownWord:
        return tree.UnknownWord(span=self._span(meta))

    def otherwise_values(self, meta: Meta, _children: list[Any]) -> tree.OtherwiseWord:
        return tree.OtherwiseWord(span=self._span(meta))

    def set_definition(self, meta: Meta, children: list[Any]) -> tree.SetDefinition:
        return tree.SetDefinition(self._name(children[0]), children[1], span=self._span(meta))

    def let(self, meta: Meta, children: list[Any]) -> tree.Let:
        return tree.Let(self._name(children[0]), _bare(children[1]), span=self._span(meta))

    def segment(self, meta: Meta, children: list[Any]) -> tree.Segment:
        name, label, condition, payload = children
        return tree.Segment(
            self._name(name), self._label(label), _bare(condition), payload or (), span=self._span(meta)
        )

    def payload(self, _meta: Meta, children: list[Any]) -> tuple[tree.Pair, ...]:
        return tuple(children)

    def pair(self, meta: Meta, children: list[Any]) -> tree.Pair:
        return tree.Pair(self._name(children[0]), children[1], span=self._span(meta))

    def partition(self, meta: Meta, children: list[Any]) -> tree.Partition:
        name, label, of, members = children
        parent = None if of is None else self._name(of)
        return tree.Partition(self._name(name), self._label(label), parent, members, span=self._span(meta))

    def priority(self, meta: Meta, children: list[Any]) -> tree.Priority:
        name, label, members, otherwise = children
        rest = None if otherwise is None else self._name(otherwise)
        return tree.Priority(self._name(name), self._label(label), members, rest, span=self._span(meta))

    def names(self, _meta: Meta, children: list[Any]) -> tuple[tree.Name, ...]:
        return tuple(self._name(child) for child in children)

    def assertion(self, meta: Meta, children: list[Any]) -> tree.Assertion:
        condition, conclusion = children
        return tree.Assertion(_bare(condition), _bare(conclusion), span=self._span(meta))

    def test(self, meta: Meta, children: list[Any]) -> tree.Test:
        name, record, expected = children
        return tree.Test(unquoted(name), record, expected, span=self._span(meta))

    def record(self, _meta: Meta, children: list[Any]) -> tuple[tree.RecordField, ...]:
        return tuple(child for child in children if child is not None)

    def field(self, meta: Meta, children: list[Any]) -> tree.RecordField:
        return tree.RecordField(self._name(children[0]), children[1], span=self._span(meta))

    # Conditions

    def disjunction(self, meta: Meta, children: list[Any]) -> tree.Or:
        return tree.Or(tuple(_bare(child) for child in children), span=self._span(meta))

    def conjunction(self, meta: Meta, children: list[Any]) -> tree.And:
        return tree.And(tuple(_bare(child) for child in children), span=self._span(meta))

    def negation(self, meta: Meta, children: list[Any]) -> tree.Not:
        return tree.Not(_bare(children[1]), span=self._span(meta))

    def comparison(self, meta: Meta, children: list[Any]) -> tree.Comparison:
        left, operator, right = children
        span = self._token_span(operator)
        return tree.Comparison(str(operator), _bare(left), _bare(right), span=self._span(meta), operator_span=span)

    def word_test(self, meta: Meta, children: list[Any]) -> tree.WordTest:
        left, negated, operator, right = children
        if isinstance(right, _Group) and not isinstance(right.operand, tree.And | tree.Or):
            right = tree.ListOf((right.operand,), span=right.span)
        return tree.WordTest(
            " ".join(operator.split()),
            negated is not None,
            _bare(left),
            _bare(right),
            span=self._span(meta),
            operator_span=self._token_span(operator),
        )

    def is_test(self, meta: Meta, children: list[Any]) -> tree.IsTest:
        subject, negated, word = children
        return tree.IsTest(_bare(subject), negated is not None, self._name(word), span=self._span(meta))

    def arithmetic(self, meta: Meta, children: list[Any]) -> tree.Arithmetic:
        left, operator, right = children
        return tree.Arithmetic(str(operator), _bare(left), _bare(right), span=self._span(meta))

    def negative(self, meta: Meta, children: list[Any]) -> tree.NumberLiteral | tree.Negative:
        operand = _bare(children[1])
        if isinstance(operand, tree.NumberLiteral) and not operand.text.startswith("-"):
            return tree.NumberLiteral("-" + operand.text, span=self._span(meta))
        return tree.Negative(operand, span=self._span(meta))

    def name(self, _meta: Meta, children: list[Any]) -> tree.Name:
        return self._name(children[0])

    def call(self, meta: Meta, children: list[Any]) -> tree.Call:
        arguments = tuple(_bare(child) for child in children[1:] if child is not None)
        return tree.Call(self._name(children[0]), arguments, span=self._span(meta))

    def ago(self, meta: Meta, children: list[Any]) -> tree.Ago:
        length = _duration(children[0], self._token_span(children[0]))
        return tree.Ago(length, span=self._span(meta))

    def group(self, meta: Meta, children: list[Any]) -> _Group:
        return _Group(_bare(children[0]), self._span(meta))

    def range(self, meta: Meta, children: list[Any]) -> tree.Range:
        return self._range(meta, children)

    def fixed_range(self, meta: Meta, children: list[Any]) -> tree.Range:
        return self._range(meta, children)

    def _range(self, meta: Meta, children: list[Any]) -> tree.Range:
        dots = next(i for i, child in enumerate(children) if isinstance(child, Token))
        low, high = children[:dots], children[dots + 1 :]
        return tree.Range(
            _bare(low[0]) if low else None,
            _bare(high[0]) if high else None,
            children[dots] == "..<",
            span=self._span(meta),
        )

    def list(self, meta: Meta, children: Sequence[Any]) -> tree.ListOf:
        return tree.ListOf(tuple(_bare(child) for child in children if child is not None), span=self._span(meta))

    values = list

    def set_name(self, meta: Meta, children: Sequence[Any]) -> tree.SetName:
        return tree.SetName(str(children[0])[1:], span=self._span(meta))

    def constant(self, meta: Meta, children: Sequence[Any]) -> Any:
        literal = children[-1]
        if len(children) == 1:
            return literal
        if isinstance(literal, tree.NumberLiteral):
            return tree.NumberLiteral("-" + literal.text, span=self._span(meta))
        raise Misspelt("S201", "a minus sign can only stand before a number", meta.start_pos, meta.end_pos)

    # Literals

    def text(self, meta: Meta, children: Sequence[Any]) -> tree.TextLiteral:
        return tree.TextLiteral(unquoted(children[0]), span=self._span(meta))

    def number(self, meta: Meta, children: Sequence[Any]) -> tree.NumberLiteral:
        return tree.NumberLiteral(_plain_number(str(children[0])), span=self._span(meta))

    def percent(self, meta: Meta, children: Sequence[Any]) -> tree.PercentLiteral:
        return tree.PercentLiteral(_plain_number(str(children[0])[:-1].strip()), span=self._span(meta))

    def duration(self, meta: Meta, children: Sequence[Any]) -> tree.DurationLiteral:
        return _duration(children[0], self._span(meta))

    def length(self, meta: Meta, children: Sequence[Any]) -> tree.LengthLiteral:
        found = _LENGTH.fullmatch(str(children[0]))
        assert found is not None
        return tree.LengthLiteral(_plain_number(found[1]), found[2].removesuffix("s"), span=self._span(meta))

    def date(self, meta: Meta, children: Sequence[Any]) -> tree.DateLiteral:
        return tree.DateLiteral(str(children[0]), span=self._span(meta))

    def datetime(self, meta: Meta, children: Sequence[Any]) -> tree.DatetimeLiteral:
        return tree.DatetimeLiteral(str(children[0]), span=self._span(meta))

    def true(self, meta: Meta, _children: Sequence[Any]) -> tree.BooleanLiteral:
        return tree.BooleanLiteral(True, span=self._span(meta))

    def false(self, meta: Meta, _children: Sequence[Any]) -> tree.BooleanLiteral:
        return tree.BooleanLiteral(False, span=self._span(meta))


def _duration(token: Token, span: Span) -> tree.DurationLiteral:
    found = _LENGTH.fullmatch(str(token))
    assert found is not None
    return tree.DurationLiteral(_plain_number(found[1]), found[2].removesuffix("s"), span=span)


def _plain_number(text: str) -> str:
    """Without zeros that say nothing: 007 is 7, 1.50 is 1.5."""
    whole, dot, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if dot and fraction else "")
