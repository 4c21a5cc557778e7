"""Rules that follow their file: swapped when it changes, kept while it is broken, and reported once."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import segdsl
from segdsl.program.load import load_program
from segdsl.run.pack import packed

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 60
"""Seconds after which a test that waits for a thread gives up."""


def rules_about(limit: int, used: str | None = None) -> str:
    declared = f'use "{used}"' if used else "dimension visits: integer"
    return f"{declared}\nsegment few: visits < {limit}\nsegment many: visits >= {limit}\npartition p: few, many\n"


BROKEN = "dimension visits: integer\nsegment few: visists < 3\npartition p: few\n"

_written = 0


def write(path: Path, data: str | bytes) -> Path:
    """Writes a file at a time of its own, however coarse the clock of the file system is."""
    global _written
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    _written += 1
    os.utime(path, (1_800_000_000 + _written, 1_800_000_000 + _written))
    return path


@pytest.fixture
def main(tmp_path: Path) -> Path:
    return write(tmp_path / "rules.seg", rules_about(3))


def watchers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "segdsl watch"]


@pytest.fixture(autouse=True)
def _nobody_goes_on_looking() -> Iterator[None]:
    yield
    for thread in watchers():
        thread.join(LONG)
        assert not thread.is_alive()


class Reports:
    """What was reported, in order; can be waited for."""

    def __init__(self) -> None:
        self.all: list[segdsl.SegdslError | None] = []
        self._come = threading.Semaphore(0)

    def __call__(self, problem: segdsl.SegdslError | None) -> None:
        self.all.append(problem)
        self._come.release()

    def next(self) -> segdsl.SegdslError | None:
        """The next one that comes, or the last one that has and was not asked for."""
        assert self._come.acquire(timeout=LONG)
        return self.all[-1]


def given_to(watched: segdsl.Watched, visits: int = 4) -> str | None:
    return watched.rules.assign({"visits": visits})


def assert_given(watched: segdsl.Watched, expected: str) -> None:
    """The file as it is now is used."""
    assert (given_to(watched), watched.problem) == (expected, None)


def test_rules_are_swapped_when_the_file_changes(main: Path) -> None:
    reports = Reports()
    with segdsl.watch(main, every=None, report=reports) as watched:
        first = watched.rules
        assert (given_to(watched), watched.problem) == ("many", None)
        assert not watched.look()
        assert watched.rules is first
        write(main, rules_about(9))
        assert watched.rules is first
        assert watched.look()
        assert (given_to(watched), watched.problem) == ("few", None)
        assert first.assign({"visits": 4}) == "many"
        assert not watched.look()
        assert reports.all == [None]


def test_a_text_of_the_same_length_is_noticed(main: Path) -> None:
    watched = segdsl.watch(main, every=None)
    write(main, rules_about(5))
    assert watched.look()
    assert given_to(watched) == "few"


def test_a_file_put_in_its_place_is_noticed_whatever_its_time(main: Path) -> None:
    """As editors and deployments do it: another file of the same time and size is moved over it."""
    watched = segdsl.watch(str(main), every=None)
    before = main.stat()
    other = write(main.with_name("other"), rules_about(5))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(main)
    assert (main.stat().st_mtime_ns, main.stat().st_size) == (before.st_mtime_ns, before.st_size)
    assert watched.look()
    assert given_to(watched) == "few"


def test_a_broken_file_keeps_the_old_rules_until_it_is_mended(main: Path) -> None:
    reports = Reports()
    watched = segdsl.watch(main, every=None, report=reports)
    first = watched.rules
    write(main, BROKEN)
    assert not watched.look()
    assert watched.rules is first
    problem = watched.problem
    assert isinstance(problem, segdsl.RuleError)
    assert [one.code for one in problem.diagnostics] == ["S101"]
    assert not watched.look()
    assert not watched.look()
    assert reports.all == [problem]
    assert watched.problem is problem
    write(main, BROKEN + "\n")
    assert not watched.look()
    assert watched.problem is not problem
    write(main, rules_about(9))
    assert watched.look()
    assert watched.problem is None
    assert given_to(watched) == "few"
    assert [report is None for report in reports.all] == [False, False, True]


def test_a_file_that_is_removed_keeps_the_old_rules_until_it_is_back(main: Path) -> None:
    reports = Reports()
    watched = segdsl.watch(main, every=None, report=reports)
    main.unlink()
    assert not watched.look()
    assert not watched.look()
    assert given_to(watched) == "many"
    assert isinstance(watched.problem, segdsl.RuleError)
    assert [one.code for one in watched.problem.diagnostics] == ["S501"]
    write(main, rules_about(9))
    assert watched.look()
    assert_given(watched, "few")
    assert len(reports.all) == 2


# Files that are used


def test_a_used_file_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From wherever the rules were named."""
    monkeypatch.chdir(tmp_path)
    Path("shop").mkdir()
    used = write(Path("visitor.seg"), "dimension visits: integer")
    write(Path("shop/rules.seg"), rules_about(3, "../visitor.seg"))
    watched = segdsl.watch("shop/rules.seg", every=None)
    assert not watched.look()
    assert given_to(watched, -4) == "few"
    write(used, "dimension visits: integer 0..")
    assert watched.look()
    assert not watched.look()
    assert given_to(watched, -4) is None


