"""The page about the tests names rooms and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TEXT = (TESTS / "README.md").read_text(encoding="utf-8")
HOLDERS = re.findall(r"`([a-z]+/test_[a-z_]+\.py)::(test_[a-z_]+)`", TEXT)


@pytest.mark.parametrize(("file", "name"), HOLDERS, ids=[name for _, name in HOLDERS])
def test_a_property_is_held_by_a_test_that_exists(file: str, name: str) -> None:
    assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8")


def test_every_row_of_properties_names_a_test() -> None:
    rows = [line for line in TEXT.split("held by |\n| --- | --- |\n")[1].splitlines() if line.startswith("|")]
    assert len(rows) == len(HOLDERS)


def test_every_room_is_described() -> None:
    rooms = {path.parent.relative_to(TESTS).parts[0] for path in TESTS.glob("*/**/test_*.py")}
    assert rooms <= set(re.findall(r"^\| `([a-z]+)/` \|", TEXT, flags=re.MULTILINE))


def test_modules_have_different_names() -> None:
    """Neither pytest nor mypy could tell them apart."""
    names = [path.name for path in TESTS.rglob("*.py") if path.name != "__init__.py"]
    assert sorted(names) == sorted(set(names))
