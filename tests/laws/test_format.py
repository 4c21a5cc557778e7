"""Laws of the formatter: it says the same, it is its own canonical form, and it keeps every comment in its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies_syntax import NOWHERE, expressions, rule_files, statements

from segdsl.operators.registry import word_operators
from segdsl.syntax import tree
from segdsl.syntax.format import format_expression, format_file, format_statement
from segdsl.syntax.layout import WIDTH
from segdsl.syntax.parse import parse, parse_condition
from segdsl.text.source import Source

# building whole files out of many strategies is slow to begin with, which says nothing about the formatter
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def read(text: str) -> tree.RuleFile:
    """The tree of a text without a single diagnostic, warnings included."""
    parsed = parse(Source("formatted.seg", text), word_operators())
    assert parsed.diagnostics == (), text
    return parsed.tree


def formatted(text: str) -> str:
    """The canonical form of a text; warnings (S205) are what formatting takes away."""
    parsed = parse(Source("written.seg", text), word_operators())
    assert {diagnostic.code for diagnostic in parsed.diagnostics} <= {"S205"}, text
    return format_file(parsed.tree)


@patient
@given(rule_files)
def test_a_formatted_tree_reads_back_as_the_same_tree(file: tree.RuleFile) -> None:
    assert read(format_file(file)) == file


@patient
@given(rule_files)
def test_formatting_twice_changes_nothing(file: tree.RuleFile) -> None:
    once = format_file(file)
    assert format_file(read(once)) == once


@patient
@given(statements)
def test_a_file_of_one_statement_is_the_statement_and_a_line_end(statement: tree.Statement) -> None:
    assert format_file(tree.RuleFile((statement,), NOWHERE.source)) == format_statement(statement) + "\n"


@patient
@given(expressions)
def test_a_condition_is_one_line_that_reads_back(condition: tree.Expression) -> None:
    line = format_expression(condition)
    assert "\n" not in line
    assert parse_condition(Source("condition", line), word_operators()) == (condition, ())


# Comments. Where one can stand is where a token ends; these are the tokens of several words.

_OPERATORS = "|".join(word_operators())
_TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"'
    rf"|(?:{_OPERATORS}|one of|set of|ignoring case)(?![A-Za-z0-9_.\[])"
    r'|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\["(?:\\.|[^"\\\n])*"\])*'
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]+(?:\.[0-9]+)?(?:Z|[+-][0-9:]+)?)?"
    r"|[0-9]+(?:\.[0-9]+)?(?:%| (?:second|minute|hour|day|week|month|year|km|mile|m)s?(?![A-Za-z0-9_]))?"
    r"|@\w+|\.\.<|\.\.|[=!<>]=|[^\s#]"
    r"|(?P<comment>#[^\n]*)",
    re.ASCII,
)
_GAPS = ("  # {}\n    ", "# {}\n\t", "\n\n  # {}  \n  ", "\r\n# {}\r\n    ", " # {}\n  \n  ")


def comments_and_tokens_before(text: str) -> list[tuple[str, int]]:
    """Each comment, with the number of tokens before it, brackets and commas not counted."""
    found = []
    tokens = 0
    for token in _TOKEN.finditer(text):
        if token["comment"] is not None:
            found.append((token[0].rstrip(), tokens))
        elif token[0] not in ("(", ")", ","):
            tokens += 1
    return found


@st.composite
def commented(draw: st.DrawFn) -> tuple[tree.RuleFile, str]:
    """A tree, and a text of it with comments between its tokens and lines."""
    file = draw(rule_files)
    text = format_file(file)
    ends = [found.end() for found in _TOKEN.finditer(text)]
    chosen = draw(st.lists(st.sampled_from([0, *ends]), min_size=1, max_size=6).map(sorted))
    for number, end in reversed(list(enumerate(chosen))):
        gap = draw(st.sampled_from(_GAPS)).format(f"note {number}: \"quote ( ' segment x: y")
        if end in (0, len(text.rstrip())) or text[end:].startswith("\n"):
            gap = gap.rstrip(" \t") if end == 0 else gap.rstrip()
        text = text[:end] + gap + text[end:]
    return file, text


@patient
@given(commented())
def test_comments_stay_after_their_tokens(both: tuple[tree.RuleFile, str]) -> None:
    file, text = both
    assert read(text) == file
    once = format_file(read(text))
    assert read(once) == file
    assert comments_and_tokens_before(once) == comments_and_tokens_before(text)
    assert len(read(once).comments) == len(read(text).comments) > 0


@patient
@given(commented())
def test_formatting_twice_changes_nothing_with_comments(both: tuple[tree.RuleFile, str]) -> None:
    once = format_file(read(both[1]))
    assert format_file(read(once)) == once


_LINES = ("segment a: b\n", "# note\n", "\n", "\n\n\n", "segment c:\n  d  # why\n")


@given(st.lists(st.sampled_from(_LINES), max_size=12))
@example(["\n", "segment a: b\n", "\n", "\n", "# note\n", "\n"])
def test_blank_lines_are_kept_as_one_and_never_added(lines: list[str]) -> None:
    text = "segment first: x\n" + "".join(lines)
    once = formatted(text)
    assert "\n\n\n" not in once
    assert once.endswith("\n")
    assert not once.endswith("\n\n")
    assert once.count("\n\n") == len(re.findall(r"\n\n+(?=\S)", text))


# Examples: what the canonical form is


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("a or b and c", "a or (b and c)"),
        ("(a or b) and ((c))", "(a or b) and c"),
        ("a and (b and c)", "a and (b and c)"),
        ("not (a)  and not(b or c)", "not a and not (b or c)"),
        ("not (a == 1)", "not a == 1"),
        ("(not a) == b", "(not a) == b"),
        ("(a+b)*c-(d/e) == -(f+1)", "(a + b) * c - d / e == -(f + 1)"),
        ("a-(b-c) == a-b-c", "a - (b - c) == a - b - c"),
        ("- - 5 == -(5)", "--5 == -5"),
        ("x in (5)", "x in (5)"),
        ('x   not  contains "a\\u{41}\\u{a0}"', 'x not contains "aA\\u{a0}"'),
        ("x starts\n  with y", "x starts with y"),
        ("x has any   of (a,)", "x has any of (a)"),
        ("x in ((a and b),)", "x in ((a and b),)"),
        ("x in (1 .. 5)", "x in (1..5)"),
        ("x in 1 ..< 5 and y in ..5 and z in 007..", "x in 1..<5 and y in ..5 and z in 7.."),
        ("a is   not unknown", "a is not unknown"),
        ("t within 1 days and u within 10minutes", "t within 1 day and u within 10 minutes"),
        ("distance(here,55.50,12) <= 25km", "distance(here, 55.5, 12) <= 25 km"),
        ('bucket ( visitor, "salt" ) < 10 %', 'bucket(visitor, "salt") < 10%'),
        ("last < 30   days   ago", "last < 30 days ago"),
        ('url . x["a"]["b c"] == @set1'.replace(" . ", ".").replace("== @", "in @"), 'url.x.a["b c"] in @set1'),
        ('x["a\\nb"] == "c"', 'x["a\\nb"] == "c"'),
    ],
)
def test_conditions_have_one_spelling(written: str, canonical: str) -> None:
    assert formatted(f"segment s: {written}") == f"segment s: {canonical}\n"


LONG = """\
dimension plan   "Plan":one of ("a", "b",   # the usual one
  "c") default "a"
