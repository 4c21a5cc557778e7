"""Reading: the grammar's words and numbers, the places of nodes, each slip with its repair, and texts made to hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest

from segdsl.operators.registry import word_operators
from segdsl.syntax import tree
from segdsl.syntax.load_grammar import grammar_text, statement_parser
from segdsl.syntax.parse import LONGEST_FILE, LONGEST_TEXT, Parsed, parse, parse_condition
from segdsl.syntax.slips import KEYWORDS, STATEMENTS
from segdsl.text.codes import CODES
from segdsl.text.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from segdsl.text.diagnostic import Diagnostic

NOWHERE = Span(Source("made up", ""), 0, 0)


def read(text: str) -> Parsed:
    """A file's tree and diagnostics."""
    return parse(Source("rules.seg", text), word_operators())


def condition(text: str) -> tree.Expression:
    """The tree of a condition that has nothing wrong with it."""
    found, diagnostics = parse_condition(Source("condition", text), word_operators())
    assert diagnostics == ()
    assert found is not None
    return found


def only(text: str) -> Diagnostic:
    """The one diagnostic of a file."""
    (diagnostic,) = read(text).diagnostics
    return diagnostic


def marked(diagnostic: Diagnostic) -> str:
    """The text that a diagnostic points at."""
    assert diagnostic.span is not None
    return diagnostic.span.text


def repaired(text: str) -> str:
    """A file after all that `fmt --fix` may do, in as many rounds as it takes."""
    for _ in range(5):
        edits = [edit for found in read(text).diagnostics if found.code != "S205" for edit in found.edits]
        for edit in sorted(edits, key=lambda edit: -edit.span.start):
            text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
        if not edits:
            break
    return text


def nodes(node: Any) -> Iterator[Any]:
    """A node and everything below it."""
    if isinstance(node, tuple):
        for part in node:
            yield from nodes(part)
    elif attrs.has(type(node)) and not isinstance(node, Span | Source):
        yield node
        for field in attrs.fields(type(node)):
            yield from nodes(getattr(node, field.name))


def segment_names(parsed: Parsed) -> list[str]:
    return [statement.name.text for statement in parsed.tree.statements if isinstance(statement, tree.Segment)]


def name(*parts: str) -> tree.Name:
    return tree.Name(parts, span=NOWHERE)


def number(text: str) -> tree.NumberLiteral:
    return tree.NumberLiteral(text, span=NOWHERE)


def test_the_grammar_has_no_conflict() -> None:
    pytest.importorskip("interegular")
    parser = statement_parser(word_operators(), strict=True)
    assert parser.parse("segment a: b").data == "segment"


def test_the_grammar_is_found() -> None:
    assert "segment:" in grammar_text()


# Words


@pytest.mark.parametrize(
    "word",
    """ismobile notx inside insider order orders android andy ago agog ofer within_reach days km m trues truest falsey
    unknowns otherwise_ with_ isnt expected implied settle lettuce user tests segments requireds one case AND Is T00 _
    before after has contains matches starts ends required default personal count""".split(),  # noqa: SIM905 - reads better
)
def test_a_keyword_is_a_whole_word(word: str) -> None:
    assert condition(word) == name(word)
    assert condition(f"not {word}") == tree.Not(name(word), span=NOWHERE)
    assert condition(f"{word} and {word}") == tree.And((name(word), name(word)), span=NOWHERE)
    assert condition(f"geo.{word}") == name("geo", word)
    (statement,) = read(f"segment {word}: {word}").tree.statements
    assert statement == tree.Segment(name(word), None, name(word), (), span=NOWHERE)


@pytest.mark.parametrize("operator", word_operators())
def test_every_word_operator_reads_with_and_without_not(operator: str) -> None:
    for negated, written in ((False, operator), (True, f"not {operator}"), (False, operator.replace(" ", " \n\t "))):
        found = condition(f'x {written} "y"')
        assert isinstance(found, tree.WordTest)
        assert (found.operator, found.negated) == (operator, negated)


def test_words_need_no_space_beside_brackets_and_quotes() -> None:
    assert condition('not(x)and(y)and x in("a")') == condition('not x and y and x in ("a")')
    assert condition('x contains"y"') == condition('x contains "y"')


@pytest.mark.parametrize("word", ["unknown", "none", "empty", "known", "not_yet"])
def test_a_state_is_any_word(word: str) -> None:
    assert condition(f"visits is {word}") == tree.IsTest(name("visits"), False, name(word), span=NOWHERE)
    assert condition(f"visits is not {word}") == tree.IsTest(name("visits"), True, name(word), span=NOWHERE)


