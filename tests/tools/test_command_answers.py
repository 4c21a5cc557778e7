"""`segdsl explain`, `table` and `test`, and the help of every command."""

from __future__ import annotations

import json
import re
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from command_line import OVERLAPPING, SALE, run, written

from segdsl import __version__, load
from segdsl.tools.commands import segdsl
from segdsl.tools.table import render_table, to_markdown
from segdsl.tools.tabulate import table_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "sale.seg", SALE)
    return tmp_path


# explain


@pytest.mark.usefixtures("folder")
def test_explain_prints_what_the_ruleset_says() -> None:
    result = run("explain", "sale.seg", '{"visits": 3}')
    assert result.exit_code == 0
    assert result.stdout == str(load("sale.seg").explain({"visits": 3})) + "\n"
    assert result.stdout.startswith("sale: S3 🤑 Been here before\n")


@pytest.mark.usefixtures("folder")
def test_explain_some_segments() -> None:
    result = run("explain", "sale.seg", '{"visits": 3}', "--segment", "S2", "--segment", "S1", "--format", "json")
    assert [one["name"] for one in json.loads(result.stdout)["segments"]] == ["S2", "S1"]
    wrong = run("explain", "sale.seg", "{}", "--segment", "s4")
    assert wrong.exit_code == 2
    assert 'There is no segment called "s4"' in wrong.stderr


def test_explain_a_row(folder: Path) -> None:
    written(folder, "v.csv", "source,visits\nsale_ad,0\nbad\nother,7\n")
    assert run("explain", "sale.seg", "--row", "1", "v.csv").stdout.startswith("sale: S1 ")
    assert run("explain", "sale.seg", "v.csv", "--row", "3").stdout.startswith("sale: S3 ")
    bad = run("explain", "sale.seg", "v.csv", "--row", "2")
    assert bad.exit_code == 2
    assert 'row 2 (line 3) of "v.csv" cannot be read' in bad.stderr
    assert '"v.csv" has no row 9' in run("explain", "sale.seg", "v.csv", "--row", "9").stderr


@pytest.mark.usefixtures("folder")
def test_explain_standard_input() -> None:
    assert run("explain", "sale.seg", "-", stdin='{"visits":\n 3}\n').stdout.startswith("sale: S3 ")


@pytest.mark.parametrize("visitor", ["", "{", "[1]", "visits: 3", "\0", "nowhere.json", "{" * 100_000])
@pytest.mark.usefixtures("folder")
def test_explain_what_is_no_visitor(visitor: str) -> None:
    result = run("explain", "sale.seg", visitor)
    assert result.exit_code == 2
    assert "error[S503]: this is no visitor" in result.stderr


@pytest.mark.usefixtures("folder")
def test_explain_a_file_without_a_row() -> None:
    assert "try: --row 1 sale.seg" in run("explain", "sale.seg", "sale.seg").stderr
    assert "Say who: a JSON object" in run("explain", "sale.seg").stderr


@pytest.mark.usefixtures("folder")
def test_explain_unusable_rules_as_json() -> None:
    result = run("explain", "nowhere.seg", "{}", "--format", "json")
    assert result.exit_code == 2
    assert [one["code"] for one in json.loads(result.stdout)["findings"]] == ["S501"]


# table


@pytest.mark.usefixtures("folder")
def test_table_in_each_form() -> None:
    table = table_of(load("sale.seg").program)
    assert run("table", "sale.seg").stdout == render_table(table, width=80, colour=False)
    assert run("table", "sale.seg", "--format", "markdown").stdout.rstrip() == to_markdown(table).rstrip()
    assert json.loads(run("table", "sale.seg", "--format", "json").stdout) == table.to_dict()


def test_table_of_one_of_several(folder: Path) -> None:
    written(folder, "two.seg", SALE + "priority first: S1, S2 otherwise rest\n")
    several = run("table", "two.seg")
    assert several.exit_code == 2
    assert "sale, first" in several.stderr
    assert "first" in run("table", "two.seg", "--partition", "first").stdout
    assert 'did you mean "first"?' in run("table", "two.seg", "--partition", "frist").stderr
    assert "visits" not in run("table", "two.seg", "--partition", "first", "--only", "source").stdout.split("\n\n")[1]


# test


@pytest.mark.usefixtures("folder")
def test_tests_that_pass() -> None:
    result = run("test", "sale.seg")
    assert result.exit_code == 0
    assert result.stdout == "✔ ad newcomer\n\n1 test passed\n"


def test_tests_that_fail(folder: Path) -> None:
    written(folder, "bad.seg", OVERLAPPING)
    result = run("test", "sale.seg", "bad.seg")
    assert result.exit_code == 1
    assert result.stdout == dedent(
        """\
        sale.seg
          ✔ ad newcomer
        bad.seg
          ✘ ad newcomer

        error[S410]: the test visitor "ad newcomer" is in other segments than expected
          --> bad.seg:10:59
           |
         6 | segment S3 "🤑 Been here before": visits >= 0
           |         -- not expected
        ...
        10 | test "ad newcomer": {source: "sale_ad", visits: 0} expect S1
           |                                                           ^^
           = why: "S3" holds too
           = try: change the rules, or: expect S1, S3

        2 tests, 1 failed
        """
    )


def test_tests_as_json(folder: Path) -> None:
    written(folder, "bad.seg", OVERLAPPING)
    document = json.loads(run("test", "bad.seg", "nowhere.seg", "--format", "json").stdout)
    assert document["ok"] is False
    assert document["files"][0]["tests"] == [
        {"name": "ad newcomer", "passed": False, "expected": ["S1"], "missing": [], "unexpected": ["S3"]}
    ]
    assert [one["usable"] for one in document["files"]] == [True, False]


def test_no_tests_and_no_file(folder: Path) -> None:
    written(folder, "none.seg", "dimension a: boolean\nsegment s: a\n")
    result = run("test", "none.seg")
    assert result.exit_code == 0
    assert result.stdout.startswith("no tests in here; add one: ")
    missing = run("test", "none.seg", "nowhere.seg")
    assert missing.exit_code == 2
    assert missing.stdout.endswith("\n\nno tests, 1 file could not be used\n")


def test_now_for_tests_without_their_own(folder: Path) -> None:
    written(
        folder, "now.seg", 'dimension d: date\nsegment new: d == today\ntest "on the day": {d: 2026-01-31} expect new\n'
    )
    assert run("test", "now.seg", "--now", "2026-01-31T12:00Z").exit_code == 0
    assert run("test", "now.seg", "--now", "2026-02-01").exit_code == 1


# help


@pytest.mark.parametrize("command", sorted(segdsl.commands))
def test_the_help_of_each_command_teaches_by_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    examples = re.findall(rf"^ +(?:\w.* \| )?segdsl {command} \S+", result.stdout, re.MULTILINE)
    assert len(examples) >= 3
    assert "Exit status: 0 " in result.stdout


def test_help_and_version() -> None:
    assert run("--version").stdout == f"segdsl {__version__}\n"
    assert "segdsl check sale.seg" in run("--help").stdout
    commands = ["assign", "build", "check", "diff", "explain", "fmt", "shares", "table", "test"]
    assert sorted(segdsl.commands) == commands
