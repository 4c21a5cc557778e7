"""The public names: there, described, typed, and cheap to import."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest

import segdsl
from segdsl.advise.report import Report
from segdsl.compare.difference import Comparison, Move
from segdsl.prove.shares import Share, Shares
from segdsl.run.answers import Choice, SegmentRule
from segdsl.run.artifact import PackedChoice
from segdsl.run.matching import Matching
from segdsl.run.plan import Plan, Strategy

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "segdsl"


def test_the_public_names() -> None:
    assert set(segdsl.__all__) == {
        "__version__",
        "Artifact",
        "ArtifactError",
        "DataError",
        "Difference",
        "Proved",
        "Refuted",
        "Report",
        "RuleError",
        "Ruleset",
        "SegdslError",
        "Unknown",
        "Watched",
        "compile",
        "diff",
        "load",
        "load_artifact",
        "loads",
        "watch",
    }


def test_every_public_name_is_there_and_listed() -> None:
    for name in segdsl.__all__:
        assert getattr(segdsl, name) is not None
        assert name in dir(segdsl)


def test_type_checkers_see_the_names_that_are_imported_lazily() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    seen = {
        f"{node.module}.{alias.name}"
        for branch in tree.body
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }
    assert seen == {f"{home}.{name}" for name, home in segdsl._HOMES.items()}
    assert (PACKAGE / "py.typed").is_file()


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        segdsl.lode  # noqa: B018  # asking for it is the point


def public_things() -> list[object]:
    things = [getattr(segdsl, name) for name in segdsl.__all__ if name != "__version__"]
    things += [SegmentRule, Choice, Matching, Plan, Strategy, PackedChoice, Share, Shares, Move, Comparison]
    members = [
        member.fget if isinstance(member, property) else getattr(member, "func", member)
        for thing in things
        if inspect.isclass(thing)
        for name, member in vars(thing).items()
        if not name.startswith("_")
    ]
    return [*things, *(member for member in members if isinstance(member, FunctionType))]


@pytest.mark.parametrize("thing", public_things(), ids=lambda thing: getattr(thing, "__qualname__", str(thing)))
def test_every_public_thing_has_a_docstring(thing: object) -> None:
    assert inspect.getdoc(thing)


def test_errors_are_one_hierarchy() -> None:
    assert issubclass(segdsl.RuleError, segdsl.SegdslError)
    assert issubclass(segdsl.DataError, segdsl.SegdslError)
    assert Report is segdsl.Report


HEAVY = ("lark", "attrs", "attr", "click", "rich", "pyarrow", "numpy", "hypothesis", "zoneinfo")


def loaded_after(code: str) -> set[str]:
    """Which heavy modules an interpreter has loaded after running something."""
    program = f"import sys\n{code}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(done.stdout.split())


def test_importing_loads_nothing_heavy() -> None:
    assert loaded_after("import segdsl") == set()


def test_answering_loads_no_tools() -> None:
    code = """
import segdsl
rules = segdsl.loads('dimension visits: integer\\nsegment new: visits == 0\\npartition all_of_them: new')
assert rules.assign({"visits": 0}) == "new"
assert not rules.check().ok
assert rules.shares().cells == 3
"""
    assert loaded_after(code) & {"click", "rich", "pyarrow", "numpy", "hypothesis"} == set()
