"""`segdsl assign`: sizes, what was not known, and a copy of the data that is whole or not there."""

from __future__ import annotations

import csv
import json
import os
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from command_line import ROOT, SALE, run, written

from segdsl.tools.assignment_report import percent

if TYPE_CHECKING:
    from pathlib import Path

DATA = 'source,visits,note\nsale_ad,0,"hello, ""you"""\nother,0,x\nother,abc,x\nother,-3,x\n,5,x\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "sale.seg", SALE)
    written(tmp_path, "data.csv", DATA)
    return tmp_path


def left(folder: Path) -> list[str]:
    """Names of files that were not there before."""
    return sorted({path.name for path in folder.iterdir()} - {"sale.seg", "data.csv"})


@pytest.mark.usefixtures("folder")
def test_the_summary() -> None:
    result = run("assign", "sale.seg", "data.csv")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == dedent(
        """\
        Sale campaign: 5 visitors in data.csv

          🎯 New, from the sale ad (S1)  1   20.0%   ████▊
          👋 New, not from the ad (S2)   1   20.0%   ████▊
          🤑 Been here before (S3)       3   60.0%   ██████████████▍
          in no segment                  0    0.0%

        What was not known:
          source: 1 not given
          visits: 2 not readable
            in row 3 it is "abc", not a whole number
        """
    )


def test_every_line_of_it_fits_a_narrow_terminal(folder: Path) -> None:
    written(folder, "long.seg", SALE.replace("Been here before", "Somebody who has been here before, " * 4))
    for width in ("40", "60", "100"):
        from click.testing import CliRunner

        from segdsl.tools.commands import segdsl

        result = CliRunner(env={"COLUMNS": width}).invoke(segdsl, ["assign", "long.seg", "data.csv"])
        sizes = result.stdout.split("\n\n")[1].split("\n")
        assert all(len(line) <= int(width) for line in sizes)
        assert "…" in sizes[2]


def test_the_data_with_a_segment_column(folder: Path) -> None:
    result = run("assign", "sale.seg", "data.csv", "-o", "out.csv", "--column", "group")
    assert result.stdout.endswith("\n\nWritten to out.csv.\n")
    assert (folder / "out.csv").read_bytes().decode() == (
        'source,visits,note,group\nsale_ad,0,"hello, ""you""",S1\n'
        "other,0,x,S2\nother,abc,x,S3\nother,-3,x,S3\n,5,x,S3\n"
    )
    assert left(folder) == ["out.csv"]


def test_line_ends_marks_and_delimiters_stay_as_they_were(folder: Path) -> None:
    written(folder, "excel.csv", b"\xef\xbb\xbfsource;visits\r\nsale_ad;0\r\n")
    run("assign", "sale.seg", "excel.csv", "--delimiter", ";", "-o", "out.csv")
    assert (folder / "out.csv").read_bytes() == b"\xef\xbb\xbfsource;visits;segment\r\nsale_ad;0;S1\r\n"
    written(folder, "tabs.tsv", "source\tvisits\nsale_ad\t0\n")
    run("assign", "sale.seg", "tabs.tsv", "-o", "out.tsv")
    assert (folder / "out.tsv").read_text() == "source\tvisits\tsegment\nsale_ad\t0\tS1\n"
    run("assign", "sale.seg", "tabs.tsv", "-o", "out.csv")
    assert (folder / "out.csv").read_text() == "source,visits,segment\nsale_ad,0,S1\n"


def test_json_lines_stay_as_they_were(folder: Path) -> None:
    written(
        folder, "v.jsonl", '{"visits": 0, "price": 1.10, "source": "sale_ad"}\n\n{}\n{"visits": "3"}\n{"visits": NaN}\n'
    )
    result = run("assign", "sale.seg", "v.jsonl", "-o", "out.jsonl")
    assert (folder / "out.jsonl").read_text() == (
        '{"visits": 0, "price": 1.10, "source": "sale_ad", "segment": "S1"}\n{"segment": "S3"}\n'
        '{"visits": "3", "segment": "S3"}\n{"visits": NaN, "segment": "S3"}\n'
    )
    assert "visits: 2 not given, 1 not readable\n    in row 3 it is text, not a whole number" in result.stdout


