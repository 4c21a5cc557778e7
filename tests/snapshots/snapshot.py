"""Snapshot files: rules, and to the letter what is said about them.

In: the text of a snapshot. Out: the files that it describes, and how what they show comes about. A snapshot is

    the text of rules.seg
    ===== visitor.seg =====
    the text of another file, as many as it takes
    ===== shown =====
    everything that loading and checking rules.seg has to say

`===== segdsl check other.seg =====` in place of the last heading runs this command instead, and `===== compile =====`
takes the text before it as a condition for `segdsl.compile`. What cannot be seen, or is too long to be written down, is
written as `⟦U+00A0⟧` (a character), `⟦FF⟧` (a byte) and `⟦( × 200⟧` (a text so many times).
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
from pathlib import Path
from typing import Final

from attrs import evolve, frozen
from click.testing import CliRunner

import segdsl
from segdsl.files import find_used_file, read_rule_file
from segdsl.program.load import load_program
from segdsl.ruleset import Ruleset
from segdsl.text.diagnostic import Diagnostic
from segdsl.text.render import render_all
from segdsl.tools.commands import segdsl as command_line

NOW: Final = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
MAIN: Final = "rules.seg"
CHECKED: Final = "shown"
COMPILED: Final = "compile"
COMMAND: Final = "segdsl "
_HEADING = re.compile(r"^===== (.+) =====\n", re.MULTILINE)
_MARK = re.compile(r"⟦(?:U\+(?P<character>[0-9A-F]{4,6})|(?P<byte>[0-9A-F]{2})|(?P<text>[^⟧]+) × (?P<times>[0-9]+))⟧")


@frozen
class Snapshot:
    """`files` by name, as they are written in the snapshot; `way` is the last heading."""

    files: dict[str, str]
    way: str
    shown: str

    def __str__(self) -> str:
        first, *others = self.files.items()
        parts = [first[1], *(f"===== {name} =====\n{text}" for name, text in others)]
        return "".join(parts) + f"===== {self.way} =====\n{self.shown}\n"

    @property
    def is_checked(self) -> bool:
        """Whether it shows what loading and checking has to say, and not what a command prints."""
        return self.way == CHECKED

    def shown_anew(self, folder: Path) -> Snapshot:
        """The same with what is shown now, its files being put into `folder`, the current one."""
        self.put_into(folder)
        return evolve(self, shown="\n".join(line.rstrip() for line in self._shown().rstrip().split("\n")))

    def put_into(self, folder: Path) -> None:
        for name, text in self.files.items():
            (folder / name).write_bytes(as_bytes(text))

    def _shown(self) -> str:
        if self.way.startswith(COMMAND):
            words = shlex.split(self.way.removeprefix(COMMAND))
            runner = CliRunner(env={"COLUMNS": "80"})
            return runner.invoke(command_line, words, prog_name="segdsl", catch_exceptions=False).output
        if self.way == COMPILED:
            try:
                segdsl.compile(as_bytes(self.files[MAIN]).decode().removesuffix("\n"))
            except segdsl.RuleError as error:
                return str(error)
            return ""
        return render_all(found_in(MAIN))


def parsed(text: str) -> Snapshot:
    """The snapshot that a text is. Raises ValueError when it has no heading."""
    source, *headed = _HEADING.split(text)
    if not headed:
        raise ValueError("a snapshot needs a heading such as ===== shown =====")
    *others, way, shown = headed
    files = {MAIN: source} | dict(zip(others[::2], others[1::2], strict=True))
    return Snapshot(files, way, shown.rstrip("\n"))


def found_in(name: str) -> tuple[Diagnostic, ...]:
    """What loading a file in the current folder has to say, and checking it if it can be loaded."""
    source = read_rule_file(name)
    if isinstance(source, Diagnostic):
        return (source,)
    loaded = load_program(source, find_used_file)
    if loaded.program is None:
        return loaded.diagnostics
    return Ruleset(loaded.program).check(NOW).findings


def as_bytes(text: str) -> bytes:
    """A file as it is, from how a snapshot writes it."""
    parts, done = [], 0
    for mark in _MARK.finditer(text):
        parts += [text[done : mark.start()].encode(), _meant(mark)]
        done = mark.end()
    return b"".join([*parts, text[done:].encode()])


def _meant(mark: re.Match[str]) -> bytes:
    if mark["character"]:
        return chr(int(mark["character"], 16)).encode()
    if mark["byte"]:
        return bytes.fromhex(mark["byte"])
    return mark["text"].encode() * int(mark["times"])
