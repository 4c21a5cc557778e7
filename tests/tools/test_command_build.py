"""`segdsl build`: what the file says, where it goes, and that it is the same every time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, SALE, run, written

RICH = """\
timezone "Europe/London"
dimension geo.country "Country": one of ("GB", "US") ignoring case
dimension spend: number 0..<1000 default 0
dimension level: integer 1..5 required
dimension seen: date from "last.seen"
dimension tags: set of text
segment lately: seen within 30 days
segment home: geo.country == "gb" and level > 2
segment rich: spend > 9.99 or tags has "vip"
partition seen_or_not of rich: lately, home
priority first: lately, home otherwise rest
"""


def file_of(*words: str | Path) -> dict[str, Any]:
    result = run("build", *words, "--target", "conformance")
    assert result.exit_code == 0
    read = json.loads(result.stdout)
    assert isinstance(read, dict)
    return read


@pytest.fixture
def sale(tmp_path: Path) -> Path:
    return written(tmp_path, "sale.seg", SALE)


def test_the_header_says_all_there_is_to_know(tmp_path: Path) -> None:
    path = written(tmp_path, "rich.seg", RICH)
    read = file_of(path)
    cases = read.pop("cases")
    assert read == {
        "format": "segdsl conformance",
        "version": 1,
        "rules": "rich.seg",
        "files": [{"name": "rich.seg", "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}],
        "zone": "Europe/London",
        "clock": True,
        "dimensions": [
            {
                "name": "geo.country",
                "path": ["geo", "country"],
                "kind": "text",
                "choices": ["gb", "us"],
                "ignoring_case": True,
            },
            {
                "name": "spend",
                "path": ["spend"],
                "kind": "number",
                "minimum": 0,
                "exclusiveMaximum": 1000,
                "default": 0,
            },
            {"name": "level", "path": ["level"], "kind": "integer", "minimum": 1, "maximum": 5, "required": True},
            {"name": "seen", "path": ["last", "seen"], "kind": "date"},
            {"name": "tags", "path": ["tags"], "kind": "set of text"},
        ],
        "segments": ["lately", "home", "rich"],
        "partitions": [
            {"name": "seen_or_not", "members": ["lately", "home"], "kind": "partition", "of": "rich"},
            {"name": "first", "members": ["lately", "home"], "kind": "priority", "otherwise": "rest"},
        ],
        "left_out": [],
    }
    assert all(list(case) == ["visitor", "now", "segments", "partitions", "why"] for case in cases)
    assert all(case["visitor"].get("last", {}).keys() <= {"seen"} for case in cases)


def test_a_case_of_every_sort(sale: Path) -> None:
    """On both sides of a boundary, unknown in both ways, of another type, outside, the gap or overlap, each segment."""
    cases = {json.dumps(case["visitor"]): case for case in file_of(sale)["cases"]}
    expected = {
        '{"source": "sale_ad", "visits": 0}': ["S1"],
        '{"source": "sale_ad", "visits": 1}': ["S3"],
        '{"source": "sale_ad", "visits": -1}': ["S3"],
        '{"source": "sale_ad", "visits": null}': ["S3"],
        '{"source": "sale_ad", "visits": "0"}': ["S3"],
        '{"source": "sale_ad", "visits": false}': ["S3"],
        '{"source": "sale_ad"}': ["S3"],
        '{"visits": 0}': ["S2"],
        '{"source": null, "visits": 0}': ["S2"],
        '{"source": "SALE_AD", "visits": 0}': ["S2"],
        '{"source": "sale_ad ", "visits": 0}': ["S2"],
        "{}": ["S3"],
    }
    assert {visitor: cases[visitor]["segments"] for visitor in expected} == expected
    assert cases['{"visits": 0}']["partitions"] == {"sale": "S2"}
    assert "now" not in cases["{}"]
    assert all(case["why"] for case in cases.values())


def test_each_case_is_a_line_in_the_order_of_visitors(sale: Path) -> None:
    lines = run("build", sale, "--target", "conformance").stdout.splitlines()
    cases = lines[lines.index('"cases": [') + 1 : -2]
    read = [json.loads(line.rstrip(",")) for line in cases]
    texts = [json.dumps(case["visitor"], sort_keys=True, ensure_ascii=False) for case in read]
    assert texts == sorted(texts)
    assert len(read) > 20


def test_now_stands_on_both_sides_of_a_cut_that_moves(tmp_path: Path) -> None:
    text = 'timezone "Europe/London"\ndimension seen: datetime\nsegment lately: seen within 30 days\n'
    cases = file_of(written(tmp_path, "a.seg", text))["cases"]
    answers = {(json.dumps(one["visitor"]), dt.datetime.fromisoformat(one["now"])): one["segments"] for one in cases}
    tick = dt.timedelta(microseconds=1)
    assert any(
        (visitor, now + tick) in answers and answers[visitor, now + tick] != found
        for (visitor, now), found in answers.items()
    )
    fixed = {case["visitor"]["seen"] for case in cases if isinstance(case["visitor"].get("seen"), str)}
    assert {"2025-12-02T12:00:00Z", "2025-12-02T12:00:00.000001Z"} <= fixed


def test_writing_to_a_file(sale: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    result = run("build", sale, "--target", "conformance", "-o", target)
    assert result.exit_code == 0
    assert re.fullmatch(rf"\d+ visitors written to {re.escape(str(target))}\n", result.stdout)
    assert target.read_text(encoding="utf-8") == run("build", sale, "--target", "conformance").stdout


def test_what_is_left_out_is_said(sale: Path) -> None:
    result = run("build", sale, "--target", "conformance", "--most", "5")
    assert result.exit_code == 0
    read = json.loads(result.stdout)
    assert len(read["cases"]) == 5
    assert re.fullmatch(r"up to \d+ more visitors, because there are 5 already", read["left_out"][0])
    assert result.stderr == f"left out: {read['left_out'][0]}\n"


def test_standard_input() -> None:
    result = run("build", "-", "--target", "conformance", stdin=SALE)
    assert json.loads(result.stdout)["rules"] == "<stdin>"


def test_an_unknown_target_says_which_there_are(sale: Path) -> None:
    result = run("build", sale, "--target", "sql")
    assert result.exit_code == 2
    assert "conformance" in result.stderr
    without = run("build", sale)
    assert without.exit_code == 2
    assert "conformance" in without.stderr


def test_what_cannot_be_used(sale: Path, tmp_path: Path) -> None:
    missing = run("build", tmp_path / "nowhere.seg", "--target", "conformance")
    assert missing.exit_code == 2
    assert "S501" in missing.stderr
    wrong = run("build", written(tmp_path, "wrong.seg", "segment a: visits > 3\n"), "--target", "conformance")
    assert wrong.exit_code == 2
    assert "S101" in wrong.stderr
    folder = run("build", sale, "--target", "conformance", "-o", tmp_path)
    assert folder.exit_code == 2
    assert "is a folder" in folder.stderr
    assert run("build", sale, "--target", "conformance", "-o", "-").exit_code == 2


def test_files_that_are_used_are_named(tmp_path: Path) -> None:
    written(tmp_path, "visitor.seg", "dimension visits: integer\n")
    path = written(tmp_path, "main.seg", 'use "visitor.seg"\nsegment new: visits == 0\n')
    assert [one["name"] for one in file_of(path)["files"]] == ["visitor.seg", "main.seg"]


def test_texts_that_are_hard_to_write(tmp_path: Path) -> None:
    text = 'dimension a: text\nsegment s: a starts with "\\u{0}\\n\\"" or a == "\\u{1f3af}"\n'
    cases = file_of(written(tmp_path, "a.seg", text))["cases"]
    answers = {str(one["visitor"].get("a")): one["segments"] for one in cases}
    assert answers["🎯"] == answers['\0\n"'] == ["s"]
    assert answers["\0\n"] == []


def test_the_file_does_not_depend_on_how_python_hashes(tmp_path: Path) -> None:
    path = written(tmp_path, "rich.seg", RICH)
    command = [sys.executable, "-m", "segdsl.tools.cli", "build", str(path), "--target", "conformance"]
    texts = {
        subprocess.run(
            command, capture_output=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
