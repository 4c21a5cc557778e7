"""A file that is written appears whole or not at all, whatever happens on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command_line import written

from segdsl.tools.unusable import Unusable
from segdsl.tools.whole_file import whole_file

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_is_there_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with whole_file(str(path)) as file:
        file.write(b"hello")
        assert not path.exists()
    assert path.read_bytes() == b"hello"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("problem", [ValueError("a bug"), KeyboardInterrupt(), BrokenPipeError()])
def test_the_old_file_stays_when_writing_fails(tmp_path: Path, problem: BaseException) -> None:
    path = written(tmp_path, "out.csv", "old")

    def failing() -> None:
        with whole_file(str(path)) as file:
            file.write(b"new")
            raise problem

    with pytest.raises(type(problem)):
        failing()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with pytest.raises(Unusable) as found, whole_file(str(path)):
        raise OSError(28, "No space left on device")
    assert f'the file "{path}" cannot be written' in str(found.value).replace("\n            ", "")
    assert "no space left on device" in str(found.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "nowhere/out.csv"])
def test_a_name_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unusable), whole_file(name) as file:
        file.write(b"x")
    assert list(tmp_path.iterdir()) == []