set nordic=(
   # Scandinavia
   "SE" , # Sweden
   "NO" # Norway
)   # all of them
segment S2 "two" : country in ("SE","NO") # nordic
   and not (x or y) # neither

   # alone
   and visits>3 with offer=1,banner = "deal"
segment S5: source == "sale_ad" and (country in ("SE", "NO") or
   distance(home, 55, 12) <= 25 km and recent or someone_else or anyone)
segment S6: # why
   x
partition sale "Sale campaign" of everyone: first_segment_of_all,second_segment_of_all,third_segment_of_all
assert source == "sale_ad" and visits == 0 implies returning_visitor_from_the_north or someone_else_from_there
test "ad newcomer": {source: "sale_ad", visits: 0,tags: ("a", "b"), country: unknown, at: 2026-01-01T00:00Z} expect S1
test "nothing":{ } expect S1
"""
CANONICAL = """\
dimension plan "Plan": one of (
    "a",
    "b",  # the usual one
    "c",
) default "a"
set nordic = (
    # Scandinavia
    "SE",  # Sweden
    "NO",  # Norway
)  # all of them
segment S2 "two":
    country in ("SE", "NO")  # nordic
    and not (x or y)  # neither
    # alone
    and visits > 3
    with offer = 1, banner = "deal"
segment S5:
    source == "sale_ad"
    and (
        country in ("SE", "NO")
        or (distance(home, 55, 12) <= 25 km and recent)
        or someone_else
        or anyone
    )
