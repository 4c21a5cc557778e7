"""What marketers read when something is wrong, to the letter: one file for each message, with the rules that it is about.

`SEGDSL_SNAPSHOTS=write pytest tests/snapshots` writes the results anew, to be read before they are kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from snapshot import COMPILED, MAIN, Snapshot, found_in, parsed

from segdsl.text.codes import CODES
from segdsl.text.diagnostic import Diagnostic
from segdsl.text.render import columns_of
from segdsl.tools.tidy import apply

FOLDER = Path(__file__).parent
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix == ".txt")
WRITING = os.environ.get("SEGDSL_SNAPSHOTS") == "write"
SEVERAL = "several_"
"""Begins the names of snapshots that are about more than one code."""


def read(path: Path) -> Snapshot:
    return parsed(path.read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_snapshot_shows_exactly_this(path: Path, folder: Path) -> None:
    snapshot = read(path)
    now = snapshot.shown_anew(folder)
    if WRITING:
        path.write_text(str(now), encoding="utf-8")
    else:
        assert now.shown == snapshot.shown
    assert now.shown, "nothing is shown"
    code = path.stem.partition("_")[0]
    assert path.stem.startswith(SEVERAL) or f"[{code}]" in now.shown, "what it is named for is not shown"


def test_every_code_has_a_snapshot_and_every_snapshot_a_code() -> None:
    codes = {path.stem.partition("_")[0] for path in FILES if not path.stem.startswith(SEVERAL)}
    assert codes == set(CODES)


def test_there_is_nothing_else_in_the_folder() -> None:
    others = {path.name for path in FOLDER.iterdir()} - {path.name for path in FILES}
    assert others <= {"snapshot.py", "test_snapshots.py", "__pycache__"}


def test_no_two_snapshots_are_about_the_same_rules() -> None:
    sources = {(tuple(snapshot.files.items()), snapshot.way) for snapshot in map(read, FILES)}
    assert len(sources) == len(FILES)


# What every message is like

JARGON = re.compile(
    r"\b(pars(?:e|er|ing)|tokens?|identifiers?|syntax|booleans?|strings?|literals?|expressions?|operators?|operands?"
    r"|predicates?|tuples?|arrays?|null|None|regex|NaN|float|int|kernel|witness|disjunction|conjunction|exception"
    r"|traceback|arguments?|parameters?)\b"
)
"""Words that a marketer should not have to know. Words of rules themselves stand in quotes, or after `try`."""


@pytest.fixture
def found(path: Path, folder: Path) -> tuple[Diagnostic, ...]:
    """The diagnostics of a snapshot that is checked; none of one that is run as a command."""
    snapshot = read(path)
    snapshot.put_into(folder)
    return found_in(MAIN) if snapshot.is_checked else ()


every_snapshot = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@every_snapshot
def test_a_message_says_what_to_do_in_plain_words(found: tuple[Diagnostic, ...]) -> None:
    for one in found:
        topics = [note.topic for note in one.notes]
        assert topics.count("try") + topics.count("expected") == 1, one.message
        told = [one.message, one.caret, *(label.text for label in one.labels)]
        told += [note.text for note in one.notes if note.topic == "why"]
        plain = re.sub(r'"[^"]*"', "", "\n".join(told))
        assert not JARGON.search(plain), plain


@every_snapshot
def test_one_place_is_blamed_once(found: tuple[Diagnostic, ...]) -> None:
    blamed = [(one.span, one.code) for one in found if one.span is not None]
    assert len(set(blamed)) == len(blamed)


@every_snapshot
def test_prose_fits_80_columns(path: Path) -> None:
    for line in read(path).shown.split("\n"):
        if re.match(r"(error|warning)\[|[ \t]*=|     ", line):
            assert columns_of(line) <= 80


# What is offered


@every_snapshot
def test_an_offered_change_takes_the_message_away_and_brings_no_other(
    found: tuple[Diagnostic, ...], folder: Path
) -> None:
    """Warnings and claims can only be looked at once the errors are gone, so only what was there before counts."""
    text = (folder / MAIN).read_bytes().decode() if any(one.edits for one in found) else ""
    for one in found:
        if one.edits and all(edit.span.source.name == MAIN for edit in one.edits):
            (folder / MAIN).write_bytes(apply(text, [one.edits]).encode())
            left = [other.message for other in found_in(MAIN)]
            assert left.count(one.message) < [other.message for other in found].count(one.message)
            if all(other.level is one.level for other in found):
                assert set(left) <= {other.message for other in found} or len(found) == 1
            (folder / MAIN).write_bytes(text.encode())
