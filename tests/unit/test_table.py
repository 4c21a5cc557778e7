"""The table of dimensions and states: who gets what, and how it looks, to the letter."""

from __future__ import annotations

import datetime as dt
import json
import re
from textwrap import dedent

import pytest
from rich.cells import cell_len

from segdsl.ruleset import loads
from segdsl.text.errors import SegdslError
from segdsl.tools.grid import Reach, Standing, Table
from segdsl.tools.table import render_table, table_of, to_markdown

NOW = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)
SALE = """\
dimension source "Traffic source": text
dimension visits "Previous visits": integer 0..

states source: sale_ad "Sale ad" = "sale_ad", other "Other" = otherwise
states visits: none "None" = 0, returning "One or more" = 1..

segment S1 "🎯 New, from the sale ad":  source == "sale_ad" and visits == 0
segment S2 "👋 New, not from the ad":   source != "sale_ad" and visits == 0
segment S3 "🤑 Been here before":       visits >= 1

partition sale "Sale campaign": S1, S2, S3
"""
TIERS = """\
dimension spend: number 0..
dimension visits "Visits": integer 0..
dimension device: one of ("mobile", "tablet", "desktop") required
segment gold "🥇 Gold": spend >= 500 and visits > 3
segment fans "💚 Big fans": visits > 8
segment rest: not (gold or fans) and device in ("mobile", "tablet")
partition tiers: gold, fans, rest
priority best "Best offer": gold, fans, rest otherwise nothing_special
"""


def table(rules: str, name: str | None = None, only: tuple[str, ...] = ()) -> Table:
    return table_of(loads(dedent(rules)).program, name, only=only, now=NOW)


def shown(rules: str, name: str | None = None, *, width: int = 80, only: tuple[str, ...] = ()) -> str:
    return render_table(table(rules, name, only), width=width, colour=False)


def test_the_sale_as_it_is_refuted() -> None:
    assert shown(SALE) == dedent("""\
        Sale campaign (partition sale)

                           Previous visits →
        ╭────────────────┬───────┬─────────────┬────────────╮
        │ Traffic source │ None  │ One or more │ unknown    │
        ├────────────────┼───────┼─────────────┼────────────┤
        │ Sale ad        │ S1 🎯 │ S3 🤑       │ — nobody — │
        │ Other          │ S2 👋 │ S3 🤑       │ — nobody — │
        │ unknown        │ S2 👋 │ S3 🤑       │ — nobody — │
        ╰────────────────┴───────┴─────────────┴────────────╯
        S1  🎯 New, from the sale ad
        S2  👋 New, not from the ad
        S3  🤑 Been here before

        — nobody —  3 of 9 combinations are in no segment.
        """)


def test_the_sale_as_it_is_proved() -> None:
    assert shown(SALE.replace("integer 0..", "integer 0.. default 0")) == dedent("""\
        Sale campaign (partition sale)

                           Previous visits →
        ╭────────────────┬─────────────────────────────┬────────────────────────╮
        │ Traffic source │ None                        │ One or more            │
        ├────────────────┼─────────────────────────────┼────────────────────────┤
        │ Sale ad        │ S1 🎯 New, from the sale ad │ S3 🤑 Been here before │
        │ Other          │ S2 👋 New, not from the ad  │ S3 🤑 Been here before │
        │ unknown        │ S2 👋 New, not from the ad  │ S3 🤑 Been here before │
        ╰────────────────┴─────────────────────────────┴────────────────────────╯

        Each of the 6 combinations is in exactly one segment.
        """)


def test_where_a_grid_is_too_wide_it_is_a_list() -> None:
    assert shown(SALE, width=50).splitlines()[2:8] == [
        "╭────────────────┬─────────────────┬────────────╮",
        "│ Traffic source │ Previous visits │ Segment    │",
        "├────────────────┼─────────────────┼────────────┤",
        "│ Sale ad        │ None            │ S1 🎯      │",
        "│                │ One or more     │ S3 🤑      │",
        "│                │ unknown         │ — nobody — │",
    ]


