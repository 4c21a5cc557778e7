"""`segdsl shares`: how much of the table each segment takes, and how many of the visitors, to the letter."""

from __future__ import annotations

import json
from fractions import Fraction
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from command_line import ROOT, SALE, process, run, written

from segdsl.ruleset import loads
from segdsl.text.columns import columns_of
from segdsl.tools.assign import chooser_for
from segdsl.tools.commands import segdsl
from segdsl.tools.options import this_moment
from segdsl.tools.screen import Screen
from segdsl.tools.shares_report import drawn
from segdsl.tools.visitor_shares import of_cells

if TYPE_CHECKING:
    from pathlib import Path

DATA = "source,visits\nsale_ad,0\nsale_ad,0\nsale_ad,0\nother,0\nother,\n,5\n"
EXAMPLES = ROOT / "examples"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "sale.seg", (EXAMPLES / "sale" / "sale.seg").read_text(encoding="utf-8"))
    written(tmp_path, "data.csv", DATA)
    return tmp_path


def shown(*words: str | Path, width: int = 80) -> str:
    result = CliRunner(env={"COLUMNS": str(width)}).invoke(
        segdsl, ["shares", *map(str, words)], prog_name="segdsl", catch_exceptions=False
    )
    assert (result.exit_code, result.stderr) == (0, "")
    return "\n".join(line.rstrip() for line in result.stdout.split("\n"))


def document(*words: str | Path) -> Any:
    return json.loads(shown(*words, "--format", "json"), parse_float=pytest.fail)


@pytest.mark.usefixtures("folder")
def test_the_sale() -> None:
    assert shown("sale.seg") == dedent(
        """\
        Sale campaign: 9 cells

                                                     cells
          🎯 New, from the sale ad (S1)  1/9         11.1%   ██▋
          👋 New, not from the ad (S2)   2/9         22.2%   █████▍
          🤑 Been here before (S3)       3/9  = 1/3  33.3%   ████████
          sum                            6/9  = 2/3  66.7%
          in no segment                  3/9  = 1/3  33.3%   ████████
          in several                     0/9          0.0%

        Cells are not visitors: each is a combination that the rules tell apart.
        """
    )


@pytest.mark.usefixtures("folder")
def test_the_sale_with_visitors() -> None:
    assert shown("sale.seg", "--data", "data.csv") == dedent(
        """\
        Sale campaign: 9 cells, 6 visitors in data.csv

                                                     cells  visitors    gap  fewer│more
          🎯 New, from the sale ad (S1)  1/9         11.1%  3  50.0%  +38.9       │█████
          👋 New, not from the ad (S2)   2/9         22.2%  1  16.7%   −5.6      ▐│
          🤑 Been here before (S3)       3/9  = 1/3  33.3%  1  16.7%  −16.7     ██│
          sum                            6/9  = 2/3  66.7%  5  83.3%              │
          in no segment                  3/9  = 1/3  33.3%  1  16.7%  −16.7     ██│
          in several                     0/9          0.0%  0   0.0%    0.0       │

        gap: the share of visitors less the share of cells, in percentage points.
        Cells are not visitors: each is a combination that the rules tell apart.

        What was not known:
          source: 1 not given
          visits: 1 not given
        """
    )


def test_the_sessions_of_a_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES / "shoppers")
    assert shown("shoppers.seg", "--data", "sessions.csv") == dedent(
        """\
        What to do for a session: 27 cells, 12,330 visitors in sessions.csv

                                               cells        visitors    gap  fewer│more
          🔥 Close to buying (hot)      9/27   33.3%   2,730   22.1%  −11.2  ▐████│
          ✨ New here (newcomers)       6/27   22.2%   1,313   10.6%  −11.6  ▐████│
          🧭 Looking around (explore…   4/27   14.8%   3,358   27.2%  +12.4       │█████
          🚶 Passing by (passers_by)    8/27   29.6%   4,929   40.0%  +10.3       │████
          sum                          27/27  100.0%  12,330  100.0%              │
          in no segment                 0/27    0.0%       0    0.0%    0.0       │
          in several                    0/27    0.0%       0    0.0%    0.0       │

        gap: the share of visitors less the share of cells, in percentage points.
        Cells are not visitors: each is a combination that the rules tell apart.
        """
    )


