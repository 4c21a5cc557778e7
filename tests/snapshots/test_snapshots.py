"""What marketers read when something is wrong, to the letter: one file for each message, with the rules it is about.

`SEGDSL_SNAPSHOTS=write pytest tests/snapshots` writes the results anew, to be read before they are kept.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from snapshot import MAIN, Snapshot, found_in, parsed

from segdsl.operators.registry import word_operators
from segdsl.syntax import tree
from segdsl.syntax.parse import parse
from segdsl.text.codes import CODES, Level
from segdsl.text.columns import columns_of
from segdsl.text.diagnostic import Diagnostic
from segdsl.text.source import Source
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
    """A claim can be false in several ways, and each has its own way out."""
    several = ("S401", "S402", "S408")
    blamed = [(one.span, one.code, one.notes if one.code in several else ()) for one in found if one.span is not None]
    assert len(set(blamed)) == len(blamed)


@every_snapshot
def test_prose_fits_80_columns(path: Path) -> None:
    for line in read(path).shown.split("\n"):
        if re.match(r"(error|warning)\[|[ \t]*=|     ", line) and not re.match(" +[+] ", line):
            assert columns_of(line) <= 80


# What is offered


def said(found: tuple[Diagnostic, ...]) -> Counter[tuple[str, str]]:
    return Counter((one.code, one.message) for one in found)


def assert_nothing_new(one: Diagnostic, before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...]) -> None:
    """No message that was not there before.

    Warnings and claims are looked at once no error is left, and of a list only the first item that is wrong is named. A
    claim that was false can become one that is not decided.
    """
    first_look = any(other.code[1] != "4" and other.level is Level.ERROR for other in before)
    for code, message in said(after) - said(before):
        later = first_look and (code[1] == "4" or CODES[code].level is Level.WARNING)
        assert code in (one.code, "S411") or later, message


@every_snapshot
def test_an_offered_change_takes_the_message_away_and_brings_no_other(
    found: tuple[Diagnostic, ...], folder: Path
) -> None:
    for one in found:
        file = folder / (one.edits[0].span.source.name if one.edits else MAIN)
        text = file.read_bytes() if one.edits else b""
        if one.edits:
            file.write_bytes(apply(text.decode(), [one.edits]).encode())
            after = found_in(MAIN)
            place = one.span and one.span.start
            same = [other for other in after if (other.code, other.message) == (one.code, one.message)]
            assert place not in [other.span and other.span.start for other in same]
            assert_nothing_new(one, found, after)
            file.write_bytes(text)


@every_snapshot
def test_what_it_should_be_changed_to_is_offered_as_a_change(found: tuple[Diagnostic, ...]) -> None:
    for one in found:
        if any(note.topic == "try" and note.text.startswith("change it to") for note in one.notes):
            assert one.edits


def ways_out(one: Diagnostic) -> Iterator[list[str]]:
    """The rules that are offered to be copied: each line by itself, those after `both of` together."""
    together: list[str] | None = None
    for line in "\n".join(note.text for note in one.notes if note.topic == "try").split("\n"):
        if line.endswith("both of"):
            together = []
        elif line.startswith("+ ") and together is None:
            yield [line[2:]]
        elif line.startswith("+ ") and together is not None:
            together.append(line[2:])
    if together:
        yield together


def with_rules(text: str, rules: list[str]) -> str:
    """A file with rules in place of the statements of the same name, or at its end."""
    for rule in rules:
        name = rule.split()[1].rstrip(":")
        own = [one for one in parse(Source(MAIN, text), word_operators()).tree.statements if name_of(one) == name]
        if own:
            text = text[: own[0].span.start] + rule + text[own[0].span.end :]
        else:
            text += f"{rule}\n"
    return text


def name_of(statement: tree.Statement) -> str | None:
    name = getattr(statement, "name", None)
    return name.text if isinstance(name, tree.Name) else None


@every_snapshot
def test_rules_that_are_offered_can_be_copied_and_help(found: tuple[Diagnostic, ...], folder: Path) -> None:
    text = (folder / MAIN).read_bytes().decode() if any(map(any, map(ways_out, found))) else ""
    for one in found:
        for rules in ways_out(one):
            (folder / MAIN).write_text(with_rules(text, rules), encoding="utf-8")
            after = found_in(MAIN)
            assert said(after)[one.code, one.message] < said(found)[one.code, one.message], after
            assert_nothing_new(one, found, after)


def test_one_cause_has_one_message() -> None:
    """Files in which one thing is wrong, and in which much else hangs on it."""
    once = [path for path in FILES if path.stem.startswith(f"{SEVERAL}broken")]
    assert once
    for path in once:
        assert read(path).shown.count("error[") == 1


def test_all_mistakes_of_a_file_are_shown() -> None:
    shown = read(FOLDER / f"{SEVERAL}five_mistakes.txt").shown
    assert shown.count("error[") == 7
