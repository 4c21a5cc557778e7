"""`segdsl diff`: who is given another answer, in words, as JSON, and how many of somebody's visitors it is."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from command_line import ROOT, SALE, process, run, written

if TYPE_CHECKING:
    from pathlib import Path

NEW = SALE.replace("visits == 0", "visits <= 1").replace("visits >= 1", "visits >= 2").replace("S3", "regulars")
DATA = "source,visits\nsale_ad,0\nsale_ad,1\nother,1\nother,1\nother,2\nother,abc\n,1\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "old.seg", SALE)
    written(tmp_path, "new.seg", NEW)
    written(tmp_path, "data.csv", DATA)
    return tmp_path


def test_who_moves() -> None:
    result = run("diff", "old.seg", "new.seg")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert result.stdout == dedent(
        """\
        partition sale
          S3 → S1: source == "sale_ad" and visits == 1   (1 of 12 cells)
            for example {source: "sale_ad", visits: 1}
          S3 → S2: source != "sale_ad" and visits == 1   (2 of 12 cells)
            for example {visits: 1}   (source unknown)
          S3 → regulars   (6 of 12 cells)
            visits >= 2
            or visits is unknown
            for example {visits: 2}

        segment regulars is new
        segment S3 is gone

        different: old.seg → new.seg: visitors move in 3 ways, 1 new, 1 gone
        """
    )


def test_the_same(folder: Path) -> None:
    written(folder, "same.seg", SALE.replace("visits == 0", "visits <= 0").replace("S3", "regulars"))
    result = run("diff", "old.seg", "same.seg")
    assert result.exit_code == 0
    assert result.stdout == dedent(
        """\
        S3 is called regulars now

        the same: old.seg → same.seg: every visitor gets the same answers, but for names
        """
    )
    assert run("diff", "old.seg", "old.seg").stdout == (
        "the same: old.seg → old.seg: every visitor gets the same answers\n"
    )


def test_visitors_who_move() -> None:
    result = run("diff", "old.seg", "new.seg", "--data", "data.csv")
    assert result.exit_code == 1
    assert result.stdout.split("\n\n", 2)[2] == dedent(
        """\
        6 of 7 visitors in data.csv move (85.7%)

          sale: old ↓ new →  S1  S2  regulars
          S1                  1   ·         ·
          S3                  1   3         2

          source was not known of 1
          visits was not known of 1

        different: old.seg → new.seg: visitors move in 3 ways, 1 new, 1 gone
        """
    )


def test_visitors_of_a_segment_by_itself(folder: Path) -> None:
    written(folder, "one.seg", "dimension visits: integer 0..\nsegment vip: visits >= 2\n")
    written(folder, "two.seg", "dimension visits: integer 0..\nsegment vip: visits == 1\n")
    result = run("diff", "one.seg", "two.seg", "--data", "data.csv")
    assert result.stdout.startswith(
        "segment vip\n  leaves: visits >= 2   (1 of 4 cells)\n    for example {visits: 2}\n  joins: "
    )
    assert "5 of 7 visitors in data.csv move (71.4%)\n\n  4 join vip\n  1 leaves vip\n" in result.stdout


def test_a_column_that_is_not_there(folder: Path) -> None:
    written(folder, "odd.csv", "source,Visits\nother,1\n")
    result = run("diff", "old.seg", "new.seg", "--data", "odd.csv")
    assert 'visits has no column; did you mean "Visits"?' in result.stdout


def test_many_answers_are_listed(folder: Path) -> None:
    def rules(order: list[int]) -> str:
        segments = [f"segment answer_with_a_long_name_{n}: visits == {place}" for place, n in enumerate(order)]
        names = ", ".join(f"answer_with_a_long_name_{n}" for n in order)
        return "\n".join(["dimension visits: integer 0..", *segments, f"priority p: {names}", ""])

    written(folder, "up.seg", rules(list(range(30))))
    written(folder, "down.seg", rules(list(range(29, -1, -1))))
    written(folder, "many.csv", "visits\n" + "".join(f"{visits}\n" for visits in range(40)))
    result = run("diff", "up.seg", "down.seg", "--data", "many.csv")
    assert "  and 10 more; --format json has more of them\n" in result.stdout
    assert "30 of 40 visitors in many.csv move (75.0%)\n\n  1  answer_with_a_long_name_0 → answer_with" in result.stdout
    assert "  10  in 10 other ways\n" in result.stdout
    document = json.loads(run("diff", "up.seg", "down.seg", "--format", "json").stdout)
    assert len(document["moves"]) == 30


def test_as_json() -> None:
    result = run("diff", "old.seg", "new.seg", "--data", "data.csv", "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert (document["old"], document["new"], document["same"]) == ("old.seg", "new.seg", False)
    assert document["moves"][0]["visitor"] == {"source": "sale_ad", "visits": 1}
    assert document["data"]["rows"] == 7
    assert document["data"]["moved"] == 6
    assert document["data"]["moves"][0] == {
        "of": "partition",
        "name": "sale",
        "from": ["S3"],
        "to": ["S2"],
        "count": 3,
    }


def test_standard_input() -> None:
    assert run("diff", "-", "new.seg", stdin=SALE).exit_code == 1
    assert run("diff", "old.seg", "-", stdin=SALE).exit_code == 0
    result = run("diff", "old.seg", "new.seg", "--data", "-", "--input-format", "csv", stdin=DATA)
    assert "6 of 7 visitors in <stdin> move" in result.stdout
    result = run("diff", "-", "-", stdin=SALE)
    assert result.exit_code == 2
    assert "Only one of the files can come from standard input." in result.stderr


def test_what_cannot_be_used(folder: Path) -> None:
    written(folder, "bad.seg", "segment S: nowhere > 3\n")
    for words in (("old.seg", "bad.seg"), ("bad.seg", "old.seg"), ("old.seg", "not_there.seg")):
        result = run("diff", *words)
        assert result.exit_code == 2
        assert "error[" in result.stderr
        assert result.stdout == ""


def test_what_is_not_decided(folder: Path) -> None:
    rules = 'timezone "{}"\ndimension seen: datetime\nsegment fresh: seen == today\n'
    written(folder, "one.seg", rules.format("UTC"))
    written(folder, "two.seg", rules.format("Europe/Oslo"))
    result = run("diff", "one.seg", "two.seg")
    assert result.exit_code == 1
    assert result.stdout == dedent(
        """\
        segment fresh
          not decided: whether others move; the timezone is another one now, and days and hours are counted in it

        seen is another dimension now: its times are read in another timezone

        not decided: one.seg → two.seg: nobody was found who gets another answer
        """
    )


def test_real_sessions() -> None:
    rules = "examples/shoppers/shoppers.seg"
    done = process("diff", rules, rules, "--data", "examples/shoppers/sessions.csv")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("0 of 12,330 visitors in examples/shoppers/sessions.csv move (0.0%)\n")
    assert (ROOT / rules).is_file()