def test_and_is_taken_before_or_and_not_before_and() -> None:
    found, (warning,) = parse_condition(Source("condition", "a or not b and c"), word_operators())
    assert found == condition("a or ((not b) and c)")
    assert (warning.code, marked(warning)) == ("S205", "a or not b and c")
    assert repaired_mixed("a or not b and c") == "a or (not b and c)"


def repaired_mixed(text: str) -> str:
    """A condition with the brackets that S205 offers."""
    _, (warning,) = parse_condition(Source("condition", text), word_operators())
    for edit in sorted(warning.edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


# Numbers, times and ranges


def test_a_list_is_told_from_brackets() -> None:
    one = tree.ListOf((tree.TextLiteral("a", span=NOWHERE),), span=NOWHERE)
    for written in ('x in ("a")', 'x in ("a",)', 'x in (("a"))'):
        found = condition(written)
        assert isinstance(found, tree.WordTest)
        assert found.right == one
    assert condition("(x) == (5)") == condition("x == 5")


@pytest.mark.parametrize(
    ("written", "low", "high", "below"),
    [
        ("1..", number("1"), None, False),
        ("1..9", number("1"), number("9"), False),
        ("1 .. 9", number("1"), number("9"), False),
        ("..9", None, number("9"), False),
        ("..<9", None, number("9"), True),
        ("0..<1000", number("0"), number("1000"), True),
        ("1.5..2.50", number("1.5"), number("2.5"), False),
        ("-5..-1", number("-5"), number("-1"), False),
        ("a..b.c", name("a"), name("b", "c"), False),
        (
            "2026-01-01..2026-02-01",
            tree.DateLiteral("2026-01-01", span=NOWHERE),
            tree.DateLiteral("2026-02-01", span=NOWHERE),
            False,
        ),
        ('"a".."f"', tree.TextLiteral("a", span=NOWHERE), tree.TextLiteral("f", span=NOWHERE), False),
    ],
)
def test_ranges(written: str, low: tree.Expression | None, high: tree.Expression | None, below: bool) -> None:
    found = condition(f"x in {written}")
    assert isinstance(found, tree.WordTest)
    assert found.right == tree.Range(low, high, below, span=NOWHERE)


def test_an_open_range_ends_where_the_condition_goes_on() -> None:
    found = condition("x in 1.. and y")
    assert isinstance(found, tree.And)
    assert found.operands[1] == name("y")
    assert read("segment a: x in 1.. with k = 1\ndimension d: integer 0.. required default 5").diagnostics == ()


@pytest.mark.parametrize(
    ("written", "literal"),
    [
        ("007.50", number("7.5")),
        ("-0", number("-0")),
        ("10 minutes", tree.DurationLiteral("10", "minute", span=NOWHERE)),
        ("10minutes", tree.DurationLiteral("10", "minute", span=NOWHERE)),
        ("1 day", tree.DurationLiteral("1", "day", span=NOWHERE)),
        ("1.50 days", tree.DurationLiteral("1.5", "day", span=NOWHERE)),
        ("50%", tree.PercentLiteral("50", span=NOWHERE)),
        ("12.50 %", tree.PercentLiteral("12.5", span=NOWHERE)),
        ("25 km", tree.LengthLiteral("25", "km", span=NOWHERE)),
        ("25m", tree.LengthLiteral("25", "m", span=NOWHERE)),
        ("1 mile", tree.LengthLiteral("1", "mile", span=NOWHERE)),
        ("3 miles", tree.LengthLiteral("3", "mile", span=NOWHERE)),
        ("2026-01-01", tree.DateLiteral("2026-01-01", span=NOWHERE)),
        ("2026-01-01T12:30Z", tree.DatetimeLiteral("2026-01-01T12:30Z", span=NOWHERE)),
        ("2026-01-01T12:30:59.5+02:00", tree.DatetimeLiteral("2026-01-01T12:30:59.5+02:00", span=NOWHERE)),
        ("true", tree.BooleanLiteral(True, span=NOWHERE)),
        ("30 days ago", tree.Ago(tree.DurationLiteral("30", "day", span=NOWHERE), span=NOWHERE)),
        ('"\\u{1f3af} \\"\\\\\\n\\t#"', tree.TextLiteral('🎯 "\\\n\t#', span=NOWHERE)),
    ],
)
def test_literals(written: str, literal: tree.Expression) -> None:
    found = condition(f"x == {written}")
    assert isinstance(found, tree.Comparison)
    assert found.right == literal


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("2026-01-1 == x", "2026 - 1 - 1 == x"),
        ("a-b-c == x", "(a - b) - c == x"),
        ("a+b*c == x", "a + (b * c) == x"),
        ("-a*b == x", "(-a) * b == x"),
        ("-5 == x", "-(5) == x"),
        ("not a == b", "not (a == b)"),
        ("not not a", "not (not a)"),
    ],
)
def test_how_tightly_things_bind(written: str, same: str) -> None:
    assert condition(written) == condition(same)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("geo.country", ("geo", "country")),
        ('url.param["utm_campaign"].x', ("url", "param", "utm_campaign", "x")),
        ('a[""]', ("a", "")),
        ('a["b c\\n\\"]"]["d"]', ("a", 'b c\n"]', "d")),
    ],
)
def test_paths_and_their_spelling(written: str, parts: tuple[str, ...]) -> None:
    found = condition(written)
    assert found == name(*parts)
    assert condition(name(*parts).text) == found


