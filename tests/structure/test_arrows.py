"""Imports go forward only, from room to room, and only the rim touches files."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2] / "segdsl"
MODULES = sorted(PACKAGE.rglob("*.py"))

BELOW_PROGRAM = {"syntax", "operators", "values", "text"}
ANSWERS = {"program", *BELOW_PROGRAM}
FRONT = {"ruleset", "condition", "files", "artifact", "watching", "segdsl"}
VERDICTS = {"prove", *ANSWERS}
EVERYTHING = {"run", "advise", "compare", "conform", "fit", *VERDICTS, *FRONT}
ARROWS: dict[str, set[str]] = {
    "text": set(),
    "values": set(),
    "operators": {"values"},
    "syntax": {"text"},
    "program": BELOW_PROGRAM,  # the reference evaluator lives in here: run and prove both need it, and not each other
    "run": ANSWERS,
    "prove": ANSWERS,
    "advise": VERDICTS,
    "compare": VERDICTS,
    "conform": VERDICTS,
    "fit": ANSWERS,
    **dict.fromkeys(FRONT, EVERYTHING),
    "tools": EVERYTHING,
    "testing": EVERYTHING,
}
READING = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
RIM = {"tools", "fit", "files", "artifact", "syntax.load_grammar"}


def imports(path: Path) -> Iterator[str]:
    """What a module imports of ours, wherever in it: the rooms."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found = [f"segdsl.{alias.name}" for alias in node.names] if node.module == "segdsl" else [node.module or ""]
        for name in found:
            parts = name.split(".")
            if parts[0] == "segdsl":
                inside = len(parts) > 1 and ((PACKAGE / parts[1]).is_dir() or (PACKAGE / f"{parts[1]}.py").is_file())
                yield parts[1] if inside else "segdsl"


def room(path: Path) -> str:
    """The room that a module stands in; a module in front of the rooms is its own."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "segdsl" if first == "__init__" else first


def name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_go_forward(path: Path) -> None:
    allowed = ARROWS[room(path)] | {room(path)}
    assert set(imports(path)) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_rim_touches_files(path: Path) -> None:
    if RIM & {room(path), name(path)}:
        return
    calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    called = {
        call.attr if isinstance(call, ast.Attribute) else call.id
        for call in calls
        if isinstance(call, ast.Attribute | ast.Name)
    }
    assert not called & READING


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
