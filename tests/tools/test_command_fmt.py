"""`segdsl fmt`: the canonical form in place, and repairs that each remove what they are offered for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command_line import SALE, run, written

from segdsl.text.codes import CODES, Level
from segdsl.text.source import Source
from segdsl.tools.tidy import apply, repair, spelling

if TYPE_CHECKING:
    from pathlib import Path

UNTIDY = "dimension visits:integer   0..\r\nsegment a:visits>=3\r\n\r\n\r\n# the rest\r\nsegment b:not a"
TIDY = "dimension visits: integer 0..\nsegment a: visits >= 3\n\n# the rest\nsegment b: not a\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_is_rewritten_in_place(folder: Path) -> None:
    path = written(folder, "u.seg", UNTIDY)
    result = run("fmt", "u.seg")
    assert (result.exit_code, result.stdout) == (0, "u.seg: rewritten\n")
    assert path.read_bytes().decode() == TIDY
    again = run("fmt", "u.seg")
    assert (again.exit_code, again.stdout) == (0, "")
    assert [one.name for one in folder.iterdir()] == ["u.seg"]


def test_check_names_the_files_and_touches_none(folder: Path) -> None:
    path = written(folder, "u.seg", UNTIDY)
    written(folder, "t.seg", TIDY)
    result = run("fmt", "--check", "u.seg", "t.seg")
    assert (result.exit_code, result.stdout) == (1, "u.seg: would be rewritten\n")
    assert path.read_bytes().decode() == UNTIDY
    assert run("fmt", "--check", "t.seg").exit_code == 0


def test_diff(folder: Path) -> None:
    path = written(folder, "u.seg", "segment a:true\nsegment b: false")
    result = run("fmt", "--diff", "u.seg")
    assert result.exit_code == 0
    assert (
        result.stdout
        == "--- u.seg\n+++ u.seg (tidy)\n@@ -1,2 +1,2 @@\n-segment a:true\n+segment a: true\n segment b: false\n"
    )
    assert path.read_text() == "segment a:true\nsegment b: false"
    assert run("fmt", "--diff", "--check", "u.seg").exit_code == 1


@pytest.mark.usefixtures("folder")
def test_standard_input_to_standard_output() -> None:
    result = run("fmt", "-", stdin=UNTIDY.encode())
    assert (result.exit_code, result.stdout) == (0, TIDY)
    assert run("fmt", "--check", "-", stdin=UNTIDY.encode()).stdout == "<stdin>: would be rewritten\n"


def test_a_file_with_mistakes_is_left_as_it_is(folder: Path) -> None:
    text = "segment a:  true\nsegment b: visits = = 3 and (\n"
    path = written(folder, "m.seg", text)
    for options in ([], ["--fix"], ["--check"], ["--diff"]):
        result = run("fmt", *options, "m.seg")
        assert result.exit_code == 2
        assert "error[S2" in result.stderr
        assert path.read_text() == text


def test_names_are_not_its_business(folder: Path) -> None:
    path = written(folder, "n.seg", 'use "nowhere.seg"\nsegment a:nothing_like_it>3\n')
    assert run("fmt", "--fix", "n.seg").exit_code == 0
    assert path.read_text() == 'use "nowhere.seg"\nsegment a: nothing_like_it > 3\n'


def test_several_files_some_of_them_unusable(folder: Path) -> None:
    written(folder, "u.seg", UNTIDY)
    result = run("fmt", "nowhere.seg", "u.seg")
    assert result.exit_code == 2
    assert result.stdout == "u.seg: rewritten\n"
    assert 'the file "nowhere.seg" cannot be read' in result.stderr


def test_fix_repairs_and_formats(folder: Path) -> None:
    path = written(
        folder, "w.seg", SALE.replace('== "sale_ad" and', "= “sale_ad” &&").replace(" or visits", " OR visits")
    )
    assert run("fmt", "w.seg").exit_code == 2
    assert run("fmt", "--fix", "w.seg").exit_code == 0
    assert path.read_text() == SALE
    assert run("check", "w.seg").exit_code == 0


SCHEMA = """\
dimension visits: integer
dimension source: text
dimension country: text
dimension spend: number
dimension member: boolean
"""
SLIPS = [
    "source == “sale_ad”",
    "source == „sale_ad“",
    'source == “sale_ad"',
    "source = 'sale_ad'",
    'source === "x"',
    'source = "x"',
    "visits <> 3",
    "visits =! 3",
    "visits =< 3",
    "visits => 3",
    "visits ≤ 3",
    "visits ≥ 3",
    "visits ≠ 3",
    "member && visits > 3",
    "member & visits > 3",
    "member || visits > 3",
    "!member",
    "member AND visits > 3",
    "NOT member",
    "visits IS known",
    'source CONTAINS "x"',
    "member == TRUE",
    "spend > 1,000",
    "spend > 1,000,000 or spend < 2,000",
    "spend > 50 andvisits > 3",
    "notmember",
    "spend > 50and visits > 3",
    "visits\u00a0> 3",
    "visits\u200b > 3",
    'country == "SE" or country == "NO" and visits > 3',
    'member or country == "NO" and (visits > 3 or spend > 3 and member)',
    "“x” = source && visits => 1,000",
]


@pytest.mark.parametrize("slip", SLIPS)
def test_a_repair_removes_its_diagnostic_and_adds_none(slip: str) -> None:
    source = Source("slip.seg", f"{SCHEMA}segment a: {slip}\n")
    offered = [one for one in spelling(source) if one.edits]
    before = [one.code for one in spelling(source)]
    for one in offered:
        after = Source("slip.seg", apply(source.text, [one.edits]))
        left = [found.code for found in spelling(after)]
        assert left.count(one.code) < before.count(one.code)
        assert all(left.count(code) <= before.count(code) for code in left)
    assert [one.code for one in spelling(repair(source)) if one.edits] == []


@pytest.mark.parametrize(
    "code", [code for code in CODES.values() if code.code.startswith("S2") and code.level is Level.ERROR]
)
def test_the_documented_slips_are_repaired_to_what_is_documented(code: object) -> None:
    assert hasattr(code, "example")
    assert hasattr(code, "instead")
    source = Source("slip.seg", f"{SCHEMA}segment a: {code.example}\n")
    if any(one.edits for one in spelling(source)):
        repaired = repair(source).text.removeprefix(SCHEMA)
        assert "".join(repaired.split()) == "".join(f"segment a: {code.instead}".split())


def test_many_repairs_at_once() -> None:
    lines = [f"segment s{number}: spend = {number} && “x” = source\n" for number in range(300)]
    source = Source("many.seg", SCHEMA + "".join(lines))
    assert repair(source).text == SCHEMA + "".join(
        f'segment s{number}: spend == {number}  and  "x" == source\n' for number in range(300)
    )