# Places


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_nodes_know_their_places(line_end: str, mark: str) -> None:
    text = mark + line_end.join(
        (
            "# first",
            'dimension geo.country "Country": one of ("SE", "NO") required',
            "",
            'segment S1 "🎯":',
            "  visits not in (1, 2..5)  # why",
            '  and (country == "SE" or -x + 3 days > today)',
            "  with offer = -1",
            "# last",
            "",
        )
    )
    parsed = read(text)
    assert parsed.diagnostics == ()
    assert [comment.text for comment in parsed.tree.comments] == ["# first", "# why", "# last"]
    dimension, segment = parsed.tree.statements
    places = {
        (node.span.text, type(node).__name__, node.span.line, node.span.column) for node in nodes((dimension, segment))
    }
    several = line_end + "  "
    test = "visits not in (1, 2..5)"
    either = 'country == "SE" or -x + 3 days > today'
    head = f'segment S1 "🎯":{several}{test}'
    assert {
        ('dimension geo.country "Country": one of ("SE", "NO") required', "Dimension", 2, 1),
        ("geo.country", "Name", 2, 11),
        ('one of ("SE", "NO")', "OneOf", 2, 34),
        ('("SE", "NO")', "ListOf", 2, 41),
        ("required", "Required", 2, 54),
        (f"{head}  # why{several}and ({either}){several}with offer = -1", "Segment", 4, 1),
        (f"{test}  # why{several}and ({either})", "And", 5, 3),
        (test, "WordTest", 5, 3),
        ("visits", "Name", 5, 3),
        ("(1, 2..5)", "ListOf", 5, 17),
        ("2..5", "Range", 5, 21),
        (either, "Or", 6, 8),
        ('country == "SE"', "Comparison", 6, 8),
        ("-x + 3 days", "Arithmetic", 6, 27),
        ("-x", "Negative", 6, 27),
        ("3 days", "DurationLiteral", 6, 32),
        ("offer = -1", "Pair", 7, 8),
        ("-1", "NumberLiteral", 7, 16),
    } <= places
    tests = [node for node in nodes(segment) if isinstance(node, tree.Comparison | tree.WordTest)]
    assert [node.operator_span.text for node in tests] == ["in", "==", ">"]


def test_places_stay_right_behind_a_repair() -> None:
    parsed = read("segment first: x\nsegment a: source = “sale” && visits == 1,000 or zed\nsegment b: y")
    places = {node.span.text for node in nodes(parsed.tree.statements[1:])}
    assert {"source = “sale”", "“sale”", "visits == 1,000", "1,000", "zed", "b", "y"} <= places


def test_a_statement_begins_with_its_word_at_the_start_of_a_line() -> None:
    text = """\
partition sale "Sale"
  of everyone:
  A
dimension tags:
  set of one of
  ("a")
  segment a: "segment x: y" == # segment z: y
    use_of.it
segment b: y
"""
    parsed = read(text)
    assert parsed.diagnostics == ()
    assert [(type(statement).__name__, statement.span.line) for statement in parsed.tree.statements] == [
        ("Partition", 1),
        ("Dimension", 4),
        ("Segment", 7),
        ("Segment", 9),
    ]


