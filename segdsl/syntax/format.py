"""The canonical form of a rule file.

In: a `RuleFile` without errors. Out: its text, comments included, such that parsing it gives the same tree and
formatting that gives the same text.

A statement becomes a `Piece`, which knows where it may break; the printer breaks what is wider than a line, or has a
comment inside. Comments are then put back after the token that they followed: the form never reorders, adds or drops a
token other than brackets and commas, so a token is known by its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from segdsl.syntax import tree
from segdsl.syntax.layout import Group, Piece, Printer, Row, flat, listed
from segdsl.syntax.remarks import remarks_in, token_ends, woven
from segdsl.syntax.tree import quoted

if TYPE_CHECKING:
    from segdsl.text.source import Span

Condition = tree.Expression | tree.Range | tree.ListOf | tree.SetName
"""Whatever can stand inside a condition."""


def format_file(file: tree.RuleFile) -> str:
    """The canonical text of a file. The file must have been read without errors: what could not be read is not in it.

    One blank line is kept where the author left any, and none is added.
    """
    blocks: list[_Block] = []
    comments = list(reversed(file.comments))
    for statement in file.statements:
        span = statement.span
        while comments and comments[-1].start < span.start:
            blocks.append(_comment_block(comments.pop()))
        inside = []
        while comments and comments[-1].start < span.end:
            inside.append(comments.pop())
        last_line = span.source.line_number(max(span.start, span.end - 1))
        trailing = [comments.pop()] if comments and comments[-1].line == last_line else []
        blocks.append(_Block(_with_comments(statement, inside, trailing), span.line, last_line))
    blocks += [_comment_block(comment) for comment in reversed(comments)]
    written = ""
    for number, block in enumerate(blocks):
        apart = number and block.first_line - blocks[number - 1].last_line > 1
        written += ("\n" if apart else "") + block.text + "\n"
    return written


def format_statement(statement: tree.Statement) -> str:
    """One statement in its canonical form, without a line end after it. It has several lines where it is long."""
    return Printer(()).printed(_statement(statement))


def format_expression(node: Condition) -> str:
    """A condition, or a part of one, on one line."""
    return flat(_bare(node))


@frozen
class _Block:
    """A statement or a comment of its own, and the lines that it took in the source."""

    text: str
    first_line: int
    last_line: int


def _comment_block(comment: Span) -> _Block:
    return _Block(comment.text.rstrip(), comment.line, comment.line)


def _with_comments(statement: tree.Statement, inside: list[Span], trailing: list[Span]) -> str:
    """A statement with the comments inside it and the one that follows it on its last line."""
    behind = [comment.text.rstrip() for comment in trailing]
    if inside:
        tokens, remarks = remarks_in(statement.span)
        text = Printer(remarks).printed(_statement(statement))
        ends = token_ends(text)
        if len(ends) != tokens:  # cannot happen so far as known; but then no comment may be lost
            return "\n".join([*(remark.text for remark in remarks), "  ".join([format_statement(statement), *behind])])
        text, last = woven(text, ends, remarks)
        behind = last + behind
    else:
        text = format_statement(statement)
    return "\n".join(["  ".join([text, *behind[:1]]), *behind[1:]])


# Statements


def _statement(node: tree.Statement) -> Piece:
    match node:
        case tree.Use(path):
            return f"use {quoted(path)}"
        case tree.Timezone(name):
            return f"timezone {quoted(name)}"
        case tree.Dimension(name, label, kind, clauses):
            parts = tuple(" " + _clause(clause) for clause in clauses)
            return Row((f"{_titled('dimension', name, label)}: ", _type(kind), *parts))
        case tree.States(dimension, states):
            return Group(f"states {dimension.text}:", listed(_state(state) for state in states), lead=" ")
        case tree.SetDefinition(name, values):
            return Row((f"set {name.text} = ", _bare(values)))
        case tree.Let(name, value):
            return _headed(f"let {name.text} =", _chain(value))
        case tree.Segment(name, label, condition, payload):
            return _headed(f"{_titled('segment', name, label)}:", (*_chain(condition), *_payload(payload)))
        case tree.Partition(name, label, of, members):
            parent = f" of {of.text}" if of else ""
            return Group(f"{_titled('partition', name, label)}{parent}:", _names(members), lead=" ")
        case tree.Priority(name, label, members, otherwise):
            rest = (f"otherwise {otherwise.text}",) if otherwise else ()
            return Group(f"{_titled('priority', name, label)}:", (*_names(members), *rest), lead=" ")
        case tree.Assertion(condition, conclusion):
            implied = () if conclusion is None else (_headed("implies", _chain(conclusion)),)
            return _headed("assert", (*_chain(condition), *implied))
        case tree.Test(title, record, expected):
            fields = listed(Row((f"{field.name.text}: ", _bare(field.value))) for field in record) if record else ()
            opened = Group(f"test {quoted(title)}: {{", fields, "}", comma=True)
            return Row((opened, " ", Group("expect", _names(expected), lead=" ")))
        case _:
            assert_never(node)


def _titled(keyword: str, name: tree.Name, label: str | None) -> str:
    return f"{keyword} {name.text}" + ("" if label is None else f" {quoted(label)}")


def _headed(head: str, items: tuple[Piece, ...]) -> Piece:
    """Several items go below the head when they are long; a single one starts beside it and breaks inside."""
    return Row((f"{head} ", *items)) if len(items) == 1 else Group(head, items, lead=" ")


def _names(names: tuple[tree.Name, ...]) -> tuple[Piece, ...]:
    return listed(name.text for name in names)


def _payload(pairs: tuple[tree.Pair, ...]) -> tuple[Piece, ...]:
    written = [Row((f"{pair.key.text} = ", _bare(pair.value))) for pair in pairs]
    return (Group("with", listed(written), lead=" "),) if pairs else ()


def _state(state: tree.State) -> Piece:
    label = "" if state.label is None else f" {quoted(state.label)}"
    return Row((f"{state.name.text}{label} = ", _bare(state.values)))


def _type(node: tree.TypeExpression) -> Piece:
    match node:
        case tree.NamedType(name, limits):
            return name.text if limits is None else Row((f"{name.text} ", _bare(limits)))
        case tree.OneOf(values):
            return _list(values, "one of (")
        case tree.SetType(member):
            return Row(("set of ", _type(member)))
        case _:
            assert_never(node)


def _clause(node: tree.Clause) -> str:
    match node:
        case tree.Required():
            return "required"
        case tree.Default(value):
            return f"default {flat(_bare(value))}"
        case tree.IgnoringCase():
            return "ignoring case"
        case tree.FromPath(path):
            return f"from {quoted(path)}"
        case tree.Personal():
            return "personal"
        case _:
            assert_never(node)


# Conditions. How tightly each kind of node binds; brackets go around what binds less tightly than its place asks for.

_ANY, _TEST, _SUM, _PRODUCT, _FACTOR = range(5)


def _binding(node: Condition) -> int:
    match node:
        case tree.And() | tree.Or():
            return _ANY
        case tree.Not() | tree.Comparison() | tree.WordTest() | tree.IsTest():
            return _TEST
        case tree.Arithmetic(operator):
            return _SUM if operator in ("+", "-") else _PRODUCT
        case tree.Negative() | tree.Call() | tree.Range() | tree.ListOf():
            return _FACTOR
        case _:
            _word(node)
            return _FACTOR


def _within(node: Condition, place: int) -> Piece:
    """A node where only what binds at least as tightly as `place` can stand without brackets."""
    if _binding(node) >= place:
        return _bare(node)
    items = _chain(node)
    return Group("(", items, ")") if len(items) > 1 else Row(("(", *items, ")"))


def _chain(node: Condition) -> tuple[Piece, ...]:
    """The operands of an `and` or `or`, each with its word before it; any other node by itself."""
    match node:
        case tree.And(operands) | tree.Or(operands):
            word = "and " if isinstance(node, tree.And) else "or "
            first, *others = (_within(operand, _TEST) for operand in operands)
            return (first, *(Row((word, operand)) for operand in others))
        case _:
            return (_bare(node),)


def _bare(node: Condition | tree.UnknownWord | tree.OtherwiseWord) -> Piece:
    """A node without brackets of its own."""
    match node:
        case tree.And() | tree.Or():
            return Group("", _chain(node))
        case tree.Not(operand):
            return Row(("not ", _within(operand, _TEST)))
        case tree.Comparison(operator, left, right):
            return Row((_within(left, _SUM), f" {operator} ", _within(right, _SUM)))
        case tree.WordTest(operator, negated, left, right):
            word = f" not {operator} " if negated else f" {operator} "
            return Row((_within(left, _SUM), word, _within(right, _SUM)))
        case tree.IsTest(subject, negated, word):
            return Row((_within(subject, _SUM), f" is {'not ' if negated else ''}{word.text}"))
        case tree.Arithmetic(operator, left, right):
            place = _binding(node)
            return Row((_within(left, place), f" {operator} ", _within(right, place + 1)))
        case tree.Negative(operand):
            return Row(("-", _within(operand, _FACTOR)))
        case tree.Call(name, arguments):
            written = listed(_bare(argument) for argument in arguments) if arguments else ()
            return Group(f"{name.text}(", written, ")", holds=True)
        case tree.Range(low, high, below):
            ends = [() if end is None else (_within(end, _SUM),) for end in (low, high)]
            return Row((*ends[0], "..<" if below else "..", *ends[1]))
        case tree.ListOf():
            return _list(node, "(")
        case _:
            return _word(node)


def _list(node: tree.ListOf, opening: str) -> Piece:
    written = [_within(item, _SUM) for item in node.items]
    if len(written) == 1 and isinstance(node.items[0], tree.And | tree.Or):
        # `((a and b))` would be the condition itself; the comma makes it a list
        return Group(opening, (Row((written[0], ",")),), ")", holds=True)
    return Group(opening, listed(written), ")", comma=True, holds=True)


_Word = tree.Literal | tree.Name | tree.Ago | tree.SetName | tree.UnknownWord | tree.OtherwiseWord


def _word(node: _Word) -> str:
    """What is one word, or a few that are never parted."""
    match node:
        case tree.TextLiteral(value):
            return quoted(value)
        case tree.NumberLiteral(text) | tree.DateLiteral(text) | tree.DatetimeLiteral(text):
            return text
        case tree.PercentLiteral(text):
            return f"{text}%"
        case tree.DurationLiteral(text, unit):
            return f"{text} {unit}{'' if text == '1' else 's'}"
        case tree.LengthLiteral(text, unit):
            return f"{text} {unit}{'s' if unit == 'mile' and text != '1' else ''}"
        case tree.BooleanLiteral(value):
            return "true" if value else "false"
        case tree.Name():
            return node.text
        case tree.Ago(length):
            return f"{_word(length)} ago"
        case tree.SetName(name):
            return f"@{name}"
        case tree.UnknownWord():
            return "unknown"
        case tree.OtherwiseWord():
            return "otherwise"
        case _:
            assert_never(node)