def test_a_json_field_that_is_taken(folder: Path) -> None:
    written(folder, "v.jsonl", '{"visits": 0}\n{"visits": 0, "segment": 3}\n')
    result = run("assign", "sale.seg", "v.jsonl", "-o", "out.jsonl")
    assert result.exit_code == 2
    assert 'row 2 of the data has "segment" already' in result.stderr
    assert left(folder) == ["v.jsonl"]


def test_the_summary_as_json(folder: Path) -> None:
    written(folder, "more.csv", DATA + "only,two\n")
    result = run("assign", "sale.seg", "more.csv", "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["rows"] == 5
    assert [(one["name"], one["count"], one["share"]) for one in document["segments"]] == [
        ("S1", 1, 0.2),
        ("S2", 1, 0.2),
        ("S3", 3, 0.6),
    ]
    assert document["unknown"][1] == {
        "dimension": "visits",
        "absent": 0,
        "unread": 2,
        "example": {"row": 3, "value": "abc", "reason": 'is "abc", not a whole number'},
    }
    assert document["skipped"] == 1
    assert document["bad_rows"] == [{"row": 6, "line": 7, "problem": "it has 2 cells, but the header names 3 columns"}]


def test_bad_rows_are_told_and_left_out(folder: Path) -> None:
    written(folder, "rag.csv", "source,visits\n" + "x\n" * 7 + "sale_ad,0\n")
    result = run("assign", "sale.seg", "rag.csv", "-o", "out.csv")
    assert result.exit_code == 1
    assert result.stderr.split("\n") == [
        *(
            f"rag.csv: row {row} (line {row + 1}) is left out: it has 1 cell, but the header names 2 columns"
            for row in range(1, 6)
        ),
        "rag.csv: and 2 more rows",
        "",
    ]
    assert "7 rows could not be read and were left out." in result.stdout
    assert (folder / "out.csv").read_text() == "source,visits,segment\nsale_ad,0,S1\n"


def test_strict_stops_at_the_first_bad_row_and_writes_nothing(folder: Path) -> None:
    written(folder, "rag.csv", "source,visits\nsale_ad,0\nx\n")
    result = run("assign", "sale.seg", "rag.csv", "-o", "out.csv", "--strict")
    assert result.exit_code == 2
    assert 'error[S503]: row 2 (line 3) of "rag.csv" cannot be read' in result.stderr
    assert left(folder) == ["rag.csv"]


def test_a_column_that_is_missing(folder: Path) -> None:
    written(folder, "other.csv", "source,visit\nsale_ad,0\nx,1\n")
    result = run("assign", "sale.seg", "other.csv")
    assert result.exit_code == 0
    assert result.stdout.endswith(
        dedent(
            """\
            What was not known:
              visits: no column, in all rows
                columns are: source, visit
                try: rename the column "visit", or declare: dimension visits … from "visit"
            """
        )
    )
    strict = run("assign", "sale.seg", "other.csv", "--strict", "-o", "out.csv")
    assert strict.exit_code == 2
    assert 'error[S503]: "other.csv" has no column for "visits"' in strict.stderr
    assert left(folder) == ["other.csv"]


def test_a_dimension_that_no_rule_reads_needs_no_column(folder: Path) -> None:
    written(folder, "more.seg", SALE + "dimension unused: text\n")
    assert "unused" not in run("assign", "more.seg", "data.csv").stdout


def test_another_delimiter_is_suggested(folder: Path) -> None:
    written(folder, "semi.csv", "source;visits\nsale_ad;0\n")
    assert "try: --delimiter ';'" in run("assign", "sale.seg", "semi.csv").stdout
    written(folder, "tab.csv", "source\tvisits\nsale_ad\t0\n")
    assert "try: --delimiter tab" in run("assign", "sale.seg", "tab.csv").stdout
    assert "100.0%" in run("assign", "sale.seg", "tab.csv", "--delimiter", "tab").stdout


@pytest.mark.parametrize("sign", ["", ";;", '"', "\n"])
@pytest.mark.usefixtures("folder")
def test_a_delimiter_that_is_none(sign: str) -> None:
    result = run("assign", "sale.seg", "data.csv", "--delimiter", sign)
    assert result.exit_code == 2
    assert "is not one character, and not tab" in result.stderr


def test_dotted_dimensions_and_records(folder: Path) -> None:
    rules = (
        'dimension geo.country: text\ndimension spend: number from "totals.spend"\n'
        'segment us: geo.country == "US"\nsegment big: spend > 10\n'
    )
    written(folder, "geo.seg", rules)
    written(folder, "flat.csv", "geo.country,totals.spend\nUS,1\nDE,11\nUS,11\n,\n")
    result = run("assign", "geo.seg", "flat.csv", "-o", "out.csv")
    assert [row["segment"] for row in csv.DictReader((folder / "out.csv").read_text().splitlines())] == [
        "us",
        "big",
        "us;big",
        "",
    ]
    assert "in no segment  1   25.0%" in result.stdout
    written(folder, "named.csv", "geo.country,spend\nUS,11\n")
    run("assign", "geo.seg", "named.csv", "-o", "out.csv")
    assert (folder / "out.csv").read_text().endswith("US,11,us;big\n")
    written(folder, "deep.jsonl", '{"geo": {"country": "US"}, "totals": {"spend": 11}}\n{"geo": 3}\n')
    run("assign", "geo.seg", "deep.jsonl", "-o", "out.jsonl")
    assert [json.loads(line)["segment"] for line in (folder / "out.jsonl").read_text().splitlines()] == ["us;big", None]


def test_several_partitions(folder: Path) -> None:
    written(folder, "two.seg", SALE + 'segment new: S1 or S2\npriority campaign "First": S1, new otherwise rest\n')
    result = run("assign", "two.seg", "data.csv")
    assert result.exit_code == 2
    assert "choose one with --partition sale or campaign" in result.stderr
    shown = run("assign", "two.seg", "data.csv", "--partition", "campaign").stdout
    assert shown.startswith("First: 5 visitors in data.csv\n\n")
    assert "  rest                           3   60.0%" in shown
    assert 'did you mean "campaign"?' in run("assign", "two.seg", "data.csv", "--partition", "campain").stderr


def test_limits_and_defaults_and_promises(folder: Path) -> None:
    rules = (
        'dimension a: integer 0..9 default 0\ndimension b: one of ("x", "y") required\ndimension c: set of text\n'
        'segment s: a > 3 and b == "x" and c has "z"\n'
    )
    written(folder, "limits.seg", rules)
    written(folder, "l.csv", "a,b,c\n11,z,q|z\n5,x,z\n,,\n")
    result = run("assign", "limits.seg", "l.csv")
    assert result.stdout.endswith(
        dedent(
            """\
            What was not known:
              a: 1 not given, 1 not readable; its default stands for it
                in row 1 it is 11, beyond 9, where the declared range ends
              b: 1 not given, 1 not readable; but the rules call it required
                in row 1 it is "z", which is none of "x", "y"
              c: 1 not given
            """
        )
    )


def test_now_is_one_instant_for_all_rows(folder: Path) -> None:
    written(folder, "now.seg", 'timezone "Europe/London"\ndimension d: date\nsegment today_only: d == today\n')
    written(folder, "d.csv", "d\n2026-06-30\n2026-07-01\n")
    counts = json.loads(run("assign", "now.seg", "d.csv", "--now", "2026-06-30T23:30Z", "--format", "json").stdout)
    assert counts["segments"][0]["count"] == 1


def test_standard_input(folder: Path) -> None:
    result = run("assign", "sale.seg", "-", "--input-format", "csv", "-o", "out.csv", stdin=DATA)
    assert result.stdout.startswith("Sale campaign: 5 visitors in <stdin>\n")
    assert (folder / "out.csv").exists()
    assert "--input-format csv, jsonl or parquet" in run("assign", "sale.seg", "-", stdin=DATA).stderr
    assert "cannot both come from" in run("assign", "-", "-", stdin=DATA).stderr


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("data.csv", '"data.csv" is being read and cannot be written at the same time'),
        ("./data.csv", "is being read and cannot be written at the same time"),
        ("sale.seg", '"sale.seg" is being read'),
        ("out.parquet", "so its name has to end in .csv: -o out.csv"),
        ("out", "so its name has to end in .csv: -o out.csv"),
        ("-", "name a file to write"),
    ],
)
def test_an_output_that_makes_no_sense(folder: Path, output: str, says: str) -> None:
    result = run("assign", "sale.seg", "data.csv", "-o", output)
    assert result.exit_code == 2
    assert says.lower() in result.stderr.lower()
    assert (folder / "data.csv").read_text() == DATA
    assert left(folder) == []