def test_one_broken_statement_hides_no_other() -> None:
    parsed = read("1 + 1\nsegment a: x\nsegmnt b: y\nsegment c: == z\nsegment d: (x\nsegment e: y\n")
    assert [diagnostic.code for diagnostic in parsed.diagnostics] == ["S212", "S212", "S201", "S213"]
    assert [marked(diagnostic) for diagnostic in parsed.diagnostics] == ["1", "segmnt", "==", "("]
    assert segment_names(parsed) == ["a", "b", "e"]


# Slips


SLIPS = [
    # written after `segment a: `, code, what is pointed at, and after the repair (None: a person has to decide)
    ("source == “sale_ad”", "S202", "“sale_ad”", 'source == "sale_ad"'),
    ("source == «sale_ad»", "S202", "«sale_ad»", 'source == "sale_ad"'),
    ('source == “sale_ad"', "S202", "“", 'source == "sale_ad"'),
    ('source = "x"', "S203", "=", 'source == "x"'),
    ('source === "x"', "S203", "===", 'source == "x"'),
    ("a && b", "S204", "&&", "a  and  b"),
    ("a & b", "S204", "&", "a  and  b"),
    ("a || b", "S204", "||", "a  or  b"),
    ("a | b", "S204", "|", "a  or  b"),
    ("!a", "S204", "!", "not a"),
    ("a == 1 AND b == 2", "S206", "AND", "a == 1 and b == 2"),
    ("NOT a", "S206", "NOT", "not a"),
    ("a Contains b", "S206", "Contains", "a contains b"),
    ('source == "sale_ad', "S207", '"sale_ad', None),
    ("spend > 1,000", "S208", "1,000", "spend > 1000"),
    ("spend > 1,000,000", "S208", "1,000,000", "spend > 1000000"),
    ("a == 1 andvisits > 3", "S209", "andvisits", None),
    ("a == 1and b", "S209", "1and", "a == 1 and b"),
    ("source == 'x'", "S210", "'x'", 'source == "x"'),
    ("source == ‘x’", "S210", "‘x’", 'source == "x"'),
    ("source == 'say \"x\"'", "S210", "'say \"x\"'", 'source == "say \\"x\\""'),
    ("visits\u00a0> 3", "S211", "\u00a0", "visits > 3"),
    ("visits >\u200b 3", "S211", "\u200b", "visits >  3"),
    ('country in ("SE", "NO"', "S213", "(", None),
    ('path == "C:\\pictures"', "S218", "\\p", None),
    ('path == "\\u{d800}"', "S218", "\\u{d800}", None),
    ("visits <> 3", "S219", "<>", "visits != 3"),
    ("visits =! 3", "S219", "=!", "visits != 3"),
    ("visits ≠ 3", "S219", "≠", "visits != 3"),
    ("visits =< 3", "S219", "=<", "visits <= 3"),
    ("visits ≤ 3", "S219", "≤", "visits <= 3"),
    ("visits => 3", "S219", "=>", "visits >= 3"),
    ("visits ≥ 3", "S219", "≥", "visits >= 3"),
    ("18 <= age < 65", "S220", "18 <= age < 65", None),
    ("a or", "S201", "or", None),
]


@pytest.mark.parametrize(("written", "code", "pointed_at", "after"), SLIPS)
def test_a_slip_is_named_and_repaired(written: str, code: str, pointed_at: str, after: str | None) -> None:
    first, *others = read(f"segment a: {written}").diagnostics
    assert (first.code, marked(first)) == (code, pointed_at)
    if after is None:
        assert (first.edits, others) == ((), [])
    else:
        assert others == []
        assert repaired(f"segment a: {written}") == f"segment a: {after}"
        assert read(f"segment a: {after}").diagnostics == ()
        assert read(f"segment a: {written}").tree == read(f"segment a: {after}").tree


def test_every_slip_has_a_test() -> None:
    elsewhere = {"S200", "S205", "S212", "S214", "S215", "S216", "S217", "S221"}
    slips = {code for code in CODES if code.startswith("S2")}
    assert slips - elsewhere <= {code for _, code, _, _ in SLIPS} <= slips