def test_a_used_file_that_breaks_is_told_and_can_be_mended(tmp_path: Path) -> None:
    used = write(tmp_path / "visitor.seg", "dimension visits: integer")
    watched = segdsl.watch(write(tmp_path / "rules.seg", rules_about(3, "visitor.seg")), every=None)
    for broken in ("dimension visits: integral", None):
        used.unlink() if broken is None else write(used, broken)
        assert not watched.look()
        assert isinstance(watched.problem, segdsl.RuleError)
        assert given_to(watched) == "many"
    write(used, "dimension visits: integer default 1")
    assert watched.look()
    assert watched.problem is None
    assert given_to(watched) == "many"
    assert watched.rules.assign({}) == "few"


@pytest.mark.parametrize("at_first", ["dimension visits: integral", None])
def test_a_newly_used_file_can_be_what_is_mended(tmp_path: Path, main: Path, at_first: str | None) -> None:
    """Rules that could never be loaded use it, so that nobody else knows of it."""
    reports = Reports()
    watched = segdsl.watch(main, every=None, report=reports)
    used = tmp_path / "visitor.seg"
    if at_first is not None:
        write(used, at_first)
    write(main, rules_about(9, "visitor.seg"))
    assert not watched.look()
    assert not watched.look()
    assert isinstance(watched.problem, segdsl.RuleError)
    write(used, "dimension visits: integer")
    assert watched.look()
    assert not watched.look()
    assert_given(watched, "few")
    assert len(reports.all) == 2


def test_one_file_used_instead_of_another_is_reported_once(tmp_path: Path) -> None:
    first = write(tmp_path / "first.seg", "dimension visits: integer")
    second = write(tmp_path / "second.seg", "dimension visits: integer 0..")
    main = write(tmp_path / "rules.seg", rules_about(3, "first.seg"))
    reports = Reports()
    watched = segdsl.watch(main, every=None, report=reports)
    write(main, rules_about(3, "second.seg"))
    assert watched.look()
    assert not watched.look()
    write(first, "nothing that could be read")
    assert not watched.look()
    write(second, "dimension visits: integer 5..")
    assert watched.look()
    assert given_to(watched) is None
    assert reports.all == [None, None]


