"""What a reader sees: positions, suggestions, and every shape that a message can take, to the letter."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from segdsl.text.codes import CODES, Code, Level
from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note, errors, in_file_order
from segdsl.text.errors import RuleError
from segdsl.text.render import explain_code, render, render_all, summary, to_github
from segdsl.text.source import Source, Span
from segdsl.text.suggest import nearest

SALE = Source(
    "sale.seg",
    dedent(
        """\
        # The sale
        dimension source "Traffic source": text
        dimension visits "Previous visits": integer 0..

        segment newcomers: sorce == "sale_ad"
        segment regulars:  visits >= "five"
        segment nordic:  country == "SE" or country == "NO" and visits > 3
        partition sale:
          newcomers,
          regulars
        """
    ),
)


def at(source: Source, text: str, *, occurrence: int = 0) -> Span:
    """The place where a text stands."""
    start = -1
    for _ in range(occurrence + 1):
        start = source.text.index(text, start + 1)
    return Span(source, start, start + len(text))


def wrong(source: Source, text: str, caret: str = "here", *labels: Label) -> Diagnostic:
    return Diagnostic("S201", "this is wrong", at(source, text), caret, labels)


def drawn(text: str) -> str:
    return dedent(text).strip("\n")


# Positions


@pytest.mark.parametrize(
    ("position", "line", "column"),
    [(0, 1, 1), (2, 1, 3), (3, 2, 1), (5, 2, 3), (6, 3, 1)],
)
def test_lines_and_columns_count_from_one(position: int, line: int, column: int) -> None:
    span = Span(Source("a.seg", "ab\ncd\n"), position, position)
    assert (span.line, span.column) == (line, column)


def test_a_line_comes_without_its_end() -> None:
    source = Source("a.seg", "ab\r\ncd\nef")
    assert [source.line(number) for number in (1, 2, 3)] == ["ab", "cd", "ef"]


def test_a_span_knows_its_text_and_reaches_to_another() -> None:
    start, end = at(SALE, "country"), at(SALE, '"SE"')
    assert start.text == "country"
    assert start.to(end).text == 'country == "SE"'


# Suggestions


@pytest.mark.parametrize(
    ("name", "expected"),
    [("sorce", "source"), ("VISITS", "visits"), ("vists", "visits"), ("colour", None), ("", None)],
)
def test_the_nearest_name(name: str, expected: str | None) -> None:
    assert nearest(name, ["source", "visits", "spend"]) == expected


def test_a_suggestion_is_spelled_as_declared() -> None:
    assert nearest("lastorder", ["lastOrder", "firstOrder"]) == "lastOrder"


# One message


def test_one_line_with_a_fix() -> None:
    diagnostic = Diagnostic(
        "S101",
        'there is no dimension called "sorce"',
        at(SALE, "sorce"),
        "not declared here",
        notes=(Note("try", 'change it to "source"'),),
    )
    assert render(diagnostic) == drawn(
        """
        error[S101]: there is no dimension called "sorce"
         --> sale.seg:5:20
          |
        5 | segment newcomers: sorce == "sale_ad"
          |                    ^^^^^ not declared here
          = try: change it to "source"
        """
    )


def test_a_label_on_an_earlier_line() -> None:
    diagnostic = Diagnostic(
        "S302",
        '"visits" is a whole number, but "five" is text',
        at(SALE, '"five"'),
        "this is text",
        (Label(at(SALE, "integer"), "declared here"),),
        (Note("try", "write the number in figures, without quotes: 5"),),
    )
    assert render(diagnostic) == drawn(
        """
        error[S302]: "visits" is a whole number, but "five" is text
         --> sale.seg:6:30
          |
        3 | dimension visits "Previous visits": integer 0..
          |                                     ------- declared here
        ...
        6 | segment regulars:  visits >= "five"
          |                              ^^^^^^ this is text
          = try: write the number in figures, without quotes: 5
        """
    )


def test_line_numbers_are_aligned() -> None:
    source = Source("long.seg", "first" + "\n" * 11 + "last")
    diagnostic = wrong(source, "last", "", Label(at(source, "first"), "as said here"))
    assert render(diagnostic) == drawn(
        """
        error[S201]: this is wrong
          --> long.seg:12:1
           |
         1 | first
           | ----- as said here
        ...
        12 | last
           | ^^^^
        """
    )


def test_two_labels_beside_the_caret_and_below_it() -> None:
    labels = Label(at(SALE, "sale", occurrence=2), "named here"), Label(at(SALE, "nordic"), "not this one")
    diagnostic = wrong(SALE, "partition", "which segments?", *labels)
    assert render(diagnostic) == drawn(
        """
        error[S201]: this is wrong
         --> sale.seg:8:1
          |
        7 | segment nordic:  country == "SE" or country == "NO" and visits > 3
          |         ------ not this one
        8 | partition sale:
          | ^^^^^^^^^ which segments?
          |           ---- named here
        """
    )


def test_a_label_in_another_file() -> None:
    other = Source("dimensions.seg", '# what is known\ndimension sale "Sale": boolean\n')
    diagnostic = wrong(SALE, "sale:", "taken already", Label(at(other, "sale"), "it is a dimension"))
    assert render(diagnostic) == drawn(
        """
        error[S201]: this is wrong
         --> sale.seg:8:11
          |
        8 | partition sale:
          |           ^^^^^ taken already
         --> dimensions.seg:2:11
          |
        2 | dimension sale "Sale": boolean
          |           ---- it is a dimension
        """
    )


def test_no_place_at_all() -> None:
    diagnostic = Diagnostic("S501", 'there is no file "sale.sge"', notes=(Note("try", "sale.seg"),))
    assert render(diagnostic) == 'error[S501]: there is no file "sale.sge"\n  = try: sale.seg'


def test_several_lines_are_marked_to_the_end_of_the_first() -> None:
    source = Source("crlf.seg", "segment a:  \r\n  visits ==\r\n  0\r\n")
    diagnostic = Diagnostic("S201", "this is wrong", Span(source, 8, len(source.text)), "begins here")
    assert render(diagnostic) == drawn(
        """
        error[S201]: this is wrong
         --> crlf.seg:1:9
          |
        1 | segment a:
          |         ^^ begins here
        """
    )


@pytest.mark.parametrize(
    ("text", "caret"), [("visits >", "  |         ^ the rest is missing"), ("", "  | ^ the rest is missing")]
)
def test_a_place_without_extent_gets_one_caret(text: str, caret: str) -> None:
    source = Source("a.seg", text)
    rendered = render(Diagnostic("S201", "no end", Span(source, len(text), len(text)), "the rest is missing"))
    assert rendered.split("\n")[3:] == [f"1 | {text}".rstrip(), caret]


# Characters


def test_wide_characters_and_tabs_before_the_caret() -> None:
    source = Source("wide.seg", 'segment\tS1 "🎯 日本 👩‍👩‍👧 ❤️ 👋🏽 🇸🇪 cafe\u0301":\tsorce == "店"\r\n')
    diagnostic = wrong(source, "sorce", "not declared", Label(at(source, '"店"'), "text"))
    row, caret, label = render(diagnostic).split("\n")[3:]
    assert row == '1 | segment    S1 "🎯 日本 👩‍👩‍👧 ❤️ 👋🏽 🇸🇪 cafe\u0301":    sorce == "店"'
    before = 'segment    S1 "xx xxxx xx xx xx xx cafe":    '
    assert caret == f"  | {' ' * len(before)}^^^^^ not declared"
    assert label == f"  | {' ' * len(before + 'sorce == ')}---- text"


def test_control_characters_do_no_harm() -> None:
    source = Source("bad.seg", 'segment a: source == "\x1b[2J\u202e\x00"\u00a0and sorce == 1')
    diagnostic = wrong(source, "sorce", "not \x1b[31m declared", Label(at(source, "\x1b"), "an \r escape"))
    assert render(diagnostic) == drawn(
        r"""
        error[S201]: this is wrong
         --> bad.seg:1:35
          |
        1 | segment a: source == "\u{1b}[2J\u{202e}\u{0}"\u{a0}and sorce == 1
          |                                                        ^^^^^
          |                                                      not \u{1b}[31m declared
          |                       ------ an \u{d} escape
        """
    )


@pytest.mark.parametrize(
    "harmful", ["\x07", "\x1b", "\x7f", "\x9b", "\r", "\u200b", "\u2028", "\u202e", "\ud800", "a\u200d"]
)
def test_nothing_that_a_terminal_obeys_gets_out(harmful: str) -> None:
    source = Source(f"a{harmful}.seg", f"x{harmful}y visits")
    notes = (Note("why", f"so{harmful}so"),)
    diagnostic = Diagnostic("S201", f"no{harmful}no", at(source, "visits"), f"{harmful}", (), notes)
    for text in (render(diagnostic), to_github(diagnostic).partition("::no")[2]):
        assert all(character == "\n" or character.isprintable() for character in text)


def test_a_joiner_within_a_word_of_another_script_is_shown() -> None:
    source = Source("fa.seg", "می\u200cخواهم visits")
    assert render(wrong(source, "visits")).split("\n")[3:] == ["1 | می\u200cخواهم visits", "  |         ^^^^^^ here"]


def test_a_flag_of_a_nation_is_one_emoji() -> None:
    source = Source("flag.seg", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f visits")
    assert render(wrong(source, "visits")).endswith("  |    ^^^^^^ here")


# Width


def test_a_very_long_line_is_shown_around_the_caret() -> None:
    source = Source("long.seg", f"segment a: page in ({'“home”, ' * 20}sorce, {'“news”, ' * 20})")
    assert render(wrong(source, "sorce", "not declared")) == drawn(
        """
        error[S201]: this is wrong
         --> long.seg:1:181
          |
        1 | …, “home”, “home”, “home”, “home”, sorce, “news”, “news”, “news”, “news”, “…
          |                                    ^^^^^ not declared
        """
    )


def test_a_long_line_is_shown_again_for_what_is_far_away() -> None:
    source = Source("long.seg", f"segment a: {'x' * 300} visits")
    assert render(wrong(source, "visits", "not declared", Label(at(source, "a"), "in this segment"))) == drawn(
        f"""
        error[S201]: this is wrong
         --> long.seg:1:313
          |
        1 | …{"x" * 68} visits
          | {" " * 70}^^^^^^
          | {" " * 64}not declared
        1 | segment a: {"x" * 64}…
          |         - in this segment
        """
    )


def test_wide_characters_are_not_cut_in_half() -> None:
    source = Source("long.seg", "店" * 5_000)
    row, caret = render(Diagnostic("S201", "this is wrong", Span(source, 2_500, 2_501))).split("\n")[3:]
    assert row == f"1 | …{'店' * 37}…"
    assert caret == f"  | {' ' * 37}^^"


def test_what_is_wrong_is_shown_even_if_it_is_an_accent_at_the_cut() -> None:
    source = Source("long.seg", "\x9b" * 50 + "\u200b\u0301" + "x" * 100)
    row, caret = render(Diagnostic("S201", "this is wrong", Span(source, 51, 151)), width=40).split("\n")[3:]
    assert row == f"1 | …\u0301{'x' * 27}…"
    assert caret == f"  |  {'^' * 27}"


def test_a_long_mark_in_a_long_line_keeps_a_margin() -> None:
    source = Source("long.seg", "a" * 100 + "b" * 500)
    row, caret, text = render(wrong(source, "b" * 500, "too long")).split("\n")[3:]
    assert row == f"1 | …{'a' * 7}{'b' * 67}…"
    assert caret == f"  | {' ' * 8}{'^' * 67}"
    assert text == f"  | {' ' * 8}too long"


def test_what_does_not_fit_beside_the_caret_stands_below() -> None:
    diagnostic = Diagnostic(
        "S205",
        '"and" and "or" stand side by side; "and" is taken first',
        at(SALE, 'country == "SE" or country == "NO" and visits > 3'),
        'read as: country == "SE" or (country == "NO" and visits > 3)',
    )
    assert render(diagnostic) == drawn(
        """
        warning[S205]: "and" and "or" stand side by side; "and" is taken first
         --> sale.seg:7:18
          |
        7 | segment nordic:  country == "SE" or country == "NO" and visits > 3
          |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |                 read as: country == "SE" or (country == "NO" and visits > 3)
        """
    )


def test_prose_is_wrapped() -> None:
    diagnostic = Diagnostic(
        "S402",
        'some visitors are in no segment of "sale", and that is not what a partition says',
        at(SALE, "partition"),
        "here it says that each and every visitor is in exactly one of these, whoever they are",
        notes=(
            Note("visitor", '{source: "sale_ad"}   (visits unknown)'),
            Note("why", "visits is unknown\nand then no comparison with it holds"),
            Note("try", "one of\n+ dimension visits: integer 0.. default 0\n+ segment S3: visits is unknown"),
        ),
    )
    assert render(diagnostic, width=44) == drawn(
        """
        error[S402]: some visitors are in no segment
                     of "sale", and that is not what
                     a partition says
         --> sale.seg:8:1
          |
        8 | partition sale:
          | ^^^^^^^^^
          | here it says that each and every visitor
          | is in exactly one of these, whoever they
          | are
          = visitor: {source: "sale_ad"}   (visits
                     unknown)
          = why: visits is unknown
            and then no comparison with it holds
          = try: one of
            + dimension visits: integer 0.. default 0
            + segment S3: visits is unknown
        """
    )


def test_lines_of_a_note_are_wrapped_within_their_indent() -> None:
    diagnostic = Diagnostic("S501", "no file", notes=(Note("why", f"so:\n  {'word ' * 12}\n\nend\n"),))
    assert render(diagnostic, width=40) == drawn(
        """
        error[S501]: no file
          = why: so:
              word word word word word word word
              word word word word word

            end
        """
    )


# Colour, several messages, counts


def test_colour_carries_no_meaning_of_its_own() -> None:
    diagnostic = wrong(SALE, "sorce", "not declared", Label(at(SALE, "source"), "meant this?"))
    coloured = render(diagnostic, colour=True)
    assert coloured.startswith("\x1b[1;31merror[S201]\x1b[0m\x1b[1m: this is wrong\x1b[0m\n")
    assert "\x1b[1;31m^^^^^\x1b[0m \x1b[1;31mnot declared\x1b[0m" in coloured
    assert "\x1b[34m------\x1b[0m \x1b[34mmeant this?\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(diagnostic)


def test_all_of_them_with_a_blank_line_between() -> None:
    missing = Diagnostic("S501", "no file")
    assert render_all([missing, missing]) == "error[S501]: no file\n\nerror[S501]: no file"
    assert render_all([]) == ""


def test_an_exception_reads_as_its_messages() -> None:
    diagnostics = wrong(SALE, "sorce"), Diagnostic("S501", "no file")
    assert str(RuleError(diagnostics)) == render_all(diagnostics)


@pytest.fixture
def note(monkeypatch: pytest.MonkeyPatch) -> Diagnostic:
    """Of the level that no code has yet."""
    monkeypatch.setitem(CODES, "S999", Code("S999", Level.NOTE, "By the way", "It may help.", "a", "b"))
    return Diagnostic("S999", "by the way", at(SALE, "newcomers"))


def test_the_levels_are_drawn_and_coloured_apart(note: Diagnostic) -> None:
    assert render(note).startswith("note[S999]: by the way\n")
    levels = [render(Diagnostic(code, "x"), colour=True).partition("[S")[0] for code in ("S101", "S205", "S999")]
    assert levels == ["\x1b[1;31merror", "\x1b[1;33mwarning", "\x1b[1;36mnote"]


def test_the_summary_counts_by_level(note: Diagnostic) -> None:
    error, warning = Diagnostic("S101", "x"), Diagnostic("S205", "x")
    assert summary([]) == "no problems"
    assert summary([error]) == "1 error"
    assert summary([warning, error, error]) == "2 errors and 1 warning"
    assert summary([note, warning, warning, note, error]) == "1 error, 2 warnings and 2 notes"


# GitHub


def test_github_is_told_the_place_and_everything_said() -> None:
    diagnostic = Diagnostic(
        "S302",
        "100% wrong: a, b",
        at(SALE, '"five"'),
        "this is text",
        (Label(at(SALE, "integer"), "declared here"), Label(at(SALE, "visits"), "")),
        (Note("try", "one of\n+ 5"),),
    )
    assert to_github(diagnostic) == (
        "::error file=sale.seg,line=6,col=30,endLine=6,endColumn=36,title=S302%3A Text where a number is expected"
        "::100%25 wrong: a, b%0Asale.seg:6:30: this is text%0Asale.seg:3:37: declared here%0Atry: one of%0A+ 5"
    )


def test_github_properties_are_escaped() -> None:
    source = Source("C:\\rules\\50%,\r\nold.seg", "visits")
    command = to_github(wrong(source, "visits", ""))
    assert command.startswith("::error file=C%3A\\rules\\50%25%2C%0D%0Aold.seg,line=1,")


def test_github_takes_columns_within_one_line_only() -> None:
    diagnostic = Diagnostic(
        "S205", "over two lines", Span(SALE, at(SALE, "newcomers,").start, at(SALE, "regulars\n").end - 1)
    )
    title = CODES["S205"].title
    assert to_github(diagnostic) == f"::warning file=sale.seg,line=9,endLine=10,title=S205%3A {title}::over two lines"


def test_github_without_a_place(note: Diagnostic) -> None:
    assert to_github(Diagnostic("S501", "no file")) == "::error title=S501%3A A file that cannot be read::no file"
    assert to_github(note).startswith("::notice file=sale.seg,line=5,col=9,")


# Codes


def test_a_code_is_explained() -> None:
    assert explain_code("S401") == drawn(
        """
        error[S401]: Segments that overlap

        A partition promises that each visitor is in exactly one of its segments, but
        here is a visitor who is in two.

        For example:
            segment a: visits >= 1
            segment b: visits >= 2
            partition p: a, b

        Instead:
            segment b: visits >= 2
            segment a: not b
            partition p: a, b
        """
    )


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="S000"):
        explain_code("S000")


def test_an_explanation_shows_what_cannot_be_seen() -> None:
    assert r"    visits\u{a0}> 3" in explain_code("S211").split("\n")


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_every_code_is_explained_in_sentences_that_fit(code: Code) -> None:
    assert re.fullmatch(r"S[1-5]\d\d", code.code)
    assert not code.title.endswith(".")
    assert code.why.endswith(".")
    assert code.example != code.instead
    assert max(map(len, explain_code(code.code).split("\n"))) <= 80


# Order, and the same as data


def test_errors_are_told_from_warnings() -> None:
    error, warning = Diagnostic("S101", "x"), Diagnostic("S205", "x")
    assert errors([warning, error]) == [error]


def test_in_file_order_each_once() -> None:
    other = Source("other.seg", "visits")
    first, second = wrong(SALE, "sorce"), wrong(SALE, "sale:")
    elsewhere, nowhere = wrong(other, "visits"), Diagnostic("S501", "no file")
    same_place = Diagnostic("S201", "another message", at(SALE, "sorce"))
    repeated = wrong(SALE, "sorce", "said differently")
    met = [second, elsewhere, first, same_place, nowhere, repeated, nowhere]
    found = in_file_order(met)
    assert found == (nowhere, first, same_place, second, elsewhere)
    assert found[1].caret == "here"


def test_everything_is_there_as_data() -> None:
    place = at(SALE, "newcomers,\n  regulars")
    diagnostic = Diagnostic(
        "S401",
        "overlap",
        place,
        "here",
        (Label(at(SALE, "integer"), "declared"),),
        (Note("try", "x"),),
        (Edit(at(SALE, "sorce"), "source"),),
        {"visits": 1},
    )
    integer, sorce = at(SALE, "integer").start, at(SALE, "sorce").start
    assert diagnostic.to_dict() == {
        "code": "S401",
        "level": "error",
        "title": "Segments that overlap",
        "message": "overlap",
        "place": {"file": "sale.seg", "line": 9, "column": 3, "end_line": 10, "end_column": 11}
        | {"start": place.start, "end": place.end},
        "caret": "here",
        "labels": [
            {"file": "sale.seg", "line": 3, "column": 37, "end_line": 3, "end_column": 44}
            | {"start": integer, "end": integer + 7, "text": "declared"}
        ],
        "notes": [{"topic": "try", "text": "x"}],
        "edits": [
            {"file": "sale.seg", "line": 5, "column": 20, "end_line": 5, "end_column": 25}
            | {"start": sorce, "end": sorce + 5, "replacement": "source"}
        ],
        "witness": {"visits": 1},
    }
    assert Diagnostic("S501", "no file").to_dict()["place"] is None