def test_one_dimension_is_a_list_in_the_notation_of_rules() -> None:
    rules = """\
        dimension country: text
        segment nordic "❄️ Nordic": country in ("SE", "NO", "FI", "DK", "IS")
        segment home: country == "GB"
        segment abroad: country is known and not nordic and not home
        segment lost: country is unknown
        partition by_country: nordic, home, abroad, lost
        """
    assert shown(rules) == dedent("""\
        Partition by_country

        ╭─────────────────────────────┬──────────────────╮
        │ country                     │ Segment          │
        ├─────────────────────────────┼──────────────────┤
        │ "DK", "FI", "IS" and 2 more │ nordic ❄️ Nordic │
        │ "GB"                        │ home             │
        │ anything else               │ abroad           │
        │ unknown                     │ lost             │
        ╰─────────────────────────────┴──────────────────╯

        Each of the 4 combinations is in exactly one segment.
        """)


def test_three_dimensions_with_an_overlap() -> None:
    assert shown(TIERS, "tiers") == dedent("""\
        Partition tiers

                              device →
        ╭─────────┬─────────┬───────────────────────┬───────────────────────╮
        │ spend   │ Visits  │ "desktop"             │ "mobile", "tablet"    │
        ├─────────┼─────────┼───────────────────────┼───────────────────────┤
        │ 0..<500 │ 0..3    │ — nobody —            │ rest                  │
        │         │ 4..8    │ — nobody —            │ rest                  │
        │         │ 9..     │ fans 💚               │ fans 💚               │
        │         │ unknown │ — nobody —            │ rest                  │
        ├─────────┼─────────┼───────────────────────┼───────────────────────┤
        │ 500..   │ 0..3    │ — nobody —            │ rest                  │
        │         │ 4..8    │ gold 🥇               │ gold 🥇               │
        │         │ 9..     │ ⚠ gold 🥇 and fans 💚 │ ⚠ gold 🥇 and fans 💚 │
        │         │ unknown │ — nobody —            │ rest                  │
        ├─────────┼─────────┼───────────────────────┼───────────────────────┤
        │ unknown │ 0..3    │ — nobody —            │ rest                  │
        │         │ 4..8    │ — nobody —            │ rest                  │
        │         │ 9..     │ fans 💚               │ fans 💚               │
        │         │ unknown │ — nobody —            │ rest                  │
        ╰─────────┴─────────┴───────────────────────┴───────────────────────╯
        gold  🥇 Gold
        fans  💚 Big fans

        — nobody —  8 of 24 combinations are in no segment.
        ⚠  2 of 24 combinations are in more than one segment.
        """)


def test_a_priority_list_gives_the_first_and_the_rest() -> None:
    found = table(TIERS, "best")
    answers = {answer for row in found.rows for square in row.squares for answer in square.answers}
    assert {answer.segments for answer in answers} == {("gold",), ("fans",), ("rest",), ("nothing_special",)}
    assert {answer.standing for answer in answers} == {Standing.FINE}
    assert shown(TIERS, "best").startswith("Best offer (priority list best)\n")


def test_text_tests_are_columns_and_contradictions_are_left_out() -> None:
    rules = """\
        dimension path: text
        dimension tags: set of text
        segment blog: path starts with "/blog/"
        segment shop "🛒 Shop": path starts with "/shop/" and not tags has "vip"
        """
    assert shown(rules, width=90) == dedent("""\
        All segments

                                                                  tags has "vip" →
        ╭───────────────────────────┬───────────────────────────┬──────┬────────────────╮
        │ path starts with "/blog/" │ path starts with "/shop/" │ yes  │ no, or unknown │
        ├───────────────────────────┼───────────────────────────┼──────┼────────────────┤
        │ yes                       │ no, or unknown            │ blog │ blog           │
        ├───────────────────────────┼───────────────────────────┼──────┼────────────────┤
        │ no, or unknown            │ yes                       │ —    │ shop 🛒 Shop   │
        │                           │ no, or unknown            │ —    │ —              │
        ╰───────────────────────────┴───────────────────────────┴──────┴────────────────╯
        """)
    found = table(rules)
    assert [axis.title for axis in found.axes] == [
        'path starts with "/blog/"',
        'path starts with "/shop/"',
        'tags has "vip"',
    ]
    assert found.axes[0].states == ("yes", "no, or unknown")
    assert [row.states for row in found.rows] == [
        ("yes", "no, or unknown"),
        ("no, or unknown", "yes"),
        ("no, or unknown", "no, or unknown"),
    ]
    assert [square.answers[0].segments for square in found.rows[1].squares] == [(), ("shop",)]


