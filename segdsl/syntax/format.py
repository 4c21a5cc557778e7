"""The canonical form of a rule file.

In: a `RuleFile` without errors. Out: its text, comments included, such that parsing it gives the same tree and
formatting that gives the same text.

A statement becomes a `Piece`, which knows where it may break; the printer breaks what is wider than a line, or has a
comment inside. Comments are then put back after the token that they followed: the form never reorders, adds or drops a
token other than brackets and commas, so a token is known by its number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from segdsl.syntax import tree
from segdsl.syntax.tree import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from segdsl.text.source import Span

WIDTH = 100
INDENT = 4

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
    return _Printer(()).printed(_statement(statement))


def format_expression(node: Condition) -> str:
    """A condition, or a part of one, on one line."""
    return _flat(_bare(node))


@frozen
class _Block:
    """A statement or a comment of its own, and the lines that it took in the source."""

    text: str
    first_line: int
    last_line: int


def _comment_block(comment: Span) -> _Block:
    return _Block(comment.text.rstrip(), comment.line, comment.line)


# Pieces: text that knows where it may break


@frozen
class Row:
    """Pieces side by side."""

    parts: tuple[Piece, ...]


@frozen
class Group:
    """Items on one line, apart by a space, or one a line. `lead` comes after the opening when all is on one line;
    `comma` follows the last item when it is not. A comment that ends what `holds` its items, a list, stays inside.
    """

    opening: str
    items: tuple[Piece, ...]
    closing: str = ""
    lead: str = ""
    comma: bool = False
    holds: bool = False


Piece = str | Row | Group


def _flat(piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Row(parts):
            return "".join(_flat(part) for part in parts)
        case Group():
            return piece.opening + piece.lead + " ".join(_flat(item) for item in piece.items) + piece.closing
        case _:
            assert_never(piece)


def _listed(items: Iterable[Piece]) -> tuple[Piece, ...]:
    """A comma after each item but the last."""
    *most, last = items
    return (*(Row((item, ",")) for item in most), last)


class _Printer:
    """Writes one statement's piece. `remarks` are its comments: what they stand in is broken."""

    def __init__(self, remarks: tuple[_Remark, ...]) -> None:
        self._remarks = remarks
        self._written: list[str] = []
        self._column = 0
        self._tokens = 0

    def printed(self, piece: Piece) -> str:
        self._put(piece, 0, 0)
        return "".join(self._written)

    def _put(self, piece: Piece, indent: int, after: int) -> None:
        """Writes a piece that `after` more characters follow on the line."""
        match piece:
            case str():
                self._write(piece)
            case Row(parts):
                widths = [len(_flat(part)) for part in parts]
                rest = sum(widths) + after
                for part, width in zip(parts, widths, strict=True):
                    rest -= width
                    self._put(part, indent, rest)
            case Group(items=items):
                whole = _flat(piece)
                fits = self._column + len(whole) + after <= WIDTH
                if not items or (fits and not self._has_remark(piece, whole)):
                    self._write(whole)
                else:
                    self._break(piece, indent)
            case _:
                assert_never(piece)

    def _break(self, group: Group, indent: int) -> None:
        inner = indent + INDENT if group.opening else indent
        self._write(group.opening)
        for number, item in enumerate(group.items):
            if number or group.opening:
                self._new_line(inner)
            self._put(item, inner, int(group.comma))
        if group.comma:
            self._write(",")
        if group.closing:
            self._new_line(indent)
            self._write(group.closing)

    def _has_remark(self, group: Group, whole: str) -> bool:
        if not self._remarks:
            return False
        opened = len(_token_ends(group.opening))
        first = self._tokens + (opened if group.holds else max(opened, 1))
        ends = _token_ends(whole)
        last = self._tokens + len(ends)
        closed = whole.count(")", ends[-1], -1) if group.holds else -1  # by brackets of the last item itself
        return any(
            first <= remark.after < last or (remark.after == last and remark.closed <= closed)
            for remark in self._remarks
        )

    def _write(self, text: str) -> None:
        self._written.append(text)
        self._column += len(text)
        if self._remarks:
            self._tokens += len(_token_ends(text))

    def _new_line(self, indent: int) -> None:
        self._written.append("\n" + " " * indent)
        self._column = indent


# Comments inside a statement


@frozen
class _Remark:
    """A comment inside a statement: after how many of its tokens, how many brackets closed since then, and whether it
    has a line of its own.
    """

    text: str
    after: int
    closed: int
    alone: bool


