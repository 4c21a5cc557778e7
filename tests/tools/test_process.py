"""The command as a process: files that hurt, pipes that close, Ctrl-C, and no tracebacks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from command_line import ROOT, SALE, process, run, written

from segdsl.tools import cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send to a process")


def hostile(folder: Path, name: str) -> Path:
    """A rule file that cannot be used."""
    match name:
        case "missing":
            return folder / "missing.seg"
        case "folder":
            return folder
        case "empty":
            return written(folder, "e.seg", "")
        case "utf16":
            return written(folder, "u.seg", SALE.encode("utf-16"))
        case "latin":
            return written(folder, "l.seg", b'segment a "caf\xe9": true\n')
        case "binary":
            return written(folder, "b.seg", bytes(range(256)) * 40)
        case "ten_megabytes":
            return written(folder, "t.seg", "segment a: true\n" * 650_000)
        case "one_long_line":
            return written(folder, "o.seg", "a" * 10_000_000)
        case "brackets":
            return written(folder, "p.seg", "segment a: " + "(" * 10_000 + "true" + ")" * 10_000 + "\n")
        case "long_text":
            return written(folder, "s.seg", 'dimension x: text\nsegment a: x == "' + "y" * 1_000_000 + '"\n')
        case "circle":
            written(folder, "d.seg", 'use "c.seg"\n')
            return written(folder, "c.seg", f'use "../{folder.name}/d.seg"\n')
        case "own_circle":
            return written(folder, "f.seg", 'use "./f.seg"\nsegment a: true\n')
    raise AssertionError(name)


HOSTILE = [
    "missing",
    "folder",
    "empty",
    "utf16",
    "latin",
    "binary",
    "ten_megabytes",
    "one_long_line",
    "brackets",
    "long_text",
    "circle",
    "own_circle",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_hurts_is_answered_by_a_diagnostic(tmp_path: Path, name: str) -> None:
    path = hostile(tmp_path, name)
    done = process("check", path, timeout=60)
    assert done.returncode == 2
    assert b"error[S" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["missing", "folder", "latin", "brackets", "own_circle"])
@pytest.mark.parametrize("command", [["table"], ["test"], ["explain"], ["assign"], ["fmt", "--check"]])
def test_every_command_answers_so(tmp_path: Path, command: list[str], name: str) -> None:
    path = hostile(tmp_path, name)
    data = written(tmp_path, "d.csv", "a\n1\n")
    extra: list[str | Path] = ["{}"] if command == ["explain"] else [data] if command == ["assign"] else []
    result = run(*command, path, *extra)
    if command[0] == "fmt" and name == "own_circle":
        assert result.exit_code == 0  # how it is written has nothing to do with it
    else:
        assert result.exit_code == 2
        assert "error[S" in result.stdout + result.stderr


def test_the_circle_is_found_whatever_the_files_are_called(tmp_path: Path) -> None:
    assert b"error[S110]" in process("check", hostile(tmp_path, "circle")).stdout
    assert b"error[S110]" in process("check", hostile(tmp_path, "own_circle")).stdout


def test_a_closed_pipe_is_no_reason_to_complain(tmp_path: Path) -> None:
    text = "".join(f"segment s{number}: nothing{number}\n" for number in range(3_000))
    path = written(tmp_path, "many.seg", text)
    command = [sys.executable, "-m", "segdsl.tools.cli", "check", str(path)]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=buffered) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith(b"error[S101]")
        running.stdout.close()
        complaints = running.stderr.read()
    assert complaints == b""
    assert running.returncode == cli.CLOSED_PIPE


@posix
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_in_the_middle_it_leaves_nothing_behind(tmp_path: Path, number: int, status: int) -> None:
    written(tmp_path, "sale.seg", SALE)
    source, destination = os.pipe()  # data that never ends
    command = [sys.executable, "-m", "segdsl.tools.cli", "assign", str(tmp_path / "sale.seg"), "-"]
    command += ["--input-format", "csv", "-o", str(tmp_path / "out.csv")]
    with subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as running:
        os.close(source)
        os.write(destination, b"source,visits\nsale_ad,0\n")
        while not list(tmp_path.glob(".out.csv.*.part")) and running.poll() is None:
            time.sleep(0.05)
        running.send_signal(number)
        _, complaints = running.communicate()
        os.close(destination)
    assert running.returncode == status
    assert b"Traceback" not in complaints
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sale.seg"]


def test_progress_and_colour_are_for_terminals_only(tmp_path: Path) -> None:
    data = written(tmp_path, "d.csv", "source,visits\n" + "sale_ad,0\n" * 5_000)
    done = process("assign", written(tmp_path, "sale.seg", SALE), data)
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout


@posix
@pytest.mark.parametrize("without", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_on_a_terminal(tmp_path: Path, without: dict[str, str]) -> None:
    import pty

    path = written(tmp_path, "sale.seg", SALE)
    ours, theirs = pty.openpty()
    environment = {"PATH": os.environ.get("PATH", ""), "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **without}
    command = [sys.executable, "-m", "segdsl.tools.cli", "check", str(path)]
    subprocess.run(command, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000)
    os.close(ours)
    assert (b"\x1b[32mproved\x1b[0m" in shown) is (not without)
    assert b"proved" in shown


def test_letters_that_the_output_lacks_are_written_as_escapes(tmp_path: Path) -> None:
    path = written(tmp_path, "sale.seg", SALE)
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "COLUMNS": "80"}
    done = process("test", path, env=environment)
    assert done.returncode == 0
    assert done.stdout.replace(b"\r", b"") == b"passed ad newcomer\n\n1 test passed\n"
    shown = process("assign", path, written(tmp_path, "d.csv", "source,visits\nsale_ad,0\n"), env=environment)
    assert rb"\U0001f3af New, from the sale ad (S1)" in shown.stdout
    assert b"########" in shown.stdout


def test_without_click_it_says_how_to_get_it(tmp_path: Path) -> None:
    for name in ("click", "rich"):
        hidden = f"import sys; sys.modules[{name!r}] = None; from segdsl.tools.cli import main; "
        script = hidden + f"sys.exit(main(['table', {str(written(tmp_path, 'sale.seg', SALE))!r}]))"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=False)
        assert done.returncode == 2
        assert done.stderr.decode().splitlines() == [
            'the segdsl command needs click and rich: pip install "segdsl[cli]"'
        ]
        assert done.stdout == b""


def test_usage_errors_and_statuses_of_the_process(tmp_path: Path) -> None:
    assert process("asign").returncode == 2
    assert process("check", written(tmp_path, "sale.seg", SALE)).returncode == 0
    assert process("fmt", "--check", written(tmp_path, "u.seg", "segment a:true\n")).returncode == 1


@pytest.fixture
def keep_signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("keep_signals")
def test_the_entry_point_returns_the_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert cli.main(["check", str(tmp_path / "missing.seg")]) == 2
    assert cli.main(["check"]) == 2
    assert "Name a rule file to check" in capsys.readouterr().err


@pytest.mark.usefixtures("keep_signals")
def test_an_interrupt_while_checking(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("segdsl.tools.check.check_file", interrupted)
    assert cli.main(["check", "sale.seg"]) == cli.INTERRUPTED
    assert capsys.readouterr().err.strip() == "stopped"


@pytest.mark.parametrize(
    ("problem", "says"),
    [(OSError(5, "Input/output error"), "input/output error"), (RecursionError(), "nested too deeply")],
)
def test_what_fails_in_the_middle(monkeypatch: pytest.MonkeyPatch, problem: Exception, says: str) -> None:
    def failing(*_words: object) -> None:
        raise problem

    monkeypatch.setattr("segdsl.tools.check.check_file", failing)
    result = run("check", "sale.seg")
    assert result.exit_code == 2
    assert says in result.stderr