@pytest.mark.usefixtures("folder")
def test_a_folder_that_is_not_there() -> None:
    result = run("assign", "sale.seg", "data.csv", "-o", "nowhere/out.csv")
    assert result.exit_code == 2
    assert 'error[S501]: the file "nowhere/out.csv" cannot be written' in result.stderr


def test_a_folder_instead_of_a_file(folder: Path) -> None:
    (folder / "out.csv").mkdir()
    result = run("assign", "sale.seg", "data.csv", "-o", "out.csv")
    assert result.exit_code == 2
    assert '"out.csv" is a folder and cannot be written' in result.stderr


def test_a_column_that_is_there_already(folder: Path) -> None:
    result = run("assign", "sale.seg", "data.csv", "-o", "out.csv", "--column", "note")
    assert result.exit_code == 2
    assert 'column "note" already: choose another name with --column' in result.stderr
    assert left(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions, and links need rights")
def test_an_old_output_keeps_its_permissions_and_links_stay_links(folder: Path) -> None:
    old = written(folder, "old.csv", "old")
    old.chmod(0o640)
    (folder / "link.csv").symlink_to("old.csv")
    assert run("assign", "sale.seg", "data.csv", "-o", "link.csv").exit_code == 0
    assert (folder / "link.csv").is_symlink()
    assert old.read_text().startswith("source,visits,note,segment\n")
    assert old.stat().st_mode & 0o777 == 0o640
    fresh = folder / "fresh.csv"
    run("assign", "sale.seg", "data.csv", "-o", "fresh.csv")
    mask = os.umask(0)
    os.umask(mask)
    assert fresh.stat().st_mode & 0o777 == 0o666 & ~mask


def test_shares_are_never_rounded_to_nothing_or_all() -> None:
    assert [percent(share) for share in (0.0, 0.0001, 0.0005, 0.5, 0.9999, 1.0)] == [
        "0.0%",
        "<0.1%",
        "0.1%",
        "50.0%",
        ">99.9%",
        "100.0%",
    ]


def test_no_rows_at_all(folder: Path) -> None:
    written(folder, "none.csv", "source,visits\n")
    result = run("assign", "sale.seg", "none.csv", "-o", "out.csv")
    assert result.exit_code == 0
    assert "in no segment                  0    0.0%" in result.stdout
    assert (folder / "out.csv").read_text() == "source,visits,segment\n"


SHOPPERS = ROOT.parent / "shared" / "data" / "online_shoppers" / "sessions.csv"
SHOPPER_RULES = """\
dimension pages "Product pages": integer 0.. from "ProductRelated" required
dimension visitor "Visitor type": text from "VisitorType"
dimension bought: boolean from "Revenue"

segment buyers "Buyers": bought
segment lookers "Looked around": not bought and pages > 20
segment passers_by "Passers-by": not bought and pages <= 20

partition shop "Sessions": buyers, lookers, passers_by
"""


@pytest.mark.skipif(not SHOPPERS.exists(), reason=f"{SHOPPERS} is not there")
def test_sessions_of_a_real_shop(folder: Path) -> None:
    written(folder, "shop.seg", SHOPPER_RULES)
    assert run("check", "shop.seg").exit_code == 0
    document = json.loads(run("assign", "shop.seg", SHOPPERS, "-o", "out.csv", "--format", "json").stdout)
    with SHOPPERS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    buyers = sum(row["Revenue"] in ("1", "TRUE", "True") for row in rows)
    lookers = sum(row["Revenue"] not in ("1", "TRUE", "True") and int(row["ProductRelated"]) > 20 for row in rows)
    assert document["rows"] == len(rows)
    assert [one["count"] for one in document["segments"]] == [buyers, lookers, len(rows) - buyers - lookers]
    assert [tally["unread"] for tally in document["unknown"]] == [0, 0]
    with (folder / "out.csv").open(newline="") as file:
        copied = list(csv.DictReader(file))
    assert [{name: value for name, value in row.items() if name != "segment"} for row in copied] == rows