def test_combinations_that_nobody_can_be_in() -> None:
    rules = """\
        dimension path: text
        segment org: path ends with ".org"
        segment home: path == "/"
        segment other: path is unknown
        """
    assert shown(rules) == dedent("""\
        All segments

                          path ends with ".org" →
        ╭───────────────┬─────┬───────╮
        │ path          │ yes │ no    │
        ├───────────────┼─────┼───────┤
        │ "/"           │ ·   │ home  │
        │ anything else │ org │ —     │
        │ unknown       │ ·   │ other │
        ╰───────────────┴─────┴───────╯

        ·  nobody can be in this combination.
        """)


def test_what_is_outside_of_the_segment_that_is_divided() -> None:
    rules = """\
        dimension n: integer
        dimension member: boolean required
        segment members: member
        segment low: n < 5 and member
        segment high: n > 4
        partition levels of members: low, high
        """
    assert shown(rules) == dedent("""\
        Partition levels

                    member →
        ╭─────────┬────────────────────────────┬────────────╮
        │ n       │ false                      │ true       │
        ├─────────┼────────────────────────────┼────────────┤
        │ ..4     │ (not in members)           │ low        │
        │ 5..     │ ⚠ high, but not in members │ high       │
        │ unknown │ (not in members)           │ — nobody — │
        ╰─────────┴────────────────────────────┴────────────╯

        — nobody —  1 of 6 combinations is in no segment.
        ⚠  1 of 6 combinations is in a segment, but not in members.
        """)


def test_dimensions_that_are_left_open() -> None:
    assert shown(SALE, only=("visits",)) == dedent("""\
        Sale campaign (partition sale)

        ╭─────────────────┬───────────────────────────────╮
        │ Previous visits │ Segment                       │
        ├─────────────────┼───────────────────────────────┤
        │ None            │ S1 🎯 New, from the sale ad   │
        │                 │ or S2 👋 New, not from the ad │
        │ One or more     │ S3 🤑 Been here before        │
        │ unknown         │ — nobody —                    │
        ╰─────────────────┴───────────────────────────────╯

        — nobody —  in 1 of 3 combinations somebody is in no segment.
        Left open: Traffic source. A cell shows all that visitors in it can get.
        """)


def test_too_many_combinations_are_cut_and_it_is_said_how_to_narrow() -> None:
    names = [f"d{number}" for number in range(7)]
    rules = "".join(f"dimension {name}: integer\n" for name in names)
    rules += "".join(f"segment s{name}: {name} in 1..3\n" for name in names)
    rules += f"partition p: {', '.join(f's{name}' for name in names)}\n"
    found = table(rules)
    assert found.squares == 3**7
    assert found.looked_at == sum(len(row.squares) for row in found.rows) <= 400
    said = render_table(found, width=100, colour=False)
    assert "There are 2,187 combinations; 1,788 are left out here." in said
    assert "--only d0" in said
    assert "Each of the" not in said
    narrowed = table(rules, only=("d0", "d1"))
    assert [len(row.squares) for row in narrowed.rows] == [3, 3, 3]
    assert narrowed.count(Standing.GAP) == 4, "a gap is not lost among other answers"
    assert any(square.more for row in narrowed.rows for square in row.squares)


def test_rules_that_move_with_the_clock() -> None:
    rules = """\
        dimension seen: datetime
        dimension birthday: date
        segment fresh: seen within 30 days
        segment may: month(birthday) == 5
        priority p: fresh, may
        """
    found = table(rules)
    assert found.now == NOW
    assert found.axes[1].states == ("5", "anything else", "unknown")
    said = render_table(found, width=80, colour=False)
    assert "above 2025-12-21T00:00:00Z, at most" in said
    assert "The rules move with the clock; this is how they are at 2026-01-20T00:00:00Z." in said


def test_where_no_visitor_is_found_it_is_said() -> None:
    rules = "dimension a: number\nsegment s: a - a == 1\npartition p: s\n"
    assert "?  no visitor in this combination was found; there may be none." in shown(rules)


