"""Everything in README.md that can be run is run, in order, as a reader would: files, changes, commands, Python."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALLED_ELSEWHERE = 'pip install ".[cli]"'
"""The one command that is not run here but in tests/packaging."""
SHOWN = re.compile(r"^(?P<code>[^#=]*?(?:==[^#]*)?)\s+# (?P<value>.+)$")


def test_the_readme_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    kinds = []
    for kind, title, body in BLOCK.findall(README):
        kinds.append(kind)
        if kind == "segdsl":
            (tmp_path / title).write_text(body, encoding="utf-8")
        elif kind == "diff":
            _change(tmp_path / title, body)
        elif kind == "console":
            _commands(body)
        else:
            assert kind == "python", f"a block of kind {kind} is not run by this test"
            _python(body, names)
    assert kinds.count("console") >= 5
    assert kinds.count("python") == 7
    names["test_exactly_one"]()


def _change(file: Path, body: str) -> None:
    before, after = (line[1:] for line in body.splitlines())
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


def _commands(body: str) -> None:
    for command, shown in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        if command == INSTALLED_ELSEWHERE:
            continue
        program, *arguments = shlex.split(command)
        assert program == "segdsl"
        environment = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        ran = subprocess.run(
            [sys.executable, "-m", "segdsl.tools.cli", *arguments],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            check=False,
        )
        printed = "\n".join(line.rstrip() for line in (ran.stdout + ran.stderr).rstrip("\n").split("\n"))
        assert printed + "\n" == shown, command


def _python(body: str, names: dict[str, Any]) -> None:
    exec(compile(body, "README.md", "exec"), names)
    shown = [found for line in body.splitlines() if (found := SHOWN.match(line))]
    for found in shown:
        try:
            value = ast.literal_eval(re.split(r": [a-z]", found["value"])[0])
        except (ValueError, SyntaxError):
            continue  # a remark, not a value
        assert eval(found["code"], names) == value, found["code"]
