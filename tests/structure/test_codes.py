"""Codes of diagnostics: all of them described, all of them used, all of them seen in a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from segdsl.text.codes import CODES, Code

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(r"\bS[1-5][0-9]{2}\b")
QUOTED = re.compile(r"""["'](S[1-5][0-9]{2})["']""")


def codes_in(folder: Path, pattern: re.Pattern[str], *without: str) -> set[str]:
    files = [path for path in folder.rglob("*") if path.suffix in (".py", ".txt", ".md", ".seg", ".snap", ".json")]
    return {
        code
        for path in files
        if path.name not in without and "bench" not in path.parts
        for code in pattern.findall(path.read_text(encoding="utf-8"))
    }


def test_every_code_that_is_used_is_described_and_the_other_way_round() -> None:
    assert codes_in(ROOT / "segdsl", QUOTED, "codes.py") == set(CODES)


def test_every_code_is_produced_by_a_test() -> None:
    """Not counting this file, nor the one where messages are made by hand to be drawn."""
    assert set(CODES) - codes_in(ROOT / "tests", WRITTEN, "test_codes.py", "test_text.py") == set()


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_every_description_is_whole(code: Code) -> None:
    assert code.title
    assert code.why.endswith(".")
    assert code.example != code.instead
