"""Rule files with one slip in them: what somebody who implements the rules anew, or edits them, gets wrong.

In: the text of a rule file. Out: texts with one thing changed, each with what was changed. Whether they load, and
whether they mean anything else, is not known here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

TOKEN = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*")|(?P<comment>\#[^\n]*)|(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?)"""
    r"""|(?P<date>\d{4}-\d\d-\d\d)|(?P<range>\.\.<?)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>[<>=!]=|[<>])|(?P<word>[A-Za-z_]\w*)"""
)
STATEMENTS = (
    "use", "timezone", "dimension", "states", "set", "let", "segment", "partition", "priority", "assert", "test",
)  # fmt: skip
RULES = ("dimension", "states", "set", "let", "segment")
SIGNS = {
    "==": ("!=", "<=", ">="), "!=": ("==",), "<": ("<=", ">", "=="), "<=": ("<", ">=", "=="),
    ">": (">=", "<", "=="), ">=": (">", "<=", "=="),
}  # fmt: skip
WORDS = {
    "before": ("after", "<="), "after": ("before", ">="), "contains": ("starts with", "ends with"), "and": ("or",),
    "or": ("and",), "known": ("unknown",), "unknown": ("known",), "any": ("all",), "all": ("any",), "only": ("any of",),
    "true": ("false",), "false": ("true",), "month": ("day",), "months": ("days",), "days": ("weeks",),
    "day": ("hour",), "hours": ("minutes",), "starts": ("ends",), "ends": ("starts",), "today": ("now",),
}  # fmt: skip
DEFAULTS = {
    "integer": ("0", "1", "3"), "number": ("0", "1"), "boolean": ("false", "true"), "text": ('"a"', '"other"'),
    "date": ("2026-01-01",), "datetime": ("2026-01-01T12:00Z",), "duration": ("0 seconds",), "version": ('"1.0"',),
    "ip": ('"10.0.0.1"',),
}  # fmt: skip


@frozen
class Mutant:
    """A file that is not quite the same."""

    what: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Every slip in turn, one in each file."""
    statement, place = "", 0
    tokens = list(TOKEN.finditer(text))
    for at, token in enumerate(tokens):
        word = token[0]
        at_line_start = not text[text.rfind("\n", 0, token.start()) + 1 : token.start()].strip()
        if at_line_start and word in STATEMENTS:
            statement, place = word, at
        if statement not in RULES or at == place or text[token.start() - 1 : token.start()] == ".":
            continue
        if statement == "segment" and any(one[0] == "with" and _is_payload(text, one) for one in tokens[place:at]):
            continue
        for other in _instead(token, statement, at - place):
            changed = text[: token.start()] + other + text[token.end() :]
            if changed != text:
                line = text.count("\n", 0, token.start()) + 1
                yield Mutant(f"line {line}: {word or 'nothing'} becomes {other or 'nothing'}", changed)
    yield from _defaults(text)
    yield from _shorter_lists(text)


def _is_payload(text: str, token: re.Match[str]) -> bool:
    return re.match(r"with\s+\w+\s*=", text[token.start() :]) is not None


def _instead(token: re.Match[str], statement: str, place: int) -> Iterator[str]:
    word = token[0]
    match token.lastgroup:
        case "sign":
            yield from SIGNS.get(word, ())
        case "number":
            value = Decimal(word)
            yield from (str(one) for one in (value + 1, value - 1) if one >= 0)
            if "." in word:
                yield str(value + Decimal((0, (1,), -len(word.partition(".")[2]))))
        case "date":
            with_day = dt.date.fromisoformat(word)
            yield from (str(with_day + dt.timedelta(days=step)) for step in (1, -1))
        case "moment":
            yield re.sub(r"T(\d\d)", lambda hour: f"T{(int(hour[1]) + 1) % 24:02}", word)
        case "range":
            if word == ".." and re.match(r"\s*[\d-]", token.string[token.end() :]):
                yield "..<"
            elif word == "..<":
                yield ".."
        case "text":
            label = re.match(r"\s*[=:]", token.string[token.end() :]) is not None
            if statement in ("segment", "let", "set", "states") and place > 1 and not label:
                yield from (word[:-1] + 'x"', word[:1] + "x" + word[1:])
        case "word":
            if place > 1:
                yield from WORDS.get(word, ())
            if word in ("not", "ignoring"):
                yield ""
            if word == "not" and statement != "dimension":
                yield "not not" if re.match(r"not\s*\(", token.string[token.start() :]) is None else ""
        case _:
            return


DIMENSION = re.compile(
    r"^dimension [^\n]*?: (?:set of )?(?P<kind>\w+)[^\n]*(?:\n    [^\n]*|\n\)[^\n]*)*$", re.MULTILINE
)
DEFAULT = re.compile(r'\sdefault ("[^"\n]*"|[\w:.+-]+(?: (?:second|minute|hour|day|week)s?)?)')


def _defaults(text: str) -> Iterator[Mutant]:
    """Defaults and promises that come and go."""
    for found in DIMENSION.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        before, own, after = text[: found.start()], found[0], text[found.end() :]
        if DEFAULT.search(own):
            yield Mutant(f"line {line}: without its default", before + DEFAULT.sub("", own, 1) + after)
            continue
        plain = own.replace(" required", "")
        choices = re.search(r'one of \(\s*("[^"]*")', own)
        values = (choices[1],) if choices and "set of" not in own else DEFAULTS.get(found["kind"], ())
        if "set of" not in own:
            for value in values:
                yield Mutant(f"line {line}: with default {value}", f"{before}{plain} default {value}{after}")
        if "ignoring case" in own:
            yield Mutant(f"line {line}: with case", before + own.replace(" ignoring case", "") + after)
        elif found["kind"] == "text":
            yield Mutant(f"line {line}: ignoring case", f"{before}{own} ignoring case{after}")


LIST = re.compile(r'\((?:\s*(?:"[^"\n]*"|-?[\d.]+%?|[\d-]{10}),)+\s*(?:"[^"\n]*"|-?[\d.]+%?|[\d-]{10})?\s*\)')


def _shorter_lists(text: str) -> Iterator[Mutant]:
    """Lists without one of their values."""
    for found in LIST.finditer(text):
        values = [one.strip() for one in re.findall(r'"[^"\n]*"|[^",\s()]+', found[0])]
        for place in range(len(values) if len(values) > 1 else 0):
            left = ", ".join(value for at, value in enumerate(values) if at != place)
            line = text.count("\n", 0, found.start()) + 1
            yield Mutant(
                f"line {line}: a list without {values[place]}", f"{text[: found.start()]}({left},){text[found.end() :]}"
            )