@pytest.mark.parametrize("width", [40, 50, 60, 80, 100])
@pytest.mark.usefixtures("folder")
def test_every_line_fits_the_terminal(width: int) -> None:
    for words in (["sale.seg"], ["sale.seg", "--data", "data.csv"]):
        lines = shown(*words, width=width).split("\n")
        assert max(map(columns_of, lines)) <= width
        assert sum("%" in line for line in lines) == 6
    assert shown("sale.seg", "--data", "data.csv", width=40).startswith(
        dedent(
            """\
            Sale campaign: 9 cells, 6 visitors in
            data.csv

                              cells  visitors    gap
              🎯 New, from …  11.1%  3  50.0%  +38.9
            """
            if width == 40
            else "Sale campaign: 9 cells, 6 visitors in\n"
        )
    )


@pytest.mark.usefixtures("folder")
def test_as_json() -> None:
    assert document("sale.seg", "--data", "data.csv") == {
        "partition": "sale",
        "label": "Sale campaign",
        "cells": 9,
        "not_counted": None,
        "now": None,
        "of": None,
        "segments": [
            {
                "name": "S1",
                "label": "🎯 New, from the sale ad",
                "cells": 1,
                "share_of_cells": "1/9",
                "visitors": 3,
                "share_of_visitors": "1/2",
            },
            {
                "name": "S2",
                "label": "👋 New, not from the ad",
                "cells": 2,
                "share_of_cells": "2/9",
                "visitors": 1,
                "share_of_visitors": "1/6",
            },
            {
                "name": "S3",
                "label": "🤑 Been here before",
                "cells": 3,
                "share_of_cells": "1/3",
                "visitors": 1,
                "share_of_visitors": "1/6",
            },
        ],
        "sum": {"cells": 6, "share_of_cells": "2/3", "visitors": 5, "share_of_visitors": "5/6"},
        "in_no_segment": {"cells": 3, "share_of_cells": "1/3", "visitors": 1, "share_of_visitors": "1/6"},
        "in_several": {"cells": 0, "share_of_cells": "0/1", "visitors": 0, "share_of_visitors": "0/1"},
        "outside": None,
        "data": {
            "file": "data.csv",
            "rows": 6,
            "unknown": [
                {"dimension": "source", "absent": 1, "unread": 0, "example": None},
                {"dimension": "visits", "absent": 1, "unread": 0, "example": None},
            ],
            "no_column": [],
            "skipped": 0,
            "bad_rows": [],
        },
    }
    assert document("sale.seg")["data"] is None
    assert "visitors" not in document("sale.seg")["segments"][0]


OVERLAPPING = """\
dimension visits: integer 0.. required
segment few "Few": visits < 5
segment some "Some": visits in 3..9
segment many "Many": visits > 20
"""


def test_a_visitor_in_two_segments_counts_in_both(folder: Path) -> None:
    written(folder, "some.csv", "visits\n" + "".join(f"{visits}\n" for visits in (0, 3, 4, 8, 12, 30)))
    for text in (OVERLAPPING, OVERLAPPING + "partition p: few, some, many\n"):
        written(folder, "o.seg", text)
        found = document("o.seg", "--data", "some.csv")
        assert [(one["cells"], one["visitors"]) for one in found["segments"]] == [(2, 3), (2, 3), (1, 1)]
        assert [found[name]["visitors"] for name in ("sum", "in_no_segment", "in_several")] == [7, 1, 2]
        assert [found[name]["cells"] for name in ("sum", "in_no_segment", "in_several")] == [5, 1, 1]
        assert (found["cells"], found["sum"]["share_of_visitors"]) == (5, "7/6")
        assert "Who is in several segments counts in each of them, and as often in the sum." in shown("o.seg")
    written(folder, "o.seg", OVERLAPPING + "priority p: few, some otherwise rest\n")
    first = document("o.seg", "--data", "some.csv")
    assert [(one["name"], one["cells"], one["visitors"]) for one in first["segments"]] == [
        ("few", 2, 3),
        ("some", 1, 1),
        ("rest", 1, 2),
    ]
    assert first["in_several"] is None
    assert "in several" not in shown("o.seg")


OF = """\
dimension member: boolean required
dimension visits: integer 0.. required
segment members "Members": member
segment fresh "Fresh": member and visits == 0
segment known: visits > 9
partition tiers "Tiers" of members: fresh, known
"""