segment S6:  # why
    x
partition sale "Sale campaign" of everyone:
    first_segment_of_all,
    second_segment_of_all,
    third_segment_of_all
assert
    source == "sale_ad"
    and visits == 0
    implies returning_visitor_from_the_north or someone_else_from_there
test "ad newcomer": {
    source: "sale_ad",
    visits: 0,
    tags: ("a", "b"),
    country: unknown,
    at: 2026-01-01T00:00Z,
} expect S1
test "nothing": {} expect S1
"""


def test_long_statements_break_one_item_a_line() -> None:
    assert formatted(LONG) == CANONICAL
    assert formatted(CANONICAL) == CANONICAL


@pytest.mark.parametrize("length", [WIDTH - 1, WIDTH, WIDTH + 1])
def test_a_line_is_as_wide_as_it_may_be(length: int) -> None:
    start, end = "segment s: x == ", " and y"
    text = start + '"' + "a" * (length - len(start) - len(end) - 2) + '"' + end + "\n"
    assert len(text) == length + 1
    assert (formatted(text) == text) is (length <= WIDTH)


def test_a_mark_at_the_beginning_and_foreign_line_ends_go() -> None:
    assert formatted("\ufeff# note\r\n\r\nsegment a: b\r\n  and c # why\r\n") == "# note\n\nsegment a: b and c  # why\n"


_LONG_LIST = ", ".join(f'"a country called {number}"' for number in range(6))
_LONG_LINES = "".join(f'        "a country called {number}",\n' for number in range(6))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ('x in ("a" # one\n , # two\n "b")', 'x in (\n    "a",  # one\n    # two\n    "b",\n)\n'),
        ('x in ( # one\n "a", "b")', 'x in (  # one\n    "a",\n    "b",\n)\n'),
        ('x in ("a", "b") # one\n and y', '\n    x in ("a", "b")  # one\n    and y\n'),
        (
            f"x in ({_LONG_LIST}) # one\n and y",
            f"\n    x in (\n{_LONG_LINES}    )  # one\n    and y\n",
        ),
        ("(a or (b # one\n)) # two", "a or b  # one\n# two\n"),
        ("(a # one\n or b) and c", "\n    (\n        a  # one\n        or b\n    )\n    and c\n"),
        ("x > f( # one\n)", "x > f()  # one\n"),
        ("x in ((not y # one\n))", "x in (\n    (not y),  # one\n)\n"),
        ("x > f(g(a) # one\n)", "x > f(\n    g(a)  # one\n)\n"),
        ("x > f(g(a # one\n))", "x > f(\n    g(\n        a  # one\n    )\n)\n"),
        ("x > f(g(a)) # one\n + 1", "x > f(g(a))  # one\n    + 1\n"),
        ("x # one\n > 1", "x  # one\n    > 1\n"),
    ],
)
def test_comments_inside_a_statement(written: str, canonical: str) -> None:
    once = formatted(f"segment s: {written}\n")
    assert once == f"segment s: {canonical}".replace(": \n", ":\n")
    assert formatted(once) == once
