"""What is said where a statement cannot be read on, and no slip explains it.

In: the statement's text, where reading it failed, and what could have stood there. Out: a message without its place in
the file: stretches of the text are given as positions, and the reader knows where these are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from segdsl.syntax.slip import Slip
from segdsl.syntax.slips import STATEMENTS
from segdsl.text.diagnostic import Note
from segdsl.text.suggest import nearest

if TYPE_CHECKING:
    from lark import Lark, UnexpectedInput

Stretch = tuple[int, int]

_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|[A-Za-z0-9_.]+|[=<>!]+|\S')
_TOKEN_OR_REMARK = re.compile(r'#[^\n]*|"(?:\\.|[^"\\\n])*"|[A-Za-z0-9_.]+|[=<>!]+|\S')
_FIRST = re.compile(r"\s*(?:#[^\n]*\n\s*)*([^\W\d]\w*)?")
_STATEMENT_NAMES = {"assert": "assertion", "states": "list of states", "use": "use of a file"}
_CLOSING = {"(": ")", "{": "}"}
_NAMES = {"_OF", "STRING", "COLON"}


@frozen
class Unexpected:
    """A message; `at` and the `inside` of a bracket are stretches of the statement's text."""

    code: str
    message: str
    at: Stretch
    notes: tuple[Note, ...]
    caret: str = ""
    inside: Stretch | None = None


def keyword_of(text: str) -> str:
    """The word that a statement begins with; empty when it begins with no word."""
    found = _FIRST.match(text)
    return (found[1] or "") if found else ""


def end_of(text: str) -> int:
    """Where a statement ends, remarks and blanks behind it left out."""
    ends = [found.end() for found in _TOKEN_OR_REMARK.finditer(text) if not found[0].startswith("#")]
    return ends[-1] if ends else 0


def acceptable(parser: Lark, error: UnexpectedInput, text: str, position: int) -> frozenset[str]:
    """The terminals that could have stood where reading failed."""
    from lark import UnexpectedToken

    if isinstance(error, UnexpectedToken):
        return frozenset(error.accepts or error.expected or ())
    so_far = parser.parse_interactive(text[:position])
    so_far.exhaust_lexer()
    return frozenset(so_far.accepts())  # type: ignore[no-untyped-call]  # Lark says nothing of its types


def missing_sign(text: str, position: int, accepts: frozenset[str]) -> Slip | None:
    """A colon or an equals sign that was left out before `position`."""
    if position >= end_of(text) or not accepts & {"COLON", "EQUAL"} or accepts - _NAMES - {"EQUAL"}:
        return None
    before = _last_token(text, position)
    sign, name = (":", "a colon") if "COLON" in accepts else (" =", "an equals sign")
    end = before[1]
    advice = f"write {text[before[0] : end]}{sign}"
    return Slip("S201", f"{name} is missing after this", *before, ((end, end, sign),), advice)


def misspelt_keyword(text: str) -> Slip | None:
    """The first word of what looks like a statement and would be one if that word were spelled correctly."""
    found = _FIRST.match(text)
    word = keyword_of(text)
    near = nearest(word, STATEMENTS) if word and word not in STATEMENTS else None
    if found is None or near is None or not re.match(r'[ \t]+[A-Za-z_"][^\n]*[:=]|[ \t]+"', text[found.end(1) :]):
        return None
    at = found.span(1)
    return Slip("S212", f'no statement begins with "{word}"', *at, ((*at, near),), f'change it to "{near}"')


def unexpected(text: str, position: int, accepts: frozenset[str]) -> Unexpected:
    """What is wrong at a position."""
    found = _TOKEN.match(text, position)
    at = found.span() if found else (position, position)
    keyword = keyword_of(text)
    first = _FIRST.match(text)
    beginning = first.span(1) if first and keyword else at
    if keyword == "events":
        return Unexpected("S221", "lists of events are not part of this version", beginning, advice("S221"))
    if keyword not in STATEMENTS:
        return _no_statement(keyword, beginning)
    opened = _open_bracket(text[:position])
    if position >= end_of(text):
        return _stops_early(text, keyword, position, opened, accepts)
    return _misplaced(text, at, opened, accepts)


def _stops_early(text: str, keyword: str, position: int, opened: int | None, accepts: frozenset[str]) -> Unexpected:
    if opened is not None:
        bracket = text[opened]
        notes = (Note("try", f"close it with {_CLOSING[bracket]}"),)
        return Unexpected("S213", f'this "{bracket}" is never closed', (opened, opened + 1), notes)
    message = f"this {_STATEMENT_NAMES.get(keyword, keyword)} stops too early"
    last = _last_token(text, position)
    notes = _expected(accepts)
    if keyword == "dimension" and "COLON" in accepts:
        example = f"{' '.join(text[: last[1]].split())}: text"
        notes = (Note("try", f"say what kind of value it is, as {example}"),)
    return Unexpected("S201", message, last, notes, "something is missing after this")