def test_a_partition_of_a_segment(folder: Path) -> None:
    written(folder, "of.seg", OF)
    written(folder, "of.csv", "member,visits\n" + "yes,0\n" * 5 + "yes,5\nyes,50\nno,50\nno,0\nno,0\n")
    assert shown("of.seg", "--data", "of.csv") == dedent(
        """\
        Tiers of Members (members): 3 of 6 cells, 7 of 10 visitors in of.csv

                                cells  of all  visitors    gap  fewer│more
          Fresh (fresh)    1/3  33.3%   16.7%  5  71.4%  +38.1       │█████
          known            1/3  33.3%   16.7%  1  14.3%  −19.0    ▐██│
          sum              2/3  66.7%   33.3%  6  85.7%              │
          in no segment    1/3  33.3%   16.7%  1  14.3%  −19.0    ▐██│
          in several       0/3   0.0%    0.0%  0   0.0%    0.0       │
          outside members  1/6  16.7%   16.7%  1  10.0%              │

        gap: the share of visitors less the share of cells, in percentage points.
        Cells are not visitors: each is a combination that the rules tell apart.
        """
    )
    found = document("of.seg", "--data", "of.csv")
    assert found["of"] == {
        "name": "members",
        "label": "Members",
        "cells": 3,
        "share_of_cells": "1/2",
        "visitors": 7,
        "share_of_visitors": "7/10",
    }
    assert found["segments"][0] == {
        "name": "fresh",
        "label": "Fresh",
        "cells": 1,
        "share_of_cells": "1/6",
        "share_of_parent_cells": "1/3",
        "visitors": 5,
        "share_of_visitors": "5/7",
    }
    assert found["outside"] == {"cells": 1, "share_of_cells": "1/6", "visitors": 1, "share_of_visitors": "1/10"}


def test_the_columns_that_only_the_parent_reads_are_read(folder: Path) -> None:
    written(folder, "of.seg", OF)
    written(folder, "of.csv", "visits\n0\n")
    found = document("of.seg", "--data", "of.csv")
    assert (found["data"]["no_column"], found["of"]["visitors"]) == (["member"], 0)
    assert found["segments"][0]["share_of_visitors"] is None
    assert "–" in shown("of.seg", "--data", "of.csv")


def test_large_numbers_are_rounded_for_people_alone(folder: Path) -> None:
    dimensions = "\n".join(f"dimension d{number}: integer 0.." for number in range(40))
    everything = " and ".join(f"d{number} == 0" for number in range(40))
    written(folder, "big.seg", f'{dimensions}\nsegment a "Just one": {everything}\nsegment b: d1 == 0 and d2 > 0\n')
    assert shown("big.seg") == dedent(
        """\
        Segments: 1.2 × 10¹⁹ cells

                                            cells
          Just one (a)            1         <0.1%   ▏
          b              1.4 × 10¹⁸  = 1/9  11.1%   ██▋
          sum            1.4 × 10¹⁸         11.1%
          in no segment  1.1 × 10¹⁹         88.9%   █████████████████████▍
          in several              0          0.0%

        Cells are not visitors: each is a combination that the rules tell apart.
        """
    )
    found = document("big.seg")
    assert found["cells"] == 3**40
    assert found["segments"][0]["share_of_cells"] == f"1/{3**40}"
    assert Fraction(found["segments"][1]["share_of_cells"]) == Fraction(1, 9)
    rules = loads((folder / "big.seg").read_text())
    plain = drawn(of_cells(chooser_for(rules, None, None), this_moment()), Screen(80, signs=False))
    assert "Segments: 1.2e19 cells" in plain
    assert plain.isascii()


def test_what_is_not_counted_is_said(folder: Path) -> None:
    dimensions = "dimension a: number\ndimension b: number\n"
    written(folder, "tied.seg", dimensions + 'segment x "Ex": a * b > 2\nsegment y: a - b == 0\n')
    written(folder, "tied.csv", "a,b\n2,2\n1,1\n0,5\n")
    assert shown("tied.seg", "--data", "tied.csv") == dedent(
        """\
        Segments: cells not counted, 3 visitors in tied.csv

                                  cells   visitors  gap  fewer│more
          Ex (x)         not counted  –  1   33.3%            │
          y              not counted  –  2   66.7%            │
          sum            not counted  –  3  100.0%            │
          in no segment  not counted  –  1   33.3%            │
          in several     not counted  –  1   33.3%            │

        Not counted: functions or wildcards tie dimensions together, and whether
        somebody can be in every cell is not known.
        Who is in several segments counts in each of them, and as often in the sum.
        Cells are not visitors: each is a combination that the rules tell apart.
        """
    )
    assert "Not counted: functions or wildcards tie dimensions together" in shown("tied.seg")
    found = document("tied.seg", "--data", "tied.csv")
    assert found["cells"] is None
    assert found["not_counted"].startswith("functions or wildcards tie")
    assert [(one["cells"], one["share_of_cells"], one["visitors"]) for one in found["segments"]] == [
        (None, None, 1),
        (None, None, 2),
    ]


