"""From text to tree, one statement at a time, so that every statement's mistakes are found.

In: a `Source` and the operators that are words. Out: a `Parsed` tree of all statements that could be read (slips
repaired, so that what follows from a slip is not reported too) with the diagnostics of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import frozen

from segdsl.syntax import tree
from segdsl.syntax.load_grammar import statement_parser
from segdsl.syntax.slip import Slip
from segdsl.syntax.slips import INVISIBLE, STATEMENTS, grouped_in_list, slip_at
from segdsl.syntax.unexpected import acceptable, advice, end_of, missing_sign, misspelt_keyword, names_in, unexpected
from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note, in_file_order
from segdsl.text.source import Source, Span

if TYPE_CHECKING:
    from lark import Lark, UnexpectedInput

DEEPEST = 100
"""Brackets, and `not`s, within each other."""
MOST_LEVELS = 2 * DEEPEST
"""Of the tree, however they came about (`a + b + …`, `----a`): passes over it recurse."""
LONGEST_FILE = 4_000_000
"""Characters; a file of 10,000 segments has about a tenth of it."""
LONGEST_TEXT = 10_000
MOST_SLIPS = 50
"""In one statement."""


@frozen
class Parsed:
    tree: tree.RuleFile
    diagnostics: tuple[Diagnostic, ...]


def parse(source: Source, word_operators: tuple[str, ...]) -> Parsed:
    """Reads a whole rule file. Raises nothing: what cannot be read becomes a diagnostic."""
    if len(source.text) > LONGEST_FILE:
        return _unusable(
            source,
            "S216",
            f"this file is {len(source.text):,} characters long; {LONGEST_FILE:,} is the most",
            "split it and bring the parts together with use",
        )
    statements: list[tree.Statement] = []
    diagnostics: list[Diagnostic] = []
    comments: list[Span] = []
    unread: set[str] = set()
    for chunk in _chunks(source):
        comments += _comments(chunk)
        if _is_blank(chunk.text):
            continue
        reader = _Reader(chunk, word_operators)
        statement = reader.read()
        diagnostics += reader.diagnostics
        if statement is None:
            unread |= names_in(chunk.text)
            continue
        statements.append(statement)
        if not reader.diagnostics:
            diagnostics += _mixed(statement)
    if not statements and not diagnostics:
        return _unusable(
            source,
            "S215",
            "there are no rules in this file",
            'begin with: dimension visits "Previous visits": integer 0..',
        )
    read = tree.RuleFile(tuple(statements), source, tuple(comments), frozenset(unread))
    return Parsed(read, in_file_order(diagnostics))


def parse_condition(
    source: Source, word_operators: tuple[str, ...]
) -> tuple[tree.Expression | None, tuple[Diagnostic, ...]]:
    """Reads a condition that stands alone, as `segdsl.compile` is given one."""
    reader = _Reader(Span(source, 0, len(source.text)), word_operators, prefix="segment rule:")
    statement = reader.read()
    condition = statement.condition if isinstance(statement, tree.Segment) else None
    mixed = _mixed(statement) if statement is not None and not reader.diagnostics else []
    return condition, in_file_order([*reader.diagnostics, *mixed])


def _unusable(source: Source, code: str, message: str, advice: str) -> Parsed:
    diagnostic = Diagnostic(code, message, Span(source, 0, 0), notes=(Note("try", advice),))
    return Parsed(tree.RuleFile((), source), (diagnostic,))


# Cutting a file into statements

_WORDS = "|".join(STATEMENTS)
_START = re.compile(
    rf"^[ \t{INVISIBLE}]*(?:(?:{_WORDS})(?![A-Za-z0-9_.])(?!(?<=set)[ \t]+of\b)"  # `set of` is a type
    r'|(?!of[ \t])[A-Za-z_]+[ \t]+[A-Za-z_][\w.]*[ \t]*(?:"[^"\n]*"[ \t]*)?:)',  # `of X:` goes on with a partition
    re.MULTILINE,
)
_TOKENS = re.compile(r'"(?:\\.|[^"\\\n])*"|#[^\n]*')


def _chunks(source: Source) -> Iterator[Span]:
    """The file cut where lines begin statements; what stands before the first is a chunk too."""
    text = source.text
    first = len(text) - len(text.removeprefix("\ufeff"))
    starts = [first + found.start() for found in _START.finditer(text[first:])]
    if not starts or text[first : starts[0]].strip():
        starts.insert(0, first)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield Span(source, start, end)


def _comments(chunk: Span) -> list[Span]:
    found = _TOKENS.finditer(chunk.text)
    return [
        Span(chunk.source, chunk.start + token.start(), chunk.start + token.start() + len(token[0].rstrip("\r")))
        for token in found
        if token[0].startswith("#")
    ]


def _is_blank(text: str) -> bool:
    return all(not line.strip(" \t\r\ufeff") or line.lstrip(" \t\ufeff").startswith("#") for line in text.split("\n"))


# Reading one statement


class _Reader:
    """Reads one statement, repairing slips as it meets them. `prefix` is read before the text but not shown."""

    def __init__(self, chunk: Span, word_operators: tuple[str, ...], prefix: str = "") -> None:
        self.diagnostics: list[Diagnostic] = []
        self._guessed = False
        self._chunk = chunk
        self._word_operators = word_operators
        self._text = prefix + chunk.text
        self._moves = [(0, chunk.start - len(prefix))]

    @property
    def _parser(self) -> Lark:
        return statement_parser(self._word_operators)

    def place(self, start: int, end: int) -> Span:
        """Where a stretch of the (repaired) text stands in the file."""
        if len(self._moves) == 1:
            shift = self._moves[0][1]
            if start + shift >= self._chunk.start:
                return Span(self._chunk.source, start + shift, end + shift)
        low, high = self._at(start), self._at(end)
        return Span(self._chunk.source, max(low, self._chunk.start), max(low, high, self._chunk.start))

    def _at(self, position: int) -> int:
        shift, limit = 0, self._chunk.end
        for start, own in self._moves:
            if start > position:  # what a repair put in stands where it was put, and reaches no further
                limit = min(limit, start + own)
                break
            shift = own
        return min(position + shift, limit)

    def read(self) -> tree.Statement | None:
        too_much = self._limits()
        if too_much is not None:
            self.diagnostics.append(too_much)
            return None
        for _ in range(MOST_SLIPS):
            problem = self._attempt()
            if not isinstance(problem, Slip):
                return problem
            self._repair(problem)
        return None

    def _attempt(self) -> tree.Statement | Slip | None:
        """A statement; or a slip to repair; or None, with the reason in `diagnostics`."""
        from lark import UnexpectedInput

        from segdsl.syntax.automaton import TooDeep, automaton
        from segdsl.syntax.build import Misspelt

        grouped = grouped_in_list(self._text)
        if grouped is not None:
            return grouped
        try:
            statement: tree.Statement | None = automaton(self._word_operators).read(self._text, self.place, MOST_LEVELS)
            if statement is not None:
                return statement
            self._parser.parse(self._text)
        except UnexpectedInput as error:
            return self._slip(error)
        except TooDeep as deep:
            message = f"more than {MOST_LEVELS} operations within each other"
            span = self.place(deep.start, deep.end)
            self.diagnostics.append(Diagnostic("S214", message, span, notes=advice("S214")))
            return None
        except Misspelt as misspelt:
            span = self.place(misspelt.start, misspelt.end)
            self.diagnostics.append(Diagnostic(misspelt.code, misspelt.message, span, notes=advice(misspelt.code)))
            return None
        raise AssertionError("Lark reads what its own tables refuse")

    def _slip(self, error: UnexpectedInput) -> Slip | None:
        """The slip that explains why reading failed; or None, with what is wrong in `diagnostics`."""
        position = self._position(error, self._text)
        accepts = acceptable(self._parser, error, self._text, position)
        for slip in (
            misspelt_keyword(self._text),
            slip_at(self._text, position),
            missing_sign(self._text, position, accepts),
        ):
            if slip is not None and self._helps(slip, position):
                return slip
        if not self._guessed:  # what does not fit a guess is no second mistake
            found = unexpected(self._text, position, accepts)
            labels = () if found.inside is None else (Label(self.place(*found.inside), "inside this bracket"),)
            place = self.place(*found.at)
            self.diagnostics.append(Diagnostic(found.code, found.message, place, found.caret, labels, found.notes))
        return None

    def _helps(self, slip: Slip, position: int) -> bool:
        """Whether the text can be read further once a slip is repaired: otherwise it is none."""
        from lark import UnexpectedInput

        repaired = _repaired(self._text, slip)
        try:
            self._parser.parse(repaired)
        except UnexpectedInput as error:
            further = self._position(error, repaired)
            if all(start == end for start, end, _ in slip.repairs):
                return further - len(repaired) > position - len(self._text)
            grown = len(repaired) - len(self._text)
            return further > slip.start and further >= slip.end + grown
        return True

    def _position(self, error: UnexpectedInput, text: str) -> int:
        from lark import UnexpectedToken

        if isinstance(error, UnexpectedToken) and error.token.type == "$END":
            return end_of(text)
        return error.pos_in_stream if error.pos_in_stream is not None else end_of(text)

    def _repair(self, slip: Slip) -> None:
        self._guessed = self._guessed or not slip.certain
        edits = tuple(Edit(self.place(start, end), text) for start, end, text in slip.repairs)
        span = self.place(slip.start, slip.end)
        notes = (Note("try", slip.advice),)
        self.diagnostics.append(
            Diagnostic(slip.code, slip.message, span, notes=notes, edits=edits if slip.certain else ())
        )
        self._text = _repaired(self._text, slip)
        for start, end, replacement in sorted(slip.repairs, reverse=True):
            resumed = self._at(end)
            grown = len(replacement) - (end - start)
            self._moves = [
                *[move for move in self._moves if move[0] <= start],
                (start + len(replacement), resumed - start - len(replacement)),
                *[(at + grown, shift - grown) for at, shift in self._moves if at > end],
            ]

    def _limits(self) -> Diagnostic | None:
        """What is refused before it is read, because reading it would take too long or too much."""
        depth, negations = 0, 0
        for found in _DEPTH.finditer(self._text):
            token = found[0]
            negations = negations + 1 if token == "not" else 0
            depth += (token == "(") - (token == ")")
            if depth > DEEPEST or negations > DEEPEST:
                message = f"more than {DEEPEST} {'brackets' if depth > DEEPEST else 'nots'} within each other"
                span = self.place(found.start(), found.end())
                return Diagnostic("S214", message, span, notes=advice("S214"))
            if len(token) > LONGEST_TEXT and token[0] == '"':
                span = self.place(found.start(), found.start() + 20)
                message = f"this text is {len(token) - 2:,} characters long; {LONGEST_TEXT:,} is the most"
                return Diagnostic("S217", message, span, notes=advice("S217"))
        return None


def _repaired(text: str, slip: Slip) -> str:
    for start, end, replacement in sorted(slip.repairs, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


_DEPTH = re.compile(r'"(?:\\.|[^"\\\n])*"|#[^\n]*|[()]|[A-Za-z0-9_]+')


# `and` beside `or`


def _mixed(statement: tree.Statement) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    match statement:
        case tree.Segment(condition=condition):
            _find_mixed(condition, found)
        case tree.Let(value=value):
            _find_mixed(value, found)
        case tree.Assertion(condition=condition, conclusion=conclusion):
            _find_mixed(condition, found)
            if conclusion is not None:
                _find_mixed(conclusion, found)
        case _:
            pass
    return found


def _find_mixed(node: Any, found: list[Diagnostic]) -> None:
    if isinstance(node, tree.Or):
        bare = [part for part in node.operands if isinstance(part, tree.And) and not part.bracketed]
        if bare:
            span = node.operands[0].span.to(node.operands[-1].span)
            edits = [
                Edit(Span(span.source, at, at), mark)
                for part in bare
                for at, mark in ((part.span.start, "("), (part.span.end, ")"))
            ]
            written = span.text
            for edit in sorted(edits, key=lambda edit: -edit.span.start):
                at = edit.span.start - span.start
                written = written[:at] + edit.replacement + written[at:]
            message = '"and" and "or" stand side by side; "and" is taken first'
            advice = Note("try", "put the brackets where you mean them")
            read_as = "read as: " + " ".join(written.split())
            found.append(Diagnostic("S205", message, span, caret=read_as, notes=(advice,), edits=tuple(edits)))
    match node:
        case tree.Or(operands=operands) | tree.And(operands=operands):
            for part in operands:
                _find_mixed(part, found)
        case tree.Not(operand=operand):
            _find_mixed(operand, found)
        case _:
            pass