def _misplaced(text: str, at: Stretch, opened: int | None, accepts: frozenset[str]) -> Unexpected:
    word = text[at[0] : at[1]]
    if word == ")" and opened is None:
        notes = (Note("try", "leave it out, or put a ( where it belongs"),)
        return Unexpected("S213", 'this ")" closes no bracket', at, notes)
    if word == "implies":
        notes = (Note("try", "in a segment: not (…) or …"),)
        return Unexpected("S201", '"implies" can only stand in an assertion', at, notes)
    if accepts == {"NAME"} and word[0].isdigit():
        return Unexpected("S201", "a name begins with a letter", at, (Note("try", f"put a letter before {word}"),))
    line = text[text.rfind("\n", 0, at[0]) + 1 :].partition("\n")[0]
    if re.sub(r'\\.|#[^\n"]*$', "", line).count('"') % 2:
        notes = (Note("try", "begin and end each text with a quote, on one line"),)
        return Unexpected("S207", "a text in this line has lost one of its quotes", at, notes)
    shown = word if word.startswith('"') else f'"{word}"'
    inside = None if opened is None else (opened, opened + 1)
    return Unexpected("S201", f"{shown} cannot stand here", at, _expected(accepts), inside=inside)


def _no_statement(keyword: str, at: Stretch) -> Unexpected:
    if not keyword:
        message = "a statement begins with a word such as dimension, segment or partition"
        return Unexpected("S212", message, at, (Note("try", "begin a remark with #, and a rule with segment"),))
    others = ", ".join(STATEMENTS[:-1])
    told = f"begin a remark with #, and a statement with {others} or {STATEMENTS[-1]}"
    return Unexpected("S212", f'no statement begins with "{keyword}"', at, (Note("try", told),))


def _last_token(text: str, position: int) -> Stretch:
    """The token before a position, remarks left out."""
    before = [found for found in _TOKEN_OR_REMARK.finditer(text[:position]) if not found[0].startswith("#")]
    return before[-1].span() if before else (position, position)


def _open_bracket(text: str) -> int | None:
    """The position of the innermost bracket that is still open."""
    stack: list[int] = []
    for found in re.finditer(r'"(?:\\.|[^"\\\n])*"|#[^\n]*|[(){}]', text):
        if found[0] in "({":
            stack.append(found.start())
        elif found[0] in ")}" and stack:
            stack.pop()
    return stack[-1] if stack else None


# What could have stood there

_TERMINALS = {
    "COMPARISON": "a comparison such as ==",
    "WORD_OPERATOR": "a test such as in or contains",
    "NAME": "a name",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "_AND": '"and"',
    "_OR": '"or"',
    "_WITH": '"with"',
    "_EXPECT": '"expect", and the segments that should hold',
    "COLON": '":"',
    "EQUAL": '"="',
    "COMMA": '","',
    "RPAR": '")"',
    "RBRACE": '"}"',
    "LBRACE": '"{"',
    "LPAR": '"("',
}
"""Plainest first."""
_MOST = 4
"""More than a reader takes in are not shown."""


def _expected(accepts: frozenset[str]) -> tuple[Note]:
    shown = [words for terminal, words in _TERMINALS.items() if terminal in accepts][:_MOST]
    if not shown:
        return (Note("try", "begin the next statement on a new line"),)
    *several, last = shown
    return (Note("expected", f"{', '.join(several)} or {last}" if several else last),)


_ADVICE = {
    "S201": "leave it out, or put a number behind it",
    "S214": "name a part of the condition with let or segment, and use the name",
    "S217": "write a shorter text, or close the quote where the text ends",
    "S218": r"write \\ for a backslash itself; \" is a quote, \n a new line, \t a tab",
    "S221": "keep a count or a date of such events as a dimension, and test that",
}


def advice(code: str) -> tuple[Note, ...]:
    """What to do about what is wrong whatever stands around it."""
    return (Note("try", _ADVICE[code]),)


# What was about to be declared

_DECLARED = re.compile(r"\s*(?:#[^\n]*\n\s*)*[^\W\d]\w*[ \t]+([A-Za-z_][\w.]*)")
_STATE = re.compile(r'\b([A-Za-z_]\w*)[ \t]*(?:"[^"\n]*"[ \t]*)?=')


def names_in(text: str) -> set[str]:
    """The names that a statement was about to declare, as far as that can be seen."""
    found = _DECLARED.match(text)
    names = {found[1]} if found else set()
    return names | {state[1] for state in _STATE.finditer(text)} if keyword_of(text) == "states" else names