def test_rules_that_move_with_the_clock(folder: Path) -> None:
    written(folder, "now.seg", "dimension d: date\nsegment lately: d within 30 days\nsegment early: d < 2026-01-01\n")
    written(folder, "now.csv", "d\n2025-12-31\n2026-01-05\n2025-01-01\n")
    at = shown("now.seg", "--data", "now.csv", "--now", "2026-01-20T00:00Z")
    assert "The rules move with the clock; this is how they are at 2026-01-20T00:00:00Z." in at
    found = document("now.seg", "--data", "now.csv", "--now", "2026-01-20T00:00Z")
    assert (found["now"], found["cells"]) == ("2026-01-20T00:00:00+00:00", 5)
    assert [(one["cells"], one["visitors"]) for one in found["segments"]] == [(2, 2), (2, 2)]
    assert document("now.seg")["now"] is not None


def test_rows_that_are_bad(folder: Path) -> None:
    written(folder, "rag.csv", "source,visits\nx\nsale_ad,0\n")
    result = run("shares", "sale.seg", "--data", "rag.csv")
    assert result.exit_code == 1
    assert result.stderr == "rag.csv: row 1 (line 2) is left out: it has 1 cell, but the header names 2 columns\n"
    assert result.stdout.endswith("1 row could not be read and was left out.\n")
    strict = run("shares", "sale.seg", "--data", "rag.csv", "--strict")
    assert strict.exit_code == 2
    assert 'error[S503]: row 1 (line 2) of "rag.csv" cannot be read' in strict.stderr


def test_other_ways_to_bring_visitors(folder: Path) -> None:
    piped = run("shares", "sale.seg", "--data", "-", "--input-format", "csv", stdin=DATA)
    assert piped.stdout.startswith("Sale campaign: 9 cells, 6 visitors in <stdin>\n")
    written(folder, "semi.csv", DATA.replace(",", ";"))
    assert "50.0%" in shown("sale.seg", "--data", "semi.csv", "--delimiter", ";")
    written(folder, "v.jsonl", '{"source": "sale_ad", "visits": 0}\n{}\n')
    assert document("sale.seg", "--data", "v.jsonl")["in_no_segment"]["visitors"] == 1
    rules = run("shares", "-", "--data", "data.csv", stdin=SALE)
    assert rules.stdout.startswith("Sale campaign: 9 cells, 6 visitors in data.csv\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-", "--data", "-"], "cannot both come from standard input"),
        (["nowhere.seg"], 'error[S501]: the file "nowhere.seg" cannot be read'),
        (["sale.seg", "--data", "nowhere.csv"], 'error[S501]: the file "nowhere.csv" cannot be read'),
        (["sale.seg", "--data", "-"], "--input-format csv, jsonl or parquet"),
        (["sale.seg", "--partition", "sail"], 'did you mean "sale"?'),
        (["two.seg"], "choose one with --partition sale or one or two"),
    ],
)
def test_what_cannot_be_done(folder: Path, words: list[str], says: str) -> None:
    written(folder, "two.seg", SALE + "partition one: S1, S2\npriority two: S1, S3\n")
    result = run("shares", *words)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.usefixtures("folder")
def test_problems_as_json() -> None:
    result = run("shares", "nowhere.seg", "--format", "json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["findings"][0]["code"] == "S501"


def test_the_help_says_what_a_share_is_not() -> None:
    told = " ".join(run("shares", "--help").stdout.split())
    assert "Cells are not visitors" in told
    assert "segdsl shares sale.seg --data visitors.csv" in told


def test_as_a_process() -> None:
    done = process("shares", EXAMPLES / "sale" / "sale_fixed.seg")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"6/6" in done.stdout