def test_ranges_in_the_notation_of_rules() -> None:
    rules = """\
        dimension spend: number
        dimension signup: date
        dimension app: version
        segment a: spend > 5 and spend <= 10
        segment b: signup in 2026-01-01..2026-01-31
        segment c: app >= "2.1"
        """
    assert [axis.states for axis in table(rules).axes] == [
        ("..5, above 10", "above 5, at most 10", "unknown"),
        ("..2025-12-31, 2026-02-01..", "2026-01-01..2026-01-31", "unknown"),
        ("below 2.1", "2.1..", "unknown"),
    ]


def test_conditions_that_read_nothing() -> None:
    assert "Everybody is in exactly one segment." in shown("segment a: true\nsegment b: false\npartition p: a, b\n")


@pytest.mark.parametrize("name", ["tiers", "best"])
def test_every_example_visitor_gets_what_its_square_says(name: str) -> None:
    rules = loads(TIERS)
    for row in table(TIERS, name).rows:
        for square in row.squares:
            assert square.reach is Reach.SOMEBODY
            (answer,) = square.answers
            holding = tuple(rules.matching(square.visitor, now=NOW))
            given = rules.partitions[name].assign(square.visitor, NOW)
            assert answer.segments == (holding if name == "tiers" else (given,))


def test_the_table_agrees_with_the_proof() -> None:
    for rules in (SALE, SALE.replace("integer 0..", "integer 0.. default 0"), TIERS):
        (name, verdict), *_ = loads(rules).check().partitions.items()
        found = table(rules, name)
        refuted = {type(one).__name__ for one in (verdict.covering, verdict.exclusive)}
        clean = not found.count(Standing.GAP) and not found.count(Standing.OVERLAP)
        assert clean is (refuted == {"Proved"})


def test_plain_data() -> None:
    data = table(SALE).to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["axes"][1]["states"] == ["None", "One or more", "unknown"]
    assert data["cells"][0] == {
        "states": ["Sale ad", "None"],
        "possible": True,
        "answers": [{"segments": ["S1"], "standing": "fine"}],
        "more": False,
        "visitor": {"source": "sale_ad", "visits": 0},
    }


def test_markdown() -> None:
    assert to_markdown(table(SALE.replace("Sale ad", "Sale | ad"))) == dedent("""\
        **Sale campaign (partition sale)**

        | Traffic source ↓ / Previous visits → | None | One or more | unknown |
        | --- | --- | --- | --- |
        | Sale \\| ad | S1 🎯 New, from the sale ad | S3 🤑 Been here before | **— nobody —** |
        | Other | S2 👋 New, not from the ad | S3 🤑 Been here before | **— nobody —** |
        | unknown | S2 👋 New, not from the ad | S3 🤑 Been here before | **— nobody —** |

        - — nobody —  3 of 9 combinations are in no segment.
        """)


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_it_fits_the_width_and_its_edges_are_straight(width: int) -> None:
    for rules, name in ((SALE, "sale"), (TIERS, "tiers"), (SALE.replace("Sale ad", "広告"), None)):
        lines = shown(rules, name, width=width).splitlines()
        assert max(map(cell_len, lines)) <= width
        assert len({cell_len(line) for line in lines if line.startswith(("│", "╭", "├", "╰"))}) == 1


def test_colour_adds_nothing_but_colour() -> None:
    coloured = render_table(table(TIERS, "tiers"), width=80, colour=True)
    assert "\x1b[1;31m— nobody —" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == shown(TIERS, "tiers").splitlines()


def test_control_characters_in_labels_do_not_get_out() -> None:
    said = shown('dimension n "\\u{1b}[2J": integer\nsegment s "\\u{9b}x": n > 1\n')
    assert not {"\x1b", "\x9b"} & set(said)


def test_names_that_are_wrong() -> None:
    with pytest.raises(SegdslError, match='did you mean "sale"'):
        table(SALE, "sales")
    with pytest.raises(SegdslError, match="say which one to show: tiers, best"):
        table(TIERS)
    with pytest.raises(SegdslError, match='there is no dimension called "visit"; did you mean "visits"'):
        table(SALE, only=("visit",))
