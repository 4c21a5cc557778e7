"""The package as others get it: built, installed bare and with the command line, imported from a zip, and editable.

Makes virtual environments and asks the package index, so it is left out of `make test`: `make package-test`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging
ROOT = Path(__file__).parents[2]
ANSWER = '''
import segdsl
rules = segdsl.loads("""
dimension visits: integer 0.. default 0
segment new: visits == 0
segment old: visits > 0
partition all_of_them: new, old
""")
assert rules.assign({"visits": 3}) == "old"
assert rules.check().ok
assert segdsl.compile('visits == 0')({"visits": 0})
print(segdsl.__file__)
'''


def run(*command: str | Path, expect: int = 0, cwd: Path | None = None) -> str:
    """What a command prints, on either stream; with nothing of this checkout in reach."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_", "VIRTUAL_ENV"))
    }
    clean |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=clean,
        cwd=cwd or ROOT.anchor,
        check=False,
    )
    assert done.returncode == expect, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def environment(folder: Path) -> Path:
    """The interpreter of a new virtual environment."""
    run(sys.executable, "-m", "venv", folder)
    return folder / "bin" / "python"


def installed(python: Path) -> set[str]:
    """Which packages an environment holds beside pip and what came with it."""
    listed = run(python, "-m", "pip", "list", "--format=freeze").splitlines()
    return {line.split("==")[0].lower() for line in listed if "==" in line} - {"pip", "setuptools"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built from it and nothing else."""
    folder = tmp_path_factory.mktemp("dist")
    has_backend = (
        subprocess.run([sys.executable, "-c", "import hatchling"], capture_output=True, check=False).returncode == 0
    )
    isolation = ["--no-isolation"] if has_backend else []
    run(sys.executable, "-m", "build", *isolation, "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and no extras."""
    python = environment(tmp_path_factory.mktemp("bare"))
    run(python, "-m", "pip", "install", "--quiet", wheel)
    return python


def test_the_wheel_holds_the_grammar_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "segdsl/grammar/segdsl.lark" in names
    assert "segdsl/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"segdsl"}


def test_the_source_archive_holds_what_a_packager_needs(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= {
        "pyproject.toml",
        "LICENSE",
        "README.md",
        "Makefile",
        "grammar/segdsl.lark",
        "grammar/REFERENCE.md",
        "examples/sale/sale.seg",
        "tests/packaging/test_install.py",
    }


def test_a_bare_install_answers_with_two_dependencies(bare: Path) -> None:
    assert installed(bare) == {"segdsl", "lark", "attrs"}
    assert "site-packages" in run(bare, "-c", ANSWER)


def test_the_command_line_says_how_it_is_installed(bare: Path) -> None:
    said = run(bare.with_name("segdsl"), "check", ROOT / "examples" / "sale" / "sale.seg", expect=2)
    assert "Traceback" not in said
    assert 'pip install "segdsl[cli]"' in said


def test_it_can_be_imported_from_a_zip(bare: Path, tmp_path: Path) -> None:
    package = Path(run(bare, "-c", "import segdsl; print(segdsl.__file__)").strip()).parent
    shutil.copytree(package, tmp_path / "copy" / "segdsl", ignore=shutil.ignore_patterns("__pycache__"))
    archive = shutil.make_archive(str(tmp_path / "rules"), "zip", tmp_path / "copy")
    assert archive in run(bare, "-c", f"import sys; sys.path.insert(0, {archive!r}){ANSWER}")


def test_with_the_command_line(wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path)
    run(python, "-m", "pip", "install", "--quiet", f"segdsl[cli] @ {wheel.as_uri()}")
    command, sale = python.with_name("segdsl"), ROOT / "examples" / "sale"
    assert "S402" in run(command, "check", sale / "sale.seg", expect=1)
    assert "S402" not in run(command, "check", sale / "sale_fixed.seg")
    assert "site-packages" in run(python, "-c", ANSWER)


def test_an_editable_install_finds_the_grammar(tmp_path: Path) -> None:
    python = environment(tmp_path)
    run(python, "-m", "pip", "install", "--quiet", "--editable", ROOT)
    assert str(ROOT / "segdsl") in run(python, "-c", ANSWER)