@pytest.mark.parametrize(
    ("written", "code", "pointed_at", "after"),
    [
        ("segmant S1: x", "S212", "segmant", "segment S1: x"),
        ("Segment S1: x", "S212", "Segment", "segment S1: x"),
        ("use 'a.seg'", "S210", "'a.seg'", 'use "a.seg"'),
        ("assert a IMPLIES b", "S206", "IMPLIES", "assert a implies b"),
        ("states v: a = 1, b = OTHERWISE", "S206", "OTHERWISE", "states v: a = 1, b = otherwise"),
        ("segment a “label”: x", "S202", "“label”", 'segment a "label": x'),
    ],
)
def test_slips_outside_conditions(written: str, code: str, pointed_at: str, after: str) -> None:
    diagnostic = only(written)
    assert (diagnostic.code, marked(diagnostic)) == (code, pointed_at)
    assert repaired(written) == after
    assert read(after).diagnostics == ()


def test_several_slips_in_one_statement() -> None:
    text = "segment a:\r\n  (source = “sale” AND visits >= 1,000)\r\n  || !b || c ≥ 3 # = “it's”\r\n"
    parsed = read(text)
    assert [(found.code, marked(found)) for found in parsed.diagnostics] == [
        ("S203", "="),
        ("S202", "“sale”"),
        ("S206", "AND"),
        ("S208", "1,000"),
        ("S204", "||"),
        ("S204", "!"),
        ("S204", "||"),
        ("S219", "≥"),
    ]
    after = 'segment a:\r\n  (source == "sale" and visits >= 1000)\r\n   or  not b  or  c >= 3 # = “it\'s”\r\n'
    assert repaired(text) == after
    assert read(after).diagnostics == ()
    assert read(after).tree == parsed.tree


def test_what_stands_in_texts_and_comments_is_no_slip() -> None:
    text = "segment a: x == \"it's “1,000” && = AND ! ≥ \u00a0 'y' 1 < 2 < 3\" # && 'x' “y” \u00a0 OR\n"
    assert read(text).diagnostics == ()
    assert only(text.replace("==", "=")).code == "S203"


def test_events_are_said_to_be_missing() -> None:
    diagnostic = only("events purchase { at: datetime }")
    assert (diagnostic.code, marked(diagnostic)) == ("S221", "events")


_FRAGMENTS = (*sorted(KEYWORDS), *STATEMENTS, "(", ")", "=", '"', "\\", "\ufeff", "\x00", "é", "1")


@pytest.mark.parametrize("written", _FRAGMENTS)
def test_nothing_makes_reading_raise(written: str) -> None:
    for text in (written, f"segment a: {written}", f"segment a: x {written}", f"segment {written}", f"{written} a: x"):
        parsed = read(text)
        assert parsed.diagnostics or parsed.tree.statements


# Texts made to hurt


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "S215"),
        ("\ufeff", "S215"),
        ("# nothing yet\n\r\n", "S215"),
        ("#" * (LONGEST_FILE + 1), "S216"),
        ("segment a: x\n" * 400_000, "S216"),
        ("segment a: " + "(" * 10_000 + "x" + ")" * 10_000, "S214"),
        ("segment a: " + "(" * 10_000, "S214"),
        ("segment a: x in " + "(" * 10_000 + "x" + ")" * 10_000, "S214"),
        ("segment a: " + "not " * 10_000 + "x", "S214"),
        ("segment a: " + "-" * 10_000 + "x == 1", "S214"),
        ("segment a: 1" + " + x" * 10_000 + " == 1", "S214"),
        ("segment a: " + "(a or b and not c == d + e * -" * 90 + "x" + ")" * 90, "S214"),
        ('segment a: x == "' + "a" * 1_000_000 + '"', "S217"),
        ('segment a: x == "' + "a" * 1_000_000, "S207"),
        ("segment a: x == " + "a" * 1_000_000 + " b", "S201"),
    ],
    ids=lambda value: value[:40],
)
def test_too_much_is_one_diagnostic(text: str, code: str) -> None:
    assert only(text).code == code


def test_what_is_just_not_too_much() -> None:
    assert read('segment a: x == "' + "a" * (LONGEST_TEXT - 2) + '"').diagnostics == ()
    assert read("segment a: " + "(" * 99 + "x" + ")" * 99).diagnostics == ()
    assert read("segment a: " + "not " * 99 + "x").diagnostics == ()
    assert read("segment a: " + " and ".join(["x"] * 5_000)).diagnostics == ()
    assert read("set many = (" + ", ".join(str(item) for item in range(5_000)) + ")").diagnostics == ()


def test_a_statement_full_of_slips_is_left_after_a_while() -> None:
    parsed = read("segment a: " + " & ".join(["x"] * 80) + "\nsegment b: y")
    assert {found.code for found in parsed.diagnostics} == {"S204"}
    assert segment_names(parsed) == ["b"]
