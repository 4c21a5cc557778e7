"""`segdsl check`: findings, a verdict in words for each claim, and an exit status that can be trusted."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from command_line import OVERLAPPING, SALE, run, written

from segdsl.text.codes import CODES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def last_lines(text: str, number: int) -> list[str]:
    return text.rstrip("\n").split("\n")[-number:]


def test_a_proved_file(folder: Path) -> None:
    written(folder, "sale.seg", SALE)
    result = run("check", "sale.seg")
    assert result.exit_code == 0
    assert result.stdout == dedent(
        """\
        proved: "sale" — its 3 segments never overlap and cover every visitor
        tests: 1 of 1 test visitor in the segments expected
        sale.seg: no problems
        """
    )


def test_a_refuted_file_names_the_overlap_and_shows_a_visitor(folder: Path) -> None:
    written(folder, "bad.seg", OVERLAPPING)
    result = run("check", "bad.seg")
    assert result.exit_code == 1
    assert 'error[S401]: "S1" and "S3" overlap, but "sale" says that they never do' in result.stdout
    assert '= visitor: {source: "sale_ad", visits: 0}' in result.stdout
    assert last_lines(result.stdout, 3) == [
        'false: "sale" — "S1" and "S3" overlap (and 1 other pair), and not every visitor is in one of them',
        "tests: 0 of 1 test visitor in the segments expected",
        "bad.seg: 4 errors",
    ]


CLAIMS = """\
dimension visits: integer 0..
dimension member: boolean required
segment all_of_them: true
segment some: visits > 3
segment few: visits <= 3 or visits is unknown
segment members: member
segment gold: member and some
segment silver: member and few
"""


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("partition p: some, few", 'proved: "p" — its 2 segments never overlap and cover every visitor'),
        ("partition p: all_of_them", 'proved: "p" — its one segment covers every visitor'),
        ("partition p: some", 'false: "p" — not every visitor is in its one segment'),
        (
            "partition p: gold, few",
            'false: "p" — its 2 segments never overlap, but not every visitor is in one of them',
        ),
        (
            "partition p: some, all_of_them",
            'false: "p" — "some" and "all_of_them" overlap, though its 2 segments cover every visitor',
        ),
        (
            "partition p of members: gold, silver",
            'proved: "p" — its 2 segments never overlap and cover everybody in "members" and nobody else',
        ),
        (
            "partition p of members: some, silver",
            'false: "p" — its 2 segments never overlap and cover everybody in "members",'
            ' and somebody outside "members" is in one of them',
        ),
        (
            "priority p: gold, members",
            'proved: "p" — the first match wins, and each of its 2 segments has somebody; all others get nothing',
        ),
        (
            "priority p: gold otherwise rest",
            'proved: "p" — the first match wins, and its one segment has somebody; all others get "rest"',
        ),
        (
            "priority p: some, few",
            'proved: "p" — the first match wins, and each of its 2 segments has somebody; every visitor gets one',
        ),
        (
            "priority p: some, few otherwise rest",
            'proved: "p" — the first match wins, and each of its 2 segments has somebody;'
            ' nobody is left over for "rest"',
        ),
        ("priority p: members, gold", 'careful: "p" — nobody ever gets "gold"; all others get nothing'),
        (
            "states visits: none = 0, more = otherwise",
            'proved: states of "visits" — its 2 states never overlap and cover every value',
        ),
        (
            "states visits: none = 0, more = 1..",
            'false: states of "visits" — its 2 states never overlap, but not every value is in one of them',
        ),
        ("assert gold implies member", "proved: assert gold implies member — holds for every visitor"),
        ("assert not gold", "false: assert not gold — does not hold for everybody"),
    ],
)
def test_every_kind_of_claim_in_words(folder: Path, claim: str, line: str) -> None:
    written(folder, "claims.seg", CLAIMS + claim + "\n")
    assert line in run("check", "claims.seg").stdout.split("\n")


HARD = """\
dimension a: number
dimension b: number
dimension m: boolean required
segment h1: a * b == 2 and a + b == 7
segment h2: a * b == 2 and a + b == 8
segment most: not (h1 and h2)
segment rest: not h1
segment members: m
"""


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("assert not h1", "not decided: assert not h1 — "),
        (
            "partition p: h1, most",
            'not decided: "p" — whether its 2 segments overlap is not decided,'
            " though together they cover every visitor",
        ),
        ("partition p of h1: h2", 'not decided: "p" — whether its one segment covers everybody in "h1" is not decided'),
        (
            "partition p of members: h1, h2",
            'false: "p" — its 2 segments never overlap, but not everybody in "members" is in one of them,'
            " and whether they take in anybody else is not decided",
        ),
        (
            "priority p: h1, h2",
            'not decided: "p" — whether anybody gets "h1" or "h2" is not decided; all others get nothing',
        ),
        (
            "priority p: rest, most",
            'not decided: "p" — whether anybody gets "most" is not decided; every visitor gets one',
        ),
    ],
)
def test_claims_that_are_not_decided(folder: Path, claim: str, line: str) -> None:
    written(folder, "hard.seg", f"{HARD}{claim}\n")
    result = run("check", "hard.seg")
    assert any(one.startswith(line) for one in result.stdout.split("\n"))


def test_personal_data_is_listed(folder: Path) -> None:
    written(
        folder,
        "p.seg",
        "dimension email: text personal\ndimension age: integer personal\n"
        "segment a: email is known and age > 3\nsegment b: a or true\n",
    )
    lines = run("check", "p.seg").stdout.split("\n")
    assert "personal data: a reads email and age" in lines
    assert "personal data: b reads email and age" in lines


def test_warnings_do_not_fail(folder: Path) -> None:
    written(folder, "w.seg", "dimension a: boolean\ndimension b: boolean\nsegment s: a or b and a\n")
    result = run("check", "w.seg")
    assert "warning[S205]" in result.stdout
    assert result.exit_code == 0


STRICT = """\
dimension email: text personal
dimension visits: integer 0..
segment regular: visits > 3
segment others: not regular
segment loyal: visits > 9
segment gold: loyal and visits != 12
"""


def test_strict_finds_what_takes_in_the_unknown_and_fails(folder: Path) -> None:
    written(folder, "s.seg", STRICT)
    assert run("check", "s.seg").stdout == "s.seg: no problems\n"
    result = run("check", "--strict", "s.seg")
    assert result.exit_code == 1
    assert result.stdout.count("warning[S418]") == 1, "visits != 12 lets in nobody who is unknown"
    assert last_lines(result.stdout, 2) == ['nested: everybody in "loyal" is in "regular" too', "s.seg: 1 warning"]
    document = json.loads(run("check", "--strict", "--format", "json", "s.seg").stdout)
    assert document["ok"] is document["files"][0]["ok"] is False
    assert document["files"][0]["within"] == {"loyal": ["regular"], "gold": ["loyal"]}


@pytest.mark.parametrize(
    "condition",
    [
        "visits != 3 and visits is known",
        "visits != 3 or visits is unknown",
        "visits != 3 and visits > 0",
        "not (visits != 3)",
        "not visits is known",
        "not known_visits",
        "sure != 3",
        "counted != 3",
        "visits is not zero",
    ],
)
def test_strict_is_content_where_the_unknown_is_spoken_of(folder: Path, condition: str) -> None:
    rules = (
        "dimension visits: integer 0..\n"
        "dimension sure: integer 0.. required\ndimension counted: integer 0.. default 0\n"
        "states visits: zero = 0, more = 1.., not_known = unknown\n"
        "segment known_visits: visits > 4 and visits is known or visits == 2 and visits is known\n"
    )
    written(folder, "s.seg", f"{rules}segment a: {condition}\n")
    assert "S418" not in run("check", "--strict", "s.seg").stdout


def test_strict_has_a_warning_for_each_rule_that_reads_personal_data(folder: Path) -> None:
    rules = "dimension email: text personal\nsegment a: email is known\nassert a or email is unknown\n"
    written(folder, "p.seg", rules)
    assert run("check", "p.seg").exit_code == 0
    result = run("check", "--strict", "p.seg")
    assert result.exit_code == 1
    assert result.stdout.count("warning[S419]") == 2
    assert "personal data: a reads" not in result.stdout


def test_quiet_prints_findings_only(folder: Path) -> None:
    written(folder, "sale.seg", SALE)
    assert run("check", "-q", "sale.seg").stdout == ""
    written(folder, "bad.seg", OVERLAPPING)
    shown = run("check", "-q", "bad.seg").stdout
    assert "error[S401]" in shown
    assert "false:" not in shown


def test_the_worst_of_several_files_counts(folder: Path) -> None:
    written(folder, "sale.seg", SALE)
    written(folder, "bad.seg", OVERLAPPING)
    assert run("check", "sale.seg", "bad.seg").exit_code == 1
    assert run("check", "sale.seg", "bad.seg", "nowhere.seg").exit_code == 2


def test_standard_input(folder: Path) -> None:
    written(folder, "shared.seg", "dimension visits: integer 0..\n")
    result = run("check", "-", stdin='use "shared.seg"\nsegment a: visits > 3\n')
    assert result.stdout == "<stdin>: no problems\n"
    assert "--> <stdin>:1:" in run("check", "-", stdin="segment a: nothing_like_it > 3\n").stdout


def test_a_file_with_mistakes_is_unusable(folder: Path) -> None:
    written(folder, "typo.seg", SALE.replace("segment S1", "segmnt S1"))
    result = run("check", "typo.seg")
    assert result.exit_code == 2
    assert last_lines(result.stdout, 1)[0].endswith("; nothing could be proved before that is mended")


def plain(value: Any) -> bool:
    """Whether something is what JSON has, and nothing else."""
    if isinstance(value, dict):
        return all(type(key) is str and plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    return value is None or type(value) in (str, int, float, bool)


def test_json_is_one_document_for_all_files(folder: Path) -> None:
    written(folder, "sale.seg", SALE)
    written(folder, "bad.seg", OVERLAPPING)
    result = run("check", "--format", "json", "sale.seg", "bad.seg", "nowhere.seg")
    document = json.loads(result.stdout)
    assert document["ok"] is False
    assert [(one["file"], one["usable"], one["ok"]) for one in document["files"]] == [
        ("sale.seg", True, True),
        ("bad.seg", True, False),
        ("nowhere.seg", False, False),
    ]
    assert document["files"][0]["claims"] == [
        {"standing": "proved", "claim": '"sale"', "words": "its 3 segments never overlap and cover every visitor"}
    ]
    assert document["files"][1]["findings"][0]["witness"]["record"] == {"source": "sale_ad", "visits": 0}


EVERY_KIND = """\
dimension t: text
dimension i: integer
dimension n: number
dimension b: boolean
dimension d: date
dimension m: datetime
dimension v: version
dimension s: set of text
dimension l: duration
dimension a: ip
dimension p: point
"""


@pytest.mark.parametrize(
    "condition",
    [
        't == "x"',
        "i == 3",
        "n == 0.5",
        "b",
        "d == 2026-01-01",
        "m > now",
        'v >= version("1.2")',
        's has "x"',
        "l > 3 days",
        'a in "10.0.0.0/8"',
        "distance(p, 51.5, 0) <= 25 km",
    ],
)
def test_witnesses_are_json_for_every_kind(folder: Path, condition: str) -> None:
    written(folder, "kinds.seg", f"{EVERY_KIND}segment hit: {condition}\nassert not hit\n")
    result = run("check", "--format", "json", "kinds.seg", "--now", "2026-01-31T18:00Z")
    findings = json.loads(result.stdout)["files"][0]["findings"]
    assert [finding["code"] for finding in findings] == ["S407"]
    assert plain(findings[0]["witness"])
    assert findings[0]["witness"]["record"]


def test_github_gets_a_command_for_each_finding(folder: Path) -> None:
    written(folder, "bad.seg", OVERLAPPING)
    lines = run("check", "--format", "github", "bad.seg").stdout.rstrip("\n").split("\n")
    assert len(lines) == 4
    assert all(line.startswith("::error file=bad.seg,line=") for line in lines)


def test_every_code_is_explained() -> None:
    for code in CODES:
        result = run("check", "--explain", code.lower())
        assert result.exit_code == 0
        assert f"[{code}]" in result.stdout


def test_an_unknown_code_brings_the_nearest_ones() -> None:
    result = run("check", "--explain", "S40")
    assert result.exit_code == 2
    assert 'There is no code "S40": did you mean S4' in result.stderr
    assert "they run from S101 to S503" in run("check", "--explain", "hello").stderr


def test_no_file_at_all() -> None:
    result = run("check")
    assert result.exit_code == 2
    assert "segdsl check sale.seg" in result.stderr


def test_now_decides_rules_that_move(folder: Path) -> None:
    written(
        folder, "now.seg", 'dimension d: date\nsegment new: d == today\ntest "on the day": {d: 2026-01-31} expect new\n'
    )
    assert run("check", "now.seg", "--now", "2026-01-31T18:00Z").exit_code == 0
    assert run("check", "now.seg", "--now", "2026-02-01T18:00Z").exit_code == 1
    assert "write it as 2026-01-31T18:00Z" in run("check", "now.seg", "--now", "noon").stderr