def test_a_change_while_the_files_are_read_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is looked at before it is read."""
    used = write(tmp_path / "visitor.seg", "dimension visits: integer")
    main = write(tmp_path / "rules.seg", rules_about(3, "visitor.seg"))
    read = load_program

    def slowly(*given: Any) -> Any:
        found = read(*given)
        write(main, rules_about(9, "visitor.seg"))
        write(used, "dimension visits: integer 0..")
        monkeypatch.undo()
        return found

    monkeypatch.setattr("segdsl.watching.load_program", slowly)
    watched = segdsl.watch(main, every=None)
    assert (given_to(watched), given_to(watched, -1)) == ("many", "few")
    assert watched.look()
    assert (given_to(watched), given_to(watched, -1)) == ("few", None)


# Artifacts


def test_an_artifact_is_followed(tmp_path: Path) -> None:
    def artifact(limit: int) -> bytes:
        return packed(segdsl.loads(rules_about(limit)).program, "this test")

    reports = Reports()
    path = write(tmp_path / "rules.segc", artifact(3))
    watched = segdsl.watch(path, every=None, report=reports)
    first = watched.rules
    assert isinstance(first, segdsl.Artifact)
    assert given_to(watched) == "many"
    for damaged in (artifact(9)[:-1], b"", rules_about(9)):
        write(path, damaged)
        assert not watched.look()
        assert not watched.look()
        assert watched.rules is first
        assert isinstance(watched.problem, segdsl.ArtifactError)
    path.unlink()
    assert not watched.look()
    assert isinstance(watched.problem, segdsl.ArtifactError)
    write(path, artifact(9))
    assert watched.look()
    assert_given(watched, "few")
    assert [report is None for report in reports.all] == [False] * 4 + [True]


# To begin with


@pytest.mark.parametrize("name", ["rules.seg", "rules.segc"])
def test_a_file_that_cannot_be_used_to_begin_with_raises(tmp_path: Path, name: str) -> None:
    reports = Reports()
    kind = segdsl.ArtifactError if name.endswith("c") else segdsl.RuleError
    with pytest.raises(kind):
        segdsl.watch(tmp_path / name, every=0.001, report=reports)
    write(tmp_path / name, BROKEN)
    with pytest.raises(kind):
        segdsl.watch(tmp_path / name, every=0.001, report=reports)
    assert reports.all == []
    assert watchers() == []


# By a thread


def test_a_thread_looks_by_itself(main: Path) -> None:
    reports = Reports()
    with segdsl.watch(main, every=0.001, report=reports) as watched:
        write(main.with_name("new"), rules_about(9)).replace(main)
        assert reports.next() is None
        assert given_to(watched) == "few"
        write(main.with_name("new"), BROKEN).replace(main)
        assert isinstance(reports.next(), segdsl.RuleError)
        assert given_to(watched) == "few"
        assert watched.problem is reports.all[-1]
        write(main.with_name("new"), rules_about(3)).replace(main)
        assert reports.next() is None
        assert (given_to(watched), watched.problem) == ("many", None)


def test_stopping_ends_the_thread_and_keeps_the_rules(main: Path) -> None:
    watched = segdsl.watch(main, every=0.001)
    (thread,) = watchers()
    assert thread.daemon
    watched.stop()
    thread.join(LONG)
    assert not thread.is_alive()
    watched.stop()
    write(main, rules_about(9))
    assert given_to(watched) == "many"
    assert watched.look()  # who asks is still told


def test_leaving_the_block_ends_the_thread(main: Path) -> None:
    def leave() -> None:
        with watched:
            raise KeyError

    watched = segdsl.watch(main, every=0.001)
    (thread,) = watchers()
    with pytest.raises(KeyError):
        leave()
    thread.join(LONG)
    assert not thread.is_alive()
    assert given_to(watched) == "many"


def test_nobody_looks_where_no_time_is_given(main: Path) -> None:
    with segdsl.watch(main, every=None):
        assert watchers() == []


def test_a_report_that_raises_does_not_end_the_looking(main: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: raised.append(str(told.exc_value)))
    reports = Reports()

    def report(problem: segdsl.SegdslError | None) -> None:
        reports(problem)
        raise ValueError(f"report {len(reports.all)}")

    with segdsl.watch(main, every=0.001, report=report) as watched:
        (thread,) = watchers()
        for limit in (9, 3):
            write(main.with_name("new"), rules_about(limit)).replace(main)
            assert reports.next() is None
            assert given_to(watched) == ("few" if limit == 9 else "many")
    thread.join(LONG)
    assert raised == ["report 1", "report 2"]


def test_those_who_look_at_once_swap_once(main: Path) -> None:
    reports = Reports()
    watched = segdsl.watch(main, every=None, report=reports)
    write(main, rules_about(9))
    swapped: list[bool] = []
    threads = [threading.Thread(target=lambda: swapped.append(watched.look())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert sorted(swapped) == [False] * 7 + [True]
    assert reports.all == [None]