_TOKEN = re.compile(
    r'(?P<comment>#[^\n]*)|"(?:\\.|[^"\\\n])*"|[0-9]+(?:\.[0-9]+)?|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\["(?:\\.|[^"\\\n])*"\])*|[^\s(),\ufeff]',
    re.ASCII,
)
_BRACKETS = re.compile(r"(?:\(\))?[),]*(?: ?\((?=\n))?")
_BRACKETS_BELOW = re.compile(r"\n *\)[),]*")


def _token_ends(text: str) -> list[int]:
    """Where each token ends; brackets and commas are none."""
    return [found.end() for found in _TOKEN.finditer(text) if found["comment"] is None]


def _with_comments(statement: tree.Statement, inside: list[Span], trailing: list[Span]) -> str:
    """A statement with the comments inside it and the one that follows it on its last line."""
    behind = [comment.text.rstrip() for comment in trailing]
    if inside:
        tokens, remarks = _remarks(statement.span)
        text = _Printer(remarks).printed(_statement(statement))
        ends = _token_ends(text)
        if len(ends) != tokens:  # cannot happen so far as known; but then no comment may be lost
            return "\n".join([*(remark.text for remark in remarks), "  ".join([format_statement(statement), *behind])])
        text, last = _woven(text, ends, remarks)
        behind = last + behind
    else:
        text = format_statement(statement)
    return "\n".join(["  ".join([text, *behind[:1]]), *behind[1:]])


def _remarks(statement: Span) -> tuple[int, tuple[_Remark, ...]]:
    """How many tokens the statement has in the source, and the comments among them."""
    text, remarks = statement.text, list[_Remark]()
    tokens, last, closed = 0, 0, 0
    for found in _TOKEN.finditer(text):
        between = text[last : found.start()]
        last = found.end()
        if found["comment"] is None:
            tokens, closed = tokens + 1, 0
        else:
            closed += between.count(")")
            alone = not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip()
            remarks.append(_Remark(found[0].rstrip(), tokens, closed, alone))
    return tokens, tuple(remarks)


def _woven(text: str, ends: list[int], remarks: tuple[_Remark, ...]) -> tuple[str, list[str]]:
    """The text with its remarks; and those that came to stand behind it, because only brackets followed them."""
    written, done, behind = "", 0, list[str]()
    for remark in remarks:
        point = _point(text, ends[remark.after - 1], remark.closed)
        if point == len(text):
            behind.append(remark.text)
            continue
        below = remark.alone or point == done
        if point > done:
            written += _resumed(text, done, point)
        written += f"\n{' ' * _depth(text, point)}{remark.text}" if below else f"  {remark.text}"
        done = point
    return written + _resumed(text, done, len(text)), behind


def _point(text: str, token_end: int, closed: int) -> int:
    """Where a comment goes in: behind the brackets and commas on the token's line, and as many brackets as it was."""
    found = _BRACKETS.match(text, token_end)
    point = token_end
    while found:
        point = found.end()
        found = _BRACKETS_BELOW.match(text, point) if text.count(")", token_end, point) < closed else None
    return point


def _resumed(text: str, start: int, end: int) -> str:
    """The text from `start` on, where a comment was put in, so that it goes on below the comment."""
    if start == 0 or text[start] == "\n":
        return text[start:end]
    return "\n" + " " * _depth(text, start) + text[start:end].lstrip(" ")


_MARGIN = re.compile(r"\n? *")


def _depth(text: str, point: int) -> int:
    """The indent of a new line at a place: that of its own line or, at a line's end, of the next one if deeper."""
    own = _MARGIN.match(text, text.rfind("\n", 0, point) + 1)
    following = _MARGIN.match(text, point) if text[point] == "\n" else None
    return max(INDENT, len(own[0]) if own else 0, len(following[0]) - 1 if following else 0)


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
            return Group(f"states {dimension.text}:", _listed(_state(state) for state in states), lead=" ")
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
            fields = _listed(Row((f"{field.name.text}: ", _bare(field.value))) for field in record) if record else ()
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
    return _listed(name.text for name in names)


def _payload(pairs: tuple[tree.Pair, ...]) -> tuple[Piece, ...]:
    written = [Row((f"{pair.key.text} = ", _bare(pair.value))) for pair in pairs]
    return (Group("with", _listed(written), lead=" "),) if pairs else ()


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
            return f"default {_flat(_bare(value))}"
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
            written = _listed(_bare(argument) for argument in arguments) if arguments else ()
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
    return Group(opening, _listed(written), ")", comma=True, holds=True)


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
